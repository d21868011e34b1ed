package pg

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// RoleError says why a server's roles would not keep tenants apart, and what to do.
type RoleError struct{ Role, Problem, Remedy string }

func (e *RoleError) Error() string {
	return fmt.Sprintf("role %s %s; %s", e.Role, e.Problem, e.Remedy)
}

// checkRoles takes each role as the product will and asks the server who it then is. The login role itself may be
// anything, because nothing that serves a tenant ever runs as it.
func (db *DB) checkRoles(ctx context.Context) error {
	for _, role := range []string{roleApp, roleSystem} {
		if err := db.checkRole(ctx, role); err != nil {
			return err
		}
	}
	return nil
}

func (db *DB) checkRole(ctx context.Context, role string) error {
	var is string
	var super, bypass bool
	opts := pgx.TxOptions{BeginQuery: "begin read only; set local role " + role}
	err := pgx.BeginTxFunc(ctx, db.pool, opts, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `SELECT current_user::text, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user`).
			Scan(&is, &super, &bypass)
	})
	var pe *pgconn.PgError
	switch {
	case errors.As(err, &pe) && pe.Code == "22023":
		return &RoleError{role, "does not exist", "run `callweave migrate` on this database first"}
	case errors.As(err, &pe) && pe.Code == "42501":
		return &RoleError{role, "may not be taken by the login role", "as the server's administrator: GRANT " + role + " TO the login role"}
	case err != nil:
		return err
	case is != role:
		return &RoleError{role, "was asked for and " + is + " came: the server or a pooler drops SET LOCAL ROLE", "connect to PostgreSQL directly or with a pooler in transaction mode"}
	case super:
		return &RoleError{role, "is a superuser, who sees every tenant's rows", "ALTER ROLE " + role + " NOSUPERUSER"}
	case bypass:
		return &RoleError{role, "may bypass row-level security and so sees every tenant's rows", "ALTER ROLE " + role + " NOBYPASSRLS"}
	}
	return nil
}
