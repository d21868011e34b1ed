package report

import (
	"cmp"
	"slices"
)

// What a worker does in a stretch of time, as bits.
const (
	doesLogged uint16 = 1 << iota
	doesPaused
	doesAvailable
	doesContact
	doesBusy
	doesHold
	doesWrap
	doesRing
	doesIdle
	doesUnreachable
	doesUnpaid
	doesWorked
	doesShift  // a shift or a break was scheduled
	doesDuty   // work was scheduled
	doesAdhere // did as scheduled
	doesMiss   // work was scheduled and nobody worked
)

// Kinds of the sweep besides those of states.
const (
	sweepUnpaid = 10 + iota
	sweepWork
	sweepDuty
	sweepBreak
	sweepKinds
)

// part is which part of a worker's time is looked at: of a queue, group, PBX or station, by dimension; 0 all of it.
type part [2]int32

// unit is whose time is swept.
type unit struct {
	who  worker
	part part
}

// spell is a state of a unit.
type spell struct {
	from, to  int64
	kind      uint8
	began     bool
	estimated bool
}

// pieces calls f with the pieces of a row of states by whose the device was.
func (e *Engine) pieces(device int32, from, to int64, f func(w worker, from, to int64, first bool)) {
	for t := from; t < to || t == from; {
		person, until := e.bound(device, t)
		w := worker{device, false}
		if person != 0 {
			w = worker{person, true}
		}
		end := min(until, to)
		f(w, t, end, t == from)
		if end <= t {
			return
		}
		t = end
	}
}

// units gathers the states that take part by whose they are. split says whether by the parts that dimensions ask for.
func (r *run) units(split bool) (map[unit][]spell, []unit) {
	all, order := map[unit][]spell{}, []unit{}
	put := func(u unit, s spell) {
		if _, ok := all[u]; !ok {
			order = append(order, u)
		}
		all[u] = append(all[u], s)
	}
	own := map[worker][]part{} // the parts of a worker by what has a queue
	s := &r.e.f.States
	var whole []int32
	for i := range s.Kind {
		if s.Operator[i] == 0 || s.Kind[i] >= sweepUnpaid || !r.stateTakesPart(int32(i)) || s.From[i] >= r.to || s.To[i] != 0 && s.To[i] <= r.from {
			continue
		}
		if s.Queue[i] == 0 {
			whole = append(whole, int32(i))
			continue
		}
		r.spells(int32(i), func(w worker, x spell) {
			for _, p := range r.partsOf(split, w, s.Queue[i], s.PBX[i]) {
				put(unit{w, p}, x)
				if !slices.Contains(own[w], p) {
					own[w] = append(own[w], p)
				}
			}
		})
	}
	for _, i := range whole {
		r.spells(i, func(w worker, x spell) {
			parts := own[w]
			if !split || len(parts) == 0 || !r.partsByQueue() {
				parts = r.partsOf(split, w, 0, s.PBX[i])
			}
			for _, p := range parts {
				put(unit{w, p}, x)
			}
		})
	}
	r.roster(split, own, put)
	return all, order
}

// spells cuts a row of states by whose the device was, with what its reason makes of a pause.
func (r *run) spells(i int32, f func(worker, spell)) {
	s := &r.e.f.States
	to := ended(s.To[i], r.now)
	r.e.pieces(s.Operator[i], s.From[i], to, func(w worker, from, end int64, first bool) {
		x := spell{from, end, s.Kind[i], s.Began[i] || !first, s.Estimated[i]}
		f(w, x)
		if s.Kind[i] != statePaused {
			return
		}
		k := r.reason(s.Reason[i])
		if k == nil || !k.Paid { // of a reason nobody decided on nothing is paid
			x.kind = sweepUnpaid
			f(w, x)
		}
		if k != nil && k.Work {
			x.kind = sweepWork
			f(w, x)
		}
	})
}

func (r *run) reason(text int32) *Reason {
	name := r.e.text(text)
	for i := range r.e.n.Reasons {
		if r.e.n.Reasons[i].Text == name {
			return &r.e.n.Reasons[i]
		}
	}
	return nil
}

func (r *run) roster(split bool, own map[worker][]part, put func(unit, spell)) {
	for _, x := range r.e.n.Shifts {
		if x.From >= r.to || x.To <= r.from {
			continue
		}
		kind := uint8(sweepDuty)
		if x.Kind == "break" {
			kind = sweepBreak
		}
		w := worker{x.Person, true}
		parts := own[w]
		if !split || len(parts) == 0 {
			parts = r.partsOf(split, w, 0, 0)
		}
		for _, p := range parts {
			put(unit{w, p}, spell{x.From, x.To, kind, true, false})
		}
	}
}

// timeSource sweeps over what workers did: its rows are stretches in which nothing changed.
func (r *run) timeSource() *source {
	s := r.sweep(r.split())
	if r.split() {
		r.total[fromTime] = r.sweep(false)
	}
	return s
}

func (r *run) sweep(split bool) *source {
	all, order := r.units(split)
	s := &source{id: fromTime}
	for _, u := range order {
		r.sweepUnit(s, u, all[u])
	}
	s.rows = len(s.from)
	s.at = [3][]int64{s.from, s.from, s.from}
	return s
}

func (r *run) sweepUnit(s *source, u unit, spells []spell) {
	type change struct {
		t    int64
		kind uint8
		up   bool
	}
	changes := make([]change, 0, 2*len(spells))
	for _, x := range spells {
		from, to := max(x.from, r.from), min(x.to, r.to)
		if from < to {
			changes = append(changes, change{from, x.kind, true}, change{to, x.kind, false})
		}
	}
	slices.SortFunc(changes, func(a, b change) int { return cmp.Compare(a.t, b.t) })
	var n [sweepKinds]int
	for i, last := 0, int64(0); i < len(changes); {
		t := changes[i].t
		if flags := does(&n); flags != 0 && last < t {
			if k := len(s.from) - 1; k >= 0 && s.to[k] == last && s.flags[k] == flags && s.workers[k] == u.who && r.partAt(s, k) == u.part {
				s.to[k] = t
			} else {
				r.addStretch(s, u, last, t, flags)
			}
		}
		for ; i < len(changes) && changes[i].t == t; i++ {
			if changes[i].up {
				n[changes[i].kind]++
			} else {
				n[changes[i].kind]--
			}
		}
		last = t
	}
}

func (r *run) addStretch(s *source, u unit, from, to int64, flags uint16) {
	s.workers, s.from, s.to, s.flags = append(s.workers, u.who), append(s.from, from), append(s.to, to), append(s.flags, flags)
	for k := range s.parts {
		s.parts[k] = append(s.parts[k], u.part[k])
	}
}

func (r *run) partAt(s *source, row int) part { return part{s.parts[0][row], s.parts[1][row]} }

// does tells what a worker does by how many states of each kind there are.
func does(n *[sweepKinds]int) uint16 {
	var f uint16
	set := func(bit uint16, on bool) {
		if on {
			f |= bit
		}
	}
	logged, busy := n[stateLoggedIn] > 0, n[stateBusy] > 0
	hold := !busy && n[stateHold] > 0
	ring := !busy && !hold && n[stateRinging] > 0
	wrap := !busy && !hold && n[stateWrapUp] > 0
	idle := !busy && !hold && !ring && n[stateIdle] > 0
	paused := logged && n[statePaused] > 0
	worked := logged && (!paused || n[statePaused] == n[sweepWork])
	pause := n[sweepBreak] > 0
	duty := n[sweepDuty] > 0 && !pause
	set(doesLogged, logged)
	set(doesPaused, paused)
	set(doesAvailable, logged && idle && !paused && !wrap)
	set(doesContact, logged && (busy || hold || wrap))
	set(doesBusy, busy)
	set(doesHold, hold)
	set(doesWrap, wrap)
	set(doesRing, ring)
	set(doesIdle, idle)
	set(doesUnreachable, n[stateUnreachable] > 0 && !busy && !hold && !ring && !idle)
	set(doesUnpaid, logged && n[sweepUnpaid] > 0)
	set(doesWorked, worked)
	set(doesShift, duty || pause)
	set(doesDuty, duty)
	set(doesAdhere, duty && worked || pause && !worked)
	set(doesMiss, duty && !worked)
	return f
}

// sessionSource has a row for each time a worker was logged in without a break, in whatever queues.
func (r *run) sessionSource() *source {
	s := r.unions(r.split(), stateLoggedIn, false)
	if r.split() {
		r.total[fromSessions] = r.unions(false, stateLoggedIn, false)
	}
	return s
}

func (r *run) pauseSource() *source {
	s := r.unions(r.split(), statePaused, true)
	if r.split() {
		r.total[fromPauses] = r.unions(false, statePaused, true)
	}
	return s
}

// unions joins what overlaps or touches of one kind of state, by worker, part and reason.
func (r *run) unions(split bool, kind uint8, byReason bool) *source {
	type one struct {
		unit
		reason             int32
		from, to           int64
		began, unseen, end bool
	}
	var list []one
	st := &r.e.f.States
	for i := range st.Kind {
		if st.Kind[i] != kind || st.Operator[i] == 0 || !r.stateTakesPart(int32(i)) {
			continue
		}
		reason := int32(0)
		if byReason {
			reason = st.Reason[i]
		}
		r.e.pieces(st.Operator[i], st.From[i], ended(st.To[i], r.now), func(w worker, from, to int64, first bool) {
			for _, p := range r.partsOf(split, w, st.Queue[i], st.PBX[i]) {
				list = append(list, one{unit{w, p}, reason, from, to, st.Began[i] || !first, st.Estimated[i], false})
			}
		})
	}
	slices.SortFunc(list, func(a, b one) int {
		return cmp.Or(cmp.Compare(a.who.id, b.who.id), compareBool(a.who.person, b.who.person), cmp.Compare(a.part[0], b.part[0]), cmp.Compare(a.part[1], b.part[1]),
			cmp.Compare(a.reason, b.reason), cmp.Compare(a.from, b.from), compareBool(a.began, b.began), cmp.Compare(a.to, b.to))
	})
	s := &source{id: fromSessions}
	if byReason {
		s.id = fromPauses
	}
	for i := 0; i < len(list); {
		x := list[i]
		for i++; i < len(list) && list[i].unit == x.unit && list[i].reason == x.reason && list[i].from <= x.to; i++ {
			x.to, x.unseen = max(x.to, list[i].to), x.unseen || list[i].unseen
		}
		r.addStretch(s, x.unit, x.from, x.to, 0)
		s.reason, s.estimated = append(s.reason, x.reason), append(s.estimated, x.unseen)
		at := x.from
		if !x.began {
			at = 0 // began before what is known
		}
		s.at[atArrival] = append(s.at[atArrival], at)
	}
	s.rows = len(s.from)
	s.at[atAnswer], s.at[atEnd] = s.at[atArrival], s.at[atArrival]
	return s
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}
