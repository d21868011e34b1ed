package facts

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	format "github.com/callweave/callweave/cloud/report/facts"
	"github.com/callweave/callweave/tenants"
)

// Parts of fact_revisions, as assemble writes them.
const (
	partCalls      = 1
	partStates     = 2 // on that day alone
	partTags       = 3
	partStatesFrom = 4 // from that day on
)

// Revision is what a section of a day is at; another one means other facts. Tags have two: of the calls, and their own.
type Revision struct{ Rev, Tags int64 }

func (r Revision) String() string {
	s := strconv.FormatInt(r.Rev, 10)
	if r.Tags > 0 {
		s += "-" + strconv.FormatInt(r.Tags, 10)
	}
	return s
}

// ParseRevision reads what String wrote.
func ParseRevision(s string) (r Revision, err error) {
	rev, tags, both := strings.Cut(s, "-")
	if r.Rev, err = strconv.ParseInt(rev, 10, 64); err == nil && both {
		r.Tags, err = strconv.ParseInt(tags, 10, 64)
	}
	if err == nil && (r.String() != s || r.Rev < 0) {
		err = fmt.Errorf("revision %q", s)
	}
	return r, err
}

// dayRevisions are all revisions of a day.
type dayRevisions struct {
	day                 Day
	calls, tags, states int64
}

func (d *dayRevisions) revision(s format.Section) Revision {
	switch s {
	case format.States:
		return Revision{Rev: d.states}
	case format.Tags:
		return Revision{Rev: d.calls, Tags: d.tags}
	default:
		return Revision{Rev: d.calls}
	}
}

func revisionsOf(ctx context.Context, tx pgx.Tx, tenant tenants.ID, day Day) (d dayRevisions, err error) {
	d.day = day
	err = tx.QueryRow(ctx, `SELECT
			coalesce(sum(rev) FILTER (WHERE part = 1), 0), coalesce(sum(rev) FILTER (WHERE part = 3), 0), coalesce(sum(rev) FILTER (WHERE part IN (2, 4)), 0)
		FROM fact_revisions WHERE tenant_id = $1 AND (day = $2 OR part = 4 AND day < $2)`, tenant.UUID(), int32(day)).Scan(&d.calls, &d.tags, &d.states)
	if err != nil {
		return d, fmt.Errorf("read revisions of %v: %w", day, err)
	}
	return d, nil
}

// days are the days of a period that have facts, or may have: from the first there is anything of to the one that goes on; and
// before them those whose calls reach into the period.
func daysOf(ctx context.Context, tx pgx.Tx, tenant tenants.ID, from, to, now time.Time) ([]dayRevisions, error) {
	first, last := DayOf(from), min(lastDay(to), DayOf(now))
	if last-first >= MostDays {
		return nil, ErrLong
	}
	all := map[Day]*dayRevisions{}
	at := func(d Day) *dayRevisions {
		if all[d] == nil {
			all[d] = &dayRevisions{day: d}
		}
		return all[d]
	}
	statesSince, err := firstStates(ctx, tx, tenant)
	if err != nil {
		return nil, fmt.Errorf("read since when there are states: %w", err)
	}
	for d := max(first, statesSince); d <= last; d++ {
		at(d)
	}
	on := map[Day]int64{} // revisions of states from a day on
	err = readRevisions(ctx, tx, tenant, from, last, func(part int16, day Day, rev int64) {
		switch {
		case part == partStatesFrom:
			on[day] += rev
		case part == partCalls:
			at(day).calls = rev
		case all[day] == nil:
		case part == partStates:
			all[day].states += rev
		case part == partTags:
			all[day].tags = rev
		}
	})
	if err != nil {
		return nil, fmt.Errorf("read which days have facts: %w", err)
	}
	return inOrderOfDays(all, on), nil
}

// days are [daysOf] in a snapshot of its own.
func (s *Store) days(ctx context.Context, tenant tenants.ID, from, to time.Time) (list []dayRevisions, err error) {
	err = s.db.As(tenant).Read(ctx, func(tx pgx.Tx) (err error) {
		list, err = daysOf(ctx, tx, tenant, from, to, s.now())
		return err
	})
	return list, err
}

// inOrderOfDays adds to each day's states what changed from some day on.
func inOrderOfDays(all map[Day]*dayRevisions, on map[Day]int64) (list []dayRevisions) {
	since := slices.Sorted(maps.Keys(on))
	sum := int64(0)
	for _, d := range slices.Sorted(maps.Keys(all)) {
		for len(since) > 0 && since[0] <= d {
			sum += on[since[0]]
			since = since[1:]
		}
		all[d].states += sum
		list = append(list, *all[d])
	}
	return list
}

// readRevisions reads those of a period and of days before it whose calls reach into it, the calls first. A call that goes on
// reaches into every period after it.
func readRevisions(ctx context.Context, tx pgx.Tx, tenant tenants.ID, from time.Time, last Day, fn func(part int16, day Day, rev int64)) error {
	rows, err := tx.Query(ctx, `SELECT part, day, rev FROM fact_revisions WHERE tenant_id = $1 AND day <= $2 AND (day >= $3 OR part IN (3, 4)
			OR part = 1 AND (reach > $4 OR day = ANY(ARRAY(SELECT day_of(c.started) FROM calls c WHERE c.tenant_id = $1 AND c.open AND c.started < $4))))
		ORDER BY part = 1 DESC, day`, tenant.UUID(), int32(last), int32(DayOf(from)), from)
	if err != nil {
		return err
	}
	var part int16
	var day int32
	var rev int64
	_, err = pgx.ForEachRow(rows, []any{&part, &day, &rev}, func() error {
		fn(part, Day(day), rev)
		return nil
	})
	return err
}

// firstStates is the day of the earliest state of an operator.
func firstStates(ctx context.Context, tx pgx.Tx, tenant tenants.ID) (Day, error) {
	var first *time.Time
	err := tx.QueryRow(ctx, `SELECT min(from_at) FROM operator_states WHERE tenant_id = $1`, tenant.UUID()).Scan(&first)
	if err != nil || first == nil {
		return 1 << 40, err
	}
	return DayOf(*first), nil
}
