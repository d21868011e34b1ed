package users

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/callweave/callweave/cloud/identity"
	"github.com/callweave/callweave/cloud/rights"
)

// Errors of roles.
var (
	ErrRoleTaken = errors.New("there is a role of this name")
	ErrRoleUsed  = errors.New("somebody has this role")
)

// Role is a role of the tenant's own.
type Role struct {
	ID     int32
	Name   string
	Rights rights.Set
	Limits rights.Limits
}

func (r *Role) shown() map[string]any {
	return map[string]any{"name": r.Name, "rights": r.Rights, "limits": r.Limits}
}

// Roles are the tenant's own, by name.
func Roles(ctx context.Context, tx pgx.Tx) ([]Role, error) {
	rows, err := tx.Query(ctx, `SELECT id, name, rights, limits FROM roles WHERE tenant_id = current_tenant() ORDER BY name`)
	if err != nil {
		return nil, fmt.Errorf("list roles: %w", err)
	}
	list, err := pgx.CollectRows(rows, scanRole)
	if err != nil {
		return nil, fmt.Errorf("list roles: %w", err)
	}
	return list, nil
}

func scanRole(row pgx.CollectableRow) (r Role, err error) {
	var named []string
	err = row.Scan(&r.ID, &r.Name, &named, &r.Limits)
	r.Rights = setOf(named).Known()
	return r, err
}

// roleOf finds a role by what users name it by: the key of one of the product, or the number of the tenant's own.
func roleOf(ctx context.Context, tx pgx.Tx, key string) (rights.Role, error) {
	if r, ok := rights.BuiltIn(key); ok {
		return r, nil
	}
	id, err := strconv.ParseInt(key, 10, 32)
	if err != nil {
		return rights.Role{}, ErrRole
	}
	r, err := readRole(ctx, tx, int32(id))
	return rights.Role{Rights: r.Rights, Limits: r.Limits}, err
}

func readRole(ctx context.Context, tx pgx.Tx, id int32) (Role, error) {
	rows, err := tx.Query(ctx, `SELECT id, name, rights, limits FROM roles WHERE tenant_id = current_tenant() AND id = $1 FOR UPDATE`, id)
	if err != nil {
		return Role{}, fmt.Errorf("read role: %w", err)
	}
	r, err := pgx.CollectExactlyOneRow(rows, scanRole)
	if errors.Is(err, pgx.ErrNoRows) {
		return r, ErrRole
	}
	if err != nil {
		return r, fmt.Errorf("read role: %w", err)
	}
	return r, nil
}

// stored is how the table of users names a role.
func (u *User) stored() (key string, own *int32) {
	if _, ok := rights.BuiltIn(u.Role); ok {
		return u.Role, nil
	}
	n, _ := strconv.ParseInt(u.Role, 10, 32)
	id := int32(n)
	return RoleCustom, &id
}

func (r *Role) check(by rights.Set) error {
	if r.Name = strings.TrimSpace(r.Name); r.Name == "" || len([]rune(r.Name)) > 100 {
		return ErrName
	}
	if !r.Limits.Valid() {
		return ErrLimits
	}
	if !by.Covers(r.Rights) {
		return ErrBeyondOwn
	}
	r.Rights = r.Rights.Known()
	return nil
}

func (r *Role) names() []string {
	list := make([]string, 0, len(r.Rights))
	for _, x := range r.Rights {
		list = append(list, string(x))
	}
	return list
}

// AddRole adds a role: ErrName, ErrLimits, ErrBeyondOwn, ErrRoleTaken.
func AddRole(ctx context.Context, tx pgx.Tx, e *identity.Editor, by rights.Set, r Role) (Role, error) {
	if err := r.check(by); err != nil {
		return r, err
	}
	err := tx.QueryRow(ctx, `INSERT INTO roles (tenant_id, name, rights, limits) VALUES (current_tenant(), $1, $2, $3) RETURNING id`, r.Name, r.names(), r.Limits).Scan(&r.ID)
	if err != nil {
		return r, roleError(err)
	}
	return r, e.Note(ctx, "role.add", r.Name, nil, r.shown())
}

// ChangeRole changes what all who have the role may do, at once.
func ChangeRole(ctx context.Context, tx pgx.Tx, e *identity.Editor, by rights.Set, r Role) (Role, error) {
	was, err := readRole(ctx, tx, r.ID)
	if err != nil {
		return r, err
	}
	if !by.Covers(was.Rights) {
		return r, ErrBeyondOwn
	}
	if err := r.check(by); err != nil {
		return r, err
	}
	if _, err := tx.Exec(ctx, `UPDATE roles SET name = $2, rights = $3, limits = $4 WHERE tenant_id = current_tenant() AND id = $1`, r.ID, r.Name, r.names(), r.Limits); err != nil {
		return r, roleError(err)
	}
	return r, e.Note(ctx, "role.change", r.Name, was.shown(), r.shown())
}

// RemoveRole removes a role that nobody has: ErrRoleUsed.
func RemoveRole(ctx context.Context, tx pgx.Tx, e *identity.Editor, by rights.Set, id int32) error {
	was, err := readRole(ctx, tx, id)
	if err != nil {
		return err
	}
	if !by.Covers(was.Rights) {
		return ErrBeyondOwn
	}
	if _, err := tx.Exec(ctx, `DELETE FROM roles WHERE tenant_id = current_tenant() AND id = $1`, id); err != nil {
		return roleError(err)
	}
	return e.Note(ctx, "role.remove", was.Name, was.shown(), nil)
}

func roleError(err error) error {
	var pe *pgconn.PgError
	if errors.As(err, &pe) {
		switch pe.Code {
		case "23505":
			return ErrRoleTaken
		case "23503":
			return ErrRoleUsed
		}
	}
	return fmt.Errorf("write role: %w", err)
}
