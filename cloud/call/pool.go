package call

import "slices"

// An agent of a pool (app_agent_pool) logs in by a call of its own and stays on the line for a whole shift: its one channel
// is put through to caller after caller, and each of them gets its Linkedid. A stand-in takes part in the story of each
// caller instead, from the moment the pool puts the agent through until it waits again; the channel of the log-in stays a
// story of its own, which is no call.

// acting is the channel that speaks for c in a story now.
func (a *Assembler) acting(c *channel) *channel {
	if c != nil && c.stand != nil && !c.stand.ended() {
		a.touch(c.stand.part)
		return c.stand
	}
	return c
}

// standIn returns who takes part in a talk for an agent of a pool.
func (a *Assembler) standIn(c *channel, b *bridge, t int64) *channel {
	if s := c.stand; s != nil && (!s.ended() || slices.ContainsFunc(s.stays, func(x stay) bool { return x.bridge.id == b.id && x.from == t })) {
		return s
	}
	a.order++
	s := &channel{
		pbx: c.pbx, boot: c.boot, id: c.id, order: a.order, name: c.name, kind: kindParty, ep: c.ep, created: t, up: t, linkedid: c.linkedid,
		context: c.context, number: c.number, callerID: c.callerID, lastNumber: c.lastNumber,
	}
	s.ep.open = append(s.ep.open, s)
	s.ep.used++
	a.join(a.newComponent(), s)
	d := a.attempt(s, t)
	d.end, d.status, d.first = t, statusAnswer, statusAnswer
	for _, m := range b.members { // the half that asks the pool for the agent
		if m.kind == kindLocal && d.by == nil {
			d.by, d.at = m, m.created
			m.calls = append(m.calls, d)
		}
	}
	s.created = d.at
	c.stand = s
	a.stir(c.pbx, c.ep, t, false)
	return s
}

// standsDown ends the part an agent of a pool had in a story.
func (a *Assembler) standsDown(c *channel, t int64) {
	if s := c.stand; s != nil && !s.ended() {
		a.finish(s, t)
	}
}

// pooledLinkedid returns the channel of a pool's agent whose Linkedid this is, nil if it is nobody's.
func (p *pbx) pooledLinkedid(c *channel, l string) *channel {
	if o := p.linked[l]; o != nil && o.pooled && o != c {
		return o
	}
	return nil
}
