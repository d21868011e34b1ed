package report_test

import (
	"math/rand/v2"
	"testing"

	"github.com/callweave/callweave/cloud/report"
)

const (
	second = int64(1000)
	minute = 60 * second
	hour   = 60 * minute
	day    = 24 * hour
)

// someFacts are a few days of calls of every kind, made up at random but the same each time.
func someFacts(seed uint64, from int64, calls int) *report.Facts {
	rnd := rand.New(rand.NewPCG(seed, 7))
	f := &report.Facts{Texts: []string{"", "79161234501", "79161234502", "74232123456", "101", "102", "700", "Digit", "1", "2", "Playback", "Lunch", "Training"}}
	c := &f.Calls
	for i := range calls {
		start := from + int64(i)*3*day/int64(calls) + rnd.Int64N(1000)
		talk, wait := rnd.Int64N(10*minute), rnd.Int64N(90*second)
		dir, disp := uint8(1+rnd.IntN(3)), uint8(1+rnd.IntN(10))
		end := start + wait + talk
		if rnd.IntN(50) == 0 {
			end = 0
		}
		number, caller := int32(1+rnd.IntN(3)), int32(4+rnd.IntN(2))
		if dir == 1 {
			caller = number
		}
		if dir == 3 {
			number = 0
		}
		c.Start, c.Answered, c.End = append(c.Start, start), append(c.Answered, start+wait), append(c.End, end)
		c.Direction, c.Disposition, c.HangupBy = append(c.Direction, dir), append(c.Disposition, disp), append(c.HangupBy, 1)
		c.Flags, c.Caller, c.Dialled, c.Number = append(c.Flags, uint8(rnd.IntN(32))), append(c.Caller, caller), append(c.Dialled, 6), append(c.Number, number)
		c.PBX, c.Trunk, c.Wait = append(c.PBX, int32(1+rnd.IntN(2))), append(c.Trunk, int32(rnd.IntN(3))), append(c.Wait, int32(wait))
		c.Talk, c.Hold, c.Rings, c.Transfers = append(c.Talk, int32(talk)), append(c.Hold, 0), append(c.Rings, 1), append(c.Transfers, 0)
		addRows(f, rnd, int32(i), start, wait, talk)
	}
	return f
}

func addRows(f *report.Facts, rnd *rand.Rand, call int32, start, wait, talk int64) {
	queue, pbx, op := int32(1+rnd.IntN(3)), f.Calls.PBX[call], int32(1+rnd.IntN(2))
	v, a, g, t, s, st := &f.Visits, &f.Attempts, &f.Segments, &f.Transfers, &f.Steps, &f.States
	res := uint8(1 + rnd.IntN(7))
	v.Call, v.Queue, v.PBX = append(v.Call, call), append(v.Queue, queue), append(v.PBX, pbx)
	answered := int32(0)
	if res == 1 {
		answered = op
	}
	v.Operator, v.Entered, v.Left = append(v.Operator, answered), append(v.Entered, start), append(v.Left, start+wait)
	v.Result, v.Position, v.Estimated = append(v.Result, res), append(v.Position, int32(rnd.IntN(4))), append(v.Estimated, rnd.IntN(9) == 0)
	a.Call, a.Queue, a.PBX, a.Operator = append(a.Call, call), append(a.Queue, queue*int32(rnd.IntN(2))), append(a.PBX, pbx), append(a.Operator, op)
	a.Rang, a.Ended = append(a.Rang, start), append(a.Ended, start+wait)
	a.Result, a.Estimated = append(a.Result, []uint8{1, 8, 9, 10, 11, 12, 13}[rnd.IntN(7)]), append(a.Estimated, false)
	for kind := uint8(1); kind <= 2; kind++ {
		g.Call, g.Queue, g.PBX, g.Operator = append(g.Call, call), append(g.Queue, queue*int32(2-kind)), append(g.PBX, pbx), append(g.Operator, op)
		g.From, g.To = append(g.From, start+wait), append(g.To, start+wait+talk/int64(kind))
		g.Kind, g.With, g.Text, g.Estimated = append(g.Kind, kind), append(g.With, uint8(1+rnd.IntN(4))), append(g.Text, 0), append(g.Estimated, false)
	}
	if rnd.IntN(4) == 0 {
		t.Call, t.PBX, t.At = append(t.Call, call), append(t.PBX, pbx), append(t.At, start+wait+talk/2)
		t.Kind, t.Result, t.By, t.To = append(t.Kind, uint8(1+rnd.IntN(2))), append(t.Result, []uint8{14, 9, 13}[rnd.IntN(3)]), append(t.By, 4), append(t.To, 5)
		t.ByOperator, t.ToOperator, t.ToQueue = append(t.ByOperator, op), append(t.ToOperator, int32(rnd.IntN(2))), append(t.ToQueue, int32(rnd.IntN(2)))
		t.CrossPBX = append(t.CrossPBX, rnd.IntN(2) == 0)
	}
	for k := range rnd.IntN(3) {
		s.Call, s.PBX = append(s.Call, call), append(s.PBX, pbx)
		s.From, s.To = append(s.From, start+int64(k)), append(s.To, start+int64(k)+1)
		s.Application, s.Text = append(s.Application, int32([]int{7, 10}[rnd.IntN(2)])), append(s.Text, int32(8+rnd.IntN(2)))
	}
	if rnd.IntN(2) == 0 {
		f.Tags.Call, f.Tags.Tag = append(f.Tags.Call, call), append(f.Tags.Tag, int32(1+rnd.IntN(2)))
	}
	state := func(kind uint8, queue int32, from, to int64, reason int32) {
		st.Operator, st.Queue, st.PBX = append(st.Operator, op), append(st.Queue, queue), append(st.PBX, pbx)
		st.From, st.To, st.Kind, st.Reason = append(st.From, from), append(st.To, to), append(st.Kind, kind), append(st.Reason, reason)
		st.Began, st.Estimated = append(st.Began, true), append(st.Estimated, false)
	}
	state(1, queue, start, start+wait+talk+30*minute, 0)
	state(6, queue, start+wait, start+wait+talk, 0)
	state(4, queue, start+wait+talk, start+wait+talk+20*second, 0)
	state(8, 0, start+wait+talk, start+wait+talk+10*minute, 0)
	if rnd.IntN(3) == 0 {
		state(2, queue, start+wait+talk+minute, start+wait+talk+3*minute, int32(11+rnd.IntN(2)))
	}
}

func someNames(from int64) *report.Names {
	return &report.Names{
		Zone: "Europe/Moscow",
		Zones: map[string][]report.Shift{
			"Europe/Moscow": {{Offset: 10800}}, "Asia/Vladivostok": {{Offset: 36000}},
			"Europe/Berlin": {{Offset: 3600}, {At: 1_774_746_000_000, Offset: 7200}, {At: 1_792_890_000_000, Offset: 3600}},
		},
		Queues:    []report.Queue{{ID: 1, Name: "Sales", Calendar: 1}, {ID: 2, Name: "Support", Zone: "Asia/Vladivostok"}, {ID: 3, Number: "603"}},
		Operators: []report.Operator{{ID: 1, Number: "101", Station: 1}, {ID: 2, Number: "102", Station: 1}},
		People:    []report.Person{{ID: 1, Name: "Anna"}, {ID: 2, Name: "Boris"}},
		Bindings:  []report.Binding{{Person: 1, Operator: 1, From: from, To: from + day + 12*hour}, {Person: 2, Operator: 1, From: from + day + 12*hour}},
		Groups: []report.Group{
			{ID: 1, Name: "Queues", Kind: "queues", Queues: []int32{1, 2}}, {ID: 2, Name: "People", Kind: "operators", People: []int32{1}, Operators: []int32{2}},
		},
		PBXs: []report.PBX{{ID: 1, Name: "A", Station: 1}, {ID: 2, Name: "B", Station: 2}}, Stations: []report.Named{{ID: 1, Name: "One"}, {ID: 2, Name: "Two"}},
		Trunks: []report.Trunk{{ID: 1, Endpoint: "PJSIP/carrier", Lines: 10}, {ID: 2, Name: "Reserve", Lines: 4}}, DIDs: []report.DID{{ID: 1, Number: "700"}},
		Tags: []report.Named{{ID: 1, Name: "Complaint"}, {ID: 2, Name: "Order"}}, Reasons: []report.Reason{{Text: "Lunch", Limit: 60}, {Text: "Training", Paid: true, Work: true}},
		Calendars: []report.Calendar{{ID: 1, Week: [7][][2]int{{{540, 1080}}, {{540, 1080}}, {{540, 1080}}, {{540, 1080}}, {{540, 1080}}}}},
		Shifts:    []report.Roster{{Person: 1, From: from + 6*hour, To: from + 14*hour, Kind: "work"}, {Person: 1, From: from + 10*hour, To: from + 11*hour, Kind: "break"}},
		Prefixes:  []report.Prefix{{Prefix: "7916", Name: "Mobile"}, {Prefix: "+7423", Name: "Vladivostok"}},
		Coverage:  []report.Heard{{PBX: 1, Since: from - day, Missing: []report.Missing{{From: from + hour, To: from + 2*hour, Events: 3}}}, {PBX: 2, Since: from + 12*hour}},
	}
}

// TestEveryReportByEveryDimension asks for all there is: each column of each report, grouped by each dimension it may be.
func TestEveryReportByEveryDimension(t *testing.T) {
	const from = int64(1_763_942_400_000) // Monday 24 November 2025, 0:00 UTC
	e := report.New(someFacts(1, from, 600), someNames(from))
	for _, d := range report.Reports() {
		for _, by := range append([]string{""}, d.May...) {
			q := report.Query{Report: d.ID, From: from, To: from + 3*day, Now: from + 4*day}
			if by != "" {
				q.By = []string{by}
			}
			table, err := e.Table(q)
			if err != nil {
				t.Errorf("%s by %s: %v", d.ID, by, err)
				continue
			}
			if len(table.Columns) == 0 || len(table.Rows) == 0 {
				t.Errorf("%s by %q: %d columns, %d rows", d.ID, by, len(table.Columns), len(table.Rows))
			}
			q.Columns = append(q.Columns, d.More...)
			if by == "" {
				if _, err := e.Table(q); err != nil {
					t.Errorf("%s, all columns: %v", d.ID, err)
				}
			}
			drillAll(t, e, q, table)
		}
	}
}

// TestNothingIsAlsoAReport: without facts there are all columns and no figures.
func TestNothingIsAlsoAReport(t *testing.T) {
	e := report.New(&report.Facts{}, &report.Names{})
	for _, d := range report.Reports() {
		table, err := e.Table(report.Query{Report: d.ID, From: 0, To: day, Before: &report.Span{From: -day, To: 0}})
		if err != nil {
			t.Errorf("%s: %v", d.ID, err)
			continue
		}
		if len(table.Columns) != len(d.Columns) || len(table.Totals) != len(d.Columns) {
			t.Errorf("%s: %d columns, want %d", d.ID, len(table.Columns), len(d.Columns))
		}
	}
}

// drillAll holds counts against the calls behind them.
func drillAll(t *testing.T, e *report.Engine, q report.Query, table *report.Table) {
	t.Helper()
	for i, c := range table.Columns {
		if !c.Drill {
			continue
		}
		for k, row := range table.Rows {
			if k > 3 {
				break
			}
			calls, err := e.Drill(q, row.Keys, c.ID)
			if err != nil {
				t.Errorf("%s: behind %s: %v", q.Report, c.ID, err)
				continue
			}
			if n := float64(row.Values[i]); c.Unit == report.UnitCount && n > 0 && (len(calls) == 0 || float64(len(calls)) > max(n, 1) && c.ID != "callers" && c.ID != "repeat_callers" && c.ID != "dialed_numbers" && c.ID[:4] != "peak" && c.ID != "call_rings" && c.ID != "call_transfers") {
				t.Errorf("%s by %v: %d calls behind %s = %v", q.Report, q.By, len(calls), c.ID, n)
			}
		}
	}
}
