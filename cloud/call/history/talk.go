package history

import (
	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/shared/wire"
)

// talking is two parties that hear each other.
type talking struct {
	row   *call.Talk // nil while they do not
	like  call.Talk
	of    *Truth
	apart bool // one of them has left
}

// talk notes that an operator hears another party from the latest event on.
func (s *script) talk(operator, other *channel, queue string) *talking {
	k := &talking{of: s.c, like: call.Talk{PBX: operator.p.name, Operator: operator.who, With: other.who, Queue: queue}}
	if other.customer || other == s.c.first && s.c.Call.Direction == call.Inbound {
		k.like.With = "customer"
	}
	k.again(s, s.last)
	return k
}

// with tells with whom the talk is where a trunk leg stands between.
func (k *talking) with(other *channel, s *script) {
	k.like.With = other.who
	if other == s.c.first && s.c.Call.Direction == call.Inbound {
		k.like.With = "customer"
	}
	k.row.With = k.like.With
}

// consult is talk between two of ours while another waits.
func (s *script) consult(operator, other *channel, queue string) *talking {
	k := s.talk(operator, other, queue)
	k.row.Consult, k.like.Consult = true, true
	return k
}

func (k *talking) again(s *script, us int64) {
	row := k.like
	row.From = at(us)
	k.row, k.apart = &row, false
	s.c.talks = append(s.c.talks, k.row)
}

// pause ends a talk by a hold: the two stay connected.
func (k *talking) pause(us int64) {
	if k.row != nil {
		k.row.To = at(us)
		k.row = nil
	}
}

// stop ends a talk because one of the two leaves.
func (k *talking) stop(us int64) {
	k.pause(us)
	if !k.apart {
		k.apart = true
		k.of.together = max(k.of.together, us)
	}
}

// connects lets the device of a leg answer and brings it together with its caller. The way through Local pairs is built
// from the device outwards.
func (s *script) connects(l *leg, rivals []*leg) {
	p := l.to.p
	s.picksUp(l)
	s.shuffle(func() { s.cancels(rivals) }, func() { s.answered(l) })
	s.state(l.by, stateUp)
	b := s.bridge(p)
	s.enter(l.head(), b, nil)
	s.enter(l.by, b, nil)
}

// picksUp lets the device answer, and its answer come to the half of a Local pair the caller has called.
func (s *script) picksUp(l *leg) {
	s.up(l)
	to := l.to
	for i := len(l.via) - 1; i >= 0; i-- {
		v := l.via[i]
		s.dialEnd(v.two, to, "ANSWER")
		s.state(v.two, stateUp)
		b := s.bridge(v.two.p)
		s.enter(to, b, nil)
		s.state(v.one, stateUp)
		s.enter(v.two, b, nil)
		to = v.one
	}
}

// answered says that the one that was called has answered.
func (s *script) answered(l *leg) {
	s.dialEnd(l.by, l.head(), "ANSWER")
}

// up lets the device of a leg be picked up, which ends its ringing.
func (s *script) up(l *leg) {
	s.state(l.to, stateUp)
	l.ringEnds(s.last, call.ResultAnswered)
}

// cancels ends the rings of those that were not fast enough.
func (s *script) cancels(rivals []*leg) {
	for _, l := range rivals {
		s.gone(l, call.ResultCancelled, "CANCEL", "26")
	}
}

// optimises takes Local pairs without /n out of the way, as Asterisk does a moment after all are up.
func (s *script) optimises(l *leg) {
	for i := len(l.via) - 1; i >= 0; i-- {
		v := l.via[i]
		if v.stays {
			continue
		}
		s.t += 5_000 + s.r.Int64N(60_000)
		s.optimise(v, l.to)
		l.via = append(l.via[:i], l.via[i+1:]...)
	}
}

// optimise moves a party behind the second half of a pair to where the first one is.
func (s *script) optimise(v *pair, to *channel) {
	inner, outer := to.inside, v.one.inside
	s.event(to.p, wire.EvLocalOptimizationBegin).channel(roleLocalOne, v.one).channel(roleLocalTwo, v.two).channel(roleSource, to).
		add(wire.FDestUniqueid, v.two.id).add(wire.FId, "0").send()
	s.leave(to)
	s.leave(v.one)
	s.enter(to, outer, v.one)
	s.event(to.p, wire.EvLocalOptimizationEnd).channel(roleLocalOne, v.one).channel(roleLocalTwo, v.two).add(wire.FSuccess, "No").add(wire.FId, "0").send()
	s.leave(v.two)
	s.shuffle(func() { s.ends(v.one, "16") }, func() { s.ends(v.two, "16") }, func() { s.destroy(to.p, inner) })
}

// hangsUp lets one of two end a talk.
func (s *script) hangsUp(who *channel, l *leg, k *talking, between func()) {
	cause := ""
	if s.chance(0.5) {
		cause = "16"
	}
	s.asksToEnd(who, cause)
	if between != nil {
		between()
	}
	s.parts(who, l, k)
}

// parts takes a leg apart, from the one who leaves first.
func (s *script) parts(who *channel, l *leg, k *talking) {
	b := l.by.inside
	hops := l.hops()
	if who != l.by { // from the device outwards
		for i := range len(hops) / 2 {
			hops[i], hops[len(hops)-1-i] = hops[len(hops)-1-i], hops[i]
		}
	}
	for i, hop := range hops {
		x, y := hop[0], hop[1]
		if who != l.by {
			x, y = y, x
		}
		inner := x.inside
		t := s.leave(x)
		if i == 0 {
			k.stop(t)
		}
		s.leave(y)
		if inner != b {
			s.destroy(x.p, inner)
		}
	}
	acts := []func(){func() { s.destroy(l.to.p, b) }, func() { s.ends(l.to, "16") }, func() { s.ends(l.by, "16") }}
	for _, v := range l.via {
		acts = append(acts, func() { s.ends(v.one, "16") }, func() { s.ends(v.two, "16") })
	}
	s.shuffle(acts...)
}
