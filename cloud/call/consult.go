package call

import (
	"cmp"
	"slices"
)

// A consultation is a talk between two of ours that begins while one of them has somebody else on hold. A phone uses a
// second channel for it; by feature code it is the same channel, which leaves the bridge its hold was for.

// consulting returns the parts of a talk that are a consultation: while somebody else waits, and is not with the two.
func (t *story) consulting(s *talkSpan) []span {
	if t.customer(s.x) || t.customer(s.y) {
		return nil
	}
	var parts []span
	for _, c := range []*channel{s.x, s.y} {
		for _, o := range t.holders {
			if o.ep != c.ep {
				continue
			}
			for _, h := range o.holds {
				h = t.held(o, h)
				if z := t.waiting(o, h, s); z != nil {
					parts = append(parts, span{max(h.from, s.from), min(h.to, t.togetherFrom(s, z))})
				}
			}
		}
	}
	return parts
}

// waiting returns the party that a hold makes wait while a later talk of the same device goes on, nil if the hold is about
// that talk itself.
func (t *story) waiting(c *channel, h span, s *talkSpan) *channel {
	if h.from >= s.to || h.to <= s.from+talkGap {
		return nil
	}
	for i := range t.talks {
		p := &t.talks[i]
		z := p.other(c)
		if z == nil || p.from > h.from || p.to < h.from-talkGap || p.from >= s.from || s.other(z) != nil || z.ended() && z.end <= s.from {
			continue
		}
		return z
	}
	return nil
}

// held is a hold with its end, which is now for one that lasts.
func (t *story) held(c *channel, h span) span {
	return span{h.from, cmp.Or(t.heldUntil(c, h), t.now)}
}

// heldUntil is when a hold ended, 0 if it lasts. Asterisk takes a phone off hold in the course of handing its call on; the
// other side waits until it is handed on. A phone that hung up holds nobody, however long Asterisk keeps its channel.
func (t *story) heldUntil(c *channel, h span) int64 {
	end := cmp.Or(h.to, c.end)
	if c.hangupAt > h.from && (end == 0 || c.hangupAt < end) {
		return c.hangupAt
	}
	if h.to == 0 {
		return end
	}
	for _, x := range t.s.transfers {
		if (x.by == c || x.second == c) && h.to <= x.at && x.at-h.to <= second {
			return c.leftBy(h.to, x.at)
		}
	}
	return end
}

// leftBy is when a channel left the bridge it was in at a moment, at the latest a later moment.
func (c *channel) leftBy(us, latest int64) int64 {
	for i := range c.stays {
		if s := &c.stays[i]; s.from <= us && s.to >= us {
			latest = min(latest, s.to)
		}
	}
	return latest
}

// togetherFrom is when a party that waited joins a talk, or the end of the talk if it does not.
func (t *story) togetherFrom(s *talkSpan, z *channel) int64 {
	until := s.to
	for i := range t.talks {
		p := &t.talks[i]
		if o := p.other(z); o != nil && s.other(o) != nil && p.from > s.from && p.from < until {
			until = p.from
		}
	}
	return until
}

// divided cuts an interval at the edges of others and tells which pieces lie in one of them.
func divided(s span, by []span) (pieces []span, inside []bool) {
	if len(by) == 0 {
		return []span{s}, []bool{false}
	}
	edges := []int64{s.from, s.to}
	for _, k := range by {
		for _, us := range []int64{k.from, k.to} {
			if us-s.from >= talkLeast && s.to-us >= talkLeast {
				edges = append(edges, us)
			}
		}
	}
	slices.Sort(edges)
	edges = slices.Compact(edges)
	for i := 1; i < len(edges); i++ {
		p := span{edges[i-1], edges[i]}
		in := slices.ContainsFunc(by, func(k span) bool { return k.from <= p.from+talkLeast && k.to >= p.to-talkLeast })
		if n := len(pieces); n > 0 && inside[n-1] == in {
			pieces[n-1].to = p.to
			continue
		}
		pieces, inside = append(pieces, p), append(inside, in)
	}
	return pieces, inside
}
