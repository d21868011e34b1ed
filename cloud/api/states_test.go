package api_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/api"
	"github.com/callweave/callweave/tenants"
)

// aState is what a test says of a state; the rest is filled in. Without to it lasts.
type aState struct {
	kind     int
	operator int32
	queue    int32
	from, to time.Time
	reason   string
}

func (f *fixture) addStates(tenant tenants.ID, states ...aState) {
	f.t.Helper()
	must(f.t, f.db.As(tenant).Tx(f.t.Context(), func(tx pgx.Tx) error {
		var b pgx.Batch
		for _, s := range states {
			b.Queue(`INSERT INTO operator_states (tenant_id, id, kind, pbx_id, operator_id, queue_id, from_at, to_at, estimated, interface, member, membership,
				penalty, began_by, ended_by, reason, end_reason)
				VALUES ($1, $2, $3, $4, $5, nullif($6, 0), $7, nullif($8, '0001-01-01'::timestamptz), false, 'PJSIP/101', '', '', 0, 'action', '', $9, '')`,
				tenant.UUID(), uuid.New(), s.kind, f.pbx, s.operator, s.queue, s.from, s.to, s.reason)
		}
		return tx.SendBatch(f.t.Context(), &b).Close()
	}))
}

type states struct {
	States []api.OperatorState
	Next   *string
}

func (s states) reasons() []string {
	list := []string{}
	for _, x := range s.States {
		list = append(list, x.Reason)
	}
	return list
}

func TestStatesThatReachIntoAPeriod(t *testing.T) {
	f := newFixture(t)
	nine := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	at := func(minutes int) time.Time { return nine.Add(time.Duration(minutes) * time.Minute) }
	f.addStates(f.mine,
		aState{kind: 1, operator: 1, queue: 5, from: at(0), reason: "day"},
		aState{kind: 2, operator: 1, queue: 5, from: at(10), to: at(20), reason: "lunch"},
		aState{kind: 2, operator: 1, queue: 6, from: at(10), to: at(20), reason: "lunch too"},
		aState{kind: 6, operator: 1, queue: 5, from: at(30), to: at(40), reason: "call"},
		aState{kind: 8, operator: 2, from: at(5), to: at(60), reason: "idle"})
	b := f.as("sveta")
	for query, want := range map[string][]string{
		"": {"call", "lunch", "lunch too", "idle", "day"},
		"from=2026-11-20T09:20:00Z&to=2026-11-20T09:30:00Z": {"idle", "day"},
		"from=2026-11-20T09:15:00Z&to=2026-11-20T09:31:00Z": {"call", "lunch", "lunch too", "idle", "day"},
		"from=2026-11-20T12:15:00%2B03:00":                  {"call", "lunch", "lunch too", "idle", "day"},
		"from=2026-11-21T00:00:00Z":                         {"day"},
		"to=2026-11-20T09:10:00Z":                           {"idle", "day"},
		"operator=2":                                        {"idle"},
		"queue=6":                                           {"lunch too"},
		"kind=paused,busy&queue=5":                          {"call", "lunch"},
		"pbx=1000000":                                       {},
	} {
		var got states
		b.do("GET", "/operator-states?"+query, nil).into(t, &got)
		if diff := cmp.Diff(sorted(want), sorted(got.reasons())); diff != "" {
			t.Errorf("%s (-want +got):\n%s", query, diff)
		}
		for i, s := range got.States {
			if i > 0 && s.From.After(got.States[i-1].From) {
				t.Errorf("%s: not the latest first: %v", query, got.reasons())
			}
		}
	}
	for query, status := range map[string]int{
		"from=2026-11-20T10:00:00Z&to=2026-11-20T09:00:00Z": 400,
		"kind=asleep": 422,
		"cursor=xyz":  400,
		"limit=0":     422,
	} {
		if r := b.do("GET", "/operator-states?"+query, nil); r.status != status || r.code(t) != "bad-request" {
			t.Errorf("%s: %d, want %d: %s", query, r.status, status, r.body)
		}
	}
}

func TestStateThatLastsHasNoEnd(t *testing.T) {
	f := newFixture(t)
	from := f.clock.now().Truncate(time.Second)
	f.addStates(f.mine, aState{kind: 1, operator: f.operator, queue: 5, from: from})
	var got states
	f.as("anna").do("GET", "/operator-states", nil).into(t, &got)
	s := got.States[0]
	if s.To != nil || s.Kind != "logged_in" || !s.From.Equal(from) || s.From.Location() != time.UTC || s.Queue == nil || *s.Queue != 5 || s.BeganBy != "action" {
		t.Errorf("%+v", s)
	}
}

func TestPagesOfStatesCoverThemOnce(t *testing.T) {
	f := newFixture(t)
	at := f.clock.now().Truncate(time.Second)
	for i := range 25 { // three of them begin in each second
		f.addStates(f.mine, aState{kind: 5, operator: 1, from: at.Add(-time.Duration(i/3) * time.Second), to: at.Add(time.Minute)})
	}
	b, seen := f.as("anna"), map[string]int{}
	path := "/operator-states?limit=7&to=" + at.Add(time.Minute).UTC().Format(time.RFC3339)
	next := path
	for range 4 {
		var got states
		b.do("GET", next, nil).into(t, &got)
		for _, s := range got.States {
			seen[s.ID]++
		}
		f.addStates(f.mine, aState{kind: 5, operator: 1, from: at.Add(time.Hour)})
		if got.Next == nil {
			next = ""
			break
		}
		next = path + "&cursor=" + *got.Next
	}
	if next != "" || len(seen) != 25 {
		t.Errorf("%d states seen, the pages ended: %v", len(seen), next == "")
	}
	for id, n := range seen {
		if n != 1 {
			t.Errorf("%s was listed %d times", id, n)
		}
	}
}

func TestOperatorSeesOwnStatesOnly(t *testing.T) {
	f := newFixture(t)
	now := f.clock.now()
	f.addStates(f.mine, aState{kind: 8, operator: f.operator, from: now, reason: "own"}, aState{kind: 8, operator: 77, from: now, reason: "another's"})
	f.addStates(f.other, aState{kind: 8, operator: f.operator, from: now, reason: "of another tenant"})
	oleg := f.as("oleg")
	for _, query := range []string{"", "?operator=" + itoa(f.operator)} {
		var got states
		oleg.do("GET", "/operator-states"+query, nil).into(t, &got)
		if diff := cmp.Diff([]string{"own"}, got.reasons()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", query, diff)
		}
	}
	var got states
	oleg.do("GET", "/operator-states?operator=77", nil).into(t, &got)
	if len(got.States) > 0 {
		t.Errorf("of another: %v", got.reasons())
	}
	f.as("sveta").do("GET", "/operator-states?operator=77,"+itoa(f.operator), nil).into(t, &got)
	if diff := cmp.Diff([]string{"another's", "own"}, sorted(got.reasons())); diff != "" {
		t.Errorf("supervisor (-want +got):\n%s", diff)
	}
}

// TestPeriodsOfStatesAreFoundByIndex: what reaches into a day a year ago is found without reading the year.
func TestPeriodsOfStatesAreFoundByIndex(t *testing.T) {
	f := newFixture(t)
	must(t, f.db.As(f.mine).Tx(t.Context(), func(tx pgx.Tx) error {
		_, err := tx.Exec(t.Context(), `INSERT INTO operator_states SELECT $1, gen_random_uuid(), 8, 1, 1, NULL, now() - n * interval '1 h', now() - n * interval '1 h' + interval '1 h',
			false, '', '', '', 0, '', '', '', '' FROM generate_series(1, 20000) n`, f.mine.UUID())
		return err
	}))
	must(t, f.db.Owner().Tx(t.Context(), func(tx pgx.Tx) error {
		_, err := tx.Exec(t.Context(), `ANALYZE operator_states`)
		return err
	}))
	day := f.clock.now().AddDate(-1, 0, 0)
	plan := f.planOfStates(f.mine, day, day.AddDate(0, 0, 1))
	if strings.Contains(plan, "Seq Scan") || strings.Count(plan, "Index Cond: ((tenant_id = ") != 2 || !strings.Contains(plan, "from_at >= ") {
		t.Errorf("the plan is\n%s", plan)
	}
}

func (f *fixture) planOfStates(tenant tenants.ID, from, to time.Time) string {
	f.t.Helper()
	sql, args := api.StatesQuery(tenant, from, to)
	return f.plan(tenant, sql, args)
}

func (f *fixture) plan(tenant tenants.ID, sql string, args []any) string {
	f.t.Helper()
	var plan []string
	must(f.t, f.db.As(tenant).Tx(f.t.Context(), func(tx pgx.Tx) error {
		rows, err := tx.Query(f.t.Context(), "EXPLAIN "+sql, args...)
		if err != nil {
			return err
		}
		plan, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	}))
	return strings.Join(plan, "\n")
}

func sorted(list []string) []string { return slices.Sorted(slices.Values(list)) }
