package history

import (
	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/shared/wire"
)

// attendedToQueue: the consultation is with the agent of a queue. The two bridges stay, joined by a Local pair.
func attendedToQueue(s *script, p *pbx) {
	c := s.converse("attended transfer to queue", p)
	s.wait(1, 5)
	h := s.holds(c.ours, c.k)
	s.wait(0.2, 1)
	ask := s.create(p, p.channelName("PJSIP/"+c.ours.who), stateRing, c.ours.who, "602", "from-internal", nil)
	s.answers(ask, "queues", "602")
	s.plain = true
	w := s.joins(ask, "602", "602", s.team(p, 2))
	s.summons(w, w.team...)
	s.wait(1, 4)
	l := w.legs[0]
	k := s.served(w, l)
	k.row.Consult, k.like.Consult = true, true
	s.wait(1, 4)
	first, second := c.ours.inside, ask.inside
	s.unholds(c.ours, nil)
	s.unholds(ask, nil)
	v := &pair{}
	p.locals++
	name := "Local/_attended@transfer-" + p.channelName("")[1:]
	v.one = s.create(p, name+";1", stateDown, "", "_attended", "transfer", c.ours)
	v.two = s.create(p, name+";2", stateRing, "", "_attended", "transfer", v.one)
	s.localBridge(v)
	s.state(v.two, stateUp)
	k.stop(s.leave(ask))
	s.enter(v.two, second, ask)
	h.To = at(s.leave(c.ours))
	s.enter(v.one, first, c.ours)
	n := &convo{l: &leg{by: c.other, to: l.to, via: []*pair{v}}, ours: l.to, other: c.other}
	n.k = s.talk(l.to, c.other, w.row.Queue)
	s.state(v.one, stateUp)
	s.dialEnd(nil, v.one, "ANSWER")
	x := s.handsOn("attended", c.ours, l.to.who, s.t)
	x.Result = call.ResultCompleted
	c.attendedTransfer(ask, l.to, s, "Link").channel(roleLocalOne, v.one).channel(roleLocalTwo, v.two).send()
	w.completes(s, l, "caller")
	s.shuffle(func() { c.complete(s, "transfer") }, func() { s.ends(c.ours, "16") }, func() { s.ends(ask, "16") })
	s.wait(3, 8)
	n.end(s, n.any(s))
}

// attendedToVoicemail: the consultation has reached a mailbox, and the other takes its place there.
func attendedToVoicemail(s *script, p *pbx) {
	c := s.converse("attended transfer to voicemail", p)
	s.wait(1, 5)
	h := s.holds(c.ours, c.k)
	s.wait(0.2, 1)
	ask := s.create(p, p.channelName("PJSIP/"+c.ours.who), stateRing, c.ours.who, "*1001", "from-internal", nil)
	s.runs(ask, "from-internal", "*1001", "VoiceMail", "1001@default,u")
	s.state(ask, stateUp)
	s.wait(1, 3)
	b := c.ours.inside
	s.unholds(c.ours, nil)
	x := s.handsOn("attended", c.ours, "*1001", s.t)
	x.Result = call.ResultCompleted
	c.attendedTransfer(ask, nil, s, "App").add(wire.FDestApp, "VoiceMail").send()
	h.To = x.At
	s.leave(c.ours)
	s.leave(c.other)
	s.destroy(p, b)
	if p.old {
		c.complete(s, "transfer")
	}
	s.ends(c.ours, "16")
	s.runs(c.other, "from-internal", "*1001", "VoiceMail", "1001@default,u")
	s.ends(ask, "16")
	s.wait(3, 8)
	s.asksToEnd(c.other, "")
	c.over(s, c.whoGaveUp(s), "16")
}

// calledBack: by *2 a colleague is rung, who asked hangs up, nobody answers, and the PBX calls back who asked.
func calledBack(s *script, p *pbx) {
	l, k := s.directTalk("called back after a transfer", p)
	c := &convo{l: l, k: k, ours: l.to, other: l.by}
	s.wait(1, 4)
	f := s.phone(p)
	h := s.holds(c.ours, c.k)
	s.wait(1, 2)
	first := c.ours.inside
	v := s.local(c.ours, f.name, "from-internal", false)
	ask := s.bridge(p)
	s.localBridge(v)
	s.runs(v.two, "from-internal", f.name, "Dial", "PJSIP/"+f.name+",20,tTkK")
	s.enter(v.one, ask, nil)
	s.leave(c.ours)
	s.enter(c.ours, ask, nil)
	o := &leg{by: v.two}
	s.reach(o, v.two, f)
	s.state(v.one, stateRinging)
	s.wait(1, 3)
	h.To = at(s.asksToEnd(c.ours, "16"))
	s.leave(c.ours)
	s.merges(first, ask)
	s.leave(v.one)
	s.enter(v.one, first, nil)
	x := s.handsOn("attended", c.ours, f.name, s.t)
	x.Result = call.ResultNoAnswer
	c.attendedTransfer(c.ours, v.one, s, "Bridge").add(wire.FDestBridgeUniqueid, first.id).send()
	s.wait(4, 8)
	s.leave(v.one)
	s.asksToEnd(v.two, "16")
	s.ends(v.one, "16")
	o.ringEnds(s.dialEnd(v.two, o.to, "CANCEL"), call.ResultCancelled)
	s.shuffle(func() { s.ends(v.two, "16") }, func() { s.ends(o.to, "16") })
	back := &leg{}
	back.to = s.create(p, p.channelName("PJSIP/"+c.ours.who), stateDown, c.ours.who, "s", "from-internal", nil)
	s.rings(back, c.ours.who, s.dialBegin(nil, back.to, c.ours.who))
	s.state(back.to, stateRinging)
	s.wait(1, 3)
	s.up(back)
	s.dialEnd(nil, back.to, "ANSWER")
	s.enter(back.to, first, nil)
	n := &convo{l: &leg{by: c.other, to: back.to}, ours: back.to, other: c.other}
	n.k = s.talk(back.to, c.other, "")
	s.destroy(p, ask)
	s.ends(c.ours, "16")
	s.wait(3, 8)
	n.end(s, n.any(s))
}
