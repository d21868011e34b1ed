package call_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/shared/wire"
)

// eachRecording runs a property on every recording that is small enough to be tried many times.
func eachRecording(t *testing.T, fn func(t *testing.T, events []fed)) {
	for _, dir := range recordingsOf(t, "*/[a-m]*") {
		if strings.HasPrefix(filepath.Base(dir), "b2-") {
			continue
		}
		t.Run(filepath.Base(filepath.Dir(dir))+"/"+filepath.Base(dir), func(t *testing.T) {
			t.Parallel()
			fn(t, eventsOf(t, dir))
		})
	}
}

// anyRecording tries a property on recordings drawn by chance; -rapid.checks tries more of them.
func anyRecording(t *testing.T, property func(r *rapid.T, name string, events []fed)) {
	var dirs []string
	for _, dir := range recordingsOf(t, "*/[a-m]*") {
		if !strings.HasPrefix(filepath.Base(dir), "b2-") {
			dirs = append(dirs, dir)
		}
	}
	read := map[string][]fed{}
	rapid.Check(t, func(r *rapid.T) {
		dir := rapid.SampledFrom(dirs).Draw(r, "recording")
		if read[dir] == nil {
			read[dir] = eventsOf(t, dir)
		}
		property(r, filepath.Base(dir), read[dir])
	})
}

// TestFeedingTwiceChangesNothing feeds every event twice, and then the whole stream again.
func TestFeedingTwiceChangesNothing(t *testing.T) {
	eachRecording(t, func(t *testing.T, events []fed) {
		want := assemble(events).text(t)
		var doubled []fed
		for _, e := range events {
			doubled = append(doubled, e, e)
		}
		if d := cmp.Diff(want, assemble(doubled).text(t)); d != "" {
			t.Errorf("each event twice (-once +twice):\n%s", d)
		}
		again := append(slices.Clone(events), events...)
		if d := cmp.Diff(want, assemble(again).text(t)); d != "" {
			t.Errorf("the stream twice (-once +twice):\n%s", d)
		}
	})
}

// TestOrderBetweenChannelsDoesNotMatter moves events of different channels past each other by up to 50 ms.
func TestOrderBetweenChannelsDoesNotMatter(t *testing.T) {
	anyRecording(t, func(r *rapid.T, _ string, events []fed) {
		want := assemble(events).text(r, sortChannels)
		seed := rapid.Uint64().Draw(r, "seed")
		if d := cmp.Diff(want, assemble(permuted(events, seed)).text(r, sortChannels)); d != "" {
			r.Fatalf("permuted by %d (-as sent +permuted):\n%s", seed, d)
		}
	})
}

// sortChannels orders what the order of first sight would order.
func sortChannels(c *call.Call) {
	c.Channels = slices.Clone(c.Channels)
	slices.SortFunc(c.Channels, func(x, y call.ChannelRef) int { return strings.Compare(x.PBX+x.Uniqueid, y.PBX+y.Uniqueid) })
	c.Legs = slices.Clone(c.Legs)
	slices.SortFunc(c.Legs, func(x, y call.Leg) int { return strings.Compare(x.PBX+x.Uniqueid, y.PBX+y.Uniqueid) })
}

// permuted swaps neighbouring events that have no channel in common. Events of one channel keep their order, as they do
// on the wire; events that are no channel's stay where they are.
func permuted(events []fed, seed uint64) []fed {
	out := slices.Clone(events)
	keys := make(map[*wire.Event]map[string]bool, len(out))
	for _, e := range out {
		keys[e.ev] = channelsOf(e)
	}
	random := seed*2862933555777941757 + 3037000493
	for range 6 {
		for i := 1; i < len(out); i++ {
			random = random*6364136223846793005 + 1442695040888963407
			x, y := out[i-1], out[i]
			if random>>62 == 0 || len(keys[x.ev]) == 0 || len(keys[y.ev]) == 0 || share(keys[x.ev], keys[y.ev]) ||
				max(x.ev.Received, y.ev.Received)-min(x.ev.Received, y.ev.Received) > int64(50*time.Millisecond) {
				continue
			}
			out[i-1], out[i] = y, x
		}
	}
	return out
}

func channelsOf(e fed) map[string]bool {
	keys := map[string]bool{}
	if e.ev.ID >= wire.AgentConnected {
		return nil
	}
	for _, f := range e.ev.Fields {
		name := wire.FieldName(f.ID)
		switch {
		case f.ID == wire.FActionID: // answers come in the order they were asked for
			return nil
		case strings.HasSuffix(name, "Uniqueid") && !strings.Contains(name, "Bridge"):
			keys[e.pbx+f.Value] = true
		case f.ID == wire.FQueue, f.ID == wire.FBridgeUniqueid:
			keys[e.pbx+"/"+name+f.Value] = true
		}
	}
	return keys
}

func share(x, y map[string]bool) bool {
	for k := range x {
		if y[k] {
			return true
		}
	}
	return false
}

// TestIdentifiersAreOpaque gives every channel and bridge a name of another kind: nothing of a call's structure changes.
func TestIdentifiersAreOpaque(t *testing.T) {
	eachRecording(t, func(t *testing.T, events []fed) {
		if base := t.Name(); strings.Contains(base, "m1-") {
			t.Skip("the age of a call that was there before us is read more finely from a Uniqueid that holds a time")
		}
		names := map[string]string{}
		renamed := make([]fed, len(events))
		for i, e := range events {
			c := e.ev.Clone()
			for j, f := range c.Fields {
				name := wire.FieldName(f.ID)
				if f.Value != "" && (strings.HasSuffix(name, "Uniqueid") || name == "Linkedid" || strings.HasSuffix(name, "Linkedid")) {
					c.Fields[j].Value = uuid(names, f.Value)
				}
				if f.ID == wire.FBridgeID && f.Value != "" {
					c.Fields[j].Value = uuid(names, f.Value)
				}
			}
			renamed[i] = fed{e.pbx, c}
		}
		anonymous := func(c *call.Call) {
			c.ID, c.Channels = call.ID{}, nil
			c.Legs = slices.Clone(c.Legs)
			for i := range c.Legs {
				c.Legs[i].Uniqueid = ""
			}
			c.Links = slices.Clone(c.Links)
			for i := range c.Links {
				c.Links[i].FromUniqueid, c.Links[i].ToUniqueid = "", ""
			}
		}
		if d := cmp.Diff(assemble(events).text(t, anonymous), assemble(renamed).text(t, anonymous)); d != "" {
			t.Errorf("with other identifiers (-as sent +renamed):\n%s", d)
		}
	})
}

func uuid(names map[string]string, old string) string {
	if names[old] == "" {
		names[old] = fmt.Sprintf("%08x-5f2b-4c1e-9d3a-%012x", len(names)*7919, len(names))
	}
	return names[old]
}

// TestClosedCallsAreClosed checks what must hold of every call that is final, and of every revision on the way.
func TestClosedCallsAreClosed(t *testing.T) {
	eachRecording(t, func(t *testing.T, events []fed) {
		a := call.New(call.Options{})
		for i, e := range events {
			a.Feed(e.pbx, e.ev)
			if i%7 == 6 {
				for _, c := range a.Drain() {
					checkCall(t, c)
				}
			}
		}
		for _, c := range a.Flush() {
			checkCall(t, c)
		}
	})
}

// complainer is a test or a property.
type complainer interface {
	Helper()
	Errorf(format string, args ...any)
}

func checkCall(t complainer, c *call.Call) {
	t.Helper()
	if c.Start.IsZero() || len(c.PBXs) == 0 || c.Rev == 0 {
		t.Errorf("call %s has no start, PBX or revision: %+v", c.ID, c)
	}
	if !c.Open {
		if c.End.IsZero() || c.End.Before(c.Start) || c.Disposition == call.DispositionUnknown || c.HangupBy == call.PartyUnknown {
			t.Errorf("call %s is closed without end, disposition or who hung up: %+v", c.ID, c)
		}
		checkRowsClosed(t, c)
	}
	for _, x := range c.Talks {
		if x.To.IsZero() != x.To.Before(x.From) || x.To.IsZero() && !c.Open || x.Operator == "" || x.With == "" {
			t.Errorf("call %s: talk of nobody or of negative length: %+v", c.ID, x)
		}
	}
	checkTalkWithinLegs(t, c)
}

func checkRowsClosed(t complainer, c *call.Call) {
	t.Helper()
	for _, q := range c.Queues {
		if q.Left.IsZero() || q.Left.Before(q.Entered) || q.Result == call.ResultUnknown {
			t.Errorf("call %s: visit still open: %+v", c.ID, q)
		}
	}
	for _, r := range c.Rings {
		if r.End.IsZero() || r.End.Before(r.At) || r.Result == call.ResultUnknown {
			t.Errorf("call %s: ring still open: %+v", c.ID, r)
		}
	}
	for _, h := range c.Holds {
		if h.To.IsZero() || h.To.Before(h.From) {
			t.Errorf("call %s: hold still open: %+v", c.ID, h)
		}
	}
	for _, x := range c.Transfers {
		if x.Result == call.ResultUnknown {
			t.Errorf("call %s: transfer without a result: %+v", c.ID, x)
		}
	}
}

// checkTalkWithinLegs: nobody talks longer than the phone was up. A talk of three is two rows at one time.
func checkTalkWithinLegs(t complainer, c *call.Call) {
	t.Helper()
	up, talk := map[string]time.Duration{}, map[string]time.Duration{}
	for _, l := range c.Legs {
		end := l.End
		if end.IsZero() {
			return // an open call: its talks end now
		}
		if !l.Answered.IsZero() {
			up[l.Number] += end.Sub(l.Answered)
		}
	}
	until := map[string]time.Time{}
	for _, x := range c.Talks { // in order of their beginning
		from := x.From
		if u := until[x.Operator]; u.After(from) {
			from = u
		}
		if x.To.After(from) {
			talk[x.Operator] += x.To.Sub(from)
			until[x.Operator] = x.To
		}
	}
	for who, d := range talk {
		if d > up[who]+100*time.Millisecond {
			t.Errorf("call %s: %s talks for %s and is up for %s", c.ID, who, d, up[who])
		}
	}
}

// TestLessRightsGiveTheSameCalls hides what a user without the classes dialplan, dtmf and system would not see: only the
// path through menus and messages left are lost.
func TestLessRightsGiveTheSameCalls(t *testing.T) {
	eachRecording(t, func(t *testing.T, events []fed) {
		for _, known := range []string{"/i9-", "/j3-", "/d9-", "/i14-", "/f"} {
			if strings.Contains(t.Name(), known) {
				t.Skip("only the dialplan tells of voicemail, menus, paging and of queues that were not joined; links get another evidence")
			}
		}
		var seen []fed
		for _, e := range events {
			if allowed(e.ev) {
				seen = append(seen, e)
			}
		}
		if d := cmp.Diff(told(assemble(events)), told(assemble(seen))); d != "" {
			t.Errorf("with less rights (-all +less):\n%s", d)
		}
	})
}

// allowed tells whether a user with the rights call, agent and reporting gets an event.
func allowed(ev *wire.Event) bool {
	if ev.ID == wire.EvFullyBooted || ev.ID >= wire.AgentConnected || ev.Get(wire.FActionID) != "" {
		return true
	}
	for class := range strings.SplitSeq(ev.Get(wire.FPrivilege), ",") {
		switch class {
		case "dialplan", "dtmf", "system", "security", "test":
			return false
		}
	}
	return true
}
