package users

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/callweave/callweave/cloud/pg"
	"github.com/callweave/callweave/cloud/rights"
	"github.com/callweave/callweave/tenants"
)

// Errors of people.
var (
	ErrLoginTaken = errors.New("the log-in name is taken")
	ErrLogin      = errors.New("a log-in name has 2 to 64 characters and no spaces")
	ErrRole       = errors.New("there is no such role")
)

// NewUser describes a user to be created.
type NewUser struct {
	Login    string
	Name     string
	Password string
	Role     string // one that comes with the product, see package rights
	Language string // en, ru; empty = en
}

// Accounts are the users of tenants and the vendor's staff.
type Accounts struct {
	db        *pg.DB
	passwords *Passwords
	now       func() time.Time
}

// New hashes with passwords.
func New(db *pg.DB, passwords *Passwords, now func() time.Time) *Accounts {
	return &Accounts{db: db, passwords: passwords, now: now}
}

// CreateUser adds a user to tenant: ErrLoginTaken, ErrLogin, ErrRole, ErrPassword. Log-in names are unique in the
// whole cloud, because a log-in is typed before there is a tenant to speak of.
func (a *Accounts) CreateUser(ctx context.Context, tenant tenants.ID, u NewUser) (uuid.UUID, error) {
	login, err := normaliseLogin(u.Login)
	if err != nil {
		return uuid.Nil, err
	}
	if _, ok := rights.BuiltIn(u.Role); !ok {
		return uuid.Nil, ErrRole
	}
	hash, err := a.passwords.Hash(ctx, u.Password)
	if err != nil {
		return uuid.Nil, err
	}
	if err := a.reserve(ctx, tenant, login); err != nil {
		return uuid.Nil, fmt.Errorf("create user: %w", err)
	}
	language := u.Language
	if language == "" {
		language = "en"
	}
	id := uuid.Must(uuid.NewV7())
	err = a.db.As(tenant).Tx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO users (tenant_id, id, login, name, password_hash, role, language) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			tenant.UUID(), id, login, u.Name, hash, u.Role, language)
		return err
	})
	if err != nil {
		return uuid.Nil, fmt.Errorf("create user: %w", taken(err))
	}
	return id, nil
}

// reserve notes whose log-in name it is. The two tables belong to two database roles and so to two transactions; a
// name left behind by a crash between them is simply taken up again by the same tenant.
func (a *Accounts) reserve(ctx context.Context, tenant tenants.ID, login string) error {
	return a.db.System().Tx(ctx, func(tx pgx.Tx) error {
		var owner uuid.UUID
		staff := false
		err := tx.QueryRow(ctx, `INSERT INTO logins (login, tenant_id) VALUES ($1, $2)
			ON CONFLICT (login) DO UPDATE SET login = excluded.login
			RETURNING tenant_id, EXISTS (SELECT FROM staff WHERE login = $1)`, login, tenant.UUID()).Scan(&owner, &staff)
		if err != nil {
			return err
		}
		if owner != tenant.UUID() || staff {
			return ErrLoginTaken
		}
		return nil
	})
}

// CreateStaff adds one of the vendor's people: ErrLoginTaken, ErrLogin, ErrPassword.
func (a *Accounts) CreateStaff(ctx context.Context, login, name, password string) (uuid.UUID, error) {
	login, err := normaliseLogin(login)
	if err != nil {
		return uuid.Nil, err
	}
	hash, err := a.passwords.Hash(ctx, password)
	if err != nil {
		return uuid.Nil, err
	}
	id := uuid.Must(uuid.NewV7())
	err = a.db.System().Tx(ctx, func(tx pgx.Tx) error {
		done, err := tx.Exec(ctx, `INSERT INTO staff (id, login, name, password_hash)
			SELECT $1, $2, $3, $4 WHERE NOT EXISTS (SELECT FROM logins WHERE login = $2)`, id, login, name, hash)
		if err == nil && done.RowsAffected() == 0 {
			return ErrLoginTaken
		}
		return err
	})
	if err != nil {
		return uuid.Nil, fmt.Errorf("create staff: %w", taken(err))
	}
	return id, nil
}

// normaliseLogin makes names that look the same be the same.
func normaliseLogin(login string) (string, error) {
	login = strings.ToLower(strings.TrimSpace(login))
	if len(login) < 2 || len(login) > 64 || strings.ContainsFunc(login, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		return "", ErrLogin
	}
	return login, nil
}

func taken(err error) error {
	var pgErr *pgconn.PgError
	if errors.As(err, &pgErr) && pgErr.Code == "23505" {
		return ErrLoginTaken
	}
	return err
}
