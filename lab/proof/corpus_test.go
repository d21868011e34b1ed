package proof

import (
	"context"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/assemble"
	"github.com/callweave/callweave/cloud/directory"
	"github.com/callweave/callweave/cloud/pg"
	"github.com/callweave/callweave/cloud/replay"
	"github.com/callweave/callweave/cloud/report"
	"github.com/callweave/callweave/tenants"
)

// play writes the calls of all recordings of real Asterisks as one tenant's.
func play(ctx context.Context, db *pg.DB, id tenants.ID, dirs []string) (from, to time.Time, err error) {
	err = db.As(id).Tx(ctx, func(tx pgx.Tx) error {
		for _, name := range []string{"A", "B"} {
			if _, err := directory.AddPBX(ctx, tx, name, "Site "+name); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return from, to, err
	}
	known := directory.New()
	for _, dir := range dirs {
		calls, err := replay.Calls(ctx, dir)
		if err != nil {
			return from, to, err
		}
		if err := assemble.Import(ctx, db, known, id, calls); err != nil {
			return from, to, err
		}
		for _, c := range calls {
			if from.IsZero() || c.Start.Before(from) {
				from = c.Start
			}
			if c.End.After(to) {
				to = c.End
			}
		}
	}
	return from.Truncate(time.Hour), to.Truncate(time.Hour).Add(time.Hour), nil
}

// TestEveryFigureOfTheCorpusIsWhatSQLSays holds reports over the recordings against SQL, as they come and by what else calls
// are told apart by. What operators did is not in it: it is played call by call. Figures of queues are held against queue_log
// in cloud/importing.
func TestEveryFigureOfTheCorpusIsWhatSQLSays(t *testing.T) {
	dirs, err := filepath.Glob(filepath.Join("..", "corpus", "*", "*"))
	dirs = slices.DeleteFunc(dirs, func(d string) bool { return filepath.Ext(d) != "" })
	if err != nil || len(dirs) < 100 {
		t.Fatalf("%d recordings: %v", len(dirs), err)
	}
	if testing.Short() {
		dirs = dirs[:40]
	}
	var span report.Span
	write := func(db *pg.DB, id tenants.ID) (time.Time, time.Time, error) {
		from, to, err := play(t.Context(), db, id, dirs)
		span = report.Span{From: from.UnixMilli(), To: to.UnixMilli()}
		return from, to, err
	}
	proven(t, write, func(b *both) {
		for _, d := range report.Reports() {
			for _, by := range [][]string{nil, {report.ByQueue}, {report.ByOperator}, {report.ByPBX, report.ByDisposition}, {report.ByHour}, {report.ByResult}} {
				q := everything(d)
				q.From, q.To, q.By = span.From, span.To, by
				if by != nil && !contains(d.May, by[len(by)-1]) || by != nil && !contains(d.May, by[0]) {
					continue
				}
				q = known(q)
				t.Run(d.ID, func(t *testing.T) { b.same(t, q) })
			}
		}
	})
}
