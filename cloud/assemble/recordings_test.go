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

// stories runs a recording through in batches of size events, with a new runner every so many batches, and returns the
// calls but for the number of their revisions.
func stories(t *testing.T, file string, size int, cfg assemble.Config, restart int) (list []string) {
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
	err := r.db.As(a.tenant).Tx(t.Context(), func(tx pgx.Tx) error {
		rows, err := tx.Query(t.Context(), `SELECT (story - 'rev')::text || open || talk_ms || '/' || wait_ms FROM calls ORDER BY started, id`)
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
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
