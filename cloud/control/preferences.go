package control

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/tenants"
)

// ErrUnknownPerson says that somebody who was there is not there any more.
var ErrUnknownPerson = errors.New("there is no such person")

// SetLanguage changes the language a person reads; the zero tenant means the vendor's staff.
func (p *People) SetLanguage(ctx context.Context, tenant tenants.ID, person uuid.UUID, language string) error {
	const user, staff = `UPDATE users SET language = $2 WHERE id = $1`, `UPDATE staff SET language = $2 WHERE id = $1`
	if err := p.change(ctx, tenant, user, staff, person, language); err != nil {
		return fmt.Errorf("set language: %w", err)
	}
	return nil
}

// change changes one person: a tenant's user by the one statement, or one of the staff by the other.
func (p *People) change(ctx context.Context, tenant tenants.ID, user, staff string, args ...any) error {
	if tenant.IsZero() {
		return p.db.System().Tx(ctx, changeOne(ctx, staff, args...))
	}
	return p.db.As(tenant).Tx(ctx, changeOne(ctx, user, args...))
}

// SetPassword gives a person a new password: ErrPassword, ErrUnknownPerson. Sessions that are open stay open; whoever
// asks for this ends them.
func (p *People) SetPassword(ctx context.Context, tenant tenants.ID, person uuid.UUID, password string) error {
	const user, staff = `UPDATE users SET password_hash = $2 WHERE id = $1`, `UPDATE staff SET password_hash = $2 WHERE id = $1`
	hash, err := p.passwords.Hash(ctx, password)
	if err != nil {
		return err
	}
	if err := p.change(ctx, tenant, user, staff, person, hash); err != nil {
		return fmt.Errorf("set password: %w", err)
	}
	return nil
}

// BindOperator says which operator of the directory a user is, so that an operator may see the calls that are his own.
func (p *People) BindOperator(ctx context.Context, tenant tenants.ID, user uuid.UUID, operator int32) error {
	err := p.db.As(tenant).Tx(ctx, changeOne(ctx, `UPDATE users SET operator_id = $2 WHERE id = $1`, user, operator))
	if err != nil {
		return fmt.Errorf("bind operator: %w", err)
	}
	return nil
}

// changeOne runs a statement that has to find its one row.
func changeOne(ctx context.Context, sql string, args ...any) func(pgx.Tx) error {
	return func(tx pgx.Tx) error {
		done, err := tx.Exec(ctx, sql, args...)
		if err == nil && done.RowsAffected() == 0 {
			return ErrUnknownPerson
		}
		return err
	}
}
