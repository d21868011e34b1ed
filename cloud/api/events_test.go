package api_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/callweave/callweave/cloud/api"
	"github.com/callweave/callweave/shared/wire"
)

type said struct {
	at     time.Duration // after the call's start
	id     wire.EventID
	fields []wire.Field
}

func field(id wire.FieldID, value string) wire.Field { return wire.Field{ID: id, Value: value} }

// archive stores events as one batch, as the assembler does.
func (f *fixture) archive(pbx int32, firstSeq uint64, start time.Time, events ...said) {
	f.t.Helper()
	e := wire.NewBatchEncoder()
	e.Reset(9, firstSeq)
	for i, s := range events {
		must(f.t, e.Add(&wire.Event{Seq: firstSeq + uint64(i), Received: start.Add(s.at).UnixNano(), ID: s.id, Fields: s.fields}))
	}
	batch := e.Finish(nil)
	f.exec(f.mine, `INSERT INTO raw_batches (tenant_id, agent_id, stream, first_seq, last_seq, from_at, to_at, pbx_id, payload) VALUES ($1, $2, 9, $3, $4, $5, $6, $7, $8)`,
		f.mine.UUID(), uuid.NewSHA1(uuid.Nil, []byte{byte(pbx)}), firstSeq, firstSeq+uint64(len(events))-1,
		start.Add(events[0].at), start.Add(events[len(events)-1].at), pbx, batch)
}

type eventList struct {
	Events []api.RawEvent
	Next   *string
}

func TestEventsOfACallAreThoseOfItsChannelsAndBridges(t *testing.T) {
	f := newFixture(t)
	start := f.clock.now().Add(-time.Hour).Truncate(time.Second).UTC()
	id := uuid.New()
	f.addCalls(f.mine, aCall{id: id, at: start, story: `{"channels": [{"pbx": "office", "uniqueid": "17.1", "linkedid": "17.1", "name": "PJSIP/carrier-1"}]}`})
	mine, theirs := field(wire.FUniqueid, "17.1"), field(wire.FUniqueid, "17.9")
	f.archive(f.pbx, 1, start,
		said{0, wire.EvNewchannel, []wire.Field{mine, {Name: "X-Unknown", Value: "y"}}},
		said{time.Millisecond, wire.EvNewchannel, []wire.Field{theirs}},
		said{2 * time.Millisecond, wire.EvBridgeCreate, []wire.Field{field(wire.FBridgeUniqueid, "bridge-1")}},
		said{3 * time.Millisecond, wire.EvBridgeCreate, []wire.Field{field(wire.FBridgeUniqueid, "bridge-2")}})
	f.archive(f.pbx, 5, start,
		said{time.Second, wire.EvBridgeEnter, []wire.Field{field(wire.FBridgeUniqueid, "bridge-1"), mine}},
		said{2 * time.Second, wire.EvBridgeDestroy, []wire.Field{field(wire.FBridgeUniqueid, "bridge-1")}},
		said{3 * time.Second, wire.EvHangup, []wire.Field{mine}})
	f.archive(f.pbx, 8, start, said{10 * time.Minute, wire.EvHangup, []wire.Field{mine}}) // long after: another life of the id

	b := f.as("sveta")
	var got eventList
	b.do("GET", "/calls/"+id.String()+"/events", nil).into(t, &got)
	var names []string
	for _, e := range got.Events {
		names = append(names, fmt.Sprint(e.Seq, " ", e.Name))
	}
	want := []string{"1 Newchannel", "3 BridgeCreate", "5 BridgeEnter", "6 BridgeDestroy", "7 Hangup"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([][2]string{{"Uniqueid", "17.1"}, {"X-Unknown", "y"}}, got.Events[0].Fields); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
	if !got.Events[0].At.Equal(start) || got.Events[0].PBX != f.pbx || got.Next != nil {
		t.Errorf("%+v, next %v", got.Events[0], got.Next)
	}
}

func TestPagesOfEventsJoinTwoPBXsInTheOrderOfTime(t *testing.T) {
	f := newFixture(t)
	second := f.addPBX("branch", "")
	start := f.clock.now().Add(-time.Hour).Truncate(time.Second).UTC()
	id := uuid.New()
	f.addCalls(f.mine, aCall{id: id, at: start, story: `{"channels": [{"pbx": "office", "uniqueid": "17.1"}, {"pbx": "branch", "uniqueid": "17.1"}]}`})
	f.exec(f.mine, `UPDATE calls SET pbx_ids = $1`, []int32{f.pbx, second})
	own := []wire.Field{field(wire.FUniqueid, "17.1")}
	for i := range 10 {
		at := time.Duration(i) * time.Second
		f.archive(f.pbx, uint64(1+2*i), start, said{at, wire.EvNewstate, own}, said{at + 700*time.Millisecond, wire.EvNewstate, own})
		f.archive(second, uint64(1+2*i), start, said{at + 300*time.Millisecond, wire.EvNewstate, own}, said{at + 900*time.Millisecond, wire.EvNewstate, own})
	}
	b := f.as("sveta")
	var all []time.Time
	path := "/calls/" + id.String() + "/events?limit=7"
	for after := ""; ; {
		var got eventList
		b.do("GET", path+after, nil).into(t, &got)
		for _, e := range got.Events {
			all = append(all, e.At)
		}
		if got.Next == nil {
			break
		}
		after = "&after=" + *got.Next
	}
	if len(all) != 40 {
		t.Errorf("%d events, want 40", len(all))
	}
	for i := 1; i < len(all); i++ {
		if !all[i-1].Before(all[i]) {
			t.Errorf("event %d at %s comes after one at %s", i, all[i], all[i-1])
		}
	}
	if r := b.do("GET", path+"&after=1.2", nil); r.status != 400 {
		t.Errorf("a cursor that is none: %d", r.status)
	}
}
