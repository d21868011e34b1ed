package history

import (
	"strconv"

	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/shared/wire"
)

// wait is a stay of a caller in a queue.
type waiting struct {
	c     *channel
	row   *call.QueueVisit
	team  []agent
	legs  []*leg // that ring now
	since int64
}

// agent is a member of a queue: a phone, behind some Local pairs or none.
type agent struct {
	f     *phone
	name  string
	depth int
	stays bool
}

var givenNames = [...]string{"Anna Alpha", "Boris Beta", "Clara Gamma", "Denis Delta", "Elena Epsilon", "Fedor Phi", "Галина", "Иван"}

// team draws members of a queue.
func (s *script) team(p *pbx, most int) []agent {
	list := make([]agent, 1+s.r.IntN(most))
	for i := range list {
		a := agent{f: s.phone(p), name: givenNames[s.r.IntN(len(givenNames))]}
		if s.chance(0.3) {
			a.depth, a.stays = 1, s.chance(0.5) && !s.plain
			if s.chance(0.3) {
				a.depth = 2 + s.r.IntN(2)
			}
		}
		list[i] = a
	}
	return list
}

// joins lets a caller enter a queue.
func (s *script) joins(c *channel, exten, queue string, team []agent) *waiting {
	s.runs(c, "queues", exten, "Queue", queue+",tTkK,,,300")
	w := &waiting{c: c, team: team}
	position := 1 + s.r.IntN(3)
	t := s.of(c, wire.EvQueueCallerJoin).add(wire.FQueue, queue).number(wire.FPosition, int64(position)).number(wire.FCount, int64(position)).send()
	w.row = &call.QueueVisit{PBX: c.p.name, Queue: queue, Entered: at(t), Position: position}
	w.since = t
	c.waits = w.row
	s.c.visits = append(s.c.visits, w.row)
	return w
}

// summons lets a queue ring some of its members.
func (s *script) summons(w *waiting, members ...agent) {
	for _, a := range members {
		l := &leg{by: w.c, queue: w.row.Queue, member: a.name}
		if a.depth == 0 {
			s.callsDevice(w, l, a)
		} else {
			s.callsLocal(w, l, a)
		}
		w.legs = append(w.legs, l)
	}
	for _, l := range w.legs {
		if l.to.state == stateDown {
			s.state(l.to, stateRinging)
			s.outgoingLine(l.to, l.to.exten, "AppQueue")
			s.progress(l)
		}
	}
}

func (s *script) agentCalled(w *waiting, l *leg) int64 {
	return s.event(w.c.p, wire.EvAgentCalled).channel(roleMain, w.c).channel(roleDest, l.head()).add(wire.FQueue, w.row.Queue).
		add(wire.FInterface, l.iface).add(wire.FMemberName, l.member).send()
}

func (s *script) callsDevice(w *waiting, l *leg, a agent) {
	l.iface = a.f.device()
	l.to = s.create(w.c.p, w.c.p.channelName(a.f.device()), stateDown, a.f.name, "s", "from-internal", w.c)
	l.to.exten, l.to.app, l.to.connected = w.c.exten, "AppQueue", w.c.number
	s.rings(l, a.f.name, s.agentCalled(w, l))
	s.dialBegin(w.c, l.to, l.iface)
}

func (s *script) callsLocal(w *waiting, l *leg, a agent) {
	context := "agents"
	l.iface = "Local/" + a.f.name + "@" + context
	if a.stays {
		l.iface += "/n"
	}
	v := s.local(w.c, a.f.name, context, a.stays)
	l.via = []*pair{v}
	s.localBridge(v)
	s.agentCalled(w, l)
	s.dialBegin(w.c, v.one, l.iface)
	s.runs(v.two, context, a.f.name, "Dial", "PJSIP/"+a.f.name+",,tTkK")
	by := v.two
	for range a.depth - 1 {
		by = s.through(l, by, a.f.name, "follow", a.stays)
	}
	s.reach(l, by, a.f)
}

// giveUp ends the rings of all members after their time. They are called anew or not.
func (s *script) giveUp(w *waiting) {
	for _, l := range w.legs {
		s.agentRefused(w, l)
	}
	for _, l := range w.legs {
		t := s.dialEnd(l.by, l.head(), "NOANSWER")
		if len(l.via) == 0 {
			l.ringEnds(t, call.ResultNoAnswer)
		}
	}
	for _, l := range w.legs {
		s.gone(l, call.ResultNoAnswer, "CANCEL", "0")
	}
	w.legs = nil
}

func (s *script) agentRefused(w *waiting, l *leg) {
	s.event(w.c.p, wire.EvAgentRingNoAnswer).channel(roleMain, w.c).channel(roleDest, l.head()).add(wire.FQueue, w.row.Queue).
		add(wire.FInterface, l.iface).add(wire.FMemberName, l.member).number(wire.FRingTime, (s.t-w.since)/1000).send()
}

// stopRinging ends the rings of all members because nobody is needed any more.
func (s *script) stopRinging(w *waiting, legs []*leg, cause string) {
	for _, l := range legs {
		t := s.dialEnd(l.by, l.head(), "CANCEL")
		if len(l.via) == 0 {
			l.ringEnds(t, call.ResultCancelled)
		}
	}
	for _, l := range legs {
		s.gone(l, call.ResultCancelled, "CANCEL", cause)
	}
	w.legs = nil
}

func (w *waiting) leaves(s *script, r call.Result) {
	t := s.of(w.c, wire.EvQueueCallerLeave).add(wire.FQueue, w.row.Queue).number(wire.FPosition, int64(w.row.Position)).add(wire.FCount, "0").send()
	w.row.Left, w.row.Result = at(t), r
	w.c.waits = nil
}

func (w *waiting) abandons(s *script) {
	s.of(w.c, wire.EvQueueCallerAbandon).add(wire.FQueue, w.row.Queue).number(wire.FPosition, int64(w.row.Position)).
		number(wire.FOriginalPosition, int64(w.row.Position)).number(wire.FHoldTime, (s.t-w.since)/second).send()
}

// status lets the PBX say what became of a stay, if the dialplan can be seen.
func (s *script) queueStatus(w *waiting, status string) {
	if w.c.p.quiet {
		return
	}
	s.of(w.c, wire.EvVarSet).add(wire.FVariable, "QUEUESTATUS").add(wire.FValue, status).send()
}

// served lets one of the ringing members take the caller. It returns the bridge's other side.
func (s *script) served(w *waiting, l *leg) *talking {
	s.picksUp(l)
	s.answered(l)
	var rivals []*leg
	for _, r := range w.legs {
		if r != l {
			rivals = append(rivals, r)
		}
	}
	s.stopRinging(w, rivals, "26")
	w.leaves(s, call.ResultAnswered)
	w.row.Operator, w.row.Member = l.to.who, l.member
	s.event(w.c.p, wire.EvAgentConnect).channel(roleMain, w.c).channel(roleDest, l.head()).add(wire.FQueue, w.row.Queue).add(wire.FInterface, l.iface).
		add(wire.FMemberName, l.member).number(wire.FHoldTime, (s.t-w.since)/second).add(wire.FRingTime, "1").send()
	b := s.bridge(w.c.p)
	s.enter(l.head(), b, nil)
	s.enter(w.c, b, nil)
	k := s.talk(l.to, w.c, w.row.Queue)
	w.since = s.last
	s.optimises(l)
	return k
}

// completes is the queue's word that a talk is over.
func (w *waiting) completes(s *script, l *leg, reason string) {
	d := s.event(w.c.p, wire.EvAgentComplete).channel(roleMain, w.c)
	if l != nil {
		d.channel(roleDest, l.head())
	}
	d.add(wire.FQueue, w.row.Queue).add(wire.FMemberName, w.row.Member).add(wire.FHoldTime, strconv.FormatInt(w.row.Left.Sub(w.row.Entered).Milliseconds()/1000, 10)).
		number(wire.FTalkTime, (s.t-w.since)/second).add(wire.FReason, reason).send()
}

// rounds rings members in vain some times: all at once, or one after the other.
func (s *script) rounds(w *waiting, most int) {
	linear := s.chance(0.4)
	for i := range s.r.IntN(most + 1) {
		if linear {
			s.summons(w, w.team[i%len(w.team)])
		} else {
			s.summons(w, w.team...)
		}
		switch l := w.legs[len(w.legs)-1]; {
		case len(w.legs) == 1 && len(l.via) == 0 && s.chance(0.3): // busy
			s.wait(0.01, 0.2)
			s.agentRefused(w, l)
			s.refuses(l, call.ResultBusy, "NOANSWER", "17")
			w.legs = nil
		case len(w.legs) == 1 && len(l.via) == 0 && s.chance(0.3): // declined
			s.wait(1, 3)
			s.agentRefused(w, l)
			s.refuses(l, call.ResultDeclined, "NOANSWER", "21")
			w.legs = nil
		default:
			s.wait(2, 6)
			s.giveUp(w)
		}
		s.wait(0.9, 1.1)
	}
	if linear {
		s.summons(w, w.team[0])
	} else {
		s.summons(w, w.team...)
	}
}
