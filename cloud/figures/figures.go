// Package figures computes reports on the server, for what leaves it as files and letters: it puts the facts somebody may see,
// the names, the engine and the words together. It reads; it decides nothing and formats nothing.
package figures

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/export"
	"github.com/callweave/callweave/cloud/locale"
	"github.com/callweave/callweave/cloud/names"
	"github.com/callweave/callweave/cloud/pg"
	"github.com/callweave/callweave/cloud/report"
	"github.com/callweave/callweave/cloud/rights"
	"github.com/callweave/callweave/cloud/wording"
	"github.com/callweave/callweave/tenants"
)

// What one report may be of.
const (
	mostCalls = 3_000_000 // some 400 bytes each while it is computed
	mostDays  = 400
)

// Errors of this package. ErrTooLarge is a period of too many calls, ErrNoReport a report that the catalogue does not have.
var (
	ErrTooLarge = errors.New("the report is of more calls than one is given memory for")
	ErrNoReport = errors.New("there is no such report")
)

// QueryError is a query that the engine does not take.
type QueryError struct{ Reason string }

func (e *QueryError) Error() string { return e.Reason }

// Facts read the facts of a period as a scope sees them: the sections that are needed.
type Facts interface {
	Read(ctx context.Context, tx pgx.Tx, tenant tenants.ID, scope rights.Scope, from, to time.Time, sections []string) (*report.Facts, error)
}

// Computer computes reports.
type Computer struct {
	db    *pg.DB
	facts Facts
	words *locale.Words
	now   func() time.Time
}

// New makes a Computer.
func New(db *pg.DB, facts Facts, words *locale.Words, now func() time.Time) *Computer {
	return &Computer{db: db, facts: facts, words: words, now: now}
}

// Asker is who a report is for.
type Asker struct {
	Tenant   tenants.ID
	Scope    rights.Scope
	Language string
}

// Report computes a report, with all its rows. ErrNoReport, ErrTooLarge, [*QueryError] and [*names.ZoneError] come back.
func (c *Computer) Report(ctx context.Context, who Asker, q report.Query) (*export.Report, error) {
	d, ok := report.ReportOf(q.Report)
	if !ok {
		return nil, ErrNoReport
	}
	now := c.now()
	q.Limit = 0
	if q.Now == 0 {
		q.Now = now.UnixMilli()
	}
	from, to := time.UnixMilli(q.From), time.UnixMilli(q.To)
	if q.Before != nil {
		from, to = earlier(from, time.UnixMilli(q.Before.From)), later(to, time.UnixMilli(q.Before.To))
	}
	if !from.Before(to) || to.Sub(from) > 2*mostDays*24*time.Hour {
		return nil, ErrTooLarge
	}
	to = later(to, to.AddDate(0, 0, d.After))
	var n report.Names
	var f *report.Facts
	err := c.db.As(who.Tenant).Read(ctx, func(tx pgx.Tx) (err error) {
		if err := c.small(ctx, tx, who.Tenant, from, to); err != nil {
			return err
		}
		if n, err = names.Read(ctx, tx, who.Scope, names.Period{From: from, To: to, Now: now}, asked(q.Zone)...); err != nil {
			return err
		}
		f, err = c.facts.Read(ctx, tx, who.Tenant, who.Scope, from, to, d.Needs)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("compute report: %w", err)
	}
	return c.worded(who, d, q, f, &n)
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// asked is the zone that names have to know beside those they know anyway.
func asked(zone string) []string {
	if zone == "" || zone == "queue" {
		return nil
	}
	return []string{zone}
}

// small counts before it reads.
func (*Computer) small(ctx context.Context, tx pgx.Tx, tenant tenants.ID, from, to time.Time) error {
	var n int
	err := tx.QueryRow(ctx, `SELECT count(*) FROM (SELECT FROM calls WHERE tenant_id = $1 AND started >= $2 AND started < $3 LIMIT $4) AS counted`,
		tenant.UUID(), from, to, mostCalls+1).Scan(&n)
	if err != nil {
		return err
	}
	if n > mostCalls {
		return ErrTooLarge
	}
	return nil
}

// worded runs the engine and puts beside its table what is said about it.
func (c *Computer) worded(who Asker, d report.Definition, q report.Query, f *report.Facts, n *report.Names) (*export.Report, error) {
	zoneName := q.Zone
	if len(asked(zoneName)) == 0 {
		zoneName = n.Zone
	}
	zone, err := names.Location(zoneName)
	if err != nil {
		return nil, fmt.Errorf("compute report: %w", err)
	}
	table, err := report.New(f, n).Table(q)
	if err != nil {
		return nil, &QueryError{err.Error()}
	}
	r := &export.Report{
		Definition: d, Measures: map[string]report.Measure{}, Query: q, Table: table, Coverage: n.Coverage,
		Say: wording.New(c.words, who.Language, zone, n), ZoneName: zoneName, Made: c.now(),
	}
	for _, col := range table.Columns {
		if m, ok := report.MeasureOf(col.ID); ok {
			r.Measures[col.ID] = m
		}
	}
	return r, nil
}
