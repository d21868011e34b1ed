package history

import (
	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/shared/wire"
)

// forward302: the phone sends its caller elsewhere.
func forward302(s *script, p *pbx) {
	f, to := s.phone(p), s.phone(p)
	l := s.toPhone("forward by phone", p, f)
	c := l.by
	v := s.local(c, to.name, "from-internal", false)
	s.localBridge(v)
	t := s.event(p, wire.EvDialEnd).channel(roleMain, c).channel(roleDest, l.to).add(wire.FForward, to.name).add(wire.FDialStatus, "CANCEL").send()
	l.ringEnds(t, call.ResultRedirected)
	s.dialBegin(c, v.one, to.name+"@from-internal")
	s.runs(v.two, "from-internal", to.name, "Dial", "PJSIP/"+to.name+",20,tTkK")
	s.asksToEnd(l.to, "23")
	s.ends(l.to, "23")
	o := &leg{by: c, via: []*pair{v}}
	s.reach(o, v.two, to)
	s.progress(o)
	s.wait(1, 6)
	if s.chance(0.3) {
		s.c.Kind = "forward by phone, not answered"
		s.gone(o, call.ResultNoAnswer, "NOANSWER", "0")
		s.ends(c, "16")
		s.c.Call.Disposition, s.c.Call.HangupBy = call.NoAnswer, call.PBXItself
		return
	}
	s.speak(o, c)
}

// forwardInDialplan: the phone does not answer, and a colleague or a mobile is tried.
func forwardInDialplan(s *script, p *pbx) {
	c := s.incoming("forward in dialplan", p, did+"301")
	s.runs(c, "from-trunk", c.exten, "Goto", "from-internal,301,1")
	s.runs(c, "from-internal", "301", "Dial", "PJSIP/101,5,tTkK")
	l := s.dial(c, s.phone(p))
	s.wait(3, 6)
	s.gone(l, call.ResultNoAnswer, "NOANSWER", "0")
	var o *leg
	if s.chance(0.5) {
		number := s.h.outsider()
		s.runs(c, "from-internal", "301", "Dial", "PJSIP/"+number+"@carrier,20,tTkK")
		o = s.dialOutside(c, number, false)
		s.state(o.to, stateRinging)
	} else {
		s.runs(c, "from-internal", "301", "Dial", "PJSIP/102,20,tTkK")
		o = s.dial(c, s.phone(p))
	}
	s.wait(1, 6)
	s.speak(o, c)
}

// speak: who was reached at last answers, and talks with the caller until one of them hangs up.
func (s *script) speak(o *leg, c *channel) {
	s.connects(o, nil)
	k := s.talk(o.to, c, "")
	s.optimises(o)
	s.c.Call.Disposition = call.Answered
	s.wait(1, 10)
	s.endsTalk(o, k)
}

// followMe: behind a Local pair the desk phone is tried, then another, then the mobile.
func followMe(s *script, p *pbx) {
	f := s.phone(p)
	c := s.incoming("follow-me", p, did+f.name)
	s.runs(c, "from-trunk", c.exten, "Goto", "from-internal,"+f.name+",1")
	s.runs(c, "from-internal", f.name, "Dial", "Local/"+f.name+"@follow,60")
	o := &leg{by: c}
	two := s.through(o, c, f.name, "follow", s.chance(0.5))
	for range 1 + s.r.IntN(2) {
		l := &leg{by: two}
		s.reach(l, two, f)
		s.wait(2, 4)
		s.gone(l, call.ResultNoAnswer, "NOANSWER", "0")
	}
	number := s.h.outsider()
	s.runs(two, "follow", f.name, "Dial", "PJSIP/"+number+"@carrier,20")
	l := s.dialOutside(two, number, false)
	s.state(l.to, stateRinging)
	o.to = l.to
	s.progress(o)
	s.wait(2, 5)
	if s.chance(0.3) {
		s.c.Kind = "follow-me, nobody"
		s.asksToEnd(c, "")
		s.gone(o, call.ResultCancelled, "CANCEL", "0")
		s.ends(c, "0")
		s.c.Call.Disposition, s.c.Call.HangupBy = call.Abandoned, call.Caller
		return
	}
	s.speak(o, c)
}

// screening: who is called hears "press 1 to accept" before the caller is let through, and accepts or refuses.
func screening(s *script, p *pbx) {
	f := s.phone(p)
	c := s.incoming("call screening", p, did+f.name)
	s.runs(c, "from-trunk", c.exten, "Goto", "from-internal,"+f.name+",1")
	s.runs(c, "from-internal", f.name, "Dial", "Local/"+f.name+"@screen/n,60")
	l := &leg{by: c}
	two := s.through(l, c, f.name, "screen", true)
	s.reach(l, two, f)
	s.progress(l)
	s.wait(1, 4)
	s.state(l.to, stateUp)
	picked := s.last
	s.dialEnd(two, l.to, "ANSWER")
	s.wait(1, 4)
	if s.chance(0.5) {
		s.c.Kind = "call screening refused"
		l.ringEnds(picked, call.ResultDeclined)
		prompt := s.bridge(p)
		s.enter(l.to, prompt, nil)
		s.enter(two, prompt, nil)
		s.leave(l.to)
		s.leave(two)
		s.destroy(p, prompt)
		s.ends(l.to, "16")
		s.dialEnd(c, l.via[0].one, "NOANSWER")
		s.ends(l.via[0].one, "16")
		s.ends(two, "16")
		s.ends(c, "16")
		s.c.Call.Disposition, s.c.Call.HangupBy = call.NoAnswer, call.PBXItself
		return
	}
	l.ringEnds(picked, call.ResultAnswered)
	s.state(two, stateUp)
	inner := s.bridge(p)
	s.enter(l.to, inner, nil)
	s.state(l.via[0].one, stateUp)
	s.enter(two, inner, nil)
	s.answered(l)
	s.state(c, stateUp)
	b := s.bridge(p)
	s.enter(l.via[0].one, b, nil)
	s.enter(c, b, nil)
	k := s.talk(l.to, c, "")
	s.c.Call.Disposition = call.Answered
	s.wait(1, 10)
	s.endsTalk(l, k)
}

// directVoicemail: the phone does not answer and the caller leaves a message.
func directVoicemail(s *script, p *pbx) {
	f := s.phone(p)
	c := s.incoming("voicemail", p, did+f.name)
	s.runs(c, "from-trunk", c.exten, "Goto", "from-internal,"+f.name+",1")
	s.runs(c, "from-internal", f.name, "Dial", "PJSIP/"+f.name+",6,tTkK")
	l := s.dial(c, f)
	s.wait(4, 6)
	s.gone(l, call.ResultNoAnswer, "NOANSWER", "0")
	s.voicemail(c)
}
