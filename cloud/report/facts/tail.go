package facts

import (
	"errors"
	"strconv"

	"github.com/callweave/callweave/cloud/report"
)

// An increment is what changed of days that go on since some moment, one item of CBOR:
//
//	increment = 55799([2, cursor, [change, …]])
//	change    = [day, whole, 64(16 bytes a call), [bytes, …]]
//
// cursor is what the server is told to get the next one. Where whole is 1, the chunks (each in bytes) are all there is of the
// day, and take the place of what was known. Else they hold the calls that changed, whole, with ids and all their rows; the
// ids before them are of calls that are gone; and a chunk of states, if there is one, has all states of the day.
// A day may change more than once in an increment.

// Change is what changed of a day.
type Change struct {
	Day    int64
	Whole  bool
	Gone   [][16]byte
	Chunks [][]byte // with one of ids
}

// EncodeIncrement writes an increment.
func EncodeIncrement(cursor string, changes []Change) []byte {
	b := head(head(head(nil, majorTag, selfDescribed), majorArray, 3), majorUint, kindTail)
	b = append(head(b, majorText, uint64(len(cursor))), cursor...)
	b = head(b, majorArray, uint64(len(changes)))
	for _, c := range changes {
		b = head(head(b, majorArray, 4), majorUint, uint64(c.Day))
		whole := uint64(0)
		if c.Whole {
			whole = 1
		}
		b = head(b, majorUint, whole)
		b = head(head(b, majorTag, uint8s), majorBytes, uint64(16*len(c.Gone)))
		for _, id := range c.Gone {
			b = append(b, id[:]...)
		}
		b = head(b, majorArray, uint64(len(c.Chunks)))
		for _, chunk := range c.Chunks {
			b = append(head(b, majorBytes, uint64(len(chunk))), chunk...)
		}
	}
	return b
}

// mostDays is how many changes an increment may tell of.
const mostDays = 64

// kindOf tells chunks from increments.
func kindOf(b []byte) (uint64, error) {
	r := reader{b: b}
	r.tag(selfDescribed)
	r.array("facts")
	kind := r.uint(1<<16, "format")
	return kind, r.err
}

// increment takes an increment: all of it, or nothing where it is damaged.
func (s *Set) increment(b []byte) error {
	r := reader{b: b}
	r.tag(selfDescribed)
	if n := r.array("increment"); r.err == nil && n < 3 {
		r.fail("no whole increment")
	}
	r.uint(kindTail, "format")
	cursor := string(r.text("cursor"))
	n := r.array("changes")
	if n > mostDays {
		r.fail("too many days")
	}
	days := map[int64]*report.Facts{}
	for range n {
		if r.err != nil {
			return r.err
		}
		day, f, err := s.change(&r, days)
		if err != nil {
			return err
		}
		days[day] = f
	}
	if r.err != nil {
		return r.err
	}
	if s.open == nil {
		s.open = map[int64]*report.Facts{}
	}
	for d, f := range days {
		s.open[d] = f
		for _, sec := range Sections() {
			if _, there := s.chunks[place{d, sec}]; there {
				delete(s.chunks, place{d, sec})
				s.built = false
			}
		}
	}
	s.cursor = cursor
	return nil
}

// change reads what changed of a day, and returns the whole day as it is then; so far are days that changed before in the
// same increment.
func (s *Set) change(r *reader, soFar map[int64]*report.Facts) (int64, *report.Facts, error) {
	if n := r.array("change"); r.err == nil && n < 4 {
		r.fail("no whole change")
	}
	day := int64(r.uint(latest/msPerDay, "day"))
	whole := r.uint(1, "mark") == 1
	r.tag(uint8s)
	ids := r.bytes("ids of calls that are gone")
	if len(ids)%16 != 0 {
		r.fail("no whole ids")
	}
	var part Set
	states := false
	for range r.array("chunks") {
		chunk := r.bytes("chunk")
		if r.err != nil {
			return 0, nil, r.err
		}
		c, err := header(chunk)
		if err != nil {
			return 0, nil, err
		}
		if c.day != day {
			return 0, nil, errors.New("a chunk of another day in the change of day " + strconv.FormatInt(day, 10))
		}
		states = states || c.section == States
		if err := part.Add(chunk); err != nil {
			return 0, nil, err
		}
	}
	if r.err != nil {
		return 0, nil, r.err
	}
	fresh, err := part.Facts()
	if err != nil {
		return 0, nil, err
	}
	if whole {
		return day, fresh, nil
	}
	old, there := soFar[day]
	if !there {
		old, there = s.open[day]
	}
	if !there || len(old.Calls.IDs) != len(old.Calls.Start) || len(fresh.Calls.IDs) != len(fresh.Calls.Start) {
		return 0, nil, errors.New("an increment of day " + strconv.FormatInt(day, 10) + ", of which nothing is known: ask for all of it again")
	}
	gone := make(map[[16]byte]bool, len(ids)/16)
	for i := 0; i < len(ids); i += 16 {
		gone[[16]byte(ids[i:])] = true
	}
	return day, merge(old, fresh, gone, states), nil
}
