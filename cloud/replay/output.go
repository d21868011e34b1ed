package replay

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/callweave/callweave/cloud/call"
)

// writeJSON writes {"calls": [...]}, a call a line.
func writeJSON(w io.Writer, calls []*call.Call) error {
	b := bufio.NewWriter(w)
	_, _ = b.WriteString(`{"calls": [`)
	for i, c := range calls {
		line, err := json.Marshal(c)
		if err != nil {
			return fmt.Errorf("write call %s: %w", c.ID, err)
		}
		if i > 0 {
			_ = b.WriteByte(',')
		}
		_ = b.WriteByte('\n')
		_, _ = b.Write(line)
	}
	_, _ = b.WriteString("\n]}\n")
	return b.Flush()
}

// writeTable writes a line a call, with its queues, talks and transfers in words.
func writeTable(w io.Writer, calls []*call.Call) error {
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	_, _ = fmt.Fprintln(t, "START\tLENGTH\tDIRECTION\tCALLER\tDIALLED\tRESULT\tENDED BY\tRINGS\tSTORY")
	for _, c := range calls {
		result := c.Disposition.String()
		if c.Open {
			result = "open"
		}
		_, _ = fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%d\t%s\n", c.Start.Format("2006-01-02 15:04:05"), length(c.Start, c.End),
			c.Direction, c.Caller, c.Dialled, result, c.HangupBy, len(c.Rings), story(c))
	}
	return t.Flush()
}

func length(from, to time.Time) string {
	if to.IsZero() {
		return "-"
	}
	return to.Sub(from).Round(100 * time.Millisecond).String()
}

// story tells the call in one line.
func story(c *call.Call) string {
	var parts []string
	for _, q := range c.Queues {
		parts = append(parts, fmt.Sprintf("queue %s %s %s", q.Queue, length(q.Entered, q.Left), q.Result))
	}
	for _, t := range c.Talks {
		part := fmt.Sprintf("%s with %s %s", t.Operator, t.With, length(t.From, t.To))
		if t.Consult {
			part += " (consultation)"
		}
		parts = append(parts, part)
	}
	for _, h := range c.Holds {
		parts = append(parts, fmt.Sprintf("%s holds %s", h.By, length(h.From, h.To)))
	}
	for _, x := range c.Transfers {
		parts = append(parts, fmt.Sprintf("%s transfer %s to %s %s", x.Kind, x.By, x.To, x.Result))
	}
	for _, k := range c.Parkings {
		parts = append(parts, strings.TrimSpace(fmt.Sprintf("parked at %s %s %s %s", k.Space, length(k.From, k.To), k.Result, k.Retriever)))
	}
	for _, l := range c.Links {
		parts = append(parts, fmt.Sprintf("%s to %s by %s (%s)", l.From, l.To, l.Kind, l.Confidence))
	}
	return strings.Join(parts, "; ")
}
