package history

import (
	"container/heap"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"github.com/callweave/callweave/shared/wire"
)

// Options say what history to invent.
type Options struct {
	Seed  uint64
	Plans int                    // how many things happen; most are one call each
	Only  func(kind string) bool // nil for all kinds of plans
	Pace  float64                // plans per second, 0 for 2

	Silences time.Duration // mean time between two silences of a PBX, 0 for none
	Kinds    []Silence     // of silences, nil for all
	Clocks   bool          // clocks of PBXs are wrong, and measured
	Opaque   bool          // Uniqueids say nothing, as where whoever makes a channel names it
	Deaf     time.Duration // nobody listens for that long at first
}

// Said is one event and the PBX it comes from.
type Said struct {
	PBX   string
	Event *wire.Event
}

// item is an event that will be said at a moment of true time.
type item struct {
	t  int64
	p  *pbx
	ev *wire.Event
}

// History is a history that is being told.
type History struct {
	o     Options
	r     *rand.Rand
	pbxs  []*pbx
	now   int64
	plans []plan
	total int
	told  int

	lines   []*line // one of each PBX
	pending pendings
	slab    []wire.Field
	draft   draft
	callers int64
	seq     map[*pbx]uint64
}

// epoch is when histories begin: an hour at which clocks change nowhere.
const epoch = 1_800_000_000 * second

// New begins a history.
func New(o Options) *History {
	if o.Pace == 0 {
		o.Pace = 2
	}
	if o.Kinds == nil {
		o.Kinds = []Silence{Cut, Cut, AgentCrash, PBXCrash, PBXStop}
	}
	h := &History{o: o, r: rand.New(rand.NewPCG(o.Seed, 0x9e3779b97f4a7c15)), now: epoch, seq: map[*pbx]uint64{}} //nolint:gosec // a history must come again
	for i, name := range []string{"A", "B", "C"} {
		p := newPBX(name, i)
		if o.Clocks {
			p.skew = int64(i) * 7_300_017
		}
		l := newLine(h, p)
		if o.Silences > 0 {
			p.silences = schedule(h.r, o.Silences.Seconds(), o.Kinds, epoch+int64(float64(o.Plans)/o.Pace+600)*second)
			l.silences = p.silences
			for _, s := range p.silences {
				if s.kind.restart() {
					p.starts = append(p.starts, s.to-second)
				}
			}
		}
		switch {
		case o.Deaf > 0:
			l.deaf = &silence{kind: Cut, span: span{epoch - 10*second, epoch + o.Deaf.Microseconds()}}
			p.silences = append([]silence{*l.deaf}, p.silences...)
		case o.Silences > 0 || o.Clocks:
			l.connects(epoch - 10*second)
		}
		h.pbxs, h.lines = append(h.pbxs, p), append(h.lines, l)
	}
	for _, p := range plans {
		if o.Only == nil || o.Only(p.kind) {
			h.plans = append(h.plans, p)
			h.total += p.weight
		}
	}
	return h
}

// phonesPerPBX are more than will be in calls at once.
const phonesPerPBX = 900

func newPBX(name string, i int) *pbx {
	p := &pbx{
		name: name, trunk: "PJSIP/carrier", old: i == 1, quiet: i == 2, stamped: i != 2,
		starts: []int64{epoch - 3600*second}, counters: map[int64]int{},
	}
	if i == 2 {
		p.prefix = "pbx-c-"
	}
	for n := range phonesPerPBX {
		p.phones = append(p.phones, &phone{lease: lease{name: strconv.Itoa(1000 + n)}, p: p})
	}
	for n := range 90 {
		p.rooms = append(p.rooms, &lease{name: strconv.Itoa(800 + n)})
		p.spaces = append(p.spaces, &lease{name: strconv.Itoa(701 + n)})
		p.lonely = append(p.lonely, &lease{name: strconv.Itoa(650 + n)})
	}
	return p
}

// outsider is a number of the telephone network that nobody else has.
func (h *History) outsider() string {
	h.callers++
	return fmt.Sprintf("7916%07d", h.callers)
}

func (h *History) queueName(r *rand.Rand) string { return strconv.Itoa(600 + r.IntN(6)) }

// Next tells what happens until the next plan begins, and the truth of the plan that begins then. It returns false when
// everything was told.
func (h *History) Next() (said []Said, truths []*Truth, ok bool) {
	if h.told == h.o.Plans {
		if h.pending.Len() == 0 {
			return nil, nil, false
		}
		return h.ends(h.until(1<<63-1, nil)), nil, true
	}
	h.told++
	h.now += int64(h.r.ExpFloat64() / h.o.Pace * float64(second))
	truths = h.play(h.draw())
	return h.until(h.now, nil), truths, true
}

func (h *History) draw() plan {
	n := h.r.IntN(h.total)
	for _, p := range h.plans {
		if n -= p.weight; n < 0 {
			return p
		}
	}
	return h.plans[0]
}

// play runs a plan and keeps its events until their time comes.
func (h *History) play(p plan) []*Truth {
	at := h.pbxs[h.r.IntN(len(h.pbxs))]
	if at.deadAt(h.now) {
		return nil
	}
	s := &script{h: h, r: h.r, t: h.now}
	s.another()
	p.run(s, at)
	for _, l := range s.lent {
		l.free = s.t + 5*second
	}
	if !s.survives() {
		return nil
	}
	s.calls = slices.DeleteFunc(s.calls, func(t *Truth) bool { return len(t.own) == 0 }) // the PBX was gone before they began
	for _, t := range s.calls {
		t.close()
		t.disturb()
	}
	if len(s.items) > 0 {
		heap.Push(&h.pending, &pending{items: s.items, order: h.told})
	}
	return s.calls
}

// until hands out what happens before a moment, in order.
func (h *History) until(t int64, said []Said) []Said {
	for h.pending.Len() > 0 && h.pending[0].items[0].t < t {
		p := h.pending[0]
		i := p.items[0]
		for _, l := range h.lines {
			if l.p == i.p {
				said = l.hear(i, said)
			} else {
				said = l.between(i.t, said)
			}
		}
		if p.items = p.items[1:]; len(p.items) == 0 {
			heap.Pop(&h.pending)
		} else {
			heap.Fix(&h.pending, 0)
		}
	}
	return said
}

// ends lets every silence that lasts end and every snapshot be told, so that it is heard what became of the calls.
func (h *History) ends(said []Said) []Said {
	for _, l := range h.lines {
		if l.deaf != nil {
			said = l.between(l.deaf.to, said)
		}
		for len(l.rows) > 0 {
			said = l.between(l.rows[0].t, said)
		}
	}
	return said
}

// pending are the events of one plan that are still to come.
type pending struct {
	items []item
	order int
}

type pendings []*pending

func (q pendings) Len() int      { return len(q) }
func (q pendings) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q pendings) Less(i, j int) bool {
	if x, y := q[i].items[0].t, q[j].items[0].t; x != y {
		return x < y
	}
	return q[i].order < q[j].order
}
func (q *pendings) Push(x any) { *q = append(*q, x.(*pending)) }
func (q *pendings) Pop() any {
	old := *q
	x := old[len(old)-1]
	*q = old[:len(old)-1]
	return x
}
