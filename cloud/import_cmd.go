package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/google/uuid"

	"github.com/callweave/callweave/cloud/directory"
	"github.com/callweave/callweave/cloud/identity"
	"github.com/callweave/callweave/cloud/importing"
	"github.com/callweave/callweave/cloud/logs"
)

type importCmd struct {
	databaseFlags
	Tenant   string            `required:"" help:"Short name of the tenant."`
	PBX      string            `required:"" name:"pbx" help:"Name of the PBX that wrote the logs."`
	QueueLog []string          `name:"queue-log" type:"existingfile" sep:"none" help:"A queue_log, or its table exported to CSV. May be given several times, as the others: rotated files, gzip or bzip2."`
	Cel      []string          `name:"cel" type:"existingfile" sep:"none" help:"A CEL file (Master.csv), or its table exported to CSV."`
	Cdr      []string          `name:"cdr" type:"existingfile" sep:"none" help:"A CDR file (Master.csv), or its table exported to CSV."`
	Zone     string            `help:"Time zone of local times in the files, for example Europe/Moscow. Default: the tenant's."`
	Encoding string            `default:"utf-8" help:"Encoding of the files: utf-8, windows-1251, koi8-r, …"`
	From     string            `help:"Calls that began at this moment or later: 2026-11-01, '2026-11-01 09:30' in the time zone, or RFC 3339."`
	To       string            `help:"Calls that began before this moment."`
	Member   map[string]string `help:"Whose device a member of queues has that queue_log names: 'Anna Alpha=PJSIP/101'. May be given several times."`
	DryRun   bool              `help:"Show what the logs say otherwise than what was heard, and write no call."`
	Format   string            `enum:"auto,table,json" default:"auto" help:"${enum}; auto is a table on a terminal."`
}

// Run imports logs and prints where they differ from what was heard.
func (c importCmd) Run(ctx context.Context, w *world) error {
	sources := c.sources()
	if len(sources) == 0 {
		return errors.New("name files to import: --queue-log, --cel, --cdr")
	}
	return withDatabase(ctx, c.databaseFlags, w, func(db *database) error {
		t, err := catalogue(db).BySlug(ctx, c.Tenant)
		if err != nil {
			return err
		}
		reading, err := c.reading(t.Zone)
		if err != nil {
			return err
		}
		table := c.Format == "table" || c.Format == "auto" && isTerminal(w.out)
		p := newDifferencePrinter(w.out, reading.Zone, table)
		sum, err := importing.Run(ctx, importing.Deps{
			DB: db.DB, Directory: directory.New(), Rules: identity.Rules{}, Log: w.log, Now: time.Now,
		}, importing.Job{
			ID: uuid.New(), Tenant: t.ID, Sources: sources, Reading: reading, DryRun: c.DryRun, Tell: p.difference,
		})
		if err != nil {
			_ = p.flush()
			return err
		}
		return p.end(sum, c.DryRun)
	})
}

func (c importCmd) sources() (list []importing.Source) {
	for _, k := range []struct {
		kind  logs.Kind
		files []string
	}{{logs.QueueLog, c.QueueLog}, {logs.CEL, c.Cel}, {logs.CDR, c.Cdr}} {
		for _, file := range k.files {
			list = append(list, importing.Source{
				Name: filepath.Base(file), Kind: k.kind, Open: func() (io.ReadCloser, error) { return os.Open(file) },
			})
		}
	}
	return list
}

func (c importCmd) reading(tenantZone string) (importing.Reading, error) {
	r := importing.Reading{PBX: c.PBX, Encoding: c.Encoding, Members: c.Member}
	zone, err := time.LoadLocation(cmp.Or(c.Zone, tenantZone))
	if err != nil {
		return r, fmt.Errorf("--zone: %q is no time zone; write for example Europe/Moscow", c.Zone)
	}
	r.Zone = zone
	if c.From != "" {
		if r.From, err = moment(c.From, zone); err != nil {
			return r, fmt.Errorf("--from: %w", err)
		}
	}
	if c.To != "" {
		if r.To, err = moment(c.To, zone); err != nil {
			return r, fmt.Errorf("--to: %w", err)
		}
	}
	if !r.From.IsZero() && !r.To.IsZero() && !r.From.Before(r.To) {
		return r, fmt.Errorf("the period is empty: it begins %s and ends %s", r.From.Format(time.RFC3339), r.To.Format(time.RFC3339))
	}
	return r, nil
}

// differencePrinter prints differences as they are found: {"differences": [...], "summary": {...}} or a table.
type differencePrinter struct {
	w     *bufio.Writer
	table *tabwriter.Writer // nil: JSON
	zone  *time.Location
	n     int
}

func newDifferencePrinter(w io.Writer, zone *time.Location, table bool) *differencePrinter {
	p := &differencePrinter{w: bufio.NewWriter(w), zone: zone}
	if table {
		p.table = tabwriter.NewWriter(p.w, 0, 4, 2, ' ', 0)
	}
	return p
}

func (p *differencePrinter) difference(d *importing.Difference) error {
	p.n++
	if p.table != nil {
		if p.n == 1 {
			_, _ = fmt.Fprintln(p.table, "START\tCALLER\tFIGURE\tHEARD\tLOGS\tREASON\tCALL")
		}
		_, err := fmt.Fprintf(p.table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", d.Start.In(p.zone).Format(time.DateTime), d.Caller, d.Figure,
			cmp.Or(d.Stored, "–"), cmp.Or(d.Logged, "–"), d.Sentence(), d.Call)
		return err
	}
	line, err := json.Marshal(d)
	if err != nil {
		return fmt.Errorf("print difference: %w", err)
	}
	_, err = fmt.Fprintf(p.w, "%s\n%s", p.before(), line)
	return err
}

const jsonBegin = `{"differences": [`

// before is what stands before a difference in JSON.
func (p *differencePrinter) before() string {
	if p.n == 1 {
		return jsonBegin
	}
	return ","
}

func (p *differencePrinter) flush() error {
	if p.table != nil {
		_ = p.table.Flush()
	}
	return p.w.Flush()
}

func (p *differencePrinter) end(sum importing.Summary, dry bool) error {
	if p.table == nil {
		text, err := json.Marshal(sum)
		if err != nil {
			return err
		}
		if p.n == 0 {
			_, _ = p.w.WriteString(jsonBegin)
		}
		_, _ = fmt.Fprintf(p.w, "\n], \"summary\": %s}\n", text)
		return p.flush()
	}
	_ = p.table.Flush()
	_, _ = fmt.Fprintf(p.w, "\nCalls in the logs: %d\n", sum.Calls)
	for _, line := range []struct {
		n    int
		what string
	}{
		{sum.New, "new"},
		{sum.Replaced, "put in place of what an earlier import made"},
		{sum.Same, "as an earlier import made them"},
		{sum.Kept, "left as an earlier import of more logs made them"},
		{sum.Equal, "heard, and the logs say the same"},
		{sum.Different, "heard, and the logs say otherwise: what was heard stands"},
		{sum.OnlyInLogs, "left out: everything of that time was heard, and no such call"},
	} {
		if line.n > 0 {
			_, _ = fmt.Fprintf(p.w, "  %d %s\n", line.n, line.what)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(sum.Unknown)) {
		_, _ = fmt.Fprintf(p.w, "Nobody knows the device of the member %q: add --member '%s=PJSIP/…' and import again.\n", name, name)
	}
	if dry {
		_, _ = fmt.Fprintln(p.w, "Nothing was written.")
	} else {
		_, _ = fmt.Fprintf(p.w, "Written: %d calls, %d states of operators\n", sum.Written, sum.States)
	}
	return p.flush()
}
