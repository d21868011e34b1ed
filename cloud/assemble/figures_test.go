package assemble_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/callweave/callweave/cloud/assemble"
	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/cloud/directory"
)

// TestTalkTimeLeavesConsultationsOut stores calls in which somebody was asked back, and reads their talk time.
func TestTalkTimeLeavesConsultationsOut(t *testing.T) {
	r, a := setUp(t)
	start := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	talk := func(operator, with string, from, to int, consult bool) call.Talk {
		second := func(n int) time.Time { return start.Add(time.Duration(n) * time.Second) }
		return call.Talk{PBX: "A", Operator: operator, With: with, From: second(from), To: second(to), Consult: consult}
	}
	made := func(id byte, d call.Direction, talks ...call.Talk) *call.Call {
		return &call.Call{ID: call.ID{id}, Rev: 1, Direction: d, PBXs: []string{"A"}, Start: start, End: start.Add(time.Minute), Talks: talks}
	}
	err := assemble.Import(t.Context(), r.db, directory.New(), a.tenant, []*call.Call{
		made(1, call.Internal, talk("102", "101", 0, 10, false), talk("104", "102", 10, 15, true), talk("104", "101", 15, 35, false)),
		made(2, call.Inbound, talk("101", "customer", 0, 10, false), talk("104", "101", 10, 15, true), talk("104", "customer", 15, 20, false)),
		made(3, call.Inbound, talk("101", "conference:800", 5, 20, false)),
	})
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[byte]int64{1: 30_000, 2: 15_000, 3: 15_000} {
		got := queryInt(t, r.db, a.tenant, `SELECT talk_ms FROM calls WHERE id = $1`, [16]byte{id})
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("call %d (-want +got):\n%s", id, d)
		}
	}
}
