package report

import (
	"cmp"
	"errors"
	"math"
	"slices"
	"strings"
)

// Table makes a report.
func (e *Engine) Table(q Query) (*Table, error) {
	t, _, err := e.table(&q, Span{q.From, q.To})
	if err != nil {
		return nil, err
	}
	if q.Before == nil {
		return t, nil
	}
	before := q
	before.Sort, before.Limit, before.Columns, before.Before = "", 0, columnIDs(t), nil
	b, rb, err := e.table(&before, *q.Before)
	if err != nil {
		return nil, errors.New("the period before: " + err.Error())
	}
	t.Before = compare(t, b, e, &q, rb)
	return t, nil
}

func columnIDs(t *Table) []string {
	ids := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		ids[i] = c.ID
	}
	return ids
}

func (e *Engine) table(q *Query, span Span) (*Table, *run, error) {
	r, err := e.newRun(q, span)
	if err != nil {
		return nil, nil, err
	}
	columns, err := r.columns()
	if err != nil {
		return nil, nil, err
	}
	t := &Table{Report: r.def.ID, Dims: append([]string{}, r.query.By...), Wall: len(r.zones) > 1, Rows: []Row{}}
	for _, z := range r.zones {
		t.Zones = append(t.Zones, z.name)
	}
	for _, m := range columns {
		t.Columns = append(t.Columns, Column{ID: m.ID, Unit: m.Unit, Better: m.Better, Drill: m.Drill})
	}
	r.fill(t, columns)
	t.Policies, t.Notes = r.policies(), r.notes()
	return t, r, nil
}

// columns are the measures of the table. Those that cannot be grouped as asked for are left out, unless they were asked for.
func (r *run) columns() ([]*measure, error) {
	asked := r.query.Columns
	ids := asked
	if asked == nil {
		ids = r.def.Columns
	}
	var list []*measure
	for _, id := range ids {
		m := measureOf(id)
		if m == nil || !slices.Contains(r.def.Columns, id) && !slices.Contains(r.def.More, id) {
			return nil, errors.New("the report " + r.def.ID + " has no column " + id)
		}
		if lacking := r.lacks(m); lacking != "" {
			if asked != nil {
				return nil, errors.New("the column " + id + " cannot be grouped by " + lacking)
			}
			continue
		}
		if m.text != nil && !r.listed() {
			continue
		}
		list = append(list, m)
	}
	return list, nil
}

// listed tells whether each row of the table is one row of facts.
func (r *run) listed() bool {
	return len(r.query.By) == 1 && (r.query.By[0] == ByCall || r.query.By[0] == ByCase)
}

// lacks names a dimension that a measure has not, "" if it has all.
func (r *run) lacks(m *measure) string {
	for _, of := range m.of {
		a, ok := aggregateOf(of)
		if !ok || a.op == opLength || a.op == opLines {
			continue
		}
		for n, d := range r.dims {
			if d.make(r.source(a.from), a.op.sliced()) == nil {
				return r.query.By[n]
			}
		}
	}
	return ""
}

// fill works out rows and totals.
func (r *run) fill(t *Table, columns []*measure) {
	c := &reckoning{r: r, known: map[string]figures{}}
	for _, m := range columns { // every group must have come up before figures are made
		for _, of := range m.of {
			if a, ok := aggregateOf(of); ok && a.op != opLength && a.op != opLines {
				r.selected(a.from, a.op.sliced())
			}
		}
	}
	r.allBuckets()
	order := r.order()
	values := make([][]float64, len(columns))
	totals := make([]float64, len(columns))
	for i, m := range columns {
		values[i], totals[i] = c.measure(m, order)
	}
	t.Totals = make([]Value, len(columns))
	for i, v := range totals {
		t.Totals[i] = Value(v)
	}
	t.Found = len(order)
	order = r.sorted(order, columns, values)
	if n := r.query.Limit; n > 0 && n < len(order) {
		order = order[:n]
	}
	at := r.rowOf(order)
	for k, g := range order {
		row := Row{Keys: r.keys(g), Values: make([]Value, len(columns))}
		for i, m := range columns {
			row.Values[i] = Value(values[i][g])
			if m.text != nil {
				if row.Texts == nil {
					row.Texts = make([]string, len(columns))
				}
				row.Values[i], row.Texts[i] = None(), m.text(r, at[k])
			}
		}
		t.Rows = append(t.Rows, row)
	}
}

// rowOf finds the rows of facts behind the rows of a list.
func (r *run) rowOf(order []int32) []int32 {
	if !r.listed() {
		return nil
	}
	id := fromCalls
	if r.query.By[0] == ByCase {
		id = fromCases
	}
	sel := r.selected(id, false)
	rows := make([]int32, len(r.groups.keys))
	for i, g := range sel.groups {
		rows[g] = sel.rows[i]
	}
	at := make([]int32, len(order))
	for i, g := range order {
		at[i] = rows[g]
	}
	return at
}

// mostEmpty is up to how many buckets are shown though nothing happened in them.
const mostEmpty = 10_000

// allBuckets lets the buckets of the period come up in which nothing happened, up to now.
func (r *run) allBuckets() {
	if len(r.dims) == 0 {
		r.groups.of(0, 0)
		return
	}
	if len(r.dims) != 1 || r.dims[0].buckets == nil || len(r.dims[0].keys) > mostEmpty {
		return
	}
	for i := range r.dims[0].keys {
		if r.dims[0].buckets.length[i] > 0 {
			r.groups.of(int32(i), 0)
		}
	}
}

func (r *run) keys(g int32) []Key {
	keys := make([]Key, len(r.dims))
	for n, d := range r.dims {
		keys[n] = d.keys[r.groups.keys[g][n]]
	}
	return keys
}

// measure works a measure out for every group, and for all.
func (c *reckoning) measure(m *measure, order []int32) (of []float64, total float64) {
	n := len(c.r.groups.keys)
	parts := make([]figures, len(m.of))
	for i, id := range m.of {
		parts[i] = c.aggregate(id, m.pct)
	}
	a := make([]float64, len(parts))
	figure := func(get func(f *figures) float64) float64 {
		for i := range parts {
			a[i] = get(&parts[i])
		}
		if m.by == nil {
			return a[0]
		}
		return m.by(a)
	}
	of = make([]float64, n)
	for g := range of {
		of[g] = figure(func(f *figures) float64 { return f.of[g] })
	}
	total = figure(func(f *figures) float64 { return f.total })
	switch {
	case m.share:
		for g := range of {
			of[g] = over(of[g], total)
		}
		total = over(total, total)
	case m.running:
		c.r.runUp(of, total, order)
		total = over(total, total)
	}
	return of, total
}

// runUp sums shares up along the last dimension, for each key of the others.
func (r *run) runUp(of []float64, total float64, order []int32) {
	sums := map[int32]float64{}
	for _, g := range order {
		k := int32(0)
		if len(r.dims) == 2 {
			k = r.groups.keys[g][0]
		}
		sums[k] += of[g]
		of[g] = over(sums[k], total)
	}
}

// order puts groups in the order of their dimensions: time as it passes, steps as they rise, the rest by name.
func (r *run) order() []int32 {
	order := make([]int32, len(r.groups.keys))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(a, b int32) int {
		for n, d := range r.dims {
			x, y := r.groups.keys[a][n], r.groups.keys[b][n]
			if c := d.compare(x, y); c != 0 {
				return c
			}
		}
		return 0
	})
	return order
}

func (d *dimension) compare(x, y int32) int {
	a, b := d.keys[x], d.keys[y]
	switch {
	case x == y:
		return 0
	case d.id == ByCall || d.id == ByCase:
		return cmp.Compare(x, y) // as they began
	case d.buckets != nil:
		return cmp.Compare(a.ID, b.ID)
	case d.id == ByStep:
		return cmp.Compare(uint64(a.ID-1), uint64(b.ID-1)) // the last has no end: 0
	}
	return cmp.Or(strings.Compare(a.Label, b.Label), cmp.Compare(a.ID, b.ID), strings.Compare(a.Kind, b.Kind))
}

// sorted orders groups by a column, what has no value last.
func (r *run) sorted(order []int32, columns []*measure, values [][]float64) []int32 {
	by, down := strings.CutPrefix(r.query.Sort, "-")
	if by == "" {
		return order
	}
	i := slices.IndexFunc(columns, func(m *measure) bool { return m.ID == by })
	if i < 0 {
		if n := slices.Index(r.query.By, by); n >= 0 {
			slices.SortStableFunc(order, func(a, b int32) int {
				c := r.dims[n].compare(r.groups.keys[a][n], r.groups.keys[b][n])
				if down {
					c = -c
				}
				return c
			})
		}
		return order
	}
	slices.SortStableFunc(order, func(a, b int32) int {
		x, y := values[i][a], values[i][b]
		switch {
		case math.IsNaN(x) || math.IsNaN(y):
			return compareBool(math.IsNaN(x), math.IsNaN(y))
		case down:
			return cmp.Compare(y, x)
		}
		return cmp.Compare(x, y)
	})
	return order
}

// policies are those that had a part in the figures.
func (r *run) policies() []Policy {
	list := []Policy{}
	if r.whatIf != nil {
		return append(list, *r.whatIf)
	}
	for i := range r.e.policies {
		if r.used != nil && r.used[i] {
			list = append(list, r.e.policies[i])
		}
	}
	return list
}

// notes are what a reader has to know.
func (r *run) notes() []string {
	var estimated, open bool
	var flags uint8
	for id := range r.picked {
		for _, sel := range []*selection{r.picked[id], r.cut[id]} {
			if sel == nil {
				continue
			}
			s := sel.source
			for _, row := range sel.rows {
				if s.estimated != nil && s.estimated[row] {
					estimated = true
				}
				if s.id != fromKnown && s.to != nil && s.to[row] == 0 {
					open = true
				}
				if k := s.callOf(row); k >= 0 {
					flags |= r.e.f.Calls.Flags[k]
				}
			}
		}
	}
	notes := []string{}
	for _, n := range []struct {
		code string
		on   bool
	}{
		{NoteEstimated, estimated},
		{NoteImported, flags&CallImported != 0},
		{NoteOpen, open || flags&CallOpen != 0},
		{NotePartial, flags&CallPartial != 0},
		{NoteGaps, r.gapIn()},
		{NoteWhole, r.callsOK() != nil && (r.cut[fromTime] != nil || r.picked[fromSessions] != nil || r.picked[fromPauses] != nil || r.cut[fromPauses] != nil || r.picked[fromWraps] != nil)},
		{NoteWall, len(r.zones) > 1},
	} {
		if n.on {
			notes = append(notes, n.code)
		}
	}
	return notes
}

func (r *run) gapIn() bool {
	for _, h := range r.e.n.Coverage {
		if !r.atPlace(h.PBX) {
			continue
		}
		for _, m := range h.Missing {
			if m.From < min(r.to, r.now) && m.To > r.from {
				return true
			}
		}
	}
	return false
}

// compare lays the period before beside the rows of a table. Days, weeks, months and intervals are matched by their place in
// the period, all else by what it is.
func compare(t, b *Table, e *Engine, q *Query, before *run) *Before {
	out := &Before{Totals: b.Totals, Rows: make([][]Value, len(t.Rows))}
	now, _ := e.newRun(q, Span{q.From, q.To})
	rows := make(map[[2]Key][]Value, len(b.Rows))
	for i := range b.Rows {
		rows[placeKeys(before, b.Rows[i].Keys)] = b.Rows[i].Values
	}
	for i := range t.Rows {
		out.Rows[i] = rows[placeKeys(now, t.Rows[i].Keys)]
	}
	return out
}

func placeKeys(r *run, keys []Key) (of [2]Key) {
	for n, k := range keys {
		switch d := r.dims[n]; d.id {
		case ByDay, ByWeek, ByMonth, ByInterval:
			k.ID = int64(slices.IndexFunc(d.keys, func(x Key) bool { return x.ID == k.ID }))
		}
		of[n] = k
	}
	return of
}
