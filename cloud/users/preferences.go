package users

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/tenants"
)

// ErrUnknownUser says that somebody who was there is not there any more.
var ErrUnknownUser = errors.New("there is no such user")

// SetLanguage changes the language a person reads; the zero tenant means the vendor's staff.
func (a *Accounts) SetLanguage(ctx context.Context, tenant tenants.ID, person uuid.UUID, language string) error {
	const user, staff = `UPDATE users SET language = $2 WHERE id = $1`, `UPDATE staff SET language = $2 WHERE id = $1`
	if err := a.change(ctx, tenant, user, staff, person, language); err != nil {
		return fmt.Errorf("set language: %w", err)
	}
	return nil
}

// change changes one person: a tenant's user by the one statement, or one of the staff by the other.
func (a *Accounts) change(ctx context.Context, tenant tenants.ID, user, staff string, args ...any) error {
	if tenant.IsZero() {
		return a.db.System().Tx(ctx, changeOne(ctx, staff, args...))
	}
	return a.db.As(tenant).Tx(ctx, changeOne(ctx, user, args...))
}

// SetPassword gives a person a new password: ErrPassword, ErrUnknownUser. Sessions that are open stay open; whoever
// asks for this ends them.
func (a *Accounts) SetPassword(ctx context.Context, tenant tenants.ID, person uuid.UUID, password string) error {
	const user, staff = `UPDATE users SET password_hash = $2 WHERE id = $1`, `UPDATE staff SET password_hash = $2 WHERE id = $1`
	hash, err := a.passwords.Hash(ctx, password)
	if err != nil {
		return err
	}
	if err := a.change(ctx, tenant, user, staff, person, hash); err != nil {
		return fmt.Errorf("set password: %w", err)
	}
	return nil
}

// BindOperator says which operator of the directory a user is, so that an operator may see the calls that are his own.
func (a *Accounts) BindOperator(ctx context.Context, tenant tenants.ID, user uuid.UUID, operator int32) error {
	err := a.db.As(tenant).Tx(ctx, changeOne(ctx, `UPDATE users SET operator_id = $2 WHERE id = $1`, user, operator))
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
			return ErrUnknownUser
		}
		return err
	}
}
