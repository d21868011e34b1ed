package proof

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/names"
	"github.com/callweave/callweave/cloud/pg"
	"github.com/callweave/callweave/cloud/pg/pgtest"
	"github.com/callweave/callweave/cloud/report"
	"github.com/callweave/callweave/cloud/rights"
	"github.com/callweave/callweave/lab/month"
	"github.com/callweave/callweave/tenants"
)

// both holds one tenant's facts as the engine and as SQL have them.
type both struct {
	oracle
	engine *report.Engine
	facts  *report.Facts
	names  *report.Names
	wrong  map[string]int
}

// proven writes a tenant's data, opens it both ways, and calls f in the transaction that has the rows.
func proven(t *testing.T, write func(*pg.DB, tenants.ID) (from, to time.Time, err error), f func(b *both)) {
	t.Helper()
	db := pgtest.New(t)
	made, err := tenants.NewStore(db.Owner(), db.System()).Create(t.Context(), tenants.New{Slug: "proof", Name: "Proof", Zone: month.Moscow})
	if err != nil {
		t.Fatal(err)
	}
	from, to, err := write(db, made.ID)
	if err != nil {
		t.Fatal(err)
	}
	err = db.As(made.ID).Tx(t.Context(), func(tx pgx.Tx) error {
		b := &both{oracle: oracle{tx: tx, zone: month.Moscow, now: to.UnixMilli()}, facts: readFacts(t, tx, to.UnixMilli()), wrong: map[string]int{}}
		n, err := names.Read(t.Context(), tx, rights.Scope{Everything: true}, names.Period{From: from, To: to, Now: to}, month.Berlin, month.Vladivostok, "UTC")
		if err != nil {
			return err
		}
		b.engine, b.names = report.New(b.facts, &n), &n
		for _, sql := range slices.Concat(rowsSQL, workersSQL, []string{policySQL}) {
			if _, err := tx.Exec(t.Context(), strings.ReplaceAll(sql, "{now}", strconv.FormatInt(b.now, 10))); err != nil {
				return fmt.Errorf("%s: %w", sql, err)
			}
		}
		f(b)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// same compares a table of the engine with the one of SQL: rows, all columns that are figures, and totals.
func (b *both) same(t *testing.T, q report.Query) {
	t.Helper()
	d, ok := report.ReportOf(q.Report)
	if !ok {
		t.Fatalf("there is no report %q", q.Report)
	}
	q.Now = b.now
	table, err := b.engine.Table(q)
	for err != nil { // columns that a dimension has not
		_, after, found := strings.Cut(err.Error(), "the column ")
		column, _, not := strings.Cut(after, " cannot be grouped by ")
		if !found || !not {
			break
		}
		q.Columns = slices.DeleteFunc(slices.Clone(q.Columns), func(c string) bool { return c == column })
		table, err = b.engine.Table(q)
	}
	if err != nil {
		t.Fatalf("%s: %v", q.Report, err)
	}
	b.enough(t, q, table)
	var ids []string
	for _, c := range table.Columns {
		if running := strings.HasSuffix(c.ID, "_running"); c.Unit != report.UnitText && (!running || table.Dims[len(table.Dims)-1] == report.ByStep) {
			ids = append(ids, c.ID)
		}
	}
	want := b.table(t, q, d, ids)
	seen := map[string]bool{totals: true}
	for _, row := range table.Rows {
		key := b.key(table, row.Keys)
		seen[key] = true
		for i, c := range table.Columns {
			b.figure(t, q, key, c, float64(row.Values[i]), want[key])
		}
	}
	for i, c := range table.Columns {
		b.figure(t, q, totals, c, float64(table.Totals[i]), want[totals])
	}
	for key := range want {
		if !seen[key] && !nothing(want[key]) {
			b.differs(t, q, "row", "row %q is in SQL only: %v", key, want[key])
		}
	}
	if len(table.Rows) == 0 && len(want) > 1 {
		t.Errorf("%+v: no rows", q)
	}
}

// enough asks the same of facts that have only the sections the query says it reads: it must not look at others.
func (b *both) enough(t *testing.T, q report.Query, whole *report.Table) {
	t.Helper()
	f, needs := *b.facts, q.Needs()
	calls := len(f.Calls.Start)
	for section, without := range map[string]func(){
		"numbers": func() {
			f.Calls.Caller, f.Calls.Dialled, f.Calls.Number = make([]int32, calls), make([]int32, calls), make([]int32, calls)
		},
		"visits":   func() { f.Visits = report.Visits{} },
		"attempts": func() { f.Attempts = report.Attempts{} }, "segments": func() { f.Segments = report.Segments{} },
		"transfers": func() { f.Transfers = report.Transfers{} }, "steps": func() { f.Steps = report.Steps{} },
		"states": func() { f.States = report.States{} }, "tags": func() { f.Tags = report.Tags{} },
	} {
		if !contains(needs, section) {
			without()
		}
	}
	less, err := report.New(&f, b.names).Table(q)
	if err != nil {
		t.Fatal(err)
	}
	if all, those := text(t, whole), text(t, less); all != those {
		t.Errorf("%s by %v reads more than it says, %v:\n%.600s\n%.600s", q.Report, q.By, needs, all, those)
	}
}

// text is a table as it is sent, without what is said beside it.
func text(t *testing.T, table *report.Table) string {
	t.Helper()
	bare := *table
	bare.Notes = nil
	b, err := json.Marshal(bare)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// nothing tells whether a row says that nothing happened.
func nothing(row map[string]float64) bool {
	for _, v := range row {
		if v != 0 && !math.IsNaN(v) {
			return false
		}
	}
	return true
}

// figure compares one. Where SQL has no row, nothing happened: a count of nothing is 0 and an average of nothing none.
func (b *both) figure(t *testing.T, q report.Query, key string, c report.Column, got float64, row map[string]float64) {
	t.Helper()
	if _, ok := formulas[c.ID]; !ok || strings.HasSuffix(c.ID, "_running") && !contains(q.By, report.ByStep) && q.By != nil {
		return
	}
	want, ok := row[c.ID]
	if !ok || math.IsNaN(want) {
		if math.IsNaN(got) || got == 0 {
			return
		}
		b.differs(t, q, c.ID, "%s of %q is %v, by SQL none", c.ID, key, got)
		return
	}
	if math.IsNaN(got) && want == 0 {
		return
	}
	if math.Abs(got-want) > 1e-9*max(1, math.Abs(want)) || math.IsNaN(got) {
		b.differs(t, q, c.ID, "%s of %q is %v, by SQL %v", c.ID, key, got, want)
	}
}

// differs reports the first differences of each figure of a report.
func (b *both) differs(t *testing.T, q report.Query, id, format string, args ...any) {
	t.Helper()
	b.wrong[t.Name()+id]++
	if b.wrong[t.Name()+id] <= 3 {
		t.Errorf("%s by %v: %s", q.Report, q.By, fmt.Sprintf(format, args...))
	}
}

// key is the key of a row as the SQL has it.
func (b *both) key(table *report.Table, keys []report.Key) string {
	parts := make([]string, len(keys))
	for i, k := range keys {
		switch dim := table.Dims[i]; dim {
		case report.ByOperator:
			parts[i] = k.Kind + ":" + strconv.FormatInt(k.ID, 10)
		case report.ByTo:
			if parts[i] = k.Kind + ":" + strconv.FormatInt(k.ID, 10); k.Kind == "number" {
				parts[i] = "number:" + k.Label
			}
		case report.ByDID, report.ByNumber, report.ByPrefix, report.ByIVR, report.ByReason:
			parts[i] = k.Label
		case report.ByCall, report.ByCase:
			parts[i] = uuid.UUID(b.facts.Calls.IDs[k.ID]).String()
		default:
			parts[i] = strconv.FormatInt(k.ID, 10)
		}
	}
	if len(keys) == 0 {
		return "all"
	}
	return strings.Join(parts, "\t")
}

func ms(t time.Time) int64 { return t.UnixMilli() }

// period is most of the month: what callers do afterwards is still in it.
var period = report.Query{
	From: ms(time.Date(2026, 2, 28, 21, 0, 0, 0, time.UTC)), To: ms(time.Date(2026, 3, 31, 21, 0, 0, 0, time.UTC)),
}

// someWeek is the one in which people change places and policies change.
var someWeek = report.Span{From: ms(time.Date(2026, 3, 12, 21, 0, 0, 0, time.UTC)), To: ms(time.Date(2026, 3, 19, 21, 0, 0, 0, time.UTC))}

// everything asks for all columns of a report.
func everything(d report.Definition) report.Query {
	q := period
	q.Report, q.Columns = d.ID, slices.Concat(d.Columns, d.More)
	return q
}

// TestEveryFigureOfEveryReportIsWhatSQLSays holds a month's reports against SQL over the same rows.
func TestEveryFigureOfEveryReportIsWhatSQLSays(t *testing.T) {
	m := month.March(65)
	write := func(db *pg.DB, id tenants.ID) (time.Time, time.Time, error) {
		return m.From, m.To, m.Write(t.Context(), db, id)
	}
	proven(t, write, func(b *both) {
		t.Run("as they come", b.asTheyCome)
		t.Run("by every dimension", b.byEveryDimension)
		t.Run("in every slice", b.inEverySlice)
		t.Run("by any policy", b.byAnyPolicy)
		t.Run("beside the period before", b.besideBefore)
	})
}

// asTheyCome asks for each report as it comes, with all its columns.
func (b *both) asTheyCome(t *testing.T) {
	for _, d := range report.Reports() {
		t.Run(d.ID, func(t *testing.T) {
			for _, c := range slices.Concat(d.Columns, d.More) {
				if m, _ := report.MeasureOf(c); m.Unit != report.UnitText && formulas[c].from == "" && formulas[c].how == "" {
					t.Errorf("no formula of %s", c)
				}
			}
			b.same(t, everything(d))
		})
	}
}

// ofWorkers are the figures over what workers did, which SQL knows by worker and time only.
func ofWorkers(id string) bool {
	return contains([]string{"work_", "session_", "pause_"}, formulas[id].from)
}

// known leaves out figures that SQL does not know by some dimensions.
func known(q report.Query) report.Query {
	for _, dim := range q.By {
		if !timed([]string{dim}) && dim != report.ByOperator && dim != report.ByReason {
			q.Columns = slices.DeleteFunc(slices.Clone(q.Columns), ofWorkers)
		}
	}
	return q
}

// byEveryDimension groups each report by each of its dimensions, and by some pairs.
func (b *both) byEveryDimension(t *testing.T) {
	for _, d := range report.Reports() {
		for i, dim := range d.May {
			if testing.Short() && (i+len(d.ID))%12 != 0 {
				continue
			}
			if q := known(withBy(d, dim)); len(q.Columns) > 0 && !contains(d.By, dim) {
				t.Run(d.ID+" by "+dim, func(t *testing.T) { b.same(t, q) })
			}
			other := d.May[(i*7+3)%len(d.May)]
			if q := known(withBy(d, dim, other)); len(q.Columns) > 0 && other != dim && i%4 == len(d.ID)%4 {
				t.Run(d.ID+" by "+dim+" and "+other, func(t *testing.T) { b.same(t, q) })
			}
		}
	}
}

func withBy(d report.Definition, by ...string) report.Query {
	q := everything(d)
	q.From, q.To, q.By = someWeek.From, someWeek.To, by
	return q
}

// slicesOf are ways to ask for another slice of the month.
func slicesOf(b *both) map[string]func(q *report.Query) {
	id := func(sql string) (list []int32) {
		rows, err := b.tx.Query(context.Background(), sql)
		if err != nil {
			panic(err)
		}
		list, err = pgx.CollectRows(rows, pgx.RowTo[int32])
		if err != nil {
			panic(err)
		}
		return list
	}
	ways := map[string]func(q *report.Query){
		"counted when answered":    func(q *report.Query) { q.Count = report.CountAnswer },
		"counted when ended":       func(q *report.Query) { q.Count = report.CountEnd },
		"in Vladivostok's zone":    func(q *report.Query) { q.Zone = month.Vladivostok },
		"in Berlin's zone":         func(q *report.Query) { q.Zone = month.Berlin },
		"in each queue's own zone": func(q *report.Query) { q.Zone = report.ZoneQueue },
		"of two queues":            func(q *report.Query) { q.Filter.Queues = id("SELECT id FROM queues WHERE number IN ('600', '700')") },
		"of a group of queues":     func(q *report.Query) { q.Filter.Groups = id("SELECT id FROM groups WHERE name = 'West'") },
		"of two devices": func(q *report.Query) {
			q.Filter.Operators = id("SELECT id FROM operators WHERE number IN ('103', '110')")
		},
		"of two people": func(q *report.Query) {
			q.Filter.People = id("SELECT id FROM people WHERE name IN ('Person 00', 'Person 04')")
		},
		"of a PBX":                func(q *report.Query) { q.Filter.PBXs = id("SELECT id FROM pbxs WHERE name = 'msk-2'") },
		"of a station":            func(q *report.Query) { q.Filter.Stations = id("SELECT station_id FROM pbxs WHERE name = 'vvo-1'") },
		"of a trunk":              func(q *report.Query) { q.Filter.Trunks = id("SELECT id FROM trunks WHERE endpoint = 'PJSIP/dv'") },
		"of a tag":                func(q *report.Query) { q.Filter.Tags = id("SELECT id FROM tags WHERE name <> 'Spam'") },
		"of a DID":                func(q *report.Query) { q.Filter.DIDs = []string{"74950001000"} },
		"of an area":              func(q *report.Query) { q.Filter.Numbers = []string{"7423", "49"} },
		"of a menu choice":        func(q *report.Query) { q.Filter.IVR = []string{"1", "2-3"} },
		"of a direction":          func(q *report.Query) { q.Filter.Directions = []string{"inbound"} },
		"of an outcome":           func(q *report.Query) { q.Filter.Dispositions = []string{"answered", "timeout"} },
		"of weekdays":             func(q *report.Query) { q.Filter.Weekdays = []int{1, 6, 7} },
		"within working hours":    func(q *report.Query) { q.Filter.Hours = "open" },
		"outside working hours":   func(q *report.Query) { q.Filter.Hours = "closed" },
		"in other steps":          func(q *report.Query) { q.Steps = []int{7, 20, 61} },
		"by the quarter":          func(q *report.Query) { q.By, q.Interval = []string{report.ByQueue, report.ByInterval}, 15 },
		"by five minutes":         func(q *report.Query) { q.By, q.Interval = []string{report.ByInterval}, 5 },
		"with three days' window": func(q *report.Query) { q.Days = 3 },
	}
	return ways
}

// counted are the figures that no slicing of time stands behind, whose moment is the row's own.
func counted(columns []string) (list []string) {
	for _, c := range columns {
		if f := formulas[c]; !f.sliced && f.how == "" && !ofWorkers(c) && f.from != "case_" && f.from != "known_" && f.from != "gap_" && f.from != "wrap_" {
			list = append(list, c)
		}
	}
	return list
}

// inEverySlice filters reports, counts them at other moments, and looks from other zones.
func (b *both) inEverySlice(t *testing.T) {
	ways, asked := slicesOf(b), 0
	for _, name := range slices.Sorted(maps.Keys(ways)) {
		ask := ways[name]
		for _, r := range []struct {
			id string
			by []string
		}{
			{"queues", nil},
			{"summary", []string{report.ByDay}},
			{"days", []string{report.ByDay, report.ByQueue}},
			{"hours", []string{report.ByHour, report.ByWeekday}},
			{"answered_steps", nil},
			{"lost_steps", nil},
			{"service_level", []string{report.ByWeek}},
			{"causes", nil},
			{"rings", nil},
			{"transfers", nil},
			{"holds", []string{report.ByMonth}},
			{"dids", nil},
			{"outbound", nil},
			{"repeats", nil},
			{"retries", nil},
			{"tags", nil},
			{"ivr", nil},
			{"recordings", []string{report.ByDay}},
		} {
			d, _ := report.ReportOf(r.id)
			q := everything(d)
			q.By = r.by
			ask(&q)
			if asked++; testing.Short() && asked%7 != 0 || q.By != nil && !contains(d.May, q.By[0]) {
				continue
			}
			q.Columns = counted(q.Columns)
			t.Run(r.id+" "+name, func(t *testing.T) { b.same(t, q) })
		}
	}
}

// byAnyPolicy tries all five formulas, both treatments of short abandons, and thresholds waits are equal to.
func (b *both) byAnyPolicy(t *testing.T) {
	d, _ := report.ReportOf("service_level")
	for variant := report.SL1; variant <= report.SL5; variant++ {
		for shorts := report.ShortCounts; shorts <= report.ShortIgnored; shorts++ {
			for _, threshold := range []int32{5, 20, 45} {
				q := everything(d)
				q.By, q.Columns = []string{report.ByQueue}, counted(q.Columns)
				q.Policy = &report.Policy{Threshold: threshold, Short: 5, Variant: variant, Shorts: shorts, CallBack: 60}
				t.Run(fmt.Sprint(variant, shorts, threshold), func(t *testing.T) {
					b.exec(t, "ALTER TABLE judged_ RENAME TO stored_")
					b.exec(t, fmt.Sprintf(`CREATE TEMP TABLE judged_ AS SELECT v.*, %[1]d * 1000 AS t, 5000 AS s, %[2]d AS variant, %[3]t AS ign, 60 AS cb, v.result = 1 AS ans,
							v.result = 2 AND NOT (%[3]t AND v.wait < 5000) AS abn, v.result = 2 AND v.wait < 5000 AND %[3]t AS ignored FROM visit_ v`, threshold, variant, shorts == report.ShortIgnored))
					b.same(t, q)
					b.exec(t, "DROP TABLE judged_")
					b.exec(t, "ALTER TABLE stored_ RENAME TO judged_")
				})
			}
		}
	}
}

func (b *both) exec(t *testing.T, sql string) {
	t.Helper()
	if _, err := b.tx.Exec(t.Context(), sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// besideBefore compares what stands beside a table with the table of the period before: by what rows
// are, and days by their place.
func (b *both) besideBefore(t *testing.T) {
	const week = 7 * 86_400_000
	for _, id := range []string{"queues", "operators", "days", "causes", "rings", "occupancy"} {
		d, _ := report.ReportOf(id)
		q := everything(d)
		q.From, q.To, q.Now = someWeek.From, someWeek.To, b.now
		q.Before = &report.Span{From: q.From - week, To: q.To - week}
		table, err := b.engine.Table(q)
		if err != nil {
			t.Fatal(err)
		}
		before := q
		before.From, before.To, before.Before = q.Before.From, q.Before.To, nil
		want := b.table(t, before, d, q.Columns)
		for i, c := range table.Columns {
			b.figure(t, before, totals, c, float64(table.Before.Totals[i]), want[totals])
			for n, row := range table.Rows {
				key := b.key(table, row.Keys)
				if id == "days" {
					key = strconv.FormatInt(row.Keys[0].ID-week, 10)
				}
				if values := table.Before.Rows[n]; values != nil {
					b.figure(t, before, key, c, float64(values[i]), want[key])
				} else if !nothing(want[key]) {
					t.Errorf("%s: row %s had figures before: %v", id, key, want[key])
				}
			}
		}
	}
}
