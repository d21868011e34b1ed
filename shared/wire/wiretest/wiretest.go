// Package wiretest makes events and batches for the tests of other packages.
package wiretest

import (
	"fmt"
	"sync"
	"testing"

	"github.com/callweave/callweave/shared/wire"
)

// Start is when the events of this package begin, ns since 1970.
const Start = 1_795_386_796_000_000_000

// Events makes n events that are numbered from first: short calls, one after the other, on a PBX without a queue. The
// same numbers give the same events.
func Events(first uint64, n int) []wire.Event {
	events := make([]wire.Event, n)
	for i := range events {
		seq := first + uint64(i)
		events[i] = event(seq)
	}
	return events
}

const eventsPerCall = 4

func event(seq uint64) wire.Event {
	call := seq / eventsPerCall
	ev := wire.Event{Seq: seq, Received: Start + int64(seq)*1_000_000, PBXTime: (Start+int64(seq)*1_000_000)/1000 - 90}
	ev.Fields = channel(call, "4", "Ring")
	switch seq % eventsPerCall {
	case 0:
		ev.ID = wire.EvNewchannel
	case 1:
		ev.ID = wire.EvNewstate
		ev.Fields = channel(call, "6", "Up")
	case 2:
		ev.ID = wire.EvVarSet
		ev.Fields = append(channel(call, "6", "Up"), wire.Field{ID: wire.FVariable, Value: "CALL"}, wire.Field{ID: wire.FValue, Value: fmt.Sprint(call)})
	case 3:
		ev.ID = wire.EvHangup
		ev.Fields = append(channel(call, "6", "Up"), wire.Field{ID: wire.FCause, Value: "16"}, wire.Field{ID: wire.FCauseTxt, Value: "Normal Clearing"})
	}
	return ev
}

func channel(call uint64, state, desc string) []wire.Field {
	id := fmt.Sprintf("1795386796.%d", call)
	return []wire.Field{
		{ID: wire.FPrivilege, Value: "call,all"},
		{ID: wire.FChannel, Value: fmt.Sprintf("PJSIP/trunk-%08x", call)},
		{ID: wire.FChannelState, Value: state},
		{ID: wire.FChannelStateDesc, Value: desc},
		{ID: wire.FCallerIDNum, Value: fmt.Sprint(79160000000 + call%1000)},
		{ID: wire.FCallerIDName, Value: "<unknown>"},
		{ID: wire.FConnectedLineNum, Value: "<unknown>"},
		{ID: wire.FConnectedLineName, Value: "<unknown>"},
		{ID: wire.FLanguage, Value: "en"},
		{ID: wire.FAccountCode, Value: ""},
		{ID: wire.FContext, Value: "from-trunk"},
		{ID: wire.FExten, Value: "74950000900"},
		{ID: wire.FPriority, Value: "1"},
		{ID: wire.FUniqueid, Value: id},
		{ID: wire.FLinkedid, Value: id},
	}
}

// encoders keeps what takes a moment to make.
var encoders = sync.Pool{New: func() any { return wire.NewBatchEncoder() }}

// Encode makes a batch of events.
func Encode(tb testing.TB, stream uint64, events []wire.Event) []byte {
	tb.Helper()
	enc := encoders.Get().(*wire.BatchEncoder)
	defer encoders.Put(enc)
	enc.Reset(stream, events[0].Seq)
	for i := range events {
		if err := enc.Add(&events[i]); err != nil {
			tb.Fatal(err)
		}
	}
	return enc.Finish(nil)
}

// Batch makes a batch of the n events of Events.
func Batch(tb testing.TB, stream, first uint64, n int) []byte {
	tb.Helper()
	return Encode(tb, stream, Events(first, n))
}

// Decode returns copies of the events of a batch, and fails the test where it cannot be read.
func Decode(tb testing.TB, batch []byte) ([]wire.Event, wire.BatchInfo) {
	tb.Helper()
	var events []wire.Event
	info, err := wire.NewBatchDecoder(wire.Limits{}).Decode(batch, func(ev *wire.Event) error {
		events = append(events, *ev.Clone())
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
	return events, info
}
