package assemble_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/assemble"
	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/cloud/directory"
	"github.com/callweave/callweave/cloud/pg"
	"github.com/callweave/callweave/tenants"
)

var noon = time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)

// day is noon's, as the database counts.
const day = 20759

func theCall(id byte, start time.Time) *call.Call {
	return &call.Call{ID: call.ID{id}, Rev: 1, Direction: call.Inbound, PBXs: []string{"A"}, Start: start, End: start.Add(time.Minute)}
}

// revision is what is known of a day's calls: its revision, its calls with theirs, and who is gone.
type revision struct {
	Rev   int64
	Calls map[byte]int64
	Gone  map[byte]int64
}

func revisionOf(t *testing.T, db *pg.DB, tenant tenants.ID, day int) revision {
	t.Helper()
	r := revision{Calls: map[byte]int64{}, Gone: map[byte]int64{}}
	r.Rev = queryInt(t, db, tenant, `SELECT rev FROM fact_revisions WHERE part = 1 AND day = $1`, day)
	for sql, into := range map[string]map[byte]int64{
		`SELECT id, facts_rev FROM calls WHERE day_of(started) = $1`: r.Calls,
		`SELECT call_id, rev FROM gone_calls WHERE day = $1`:         r.Gone,
	} {
		err := db.As(tenant).Read(t.Context(), func(tx pgx.Tx) error {
			rows, err := tx.Query(t.Context(), sql, day)
			if err != nil {
				return err
			}
			var id uuid.UUID
			var rev int64
			_, err = pgx.ForEachRow(rows, []any{&id, &rev}, func() error {
				into[id[0]] = rev
				return nil
			})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return r
}

func TestRevisionOfADayGrowsWithEveryCallOfIt(t *testing.T) {
	r, a := setUp(t)
	known := directory.New()
	put := func(calls ...*call.Call) {
		t.Helper()
		if err := assemble.Import(t.Context(), r.db, known, a.tenant, calls); err != nil {
			t.Fatal(err)
		}
	}
	check := func(what string, on int, want revision) {
		t.Helper()
		if want.Gone == nil {
			want.Gone = map[byte]int64{}
		}
		if d := cmp.Diff(want, revisionOf(t, r.db, a.tenant, on)); d != "" {
			t.Errorf("%s, day %d (-want +got):\n%s", what, on, d)
		}
	}
	put(theCall(1, noon), theCall(2, noon.Add(time.Hour)))
	check("two calls are written", day, revision{Rev: 1, Calls: map[byte]int64{1: 1, 2: 1}})
	put(theCall(3, noon.Add(24*time.Hour)))
	check("one of the next day is", day, revision{Rev: 1, Calls: map[byte]int64{1: 1, 2: 1}})
	put(theCall(2, noon.Add(time.Hour)))
	check("one is written again", day, revision{Rev: 2, Calls: map[byte]int64{1: 1, 2: 2}})
	put(theCall(1, noon.Add(24*time.Hour)))
	check("one moves to the next day", day, revision{Rev: 3, Calls: map[byte]int64{2: 2}, Gone: map[byte]int64{1: 3}})
	check("one moves to the next day", day+1, revision{Rev: 2, Calls: map[byte]int64{1: 2, 3: 1}})
	names := known.Session(a.tenant)
	err := r.db.As(a.tenant).Tx(t.Context(), func(tx pgx.Tx) error {
		return assemble.Put(t.Context(), tx, names, a.tenant, nil, []call.ID{{2}})
	})
	if err != nil {
		t.Fatal(err)
	}
	check("the last is none any more", day, revision{Rev: 4, Calls: map[byte]int64{}, Gone: map[byte]int64{1: 3, 2: 4}})
	if n := queryInt(t, r.db, a.tenant, `SELECT extract(epoch FROM reach) FROM fact_revisions WHERE part = 1 AND day = $1`, day+1); n != noon.Add(24*time.Hour+time.Minute).Unix() {
		t.Errorf("calls of the next day reach to %v", time.Unix(n, 0).UTC())
	}
}

func TestTransfersAndStepsOfACallAreRows(t *testing.T) {
	r, a := setUp(t)
	c := theCall(1, noon)
	c.Queues = []call.QueueVisit{{PBX: "A", Queue: "sales", Entered: noon, Left: noon.Add(5 * time.Second), Result: call.ResultAnswered, Operator: "101", Position: 3}}
	c.Talks = []call.Talk{{PBX: "A", Operator: "101", With: "customer", From: noon, To: noon.Add(time.Second)}, {PBX: "A", Operator: "102", With: "101", Consult: true, From: noon, To: noon}}
	c.Transfers = []call.Transfer{
		{PBX: "A", Kind: "blind", By: "101", To: "sales", At: noon, Result: call.ResultCompleted},
		{PBX: "A", Kind: "attended", By: "101", To: "79160000000", At: noon.Add(time.Second), Result: call.ResultFailed},
	}
	c.IVR = []call.Step{{PBX: "A", Application: "Read", Data: "menu", From: noon, To: noon.Add(time.Second)}, {PBX: "A", Application: "Digit", Data: "2", From: noon, To: noon}}
	for range 2 { // written again they are the same
		if err := assemble.Import(t.Context(), r.db, directory.New(), a.tenant, []*call.Call{c}); err != nil {
			t.Fatal(err)
		}
	}
	for sql, want := range map[string]int64{
		`SELECT count(*) FROM transfers`: 2,
		`SELECT count(*) FROM transfers x JOIN operators o ON o.id = x.by_operator_id JOIN queues q ON q.id = x.to_queue_id
			WHERE o.number = '101' AND q.number = 'sales' AND x.to_operator_id IS NULL AND x.kind = 1 AND x.result = 14`: 1,
		`SELECT count(*) FROM transfers WHERE kind = 2 AND to_number = '79160000000' AND to_queue_id IS NULL AND to_operator_id IS NULL`: 1,
		`SELECT count(*) FROM operators WHERE number IN ('sales', '79160000000')`:                                                        0,
		`SELECT count(*) FROM call_steps WHERE application = 'Digit' AND data = '2' AND to_at = from_at AND n = 1`:                       1,
		`SELECT count(*) FROM call_steps`:                                 2,
		`SELECT position FROM queue_visits`:                               3,
		`SELECT sum(with_kind * (10 ^ n)::int) FROM segments`:             41,
		`SELECT count(*) FROM calls WHERE facts_rev = 2 AND NOT recorded`: 1,
	} {
		if got := queryInt(t, r.db, a.tenant, sql); got != want {
			t.Errorf("%s: %d; want %d", sql, got, want)
		}
	}
}
