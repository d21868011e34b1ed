package facts

import "github.com/callweave/callweave/cloud/report"

// Section is a part of facts that is loaded by itself: a report needs few of them.
type Section uint8

// The sections. Their numbers are stored.
const (
	Calls     Section = 1
	Numbers   Section = 2 // Caller, Dialled and Number of calls: the most bytes, and few reports ask for them
	Visits    Section = 3
	Attempts  Section = 4
	Segments  Section = 5
	Transfers Section = 6
	Steps     Section = 7
	States    Section = 8
	Tags      Section = 9
	IDs       Section = 10 // IDs of calls: what drilling down and increments need
)

// Sections are all of them, in order.
func Sections() []Section {
	return []Section{Calls, Numbers, Visits, Attempts, Segments, Transfers, Steps, States, Tags, IDs}
}

func (s Section) String() string {
	switch s {
	case Calls:
		return "calls"
	case Numbers:
		return "numbers"
	case Visits:
		return "visits"
	case Attempts:
		return "attempts"
	case Segments:
		return "segments"
	case Transfers:
		return "transfers"
	case Steps:
		return "steps"
	case States:
		return "states"
	case Tags:
		return "tags"
	case IDs:
		return "ids"
	}
	return "unknown"
}

// ParseSection finds a section by its name.
func ParseSection(name string) (Section, bool) {
	for _, s := range Sections() {
		if s.String() == name {
			return s, true
		}
	}
	return 0, false
}

// meaning of the numbers in a column.
type meaning uint8

const (
	plain  meaning = iota
	text           // a place in Texts
	ofCall         // a row in Calls
)

// column is where a column of facts is; one of the pointers is set.
type column struct {
	moments *[]int64
	counts  *[]int32
	codes   *[]uint8
	flags   *[]bool
	means   meaning
	near    []int // columns of the same section that moments may be told from
}

func moment(p *[]int64, near ...int) column { return column{moments: p, near: near} }
func count(p *[]int32) column               { return column{counts: p} }
func texts(p *[]int32) column               { return column{counts: p, means: text} }
func calls(p *[]int32) column               { return column{counts: p, means: ofCall} }
func code(p *[]uint8) column                { return column{codes: p} }
func flag(p *[]bool) column                 { return column{flags: p} }

// columns are those of a section of f, in the order in which chunks have them: new ones go to the end. Calls and Numbers
// are the same rows. IDs have no columns.
func columns(f *report.Facts, s Section) []column {
	switch s {
	case Calls:
		c := &f.Calls
		return []column{
			moment(&c.Start), moment(&c.Answered, 0), moment(&c.End, 0, 1), code(&c.Direction), code(&c.Disposition), code(&c.HangupBy), code(&c.Flags),
			count(&c.PBX), count(&c.Trunk), count(&c.Wait), count(&c.Talk), count(&c.Hold), count(&c.Rings), count(&c.Transfers),
		}
	case Numbers:
		c := &f.Calls
		return []column{texts(&c.Caller), texts(&c.Dialled), texts(&c.Number)}
	case Visits:
		v := &f.Visits
		return []column{
			calls(&v.Call), count(&v.Queue), count(&v.PBX), count(&v.Operator), moment(&v.Entered), moment(&v.Left, 4), code(&v.Result), count(&v.Position),
			flag(&v.Estimated),
		}
	case Attempts:
		a := &f.Attempts
		return []column{
			calls(&a.Call), count(&a.Queue), count(&a.PBX), count(&a.Operator), moment(&a.Rang), moment(&a.Ended, 4), code(&a.Result), flag(&a.Estimated),
		}
	case Segments:
		k := &f.Segments
		return []column{
			calls(&k.Call), count(&k.Queue), count(&k.PBX), count(&k.Operator), moment(&k.From), moment(&k.To, 4), code(&k.Kind), code(&k.With), texts(&k.Text),
			flag(&k.Estimated),
		}
	case Transfers:
		x := &f.Transfers
		return []column{
			calls(&x.Call), count(&x.PBX), moment(&x.At), code(&x.Kind), code(&x.Result), texts(&x.By), texts(&x.To), count(&x.ByOperator),
			count(&x.ToOperator), count(&x.ToQueue), flag(&x.CrossPBX),
		}
	case Steps:
		p := &f.Steps
		return []column{calls(&p.Call), count(&p.PBX), moment(&p.From), moment(&p.To, 2), texts(&p.Application), texts(&p.Text)}
	case States:
		o := &f.States
		return []column{
			count(&o.Operator), count(&o.Queue), count(&o.PBX), moment(&o.From), moment(&o.To, 3), code(&o.Kind), texts(&o.Reason), flag(&o.Began), flag(&o.Estimated),
		}
	case Tags:
		return []column{calls(&f.Tags.Call), count(&f.Tags.Tag)}
	case IDs:
	}
	return nil
}

// Rows is how many rows a section of f has.
func Rows(f *report.Facts, s Section) int {
	if s == IDs {
		return len(f.Calls.IDs)
	}
	return columns(f, s)[0].len()
}

func (c *column) len() int {
	switch {
	case c.moments != nil:
		return len(*c.moments)
	case c.counts != nil:
		return len(*c.counts)
	case c.codes != nil:
		return len(*c.codes)
	}
	return len(*c.flags)
}

// resize makes a column n rows long; new rows are zero.
func (c *column) resize(n int) {
	switch {
	case c.moments != nil:
		*c.moments = resized(*c.moments, n)
	case c.counts != nil:
		*c.counts = resized(*c.counts, n)
	case c.codes != nil:
		*c.codes = resized(*c.codes, n)
	default:
		*c.flags = resized(*c.flags, n)
	}
}

func resized[T any](list []T, n int) []T {
	if n <= len(list) {
		return list[:n]
	}
	if n <= cap(list) {
		had := len(list)
		list = list[:n]
		clear(list[had:])
		return list
	}
	if len(list) == 0 {
		return make([]T, n)
	}
	grown := make([]T, n, n+n/2) // day follows day
	copy(grown, list)
	return grown
}

// get reads the first len(into) rows as numbers.
func (c *column) get(into []int64) {
	switch {
	case c.moments != nil:
		copy(into, *c.moments)
	case c.counts != nil:
		for i, v := range (*c.counts)[:len(into)] {
			into[i] = int64(v)
		}
	case c.codes != nil:
		for i, v := range (*c.codes)[:len(into)] {
			into[i] = int64(v)
		}
	default:
		for i, v := range (*c.flags)[:len(into)] {
			into[i] = 0
			if v {
				into[i] = 1
			}
		}
	}
}

// put writes rows from..from+len(values); most has been checked.
func (c *column) put(values []int64, from int) {
	switch {
	case c.moments != nil:
		copy((*c.moments)[from:], values)
	case c.counts != nil:
		for i, to := 0, (*c.counts)[from:from+len(values)]; i < len(values); i++ {
			to[i] = int32(values[i])
		}
	case c.codes != nil:
		for i, to := 0, (*c.codes)[from:from+len(values)]; i < len(values); i++ {
			to[i] = uint8(values[i])
		}
	default:
		for i, to := 0, (*c.flags)[from:from+len(values)]; i < len(values); i++ {
			to[i] = values[i] != 0
		}
	}
}

// most is the greatest value a column holds.
func (c *column) most() int64 {
	switch {
	case c.moments != nil:
		return latest
	case c.counts != nil:
		return 1<<31 - 1
	case c.codes != nil:
		return 1<<8 - 1
	}
	return 1
}
