package coverage_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/callweave/callweave/cloud/coverage"
)

// at is a moment of a day, in minutes.
func at(minutes float64) time.Time {
	return time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC).Add(time.Duration(minutes * float64(time.Minute)))
}

func agent(first, last float64, gaps ...coverage.Gap) coverage.Agent {
	return coverage.Agent{First: at(first), Last: at(last), Gaps: gaps}
}

func gap(from, to float64, reason string, events uint64) coverage.Gap {
	return coverage.Gap{From: at(from), To: at(to), Reason: reason, Events: events}
}

// told writes a coverage in one line.
func told(c coverage.Coverage) string {
	var b strings.Builder
	minutes := func(t time.Time) float64 { return t.Sub(at(0)).Minutes() }
	fmt.Fprintf(&b, "%v of %v, %d lost", c.Covered.Minutes(), c.Period.Minutes(), c.Events)
	for _, m := range c.Missing {
		fmt.Fprintf(&b, "; %v-%v %s", minutes(m.From), minutes(m.To), strings.Join(m.Reasons, "+"))
		if m.Events > 0 {
			fmt.Fprintf(&b, " %d", m.Events)
		}
		if m.Estimated {
			b.WriteString(" estimated")
		}
	}
	return b.String()
}

func TestCoverageOfAPeriod(t *testing.T) {
	const now = 600
	for _, c := range []struct {
		name     string
		agents   []coverage.Agent
		from, to float64
		want     string
	}{
		{"never heard", nil, 0, 100, "0 of 0, 0 lost"},
		{"heard throughout", []coverage.Agent{agent(0, now)}, 100, 200, "100 of 100, 0 lost"},
		{"known since the middle", []coverage.Agent{agent(150, now)}, 100, 200, "50 of 50, 0 lost"},
		{"known since later", []coverage.Agent{agent(300, now)}, 100, 200, "0 of 0, 0 lost"},
		{"goes on", []coverage.Agent{agent(0, now-0.5)}, 500, 900, "100 of 100, 0 lost"},
		{"not heard any more", []coverage.Agent{agent(0, now-20)}, 500, 900, "80 of 100, 0 lost; 580-600 unheard estimated"},
		{"gap", []coverage.Agent{agent(0, now, gap(120, 130, "spool-full", 7))}, 100, 200, "90 of 100, 7 lost; 120-130 spool-full 7"},
		{"disconnected", []coverage.Agent{agent(0, now, gap(120, 130, "disconnected", 0))}, 100, 200, "90 of 100, 0 lost; 120-130 disconnected estimated"},
		{
			"overlapping gaps",
			[]coverage.Agent{agent(0, now, gap(120, 130, "spool-full", 7), gap(125, 140, "disconnected", 0), gap(140, 141, "damaged", 2), gap(150, 151, "damaged", 1))},
			100, 200, "78 of 100, 10 lost; 120-141 damaged+disconnected+spool-full 9 estimated; 150-151 damaged 1 estimated",
		},
		{"gap over the edge", []coverage.Agent{agent(0, now, gap(90, 110, "spool-full", 100))}, 100, 200, "90 of 100, 50 lost; 100-110 spool-full 50 estimated"},
		{"gap outside", []coverage.Agent{agent(0, now, gap(50, 60, "spool-full", 100), gap(200, 210, "spool-full", 3))}, 100, 200, "100 of 100, 0 lost"},
		{"events of one moment", []coverage.Agent{agent(0, now, gap(150, 150, "undecodable", 4))}, 100, 200, "100 of 100, 4 lost; 150-150 undecodable 4 estimated"},
		{"between two agents", []coverage.Agent{agent(0, 120), agent(140, now)}, 100, 200, "80 of 100, 0 lost; 120-140 unheard estimated"},
		{"two agents at a time", []coverage.Agent{agent(0, 160), agent(140, now)}, 100, 200, "100 of 100, 0 lost"},
		{
			"one hears what the other does not",
			[]coverage.Agent{agent(0, now, gap(120, 150, "disconnected", 0), gap(170, 170, "undecodable", 3)), agent(130, 180)},
			100, 200, "90 of 100, 0 lost; 120-130 disconnected estimated",
		},
		{"gap and then nobody", []coverage.Agent{agent(0, 150, gap(140, 150, "spool-age", 5)), agent(160, now)}, 100, 200, "80 of 100, 5 lost; 140-160 spool-age+unheard 5 estimated"},
		{"no time", []coverage.Agent{agent(0, now)}, 100, 100, "0 of 0, 0 lost"},
		{"future", []coverage.Agent{agent(0, now)}, 700, 800, "0 of 0, 0 lost"},
	} {
		if d := cmp.Diff(c.want, told(coverage.Of(c.agents, at(c.from), at(c.to), at(now)))); d != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, d)
		}
	}
}

func TestShareIsOfTheTimeThePBXWasKnown(t *testing.T) {
	c := coverage.Of([]coverage.Agent{agent(100, 600, gap(150, 175, "disconnected", 0))}, at(0), at(200), at(600))
	if share, ok := c.Share(); !ok || math.Abs(share-0.75) > 1e-9 || !c.Since.Equal(at(100)) {
		t.Errorf("share %v, %v, since %v", share, ok, c.Since)
	}
	if _, ok := coverage.Of(nil, at(0), at(200), at(600)).Share(); ok {
		t.Error("a PBX that was never heard has a share")
	}
}

// TestMinutesAreCoveredOrMissing counts minute by minute, which is another way to the same numbers.
func TestMinutesAreCoveredOrMissing(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		minute := rapid.IntRange(0, 60)
		var agents []coverage.Agent
		for range rapid.IntRange(1, 3).Draw(r, "agents") {
			first := minute.Draw(r, "first")
			a := agent(float64(first), float64(first+minute.Draw(r, "heard for")))
			for range rapid.IntRange(0, 4).Draw(r, "gaps") {
				from := minute.Draw(r, "from")
				a.Gaps = append(a.Gaps, gap(float64(from), float64(from+rapid.IntRange(1, 20).Draw(r, "for")), "damaged", 1))
			}
			agents = append(agents, a)
		}
		from := minute.Draw(r, "period from")
		to := from + minute.Draw(r, "period for")
		got := coverage.Of(agents, at(float64(from)), at(float64(to)), at(1000))
		known, covered := 0, 0
		for m := from; m < to; m++ {
			middle := at(float64(m) + 0.5)
			since, heard := false, false
			for _, a := range agents {
				since = since || a.First.Before(middle)
				hears := a.First.Before(middle) && middle.Before(a.Last)
				for _, g := range a.Gaps {
					hears = hears && (middle.Before(g.From) || g.To.Before(middle))
				}
				heard = heard || hears
			}
			if since {
				known++
			}
			if heard {
				covered++
			}
		}
		var missing time.Duration
		for i, m := range got.Missing {
			missing += m.To.Sub(m.From)
			if i > 0 && !got.Missing[i-1].To.Before(m.From) {
				r.Errorf("intervals touch: %s", told(got))
			}
		}
		if got.Period != time.Duration(known)*time.Minute || got.Covered != time.Duration(covered)*time.Minute || missing+got.Covered != got.Period {
			r.Errorf("%d of %d minutes are covered: %s", covered, known, told(got))
		}
	})
}
