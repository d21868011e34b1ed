package logs

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"time"
)

// Times in logs are seconds since 1970, or local times without a zone. A local time of the hour that clocks show twice when
// summer time ends is one of two moments. The channel's own identifier tells which, for it begins with the second of its
// birth: no row about a channel is older than the channel. Where both moments are younger it is the earlier one, unless an
// earlier row of the same file is later than that.

// ErrNoTime says that a field holds no time.
var ErrNoTime = errors.New("no time")

var layouts = []string{"2006-01-02 15:04:05", "2006-01-02T15:04:05", "2006/01/02 15:04:05", "02.01.2006 15:04:05"}

// stamp is a time as a log has it.
type stamp struct {
	first, second int64 // µs since 1970; second is the other moment a doubled local time may be, 0 for none
	whole         bool  // to the second
	skipped       bool  // clocks never showed it
}

// parse reads a time.
func parse(s string, zone *time.Location) (stamp, error) {
	s = strings.TrimSpace(s)
	if t, ok := epoch(s); ok {
		return t, nil
	}
	if t, err := time.Parse(time.RFC3339Nano, strings.Replace(s, " ", "T", 1)); err == nil {
		return stamp{first: t.UnixMicro(), whole: !strings.Contains(s, ".")}, nil
	}
	for _, layout := range layouts {
		if t, err := time.ParseInLocation(layout, s, zone); err == nil {
			return local(t, layout, s), nil
		}
	}
	return stamp{}, ErrNoTime
}

// latest is the last second, since 1970, that is taken for a time.
const latest = 8e9

func epoch(s string) (stamp, bool) {
	whole, fraction, exact := strings.Cut(s, ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || n < 1e8 || n > latest || exact && fraction == "" {
		return stamp{}, false
	}
	t := stamp{first: n * 1e6, whole: !exact}
	if exact {
		f, err := strconv.ParseFloat("0."+fraction, 64)
		if err != nil {
			return stamp{}, false
		}
		t.first += int64(math.Round(f * 1e6))
	}
	return t, true
}

// local finds the moments that a clock on the wall may have meant.
func local(t time.Time, layout, text string) stamp {
	shown := text
	if i := strings.IndexByte(text, '.'); i >= 0 && strings.Count(layout, ".") == 0 {
		shown = text[:i]
	}
	s := stamp{first: t.UnixMicro(), whole: t.Nanosecond() == 0 && len(shown) == len(text)}
	s.skipped = t.Format(layout) != shown
	for _, by := range []time.Duration{-time.Hour, -30 * time.Minute, 30 * time.Minute, time.Hour} {
		if o := t.Add(by); o.Format(layout) == shown {
			s.first, s.second = min(t.UnixMicro(), o.UnixMicro()), max(t.UnixMicro(), o.UnixMicro())
		}
	}
	return s
}

// resolve decides between the moments. born is the birth of the channel the row is about, after what the file said before;
// 0 is unknown.
func (s stamp) resolve(born, after int64) int64 {
	switch {
	case s.second == 0:
		return s.first
	case born != 0 && s.first < born-2e6:
		return s.second
	case after != 0 && s.first < after && s.second >= after:
		return s.second
	}
	return s.first
}

// Born reads the birth of a channel out of its Uniqueid ([system-]epoch.counter), µs; 0 where it tells none.
func Born(uniqueid string) int64 {
	id := uniqueid[strings.LastIndexByte(uniqueid, '-')+1:]
	whole, _, ok := strings.Cut(id, ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	if !ok || err != nil || n < 1e8 || n > latest {
		return 0
	}
	return n * 1e6
}
