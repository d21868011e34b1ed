package call

import (
	"strings"

	"github.com/callweave/callweave/shared/wire"
)

func (a *Assembler) newchannel(p *pbx, r *record) {
	id := r.get(slotMain + inUniqueid)
	if id == "" {
		return
	}
	c := p.channel(id, r.t)
	if c != nil && c.ended() && r.t > c.end+second { // Asterisk counts anew, and nobody saw it start
		p.replace(c)
		c = nil
	}
	switch {
	case c == nil:
		c = a.add(p, r, slotMain)
	case c.guessed&guessCreated != 0 && !c.ended(): // an event about it came first
		a.born(c, r)
	default: // told twice
		a.refresh(p, r, slotMain, c)
		return
	}
	if c == nil || c.kind != kindParty {
		return
	}
	if r.state(slotMain) == stateRing || r.state(slotMain) == stateUp {
		c.learnOrigin()
		a.consultation(c)
		a.cross.incoming(a, c)
	} else {
		c.learnBirth()
	}
	a.carried(c, r.vars)
}

// born takes the announcement of a channel that is known already.
func (a *Assembler) born(c *channel, r *record) {
	a.describe(c, r)
	c.created, c.guessed = r.t, c.guessed&^guessCreated
	c.exten, c.context = a.keep(r.get(slotMain+inExten)), a.keep(r.get(slotMain+inContext))
	c.number, c.callerID = a.keep(r.get(slotMain+inNumber)), strings.Clone(unescaped(r.get(slotMain+inName)))
	a.touch(c.part)
}

func (a *Assembler) newstate(p *pbx, r *record) {
	c := a.see(p, r, slotMain)
	if c == nil {
		return
	}
	a.describe(c, r)
	if r.state(slotMain) == stateRinging && (c.rang == 0 || r.t < c.rang) {
		c.rang = r.t
	}
}

// newcallerid takes a number or a name that was looked up. What was presented first stays: later ones are prefixes for the
// operator's display, normalized numbers and the other party of a transfer.
func (a *Assembler) newcallerid(p *pbx, r *record) {
	c := a.find(p, r, slotMain)
	if c == nil {
		return
	}
	a.describe(c, r)
	if c.number == "" {
		c.number, c.callerID = c.lastNumber, ""
	}
	if c.callerID == "" || c.callerID == c.number {
		c.callerID = strings.Clone(unescaped(r.get(slotMain + inName)))
	}
}

func (a *Assembler) hangup(p *pbx, r *record) {
	c := a.find(p, r, slotMain)
	if c == nil && p.snap != nil {
		passing(&p.snap.gone, r.get(slotMain+inUniqueid))
	}
	if c == nil || c.ended() {
		return
	}
	c.cause = r.small(slotCause)
	a.describe(c, r)
	a.finish(c, r.t)
	if c.kind == kindLocal {
		if pair, _ := halfOf(c.name); p.halves[pair] == c {
			delete(p.halves, pair)
		}
	}
}

func (a *Assembler) hangupRequest(p *pbx, r *record) {
	if c := a.acting(a.find(p, r, slotMain)); c != nil && c.hangupAt == 0 {
		c.hangupAt = r.t
	}
}

func (a *Assembler) softHangup(p *pbx, r *record) {
	if c := a.acting(a.find(p, r, slotMain)); c != nil && c.softAt == 0 {
		c.softAt, c.softCause = r.t, r.small(slotCause)
	}
}

// recordingStart marks a channel as recorded, for good: that a recording was stopped does not take back what it has.
func (a *Assembler) recordingStart(p *pbx, r *record) {
	if c := a.find(p, r, slotMain); c != nil && !c.recorded {
		c.recorded = true
		a.touch(c.part)
	}
}

// newexten notes what the dialplan does with a channel. Called devices only run the pseudo applications AppDial and
// AppQueue; nothing is learned from those.
func (a *Assembler) newexten(p *pbx, r *record) {
	a.noteRan(p, r)
	app := r.get(slotApplication)
	if strings.HasPrefix(app, "App") {
		if c := p.channel(r.get(slotMain+inUniqueid), r.t); c != nil {
			a.refreshCalled(p, r, c)
		}
		return
	}
	c := a.see(p, r, slotMain)
	if c == nil {
		return
	}
	if len(c.steps) >= maxSteps || c.stepped(r.t, app) {
		return
	}
	s := step{at: r.t, app: a.keep(app), exten: a.keep(r.get(slotExtension))}
	if keepsData(app) {
		s.data = a.keep(r.get(slotAppData))
	}
	c.steps = append(c.steps, s)
}

// stepped tells whether a step was told before. The events of one channel come in order.
func (c *channel) stepped(t int64, app string) bool {
	for i := len(c.steps) - 1; i >= 0; i-- {
		switch s := &c.steps[i]; {
		case s.at < t:
			return false
		case s.at > t, s.app == app:
			return true
		}
	}
	return false
}

// refreshCalled is refresh for a called channel: the extension it shows is its caller's.
func (a *Assembler) refreshCalled(p *pbx, r *record, c *channel) {
	if l := r.value[slotMain+inLinkedid]; l != "" && l != c.linkedid {
		a.follow(p, c, l)
	}
}

// maxSteps bounds what a dialplan that loops for ever leaves behind.
const maxSteps = 4096

func keepsData(app string) bool {
	switch app {
	case "Set", "NoOp", "GotoIf", "Goto", "ExecIf", "Gosub", "GosubIf", "Return", "MSet", "Macro", "Verbose", "Log":
		return false
	}
	return true
}

func (a *Assembler) dtmf(p *pbx, r *record) {
	d := r.get(slotDigit)
	if len(d) != 1 || r.get(slotDirection) != "Received" {
		return
	}
	c := a.see(p, r, slotMain)
	if c == nil || len(c.digits) >= maxDigits {
		return
	}
	if n := len(c.digits); n > 0 && c.digits[n-1].at >= r.t {
		return
	}
	c.digits = append(c.digits, digit{at: r.t, digit: d[0]})
}

const maxDigits = 512

// varSet looks at the few variables that tell something events do not. It is the most frequent event of all, so it is
// refused before it is taken apart.
func (a *Assembler) varSet(p *pbx, ev *wire.Event) {
	name := ""
	for i := len(ev.Fields) - 1; i >= 0; i-- {
		if ev.Fields[i].ID == wire.FVariable {
			name = ev.Fields[i].Value
			break
		}
	}
	for range 2 { // underscores say how far it is inherited
		name = strings.TrimPrefix(name, "_")
	}
	kind, ok := a.variables[name]
	if !ok {
		a.variableSet(p, ev, name)
		return
	}
	if kind != variableBridgePeer && kind != variablePeerCallID {
		a.variableSet(p, ev, name)
	}
	r := &a.rec
	r.take(ev)
	r.t = p.at(ev)
	c := p.channel(r.get(slotMain+inUniqueid), r.t)
	if c == nil {
		return
	}
	a.variable(c, kind, r.get(slotValue))
}

func (a *Assembler) variable(c *channel, kind variable, value string) {
	if value == "" || c.kind != kindParty {
		return
	}
	switch kind {
	case variableQueueStatus:
		a.touch(c.part)
		a.queueStatus(c, value)
	case variableBridgePeer:
		c.bridgePeer = a.keep(value)
	case variablePeerCallID:
		a.cross.refer(a, c, reference{kind: "call-id", value: strings.Clone(value), peer: c.bridgePeer})
	case variableCallID:
		a.cross.refer(a, c, reference{kind: "call-id", value: strings.Clone(value)})
	case variableHeader:
		a.cross.refer(a, c, reference{kind: "header", value: strings.Clone(value)})
	}
}

// carried looks for references among the variables that every event of a channel carries (channelvars of manager.conf).
func (a *Assembler) carried(c *channel, vars []string) {
	a.variablesCarried(c, vars)
	for _, v := range vars {
		name, value, _ := strings.Cut(v, "=")
		if kind, ok := a.variables[name]; ok && (kind == variableHeader || kind == variableCallID) {
			a.variable(c, kind, unescaped(value))
		}
	}
}

// variable is what a channel variable is good for.
type variable uint8

const (
	variableQueueStatus variable = iota
	variableBridgePeer
	variablePeerCallID
	variableCallID
	variableHeader
)

// originateResponse tells what an Originate was for. A refused one names no channel, only the dial string.
func (a *Assembler) originateResponse(p *pbx, r *record) {
	c := p.channel(r.get(slotMain+inUniqueid), r.t)
	if c == nil {
		c = p.originated(r.get(slotMain + inChannel))
	}
	exten := r.get(slotMain + inExten)
	if c == nil || exten == "" || c.asked != "" {
		return
	}
	c.asked = a.keep(exten)
	a.touch(c.part)
}

// originated finds the channel that was made last for a dial string and that nobody's channel asked for.
func (p *pbx) originated(dialled string) *channel {
	var best *channel
	for _, c := range p.channels {
		pair, _ := halfOf(c.name)
		if c.dial == nil || c.dial.by != nil || c.asked != "" || endpointOf(pair) != dialled && c.dial.dialled != dialled {
			continue
		}
		if best == nil || c.created > best.created || c.created == best.created && c.order > best.order {
			best = c
		}
	}
	return best
}

// consultation joins a call that a device makes while it has somebody on hold to the story of the one on hold: the
// phone starts a second, unrelated call to ask somebody, and if nothing comes of it no event ever ties the two.
func (a *Assembler) consultation(c *channel) {
	if c.ep.class() != classDevice {
		return
	}
	for _, o := range c.ep.open {
		if o == c || o.ended() {
			continue
		}
		if n := len(o.holds); n > 0 && o.holds[n-1].to == 0 {
			a.weaklyUnite(o, c, becauseConsultation)
			return
		}
	}
}
