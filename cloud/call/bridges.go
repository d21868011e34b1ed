package call

import (
	"slices"
	"strings"
)

// use is what a bridge is for.
type use uint8

const (
	useTalk       use = iota // those inside hear each other
	useHolding               // parking, waiting: nobody talks
	useConference            // a conference: its members stay calls of their own
)

// bridge is one bridge, from its creation to its end. A conference's identifier comes back for another bridge, therefore
// stays refer to the bridge and not to its identifier.
type bridge struct {
	id      string
	use     use
	members []*channel
	name    string // of a conference, where a list told it
	unknown bool   // what it is for: only that a channel is in it was listed yet

	inside []*channel // scratch of the sweep
	stamp  uint32
}

func (b *bridge) remove(c *channel) {
	for i, m := range b.members {
		if m == c {
			b.members = append(b.members[:i], b.members[i+1:]...)
			return
		}
	}
}

func useOf(kind, technology string) use {
	switch {
	case kind == "parking", kind == "holding", technology == "holding_bridge":
		return useHolding
	case kind == "base":
		return useConference
	}
	return useTalk
}

func (a *Assembler) bridge(p *pbx, r *record) *bridge {
	id := r.get(slotBridge)
	if id == "" {
		return nil
	}
	if b := p.bridges[id]; b != nil {
		if kind := r.get(slotBridgeType); b.unknown && kind != "" {
			a.serves(b, useOf(kind, r.get(slotBridgeTechnology)))
		}
		return b
	}
	b := &bridge{id: strings.Clone(id), use: useOf(r.get(slotBridgeType), r.get(slotBridgeTechnology))}
	p.bridges[b.id] = b
	return b
}

// serves tells what a bridge is for that was known by a member only. Those who talk in it are one story.
func (a *Assembler) serves(b *bridge, use use) {
	b.use, b.unknown = use, false
	if use != useTalk {
		return
	}
	for _, m := range b.members {
		a.unite(b.members[0], m, becauseBridge)
	}
}

func (a *Assembler) bridgeCreate(p *pbx, r *record) { a.bridge(p, r) }

func (a *Assembler) bridgeDestroy(p *pbx, r *record) {
	b := p.bridges[r.get(slotBridge)]
	if b == nil {
		return
	}
	for _, c := range append([]*channel(nil), b.members...) {
		if s := c.stayIn(b); s != nil && s.from > r.t { // told again, of another bridge of the same name
			return
		}
		a.leave(c, b, r.t, "")
	}
	delete(p.bridges, b.id)
}

func (a *Assembler) bridgeEnter(p *pbx, r *record) {
	b, c := a.bridge(p, r), a.see(p, r, slotMain)
	if b == nil || c == nil || c.ended() {
		return
	}
	a.describe(c, r)
	a.enter(c, b, r.t, r.get(slotMain+inExten))
}

// enter puts a channel into a bridge. Entering twice, at the same time or while inside, is once: streams are delivered
// more than once.
func (a *Assembler) enter(c *channel, b *bridge, t int64, exten string) *stay {
	switch {
	case !c.pooled:
	case b.use == useTalk:
		c = a.standIn(c, b, t)
	case b.use == useHolding:
		a.standsDown(c, t)
	}
	for i := range c.stays {
		s := &c.stays[i]
		if s.bridge.id == b.id && (s.to == 0 || s.from == t) {
			return s
		}
		if s.to == 0 { // its BridgeLeave was lost
			s.to = max(t, s.from)
			s.bridge.remove(c)
		}
	}
	c.takesBack(b, t)
	c.stays = append(c.stays, stay{bridge: b, from: t, exten: a.keep(exten)})
	if c.up == 0 && b.use != useHolding {
		a.raise(c, t)
	}
	if b.use == useTalk && !b.unknown {
		for _, m := range b.members {
			a.unite(c, m, becauseBridge)
		}
	}
	b.members = append(b.members, c)
	a.touch(c.part)
	return &c.stays[len(c.stays)-1]
}

// takesBack ends the hold of a party that comes back to the bridge it had on hold, after it was in another: a consultation
// by feature code that becomes a talk of three says nothing of the hold it began with.
func (c *channel) takesBack(b *bridge, t int64) {
	n := len(c.holds)
	if n == 0 || c.holds[n-1].to != 0 || len(c.stays) < 2 || c.stays[len(c.stays)-1].bridge == b {
		return
	}
	h := &c.holds[n-1]
	for i := range c.stays {
		if s := &c.stays[i]; s.bridge == b && s.from <= h.from && h.from <= s.to {
			h.to = max(t, h.from)
		}
	}
}

// raise notes that a party inside a bridge is up although no event said so. A Local half may enter before it is.
func (a *Assembler) raise(c *channel, t int64) {
	if c.kind == kindParty {
		c.up = t
	}
}

func (a *Assembler) bridgeLeave(p *pbx, r *record) {
	b, c := p.bridges[r.get(slotBridge)], a.find(p, r, slotMain)
	if p.snap != nil {
		passing(&p.snap.left, r.get(slotMain+inUniqueid))
	}
	if b == nil || c == nil {
		return
	}
	a.leave(c, b, r.t, r.get(slotMain+inExten))
}

// leave takes a channel out of a bridge. exten is where the dialplan has it now: another place than it came in at means
// that somebody sent it there.
func (a *Assembler) leave(c *channel, b *bridge, t int64, exten string) {
	if c.pooled && b.use == useTalk && c.stand != nil {
		c = c.stand
	}
	for i := range c.stays { // told again, and it has come back since
		if s := &c.stays[i]; s.bridge == b && s.to == t && s.from < t {
			return
		}
	}
	b.remove(c)
	for i := range c.stays {
		if s := &c.stays[i]; s.bridge == b && s.to == 0 {
			s.to = max(t, s.from)
			if exten != s.exten {
				s.moved = a.keep(exten)
			}
		}
	}
	a.touch(c.part)
}

// bridgeMerge moves the members of one bridge to another. Enter and leave events follow; what they say again is the same.
func (a *Assembler) bridgeMerge(p *pbx, r *record) {
	from, to := p.bridges[r.get(slotFromBridge)], p.bridges[r.get(slotToBridge)]
	if from == nil || to == nil || len(from.members) == 0 || len(to.members) == 0 {
		return
	}
	a.unite(from.members[0], to.members[0], becauseBridge)
}

func (a *Assembler) hold(p *pbx, r *record) {
	c := a.acting(a.see(p, r, slotMain))
	if c == nil || c.ended() {
		return
	}
	a.describe(c, r)
	for i := range c.holds {
		h := &c.holds[i]
		if h.to == 0 && h.from < c.doubt && c.doubt < r.t { // its end was not heard
			h.to = c.doubt
		}
		if h.to == 0 || h.from == r.t {
			return
		}
	}
	c.holds = append(c.holds, span{from: r.t})
}

func (a *Assembler) unhold(p *pbx, r *record) {
	c := a.acting(a.see(p, r, slotMain))
	if c == nil {
		return
	}
	for i := range c.holds {
		if h := &c.holds[i]; h.to == 0 && h.from <= r.t {
			h.to = r.t
		}
	}
}

func (a *Assembler) conferenceJoin(p *pbx, r *record) {
	c := a.see(p, r, slotMain)
	if c == nil || c.ended() {
		return
	}
	for _, m := range c.rooms {
		if m.to == 0 || m.from == r.t {
			return
		}
	}
	c.rooms = append(c.rooms, room{name: a.keep(r.get(slotConference)), from: r.t})
	a.leaveTalks(c, r.t, r.get(slotMain+inExten))
}

// stayIn returns the stay of a channel in a bridge that lasts.
func (c *channel) stayIn(b *bridge) *stay {
	for i := range c.stays {
		if s := &c.stays[i]; s.bridge == b && s.to == 0 {
			return s
		}
	}
	return nil
}

// leaveTalks takes a channel out of where it talked: who joins a conference has left, though the event that says so may
// follow.
func (a *Assembler) leaveTalks(c *channel, t int64, exten string) {
	for i := range c.stays {
		if s := &c.stays[i]; s.to == 0 && s.bridge.use == useTalk {
			a.leave(c, s.bridge, t, exten)
		}
	}
}

func (a *Assembler) conferenceLeave(p *pbx, r *record) {
	c := a.find(p, r, slotMain)
	if c == nil {
		return
	}
	if slices.ContainsFunc(c.rooms, func(m room) bool { return m.to == r.t }) { // told again
		return
	}
	for i := range c.rooms {
		if m := &c.rooms[i]; m.to == 0 {
			m.to = max(r.t, m.from)
		}
	}
}
