package call_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/callweave/callweave/cloud/call"
)

// TestPBXThatIsHeardLateGivesTheSameCalls lets one of two PBXs be behind the other, as after an outage, where one agent
// hands in what it kept before the other does: the calls that crossed from one to the other come out as if nothing had been.
func TestPBXThatIsHeardLateGivesTheSameCalls(t *testing.T) {
	for _, dir := range recordingsOf(t, "*/f*") {
		events := eventsOf(t, dir)
		want := delayed(events, "", 0).text(t)
		for _, late := range []string{"A", "B"} {
			for _, by := range []time.Duration{20 * time.Millisecond, 200 * time.Millisecond, 4 * time.Second, 15 * time.Second, 40 * time.Second, 5 * time.Minute} {
				name := fmt.Sprintf("%s/%s/%s late by %s", filepath.Base(filepath.Dir(dir)), filepath.Base(dir), late, by)
				t.Run(name, func(t *testing.T) {
					if d := cmp.Diff(want, delayed(events, late, by).text(t)); d != "" {
						t.Errorf("(-in time +late):\n%s", d)
					}
				})
			}
		}
	}
}

// delayed assembles events as they come in where one PBX is late, looking after each.
func delayed(events []fed, late string, by time.Duration) book {
	arrives := func(e fed) int64 {
		if e.pbx == late {
			return e.ev.Received + int64(by)
		}
		return e.ev.Received
	}
	events = slices.Clone(events)
	slices.SortStableFunc(events, func(x, y fed) int { return int(min(max(arrives(x)-arrives(y), -1), 1)) })
	a, b := call.New(call.Options{}), book{}
	for _, pbx := range []string{"A", "B"} { // both were heard before
		a.Advance(pbx, events[0].ev.Received)
	}
	end := int64(0)
	for _, e := range events {
		a.Feed(e.pbx, e.ev)
		b.enter(a.Drain())
		end = max(end, e.ev.Received)
	}
	for _, pbx := range []string{"A", "B"} {
		a.Advance(pbx, end+int64(time.Minute))
	}
	b.enter(a.Drain())
	return b
}
