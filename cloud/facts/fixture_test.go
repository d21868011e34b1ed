package facts_test

import (
	"math/rand/v2"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/assemble"
	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/cloud/directory"
	"github.com/callweave/callweave/cloud/facts"
	"github.com/callweave/callweave/cloud/pg"
	"github.com/callweave/callweave/cloud/pg/pgtest"
	"github.com/callweave/callweave/cloud/report"
	format "github.com/callweave/callweave/cloud/report/facts"
	"github.com/callweave/callweave/cloud/rights"
	"github.com/callweave/callweave/tenants"
)

// midday of a day that goes on; the days before are over.
// It is today, because the database has a clock of its own.
var midday = time.Now().UTC().Truncate(24 * time.Hour).Add(12 * time.Hour)

var everything = rights.Scope{Everything: true, Numbers: true}

type fixture struct {
	t      *testing.T
	db     *pg.DB
	tenant tenants.ID
	known  *directory.Directory
	mu     sync.Mutex
	at     time.Time
}

func (f *fixture) now() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.at
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	db := pgtest.New(t)
	f := &fixture{t: t, db: db, tenant: pgtest.NewTenant(t, db, "acme"), known: directory.New(), at: midday}
	f.tx(func(tx pgx.Tx) error {
		_, err := directory.AddPBX(t.Context(), tx, "A", "office")
		return err
	})
	return f
}

func (f *fixture) tx(fn func(pgx.Tx) error) {
	f.t.Helper()
	if err := f.db.As(f.tenant).Tx(f.t.Context(), fn); err != nil {
		f.t.Fatal(err)
	}
}

func (f *fixture) put(calls ...*call.Call) {
	f.t.Helper()
	if err := assemble.Import(f.t.Context(), f.db, f.known, f.tenant, calls); err != nil {
		f.t.Fatal(err)
	}
}

func (f *fixture) remove(ids ...call.ID) {
	f.t.Helper()
	names := f.known.Session(f.tenant)
	f.tx(func(tx pgx.Tx) error { return assemble.Put(f.t.Context(), tx, names, f.tenant, nil, ids) })
}

func (f *fixture) putStates(states ...call.Interval) {
	f.t.Helper()
	if err := assemble.ImportStates(f.t.Context(), f.db, f.known, f.tenant, states); err != nil {
		f.t.Fatal(err)
	}
}

func (f *fixture) id(table, number string) (id int32) {
	f.t.Helper()
	f.tx(func(tx pgx.Tx) error {
		return tx.QueryRow(f.t.Context(), `SELECT id FROM `+table+` WHERE number = $1`, number).Scan(&id)
	})
	return id
}

func (f *fixture) store(cfg facts.Config) *facts.Store { return facts.New(f.db, cfg, f.now) }

func (f *fixture) whose(s rights.Scope) facts.Whose { return facts.Whose{Tenant: f.tenant, Scope: s} }

func sectionNames() (list []string) {
	for _, s := range format.Sections() {
		list = append(list, s.String())
	}
	return list
}

// read reads natively.
func (f *fixture) read(s rights.Scope, from, to time.Time) (got *report.Facts) {
	f.t.Helper()
	err := f.db.As(f.tenant).Read(f.t.Context(), func(tx pgx.Tx) (err error) {
		got, err = facts.Reader{Now: f.now}.Read(f.t.Context(), tx, f.tenant, s, from, to, sectionNames())
		return err
	})
	if err != nil {
		f.t.Fatal(err)
	}
	return got
}

// diff compares facts whatever the order of their texts.
func diff(a, b *report.Facts) string {
	return cmp.Diff(named(a), named(b), cmpopts.EquateEmpty())
}

func named(f *report.Facts) map[string]any {
	text := func(list []int32) (out []string) {
		for _, p := range list {
			out = append(out, f.Texts[p])
		}
		return out
	}
	c := *f
	all := map[string]any{
		"caller": text(c.Calls.Caller), "dialled": text(c.Calls.Dialled), "number": text(c.Calls.Number), "with": text(c.Segments.Text),
		"by": text(c.Transfers.By), "to": text(c.Transfers.To), "application": text(c.Steps.Application), "step": text(c.Steps.Text), "reason": text(c.States.Reason),
	}
	c.Calls.Caller, c.Calls.Dialled, c.Calls.Number, c.Segments.Text = nil, nil, nil, nil
	c.Transfers.By, c.Transfers.To, c.Steps.Application, c.Steps.Text, c.States.Reason, c.Texts = nil, nil, nil, nil, nil, nil
	all["rest"] = c
	return all
}

// someCall is a call as there may be one: through a queue to a device, handed on, asked by a menu.
func someCall(r *rand.Rand, id byte, start time.Time) *call.Call {
	after := func(s int) time.Time { return start.Add(time.Duration(s)*time.Second + 123456*time.Microsecond) }
	operator, queue := strconv.Itoa(101+r.IntN(4)), []string{"sales", "support"}[r.IntN(2)]
	c := &call.Call{
		ID: call.ID{id}, Rev: 1, PBXs: []string{"A"}, Start: start, End: after(60 + r.IntN(100)), Direction: call.Direction(1 + r.IntN(3)),
		Disposition: call.Answered, HangupBy: call.Caller, Recorded: r.IntN(2) == 0, Partial: r.IntN(9) == 0,
		Caller: "7916123450" + strconv.Itoa(r.IntN(10)), Dialled: "74950000600",
		Queues: []call.QueueVisit{{PBX: "A", Queue: queue, Entered: after(1), Left: after(9), Result: call.ResultAnswered, Operator: operator, Position: 1}},
		Rings:  []call.Ring{{PBX: "A", Queue: queue, Operator: operator, At: after(2), End: after(9), Result: call.ResultAnswered}},
		Talks:  []call.Talk{{PBX: "A", Queue: queue, Operator: operator, With: "customer", From: after(9), To: after(40)}},
		IVR:    []call.Step{{PBX: "A", Application: "Digit", Data: strconv.Itoa(r.IntN(3)), From: after(0), To: after(0)}},
	}
	if c.Direction != call.Inbound {
		c.Caller, c.Dialled = operator, c.Caller
	}
	if r.IntN(2) == 0 {
		c.Holds = []call.Hold{{PBX: "A", By: operator, From: after(20), To: after(22)}}
		c.Transfers = []call.Transfer{{PBX: "A", Kind: "blind", By: operator, To: "104", At: after(40), Result: call.ResultCompleted}}
		c.Rings = append(c.Rings, call.Ring{PBX: "A", Operator: "104", At: after(40), End: after(44), Result: call.ResultAnswered})
		c.Talks = append(c.Talks, call.Talk{PBX: "A", Operator: "104", With: operator, From: after(44), To: after(50), Consult: true})
	}
	if c.Open = r.IntN(10) == 0; c.Open {
		c.End = time.Time{}
	}
	return c
}
