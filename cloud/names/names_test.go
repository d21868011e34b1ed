package names_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/names"
	"github.com/callweave/callweave/cloud/pg"
	"github.com/callweave/callweave/cloud/pg/pgtest"
	"github.com/callweave/callweave/cloud/report"
	"github.com/callweave/callweave/cloud/rights"
	"github.com/callweave/callweave/tenants"
)

// The ids of the tenant that populate makes: each table counts from 1.
const (
	sales, support  = 1, 2 // queues
	desk, hot, side = 1, 2, 3
	anna, boris     = 1, 2
)

var (
	january = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	month   = names.Period{From: january, To: january.AddDate(0, 1, 0), Now: january.AddDate(0, 2, 0)}
)

func populate(t *testing.T, db *pg.DB) tenants.ID {
	t.Helper()
	tenant := pgtest.NewTenant(t, db, "acme")
	err := db.As(tenant).Tx(t.Context(), func(tx pgx.Tx) error {
		for _, sql := range []string{
			`INSERT INTO stations (tenant_id, name) VALUES (current_tenant(), 'office')`,
			`INSERT INTO pbxs (tenant_id, station_id, name) VALUES (current_tenant(), 1, 'north')`,
			`INSERT INTO operators (tenant_id, station_id, number, name) VALUES (current_tenant(), 1, '101', 'Desk'), (current_tenant(), 1, '102', 'Hot desk'), (current_tenant(), 1, '103', '')`,
			`INSERT INTO queues (tenant_id, station_id, number, name) VALUES (current_tenant(), 1, '600', 'Sales of the PBX'), (current_tenant(), 1, '601', 'Support')`,
			`INSERT INTO trunks (tenant_id, station_id, endpoint) VALUES (current_tenant(), 1, 'PJSIP/carrier')`,
			`INSERT INTO dids (tenant_id, station_id, number, how, first_seen, seen) VALUES (current_tenant(), 1, '74951234567', 'seen', now(), now())`,
			`INSERT INTO people (tenant_id, name) VALUES (current_tenant(), 'Anna'), (current_tenant(), 'Boris')`,
			`INSERT INTO bindings (tenant_id, person_id, operator_id, valid_from, valid_to) VALUES
				(current_tenant(), 1, 1, '2026-01-01T00:00:00Z', NULL), (current_tenant(), 2, 2, '2026-01-01T00:00:00Z', '2026-01-15T00:00:00.001Z')`,
			`INSERT INTO calendars (tenant_id, name, week) VALUES (current_tenant(), 'Office hours', '[[[540,1080]],[[540,1080]],[],[],[],[],[]]')`,
			`INSERT INTO holidays (tenant_id, calendar_id, day, name, hours) VALUES (current_tenant(), 1, '2026-01-02', 'Short day', '[[540,720]]'), (current_tenant(), 1, '2026-01-03', 'Closed', '[]')`,
			`INSERT INTO queue_settings (tenant_id, queue_id, name, zone, calendar_id) VALUES (current_tenant(), 1, 'Sales', 'Asia/Vladivostok', 1)`,
			`INSERT INTO policies (tenant_id, queue_id, valid_from, threshold_s, short_s, variant, shorts, target, call_back_s) VALUES
				(current_tenant(), NULL, NULL, 30, 5, 3, 0, 0.8, 3600), (current_tenant(), 2, '2026-01-10T00:00:00Z', 20, 5, 5, 1, 0.9, 1800)`,
			`INSERT INTO groups (tenant_id, kind, name) VALUES (current_tenant(), 'queues', 'All'), (current_tenant(), 'operators', 'Team')`,
			`INSERT INTO group_members (tenant_id, group_id, queue_id, person_id, operator_id) VALUES
				(current_tenant(), 1, 1, NULL, NULL), (current_tenant(), 1, 2, NULL, NULL), (current_tenant(), 2, NULL, 1, NULL), (current_tenant(), 2, NULL, NULL, 2)`,
			`INSERT INTO pause_reasons (tenant_id, reason, name, paid, work, limit_s) VALUES (current_tenant(), 'lunch', 'Lunch', false, false, 3600)`,
			`INSERT INTO tags (tenant_id, name) VALUES (current_tenant(), 'complaint')`,
			`INSERT INTO trunk_settings (tenant_id, trunk_id, name, lines) VALUES (current_tenant(), 1, 'Carrier', 30)`,
			`INSERT INTO did_settings (tenant_id, did_id, name) VALUES (current_tenant(), 1, 'Hotline')`,
			`INSERT INTO number_prefixes (tenant_id, prefix, name) VALUES (current_tenant(), '7495', 'Moscow')`,
			`INSERT INTO rosters (tenant_id, person_id, kind, from_at, to_at) VALUES
				(current_tenant(), 1, 'work', '2025-12-31T22:00:00Z', '2026-01-01T06:00:00Z'), (current_tenant(), 2, 'work', '2026-02-01T00:00:00Z', '2026-02-01T08:00:00Z')`,
		} {
			if _, err := tx.Exec(t.Context(), sql); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return tenant
}

func read(t *testing.T, db *pg.DB, tenant tenants.ID, scope rights.Scope, zones ...string) (n report.Names) {
	t.Helper()
	err := db.As(tenant).Read(t.Context(), func(tx pgx.Tx) (err error) {
		n, err = names.Read(t.Context(), tx, scope, month, zones...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestWhoSeesEverythingReadsAllNamesAsTheyWereDecided(t *testing.T) {
	db := pgtest.New(t)
	got := read(t, db, populate(t, db), rights.Scope{Everything: true})
	if got.Zones["Asia/Vladivostok"] == nil || got.Zones["UTC"] == nil || len(got.Zones) != 2 {
		t.Errorf("zones %v, want those of tenant and queue", got.Zones)
	}
	got.Zones = nil
	ms := january.UnixMilli()
	const day = 24 * 60 * 60 * 1000
	want := report.Names{
		Zone: "UTC",
		Queues: []report.Queue{
			{ID: sales, Name: "Sales", Number: "600", Station: 1, Zone: "Asia/Vladivostok", Calendar: 1},
			{ID: support, Name: "Support", Number: "601", Station: 1},
		},
		Operators: []report.Operator{
			{ID: desk, Name: "Desk", Number: "101", Station: 1}, {ID: hot, Name: "Hot desk", Number: "102", Station: 1}, {ID: side, Number: "103", Station: 1},
		},
		People:   []report.Person{{ID: anna, Name: "Anna"}, {ID: boris, Name: "Boris"}},
		Bindings: []report.Binding{{Person: anna, Operator: desk, From: ms}, {Person: boris, Operator: hot, From: ms, To: ms + 14*day + 1}},
		Groups: []report.Group{
			{ID: 2, Name: "Team", Kind: "operators", Queues: []int32{}, People: []int32{anna}, Operators: []int32{hot}},
			{ID: 1, Name: "All", Kind: "queues", Queues: []int32{sales, support}, People: []int32{}, Operators: []int32{}},
		},
		PBXs:     []report.PBX{{ID: 1, Name: "north", Station: 1}},
		Stations: []report.Named{{ID: 1, Name: "office"}},
		Trunks:   []report.Trunk{{ID: 1, Name: "Carrier", Endpoint: "PJSIP/carrier", Station: 1, Lines: 30}},
		DIDs:     []report.DID{{ID: 1, Number: "74951234567", Name: "Hotline", Station: 1}},
		Tags:     []report.Named{{ID: 1, Name: "complaint"}},
		Reasons:  []report.Reason{{Text: "lunch", Name: "Lunch", Limit: 3600}},
		Policies: []report.Policy{
			{Threshold: 30, Short: 5, Variant: report.SL3, Target: 0.8, CallBack: 3600},
			{Queue: support, From: ms + 9*day, Threshold: 20, Short: 5, Variant: report.SL5, Shorts: report.ShortIgnored, Target: 0.9, CallBack: 1800},
		},
		Calendars: []report.Calendar{{
			ID: 1, Name: "Office hours", Week: [7][][2]int{{{540, 1080}}, {{540, 1080}}, {}, {}, {}, {}, {}},
			Days: []report.Holiday{{Day: "2026-01-02", Name: "Short day", Hours: [][2]int{{540, 720}}}, {Day: "2026-01-03", Name: "Closed", Hours: [][2]int{}}},
		}},
		Shifts:   []report.Roster{{Person: anna, From: ms - day/12, To: ms + day/4, Kind: "work"}},
		Prefixes: []report.Prefix{{Prefix: "7495", Name: "Moscow"}},
		Coverage: []report.Heard{{PBX: 1, Missing: []report.Missing{}}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
}

func TestNamesBeyondAScopeAreAbsent(t *testing.T) {
	db := pgtest.New(t)
	tenant := populate(t, db)
	for name, c := range map[string]struct {
		scope                       rights.Scope
		queues, operators, people   []int32
		shifts, policies, groupsOf2 int
	}{
		"a queue":            {rights.Scope{Queues: []int32{sales}}, []int32{sales}, []int32{}, []int32{}, 0, 1, 0},
		"a queue, unwatched": {rights.Scope{Queues: []int32{support}, Unwatched: []int32{desk}}, []int32{support}, []int32{}, []int32{}, 0, 2, 0},
		"everybody watched":  {rights.Scope{Everything: true, Unwatched: []int32{hot}}, []int32{sales, support}, []int32{desk, side}, []int32{anna}, 1, 2, 1},
		"devices":            {rights.Scope{Operators: []int32{hot}}, []int32{}, []int32{hot}, []int32{boris}, 0, 1, 1},
		"one's own":          {rights.Scope{Own: true, Queues: []int32{sales}, Operators: []int32{desk}}, []int32{}, []int32{desk}, []int32{anna}, 1, 1, 1},
		"nothing":            {rights.Scope{}, []int32{}, []int32{}, []int32{}, 0, 1, 0},
	} {
		n := read(t, db, tenant, c.scope)
		queues, operators, people, members := []int32{}, []int32{}, []int32{}, 0
		for _, q := range n.Queues {
			queues = append(queues, q.ID)
		}
		for _, o := range n.Operators {
			operators = append(operators, o.ID)
		}
		for _, p := range n.People {
			people = append(people, p.ID)
		}
		for _, g := range n.Groups {
			if g.ID == 2 {
				members = len(g.People) + len(g.Operators)
			}
		}
		got := []any{queues, operators, people, len(n.Shifts), len(n.Policies), members}
		want := []any{c.queues, c.operators, c.people, c.shifts, c.policies, c.groupsOf2}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: queues, devices, people, shifts, policies, members of the team (-want +got):\n%s", name, diff)
		}
		for _, b := range n.Bindings {
			if c.scope.Hides(b.Operator) {
				t.Errorf("%s: a binding of device %d is told", name, b.Operator)
			}
		}
	}
}
