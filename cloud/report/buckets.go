package report

// buckets are the keys of a dimension of time, with a clock per zone that says which bucket a moment falls into.
type buckets struct {
	clocks map[*zone]*clock
	length []int64 // of each key, within the period
	wall   bool
}

func (r *run) newBuckets(d *dimension) *buckets {
	b := &buckets{clocks: map[*zone]*clock{}, wall: len(r.zones) > 1}
	for _, z := range r.zones {
		b.clocks[z] = r.newClock(d, b, z)
	}
	for len(b.length) < len(d.keys) { // hours and weekdays the period does not have
		b.length = append(b.length, 0)
	}
	return b
}

// newClock divides the period by a zone's hours, days or intervals.
func (r *run) newClock(d *dimension, b *buckets, z *zone) *clock {
	step := hour
	switch d.id {
	case ByInterval:
		step = int64(r.interval) * minute
	case ByWeekday, ByDay, ByWeek, ByMonth:
		step = day
	}
	c := &clock{until: r.to}
	if d.id == ByHour && len(d.keys) == 0 {
		for h := range int64(24) {
			d.number(h, func() Key { return Key{ID: h} })
		}
	}
	if d.id == ByWeekday && len(d.keys) == 0 {
		for w := range int64(7) {
			d.number(w+1, func() Key { return Key{ID: w + 1} })
		}
	}
	z.stretches(r.from, r.to, step, func(t, wall int64) {
		id := bucketOf(d.id, z, step, t, wall, b.wall)
		c.add(t, d.number(id, func() Key { return Key{ID: id} }))
	})
	for i, at := range c.edges {
		end := r.to
		if i+1 < len(c.edges) {
			end = c.edges[i+1]
		}
		for len(b.length) <= int(c.index[i]) {
			b.length = append(b.length, 0)
		}
		b.length[c.index[i]] += max(min(end, r.now)-at, 0)
	}
	return c
}

// bucketOf is the key of the bucket a moment is in.
func bucketOf(by string, z *zone, step, t, wall int64, asWall bool) int64 {
	var begin int64
	switch by {
	case ByHour:
		return floorDiv(wall, hour) % 24
	case ByWeekday:
		return weekday(wall) + 1
	case ByDay:
		begin = floorDiv(wall, day) * day
	case ByWeek:
		begin = (floorDiv(wall, day) - weekday(wall)) * day
	case ByMonth:
		begin = monthStart(wall)
	default: // an interval; one that a change of the clocks cuts begins anew
		begin = floorDiv(wall, step) * step
		if asWall {
			return begin
		}
		shift, _ := z.offset(t)
		utc := begin - shift
		if before, _ := z.offset(utc); before != shift {
			return z.since(t)
		}
		return utc
	}
	if asWall {
		return begin
	}
	return z.utc(begin)
}

// since is when the offset in force at a moment began.
func (z *zone) since(t int64) int64 {
	for i := len(z.at) - 1; i > 0; i-- {
		if z.at[i] <= t {
			return z.at[i]
		}
	}
	return t
}

// zoneOf is the zone by which a row counts.
func (r *run) zoneOf(s *source, row int32) *zone {
	if len(r.zones) == 1 {
		return r.zones[0]
	}
	q := r.queueOf(s, row)
	if q == 0 {
		z, _ := r.e.zone("")
		return z
	}
	return r.e.queueZone(q)
}

// queueOf is the queue of a row; of a call the first it was in.
func (r *run) queueOf(s *source, row int32) int32 {
	switch {
	case s.workers != nil && s.id != fromCases:
		for n, d := range r.query.By {
			if d == ByQueue {
				return s.parts[n][row]
			}
		}
		return 0
	case s.queue != nil:
		return s.queue[row]
	case s.callRows:
		if rows := r.e.visits().of(s.callOf(row)); len(rows) > 0 {
			return r.e.f.Visits.Queue[rows[0]]
		}
	}
	return 0
}

func (r *run) byTime(d *dimension, s *source) *indexer {
	if len(r.zones) == 1 {
		c := d.buckets.clocks[r.zones[0]]
		return &indexer{
			one:  func(_ int32, t int64) int32 { return c.at(t) },
			next: func(_ int32, t int64) int64 { return c.next(t) },
		}
	}
	return &indexer{
		one:  func(row int32, t int64) int32 { return d.buckets.clocks[r.zoneOf(s, row)].at(t) },
		next: func(row int32, t int64) int64 { return d.buckets.clocks[r.zoneOf(s, row)].next(t) },
	}
}
