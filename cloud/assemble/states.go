package assemble

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/cloud/directory"
	"github.com/callweave/callweave/tenants"
)

// addStates keeps the latest version of each interval.
func (s *step) addStates(states []call.Interval) {
	for _, x := range states {
		if n, again := s.stateAt[x.ID]; again {
			s.states[n] = x
			continue
		}
		s.stateAt[x.ID] = len(s.states)
		s.states = append(s.states, x)
	}
}

// queueStates queues what changed about operators: intervals by their ids, so that the same one again is the same row.
func (w *write) queueStates(b *pgx.Batch, names *directory.Session, states []call.Interval) {
	d := ids{w.t, names}
	var void []uuid.UUID
	var rows stateRows
	for i := range states {
		if x := &states[i]; x.Void {
			void = append(void, uuid.UUID(x.ID))
		} else {
			rows.add(d, x)
		}
	}
	queueStateRevisions(b, w.t.id, &rows, void)
	if len(void) > 0 {
		b.Queue(`DELETE FROM operator_states WHERE tenant_id = $1 AND id = ANY($2)`, w.t.id.UUID(), void)
	}
	rows.queue(b)
}

type stateRows struct {
	id                                                             []uuid.UUID
	kind                                                           []int16
	pbx, operator, penalty                                         []int32
	queueID                                                        []*int32
	from                                                           []time.Time
	to                                                             []*time.Time
	estimated                                                      []bool
	iface, member, membership, beganBy, endedBy, reason, endReason []string
}

// add passes over what is of no operator: the directory has no id for a member that is known by nothing.
func (r *stateRows) add(d ids, x *call.Interval) {
	operator := d.one(directory.Operator, x.PBX, x.Operator)
	if operator == nil {
		return
	}
	r.id, r.kind, r.pbx = append(r.id, uuid.UUID(x.ID)), append(r.kind, int16(x.Kind)), append(r.pbx, d.pbx(x.PBX))
	r.operator, r.queueID = append(r.operator, *operator), append(r.queueID, d.one(directory.Queue, x.PBX, x.Queue))
	r.from, r.to, r.estimated = append(r.from, x.From), append(r.to, moment(x.To)), append(r.estimated, x.Estimated)
	r.penalty = append(r.penalty, int32(x.Penalty))
	for list, text := range map[*[]string]string{
		&r.iface: x.Interface, &r.member: x.Member, &r.membership: x.Membership, &r.beganBy: x.Began, &r.endedBy: x.Ended,
		&r.reason: x.Reason, &r.endReason: x.EndReason,
	} {
		*list = append(*list, directory.Clean(text))
	}
}

const upsertStates = `
	INSERT INTO operator_states (tenant_id, id, kind, pbx_id, operator_id, queue_id, from_at, to_at, estimated, interface, member, membership, penalty,
		began_by, ended_by, reason, end_reason)
	SELECT current_tenant(), * FROM unnest($1::uuid[], $2::smallint[], $3::integer[], $4::integer[], $5::integer[], $6::timestamptz[], $7::timestamptz[],
		$8::boolean[], $9::text[], $10::text[], $11::text[], $12::integer[], $13::text[], $14::text[], $15::text[], $16::text[])
	ON CONFLICT (tenant_id, id) DO UPDATE SET kind = excluded.kind, operator_id = excluded.operator_id, queue_id = excluded.queue_id,
		from_at = excluded.from_at, to_at = excluded.to_at, estimated = excluded.estimated, interface = excluded.interface, member = excluded.member,
		membership = excluded.membership, penalty = excluded.penalty, began_by = excluded.began_by, ended_by = excluded.ended_by,
		reason = excluded.reason, end_reason = excluded.end_reason`

func (r *stateRows) queue(b *pgx.Batch) {
	if len(r.id) == 0 {
		return
	}
	b.Queue(upsertStates, r.id, r.kind, r.pbx, r.operator, r.queueID, r.from, r.to, r.estimated, r.iface, r.member, r.membership, r.penalty,
		r.beganBy, r.endedBy, r.reason, r.endReason)
}

// readStates returns the intervals that last, for an assembler that has to go on without its memory.
func (t *tenant) readStates(ctx context.Context, tx pgx.Tx) ([]call.Interval, error) {
	rows, err := tx.Query(ctx, `SELECT s.id, s.kind, p.name, o.number, coalesce(q.number, ''), s.from_at, s.estimated, s.interface, s.member, s.membership,
			s.penalty, s.began_by, s.reason
		FROM operator_states s
		JOIN pbxs p ON p.tenant_id = s.tenant_id AND p.id = s.pbx_id
		JOIN operators o ON o.tenant_id = s.tenant_id AND o.id = s.operator_id
		LEFT JOIN queues q ON q.tenant_id = s.tenant_id AND q.id = s.queue_id
		WHERE s.tenant_id = $1 AND s.to_at IS NULL ORDER BY s.from_at, s.id`, t.id.UUID())
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (x call.Interval, err error) {
		var id uuid.UUID
		var kind int16
		err = row.Scan(&id, &kind, &x.PBX, &x.Operator, &x.Queue, &x.From, &x.Estimated, &x.Interface, &x.Member, &x.Membership,
			&x.Penalty, &x.Began, &x.Reason)
		x.ID, x.Kind = call.ID(id), call.StateKind(kind)
		return x, err
	})
}

// PutStates writes intervals that come from elsewhere than an agent, in the caller's transaction. The caller keeps names
// after the commit.
func PutStates(ctx context.Context, tx pgx.Tx, names *directory.Session, id tenants.ID, states []call.Interval) error {
	t := &tenant{id: id, pbxs: map[int32]directory.PBX{}}
	s := newStep(0)
	s.addStates(states)
	w := write{t: t, s: s}
	if err := t.readPBXs(ctx, tx); err != nil {
		return err
	}
	if err := names.Resolve(ctx, tx, w.names()); err != nil {
		return err
	}
	var b pgx.Batch
	w.queueStates(&b, names, s.states)
	return tx.SendBatch(ctx, &b).Close()
}
