package call

import "strings"

// status is the outcome Asterisk reported of a dial.
type status uint8

const (
	statusNone status = iota
	statusAnswer
	statusBusy
	statusCancel
	statusUnavailable
	statusCongestion
	statusNoAnswer
	statusAbort
	statusContinue
	statusGoto
)

func statusOf(s string) status {
	switch s {
	case "ANSWER":
		return statusAnswer
	case "BUSY":
		return statusBusy
	case "CANCEL":
		return statusCancel
	case "CHANUNAVAIL":
		return statusUnavailable
	case "CONGESTION":
		return statusCongestion
	case "NOANSWER":
		return statusNoAnswer
	case "ABORT":
		return statusAbort
	case "CONTINUE":
		return statusContinue
	case "GOTO":
		return statusGoto
	}
	return statusNone
}

// attempt is one calling of one channel. It hangs on the channel that is called, so that ringall and queue retries,
// which share a caller, never close each other's attempts.
type attempt struct {
	to      *channel
	by      *channel // nil for what nobody's channel asked for: Originate, call files
	at, end int64
	status  status
	first   status // what the first of several DialEnd said: NOANSWER is often followed by CANCEL
	forward string // where the device sent the call instead (302)
	dialled string // the dial string
	number  string // the number in the dial string, "" where it names only the device
	caller  string // the number the caller showed
	queue   string
	member  string
	refused bool // the queue reported that the member did not take it
	guessed bool
}

func (a *Assembler) dialBegin(p *pbx, r *record) {
	to := a.see(p, r, slotDest)
	if to == nil {
		return
	}
	by := a.acting(a.see(p, r, slotMain))
	d := a.attempt(to, r.t)
	if by != nil && d.by == nil {
		d.by = by
		by.calls = append(by.calls, d)
	}
	if d.dialled == "" {
		d.dialled = strings.Clone(r.get(slotDialString))
		a.called(to, d.dialled)
		d.number, d.caller = a.dialString(to, d.dialled), a.keep(r.get(slotMain+inNumber))
	}
	if d.guessed && d.end == 0 {
		d.at, d.guessed = r.t, false
	}
	a.unite(to, by, becauseDial)
	if by == nil {
		a.recalled(to)
	}
	a.cross.outgoing(a, to)
}

// recalled joins a channel that the PBX makes by itself to the story of a transfer that came to nothing: the phone that hung
// up too early is called again, under a Linkedid of its own, and its old channel is kept until that is decided.
func (a *Assembler) recalled(c *channel) {
	if c.kind != kindParty || c.ep.class() != classDevice {
		return
	}
	for _, o := range c.ep.open {
		if o == c || o.ended() || o.hangupAt == 0 {
			continue
		}
		for _, x := range o.part.transfers {
			if x.attended && x.by == o {
				a.unite(o, c, becauseTransfer)
				return
			}
		}
	}
}

// attempt returns the calling of a channel, begun at t if it is new.
func (a *Assembler) attempt(to *channel, t int64) *attempt {
	if to.dial == nil {
		to.dial = &attempt{to: to, at: t}
	}
	return to.dial
}

// dialString takes a dial string apart. PJSIP/NUMBER@ENDPOINT, SIP/ENDPOINT/NUMBER, DAHDI/g1/NUMBER and
// IAX2/USER@HOST/NUMBER call a number behind an endpoint, which makes the endpoint a trunk; PJSIP/ENDPOINT calls the
// endpoint itself, and so does PJSIP/ENDPOINT/sip:CONTACT.
func (a *Assembler) dialString(to *channel, s string) string {
	if to.kind != kindParty || s == "" {
		return ""
	}
	e := to.ep
	s, _, _ = strings.Cut(s, ",")
	if tech, rest, ok := strings.Cut(s, "/"); ok && strings.HasPrefix(e.name, tech+"/") {
		s = rest
	}
	number := behind(s, e.resource())
	switch {
	case number != "":
		e.mark(dialledThrough)
	case s == e.resource(), strings.HasPrefix(s, e.resource()+"/sip:"):
		e.mark(dialledItself)
	}
	return a.keep(number)
}

// behind returns the number a dial string asks for behind a resource, "" if it asks for the resource itself.
func behind(s, resource string) string {
	if number, ok := strings.CutSuffix(s, "@"+resource); ok {
		if number = strings.TrimPrefix(number, "sip:"); number != resource {
			return number
		}
		return ""
	}
	if number, ok := strings.CutPrefix(s, resource+"/"); ok && !strings.HasPrefix(number, "sip:") {
		return number
	}
	if i := strings.LastIndexByte(s, '/'); i >= 0 && digits(strings.TrimPrefix(s[i+1:], "+")) {
		return s[i+1:]
	}
	if number, _, ok := strings.Cut(s, "@"); ok && len(number) > maxExtension && digits(strings.TrimPrefix(number, "+")) {
		return number
	}
	return ""
}

func (a *Assembler) dialEnd(p *pbx, r *record) {
	to := a.find(p, r, slotDest)
	if to == nil {
		return
	}
	by := a.see(p, r, slotMain)
	outcome := statusOf(r.get(slotDialStatus))
	if to.dial == nil {
		if !a.unheard(to) {
			a.unite(to, by, becauseDial) // a picker takes the place of the one that was rung
			return
		}
		d := a.attempt(to, to.created)
		d.guessed = true
	}
	d := to.dial
	if by != nil && d.by == nil {
		d.by = by
		by.calls = append(by.calls, d)
	}
	a.unite(to, by, becauseDial)
	if f := r.get(slotForward); f != "" && d.forward == "" {
		d.forward = strings.Clone(f)
	}
	if d.end == 0 {
		d.end, d.first = r.t, outcome
	}
	if d.status == statusNone || outcome == statusAnswer || d.status == statusCancel && outcome != statusNone {
		d.status = outcome
	}
}

// unheard tells a channel that was called before anybody listened from one that came by itself and took over another's
// place.
func (a *Assembler) unheard(c *channel) bool {
	return c.guessed&guessCreated != 0 && len(c.steps) == 0
}
