package report

import (
	"math"
	"slices"
)

const (
	minute = int64(60_000)
	hour   = 60 * minute
	day    = 24 * hour
	never  = int64(math.MaxInt64)
)

// zone is a time zone: the changes of its offset, in ms.
type zone struct {
	name  string
	at    []int64
	shift []int64
}

func newZone(name string, shifts []Shift) *zone {
	z := &zone{name: name}
	for _, s := range shifts {
		z.at, z.shift = append(z.at, s.At), append(z.shift, int64(s.Offset)*1000)
	}
	if len(z.at) == 0 {
		z.at, z.shift = []int64{math.MinInt64}, []int64{0}
	}
	z.at[0] = math.MinInt64
	return z
}

// offset is what to add to UTC at a moment, and until when.
func (z *zone) offset(t int64) (shift, until int64) {
	i, found := slices.BinarySearch(z.at, t)
	if !found {
		i--
	}
	until = never
	if i+1 < len(z.at) {
		until = z.at[i+1]
	}
	return z.shift[i], until
}

// utc is the first moment whose local time is not before the given one, counted from a moment near it.
func (z *zone) utc(local int64) int64 {
	i := len(z.at) - 1
	for ; i > 0 && z.at[i]+z.shift[i] > local; i-- {
		if z.at[i]+z.shift[i-1] <= local { // a local time that does not exist: clocks jumped over it
			return z.at[i]
		}
	}
	for i > 0 && local < z.at[i]+z.shift[i-1] { // a local time that comes twice: the first one
		i--
	}
	return local - z.shift[i]
}

// clock divides time into stretches with an index each. Stretches of one index need not be next to each other: an hour of the
// day comes every day.
type clock struct {
	edges []int64 // begins of the stretches
	index []int32
	until int64 // end of the last
	last  int
}

// find is the place of the stretch a moment lies in.
func (c *clock) find(t int64) int {
	if i := c.last; c.edges[i] <= t && (i+1 == len(c.edges) || t < c.edges[i+1]) {
		return i
	}
	i, found := slices.BinarySearch(c.edges, t)
	if !found {
		i = max(i-1, 0)
	}
	c.last = i
	return i
}

func (c *clock) at(t int64) int32 { return c.index[c.find(t)] }

// next is when the stretch of a moment ends.
func (c *clock) next(t int64) int64 {
	if i := c.find(t) + 1; i < len(c.edges) {
		return c.edges[i]
	}
	return c.until
}

// add puts a stretch at the end; one of the same index as the last goes on with it.
func (c *clock) add(from int64, index int32) {
	if n := len(c.index); n > 0 && c.index[n-1] == index {
		return
	}
	c.edges, c.index = append(c.edges, from), append(c.index, index)
}

// floorDiv divides towards the past.
func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// mostStretches bounds what a period is divided into.
const mostStretches = 1 << 20

// stretches walks over the local days or steps of a period: each has a begin in UTC, the same as wall-clock time, and lasts until
// the next step or the next change of the zone's offset.
func (z *zone) stretches(from, to, step int64, visit func(t, wall int64)) {
	for t := from; t < to; {
		shift, until := z.offset(t)
		visit(t, t+shift)
		next := (floorDiv(t+shift, step)+1)*step - shift
		t = min(next, until)
	}
}

// weekday is 0 for Monday.
func weekday(wall int64) int64 { return (floorDiv(wall, day)%7 + 10) % 7 } // 1970 began on a Thursday

// monthStart is the wall-clock beginning of the month of a wall-clock time.
func monthStart(wall int64) int64 {
	y, m, _ := civil(floorDiv(wall, day))
	return daysFrom(y, m, 1) * day
}

// civil turns days since 1970 into a date (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
func civil(days int64) (y, m, d int64) {
	days += 719468
	era := floorDiv(days, 146097)
	doe := days - era*146097
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	d = doy - (153*mp+2)/5 + 1
	if m = mp + 3; mp >= 10 {
		m = mp - 9
	}
	if y = yoe + era*400; m <= 2 {
		y++
	}
	return y, m, d
}

// daysFrom is the other way round.
func daysFrom(y, m, d int64) int64 {
	if m <= 2 {
		y--
	}
	era := floorDiv(y, 400)
	yoe := y - era*400
	mp := m - 3
	if m <= 2 {
		mp = m + 9
	}
	doy := (153*mp+2)/5 + d - 1
	doe := yoe*365 + yoe/4 - yoe/100 + doy
	return era*146097 + doe - 719468
}
