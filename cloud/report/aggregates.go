package report

// op is what is done with the values of a group's rows.
type op uint8

const (
	opSum      op = iota
	opMin         // the smallest
	opMax         // the largest
	opList        // all of them, for percentiles
	opDistinct    // how many different ones
	opTime        // Σ of the time that passed in the bucket
	opFirst       // the earliest moment in the bucket
	opLast        // the latest
	opPeak        // the most at one moment
	opLength      // length of the bucket itself
	opLines       // lines of the group's trunks
)

func (o op) sliced() bool { return o == opTime || o == opFirst || o == opLast || o == opPeak }

// pick is the value of a row and whether it counts.
type pick func(row int32) (int64, bool)

// aggregate is a number over the rows of one source.
type aggregate struct {
	from sourceID
	op   op
	of   func(r *run, s *source) pick // nil: 1 of every row
	need []string                     // sections of facts besides those of the source
}

// count makes the aggregate of rows that are as asked for.
func count(from sourceID, is func(r *run, s *source) keep, need ...string) aggregate {
	return aggregate{from, opSum, func(r *run, s *source) pick {
		ok := is(r, s)
		return func(row int32) (int64, bool) { return 1, ok(row) }
	}, need}
}

// result counts rows of one of some results.
func result(from sourceID, codes ...uint8) aggregate {
	var is [256]bool
	for _, c := range codes {
		is[c] = true
	}
	return count(from, func(_ *run, s *source) keep { return func(row int32) bool { return is[s.result[row]] } })
}

// length is the whole length of rows that are as asked for.
func length(from sourceID, o op, is func(r *run, s *source) keep) aggregate {
	return aggregate{from: from, op: o, of: func(r *run, s *source) pick {
		ok := is(r, s)
		return func(row int32) (int64, bool) { return max(ended(s.to[row], r.now)-s.from[row], 0), ok(row) }
	}}
}

// passed is the time that passed in rows that are as asked for.
func passed(from sourceID, o op, is func(r *run, s *source) keep) aggregate {
	a := count(from, is)
	a.op = o
	return a
}

func all(*run, *source) keep { return func(int32) bool { return true } }

func hasResult(codes ...uint8) func(*run, *source) keep {
	var is [256]bool
	for _, c := range codes {
		is[c] = true
	}
	return func(_ *run, s *source) keep { return func(row int32) bool { return is[s.result[row]] } }
}

func aggregateOf(id string) (aggregate, bool) {
	for _, list := range []map[string]aggregate{visitAggregates, callAggregates, callerAggregates, workAggregates, timeAggregates} {
		if a, ok := list[id]; ok {
			return a, true
		}
	}
	return aggregate{}, false
}

var sectionsOf = [sources][]string{
	fromCalls: {"calls"}, fromVisits: {"calls", "visits"}, fromDials: {"calls", "numbers"}, fromRings: {"calls", "attempts"},
	fromSegments: {"calls", "segments"}, fromTransfers: {"calls", "transfers"}, fromTime: {"states"}, fromSessions: {"states"}, fromPauses: {"states"},
	fromWraps: {"states"}, fromCases: {"calls", "numbers", "visits", "segments"}, fromKnown: nil, fromGaps: nil,
}

var sectionsBy = map[string][]string{
	ByDID: {"numbers"}, ByNumber: {"numbers"}, ByPrefix: {"numbers"}, ByIVR: {"steps"}, ByTag: {"tags"},
}

// needs are the sections a report reads when it is as it comes, with all it can show.
func needs(d *Definition) []string {
	return sections(d, d.By, together(d.Columns, d.More))
}

// Needs are the sections of facts a query reads.
func (q *Query) Needs() []string {
	d, ok := ReportOf(q.Report)
	if !ok {
		return nil
	}
	by, columns := q.By, q.Columns
	if by == nil {
		by = d.By
	}
	if columns == nil {
		columns = d.Columns
	}
	list := sections(&d, by, columns)
	f := &q.Filter
	add := func(on bool, names ...string) {
		for _, n := range names {
			if on && !contains(list, n) {
				list = append(list, n)
			}
		}
	}
	add(len(f.DIDs)+len(f.Numbers) > 0, "numbers")
	add(len(f.Tags) > 0, "tags")
	add(len(f.IVR) > 0, "steps")
	add(len(f.Queues) > 0 || len(f.Groups) > 0 || f.Hours != "" || q.Zone == ZoneQueue, "visits")
	add(len(f.Operators)+len(f.People)+len(f.Groups) > 0, "segments", "numbers")
	return list
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func sections(d *Definition, by, columns []string) []string {
	want := map[string]bool{}
	add := func(names []string) {
		for _, n := range names {
			want[n] = true
		}
	}
	calls := false
	for _, c := range columns {
		m := measureOf(c)
		if m == nil {
			continue
		}
		for _, of := range m.of {
			a, _ := aggregateOf(of)
			add(sectionsOf[a.from])
			add(a.need)
			calls = calls || a.from == fromCalls || a.from == fromTransfers || a.from == fromDials
		}
		if m.text != nil {
			add([]string{"calls", "numbers", "visits", "segments"})
			add(textNeeds[c])
		}
	}
	for _, b := range by {
		add(sectionsBy[b])
		if calls && (b == ByQueue || b == ByGroup) {
			add([]string{"visits"})
		}
		if calls && (b == ByOperator || b == ByGroup) {
			add([]string{"segments", "numbers"})
		}
	}
	add(moreNeeds[d.ID])
	var list []string
	for _, s := range []string{"calls", "numbers", "visits", "attempts", "segments", "transfers", "steps", "states", "tags"} {
		if want[s] {
			list = append(list, s)
		}
	}
	return list
}

var textNeeds = map[string][]string{"call_menu": {"steps"}, "call_tags": {"tags"}}

// moreNeeds are what the limits of reports look at.
var moreNeeds = map[string][]string{"ivr": {"steps"}, "areas": {"numbers"}, "repeats": {"numbers"}, "retries": {"numbers"}}
