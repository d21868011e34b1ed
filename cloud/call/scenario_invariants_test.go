package call_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/callweave/callweave/cloud/call"
)

// eachScenario runs a property on every scenario.
func eachScenario(t *testing.T, fn func(t *testing.T, events []fed)) {
	files, _ := filepath.Glob("testdata/*.txt")
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			events := readScenario(t, string(b))
			fn(t, events)
		})
	}
}

// TestScenariosComeOutTheSameWhenToldTwice feeds every event twice, and then the whole stream again.
func TestScenariosComeOutTheSameWhenToldTwice(t *testing.T) {
	eachScenario(t, func(t *testing.T, events []fed) {
		want := told(assemble(events))
		var doubled []fed
		for _, e := range events {
			doubled = append(doubled, e, e)
		}
		if d := cmp.Diff(want, told(assemble(doubled))); d != "" {
			t.Errorf("each event twice (-once +twice):\n%s", d)
		}
		if d := cmp.Diff(want, told(assemble(append(slices.Clone(events), events...)))); d != "" {
			t.Errorf("the stream twice (-once +twice):\n%s", d)
		}
	})
}

// TestScenariosComeOutTheSameInAnotherOrder moves events of different channels past each other by up to 50 ms.
func TestScenariosComeOutTheSameInAnotherOrder(t *testing.T) {
	eachScenario(t, func(t *testing.T, events []fed) {
		want := sorted(told(assemble(events)))
		for seed := range uint64(20) {
			if d := cmp.Diff(want, sorted(told(assemble(permuted(events, seed))))); d != "" {
				t.Fatalf("permuted by %d (-as told +permuted):\n%s", seed, d)
			}
		}
	})
}

// sorted leaves out which of two rows at the same moment comes first.
func sorted(told string) []string {
	return slices.Sorted(strings.Lines(told))
}

// TestScenariosGoOnAfterEveryEvent hands the assembler's memory to another one after each event.
func TestScenariosGoOnAfterEveryEvent(t *testing.T) {
	eachScenario(t, func(t *testing.T, events []fed) {
		want := told(assemble(events))
		b, a := book{}, call.New(call.Options{})
		for _, e := range events {
			a.Feed(e.pbx, e.ev)
			state, err := a.Snapshot()
			if err != nil {
				t.Fatal(err)
			}
			a = call.New(call.Options{})
			if err := a.Restore(state); err != nil {
				t.Fatal(err)
			}
		}
		b.enter(a.Flush())
		if d := cmp.Diff(want, told(b)); d != "" {
			t.Errorf("(-in one go +handed on):\n%s", d)
		}
	})
}
