package history

import (
	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/shared/wire"
)

// asking is a consultation on a second channel of the phone: to Asterisk a call of its own.
type asking struct {
	ask *channel // the phone's second channel
	l   *leg
	k   *talking
	h   *call.Hold
}

// asks puts the other side on hold and calls a colleague.
func (c *convo) asks(s *script, f *phone) *asking {
	a := &asking{h: s.holds(c.ours, c.k)}
	s.wait(0.2, 1)
	device := c.ours.name[:len(c.ours.name)-9]
	a.ask = s.create(c.ours.p, c.ours.p.channelName(device), stateRing, c.ours.who, f.name, "from-internal", nil)
	s.runs(a.ask, "from-internal", f.name, "Dial", "PJSIP/"+f.name+",20,tTkK")
	a.l = s.dial(a.ask, f)
	return a
}

func (c *convo) attendedTransfer(second, target *channel, s *script, kind string) *draft {
	return s.event(c.ours.p, wire.EvAttendedTransfer).add(wire.FResult, "Success").channel(roleTransferee, c.other).channel(roleOrigTransferer, c.ours).
		channel(roleSecondTransferer, second).channel(roleTransferTarget, target).add(wire.FIsExternal, "No").add(wire.FDestType, kind)
}

// attended: one consults a colleague and hands the other over, on a phone's two lines.
func attended(s *script, p *pbx) {
	c := s.converse("attended transfer", p)
	s.wait(1, 5)
	c.consults(s, 0)
}

func (c *convo) consults(s *script, depth int) {
	a := c.asks(s, s.phone(c.ours.p))
	s.wait(1, 4)
	s.connects(a.l, nil)
	a.k = s.consult(a.l.to, a.ask, "")
	s.wait(1, 5)
	n := c.joins(s, a)
	s.wait(1, 8)
	if depth < 2 && s.chance(0.2) {
		s.c.Kind = "chain of attended transfers"
		n.consults(s, depth+1)
		return
	}
	n.end(s, n.any(s))
}

// joins hands the other over to who was consulted. Who was consulted takes the transferer's place in the first bridge.
func (c *convo) joins(s *script, a *asking) *convo {
	to, b, second := a.l.to, c.ours.inside, a.ask.inside
	s.shuffle(func() { s.unholds(c.ours, nil) }, func() { s.unholds(a.ask, nil) })
	s.shuffle(func() { a.k.stop(s.leave(to)) }, func() { a.h.To = at(s.leave(c.ours)) })
	s.enter(to, b, c.ours)
	n := &convo{l: &leg{by: c.other, to: to}, ours: to, other: c.other}
	n.k = s.talk(to, c.other, "")
	x := s.handsOn("attended", c.ours, to.who, s.t)
	x.Result = call.ResultCompleted
	c.attendedTransfer(a.ask, to, s, "Bridge").add(wire.FDestBridgeUniqueid, b.id).send()
	s.shuffle(
		func() { s.leave(a.ask); s.destroy(to.p, second); s.ends(a.ask, "16") },
		func() { c.complete(s, "transfer") },
		func() { s.ends(c.ours, "16") },
	)
	return n
}

// blonde: the call is handed over while the colleague still rings.
func blonde(s *script, p *pbx) {
	c := s.converse("attended while ringing", p)
	s.wait(1, 5)
	f := s.phone(p)
	a := c.asks(s, f)
	s.wait(0.5, 3)
	b := c.ours.inside
	s.unholds(c.ours, nil)
	x := s.handsOn("attended", c.ours, f.name, s.t)
	a.h.To = x.At
	c.attendedTransfer(a.ask, nil, s, "App").add(wire.FDestApp, "Dial").send()
	s.leave(c.ours)
	s.leave(c.other)
	s.destroy(p, b)
	if p.old { // 22 names the transferer's second channel in AgentComplete, 16 the caller's
		c.complete(s, "transfer")
	}
	s.ends(c.ours, "16")
	s.runs(c.other, "from-internal", f.name, "Dial", "PJSIP/"+f.name+",20,tTkK")
	s.ends(a.ask, "16")
	a.l.by = c.other
	n := &convo{l: a.l, ours: a.l.to, other: c.other}
	s.wait(2.5, 5)
	switch s.r.IntN(4) {
	case 0:
		s.c.Kind = "attended while ringing, declined"
		s.refuses(a.l, call.ResultDeclined, "BUSY", "21")
		x.Result = call.ResultFailed
		n.over(s, call.PBXItself, "17")
	case 1:
		s.c.Kind = "attended while ringing, given up"
		s.asksToEnd(c.other, "")
		s.gone(a.l, call.ResultCancelled, "CANCEL", "0")
		x.Result = call.ResultAbandoned
		n.over(s, n.whoGaveUp(s), "0")
	default:
		s.connects(a.l, nil)
		n.k = s.talk(n.ours, n.other, "")
		x.Result = call.ResultCompleted
		s.wait(1, 8)
		n.end(s, n.any(s))
	}
}

// consultAbandoned: somebody is asked, or does not answer, and the talk goes on as it was.
func consultAbandoned(s *script, p *pbx) {
	c := s.converse("consultation without transfer", p)
	s.wait(1, 5)
	a := c.asks(s, s.phone(p))
	x := s.handsOn("attended", c.ours, a.l.to.who, a.ask.born)
	s.wait(1, 4)
	if s.chance(0.4) {
		s.c.Kind = "consultation not answered"
		s.gone(a.l, call.ResultNoAnswer, "NOANSWER", "0")
		s.ends(a.ask, "16")
		x.Result = call.ResultNoAnswer
	} else {
		s.connects(a.l, nil)
		a.k = s.consult(a.l.to, a.ask, "")
		s.wait(1, 4)
		who := a.ask
		if s.chance(0.5) {
			who = a.l.to
		}
		s.hangsUp(who, a.l, a.k, nil)
		x.Result = call.ResultAbandoned
	}
	s.wait(0.01, 1)
	c.k.again(s, s.unholds(c.ours, a.h))
	s.wait(3, 8)
	c.end(s, c.any(s))
}

// byFeature: one consults by *2 and the number, on the same channel, through a Local pair.
func byFeature(s *script, p *pbx) {
	c := s.converse("attended by feature code", p)
	s.wait(1, 5)
	f := s.phone(p)
	s.digit(c.ours, "*")
	s.digit(c.ours, "2")
	h := s.holds(c.ours, c.k)
	s.wait(1, 2)
	for _, d := range f.name {
		s.digit(c.ours, string(d))
	}
	first := c.ours.inside
	v := s.local(c.ours, f.name, "from-internal", false)
	v.one.number, v.two.number = "", c.ours.number
	ask := s.bridge(p)
	s.localBridge(v)
	born := v.one.born
	s.runs(v.two, "from-internal", f.name, "Dial", "PJSIP/"+f.name+",20,tTkK")
	s.enter(v.one, ask, nil)
	s.leave(c.ours)
	s.enter(c.ours, ask, nil)
	l := &leg{by: v.two}
	s.reach(l, v.two, f)
	s.state(v.one, stateRinging)
	s.wait(1, 5)
	if s.chance(0.3) {
		s.c.Kind = "attended by feature code, not answered"
		s.leave(c.ours)
		back := s.enter(c.ours, first, nil)
		h.To = at(back)
		c.k.again(s, back)
		s.unholds(c.ours, nil)
		s.leave(v.one)
		s.asksToEnd(v.two, "16")
		s.destroy(p, ask)
		s.ends(v.one, "16")
		l.ringEnds(s.dialEnd(v.two, l.to, "CANCEL"), call.ResultCancelled)
		s.shuffle(func() { s.ends(v.two, "16") }, func() { s.ends(l.to, "16") })
		s.handsOn("attended", c.ours, f.name, born).Result = call.ResultNoAnswer
		s.wait(3, 6)
		c.end(s, c.any(s))
		return
	}
	s.up(l)
	s.answered(l)
	s.state(v.two, stateUp)
	inner := s.bridge(p)
	s.state(v.one, stateUp)
	s.dialEnd(nil, v.one, "ANSWER")
	s.shuffle(func() { s.enter(l.to, inner, nil) }, func() { s.enter(v.two, inner, nil) })
	k := s.consult(l.to, c.ours, "")
	s.wait(1, 5)
	if s.chance(0.25) {
		c.threeWay(s, v, l, k, h, first, ask)
		return
	}
	h.To = at(s.asksToEnd(c.ours, ""))
	s.merges(first, ask)
	k.stop(s.leave(v.one))
	s.enter(v.one, first, nil)
	n := &convo{l: &leg{by: c.other, to: l.to}, ours: l.to, other: c.other}
	n.k = s.talk(l.to, c.other, "")
	s.leave(c.ours)
	s.handsOn("attended", c.ours, f.name, s.t).Result = call.ResultCompleted
	c.attendedTransfer(c.ours, v.one, s, "Bridge").add(wire.FDestBridgeUniqueid, first.id).send()
	c.complete(s, "transfer")
	s.destroy(p, ask)
	s.ends(c.ours, "16")
	s.wait(0.3, 0.6)
	s.optimise(v, l.to)
	s.wait(1, 8)
	n.end(s, n.any(s))
}

func (s *script) merges(to, from *bridge) {
	s.event(s.c.first.p, wire.EvBridgeMerge).add(wire.FToBridgeUniqueid, to.id).add(wire.FToBridgeType, to.kind).
		add(wire.FFromBridgeUniqueid, from.id).add(wire.FFromBridgeType, from.kind).send()
}

// threeWay joins all three: who asked stays.
func (c *convo) threeWay(s *script, v *pair, l *leg, k *talking, h *call.Hold, first, ask *bridge) {
	s.c.Kind = "three-way"
	s.unholds(c.ours, nil)
	s.merges(first, ask)
	s.leave(v.one)
	together := s.enter(v.one, first, nil)
	k.stop(together)
	third := s.talk(l.to, c.other, "")
	h.To = at(s.leave(c.ours))
	s.enter(c.ours, first, nil)
	c.k.again(s, s.last)
	both := s.talk(l.to, c.ours, "")
	both.row.From = at(together) // the moment between two bridges is no pause
	s.handsOn("attended", c.ours, l.to.who, s.t).Result = call.ResultCompleted
	c.attendedTransfer(c.ours, v.one, s, "Threeway").channel(roleMain, nil).send()
	s.destroy(c.ours.p, ask)
	s.wait(0.3, 0.6)
	s.optimise(v, l.to)
	s.wait(2, 6)
	s.asksToEnd(c.ours, "")
	c.complete(s, "agent")
	t := s.leave(c.ours)
	c.k.stop(t)
	both.stop(t)
	s.ends(c.ours, "16")
	s.wait(3, 6)
	n := &convo{l: &leg{by: c.other, to: l.to}, ours: l.to, other: c.other, k: third}
	n.end(s, n.any(s))
}
