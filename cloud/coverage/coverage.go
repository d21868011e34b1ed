// Package coverage says how complete what was heard of a PBX is, over a period. It is arithmetic: it opens nothing and
// reads no clock.
package coverage

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// Reasons of gaps that are known nowhere but by what is missing.
const (
	// Unheard is the reason where no agent listened: between two agents of a PBX, or since the only one was last heard.
	Unheard = "unheard"
	// Silent is the reason of a gap in which an agent should have said something, for it asks its PBX for the time, and did not.
	Silent = "silent"
	// Disconnected is the reason of a gap in which an agent had no connection to its PBX, or did not run.
	Disconnected = "disconnected"
)

// OnItsWay is how long ago the latest event may be without anything being missing: agents hear from their PBX more often,
// and what they heard is stored within seconds.
const OnItsWay = time.Minute

// Agent is what one agent heard of a PBX: all from the first event to the last, but for the gaps.
type Agent struct {
	First, Last time.Time
	Gaps        []Gap
}

// Gap is a time in which events of an agent are missing. Events is zero where nobody can know how many.
type Gap struct {
	From, To time.Time
	Reason   string
	Events   uint64
}

// Coverage is how complete a period is for one PBX.
type Coverage struct {
	Since   time.Time     // of the PBX nothing is known before; zero: nothing at all
	Period  time.Duration // the part of the period that has passed and in which the PBX was known
	Covered time.Duration // the part of that in which everything was heard
	Missing []Missing     // the rest, in order
	Events  uint64        // known to be lost in it
}

// Share is the part of the time that is covered, and false where there is none to speak of.
func (c Coverage) Share() (float64, bool) {
	if c.Period <= 0 {
		return 0, false
	}
	return float64(c.Covered) / float64(c.Period), true
}

// Missing is an interval in which something is missing. It has no length where events of one moment are lost.
type Missing struct {
	From, To  time.Time
	Reasons   []string // in alphabetical order
	Events    uint64   // known to be lost in it; of a gap that reaches beyond the interval its share
	Estimated bool     // its bounds are when something was last and next heard, or its events a share
}

// Of works out the coverage of [from, to) for a PBX that some agents heard, one after the other or at the same time. now is
// the present.
func Of(agents []Agent, from, to, now time.Time) Coverage {
	var c Coverage
	if to.After(now) {
		to = now
	}
	for _, a := range agents {
		if c.Since.IsZero() || a.First.Before(c.Since) {
			c.Since = a.First
		}
	}
	if c.Since.After(from) {
		from = c.Since
	}
	if c.Since.IsZero() || !from.Before(to) {
		return c
	}
	c.Period = to.Sub(from)
	gone := missing(agents, span{from, to}, now)
	c.Covered = c.Period
	for _, s := range gone {
		c.Covered -= s.to.Sub(s.from)
		m := describe(s, agents)
		c.Events += m.Events
		c.Missing = append(c.Missing, m)
	}
	return c
}

type span struct{ from, to time.Time }

func (s span) empty() bool { return !s.from.Before(s.to) }

func (s span) overlap(o span) span {
	if o.from.After(s.from) {
		s.from = o.from
	}
	if o.to.Before(s.to) {
		s.to = o.to
	}
	return s
}

// missing returns what no agent heard of a period: what is left of it when all that each one heard is taken away.
// Moments at which one agent lost events and no other listened are part of it, as spans without length.
func missing(agents []Agent, period span, now time.Time) []span {
	left := []span{period}
	for _, a := range agents {
		for _, h := range a.heard(now) {
			left = without(left, h)
		}
	}
	for i, a := range agents {
		for _, g := range a.Gaps {
			if g.From.Equal(g.To) && !g.From.Before(period.from) && g.From.Before(period.to) && !otherHeard(agents, i, g.From, now) {
				left = append(left, span{g.From, g.From})
			}
		}
	}
	return merged(left)
}

// heard are the times in which an agent heard everything.
func (a Agent) heard(now time.Time) []span {
	whole := span{a.First, a.Last}
	if now.Sub(a.Last) <= OnItsWay {
		whole.to = now
	}
	heard := []span{whole}
	for _, g := range a.Gaps {
		heard = without(heard, span{g.From, g.To})
	}
	return heard
}

func otherHeard(agents []Agent, but int, at, now time.Time) bool {
	for i, a := range agents {
		if i != but && slices.ContainsFunc(a.heard(now), func(s span) bool { return s.from.Before(at) && at.Before(s.to) }) {
			return true
		}
	}
	return false
}

// without takes a span out of others.
func without(list []span, cut span) []span {
	if cut.empty() {
		return list
	}
	var out []span
	for _, s := range list {
		if s.overlap(cut).empty() {
			out = append(out, s)
			continue
		}
		if before := (span{s.from, cut.from}); !before.empty() {
			out = append(out, before)
		}
		if after := (span{cut.to, s.to}); !after.empty() {
			out = append(out, after)
		}
	}
	return out
}

// merged orders spans and makes one of those that touch.
func merged(list []span) []span {
	slices.SortFunc(list, func(x, y span) int { return cmp.Or(x.from.Compare(y.from), x.to.Compare(y.to)) })
	var out []span
	for _, s := range list {
		if n := len(out); n > 0 && !s.from.After(out[n-1].to) {
			if s.to.After(out[n-1].to) {
				out[n-1].to = s.to
			}
			continue
		}
		out = append(out, s)
	}
	return out
}

// describe says why an interval is missing and what was lost in it.
func describe(s span, agents []Agent) Missing {
	m := Missing{From: s.from, To: s.to}
	unexplained := []span{s}
	for _, a := range agents {
		for _, g := range a.Gaps {
			lost := span{g.From, g.To}
			within := s.overlap(lost)
			if within.empty() && (!g.From.Equal(g.To) || g.From.Before(s.from) || g.From.After(s.to)) {
				continue
			}
			if !slices.Contains(m.Reasons, g.Reason) {
				m.Reasons = append(m.Reasons, g.Reason)
			}
			events := g.Events
			if !lost.empty() && within != lost {
				events = uint64(math.Ceil(float64(events) * float64(within.to.Sub(within.from)) / float64(lost.to.Sub(lost.from))))
				m.Estimated = m.Estimated || events != 0
			}
			m.Events += events
			m.Estimated = m.Estimated || !exact(g.Reason)
			unexplained = without(unexplained, lost)
		}
	}
	if slices.ContainsFunc(unexplained, func(u span) bool { return !u.empty() }) {
		m.Reasons = append(m.Reasons, Unheard)
		m.Estimated = true
	}
	slices.Sort(m.Reasons)
	return m
}

// exact tells the reasons whose gaps have the times of the lost events themselves.
func exact(reason string) bool {
	switch reason {
	case "spool-full", "spool-age", "unwritable":
		return true
	}
	return false
}
