package demo_test

import (
	"regexp"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/cloud/demo"
)

func month() (from, to time.Time) {
	to = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	return to.AddDate(0, 0, -30), to
}

func TestMonthIsPlausible(t *testing.T) {
	from, to := month()
	n, ids := map[any]int{}, map[call.ID]bool{}
	for c := range demo.Generate(from, to) {
		n["calls"]++
		n[c.Direction]++
		ids[c.ID] = true
		if len(c.Queues) > 0 {
			n["queued"]++
			if c.Disposition == call.Abandoned {
				n["abandoned"]++
			}
		}
		if len(c.Queues) > 1 {
			n["overflowed"]++
		}
		n["transfers"] += len(c.Transfers)
		if c.Disposition == call.DispositionUnknown || c.HangupBy == call.PartyUnknown {
			t.Fatalf("without an end: %+v", c)
		}
	}
	t.Log(n)
	if len(ids) != n["calls"] {
		t.Errorf("%d ids for %d calls", len(ids), n["calls"])
	}
	for what, bounds := range map[any][2]int{
		"calls": {8_000, 40_000}, "overflowed": {100, 3_000}, "transfers": {200, 4_000},
		call.Inbound: {6_000, 30_000}, call.Outbound: {800, 6_000}, call.Internal: {300, 3_000},
	} {
		if n[what] < bounds[0] || n[what] > bounds[1] {
			t.Errorf("%v: %d, want %d to %d", what, n[what], bounds[0], bounds[1])
		}
	}
	if share := 100 * n["abandoned"] / n["queued"]; share < 4 || share > 20 {
		t.Errorf("%d %% of the queued calls are abandoned", share)
	}
}

// TestTimesRunForward also holds that nobody speaks in two calls at once.
func TestTimesRunForward(t *testing.T) {
	from, to := month()
	until := map[string]time.Time{}
	for c := range demo.Generate(from, to) {
		if c.End.Before(c.Start) || !c.Answered.IsZero() && (c.Answered.Before(c.Start) || c.Answered.After(c.End)) {
			t.Fatalf("start %s, answered %s, end %s", c.Start, c.Answered, c.End)
		}
		for _, r := range c.Rings {
			inside(t, c, "ring", r.At, r.End)
		}
		for _, q := range c.Queues {
			inside(t, c, "queue visit", q.Entered, q.Left)
		}
		for _, h := range c.Holds {
			inside(t, c, "hold", h.From, h.To)
		}
		for _, l := range c.Legs {
			inside(t, c, "leg", l.Start, l.End)
		}
		for _, talk := range c.Talks {
			inside(t, c, "talk", talk.From, talk.To)
			if talk.With == "customer" && talk.From.Before(until[talk.PBX+talk.Operator]) && c.Direction == call.Inbound {
				t.Errorf("%s speaks at %s in two calls", talk.Operator, talk.From)
			}
			until[talk.PBX+talk.Operator] = talk.To
		}
	}
}

func inside(t *testing.T, c *call.Call, what string, from, to time.Time) {
	t.Helper()
	if from.Before(c.Start) || to.Before(from) || to.After(c.End) {
		t.Errorf("%s from %s to %s in a call from %s to %s", what, from, to, c.Start, c.End)
	}
}

func TestSameMomentsGiveTheSameCalls(t *testing.T) {
	_, to := month()
	collect := func(from, to time.Time) map[call.ID]*call.Call {
		calls := map[call.ID]*call.Call{}
		for c := range demo.Generate(from, to) {
			calls[c.ID] = c
		}
		return calls
	}
	long, short := collect(to.AddDate(0, 0, -5), to), collect(to.AddDate(0, 0, -2), to.Add(-3*time.Hour))
	if len(short) == 0 {
		t.Fatal("nothing happened")
	}
	for id, c := range short {
		if diff := cmp.Diff(long[id], c); diff != "" {
			t.Fatalf("another stretch of time gives another call:\n%s", diff)
		}
	}
}

func TestMembersOfQueuesExist(t *testing.T) {
	for _, p := range demo.Cast() {
		known := map[string]bool{}
		for _, o := range p.Operators {
			known[o.Number] = o.Name != ""
		}
		for _, q := range p.Queues {
			for _, m := range q.Members {
				if !known[m] {
					t.Errorf("%s: %s is a member of %s and nobody", p.Name, m, q.Number)
				}
			}
		}
		if len(p.DIDs) != len(p.Queues) {
			t.Errorf("%s: %d numbers for %d queues", p.Name, len(p.DIDs), len(p.Queues))
		}
	}
}

func TestRecordingsGetThePeopleOfThePBX(t *testing.T) {
	p := demo.Cast()[0]
	const recorded = "CallerIDNum: 79161234501\r\nCallerIDName: Agent 101\r\nMemberName: Anna Alpha\r\nUniqueid: pbx-a-1795385837.0\r\nExten: 79161234501\r\n"
	got := string(p.Recast("a1", []byte(recorded)))
	m := regexp.MustCompile(`^CallerIDNum: (79\d{9})\r\nCallerIDName: Анна Орлова\r\nMemberName: Анна Орлова\r\nUniqueid: pbx-a-1795385837.0\r\nExten: (\d+)\r\n$`).FindStringSubmatch(got)
	if m == nil || m[1] != m[2] || m[1] == "79161234501" {
		t.Errorf("%q", got)
	}
	if again := string(p.Recast("a2", []byte(recorded))); again == got {
		t.Error("two scenarios have the same caller")
	}
}
