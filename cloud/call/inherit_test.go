package call_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/callweave/callweave/cloud/call"
)

func TestHeirKnowsEndpointsAndQueuesAndNoCalls(t *testing.T) {
	events := eventsOf(t, recordingsOf(t, "22/e1-*")[0])
	a := call.New(call.Options{})
	for _, e := range events {
		a.Feed(e.pbx, e.ev)
	}
	state, err := a.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	heir := call.New(call.Options{})
	if err := heir.Inherit(state, events[0].ev.Received); err != nil {
		t.Fatal(err)
	}
	if list := heir.Flush(); len(list) > 0 {
		t.Errorf("the heir has calls: %v", list)
	}
	for _, f := range a.Learned() {
		if f.Kind == call.FactOperator && !slices.Contains(heir.Learned(), f) {
			t.Errorf("the heir does not know %+v", f)
		}
	}
	for _, e := range events {
		heir.Feed(e.pbx, e.ev)
	}
	want, got := ids(a.Flush()), ids(heir.Flush())
	if d := cmp.Diff(want, got); d != "" || len(want) == 0 {
		t.Errorf("the heir gives calls other ids (-want +got):\n%s", d)
	}
	if err := call.New(call.Options{}).Inherit(state[1:], 0); !errors.Is(err, call.ErrState) {
		t.Errorf("a damaged state is inherited: %v", err)
	}
}

func ids(list []*call.Call) (out []string) {
	for _, c := range list {
		out = append(out, c.ID.String())
	}
	return out
}
