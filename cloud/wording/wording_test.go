package wording_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/callweave/callweave/cloud/locale"
	"github.com/callweave/callweave/cloud/report"
	"github.com/callweave/callweave/cloud/wording"
)

func speech(t *testing.T, language, zone string) *wording.Speech {
	t.Helper()
	words, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	place, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	return wording.New(words, language, place, nil)
}

func TestFiguresAreWordedWithTheirUnits(t *testing.T) {
	for _, c := range []struct {
		unit    string
		v       report.Value
		english string
		russian string
	}{
		{report.UnitMS, 65_400, "1:05", "1:05"},
		{report.UnitMS, 3_600_000 * 27, "27:00:00", "27:00:00"},
		{report.UnitMS, 59_600, "1:00", "1:00"},
		{report.UnitShare, 0.8125, "81%", "81\u00A0%"},
		{report.UnitShare, 0.0826, "8.3%", "8,3\u00A0%"},
		{report.UnitShare, 0.08, "8%", "8\u00A0%"},
		{report.UnitShare, 0, "0%", "0\u00A0%"},
		{report.UnitShare, 1, "100%", "100\u00A0%"},
		{report.UnitCount, 1_234_567, "1,234,567", "1\u00A0234\u00A0567"},
		{report.UnitCount, 0, "0", "0"},
		{report.UnitRatio, -1234.5, "−1,234.5", "−1\u00A0234,5"},
		{report.UnitRatio, -0.001, "0", "0"},
		{report.UnitCount, report.None(), "–", "–"},
	} {
		if got := speech(t, "en", "UTC").Value(c.unit, c.v); got != c.english {
			t.Errorf("%s %v: %q, want %q", c.unit, c.v, got, c.english)
		}
		if got := speech(t, "ru", "UTC").Value(c.unit, c.v); got != c.russian {
			t.Errorf("%s %v in Russian: %q, want %q", c.unit, c.v, got, c.russian)
		}
	}
}

func TestChangesOfSharesAreInPoints(t *testing.T) {
	s := speech(t, "en", "UTC")
	got := []string{
		s.Change(report.UnitShare, 0.812, 0.79), s.Change(report.UnitCount, 90, 100), s.Change(report.UnitMS, 100, 100),
		s.Change(report.UnitCount, 5, 0), s.Change(report.UnitMS, 5, report.None()),
	}
	if diff := cmp.Diff([]string{"+2.2\u00A0points", "−10%", "±0%", "", ""}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestPeriodsAreWordedByTheDaysOfTheZone(t *testing.T) {
	s := speech(t, "en", "Asia/Vladivostok")
	from := time.Date(2026, 3, 1, 14, 0, 0, 0, time.UTC) // midnight of the 2nd there
	for want, to := range map[string]time.Time{
		"2 Mar 2026":                          from.Add(24 * time.Hour),
		"2 Mar 2026 – 3 Mar 2026":             from.Add(48 * time.Hour),
		"2 Mar 2026 00:00 – 2 Mar 2026 10:30": from.Add(10*time.Hour + 30*time.Minute),
	} {
		if got := s.Period(from, to); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	// A day on which clocks are put back has 25 hours and is one day all the same.
	s = speech(t, "ru", "Europe/Berlin")
	from = time.Date(2026, 10, 24, 22, 0, 0, 0, time.UTC)
	if got := s.Period(from, from.Add(25*time.Hour)); got != "25.10.2026" {
		t.Errorf("%q", got)
	}
}

func TestCoverageNeverRoundsUpToComplete(t *testing.T) {
	s := speech(t, "en", "UTC")
	heard := []report.Heard{{PBX: 1, Since: 1, Missing: []report.Missing{{From: 1000, To: 1001}}}}
	if got := s.Coverage(heard, 0, 1_000_000_000)[0].Text; got != "Complete for 99.99% of the time." {
		t.Errorf("%q", got)
	}
	if got := s.Coverage(nil, 0, 1000)[0].Text; got != "Nothing was heard of any PBX in this period." {
		t.Errorf("%q", got)
	}
}

func TestRowsAreNamed(t *testing.T) {
	s := speech(t, "en", "Europe/Moscow")
	for want, k := range map[string]struct {
		dim string
		key report.Key
	}{
		"09:00–10:00": {report.ByHour, report.Key{ID: 9}},
		"Sunday":      {report.ByWeekday, report.Key{ID: 7}},
		"March 2026":  {report.ByMonth, report.Key{ID: time.Date(2026, 2, 28, 21, 0, 0, 0, time.UTC).UnixMilli()}},
		"Abandoned":   {report.ByDisposition, report.Key{ID: 2}},
		"Busy":        {report.ByResult, report.Key{Label: "busy"}},
		"0:20":        {report.ByStep, report.Key{ID: 20}},
		"longer":      {report.ByStep, report.Key{}},
		"Blind":       {report.ByKind, report.Key{ID: 1, Label: "blind"}},
		"#7":          {report.ByQueue, report.Key{ID: 7}},
		"(none)":      {report.ByQueue, report.Key{}},
	} {
		if got := s.Key(&report.Table{}, k.dim, k.key); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestBucketsOfSeveralZonesShowTheirClocks(t *testing.T) {
	s := speech(t, "en", "Europe/Moscow")
	wall := report.Key{ID: time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC).UnixMilli()}
	if got := s.Key(&report.Table{Wall: true}, report.ByInterval, wall); got != "2 Mar 2026 09:30" {
		t.Errorf("%q", got)
	}
	if got := s.Key(&report.Table{}, report.ByInterval, wall); got != "2 Mar 2026 12:30" {
		t.Errorf("%q", got)
	}
}

func TestTextsThatAreCodesAreWorded(t *testing.T) {
	s := speech(t, "en", "UTC")
	for _, c := range [][3]string{
		{"disposition", "leave_empty", "Operators left"},
		{"call_flags", "partial, hops", "not heard completely, over several PBXs"},
		{"hangup_by", "callee", "the other side"},
		{"in_queues", "open, sales", "open, sales"},
		{"case_state", "", ""},
	} {
		if got := s.Text(c[0], c[1]); got != c[2] {
			t.Errorf("%s %q: %q, want %q", c[0], c[1], got, c[2])
		}
	}
}
