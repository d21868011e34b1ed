package history

import (
	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/shared/wire"
)

// handsOn adds a transfer to the truth. Its result is told later.
func (s *script) handsOn(kind string, by *channel, to string, t int64) *call.Transfer {
	x := &call.Transfer{PBX: by.p.name, Kind: kind, By: by.who, To: to, At: at(t)}
	s.c.hands = append(s.c.hands, x)
	return x
}

// sendsAway lets one of two send the other to an extension and leave: by REFER, feature code, AMI, or AMI Redirect, which
// says nothing of it.
func (c *convo) sendsAway(s *script, exten string) *call.Transfer {
	b := c.other.inside
	if s.chance(0.25) {
		return c.redirected(s, exten)
	}
	external := "Yes"
	var h *call.Hold
	if s.chance(0.3) {
		external = "No"
		s.digit(c.ours, "#")
		s.digit(c.ours, "1")
		h = s.holds(c.ours, c.k)
		s.wait(1, 2)
		s.unholds(c.ours, nil)
	}
	var x *call.Transfer
	said := func() {
		x = s.handsOn("blind", c.ours, exten, s.t)
		s.event(c.ours.p, wire.EvBlindTransfer).add(wire.FResult, "Success").channel(roleTransferer, c.ours).channel(roleTransferee, c.other).
			bridge(b).add(wire.FIsExternal, external).add(wire.FContext, "from-internal").add(wire.FExtension, exten).send()
	}
	moved := func() {
		c.other.exten, c.other.context = exten, "from-internal"
		if s.chance(0.5) { // the application that runs is still the old one
			s.of(c.other, wire.EvNewexten).add(wire.FExtension, exten).add(wire.FApplication, c.other.app).send()
		}
		c.k.stop(s.leave(c.other))
	}
	var gone int64
	left := func() {
		gone = s.leave(c.ours)
		c.k.stop(gone)
	}
	switch s.r.IntN(3) {
	case 0:
		said()
		s.shuffle(left, moved)
	case 1:
		moved()
		said()
		left()
	default:
		left()
		said()
		moved()
	}
	if h != nil { // taken off hold in the course of handing on
		h.To = at(min(gone, x.At.UnixMicro()))
	}
	s.shuffle(func() { c.complete(s, "transfer") }, func() { s.ends(c.ours, "16") }, func() { s.destroy(c.ours.p, b) })
	return x
}

// redirected is a transfer by AMI Redirect: the party is taken out of the talk, and who is left is hung up.
func (c *convo) redirected(s *script, exten string) *call.Transfer {
	b := c.other.inside
	c.other.exten, c.other.context = exten, "from-internal"
	t := s.leave(c.other)
	c.k.stop(t)
	s.leave(c.ours)
	x := s.handsOn("blind", c.ours, exten, t)
	s.shuffle(func() { s.ends(c.ours, "16") }, func() { s.destroy(c.ours.p, b) })
	if c.w != nil {
		c.late, c.w = c.w, nil
	}
	return x
}

// blind: one sends the other to a colleague, a group, a queue, a menu, a conference, a mailbox or nowhere.
func blind(s *script, p *pbx) {
	c := s.converse("blind transfer", p)
	s.wait(1, 6)
	c.handedOn(s, 0)
}

// handedOn sends a party away and tells what it finds.
func (c *convo) handedOn(s *script, depth int) {
	p, other := c.ours.p, c.other
	switch n := s.r.IntN(10); {
	case n < 4:
		c.toColleague(s, depth)
	case n == 4:
		s.c.Kind = "blind transfer, not answered"
		f := s.phone(p)
		x := c.sendsAway(s, f.name)
		l := s.dialsOn(other, f)
		s.wait(3, 8)
		s.gone(l, call.ResultNoAnswer, "NOANSWER", "0")
		x.Result = call.ResultNoAnswer
		c.over(s, call.PBXItself, "19")
	case n == 5:
		s.c.Kind = "blind transfer to nowhere"
		x := c.sendsAway(s, "199")
		s.runs(other, "from-internal", "199", "Dial", "PJSIP/199,20,tTkK")
		x.Result = call.ResultFailed
		c.over(s, call.PBXItself, "3")
	case n == 6:
		s.c.Kind = "blind transfer to queue"
		c.toQueue(s)
	case n == 7:
		s.c.Kind = "blind transfer to group"
		c.toGroup(s)
	case n == 8:
		s.c.Kind = "blind transfer to voicemail"
		x := c.sendsAway(s, "*1001")
		x.Result = call.ResultCompleted
		s.runs(other, "from-internal", "*1001", "VoiceMail", "1001@default,u")
		s.wait(3, 9)
		s.asksToEnd(other, "")
		c.over(s, c.whoGaveUp(s), "16")
	default:
		s.c.Kind = "blind transfer to conference"
		room := s.lend(p.rooms).name
		x := c.sendsAway(s, room)
		x.Result = call.ResultCompleted
		leave := s.confers(other, room)
		s.wait(3, 9)
		leave()
		c.over(s, s.partyOf(other), "16")
	}
}

func (s *script) partyOf(c *channel) call.Party {
	if c == s.c.first {
		return call.Caller
	}
	return call.Callee
}

// whoGaveUp is who ended the call when the party that was handed on hangs up without speaking with anybody. An internal
// call whose caller handed the callee on was over when the caller left.
func (c *convo) whoGaveUp(s *script) call.Party {
	if s.internal() && c.other != s.c.first {
		return call.PBXItself
	}
	return s.partyOf(c.other)
}

// over ends the channel of the party that was handed on.
func (c *convo) over(s *script, by call.Party, cause string) {
	s.c.Call.HangupBy = by
	if c.late != nil {
		c.late.completes(s, nil, "caller")
	}
	s.ends(c.other, cause)
}

// dialsOn lets the dialplan call a phone for a party that was sent somewhere.
func (s *script) dialsOn(c *channel, f *phone) *leg {
	s.runs(c, "from-internal", f.name, "Dial", "PJSIP/"+f.name+",20,tTkK")
	return s.dial(c, f)
}

// meets connects a party that was handed on with the device of a leg and goes on with the two.
func (c *convo) meets(s *script, l *leg, x *call.Transfer, depth int) {
	s.connects(l, nil)
	x.Result = call.ResultCompleted
	n := &convo{l: l, ours: l.to, other: c.other, late: c.late}
	n.k = s.talk(l.to, c.other, l.queue)
	s.wait(1, 8)
	if depth < 2 && s.chance(0.3) {
		s.c.Kind = "chain of blind transfers"
		n.handedOn(s, depth+1)
		return
	}
	who := n.any(s)
	if n.late != nil {
		n.late.completes(s, nil, "caller")
	}
	n.end(s, who)
}

func (c *convo) toColleague(s *script, depth int) {
	f := s.phone(c.ours.p)
	x := c.sendsAway(s, f.name)
	l := s.dialsOn(c.other, f)
	s.wait(1, 5)
	c.meets(s, l, x, depth)
}

func (c *convo) toGroup(s *script) {
	p := c.ours.p
	x := c.sendsAway(s, "300")
	s.runs(c.other, "from-internal", "300", "Dial", "PJSIP/101&PJSIP/102,20,tTkK")
	l, rival := s.dial(c.other, s.phone(p)), s.dial(c.other, s.phone(p))
	s.wait(1, 5)
	s.connects(l, []*leg{rival})
	x.Result = call.ResultCompleted
	n := &convo{l: l, ours: l.to, other: c.other, late: c.late}
	n.k = s.talk(l.to, c.other, "")
	s.wait(1, 8)
	who := n.any(s)
	if n.late != nil {
		n.late.completes(s, nil, "caller")
	}
	n.end(s, who)
}

func (c *convo) toQueue(s *script) {
	x := c.sendsAway(s, "608")
	x.Result = call.ResultCompleted
	s.answers(c.other, "queues", "608")
	w := s.joins(c.other, "608", "608", s.team(c.ours.p, 2))
	s.rounds(w, 1)
	s.wait(1, 4)
	l := w.legs[0]
	k := s.served(w, l)
	s.wait(1, 8)
	n := &convo{l: l, k: k, w: w, ours: l.to, other: c.other, late: c.late}
	who := n.any(s)
	if n.late != nil {
		n.late.completes(s, nil, "caller")
	}
	n.end(s, who)
}
