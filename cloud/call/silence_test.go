package call_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/shared/wire"
)

// A caller waits in a queue, then the agent dies, is away for some seconds, and finds the caller gone.
func silence(between func(*call.Assembler)) map[call.ID]*call.Call {
	const second = int64(time.Second)
	began := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC).UnixNano()
	asm, book := call.New(call.Options{}), map[call.ID]*call.Call{}
	seq := uint64(0)
	feed := func(after int64, id wire.EventID, fields ...wire.Field) {
		seq++
		asm.Feed("A", &wire.Event{Seq: seq, Received: began + after, ID: id, Fields: fields})
	}
	drain := func() {
		for _, c := range asm.Drain() {
			c.Rev = 0 // how often it was looked at is no property of the call
			book[c.ID] = c
		}
	}
	field := func(id wire.FieldID, value string) wire.Field { return wire.Field{ID: id, Value: value} }
	caller := []wire.Field{
		field(wire.FChannel, "PJSIP/carrier-00000001"), field(wire.FUniqueid, "1795165200.1"), field(wire.FLinkedid, "1795165200.1"),
		field(wire.FCallerIDNum, "79160000001"), field(wire.FExten, "600"), field(wire.FContext, "from-trunk"), field(wire.FChannelState, "6"),
	}
	feed(0, wire.AgentConnected)
	feed(1, wire.EvNewchannel, caller...)
	feed(second, wire.EvQueueCallerJoin, append(caller, field(wire.FQueue, "600"), field(wire.FPosition, "1"))...)
	drain()
	between(asm)
	drain()
	feed(6*second, wire.AgentConnected)
	feed(6*second+1, wire.AgentSnapshotBegin, field(wire.AgentFieldActionPrefix, "x-"))
	feed(6*second+2, wire.AgentSnapshotEnd, field(wire.AgentFieldActionPrefix, "x-"))
	drain()
	asm.Advance("A", began+60*second)
	drain()
	return book
}

func TestTimeToldInASilenceChangesNothing(t *testing.T) {
	plain := silence(func(*call.Assembler) {})
	told := silence(func(a *call.Assembler) {
		a.Advance("A", time.Date(2026, 11, 20, 9, 0, 5, 0, time.UTC).UnixNano())
	})
	if diff := cmp.Diff(plain, told); diff != "" || len(plain) != 1 {
		t.Errorf("%d calls (-without +with):\n%s", len(plain), diff)
	}
}

func TestDoubtIsHandedOut(t *testing.T) {
	began := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC).UnixNano()
	asm := call.New(call.Options{})
	asm.Feed("A", &wire.Event{Seq: 1, Received: began, ID: wire.AgentConnected})
	asm.Feed("A", &wire.Event{Seq: 2, Received: began + 1, ID: wire.EvNewchannel, Fields: []wire.Field{
		{ID: wire.FChannel, Value: "PJSIP/carrier-00000001"},
		{ID: wire.FUniqueid, Value: "1795165200.1"},
		{ID: wire.FLinkedid, Value: "1795165200.1"},
		{ID: wire.FCallerIDNum, Value: "79160000001"},
		{ID: wire.FExten, Value: "600"},
		{ID: wire.FContext, Value: "from-trunk"},
	}})
	if first := asm.Drain(); len(first) != 1 || first[0].Partial {
		t.Fatalf("%+v", first)
	}
	asm.Feed("A", &wire.Event{Seq: 3, Received: began + 2, ID: wire.AgentDisconnected})
	if second := asm.Drain(); len(second) != 1 || !second[0].Partial || !second[0].Open {
		t.Errorf("after the connection was lost: %+v", second)
	}
}
