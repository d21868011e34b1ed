package history

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/callweave/callweave/cloud/call"
)

// Tell writes a call down line by line: what it was first, then its rows in any order's own order. Two calls that are told
// alike are alike.
func Tell(c *call.Call) []string {
	lines := make([]string, 0, 16)
	say := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	for _, q := range c.Queues {
		say("  queue %s/%s %s-%s %s %s %s #%d%s", q.PBX, q.Queue, when(q.Entered), when(q.Left), q.Result, q.Operator, q.Member, q.Position, about(q.Estimated))
	}
	for _, r := range c.Rings {
		say("  ring %s/%s queue %q %s-%s %s%s", r.PBX, r.Operator, r.Queue, when(r.At), when(r.End), r.Result, about(r.Estimated))
	}
	for _, x := range c.Talks {
		kind := "talk"
		if x.Consult {
			kind = "consultation"
		}
		say("  %s %s/%s with %s queue %q %s-%s%s", kind, x.PBX, x.Operator, x.With, x.Queue, when(x.From), when(x.To), about(x.Estimated))
	}
	for _, h := range c.Holds {
		say("  hold %s/%s %s-%s%s", h.PBX, h.By, when(h.From), when(h.To), about(h.Estimated))
	}
	for _, x := range c.Transfers {
		say("  %s transfer %s/%s to %s at %s %s", x.Kind, x.PBX, x.By, x.To, when(x.At), x.Result)
	}
	for _, k := range c.Parkings {
		say("  parked %s/%s by %s %s-%s %s %s", k.PBX, k.Space, k.By, when(k.From), when(k.To), k.Result, k.Retriever)
	}
	for _, l := range c.Links {
		say("  link %s to %s by %s, %s", l.From, l.To, l.Kind, l.Confidence)
	}
	for _, x := range c.IVR {
		say("  step %s %s %q %s-%s", x.PBX, x.Application, x.Data, when(x.From), when(x.To))
	}
	slices.Sort(lines)
	head := fmt.Sprintf("%s %s > %s %s-%s answered %s: %s, ended by %s, on %s, trunk %q", c.Direction, c.Caller, c.Dialled,
		when(c.Start), when(c.End), when(c.Answered), c.Disposition, c.HangupBy, strings.Join(c.PBXs, ","), c.Trunk)
	if c.Open {
		head += ", open"
	}
	return append([]string{head}, lines...)
}

func when(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	us := t.UnixMicro() - epoch
	return fmt.Sprintf("%d.%06d", us/second, us%second)
}

func about(estimated bool) string {
	if estimated {
		return " (estimated)"
	}
	return ""
}
