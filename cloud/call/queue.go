package call

import "slices"

// visit is one stay of one caller in one queue.
type visit struct {
	caller    *channel
	queue     string
	entered   int64
	left      int64
	abandoned bool  // QueueCallerAbandon was sent; alone it proves nothing, Asterisk sends it for timeouts too
	connected int64 // AgentConnect
	agent     *channel
	member    string
	iface     string
	position  int
	outcome   string // QUEUESTATUS, where the PBX lets us see it
	empty     bool   // nobody could take the call when it was left
	guessed   bool
	hold      int64 // what the queue said it took until connected, µs
	completed int64
	talk      int64 // what the queue said the talk took, µs
}

// openVisit returns the visit of a channel that lasts, of any queue if queue is "".
func (c *channel) openVisit(queue string) *visit {
	for i := len(c.visits) - 1; i >= 0; i-- {
		if v := c.visits[i]; v.left == 0 && (queue == "" || v.queue == queue) {
			return v
		}
	}
	return nil
}

// visited tells whether a stay of the channel is such: what is told again of an earlier one says nothing of a later one.
func (c *channel) visited(such func(*visit) bool) bool { return slices.ContainsFunc(c.visits, such) }

func (c *channel) lastVisit(queue string) *visit {
	for i := len(c.visits) - 1; i >= 0; i-- {
		if v := c.visits[i]; queue == "" || v.queue == queue {
			return v
		}
	}
	return nil
}

func (a *Assembler) queueJoin(p *pbx, r *record) {
	c := a.see(p, r, slotMain)
	if c == nil || c.ended() {
		return
	}
	q := a.keep(r.get(slotQueue))
	for _, v := range c.visits {
		if v.queue == q && (v.left == 0 || v.entered == r.t) {
			return
		}
	}
	if v := c.openVisit(""); v != nil {
		v.left = r.t
	}
	c.visits = append(c.visits, &visit{caller: c, queue: q, entered: r.t, position: r.small(slotPosition)})
}

func (a *Assembler) queueLeave(p *pbx, r *record) {
	c := a.find(p, r, slotMain)
	if c == nil {
		return
	}
	if v := c.openVisit(r.get(slotQueue)); v != nil && !c.visited(func(v *visit) bool { return v.left == r.t }) {
		v.left = r.t
		v.empty = p.queueEmpty(v.queue)
	}
}

func (a *Assembler) queueAbandon(p *pbx, r *record) {
	c := a.find(p, r, slotMain)
	if c == nil {
		return
	}
	if v := c.lastVisit(r.get(slotQueue)); v != nil && v.connected == 0 && v.entered <= r.t {
		v.abandoned = true
		if v.left == 0 {
			v.empty = p.queueEmpty(v.queue)
		}
	}
}

func (a *Assembler) agentCalled(p *pbx, r *record) {
	c, to := a.see(p, r, slotMain), a.see(p, r, slotDest)
	a.learnMember(p, r)
	if to == nil {
		return
	}
	a.unite(to, c, becauseDial)
	d := a.attempt(to, r.t)
	d.queue, d.member = a.keep(r.get(slotQueue)), a.keep(r.get(slotMemberName))
}

func (a *Assembler) agentConnect(p *pbx, r *record) {
	c, to := a.find(p, r, slotMain), a.find(p, r, slotDest)
	if c == nil {
		return
	}
	q := r.get(slotQueue)
	v := c.lastVisit(q)
	if v == nil { // it joined before anybody listened
		v = &visit{caller: c, queue: a.keep(q), guessed: true, entered: r.t - int64(r.small(slotHoldTime))*second}
		c.visits = append(c.visits, v)
	}
	if v.connected != 0 || c.visited(func(v *visit) bool { return v.connected == r.t }) {
		return
	}
	a.unite(c, to, becauseDial)
	if v.left == 0 {
		v.left = r.t
	}
	v.connected, v.agent, v.member = r.t, to, a.keep(r.get(slotMemberName))
	v.iface = a.keep(r.get(slotInterface))
	v.hold = int64(r.small(slotHoldTime)) * second
	if to != nil && to.dial != nil && to.dial.queue == "" {
		to.dial.queue, to.dial.member = v.queue, v.member
	}
	if v.guessed && to != nil && to.dial != nil && to.dial.guessed {
		to.dial.at = max(to.created, r.t-int64(r.small(slotRingTime))*second)
	}
}

// agentComplete is a hint: talk comes from bridges. It tells what was missed while nobody listened.
func (a *Assembler) agentComplete(p *pbx, r *record) {
	c := a.find(p, r, slotMain)
	if c == nil {
		return
	}
	to := a.acting(a.find(p, r, slotDest))
	v := c.lastVisit(r.get(slotQueue))
	talk, hold := int64(r.small(slotTalkTime))*second, int64(r.small(slotHoldTime))*second
	if v == nil && c.guessed&guessCreated != 0 { // it was answered before anybody listened
		v = &visit{
			caller: c, queue: a.keep(r.get(slotQueue)), guessed: true, agent: to,
			entered: max(c.created, r.t-talk-hold), left: max(c.created, r.t-talk), connected: max(c.created, r.t-talk),
		}
		a.unite(c, to, becauseDial)
		c.visits = append(c.visits, v)
	}
	if v == nil || v.completed != 0 || c.visited(func(v *visit) bool { return v.completed == r.t }) {
		return
	}
	v.completed, v.talk = r.t, talk
	if v.hold == 0 {
		v.hold = hold
	}
	if v.member == "" {
		v.member, v.iface = a.keep(r.get(slotMemberName)), a.keep(r.get(slotInterface))
	}
}

func (a *Assembler) agentRefused(p *pbx, r *record) {
	a.find(p, r, slotMain)
	if to := a.find(p, r, slotDest); to != nil && to.dial != nil {
		to.dial.refused = true
	}
	if q := p.queues[r.get(slotQueue)]; q != nil {
		if m := q.find(r.get(slotInterface)); m != nil {
			m.refused = r.t
		}
	}
}

// queueStatus takes the reason a queue was left for from the variable the application sets.
func (a *Assembler) queueStatus(c *channel, value string) {
	v := c.lastVisit("")
	if v == nil || v.left == 0 {
		return
	}
	if v.outcome == "" {
		v.outcome = a.keep(value)
	}
}

func (a *Assembler) learnMember(p *pbx, r *record) {
	p.learnDevice(a, r.get(slotInterface))
}
