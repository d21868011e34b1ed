// Package heard reads from the database what the agents of each PBX heard, for cloud/coverage to say how complete a period
// is. It judges nothing.
package heard

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/coverage"
)

// Read returns the agents of each PBX of the tenant, with those of their gaps that touch a period.
func Read(ctx context.Context, tx pgx.Tx, from, to time.Time) (map[int32][]coverage.Agent, error) {
	rows, err := tx.Query(ctx, `SELECT pbx_id, agent_id, first_event, last_event FROM cursors
		WHERE tenant_id = current_tenant() AND pbx_id IS NOT NULL AND first_event IS NOT NULL AND last_event IS NOT NULL ORDER BY first_event, agent_id`)
	if err != nil {
		return nil, fmt.Errorf("read agents: %w", err)
	}
	heard := map[int32][]coverage.Agent{}
	type place struct {
		pbx int32
		n   int
	}
	places := map[uuid.UUID]place{}
	var pbx int32
	var id uuid.UUID
	var a coverage.Agent
	_, err = pgx.ForEachRow(rows, []any{&pbx, &id, &a.First, &a.Last}, func() error {
		places[id] = place{pbx, len(heard[pbx])}
		heard[pbx] = append(heard[pbx], a)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read agents: %w", err)
	}
	rows, err = tx.Query(ctx, `SELECT agent_id, from_at, to_at, reason, events FROM gaps
		WHERE tenant_id = current_tenant() AND agent_id IS NOT NULL AND to_at >= $1 AND from_at <= $2 ORDER BY from_at, id`, from, to)
	if err != nil {
		return nil, fmt.Errorf("read gaps: %w", err)
	}
	var g coverage.Gap
	var events int64
	_, err = pgx.ForEachRow(rows, []any{&id, &g.From, &g.To, &g.Reason, &events}, func() error {
		g.Events = uint64(max(events, 0))
		if p, ok := places[id]; ok {
			agent := &heard[p.pbx][p.n]
			agent.Gaps = append(agent.Gaps, g)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read gaps: %w", err)
	}
	return heard, nil
}
