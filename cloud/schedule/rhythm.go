package schedule

import (
	"slices"
	"time"

	"github.com/callweave/callweave/cloud/locale"
)

// How often a schedule is due.
const (
	Daily   = "day"
	Weekly  = "week"
	Monthly = "month"
)

// Rhythm says when a schedule is due, by the clocks of a zone.
type Rhythm struct {
	Every    string `json:"every"`              // day, week, month
	Weekdays []int  `json:"weekdays,omitempty"` // of week: 1 is Monday
	Day      int    `json:"day,omitempty"`      // of month: from 1; in a month that has no such day, its last
	At       int    `json:"at"`                 // minutes from midnight
	Zone     string `json:"zone"`               // IANA; "": the tenant's
}

// checked returns why a rhythm makes no sense.
func (r Rhythm) checked() error {
	if r.At < 0 || r.At >= 24*60 {
		return refuse(locale.Say("The time of day is between 0:00 and 23:59."))
	}
	if _, err := time.LoadLocation(r.Zone); err != nil || r.Zone == "Local" {
		return refuse(locale.Say("There is no time zone %q.", r.Zone))
	}
	switch r.Every {
	case Daily:
		return nil
	case Weekly:
		if len(r.Weekdays) == 0 || slices.ContainsFunc(r.Weekdays, func(d int) bool { return d < 1 || d > 7 }) {
			return refuse(locale.Say("Choose at least one weekday, 1 is Monday."))
		}
		return nil
	case Monthly:
		if r.Day < 1 || r.Day > 31 {
			return refuse(locale.Say("The day of the month is between 1 and 31."))
		}
		return nil
	}
	return refuse(locale.Say("Reports go out every day, week or month."))
}

// Next is the first moment after another at which a schedule is due. On a day whose clocks skip the time it is due as much
// later; on one that has it twice, the first time.
func (r Rhythm) Next(after time.Time, zone *time.Location) time.Time {
	year, month, day := after.In(zone).Date()
	for n := range 40 {
		date := time.Date(year, month, day+n, 0, 0, 0, 0, time.UTC)
		if at := onClock(date, r.At, zone); r.falls(date) && at.After(after) {
			return at
		}
	}
	return time.Time{} // a rhythm that was not checked
}

func (r Rhythm) falls(date time.Time) bool {
	switch r.Every {
	case Weekly:
		return slices.Contains(r.Weekdays, isoWeekday(date))
	case Monthly:
		last := time.Date(date.Year(), date.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day()
		return date.Day() == min(r.Day, last)
	}
	return true
}

func isoWeekday(date time.Time) int { return (int(date.Weekday())+6)%7 + 1 }

// onClock is the moment at which clocks of a zone show a time of a date.
func onClock(date time.Time, minutes int, zone *time.Location) time.Time {
	want := date.Add(time.Duration(minutes) * time.Minute)
	shows := func(at time.Time) time.Time {
		y, m, d := at.In(zone).Date()
		return time.Date(y, m, d, at.In(zone).Hour(), at.In(zone).Minute(), 0, 0, time.UTC)
	}
	at := time.Date(want.Year(), want.Month(), want.Day(), want.Hour(), want.Minute(), 0, 0, zone)
	if short := want.Sub(shows(at)); short > 0 { // the time is skipped, and this was taken to be before
		at = at.Add(short)
	}
	for _, earlier := range []time.Duration{2 * time.Hour, time.Hour, 30 * time.Minute} {
		if shows(at.Add(-earlier)).Equal(want) {
			return at.Add(-earlier)
		}
	}
	return at
}

// The periods a sending can be about, all of them over when it is due, but for those that begin with this or are today.
const (
	Today     = "today"
	Yesterday = "yesterday"
	Week      = "last-week"
	Month     = "last-month"
	Days7     = "7d"
	Days30    = "30d"
	ThisWeek  = "this-week"
	ThisMonth = "this-month"
)

// Periods are all of them.
func Periods() []string {
	return []string{Today, Yesterday, Days7, Days30, ThisWeek, Week, ThisMonth, Month}
}

// Span is a period, half open.
type Span struct{ From, To time.Time }

// SpanOf is the period of a name at a moment, by days of a zone, and the one before it to compare with: as long by the
// calendar.
func SpanOf(name string, at time.Time, zone *time.Location) (span, before Span) {
	y, m, d := at.In(zone).Date()
	day := func(months, days int) time.Time {
		return onClock(time.Date(y, m+time.Month(months), d+days, 0, 0, 0, 0, time.UTC), 0, zone)
	}
	days := func(from, to int) Span { return Span{day(0, from), day(0, to)} }
	monday := 1 - isoWeekday(time.Date(y, m, d, 0, 0, 0, 0, time.UTC))
	first := func(months int) time.Time {
		return onClock(time.Date(y, m+time.Month(months), 1, 0, 0, 0, 0, time.UTC), 0, zone)
	}
	switch name {
	case Today:
		return Span{day(0, 0), at}, Span{day(0, -1), at.AddDate(0, 0, -1)}
	case Days7:
		return days(-7, 0), days(-14, -7)
	case Days30:
		return days(-30, 0), days(-60, -30)
	case ThisWeek:
		return Span{day(0, monday), at}, Span{day(0, monday-7), at.AddDate(0, 0, -7)}
	case Week:
		return days(monday-7, monday), days(monday-14, monday-7)
	case ThisMonth:
		as := first(-1).Add(at.Sub(first(0)))
		if as.After(first(0)) {
			as = first(0) // the month before was shorter
		}
		return Span{first(0), at}, Span{first(-1), as}
	case Month:
		return Span{first(-1), first(0)}, Span{first(-2), first(-1)}
	}
	return days(-1, 0), days(-2, -1)
}
