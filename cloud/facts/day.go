package facts

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/report"
	format "github.com/callweave/callweave/cloud/report/facts"
	"github.com/callweave/callweave/tenants"
)

// Day is the number of a UTC day since 1970-01-01.
type Day int64

// DayOf is the day of a moment.
func DayOf(t time.Time) Day {
	s := t.Unix()
	if s < 0 {
		s -= 86399
	}
	return Day(s / 86400)
}

// Begins is the day's first moment.
func (d Day) Begins() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

func (d Day) String() string { return d.Begins().Format(time.DateOnly) }

// ParseDay reads a date as in 2026-01-31.
func ParseDay(s string) (Day, error) {
	t, err := time.Parse(time.DateOnly, s)
	return DayOf(t), err
}

// dayReader reads facts of one day within one snapshot.
type dayReader struct {
	tx     pgx.Tx
	tenant tenants.ID
	v      *view
	day    Day
	now    time.Time
	since  int32 // only calls that were written with a greater revision of the day; -1 all

	f      *report.Facts
	places map[string]int32
	row    map[uuid.UUID]int32 // of visible calls
	unseen [][16]byte          // calls that changed and are not visible
}

// read reads the sections of the day. Calls are always read: what is visible follows from them.
func (r *dayReader) read(ctx context.Context, sections []format.Section) (*report.Facts, error) {
	r.f, r.places, r.row = &report.Facts{Texts: []string{""}}, map[string]int32{"": 0}, map[uuid.UUID]int32{}
	if !slices.Equal(sections, []format.Section{format.States}) {
		if err := r.calls(ctx); err != nil {
			return nil, fmt.Errorf("read calls of %v: %w", r.day, err)
		}
	}
	for _, s := range sections {
		var err error
		switch s {
		case format.Visits:
			err = r.visits(ctx)
		case format.Attempts:
			err = r.attempts(ctx)
		case format.Segments:
			err = r.segments(ctx)
		case format.Transfers:
			err = r.transfers(ctx)
		case format.Steps:
			err = r.steps(ctx)
		case format.States:
			err = r.states(ctx)
		case format.Tags:
			err = r.tags(ctx)
		case format.Calls, format.Numbers, format.IDs:
		}
		if err != nil {
			return nil, fmt.Errorf("read %v of %v: %w", s, r.day, err)
		}
	}
	return r.f, nil
}

// text is the place of a text.
func (r *dayReader) text(s string) int32 {
	p, known := r.places[s]
	if !known {
		p = int32(len(r.f.Texts))
		r.places[s], r.f.Texts = p, append(r.f.Texts, s)
	}
	return p
}

// ms is a moment as facts have it; the epoch is never.
func ms(t time.Time) int64 { return t.UnixMilli() }

const (
	callsOfADay = `c.tenant_id = $1 AND c.started >= $2 AND c.started < $3 AND c.facts_rev > $4`
	inOrder     = ` ORDER BY date_trunc('milliseconds', c.started), c.id` // as facts have their times
)

// each runs a query over the day and calls fn for every row.
func (r *dayReader) each(ctx context.Context, sql string, into []any, fn func()) error {
	rows, err := r.tx.Query(ctx, sql, r.tenant.UUID(), r.day.Begins(), (r.day + 1).Begins(), r.since)
	if err != nil {
		return err
	}
	_, err = pgx.ForEachRow(rows, into, func() error {
		fn()
		return nil
	})
	return err
}

// Directions of calls, as stored (see package call).
const (
	inbound  = 1
	outbound = 2
	internal = 3
)

type callRow struct {
	id                                                      uuid.UUID
	started, answered, ended                                time.Time
	open, partial, recorded, imported                       bool
	direction, disposition, hangupBy                        int16
	caller, dialled                                         string
	pbx, trunk, wait, talk, hold, rings, transfers, touched int32
	queues, operators                                       []int32
}

func (r *dayReader) calls(ctx context.Context) error {
	members := `c.queue_ids, c.operator_ids`
	if r.v.Everything {
		members = `NULL::integer[], NULL::integer[]`
	}
	var c callRow
	into := []any{
		&c.id, &c.started, &c.answered, &c.ended, &c.open, &c.partial, &c.recorded, &c.imported, &c.direction, &c.disposition, &c.hangupBy,
		&c.caller, &c.dialled, &c.pbx, &c.trunk, &c.wait, &c.talk, &c.hold, &c.rings, &c.transfers, &c.touched, &c.queues, &c.operators,
	}
	return r.each(ctx, `SELECT c.id, c.started, coalesce(c.answered, 'epoch'), coalesce(c.ended, 'epoch'), c.open, c.partial, c.recorded, c.imported <> 0,
		c.direction, c.disposition, c.hangup_by, c.caller, c.dialled, coalesce(c.pbx_ids[1], 0), coalesce(c.trunk_id, 0), c.wait_ms, c.talk_ms, c.hold_ms,
		c.ring_count, c.transfer_count, cardinality(c.pbx_ids), `+members+` FROM calls c WHERE `+callsOfADay+inOrder, into, func() { r.addCall(&c) })
}

func (r *dayReader) addCall(c *callRow) {
	if !r.v.call(c.queues, c.operators) {
		if r.since >= 0 {
			r.unseen = append(r.unseen, c.id)
		}
		return
	}
	var flags uint8
	for flag, on := range map[uint8]bool{
		report.CallOpen: c.open, report.CallPartial: c.partial, report.CallImported: c.imported, report.CallRecorded: c.recorded, report.CallHops: c.touched > 1,
	} {
		if on {
			flags |= flag
		}
	}
	caller, dialled, number := r.numbers(c)
	t := &r.f.Calls
	r.row[c.id] = int32(len(t.Start))
	t.IDs = append(t.IDs, c.id)
	t.Start, t.Answered, t.End = append(t.Start, ms(c.started)), append(t.Answered, ms(c.answered)), append(t.End, ms(c.ended))
	t.Direction, t.Disposition = append(t.Direction, uint8(c.direction)), append(t.Disposition, uint8(c.disposition))
	t.HangupBy, t.Flags = append(t.HangupBy, uint8(c.hangupBy)), append(t.Flags, flags)
	t.Caller, t.Dialled, t.Number = append(t.Caller, r.text(caller)), append(t.Dialled, r.text(dialled)), append(t.Number, r.text(number))
	t.PBX, t.Trunk = append(t.PBX, c.pbx), append(t.Trunk, c.trunk)
	t.Wait, t.Talk, t.Hold = append(t.Wait, c.wait), append(t.Talk, c.talk), append(t.Hold, c.hold)
	t.Rings, t.Transfers = append(t.Rings, c.rings), append(t.Transfers, c.transfers)
}

// numbers are a call's numbers as they are shown, and which of them is the outside party's.
func (r *dayReader) numbers(c *callRow) (caller, dialled, number string) {
	switch c.direction {
	case inbound:
		caller, dialled = r.v.outside(c.caller), r.v.ours(c.pbx, c.dialled)
		return caller, dialled, caller
	case outbound:
		caller, dialled = r.v.ours(c.pbx, c.caller), r.v.outside(c.dialled)
		return caller, dialled, dialled
	case internal:
		return r.v.ours(c.pbx, c.caller), r.v.ours(c.pbx, c.dialled), ""
	}
	return r.v.any(c.pbx, c.caller), r.v.any(c.pbx, c.dialled), ""
}
