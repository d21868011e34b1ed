package history

import (
	"math/rand/v2"
	"slices"
)

// Disturbance is a silence that a call lived through.
type Disturbance struct {
	PBX      string
	Kind     Silence
	From, To int64 // µs since 1970
}

// schedule draws the silences of a PBX until a moment.
func schedule(r *rand.Rand, mean float64, kinds []Silence, until int64) []silence {
	var list []silence
	for t := epoch + 30*second; ; {
		t += int64(r.ExpFloat64()*mean*float64(second)) + 90*second
		if t > until {
			return list
		}
		s := silence{kind: kinds[r.IntN(len(kinds))]}
		length := int64((0.3 + 4*r.ExpFloat64()) * float64(second))
		if s.kind.restart() {
			length += 6 * second
		}
		s.span = span{t, t + length}
		list = append(list, s)
		t = s.to
	}
}

// deadAt tells whether Asterisk does not run at a moment.
func (p *pbx) deadAt(t int64) bool {
	for _, s := range p.silences {
		if s.kind.restart() && s.from <= t && t < s.to {
			return true
		}
	}
	return false
}

// survives takes out of a plan what a PBX did not live to do. It returns false if a call came to a PBX that does not run.
func (s *script) survives() bool {
	began := map[*pbx]int64{}
	for _, i := range s.items {
		if _, ok := began[i.p]; !ok {
			began[i.p] = i.t
		}
	}
	for p, t := range began {
		if p.deadAt(t) {
			return false
		}
		for _, q := range p.silences {
			if !q.kind.restart() || q.from <= t || q.from > s.t {
				continue
			}
			s.items = slices.DeleteFunc(s.items, func(i item) bool { return i.p == p && i.t >= q.from })
			for _, c := range s.calls {
				c.dies(p, q.from)
			}
		}
	}
	return true
}

// dies ends the channels a call has on a PBX.
func (t *Truth) dies(p *pbx, us int64) {
	for _, c := range t.own {
		if c.p == p && (c.ended == 0 || c.ended > us) {
			c.ended = us
		}
	}
	t.own = slices.DeleteFunc(t.own, func(c *channel) bool { return c.p == p && c.born >= us })
	t.Channels = t.Channels[:0]
	for _, c := range t.own {
		t.Channels = append(t.Channels, Channel{PBX: c.p.name, Uniqueid: c.id})
	}
}

// disturb notes which silences a call lives through, and what of it nobody can have heard.
func (t *Truth) disturb() {
	for _, c := range t.own {
		heard := true
		for _, q := range c.p.silences {
			if c.born >= q.to || c.ended < q.from {
				continue
			}
			d := Disturbance{PBX: c.p.name, Kind: q.kind, From: q.from, To: q.to}
			if !slices.Contains(t.Disturbed, d) {
				t.Disturbed = append(t.Disturbed, d)
			}
			if c.born >= q.from {
				t.Late = true
			}
			if c.born >= q.from && c.ended <= q.to {
				heard = false
			}
		}
		t.Heard = t.Heard || heard
		if c == t.first {
			t.FirstHeard = heard
		}
	}
}
