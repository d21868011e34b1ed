package assemble_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/assemble"
	"github.com/callweave/callweave/cloud/call"
)

// decisions is a number that a test raises.
type decisions struct{ rev int64 }

func (d *decisions) Rev(context.Context, pgx.Tx) (int64, error) { return d.rev, nil }
func (d *decisions) Read(context.Context, pgx.Tx) (call.Rules, error) {
	return call.Rules{Rev: d.rev, References: []string{"REF"}}, nil
}

// TestDecisionsKeepTheirPlaceInTheStream changes what people decided in the middle of calls. The counting assembler
// mixes the number of the decisions into every event, so a restart that told them at another place would show.
func TestDecisionsKeepTheirPlaceInTheStream(t *testing.T) {
	lived := func(restart bool, snapshotSteps int) []row {
		r, a := setUp(t)
		rules, now := &decisions{}, time.Now()
		r.rule, r.cfg = rules, assemble.Config{SnapshotSteps: snapshotSteps}
		r.now = func() time.Time { return now }
		r.start()
		for round := range 9 {
			if round%3 == 1 {
				r.stop()
				rules.rev++
				now = now.Add(time.Minute)
				r.start()
			} else if restart {
				r.stop()
				r.start()
			}
			r.must(a.next(t, 17))
		}
		r.must(a.rest(t))
		return calls(t, r.db, a.tenant)
	}
	want := lived(false, 500)
	if len(want) == 0 {
		t.Fatal("no calls")
	}
	for _, steps := range []int{1, 2, 500} {
		if d := cmp.Diff(want, lived(true, steps)); d != "" {
			t.Errorf("state saved every %d steps (-undisturbed +restarted):\n%s", steps, d)
		}
	}
}

func TestDecisionsAreNoticedWhileTheTenantIsLoaded(t *testing.T) {
	r, a := setUp(t)
	rules, now := &decisions{rev: 1}, time.Now()
	r.rule, r.now = rules, func() time.Time { return now }
	r.start()
	r.must(a.next(t, 5))
	rules.rev = 2
	r.must(a.next(t, 5)) // too soon to look again
	now = now.Add(6 * time.Second)
	r.must(a.next(t, 5))
	told := queryInt(t, r.db, a.tenant, `SELECT count(*) FROM assembler_steps WHERE position('\x63524546'::bytea IN work) > 0`) // "REF" in CBOR
	if told != 2 {
		t.Errorf("the assembler was told of decisions in %d steps, want 2", told)
	}
}
