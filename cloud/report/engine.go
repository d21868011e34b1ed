package report

import (
	"cmp"
	"math"
	"slices"
)

// Engine makes reports of the facts of a period. It is used by one goroutine at a time: what several reports need is worked out
// once and kept.
type Engine struct {
	f *Facts
	n *Names

	zones     map[string]*zone
	queues    map[int32]*Queue
	pbxs      map[int32]*PBX
	devices   map[int32]*Operator
	people    map[int32]string
	bindings  map[int32][]Binding // of a device, in order
	calendars map[int32]*Calendar
	policies  []Policy
	rules     map[int32][]rule // of a queue, in order
	fewRules  [][]rule

	visitsOf, segmentsOf, stepsOf, tagsOf *spread
	paths                                 []int32 // of a call: its menu path
	pathNames                             []string
	dialers                               []int32
	holdQueue                             []int32
	visitTalk, visitHold, visitWrap       []int32
	spoken                                []int64
	byNumber                              *spread
	merged                                map[uint8][]lasting
	areas                                 []int32
	areaNames                             []string
}

// New makes an engine. Facts and names must not change while it is used.
func New(facts *Facts, names *Names) *Engine {
	e := &Engine{
		f: facts, n: names, zones: map[string]*zone{}, queues: map[int32]*Queue{}, pbxs: map[int32]*PBX{}, devices: map[int32]*Operator{},
		people: map[int32]string{}, bindings: map[int32][]Binding{}, calendars: map[int32]*Calendar{}, rules: map[int32][]rule{}, merged: map[uint8][]lasting{},
	}
	for i := range names.Queues {
		e.queues[names.Queues[i].ID] = &names.Queues[i]
	}
	for i := range names.PBXs {
		e.pbxs[names.PBXs[i].ID] = &names.PBXs[i]
	}
	for i := range names.Operators {
		e.devices[names.Operators[i].ID] = &names.Operators[i]
	}
	for _, p := range names.People {
		e.people[p.ID] = p.Name
	}
	for _, b := range names.Bindings {
		e.bindings[b.Operator] = append(e.bindings[b.Operator], b)
	}
	for _, list := range e.bindings {
		slices.SortFunc(list, func(a, b Binding) int { return cmp.Compare(a.From, b.From) })
	}
	for i := range names.Calendars {
		e.calendars[names.Calendars[i].ID] = &names.Calendars[i]
	}
	return e
}

func (e *Engine) text(i int32) string {
	if i <= 0 || int(i) >= len(e.f.Texts) {
		return ""
	}
	return e.f.Texts[i]
}

// zone finds a time zone, "" being the tenant's.
func (e *Engine) zone(name string) (*zone, bool) {
	if name == "" {
		name = e.n.Zone
	}
	if z, ok := e.zones[name]; ok {
		return z, true
	}
	shifts, ok := e.n.Zones[name]
	if !ok && name != "" && name != "UTC" {
		return nil, false
	}
	z := newZone(name, shifts)
	e.zones[name] = z
	return z, true
}

func (e *Engine) queueZone(queue int32) *zone {
	if q := e.queues[queue]; q != nil {
		if z, ok := e.zone(q.Zone); ok {
			return z
		}
	}
	if z, ok := e.zone(""); ok {
		return z
	}
	return newZone("UTC", nil)
}

func (e *Engine) station(pbx int32) int32 {
	if p := e.pbxs[pbx]; p != nil {
		return p.Station
	}
	return 0
}

// bound is whose a device was at a moment: the person, 0 for nobody, and until when that holds.
func (e *Engine) bound(device int32, t int64) (person int32, until int64) {
	until = never
	for _, b := range e.bindings[device] {
		switch {
		case b.From > t:
			return 0, b.From
		case b.To == 0 || b.To > t:
			if b.To != 0 {
				until = b.To
			}
			return b.Person, until
		}
	}
	return 0, until
}

// worker is a person, or a device that is nobody's.
type worker struct {
	id     int32
	person bool
}

func (e *Engine) worker(device int32, t int64) worker {
	if p, _ := e.bound(device, t); p != 0 {
		return worker{p, true}
	}
	return worker{device, false}
}

func (e *Engine) workerName(w worker) string {
	if w.person {
		return e.people[w.id]
	}
	d := e.devices[w.id]
	switch {
	case d == nil:
		return ""
	case d.Name != "":
		return d.Name
	}
	return d.Number
}

// rule is a policy from a moment on.
type rule struct {
	from   int64
	policy int32 // in Engine.policies
}

// policy is the one in force for a queue at a moment, by its place in Engine.policies: the latest of the queue's own, else the
// latest of those for all, else the default.
func (e *Engine) policy(queue int32, t int64) int32 {
	var list []rule
	if queue >= 0 && int(queue) < len(e.fewRules) {
		list = e.fewRules[queue]
	}
	if list == nil {
		list = e.learnRules(queue)
	}
	for i := len(list) - 1; i > 0; i-- {
		if list[i].from <= t {
			return list[i].policy
		}
	}
	return list[0].policy
}

// learnRules keeps the rules of a queue: of small ids in a table, for it is asked of every visit.
func (e *Engine) learnRules(queue int32) []rule {
	list, ok := e.rules[queue]
	if !ok {
		list = e.rulesOf(queue)
		e.rules[queue] = list
	}
	if queue >= 0 && queue < 1<<16 {
		for int(queue) >= len(e.fewRules) {
			e.fewRules = append(e.fewRules, nil)
		}
		e.fewRules[queue] = list
	}
	return list
}

func (e *Engine) rulesOf(queue int32) []rule {
	if e.policies == nil {
		e.policies = append([]Policy{DefaultPolicy()}, e.n.Policies...)
	}
	list := []rule{{math.MinInt64, 0}}
	for _, of := range []int32{0, queue} {
		begin := len(list)
		for i := 1; i < len(e.policies); i++ {
			if e.policies[i].Queue == of && (of == queue || of == 0) {
				list = append(list, rule{e.policies[i].From, int32(i)})
			}
		}
		slices.SortStableFunc(list[begin:], func(a, b rule) int { return cmp.Compare(a.from, b.from) })
		if queue == 0 {
			break
		}
	}
	return list
}

// spread lists, for each call or number, the rows that belong to it, in order of rows.
type spread struct{ begin, rows []int32 }

func (s *spread) of(i int32) []int32 { return s.rows[s.begin[i]:s.begin[i+1]] }

func newSpread(of []int32, n int) *spread {
	s := &spread{begin: make([]int32, n+1), rows: make([]int32, len(of))}
	for _, i := range of {
		s.begin[i+1]++
	}
	for i := range n {
		s.begin[i+1] += s.begin[i]
	}
	at := slices.Clone(s.begin)
	for row, i := range of {
		s.rows[at[i]] = int32(row)
		at[i]++
	}
	return s
}

func (e *Engine) calls() int { return len(e.f.Calls.Start) }

func (e *Engine) visits() *spread {
	if e.visitsOf == nil {
		e.visitsOf = newSpread(e.f.Visits.Call, e.calls())
	}
	return e.visitsOf
}

func (e *Engine) segments() *spread {
	if e.segmentsOf == nil {
		e.segmentsOf = newSpread(e.f.Segments.Call, e.calls())
	}
	return e.segmentsOf
}

func (e *Engine) steps() *spread {
	if e.stepsOf == nil {
		e.stepsOf = newSpread(e.f.Steps.Call, e.calls())
	}
	return e.stepsOf
}

func (e *Engine) tags() *spread {
	if e.tagsOf == nil {
		e.tagsOf = newSpread(e.f.Tags.Call, e.calls())
	}
	return e.tagsOf
}

func (e *Engine) numbers() *spread {
	if e.byNumber == nil {
		e.byNumber = newSpread(e.f.Calls.Number, len(e.f.Texts))
	}
	return e.byNumber
}
