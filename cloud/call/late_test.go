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

// TestPhoneThatShowsAReferenceIsNoEndOfATrunk: B's anna calls A's boris by a trunk that hands on a reference, which anna's own
// channel shows too. Boris asks somebody outside meanwhile. When all of that is known of A before B is heard, the leg to the
// outside is not taken for the one by which anna came.
func TestPhoneThatShowsAReferenceIsNoEndOfATrunk(t *testing.T) {
	events := readScenario(t, `
annas = B PJSIP/102-00000001
out   = B PJSIP/pbxa-00000002
known = B PJSIP/102-00000009
in    = PJSIP/pbxb-00000001
boris = PJSIP/106-00000002
asks  = PJSIP/106-00000003
far   = PJSIP/carrier-00000004
0.00 Newchannel known Ring number=102 exten=103
0.20 Hangup known 16
5.00 Newchannel annas Ring number=102 exten=98106
5.00 VarSet annas Variable=XCALLID Value=x1
5.01 Newchannel out Down linked=annas
5.01 VarSet out Variable=XCALLID Value=x1
5.01 DialBegin annas > out DialString=106@pbxa
5.02 Newchannel in Ring number=102 exten=106 context=from-peer
5.02 VarSet in Variable=XCALLID Value=x1
5.03 Newchannel boris Down number=106 linked=in
5.03 DialBegin in > boris DialString=106
6.00 Newstate boris Up
6.00 DialEnd in > boris ANSWER
6.00 Newstate in Up
6.00 BridgeEnter boris b1
6.00 BridgeEnter in b1
6.01 Newstate out Up
6.01 DialEnd annas > out ANSWER
6.01 Newstate annas Up
6.01 BridgeEnter out b2
6.01 BridgeEnter annas b2
8.00 Hold boris
8.01 Newchannel asks Ring number=106 exten=79260923274
8.02 Newchannel far Down linked=asks
8.02 DialBegin asks > far DialString=79260923274@carrier
9.00 Newstate far Up
9.00 DialEnd asks > far ANSWER
9.00 Newstate asks Up
9.00 BridgeEnter far b3
9.00 BridgeEnter asks b3
11.00 Hangup far 16
11.00 Hangup asks 16
12.00 Unhold boris
14.00 Hangup annas 16
14.00 Hangup out 16
14.01 Hangup in 16
14.01 Hangup boris 16
`)
	want := delayed(events, "", 0)
	if n := len(want.ordered()); n != 1 && n != 2 {
		t.Fatalf("%d calls", n)
	}
	if d := cmp.Diff(want.text(t), delayed(events, "B", 4*time.Second).text(t)); d != "" {
		t.Errorf("(-in time +B late):\n%s", d)
	}
	if d := cmp.Diff(want.text(t), delayed(events, "B", time.Minute).text(t)); d != "" {
		t.Errorf("(-in time +B much later):\n%s", d)
	}
}
