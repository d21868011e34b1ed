package history

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/callweave/callweave/cloud/call"
)

// Row is a row of a call in words, with the time it covers. To is zero while it lasts.
type Row struct {
	Line      string
	PBX       string
	From, To  time.Time
	Estimated bool
}

// Tell writes a call down: what it was on the whole, then its rows, sorted. Two calls that are told alike are alike.
func Tell(c *call.Call) []string {
	rows := Rows(c)
	lines := make([]string, 0, len(rows)+1)
	lines = append(lines, Head(c))
	for _, r := range rows {
		lines = append(lines, r.Line)
	}
	slices.Sort(lines[1:])
	return lines
}

// Head tells what a call was on the whole.
func Head(c *call.Call) string {
	head := fmt.Sprintf("%s %s > %s %s-%s answered %s: %s, ended by %s, on %s, trunk %q", c.Direction, c.Caller, c.Dialled,
		when(c.Start), when(c.End), when(c.Answered), c.Disposition, c.HangupBy, strings.Join(c.PBXs, ","), c.Trunk)
	if c.Open {
		head += ", open"
	}
	return head
}

// Rows tells the rows of a call.
func Rows(c *call.Call) []Row {
	rows := make([]Row, 0, 16)
	say := func(pbx string, from, to time.Time, estimated bool, format string, args ...any) {
		line := fmt.Sprintf("  "+format, args...)
		if estimated {
			line += " (estimated)"
		}
		rows = append(rows, Row{Line: line, PBX: pbx, From: from, To: to, Estimated: estimated})
	}
	for _, q := range c.Queues {
		say(q.PBX, q.Entered, q.Left, q.Estimated, "queue %s/%s %s-%s %s %s %s #%d", q.PBX, q.Queue, when(q.Entered), when(q.Left), q.Result, q.Operator, q.Member, q.Position)
	}
	for _, r := range c.Rings {
		say(r.PBX, r.At, r.End, r.Estimated, "ring %s/%s queue %q %s-%s %s", r.PBX, r.Operator, r.Queue, when(r.At), when(r.End), r.Result)
	}
	for _, x := range c.Talks {
		kind := "talk"
		if x.Consult {
			kind = "consultation"
		}
		say(x.PBX, x.From, x.To, x.Estimated, "%s %s/%s with %s queue %q %s-%s", kind, x.PBX, x.Operator, x.With, x.Queue, when(x.From), when(x.To))
	}
	for _, h := range c.Holds {
		say(h.PBX, h.From, h.To, h.Estimated, "hold %s/%s %s-%s", h.PBX, h.By, when(h.From), when(h.To))
	}
	for _, x := range c.Transfers {
		say(x.PBX, x.At, x.At, x.Estimated, "%s transfer %s/%s to %s at %s %s", x.Kind, x.PBX, x.By, x.To, when(x.At), x.Result)
	}
	for _, k := range c.Parkings {
		say(k.PBX, k.From, k.To, k.Estimated, "parked %s/%s by %s %s-%s %s %s", k.PBX, k.Space, k.By, when(k.From), when(k.To), k.Result, k.Retriever)
	}
	for _, l := range c.Links {
		say(l.From, c.Start, c.End, false, "link %s to %s by %s, %s", l.From, l.To, l.Kind, l.Confidence)
	}
	for _, x := range c.IVR {
		say(x.PBX, x.From, x.To, false, "step %s %s %q %s-%s", x.PBX, x.Application, x.Data, when(x.From), when(x.To))
	}
	return rows
}

func when(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	us := t.UnixMicro() - epoch
	return fmt.Sprintf("%d.%06d", us/second, us%second)
}
