package demo

import (
	"cmp"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/callweave/callweave/cloud/call"
)

// seed makes the invented calls the same on every machine.
const seed = 0x63616c6c

// Generate invents the calls that begin at or after from and have ended by to, in order of their beginning within each
// PBX's day. A call comes out the same whatever from and to are, so that what is written twice is written once.
func Generate(from, to time.Time) iter.Seq[*call.Call] {
	return func(yield func(*call.Call) bool) {
		for _, p := range Cast() {
			zone, err := time.LoadLocation(p.Zone)
			if err != nil {
				zone = time.UTC
			}
			first := from.In(zone)
			for day := time.Date(first.Year(), first.Month(), first.Day(), 0, 0, 0, 0, zone); day.Before(to); day = day.AddDate(0, 0, 1) {
				for _, c := range oneDay(p, day) {
					if !c.Start.Before(from) && !c.End.After(to) && !yield(c) {
						return
					}
				}
			}
		}
	}
}

// load is how many calls an hour of the day brings, of a hundred at its best.
func load(hour int, weekend bool) int {
	profile := [24]int{1, 1, 0, 0, 0, 1, 2, 6, 25, 70, 100, 95, 80, 60, 75, 85, 80, 70, 50, 30, 18, 10, 5, 2}
	if weekend {
		return profile[hour] / 4
	}
	return profile[hour]
}

// day is the state of a PBX while its day is invented.
type day struct {
	pbx  PBX
	date time.Time // midnight, local
	rnd  *rand.Rand
	busy map[string]time.Time // until when: in a call, in wrap-up, or not at work
	talk map[string]time.Time // until when in a call
	n    int                  // calls so far

	begins, ends map[string]time.Time // of the shifts
}

func oneDay(p PBX, date time.Time) []*call.Call { return newDay(p, date).calls() }

func newDay(p PBX, date time.Time) *day {
	stamp := uint64(date.Year())*10_000 + uint64(date.Month())*100 + uint64(date.Day())
	var name uint64
	for _, b := range []byte(p.Name) {
		name = name*131 + uint64(b)
	}
	return &day{
		pbx: p, date: date, rnd: rand.New(rand.NewPCG(seed^name, stamp)), //nolint:gosec // a story, no secret
		busy: map[string]time.Time{}, talk: map[string]time.Time{}, begins: map[string]time.Time{}, ends: map[string]time.Time{},
	}
}

// calls invents the day's calls.
func (d *day) calls() []*call.Call {
	d.startShifts()
	calls := make([]*call.Call, 0, 600)
	for _, at := range d.arrivals() {
		d.n++
		calls = append(calls, d.call(at))
	}
	return calls
}

// startShifts sends some of the operators home: they are busy until their shift begins, and after it for good.
func (d *day) startShifts() {
	for _, o := range d.pbx.Operators {
		begin := 8 + d.rnd.IntN(4)
		if d.rnd.IntN(100) < 45 || d.weekend() && d.rnd.IntN(100) < 60 {
			begin = 48 // a day off
		}
		d.busy[o.Number] = d.date.Add(time.Duration(begin) * time.Hour)
		if begin < 24 {
			d.begins[o.Number] = d.busy[o.Number]
		}
	}
}

func (d *day) weekend() bool {
	return d.date.Weekday() == time.Saturday || d.date.Weekday() == time.Sunday
}

// arrivals are the moments at which calls begin.
func (d *day) arrivals() []time.Time {
	best := 4 * len(d.pbx.Operators) // an hour's calls at the best time
	var list []time.Time
	for hour := range 24 {
		expected := float64(best*load(hour, d.weekend())) / 100
		for range int(expected*(0.8+0.4*d.rnd.Float64()) + d.rnd.Float64()) {
			list = append(list, d.date.Add(time.Duration(hour)*time.Hour+time.Duration(d.rnd.Int64N(int64(time.Hour)))).Truncate(time.Millisecond))
		}
	}
	slices.SortFunc(list, func(a, b time.Time) int { return cmp.Compare(a.UnixNano(), b.UnixNano()) })
	return list
}

// call invents one call that begins at a moment.
func (d *day) call(at time.Time) *call.Call {
	s := d.begin(at)
	switch n := d.rnd.IntN(100); {
	case n < 72:
		s.inboundToQueue()
	case n < 80:
		s.inboundToOperator()
	case n < 94:
		s.outbound()
	default:
		s.internal()
	}
	return s.finish()
}

// free returns a member that is free at a moment, and else the one who will be soonest and when that is.
func (d *day) free(members []string, at time.Time) (operator string, when time.Time) {
	for i := range members {
		m := members[(i+d.n)%len(members)] // not always the same one first
		if until := d.busy[m]; !until.After(at) {
			return m, at
		} else if operator == "" || until.Before(when) {
			operator, when = m, until
		}
	}
	return operator, when
}

// occupy keeps an operator busy until the wrap-up after a moment has passed.
func (d *day) occupy(operator string, until time.Time) {
	d.talk[operator] = until
	until = until.Add(d.about(20 * time.Second))
	if hour := until.In(d.date.Location()).Hour(); hour >= 19 && d.rnd.IntN(4) == 0 {
		d.ends[operator] = until
		until = d.date.AddDate(0, 0, 2) // goes home
	}
	d.busy[operator] = until
}

// about is a duration near a typical one: mostly a little less, now and then a lot more.
func (d *day) about(typical time.Duration) time.Duration {
	x := 0.35 + 0.5*d.rnd.ExpFloat64() + 0.15*d.rnd.Float64()
	return min(time.Duration(float64(typical)*x), 8*typical).Truncate(time.Millisecond)
}

func (d *day) chance(percent int) bool { return d.rnd.IntN(100) < percent }

func pick[T any](d *day, list []T) T { return list[d.rnd.IntN(len(list))] }

// customer is somebody outside. A few of them call again and again.
func (d *day) customer() (number, name string) {
	if d.chance(15) {
		k := d.rnd.IntN(40)
		return fmt.Sprintf("7916555%04d", 1000+k*7), [...]string{"", "ООО Ромашка", "Smirnov & Co", ""}[k%4]
	}
	return fmt.Sprintf("79%02d%07d", pick(d, []int{3, 10, 15, 16, 25, 26, 50, 64, 77, 85}), d.rnd.IntN(10_000_000)), ""
}
