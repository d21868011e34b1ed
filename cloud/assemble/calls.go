package assemble

import (
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/cloud/directory"
)

// Rows go in as one array per column: COPY is refused under row-level security, and a statement per row is slow.

// queueCalls queues calls, and for those that are final their facts. A final call that comes again replaces its facts,
// and one that goes on again has none until it is final anew.
func (w *write) queueCalls(b *pgx.Batch, names *directory.Session, calls []*call.Call, dead []call.ID) error {
	if len(calls) == 0 {
		queueRevisions(b, w.t.id, &callRows{}, dead)
		queueDead(b, w.t.id, dead)
		return nil
	}
	d := ids{w.t, names}
	rows := &callRows{}
	var visits visitRows
	var rings attemptRows
	var segments segmentRows
	var transfers transferRows
	var steps stepRows
	var again []uuid.UUID
	for _, c := range calls {
		if err := rows.add(d, c); err != nil {
			return err
		}
		if _, open := w.t.open[c.ID]; c.Rev > 1 && !open { // it may have been final before, also where it is open again
			again = append(again, uuid.UUID(c.ID))
		}
		if c.Open {
			continue
		}
		visits.add(d, c)
		rings.add(d, c)
		segments.add(d, c)
		transfers.add(d, c)
		steps.add(d, c)
	}
	if len(again) > 0 {
		queueNoFacts(b, w.t.id, again)
	}
	queueRevisions(b, w.t.id, rows, dead)
	queueDead(b, w.t.id, dead)
	rows.queue(b)
	visits.queue(b)
	rings.queue(b)
	segments.queue(b)
	transfers.queue(b)
	steps.queue(b)
	return nil
}

type callRows struct {
	id                                                            []uuid.UUID
	started                                                       []time.Time
	answered, ended                                               []*time.Time
	day, rev, wait, talk, hold, rings, transfers                  []int32
	open, partial, recorded                                       []bool
	direction, disposition, hangupBy, imported                    []int16
	caller, callerName, dialled, pbxs, queues, operators, stories []string
	attributes                                                    []string
	number                                                        []*int64
	trunk                                                         []*int32
}

func (r *callRows) add(d ids, c *call.Call) error {
	text, err := story(c)
	if err != nil {
		return err
	}
	var pbxs, queues, operators []int32
	for _, p := range c.PBXs {
		pbxs = append(pbxs, d.pbx(p))
	}
	note := func(list *[]int32, kind directory.Kind, p Place) {
		if id := d.one(kind, p.PBX, p.Name); id != nil {
			*list = append(*list, *id)
		}
	}
	for _, q := range queuesOf(c) {
		note(&queues, directory.Queue, q)
	}
	for _, o := range operatorsOf(c) {
		note(&operators, directory.Operator, o)
	}
	r.id, r.started, r.day = append(r.id, uuid.UUID(c.ID)), append(r.started, c.Start), append(r.day, dayOf(c.Start))
	r.answered, r.ended = append(r.answered, moment(c.Answered)), append(r.ended, moment(c.End))
	r.rev, r.open, r.partial = append(r.rev, int32(c.Rev)), append(r.open, c.Open), append(r.partial, c.Partial)
	r.direction, r.disposition = append(r.direction, int16(c.Direction)), append(r.disposition, int16(c.Disposition))
	r.hangupBy, r.imported = append(r.hangupBy, int16(c.HangupBy)), append(r.imported, int16(c.Imported))
	r.recorded = append(r.recorded, c.Recorded)
	r.caller, r.callerName = append(r.caller, directory.Clean(c.Caller)), append(r.callerName, directory.Clean(c.CallerName))
	r.dialled = append(r.dialled, directory.Clean(c.Dialled))
	r.number, r.trunk = append(r.number, d.number(outside(c))), append(r.trunk, d.one(directory.Trunk, firstPBX(c), c.Trunk))
	r.pbxs, r.queues, r.operators = append(r.pbxs, list(pbxs)), append(r.queues, list(queues)), append(r.operators, list(operators))
	r.wait, r.talk, r.hold = append(r.wait, millis(waited(c))), append(r.talk, millis(talked(c))), append(r.hold, millis(held(c)))
	r.rings, r.transfers = append(r.rings, int32(len(c.Rings))), append(r.transfers, int32(len(c.Transfers)))
	r.stories, r.attributes = append(r.stories, text), append(r.attributes, list(AttributeKeys(c)))
	return nil
}

const upsertCalls = `
	INSERT INTO calls (tenant_id, id, started, answered, ended, rev, open, partial, direction, disposition, hangup_by, caller, caller_name, dialled,
		number_id, trunk_id, pbx_ids, queue_ids, operator_ids, wait_ms, talk_ms, hold_ms, ring_count, transfer_count, story, attributes, imported, recorded, facts_rev)
	SELECT current_tenant(), id, started, answered, ended, rev, open, partial, direction, disposition, hangup_by, caller, caller_name, dialled,
		number_id, trunk_id, pbx_ids::integer[], queue_ids::integer[], operator_ids::integer[], wait_ms, talk_ms, hold_ms, ring_count, transfer_count, story::jsonb, attributes::bigint[], imported, recorded,
		facts_rev
	FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[], $4::timestamptz[], $5::integer[], $6::boolean[], $7::boolean[], $8::smallint[], $9::smallint[],
		$10::smallint[], $11::text[], $12::text[], $13::text[], $14::bigint[], $15::integer[], $16::text[], $17::text[], $18::text[], $19::integer[], $20::integer[],
		$21::integer[], $22::integer[], $23::integer[], $24::text[], $25::text[], $26::smallint[], $27::boolean[], $28::integer[])
		AS r (id, started, answered, ended, rev, open, partial, direction, disposition, hangup_by, caller, caller_name, dialled,
		number_id, trunk_id, pbx_ids, queue_ids, operator_ids, wait_ms, talk_ms, hold_ms, ring_count, transfer_count, story, attributes, imported, recorded, day)
	JOIN (SELECT day AS of_day, rev AS facts_rev FROM fact_revisions WHERE tenant_id = current_tenant() AND part = 1) f ON of_day = day
	ON CONFLICT (tenant_id, id) DO UPDATE SET started = excluded.started, answered = excluded.answered, ended = excluded.ended, rev = excluded.rev,
		open = excluded.open, partial = excluded.partial, direction = excluded.direction, disposition = excluded.disposition, hangup_by = excluded.hangup_by,
		caller = excluded.caller, caller_name = excluded.caller_name, dialled = excluded.dialled, number_id = excluded.number_id, trunk_id = excluded.trunk_id,
		pbx_ids = excluded.pbx_ids, queue_ids = excluded.queue_ids, operator_ids = excluded.operator_ids, wait_ms = excluded.wait_ms, talk_ms = excluded.talk_ms,
		hold_ms = excluded.hold_ms, ring_count = excluded.ring_count, transfer_count = excluded.transfer_count, story = excluded.story,
		attributes = excluded.attributes, imported = excluded.imported, recorded = excluded.recorded, facts_rev = excluded.facts_rev`

func (r *callRows) queue(b *pgx.Batch) {
	b.Queue(upsertCalls, r.id, r.started, r.answered, r.ended, r.rev, r.open, r.partial, r.direction, r.disposition, r.hangupBy, r.caller, r.callerName, r.dialled,
		r.number, r.trunk, r.pbxs, r.queues, r.operators, r.wait, r.talk, r.hold, r.rings, r.transfers, r.stories, r.attributes, r.imported, r.recorded, r.day)
}

// factKey is what the rows of the tables of facts begin with.
type factKey struct {
	call []uuid.UUID
	n    []int32
	pbx  []int32
}

func (k *factKey) add(c *call.Call, n int, pbx int32) {
	k.call, k.n, k.pbx = append(k.call, uuid.UUID(c.ID)), append(k.n, int32(n)), append(k.pbx, pbx)
}

type visitRows struct {
	factKey
	queueID   []int32
	entered   []time.Time
	left      []*time.Time
	result    []int16
	operator  []*int32
	estimated []bool
	position  []int32
}

func (r *visitRows) add(d ids, c *call.Call) {
	for n, q := range c.Queues {
		id := d.one(directory.Queue, q.PBX, q.Queue)
		if id == nil {
			continue
		}
		r.factKey.add(c, n, d.pbx(q.PBX))
		r.queueID, r.entered, r.left = append(r.queueID, *id), append(r.entered, q.Entered), append(r.left, moment(q.Left))
		r.result, r.estimated = append(r.result, int16(q.Result)), append(r.estimated, q.Estimated)
		r.operator, r.position = append(r.operator, d.one(directory.Operator, q.PBX, q.Operator)), append(r.position, int32(q.Position))
	}
}

func (r *visitRows) queue(b *pgx.Batch) {
	if len(r.call) == 0 {
		return
	}
	b.Queue(`INSERT INTO queue_visits (tenant_id, call_id, n, pbx_id, queue_id, entered, left_at, result, operator_id, estimated, position)
		SELECT current_tenant(), * FROM unnest($1::uuid[], $2::integer[], $3::integer[], $4::integer[], $5::timestamptz[], $6::timestamptz[], $7::smallint[], $8::integer[], $9::boolean[],
			$10::integer[])
		ON CONFLICT (tenant_id, call_id, n) DO UPDATE SET pbx_id = excluded.pbx_id, queue_id = excluded.queue_id, entered = excluded.entered, left_at = excluded.left_at,
			result = excluded.result, operator_id = excluded.operator_id, estimated = excluded.estimated, position = excluded.position`,
		r.call, r.n, r.pbx, r.queueID, r.entered, r.left, r.result, r.operator, r.estimated, r.position)
}

type attemptRows struct {
	factKey
	operator, queueID []*int32
	rang              []time.Time
	ended             []*time.Time
	result            []int16
	estimated         []bool
}

func (r *attemptRows) add(d ids, c *call.Call) {
	for n, g := range c.Rings {
		r.factKey.add(c, n, d.pbx(g.PBX))
		r.operator = append(r.operator, d.one(directory.Operator, g.PBX, g.Operator))
		r.queueID = append(r.queueID, d.one(directory.Queue, g.PBX, g.Queue))
		r.rang, r.ended = append(r.rang, g.At), append(r.ended, moment(g.End))
		r.result, r.estimated = append(r.result, int16(g.Result)), append(r.estimated, g.Estimated)
	}
}

func (r *attemptRows) queue(b *pgx.Batch) {
	if len(r.call) == 0 {
		return
	}
	b.Queue(`INSERT INTO attempts (tenant_id, call_id, n, pbx_id, operator_id, queue_id, rang, ended, result, estimated)
		SELECT current_tenant(), * FROM unnest($1::uuid[], $2::integer[], $3::integer[], $4::integer[], $5::integer[], $6::timestamptz[], $7::timestamptz[], $8::smallint[], $9::boolean[])
		ON CONFLICT (tenant_id, call_id, n) DO UPDATE SET pbx_id = excluded.pbx_id, operator_id = excluded.operator_id, queue_id = excluded.queue_id, rang = excluded.rang,
			ended = excluded.ended, result = excluded.result, estimated = excluded.estimated`,
		r.call, r.n, r.pbx, r.operator, r.queueID, r.rang, r.ended, r.result, r.estimated)
}

type segmentRows struct {
	factKey
	kind, withKind    []int16
	operator, queueID []*int32
	with              []string
	from              []time.Time
	to                []*time.Time
	estimated         []bool
}

func (r *segmentRows) add(d ids, c *call.Call) {
	for n, k := range c.Talks {
		r.factKey.add(c, n, d.pbx(k.PBX))
		r.kind, r.with, r.withKind = append(r.kind, segmentTalk), append(r.with, directory.Clean(k.With)), append(r.withKind, withWhom(&k))
		r.operator = append(r.operator, d.one(directory.Operator, k.PBX, k.Operator))
		r.queueID = append(r.queueID, d.one(directory.Queue, k.PBX, k.Queue))
		r.from, r.to, r.estimated = append(r.from, k.From), append(r.to, moment(k.To)), append(r.estimated, k.Estimated)
	}
	for n, h := range c.Holds {
		r.factKey.add(c, len(c.Talks)+n, d.pbx(h.PBX))
		r.kind, r.with, r.withKind, r.queueID = append(r.kind, segmentHold), append(r.with, ""), append(r.withKind, 0), append(r.queueID, nil)
		r.operator = append(r.operator, d.one(directory.Operator, h.PBX, h.By))
		r.from, r.to, r.estimated = append(r.from, h.From), append(r.to, moment(h.To)), append(r.estimated, h.Estimated)
	}
}

func (r *segmentRows) queue(b *pgx.Batch) {
	if len(r.call) == 0 {
		return
	}
	b.Queue(`INSERT INTO segments (tenant_id, call_id, n, kind, pbx_id, operator_id, queue_id, with_whom, from_at, to_at, estimated, with_kind)
		SELECT current_tenant(), id, n, kind, pbx, operator, queue, with_whom, from_at, to_at, estimated, with_kind
		FROM unnest($1::uuid[], $2::integer[], $3::smallint[], $4::integer[], $5::integer[], $6::integer[], $7::text[], $8::timestamptz[], $9::timestamptz[], $10::boolean[],
			$11::smallint[]) AS r (id, n, kind, pbx, operator, queue, with_whom, from_at, to_at, estimated, with_kind)
		ON CONFLICT (tenant_id, call_id, n) DO UPDATE SET kind = excluded.kind, pbx_id = excluded.pbx_id, operator_id = excluded.operator_id, queue_id = excluded.queue_id,
			with_whom = excluded.with_whom, from_at = excluded.from_at, to_at = excluded.to_at, estimated = excluded.estimated, with_kind = excluded.with_kind`,
		r.call, r.n, r.kind, r.pbx, r.operator, r.queueID, r.with, r.from, r.to, r.estimated, r.withKind)
}
