package settings

import (
	"context"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/locale"
)

// Reason is a reason of pauses and how it counts.
type Reason struct {
	Reason string `json:"reason" maxLength:"200" doc:"As the PBX says it; empty: pauses without one"`
	Name   string `json:"name" maxLength:"200" doc:"What it is called here; empty: the same"`
	Paid   bool   `json:"paid" doc:"Part of paid time"`
	Work   bool   `json:"work" doc:"No break at all: training, back office"`
	Limit  int32  `json:"limit" minimum:"0" maximum:"86400" doc:"Seconds one may last; 0: no limit"`
}

const reasons = `SELECT reason, name, paid, work, limit_s FROM pause_reasons WHERE tenant_id = current_tenant()`

// Reasons lists what was decided about reasons of pauses.
func Reasons(ctx context.Context, tx pgx.Tx) ([]Reason, error) {
	return all[Reason](ctx, tx, reasons+` ORDER BY reason`)
}

// SetReason says how pauses of a reason count, which need not have been seen yet.
func (e *Editor) SetReason(ctx context.Context, r Reason) (Reason, error) {
	var err error
	if r.Reason, err = name(r.Reason, false); err != nil {
		return r, err
	}
	if r.Name, err = name(r.Name, false); err != nil {
		return r, err
	}
	if r.Limit < 0 || r.Limit > 24*3600 {
		return r, invalid(locale.Say("A pause may be limited to a day at most."))
	}
	was, err := e.reason(ctx, r.Reason)
	switch {
	case errors.Is(err, ErrNotFound):
		if err := e.room(ctx, "pause_reasons"); err != nil {
			return r, err
		}
	case err != nil:
		return r, err
	case *was == r:
		return r, nil
	}
	err = e.exec(ctx, `INSERT INTO pause_reasons (tenant_id, reason, name, paid, work, limit_s) VALUES (current_tenant(), $1, $2, $3, $4, $5)
		ON CONFLICT (tenant_id, reason) DO UPDATE SET name = $2, paid = $3, work = $4, limit_s = $5`, r.Reason, r.Name, r.Paid, r.Work, r.Limit)
	if err != nil {
		return r, err
	}
	return r, e.Note(ctx, "reason.set", r.Reason, orNil(was), r)
}

// RemoveReason takes that back: such a pause is a break like any other.
func (e *Editor) RemoveReason(ctx context.Context, reason string) error {
	was, err := e.reason(ctx, strings.TrimSpace(reason))
	if err != nil {
		return err
	}
	if err := e.exec(ctx, `DELETE FROM pause_reasons WHERE tenant_id = current_tenant() AND reason = $1`, was.Reason); err != nil {
		return err
	}
	return e.Note(ctx, "reason.remove", was.Reason, was, nil)
}

// reason returns nothing beside [ErrNotFound].
func (e *Editor) reason(ctx context.Context, reason string) (*Reason, error) {
	r, err := one[Reason](ctx, e.tx, reasons+` AND reason = $1 FOR UPDATE`, reason)
	if err != nil {
		return nil, err
	}
	return &r, nil
}

// orNil makes a pointer to nothing be nothing.
func orNil[T any](p *T) any {
	if p == nil {
		return nil
	}
	return *p
}
