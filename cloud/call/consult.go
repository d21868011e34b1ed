package call

import "cmp"

// A consultation is a talk between two of ours that begins while one of them has somebody else on hold. A phone uses a
// second channel for it; by feature code it is the same channel, which leaves the bridge its hold was for.

// consulting returns until when a talk is a consultation, 0 if it is none. It stops being one when the party that waits
// is with the two.
func (t *story) consulting(s *talkSpan) int64 {
	if t.customer(s.x) || t.customer(s.y) {
		return 0
	}
	for _, c := range []*channel{s.x, s.y} {
		for _, o := range t.holders {
			if o.ep != c.ep {
				continue
			}
			for _, h := range o.holds {
				if z := t.waiting(o, h, s); z != nil {
					return t.togetherFrom(s, z)
				}
			}
		}
	}
	return 0
}

// waiting returns the party that a hold made wait while a later talk of the same device goes on, nil if the hold is
// about that talk itself.
func (t *story) waiting(c *channel, h span, s *talkSpan) *channel {
	if h.from >= s.from || cmp.Or(h.to, c.endOr(t.now)) <= s.from+talkGap {
		return nil
	}
	for i := range t.talks {
		p := &t.talks[i]
		z := p.other(c)
		if z == nil || p.from > h.from || p.to < h.from-talkGap || s.other(z) != nil || z.ended() && z.end <= s.from {
			continue
		}
		return z
	}
	return nil
}

// togetherFrom is when a party that waited joins a talk, or the end of the talk if it does not.
func (t *story) togetherFrom(s *talkSpan, z *channel) int64 {
	until := s.to
	for i := range t.talks {
		p := &t.talks[i]
		if o := p.other(z); o != nil && s.other(o) != nil && p.from > s.from && p.from < until && p.to > p.from {
			until = p.from
		}
	}
	return until
}

// divided cuts an interval in two at a moment within it.
func divided(s span, us int64) []span {
	if us <= s.from || us >= s.to {
		return []span{s}
	}
	return []span{{s.from, us}, {us, s.to}}
}
