package call_test

import (
	"fmt"
	"runtime"
	"strconv"
	"testing"

	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/shared/wire"
)

// busy is an assembler with that many calls going on at once: a caller and a phone that talk, on one PBX.
func busy(t testing.TB, calls int) (*call.Assembler, *switchboard) {
	t.Helper()
	b := &switchboard{a: call.New(call.Options{}), now: 1_800_000_000e9}
	for i := range calls {
		b.begin(i)
		if i%64 == 63 {
			b.a.Drain()
		}
	}
	b.a.Drain()
	return b.a, b
}

// switchboard says what a PBX says about many small calls.
type switchboard struct {
	a   *call.Assembler
	now int64
}

func (b *switchboard) say(id wire.EventID, fields ...wire.Field) {
	b.now += 1e6
	b.a.Feed("A", &wire.Event{ID: id, Received: b.now, Fields: fields})
}

func channelFields(name, id, linked, state, number, exten string) []wire.Field {
	return []wire.Field{
		{ID: wire.FChannel, Value: name},
		{ID: wire.FChannelState, Value: state},
		{ID: wire.FCallerIDNum, Value: number},
		{ID: wire.FContext, Value: "from-trunk"},
		{ID: wire.FExten, Value: exten},
		{ID: wire.FUniqueid, Value: id},
		{ID: wire.FLinkedid, Value: linked},
	}
}

func (b *switchboard) names(i int) (caller, phone []wire.Field, bridge wire.Field) {
	id, other := fmt.Sprintf("1800000000.%d", 2*i), fmt.Sprintf("1800000000.%d", 2*i+1)
	caller = channelFields(fmt.Sprintf("PJSIP/carrier-%08x", i), id, id, "6", fmt.Sprintf("7916%07d", i), "74950000600")
	phone = channelFields(fmt.Sprintf("PJSIP/%d-%08x", 1000+i%9000, i), other, id, "6", strconv.Itoa(1000+i%9000), "")
	return caller, phone, wire.Field{ID: wire.FBridgeUniqueid, Value: "bridge-" + strconv.Itoa(i)}
}

func (b *switchboard) begin(i int) {
	caller, phone, bridge := b.names(i)
	caller[1].Value, phone[1].Value = "4", "0"
	b.say(wire.EvNewchannel, caller...)
	b.say(wire.EvNewchannel, phone...)
	caller, phone, _ = b.names(i)
	b.say(wire.EvNewstate, caller...)
	b.say(wire.EvNewstate, phone...)
	b.say(wire.EvBridgeEnter, append(phone, bridge)...)
	b.say(wire.EvBridgeEnter, append(caller, bridge)...)
}

func (b *switchboard) end(i int) {
	caller, phone, bridge := b.names(i)
	b.say(wire.EvHangupRequest, caller...)
	b.say(wire.EvBridgeLeave, append(caller, bridge)...)
	b.say(wire.EvBridgeLeave, append(phone, bridge)...)
	b.say(wire.EvHangup, caller...)
	b.say(wire.EvHangup, phone...)
}

// spent is how many bytes something allocates: a measure of work that no other process disturbs.
func spent(do func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// TestAnEventCostsTheSameHoweverManyCallsAreOpen: what a call costs does not depend on how many others go on.
func TestAnEventCostsTheSameHoweverManyCallsAreOpen(t *testing.T) {
	work := func(open int) uint64 {
		a, b := busy(t, open)
		return spent(func() {
			for i := range 200 {
				b.begin(open + i)
				a.Drain()
				b.end(open + i)
				a.Drain()
			}
		})
	}
	few, many := work(1000), work(10_000)
	if many > 2*few {
		t.Errorf("200 calls cost %d bytes beside 1,000 open ones and %d beside 10,000", few, many)
	}
}

// TestSnapshotOfManyOpenCallsIsLinear: ten times the calls are ten times the state, and ten times the work.
func TestSnapshotOfManyOpenCallsIsLinear(t *testing.T) {
	type cost struct{ size, write, read uint64 }
	work := func(open int) (c cost) {
		a, _ := busy(t, open)
		var state []byte
		c.write = spent(func() {
			var err error
			if state, err = a.Snapshot(); err != nil {
				t.Fatal(err)
			}
		})
		c.size = uint64(len(state))
		c.read = spent(func() {
			if err := call.New(call.Options{}).Restore(state); err != nil {
				t.Fatal(err)
			}
		})
		return c
	}
	few, many := work(1000), work(10_000)
	if many.size > 12*few.size || many.write > 15*few.write || many.read > 15*few.read {
		t.Errorf("size and bytes to write and read of 1,000 open calls %d, of 10,000 %d", few, many)
	}
}

// TestLongCallIsLinear: a channel of a call of ten thousand costs what one of a call of a thousand costs.
func TestLongCallIsLinear(t *testing.T) {
	work := func(channels int) uint64 {
		events := longCall(t, channels)
		return spent(func() { assemble(events) })
	}
	if small, large := work(1000), work(10_000); large > 15*small {
		t.Errorf("%d bytes for a call of 1,000 channels, %d for one of 10,000", small, large)
	}
}

// BenchmarkOpenCalls shows what a call costs beside others that go on.
func BenchmarkOpenCalls(b *testing.B) {
	for _, open := range []int{100, 1000, 10_000} {
		b.Run(strconv.Itoa(open), func(b *testing.B) {
			a, s := busy(b, open)
			n := open
			for b.Loop() {
				s.begin(n)
				a.Drain()
				s.end(n)
				a.Drain()
				n++
			}
		})
	}
}

// BenchmarkSnapshot shows what the state costs per open call.
func BenchmarkSnapshot(b *testing.B) {
	for _, open := range []int{100, 1000, 10_000} {
		b.Run(strconv.Itoa(open), func(b *testing.B) {
			a, _ := busy(b, open)
			for b.Loop() {
				if _, err := a.Snapshot(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*open), "ns/call")
		})
	}
}
