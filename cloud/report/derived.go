package report

import (
	"cmp"
	"slices"
	"strings"
)

// joinLeast is how far a talk may begin before its visit is answered and still belong to it: a queue says that the caller left
// it a little after the talk began.
const joinLeast = 2000

func isCustomerTalk(s *Segments, i int32) bool {
	return s.Kind[i] == SegmentTalk && (s.With[i] == WithCustomer || s.With[i] == WithConference)
}

// heldFor is the queue each segment is time of: of a hold, the queue of its operator's last talk before.
func (e *Engine) heldFor() []int32 {
	if e.holdQueue != nil {
		return e.holdQueue
	}
	s := &e.f.Segments
	e.holdQueue = slices.Clone(s.Queue)
	for i := range s.Call {
		if s.Kind[i] != SegmentHold || s.Queue[i] != 0 {
			continue
		}
		best := int64(-1)
		for _, k := range e.segments().of(s.Call[i]) {
			if isCustomerTalk(s, k) && s.Operator[k] == s.Operator[i] && s.From[k] <= s.From[i] && s.From[k] >= best {
				best, e.holdQueue[i] = s.From[k], s.Queue[k]
			}
		}
	}
	return e.holdQueue
}

// visitFor is the answered visit a segment belongs to: of the same call and queue the last one answered before it began, else
// the first; -1 where there is none.
func (e *Engine) visitFor(call, queue int32, from int64) int32 {
	v := &e.f.Visits
	best, first := int32(-1), int32(-1)
	for _, k := range e.visits().of(call) {
		if v.Queue[k] != queue || v.Result[k] != resAnswered {
			continue
		}
		if first < 0 || v.Left[k] < v.Left[first] {
			first = k
		}
		if v.Left[k] <= from+joinLeast && (best < 0 || v.Left[k] >= v.Left[best]) {
			best = k
		}
	}
	if best < 0 {
		return first
	}
	return best
}

// workOfVisits sums talk and hold up by the visit they belong to.
func (e *Engine) workOfVisits(now int64) (talk, hold []int32) {
	if e.visitTalk != nil {
		return e.visitTalk, e.visitHold
	}
	n := len(e.f.Visits.Call)
	e.visitTalk, e.visitHold = make([]int32, n), make([]int32, n)
	s, queues := &e.f.Segments, e.heldFor()
	for i := range s.Call {
		if queues[i] == 0 || s.Kind[i] == SegmentTalk && !isCustomerTalk(s, int32(i)) {
			continue
		}
		k := e.visitFor(s.Call[i], queues[i], s.From[i])
		if k < 0 {
			continue
		}
		length := int32(max(ended(s.To[i], now)-s.From[i], 0))
		if s.Kind[i] == SegmentHold {
			e.visitHold[k] += length
		} else {
			e.visitTalk[k] += length
		}
	}
	return e.visitTalk, e.visitHold
}

func ended(t, now int64) int64 {
	if t == 0 {
		return now
	}
	return t
}

// lasting is an interval of a state put together from its pieces.
type lasting struct {
	operator, queue, pbx int32
	from, to             int64 // to is 0 while it lasts
	estimated            bool
}

// wholes puts the pieces of a kind of state together that midnight cut.
func (e *Engine) wholes(kind uint8) []lasting {
	if list, ok := e.merged[kind]; ok {
		return list
	}
	s := &e.f.States
	var rows []int32
	for i := range s.Kind {
		if s.Kind[i] == kind {
			rows = append(rows, int32(i))
		}
	}
	slices.SortFunc(rows, func(a, b int32) int {
		return cmp.Or(cmp.Compare(s.Operator[a], s.Operator[b]), cmp.Compare(s.Queue[a], s.Queue[b]), cmp.Compare(s.From[a], s.From[b]), cmp.Compare(a, b))
	})
	list := []lasting{}
	for _, i := range rows {
		if n := len(list) - 1; n >= 0 && !s.Began[i] && list[n].operator == s.Operator[i] && list[n].queue == s.Queue[i] && list[n].to == s.From[i] {
			list[n].to, list[n].estimated = s.To[i], list[n].estimated || s.Estimated[i]
			continue
		}
		list = append(list, lasting{s.Operator[i], s.Queue[i], s.PBX[i], s.From[i], s.To[i], s.Estimated[i]})
	}
	e.merged[kind] = list
	return list
}

// wrapOfVisits sums wrap-ups up by the visit before them.
func (e *Engine) wrapOfVisits(now int64) []int32 {
	if e.visitWrap != nil {
		return e.visitWrap
	}
	v := &e.f.Visits
	e.visitWrap = make([]int32, len(v.Call))
	var rows []int32
	for i := range v.Call {
		if v.Result[i] == resAnswered && v.Operator[i] != 0 {
			rows = append(rows, int32(i))
		}
	}
	order := func(a, b int32) int {
		return cmp.Or(cmp.Compare(v.Operator[a], v.Operator[b]), cmp.Compare(v.Queue[a], v.Queue[b]), cmp.Compare(v.Left[a], v.Left[b]), cmp.Compare(a, b))
	}
	slices.SortFunc(rows, order)
	for _, w := range e.wholes(stateWrapUp) {
		at, _ := slices.BinarySearchFunc(rows, w, func(row int32, w lasting) int {
			if c := cmp.Or(cmp.Compare(v.Operator[row], w.operator), cmp.Compare(v.Queue[row], w.queue)); c != 0 {
				return c
			}
			if v.Left[row] <= w.from {
				return -1
			}
			return 1
		})
		if at == 0 {
			continue
		}
		if k := rows[at-1]; v.Operator[k] == w.operator && v.Queue[k] == w.queue {
			e.visitWrap[k] += int32(max(ended(w.to, now)-w.from, 0))
		}
	}
	return e.visitWrap
}

// firstTalk is when somebody spoke with the customer of each call; where no talk is known, when the call was answered.
func (e *Engine) firstTalk() []int64 {
	if e.spoken != nil {
		return e.spoken
	}
	c, s := &e.f.Calls, &e.f.Segments
	e.spoken = make([]int64, e.calls())
	for i := range s.Call {
		k := s.Call[i]
		if s.Kind[i] == SegmentTalk && (isCustomerTalk(s, int32(i)) || c.Direction[k] == dirInternal) && (e.spoken[k] == 0 || s.From[i] < e.spoken[k]) {
			e.spoken[k] = s.From[i]
		}
	}
	return e.spoken
}

// spokenAt is the begin of the conversation of an answered call.
func (e *Engine) spokenAt(call int32) int64 {
	c := &e.f.Calls
	return cmp.Or(e.firstTalk()[call], c.Answered[call], c.Start[call])
}

// dialer is the device that began each outgoing or internal call: that of the call's station whose number is the caller's.
func (e *Engine) dialer() []int32 {
	if e.dialers != nil {
		return e.dialers
	}
	type place struct {
		station int32
		number  string
	}
	devices := make(map[place]int32, len(e.n.Operators))
	for _, o := range e.n.Operators {
		devices[place{o.Station, o.Number}] = o.ID
	}
	c := &e.f.Calls
	e.dialers = make([]int32, e.calls())
	type known struct{ pbx, caller int32 }
	seen := map[known]int32{}
	for i := range e.dialers {
		if c.Direction[i] != dirOutbound && c.Direction[i] != dirInternal {
			continue
		}
		k := known{c.PBX[i], c.Caller[i]}
		id, ok := seen[k]
		if !ok {
			id = devices[place{e.station(k.pbx), e.text(k.caller)}]
			seen[k] = id
		}
		e.dialers[i] = id
	}
	return e.dialers
}

// menuPaths are the digits pressed in each call, in order, joined by dashes; "" where none were. Path 0 is "".
func (e *Engine) menuPaths() []int32 {
	if e.paths != nil {
		return e.paths
	}
	e.paths, e.pathNames = make([]int32, e.calls()), []string{""}
	s, seen := &e.f.Steps, map[string]int32{"": 0}
	for i := range e.paths {
		rows := e.steps().of(int32(i))
		if len(rows) == 0 {
			continue
		}
		digits := make([]int32, 0, 4)
		for _, k := range rows {
			if e.text(s.Application[k]) == "Digit" {
				digits = append(digits, k)
			}
		}
		slices.SortStableFunc(digits, func(a, b int32) int { return cmp.Compare(s.From[a], s.From[b]) })
		parts := make([]string, len(digits))
		for n, k := range digits {
			parts[n] = e.text(s.Text[k])
		}
		path := strings.Join(parts, "-")
		id, ok := seen[path]
		if !ok {
			id = int32(len(e.pathNames))
			e.pathNames, seen[path] = append(e.pathNames, path), id
		}
		e.paths[i] = id
	}
	return e.paths
}

// areaOf is the area of each outside number, by its text; 0 where none is known.
func (e *Engine) areaOf() []int32 {
	if e.areas != nil {
		return e.areas
	}
	e.areas, e.areaNames = make([]int32, len(e.f.Texts)), []string{""}
	names, prefixes, longest := map[string]int32{"": 0}, map[string]int32{}, 0
	for _, p := range e.n.Prefixes {
		id, ok := names[p.Name]
		if !ok {
			id = int32(len(e.areaNames))
			e.areaNames, names[p.Name] = append(e.areaNames, p.Name), id
		}
		prefix := strings.TrimPrefix(p.Prefix, "+")
		prefixes[prefix], longest = id, max(longest, len(prefix))
	}
	done := make([]bool, len(e.f.Texts))
	for _, t := range e.f.Calls.Number {
		if t <= 0 || done[t] {
			continue
		}
		done[t] = true
		number := strings.TrimPrefix(e.f.Texts[t], "+")
		for n := min(longest, len(number)); n > 0; n-- {
			if id, ok := prefixes[number[:n]]; ok {
				e.areas[t] = id
				break
			}
		}
	}
	return e.areas
}
