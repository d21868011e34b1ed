package names

import (
	"fmt"
	"time"

	"github.com/callweave/callweave/cloud/report"
)

// knownSince and knownAhead bound the changes of a zone that reports are told: calls are no older than that, and rosters
// and reports reach no further.
var knownSince = time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC)

const knownAhead = 2 // years

// ZoneError is a name that is no time zone.
type ZoneError struct{ Name string }

func (e *ZoneError) Error() string { return fmt.Sprintf("%q is no time zone", e.Name) }

// Location is the zone of an IANA name. It returns a [*ZoneError] for what is none, and for what would be another one on
// another machine.
func Location(name string) (*time.Location, error) {
	loc, err := time.LoadLocation(name)
	if err != nil || name == "" || name == "Local" {
		return nil, &ZoneError{name}
	}
	return loc, nil
}

// Shifts are the changes of a zone's offset in [from, to), the first being what was in force at from, since before all facts.
func Shifts(loc *time.Location, from, to time.Time) []report.Shift {
	var list []report.Shift
	for at := from; at.Before(to); {
		_, offset := at.In(loc).Zone()
		begin := at.UnixMilli()
		if len(list) == 0 {
			begin = 0
		}
		// A zone may change its name and not its clocks, as Moscow's did not in 1992.
		if n := len(list); n == 0 || list[n-1].Offset != int32(offset) {
			list = append(list, report.Shift{At: begin, Offset: int32(offset)})
		}
		_, end := at.In(loc).ZoneBounds()
		if end.IsZero() {
			break
		}
		at = end
	}
	return list
}
