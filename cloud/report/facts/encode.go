package facts

import (
	"errors"
	"math"
	"math/bits"
	"strconv"

	"github.com/callweave/callweave/cloud/report"
)

// A chunk is one section of one UTC day of calls' beginnings, one item of CBOR (RFC 8949: definite lengths):
//
//	chunk = 55799([          self-described CBOR: files begin d9 d9 f7
//	    1,                   this format
//	    section,             1 calls, 2 numbers, 3 visits, …
//	    day,                 days since 1970-01-01 UTC
//	    calls,               how many calls the day has: what columns of calls point into; 0 in the section of states
//	    rows,                how many rows this section has
//	    [text, …],           what columns of texts point into, from place 1 on; place 0 is ""
//	    [column, …]          in the order of the section; readers pass over those that were added since
//	])                       the section of ids has one column: 64(16 bytes a row)
//
//	column = [0, value]      all rows have this value
//	       | [1, planes]     the values
//	       | [2, planes]     differences to the row before, of the first to 0
//	       | [3, k, planes]  differences to column k of the same row; of moments only
//	       | [4, planes]     0 is the least value that has not been yet, from 1 on; n is the value n below that one
//	       | [5, planes]     0 is 0; n up to the place of this column is what column n-1 has; above it is n minus that place
//	planes = [64(bytes), …]  the bytes of all values, the lowest of each first, then the second of each, …:
//	                         arrays of uint8 (RFC 8746), each as long as there are rows
//
// Values are unsigned, differences zigzag (0, -1, 1, -2, …). A moment is 0 for never, else one more than the zigzag
// difference in ms to what its column says, where never, and what is before the first row, is the beginning of the day.
//
// The writer takes whichever column compresses best by an estimate, so a reader has to know all of them.
const (
	selfDescribed = 55799
	uint8s        = 64 // RFC 8746
	kindChunk     = 1
	kindTail      = 2

	howSame  = 0
	howPlain = 1
	howRow   = 2
	howNear  = 3
	howFresh = 4
	howAlike = 5

	msPerDay = 86_400_000
	latest   = 1 << 50 // ms: moments are below
)

// Encode writes a section of the facts of one day as a chunk. It fails where facts contradict themselves: columns of
// different lengths, negative numbers, texts or calls that are not there.
func Encode(f *report.Facts, s Section, day int64) ([]byte, error) {
	e := &encoder{f: f, day: day, calls: Rows(f, Calls), cols: columns(f, s)}
	if s == States {
		e.calls = 0
	}
	if s == IDs {
		e.rows = len(f.Calls.IDs)
	} else {
		e.rows = e.cols[0].len()
	}
	if err := e.read(); err != nil {
		return nil, errors.New("encode " + s.String() + ": " + err.Error())
	}
	b := head(make([]byte, 0, 64+e.rows*len(e.cols)*2+len(f.Calls.IDs)), majorTag, selfDescribed)
	b = head(b, majorArray, 7)
	for _, v := range []uint64{kindChunk, uint64(s), uint64(day), uint64(e.calls), uint64(e.rows)} {
		b = head(b, majorUint, v)
	}
	b = head(b, majorArray, uint64(len(e.texts)))
	for _, t := range e.texts {
		b = append(head(b, majorText, uint64(len(t))), t...)
	}
	if s == IDs {
		return e.ids(b), nil
	}
	b = head(b, majorArray, uint64(len(e.cols)))
	for k := range e.cols {
		b = e.column(b, k)
	}
	return b, nil
}

type encoder struct {
	f     *report.Facts
	day   int64
	calls int
	rows  int
	cols  []column
	vals  [][]int64 // by column; texts by their places in the chunk
	texts []string  // from place 1 on
}

func (e *encoder) ids(b []byte) []byte {
	b = head(b, majorArray, 1)
	b = head(head(b, majorTag, uint8s), majorBytes, uint64(16*e.rows))
	for i := range e.f.Calls.IDs {
		b = append(b, e.f.Calls.IDs[i][:]...)
	}
	return b
}

func (e *encoder) read() error {
	if e.day < 0 || e.day > latest/msPerDay {
		return errors.New("no such day: " + strconv.FormatInt(e.day, 10))
	}
	e.vals = make([][]int64, len(e.cols))
	for k := range e.cols {
		c := &e.cols[k]
		if c.len() != e.rows {
			return errors.New("column " + strconv.Itoa(k) + " has " + strconv.Itoa(c.len()) + " rows, others have " + strconv.Itoa(e.rows))
		}
		e.vals[k] = make([]int64, e.rows)
		c.get(e.vals[k])
		most := c.most()
		switch c.means {
		case text:
			most = int64(len(e.f.Texts)) - 1
		case ofCall:
			most = int64(e.calls) - 1
		case plain:
		}
		for i, v := range e.vals[k] {
			if (v < 0 || v > most) && (c.means != text || v != 0) {
				return errors.New("column " + strconv.Itoa(k) + ", row " + strconv.Itoa(i) + ": no such value: " + strconv.FormatInt(v, 10))
			}
		}
	}
	e.own()
	return nil
}

// own gives the texts of the section places of their own, by first appearance.
func (e *encoder) own() {
	place := map[int64]int64{0: 0}
	for i := range e.rows {
		for k := range e.cols {
			if e.cols[k].means != text {
				continue
			}
			v := e.vals[k][i]
			p, known := place[v]
			if !known {
				if e.f.Texts[v] != "" {
					e.texts = append(e.texts, e.f.Texts[v])
					p = int64(len(e.texts))
				}
				place[v] = p
			}
			e.vals[k][i] = p
		}
	}
}

// column appends the column in the way that seems to compress best.
func (e *encoder) column(b []byte, k int) []byte {
	c := &e.cols[k]
	if v, same := e.same(k); same {
		return head(head(head(b, majorArray, 2), majorUint, howSame), majorUint, v)
	}
	type way struct {
		how  uint64
		near int
		vals []uint64
	}
	var ways []way
	add := func(how uint64, near int, vals []uint64) { ways = append(ways, way{how, near, vals}) }
	switch {
	case c.moments != nil:
		add(howRow, 0, e.momentsByRow(k))
		for _, n := range c.near {
			add(howNear, n, e.momentsNear(k, n))
		}
	case c.means == text:
		add(howPlain, 0, e.plain(k))
		add(howFresh, 0, e.fresh(k))
		if k > 0 {
			add(howAlike, 0, e.alike(k))
		}
	default:
		add(howPlain, 0, e.plain(k))
		add(howRow, 0, e.byRow(k))
	}
	best, least := 0, math.Inf(1)
	for i := range ways {
		if cost := estimate(ways[i].vals); cost < least {
			best, least = i, cost
		}
	}
	w := ways[best]
	if w.how == howNear {
		b = head(head(head(b, majorArray, 3), majorUint, w.how), majorUint, uint64(w.near))
	} else {
		b = head(head(b, majorArray, 2), majorUint, w.how)
	}
	return planes(b, w.vals)
}

// same tells whether all rows have one value, as it is written: of an empty section 0.
func (e *encoder) same(k int) (uint64, bool) {
	for _, v := range e.vals[k] {
		if v != e.vals[k][0] {
			return 0, false
		}
	}
	switch {
	case e.rows == 0 || e.vals[k][0] == 0:
		return 0, true
	case e.cols[k].moments != nil:
		return 1 + zigzag(e.vals[k][0]-e.day*msPerDay), true
	}
	return uint64(e.vals[k][0]), true
}

func (e *encoder) momentsByRow(k int) []uint64 {
	out := make([]uint64, e.rows)
	before := e.day * msPerDay
	for i, v := range e.vals[k] {
		if v != 0 {
			out[i] = 1 + zigzag(v-before)
			before = v
		}
	}
	return out
}

func (e *encoder) momentsNear(k, near int) []uint64 {
	out := make([]uint64, e.rows)
	for i, v := range e.vals[k] {
		from := e.vals[near][i]
		if from == 0 {
			from = e.day * msPerDay
		}
		if v != 0 {
			out[i] = 1 + zigzag(v-from)
		}
	}
	return out
}

func (e *encoder) plain(k int) []uint64 {
	out := make([]uint64, e.rows)
	for i, v := range e.vals[k] {
		out[i] = uint64(v)
	}
	return out
}

func (e *encoder) byRow(k int) []uint64 {
	out := make([]uint64, e.rows)
	before := int64(0)
	for i, v := range e.vals[k] {
		out[i] = zigzag(v - before)
		before = v
	}
	return out
}

// fresh is for places of texts, which are given by first appearance: most that are new are the next one.
func (e *encoder) fresh(k int) []uint64 {
	out := make([]uint64, e.rows)
	next := int64(1)
	for i, v := range e.vals[k] {
		if v >= next { // others may have used those between
			if v > next {
				return nil
			}
			next++
			continue
		}
		out[i] = uint64(next - v)
	}
	return out
}

func (e *encoder) alike(k int) []uint64 {
	out := make([]uint64, e.rows)
	for i, v := range e.vals[k] {
		if v == 0 {
			continue
		}
		out[i] = uint64(v) + uint64(k)
		for n := range k {
			if e.cols[n].means == text && e.vals[n][i] == v {
				out[i] = uint64(n) + 1
				break
			}
		}
	}
	return out
}

func zigzag(v int64) uint64 { return uint64(v<<1) ^ uint64(v>>63) }

// width is how many bytes each of the values needs.
func width(vals []uint64) int {
	var all uint64
	for _, v := range vals {
		all |= v
	}
	return max((bits.Len64(all)+7)/8, 1)
}

// estimate is how many bits a perfect coder of single bytes would need: close enough to what gzip and zstd make of it to
// choose by. No values at all are no choice.
func estimate(vals []uint64) (total float64) {
	if vals == nil {
		return math.Inf(1)
	}
	n := float64(len(vals))
	for p := range width(vals) {
		var seen [256]int
		for _, v := range vals {
			seen[byte(v>>(8*p))]++
		}
		for _, c := range seen {
			if c > 0 {
				total += float64(c) * math.Log2(n/float64(c))
			}
		}
	}
	return total
}

func planes(b []byte, vals []uint64) []byte {
	w := width(vals)
	b = head(b, majorArray, uint64(w))
	for p := range w {
		b = head(head(b, majorTag, uint8s), majorBytes, uint64(len(vals)))
		for _, v := range vals {
			b = append(b, byte(v>>(8*p)))
		}
	}
	return b
}
