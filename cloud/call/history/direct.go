package history

import "github.com/callweave/callweave/cloud/call"

// toPhone lets a caller from outside or a colleague dial a phone. It returns the caller and the device that rings.
func (s *script) toPhone(kind string, p *pbx, f *phone) *leg {
	if s.chance(0.5) {
		c := s.incoming(kind, p, did+f.name)
		s.runs(c, "from-trunk", c.exten, "Goto", "from-internal,"+f.name+",1")
		s.runs(c, "from-internal", f.name, "Dial", "PJSIP/"+f.name+",20,tTkK")
		return s.dial(c, f)
	}
	c := s.outgoing(kind, call.Internal, s.phone(p), f.name)
	s.runs(c, "from-internal", f.name, "Dial", "PJSIP/"+f.name+",20,tTkK")
	return s.dial(c, f)
}

func (s *script) internal() bool { return s.c.Call.Direction == call.Internal }

// directAnswered: somebody calls a phone and speaks with it.
func directAnswered(s *script, p *pbx) {
	l, k := s.directTalk("direct answered", p)
	s.wait(1, 30)
	s.endsTalk(l, k)
}

// directTalk is a call to a phone that is answered.
func (s *script) directTalk(kind string, p *pbx) (*leg, *talking) {
	l := s.toPhone(kind, p, s.phone(p))
	s.wait(0.5, 8)
	s.connects(l, nil)
	s.c.Call.Disposition = call.Answered
	return l, s.talk(l.to, l.by, "")
}

func (s *script) endsTalk(l *leg, k *talking) {
	if s.chance(0.5) {
		s.c.Call.HangupBy = call.Caller
		s.hangsUp(l.by, l, k, nil)
	} else {
		s.c.Call.HangupBy = call.Callee
		s.hangsUp(l.to, l, k, nil)
	}
}

// directFailed: the phone does not answer, is busy or declines, and the caller is told so; or the caller gives up.
func directFailed(s *script, p *pbx) {
	l := s.toPhone("direct not answered", p, s.phone(p))
	c := l.by
	end := func(d call.Disposition, by call.Party, cause string) {
		s.c.Call.Disposition, s.c.Call.HangupBy = d, by
		s.ends(c, cause)
	}
	switch s.r.IntN(4) {
	case 0:
		s.wait(5, 15)
		s.gone(l, call.ResultNoAnswer, "NOANSWER", "0")
		s.runs(c, "from-internal", c.exten, "Hangup", "")
		end(call.NoAnswer, call.PBXItself, "16")
	case 1:
		s.c.Kind = "direct busy"
		s.wait(0.01, 0.1)
		s.refuses(l, call.ResultBusy, "BUSY", "17")
		s.runs(c, "from-internal", c.exten, "Hangup", "17")
		end(call.Busy, call.Callee, "17")
	case 2:
		s.c.Kind = "direct declined"
		s.wait(1, 4)
		s.refuses(l, call.ResultDeclined, "BUSY", "21")
		s.runs(c, "from-internal", c.exten, "Hangup", "21")
		end(call.Rejected, call.Callee, "17")
	default:
		s.c.Kind = "direct given up"
		s.wait(0.5, 9)
		s.asksToEnd(c, "")
		s.gone(l, call.ResultCancelled, "CANCEL", "0")
		d := call.NoAnswer
		if !s.internal() {
			d = call.Abandoned
		}
		end(d, call.Caller, "0")
	}
}

// unreachable: the number that is dialled has no phone, and no channel is made for it.
func unreachable(s *script, p *pbx) {
	c := s.outgoing("direct unreachable", call.Internal, s.phone(p), "199")
	s.runs(c, "from-internal", "199", "Dial", "PJSIP/199,20,tTkK")
	s.runs(c, "from-internal", "199", "Hangup", "")
	s.ends(c, "3")
	s.c.Call.Disposition, s.c.Call.HangupBy = call.Failed, call.PBXItself
}

// ringGroup: some phones ring at once; one answers, or none does.
func ringGroup(s *script, p *pbx) {
	c := s.incoming("ring group", p, did+"300")
	s.runs(c, "from-trunk", c.exten, "Goto", "from-internal,300,1")
	s.runs(c, "from-internal", "300", "Dial", "PJSIP/101&PJSIP/102,20,tTkK")
	legs := make([]*leg, 2+s.r.IntN(3))
	for i := range legs {
		if s.chance(0.4) {
			legs[i] = s.dialThrough(c, s.phone(p), 1+s.r.IntN(3), s.chance(0.4))
		} else {
			legs[i] = s.dial(c, s.phone(p))
		}
	}
	s.wait(1, 9)
	if s.chance(0.3) {
		s.c.Kind = "ring group, nobody"
		for _, l := range legs {
			s.gone(l, call.ResultNoAnswer, "NOANSWER", "0")
		}
		s.ends(c, "16")
		s.c.Call.Disposition, s.c.Call.HangupBy = call.NoAnswer, call.PBXItself
		return
	}
	l := legs[0]
	s.connects(l, legs[1:])
	k := s.talk(l.to, c, "")
	s.optimises(l)
	s.c.Call.Disposition = call.Answered
	s.wait(1, 20)
	s.endsTalk(l, k)
}
