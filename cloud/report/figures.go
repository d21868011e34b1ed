package report

import (
	"cmp"
	"math"
	"slices"
)

// figures are an aggregate's values: of each group, and of all.
type figures struct {
	of    []float64
	total float64
}

// reckoning keeps what was worked out for one table.
type reckoning struct {
	r     *run
	known map[string]figures
}

// aggregate works out an aggregate, or the percentile pct of one.
func (c *reckoning) aggregate(id string, pct int) figures {
	key := id + string(rune('0'+pct))
	if f, ok := c.known[key]; ok {
		return f
	}
	a, ok := aggregateOf(id)
	if !ok {
		return figures{}
	}
	f := c.r.reckon(a, pct)
	c.known[key] = f
	return f
}

func (r *run) reckon(a aggregate, pct int) figures {
	switch a.op {
	case opLength:
		return r.lengths()
	case opLines:
		return r.lines()
	}
	sel := r.selected(a.from, a.op.sliced())
	whole := sel
	if sel.whole != nil {
		whole = sel.whole
	}
	f := figures{}
	f.of = r.fold(a, sel, sel.groups, len(r.groups.keys), pct)
	if sel.whole == nil && a.op.adds() { // each row is in one group: nothing has to be looked at again
		f.total = a.op.over(f.of)
		return f
	}
	if t := r.fold(a, whole, nil, 1, pct); len(t) > 0 {
		f.total = t[0]
	}
	return f
}

// fold applies the aggregate to rows; without groups all are in one.
func (r *run) fold(a aggregate, sel *selection, groups []int32, n, pct int) []float64 {
	value := a.of(r, sel.source)
	switch a.op {
	case opDistinct:
		return distinct(value, sel.rows, groups, n)
	case opList:
		return percentile(value, sel.rows, groups, n, pct)
	case opPeak:
		return peaks(value, sel, groups, n)
	}
	out := make([]float64, n)
	if a.op != opSum && a.op != opTime {
		for i := range out {
			out[i] = math.NaN()
		}
	}
	g := int32(0)
	for i, row := range sel.rows {
		v, ok := value(row)
		if !ok {
			continue
		}
		if groups != nil {
			g = groups[i]
		}
		switch a.op {
		case opSum:
			out[g] += float64(v)
		case opTime:
			out[g] += float64(sel.to[i] - sel.from[i])
		case opMin:
			out[g] = least(out[g], float64(v))
		case opMax:
			out[g] = -least(-out[g], -float64(v))
		case opFirst:
			out[g] = least(out[g], float64(sel.from[i]))
		case opLast:
			out[g] = -least(-out[g], -float64(sel.to[i]))
		}
	}
	return out
}

// adds tells whether the aggregate of all rows follows from those of groups that share none.
func (o op) adds() bool { return o != opDistinct && o != opList && o != opPeak }

// over is the aggregate of all rows, from those of groups. Sums are whole numbers, so their order does not matter.
func (o op) over(groups []float64) float64 {
	total := math.NaN()
	if o == opSum || o == opTime {
		total = 0
	}
	for _, v := range groups {
		switch o {
		case opSum, opTime:
			total += v
		case opMin, opFirst:
			total = least(total, v)
		case opMax, opLast:
			total = -least(-total, -v)
		}
	}
	return total
}

func least(a, b float64) float64 {
	if math.IsNaN(a) || b < a {
		return b
	}
	return a
}

// distinct counts different values.
func distinct(value pick, rows, groups []int32, n int) []float64 {
	type pair struct {
		v int64
		g int32
	}
	list := make([]pair, 0, len(rows))
	g := int32(0)
	for i, row := range rows {
		if v, ok := value(row); ok {
			if groups != nil {
				g = groups[i]
			}
			list = append(list, pair{v, g})
		}
	}
	slices.SortFunc(list, func(a, b pair) int { return cmp.Or(cmp.Compare(a.g, b.g), cmp.Compare(a.v, b.v)) })
	out := make([]float64, n)
	for i, p := range list {
		if i == 0 || p != list[i-1] {
			out[p.g]++
		}
	}
	return out
}

// percentile is the smallest value that pct of 100 do not exceed (nearest rank, as percentile_disc of SQL): exact, over all values.
func percentile(value pick, rows, groups []int32, n, pct int) []float64 {
	begin := make([]int32, n+1)
	values, of := make([]int32, 0, len(rows)), make([]int32, 0, len(rows))
	g := int32(0)
	for i, row := range rows {
		if v, ok := value(row); ok {
			if groups != nil {
				g = groups[i]
			}
			values, of = append(values, int32(min(v, math.MaxInt32))), append(of, g)
			begin[g+1]++
		}
	}
	for i := range n {
		begin[i+1] += begin[i]
	}
	sorted, at := make([]int32, len(values)), slices.Clone(begin[:n])
	for i, v := range values {
		sorted[at[of[i]]] = v
		at[of[i]]++
	}
	out := make([]float64, n)
	for i := range n {
		list := sorted[begin[i]:begin[i+1]]
		if len(list) == 0 {
			out[i] = math.NaN()
			continue
		}
		out[i] = float64(nth(list, (pct*len(list)+99)/100-1))
	}
	return out
}

// nth puts the k-th smallest where it belongs and returns it (quickselect, Hoare).
func nth(list []int32, k int) int32 {
	lo, hi := 0, len(list)-1
	for lo < hi {
		pivot := median(list[lo], list[(lo+hi)/2], list[hi])
		i, j := lo, hi
		for i <= j {
			for list[i] < pivot {
				i++
			}
			for list[j] > pivot {
				j--
			}
			if i <= j {
				list[i], list[j] = list[j], list[i]
				i++
				j--
			}
		}
		switch {
		case k <= j:
			hi = j
		case k >= i:
			lo = i
		default:
			return list[k]
		}
	}
	return list[k]
}

func median(a, b, c int32) int32 { return max(min(a, b), min(max(a, b), c)) }

// peaks are the most pieces at one moment. A piece that ends where another begins makes room for it.
func peaks(value pick, sel *selection, groups []int32, n int) []float64 {
	type change struct {
		t  int64
		g  int32
		up int32
	}
	list := make([]change, 0, 2*len(sel.rows))
	g := int32(0)
	for i, row := range sel.rows {
		if _, ok := value(row); !ok || sel.from[i] == sel.to[i] {
			continue
		}
		if groups != nil {
			g = groups[i]
		}
		list = append(list, change{sel.from[i], g, 1}, change{sel.to[i], g, -1})
	}
	slices.SortFunc(list, func(a, b change) int {
		return cmp.Or(cmp.Compare(a.g, b.g), cmp.Compare(a.t, b.t), cmp.Compare(a.up, b.up))
	})
	out := make([]float64, n)
	at, last := int32(0), int32(-1)
	for _, c := range list {
		if c.g != last {
			at, last = 0, c.g
		}
		at += c.up
		out[c.g] = max(out[c.g], float64(at))
	}
	return out
}

// lengths are how long the buckets of each group are.
func (r *run) lengths() figures {
	whole := float64(max(min(r.to, r.now)-r.from, 0))
	f := figures{of: make([]float64, len(r.groups.keys)), total: whole}
	for g, k := range r.groups.keys {
		f.of[g] = whole
		for n, d := range r.dims {
			if d.buckets != nil {
				f.of[g] = min(f.of[g], float64(d.buckets.length[k[n]]))
			}
		}
	}
	return f
}

// lines are how many lines the trunks of each group have; of all, those of all trunks in it. A trunk has its lines at all
// times, whether it is used or not.
func (r *run) lines() figures {
	f := figures{of: make([]float64, len(r.groups.keys))}
	sel := r.selected(fromCalls, false)
	of := map[[2]int32][]int32{}
	var all []int32
	for i, row := range sel.rows {
		t := r.e.f.Calls.Trunk[row]
		if t == 0 {
			continue
		}
		if place := r.place(sel.groups[i]); !slices.Contains(of[place], t) {
			of[place] = append(of[place], t)
		}
		if !slices.Contains(all, t) {
			all = append(all, t)
		}
	}
	f.total = r.linesOf(all)
	for g := range f.of {
		f.of[g] = r.linesOf(of[r.place(int32(g))])
	}
	return f
}

// place is a group's keys but for those of time.
func (r *run) place(group int32) [2]int32 {
	k := r.groups.keys[group]
	for n, d := range r.dims {
		if d.buckets != nil {
			k[n] = 0
		}
	}
	return k
}
