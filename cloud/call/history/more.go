package history

import (
	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/shared/wire"
)

// queueForward: the phone of a queue's member sends the call on to a colleague. The queue thinks it is the member's.
func queueForward(s *script, p *pbx) {
	s.plain = true
	w := s.toQueue("queue member forwards", p, 1)
	a := agent{f: w.team[0].f, name: w.team[0].name}
	s.summons(w, a)
	l := w.legs[0]
	to := s.phone(p)
	v := s.local(w.c, to.name, "from-internal", false)
	s.localBridge(v)
	t := s.event(p, wire.EvDialEnd).channel(roleMain, w.c).channel(roleDest, l.to).add(wire.FForward, to.name).add(wire.FDialStatus, "CANCEL").send()
	l.ringEnds(t, call.ResultRedirected)
	s.dialBegin(w.c, v.one, to.name+"@from-internal")
	s.runs(v.two, "from-internal", to.name, "Dial", "PJSIP/"+to.name+",20,tTkK")
	s.asksToEnd(l.to, "23")
	s.ends(l.to, "23")
	o := &leg{by: w.c, via: []*pair{v}, queue: w.row.Queue, member: l.member, iface: l.iface}
	s.reach(o, v.two, to)
	s.progress(o)
	w.legs = []*leg{o}
	s.wait(1, 5)
	k := s.served(w, o)
	s.c.Call.Disposition = call.Answered
	s.wait(2, 10)
	s.endsQueueTalk(w, o, k)
}

// blindToMenu: one sends the caller back to the menu, which leads to a queue.
func blindToMenu(s *script, p *pbx) {
	c := s.converse("blind transfer to menu", p)
	s.wait(1, 5)
	x := c.sendsAway(s, "7000")
	x.To, x.Result = "608", call.ResultCompleted
	other := c.other
	s.answers(other, "ivr", "s")
	s.runs(other, "ivr", "s", "BackGround", "demo-thanks")
	s.wait(1, 3)
	s.digit(other, "6")
	w := s.joins(other, "608", "608", s.team(p, 2))
	s.summons(w, w.team...)
	s.wait(1, 4)
	l := w.legs[0]
	k := s.served(w, l)
	s.wait(3, 8)
	n := &convo{l: l, k: k, w: w, ours: l.to, other: other, late: c.late}
	who := n.any(s)
	if n.late != nil {
		n.late.completes(s, nil, "caller")
	}
	n.end(s, who)
}

// attendedToConference: who asks is in a conference, and the other takes its place there.
func attendedToConference(s *script, p *pbx) {
	c := s.converse("attended transfer to conference", p)
	s.wait(1, 5)
	room := s.lend(p.rooms).name
	h := s.holds(c.ours, c.k)
	s.wait(0.2, 1)
	ask := s.create(p, p.channelName("PJSIP/"+c.ours.who), stateRing, c.ours.who, room, "from-internal", nil)
	b := s.h.room(s, p, room)
	leave := s.confersIn(ask, b, room)
	s.wait(1, 3)
	first := c.ours.inside
	s.unholds(c.ours, nil)
	leave()
	row := &call.Talk{PBX: p.name, Operator: c.other.who, With: "conference:" + room}
	row.From = at(s.of(c.other, wire.EvConfbridgeJoin).add(wire.FConference, room).bridge(b).send())
	s.c.talks = append(s.c.talks, row)
	x := s.handsOn("attended", c.ours, room, s.t)
	x.Result = call.ResultCompleted
	c.attendedTransfer(ask, nil, s, "App").add(wire.FDestApp, "ConfBridge").send()
	h.To = x.At
	s.leave(c.ours)
	s.leave(c.other)
	s.destroy(p, first)
	if p.old {
		c.complete(s, "transfer")
	}
	s.ends(c.ours, "16")
	s.runs(c.other, "from-internal", room, "ConfBridge", room)
	s.ends(ask, "16")
	s.wait(3, 8)
	s.asksToEnd(c.other, "")
	row.To = at(s.of(c.other, wire.EvConfbridgeLeave).add(wire.FConference, room).bridge(b).send())
	c.over(s, s.partyOf(c.other), "16")
}

// behindLocal: an agent behind a Local pair that stays sends the caller to a colleague. What runs the dialplan then is the
// Local half the agent was with.
func behindLocal(s *script, p *pbx) {
	w := s.toQueue("blind transfer behind Local", p, 1)
	a := agent{f: w.team[0].f, name: w.team[0].name, depth: 1, stays: true}
	s.summons(w, a)
	s.wait(1, 4)
	l := w.legs[0]
	k := s.served(w, l)
	s.c.Call.Disposition = call.Answered
	s.wait(2, 6)
	v, f := l.via[0], s.phone(p)
	b := l.to.inside
	x := s.handsOn("blind", l.to, f.name, s.t)
	x.Result = call.ResultCompleted
	s.event(p, wire.EvBlindTransfer).add(wire.FResult, "Success").channel(roleTransferer, l.to).channel(roleTransferee, v.two).bridge(b).
		add(wire.FIsExternal, "Yes").add(wire.FContext, "from-internal").add(wire.FExtension, f.name).send()
	k.stop(s.leave(l.to))
	v.two.exten = f.name
	s.leave(v.two)
	s.shuffle(func() { s.ends(l.to, "16") }, func() { s.destroy(p, b) })
	s.runs(v.two, "from-internal", f.name, "Dial", "PJSIP/"+f.name+",20,tTkK")
	o := &leg{by: v.two}
	s.reach(o, v.two, f)
	s.wait(1, 4)
	s.up(o)
	s.answered(o)
	inner := s.bridge(p)
	s.enter(o.to, inner, nil)
	s.enter(v.two, inner, nil)
	n := &convo{l: &leg{by: w.c, to: o.to, via: []*pair{v}}, w: w, ours: o.to, other: w.c}
	n.k = s.talk(o.to, w.c, "")
	s.wait(3, 8)
	n.end(s, n.any(s))
}

// joined: somebody speaks with two callers and joins them. Two calls become one.
func joined(s *script, p *pbx) {
	l, k := s.directTalk("two callers joined", p)
	for s.internal() {
		s.c.Kind = "direct answered" // both come from outside, or it is another thing
		s.wait(2, 6)
		s.endsTalk(l, k)
		return
	}
	ours, first := l.to, l.by
	s.wait(1, 4)
	h := s.holds(ours, k)
	c := s.create(p, p.channelName(p.trunk), stateRing, s.h.outsider(), did+ours.who, "from-trunk", nil)
	s.c.outside(c)
	s.runs(c, "from-internal", ours.who, "Dial", "PJSIP/"+ours.who+",20,tTkK")
	o := &leg{by: c}
	o.to = s.create(p, p.channelName("PJSIP/"+ours.who), stateDown, ours.who, "s", "from-internal", c)
	o.to.exten = c.exten
	s.rings(o, ours.who, s.dialBegin(c, o.to, ours.who))
	s.state(o.to, stateRinging)
	s.wait(1, 3)
	s.connects(o, nil)
	m := s.talk(o.to, c, "")
	m.row.With, m.like.With = "customer", "customer"
	s.wait(3, 6)
	s.unholds(ours, nil)
	b, second := ours.inside, o.to.inside
	m.stop(s.leave(c))
	h.To = at(s.leave(ours))
	s.enter(c, b, ours)
	j := s.talk(c, first, "")
	s.handsOn("attended", ours, c.who, s.t).Result = call.ResultCompleted
	(&convo{ours: ours, other: first}).attendedTransfer(o.to, c, s, "Bridge").add(wire.FDestBridgeUniqueid, b.id).send()
	s.leave(o.to)
	s.destroy(p, second)
	s.ends(ours, "16")
	s.ends(o.to, "16")
	s.wait(3, 8)
	n := &convo{l: &leg{by: first, to: c}, k: j, ours: c, other: first}
	n.end(s, n.any(s))
}
