package call

import "github.com/callweave/callweave/shared/wire"

const second = 1_000_000 // µs

const (
	stepForward  = 2 * second  // an event cannot arrive before it happens: this is the PBX's clock leaping ahead
	stepBack     = 60 * second // less may be events that waited on their way
	skewTrembles = second / 20 // the measured skew varies this much by itself
)

// clock turns the time of a PBX's events into UTC: the PBX's own time stamps, less its measured offset to the agent's
// clock. Where the PBX stamps nothing the time of arrival stands in; what it leaves unstamped among stamped events
// (answers, the greeting) is put on the same scale, so that the two never mix in one call.
type clock struct {
	stamped  bool
	measured bool
	skew     int64 // PBX clock minus agent clock
	hint     int64 // a measure that differs from the skew, and that a later one has to confirm; 0 for none
	hinted   int64 // its arrival
	offset   int64 // PBX time of the last stamped event minus its arrival
}

func (k *clock) at(ev *wire.Event) int64 {
	arrived := ev.Received / 1000
	if ev.PBXTime == 0 {
		if !k.stamped {
			return arrived
		}
		return arrived + k.offset - k.skew
	}
	offset := ev.PBXTime - arrived
	switch {
	case !k.stamped:
		k.stamped = true
		if !k.measured && (offset > stepForward || offset < -stepForward) {
			k.skew = offset
		}
	case offset-k.offset > stepForward, k.offset-offset > stepBack:
		k.skew += offset - k.offset
	}
	k.offset = offset
	return ev.PBXTime - k.skew
}

// measure takes the result of a Ping. A clock that was set is believed when it is measured a second time: of two agents
// with clocks of their own at one PBX neither is to move the times of the other's events.
func (k *clock) measure(offset, arrived int64) {
	switch {
	case !k.measured:
		k.skew, k.measured, k.hint = offset, true, 0
	case distance(offset, k.skew) <= skewTrembles:
		k.hint = 0
	case k.hint == 0 || distance(offset, k.hint) > skewTrembles:
		k.hint, k.hinted = offset, arrived
	case arrived > k.hinted:
		k.skew, k.hint = offset, 0
	}
}
