package assemble_test

import (
	"compress/gzip"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/assemble"
	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/cloud/eventlog"
	"github.com/callweave/callweave/shared/wire"
	"github.com/callweave/callweave/shared/wire/trace"
	"github.com/callweave/callweave/tenants"
)

func TestRecordingsGiveTheSameCallsInAnyPieces(t *testing.T) {
	for _, name := range []string{"a1-queue-answered-caller-hangs-up", "b2-queue-abandoned-6min", "e1-attended-refer", "i8-ivr-queue", "m1-ami-reconnect-in-call"} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join("..", "..", "lab", "corpus", "22", name, "A", "trace.ami.gz")
			whole := stories(t, file, 1<<16, assemble.Config{}, 0)
			if len(whole) == 0 {
				t.Fatal("the recording gives no calls")
			}
			for _, pieces := range []struct {
				size, restart int
				cfg           assemble.Config
			}{
				{size: 100, restart: 3, cfg: assemble.Config{SnapshotSteps: 2}},
				{size: 20, restart: 20, cfg: assemble.Config{SnapshotSteps: 7}},
			} {
				if diff := cmp.Diff(whole, stories(t, file, pieces.size, pieces.cfg, pieces.restart)); diff != "" {
					t.Errorf("in pieces of %d (-whole +in pieces):\n%.3000s", pieces.size, diff)
				}
			}
		})
	}
}

func TestRecordingsGiveTheSameStatesInAnyPieces(t *testing.T) {
	for _, name := range []string{"j1-agent-states", "m3-pbx-killed-in-call"} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join("..", "..", "lab", "corpus", "22", name, "A", "trace.ami.gz")
			whole := told(t, file, 1<<16, assemble.Config{}, 0, everyState)
			if len(whole) < 20 {
				t.Fatalf("the recording gives only %q", whole)
			}
			for _, pieces := range []struct {
				size, restart int
				cfg           assemble.Config
			}{
				{size: 100, restart: 3, cfg: assemble.Config{SnapshotSteps: 2}},
				{size: 20, restart: 20, cfg: assemble.Config{SnapshotSteps: 7}},
			} {
				if diff := cmp.Diff(whole, told(t, file, pieces.size, pieces.cfg, pieces.restart, everyState)); diff != "" {
					t.Errorf("in pieces of %d (-whole +in pieces):\n%.3000s", pieces.size, diff)
				}
			}
		})
	}
}

const everyState = `SELECT concat_ws(' ', o.number, s.kind, q.number, s.from_at, s.to_at, s.estimated, s.interface, s.member, s.membership, s.penalty,
	s.began_by, s.ended_by, s.reason, s.end_reason)
	FROM operator_states s JOIN operators o ON o.id = s.operator_id LEFT JOIN queues q ON q.id = s.queue_id ORDER BY s.from_at, s.id`

// TestStatesGoOnWithoutTheAssemblersMemory damages what the assembler knew in mid-shift: who is logged in and paused stays
// so, and ends when it ends.
func TestStatesGoOnWithoutTheAssemblersMemory(t *testing.T) {
	const sessions = `SELECT concat_ws(' ', o.number, s.kind, q.number, s.from_at, s.to_at, s.estimated, s.interface, s.reason, s.end_reason)
		FROM operator_states s JOIN operators o ON o.id = s.operator_id LEFT JOIN queues q ON q.id = s.queue_id WHERE s.kind <= 3 ORDER BY s.from_at, s.id`
	file := filepath.Join("..", "..", "lab", "corpus", "22", "j1-agent-states", "A", "trace.ami.gz")
	whole := told(t, file, 1<<16, assemble.Config{}, 0, sessions)
	r, a := setUp(t)
	r.make = func() assemble.Assembler { return call.New(call.Options{}) }
	for i, d := range recorded(t, a, file, 20) {
		r.start()
		r.must(d)
		r.stop()
		if n := queryInt(t, r.db, a.tenant, `SELECT count(*) FROM calls WHERE open`); i > 10 && n == 0 { // no call from which it could be made again
			r.exec(a.tenant, `INSERT INTO assembler_state (tenant_id, step, state) VALUES (current_tenant(), 0, 'damaged')
				ON CONFLICT (tenant_id) DO UPDATE SET state = excluded.state`)
		}
	}
	if diff := cmp.Diff(whole, r.texts(a.tenant, sessions)); diff != "" {
		t.Errorf("(-whole +memory damaged):\n%.3000s", diff)
	}
}

// stories runs a recording through and returns the calls but for the number of their revisions.
func stories(t *testing.T, file string, size int, cfg assemble.Config, restart int) []string {
	t.Helper()
	return told(t, file, size, cfg, restart, `SELECT (story - 'rev')::text || open || talk_ms || '/' || wait_ms FROM calls ORDER BY started, id`)
}

// told runs a recording through in batches of size events, with a new runner every so many batches, and returns what the
// database then says.
func told(t *testing.T, file string, size int, cfg assemble.Config, restart int, sql string) []string {
	t.Helper()
	r, a := setUp(t)
	r.cfg = cfg
	r.make = func() assemble.Assembler { return call.New(call.Options{}) }
	r.start()
	for i, d := range recorded(t, a, file, size) {
		r.must(d)
		if restart > 0 && i%restart == restart-1 {
			r.stop()
			r.start()
		}
	}
	r.must(a.rest(t))
	return r.texts(a.tenant, sql)
}

func (r *rig) texts(tenant tenants.ID, sql string) (list []string) {
	r.t.Helper()
	err := r.db.As(tenant).Tx(r.t.Context(), func(tx pgx.Tx) error {
		rows, err := tx.Query(r.t.Context(), sql)
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return list
}

func (r *rig) exec(tenant tenants.ID, sql string) {
	r.t.Helper()
	err := r.db.As(tenant).Tx(r.t.Context(), func(tx pgx.Tx) error {
		_, err := tx.Exec(r.t.Context(), sql)
		return err
	})
	if err != nil {
		r.t.Fatal(err)
	}
}

// recorded makes batches of a recording, as an agent would have sent them.
func recorded(t *testing.T, a *agentOf, file string, size int) (list []eventlog.Delivery) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	enc := wire.NewBatchEncoder()
	flush := func() {
		if n := uint64(enc.Len()); n > 0 {
			list = append(list, a.delivery(a.seq-n+1, a.seq, enc.Finish(nil)))
		}
		enc.Reset(a.stream, a.seq+1)
	}
	flush()
	err = trace.Events(z, func(ev *wire.Event) error {
		a.seq++
		ev.Seq, a.now = a.seq, ev.Received
		if err := enc.Add(ev); err != nil {
			return err
		}
		if enc.Len() >= size {
			flush()
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	flush()
	return list
}

func TestCallsAreFoundByAttributesOfTheirLegs(t *testing.T) {
	r, a := setUp(t)
	r.make = func() assemble.Assembler { return call.New(call.Options{}) }
	r.start()
	for _, d := range recorded(t, a, filepath.Join("..", "..", "lab", "corpus", "22", "a1-queue-answered-caller-hangs-up", "A", "trace.ami.gz"), 100) {
		r.must(d)
	}
	r.must(a.rest(t))
	for _, c := range []struct {
		name, value string
		calls       int64
	}{{"Context", "", 1}, {"Context", "from-trunk", 1}, {"Context", "nowhere", 0}, {"nothing", "", 0}} {
		n := queryInt(t, r.db, a.tenant, `SELECT count(*) FROM calls WHERE attributes @> ARRAY[$1::bigint]`, call.AttributeKey(c.name, c.value))
		if n != c.calls {
			t.Errorf("%d calls with %s=%s, want %d", n, c.name, c.value, c.calls)
		}
	}
	if n := queryInt(t, r.db, a.tenant, `SELECT count(*) FROM calls WHERE story->'legs' @> '[{"attributes": {"Context": "from-trunk"}}]'`); n != 1 {
		t.Error("the story does not tell the attribute")
	}
}
