package month

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/callweave/callweave/cloud/call"
)

// Day is what was invented of one day.
type Day struct {
	Calls  []*call.Call
	States []call.Interval
}

// Days invents day after day. A day's states are those that end on it; those that last come with the last.
func (m Month) Days() iter.Seq[Day] {
	return func(yield func(Day) bool) {
		s := &sim{m: m, rnd: rand.New(rand.NewPCG(m.Seed, 1)), queues: m.Queues(), devices: map[string]*device{}}
		for i := range m.Devices {
			number, p := m.Device(i)
			s.devices[number] = &device{n: i, number: number, pbx: p, free: m.From, did: m.From}
			s.numbers = append(s.numbers, number)
		}
		for i := range max(120, m.PerDay*2) {
			s.outside = append(s.outside, fmt.Sprintf("%s%07d", areas[i%len(areas)], 1000000+i*37))
		}
		for at := m.From; at.Before(m.To); at = at.Add(24 * time.Hour) {
			s.day(at)
			if !at.Add(24 * time.Hour).Before(m.To) {
				s.last()
			}
			if !yield(s.out) {
				return
			}
			s.out = Day{}
		}
	}
}

// sim is the state of the centre.
type sim struct {
	m       Month
	rnd     *rand.Rand
	queues  []Queue
	devices map[string]*device
	numbers []string // of devices, in order
	outside []string
	again   []again
	n       int
	out     Day
}

// again is somebody who will call again, or be called back.
type again struct {
	at     time.Time
	number string
	queue  int
	back   bool
}

type device struct {
	n      int
	number string
	pbx    PBX
	free   time.Time // until then it is busy
	did    time.Time // up to here it is known what it did
}

// sharesOfHour is how many of 100 calls of its best hour come, in hours of UTC.
var sharesOfHour = [24]int{55, 60, 50, 40, 45, 70, 95, 100, 90, 80, 75, 85, 80, 70, 50, 30, 12, 8, 6, 5, 9, 15, 30, 45}

func (s *sim) day(at time.Time) {
	total := 0
	for _, x := range sharesOfHour {
		total += x
	}
	var times []time.Time
	for h := range 24 {
		expected := float64(s.m.PerDay*sharesOfHour[h]) / float64(total)
		begin := at.Add(time.Duration(h) * time.Hour)
		if w := begin.Weekday(); w == time.Saturday || w == time.Sunday {
			expected /= 3
		}
		hour := begin.Hour()
		expected *= float64(sharesOfHour[hour]) / float64(sharesOfHour[h])
		for range int(expected + s.rnd.Float64()) {
			times = append(times, begin.Add(time.Duration(s.rnd.Int64N(3600_000))*time.Millisecond))
		}
	}
	times = append(times, s.oddMoments(at)...)
	slices.SortFunc(times, time.Time.Compare)
	s.shifts(at)
	for _, t := range times {
		s.due(t)
		if t.Before(s.m.To) {
			s.arrive(t)
		}
	}
}

// oddMoments are calls just before midnights of the cast's zones, before clocks change, and before the end.
func (s *sim) oddMoments(day time.Time) (times []time.Time) {
	for _, h := range []int{2, 3, 17, 24} { // the day begins at midnight in Moscow, 21:00 UTC
		if s.chance(50) {
			times = append(times, day.Add(time.Duration(h)*time.Hour-time.Duration(1+s.rnd.IntN(40_000))*time.Millisecond))
		}
	}
	if end := day.Add(24 * time.Hour); !end.Before(s.m.To) {
		for i := range 6 {
			times = append(times, s.m.To.Add(-time.Duration(i+1)*9*time.Second))
		}
	}
	return times
}

// due makes the calls of those who call again before a moment.
func (s *sim) due(before time.Time) {
	slices.SortStableFunc(s.again, func(a, b again) int { return a.at.Compare(b.at) })
	for len(s.again) > 0 && s.again[0].at.Before(before) {
		x := s.again[0]
		s.again = s.again[1:]
		c := s.begin(x.at)
		if x.back {
			c.callBack(x.number)
		} else {
			c.toQueue(s.queues[x.queue], x.number)
		}
		c.finish()
	}
}

func (s *sim) arrive(at time.Time) {
	c := s.begin(at)
	number := s.outside[s.rnd.IntN(len(s.outside))]
	if s.chance(3) {
		number = "" // withheld
	}
	switch n := s.rnd.IntN(100); {
	case n < 66:
		c.toQueue(s.queues[s.rnd.IntN(len(s.queues))], number)
	case n < 72:
		c.inMenu(number)
	case n < 78:
		c.toDevice(number)
	case n < 92:
		c.callBack(number)
	default:
		c.internal()
	}
	c.finish()
}

func (s *sim) chance(percent int) bool { return s.rnd.IntN(100) < percent }

// some is a duration near a typical one, now and then of whole seconds.
func (s *sim) some(typical time.Duration) time.Duration {
	d := time.Duration((0.2+s.rnd.ExpFloat64())*float64(typical)) / 2
	if d = min(d, 10*typical); s.chance(30) {
		return max(d.Truncate(5*time.Second), time.Second)
	}
	return max(d, time.Millisecond).Truncate(time.Millisecond)
}

// free finds a device of a list that is not busy.
func (s *sim) free(list []string, at time.Time, not ...string) *device {
	begin := s.rnd.IntN(len(list))
	for i := range list {
		d := s.devices[list[(begin+i)%len(list)]]
		if !d.free.After(at) && !slices.Contains(not, d.number) {
			return d
		}
	}
	return nil
}

// did says what a device did; before it was idle, or for a long time out of reach.
func (s *sim) did(d *device, kind call.StateKind, queue string, from, to time.Time) {
	if from.After(d.did) {
		idle := call.StateIdle
		if from.Sub(d.did) > 9*time.Hour && s.chance(30) {
			idle = call.StateUnreachable
		}
		s.state(d, idle, "", d.did, from, "")
	}
	if !to.After(from) {
		return
	}
	s.state(d, kind, queue, from, to, "")
	if d.did = to; d.free.Before(to) {
		d.free = to
	}
}

func (s *sim) state(d *device, kind call.StateKind, queue string, from, to time.Time, reason string) {
	sum := sha256.Sum256(fmt.Append(nil, d.number, kind, queue, from.UnixNano(), reason))
	x := call.Interval{
		Kind: kind, PBX: d.pbx.Name, Operator: d.number, Queue: queue, From: from, To: to, Reason: reason, Interface: "PJSIP/" + d.number,
		Estimated: s.rnd.IntN(200) == 0,
	}
	if kind == call.StateLoggedIn {
		x.Membership = "dynamic"
	}
	copy(x.ID[:], sum[:])
	if !to.IsZero() && to.After(s.m.To) {
		x.To = time.Time{}
	}
	if from.Before(s.m.To) {
		s.out.States = append(s.out.States, x)
	}
}

// shifts logs devices in and out: by day, over midnight, twice a day; with pauses in some or all of their queues.
func (s *sim) shifts(day time.Time) {
	for i, number := range s.numbers {
		d := s.devices[number]
		if s.rnd.IntN(7) < 2 || i == len(s.numbers)-1 { // free, and one who never works
			continue
		}
		from, length := day.Add(10*time.Hour+s.some(20*time.Minute)), 8*time.Hour
		switch {
		case d.pbx.Station == east:
			from = day.Add(2*time.Hour + s.some(20*time.Minute))
		case i%10 == 0:
			from, length = day.Add(20*time.Hour), 3*time.Hour+30*time.Minute // until after the day's end
		}
		s.session(d, from, from.Add(length))
	}
}

func (s *sim) session(d *device, from, to time.Time) {
	var queues []string
	for _, q := range s.queues {
		if slices.Contains(q.Members, d.number) {
			queues = append(queues, q.Number)
		}
	}
	middle := from.Add(to.Sub(from) / 2)
	for i, q := range queues {
		begin := from.Add(time.Duration(i) * 3 * time.Second)
		if s.chance(20) && i == 0 { // out for a while, and in again; of other queues it stays a member
			s.state(d, call.StateLoggedIn, q, begin, middle, "")
			s.state(d, call.StateLoggedIn, q, middle.Add(s.some(5*time.Minute)), to, "")
			continue
		}
		s.state(d, call.StateLoggedIn, q, begin, to, "")
	}
	for at := from.Add(s.some(90 * time.Minute)); at.Before(to.Add(-time.Hour)); at = at.Add(s.some(2*time.Hour) + 30*time.Minute) {
		length, reason := s.some(12*time.Minute), reasons[s.rnd.IntN(len(reasons))]
		in := queues
		if s.chance(25) {
			in = queues[:1]
		}
		for i, q := range in {
			s.state(d, call.StatePaused, q, at.Add(time.Duration(i)*120*time.Millisecond), at.Add(length), reason)
		}
	}
}

// last ends the last day: of each device, what it does now.
func (s *sim) last() {
	for _, number := range s.numbers {
		if d := s.devices[number]; d.did.Before(s.m.To) {
			s.state(d, call.StateIdle, "", d.did, time.Time{}, "")
		}
	}
	slices.SortStableFunc(s.out.States, func(a, b call.Interval) int {
		return cmp.Or(a.From.Compare(b.From), cmp.Compare(a.Operator, b.Operator))
	})
}
