package logs

import (
	"bufio"
	"cmp"
	"container/heap"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/fxamacker/cbor/v2"
)

// Sorter puts rows in order of their keys, however many there are and in whatever order they come: what does not fit into
// memory waits in temporary files.
type Sorter struct {
	dir   string
	most  int
	rows  []*Row
	order uint64
	runs  []*os.File
}

// mostRows is how many rows are kept in memory, some 200 MB.
const mostRows = 300_000

// NewSorter keeps what does not fit into memory in dir; "" is the system's place for such.
func NewSorter(dir string) *Sorter { return &Sorter{dir: dir, most: mostRows} }

// Add takes a row.
func (s *Sorter) Add(r *Row) error {
	s.order++
	r.Order = s.order
	if s.rows = append(s.rows, r); len(s.rows) < s.most {
		return nil
	}
	return s.spill()
}

func byKey(x, y *Row) int { return cmp.Or(cmp.Compare(x.Key, y.Key), cmp.Compare(x.Order, y.Order)) }

func (s *Sorter) spill() error {
	slices.SortFunc(s.rows, byKey)
	f, err := os.CreateTemp(s.dir, "callweave-import-*")
	if err != nil {
		return fmt.Errorf("make room for rows: %w", err)
	}
	s.runs = append(s.runs, f)
	w := bufio.NewWriterSize(f, 1<<20)
	enc := cbor.NewEncoder(w)
	for _, r := range s.rows {
		if err := enc.Encode(r); err != nil {
			return fmt.Errorf("put rows aside: %w", err)
		}
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("put rows aside: %w", err)
	}
	clear(s.rows)
	s.rows = s.rows[:0]
	_, err = f.Seek(0, io.SeekStart)
	return err
}

// Each hands out all rows in order. It can be called once.
func (s *Sorter) Each(fn func(*Row) error) error {
	slices.SortFunc(s.rows, byKey)
	m := &merge{}
	if len(s.rows) > 0 {
		m.list = append(m.list, &run{rows: s.rows})
	}
	for _, f := range s.runs {
		m.list = append(m.list, &run{dec: cbor.NewDecoder(bufio.NewReaderSize(f, 1<<18))})
	}
	for _, r := range m.list {
		if err := r.next(); err != nil {
			return err
		}
	}
	m.list = slices.DeleteFunc(m.list, func(r *run) bool { return r.head == nil })
	heap.Init(m)
	for len(m.list) > 0 {
		r := m.list[0]
		if err := fn(r.head); err != nil {
			return err
		}
		if err := r.next(); err != nil {
			return err
		}
		if r.head == nil {
			heap.Pop(m)
		} else {
			heap.Fix(m, 0)
		}
	}
	return nil
}

// Close removes what was put aside.
func (s *Sorter) Close() error {
	var all []error
	for _, f := range s.runs {
		all = append(all, f.Close(), os.Remove(f.Name()))
	}
	s.runs, s.rows = nil, nil
	return errors.Join(all...)
}

// run is a part of the rows that is in order.
type run struct {
	head *Row
	rows []*Row
	dec  *cbor.Decoder
}

func (r *run) next() error {
	r.head = nil
	if r.dec == nil {
		if len(r.rows) > 0 {
			r.head, r.rows = r.rows[0], r.rows[1:]
		}
		return nil
	}
	row := &Row{}
	err := r.dec.Decode(row)
	if errors.Is(err, io.EOF) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read rows that were put aside: %w", err)
	}
	r.head = row
	return nil
}

// merge is a heap of runs by their heads.
type merge struct{ list []*run }

func (m *merge) Len() int           { return len(m.list) }
func (m *merge) Less(i, j int) bool { return byKey(m.list[i].head, m.list[j].head) < 0 }
func (m *merge) Swap(i, j int)      { m.list[i], m.list[j] = m.list[j], m.list[i] }
func (m *merge) Push(x any)         { m.list = append(m.list, x.(*run)) }
func (m *merge) Pop() any {
	r := m.list[len(m.list)-1]
	m.list = m.list[:len(m.list)-1]
	return r
}
