package report_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/callweave/callweave/cloud/report"
)

// at is a moment of the clock of a zone, in ms.
func at(t *testing.T, zone, text string) int64 {
	t.Helper()
	l, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	m, err := time.ParseInLocation("2006-01-02 15:04:05", text, l)
	if err != nil {
		t.Fatal(err)
	}
	return m.UnixMilli()
}

// shifts are the changes of a zone's offset around some years.
func shifts(t *testing.T, name string) []report.Shift {
	t.Helper()
	l, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	m := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	_, offset := m.In(l).Zone()
	list := []report.Shift{{At: m.UnixMilli(), Offset: int32(offset)}}
	for ; m.Year() < 2028; m = m.Add(15 * time.Minute) {
		if _, now := m.In(l).Zone(); now != offset {
			offset = now
			list = append(list, report.Shift{At: m.UnixMilli(), Offset: int32(now)})
		}
	}
	return list
}

// calls is a hand-made history.
type calls struct{ report.Facts }

// call adds an incoming call that ends with its last row.
func (c *calls) call(start, end int64, disposition uint8) int32 {
	k := &c.Calls
	k.Start, k.Answered, k.End = append(k.Start, start), append(k.Answered, 0), append(k.End, end)
	k.Direction, k.Disposition, k.HangupBy, k.Flags = append(k.Direction, 1), append(k.Disposition, disposition), append(k.HangupBy, 1), append(k.Flags, 0)
	k.Caller, k.Dialled, k.Number = append(k.Caller, 0), append(k.Dialled, 0), append(k.Number, 0)
	k.PBX, k.Trunk, k.Wait = append(k.PBX, 1), append(k.Trunk, 0), append(k.Wait, 0)
	k.Talk, k.Hold, k.Rings, k.Transfers = append(k.Talk, 0), append(k.Hold, 0), append(k.Rings, 0), append(k.Transfers, 0)
	return int32(len(k.Start) - 1)
}

// visit adds a call that waits in a queue for some ms and is answered (1), abandoned (2), …
func (c *calls) visit(queue int32, entered, wait int64, result uint8, operator int32) int32 {
	disposition := uint8(2)
	if result == 1 {
		disposition = 1
	}
	k, v := c.call(entered, entered+wait, disposition), &c.Visits
	v.Call, v.Queue, v.PBX, v.Operator = append(v.Call, k), append(v.Queue, queue), append(v.PBX, 1), append(v.Operator, operator)
	v.Entered, v.Left, v.Result = append(v.Entered, entered), append(v.Left, entered+wait), append(v.Result, result)
	v.Position, v.Estimated = append(v.Position, 0), append(v.Estimated, false)
	return k
}

// talk adds a talk (kind 1) or hold (2) to a call, which lasts as long.
func (c *calls) talk(call, queue, operator int32, from, to int64, kind uint8) {
	g := &c.Segments
	g.Call, g.Queue, g.PBX, g.Operator = append(g.Call, call), append(g.Queue, queue), append(g.PBX, 1), append(g.Operator, operator)
	g.From, g.To, g.Kind, g.With = append(g.From, from), append(g.To, to), append(g.Kind, kind), append(g.With, 1)
	g.Text, g.Estimated = append(g.Text, 0), append(g.Estimated, false)
	if to != 0 {
		c.Calls.End[call] = max(c.Calls.End[call], to)
	}
}

func (c *calls) state(operator, queue int32, from, to int64, kind uint8) {
	s := &c.States
	s.Operator, s.Queue, s.PBX = append(s.Operator, operator), append(s.Queue, queue), append(s.PBX, 1)
	s.From, s.To, s.Kind, s.Reason = append(s.From, from), append(s.To, to), append(s.Kind, kind), append(s.Reason, 0)
	s.Began, s.Estimated = append(s.Began, true), append(s.Estimated, false)
}

// table makes a report or fails.
func table(t *testing.T, f *report.Facts, n *report.Names, q report.Query) *report.Table {
	t.Helper()
	got, err := report.New(f, n).Table(q)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// total is a figure of the totals, rounded to tenths of a percent where it is a share.
func total(t *testing.T, got *report.Table, column string) float64 {
	t.Helper()
	for i, c := range got.Columns {
		if c.ID == column {
			if c.Unit == report.UnitShare {
				return math.Round(float64(got.Totals[i])*1000) / 10
			}
			return float64(got.Totals[i])
		}
	}
	t.Fatalf("no column %s", column)
	return 0
}

// byKey are a column's figures by the first key.
func byKey(t *testing.T, got *report.Table, column string) map[int64]float64 {
	t.Helper()
	for i, c := range got.Columns {
		if c.ID == column {
			m := map[int64]float64{}
			for _, r := range got.Rows {
				if v := float64(r.Values[i]); v != 0 && !math.IsNaN(v) {
					m[r.Keys[0].ID] += v
				}
			}
			return m
		}
	}
	t.Fatalf("no column %s", column)
	return nil
}

var noon = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC).UnixMilli()

// icmiExample is ICMI's own: 1000 answered, 860 of them in 20 s; 60 abandoned, 20 of them in 20 s and 10 of those in 5 s.
func icmiExample() *calls {
	c := &calls{}
	for i := range 1000 {
		wait := 10 * second
		if i >= 860 {
			wait = 30 * second
		}
		c.visit(1, noon+int64(i), wait, 1, 1)
	}
	for i := range 60 {
		wait := 40 * second
		switch {
		case i < 10:
			wait = 3 * second
		case i < 20:
			wait = 15 * second
		}
		c.visit(1, noon+int64(i), wait, 2, 0)
	}
	return c
}

func TestServiceLevelIsAsInTheExampleOfICMI(t *testing.T) {
	got := table(t, &icmiExample().Facts, &report.Names{}, report.Query{Report: "service_level", From: noon, To: noon + hour})
	for column, want := range map[string]float64{
		"sl1": 83.0, "sl2": 86.0, "sl3": 81.1, "sl4": 82.7, "sl5": 82.1, "service_level": 81.1,
		"offered": 1060, "answered_in": 860, "abandoned_in": 20, "short_abandons": 10,
	} {
		if v := total(t, got, column); v != want {
			t.Errorf("%s = %v, want %v", column, v, want)
		}
	}
	if len(got.Policies) != 1 || got.Policies[0] != report.DefaultPolicy() {
		t.Errorf("policies: %+v", got.Policies)
	}
}

func TestEveryVariantCanBeThePolicy(t *testing.T) {
	for variant, want := range map[uint8]float64{report.SL1: 83.0, report.SL2: 86.0, report.SL3: 81.1, report.SL4: 82.7, report.SL5: 82.1} {
		p := report.Policy{Threshold: 20, Short: 5, Variant: variant}
		got := table(t, &icmiExample().Facts, &report.Names{}, report.Query{Report: "queues", From: noon, To: noon + hour, Policy: &p})
		if v := total(t, got, "service_level"); v != want {
			t.Errorf("SL%d = %v, want %v", variant, v, want)
		}
	}
}

// TestAbandonsInTimeAreAsCiscoCountsThem: 70 answered in time, 10 abandoned in time, of 90: ignored 77.8, counted against 70, in
// favor 80, where 20 more were answered late.
func TestAbandonsInTimeAreAsCiscoCountsThem(t *testing.T) {
	c := &calls{}
	for i := range 100 {
		switch {
		case i < 70:
			c.visit(1, noon+int64(i), 10*second, 1, 1)
		case i < 80:
			c.visit(1, noon+int64(i), 10*second, 2, 0)
		default:
			c.visit(1, noon+int64(i), 30*second, 1, 1)
		}
	}
	got := table(t, &c.Facts, &report.Names{}, report.Query{Report: "service_level", From: noon, To: noon + hour})
	for column, want := range map[string]float64{"sl4": 77.8, "sl3": 70, "sl1": 80} {
		if v := total(t, got, column); v != want {
			t.Errorf("%s = %v, want %v", column, v, want)
		}
	}
}

func TestIgnoredShortAbandonsNeverCalled(t *testing.T) {
	p := report.Policy{Threshold: 20, Short: 5, Variant: report.SL3, Shorts: report.ShortIgnored}
	got := table(t, &icmiExample().Facts, &report.Names{}, report.Query{Report: "service_level", From: noon, To: noon + hour, Policy: &p})
	if v, want := total(t, got, "service_level"), math.Round(860.0/1050*1000)/10; v != want {
		t.Errorf("%v, want %v", v, want)
	}
}

// TestPolicyInForceAtTheArrivalCounts: a queue's own goes before the one for all, a later one before an earlier one.
func TestPolicyInForceAtTheArrivalCounts(t *testing.T) {
	c := &calls{}
	for _, m := range []int64{0, 10, 20} {
		for _, queue := range []int32{1, 2} {
			c.visit(queue, noon+m*minute, 15*second, 1, 1)
		}
	}
	n := &report.Names{Policies: []report.Policy{
		{Queue: 0, From: noon + 5*minute, Threshold: 10, Variant: report.SL3},
		{Queue: 1, From: noon + 15*minute, Threshold: 30, Variant: report.SL3},
		{Queue: 1, From: noon + 9*minute, Threshold: 14, Variant: report.SL3},
	}}
	q := report.Query{Report: "queues", From: noon, To: noon + hour, Columns: []string{"answered_in"}}
	if diff := cmp.Diff(map[int64]float64{1: 2, 2: 1}, byKey(t, table(t, &c.Facts, n, q), "answered_in")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := table(t, &c.Facts, n, q); len(got.Policies) != 4 {
		t.Errorf("%d policies had a part, want the default and three: %+v", len(got.Policies), got.Policies)
	}
}

func TestPercentilesAreNearestRank(t *testing.T) {
	c := &calls{}
	for i := range int64(10) {
		c.visit(1, noon+i, (10-i)*second, 1, 1)
	}
	got := table(t, &c.Facts, &report.Names{}, report.Query{Report: "queues", From: noon, To: noon + hour, Columns: []string{"wait_p50", "wait_p90", "wait_p95", "wait_max"}})
	if diff := cmp.Diff([]report.Value{5000, 9000, 10000, 10000}, got.Totals); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestTimePassesInTheBucketItPassedIn: a talk from 11:50 to 12:20 is ten minutes of one hour and twenty of the next, while it
// counts as one, where it began.
func TestTimePassesInTheBucketItPassedIn(t *testing.T) {
	c := &calls{}
	k := c.visit(1, noon-20*minute, 10*minute, 1, 1)
	c.talk(k, 1, 1, noon-10*minute, noon+20*minute, 1)
	q := report.Query{Report: "intervals", From: noon - hour, To: noon + hour, Interval: 60, Columns: []string{"offered", "talk_time", "avg_talk", "wait_time"}}
	got := table(t, &c.Facts, &report.Names{}, q)
	if diff := cmp.Diff(map[int64]float64{noon - hour: float64(10 * minute), noon: float64(20 * minute)}, byKey(t, got, "talk_time")); diff != "" {
		t.Errorf("talk (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[int64]float64{noon - hour: float64(30 * minute)}, byKey(t, got, "avg_talk")); diff != "" {
		t.Errorf("average talk (-want +got):\n%s", diff)
	}
	for count, hourOf := range map[string]int64{"arrival": noon - hour, "answer": noon - hour, "end": noon} {
		q.Count = count
		if diff := cmp.Diff(map[int64]float64{hourOf: 1}, byKey(t, table(t, &c.Facts, &report.Names{}, q), "offered")); diff != "" {
			t.Errorf("by %s (-want +got):\n%s", count, diff)
		}
	}
}

func TestVladivostokSeenFromMoscow(t *testing.T) {
	c := &calls{}
	c.visit(1, at(t, "Asia/Vladivostok", "2026-11-25 09:30:00"), second, 1, 1) // 2:30 in Moscow
	c.visit(2, at(t, "Europe/Moscow", "2026-11-25 09:30:00"), second, 1, 1)
	c.visit(1, at(t, "Asia/Vladivostok", "2026-11-26 01:00:00"), second, 1, 1) // 18:00 of the 25th in Moscow
	n := &report.Names{
		Zone: "Europe/Moscow", Zones: map[string][]report.Shift{"Europe/Moscow": shifts(t, "Europe/Moscow"), "Asia/Vladivostok": shifts(t, "Asia/Vladivostok")},
		Queues: []report.Queue{{ID: 1, Zone: "Asia/Vladivostok"}, {ID: 2}},
	}
	from, to := at(t, "Europe/Moscow", "2026-11-25 00:00:00"), at(t, "Europe/Moscow", "2026-11-26 00:00:00")
	for zone, want := range map[string]map[int64]float64{
		"": {2: 1, 9: 1, 18: 1}, "Asia/Vladivostok": {9: 1, 16: 1, 1: 1}, report.ZoneQueue: {9: 2, 1: 1},
	} {
		got := table(t, &c.Facts, n, report.Query{Report: "hours", From: from, To: to, Zone: zone, Columns: []string{"offered"}})
		if diff := cmp.Diff(want, byKey(t, got, "offered")); diff != "" {
			t.Errorf("zone %q (-want +got):\n%s", zone, diff)
		}
		if got.Wall != (zone == report.ZoneQueue) {
			t.Errorf("zone %q: by several clocks: %v", zone, got.Wall)
		}
	}
}

// TestDaysOfClockChanges: the day clocks go forward has 23 hours, the one they go back 25, and the hour that comes twice is two
// intervals.
func TestDaysOfClockChanges(t *testing.T) {
	n := &report.Names{Zone: "Europe/Berlin", Zones: map[string][]report.Shift{"Europe/Berlin": shifts(t, "Europe/Berlin")}}
	for date, hours := range map[string]int{"2026-03-29": 23, "2026-10-25": 25, "2026-11-25": 24} {
		from := at(t, "Europe/Berlin", date+" 00:00:00")
		c := &calls{}
		for h := range int64(hours) {
			c.visit(1, from+h*hour+30*minute, second, 1, 1)
		}
		next := from + int64(hours)*hour
		c.visit(1, next, second, 1, 1) // of the next day
		q := report.Query{Report: "days", From: from, To: next + hour, Columns: []string{"offered"}}
		if diff := cmp.Diff(map[int64]float64{from: float64(hours), next: 1}, byKey(t, table(t, &c.Facts, n, q), "offered")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", date, diff)
		}
		q.Report, q.Interval, q.To = "intervals", 60, next
		intervals := table(t, &c.Facts, n, q)
		if len(intervals.Rows) != hours {
			t.Errorf("%s: %d intervals of an hour, want %d", date, len(intervals.Rows), hours)
		}
		for i, row := range intervals.Rows {
			if row.Keys[0].ID != from+int64(i)*hour || row.Values[0] != 1 {
				t.Errorf("%s: interval %d begins at %d with %v calls", date, i, row.Keys[0].ID-from, row.Values[0])
			}
		}
		q.Report = "hours"
		at2 := byKey(t, table(t, &c.Facts, n, q), "offered")[2]
		if want := map[int]float64{23: 0, 24: 1, 25: 2}[hours]; at2 != want {
			t.Errorf("%s: %v calls at two, want %v", date, at2, want)
		}
	}
}

func TestMidnightIsTheZonesOwn(t *testing.T) {
	n := &report.Names{Zone: "Europe/Moscow", Zones: map[string][]report.Shift{"Europe/Moscow": shifts(t, "Europe/Moscow")}}
	midnight := at(t, "Europe/Moscow", "2026-11-25 00:00:00")
	c := &calls{}
	c.visit(1, midnight-1, second, 1, 1)
	c.visit(1, midnight, second, 1, 1)
	got := table(t, &c.Facts, n, report.Query{Report: "days", From: midnight - day, To: midnight + day, Columns: []string{"offered"}})
	if diff := cmp.Diff(map[int64]float64{midnight - day: 1, midnight: 1}, byKey(t, got, "offered")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestClosedHoursAndHolidaysAreTheQueues(t *testing.T) {
	n := &report.Names{
		Zone: "Europe/Moscow", Zones: map[string][]report.Shift{"Europe/Moscow": shifts(t, "Europe/Moscow"), "Asia/Vladivostok": shifts(t, "Asia/Vladivostok")},
		Queues: []report.Queue{{ID: 1, Zone: "Asia/Vladivostok", Calendar: 1}, {ID: 2}},
		Calendars: []report.Calendar{{
			ID: 1, Week: [7][][2]int{{{540, 1080}}, {{540, 1080}}, {{540, 1080}}, {{540, 1080}}, {{540, 1080}}},
			Days: []report.Holiday{{Day: "2026-11-25"}, {Day: "2026-11-26", Hours: [][2]int{{600, 660}}}},
		}},
	}
	c := &calls{}
	for _, moment := range []string{"2026-11-24 08:59:59", "2026-11-24 09:00:00", "2026-11-24 18:00:00", "2026-11-25 12:00:00", "2026-11-26 10:30:00", "2026-11-26 12:00:00"} {
		c.visit(1, at(t, "Asia/Vladivostok", moment), second, 1, 1)
	}
	c.visit(2, noon, second, 1, 1) // a queue without hours is always open
	from := at(t, "Europe/Moscow", "2026-11-23 00:00:00")
	for hours, want := range map[string]map[int64]float64{"open": {1: 2, 2: 1}, "closed": {1: 4}, "": {1: 6, 2: 1}} {
		q := report.Query{Report: "queues", From: from, To: from + 7*day, Filter: report.Filter{Hours: hours}, Columns: []string{"offered"}}
		if diff := cmp.Diff(want, byKey(t, table(t, &c.Facts, n, q), "offered")); diff != "" {
			t.Errorf("%q (-want +got):\n%s", hours, diff)
		}
	}
}

// TestTimeOfAnOperatorCountsOnce: logged in to two queues, with a pause in both, a talk and a wrap-up.
func TestTimeOfAnOperatorCountsOnce(t *testing.T) {
	c := &calls{}
	c.state(1, 1, noon, noon+60*minute, 1)
	c.state(1, 2, noon+10*minute, noon+70*minute, 1)
	c.state(1, 1, noon+20*minute, noon+30*minute, 2)
	c.state(1, 2, noon+25*minute, noon+35*minute, 2)
	c.state(1, 0, noon, noon+40*minute, 8)
	c.state(1, 1, noon+40*minute, noon+50*minute, 6)
	c.state(1, 1, noon+50*minute, noon+52*minute, 4)
	c.state(1, 0, noon+50*minute, noon+80*minute, 8)
	q := report.Query{Report: "occupancy", From: noon, To: noon + 2*hour, Columns: []string{"logged_time", "paused_time", "available_time", "contact_time", "wrap_time", "idle_time"}}
	got := table(t, &c.Facts, &report.Names{}, q)
	want := []report.Value{70, 15, 43, 12, 2, 70}
	for i := range want {
		want[i] *= report.Value(minute)
	}
	if diff := cmp.Diff(want, got.Totals); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	q.By = []string{report.ByQueue}
	got = table(t, &c.Facts, &report.Names{}, q)
	if diff := cmp.Diff(want, got.Totals); diff != "" {
		t.Errorf("totals by queue are of both at once (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[int64]float64{1: float64(60 * minute), 2: float64(60 * minute)}, byKey(t, got, "logged_time")); diff != "" {
		t.Errorf("by queue (-want +got):\n%s", diff)
	}
	q = report.Query{Report: "pauses", From: noon, To: noon + 2*hour, Columns: []string{"pauses", "pause_time"}}
	if got := table(t, &c.Facts, &report.Names{}, q); got.Totals[0] != 1 || got.Totals[1] != report.Value(15*minute) {
		t.Errorf("%v pauses of %v ms, want one of 15 minutes", got.Totals[0], got.Totals[1])
	}
}

// TestADeviceChangesHandsInMidDay: talk and log-in are cut where the device becomes somebody else's.
func TestADeviceChangesHandsInMidDay(t *testing.T) {
	c := &calls{}
	k := c.visit(1, noon-20*minute, minute, 1, 7)
	c.talk(k, 1, 7, noon-10*minute, noon+5*minute, 1)
	c.visit(1, noon+10*minute, minute, 1, 7)
	c.state(7, 1, noon-hour, noon+hour, 1)
	n := &report.Names{
		People:   []report.Person{{ID: 1, Name: "Anna"}, {ID: 2, Name: "Boris"}},
		Bindings: []report.Binding{{Person: 2, Operator: 7, From: noon, To: noon + 30*minute}, {Person: 1, Operator: 7, From: noon - 30*minute, To: noon}},
	}
	q := report.Query{Report: "operators", From: noon - 2*hour, To: noon + 2*hour, Columns: []string{"answered", "talk_time", "logged_time"}}
	got := map[report.Key][]report.Value{}
	for _, row := range table(t, &c.Facts, n, q).Rows {
		got[row.Keys[0]] = row.Values
	}
	m := report.Value(minute)
	want := map[report.Key][]report.Value{
		{ID: 1, Kind: "person", Label: "Anna"}:  {1, 10 * m, 30 * m},
		{ID: 2, Kind: "person", Label: "Boris"}: {1, 5 * m, 30 * m},
		{ID: 7, Kind: "device"}:                 {0, 0, 60 * m},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestAverageHandlingTimeIsOfWholeCalls: talk, hold and wrap-up belong to the visit they follow, wherever they pass.
func TestAverageHandlingTimeIsOfWholeCalls(t *testing.T) {
	c := &calls{}
	k := c.visit(1, noon-20*minute, minute, 1, 7)
	c.talk(k, 1, 7, noon-19*minute, noon-10*minute, 1)
	c.talk(k, 0, 7, noon-10*minute, noon-8*minute, 2)
	c.talk(k, 1, 7, noon-8*minute, noon+2*minute, 1)
	c.state(7, 1, noon+2*minute, noon+3*minute, 4)
	c.visit(1, noon+10*minute, minute, 2, 0)
	q := report.Query{Report: "queues", From: noon - hour, To: noon, Columns: []string{"aht", "avg_talk", "avg_hold", "avg_wrap"}}
	m := report.Value(minute)
	if diff := cmp.Diff([]report.Value{22 * m, 19 * m, 2 * m, 1 * m}, table(t, &c.Facts, &report.Names{}, q).Totals); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// numbered gives a call its outside number.
func (c *calls) numbered(call int32, text int32) { c.Calls.Number[call] = text }

// TestACaseIsClosedByAnyConversation: one per number, whichever queue or side called.
func TestACaseIsClosedByAnyConversation(t *testing.T) {
	c := &calls{}
	c.Texts = []string{"", "1", "2", "3"}
	lost := func(number int32, start int64) { c.numbered(c.visit(1, start, minute, 2, 0), number) }
	lost(1, noon)
	lost(1, noon+10*minute)
	back := c.call(noon+20*minute, noon+22*minute, 1)
	c.Calls.Direction[back] = 2
	c.numbered(back, 1)
	c.talk(back, 0, 7, noon+21*minute, noon+22*minute, 1)
	lost(2, noon)
	c.numbered(c.visit(2, noon+5*minute, minute, 1, 7), 2)
	lost(3, noon)
	lost(3, noon+50*minute)
	q := report.Query{
		Report: "missed", From: noon, To: noon + hour, Now: noon + 3*hour,
		Columns: []string{"cases", "cases_open", "cases_expired", "closed_by_us", "closed_by_caller", "tries", "recall_max"},
	}
	if diff := cmp.Diff([]report.Value{3, 0, 1, 1, 1, 5, report.Value(20 * minute)}, table(t, &c.Facts, &report.Names{}, q).Totals); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	q.Now, q.Columns = noon+59*minute, nil
	states := map[string]string{}
	got := table(t, &c.Facts, &report.Names{}, q)
	for _, row := range got.Rows {
		states[row.Keys[0].Label] = row.Texts[0]
	}
	if diff := cmp.Diff(map[string]string{"1": "called_back", "2": "called_again", "3": "open"}, states); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestRepeatsAndRetriesLookBeyondThePeriod(t *testing.T) {
	c := &calls{}
	c.Texts = []string{"", "1", "2"}
	c.numbered(c.visit(1, noon, minute, 1, 7), 1)
	c.numbered(c.visit(1, noon, minute, 2, 0), 2)
	c.numbered(c.visit(2, noon+2*hour, minute, 2, 0), 2)
	c.numbered(c.visit(1, noon+6*day, minute, 1, 7), 1)
	q := report.Query{Report: "repeats", From: noon, To: noon + hour, Now: noon + 8*day, Columns: []string{"contacts", "repeated", "fcr"}}
	for days, want := range map[int][]report.Value{0: {1, 1, 0}, 1: {1, 0, 1}} {
		if q.Days = days; !cmp.Equal(want, table(t, &c.Facts, &report.Names{}, q).Totals) {
			t.Errorf("%d days: %v, want %v", days, table(t, &c.Facts, &report.Names{}, q).Totals, want)
		}
	}
	q = report.Query{Report: "retries", From: noon, To: noon + hour, Now: noon + 8*day, Columns: []string{"lost_calls", "retried", "retry_wait", "reached"}}
	if diff := cmp.Diff([]report.Value{1, 1, report.Value(2*hour - minute), 0}, table(t, &c.Facts, &report.Names{}, q).Totals); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	q.Same = true
	if got := table(t, &c.Facts, &report.Names{}, q).Totals[1]; got != 0 {
		t.Errorf("%v tried the same queue again, want nobody", got)
	}
}

func TestLinesTakenAtOnce(t *testing.T) {
	c := &calls{}
	for _, span := range [][2]int64{{0, 10}, {5, 20}, {10, 15}, {40, 50}} {
		k := c.call(noon+span[0]*minute, noon+span[1]*minute, 1)
		c.Calls.Trunk[k] = 1 + int32(span[0]%10/5)
	}
	n := &report.Names{Trunks: []report.Trunk{{ID: 1, Lines: 4}, {ID: 2, Lines: 2}}}
	q := report.Query{Report: "trunks", From: noon, To: noon + hour, Columns: []string{"peak_lines", "avg_lines", "lines", "line_use"}}
	got := table(t, &c.Facts, n, q)
	if diff := cmp.Diff([]report.Value{2, report.Value(40.0 / 60), 6, report.Value(2.0 / 6)}, got.Totals); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[int64]float64{1: 1, 2: 1}, byKey(t, got, "peak_lines")); diff != "" {
		t.Errorf("by trunk (-want +got):\n%s", diff)
	}
}

// TestTheDayBeforeStandsBesideTheDay: intervals are matched by their place in the period, queues by themselves.
func TestTheDayBeforeStandsBesideTheDay(t *testing.T) {
	c := &calls{}
	c.visit(1, noon-day+minute, second, 1, 1)
	c.visit(1, noon-day+minute, second, 1, 1)
	c.visit(1, noon+minute, second, 1, 1)
	c.visit(2, noon+31*minute, second, 1, 1)
	q := report.Query{Report: "intervals", From: noon, To: noon + hour, Before: &report.Span{From: noon - day, To: noon - day + hour}, Columns: []string{"offered"}}
	got := table(t, &c.Facts, &report.Names{}, q)
	if diff := cmp.Diff(&report.Before{Totals: []report.Value{2}, Rows: [][]report.Value{{2}, {0}}}, got.Before); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	q.Report = "queues"
	got = table(t, &c.Facts, &report.Names{}, q)
	if diff := cmp.Diff(&report.Before{Totals: []report.Value{2}, Rows: [][]report.Value{{2}, nil}}, got.Before); diff != "" {
		t.Errorf("by queue (-want +got):\n%s", diff)
	}
}

// TestBehindAFigureAreItsCalls: of a rate those it counts, of an average all, of the longest wait the one that waited longest.
func TestBehindAFigureAreItsCalls(t *testing.T) {
	c := &calls{}
	c.visit(1, noon, 5*second, 1, 1)
	c.visit(1, noon+minute, 50*second, 1, 1)
	c.visit(1, noon+2*minute, 20*second, 2, 0)
	c.visit(2, noon+3*minute, 90*second, 1, 1)
	e := report.New(&c.Facts, &report.Names{})
	q := report.Query{Report: "queues", From: noon, To: noon + hour}
	for column, want := range map[string][]int32{
		"offered": {0, 1, 2}, "answer_rate": {0, 1}, "asa": {0, 1}, "abandon_rate": {2}, "service_level": {0, 1, 2}, "answered_in": {0}, "wait_max": {1}, "wait_p90": {0, 1},
	} {
		got, err := e.Drill(q, []report.Key{{ID: 1}}, column)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", column, err, diff)
		}
	}
	if got, err := e.Drill(q, nil, "wait_max"); err != nil || !cmp.Equal(got, []int32{3}) {
		t.Errorf("the longest of all: %v, %v", got, err)
	}
	if _, err := e.Drill(report.Query{Report: "occupancy", From: noon, To: noon + hour}, nil, "occupancy"); err == nil {
		t.Error("there are calls behind working time")
	}
}

// TestOrderOfRowsChangesNothing and time is neither lost nor doubled by slicing, whatever the rows: sums over the rows of a table
// of one bucket per row equal the totals, which are not sliced by it.
func TestOrderOfRowsChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const from = int64(1_774_656_000_000) // 28 March 2026: clocks in Berlin change the next night
		f, n := someFacts(rapid.Uint64().Draw(t, "seed"), from, rapid.IntRange(1, 60).Draw(t, "calls")), someNames(from)
		q := report.Query{
			Report: rapid.SampledFrom([]string{"operators", "queues", "occupancy"}).Draw(t, "report"), From: from, To: from + 3*day, Now: from + 4*day,
			Zone: rapid.SampledFrom([]string{"", "Europe/Berlin", "Asia/Vladivostok"}).Draw(t, "zone"),
			By:   []string{rapid.SampledFrom([]string{"interval", "hour", "day", "weekday", "week", "month"}).Draw(t, "by")}, Interval: rapid.SampledFrom([]int{5, 15, 30, 60}).Draw(t, "interval"),
		}
		additive := map[string][]string{
			"operators": {"talk_time", "hold_time", "rings", "answered", "logged_time", "wrap_time"}, "queues": {"wait_time", "offered", "answered", "talk_time"},
			"occupancy": {"logged_time", "contact_time", "available_time", "paused_time", "idle_time"},
		}
		q.Columns = additive[q.Report]
		a, err := report.New(f, n).Table(q)
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range a.Columns {
			sum := report.Value(0)
			for _, row := range a.Rows {
				sum += row.Values[i]
			}
			if sum != a.Totals[i] {
				t.Errorf("%s: rows sum up to %v, the total is %v", c.ID, sum, a.Totals[i])
			}
		}
		b, err := report.New(reversed(f), n).Table(q)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(a, b, cmp.Comparer(func(x, y report.Value) bool { return x == y || x != x && y != y })); diff != "" {
			t.Errorf("backwards (-want +got):\n%s", diff)
		}
	})
}

// reversed has the rows of visits, rings, segments and states the other way round.
func reversed(f *report.Facts) *report.Facts {
	g := *f
	turn(&g.Visits.Call, &g.Visits.Queue, &g.Visits.PBX, &g.Visits.Operator, &g.Visits.Position)
	turn(&g.Visits.Entered, &g.Visits.Left)
	turn(&g.Visits.Result)
	turn(&g.Visits.Estimated)
	turn(&g.Attempts.Call, &g.Attempts.Queue, &g.Attempts.PBX, &g.Attempts.Operator)
	turn(&g.Attempts.Rang, &g.Attempts.Ended)
	turn(&g.Attempts.Result)
	turn(&g.Attempts.Estimated)
	turn(&g.Segments.Call, &g.Segments.Queue, &g.Segments.PBX, &g.Segments.Operator, &g.Segments.Text)
	turn(&g.Segments.From, &g.Segments.To)
	turn(&g.Segments.Kind, &g.Segments.With)
	turn(&g.Segments.Estimated)
	turn(&g.States.Operator, &g.States.Queue, &g.States.PBX, &g.States.Reason)
	turn(&g.States.From, &g.States.To)
	turn(&g.States.Kind)
	turn(&g.States.Began, &g.States.Estimated)
	return &g
}

func turn[T any](columns ...*[]T) {
	for _, c := range columns {
		list := slices.Clone(*c)
		slices.Reverse(list)
		*c = list
	}
}
