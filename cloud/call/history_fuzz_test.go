package call_test

import (
	"testing"
	"time"

	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/cloud/call/history"
	"github.com/callweave/callweave/shared/wire"
)

// FuzzHistory tells invented calls in disorder, again, with pieces missing and values spoilt. Nothing may panic, what is
// handed out can be written down, and no channel is ever in two calls.
func FuzzHistory(f *testing.F) {
	f.Add(uint64(1), byte(0), []byte("as they are told"))
	f.Add(uint64(2), byte(7), []byte{0, 200, 1, 30, 2, 9, 3, 77, 4, 1, 5, 100, 0, 255})
	f.Fuzz(func(t *testing.T, seed uint64, how byte, program []byte) {
		o := history.Options{Seed: seed, Plans: 12, Pace: 8, Clocks: how&1 != 0, Opaque: how&2 != 0}
		if how&4 != 0 {
			o.Silences = 5 * time.Second
		}
		events := spoken(o)
		if how&8 != 0 {
			events = permuted(events, seed)
		}
		a, l := call.New(call.Options{}), owners{of: map[history.Channel]call.ID{}}
		at := 0
		for i := 0; i+1 < len(program) && len(events) > 0; i += 2 {
			n := int(program[i+1])
			switch program[i] % 6 {
			case 0, 1: // a stretch as it is told
				for range n + 1 {
					a.Feed(events[at].pbx, events[at].ev)
					at = (at + 1) % len(events)
				}
			case 2: // a piece is missing
				at = (at + n) % len(events)
			case 3: // a stretch comes again
				at = max(0, at-n)
			case 4: // one value is another one's
				other := events[(at+n*13)%len(events)].ev
				if other.ID < wire.AgentConnected {
					a.Feed(events[at].pbx, spoilt(events[at].ev, other, n))
				}
			case 5:
				l.enter(t, a.Drain())
			}
		}
		l.enter(t, a.Flush())
	})
}

// owners knows in which call every channel was handed out last.
type owners struct{ of map[history.Channel]call.ID }

func (l owners) enter(t *testing.T, list []*call.Call) {
	t.Helper()
	for _, c := range list {
		if _, err := c.MarshalJSON(); err != nil {
			t.Fatal(err)
		}
		mine := map[call.ID]bool{c.ID: true}
		for _, id := range c.Supersedes {
			mine[id] = true
		}
		for _, ch := range c.Channels {
			key := history.Channel{PBX: ch.PBX, Uniqueid: ch.Uniqueid}
			if id, ok := l.of[key]; ok && !mine[id] {
				t.Fatalf("channel %s of PBX %s is in calls %s and %s", ch.Uniqueid, ch.PBX, id, c.ID)
			}
			l.of[key] = c.ID
		}
	}
}
