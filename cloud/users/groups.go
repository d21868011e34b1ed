package users

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Members are what groups consist of.
type Members struct{ Queues, Operators, People []int32 }

// members reads what is in groups. A group that is no more has none.
func members(ctx context.Context, tx pgx.Tx, groups []int32) (m Members, err error) {
	if len(groups) == 0 {
		return m, nil
	}
	err = tx.QueryRow(ctx, `SELECT coalesce(array_agg(queue_id) FILTER (WHERE queue_id IS NOT NULL), '{}'),
			coalesce(array_agg(operator_id) FILTER (WHERE operator_id IS NOT NULL), '{}'), coalesce(array_agg(person_id) FILTER (WHERE person_id IS NOT NULL), '{}')
		FROM group_members WHERE tenant_id = current_tenant() AND group_id = ANY($1)`, groups).Scan(&m.Queues, &m.Operators, &m.People)
	if err != nil {
		return m, fmt.Errorf("read groups: %w", err)
	}
	return m, nil
}
