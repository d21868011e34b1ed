package assemble_test

import (
	"testing"
	"time"

	"github.com/callweave/callweave/cloud/assemble"
	"github.com/callweave/callweave/cloud/call"
)

// scripted hands out calls as told, one list at each drain.
type scripted struct {
	*counting
	script *[][]*call.Call
}

func (s scripted) Drain() (calls []*call.Call) {
	if list := *s.script; len(list) > 0 {
		calls, *s.script = list[0], list[1:]
	}
	return calls
}

// TestCallThatGoesOnAgainHasTheFactsOfItsLastEnd: a call was final with two talks; what a PBX that was behind tells opens it
// again; it ends with one.
func TestCallThatGoesOnAgainHasTheFactsOfItsLastEnd(t *testing.T) {
	r, a := setUp(t)
	noon := time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)
	version := func(rev uint32, open bool, talks int) []*call.Call {
		c := &call.Call{ID: callID("one"), Rev: rev, Open: open, Direction: call.Internal, PBXs: []string{a.name}, Caller: "101", Dialled: "102", Start: noon}
		if !open {
			c.End = noon.Add(time.Minute)
		}
		for n := range talks {
			from := noon.Add(time.Duration(n) * 10 * time.Second)
			c.Talks = append(c.Talks, call.Talk{PBX: a.name, Operator: "102", With: "101", From: from, To: from.Add(5 * time.Second)})
		}
		return []*call.Call{c}
	}
	script := [][]*call.Call{version(1, true, 0), version(2, false, 2), version(3, true, 1), version(4, false, 1)}
	r.make = func() assemble.Assembler { return scripted{newCounting().(*counting), &script} } //nolint:forcetypeassert // it is one
	r.start()
	for _, want := range []int64{0, 2, 0, 1} {
		r.must(a.next(t, 1))
		if got := queryInt(t, r.db, a.tenant, `SELECT count(*) FROM segments`); got != want {
			t.Errorf("%d talks are counted, want %d", got, want)
		}
	}
}
