package month_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/lab/month"
)

// TestAMonthIsTheSameAgainAndHasEverything counts what a test of reports relies on.
func TestAMonthIsTheSameAgainAndHasEverything(t *testing.T) {
	count := func() map[string]int {
		n := map[string]int{}
		for day := range month.March(65).Days() {
			for _, c := range day.Calls {
				seen(n, c)
			}
			for _, x := range day.States {
				n["state "+string(rune('0'+x.Kind))]++
				if x.To.IsZero() {
					n["lasting state"]++
				}
			}
		}
		return n
	}
	first := count()
	for _, what := range []string{
		"calls", "open", "partial", "imported", "over two PBXs", "over midnight", "withheld", "transfer blind", "transfer attended", "consultation", "conference",
		"hold", "digit", "estimated", "two queues", "state 1", "state 2", "state 4", "state 5", "state 6", "state 7", "state 8", "state 9", "lasting state",
	} {
		if first[what] == 0 {
			t.Errorf("there is no %s", what)
		}
	}
	for d := call.Answered; d <= call.Failed; d++ {
		if first["disposition "+string(rune('0'+d))] == 0 {
			t.Errorf("no call has disposition %d", d)
		}
	}
	if diff := cmp.Diff(first, count()); diff != "" {
		t.Errorf("the month is another one the second time (-first +second):\n%s", diff)
	}
	t.Log(first)
}

func seen(n map[string]int, c *call.Call) {
	n["calls"]++
	n["disposition "+string(rune('0'+c.Disposition))]++
	for what, is := range map[string]bool{
		"open": c.Open, "partial": c.Partial, "imported": c.Imported != 0, "over two PBXs": len(c.PBXs) > 1, "hold": len(c.Holds) > 0, "two queues": len(c.Queues) > 1,
		"over midnight": !c.Open && c.Start.YearDay() != c.End.YearDay(), "withheld": c.Direction == call.Inbound && c.Caller == "",
	} {
		if is {
			n[what]++
		}
	}
	for _, x := range c.Transfers {
		n["transfer "+x.Kind]++
	}
	for _, x := range c.Talks {
		if x.Consult {
			n["consultation"]++
		}
		if x.With == "conference:77" {
			n["conference"]++
		}
		if x.Estimated {
			n["estimated"]++
		}
	}
	for _, x := range c.IVR {
		if x.Application == "Digit" {
			n["digit"]++
		}
	}
}
