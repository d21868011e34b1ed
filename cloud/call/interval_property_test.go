package call_test

import (
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// TestStatesDoNotDependOnHowTheyAreAskedFor drains after any events, goes on in another assembler after any, and tells
// stretches of the stream twice: the states that come out are the same.
func TestStatesDoNotDependOnHowTheyAreAskedFor(t *testing.T) {
	anyRecording(t, func(r *rapid.T, _ string, events []fed) {
		want := toldStates(roster{}.follow(r, events))
		var o roster
		o.often = rapid.Bool().Draw(r, "drain after every event")
		o.cuts = map[int]bool{}
		for range rapid.IntRange(0, 4).Draw(r, "cuts") {
			o.cuts[rapid.IntRange(0, len(events)-1).Draw(r, "after")] = true
		}
		if d := gocmp.Diff(want, toldStates(o.follow(r, events))); d != "" {
			r.Fatalf("cut at %v (-whole +in pieces):\n%s", o.cuts, d)
		}
		var twice []fed
		from := rapid.IntRange(0, len(events)-1).Draw(r, "repeat from")
		to := min(len(events), from+rapid.IntRange(1, 200).Draw(r, "so many"))
		twice = append(append(append(twice, events[:to]...), events[from:to]...), events[to:]...)
		if d := gocmp.Diff(want, toldStates(roster{}.follow(r, twice))); d != "" {
			r.Fatalf("events %d to %d repeated (-once +twice):\n%s", from, to, d)
		}
	})
}
