package history

import (
	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/shared/wire"
)

// toOutside lets a phone call a number of the telephone network.
func (s *script) toOutside(kind string, p *pbx) *leg {
	number := s.h.outsider()
	c := s.outgoing(kind, call.Outbound, s.phone(p), number)
	s.runs(c, "from-internal", number, "Set", "CALLERID(num)="+did+"000")
	s.shows(c, did+"000")
	s.runs(c, "from-internal", number, "Dial", "PJSIP/"+number+"@carrier,25,tTkK")
	return s.dialOutside(c, number, true)
}

// shows changes the number a channel shows.
func (s *script) shows(c *channel, number string) {
	c.number = number
	s.of(c, wire.EvNewCallerid).add(wire.FCIDCallingPres, "0 (Presentation Allowed, Not Screened)").send()
}

// outboundTalk is a call out that is answered. Our side of the talk is who called.
func (s *script) outboundTalk(kind string, p *pbx) (*leg, *talking) {
	l := s.toOutside(kind, p)
	s.state(l.to, stateRinging)
	s.wait(1, 8)
	s.connects(l, nil)
	s.c.Call.Disposition = call.Answered
	return l, s.talk(l.by, l.to, "")
}

func outboundAnswered(s *script, p *pbx) {
	l, k := s.outboundTalk("outbound answered", p)
	s.wait(1, 20)
	s.endsTalk(l, k)
}

// outboundFailed: busy, declined, a wrong number, no line, nobody, or the one who calls gives up.
func outboundFailed(s *script, p *pbx) {
	l := s.toOutside("outbound failed", p)
	end := func(d call.Disposition, by call.Party, cause string) {
		s.runs(l.by, "from-internal", l.by.exten, "NoOp", "HANGUPCAUSE="+cause)
		s.c.Call.Disposition, s.c.Call.HangupBy = d, by
		s.ends(l.by, cause)
	}
	switch s.r.IntN(6) {
	case 0:
		s.c.Kind = "outbound busy"
		s.wait(0.01, 2)
		s.refuses(l, call.ResultBusy, "BUSY", "17")
		end(call.Busy, call.Callee, "17")
	case 1:
		s.c.Kind = "outbound declined"
		s.state(l.to, stateRinging)
		s.wait(1, 4)
		s.refuses(l, call.ResultDeclined, "NOANSWER", "21")
		end(call.Rejected, call.Callee, "21")
	case 2:
		s.wait(0.01, 0.3)
		s.refuses(l, call.ResultFailed, "NOANSWER", "1")
		end(call.Failed, call.Callee, "1")
	case 3:
		s.wait(0.01, 0.3)
		s.refuses(l, call.ResultFailed, "CONGESTION", "34")
		end(call.Failed, call.Callee, "34")
	case 4:
		s.c.Kind = "outbound not answered"
		s.state(l.to, stateRinging)
		s.wait(5, 20)
		s.gone(l, call.ResultNoAnswer, "NOANSWER", "0")
		end(call.NoAnswer, call.PBXItself, "16")
	default:
		s.c.Kind = "outbound given up"
		s.state(l.to, stateRinging)
		s.wait(1, 8)
		s.asksToEnd(l.by, "127")
		s.gone(l, call.ResultCancelled, "CANCEL", "127")
		s.c.Call.Disposition, s.c.Call.HangupBy = call.NoAnswer, call.Caller
		s.ends(l.by, "127")
	}
}

// originates rings a phone for an Originate: nobody's channel calls it.
func (s *script) originates(kind string, f *phone, number string) *leg {
	c := s.create(f.p, f.p.channelName(f.device()), stateDown, f.name, "s", "from-internal", nil)
	s.begin(kind, call.Outbound, c, number)
	l := &leg{to: c}
	s.outgoingLine(c, "s", "AppDial2")
	s.shows(c, number)
	s.rings(l, f.name, s.dialBegin(nil, c, f.name))
	s.state(c, stateRinging)
	return l
}

func (s *script) originateResponse(p *pbx, c *channel, ok bool, channel, number string) {
	d := s.event(p, wire.EvOriginateResponse).add(wire.FActionID, "click-1")
	if ok {
		d.add(wire.FResponse, "Success").add(wire.FChannel, c.name).add(wire.FReason, "4").add(wire.FUniqueid, c.id)
	} else {
		d.add(wire.FResponse, "Failure").add(wire.FChannel, channel).add(wire.FReason, "3").add(wire.FUniqueid, "<unknown>")
	}
	d.add(wire.FContext, "click").add(wire.FExten, number).add(wire.FCallerIDNum, number).send()
}

// clickToCall: a phone is rung first, then the customer; either may not answer.
func clickToCall(s *script, p *pbx) {
	number := s.h.outsider()
	f := s.phone(p)
	l := s.originates("click-to-call", f, number)
	c := l.to
	s.wait(1, 5)
	if s.chance(0.25) {
		s.c.Kind = "click-to-call refused"
		s.wait(4, 6)
		s.originateResponse(p, nil, false, f.device(), number)
		t := s.ends(c, "19")
		l.ringEnds(t, call.ResultNoAnswer)
		s.c.Call.Disposition, s.c.Call.HangupBy = call.NoAnswer, call.PBXItself
		return
	}
	s.originateResponse(p, c, true, "", number)
	s.up(l)
	s.dialEnd(nil, c, "ANSWER")
	s.c.Call.Answered = at(0)
	s.runs(c, "click", number, "Goto", "from-internal,"+number+",1")
	s.shows(c, did+"000")
	s.runs(c, "from-internal", number, "Dial", "PJSIP/"+number+"@carrier,25,tTkK")
	out := s.dialOutside(c, number, true)
	s.state(out.to, stateRinging)
	s.wait(1, 6)
	if s.chance(0.3) {
		s.c.Kind = "click-to-call, customer does not answer"
		s.gone(out, call.ResultNoAnswer, "NOANSWER", "0")
		s.ends(c, "16")
		s.c.Call.Disposition, s.c.Call.HangupBy = call.NoAnswer, call.PBXItself
		return
	}
	s.connects(out, nil)
	k := s.talk(c, out.to, "")
	s.c.Call.Answered = k.row.From
	s.c.Call.Disposition = call.Answered
	s.wait(1, 15)
	s.endsTalk(out, k)
}

// clickThroughLocal: both sides are rung through a Local pair that goes out of the way when both are up.
func clickThroughLocal(s *script, p *pbx) {
	number, f := s.h.outsider(), s.phone(p)
	s.c.Kind = "click-to-call through Local"
	v := s.originatePair(p, f.name)
	l := &leg{by: v.two}
	s.reach(l, v.two, f)
	s.begin(s.c.Kind, call.Outbound, l.to, number)
	s.c.Call.Start = at(v.one.born)
	s.wait(1, 4)
	s.up(l)
	s.answered(l)
	s.state(v.two, stateUp)
	inner := s.bridge(p)
	s.enter(l.to, inner, nil)
	s.enter(v.two, inner, nil)
	s.state(v.one, stateUp)
	s.dialEnd(nil, v.one, "ANSWER")
	s.originateResponse(p, v.one, true, "", number)
	s.runs(v.one, "from-internal", number, "Dial", "PJSIP/"+number+"@carrier,25,tTkK")
	out := s.dialOutside(v.one, number, true)
	s.state(out.to, stateRinging)
	s.wait(1, 6)
	s.connects(out, nil)
	k := s.talk(l.to, out.to, "")
	s.c.Call.Answered, s.c.Call.Disposition = k.row.From, call.Answered
	s.optimiseAway(v, out.to, l.to)
	s.wait(1, 10)
	s.endsTalk(&leg{by: l.to, to: out.to}, k)
}

// originatePair is a Local pair that an Originate calls.
func (s *script) originatePair(p *pbx, exten string) *pair {
	name := "Local/" + exten + "@from-internal-" + p.channelName("")[1:]
	v := &pair{}
	v.one = s.create(p, name+";1", stateDown, "", exten, "from-internal", nil)
	v.two = s.create(p, name+";2", stateRing, "", exten, "from-internal", v.one)
	s.localBridge(v)
	s.dialBegin(nil, v.one, exten+"@from-internal")
	s.runs(v.two, "from-internal", exten, "Dial", "PJSIP/"+exten+",20,tTkK")
	return v
}

// optimiseAway moves a party behind the first half of a pair to where the second one is.
func (s *script) optimiseAway(v *pair, far, near *channel) {
	s.t += 5_000 + s.r.Int64N(60_000)
	outer, inner := far.inside, near.inside
	s.leave(far)
	s.leave(v.two)
	s.enter(far, inner, v.two)
	s.leave(v.one)
	s.shuffle(func() { s.ends(v.one, "16") }, func() { s.ends(v.two, "16") }, func() { s.destroy(far.p, outer) })
}
