package api

import (
	"slices"
	"time"

	"github.com/callweave/callweave/cloud/rights"
	"github.com/callweave/callweave/tenants"
)

// What a scope means in SQL. A call is visible when it was in one of the queues, or one of the devices took part in it while
// it counts; a device takes part at the moments it rings and speaks, see [tookPart].

// inScope leaves of a query of calls what a viewer sees.
func inScope(f *filter, tenant tenants.ID, s rights.Scope) {
	if s.Everything {
		return
	}
	either := &filter{args: f.args}
	if len(s.Queues) > 0 && !s.Own {
		either.add("queue_ids && $", s.Queues)
	}
	tookPartIn(either, tenant, s.Operators, s.Seats)
	f.args = either.args
	f.conditions = append(f.conditions, either.any())
}

func tookPartIn(f *filter, tenant tenants.ID, always []int32, sometimes []rights.Seat) {
	if len(always) > 0 {
		f.add("operator_ids && $", always)
	}
	if len(sometimes) > 0 {
		tookSeat(f, tenant, sometimes)
	}
}

// tookSeat finds calls in which one of these devices took part while it counts. The first condition is the cheap one.
func tookSeat(f *filter, tenant tenants.ID, seats []rights.Seat) {
	operators, from, to := seatArrays(seats)
	t := tenant.UUID()
	during := func(at string) string {
		return "(b.f IS NULL OR " + at + " >= b.f) AND (b.t IS NULL OR " + at + " < b.t)"
	}
	f.add(`operator_ids && $ AND EXISTS (SELECT FROM unnest($::int[], $::timestamptz[], $::timestamptz[]) AS b (o, f, t) WHERE b.o = ANY(calls.operator_ids) AND (
		EXISTS (SELECT FROM attempts r WHERE r.tenant_id = $ AND r.call_id = calls.id AND r.operator_id = b.o AND `+during("r.rang")+`)
		OR EXISTS (SELECT FROM segments s WHERE s.tenant_id = $ AND s.call_id = calls.id AND s.operator_id = b.o AND `+during("s.from_at")+`)
		OR `+during("calls.started")+`
			AND NOT EXISTS (SELECT FROM attempts r WHERE r.tenant_id = $ AND r.call_id = calls.id AND r.operator_id = b.o)
			AND NOT EXISTS (SELECT FROM segments s WHERE s.tenant_id = $ AND s.call_id = calls.id AND s.operator_id = b.o)))`,
		operators, operators, from, to, t, t, t, t)
}

// seatArrays are seats column by column, as unnest puts them together again.
func seatArrays(seats []rights.Seat) (operators []int32, from, to []*time.Time) {
	for _, s := range seats {
		operators, from, to = append(operators, s.Operator), append(from, moment(s.From)), append(to, moment(s.To))
	}
	return operators, from, to
}

func moment(ms int64) *time.Time {
	if ms == 0 {
		return nil
	}
	t := time.UnixMilli(ms).UTC()
	return &t
}

// statesInScope does the same with states of operators: they take time, and those of who is not to be watched are nobody's
// business however they are reached.
func statesInScope(f *filter, s rights.Scope) {
	if !s.Everything {
		either := &filter{args: f.args}
		if len(s.Queues) > 0 && !s.Own {
			either.add("queue_id = ANY($)", s.Queues)
		}
		stateSeats(either, s.Operators, s.Seats)
		f.args = either.args
		f.conditions = append(f.conditions, either.any())
	}
	if !s.Watches() {
		hidden := &filter{args: f.args}
		stateSeats(hidden, s.Unwatched, s.Hidden)
		f.args = hidden.args
		f.conditions = append(f.conditions, "NOT "+hidden.any())
	}
}

func stateSeats(f *filter, always []int32, sometimes []rights.Seat) {
	if len(always) > 0 {
		f.add("operator_id = ANY($)", always)
	}
	if len(sometimes) > 0 {
		operators, from, to := seatArrays(sometimes)
		f.add(`EXISTS (SELECT FROM unnest($::int[], $::timestamptz[], $::timestamptz[]) AS b (o, f, t) WHERE b.o = operator_id
			AND (b.t IS NULL OR from_at < b.t) AND (b.f IS NULL OR to_at IS NULL OR to_at > b.f))`, operators, from, to)
	}
}

// byDevices leaves of a query of calls those in which one of these devices took part, but for the times in which it is not to
// be watched.
func byDevices(f *filter, tenant tenants.ID, devices []int32, s rights.Scope) {
	seats := make([]rights.Seat, 0, len(devices))
	for _, d := range devices {
		if !slices.Contains(s.Unwatched, d) {
			seats = append(seats, rights.Seat{Operator: d})
		}
	}
	either := &filter{args: f.args}
	always, sometimes := rights.Parted(rights.Minus(seats, s.Hidden))
	tookPartIn(either, tenant, always, sometimes)
	f.args = either.args
	f.conditions = append(f.conditions, either.any())
}
