package call_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/callweave/callweave/cloud/call"
)

// TestCutAnywhereAndGoOn takes the state out of one assembler and puts it into another, after any event of any
// recording: what comes out is the same, down to the revisions.
func TestCutAnywhereAndGoOn(t *testing.T) {
	anyRecording(t, func(r *rapid.T, _ string, events []fed) {
		want := drained(r, events, nil)
		cuts := map[int]bool{}
		for range rapid.IntRange(1, 8).Draw(r, "cuts") {
			cuts[rapid.IntRange(0, len(events)-1).Draw(r, "after")] = true
		}
		if d := cmp.Diff(want, drained(r, events, cuts)); d != "" {
			r.Fatalf("cut at %v (-whole +cut):\n%s", cuts, d)
		}
	})
}

type failer interface {
	Helper()
	Fatal(args ...any)
}

// drained returns all that is handed out, in order, going over to another assembler after the cuts.
func drained(t failer, events []fed, cuts map[int]bool) []string {
	t.Helper()
	var out []string
	write := func(list []*call.Call) {
		for _, c := range list {
			b, err := c.MarshalJSON()
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, string(b))
		}
	}
	a := call.New(call.Options{})
	for i, e := range events {
		a.Feed(e.pbx, e.ev)
		if i%drainEvery == drainEvery-1 {
			write(a.Drain())
		}
		if !cuts[i] {
			continue
		}
		state, err := a.Snapshot()
		if err != nil {
			t.Fatal(err)
		}
		a = call.New(call.Options{})
		if err := a.Restore(state); err != nil {
			t.Fatal("restore:", err)
		}
	}
	write(a.Flush())
	return out
}

func TestDamagedStateIsRefused(t *testing.T) {
	events := eventsOf(t, recordingsOf(t, "22/e1-*")[0])
	a := call.New(call.Options{})
	for _, e := range events[:len(events)/2] {
		a.Feed(e.pbx, e.ev)
	}
	state, err := a.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	for i := range state {
		bad := append([]byte(nil), state...)
		bad[i] ^= 0x20
		if err := call.New(call.Options{}).Restore(bad); !errors.Is(err, call.ErrState) {
			t.Fatalf("byte %d flipped: got %v, want ErrState", i, err)
		}
	}
	if err := call.New(call.Options{}).Restore(state[:len(state)/2]); !errors.Is(err, call.ErrState) {
		t.Fatalf("cut short: got %v, want ErrState", err)
	}
}
