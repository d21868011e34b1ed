package proof

import (
	"context"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/names"
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
	wrong  map[string]int
}

// proven opens the written tenant's data both ways, and calls f in the transaction that has the rows.
func proven(t *testing.T, m month.Month, f func(b *both)) {
	t.Helper()
	db := pgtest.New(t)
	made, err := tenants.NewStore(db.Owner(), db.System()).Create(t.Context(), tenants.New{Slug: "month", Name: "Month", Zone: month.Moscow})
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Write(t.Context(), db, made.ID); err != nil {
		t.Fatal(err)
	}
	err = db.As(made.ID).Tx(t.Context(), func(tx pgx.Tx) error {
		b := &both{oracle: oracle{tx: tx, zone: month.Moscow, now: m.To.UnixMilli()}, facts: readFacts(t, tx), wrong: map[string]int{}}
		n, err := names.Read(t.Context(), tx, rights.Scope{Everything: true}, names.Period{From: m.From, To: m.To, Now: m.To}, month.Berlin, month.Vladivostok, "UTC")
		if err != nil {
			return err
		}
		b.engine = report.New(b.facts, &n)
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
	if err != nil {
		t.Fatalf("%s: %v", q.Report, err)
	}
	var ids []string
	for _, c := range table.Columns {
		if c.Unit != report.UnitText {
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
	if len(table.Rows) == 0 {
		t.Errorf("%+v: no rows", q)
	}
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
	if _, ok := formulas[c.ID]; !ok {
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

// everything asks for all columns of a report.
func everything(d report.Definition) report.Query {
	q := period
	q.Report, q.Columns = d.ID, slices.Concat(d.Columns, d.More)
	return q
}

// TestEveryFigureOfEveryReportIsWhatSQLSays asks for each report as it comes, with all its columns.
func TestEveryFigureOfEveryReportIsWhatSQLSays(t *testing.T) {
	proven(t, month.March(65), func(b *both) {
		only := os.Getenv("REPORT")
		for _, d := range report.Reports() {
			if only != "" && d.ID != only {
				continue
			}
			t.Run(d.ID, func(t *testing.T) {
				for _, c := range slices.Concat(d.Columns, d.More) {
					if m, _ := report.MeasureOf(c); m.Unit != report.UnitText && formulas[c].from == "" && formulas[c].how == "" {
						t.Errorf("no formula of %s", c)
					}
				}
				b.same(t, everything(d))
			})
		}
	})
	_ = context.Background
}

// ofWorkers are the figures over what workers did, which SQL knows by worker and time only.
func ofWorkers(id string) bool { return contains([]string{"work_", "session_", "pause_"}, formulas[id].from) }

// known leaves out figures that SQL does not know by some dimensions.
func known(q report.Query) report.Query {
	for _, dim := range q.By {
		if !timed([]string{dim}) && dim != report.ByOperator && dim != report.ByReason {
			q.Columns = slices.DeleteFunc(slices.Clone(q.Columns), ofWorkers)
		}
	}
	return q
}

// TestFiguresHoldByEveryDimension groups each report by each of its dimensions, and by some pairs.
func TestFiguresHoldByEveryDimension(t *testing.T) {
	proven(t, month.March(65), func(b *both) {
		for _, d := range report.Reports() {
			if only := os.Getenv("REPORT"); only != "" && d.ID != only {
				continue
			}
			for i, dim := range d.May {
				if q := known(withBy(d, dim)); len(q.Columns) > 0 && !contains(d.By, dim) {
					t.Run(d.ID+" by "+dim, func(t *testing.T) { b.same(t, q) })
				}
				other := d.May[(i*7+3)%len(d.May)]
				if q := known(withBy(d, dim, other)); len(q.Columns) > 0 && other != dim && i%4 == len(d.ID)%4 {
					t.Run(d.ID+" by "+dim+" and "+other, func(t *testing.T) { b.same(t, q) })
				}
			}
		}
	})
}

func withBy(d report.Definition, by ...string) report.Query {
	q := everything(d)
	q.By, q.Columns = by, nil
	for _, c := range slices.Concat(d.Columns, d.More) {
		q.Columns = append(q.Columns, c)
	}
	return q
}
