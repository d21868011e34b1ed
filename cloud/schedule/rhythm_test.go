package schedule_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/callweave/callweave/cloud/schedule"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// dues lists when a rhythm is due from a moment on, as clocks of its zone show it, with the distance from UTC.
func dues(r schedule.Rhythm, z *time.Location, from time.Time, n int) (list []string) {
	for range n {
		from = r.Next(from, z)
		list = append(list, from.In(z).Format("Mon 2006-01-02 15:04 -0700"))
	}
	return list
}

func TestSchedulesAreDueOncePerDayWhateverClocksDo(t *testing.T) {
	berlin := zone(t, "Europe/Berlin")
	for name, c := range map[string]struct {
		at   int
		from time.Time
		want []string
	}{
		"a time that clocks skip": {
			150, time.Date(2026, 3, 28, 0, 0, 0, 0, berlin),
			[]string{"Sat 2026-03-28 02:30 +0100", "Sun 2026-03-29 03:30 +0200", "Mon 2026-03-30 02:30 +0200"},
		},
		"a time that clocks show twice": {
			150, time.Date(2026, 10, 24, 0, 0, 0, 0, berlin),
			[]string{"Sat 2026-10-24 02:30 +0200", "Sun 2026-10-25 02:30 +0200", "Mon 2026-10-26 02:30 +0100"},
		},
		"a time far from the change": {
			480, time.Date(2026, 3, 28, 0, 0, 0, 0, berlin),
			[]string{"Sat 2026-03-28 08:00 +0100", "Sun 2026-03-29 08:00 +0200", "Mon 2026-03-30 08:00 +0200"},
		},
	} {
		got := dues(schedule.Rhythm{Every: schedule.Daily, At: c.at}, berlin, c.from, 3)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	// In Beirut clocks skip midnight itself.
	beirut := zone(t, "Asia/Beirut")
	got := dues(schedule.Rhythm{Every: schedule.Daily}, beirut, time.Date(2026, 3, 28, 12, 0, 0, 0, beirut), 2)
	if diff := cmp.Diff([]string{"Sun 2026-03-29 01:00 +0300", "Mon 2026-03-30 00:00 +0300"}, got); diff != "" {
		t.Errorf("midnight skipped (-want +got):\n%s", diff)
	}
}

func TestWeeklyAndMonthlyRhythms(t *testing.T) {
	moscow := zone(t, "Europe/Moscow")
	from := time.Date(2026, 1, 29, 8, 0, 0, 0, moscow)
	got := dues(schedule.Rhythm{Every: schedule.Weekly, Weekdays: []int{1, 5}, At: 8 * 60}, moscow, from, 3)
	if diff := cmp.Diff([]string{"Fri 2026-01-30 08:00 +0300", "Mon 2026-02-02 08:00 +0300", "Fri 2026-02-06 08:00 +0300"}, got); diff != "" {
		t.Errorf("weekly (-want +got):\n%s", diff)
	}
	got = dues(schedule.Rhythm{Every: schedule.Monthly, Day: 31, At: 60}, moscow, from, 3)
	if diff := cmp.Diff([]string{"Sat 2026-01-31 01:00 +0300", "Sat 2026-02-28 01:00 +0300", "Tue 2026-03-31 01:00 +0300"}, got); diff != "" {
		t.Errorf("the last day of the month (-want +got):\n%s", diff)
	}
	got = dues(schedule.Rhythm{Every: schedule.Monthly, Day: 1, At: 60}, moscow, from, 2)
	if diff := cmp.Diff([]string{"Sun 2026-02-01 01:00 +0300", "Sun 2026-03-01 01:00 +0300"}, got); diff != "" {
		t.Errorf("the first of the month (-want +got):\n%s", diff)
	}
	exactly := time.Date(2026, 2, 2, 8, 0, 0, 0, moscow)
	if next := (schedule.Rhythm{Every: schedule.Daily, At: 480}).Next(exactly, moscow); !next.Equal(exactly.AddDate(0, 0, 1)) {
		t.Errorf("due again at the moment it was due: %s", next)
	}
}

func TestPeriodsAreWholeDaysOfTheZone(t *testing.T) {
	berlin := zone(t, "Europe/Berlin")
	at := time.Date(2026, 3, 30, 7, 0, 0, 0, berlin) // a Monday; clocks were put on the day before
	const form = "2006-01-02 15:04 -0700"
	for name, want := range map[string][4]string{
		schedule.Yesterday: {"2026-03-29 00:00 +0100", "2026-03-30 00:00 +0200", "2026-03-28 00:00 +0100", "2026-03-29 00:00 +0100"},
		schedule.Week:      {"2026-03-23 00:00 +0100", "2026-03-30 00:00 +0200", "2026-03-16 00:00 +0100", "2026-03-23 00:00 +0100"},
		schedule.Month:     {"2026-02-01 00:00 +0100", "2026-03-01 00:00 +0100", "2026-01-01 00:00 +0100", "2026-02-01 00:00 +0100"},
		schedule.Days7:     {"2026-03-23 00:00 +0100", "2026-03-30 00:00 +0200", "2026-03-16 00:00 +0100", "2026-03-23 00:00 +0100"},
		schedule.Today:     {"2026-03-30 00:00 +0200", "2026-03-30 07:00 +0200", "2026-03-29 00:00 +0100", "2026-03-29 07:00 +0200"},
		schedule.ThisMonth: {"2026-03-01 00:00 +0100", "2026-03-30 07:00 +0200", "2026-02-01 00:00 +0100", "2026-03-01 00:00 +0100"},
	} {
		span, before := schedule.SpanOf(name, at, berlin)
		got := [4]string{}
		for i, moment := range []time.Time{span.From, span.To, before.From, before.To} {
			got[i] = moment.In(berlin).Format(form)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
