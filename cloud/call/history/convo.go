package history

import (
	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/shared/wire"
)

// convo is a talk that somebody of ours may hand on: ours is who will, other who is handed on.
type convo struct {
	l           *leg
	k           *talking
	w           *waiting // nil outside queues
	late        *waiting // a queue that has not noticed that its agent is gone
	ours, other *channel
}

// converse begins a talk of any kind.
func (s *script) converse(kind string, p *pbx) *convo {
	s.plain = true
	switch s.r.IntN(5) {
	case 0, 1:
		w, l, k := s.talkFromQueue(kind, p)
		return &convo{l: l, k: k, w: w, ours: l.to, other: w.c}
	case 2:
		l, k := s.outboundTalk(kind, p)
		return &convo{l: l, k: k, ours: l.by, other: l.to}
	default:
		l, k := s.directTalk(kind, p)
		if s.internal() && s.chance(0.3) { // who called hands on whom it called
			return &convo{l: l, k: k, ours: l.by, other: l.to}
		}
		return &convo{l: l, k: k, ours: l.to, other: l.by}
	}
}

// complete is the queue's word that its agent handed the call on, if a queue gave it the call.
func (c *convo) complete(s *script, reason string) {
	if c.w != nil {
		c.w.completes(s, c.l, reason)
		c.w = nil
	}
}

// holds puts the other side on hold.
func (s *script) holds(c *channel, k *talking) *call.Hold {
	t := s.of(c, wire.EvHold).add(wire.FMusicClass, "default").send()
	k.pause(t)
	h := &call.Hold{PBX: c.p.name, By: c.who, From: at(t)}
	s.c.holds = append(s.c.holds, h)
	return h
}

func (s *script) unholds(c *channel, h *call.Hold) int64 {
	t := s.of(c, wire.EvUnhold).send()
	if h != nil {
		h.To = at(t)
	}
	return t
}

// holding: one side puts the other on hold, once or more; some hang up meanwhile.
func holding(s *script, p *pbx) {
	c := s.converse("hold", p)
	for range 1 + s.r.IntN(3) {
		s.wait(1, 5)
		h := s.holds(c.ours, c.k)
		s.wait(1, 6)
		if s.chance(0.2) {
			s.c.Kind = "hang-up while on hold"
			c.end(s, c.other)
			h.To = at(s.c.ends[c.ours])
			return
		}
		c.k.again(s, s.unholds(c.ours, h))
	}
	s.wait(1, 5)
	c.end(s, c.any(s))
}

func (c *convo) any(s *script) *channel {
	if s.chance(0.5) {
		return c.ours
	}
	return c.other
}

// end lets one of the two hang up.
func (c *convo) end(s *script, who *channel) {
	s.c.Call.HangupBy = call.Callee
	if who == s.c.first {
		s.c.Call.HangupBy = call.Caller
	}
	reason := "agent"
	if who == c.other {
		reason = "caller"
	}
	s.hangsUp(who, c.l, c.k, func() { c.complete(s, reason) })
}
