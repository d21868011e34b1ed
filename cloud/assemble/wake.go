package assemble

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/tenants"
)

// wake has the tenants looked at that have open calls. A call that ended shortly before a crash is to become final though
// its PBX says nothing more: nobody else would bring the tenant into memory. Which process works on a partition is known
// to the log alone, so the word goes through it.
func (r *Runner) wake(ctx context.Context) {
	list := r.tenants(ctx)
	for attempt := 0; len(list) > 0; {
		err := r.wakeOne(ctx, list[0])
		switch {
		case err == nil:
			list, attempt = list[1:], 0
			continue
		case ctx.Err() != nil:
			return
		}
		r.deps.Logger.DebugContext(ctx, "tenant could not be woken, trying again", "tenant", list[0].String(), "error", err)
		if !pause(ctx, attempt) {
			return
		}
		attempt++
	}
}

func (r *Runner) tenants(ctx context.Context) (list []tenants.ID) {
	for attempt := 0; ; attempt++ {
		err := r.deps.DB.System().Tx(ctx, func(tx pgx.Tx) error {
			rows, err := tx.Query(ctx, `SELECT id FROM tenants ORDER BY id`)
			if err != nil {
				return err
			}
			list, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (tenants.ID, error) {
				var id uuid.UUID
				err := row.Scan(&id)
				return tenants.FromUUID(id), err
			})
			return err
		})
		if err == nil {
			r.outage.over(ctx)
			return list
		}
		r.outage.failed(ctx, err)
		if !pause(ctx, attempt) {
			return nil
		}
	}
}

func (r *Runner) wakeOne(ctx context.Context, id tenants.ID) error {
	var open bool
	err := r.deps.DB.As(id).Read(ctx, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM calls WHERE tenant_id = $1 AND open)`, id.UUID()).Scan(&open)
	})
	if err != nil || !open {
		return err
	}
	if err := r.deps.Log.Wake(ctx, id); err != nil {
		return fmt.Errorf("wake: %w", err)
	}
	return nil
}
