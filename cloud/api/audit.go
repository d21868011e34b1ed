package api

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"
)

func (a *API) listAudit(ctx context.Context, in *auditInput) (*auditOutput, error) {
	out := &auditOutput{}
	if !viewerOf(ctx).Scope.Watches() {
		return nil, limited() // changes name everybody
	}
	f := &filter{}
	f.add("tenant_id = current_tenant()")
	if in.Before != 0 {
		f.add("id < $", in.Before)
	}
	if in.Action != "" {
		f.add("(action = $ OR split_part(action, '.', 1) = $)", in.Action, in.Action)
	}
	err := a.deps.DB.As(viewerOf(ctx).Tenant).Read(ctx, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `SELECT id, at, login, action, subject, before, after FROM audit WHERE `+f.sql()+
			fmt.Sprintf(` ORDER BY id DESC LIMIT %d`, in.Limit+1), f.args...)
		if err != nil {
			return err
		}
		out.Body.Entries, err = pgx.CollectRows(rows, scanAudit)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list audit: %w", err)
	}
	if list := out.Body.Entries; len(list) > in.Limit {
		out.Body.Entries = list[:in.Limit]
		out.Body.Next = &list[in.Limit-1].ID
	}
	return out, nil
}

func scanAudit(row pgx.CollectableRow) (e AuditEntry, err error) {
	var before, after []byte
	if err := row.Scan(&e.ID, &e.At, &e.Login, &e.Action, &e.Subject, &before, &after); err != nil {
		return e, err
	}
	e.At = e.At.UTC()
	if before != nil {
		e.Before = json.RawMessage(before)
	}
	if after != nil {
		e.After = json.RawMessage(after)
	}
	return e, nil
}
