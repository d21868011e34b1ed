package call

import "slices"

// Talk comes from bridge membership alone: two parties talk while a path leads from one to the other through bridges and
// glue (Local pairs, trunks between PBXs). States, dial results and queue counters say nothing about who hears whom.

// talkSpan is an interval in which two parties could speak.
type talkSpan struct {
	x, y     *channel
	from, to int64
	guessed  bool // its start was not seen
	unseen   bool // its end was not seen
}

// Gaps of less than this between two talks of the same two are a Local pair being optimised away, a masquerade or a
// bridge merge, no pause. Shorter talks than the second are no talks.
const (
	talkGap   = second / 4
	talkLeast = second / 20
)

type move struct {
	t     int64
	enter bool
	c     *channel
	s     *stay
}

// sweep walks through all comings and goings of a story once.
type sweep struct {
	now    int64
	moves  []move
	active []talkSpan
	done   []talkSpan
	queue  []*bridge
	group  []*channel
	stamp  uint32
}

// talks returns who talked with whom, in order of begin.
func (w *sweep) talks(channels []*channel, now int64) []talkSpan {
	w.now = now
	w.moves, w.active, w.done = w.moves[:0], w.active[:0], nil
	for _, c := range channels {
		for i := range c.stays {
			s := &c.stays[i]
			if s.bridge.use != useTalk {
				continue
			}
			w.moves = append(w.moves, move{t: s.from, enter: true, c: c, s: s})
			if s.to != 0 {
				w.moves = append(w.moves, move{t: s.to, c: c, s: s})
			}
		}
	}
	slices.SortStableFunc(w.moves, func(x, y move) int { return compare(x.t, y.t) })
	for i := range w.moves {
		w.step(&w.moves[i])
	}
	for i := range w.active {
		w.close(i, now)
	}
	for i := range w.moves { // leave the scratch of bridges and channels clean
		m := &w.moves[i]
		m.c.in, m.s.bridge.inside = nil, m.s.bridge.inside[:0]
	}
	return merged(w.done)
}

func (w *sweep) step(m *move) {
	b := m.s.bridge
	if m.enter {
		if m.s.to != 0 && m.s.to <= m.s.from {
			return
		}
		if old := m.c.in; old != nil {
			old.without(m.c)
		}
		m.c.in = b
		b.inside = append(b.inside, m.c)
		w.begin(b, m)
		return
	}
	if m.c.in == b {
		m.c.in = nil
	}
	b.without(m.c)
	kept := w.active[:0]
	for i := range w.active {
		if t := &w.active[i]; t.x == m.c || t.y == m.c || !w.connected(t.x, t.y) {
			w.active[i].unseen = m.s.unseen
			w.close(i, m.t)
			continue
		}
		kept = append(kept, w.active[i])
	}
	w.active = kept
}

// begin starts a talk between all that are connected now and were not.
func (w *sweep) begin(b *bridge, m *move) {
	group := w.reach(b)
	for i, x := range group {
		for _, y := range group[i+1:] {
			if !w.talking(x, y) {
				w.active = append(w.active, talkSpan{x: x, y: y, from: max(m.t, x.up, y.up), guessed: m.s.guessed})
			}
		}
	}
}

func (w *sweep) talking(x, y *channel) bool {
	for i := range w.active {
		if t := &w.active[i]; t.x == x && t.y == y || t.x == y && t.y == x {
			return true
		}
	}
	return false
}

func (w *sweep) close(i int, t int64) {
	s := w.active[i]
	s.to = max(t, s.from)
	w.done = append(w.done, s)
}

func (w *sweep) connected(x, y *channel) bool {
	return x.in != nil && y.in != nil && slices.Contains(w.reach(x.in), y)
}

// reach returns the parties that hear what is said in a bridge.
func (w *sweep) reach(b *bridge) []*channel {
	w.stamp++
	w.queue, w.group = append(w.queue[:0], b), w.group[:0]
	b.stamp = w.stamp
	for len(w.queue) > 0 {
		b, w.queue = w.queue[len(w.queue)-1], w.queue[:len(w.queue)-1]
		for _, c := range b.inside {
			if !c.glue() {
				w.group = append(w.group, c)
				continue
			}
			if o := c.peer; o != nil && o.in != nil && o.in.stamp != w.stamp {
				o.in.stamp = w.stamp
				w.queue = append(w.queue, o.in)
			}
		}
	}
	return w.group
}

func (b *bridge) without(c *channel) {
	if i := slices.Index(b.inside, c); i >= 0 {
		b.inside = append(b.inside[:i], b.inside[i+1:]...)
	}
}

// merged joins the talks of the same two that only a technical gap parts.
func merged(list []talkSpan) []talkSpan {
	slices.SortStableFunc(list, func(x, y talkSpan) int { return compare(x.from, y.from) })
	var out []talkSpan
next:
	for _, t := range list {
		for i := len(out) - 1; i >= 0; i-- {
			o := &out[i]
			if (o.x == t.x && o.y == t.y || o.x == t.y && o.y == t.x) && t.from-o.to <= talkGap {
				if t.to >= o.to {
					o.to, o.unseen = t.to, t.unseen
				}
				continue next
			}
		}
		out = append(out, t)
	}
	return slices.DeleteFunc(out, func(t talkSpan) bool { return t.to-t.from < talkLeast })
}

// without cuts intervals out of another; what is left is in order.
func without(s span, cuts []span) []span {
	left := []span{s}
	for _, k := range cuts {
		var next []span
		for _, p := range left {
			if k.to <= p.from || k.from >= p.to {
				next = append(next, p)
				continue
			}
			if k.from > p.from {
				next = append(next, span{p.from, k.from})
			}
			if k.to < p.to {
				next = append(next, span{k.to, p.to})
			}
		}
		left = next
	}
	return left
}
