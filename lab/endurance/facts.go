package main

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/pg"
)

// What reports count are rows beside the story: they have to be as true, and as single, as the story is.
const (
	factsOfVisits = `SELECT f.call_id, jsonb_build_object('kind', 'visit', 'pbx', p.name, 'queue', q.number, 'operator', o.number,
		'from', f.entered, 'to', f.left_at, 'result', f.result, 'estimated', f.estimated) FROM queue_visits f
		JOIN pbxs p ON p.tenant_id = f.tenant_id AND p.id = f.pbx_id JOIN queues q ON q.tenant_id = f.tenant_id AND q.id = f.queue_id
		LEFT JOIN operators o ON o.tenant_id = f.tenant_id AND o.id = f.operator_id`
	factsOfRings = `SELECT f.call_id, jsonb_build_object('kind', 'ring', 'pbx', p.name, 'queue', q.number, 'operator', o.number,
		'from', f.rang, 'to', f.ended, 'result', f.result, 'estimated', f.estimated) FROM attempts f
		JOIN pbxs p ON p.tenant_id = f.tenant_id AND p.id = f.pbx_id LEFT JOIN queues q ON q.tenant_id = f.tenant_id AND q.id = f.queue_id
		LEFT JOIN operators o ON o.tenant_id = f.tenant_id AND o.id = f.operator_id`
	factsOfTalks = `SELECT f.call_id, jsonb_build_object('kind', f.kind, 'pbx', p.name, 'queue', q.number, 'operator', o.number,
		'with', f.with_whom, 'from', f.from_at, 'to', f.to_at, 'estimated', f.estimated) FROM segments f
		JOIN pbxs p ON p.tenant_id = f.tenant_id AND p.id = f.pbx_id LEFT JOIN queues q ON q.tenant_id = f.tenant_id AND q.id = f.queue_id
		LEFT JOIN operators o ON o.tenant_id = f.tenant_id AND o.id = f.operator_id`
	factsOfCalls = `SELECT id, jsonb_build_object('kind', 'call', 'wait_seconds', wait_ms / 1000.0, 'talk_seconds', talk_ms / 1000.0,
		'hold_seconds', hold_ms / 1000.0, 'started', started, 'ended', ended, 'open', open, 'partial', partial) FROM calls`
)

// addFacts gives the stories the rows that reports count. Rows of a call that is not there, and calls whose rows are not
// as many as the story tells of, are faults.
func (in *installation) addFacts(ctx context.Context, list []*story) (faults []string, err error) {
	by := map[uuid.UUID]*story{}
	for _, s := range list {
		id, err := uuid.Parse(s.seen.ID)
		if err != nil {
			return nil, err
		}
		if by[id] != nil {
			faults = append(faults, fmt.Sprintf("%s lists call %s twice", in.name, id))
		}
		by[id] = s
	}
	err = in.read(ctx, func(db pg.Tenant) error {
		return db.Read(ctx, func(tx pgx.Tx) error {
			for _, q := range []string{factsOfVisits, factsOfRings, factsOfTalks, factsOfCalls} {
				rows, err := tx.Query(ctx, q)
				if err != nil {
					return err
				}
				var id uuid.UUID
				var text []byte
				_, err = pgx.ForEachRow(rows, []any{&id, &text}, func() error {
					var fact any
					if err := json.Unmarshal(text, &fact); err != nil {
						return err
					}
					if by[id] == nil {
						faults = append(faults, fmt.Sprintf("%s has a row of call %s, which it does not list: %s", in.name, id, text))
						return nil
					}
					by[id].facts = append(by[id].facts, fact)
					return nil
				})
				if err != nil {
					return err
				}
			}
			return nil
		})
	})
	for _, s := range list {
		told := 1
		for _, key := range []string{"queues", "rings", "talks", "holds"} {
			told += len(rowsOf(s, key))
		}
		if len(s.facts) != told {
			faults = append(faults, fmt.Sprintf("%s has %d rows of call %s, whose story tells of %d", in.name, len(s.facts), s.seen.ID, told))
		}
	}
	return faults, err
}
