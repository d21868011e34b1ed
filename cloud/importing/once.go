package importing

import (
	"reflect"

	"github.com/callweave/callweave/cloud/logs"
)

// once lets rows through that are in several files as often as the file says that has them most: rotated logs overlap, and
// yet one log may say the same twice in a second. It sees rows in order of their keys.
type once struct {
	fn   func(*logs.Row)
	same []*logs.Row // rows of one key
}

func (o *once) row(r *logs.Row) {
	if len(o.same) > 0 && o.same[0].Key != r.Key {
		o.flush()
	}
	o.same = append(o.same, r)
}

func (o *once) flush() {
	said := map[*logs.Row]map[uint16]int{} // by the first row that says it, how often each file does
	for _, r := range o.same {
		first := r
		for _, s := range o.same {
			if alike(s, r) {
				first = s
				break
			}
		}
		if said[first] == nil {
			said[first] = map[uint16]int{}
		}
		times := said[first]
		before := 0
		for _, n := range times {
			before = max(before, n)
		}
		if times[r.File]++; times[r.File] > before {
			o.fn(r)
		}
	}
	o.same = o.same[:0]
}

// alike tells whether two rows of one key say the same.
func alike(x, y *logs.Row) bool {
	return x == y || x.Part == y.Part && x.At == y.At && reflect.DeepEqual(x.Queue, y.Queue) && reflect.DeepEqual(x.Event, y.Event) && reflect.DeepEqual(x.Record, y.Record)
}
