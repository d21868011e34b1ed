package report

import (
	"errors"
	"slices"
	"strings"
)

// run is the making of one table, for one period.
type run struct {
	e     *Engine
	query *Query
	def   *Definition

	from, to, now int64
	interval      int
	steps         []int
	zones         []*zone

	sources [sources]*source
	total   [sources]*source // of what is divided into parts: the whole
	dims    []*dimension
	picked  [sources]*selection
	cut     [sources]*selection

	sifted    bool
	ok        []bool
	weeks     map[*zone]*clock
	opens     map[int32]*clock
	lost      []int64
	cases     []missedCase
	following []follow
	whatIf    *Policy
	used      []bool // policies
	groups    grouping
}

// Errors of queries say what to do; the API hands them on.
var (
	errPeriod   = errors.New("the period ends before it begins")
	errTooMany  = errors.New("too many rows: choose fewer dimensions, longer intervals or a shorter period")
	errTwoDims  = errors.New("a report has at most two dimensions")
	errInterval = errors.New("an interval is 5, 15, 30 or 60 minutes")
	errCount    = errors.New("rows count by arrival, answer or end")
	errHours    = errors.New("hours are open or closed")
)

// newRun checks a query and makes ready for it.
func (e *Engine) newRun(q *Query, span Span) (*run, error) {
	d, ok := ReportOf(q.Report)
	if !ok {
		return nil, errors.New("there is no report " + q.Report)
	}
	r := &run{
		e: e, query: q, def: &d, from: span.From, to: span.To, weeks: map[*zone]*clock{}, opens: map[int32]*clock{}, whatIf: q.Policy,
	}
	if r.now = q.Now; r.now == 0 {
		r.now = r.to
	}
	if r.to <= r.from {
		return nil, errPeriod
	}
	if err := r.settle(); err != nil {
		return nil, err
	}
	for n, by := range r.query.By {
		r.dims = append(r.dims, r.dimension(by, n))
	}
	for _, dim := range r.dims {
		if len(dim.keys) > mostStretches {
			return nil, errTooMany
		}
	}
	r.groups = newGrouping(len(r.dims))
	return r, nil
}

// settle fills in what the query leaves to the report.
func (r *run) settle() error {
	q := *r.query
	if q.By == nil {
		q.By = r.def.By
	}
	if len(q.By) > 2 {
		return errTwoDims
	}
	for _, by := range q.By {
		if !slices.Contains(r.def.May, by) {
			return errors.New("the report " + q.Report + " cannot be grouped by " + by + "; it can by " + strings.Join(r.def.May, ", "))
		}
	}
	if len(q.By) == 2 && q.By[0] == q.By[1] {
		q.By = q.By[:1]
	}
	switch q.Count {
	case "", CountArrival, CountAnswer, CountEnd:
	default:
		return errCount
	}
	if q.Filter.Hours != "" && q.Filter.Hours != "open" && q.Filter.Hours != "closed" {
		return errHours
	}
	if r.interval = q.Interval; r.interval == 0 {
		if r.interval = r.def.interval; r.interval == 0 {
			r.interval = 60
		}
	}
	if !slices.Contains([]int{5, 10, 15, 20, 30, 60}, r.interval) {
		return errInterval
	}
	if (r.to-r.from)/(int64(r.interval)*minute) > mostStretches && slices.Contains(q.By, ByInterval) {
		return errTooMany
	}
	if r.steps = q.Steps; len(r.steps) == 0 {
		r.steps = r.def.steps
	}
	if len(r.steps) == 0 {
		r.steps = []int{5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300}
	}
	r.steps = slices.Sorted(slices.Values(r.steps))
	r.query = &q
	return r.settleZones()
}

func (r *run) settleZones() error {
	if r.query.Zone != ZoneQueue {
		z, ok := r.e.zone(r.query.Zone)
		if !ok {
			return errors.New("nothing is known of the time zone " + r.query.Zone)
		}
		r.zones = []*zone{z}
		return nil
	}
	own, ok := r.e.zone("")
	if !ok {
		return errors.New("nothing is known of the time zone " + r.e.n.Zone)
	}
	r.zones = []*zone{own}
	for i := range r.e.n.Queues {
		q := &r.e.n.Queues[i]
		if z := r.e.queueZone(q.ID); has(r.query.Filter.Queues, q.ID) && !slices.Contains(r.zones, z) {
			r.zones = append(r.zones, z)
		}
	}
	if list := r.query.Filter.Queues; len(list) > 0 && len(r.zones) == 2 {
		if !slices.ContainsFunc(list, func(id int32) bool { return r.e.queueZone(id) == own }) {
			r.zones = r.zones[1:] // all that was chosen is elsewhere
		}
	}
	return nil
}

// policy is the one in force for a queue at a moment.
func (r *run) policy(queue int32, t int64) *Policy {
	if r.whatIf != nil {
		return r.whatIf
	}
	k := r.e.policy(queue, t)
	if r.used == nil {
		r.used = make([]bool, len(r.e.policies))
	}
	r.used[k] = true
	return &r.e.policies[k]
}

// moments are when rows of a source count.
func (r *run) moments(s *source) []int64 {
	switch r.query.Count {
	case CountAnswer:
		return s.at[atAnswer]
	case CountEnd:
		return s.at[atEnd]
	}
	return s.at[atArrival]
}

// selection is rows of a source with the groups they fall into, a row as often as it has groups. Of what is sliced, a row comes
// once for each piece.
type selection struct {
	rows, groups []int32
	from, to     []int64    // of pieces
	whole        *selection // every row, or piece, once: for totals. nil: this is it
	source       *source
}

// select makes the selection of a source by where its rows count, or by the time that passed in them.
func (r *run) selected(id sourceID, sliced bool) *selection {
	at := &r.picked[id]
	if sliced {
		at = &r.cut[id]
	}
	if *at == nil {
		*at = r.choose(r.source(id), sliced)
	}
	return *at
}

func (r *run) choose(s *source, sliced bool) *selection {
	sel := &selection{source: s}
	p := r.placing(s, sliced)
	if p.many {
		sel.whole = &selection{source: s}
	}
	if sliced {
		r.slice(s, p, sel)
	} else {
		r.pick(s, p, sel)
	}
	if t := r.total[s.id]; t != nil {
		sel.whole = &selection{source: t}
		bare := &placing{r: r, sift: r.sift(t)}
		if sliced {
			r.slice(t, bare, sel.whole)
		} else {
			r.pick(t, bare, sel.whole)
		}
	}
	return sel
}

// placing puts rows into groups.
type placing struct {
	r       *run
	sift    *sifter
	index   []*indexer
	many    bool
	missing bool // the source lacks a dimension
	a, b    []int32
}

func (r *run) placing(s *source, sliced bool) *placing {
	p := &placing{r: r, sift: r.sift(s)}
	for _, d := range r.dims {
		x := d.make(s, sliced)
		if x == nil {
			p.missing = true
			return p
		}
		p.index = append(p.index, x)
		p.many = p.many || x.many != nil
	}
	return p
}

// groups are where a row belongs at a moment.
func (p *placing) groups(row int32, t int64, out []int32) []int32 {
	g := &p.r.groups
	switch len(p.index) {
	case 0:
		return append(out, g.of(0, 0))
	case 1:
		p.a = p.index[0].all(row, t, p.a[:0])
		for _, i := range p.a {
			out = append(out, g.of(i, 0))
		}
		return out
	}
	p.a, p.b = p.index[0].all(row, t, p.a[:0]), p.index[1].all(row, t, p.b[:0])
	for _, i := range p.a {
		for _, k := range p.b {
			out = append(out, g.of(i, k))
		}
	}
	return out
}

func (x *indexer) all(row int32, t int64, out []int32) []int32 {
	if x.many != nil {
		return x.many(row, t, out)
	}
	if i := x.one(row, t); i >= 0 {
		return append(out, i)
	}
	return out
}

func (x *sifter) row(row int32) bool {
	for _, k := range x.rows {
		if !k(row) {
			return false
		}
	}
	return true
}

func (x *sifter) at(row int32, t int64) bool {
	for _, k := range x.times {
		if !k(row, t) {
			return false
		}
	}
	return true
}

// pick chooses the rows that count in the period.
func (r *run) pick(s *source, p *placing, sel *selection) {
	if p.missing {
		return
	}
	sel.rows, sel.groups = make([]int32, 0, s.rows), make([]int32, 0, s.rows)
	at := r.moments(s)
	var out []int32
	for i := range at {
		row, t := int32(i), at[i]
		if t < r.from || t >= r.to || t == 0 || !p.sift.row(row) || !p.sift.at(row, t) {
			continue
		}
		out = p.groups(row, t, out[:0])
		for _, g := range out {
			sel.rows, sel.groups = append(sel.rows, row), append(sel.groups, g)
		}
		if p.many && len(out) > 0 {
			sel.whole.rows = append(sel.whole.rows, row)
		}
	}
}

// slice cuts rows to the period, and into pieces that lie in one bucket each and are one worker's.
func (r *run) slice(s *source, p *placing, sel *selection) {
	if p.missing {
		return
	}
	next := p.sift.next
	for _, x := range p.index {
		if x.next != nil {
			next = append(next, x.next)
		}
	}
	var out []int32
	for i := range s.rows {
		row, to := int32(i), min(ended(s.to[i], r.now), r.to)
		if s.from[i] >= to || to <= r.from || !p.sift.row(row) {
			continue
		}
		for t := max(s.from[i], r.from); t < to; {
			end := to
			for _, n := range next {
				end = min(end, n(row, t))
			}
			if end <= t {
				break
			}
			if p.sift.at(row, t) {
				out = p.groups(row, t, out[:0])
				sel.addPiece(row, t, end, out, p.many)
			}
			t = end
		}
	}
}

func (sel *selection) addPiece(row int32, from, to int64, groups []int32, many bool) {
	for _, g := range groups {
		sel.rows, sel.groups = append(sel.rows, row), append(sel.groups, g)
		sel.from, sel.to = append(sel.from, from), append(sel.to, to)
	}
	if many && len(groups) > 0 {
		w := sel.whole
		w.rows, w.from, w.to = append(w.rows, row), append(w.from, from), append(w.to, to)
	}
}

// grouping numbers pairs of keys as they come up.
type grouping struct {
	dims  int
	table [][]int32 // by first and second key: group + 1
	keys  [][2]int32
}

func newGrouping(dims int) grouping { return grouping{dims: dims} }

func (g *grouping) of(i, k int32) int32 {
	for int(i) >= len(g.table) {
		g.table = append(g.table, nil)
	}
	row := g.table[i]
	if int(k) >= len(row) {
		row = append(row, make([]int32, max(int(k)+1-len(row), len(row)))...)
		g.table[i] = row
	}
	if row[k] == 0 {
		g.keys = append(g.keys, [2]int32{i, k})
		row[k] = int32(len(g.keys))
	}
	return row[k] - 1
}
