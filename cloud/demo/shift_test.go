package demo_test

import (
	"testing"
	"time"

	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/cloud/demo"
)

// TestPhonesDoOneThingAtATime also holds that breaks lie within log-ins and that every kind of state comes up.
func TestPhonesDoOneThingAtATime(t *testing.T) {
	from, to := month()
	type lane struct{ pbx, operator, queue string }
	until, logged, ids, kinds := map[lane]time.Time{}, map[lane]call.Interval{}, map[call.ID]bool{}, map[call.StateKind]int{}
	for x := range demo.States(from, to) {
		if ids[x.ID] {
			t.Fatalf("told twice: %+v", x)
		}
		ids[x.ID] = true
		kinds[x.Kind]++
		if !x.From.Before(x.To) || x.To.After(to) {
			t.Fatalf("from %s to %s: %+v", x.From, x.To, x)
		}
		phone := lane{x.PBX, x.Operator, ""}
		switch x.Kind {
		case call.StateLoggedIn:
			logged[lane{x.PBX, x.Operator, x.Queue}] = x
		case call.StatePaused:
			if in := logged[lane{x.PBX, x.Operator, x.Queue}]; x.From.Before(in.From) || x.To.After(in.To) {
				t.Errorf("paused outside of a shift: %+v", x)
			}
		case call.StateWrapUp:
		default:
			if x.From.Before(until[phone]) {
				t.Errorf("two states at once: %+v", x)
			}
			until[phone] = x.To
		}
	}
	for _, kind := range []call.StateKind{call.StateLoggedIn, call.StatePaused, call.StateWrapUp, call.StateRinging, call.StateBusy, call.StateHold, call.StateIdle} {
		if kinds[kind] < 100 {
			t.Errorf("%d states of kind %s", kinds[kind], kind)
		}
	}
}

func TestStatesAreTheSameWheneverTheyAreInvented(t *testing.T) {
	from, to := month()
	whole := map[call.ID]call.Interval{}
	for x := range demo.States(from, to) {
		whole[x.ID] = x
	}
	for x := range demo.States(to.AddDate(0, 0, -3), to) {
		if whole[x.ID] != x {
			t.Errorf("invented anew: %+v, before %+v", x, whole[x.ID])
		}
	}
}
