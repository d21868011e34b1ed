package facts

import (
	"errors"
	"strconv"

	"github.com/callweave/callweave/cloud/report"
)

// What is too much for a chunk: a day of a large call centre is a hundredth of it.
const (
	mostCalls = 1 << 20 // of a day: sections of few rows say so many, too
	mostRows  = 1 << 22
	mostTexts = 1 << 22
	// few rows need no bytes of their own: all may have the same values. Of more, something differs, which takes a byte a row,
	// so that what is allocated stays in proportion to what came.
	few = 4096
)

// chunk is what the beginning of one says.
type chunk struct {
	section     Section
	day         int64
	calls, rows int
	body        []byte // from the texts on
}

// header reads the beginning of a chunk.
func header(b []byte) (c chunk, err error) {
	r := reader{b: b}
	r.tag(selfDescribed)
	if n := r.array("chunk"); r.err == nil && n < 7 {
		r.fail("no whole chunk")
	}
	if v := r.uint(1<<16, "format"); r.err == nil && v != kindChunk {
		return c, errors.New("a chunk of format " + strconv.FormatUint(v, 10) + ", which this version does not know: reload the page")
	}
	c.section = Section(r.uint(255, "section"))
	c.day = int64(r.uint(latest/msPerDay, "day"))
	c.calls = int(r.uint(mostCalls, "number of calls"))
	c.rows = int(r.uint(mostRows, "number of rows"))
	c.body = b[r.at:]
	switch {
	case r.err != nil:
		return c, r.err
	case columns(&report.Facts{}, c.section) == nil && c.section != IDs:
		return c, errors.New("section " + strconv.Itoa(int(c.section)) + ", which this version does not know: reload the page")
	case c.rows != c.calls && (c.section == Calls || c.section == Numbers || c.section == IDs):
		return c, errors.New("as many rows as there are calls are missing in " + c.section.String())
	}
	return c, nil
}

// decoder reads the columns of chunks. It keeps its memory from one to the next.
type decoder struct {
	chunk
	r     reader
	texts []string  // from place 1 on
	ids   []byte    // 16 a row
	vals  [][]int64 // by column
	told  bool      // some column had a byte for every row
}

// read reads texts and columns into memory of the decoder.
func (d *decoder) read(c chunk) error {
	d.chunk, d.r, d.ids, d.told = c, reader{b: c.body}, nil, false
	if c.rows > len(c.body) && c.rows > few {
		return errors.New("more rows than bytes")
	}
	d.readTexts()
	if c.section == IDs {
		d.readIDs()
		return d.r.err
	}
	cols := columns(&report.Facts{}, c.section)
	n := d.r.array("columns")
	if d.r.err == nil && n < len(cols) {
		d.r.fail("too few columns")
	}
	for len(d.vals) < len(cols) {
		d.vals = append(d.vals, nil)
	}
	for k := range cols {
		if d.r.err != nil {
			return d.r.err
		}
		d.vals[k] = resized(d.vals[k], c.rows)
		d.column(cols, k)
	}
	for range n - len(cols) {
		d.r.skip(0)
	}
	if d.r.err == nil && c.rows > few && !d.told {
		return errors.New("too many rows that are all the same")
	}
	return d.r.err
}

// readTexts makes all texts of one piece of memory.
func (d *decoder) readTexts() {
	n := d.r.array("texts")
	if n > mostTexts {
		d.r.fail("too many texts")
		return
	}
	begin := d.r.at
	ends := make([][2]int, 0, n)
	for range n {
		t := d.r.text("text")
		if d.r.err != nil {
			return
		}
		ends = append(ends, [2]int{d.r.at - len(t) - begin, d.r.at - begin})
	}
	all := string(d.r.b[begin:d.r.at])
	d.texts = make([]string, n)
	for i, e := range ends {
		d.texts[i] = all[e[0]:e[1]]
	}
}

func (d *decoder) readIDs() {
	if n := d.r.array("columns"); n < 1 {
		d.r.fail("no ids")
		return
	}
	d.r.tag(uint8s)
	d.ids = d.r.bytes("ids")
	if len(d.ids) != 16*d.rows {
		d.r.fail("another number of ids")
	}
}

// column reads column k and checks what it holds.
func (d *decoder) column(cols []column, k int) {
	c, out := &cols[k], d.vals[k]
	n := d.r.array("column")
	switch how := d.r.uint(255, "way of a column"); {
	case d.r.err != nil:
		return
	case how == howSame && n == 2:
		d.same(c, out)
	case how == howPlain && n == 2 && c.moments == nil:
		d.planes(out)
	case how == howRow && n == 2 && c.moments != nil:
		d.planes(out)
		momentsByRow(out, d.day*msPerDay)
	case how == howRow && n == 2:
		d.planes(out)
		byRow(out)
	case how == howNear && n == 3 && c.moments != nil:
		near := int(d.r.uint(uint64(len(cols)), "column"))
		if d.r.err == nil && (near >= k || cols[near].moments == nil) {
			d.r.fail("moments told from a column that has none yet")
			return
		}
		d.planes(out)
		if d.r.err == nil {
			momentsNear(out, d.vals[near], d.day*msPerDay)
		}
	case how == howFresh && n == 2 && c.moments == nil:
		d.planes(out)
		fresh(out)
	case how == howAlike && n == 2 && c.moments == nil:
		d.planes(out)
		d.alike(out, k)
	default:
		d.r.fail("a way of a column that this version does not know")
	}
	if d.r.err == nil && !within(out, d.most(c)) {
		d.r.fail("a value that cannot be in column " + strconv.Itoa(k))
	}
}

func (d *decoder) most(c *column) int64 {
	switch c.means {
	case text:
		return int64(len(d.texts))
	case ofCall:
		return int64(d.calls) - 1
	case plain:
	}
	return c.most()
}

func within(vals []int64, most int64) bool {
	for _, v := range vals {
		if v < 0 || v > most {
			return false
		}
	}
	return true
}

func (d *decoder) same(c *column, out []int64) {
	n := d.r.uint(1<<62, "value")
	v := int64(n)
	if c.moments != nil && n != 0 {
		v = d.day*msPerDay + unzigzag(n-1)
	}
	for i := range out {
		out[i] = v
	}
}

// planes reads the values of a column, as they are written.
func (d *decoder) planes(out []int64) {
	n := d.r.array("planes")
	if n < 1 || n > 8 {
		d.r.fail("no 1 to 8 planes")
		return
	}
	for p := range n {
		d.r.tag(uint8s)
		plane := d.r.bytes("plane")
		if d.r.err != nil {
			return
		}
		if len(plane) != len(out) {
			d.r.fail("a plane of another length")
			return
		}
		if p == 0 {
			for i, b := range plane {
				out[i] = int64(b)
			}
			continue
		}
		for i, b := range plane {
			out[i] |= int64(b) << (8 * p)
		}
	}
	d.told = true
}

func unzigzag(v uint64) int64 { return int64(v>>1) ^ -int64(v&1) }

func momentsByRow(out []int64, day int64) {
	before := day
	for i, v := range out {
		if v != 0 {
			before += unzigzag(uint64(v) - 1)
			out[i] = before
		}
	}
}

func momentsNear(out, near []int64, day int64) {
	for i, v := range out {
		if v == 0 {
			continue
		}
		from := near[i]
		if from == 0 {
			from = day
		}
		out[i] = from + unzigzag(uint64(v)-1)
	}
}

func byRow(out []int64) {
	before := int64(0)
	for i, v := range out {
		before += unzigzag(uint64(v))
		out[i] = before
	}
}

func fresh(out []int64) {
	next := int64(1)
	for i, v := range out {
		out[i] = next - v
		if v == 0 {
			next++
		}
	}
}

func (d *decoder) alike(out []int64, k int) {
	for i, v := range out {
		switch {
		case v < 0 || v > int64(k):
			out[i] = v - int64(k)
		case v > 0:
			out[i] = d.vals[v-1][i]
		}
	}
}
