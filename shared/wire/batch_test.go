package wire_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/callweave/callweave/shared/wire"
)

func TestBatchGivesBackTheSameEvents(t *testing.T) {
	events := []wire.Event{
		{Seq: 7, Received: 1_700_000_000_000_000_000, PBXTime: 1_700_000_000_000_000, ID: 3, Fields: []wire.Field{{ID: 4, Value: "a"}, {Name: "X", Value: "\xff"}}},
		{Seq: 8, Received: 1_700_000_000_000_000_900, Name: "Odd", Fields: []wire.Field{{ID: 4, Value: ""}}},
	}
	enc := wire.NewBatchEncoder()
	enc.Reset(42, 7)
	for i := range events {
		if err := enc.Add(&events[i]); err != nil {
			t.Fatal(err)
		}
	}
	var got []wire.Event
	info, err := wire.NewBatchDecoder(wire.Limits{}).Decode(enc.Finish(nil), func(ev *wire.Event) error {
		got = append(got, *ev.Clone())
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(events, got); diff != "" {
		t.Error(diff)
	}
	want := wire.BatchInfo{Version: 1, Stream: 42, FirstSeq: 7, Count: 2, From: events[0].Received, To: events[1].Received}
	if diff := cmp.Diff(want, info); diff != "" {
		t.Error(diff)
	}
}
