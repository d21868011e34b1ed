package figures_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/facts"
	"github.com/callweave/callweave/cloud/figures"
	"github.com/callweave/callweave/cloud/locale"
	"github.com/callweave/callweave/cloud/names"
	"github.com/callweave/callweave/cloud/pg/pgtest"
	"github.com/callweave/callweave/cloud/report"
	"github.com/callweave/callweave/cloud/rights"
	"github.com/callweave/callweave/tenants"
)

type fixture struct {
	t        *testing.T
	computer *figures.Computer
	tenant   tenants.ID
	queues   [2]int32
	day      time.Time
}

// newFixture is a tenant with two queues, and a call that waited 30 seconds in the first and was answered.
func newFixture(t *testing.T) *fixture {
	t.Helper()
	db := pgtest.New(t)
	words, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	f := &fixture{t: t, tenant: pgtest.NewTenant(t, db, "mine"), day: time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)}
	now := func() time.Time { return f.day.AddDate(0, 0, 3) }
	f.computer = figures.New(db, facts.Reader{Now: now}, words, now)
	err = db.As(f.tenant).Tx(t.Context(), func(tx pgx.Tx) error {
		var station, pbx int32
		if err := tx.QueryRow(t.Context(), `INSERT INTO stations (tenant_id, name) VALUES (current_tenant(), 'office') RETURNING id`).Scan(&station); err != nil {
			return err
		}
		if err := tx.QueryRow(t.Context(), `INSERT INTO pbxs (tenant_id, station_id, name) VALUES (current_tenant(), $1, 'office') RETURNING id`, station).Scan(&pbx); err != nil {
			return err
		}
		for i, number := range []string{"600", "601"} {
			if err := tx.QueryRow(t.Context(), `INSERT INTO queues (tenant_id, station_id, number) VALUES (current_tenant(), $1, $2) RETURNING id`, station, number).Scan(&f.queues[i]); err != nil {
				return err
			}
		}
		call, at := uuid.New(), f.day.Add(9*time.Hour)
		if _, err := tx.Exec(t.Context(), `INSERT INTO calls (tenant_id, id, started, answered, ended, rev, open, partial, direction, disposition, hangup_by, caller, caller_name, dialled,
			pbx_ids, queue_ids, operator_ids, wait_ms, talk_ms, hold_ms, ring_count, transfer_count, story)
			VALUES (current_tenant(), $1, $2, $2, $3, 1, false, false, 1, 1, 1, '79160000001', '', '600', ARRAY[$4::int], ARRAY[$5::int], '{}', 30000, 60000, 0, 1, 0, '{}')`,
			call, at, at.Add(90*time.Second), pbx, f.queues[0]); err != nil {
			return err
		}
		// A day is read when its facts have a revision, which the pipeline gives them.
		if _, err := tx.Exec(t.Context(), `INSERT INTO fact_revisions (tenant_id, part, day, rev, reach) VALUES (current_tenant(), 1, $1, 1, $2)`, at.Unix()/86400, at.Add(90*time.Second)); err != nil {
			return err
		}
		_, err := tx.Exec(t.Context(), `INSERT INTO queue_visits (tenant_id, call_id, n, pbx_id, queue_id, entered, left_at, result, estimated) VALUES (current_tenant(), $1, 0, $2, $3, $4, $5, 1, false)`,
			call, pbx, f.queues[0], at, at.Add(30*time.Second))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func (f *fixture) query() report.Query {
	return report.Query{Report: "queues", From: f.day.UnixMilli(), To: f.day.AddDate(0, 0, 1).UnixMilli(), Zone: "Europe/Moscow", Columns: []string{"offered", "answered", "service_level", "asa"}, Limit: 1}
}

func (f *fixture) as(scope rights.Scope) figures.Asker {
	return figures.Asker{Tenant: f.tenant, Scope: scope, Language: "en"}
}

func TestReportIsComputedFromTheDatabaseWithItsNamesAndFormulas(t *testing.T) {
	f := newFixture(t)
	r, err := f.computer.Report(t.Context(), f.as(rights.Scope{Everything: true, Numbers: true}), f.query())
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Table.Rows) != 1 || r.Say.Key(r.Table, report.ByQueue, r.Table.Rows[0].Keys[0]) != "600" {
		t.Fatalf("%+v", r.Table)
	}
	want := []report.Value{1, 1, 0, 30_000} // nobody was answered within 20 seconds
	for i, v := range r.Table.Rows[0].Values {
		if v != want[i] {
			t.Errorf("%s is %v, want %v", r.Table.Columns[i].ID, v, want[i])
		}
	}
	if r.Measures["asa"].Formula == "" || len(r.Table.Policies) != 1 || r.ZoneName != "Europe/Moscow" {
		t.Errorf("measures %v, policies %v, zone %s", r.Measures, r.Table.Policies, r.ZoneName)
	}
}

func TestReportHoldsWhatTheScopeSees(t *testing.T) {
	f := newFixture(t)
	for i, want := range []report.Value{1, 0} {
		r, err := f.computer.Report(t.Context(), f.as(rights.Scope{Queues: f.queues[i : i+1], Numbers: true}), f.query())
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Table.Totals[0]; got != want {
			t.Errorf("who sees queue %d only is told of %v calls, want %v", i, got, want)
		}
	}
}

func TestQueriesThatMakeNoSenseAreTold(t *testing.T) {
	f := newFixture(t)
	var query *figures.QueryError
	var zone *names.ZoneError
	for name, c := range map[string]struct {
		change func(*report.Query)
		is     func(error) bool
	}{
		"no such report":        {func(q *report.Query) { q.Report = "horoscope" }, func(err error) bool { return errors.Is(err, figures.ErrNoReport) }},
		"no such column":        {func(q *report.Query) { q.Columns = []string{"luck"} }, func(err error) bool { return errors.As(err, &query) }},
		"no such zone":          {func(q *report.Query) { q.Zone = "Mars/Olympus" }, func(err error) bool { return errors.As(err, &zone) }},
		"a period of centuries": {func(q *report.Query) { q.From = 0 }, func(err error) bool { return errors.Is(err, figures.ErrTooLarge) }},
	} {
		q := f.query()
		c.change(&q)
		if _, err := f.computer.Report(t.Context(), f.as(rights.Scope{Everything: true}), q); !c.is(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
