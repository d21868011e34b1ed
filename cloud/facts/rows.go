package facts

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/callweave/callweave/cloud/report"
)

// of joins a table of rows to the calls of the day.
func of(table, columns string) string {
	return `SELECT x.call_id, ` + columns + ` FROM calls c JOIN ` + table + ` x ON x.tenant_id = c.tenant_id AND x.call_id = c.id
		WHERE x.tenant_id = $1 AND ` + callsOfADay + inOrder
}

func (r *dayReader) visits(ctx context.Context) error {
	var id uuid.UUID
	var queue, pbx, operator, position int32
	var entered, left time.Time
	var result int16
	var estimated bool
	t := &r.f.Visits
	return r.each(ctx, of("queue_visits", `x.queue_id, x.pbx_id, coalesce(x.operator_id, 0), x.entered, coalesce(x.left_at, 'epoch'), x.result, x.position, x.estimated`)+`, x.n`,
		[]any{&id, &queue, &pbx, &operator, &entered, &left, &result, &position, &estimated}, func() {
			row, visible := r.row[id]
			operator = r.v.operator(operator)
			if !visible || !r.v.Sees(queue, operator) {
				return
			}
			t.Call, t.Queue, t.PBX, t.Operator = append(t.Call, row), append(t.Queue, queue), append(t.PBX, pbx), append(t.Operator, operator)
			t.Entered, t.Left, t.Result = append(t.Entered, ms(entered)), append(t.Left, ms(left)), append(t.Result, uint8(result))
			t.Position, t.Estimated = append(t.Position, max(position, 0)), append(t.Estimated, estimated)
		})
}

func (r *dayReader) attempts(ctx context.Context) error {
	var id uuid.UUID
	var queue, pbx, operator int32
	var rang, ended time.Time
	var result int16
	var estimated bool
	t := &r.f.Attempts
	return r.each(ctx, of("attempts", `coalesce(x.queue_id, 0), x.pbx_id, coalesce(x.operator_id, 0), x.rang, coalesce(x.ended, 'epoch'), x.result, x.estimated`)+`, x.n`,
		[]any{&id, &queue, &pbx, &operator, &rang, &ended, &result, &estimated}, func() {
			row, visible := r.row[id]
			operator = r.v.operator(operator)
			if !visible || !r.v.Sees(queue, operator) {
				return
			}
			t.Call, t.Queue, t.PBX, t.Operator = append(t.Call, row), append(t.Queue, queue), append(t.PBX, pbx), append(t.Operator, operator)
			t.Rang, t.Ended, t.Result = append(t.Rang, ms(rang)), append(t.Ended, ms(ended)), append(t.Result, uint8(result))
			t.Estimated = append(t.Estimated, estimated)
		})
}

func (r *dayReader) segments(ctx context.Context) error {
	var id uuid.UUID
	var queue, pbx, operator int32
	var from, to time.Time
	var kind, with int16
	var whom string
	var estimated bool
	t := &r.f.Segments
	return r.each(ctx, of("segments", `coalesce(x.queue_id, 0), x.pbx_id, coalesce(x.operator_id, 0), x.from_at, coalesce(x.to_at, 'epoch'), x.kind, x.with_kind, x.with_whom,
		x.estimated`)+`, x.n`,
		[]any{&id, &queue, &pbx, &operator, &from, &to, &kind, &with, &whom, &estimated}, func() {
			row, visible := r.row[id]
			operator = r.v.operator(operator)
			if !visible || !r.v.Sees(queue, operator) {
				return
			}
			t.Call, t.Queue, t.PBX, t.Operator = append(t.Call, row), append(t.Queue, queue), append(t.PBX, pbx), append(t.Operator, operator)
			t.From, t.To, t.Kind, t.With = append(t.From, ms(from)), append(t.To, ms(to)), append(t.Kind, uint8(kind)), append(t.With, uint8(with))
			t.Text, t.Estimated = append(t.Text, r.text(r.whom(pbx, uint8(with), whom))), append(t.Estimated, estimated)
		})
}

// whom is who a talk is with, by name; nobody has to be told of customers.
func (r *dayReader) whom(pbx int32, with uint8, whom string) string {
	switch with {
	case report.WithCustomer:
		return ""
	case report.WithConference:
		return strings.TrimPrefix(whom, "conference:")
	}
	return r.v.any(pbx, whom)
}

func (r *dayReader) transfers(ctx context.Context) error {
	var id uuid.UUID
	var pbx, byOperator, toOperator, toQueue int32
	var at time.Time
	var kind, result int16
	var by, to string
	var cross bool
	t := &r.f.Transfers
	return r.each(ctx, of("transfers", `x.pbx_id, x.at, x.kind, x.result, x.by_number, x.to_number, coalesce(x.by_operator_id, 0), coalesce(x.to_operator_id, 0),
		coalesce(x.to_queue_id, 0), x.cross_pbx`)+`, x.n`,
		[]any{&id, &pbx, &at, &kind, &result, &by, &to, &byOperator, &toOperator, &toQueue, &cross}, func() {
			row, visible := r.row[id]
			byOperator, toOperator = r.v.operator(byOperator), r.v.operator(toOperator)
			if !visible || !r.v.Sees(toQueue, byOperator) && !r.v.Sees(0, toOperator) {
				return
			}
			if r.v.Own && !r.v.Sees(0, byOperator) {
				byOperator = 0
			}
			if r.v.Own && !r.v.Sees(0, toOperator) {
				toOperator = 0
			}
			t.Call, t.PBX, t.At = append(t.Call, row), append(t.PBX, pbx), append(t.At, ms(at))
			t.Kind, t.Result = append(t.Kind, uint8(kind)), append(t.Result, uint8(result))
			t.By, t.To = append(t.By, r.text(r.v.any(pbx, by))), append(t.To, r.text(r.v.any(pbx, to)))
			t.ByOperator, t.ToOperator, t.ToQueue = append(t.ByOperator, byOperator), append(t.ToOperator, toOperator), append(t.ToQueue, toQueue)
			t.CrossPBX = append(t.CrossPBX, cross)
		})
}

func (r *dayReader) steps(ctx context.Context) error {
	var id uuid.UUID
	var pbx int32
	var application, data string
	var from, to time.Time
	t := &r.f.Steps
	return r.each(ctx, of("call_steps", `x.pbx_id, x.application, x.data, x.from_at, coalesce(x.to_at, 'epoch')`)+`, x.n`,
		[]any{&id, &pbx, &application, &data, &from, &to}, func() {
			row, visible := r.row[id]
			if !visible {
				return
			}
			t.Call, t.PBX, t.From, t.To = append(t.Call, row), append(t.PBX, pbx), append(t.From, ms(from)), append(t.To, ms(to))
			t.Application, t.Text = append(t.Application, r.text(application)), append(t.Text, r.text(r.v.any(pbx, data)))
		})
}

func (r *dayReader) tags(ctx context.Context) error {
	var id uuid.UUID
	var tag int32
	t := &r.f.Tags
	return r.each(ctx, of("call_tags", `x.tag_id`)+`, x.tag_id`, []any{&id, &tag}, func() {
		if row, visible := r.row[id]; visible {
			t.Call, t.Tag = append(t.Call, row), append(t.Tag, tag)
		}
	})
}

// States that reach into a day from long before it have an index of their own; others cannot have begun earlier than a day
// before it. A state without length counts where it is.
const statesOfADay = `
	SELECT id, operator_id, coalesce(queue_id, 0), pbx_id, from_at, coalesce(to_at, 'epoch'), kind, reason, estimated FROM (
		SELECT * FROM operator_states WHERE tenant_id = $1 AND from_at >= $2 AND from_at < $3
		UNION ALL
		SELECT * FROM operator_states WHERE tenant_id = $1 AND from_at >= $2::timestamptz - interval '1 day' AND from_at < $2 AND (to_at IS NULL OR to_at > $2)
		UNION ALL
		SELECT * FROM operator_states WHERE tenant_id = $1 AND from_at < $2::timestamptz - interval '1 day' AND (to_at IS NULL OR to_at - from_at > interval '1 day')
			AND (to_at IS NULL OR to_at > $2)
	) s WHERE $4::integer IS NOT NULL ORDER BY from_at, id`

func (r *dayReader) states(ctx context.Context) error {
	var id uuid.UUID
	var operator, queue, pbx int32
	var from, to time.Time
	var kind int16
	var reason string
	var estimated bool
	begin, end := r.day.Begins(), (r.day + 1).Begins()
	over := !r.now.Before(end)
	t := &r.f.States
	return r.each(ctx, statesOfADay, []any{&id, &operator, &queue, &pbx, &from, &to, &kind, &reason, &estimated}, func() {
		if r.v.unwatched[operator] || !r.v.Sees(queue, operator) || ms(to) == 0 && begin.After(r.now) {
			return
		}
		until := ms(to)
		if until > ms(end) || until == 0 && over {
			until = ms(end)
		}
		t.Operator, t.Queue, t.PBX = append(t.Operator, operator), append(t.Queue, queue), append(t.PBX, pbx)
		t.From, t.To, t.Began = append(t.From, max(ms(from), ms(begin))), append(t.To, until), append(t.Began, !from.Before(begin))
		t.Kind, t.Reason, t.Estimated = append(t.Kind, uint8(kind)), append(t.Reason, r.text(reason)), append(t.Estimated, estimated)
	})
}
