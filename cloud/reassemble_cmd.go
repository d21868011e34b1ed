package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/cloud/directory"
	"github.com/callweave/callweave/cloud/identity"
	"github.com/callweave/callweave/cloud/reassemble"
)

type reassembleCmd struct {
	databaseFlags
	Tenant string `required:"" help:"Short name of the tenant."`
	From   string `required:"" help:"Calls that began at this moment or later: 2026-11-01, '2026-11-01 09:30' in the tenant's time zone, or RFC 3339."`
	To     string `help:"Calls that began before this moment. Default: now."`
	DryRun bool   `help:"Show what would change and write nothing."`
	Yes    bool   `help:"Write without asking; what changes is shown all the same."`
	Format string `enum:"auto,table,json" default:"auto" help:"${enum}; auto is a table on a terminal."`
}

// Run shows what today's rules make of stored events, and writes it when told to.
func (c reassembleCmd) Run(ctx context.Context, w *world) error {
	asks := !c.DryRun && !c.Yes
	if asks && (!isTerminal(w.out) || !isTerminal(os.Stdin)) {
		return errors.New("nobody can be asked here: add --dry-run to see what would change, or --yes to write it")
	}
	return withDatabase(ctx, c.databaseFlags, w, func(db *database) error {
		t, err := catalogue(db).BySlug(ctx, c.Tenant)
		if err != nil {
			return err
		}
		job := reassemble.Job{Tenant: t.ID, Write: c.Yes && !c.DryRun}
		if job.From, job.To, err = c.period(t.Zone, time.Now()); err != nil {
			return err
		}
		deps := reassemble.Deps{
			DB: db.DB, Directory: directory.New(), Log: w.log, Rules: identity.Rules{},
			NewAssembler: func() reassemble.Assembler { return call.New(call.Options{}) },
		}
		sum, err := c.show(ctx, deps, job, w.out)
		if err != nil || !asks || sum.Changed+sum.Added+sum.Gone == 0 {
			return err
		}
		if !confirmed(os.Stdin, w.out) {
			fmt.Fprintln(w.out, "Nothing was written.")
			return nil
		}
		job.Write, job.Tell = true, func(reassemble.Change) error { return nil }
		sum, err = reassemble.Run(ctx, deps, job)
		fmt.Fprintf(w.out, "Written: %d\n", sum.Written)
		return err
	})
}

// period reads the two moments.
func (c reassembleCmd) period(zone string, now time.Time) (from, to time.Time, err error) {
	place, err := time.LoadLocation(zone)
	if err != nil {
		return from, to, fmt.Errorf("read the tenant's time zone: %w", err)
	}
	if from, err = moment(c.From, place); err != nil {
		return from, to, fmt.Errorf("--from: %w", err)
	}
	if to = now; c.To != "" {
		if to, err = moment(c.To, place); err != nil {
			return from, to, fmt.Errorf("--to: %w", err)
		}
	}
	if !from.Before(to) {
		return from, to, fmt.Errorf("the period is empty: it begins %s and ends %s", from.Format(time.RFC3339), to.Format(time.RFC3339))
	}
	return from, to, nil
}

func moment(s string, place *time.Location) (time.Time, error) {
	for _, layout := range []string{time.RFC3339, time.DateOnly, "2006-01-02 15:04", time.DateTime} {
		if t, err := time.ParseInLocation(layout, s, place); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is no moment; write 2026-11-01, '2026-11-01 09:30' or 2026-11-01T09:30:00+03:00", s)
}

// show prints the changes as they are found, and a summary.
func (c reassembleCmd) show(ctx context.Context, deps reassemble.Deps, job reassemble.Job, out io.Writer) (reassemble.Summary, error) {
	b := bufio.NewWriter(out)
	var p printer = &jsonPrinter{w: b}
	if c.Format == "table" || c.Format == "auto" && isTerminal(out) {
		p = &tablePrinter{w: b, zone: job.From.Location()}
	}
	p.begin()
	job.Tell = func(change reassemble.Change) error {
		if err := p.change(change); err != nil {
			return err
		}
		return b.Flush()
	}
	sum, err := reassemble.Run(ctx, deps, job)
	if err != nil {
		_ = b.Flush()
		return sum, err
	}
	p.end(sum, job.Write)
	return sum, b.Flush()
}

func confirmed(in io.Reader, out io.Writer) bool {
	fmt.Fprint(out, "Write this? [y/N] ")
	answer, _ := bufio.NewReader(in).ReadString('\n')
	answer = strings.ToLower(strings.TrimSpace(answer))
	return answer == "y" || answer == "yes"
}

// printer prints changes.
type printer interface {
	begin()
	change(reassemble.Change) error
	end(sum reassemble.Summary, wrote bool)
}

// jsonPrinter prints {"changes": [...], "summary": {...}}, a change a line.
type jsonPrinter struct {
	w *bufio.Writer
	n int
}

func (p *jsonPrinter) begin() { _, _ = p.w.WriteString(`{"changes": [`) }

func (p *jsonPrinter) change(c reassemble.Change) error {
	line, err := json.Marshal(struct {
		Call    string             `json:"call"`
		Change  reassemble.Kind    `json:"change"`
		Start   time.Time          `json:"start"`
		Caller  string             `json:"caller"`
		Dialled string             `json:"dialled"`
		Fields  []reassemble.Field `json:"fields,omitempty"`
	}{c.Call.String(), c.Kind, c.Start, c.Caller, c.Dialled, c.Fields})
	if err != nil {
		return fmt.Errorf("print change: %w", err)
	}
	if p.n++; p.n > 1 {
		_ = p.w.WriteByte(',')
	}
	_ = p.w.WriteByte('\n')
	_, err = p.w.Write(line)
	return err
}

func (p *jsonPrinter) end(sum reassemble.Summary, _ bool) {
	text, _ := json.Marshal(sum) // numbers only
	fmt.Fprintf(p.w, "\n], \"summary\": %s}\n", text)
}

// tablePrinter prints a line a call and a line a field.
type tablePrinter struct {
	w    *bufio.Writer
	zone *time.Location
}

func (p *tablePrinter) begin() {}

func (p *tablePrinter) change(c reassemble.Change) error {
	fmt.Fprintf(p.w, "%-8s %s  %s → %s  %s\n", c.Kind, c.Start.In(p.zone).Format(time.DateTime), c.Caller, c.Dialled, c.Call)
	for _, f := range c.Fields {
		fmt.Fprintf(p.w, "         %s: %s → %s\n", f.Name, value(f.From), value(f.To))
	}
	return nil
}

// value prints a value for people.
func value(v any) string {
	switch v := v.(type) {
	case nil:
		return "nothing"
	case string:
		if v == "" {
			return "nothing"
		}
		return v
	}
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(text)
}

func (p *tablePrinter) end(sum reassemble.Summary, wrote bool) {
	fmt.Fprintf(p.w, "\nCalls compared: %d; unchanged: %d, changed: %d, added: %d, gone: %d\n", sum.Compared, sum.Same, sum.Changed, sum.Added, sum.Gone)
	for _, line := range []struct {
		n    int
		what string
	}{
		{sum.Live, "left to live assembly, which may still change them"},
		{sum.Unproved, "left as they are, because their events are not stored from the beginning"},
		{sum.Meanwhile, "left as they are, because somebody else changed them meanwhile; run it again"},
	} {
		if line.n > 0 {
			fmt.Fprintf(p.w, "Calls %s: %d\n", line.what, line.n)
		}
	}
	if wrote {
		fmt.Fprintf(p.w, "Written: %d\n", sum.Written)
	}
}
