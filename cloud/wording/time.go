package wording

import (
	"strconv"
	"time"

	"github.com/callweave/callweave/cloud/locale"
)

// Date is a day, in the zone of the speech.
func (s *Speech) Date(at time.Time) string {
	if at = at.In(s.Zone); s.Language == russian {
		return at.Format("02.01.2006")
	}
	return at.Format("2 Jan 2006")
}

// Clock is a time of day.
func (s *Speech) Clock(at time.Time) string { return at.In(s.Zone).Format("15:04") }

// Moment is a day and a time of day.
func (s *Speech) Moment(at time.Time) string { return s.Date(at) + " " + s.Clock(at) }

// Period words a half-open period: by its days where it consists of whole ones.
func (s *Speech) Period(from, to time.Time) string {
	if !midnight(from.In(s.Zone)) || !midnight(to.In(s.Zone)) {
		return s.Moment(from) + " – " + s.Moment(to)
	}
	first, last := s.Date(from), s.Date(to.In(s.Zone).AddDate(0, 0, -1))
	if first == last {
		return first
	}
	return first + " – " + last
}

func midnight(at time.Time) bool { return at.Hour() == 0 && at.Minute() == 0 && at.Second() == 0 }

// ZoneName is a zone with its distance from UTC at a moment.
func (s *Speech) ZoneName(name string, at time.Time) string {
	if zone, err := time.LoadLocation(name); err == nil && name != "" {
		return name + " (UTC" + at.In(zone).Format("-07:00") + ")"
	}
	return name
}

// Weekday is a day of the week, 1 is Monday.
func (s *Speech) Weekday(n int) string {
	names := []locale.Sentence{
		locale.Say("Monday"), locale.Say("Tuesday"), locale.Say("Wednesday"), locale.Say("Thursday"),
		locale.Say("Friday"), locale.Say("Saturday"), locale.Say("Sunday"),
	}
	if n < 1 || n > len(names) {
		return strconv.Itoa(n)
	}
	return s.Say(names[n-1])
}

// month is a month and its year.
func (s *Speech) month(at time.Time) string {
	names := []locale.Sentence{
		locale.Say("January"), locale.Say("February"), locale.Say("March"), locale.Say("April"), locale.Say("May"), locale.Say("June"),
		locale.Say("July"), locale.Say("August"), locale.Say("September"), locale.Say("October"), locale.Say("November"), locale.Say("December"),
	}
	return s.Say(names[at.Month()-1]) + " " + strconv.Itoa(at.Year())
}
