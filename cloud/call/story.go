package call

import (
	"cmp"
	"slices"
	"time"
)

// story works out what a component's facts amount to. It looks at nothing but those facts and what is known of
// endpoints, so late evidence simply gives another answer.
type story struct {
	a     *Assembler
	s     *component
	now   int64 // up to when what has not ended is counted: lasting while the call is open
	open  bool
	list  []*channel // by birth
	first *channel   // who began it: the outside party, or the one of ours that called
	root  *channel   // the Local half an Originate runs the dialplan on, nil if there is none
	dir   Direction
	talks []talkSpan
	call  *Call

	seats   []seat
	holders []*channel     // parties that had somebody on hold
	moments map[int64]bool // that were not seen but estimated
}

// story returns nil for what is no call: a service code, a channel of the PBX's own, something that has not begun.
func (a *Assembler) story(s *component, now int64, open bool) *Call {
	if open {
		now = lasting
	}
	t := &story{a: a, s: s, now: now, open: open, list: s.byBirth()}
	if t.first = t.begin(); t.first == nil {
		return nil
	}
	t.talks = a.sweep.talks(t.list, now)
	t.sit()
	t.dir = t.direction()
	t.learn()
	if len(s.handed) == 0 && t.hidden() { // what was shown once is not taken back
		return nil
	}
	t.call = &Call{ID: t.id(), Direction: t.dir, Open: open}
	t.head()
	t.rows()
	t.outcome()
	return t.call
}

// byBirth puts a story's channels in order of their birth.
func (s *component) byBirth() []*channel {
	slices.SortFunc(s.channels, func(x, y *channel) int {
		return cmp.Or(compare(x.created, y.created), compare(x.order, y.order))
	})
	return s.channels
}

// begin finds who began the story: the first real party, and if that one was called, whoever's call it was. Clocks of two
// PBXs and births that were estimated put channels in any order, who rang whom does not.
func (t *story) begin() *channel {
	var first *channel
	for _, c := range t.list {
		switch {
		case c.kind != kindParty || c.link != nil && c.link.in == c:
			continue
		case first == nil:
			if first = origin(c); first.guessed&guessCreated == 0 {
				return first
			}
		case !c.called() && first.called() && c.created-first.created <= 2*second:
			return c
		}
	}
	return first
}

// origin follows who called whom back to a party nobody called. Where that is not known it stays with the last party.
func origin(c *channel) *channel {
	best := c
	for range maxHops {
		switch {
		case c.link != nil && c.link.in == c:
			c = c.link.out
		case c.dial == nil || c.dial.by == nil:
			return best
		default:
			c = c.dial.by
		}
		if c.kind == kindLocal {
			if c.peer == nil {
				return best
			}
			c = c.peer
		} else if c.link == nil {
			best = c
		}
	}
	return best
}

func (t *story) direction() Direction {
	p := t.first
	if p.outside() && !p.called() {
		return Inbound
	}
	t.root = originator(p)
	if p.outside() {
		return Outbound // the customer was rung first
	}
	for _, c := range t.list {
		if c.kind == kindParty && c != p && c.called() && c.link == nil {
			if c.outside() {
				return Outbound
			}
			return Internal
		}
	}
	switch n := t.wanted(); p.pbx.said(n) {
	case ExtenOutside:
		return Outbound
	case ExtenUnknown:
		if len(n) > maxExtension {
			return Outbound
		}
	default:
	}
	return Internal
}

// originator returns the channel that an Originate lets run the dialplan: the party itself, or the first half of the
// Local pair that rang it; nil if a person began the call.
func originator(p *channel) *channel {
	for hops := 0; p != nil && hops < maxHops; hops++ {
		switch {
		case p.dial == nil:
			return nil
		case p.dial.by == nil:
			return p
		case p.dial.by.kind != kindLocal:
			return nil
		}
		p = p.dial.by.peer
	}
	return nil
}

// wanted is the number first asked for.
func (t *story) wanted() string {
	p := t.first
	if t.root == nil {
		switch {
		case p.dnid != "":
			return p.dnid
		case p.exten != "" && p.exten != "s":
			return p.exten
		}
		return p.firstExten()
	}
	if t.root.asked != "" && t.root.asked != "s" {
		return t.root.asked
	}
	if e := t.root.firstExten(); e != "" {
		return e
	}
	if n := t.rungOutside(); n != "" { // what it was for was not heard
		return n
	}
	if p.number != "" && p.number != p.numberOf() {
		return p.number
	}
	return p.lastNumber
}

// rungOutside is the first number of the telephone network that was rung, besides whoever began.
func (t *story) rungOutside() string {
	for _, c := range t.list {
		if c.kind == kindParty && c != t.first && c.called() && c.link == nil && c.outside() {
			return c.numberOf()
		}
	}
	return ""
}

// firstExten is the first extension the dialplan ran for the channel that is no label of its own.
func (c *channel) firstExten() string {
	for _, s := range c.steps {
		if s.exten != "" && s.exten != "s" {
			return s.exten
		}
	}
	return ""
}

func (t *story) head() {
	c, p := t.call, t.first
	c.Caller, c.Dialled = p.numberOf(), t.wanted()
	if t.calledBack() {
		c.Caller, c.Dialled = c.Dialled, c.Caller
	}
	if p.callerID != p.number {
		c.CallerName = p.callerID
	}
	c.Start = at(p.created)
	if t.root != nil {
		c.Start = at(min(p.created, t.root.created))
	}
	if c.Answered = at(p.up); t.root != nil {
		c.Answered = at(t.firstTalk())
	}
	c.PBXs = append(c.PBXs, p.pbx.name)
	for _, o := range t.list {
		if !slices.Contains(c.PBXs, o.pbx.name) && o.kind == kindParty {
			c.PBXs = append(c.PBXs, o.pbx.name)
		}
		if c.Trunk == "" && o.kind == kindParty && o.link == nil && o.outside() {
			c.Trunk = o.ep.name
		}
		if o.guessed != 0 {
			c.Partial = true
		}
		c.Recorded = c.Recorded || o.recorded
	}
	if !t.open {
		c.End = at(t.end())
	}
}

// calledBack tells a call that the PBX makes to somebody outside on behalf of one of ours, as queues do that call back:
// the customer is rung first, and yet is the one who was called.
func (t *story) calledBack() bool {
	return t.root != nil && t.first.outside() && len(t.wanted()) <= maxExtension
}

func (t *story) firstTalk() int64 {
	if len(t.talks) == 0 {
		return 0
	}
	return t.talks[0].from
}

// end is when the story ended for the outside party; an internal call ends with its caller or its last talk.
func (t *story) end() int64 {
	end := t.first.endOr(t.now)
	for _, c := range t.list {
		if c.kind == kindParty && c.link == nil && c.outside() {
			end = max(end, c.endOr(t.now))
		}
	}
	if t.dir == Internal {
		for _, s := range t.talks {
			end = max(end, s.to)
		}
		for _, c := range t.list {
			for _, m := range c.rooms {
				end = max(end, cmp.Or(m.to, c.endOr(t.now)))
			}
		}
	}
	return end
}

// customer tells the outside party of the story: whoever called in, and on calls of ours whoever was called out there.
// Outside numbers that are called in turn, for the customer or by somebody who asks back, stand for our side.
func (t *story) customer(c *channel) bool {
	if !c.outside() || c.link != nil {
		return false
	}
	switch {
	case c == t.first || !c.called():
		return true
	case t.dir == Inbound:
		return false
	case t.dir == Outbound && !t.first.outside():
		by := callerOf(c)
		return by == nil || by == t.first
	}
	return true
}

// callerOf returns the party that had a channel called, through Local pairs and trunks; nil if nobody of a story did.
func callerOf(c *channel) *channel {
	for hops := 0; c != nil && c.dial != nil && c.dial.by != nil && hops < maxHops; hops++ {
		if c = c.dial.by; !c.glue() {
			return c
		}
		c = c.peer
	}
	return nil
}

// hidden tells what is no call: a phone that talks to the PBX itself (logging in to a queue, listening to its voicemail,
// a pickup that found nothing). A rule that knows the number goes before what happened to the one who dialled it, unless
// somebody else came into it.
func (t *story) hidden() bool {
	p := t.first
	if p.outside() || len(t.talks)+len(t.seats) > 0 || p.guessed&guessCreated != 0 {
		return false
	}
	said, served := p.pbx.said(t.wanted()), false
	for _, c := range t.list {
		if c.called() && c.kind == kindParty {
			return false
		}
		served = served || len(c.visits) > 0 || len(c.rooms) > 0 || c.ran("VoiceMail", "ConfBridge", "Queue")
	}
	switch {
	case len(t.s.parkings) > 0:
		return false
	case said != ExtenUnknown:
		return said == ExtenService
	case served:
		return false
	}
	return p.up != 0 || t.open || p.ran("Pickup", "PickupChan") || p.exten == "" || p.exten[0] == '*' || p.exten[0] == '#'
}

func (c *channel) ran(apps ...string) bool {
	for _, s := range c.steps {
		if slices.Contains(apps, s.app) {
			return true
		}
	}
	return false
}

func (t *story) rows() {
	t.queueRows()
	t.ringRows()
	t.talkRows()
	t.holdRows()
	t.transferRows()
	t.parkingRows()
	t.linkRows()
	t.candidateRows()
	t.legRows()
	t.ivrRows()
}

// lasting is the end of what has not ended in an open call: no row of it depends on when somebody looks.
const lasting = 1 << 62

// at turns µs since 1970 into a time, 0 and lasting into none.
func at(us int64) time.Time {
	if us == 0 || us == lasting {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

// until turns the end of a row into a time: what has not ended in an open call has none, in a closed one it ended now.
func (t *story) until(us int64) time.Time {
	if us == 0 && !t.open {
		us = t.now
	}
	return at(us)
}

func (t *story) legRows() {
	t.call.Channels = make([]ChannelRef, 0, len(t.list))
	t.call.Legs = make([]Leg, 0, len(t.list))
	for _, c := range t.list {
		t.call.Channels = append(t.call.Channels, ChannelRef{PBX: c.pbx.name, Uniqueid: c.id, Linkedid: c.linkedid, Name: c.name})
		if c.kind != kindParty {
			continue
		}
		leg := Leg{
			PBX: c.pbx.name, Kind: LegOperator, Number: c.numberOf(), Endpoint: c.ep.name, Uniqueid: c.id,
			Start: at(c.created), Answered: at(t.upOf(c)), End: t.until(c.end), Cause: c.cause, Estimated: c.guessed&^guessGap != 0,
			Attributes: c.attrs.share(), AttributesCut: c.attrs.cut,
		}
		switch {
		case c.link != nil:
			leg.Kind = LegTrunk
		case t.customer(c):
			leg.Kind = LegCustomer
		}
		t.call.Legs = append(t.call.Legs, leg)
	}
}

// shown are the applications that are part of what a caller lives through before a person answers.
func shown(app string) bool {
	switch app {
	case "Playback", "BackGround", "Background", "Read", "WaitExten", "VoiceMail", "VoiceMailMain", "ConfBridge", "Park",
		"SayDigits", "SayNumber", "Directory", "MusicOnHold", "Record", "AGI", "Playtones", "Busy", "Congestion", "Echo",
		"Stasis", "ParkAndAnnounce", "Announce", "ControlPlayback", "SayUnixTime":
		return true
	}
	return false
}

// ivrRows list what the dialplan played and asked on the legs that came by themselves, with the digits that were pressed
// outside of talks.
func (t *story) ivrRows() {
	for _, c := range t.list {
		if c.kind != kindParty || c.called() && c != t.first {
			continue
		}
		for i, s := range c.steps {
			if !shown(s.app) {
				continue
			}
			end := c.end
			if i+1 < len(c.steps) {
				end = c.steps[i+1].at
			}
			t.call.IVR = append(t.call.IVR, Step{PBX: c.pbx.name, Application: s.app, Data: s.data, From: at(s.at), To: t.until(end)})
		}
		for _, d := range c.digits {
			if !c.insideAt(d.at) {
				t.call.IVR = append(t.call.IVR, Step{PBX: c.pbx.name, Application: "Digit", Data: string(d.digit), From: at(d.at), To: at(d.at)})
			}
		}
	}
	slices.SortStableFunc(t.call.IVR, func(x, y Step) int { return x.From.Compare(y.From) })
}

// insideAt tells whether the channel was in a bridge at a moment.
func (c *channel) insideAt(us int64) bool {
	for _, s := range c.stays {
		if s.from <= us && (s.to == 0 || us < s.to) {
			return true
		}
	}
	return false
}
