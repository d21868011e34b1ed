package call

import (
	"encoding/hex"
	"fmt"
)

// String writes an id as UUIDs are written.
func (id ID) String() string {
	var b [36]byte
	hex.Encode(b[:8], id[:4])
	hex.Encode(b[9:13], id[4:6])
	hex.Encode(b[14:18], id[6:8])
	hex.Encode(b[19:23], id[8:10])
	hex.Encode(b[24:], id[10:])
	b[8], b[13], b[18], b[23] = '-', '-', '-', '-'
	return string(b[:])
}

func nameIn(names []string, n uint8, what string) string {
	if int(n) < len(names) {
		return names[n]
	}
	return fmt.Sprintf("%s(%d)", what, n)
}

// String returns the direction as the call contract spells it, "" if it is unknown.
func (d Direction) String() string {
	return nameIn([]string{"", "inbound", "outbound", "internal"}, uint8(d), "direction")
}

// String returns the disposition as the call contract spells it, "" if it is unknown.
func (d Disposition) String() string {
	return nameIn([]string{
		"", "answered", "abandoned", "timeout", "join_empty", "leave_empty", "voicemail", "no_answer", "busy",
		"rejected", "failed",
	}, uint8(d), "disposition")
}

// String returns the party as the call contract spells it, "" if it is unknown.
func (p Party) String() string {
	return nameIn([]string{"", "caller", "callee", "pbx"}, uint8(p), "party")
}

// String returns the result as the call contract spells it, "" if it is unknown.
func (r Result) String() string {
	return nameIn([]string{
		"", "answered", "abandoned", "timeout", "leave_empty", "join_empty", "transferred", "other", "cancelled",
		"no_answer", "busy", "declined", "redirected", "failed", "completed", "retrieved",
	}, uint8(r), "result")
}

// String names the kind of a leg.
func (k LegKind) String() string {
	return nameIn([]string{"", "customer", "operator", "trunk", "service"}, uint8(k), "leg")
}

// String names the kind of an operator's interval, "" if it is unknown.
func (k StateKind) String() string {
	return nameIn([]string{
		"", "logged_in", "paused", "penalty", "wrap_up", "ringing", "busy", "on_hold", "idle", "unreachable",
	}, uint8(k), "state")
}
