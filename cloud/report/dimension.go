package report

import (
	"slices"
	"strconv"
)

// dimension gives rows their keys. Keys are numbered as they come up.
type dimension struct {
	id   string
	keys []Key
	one  map[int64]int32 // by id, where ids are not small
	few  []int32         // by id: index + 1
	word map[string]int32

	buckets *buckets                              // of a dimension of time
	make    func(s *source, sliced bool) *indexer // nil: the source does not have it
}

// indexer is a dimension over the rows of a source.
type indexer struct {
	one  func(row int32, t int64) int32 // -1: none, the row has no place
	many func(row int32, t int64, out []int32) []int32
	next func(row int32, t int64) int64 // until when it stays the same
}

// mostFew is up to which id a table is kept.
const mostFew = 1 << 20

// id numbers a key by its id.
func (d *dimension) number(id int64, key func() Key) int32 {
	if id >= 0 && id < mostFew {
		for int64(len(d.few)) <= id {
			d.few = append(d.few, make([]int32, max(int(id)+1-len(d.few), 64))...)
		}
		if k := d.few[id]; k != 0 {
			return k - 1
		}
		d.keys = append(d.keys, key())
		d.few[id] = int32(len(d.keys))
		return int32(len(d.keys) - 1)
	}
	if d.one == nil {
		d.one = map[int64]int32{}
	}
	k, ok := d.one[id]
	if !ok {
		k = int32(len(d.keys))
		d.one[id] = k
		d.keys = append(d.keys, key())
	}
	return k
}

func (d *dimension) worded(word, kind string, id int64) int32 {
	if d.word == nil {
		d.word = map[string]int32{}
	}
	k, ok := d.word[kind+"\x00"+word]
	if !ok {
		k = int32(len(d.keys))
		d.word[kind+"\x00"+word] = k
		d.keys = append(d.keys, Key{ID: id, Kind: kind, Label: word})
	}
	return k
}

// dimension makes the n-th dimension of the query.
func (r *run) dimension(id string, n int) *dimension {
	d := &dimension{id: id}
	switch id {
	case ByQueue:
		d.make = func(s *source, _ bool) *indexer { return r.byQueue(d, s, n) }
	case ByOperator:
		d.make = func(s *source, sliced bool) *indexer { return r.byOperator(d, s, sliced) }
	case ByGroup:
		d.make = func(s *source, sliced bool) *indexer { return r.byGroup(d, s, n, sliced) }
	case ByPBX:
		d.make = func(s *source, _ bool) *indexer { return r.byPBX(d, s, n) }
	case ByStation:
		d.make = func(s *source, _ bool) *indexer { return r.byStation(d, s, n) }
	case ByResult, ByStep, ByReason:
		d.make = func(s *source, _ bool) *indexer { return r.byOwn(d, s) }
	case ByTo, ByKind:
		d.make = func(s *source, _ bool) *indexer { return r.byTransfer(d, s) }
	case ByCall, ByCase:
		d.make = func(s *source, _ bool) *indexer { return r.byRow(d, s) }
	case ByHour, ByWeekday, ByDay, ByWeek, ByMonth, ByInterval:
		d.buckets = r.newBuckets(d)
		d.make = func(s *source, _ bool) *indexer { return r.byTime(d, s) }
	default:
		d.make = func(s *source, _ bool) *indexer { return r.byCallAttribute(d, s) }
	}
	return d
}

func (r *run) queueKey(d *dimension, id int32) int32 {
	if id == 0 {
		return -1
	}
	return d.number(int64(id), func() Key {
		k := Key{ID: int64(id)}
		if q := r.e.queues[id]; q != nil {
			if k.Label = q.Name; k.Label == "" {
				k.Label = q.Number
			}
		}
		return k
	})
}

func (r *run) byQueue(d *dimension, s *source, n int) *indexer {
	switch {
	case s.workers != nil:
		return &indexer{one: func(row int32, _ int64) int32 { return r.queueKey(d, s.parts[n][row]) }}
	case s.queue != nil:
		return &indexer{one: func(row int32, _ int64) int32 { return r.queueKey(d, s.queue[row]) }}
	case s.id == fromCalls || s.id == fromTransfers:
		v := &r.e.f.Visits
		return &indexer{many: func(row int32, _ int64, out []int32) []int32 {
			for _, k := range r.e.visits().of(s.callOf(row)) {
				if i := r.queueKey(d, v.Queue[k]); i >= 0 && !slices.Contains(out, i) {
					out = append(out, i)
				}
			}
			return out
		}}
	}
	return nil
}

func (r *run) workerKey(d *dimension, w worker) int32 {
	id, kind := int64(w.id)*2, "device"
	if w.person {
		id, kind = id+1, "person"
	}
	return d.number(id, func() Key { return Key{ID: int64(w.id), Kind: kind, Label: r.e.workerName(w)} })
}

// taking is when the operator of a row took part: for what is counted the row's own moment, for what is sliced the slice's.
func taking(s *source, sliced bool) func(row int32, t int64) int64 {
	if sliced || s.who == nil {
		return func(_ int32, t int64) int64 { return t }
	}
	return func(row int32, t int64) int64 {
		if at := s.who[row]; at != 0 {
			return at
		}
		return t
	}
}

func (r *run) byOperator(d *dimension, s *source, sliced bool) *indexer {
	when := taking(s, sliced)
	switch {
	case s.workers != nil:
		return &indexer{one: func(row int32, _ int64) int32 {
			if s.workers[row].id == 0 {
				return -1
			}
			return r.workerKey(d, s.workers[row])
		}}
	case s.operator != nil:
		x := &indexer{one: func(row int32, t int64) int32 {
			if s.operator[row] == 0 {
				return -1
			}
			return r.workerKey(d, r.e.worker(s.operator[row], when(row, t)))
		}}
		if len(r.e.bindings) > 0 {
			x.next = func(row int32, t int64) int64 {
				_, until := r.e.bound(s.operator[row], t)
				return until
			}
		}
		return x
	case s.id == fromCalls:
		return &indexer{many: func(row int32, _ int64, out []int32) []int32 {
			r.workersOf(row, func(_ int32, w worker) {
				if i := r.workerKey(d, w); !slices.Contains(out, i) {
					out = append(out, i)
				}
			})
			return out
		}}
	}
	return nil
}

// workersOf are those who took part in a call: who spoke in it, and who of ours began it.
func (r *run) workersOf(call int32, f func(device int32, w worker)) {
	g, c := &r.e.f.Segments, &r.e.f.Calls
	if dev := r.e.dialer()[call]; dev != 0 {
		f(dev, r.e.worker(dev, c.Start[call]))
	}
	for _, k := range r.e.segments().of(call) {
		if g.Kind[k] == SegmentTalk && g.Operator[k] != 0 {
			f(g.Operator[k], r.e.worker(g.Operator[k], g.From[k]))
		}
	}
}

func (r *run) groupKey(d *dimension, g *Group) int32 {
	return d.number(int64(g.ID), func() Key { return Key{ID: int64(g.ID), Kind: g.Kind, Label: g.Name} })
}

func (r *run) byGroup(d *dimension, s *source, n int, sliced bool) *indexer {
	groups := r.e.n.Groups
	if s.workers != nil && s.id != fromCases {
		return &indexer{one: func(row int32, _ int64) int32 {
			for i := range groups {
				if groups[i].ID == s.parts[n][row] {
					return r.groupKey(d, &groups[i])
				}
			}
			return -1
		}}
	}
	if s.queue == nil && s.operator == nil && s.id != fromCalls {
		return nil
	}
	when := taking(s, sliced)
	return &indexer{many: func(row int32, t int64, out []int32) []int32 {
		add := func(g *Group) {
			if i := r.groupKey(d, g); !slices.Contains(out, i) {
				out = append(out, i)
			}
		}
		for i := range groups {
			g := &groups[i]
			if r.inGroup(s, row, when(row, t), g) {
				add(g)
			}
		}
		return out
	}}
}

// inGroup tells whether a row is of a group: by its queue, or where it has none by those its call was in, or by who took part.
func (r *run) inGroup(s *source, row int32, t int64, g *Group) bool {
	if s.queue == nil && s.callRows {
		v := &r.e.f.Visits
		for _, k := range r.e.visits().of(s.callOf(row)) {
			if slices.Contains(g.Queues, v.Queue[k]) {
				return true
			}
		}
	}
	if s.id == fromCalls {
		found := false
		r.workersOf(row, func(device int32, w worker) { found = found || w.in(g, device) })
		return found
	}
	if s.queue != nil && s.queue[row] != 0 && slices.Contains(g.Queues, s.queue[row]) {
		return true
	}
	return s.operator != nil && s.operator[row] != 0 && r.e.worker(s.operator[row], t).in(g, s.operator[row])
}

func (w worker) in(g *Group, device int32) bool {
	return w.person && slices.Contains(g.People, w.id) || device != 0 && slices.Contains(g.Operators, device)
}

func (r *run) byPBX(d *dimension, s *source, n int) *indexer {
	key := func(id int32) int32 {
		if id == 0 {
			return -1
		}
		return d.number(int64(id), func() Key {
			k := Key{ID: int64(id)}
			if p := r.e.pbxs[id]; p != nil {
				k.Label = p.Name
			}
			return k
		})
	}
	switch {
	case s.workers != nil && s.pbx == nil:
		return &indexer{one: func(row int32, _ int64) int32 { return key(s.parts[n][row]) }}
	case s.pbx != nil:
		return &indexer{one: func(row int32, _ int64) int32 { return key(s.pbx[row]) }}
	}
	return nil
}

func (r *run) byStation(d *dimension, s *source, n int) *indexer {
	key := func(id int32) int32 {
		if id == 0 {
			return -1
		}
		return d.number(int64(id), func() Key {
			for _, x := range r.e.n.Stations {
				if x.ID == id {
					return Key{ID: int64(id), Label: x.Name}
				}
			}
			return Key{ID: int64(id)}
		})
	}
	switch {
	case s.workers != nil && s.pbx == nil:
		return &indexer{one: func(row int32, _ int64) int32 { return key(s.parts[n][row]) }}
	case s.pbx != nil:
		return &indexer{one: func(row int32, _ int64) int32 { return key(r.e.station(s.pbx[row])) }}
	}
	return nil
}

// byOwn are dimensions of one source's own columns.
func (r *run) byOwn(d *dimension, s *source) *indexer {
	switch {
	case d.id == ByResult && s.result != nil:
		return &indexer{one: func(row int32, _ int64) int32 {
			code := s.result[row]
			return d.number(int64(code), func() Key { return Key{ID: int64(code), Label: nameOf(resultNames, code)} })
		}}
	case d.id == ByReason && s.reason != nil:
		return &indexer{one: func(row int32, _ int64) int32 { return d.worded(r.e.text(s.reason[row]), "", 0) }}
	case d.id == ByStep && s.id == fromVisits:
		return &indexer{one: func(row int32, _ int64) int32 {
			if s.to[row] == 0 {
				return -1
			}
			step := r.step(s.to[row] - s.from[row])
			return d.number(step, func() Key { return Key{ID: step} })
		}}
	}
	return nil
}

// step is the upper end, in seconds, of the step a duration falls into; 0 beyond the last.
func (r *run) step(ms int64) int64 {
	for _, s := range r.steps {
		if ms <= int64(s)*1000 {
			return int64(s)
		}
	}
	return 0
}

func (r *run) byTransfer(d *dimension, s *source) *indexer {
	if s.id != fromTransfers {
		return nil
	}
	t := &r.e.f.Transfers
	if d.id == ByKind {
		return &indexer{one: func(row int32, _ int64) int32 {
			code := t.Kind[row]
			return d.number(int64(code), func() Key { return Key{ID: int64(code), Label: nameOf(transferNames, code)} })
		}}
	}
	return &indexer{one: func(row int32, _ int64) int32 {
		if q := t.ToQueue[row]; q != 0 {
			name := strconv.Itoa(int(q))
			if x := r.e.queues[q]; x != nil {
				if name = x.Name; name == "" {
					name = x.Number
				}
			}
			return d.worded(name, "queue", int64(q))
		}
		if o := t.ToOperator[row]; o != 0 {
			w := r.e.worker(o, t.At[row])
			if w.person {
				return d.worded(r.e.workerName(w), "person", int64(w.id))
			}
			return d.worded(r.e.workerName(w), "device", int64(w.id))
		}
		return d.worded(r.e.text(t.To[row]), "number", 0)
	}}
}

// byRow makes a group of every row.
func (r *run) byRow(d *dimension, s *source) *indexer {
	switch {
	case d.id == ByCall && s.id == fromCalls:
		return &indexer{one: func(row int32, _ int64) int32 {
			d.keys = append(d.keys, Key{ID: int64(row), Kind: "call"})
			return int32(len(d.keys) - 1)
		}}
	case d.id == ByCase && s.id == fromCases:
		return &indexer{one: func(row int32, _ int64) int32 {
			d.keys = append(d.keys, Key{ID: int64(s.call[row]), Kind: "case", Label: r.e.text(r.e.f.Calls.Number[s.call[row]])})
			return int32(len(d.keys) - 1)
		}}
	}
	return nil
}

// byCallAttribute are dimensions of the call behind a row.
func (r *run) byCallAttribute(d *dimension, s *source) *indexer {
	if !s.callRows {
		return nil
	}
	c := &r.e.f.Calls
	switch d.id {
	case ByDID:
		return &indexer{one: func(row int32, _ int64) int32 {
			k := s.callOf(row)
			if c.Direction[k] != dirInbound {
				return -1
			}
			text := c.Dialled[k]
			return d.number(int64(text), func() Key { return r.didKey(text) })
		}}
	case ByNumber:
		return &indexer{one: func(row int32, _ int64) int32 {
			text := c.Number[s.callOf(row)]
			if text == 0 {
				return -1
			}
			return d.number(int64(text), func() Key { return Key{Label: r.e.text(text)} })
		}}
	case ByPrefix:
		areas := r.e.areaOf()
		return &indexer{one: func(row int32, _ int64) int32 {
			text := c.Number[s.callOf(row)]
			if text == 0 {
				return -1
			}
			area := areas[text]
			return d.number(int64(area), func() Key { return Key{Label: r.e.areaNames[area]} })
		}}
	case ByTrunk:
		return &indexer{one: func(row int32, _ int64) int32 {
			id := c.Trunk[s.callOf(row)]
			if id == 0 {
				return -1
			}
			return d.number(int64(id), func() Key { return r.trunkKey(id) })
		}}
	case ByDisposition, ByDirection:
		column, names := c.Disposition, dispositionNames
		if d.id == ByDirection {
			column, names = c.Direction, directionNames
		}
		return &indexer{one: func(row int32, _ int64) int32 {
			code := column[s.callOf(row)]
			return d.number(int64(code), func() Key { return Key{ID: int64(code), Label: nameOf(names, code)} })
		}}
	case ByIVR:
		paths := r.e.menuPaths()
		return &indexer{one: func(row int32, _ int64) int32 {
			p := paths[s.callOf(row)]
			return d.number(int64(p), func() Key { return Key{Label: r.e.pathNames[p]} })
		}}
	case ByTag:
		return &indexer{many: func(row int32, _ int64, out []int32) []int32 { return r.byTag(d, s.callOf(row), out) }}
	}
	return nil
}

func (r *run) byTag(d *dimension, call int32, out []int32) []int32 {
	rows := r.e.tags().of(call)
	if len(rows) == 0 {
		return append(out, d.number(0, func() Key { return Key{} }))
	}
	for _, k := range rows {
		id := r.e.f.Tags.Tag[k]
		i := d.number(int64(id), func() Key { return Key{ID: int64(id), Label: r.tagName(id)} })
		if !slices.Contains(out, i) {
			out = append(out, i)
		}
	}
	return out
}

func (r *run) tagName(id int32) string {
	for _, t := range r.e.n.Tags {
		if t.ID == id {
			return t.Name
		}
	}
	return ""
}

func (r *run) didKey(text int32) Key {
	number := r.e.text(text)
	for _, x := range r.e.n.DIDs {
		if x.Number == number {
			return Key{ID: int64(x.ID), Label: number}
		}
	}
	return Key{Label: number}
}

func (r *run) trunkKey(id int32) Key {
	for _, x := range r.e.n.Trunks {
		if x.ID == id {
			if x.Name != "" {
				return Key{ID: int64(id), Label: x.Name}
			}
			return Key{ID: int64(id), Label: x.Endpoint}
		}
	}
	return Key{ID: int64(id)}
}
