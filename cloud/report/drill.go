package report

import (
	"errors"
	"slices"
)

// Drill finds the calls behind a figure, as rows of Calls in order: those of a row of the table, or of its totals where keys are
// nil. Behind a rate or an average are the rows it is of: of the answer rate the answered, of an average all it is made of, of
// the longest the one that is.
func (e *Engine) Drill(q Query, keys []Key, column string) ([]int32, error) {
	r, err := e.newRun(&q, Span{q.From, q.To})
	if err != nil {
		return nil, err
	}
	m := measureOf(column)
	if m == nil {
		return nil, errors.New("there is no column " + column)
	}
	if !m.Drill {
		return nil, errors.New("there are no calls behind " + column)
	}
	if lacking := r.lacks(m); lacking != "" {
		return nil, errors.New("the column " + column + " cannot be grouped by " + lacking)
	}
	if keys != nil && len(keys) != len(r.dims) {
		return nil, errors.New("a row has a key for each of its dimensions")
	}
	a, ok := aggregateOf(m.of[m.drill])
	if !ok || a.of == nil {
		return nil, errors.New("there are no calls behind " + column)
	}
	sel := r.selected(a.from, a.op.sliced())
	group := r.find(keys)
	if keys != nil && group < 0 {
		return []int32{}, nil
	}
	value := a.of(r, sel.source)
	if a.op == opMin || a.op == opMax {
		value = extreme(value, a.op, sel, group, keys == nil)
	}
	calls := []int32{}
	for i, row := range sel.rows {
		if keys != nil && sel.groups[i] != group {
			continue
		}
		if _, ok := value(row); ok {
			if k := sel.source.callOf(row); k >= 0 {
				calls = append(calls, k)
			}
		}
	}
	slices.Sort(calls)
	return slices.Compact(calls), nil
}

// extreme keeps only the rows whose value is the smallest or the largest of the group: behind the longest wait is the call that
// waited longest.
func extreme(value pick, o op, sel *selection, group int32, all bool) pick {
	best, found := int64(0), false
	for i, row := range sel.rows {
		if !all && sel.groups[i] != group {
			continue
		}
		if v, ok := value(row); ok && (!found || o == opMax && v > best || o == opMin && v < best) {
			best, found = v, true
		}
	}
	return func(row int32) (int64, bool) {
		v, ok := value(row)
		return v, ok && v == best
	}
}

// find is the group of some keys, -1 if there is none.
func (r *run) find(keys []Key) int32 {
	for g, k := range r.groups.keys {
		same := true
		for n, d := range r.dims {
			x := d.keys[k[n]]
			same = same && n < len(keys) && x.ID == keys[n].ID && x.Kind == keys[n].Kind && (x.Label == keys[n].Label || x.ID != 0)
		}
		if same {
			return int32(g)
		}
	}
	return -1
}
