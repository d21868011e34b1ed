package facts

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/report"
	format "github.com/callweave/callweave/cloud/report/facts"
	"github.com/callweave/callweave/cloud/rights"
	"github.com/callweave/callweave/tenants"
)

// Reader reads facts natively, for exports, e-mails and tests: the same that browsers get, in the caller's snapshot.
type Reader struct{ Now func() time.Time }

// Read returns the facts of a period: of its days (UTC, as far as there are any), and of days before it whose calls reach into
// it. Sections are named as in [format.Section.String]; ids are among what comes.
func (r Reader) Read(ctx context.Context, tx pgx.Tx, tenant tenants.ID, scope rights.Scope, from, to time.Time, sections []string) (*report.Facts, error) {
	var list []format.Section
	for _, name := range sections {
		sec, ok := format.ParseSection(name)
		if !ok {
			return nil, fmt.Errorf("read facts: there is no section %q", name)
		}
		list = append(list, sec)
	}
	v, err := newView(ctx, tx, tenant, scope)
	if err != nil {
		return nil, fmt.Errorf("read facts: %w", err)
	}
	days, err := daysOf(ctx, tx, tenant, from, to, r.Now())
	if err != nil {
		return nil, fmt.Errorf("read facts: %w", err)
	}
	var set format.Set
	for _, d := range days {
		ask := list
		if d.day < DayOf(from) {
			ask = without(list, format.States)
		}
		one := dayReader{tx: tx, tenant: tenant, v: v, day: d.day, now: r.Now(), since: -1}
		f, err := one.read(ctx, ask)
		if err != nil {
			return nil, fmt.Errorf("read facts: %w", err)
		}
		set.Put(int64(d.day), f)
	}
	return set.Facts()
}

func without(list []format.Section, sec format.Section) (rest []format.Section) {
	for _, s := range list {
		if s != sec {
			rest = append(rest, s)
		}
	}
	return rest
}
