package live

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/callweave/callweave/lab/pbx/pbxtest"
	"github.com/callweave/callweave/lab/scenario"
	"github.com/callweave/callweave/lab/truth"
)

// TestCloudKilledInMidCallLosesAndDoublesNothing kills the whole cloud twice while calls go on; the agent keeps what it
// hears and everything is there in the end, once.
func TestCloudKilledInMidCallLosesAndDoublesNothing(t *testing.T) {
	t.Parallel()
	pbxtest.Need(t)
	c := ownCloud(t)
	tn := c.newTenant(t)
	s := stage(t, named(t, "i7-ring-groups"), "22")
	listen(t, s, tn, t.TempDir())

	played := playing(s)
	for _, wait := range []time.Duration{2 * time.Second, 10 * time.Second} { // in the first call and in the last
		later(t, wait, c.kill)
		later(t, 2*time.Second, func() error { return c.start(t.Context()) })
	}
	run := played(t)
	tn.settled(t, func(calls []*truth.Found) []string { return truth.Compare(run.Calls, calls) })
}

// later does something after a while.
func later(t *testing.T, wait time.Duration, do func() error) {
	t.Helper()
	select {
	case <-time.After(wait):
	case <-t.Context().Done():
		t.Fatal(context.Cause(t.Context()))
	}
	if err := do(); err != nil {
		t.Fatal(err)
	}
}

// playing plays in the background; what it returns waits for the end and gives the truth.
func playing(s *scenario.Stage) func(*testing.T) *truth.Run {
	type result struct {
		run *truth.Run
		err error
	}
	done := make(chan result, 1)
	go func() {
		run, err := s.Play()
		done <- result{run, err}
	}()
	return func(t *testing.T) *truth.Run {
		t.Helper()
		r := <-done
		if r.err != nil {
			t.Fatal(r.err)
		}
		return r.run
	}
}

// TestAgentKilledInMidCallGoesOnWhereItWas kills the agent while somebody talks and starts it again.
func TestAgentKilledInMidCallGoesOnWhereItWas(t *testing.T) {
	t.Parallel()
	pbxtest.Need(t)
	tn := theCloud(t).newTenant(t)
	s := stage(t, named(t, "a1-queue-answered-caller-hangs-up"), "22")
	l := listen(t, s, tn, t.TempDir())

	played := playing(s)
	later(t, 5*time.Second, l.running[0].kill)
	l.agents[0].start(t, "run")
	run := played(t)
	tn.settled(t, func(calls []*truth.Found) []string { return truth.Compare(run.Calls, calls) })
}

func named(t *testing.T, name string) scenario.Scenario {
	t.Helper()
	all := scenario.All()
	i := slices.IndexFunc(all, func(sc scenario.Scenario) bool { return sc.Name == name })
	if i < 0 {
		t.Fatalf("no scenario %s", name)
	}
	return all[i]
}

// ownCloud starts a cloud that other tests do not use; there is one.
func ownCloud(t *testing.T) *cloud {
	t.Helper()
	dir := filepath.Join(shared.dir, "own") // Postgres, another user, could not get through to t.TempDir()
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	c, err := startCloud(ctx, binary(t, "callweave"), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.stop(); err != nil {
			t.Error(err)
		}
		if f, err := os.Open(c.logFile()); err == nil && t.Failed() {
			b, _ := io.ReadAll(f)
			t.Logf("the cloud's log ends:\n%s", b[max(0, len(b)-4000):])
		}
	})
	return c
}
