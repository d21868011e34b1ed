package truth

import (
	"fmt"
	"slices"
	"strings"
)

// Structure is what two runs of the same scenario have in common, whatever the clock said: who called whom, which queues
// with which result, who rang, who talked with whom, how it ended. Of rings only the operators count when loose is set, for
// scenarios that are cut shorter than their recording.
func Structure(c *Found, loose bool) string {
	var rings, talks []string
	for _, r := range c.Rings {
		rings = append(rings, rang(r.Operator, r.Result, loose))
	}
	for _, t := range c.Talks {
		talks = append(talks, bare(t.Operator)+"-"+bare(t.With))
	}
	slices.Sort(rings)
	slices.Sort(talks)
	if loose {
		rings = slices.Compact(rings)
	}
	return fmt.Sprintf("%s %s > %s | queues %s | rings %s | talks %s | %s by %s", c.Direction, c.Caller, c.Dialled,
		foundQueues(c), strings.Join(rings, ", "), strings.Join(slices.Compact(talks), ", "), c.Disposition, c.HangupBy)
}

// Structures gives the structure of every call, in an order that does not hang on milliseconds.
func Structures(calls []*Found, loose bool) []string {
	var out []string
	for _, c := range calls {
		out = append(out, Structure(c, loose))
	}
	slices.Sort(out)
	return out
}

// Outline is what two plays of one scenario have in common: Structure, of the truth.
func Outline(c *Call, loose bool) string {
	var rings, talks []string
	for _, r := range c.Rings {
		rings = append(rings, rang(r.Who, ringWord(r.Result), loose))
	}
	for who := range TalkTimes(c) {
		talks = append(talks, who)
	}
	slices.Sort(rings)
	slices.Sort(talks)
	if loose {
		rings = slices.Compact(rings)
	}
	return fmt.Sprintf("%s %s > %s | queues %s | rings %s | talks %s | %s by %s", c.Direction, c.Caller, c.Dialled,
		wantedQueues(c), strings.Join(rings, ", "), strings.Join(talks, ", "), wantedDisposition(c), wantedHangup(c))
}

// Outlines gives the outline of every call, in the same order as Structures.
func Outlines(calls []*Call, loose bool) []string {
	var out []string
	for _, c := range calls {
		out = append(out, Outline(c, loose))
	}
	slices.Sort(out)
	return out
}

func rang(who, result string, loose bool) string {
	if loose {
		return bare(who)
	}
	return bare(who) + " " + result
}

// ringWord drops which status refused a ring: "rejected-404".
func ringWord(result string) string {
	word, _, _ := strings.Cut(result, "-")
	return word
}
