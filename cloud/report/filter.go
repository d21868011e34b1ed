package report

import (
	"slices"
	"strings"
)

// sifter tells which rows of a source take part, and when.
type sifter struct {
	rows  []keep                                   // whatever the moment
	times []func(row int32, t int64) bool          // at a moment
	next  []func(row int32, t int64) (until int64) // until when that stays so
}

// keep tells whether a row takes part.
type keep func(row int32) bool

func has[T comparable](list []T, x T) bool { return len(list) == 0 || slices.Contains(list, x) }

// sift makes the filter of the query, and what the report is limited to, for a source.
func (r *run) sift(s *source) *sifter {
	f, x := &r.query.Filter, &sifter{}
	if s.callRows {
		if ok := r.callsOK(); ok != nil {
			x.rows = append(x.rows, func(row int32) bool { return ok[s.callOf(row)] })
		}
	}
	if s.workers == nil || s.id == fromCases {
		r.siftPlaces(x, s)
	}
	if r.def.only != nil {
		if k := r.def.only(r, s); k != nil {
			x.rows = append(x.rows, k)
		}
	}
	if len(f.Weekdays) > 0 {
		x.times = append(x.times, func(row int32, t int64) bool {
			return slices.Contains(f.Weekdays, int(r.weekdays(r.zoneOf(s, row)).at(t)))
		})
		x.next = append(x.next, func(row int32, t int64) int64 { return r.weekdays(r.zoneOf(s, row)).next(t) })
	}
	if f.Hours != "" {
		open := int32(0)
		if f.Hours == "open" {
			open = 1
		}
		x.times = append(x.times, func(row int32, t int64) bool { return r.hours(r.queueOf(s, row)).at(t) == open })
		x.next = append(x.next, func(row int32, t int64) int64 { return r.hours(r.queueOf(s, row)).next(t) })
	}
	return x
}

// siftPlaces limits rows to queues, workers, groups and PBXs. Rows of workers' time are limited before they are made.
func (r *run) siftPlaces(x *sifter, s *source) {
	f := &r.query.Filter
	if len(f.Queues) > 0 && s.id != fromKnown && s.id != fromGaps {
		x.rows = append(x.rows, func(row int32) bool { return r.inQueues(s, row, f.Queues) })
	}
	if len(f.Operators)+len(f.People) > 0 && s.id != fromKnown && s.id != fromGaps {
		x.rows = append(x.rows, func(row int32) bool { return r.ofWorkers(s, row) })
	}
	if len(f.Groups) > 0 && s.id != fromKnown && s.id != fromGaps {
		groups := r.chosen()
		x.rows = append(x.rows, func(row int32) bool {
			t := int64(0)
			switch {
			case s.who != nil:
				t = s.who[row]
			case s.at[atArrival] != nil:
				t = s.at[atArrival][row]
			}
			return slices.ContainsFunc(groups, func(g *Group) bool { return r.inGroup(s, row, t, g) })
		})
	}
	if s.pbx != nil && len(f.PBXs)+len(f.Stations) > 0 {
		x.rows = append(x.rows, func(row int32) bool { return r.atPlace(s.pbx[row]) })
	}
}

func (r *run) chosen() []*Group {
	var list []*Group
	for i := range r.e.n.Groups {
		if slices.Contains(r.query.Filter.Groups, r.e.n.Groups[i].ID) {
			list = append(list, &r.e.n.Groups[i])
		}
	}
	return list
}

func (r *run) atPlace(pbx int32) bool {
	return has(r.query.Filter.PBXs, pbx) && has(r.query.Filter.Stations, r.e.station(pbx))
}

// inQueues: rows with a queue by it, calls by any they were in.
func (r *run) inQueues(s *source, row int32, queues []int32) bool {
	if s.queue != nil {
		return slices.Contains(queues, s.queue[row])
	}
	for _, k := range r.e.visits().of(s.callOf(row)) {
		if slices.Contains(queues, r.e.f.Visits.Queue[k]) {
			return true
		}
	}
	return false
}

// isWorker tells whether a device, or who it is at a moment, was chosen.
func (r *run) isWorker(device int32, w worker) bool {
	f := &r.query.Filter
	if len(f.Operators)+len(f.People) == 0 {
		return true
	}
	return device != 0 && slices.Contains(f.Operators, device) || w.person && slices.Contains(f.People, w.id)
}

// ofWorkers: rows with an operator by it, calls by any that took part.
func (r *run) ofWorkers(s *source, row int32) bool {
	if s.operator != nil {
		t := s.at[atArrival][row]
		if s.who != nil && s.who[row] != 0 {
			t = s.who[row]
		}
		return s.operator[row] != 0 && r.isWorker(s.operator[row], r.e.worker(s.operator[row], t))
	}
	found := false
	r.workersOf(s.callOf(row), func(device int32, w worker) { found = found || r.isWorker(device, w) })
	return found
}

// stateTakesPart limits what workers did to queues, PBXs and groups. What a device did for no queue belongs to all.
func (r *run) stateTakesPart(i int32) bool {
	f, s := &r.query.Filter, &r.e.f.States
	if q := s.Queue[i]; q != 0 && !has(f.Queues, q) {
		return false
	}
	if len(f.PBXs)+len(f.Stations) > 0 && !r.atPlace(s.PBX[i]) {
		return false
	}
	if len(f.Operators)+len(f.People) > 0 && !r.isWorker(s.Operator[i], r.e.worker(s.Operator[i], s.From[i])) {
		return false
	}
	if len(f.Groups) == 0 {
		return true
	}
	return slices.ContainsFunc(r.chosen(), func(g *Group) bool {
		if len(g.Queues) > 0 {
			return s.Queue[i] == 0 || slices.Contains(g.Queues, s.Queue[i])
		}
		return r.e.worker(s.Operator[i], s.From[i]).in(g, s.Operator[i])
	})
}

// split tells whether a worker's time is divided by a dimension.
func (r *run) split() bool {
	return slices.ContainsFunc(r.query.By, func(d string) bool { return d == ByQueue || d == ByGroup || d == ByPBX || d == ByStation })
}

func (r *run) partsByQueue() bool {
	return slices.ContainsFunc(r.query.By, func(d string) bool { return d == ByQueue || d == ByGroup })
}

// partsOf are the parts a state of a worker belongs to.
func (r *run) partsOf(split bool, w worker, queue, pbx int32) []part {
	parts := []part{{}}
	if !split {
		return parts
	}
	for n, d := range r.query.By {
		var ids []int32
		switch d {
		case ByQueue:
			ids = []int32{queue}
		case ByPBX:
			ids = []int32{pbx}
		case ByStation:
			ids = []int32{r.e.station(pbx)}
		case ByGroup:
			for i := range r.e.n.Groups {
				g := &r.e.n.Groups[i]
				if queue != 0 && slices.Contains(g.Queues, queue) || w.in(g, 0) || !w.person && w.in(g, w.id) {
					ids = append(ids, g.ID)
				}
			}
		default:
			ids = []int32{0}
		}
		var next []part
		for _, p := range parts {
			for _, id := range ids {
				p[n] = id
				next = append(next, p)
			}
		}
		parts = next
	}
	return parts
}

// callsOK tells which calls take part by what is known of the whole call; nil: all.
func (r *run) callsOK() []bool {
	f := &r.query.Filter
	if r.sifted || len(f.DIDs)+len(f.Numbers)+len(f.Directions)+len(f.Dispositions)+len(f.Trunks)+len(f.Tags)+len(f.IVR) == 0 {
		return r.ok
	}
	r.sifted = true
	c := &r.e.f.Calls
	r.ok = make([]bool, len(c.Start))
	for i := range r.ok {
		r.ok[i] = has(f.Directions, nameOf(directionNames, c.Direction[i])) && has(f.Dispositions, nameOf(dispositionNames, c.Disposition[i])) &&
			has(f.Trunks, c.Trunk[i]) && (len(f.DIDs) == 0 || c.Direction[i] == dirInbound && slices.Contains(f.DIDs, r.e.text(c.Dialled[i]))) &&
			r.numberOK(r.e.text(c.Number[i])) && r.tagsOK(int32(i)) && r.menuOK(int32(i))
	}
	return r.ok
}

func (r *run) numberOK(number string) bool {
	list := r.query.Filter.Numbers
	return len(list) == 0 || slices.ContainsFunc(list, func(begin string) bool {
		return strings.HasPrefix(strings.TrimPrefix(number, "+"), strings.TrimPrefix(begin, "+"))
	})
}

func (r *run) tagsOK(call int32) bool {
	list := r.query.Filter.Tags
	return len(list) == 0 || slices.ContainsFunc(r.e.tags().of(call), func(k int32) bool { return slices.Contains(list, r.e.f.Tags.Tag[k]) })
}

// menuOK: a choice stands for itself and for all choices below it.
func (r *run) menuOK(call int32) bool {
	list := r.query.Filter.IVR
	if len(list) == 0 {
		return true
	}
	path := r.e.pathNames[r.e.menuPaths()[call]]
	return slices.ContainsFunc(list, func(o string) bool { return path == o || o != "" && strings.HasPrefix(path, o+"-") })
}

// weekdays divides the period by the days of a zone's week, 1 being Monday.
func (r *run) weekdays(z *zone) *clock {
	if c := r.weeks[z]; c != nil {
		return c
	}
	c := &clock{until: r.to}
	z.stretches(r.from, r.to, day, func(t, wall int64) { c.add(t, int32(weekday(wall)+1)) })
	r.weeks[z] = c
	return c
}

// hours divides the period by the working hours of a queue: 1 open, 0 closed. Without a calendar it is always open.
func (r *run) hours(queue int32) *clock {
	if c := r.opens[queue]; c != nil {
		return c
	}
	c := &clock{until: r.to}
	r.opens[queue] = c
	var calendar *Calendar
	if q := r.e.queues[queue]; q != nil {
		calendar = r.e.calendars[q.Calendar]
	}
	if calendar == nil {
		c.add(r.from, 1)
		return c
	}
	z := r.e.queueZone(queue)
	var begun int64
	var spans [][2]int
	z.stretches(r.from, r.to, minute, func(t, wall int64) {
		if d := floorDiv(wall, day) * day; spans == nil || d != begun {
			begun, spans = d, calendar.hours(d)
		}
		c.add(t, openAt(spans, int((wall-begun)/minute)))
	})
	return c
}

// hours are the spans in which a calendar is open on a day, in minutes.
func (c *Calendar) hours(wall int64) [][2]int {
	y, m, d := civil(floorDiv(wall, day))
	date := dateText(y, m, d)
	for i := range c.Days {
		if c.Days[i].Day == date {
			return append([][2]int{}, c.Days[i].Hours...)
		}
	}
	return append([][2]int{}, c.Week[weekday(wall)]...)
}

func openAt(spans [][2]int, m int) int32 {
	for _, s := range spans {
		if s[0] <= m && m < s[1] {
			return 1
		}
	}
	return 0
}

func dateText(y, m, d int64) string {
	b := []byte("0000-00-00")
	for i, v := range []int64{y, m, d} {
		at := []int{3, 6, 9}[i]
		for v > 0 && at >= 0 {
			b[at] = byte('0' + v%10)
			v /= 10
			at--
		}
	}
	return string(b)
}
