package report

// sourceID names what rows an aggregate is over.
type sourceID uint8

const (
	fromCalls sourceID = iota
	fromVisits
	fromDials // outgoing and internal calls, of the device that began them
	fromRings
	fromSegments
	fromTransfers
	fromTime     // stretches of what a worker did
	fromSessions // log-ins of a worker, of several queues at once one
	fromPauses   // pauses of a worker by reason, of several queues at once one
	fromWraps
	fromCases
	fromKnown // PBXs, since they are known
	fromGaps
	sources
)

// source is rows of one kind. Columns it does not have are nil.
type source struct {
	id                   sourceID
	rows                 int
	call                 []int32 // row in Calls; nil where rows are calls, or have none
	callRows             bool    // there are calls behind the rows
	queue, operator, pbx []int32
	workers              []worker // who it is of, where that is settled
	at                   [3][]int64
	who                  []int64 // when the operator took part; nil: when the row counts
	from, to             []int64
	result               []uint8
	estimated            []bool
	reason               []int32
	flags                []uint16   // of stretches: what was done
	parts                [2][]int32 // of what by each dimension they are, where a worker's time is divided
}

// callOf is the call behind a row, -1 if there is none.
func (s *source) callOf(row int32) int32 {
	switch {
	case s.call != nil:
		return s.call[row]
	case s.callRows:
		return row
	}
	return -1
}

// The moments a row may count at.
const (
	atArrival = iota
	atAnswer
	atEnd
)

func (r *run) source(id sourceID) *source {
	if r.sources[id] == nil {
		s := r.makeSource(id)
		s.id = id
		s.complete()
		r.sources[id] = s
	}
	return r.sources[id]
}

// complete gives a source without rows the columns it would have, so that it can be grouped like any other.
func (s *source) complete() {
	none := []int32{}
	fill := func(has bool, column *[]int32) {
		if has && *column == nil {
			*column = none
		}
	}
	work := s.id == fromTime || s.id == fromSessions || s.id == fromPauses
	device := s.id == fromVisits || s.id == fromRings || s.id == fromSegments || s.id == fromWraps || s.id == fromCases
	fill(device, &s.queue)
	fill(device || s.id == fromDials || s.id == fromTransfers, &s.operator)
	fill(!work, &s.pbx)
	fill(s.id != fromCalls && s.callRows, &s.call)
	fill(s.id == fromPauses, &s.reason)
	if work && s.workers == nil {
		s.workers = []worker{}
	}
	if s.result == nil && (s.id == fromVisits || s.id == fromRings || s.id == fromTransfers) {
		s.result = []uint8{}
	}
}

func (r *run) makeSource(id sourceID) *source {
	f := r.e.f
	switch id {
	case fromVisits:
		return r.visitSource()
	case fromDials:
		return r.dialSource()
	case fromRings:
		a := &f.Attempts
		s := &source{
			rows: len(a.Call), call: a.Call, callRows: true, queue: a.Queue, operator: a.Operator, pbx: a.PBX, from: a.Rang, to: a.Ended, result: a.Result,
			estimated: a.Estimated, at: [3][]int64{a.Rang, a.Ended, a.Ended}, who: a.Rang,
		}
		return s
	case fromSegments:
		g := &f.Segments
		return &source{
			rows: len(g.Call), call: g.Call, callRows: true, queue: r.e.heldFor(), operator: g.Operator, pbx: g.PBX, from: g.From, to: g.To,
			estimated: g.Estimated, at: [3][]int64{g.From, g.From, g.To}, who: g.From,
		}
	case fromTransfers:
		t := &f.Transfers
		return &source{rows: len(t.Call), call: t.Call, callRows: true, operator: t.ByOperator, pbx: t.PBX, at: [3][]int64{t.At, t.At, t.At}, who: t.At, result: t.Result}
	case fromTime:
		return r.timeSource()
	case fromSessions:
		return r.sessionSource()
	case fromPauses:
		return r.pauseSource()
	case fromWraps:
		return r.wrapSource()
	case fromCases:
		return r.caseSource()
	case fromKnown:
		return r.knownSource()
	case fromGaps:
		return r.gapSource()
	}
	return r.callSource()
}

func (r *run) callSource() *source {
	c := &r.e.f.Calls
	return &source{rows: len(c.Start), callRows: true, pbx: c.PBX, from: c.Start, to: c.End, at: [3][]int64{c.Start, r.decidedCalls(), c.End}}
}

// decidedCalls are when calls were answered, or ended without.
func (r *run) decidedCalls() []int64 {
	if r.query.Count != CountAnswer {
		return nil
	}
	c := &r.e.f.Calls
	at := make([]int64, len(c.Start))
	for i := range at {
		if at[i] = c.Answered[i]; at[i] == 0 {
			at[i] = c.End[i]
		}
	}
	return at
}

func (r *run) visitSource() *source {
	v := &r.e.f.Visits
	s := &source{
		rows: len(v.Call), call: v.Call, callRows: true, queue: v.Queue, operator: v.Operator, pbx: v.PBX, from: v.Entered, to: v.Left,
		result: v.Result, estimated: v.Estimated, at: [3][]int64{v.Entered, v.Left}, who: v.Left,
	}
	if r.query.Count == CountEnd {
		s.at[atEnd] = make([]int64, s.rows)
		for i, c := range v.Call {
			s.at[atEnd][i] = r.e.f.Calls.End[c]
		}
	}
	return s
}

func (r *run) dialSource() *source {
	c, dialer := &r.e.f.Calls, r.e.dialer()
	s := &source{callRows: true}
	decided := r.decidedCalls()
	for i := range c.Start {
		if c.Direction[i] != dirOutbound && c.Direction[i] != dirInternal {
			continue
		}
		s.call, s.operator, s.pbx = append(s.call, int32(i)), append(s.operator, dialer[i]), append(s.pbx, c.PBX[i])
		s.who, s.from, s.to = append(s.who, c.Start[i]), append(s.from, c.Start[i]), append(s.to, c.End[i])
		if decided != nil {
			s.at[atAnswer] = append(s.at[atAnswer], decided[i])
		}
	}
	s.rows = len(s.call)
	s.at[atArrival], s.at[atEnd] = s.from, s.to
	return s
}

// wrapSource has a row for each wrap-up of a device in a queue.
func (r *run) wrapSource() *source {
	s := &source{}
	for _, w := range r.e.wholes(stateWrapUp) {
		s.operator, s.queue, s.pbx = append(s.operator, w.operator), append(s.queue, w.queue), append(s.pbx, w.pbx)
		s.from, s.to, s.estimated = append(s.from, w.from), append(s.to, w.to), append(s.estimated, w.estimated)
	}
	s.rows = len(s.from)
	s.at, s.who = [3][]int64{s.from, s.from, s.from}, s.from
	return s
}

// knownSource has a row for each PBX that was ever heard.
func (r *run) knownSource() *source {
	s := &source{}
	for _, h := range r.e.n.Coverage {
		if h.Since == 0 {
			continue
		}
		s.pbx, s.from, s.to = append(s.pbx, h.PBX), append(s.from, h.Since), append(s.to, r.now)
	}
	s.rows = len(s.from)
	s.at = [3][]int64{s.from, s.from, s.from}
	return s
}

// gapSource has a row for each time in which something of a PBX was not heard. What is missing goes on where its end is not
// known.
func (r *run) gapSource() *source {
	s := &source{}
	for _, h := range r.e.n.Coverage {
		for _, m := range h.Missing {
			s.pbx, s.from, s.to = append(s.pbx, h.PBX), append(s.from, m.From), append(s.to, m.To)
			r.lost = append(r.lost, m.Events)
		}
	}
	s.rows = len(s.from)
	s.at = [3][]int64{s.from, s.from, s.from}
	return s
}
