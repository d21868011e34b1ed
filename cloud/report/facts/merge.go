package facts

import (
	"bytes"

	"github.com/callweave/callweave/cloud/report"
)

// merge joins what was known of a day with its calls that changed. Calls that are gone, or changed, leave with all their
// rows. States are those of fresh where it has them.
func merge(old, fresh *report.Facts, gone map[[16]byte]bool, states bool) *report.Facts {
	for _, id := range fresh.Calls.IDs {
		gone[id] = true
	}
	m := merger{out: &report.Facts{Texts: []string{""}}, texts: map[string]int32{"": 0}}
	m.from[0], m.from[1] = old, fresh
	m.order(gone)
	for _, sec := range Sections() {
		switch {
		case grouped(sec) == Calls:
			m.section(sec, m.calls)
		case sec == States && states:
			m.section(sec, all(1, Rows(fresh, sec)))
		case sec == States:
			m.section(sec, all(0, Rows(old, sec)))
		default:
			m.section(sec, m.rows(sec))
		}
	}
	m.out.Calls.IDs = make([][16]byte, len(m.calls))
	for i, p := range m.calls {
		m.out.Calls.IDs[i] = m.from[p.from].Calls.IDs[p.row]
	}
	return m.out
}

// origin is a row of one of the two.
type origin struct{ from, row int32 }

func all(from int32, n int) []origin {
	list := make([]origin, n)
	for i := range list {
		list[i] = origin{from, int32(i)}
	}
	return list
}

type merger struct {
	from  [2]*report.Facts
	out   *report.Facts
	texts map[string]int32
	calls []origin   // of the result, in order
	place [2][]int32 // of each call in the result, -1: it is not in it
}

// order finds the calls of the result, by start and id as each of the two is.
func (m *merger) order(gone map[[16]byte]bool) {
	a, b := &m.from[0].Calls, &m.from[1].Calls
	for side := range m.place {
		m.place[side] = make([]int32, len(m.from[side].Calls.Start))
	}
	take := func(from, row int) {
		m.place[from][row] = int32(len(m.calls))
		m.calls = append(m.calls, origin{int32(from), int32(row)})
	}
	k := 0
	for i, id := range a.IDs {
		if gone[id] {
			m.place[0][i] = -1
			continue
		}
		for k < len(b.Start) && (b.Start[k] < a.Start[i] || b.Start[k] == a.Start[i] && bytes.Compare(b.IDs[k][:], id[:]) < 0) {
			take(1, k)
			k++
		}
		take(0, i)
	}
	for ; k < len(b.Start); k++ {
		take(1, k)
	}
}

// rows finds the rows of a section in the order of the result's calls.
func (m *merger) rows(sec Section) []origin {
	byCall := make([][]origin, len(m.calls))
	n := 0
	for side, f := range m.from {
		of := *columns(f, sec)[0].counts // the first column of rows is their call
		for row, c := range of {
			if p := m.place[side][c]; p >= 0 {
				byCall[p] = append(byCall[p], origin{int32(side), int32(row)})
				n++
			}
		}
	}
	list := make([]origin, 0, n)
	for _, rows := range byCall {
		list = append(list, rows...)
	}
	return list
}

// section copies rows into the result.
func (m *merger) section(sec Section, rows []origin) {
	to := columns(m.out, sec)
	var from [2][]column
	for side := range from {
		from[side] = columns(m.from[side], sec)
	}
	vals := make([]int64, len(rows))
	for k := range to {
		for side := range from {
			c := &from[side][k]
			had := make([]int64, c.len())
			c.get(had)
			for i, r := range rows {
				if int(r.from) == side {
					vals[i] = m.value(c, side, had[r.row])
				}
			}
		}
		to[k].resize(len(rows))
		to[k].put(vals, 0)
	}
}

func (m *merger) value(c *column, side int, v int64) int64 {
	switch c.means {
	case text:
		t := m.from[side].Texts[v]
		p, known := m.texts[t]
		if !known {
			p = int32(len(m.out.Texts))
			m.texts[t], m.out.Texts = p, append(m.out.Texts, t)
		}
		return int64(p)
	case ofCall:
		return int64(m.place[side][v])
	case plain:
	}
	return v
}
