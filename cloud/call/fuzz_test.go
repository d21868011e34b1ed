package call_test

import (
	"encoding/binary"
	"hash/crc32"
	"testing"
	"time"

	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/shared/wire"
)

// FuzzFeed feeds recorded events in any order, cut, repeated and with any of their values replaced. Nothing may panic, and
// once the stream is over and time has passed nothing may stay behind but what the PBX still claims to be open.
func FuzzFeed(f *testing.F) {
	var events []fed
	for _, name := range []string{"22/e6-*", "22/i4-*", "22/m2-*", "22/f3-*", "22/k2-*", "22/j2-*"} {
		events = append(events, eventsOf(f, recordingsOf(f, name)[0])...)
	}
	f.Add([]byte{0, 1, 2, 3, 4, 5, 6, 7})
	f.Add([]byte("take any of them in any order, please, and break some"))
	f.Fuzz(func(t *testing.T, program []byte) {
		a := call.New(call.Options{})
		at := 0
		for len(program) >= 3 {
			op, n, v := program[0], int(program[1]), program[2]
			program = program[3:]
			switch op % 6 {
			case 0, 1: // a run of events as recorded
				for range n + 1 {
					a.Feed(events[at].pbx, events[at].ev)
					at = (at + 1) % len(events)
				}
			case 2: // jump
				at = (n<<8 | int(v)) * 7 % len(events)
			case 3: // one with a value of another
				a.Feed(events[at].pbx, spoilt(events[at].ev, events[(at+n)%len(events)].ev, int(v)))
			case 4: // go on in another assembler
				state, err := a.Snapshot()
				if err != nil {
					t.Fatal(err)
				}
				a = call.New(call.Options{})
				if err := a.Restore(state); err != nil {
					t.Fatal("restore what was just written:", err)
				}
			case 5:
				for _, c := range a.Drain() {
					if _, err := c.MarshalJSON(); err != nil {
						t.Fatal(err)
					}
				}
				a.DrainStates()
			}
		}
		for _, c := range a.Flush() {
			if _, err := c.MarshalJSON(); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// spoilt is an event with one value replaced by one of another event.
func spoilt(ev, other *wire.Event, which int) *wire.Event {
	c := ev.Clone()
	if len(c.Fields) > 0 && len(other.Fields) > 0 {
		c.Fields[which%len(c.Fields)].Value = other.Fields[which*31%len(other.Fields)].Value
	}
	return c
}

// FuzzRestore spoils a state under a right checksum: it is refused, or whatever it says is worked with.
func FuzzRestore(f *testing.F) {
	events := eventsOf(f, recordingsOf(f, "22/e6-*")[0])
	a := call.New(call.Options{})
	for _, e := range events[:len(events)*2/3] {
		a.Feed(e.pbx, e.ev)
	}
	state, err := a.Snapshot()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(state[:len(state)-crc32.Size])
	f.Fuzz(func(_ *testing.T, body []byte) {
		state := binary.BigEndian.AppendUint32(body, crc32.Checksum(body, crc32.MakeTable(crc32.Castagnoli)))
		b := call.New(call.Options{})
		if b.Restore(state) != nil {
			return
		}
		for _, e := range events {
			b.Feed(e.pbx, e.ev)
		}
		b.Flush()
	})
}

// TestNothingStaysBehind: a day of calls leaves no more memory than the last half minute.
func TestNothingStaysBehind(t *testing.T) {
	events := eventsOf(t, recordingsOf(t, "22/j2-*")[0])
	a := call.New(call.Options{})
	var sizes []int
	for round := range 200 {
		shift := int64(round) * int64(time.Minute)
		for _, e := range events {
			ev := e.ev.Clone()
			ev.Received += shift
			if ev.ID < wire.AgentConnected {
				renumber(ev, round)
			}
			a.Feed(e.pbx, ev)
		}
		a.Drain()
		a.DrainStates()
		a.Advance("A", events[len(events)-1].ev.Received+shift+int64(50*time.Second))
		a.Drain()
		state, err := a.Snapshot()
		if err != nil {
			t.Fatal(err)
		}
		sizes = append(sizes, len(state))
	}
	if first, last := sizes[1], sizes[len(sizes)-1]; last > first+first/10 {
		t.Errorf("the state grew from %d to %d bytes over %d rounds", first, last, len(sizes))
	}
}

// renumber gives the channels of an event names of their own.
func renumber(ev *wire.Event, round int) {
	for i := range ev.Fields {
		f := &ev.Fields[i]
		switch name := wire.FieldName(f.ID); {
		case f.Value == "":
		case len(name) > 7 && (name[len(name)-8:] == "Uniqueid" || name[len(name)-8:] == "Linkedid"):
			f.Value += string(rune('a'+round%26)) + string(rune('a'+round/26))
		}
	}
}
