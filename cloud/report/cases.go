package report

import "slices"

// missedCase is an outside number that was missed, until it is spoken with.
type missedCase struct {
	first, last int32 // missed calls
	contact     int32 // the call in which somebody spoke with it, -1
	tries       int32
	queue       int32 // the last queue of the first missed call
	at          int64 // begin of the conversation
	deadline    int64
}

// caseWindow is for how long after its first call a case waits for a conversation.
const caseWindow = 7 * day

// missed tells a call somebody outside made and nobody spoke in.
func (e *Engine) missed(call int32) bool {
	c := &e.f.Calls
	return c.Direction[call] == dirInbound && c.End[call] != 0 && c.Disposition[call] != dispAnswered
}

// contact tells a call in which somebody outside was spoken with, whoever called.
func (e *Engine) contact(call int32) bool {
	c := &e.f.Calls
	return c.Disposition[call] == dispAnswered && (c.Direction[call] == dirInbound || c.Direction[call] == dirOutbound)
}

func (e *Engine) lastQueue(call int32) int32 {
	queue, at := int32(0), int64(-1)
	for _, k := range e.visits().of(call) {
		if e.f.Visits.Entered[k] >= at {
			queue, at = e.f.Visits.Queue[k], e.f.Visits.Entered[k]
		}
	}
	return queue
}

// findCases walks over the calls of the period and of the days after it, in order of their start. A case begins with a missed
// call of the period whose number has no case yet.
func (r *run) findCases() []missedCase {
	c := &r.e.f.Calls
	order := make([]int32, 0, len(c.Start))
	for i := range c.Start {
		if c.Number[i] != 0 && c.Start[i] >= r.from && c.Start[i] < r.now {
			order = append(order, int32(i))
		}
	}
	slices.SortStableFunc(order, func(a, b int32) int { return compare64(c.Start[a], c.Start[b]) })
	open := map[int32]int{}
	var cases []missedCase
	for _, i := range order {
		k, going := open[c.Number[i]]
		if going && c.Start[i] >= c.Start[cases[k].first]+caseWindow {
			delete(open, c.Number[i])
			going = false
		}
		switch {
		case going && r.e.contact(i):
			cases[k].contact, cases[k].at = i, r.e.spokenAt(i)
			delete(open, c.Number[i])
		case going && r.e.missed(i):
			cases[k].last = i
			cases[k].tries++
		case !going && r.e.missed(i) && c.Start[i] < r.to:
			open[c.Number[i]] = len(cases)
			cases = append(cases, r.newCase(i))
		}
	}
	return cases
}

func (r *run) newCase(i int32) missedCase {
	c := &r.e.f.Calls
	q := r.e.lastQueue(i)
	return missedCase{first: i, last: i, contact: -1, tries: 1, queue: q, deadline: c.End[i] + int64(r.policy(q, c.Start[i]).CallBack)*1000}
}

func compare64(a, b int64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// caseSource has a row for each case. Its call is the first missed one, its operator who spoke with the caller.
func (r *run) caseSource() *source {
	r.cases = r.findCases()
	s := &source{callRows: true}
	c := &r.e.f.Calls
	for i := range r.cases {
		k := &r.cases[i]
		device := r.closedBy(k)
		s.call, s.queue, s.operator = append(s.call, k.first), append(s.queue, k.queue), append(s.operator, device)
		s.pbx, s.from, s.who = append(s.pbx, c.PBX[k.first]), append(s.from, c.Start[k.first]), append(s.who, k.at)
	}
	s.rows = len(s.call)
	s.to = s.from
	s.at = [3][]int64{s.from, s.from, s.from}
	return s
}

// closedBy is the device that spoke with the caller first.
func (r *run) closedBy(k *missedCase) int32 {
	if k.contact < 0 {
		return 0
	}
	g, best, at := &r.e.f.Segments, int32(0), never
	for _, i := range r.e.segments().of(k.contact) {
		if isCustomerTalk(g, i) && g.Operator[i] != 0 && g.From[i] < at {
			best, at = g.Operator[i], g.From[i]
		}
	}
	return best
}

// States of a case.
const (
	caseOpen       = "open"
	caseExpired    = "expired"
	caseCalledBack = "called_back"
	caseAgain      = "called_again"
)

func (r *run) caseIs(row int32) string {
	k := &r.cases[row]
	switch {
	case k.contact >= 0 && r.e.f.Calls.Direction[k.contact] == dirOutbound:
		return caseCalledBack
	case k.contact >= 0:
		return caseAgain
	case r.now > k.deadline:
		return caseExpired
	}
	return caseOpen
}

func caseState(r *run, row int32) string { return r.caseIs(row) }

func caseQueue(r *run, row int32) string {
	if q := r.e.queues[r.cases[row].queue]; q != nil {
		if q.Name != "" {
			return q.Name
		}
		return q.Number
	}
	return ""
}

func caseWho(r *run, row int32) string {
	if d := r.source(fromCases).operator[row]; d != 0 {
		return r.e.workerName(r.e.worker(d, r.cases[row].at))
	}
	return ""
}

// follow is what the number of a call did afterwards: when it called again, and whether it was spoken with.
type follow struct {
	again   int64 // start of its next incoming call, 0 none
	reached bool
}

// window is for how long what follows a call is looked at.
func (r *run) window(days int) int64 {
	if r.query.Days > 0 {
		days = r.query.Days
	}
	return int64(days) * day
}

// follows looks, for each call with a number, at the calls of the number within the window after it.
func (r *run) follows(days int) []follow {
	if r.following != nil {
		return r.following
	}
	c, window := &r.e.f.Calls, r.window(days)
	r.following = make([]follow, len(c.Start))
	numbers := r.e.numbers()
	for n := 1; n < len(r.e.f.Texts); n++ {
		rows := numbers.of(int32(n))
		if len(rows) < 2 {
			continue
		}
		if !slices.IsSortedFunc(rows, func(a, b int32) int { return compare64(c.Start[a], c.Start[b]) }) {
			slices.SortStableFunc(rows, func(a, b int32) int { return compare64(c.Start[a], c.Start[b]) })
		}
		for i, a := range rows {
			if c.End[a] == 0 {
				continue
			}
			f := &r.following[a]
			for _, b := range rows[i+1:] {
				if c.Start[b] > c.End[a]+window || c.Start[b] >= r.now {
					break
				}
				if f.again == 0 && c.Start[b] > c.Start[a] && c.Direction[b] == dirInbound && (!r.query.Same || r.shareQueue(a, b)) {
					f.again = c.Start[b]
				}
				f.reached = f.reached || r.e.contact(b)
			}
		}
	}
	return r.following
}

func (r *run) shareQueue(a, b int32) bool {
	v := &r.e.f.Visits
	for _, x := range r.e.visits().of(a) {
		for _, y := range r.e.visits().of(b) {
			if v.Queue[x] == v.Queue[y] {
				return true
			}
		}
	}
	return false
}
