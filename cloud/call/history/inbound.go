package history

import (
	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/shared/wire"
)

const did = "74950000"

// menu lets a caller hear a menu and choose.
func (s *script) menu(c *channel) {
	s.runs(c, c.context, c.exten, "Goto", "ivr,s,1")
	s.answers(c, "ivr", "s")
	s.runs(c, "ivr", "s", "BackGround", "demo-thanks")
	s.wait(0.5, 4)
	if s.chance(0.3) {
		s.digit(c, "9")
		s.runs(c, "ivr", "i", "Playback", "pbx-invalid")
		s.wait(1, 2)
		s.runs(c, "ivr", "s", "BackGround", "demo-thanks")
		s.wait(0.5, 3)
	}
	s.digit(c, "6")
	s.runs(c, "ivr", "6", "Goto", "queues,600,1")
}

// toQueue brings a caller from outside into a queue, through a menu or not.
func (s *script) toQueue(kind string, p *pbx, most int) *waiting {
	c := s.incoming(kind, p, did+"600")
	queue := s.h.queueName(s.r)
	if s.chance(0.4) {
		s.menu(c)
	} else {
		s.runs(c, "from-trunk", c.exten, "Goto", "queues,"+queue+",1")
		s.answers(c, "queues", queue)
	}
	return s.joins(c, queue, queue, s.team(p, most))
}

// queueAnswered: a member takes the call, after some rounds in vain.
func queueAnswered(s *script, p *pbx) {
	w, l, k := s.talkFromQueue("queue answered", p)
	s.wait(1, 30)
	s.endsQueueTalk(w, l, k)
}

// talkFromQueue is a call that a member of a queue takes.
func (s *script) talkFromQueue(kind string, p *pbx) (*waiting, *leg, *talking) {
	w := s.toQueue(kind, p, 4)
	s.rounds(w, 2)
	s.wait(0.5, 8)
	l := w.legs[s.r.IntN(len(w.legs))]
	k := s.served(w, l)
	s.c.Call.Disposition = call.Answered
	return w, l, k
}

func (s *script) endsQueueTalk(w *waiting, l *leg, k *talking) {
	if s.chance(0.5) {
		s.c.Call.HangupBy = call.Caller
		s.hangsUp(w.c, l, k, func() { w.completes(s, l, "caller") })
	} else {
		s.c.Call.HangupBy = call.Callee
		s.hangsUp(l.to, l, k, func() { w.completes(s, l, "agent") })
	}
}

// queueAbandoned: the caller gives up, while phones ring or between two rounds.
func queueAbandoned(s *script, p *pbx) {
	w := s.toQueue("queue abandoned", p, 4)
	s.rounds(w, 2)
	s.wait(0.5, 5)
	if s.chance(0.3) {
		s.giveUp(w)
		s.wait(0.2, 0.9)
	}
	s.asksToEnd(w.c, "")
	s.stopRinging(w, w.legs, "0")
	w.abandons(s)
	w.leaves(s, call.ResultAbandoned)
	s.ends(w.c, "0")
	s.c.Call.Disposition, s.c.Call.HangupBy = call.Abandoned, call.Caller
}

// queueTimeout: the caller is put out after a while, and the call ends, goes to another queue, or to voicemail.
func queueTimeout(s *script, p *pbx) {
	w := s.toQueue("queue timeout", p, 3)
	s.rounds(w, 1)
	s.wait(2, 4)
	s.giveUp(w)
	w.abandons(s)
	w.leaves(s, call.ResultTimeout)
	s.queueStatus(w, "TIMEOUT")
	switch s.r.IntN(3) {
	case 0:
		s.runs(w.c, "queues", w.c.exten, "Playback", "vm-goodbye")
		s.wait(1, 2)
		s.ends(w.c, "16")
		s.c.Call.Disposition, s.c.Call.HangupBy = call.Timeout, call.PBXItself
	case 1:
		s.c.Kind = "queue overflow"
		o := s.joins(w.c, w.c.exten, "609", s.team(p, 2))
		s.summons(o, o.team...)
		s.wait(1, 4)
		l := o.legs[0]
		k := s.served(o, l)
		s.c.Call.Disposition = call.Answered
		s.wait(1, 10)
		s.endsQueueTalk(o, l, k)
	default:
		s.c.Kind = "queue, then voicemail"
		s.voicemail(w.c)
	}
}

// voicemail lets a caller leave a message.
func (s *script) voicemail(c *channel) {
	s.runs(c, c.context, c.exten, "VoiceMail", "101@default,u")
	s.state(c, stateUp)
	s.wait(3, 10)
	s.asksToEnd(c, "")
	s.ends(c, "0")
	s.c.Call.Disposition, s.c.Call.HangupBy = call.Voicemail, call.Caller
}

// queueEmpty: nobody serves the queue, at once or after a while.
func queueEmpty(s *script, p *pbx) {
	c := s.incoming("queue left empty", p, did+"607")
	q := s.lend(p.lonely)
	f := s.phone(p)
	s.runs(c, "from-trunk", c.exten, "Goto", "queues,"+q.name+",1")
	s.answers(c, "queues", q.name)
	if s.chance(0.4) {
		s.c.Kind = "queue not joined"
		s.runs(c, "queues", q.name, "Queue", q.name+",tTkK,,,300")
		s.ends(c, "16")
		s.c.Call.Disposition, s.c.Call.HangupBy = call.JoinEmpty, call.PBXItself
		return
	}
	s.memberStatus(p, q.name, f, "2", "0")
	w := s.joins(c, q.name, q.name, []agent{{f: f, name: f.name}})
	s.summons(w, w.team...)
	s.wait(2, 6)
	s.memberStatus(p, q.name, f, "6", "1")
	s.giveUp(w)
	w.abandons(s)
	w.leaves(s, call.ResultLeaveEmpty)
	s.queueStatus(w, "LEAVEEMPTY")
	s.ends(c, "16")
	s.event(p, wire.EvQueueMemberRemoved).add(wire.FQueue, q.name).add(wire.FMemberName, f.name).add(wire.FInterface, f.device()).send()
	s.c.Call.Disposition, s.c.Call.HangupBy = call.LeaveEmpty, call.PBXItself
}

func (s *script) memberStatus(p *pbx, queue string, f *phone, status, paused string) {
	s.event(p, wire.EvQueueMemberStatus).add(wire.FQueue, queue).add(wire.FMemberName, f.name).add(wire.FInterface, f.device()).
		add(wire.FStateInterface, f.device()).add(wire.FStatus, status).add(wire.FPaused, paused).send()
}

// menuLeft: the caller hears the menu and hangs up, or says nothing until the menu hangs up.
func menuLeft(s *script, p *pbx) {
	c := s.incoming("menu left", p, did+"700")
	s.runs(c, "from-trunk", c.exten, "Goto", "ivr,s,1")
	s.answers(c, "ivr", "s")
	s.runs(c, "ivr", "s", "BackGround", "demo-thanks")
	s.wait(1, 5)
	if s.chance(0.5) {
		s.asksToEnd(c, "")
		s.ends(c, "0")
		s.c.Call.Disposition, s.c.Call.HangupBy = call.Abandoned, call.Caller
		return
	}
	s.runs(c, "ivr", "s", "WaitExten", "6")
	s.wait(6, 6.01)
	s.runs(c, "ivr", "t", "Playback", "vm-goodbye")
	s.wait(1, 1.2)
	s.runs(c, "ivr", "t", "Hangup", "")
	s.ends(c, "16")
	s.c.Call.Disposition, s.c.Call.HangupBy = call.Timeout, call.PBXItself
}
