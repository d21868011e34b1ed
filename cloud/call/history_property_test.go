package call_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/cloud/call/history"
	"github.com/callweave/callweave/shared/wire"
)

// invented draws a short history with many calls at once.
func invented(r *rapid.T) history.Options {
	return history.Options{Seed: rapid.Uint64().Draw(r, "seed"), Plans: rapid.IntRange(1, 40).Draw(r, "plans"), Pace: rapid.Float64Range(0.5, 20).Draw(r, "pace")}
}

// spoken returns all events of a history.
func spoken(o history.Options) []fed {
	var events []fed
	h := history.New(o)
	for {
		said, _, ok := h.Next()
		if !ok {
			return events
		}
		for _, s := range said {
			events = append(events, fed{s.PBX, s.Event})
		}
	}
}

func TestOrderBetweenChannelsOfInventedCallsDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		events := spoken(invented(r))
		seed := rapid.Uint64().Draw(r, "order")
		if d := cmp.Diff(assemble(events).text(r, sortChannels), assemble(permuted(events, seed)).text(r, sortChannels)); d != "" {
			r.Fatalf("(-as told +permuted):\n%s", d)
		}
	})
}

func TestInventedCallsToldTwiceAreTheSame(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		events := spoken(invented(r))
		want := assemble(events).text(r)
		var doubled []fed
		for _, e := range events {
			doubled = append(doubled, e, e)
		}
		if d := cmp.Diff(want, assemble(doubled).text(r)); d != "" {
			r.Fatalf("each event twice (-once +twice):\n%s", d)
		}
		if d := cmp.Diff(want, assemble(append(slices.Clone(events), events...)).text(r)); d != "" {
			r.Fatalf("all of it twice (-once +twice):\n%s", d)
		}
	})
}

// TestInventedIdentifiersAreOpaque gives channels identifiers that say nothing: the calls are what happened all the same.
func TestInventedIdentifiersAreOpaque(t *testing.T) {
	a := newAuditor(t)
	a.run(history.New(history.Options{Seed: 11, Plans: 1500, Opaque: true}))
}

// TestAChannelIsInOneCallAtAnyTime holds every revision that is handed out against those before: no channel is in two calls,
// and what was one call once stays one.
func TestAChannelIsInOneCallAtAnyTime(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		o := invented(r)
		o.Clocks = rapid.Bool().Draw(r, "clocks")
		if rapid.Bool().Draw(r, "silences") {
			o.Silences = 20 * time.Second
		}
		events := spoken(o)
		if rapid.Bool().Draw(r, "disorder") {
			events = permuted(events, o.Seed)
		}
		every := rapid.IntRange(1, 50).Draw(r, "drain every")
		a, l := call.New(call.Options{}), ledger{owner: map[call.ChannelRef]call.ID{}, of: map[call.ID][]call.ChannelRef{}}
		for i, e := range events {
			a.Feed(e.pbx, e.ev)
			if i%every == 0 {
				l.enter(r, a.Drain())
			}
		}
		l.enter(r, a.Flush())
	})
}

// ledger knows whose every channel is.
type ledger struct {
	owner map[call.ChannelRef]call.ID
	of    map[call.ID][]call.ChannelRef
}

func (l *ledger) enter(r *rapid.T, list []*call.Call) {
	for _, c := range list {
		mine := map[call.ChannelRef]bool{}
		for _, ch := range c.Channels {
			mine[call.ChannelRef{PBX: ch.PBX, Uniqueid: ch.Uniqueid}] = true
		}
		for _, id := range append([]call.ID{c.ID}, c.Supersedes...) {
			for _, ch := range l.of[id] {
				if !mine[ch] {
					r.Fatalf("channel %s of PBX %s was in call %s and is not in %s that takes its place", ch.Uniqueid, ch.PBX, id, c.ID)
				}
				delete(l.owner, ch)
			}
			delete(l.of, id)
		}
		for ch := range mine {
			if other, ok := l.owner[ch]; ok {
				r.Fatalf("channel %s of PBX %s is in calls %s and %s", ch.Uniqueid, ch.PBX, other, c.ID)
			}
			l.owner[ch] = c.ID
			l.of[c.ID] = append(l.of[c.ID], ch)
		}
	}
}

func TestInventedCallsHoldWhatMustHoldOfCalls(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		events := spoken(invented(r))
		a := call.New(call.Options{})
		for i, e := range events {
			a.Feed(e.pbx, e.ev)
			if i%17 == 0 {
				for _, c := range a.Drain() {
					checkCall(r, c)
				}
			}
		}
		for _, c := range a.Flush() {
			checkCall(r, c)
		}
	})
}

// listed are kinds of calls of which the lists of a PBX tell all that matters now: no hold, no consultation, no second PBX.
func listed(kind string) bool {
	for _, untold := range []string{"hold", "consult", "attended", "blind", "another PBX", "trombone", "peer", "parked", "called back", "joined", "click", "two outside", "page", "supervisor", "service"} {
		if strings.Contains(kind, untold) {
			return false
		}
	}
	return true
}

// TestConnectingAtAnyMomentFindsTheOpenCalls begins to listen at any moment of a history: what the PBXs list then gives the
// open calls and who talks in them.
func TestConnectingAtAnyMomentFindsTheOpenCalls(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		o := invented(r)
		o.Only, o.Plans, o.Pace = listed, 30, 2
		deaf := time.Duration(rapid.IntRange(2_000, 25_000).Draw(r, "deaf for ms")) * time.Millisecond
		fully := spoken(o)
		o.Deaf = deaf
		late := spoken(o)
		end := int64(0)
		for _, e := range late {
			if e.ev.ID == wire.AgentSnapshotEnd {
				end = max(end, e.ev.Received+int64(5*time.Millisecond)) // all rows have arrived
			}
		}
		if d := cmp.Diff(openAt(fully, end), openAt(late, end)); d != "" {
			r.Fatalf("connected after %s (-heard all +connected then):\n%s", deaf, d)
		}
	})
}

// openAt tells which channels are in one open call at a moment, and who talks.
func openAt(events []fed, at int64) []string {
	a, b := call.New(call.Options{}), book{}
	for _, e := range events {
		if e.ev.Received <= at {
			a.Feed(e.pbx, e.ev)
		}
	}
	for _, p := range []string{"A", "B", "C"} {
		a.Advance(p, at)
	}
	b.enter(a.Drain())
	var out []string
	for _, c := range b.ordered() {
		if !c.Open {
			continue
		}
		var words []string
		for _, l := range c.Legs {
			if l.End.IsZero() {
				words = append(words, l.PBX+" "+l.Uniqueid)
			}
		}
		for _, x := range c.Talks {
			if x.To.IsZero() {
				words = append(words, fmt.Sprintf("%s talks with %s", x.Operator, x.With))
			}
		}
		if len(words) > 0 { // otherwise it only waits to be final
			slices.Sort(words)
			out = append(out, strings.Join(words, ", "))
		}
	}
	slices.Sort(out)
	return out
}
