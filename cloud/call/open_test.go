package call_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/callweave/callweave/cloud/call"
)

// TestWhatIsLearnedOfAnEndpointChangesItsOpenCalls: a call comes in by an endpoint nobody knows; another call then goes out
// through it, which makes it a trunk. The first call is handed out again although nothing happened in it.
func TestWhatIsLearnedOfAnEndpointChangesItsOpenCalls(t *testing.T) {
	events := readScenario(t, `
caller = PJSIP/shop-00000001
anna   = PJSIP/101-00000002
out    = PJSIP/shop-00000003
0.00 Newchannel caller Ring number=5 exten=600
0.10 Newstate caller Up
0.20 QueueCallerJoin caller 600
5.00 Newchannel anna Ring number=101 exten=79260000001
5.10 Newchannel out Down linked=anna
5.20 DialBegin anna > out DialString=79260000001@shop
`)
	a, seen := call.New(call.Options{}), book{}
	for _, e := range events {
		a.Feed(e.pbx, e.ev)
		seen.enter(a.Drain())
	}
	first := seen.ordered()[0]
	if first.Direction != call.Inbound || first.Trunk != "PJSIP/shop" {
		t.Errorf("the first call is %s by %q, want inbound by PJSIP/shop", first.Direction, first.Trunk)
	}
}

// TestCallsShownDoNotDependOnWhenSomebodyLooked stops a stream anywhere: whoever drained now and then, whoever was told the
// time in between, and whoever looks for the first time, see the same calls.
func TestCallsShownDoNotDependOnWhenSomebodyLooked(t *testing.T) {
	anyRecording(t, func(r *rapid.T, _ string, events []fed) {
		stop := rapid.IntRange(0, len(events)-1).Draw(r, "stop after")
		every := rapid.IntRange(1, 40).Draw(r, "drain every")
		told := rapid.Bool().Draw(r, "told the time")
		if d := cmp.Diff(shown(events[:stop+1], 0, false).text(r), shown(events[:stop+1], every, told).text(r)); d != "" {
			r.Fatalf("after event %d (-at first sight +after looking every %d):\n%s", stop, every, d)
		}
	})
}

// TestScenariosShowTheSameWhenSomebodyLooks does so after every event of every scenario.
func TestScenariosShowTheSameWhenSomebodyLooks(t *testing.T) {
	eachScenario(t, func(t *testing.T, events []fed) {
		for stop := range events {
			if d := cmp.Diff(shown(events[:stop+1], 0, false).text(t), shown(events[:stop+1], 1, false).text(t)); d != "" {
				t.Fatalf("after event %d (-at first sight +after looking always):\n%s", stop, d)
			}
		}
	})
}

// shown is what a reader has who looks after every so many events, 0 for none, and at last. Time is told between events, or only before
// the last one.
func shown(events []fed, every int, told bool) book {
	a, b := call.New(call.Options{}), book{}
	last := len(events) - 1
	for i, e := range events {
		a.Feed(e.pbx, e.ev)
		if every > 0 && i%every == 0 {
			b.enter(a.Drain())
		}
		if i < last && told || i == last-1 {
			a.Advance(e.pbx, e.ev.Received+(events[i+1].ev.Received-e.ev.Received)/2)
		}
	}
	b.enter(a.Drain())
	return b
}
