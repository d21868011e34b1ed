package assemble

import (
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/tenants"
)

// Revisions tell readers of facts whether a day is still what they read of it. They grow in the transaction that writes:
//
//	old rows → revision of each day they were or will be on → which calls are gone from a day → the rows, with the revision
//
// A day's revision is locked from then on until the transaction ends, so who sees a revision sees all that went before it.
// Days are taken in their order, and calls before states, so that no two transactions wait for each other.

// dayOf is the UTC day of a moment, as the database counts them.
func dayOf(t time.Time) int32 {
	s := t.Unix()
	if s < 0 {
		s -= 86399
	}
	return int32(s / 86400)
}

// touchCalls: $1 the tenant, $2 to $4 calls that are about to be written, their days and ends, $5 those and calls that go.
const touchCalls = `
	WITH written AS (SELECT * FROM unnest($2::uuid[], $3::integer[], $4::timestamptz[]) AS r (id, day, ended)),
	old AS (SELECT c.id, day_of(c.started) AS day FROM calls c WHERE c.tenant_id = $1 AND c.id = ANY($5::uuid[])),
	touched AS (SELECT day, max(ended) AS reach FROM (SELECT day, ended FROM written UNION ALL SELECT day, NULL FROM old) d GROUP BY day),
	grown AS (
		INSERT INTO fact_revisions AS f (tenant_id, part, day, rev, reach) SELECT $1, 1, day, 1, reach FROM touched ORDER BY day
		ON CONFLICT (tenant_id, part, day) DO UPDATE SET rev = f.rev + 1, reach = greatest(f.reach, excluded.reach)
		RETURNING f.day, f.rev)
	INSERT INTO gone_calls (tenant_id, day, call_id, rev)
		SELECT $1, o.day, o.id, g.rev FROM old o JOIN grown g USING (day) LEFT JOIN written w USING (id) WHERE w.id IS NULL OR w.day <> o.day
	ON CONFLICT (tenant_id, day, call_id) DO UPDATE SET rev = excluded.rev`

func queueRevisions(b *pgx.Batch, tenant tenants.ID, rows *callRows, dead []call.ID) {
	ids := slices.Clone(rows.id)
	for _, id := range dead {
		ids = append(ids, uuid.UUID(id))
	}
	if len(ids) > 0 {
		b.Queue(touchCalls, tenant.UUID(), rows.id, rows.day, rows.ended, ids)
	}
}

// touchStates: $1 the tenant, $2 to $9 intervals that are about to be written, $10 those and intervals that go. An interval
// that lasts, or goes over midnight, changes all days from some day on: the one on which it ends where only its end is new.
const touchStates = `
	WITH written AS (SELECT *, true AS comes FROM unnest($2::uuid[], $3::smallint[], $4::integer[], $5::integer[], $6::timestamptz[], $7::timestamptz[], $8::boolean[], $9::text[])
		AS r (id, kind, operator_id, queue_id, from_at, to_at, estimated, reason)),
	old AS (SELECT id, kind, operator_id, queue_id, from_at, to_at, estimated, reason, true AS was FROM operator_states WHERE tenant_id = $1 AND id = ANY($10::uuid[])),
	changed AS (
		SELECT day_of(CASE WHEN (w.kind, w.operator_id, w.from_at, w.reason) = (o.kind, o.operator_id, o.from_at, o.reason)
				AND w.queue_id IS NOT DISTINCT FROM o.queue_id AND w.estimated = o.estimated
			THEN least(w.to_at, o.to_at) ELSE least(w.from_at, o.from_at) END) AS first,
			day_of(CASE WHEN comes AND w.to_at IS NULL OR was AND o.to_at IS NULL THEN NULL ELSE greatest(w.to_at, o.to_at) END) AS last
		FROM written w FULL JOIN old o USING (id))
	INSERT INTO fact_revisions AS f (tenant_id, part, day, rev)
		SELECT $1, part, first, 1 FROM (SELECT DISTINCT CASE WHEN first = last THEN 2 ELSE 4 END AS part, first FROM changed WHERE first IS NOT NULL) d ORDER BY part, first
	ON CONFLICT (tenant_id, part, day) DO UPDATE SET rev = f.rev + 1`

func queueStateRevisions(b *pgx.Batch, tenant tenants.ID, r *stateRows, void []uuid.UUID) {
	if ids := append(slices.Clone(r.id), void...); len(ids) > 0 {
		b.Queue(touchStates, tenant.UUID(), r.id, r.kind, r.operator, r.queueID, r.from, r.to, r.estimated, r.reason, ids)
	}
}
