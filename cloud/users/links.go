package users

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/identity"
	"github.com/callweave/callweave/cloud/rights"
	"github.com/callweave/callweave/tenants"
)

// linkLife is how long a link works by which somebody sets a password.
const linkLife = 7 * 24 * time.Hour

// ErrLink is a link that is not one of ours, was used, or is too old.
var ErrLink = errors.New("the link does not work")

// secret makes 256 random bits as text, and what is stored of it.
func secret() (token string, hash []byte) {
	var random [32]byte
	_, _ = rand.Read(random[:]) // never fails
	token = base64.RawURLEncoding.EncodeToString(random[:])
	return token, hashOf(token)
}

func hashOf(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// Reserve notes whose log-in name it is before somebody is invited: ErrLoginTaken, ErrLogin.
func (a *Accounts) Reserve(ctx context.Context, tenant tenants.ID, login string) error {
	login, err := normaliseLogin(login)
	if err != nil {
		return err
	}
	return a.reserve(ctx, tenant, login)
}

// Link makes a link by which a user sets a password, in the place of any before.
func (a *Accounts) Link(ctx context.Context, tenant tenants.ID, user uuid.UUID) (token string, expires time.Time, err error) {
	token, hash := secret()
	expires = a.now().Add(linkLife)
	err = a.db.System().Tx(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `DELETE FROM invitations WHERE expires < $1`, a.now()); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO invitations (token_hash, tenant_id, user_id, expires) VALUES ($1, $2, $3, $4)
			ON CONFLICT (tenant_id, user_id) DO UPDATE SET token_hash = excluded.token_hash, expires = excluded.expires, created = now()`,
			hash, tenant.UUID(), user, expires)
		return err
	})
	if err != nil {
		return "", expires, fmt.Errorf("make link: %w", err)
	}
	return token, expires, nil
}

// Guest is who a link is for.
type Guest struct {
	Tenant  tenants.ID
	Company string
	User    uuid.UUID
	Login   string
	Name    string
}

// Guest tells who a link is for: ErrLink.
func (a *Accounts) Guest(ctx context.Context, token string) (g Guest, err error) {
	var tenant uuid.UUID
	err = a.db.System().Tx(ctx, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `SELECT i.tenant_id, i.user_id, t.name FROM invitations i JOIN tenants t ON t.id = i.tenant_id
			WHERE i.token_hash = $1 AND i.expires > $2 AND t.suspended IS NULL`, hashOf(token), a.now()).Scan(&tenant, &g.User, &g.Company)
	})
	if err == nil {
		g.Tenant = tenants.FromUUID(tenant)
		err = a.db.As(g.Tenant).Tx(ctx, func(tx pgx.Tx) error {
			return tx.QueryRow(ctx, `SELECT login, name FROM users WHERE tenant_id = current_tenant() AND id = $1 AND disabled IS NULL`, g.User).Scan(&g.Login, &g.Name)
		})
	}
	if errors.Is(err, pgx.ErrNoRows) {
		return g, ErrLink
	}
	if err != nil {
		return g, fmt.Errorf("read link: %w", err)
	}
	return g, nil
}

// Accept sets the password of whom a link is for and spends the link: ErrLink, ErrPassword. Of several at once one succeeds.
func (a *Accounts) Accept(ctx context.Context, token, password string) (Guest, error) {
	g, err := a.Guest(ctx, token)
	if err != nil {
		return g, err
	}
	hash, err := a.passwords.Hash(ctx, password)
	if err != nil {
		return g, err
	}
	err = a.db.System().Tx(ctx, func(tx pgx.Tx) error {
		done, err := tx.Exec(ctx, `DELETE FROM invitations WHERE token_hash = $1 AND expires > $2`, hashOf(token), a.now())
		if err == nil && done.RowsAffected() == 0 {
			return ErrLink
		}
		return err
	})
	if err != nil {
		return g, fmt.Errorf("accept link: %w", err)
	}
	if err := a.db.As(g.Tenant).Tx(ctx, changeOne(ctx, `UPDATE users SET password_hash = $2 WHERE tenant_id = current_tenant() AND id = $1`, g.User, hash)); err != nil {
		return g, fmt.Errorf("accept link: %w", err)
	}
	return g, nil
}

// NoteLink writes down that a user gets a new link: ErrUnknownUser, ErrBeyondOwn.
func NoteLink(ctx context.Context, tx pgx.Tx, e *identity.Editor, by rights.Set, id uuid.UUID) error {
	u, err := readUser(ctx, tx, id)
	if err != nil {
		return err
	}
	role, err := roleOf(ctx, tx, u.Role)
	if err != nil {
		return err
	}
	if !by.Covers(role.Rights) {
		return ErrBeyondOwn
	}
	return e.Note(ctx, "user.link", u.Login, nil, nil)
}
