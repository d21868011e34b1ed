package call

import (
	"slices"
)

// Drain returns the calls that changed since it was called last, each as it is known now: open ones, and once the
// settle delay has passed final ones (Open false). A final call comes again, with a higher Rev, if late events change it.
func (a *Assembler) Drain() []*Call { return a.drain(false) }

// Flush ends a recording: whatever has ended is final, whatever has not is handed out as open.
func (a *Assembler) Flush() []*Call {
	return a.drain(true)
}

func (a *Assembler) drain(flush bool) []*Call {
	if flush {
		a.cross.settle(a)
	}
	a.cross.expire(a.slowest())
	a.recast()
	list := a.due(flush)
	var out []*Call
	for _, s := range list {
		if c := a.derive(s, flush); c != nil {
			out = append(out, c)
		}
	}
	a.drop()
	return out
}

// due returns the stories to derive now, by first sight: the changed ones, and those whose delay has passed.
func (a *Assembler) due(flush bool) []*component {
	changed := a.dirty
	a.dirty = nil
	list := make([]*component, 0, len(changed))
	for _, s := range changed {
		s.dirty = false
		switch {
		case s.dead:
			continue
		case s.open > 0 && !flush && !a.worthwhile(s):
			s.dirty = true
			a.dirty = append(a.dirty, s)
			continue
		case s.open == 0 && !s.waiting:
			s.waiting = true
			a.settling = append(a.settling, s)
		}
		s.listed = true
		list = append(list, s)
	}
	for _, s := range a.settling {
		if !s.dead && !s.listed && s.open == 0 && (flush || a.settled(s)) {
			s.listed = true
			list = append(list, s)
		}
	}
	slices.SortFunc(list, func(x, y *component) int { return compare(x.order, y.order) })
	return list
}

func (a *Assembler) settled(s *component) bool {
	return a.nowOf(s) >= s.last+int64(a.options.Settle/1000)
}

// nowOf is the latest time on the PBXs the story is on.
func (a *Assembler) nowOf(s *component) int64 {
	var now int64
	for _, p := range s.pbxs {
		now = max(now, p.now)
	}
	return now
}

// Large open calls are not worked out again for every event: the cost of one derivation is spread over as much stream
// time, so that a call of ten thousand channels stays linear. What is shown of one is that much behind at most.
const (
	smallCall  = 128 // channels
	perChannel = second / smallCall
)

func (a *Assembler) worthwhile(s *component) bool {
	n := len(s.channels)
	return n <= smallCall || a.nowOf(s)-s.derived >= int64(n)*perChannel
}

// derive works out a story. It returns nil where there is nothing new to say.
func (a *Assembler) derive(s *component, flush bool) *Call {
	now := a.nowOf(s)
	final := s.open == 0 && (flush || s.closed || a.settled(s))
	c := a.story(s, now, !final)
	s.derived, s.listed = now, false
	if final && !s.closed {
		s.closed = true
	}
	if c == nil {
		s.hidden = true
		return nil
	}
	var print uint64
	print, a.print = c.fingerprint(a.print)
	if print = s.withAttributes(print); print == s.print {
		return nil
	}
	s.print = print
	if final {
		a.counters.Finished++
	}
	for _, id := range s.handed {
		if id != c.ID {
			c.Supersedes = append(c.Supersedes, id)
		}
	}
	if !slices.Contains(s.handed, c.ID) {
		s.handed = append(s.handed, c.ID)
	}
	s.rev++
	c.Rev = s.rev
	return c
}

// drop forgets the stories no late event can change any more.
func (a *Assembler) drop() {
	a.settling = slices.DeleteFunc(a.settling, func(s *component) bool {
		switch {
		case s.dead:
			return true
		case s.open > 0: // a late union brought a living channel
			s.waiting, s.closed = false, false
			return true
		case !s.closed:
			return false
		}
		a.ended = append(a.ended, s)
		return true
	})
	kept, now := 0, a.slowest()
	for kept < len(a.ended) && a.over(a.ended[kept], now, len(a.ended)-kept) {
		if s := a.ended[kept]; s.open > 0 {
			s.waiting, s.closed = false, false
		} else if !s.dead {
			a.forget(s)
		}
		kept++
	}
	a.ended = a.ended[kept:]
}

// A PBX that is behind the others may yet tell of a leg that joins one of its calls with one of theirs.
const (
	longestLag = 3600 * second // a PBX further behind is not waited for
	maxHeld    = 1 << 12       // stories kept for that
)

// slowest is how far all PBXs have told.
func (a *Assembler) slowest() int64 {
	least := a.now
	for _, p := range a.pbxs {
		if p.now != 0 && a.now-p.now <= longestLag {
			least = min(least, p.now)
		}
	}
	return least
}

// over tells an ended story that nothing can change any more, of so many that are kept.
func (a *Assembler) over(s *component, slowest int64, kept int) bool {
	until := s.last + a.keepFor()
	return s.dead || a.nowOf(s) >= until && (slowest >= until || kept > maxHeld)
}

func (a *Assembler) keepFor() int64 { return int64((a.options.Settle + a.options.Reopen) / 1000) }

func (a *Assembler) forget(s *component) {
	s.dead = true
	for _, c := range s.channels {
		a.cross.done(c)
		p := c.pbx
		if p.channels[c.id] == c {
			delete(p.channels, c.id)
		}
		if p.old[c.id] == c {
			delete(p.old, c.id)
		}
		for _, l := range c.linked {
			if o := p.linked[l]; o != nil && o.part == s {
				delete(p.linked, l)
			}
		}
		if pair, _ := halfOf(c.name); c.kind == kindLocal && p.halves[pair] == c {
			delete(p.halves, pair)
		}
		for i := range c.stays {
			if b := c.stays[i].bridge; p.bridges[b.id] == b && len(b.members) == 0 {
				delete(p.bridges, b.id)
			}
		}
	}
}
