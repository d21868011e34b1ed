package facts

import (
	"errors"
	"slices"
	"strconv"

	"github.com/callweave/callweave/cloud/report"
)

// Set gathers chunks and increments into the facts of a period. The zero value is empty and ready.
type Set struct {
	chunks map[place]chunk
	open   map[int64]*report.Facts // days that increments tell of
	cursor string
	d      decoder

	built  bool
	facts  report.Facts // of closed days, with what followed behind
	texts  map[string]int32
	closed map[Section]int // rows of closed days
	named  int             // texts of closed days
	ids    bool            // closed days have ids
}

type place struct {
	day     int64
	section Section
}

// mostTotal is how many calls, or rows of a section, a set takes: more than a browser's memory holds.
const mostTotal = 1 << 24

// Add takes a chunk or an increment. Of a chunk it reads the beginning, keeps the bytes and leaves the rest to [Set.Facts]; one
// of the same day and section before it is replaced. An increment it reads, or fails and leaves all as it was.
func (s *Set) Add(b []byte) error {
	kind, err := kindOf(b)
	if err == nil && kind == kindTail {
		if err = s.increment(b); err != nil {
			return errors.New("read increment of facts: " + err.Error())
		}
		return nil
	}
	c, err := header(b)
	if err != nil {
		return errors.New("read facts: " + err.Error())
	}
	if s.chunks == nil {
		s.chunks = map[place]chunk{}
	}
	s.chunks[place{c.day, c.section}] = c
	delete(s.open, c.day)
	s.built = false
	return nil
}

// Put takes the facts of a day as they are, in place of what there was of it.
func (s *Set) Put(day int64, f *report.Facts) {
	if s.open == nil {
		s.open = map[int64]*report.Facts{}
	}
	s.open[day] = f
}

// Cursor is what to ask the next increment with; "" before there was one.
func (s *Set) Cursor() string { return s.cursor }

// Facts joins all there is, by days. What it returned before is no longer valid. It fails where chunks are damaged, or of
// different revisions of a day.
func (s *Set) Facts() (*report.Facts, error) {
	if !s.built {
		if err := s.build(); err != nil {
			return nil, errors.New("read facts: " + err.Error())
		}
	}
	s.cut()
	days := make([]int64, 0, len(s.open))
	for d := range s.open {
		days = append(days, d)
	}
	slices.Sort(days)
	fresh := map[string]int32{}
	for _, d := range days {
		s.append(s.open[d], fresh)
	}
	return &s.facts, nil
}

// grouped are the sections whose rows are the same: all of them as long as the first.
func grouped(sec Section) Section {
	if sec == Numbers || sec == IDs {
		return Calls
	}
	return sec
}

// build reads the chunks into memory of the right size.
func (s *Set) build() error {
	days, calls, err := s.days()
	if err != nil {
		return err
	}
	s.facts, s.texts = report.Facts{Texts: []string{""}}, map[string]int32{"": 0}
	s.closed = map[Section]int{}
	for _, d := range days {
		s.closed[Calls] += calls[d]
	}
	ids := false
	for p, c := range s.chunks {
		if grouped(p.section) == p.section && p.section != Calls {
			s.closed[p.section] += c.rows
		}
		ids = ids || p.section == IDs
	}
	for _, sec := range Sections() {
		if s.closed[grouped(sec)] > mostTotal {
			return errors.New("too many rows for one report: choose a shorter period")
		}
		for _, c := range columns(&s.facts, sec) {
			c.resize(s.closed[grouped(sec)])
		}
	}
	if s.ids = ids; ids {
		s.facts.Calls.IDs = make([][16]byte, s.closed[Calls])
	}
	at := map[Section]int{}
	for _, d := range days {
		for _, sec := range Sections() {
			c, there := s.chunks[place{d, sec}]
			if !there {
				continue
			}
			if err := s.place(c, at[grouped(sec)], at[Calls]); err != nil {
				return errors.New(sec.String() + " of day " + strconv.FormatInt(d, 10) + ": " + err.Error())
			}
			if grouped(sec) == sec && sec != Calls {
				at[sec] += c.rows
			}
		}
		at[Calls] += calls[d]
	}
	s.named, s.built = len(s.facts.Texts), true
	return nil
}

// days are those there are chunks of, and how many calls each has.
func (s *Set) days() (days []int64, calls map[int64]int, err error) {
	calls = map[int64]int{}
	for p, c := range s.chunks {
		if !slices.Contains(days, p.day) {
			days = append(days, p.day)
		}
		if p.section == States { // they belong to no call, and have a revision of their own
			continue
		}
		if n, known := calls[p.day]; known && n != c.calls {
			return nil, nil, errors.New("chunks of day " + strconv.FormatInt(p.day, 10) + " are of different revisions")
		}
		calls[p.day] = c.calls
	}
	slices.Sort(days)
	return days, calls, nil
}

// place reads a chunk into the rows from row on; its calls begin at firstCall.
func (s *Set) place(c chunk, row, firstCall int) error {
	if err := s.d.read(c); err != nil {
		return err
	}
	if c.section == IDs {
		for i := range c.rows {
			copy(s.facts.Calls.IDs[row+i][:], s.d.ids[16*i:])
		}
		return nil
	}
	var places []int64
	if len(s.d.texts) > 0 {
		places = make([]int64, 1, len(s.d.texts)+1)
		for _, t := range s.d.texts {
			places = append(places, int64(s.name(t, s.texts)))
		}
	}
	for k, col := range columns(&s.facts, c.section) {
		vals := s.d.vals[k][:c.rows]
		switch {
		case col.means == text && places != nil:
			for i, v := range vals {
				vals[i] = places[v]
			}
		case col.means == ofCall:
			for i := range vals {
				vals[i] += int64(firstCall)
			}
		}
		col.put(vals, row)
	}
	return nil
}

// name gives a text its place; known says which of those that are not in closed days have one.
func (s *Set) name(t string, known map[string]int32) int32 {
	if p, ok := s.texts[t]; ok {
		return p
	}
	p, ok := known[t]
	if !ok {
		p = int32(len(s.facts.Texts))
		s.facts.Texts = append(s.facts.Texts, t)
		known[t] = p
	}
	return p
}

// cut takes away what follows the closed days.
func (s *Set) cut() {
	s.facts.Texts = s.facts.Texts[:s.named]
	for _, sec := range Sections() {
		for _, c := range columns(&s.facts, sec) {
			c.resize(s.closed[grouped(sec)])
		}
	}
	if s.ids {
		s.facts.Calls.IDs = resized(s.facts.Calls.IDs, s.closed[Calls])
	} else {
		s.facts.Calls.IDs = nil
	}
}

// append puts a day behind all there is.
func (s *Set) append(day *report.Facts, fresh map[string]int32) {
	firstCall := len(s.facts.Calls.Start)
	places := make([]int64, len(day.Texts))
	for i, t := range day.Texts {
		places[i] = int64(s.name(t, fresh))
	}
	for _, sec := range Sections() {
		from := columns(day, sec)
		for k, c := range columns(&s.facts, sec) {
			n, had := from[k].len(), c.len()
			vals := resized(s.d.vals0(), n)
			from[k].get(vals)
			for i, v := range vals {
				switch c.means {
				case text:
					vals[i] = places[v]
				case ofCall:
					vals[i] = v + int64(firstCall)
				case plain:
				}
			}
			c.resize(had + n)
			c.put(vals, had)
		}
	}
	if s.ids || firstCall == 0 || s.facts.Calls.IDs != nil { // ids of some days alone would look like those of all
		ids := resized(s.facts.Calls.IDs, len(s.facts.Calls.Start))
		copy(ids[firstCall:], day.Calls.IDs)
		s.facts.Calls.IDs = ids
	}
}

func (d *decoder) vals0() []int64 {
	if len(d.vals) == 0 {
		return nil
	}
	return d.vals[0][:0]
}
