// Package wording says in a person's language what reports hold: the names of rows, figures with their units, periods,
// filters, policies, coverage. It is for what leaves the product as files and letters; the portal words its own pages. It
// computes no figure.
package wording

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/callweave/callweave/cloud/locale"
	"github.com/callweave/callweave/cloud/report"
)

const (
	noBreak = "\u00A0"
	russian = "ru"
)

// Speech words things in one language, for one zone, with the names of one tenant.
type Speech struct {
	Language string
	Zone     *time.Location // of dates and times
	words    *locale.Words
	names    *lookup
}

// New makes a Speech. names may be nil where no row of a report is to be named.
func New(words *locale.Words, language string, zone *time.Location, names *report.Names) *Speech {
	if names == nil {
		names = &report.Names{}
	}
	return &Speech{Language: language, Zone: zone, words: words, names: newLookup(names)}
}

// Say says a sentence.
func (s *Speech) Say(what locale.Sentence) string { return s.words.In(s.Language, what) }

// Of says a text whose English is its id and stands in the catalogue of reports: titles, formulas.
func (s *Speech) Of(id string) string {
	if id == "" {
		return ""
	}
	return s.words.In(s.Language, locale.Text(id))
}

// Value words a figure: a duration as m:ss or h:mm:ss, a share as a percentage, without decimals unless it is below ten. No
// figure is a dash.
func (s *Speech) Value(unit string, v report.Value) string {
	f := float64(v)
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return "–"
	}
	switch unit {
	case report.UnitMS:
		return Duration(f)
	case report.UnitShare:
		return s.percent(f)
	case report.UnitTime:
		return s.Moment(time.UnixMilli(int64(f)))
	case report.UnitRatio:
		return s.number(f, 2)
	}
	return s.number(f, 0)
}

// Change words by how much a figure differs from that of the period before: shares in points, everything else in per cent.
// It is empty where there is nothing to compare with.
func (s *Speech) Change(unit string, now, before report.Value) string {
	a, b := float64(now), float64(before)
	if math.IsNaN(a) || math.IsNaN(b) || unit == report.UnitTime || unit == report.UnitText {
		return ""
	}
	if unit == report.UnitShare {
		points := (a - b) * 100
		return sign(points, 1) + s.number(math.Abs(points), 1) + noBreak + s.Say(locale.Say("points"))
	}
	if b == 0 {
		return ""
	}
	share := (a - b) / math.Abs(b)
	return sign(share*100, 0) + s.percent(math.Abs(share))
}

func sign(f float64, decimals int) string {
	switch unit := math.Pow10(-decimals) / 2; {
	case f >= unit:
		return "+"
	case f <= -unit:
		return "−"
	}
	return "±"
}

func (s *Speech) percent(f float64) string {
	decimals := 0
	if p := math.Abs(f * 100); p != 0 && p < 9.95 && math.Abs(p-math.Round(p)) >= 0.05 {
		decimals = 1
	}
	text := s.number(f*100, decimals)
	if s.Language == russian {
		return text + noBreak + "%"
	}
	return text + "%"
}

// number groups thousands and takes the language's decimal sign. Zeros behind it are left away.
func (s *Speech) number(f float64, decimals int) string {
	text := strconv.FormatFloat(math.Abs(f), 'f', decimals, 64)
	whole, part, _ := strings.Cut(text, ".")
	part = strings.TrimRight(part, "0")
	group, point := ",", "."
	if s.Language == russian {
		group, point = noBreak, ","
	}
	var b strings.Builder
	if f < 0 && strings.Trim(text, "0.") != "" {
		b.WriteString("−")
	}
	for i, digit := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(group)
		}
		b.WriteRune(digit)
	}
	if part != "" {
		b.WriteString(point + part)
	}
	return b.String()
}

// Duration is milliseconds as m:ss or h:mm:ss, rounded to seconds.
func Duration(ms float64) string {
	total := int64(math.Round(ms / 1000))
	minus := ""
	if total < 0 {
		minus, total = "−", -total
	}
	h, m, sec := total/3600, total/60%60, total%60
	two := func(n int64) string { return strconv.FormatInt(n/10, 10) + strconv.FormatInt(n%10, 10) }
	if h > 0 {
		return minus + strconv.FormatInt(h, 10) + ":" + two(m) + ":" + two(sec)
	}
	return minus + strconv.FormatInt(m, 10) + ":" + two(sec)
}
