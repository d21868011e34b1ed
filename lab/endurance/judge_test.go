package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/callweave/callweave/shared/wire"
)

var noon = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

func when(seconds float64) string {
	return noon.Add(time.Duration(seconds * float64(time.Second))).Format(time.RFC3339Nano)
}

// told is a call of one leg and one talk; its channels are the letters of its id.
func told(t *testing.T, id string, from, to float64, more string) *story {
	t.Helper()
	var channels []channel
	for _, unique := range strings.Split(id, "+") {
		channels = append(channels, channel{"A", unique})
	}
	named, err := json.Marshal(channels)
	if err != nil {
		t.Fatal(err)
	}
	s, err := newStory(fmt.Appendf(nil, `{"id":%q,"pbx":["A"],"caller":"1","dialled":"2","direction":"inbound","start":%q,"rev":%d,
		"channels":%s,"legs":[{"pbx":"A","start":%q,"end":%q}],"talks":[{"from":%q,"to":%q,"seconds":%v}]%s}`,
		id, when(from), len(id), named, when(from), when(to), when(from+1), when(to), to-from-1, more))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestComparisonTellsWhatHappenedToACall judges pairs of which it is known what is wrong with them.
func TestComparisonTellsWhatHappenedToACall(t *testing.T) {
	away := []blind{{pbx: "A", from: noon.Add(100 * time.Second), to: noon.Add(101 * time.Second)}}
	partial := `,"partial":true`
	for _, c := range []struct {
		name         string
		calm, shaken []*story
		want         verdict
	}{
		{"the same, a little later", []*story{told(t, "a", 1, 9, "")}, []*story{told(t, "a", 1.01, 9.01, "")}, verdict{Identical: 1}},
		{"too much later", []*story{told(t, "a", 1, 9, "")}, []*story{told(t, "a", 1, 10, "")}, verdict{Changed: 1}},
		{"another caller", []*story{told(t, "a", 1, 9, "")}, []*story{told(t, "a", 1, 9, `,"caller":"9"`)}, verdict{Changed: 1}},
		{"lost", []*story{told(t, "a", 1, 9, "")}, nil, verdict{Lost: 1}},
		{"doubled", []*story{told(t, "a", 1, 9, "")}, []*story{told(t, "a", 1, 9, ""), told(t, "a", 1, 9, "")}, verdict{Doubled: 1}},
		{"two made one", []*story{told(t, "a", 1, 9, ""), told(t, "b", 1, 9, "")}, []*story{told(t, "a+b", 1, 9, "")}, verdict{Changed: 2}},
		{"made up", nil, []*story{told(t, "a", 1, 9, "")}, verdict{Doubled: 1}},
		{"partial for no reason", []*story{told(t, "a", 1, 9, "")}, []*story{told(t, "a", 1, 9, partial)}, verdict{Changed: 1}},
		{"partial with a reason", []*story{told(t, "a", 98, 109, "")}, []*story{told(t, "a", 98, 109, partial)}, verdict{Excused: 1}},
		{"not partial with a reason", []*story{told(t, "a", 98, 109, "")}, []*story{told(t, "a", 98, 109.2, "")}, verdict{Changed: 1}},
		{"another caller with a reason", []*story{told(t, "a", 98, 109, "")}, []*story{told(t, "a", 98, 109, partial+`,"caller":"9"`)}, verdict{Changed: 1}},
		{"an end that is wrong and not marked", []*story{told(t, "a", 98, 101, "")}, []*story{told(t, "a", 98, 100.5, partial)}, verdict{Changed: 1}},
		{"nobody was there", []*story{told(t, "a", 100.2, 100.9, "")}, nil, verdict{Unseen: 1}},
		{"somebody was there", []*story{told(t, "a", 99, 100.9, "")}, nil, verdict{Lost: 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := judge(c.calm, c.shaken, away, tolerance(50*time.Millisecond))
			got.differences, got.Apart, c.want.Calls = nil, 0, len(c.calm)
			if d := cmp.Diff(c.want, *got, cmp.AllowUnexported(verdict{})); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// TestCallIsInPartsOnlyWhereATieWasMissed: two parts are excused by one missed event that ties them, and by nothing else.
func TestCallIsInPartsOnlyWhereATieWasMissed(t *testing.T) {
	missing := func(id wire.EventID, uniqueid string) []blind {
		return []blind{{
			pbx: "A", from: noon.Add(4 * time.Second), to: noon.Add(5 * time.Second),
			missed: []*wire.Event{{ID: id, Fields: []wire.Field{{ID: wire.FUniqueid, Value: uniqueid}}}},
		}}
	}
	calm := []*story{told(t, "a+b", 1, 9, "")}
	two := []*story{told(t, "a", 1, 9, `,"partial":true`), told(t, "b", 6, 8, "")}
	for _, c := range []struct {
		name   string
		shaken []*story
		times  []blind
		want   verdict
	}{
		{"a hold of one of them was missed", two, missing(wire.EvHold, "a"), verdict{Calls: 1, Parted: 1}},
		{"a hold of another call was missed", two, missing(wire.EvHold, "c"), verdict{Calls: 1, Doubled: 1}},
		{"an event that ties nothing was missed", two, missing(wire.EvDTMFEnd, "a"), verdict{Calls: 1, Doubled: 1}},
		{"three parts", append(two, told(t, "b", 6, 8, "")), missing(wire.EvHold, "a"), verdict{Calls: 1, Doubled: 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := judge(calm, c.shaken, c.times, tolerance(50*time.Millisecond))
			got.differences = nil
			if d := cmp.Diff(c.want, *got, cmp.AllowUnexported(verdict{})); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// TestWhatRemainsOfACallThatBeganUnseen: a PBX's part that nobody saw, and a phone that is taken for a call.
func TestWhatRemainsOfACallThatBeganUnseen(t *testing.T) {
	missed := []*wire.Event{{ID: wire.EvNewchannel, Fields: []wire.Field{{ID: wire.FUniqueid, Value: "b"}}}}
	away := []blind{{pbx: "B", last: noon.Add(time.Second), from: noon.Add(2 * time.Second), to: noon.Add(8 * time.Second), missed: missed}}
	leg := func(pbx, id string, from, to float64) string {
		return fmt.Sprintf(`{"pbx":%q,"uniqueid":%q,"start":%q,"answered":null,"end":%q}`, pbx, id, when(from), when(to))
	}
	tell := func(pbxs, channels, legs, more string) *story {
		s, err := newStory(fmt.Appendf(nil, `{"id":"x","pbx":%s,"start":%q,"channels":%s,"legs":[%s]%s}`, pbxs, when(3), channels, legs, more))
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	both := tell(`["B","A"]`, `[{"pbx":"A","uniqueid":"a"},{"pbx":"B","uniqueid":"b"}]`, leg("A", "a", 3, 5)+","+leg("B", "b", 3, 5), "")
	onlyA := `[{"pbx":"A","uniqueid":"a"}]`
	onlyB := `[{"pbx":"B","uniqueid":"b"}]`
	for _, c := range []struct {
		name         string
		calm, shaken []*story
		want         verdict
	}{
		{"the other PBX's part is there", []*story{both}, []*story{tell(`["A"]`, onlyA, leg("A", "a", 3, 5), "")}, verdict{Calls: 1, Parted: 1}},
		{"the other PBX's part is another", []*story{both}, []*story{tell(`["A"]`, onlyA, leg("A", "a", 3, 6), "")}, verdict{Calls: 1, Changed: 1}},
		{"a phone that is no call", nil, []*story{tell(`["B"]`, onlyB, leg("B", "b", 3, 9), `,"partial":true`)}, verdict{Stray: 1}},
		{"a phone that was seen from the beginning", nil, []*story{tell(`["A"]`, onlyA, leg("A", "a", 3, 9), `,"partial":true`)}, verdict{Doubled: 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := judge(c.calm, c.shaken, away, tolerance(50*time.Millisecond))
			got.differences = nil
			if d := cmp.Diff(c.want, *got, cmp.AllowUnexported(verdict{})); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}
