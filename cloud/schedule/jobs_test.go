package schedule_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"

	"github.com/callweave/callweave/cloud/schedule"
)

// run has a node work until the test ends.
func (f *fixture) run() *schedule.Runner {
	f.t.Helper()
	r, err := schedule.NewRunner(f.t.Context(), f.sender.Deps)
	f.must(err)
	ctx, stop := context.WithCancel(context.WithoutCancel(f.t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- r.Run(ctx) }()
	f.t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			f.t.Errorf("the queue ended with %v", err)
		}
	})
	return r
}

func TestWhatIsDueGoesOutByItselfAndByHand(t *testing.T) {
	f := newFixture(t)
	one := func(c *schedule.Content) { c.Users, c.Addresses = c.Users[:1], nil }
	s := f.add(one)
	f.mu.Lock()
	f.now = s.Next.Add(time.Second)
	f.mu.Unlock()
	r := f.run()
	if l := f.server.Await(t); l.To != "anna@acme.test" {
		t.Errorf("%+v", l)
	}
	f.mu.Lock()
	f.now = f.now.Add(time.Hour)
	f.mu.Unlock()
	if _, err := r.SendNow(t.Context(), f.tenant, s.ID); err != nil {
		t.Fatal(err)
	}
	f.server.Await(t)
	if list := f.history(s); len(list) != 2 || !list[0].ByHand || list[1].ByHand {
		t.Errorf("%+v", list)
	}
	// What the queue holds of it are ids and a moment.
	var args []string
	f.must(f.db.System().Tx(t.Context(), func(tx pgx.Tx) error {
		rows, err := tx.Query(t.Context(), `SELECT args::text || coalesce(errors::text, '') || metadata::text FROM jobs.river_job WHERE kind = 'send_report'`)
		if err != nil {
			return err
		}
		args, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	}))
	if text := strings.Join(args, " "); len(args) != 2 || !strings.Contains(text, f.tenant.String()) || strings.Contains(text, "acme") || strings.Contains(text, "Mornings") {
		t.Errorf("%v", args)
	}
}

func TestQueueIsOutOfATenantsReach(t *testing.T) {
	f := newFixture(t)
	for _, sql := range []string{`SELECT FROM jobs.river_job`, `INSERT INTO jobs.river_job (kind, args, max_attempts) VALUES ('send_report', '{}', 1)`} {
		err := f.db.As(f.tenant).Tx(t.Context(), func(tx pgx.Tx) error {
			_, err := tx.Exec(t.Context(), sql)
			return err
		})
		var pe *pgconn.PgError
		if !errors.As(err, &pe) || pe.Code != "42501" {
			t.Errorf("%s: %v; want insufficient privilege", sql, err)
		}
	}
}

// The tables are made by our migration. Whoever upgrades river learns here that they have to change.
func TestQueueHasTheTablesThatThisRiverExpects(t *testing.T) {
	f := newFixture(t)
	pool, err := f.db.SystemPool(t.Context(), 1)
	f.must(err)
	defer pool.Close()
	m, err := rivermigrate.New(riverpgxv5.New(pool), &rivermigrate.Config{Schema: "jobs"})
	f.must(err)
	res, err := m.Validate(t.Context(), nil)
	f.must(err)
	if !res.OK {
		t.Error(res.Messages)
	}
}
