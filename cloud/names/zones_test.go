package names_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/callweave/callweave/cloud/names"
	"github.com/callweave/callweave/cloud/report"
)

func location(t *testing.T, name string) *time.Location {
	t.Helper()
	loc, err := names.Location(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func TestShiftsAreTheChangesOfAZonesClocks(t *testing.T) {
	from, to := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	at := func(text string) int64 {
		moment, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return moment.UnixMilli()
	}
	for name, want := range map[string][]report.Shift{
		"Europe/Moscow":    {{Offset: 10800}},
		"America/New_York": {{Offset: -18000}, {At: at("2026-03-08T07:00:00Z"), Offset: -14400}, {At: at("2026-11-01T06:00:00Z"), Offset: -18000}},
		"Europe/Berlin":    {{Offset: 3600}, {At: at("2026-03-29T01:00:00Z"), Offset: 7200}, {At: at("2026-10-25T01:00:00Z"), Offset: 3600}},
		"UTC":              {{Offset: 0}},
	} {
		if diff := cmp.Diff(want, names.Shifts(location(t, name), from, to)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestShiftsAgreeWithTheClocksOfEveryHour(t *testing.T) {
	from, to := time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2028, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, name := range []string{"Asia/Vladivostok", "America/St_Johns", "Africa/Casablanca", "Australia/Lord_Howe", "Asia/Pyongyang", "Pacific/Apia"} {
		loc := location(t, name)
		shifts := names.Shifts(loc, from, to)
		for at, i := from, 0; at.Before(to); at = at.Add(30 * time.Minute) {
			for i+1 < len(shifts) && shifts[i+1].At <= at.UnixMilli() {
				i++
			}
			if _, offset := at.In(loc).Zone(); int32(offset) != shifts[i].Offset {
				t.Fatalf("%s at %s: offset %d, want %d", name, at, shifts[i].Offset, offset)
			}
		}
	}
}

func TestWhatIsNoZoneIsNamed(t *testing.T) {
	for _, name := range []string{"", "Local", "Mars/Olympus", "../etc/passwd"} {
		var zone *names.ZoneError
		if _, err := names.Location(name); !errors.As(err, &zone) || zone.Name != name {
			t.Errorf("%q: %v", name, err)
		}
	}
}
