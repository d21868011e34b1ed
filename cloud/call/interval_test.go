package call_test

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/callweave/callweave/cloud/call"
)

// TestStatesOfOperators takes scenarios in the language of TestScenarios, whose expectation is who was in which state
// when:
//
//	OPERATOR STATE [QUEUE] FROM-TO [(estimated)] [MEMBERSHIP] [of N] [for REASON] [by WHO] [, ended by WHO] [for REASON]
//
// What comes out does not depend on how often it is asked for, nor on whether one assembler sees all of it.
func TestStatesOfOperators(t *testing.T) {
	files, err := filepath.Glob("testdata/states/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			script, want := readScript(t, string(b))
			for _, way := range []struct {
				name string
				roster
			}{{"asked once", roster{}}, {"asked after every event", roster{often: true}}, {"gone on in another after every event", roster{handOver: true}}} {
				if d := gocmp.Diff(want, toldStates(way.follow(t, script.out))); d != "" {
					t.Errorf("%s, %s (-expected +assembled):\n%s", file, way.name, d)
				}
			}
		})
	}
}

// roster keeps the latest version of every interval, as a reader of DrainStates would.
type roster struct {
	often, handOver bool
	cuts            map[int]bool // hand over only there
}

func (o roster) follow(t failer, events []fed) []call.Interval {
	t.Helper()
	a, kept := call.New(call.Options{}), map[call.ID]call.Interval{}
	enter := func() {
		for _, x := range a.DrainStates() {
			if kept[x.ID] = x; x.Void {
				delete(kept, x.ID)
			}
		}
	}
	for i, e := range events {
		a.Feed(e.pbx, e.ev)
		if o.often {
			a.Drain()
			enter()
		}
		if o.handOver || o.cuts[i] {
			state, err := a.Snapshot()
			if err != nil {
				t.Fatal(err)
			}
			if i%2 == 0 {
				enter()
				if state, err = a.Snapshot(); err != nil {
					t.Fatal(err)
				}
			}
			a = call.New(call.Options{})
			if err := a.Restore(state); err != nil {
				t.Fatal("restore:", err)
			}
		}
	}
	a.Flush()
	enter()
	list := make([]call.Interval, 0, len(kept))
	for _, x := range kept {
		list = append(list, x)
	}
	slices.SortFunc(list, func(x, y call.Interval) int {
		return cmp.Or(cmp.Compare(x.PBX, y.PBX), cmp.Compare(x.Operator, y.Operator), cmp.Compare(x.Kind, y.Kind), cmp.Compare(x.Queue, y.Queue), x.From.Compare(y.From))
	})
	return list
}

// toldStates writes intervals as scenarios expect them.
func toldStates(list []call.Interval) string {
	var out strings.Builder
	several := slices.ContainsFunc(list, func(x call.Interval) bool { return x.PBX != list[0].PBX })
	for _, x := range list {
		if several {
			fmt.Fprintf(&out, "%s/", x.PBX)
		}
		fmt.Fprintf(&out, "%s %s ", x.Operator, x.Kind)
		say := func(format string, word string) {
			if word != "" {
				fmt.Fprintf(&out, format, word)
			}
		}
		say("%s ", x.Queue)
		fmt.Fprintf(&out, "%s-%s%s", when(x.From), when(x.To), about(x.Estimated))
		if x.Kind == call.StateLoggedIn {
			say(" %s", x.Membership)
		}
		if x.Penalty != 0 {
			fmt.Fprintf(&out, " of %d", x.Penalty)
		}
		say(" for %s", x.Reason)
		say(" by %s", x.Began)
		say(", ended by %s", x.Ended)
		say(" for %s", x.EndReason)
		out.WriteByte('\n')
	}
	return out.String()
}
