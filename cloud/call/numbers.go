package call

import (
	"container/heap"
	"slices"
	"sort"
	"strings"
)

// Where no reference tells, numbers and times may. Two legs fit if one dialled what the other was asked for, their callers
// are the same or one of them is hidden, and they began, were answered and ended together. They are taken for one if
//
//	each is the other's only fit, by a clear margin        two calls that could be exchanged stay apart: a wrong link is
//	                                                       worse than none
//	rivals had the time to show up                         a decision is never taken back
//	enough is known                                        they went over a trunk that people said is one, or began and were
//	                                                       answered within the same moment, or began, were answered and ended
//	                                                       at an equal distance, as by clocks of which one is wrong
//
// What stays in doubt is told as a possible other half. The work is bounded for each leg, however many there are at once.

const (
	crossWindow  = 10 * second    // legs that begin further apart are never one
	pairedWindow = 30 * second    // the same where people said that the trunk is one
	crossNear    = 2 * second     // legs that begin further apart need all the evidence there can be
	crossWait    = 3 * second     // an earlier or later rival would have shown up by then
	crossAnswer  = second         // the same for an answer
	crossTight   = 3 * second / 4 // how much begin, answer and end of one leg differ among each other on a trunk that nobody knows
	crossMargin  = second         // how much better the right leg must fit than its rivals
	crossEnd     = 2 * second     // the two ends of one leg are answered and end within this
	crossDigits  = 6              // digits that must agree when prefixes differ
	crossLooked  = 256            // legs looked at for one leg; where there are more, nothing is clear
	crossFits    = 32             // the same of legs that fit
	crossShown   = 4              // possible other halves that are told
)

// waiting is a leg whose other end is not known, with what it is looked for by.
type waiting struct {
	c              *channel
	out            bool  // it left
	at             int64 // when it left or came in
	called, caller string
	late           bool // its PBX is told later than others: its own time counts
}

// fit is a leg that may be the other end of another.
type fit struct {
	w      *waiting
	d      int64 // how far apart begin, answer and end are at most
	far    bool  // they begin too far apart for what is known of the clocks
	enough bool
}

func (x *crosser) wait(a *Assembler, s *shelf, w *waiting) {
	w.late = a.now-w.at > crossWait
	w.c.waits = w
	s.put(w)
	x.again(a, w, w.at+crossWait)
}

// done ends a leg's waiting.
func (x *crosser) done(c *channel) {
	w := c.waits
	if w == nil {
		return
	}
	c.waits = nil
	x.shelfOf(w).take(w)
}

func (x *crosser) shelfOf(w *waiting) *shelf {
	if w.out {
		return &x.outs
	}
	return &x.ins
}

// answered and over have a leg looked at again.
func (x *crosser) answered(a *Assembler, c *channel) {
	if c.waits != nil {
		x.again(a, c.waits, c.up+crossAnswer)
	}
}

func (x *crosser) over(a *Assembler, c *channel) {
	if c.waits != nil {
		x.again(a, c.waits, c.end+crossEnd)
	}
}

// timer has a leg looked at when the time has come.
type timer struct {
	at    int64
	order uint64
	w     *waiting
}

type timers []timer

func (t timers) Len() int      { return len(t) }
func (t timers) Swap(i, j int) { t[i], t[j] = t[j], t[i] }
func (t timers) Less(i, j int) bool {
	return t[i].at < t[j].at || t[i].at == t[j].at && t[i].order < t[j].order
}
func (t *timers) Push(v any) { *t = append(*t, v.(timer)) } //nolint:forcetypeassert // by again alone
func (t *timers) Pop() any {
	last := (*t)[len(*t)-1]
	(*t)[len(*t)-1] = timer{}
	*t = (*t)[:len(*t)-1]
	return last
}

func (x *crosser) again(a *Assembler, w *waiting, at int64) {
	t := &x.timers
	if w.late {
		t = &w.c.pbx.timers
	}
	a.order++
	heap.Push(t, timer{at: at, order: a.order, w: w})
}

// ring looks at the legs whose time has come. It goes by the time of the stream, not by when somebody asks for calls.
func (x *crosser) ring(a *Assembler, t *timers, now int64) {
	for len(*t) > 0 && (*t)[0].at <= now {
		w := heap.Pop(t).(timer).w //nolint:forcetypeassert // nothing else is in it
		if w.c.waits == w {
			x.decide(a, w)
		}
	}
}

// reconsider has all legs looked at anew.
func (x *crosser) reconsider(a *Assembler) {
	for _, w := range slices.Concat(x.outs.all(), x.ins.all()) {
		x.again(a, w, a.now)
	}
}

// settle looks at everything that waits, at the end of a recording.
func (x *crosser) settle(a *Assembler) {
	x.flushing = true
	for _, w := range slices.Concat(x.outs.all(), x.ins.all()) {
		if w.c.waits == w {
			x.decide(a, w)
		}
	}
	x.flushing = false
}

// ripe tells whether the rivals of a leg had the time to show up.
func (x *crosser) ripe(a *Assembler, w *waiting) bool {
	now := a.now
	if w.late {
		now = w.c.pbx.now
	}
	return x.flushing || now >= w.at+crossWait
}

// decide links a leg to its other end if it is clear which one that is, or says which ones it may be.
func (x *crosser) decide(a *Assembler, w *waiting) {
	if len(a.pbxs) < 2 || !x.ripe(a, w) {
		return
	}
	for range crossShown {
		mine, clear := x.look(a, w)
		if len(mine) == 0 {
			x.suspect(a, w, nil)
			return
		}
		best, rivals := mine[0], slices.Clone(within(mine))
		if !x.ripe(a, best.w) {
			return
		}
		theirs, sure := x.look(a, best.w)
		switch {
		case !slices.ContainsFunc(within(theirs), func(f fit) bool { return f.w == w }):
			if x.elsewhere(a, best.w, theirs[0], sure) {
				continue
			}
			x.suspect(a, w, nil)
		case !clear || !sure:
			x.suspect(a, w, rivals)
		case best.enough:
			x.byNumbers(a, w, best.w)
		case w.c.ended() && best.w.c.ended(): // begin, answer and end fit, but not well
			x.suspect(a, w, rivals)
		}
		return
	}
}

// elsewhere links the leg that was found for another one to the one it fits better, if that is clear.
func (x *crosser) elsewhere(a *Assembler, w *waiting, better fit, sure bool) bool {
	if !sure || !better.enough || !x.ripe(a, better.w) {
		return false
	}
	if back, clear := x.look(a, better.w); !clear || back[0].w != w {
		return false
	}
	x.byNumbers(a, w, better.w)
	return true
}

// byNumbers links two legs.
func (x *crosser) byNumbers(a *Assembler, w, v *waiting) {
	out, in := w, v
	if !out.out {
		out, in = in, out
	}
	if a.grown(out.c.part, in.c.part) {
		x.done(out.c)
		x.done(in.c)
		return
	}
	x.link(a, &crossing{kind: "numbers", out: out.c, in: in.c, evidence: in.called}, becauseNumbers)
}

// suspect notes the legs that may be the other half.
func (x *crosser) suspect(a *Assembler, w *waiting, rivals []fit) {
	var maybe []*channel
	for _, f := range rivals[:min(len(rivals), crossShown)] {
		maybe = append(maybe, f.w.c)
	}
	if slices.Equal(maybe, w.c.maybe) {
		return
	}
	if w.c.maybe == nil {
		a.counters.Ambiguous++
		if w.out {
			x.use(w.c, maybe[0]).possible++
		}
	}
	w.c.maybe = maybe
	a.touch(w.c.part)
}

// within are the best fit and those that are not clearly worse.
func within(list []fit) []fit {
	for i := range list {
		if list[i].d >= list[0].d+crossMargin && !list[0].far {
			return list[:i]
		}
	}
	return list
}

// look returns what may be a leg's other end, the best first, and whether that is clearly the best. The result is good
// until the next look.
func (x *crosser) look(a *Assembler, w *waiting) (list []fit, clear bool) {
	x.found = x.found[:0]
	other, reach := &x.ins, crossWindow+x.mostLag
	if !w.out {
		other = &x.outs
	}
	if len(x.decided) > 0 {
		reach = pairedWindow + x.mostLag
	}
	all := other.near(w, reach, func(v *waiting) int64 {
		a.counters.Compared++
		out, in := w, v
		if !w.out {
			out, in = v, w
		}
		if f, ok := x.fit(out, in); ok {
			f.w = v
			x.found = append(x.found, f)
			if !f.far { // nothing that began further apart than this can rival it
				reach = min(reach, f.d+crossMargin+x.mostLag)
			}
		}
		if len(x.found) >= crossFits {
			return -1
		}
		return reach
	})
	slices.SortStableFunc(x.found, func(f, g fit) int { return compare(f.d, g.d) })
	return x.found, all && len(within(x.found)) == 1
}

// fit tells whether an outgoing and an incoming leg may be the two ends of one trunk call.
func (x *crosser) fit(out, in *waiting) (f fit, ok bool) {
	o, i := out.c, in.c
	if o.pbx == i.pbx || !sameNumber(out.called, in.called) || out.caller != "" && in.caller != "" && !sameNumber(out.caller, in.caller) {
		return f, false
	}
	ok, paired := x.verdict(endOf(o), endOf(i))
	window := int64(crossWindow)
	if paired {
		window = pairedWindow
	}
	ahead := x.ahead(i.pbx, o.pbx)
	start := in.at - ahead - out.at
	if f.d = distance(start, 0); !ok || f.d > window {
		return f, false
	}
	f.far = f.d > crossNear
	least, most := start, start // differences, which a clock that nobody measured makes large but leaves equal
	if f.far {
		ahead += start
	}
	for _, m := range [][2]int64{{o.up, i.up}, {o.end, i.end}} {
		late := m[1] - ahead - m[0]
		switch {
		case m[0] != 0 && m[1] != 0:
			if distance(late, 0) > crossEnd {
				return f, false
			}
			f.d = max(f.d, distance(late, 0))
			if f.far {
				late += start
			}
			least, most = min(least, late), max(most, late)
		case m[0] != 0 && i.missed(m[0]+ahead), m[1] != 0 && o.missed(m[1]-ahead):
			return f, false
		}
	}
	switch {
	case o.ended() && i.ended():
		f.enough = paired || most-least <= crossTight
	case o.up != 0 && i.up != 0:
		f.enough = !f.far && (paired || f.d <= crossTight)
	default:
		f.enough = !f.far && paired
	}
	return f, true
}

// missed tells whether something that should have befallen a leg at a time has not: it ended, or its PBX's time went past
// that, and nothing was missed.
func (c *channel) missed(t int64) bool {
	return c.guessed&guessGap == 0 && (c.ended() || c.pbx.heard > t+crossEnd)
}

// shelf holds waiting legs by number, each list in order of time.
type shelf struct{ lists map[string][]*waiting }

// keys are the lists a leg is in: of the number that was called by the same caller, and of that number by anybody.
func (w *waiting) keys() [2]string {
	called := tail(w.called)
	return [2]string{called + "\x00" + tail(w.caller), called}
}

func (w *waiting) compare(o *waiting) int {
	if w.at != o.at {
		return compare(w.at, o.at)
	}
	return compare(w.c.order, o.c.order)
}

func (s *shelf) put(w *waiting) {
	if s.lists == nil {
		s.lists = map[string][]*waiting{}
	}
	for _, key := range w.keys() {
		list := s.lists[key]
		i, _ := slices.BinarySearchFunc(list, w, (*waiting).compare)
		s.lists[key] = slices.Insert(list, i, w)
	}
}

func (s *shelf) take(w *waiting) {
	for _, key := range w.keys() {
		list := s.lists[key]
		i, ok := slices.BinarySearchFunc(list, w, (*waiting).compare)
		if !ok {
			continue
		}
		if list = slices.Delete(list, i, i+1); len(list) == 0 {
			delete(s.lists, key)
		} else {
			s.lists[key] = list
		}
	}
}

// near visits the legs that called the same number for the same caller, or where one of the two is hidden, the nearest in
// time first. visit returns how far to go on looking, a negative number to stop. It returns false where that or the number
// of legs ended it.
func (s *shelf) near(w *waiting, reach int64, visit func(*waiting) int64) bool {
	keys := w.keys()
	lists := [][]*waiting{s.lists[keys[1]]}
	if w.caller != "" {
		lists = [][]*waiting{s.lists[keys[0]], s.lists[keys[1]+"\x00"]}
	}
	for _, list := range lists {
		up := sort.Search(len(list), func(i int) bool { return list[i].at >= w.at })
		down := up - 1
		for n := 0; ; n++ {
			lower, upper := reach+1, reach+1
			if down >= 0 {
				lower = w.at - list[down].at
			}
			if up < len(list) {
				upper = list[up].at - w.at
			}
			next := down
			switch {
			case min(lower, upper) > reach:
				next = -1
			case upper <= lower:
				next = up
				up++
			default:
				down--
			}
			if next < 0 {
				break
			}
			if n >= crossLooked {
				return false
			}
			if reach = visit(list[next]); reach < 0 {
				return false
			}
		}
	}
	return true
}

// all returns the waiting legs in order of time.
func (s *shelf) all() []*waiting {
	var out []*waiting
	for key, list := range s.lists {
		if !strings.Contains(key, "\x00") {
			out = append(out, list...)
		}
	}
	slices.SortFunc(out, (*waiting).compare)
	return out
}

// presented returns a caller's number, "" where it is hidden or tells only by which trunk the call came.
func presented(c *channel, number string) string {
	number = strings.TrimPrefix(number, "+")
	if !digits(number) || number == c.ep.resource() {
		return ""
	}
	return number
}

// tail are the digits by which numbers are found that are written with and without prefixes.
func tail(number string) string {
	number = strings.TrimPrefix(number, "+")
	return number[max(len(number)-crossDigits, 0):]
}

// sameNumber compares numbers as two PBXs write them: with and without prefixes and plus signs.
func sameNumber(x, y string) bool {
	x, y = strings.TrimPrefix(x, "+"), strings.TrimPrefix(y, "+")
	if x == y {
		return x != ""
	}
	if len(x) < crossDigits || len(y) < crossDigits {
		return false
	}
	n := min(len(x), len(y), 10)
	return x[len(x)-n:] == y[len(y)-n:]
}
