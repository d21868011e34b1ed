package history

import (
	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/shared/wire"
)

// conference: some come to a room, each with a call of its own.
func conference(s *script, p *pbx) {
	room := s.lend(p.rooms).name
	b := s.h.room(s, p, room)
	type guest struct {
		c     *channel
		leave func()
		truth *Truth
	}
	var guests []guest
	for i := range 2 + s.r.IntN(3) {
		if i > 0 {
			s.another()
		}
		var c *channel
		if s.chance(0.5) {
			c = s.incoming("conference", p, did+room)
		} else {
			c = s.outgoing("conference", call.Internal, s.phone(p), room)
		}
		guests = append(guests, guest{c, s.confersIn(c, b, room), s.c})
		s.wait(0.5, 3)
	}
	s.wait(2, 8)
	s.r.Shuffle(len(guests), func(i, j int) { guests[i], guests[j] = guests[j], guests[i] })
	for _, g := range guests {
		s.c = g.truth
		g.leave()
		s.ends(g.c, "16")
		s.c.Call.HangupBy = call.Caller
		s.wait(0.5, 3)
	}
	s.destroy(p, b)
}

// pickup: a phone rings, and a colleague takes the call by a code.
func pickup(s *script, p *pbx) {
	l := s.toPhone("pickup", p, s.phone(p))
	s.wait(1, 5)
	f := s.phone(p)
	picker := s.create(p, p.channelName(f.device()), stateRing, f.name, "*8", "from-internal", nil)
	if s.chance(0.5) {
		picker.exten = "**" + l.to.who
		s.runs(picker, "from-internal", picker.exten, "PickupChan", "PJSIP/"+l.to.who+",p")
	}
	s.state(picker, stateUp)
	picked := s.event(p, wire.EvPickup).channel(roleMain, picker).channel(roleTarget, l.to).send()
	l.ringEnds(picked, call.ResultCancelled)
	picker.exten, picker.app, picker.called = l.by.exten, "AppDial", l.by
	o := &leg{by: l.by, to: picker}
	s.shuffle(
		func() { l.ring.End = at(s.ends(l.to, "26")) },
		func() { s.answered(o) },
	)
	s.state(l.by, stateUp)
	b := s.bridge(p)
	s.enter(picker, b, nil)
	s.enter(l.by, b, nil)
	k := s.talk(picker, l.by, "")
	s.c.Call.Disposition = call.Answered
	s.wait(2, 10)
	s.endsTalk(o, k)
}

// noCall: a phone talks with the PBX itself.
func noCall(s *script, p *pbx) {
	s.c.Kind, s.c.Nothing = "service code", true
	f := s.phone(p)
	code := []string{"*8", "*45600", "997", "**199"}[s.r.IntN(4)]
	c := s.create(p, p.channelName(f.device()), stateRing, f.name, code, "from-internal", nil)
	s.c.first = c
	switch code {
	case "*8":
		s.ends(c, "21")
		return
	case "997":
		s.answers(c, "from-internal", code)
		s.runs(c, "from-internal", code, "VoiceMailMain", f.name)
		s.wait(2, 6)
	case "*45600":
		s.answers(c, "from-internal", code)
		s.runs(c, "from-internal", code, "AddQueueMember", "600")
	default:
		s.runs(c, "from-internal", code, "PickupChan", "PJSIP/199,p")
	}
	s.ends(c, "16")
}

// spied: a supervisor listens in on a talk.
func spied(s *script, p *pbx) {
	l, k := s.directTalk("talk a supervisor listens to", p)
	main := s.c
	s.wait(1, 3)
	s.another()
	s.c.Kind, s.c.Nothing = "supervisor", true
	boss := s.phone(p)
	c := s.create(p, p.channelName(boss.device()), stateRing, boss.name, "*5"+l.to.who, "from-internal", nil)
	s.c.first = c
	s.answers(c, "from-internal", c.exten)
	s.runs(c, "from-internal", c.exten, "ChanSpy", "PJSIP/"+l.to.who)
	s.event(p, wire.EvChanSpyStart).channel(roleSpyer, c).channel(roleSpyee, l.to).send()
	s.wait(1, 4)
	s.c = main
	s.endsTalk(l, k)
	s.c = s.calls[1]
	s.event(p, wire.EvChanSpyStop).channel(roleSpyer, c).send()
	s.asksToEnd(c, "")
	s.ends(c, "16")
	s.c = main
}

// page: one speaks to many phones, which answer by themselves.
func page(s *script, p *pbx) {
	c := s.outgoing("page", call.Internal, s.phone(p), "350")
	s.runs(c, "from-internal", "350", "Page", "PJSIP/102&PJSIP/103")
	room := s.lend(p.rooms).name
	var legs []*leg
	for range 2 + s.r.IntN(3) {
		f := s.phone(p)
		l := &leg{}
		l.to = s.create(p, p.channelName(f.device()), stateDown, f.name, "s", "from-internal", c)
		s.outgoingLine(l.to, "s", "AppDial2")
		s.rings(l, f.name, s.dialBegin(nil, l.to, f.name))
		s.state(l.to, stateRinging)
		legs = append(legs, l)
	}
	s.wait(0.2, 0.4)
	b := s.h.room(s, p, room)
	join := func(c *channel) {
		s.enter(c, b, nil)
		s.of(c, wire.EvConfbridgeJoin).add(wire.FConference, room).bridge(b).send()
	}
	for _, l := range legs {
		s.up(l)
		s.dialEnd(nil, l.to, "ANSWER")
		join(l.to)
	}
	s.state(c, stateUp)
	join(c)
	s.wait(2, 6)
	s.asksToEnd(c, "")
	for _, o := range append([]*channel{c}, callees(legs)...) {
		s.leave(o)
		s.of(o, wire.EvConfbridgeLeave).add(wire.FConference, room).bridge(b).send()
	}
	for _, o := range append([]*channel{c}, callees(legs)...) {
		s.ends(o, "16")
	}
	s.destroy(p, b)
	s.c.Call.Disposition, s.c.Call.HangupBy = call.Answered, call.Caller
}

func callees(legs []*leg) []*channel {
	var list []*channel
	for _, l := range legs {
		list = append(list, l.to)
	}
	return list
}

// twoOutside: an Originate connects two outside numbers.
func twoOutside(s *script, p *pbx) {
	one, two := s.h.outsider(), s.h.outsider()
	c := s.create(p, p.channelName(p.trunk), stateDown, "", "s", "from-trunk", nil)
	c.number, c.who = one, one
	s.begin("two outside numbers", call.Outbound, c, two)
	s.c.outside(c)
	s.dialBegin(nil, c, one+"@carrier")
	s.state(c, stateRinging)
	s.wait(1, 4)
	s.state(c, stateUp)
	s.originateResponse(p, c, true, "", two)
	s.dialEnd(nil, c, "ANSWER")
	s.runs(c, "from-internal", two, "Dial", "PJSIP/"+two+"@carrier")
	l := s.dialOutside(c, two, true)
	s.state(l.to, stateRinging)
	s.wait(1, 5)
	s.connects(l, nil)
	k := s.talk(c, l.to, "")
	s.c.Call.Answered, s.c.Call.Disposition = k.row.From, call.Answered
	s.wait(2, 8)
	s.endsTalk(l, k)
}
