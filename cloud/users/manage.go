package users

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/identity"
	"github.com/callweave/callweave/cloud/rights"
)

// Errors of those who manage users.
var (
	ErrLastAdministrator = errors.New("the last administrator stays one")
	ErrBeyondOwn         = errors.New("nobody gives or takes rights that he has not himself")
	ErrName              = errors.New("a name has 1 to 200 characters")
	ErrLimits            = errors.New("there are no such limits")
)

// User is a tenant's user as those who manage users see him.
type User struct {
	ID       uuid.UUID
	Login    string
	Name     string
	Role     string // see package rights; the number of a tenant's own
	Limits   *rights.Limits
	Person   *int32
	Language string
	Invited  bool // has set no password yet
	Disabled *time.Time
}

// List returns the tenant's users, by name.
func List(ctx context.Context, tx pgx.Tx) ([]User, error) {
	rows, err := tx.Query(ctx, userColumns+` ORDER BY name, login`)
	if err != nil {
		return nil, fmt.Errorf("list users: %w", err)
	}
	list, err := pgx.CollectRows(rows, scanUser)
	if err != nil {
		return nil, fmt.Errorf("list users: %w", err)
	}
	return list, nil
}

const userColumns = `SELECT id, login, name, coalesce(role_id::text, role), limits, person_id, language, password_hash = '', disabled
	FROM users WHERE tenant_id = current_tenant()`

func scanUser(row pgx.CollectableRow) (u User, err error) {
	err = row.Scan(&u.ID, &u.Login, &u.Name, &u.Role, &u.Limits, &u.Person, &u.Language, &u.Invited, &u.Disabled)
	return u, err
}

func readUser(ctx context.Context, tx pgx.Tx, id uuid.UUID) (User, error) {
	rows, err := tx.Query(ctx, userColumns+` AND id = $1 FOR UPDATE`, id)
	if err != nil {
		return User{}, fmt.Errorf("read user: %w", err)
	}
	u, err := pgx.CollectExactlyOneRow(rows, scanUser)
	if errors.Is(err, pgx.ErrNoRows) {
		return u, ErrUnknownUser
	}
	if err != nil {
		return u, fmt.Errorf("read user: %w", err)
	}
	return u, nil
}

// shown is what the audit keeps of a user.
func (u *User) shown() map[string]any {
	return map[string]any{"login": u.Login, "name": u.Name, "role": u.Role, "limits": u.Limits, "person": u.Person, "disabled": u.Disabled != nil}
}

// Invite adds a user who has no password yet; see [Accounts.Invitation]. by is what the one who invites may himself.
func (a *Accounts) Invite(ctx context.Context, tx pgx.Tx, e *identity.Editor, by rights.Set, u User) (User, error) {
	if err := u.check(ctx, tx, by); err != nil {
		return u, err
	}
	key, own := u.stored()
	u.ID, u.Invited = uuid.Must(uuid.NewV7()), true
	_, err := tx.Exec(ctx, `INSERT INTO users (tenant_id, id, login, name, password_hash, role, role_id, limits, person_id, language)
		VALUES (current_tenant(), $1, $2, $3, '', $4, $5, $6, $7, $8)`, u.ID, u.Login, u.Name, key, own, u.Limits, u.Person, u.Language)
	if err != nil {
		return u, fmt.Errorf("invite user: %w", taken(err))
	}
	return u, e.Note(ctx, "user.invite", u.Login, nil, u.shown())
}

// Change changes a user's name, role, limits and person, and whether he may sign in. What his sessions may do changes at once.
func Change(ctx context.Context, tx pgx.Tx, e *identity.Editor, by rights.Set, u User, disabled bool, now time.Time) (User, error) {
	// Two administrators who remove each other meet here.
	if _, err := tx.Exec(ctx, `SELECT FROM users WHERE tenant_id = current_tenant() AND role = 'administrator' ORDER BY id FOR UPDATE`); err != nil {
		return u, fmt.Errorf("lock administrators: %w", err)
	}
	was, err := readUser(ctx, tx, u.ID)
	if err != nil {
		return u, err
	}
	if before, err := roleOf(ctx, tx, was.Role); err != nil || !by.Covers(before.Rights) {
		return u, errors.Join(err, ErrBeyondOwn)
	}
	u.Login, u.Language, u.Invited, u.Disabled = was.Login, was.Language, was.Invited, was.Disabled
	if err := u.check(ctx, tx, by); err != nil {
		return u, err
	}
	switch {
	case disabled && u.Disabled == nil:
		u.Disabled = &now
	case !disabled:
		u.Disabled = nil
	}
	key, own := u.stored()
	if was.Role == rights.Administrator && (key != rights.Administrator || disabled) {
		if err := othersAdminister(ctx, tx, u.ID); err != nil {
			return u, err
		}
	}
	_, err = tx.Exec(ctx, `UPDATE users SET name = $2, role = $3, role_id = $4, limits = $5, person_id = $6, disabled = $7
		WHERE tenant_id = current_tenant() AND id = $1`, u.ID, u.Name, key, own, u.Limits, u.Person, u.Disabled)
	if err != nil {
		return u, fmt.Errorf("change user: %w", err)
	}
	return u, e.Note(ctx, "user.change", u.Login, was.shown(), u.shown())
}

// othersAdminister tells whether somebody else is an administrator who can sign in and sees everything.
func othersAdminister(ctx context.Context, tx pgx.Tx, but uuid.UUID) error {
	var others bool
	err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM users WHERE tenant_id = current_tenant() AND role = 'administrator' AND disabled IS NULL
		AND password_hash <> '' AND (limits IS NULL OR limits->>'see' = 'all') AND id <> $1)`, but).Scan(&others)
	if err != nil {
		return fmt.Errorf("look for administrators: %w", err)
	}
	if !others {
		return ErrLastAdministrator
	}
	return nil
}

func (u *User) check(ctx context.Context, tx pgx.Tx, by rights.Set) (err error) {
	if u.Login, err = normaliseLogin(u.Login); err != nil {
		return err
	}
	if u.Name = strings.TrimSpace(u.Name); u.Name == "" || len([]rune(u.Name)) > 200 {
		return ErrName
	}
	if u.Limits != nil && !u.Limits.Valid() || u.Role == rights.Administrator && u.Limits != nil && u.Limits.See != rights.SeeAll {
		return ErrLimits
	}
	if u.Language == "" {
		u.Language = "en"
	}
	role, err := roleOf(ctx, tx, u.Role)
	if err != nil {
		return err
	}
	if !by.Covers(role.Rights) {
		return ErrBeyondOwn
	}
	return nil
}
