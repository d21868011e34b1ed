package proof

import (
	"context"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/report"
)

// reader reads facts of the rows as they are stored, all of them.
type reader struct {
	tx    pgx.Tx
	t     *testing.T
	texts map[string]int32
	f     *report.Facts
	row   map[[16]byte]int32
}

func readFacts(t *testing.T, tx pgx.Tx, now int64) *report.Facts {
	t.Helper()
	r := &reader{tx: tx, t: t, texts: map[string]int32{"": 0}, f: &report.Facts{Texts: []string{""}}, row: map[[16]byte]int32{}}
	r.calls()
	r.visits()
	r.attempts()
	r.segments()
	r.transfers()
	r.steps()
	r.states(now)
	r.tags()
	return r.f
}

func (r *reader) text(s string) int32 {
	i, ok := r.texts[s]
	if !ok {
		i = int32(len(r.f.Texts))
		r.texts[s], r.f.Texts = i, append(r.f.Texts, s)
	}
	return i
}

func (r *reader) each(sql string, into []any, f func()) {
	r.t.Helper()
	rows, err := r.tx.Query(context.Background(), sql)
	if err == nil {
		_, err = pgx.ForEachRow(rows, into, func() error { f(); return nil })
	}
	if err != nil {
		r.t.Fatal(err)
	}
}

func at(column string) string {
	return "coalesce(floor(extract(epoch FROM " + column + ") * 1000)::bigint, 0)"
}

func (r *reader) calls() {
	var id [16]byte
	var start, answered, end int64
	var dir, disp, hang, flags int16
	var caller, dialled, number string
	var pbx, trunk, wait, talk, hold, rings, moves int32
	c := &r.f.Calls
	r.each(`SELECT c.id, `+at("started")+`, `+at("answered")+`, `+at("ended")+`, direction, disposition, hangup_by,
			(open::integer + 2 * partial::integer + 4 * (imported <> 0)::integer + 8 * recorded::integer + 16 * (cardinality(pbx_ids) > 1)::integer)::smallint,
			caller, dialled, coalesce(n.number, ''), pbx_ids[1], coalesce(trunk_id, 0), wait_ms, talk_ms, hold_ms, ring_count, transfer_count
		FROM calls c LEFT JOIN numbers n ON n.tenant_id = c.tenant_id AND n.id = c.number_id WHERE c.tenant_id = current_tenant() ORDER BY started, c.id`,
		[]any{&id, &start, &answered, &end, &dir, &disp, &hang, &flags, &caller, &dialled, &number, &pbx, &trunk, &wait, &talk, &hold, &rings, &moves}, func() {
			r.row[id] = int32(len(c.Start))
			c.IDs, c.Start, c.Answered, c.End = append(c.IDs, id), append(c.Start, start), append(c.Answered, answered), append(c.End, end)
			c.Direction, c.Disposition, c.HangupBy, c.Flags = append(c.Direction, uint8(dir)), append(c.Disposition, uint8(disp)), append(c.HangupBy, uint8(hang)), append(c.Flags, uint8(flags))
			c.Caller, c.Dialled, c.Number = append(c.Caller, r.text(caller)), append(c.Dialled, r.text(dialled)), append(c.Number, r.text(number))
			c.PBX, c.Trunk, c.Wait, c.Talk, c.Hold = append(c.PBX, pbx), append(c.Trunk, trunk), append(c.Wait, wait), append(c.Talk, talk), append(c.Hold, hold)
			c.Rings, c.Transfers = append(c.Rings, rings), append(c.Transfers, moves)
		})
}

func (r *reader) visits() {
	var id [16]byte
	var queue, pbx, op, position int32
	var entered, left int64
	var result int16
	var estimated bool
	v := &r.f.Visits
	r.each(`SELECT call_id, queue_id, pbx_id, coalesce(operator_id, 0), `+at("entered")+`, `+at("left_at")+`, result, position, estimated FROM queue_visits
		WHERE tenant_id = current_tenant() ORDER BY entered, call_id, n`, []any{&id, &queue, &pbx, &op, &entered, &left, &result, &position, &estimated}, func() {
		v.Call, v.Queue, v.PBX, v.Operator = append(v.Call, r.row[id]), append(v.Queue, queue), append(v.PBX, pbx), append(v.Operator, op)
		v.Entered, v.Left, v.Result = append(v.Entered, entered), append(v.Left, left), append(v.Result, uint8(result))
		v.Position, v.Estimated = append(v.Position, position), append(v.Estimated, estimated)
	})
}

func (r *reader) attempts() {
	var id [16]byte
	var queue, pbx, op int32
	var from, to int64
	var result int16
	var estimated bool
	a := &r.f.Attempts
	r.each(`SELECT call_id, coalesce(queue_id, 0), pbx_id, coalesce(operator_id, 0), `+at("rang")+`, `+at("ended")+`, result, estimated FROM attempts
		WHERE tenant_id = current_tenant() ORDER BY call_id, n`, []any{&id, &queue, &pbx, &op, &from, &to, &result, &estimated}, func() {
		a.Call, a.Queue, a.PBX, a.Operator = append(a.Call, r.row[id]), append(a.Queue, queue), append(a.PBX, pbx), append(a.Operator, op)
		a.Rang, a.Ended, a.Result, a.Estimated = append(a.Rang, from), append(a.Ended, to), append(a.Result, uint8(result)), append(a.Estimated, estimated)
	})
}

func (r *reader) segments() {
	var id [16]byte
	var queue, pbx, op int32
	var from, to int64
	var kind, with int16
	var text string
	var estimated bool
	g := &r.f.Segments
	r.each(`SELECT call_id, coalesce(queue_id, 0), pbx_id, coalesce(operator_id, 0), `+at("from_at")+`, `+at("to_at")+`, kind, with_kind, with_whom, estimated FROM segments
		WHERE tenant_id = current_tenant() ORDER BY call_id, n`, []any{&id, &queue, &pbx, &op, &from, &to, &kind, &with, &text, &estimated}, func() {
		g.Call, g.Queue, g.PBX, g.Operator = append(g.Call, r.row[id]), append(g.Queue, queue), append(g.PBX, pbx), append(g.Operator, op)
		g.From, g.To, g.Kind, g.With = append(g.From, from), append(g.To, to), append(g.Kind, uint8(kind)), append(g.With, uint8(with))
		g.Text, g.Estimated = append(g.Text, r.text(text)), append(g.Estimated, estimated)
	})
}

func (r *reader) transfers() {
	var id [16]byte
	var pbx, byOp, toOp, toQueue int32
	var when int64
	var kind, result int16
	var by, to string
	var cross bool
	x := &r.f.Transfers
	r.each(`SELECT call_id, pbx_id, `+at("at")+`, kind, result, by_number, to_number, coalesce(by_operator_id, 0), coalesce(to_operator_id, 0), coalesce(to_queue_id, 0), cross_pbx FROM transfers
		WHERE tenant_id = current_tenant() ORDER BY call_id, n`, []any{&id, &pbx, &when, &kind, &result, &by, &to, &byOp, &toOp, &toQueue, &cross}, func() {
		x.Call, x.PBX, x.At, x.Kind, x.Result = append(x.Call, r.row[id]), append(x.PBX, pbx), append(x.At, when), append(x.Kind, uint8(kind)), append(x.Result, uint8(result))
		x.By, x.To, x.ByOperator, x.ToOperator = append(x.By, r.text(by)), append(x.To, r.text(to)), append(x.ByOperator, byOp), append(x.ToOperator, toOp)
		x.ToQueue, x.CrossPBX = append(x.ToQueue, toQueue), append(x.CrossPBX, cross)
	})
}

func (r *reader) steps() {
	var id [16]byte
	var pbx int32
	var from, to int64
	var app, data string
	s := &r.f.Steps
	r.each(`SELECT call_id, pbx_id, `+at("from_at")+`, `+at("to_at")+`, application, data FROM call_steps WHERE tenant_id = current_tenant() ORDER BY call_id, n`,
		[]any{&id, &pbx, &from, &to, &app, &data}, func() {
			s.Call, s.PBX, s.From, s.To = append(s.Call, r.row[id]), append(s.PBX, pbx), append(s.From, from), append(s.To, to)
			s.Application, s.Text = append(s.Application, r.text(app)), append(s.Text, r.text(data))
		})
}

// states come cut at midnights UTC.
func (r *reader) states(now int64) {
	const day = 86_400_000
	var op, queue, pbx int32
	var from, to int64
	var kind int16
	var reason string
	var estimated bool
	s := &r.f.States
	type piece struct {
		op, queue, pbx int32
		from, to       int64
		kind           int16
		reason         string
		began, guessed bool
	}
	var list []piece
	r.each(`SELECT operator_id, coalesce(queue_id, 0), pbx_id, `+at("from_at")+`, `+at("to_at")+`, kind, reason, estimated FROM operator_states
		WHERE tenant_id = current_tenant() ORDER BY from_at, id`, []any{&op, &queue, &pbx, &from, &to, &kind, &reason, &estimated}, func() {
		end := to
		if end == 0 {
			end = now
		}
		for f := from; ; f = (f/day + 1) * day {
			p := piece{op, queue, pbx, f, min(end, (f/day+1)*day), kind, reason, f == from, estimated}
			if p.to == end && to == 0 {
				p.to = 0
			}
			list = append(list, p)
			if (f/day+1)*day >= end {
				break
			}
		}
	})
	slices.SortStableFunc(list, func(a, b piece) int { return int(a.from/day - b.from/day) })
	for _, p := range list {
		s.Operator, s.Queue, s.PBX = append(s.Operator, p.op), append(s.Queue, p.queue), append(s.PBX, p.pbx)
		s.From, s.To, s.Kind, s.Reason = append(s.From, p.from), append(s.To, p.to), append(s.Kind, uint8(p.kind)), append(s.Reason, r.text(p.reason))
		s.Began, s.Estimated = append(s.Began, p.began), append(s.Estimated, p.guessed)
	}
}

func (r *reader) tags() {
	var id [16]byte
	var tag int32
	x := &r.f.Tags
	r.each(`SELECT call_id, tag_id FROM call_tags WHERE tenant_id = current_tenant() ORDER BY call_id, tag_id`, []any{&id, &tag}, func() {
		x.Call, x.Tag = append(x.Call, r.row[id]), append(x.Tag, tag)
	})
}
