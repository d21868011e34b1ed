package api

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/names"
)

// getDirectory names everything at once that the viewer sees: it is small, and every page needs most of it.
func (a *API) getDirectory(ctx context.Context, _ *struct{}) (*directoryOutput, error) {
	out := &directoryOutput{}
	d := &out.Body
	v := viewerOf(ctx)
	err := a.deps.DB.As(v.Tenant).Read(ctx, func(tx pgx.Tx) (err error) {
		if d.PBXs, err = collect[PBXName](ctx, tx, `SELECT p.id, p.name, s.name FROM pbxs p JOIN stations s ON s.id = p.station_id ORDER BY p.name`); err != nil {
			return err
		}
		if d.Queues, err = collect[Numbered](ctx, tx, `SELECT q.id, q.number, coalesce(nullif(d.name, ''), q.name), s.name FROM queues q JOIN stations s ON s.id = q.station_id
			LEFT JOIN queue_settings d ON d.tenant_id = q.tenant_id AND d.queue_id = q.id ORDER BY s.name, q.number`); err != nil {
			return err
		}
		if d.Operators, err = collect[Numbered](ctx, tx, `SELECT o.id, o.number, o.name, s.name FROM operators o JOIN stations s ON s.id = o.station_id ORDER BY s.name, o.number`); err != nil {
			return err
		}
		named, err := names.NamedIn(ctx, tx, v.Scope)
		if err != nil {
			return err
		}
		d.Queues = slices.DeleteFunc(d.Queues, func(q Numbered) bool { return !named.Queue(q.ID) })
		d.Operators = slices.DeleteFunc(d.Operators, func(o Numbered) bool { return !named.Operator(o.ID) })
		d.Trunks, err = collect[Trunk](ctx, tx, `SELECT t.id, t.endpoint, s.name FROM trunks t JOIN stations s ON s.id = t.station_id ORDER BY s.name, t.endpoint`)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read directory: %w", err)
	}
	return out, nil
}

// collect reads rows into structs, column by field in order; no rows give an empty list.
func collect[T any](ctx context.Context, tx pgx.Tx, sql string, args ...any) ([]T, error) {
	rows, err := tx.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[T])
}
