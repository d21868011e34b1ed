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
	"github.com/callweave/callweave/tenants"
)

// tokenPrefix lets people and scanners of source code know a token when they see one.
const tokenPrefix = "cwt_"

// Errors of tokens.
var (
	ErrUnknownToken = errors.New("there is no such token")
	ErrExpiry       = errors.New("a token ends in the future")
)

// Token is what a program signs in by.
type Token struct {
	ID       uuid.UUID
	Owner    uuid.UUID
	Login    string // the owner's
	Name     string
	Rights   rights.Set
	Limits   *rights.Limits // nil: the owner's
	Created  time.Time
	Expires  *time.Time
	LastUsed *time.Time
	Revoked  *time.Time
}

func (t *Token) shown() map[string]any {
	return map[string]any{"name": t.Name, "owner": t.Login, "rights": t.Rights, "limits": t.Limits, "expires": t.Expires, "revoked": t.Revoked != nil}
}

//nolint:gosec // names of columns, no secret
const tokenColumns = `SELECT k.id, k.user_id, u.login, k.name, k.rights, k.limits, k.created, k.expires, k.last_used, k.revoked
	FROM api_tokens k JOIN users u ON u.tenant_id = k.tenant_id AND u.id = k.user_id WHERE k.tenant_id = current_tenant()`

func scanToken(row pgx.CollectableRow) (t Token, err error) {
	var named []string
	err = row.Scan(&t.ID, &t.Owner, &t.Login, &t.Name, &named, &t.Limits, &t.Created, &t.Expires, &t.LastUsed, &t.Revoked)
	t.Rights = setOf(named).Known()
	return t, err
}

// Tokens are those of an owner, or of everybody, the newest first.
func Tokens(ctx context.Context, tx pgx.Tx, owner uuid.UUID, all bool) ([]Token, error) {
	rows, err := tx.Query(ctx, tokenColumns+` AND ($2 OR k.user_id = $1) ORDER BY k.created DESC, k.id`, owner, all)
	if err != nil {
		return nil, fmt.Errorf("list tokens: %w", err)
	}
	list, err := pgx.CollectRows(rows, scanToken)
	if err != nil {
		return nil, fmt.Errorf("list tokens: %w", err)
	}
	return list, nil
}

// AddToken makes a token of an owner who has these rights, and returns what is shown this once.
func (a *Accounts) AddToken(ctx context.Context, tx pgx.Tx, e *identity.Editor, by rights.Set, t Token) (Token, string, error) {
	now := a.now()
	switch t.Name = strings.TrimSpace(t.Name); {
	case t.Name == "" || len([]rune(t.Name)) > 100:
		return t, "", ErrName
	case !by.Covers(t.Rights):
		return t, "", ErrBeyondOwn
	case t.Limits != nil && !t.Limits.Valid():
		return t, "", ErrLimits
	case t.Expires != nil && !t.Expires.After(now):
		return t, "", ErrExpiry
	}
	token, _ := secret()
	token = tokenPrefix + token
	t.ID, t.Created, t.Rights = uuid.Must(uuid.NewV7()), now, t.Rights.Known()
	names := make([]string, 0, len(t.Rights))
	for _, r := range t.Rights {
		names = append(names, string(r))
	}
	_, err := tx.Exec(ctx, `INSERT INTO api_tokens (id, token_hash, tenant_id, user_id, name, rights, limits, created, expires)
		VALUES ($1, $2, current_tenant(), $3, $4, $5, $6, $7, $8)`, t.ID, hashOf(token), t.Owner, t.Name, names, t.Limits, t.Created, t.Expires)
	if err != nil {
		return t, "", fmt.Errorf("add token: %w", err)
	}
	return t, token, e.Note(ctx, "token.add", t.Name, nil, t.shown())
}

// RevokeToken ends a token of an owner, or anybody's: ErrUnknownToken.
func (a *Accounts) RevokeToken(ctx context.Context, tx pgx.Tx, e *identity.Editor, id, owner uuid.UUID, all bool) error {
	rows, err := tx.Query(ctx, tokenColumns+` AND k.id = $1 AND ($3 OR k.user_id = $2)`, id, owner, all)
	if err != nil {
		return fmt.Errorf("revoke token: %w", err)
	}
	was, err := pgx.CollectExactlyOneRow(rows, scanToken)
	if errors.Is(err, pgx.ErrNoRows) {
		return ErrUnknownToken
	}
	if err != nil {
		return fmt.Errorf("revoke token: %w", err)
	}
	if was.Revoked != nil {
		return nil
	}
	now := a.now()
	if _, err := tx.Exec(ctx, `UPDATE api_tokens SET revoked = $2 WHERE tenant_id = current_tenant() AND id = $1`, id, now); err != nil {
		return fmt.Errorf("revoke token: %w", err)
	}
	is := was
	is.Revoked = &now
	return e.Note(ctx, "token.revoke", was.Name, was.shown(), is.shown())
}

// Bearer is who holds a token.
type Bearer struct {
	Token   uuid.UUID
	Tenant  tenants.ID
	Company string
	Zone    string
	User    uuid.UUID
	Grant   Grant
}

// Bearer returns what whoever shows a token may do at this moment, the lesser of what it says and what its owner may:
// ErrUnknownToken for one that is none, ended, or whose owner may not sign in.
func (a *Accounts) Bearer(ctx context.Context, token string) (b Bearer, err error) {
	var tenant uuid.UUID
	var named []string
	var limits *rights.Limits
	now := a.now()
	err = a.db.System().Tx(ctx, func(tx pgx.Tx) error {
		var used *time.Time
		err := tx.QueryRow(ctx, `SELECT k.id, k.tenant_id, k.user_id, k.rights, k.limits, k.last_used, t.name, t.zone
			FROM api_tokens k JOIN tenants t ON t.id = k.tenant_id
			WHERE k.token_hash = $1 AND k.revoked IS NULL AND (k.expires IS NULL OR k.expires > $2) AND t.suspended IS NULL`, hashOf(token), now).
			Scan(&b.Token, &tenant, &b.User, &named, &limits, &used, &b.Company, &b.Zone)
		if err != nil || used != nil && now.Sub(*used) < time.Minute {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE api_tokens SET last_used = $2 WHERE id = $1`, b.Token, now)
		return err
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return b, ErrUnknownToken
	}
	if err != nil {
		return b, fmt.Errorf("read token: %w", err)
	}
	b.Tenant = tenants.FromUUID(tenant)
	err = a.db.As(b.Tenant).Read(ctx, func(tx pgx.Tx) error {
		if b.Grant, err = GrantOf(ctx, tx, b.User); err != nil {
			return err
		}
		return b.Grant.lessen(ctx, tx, setOf(named), limits)
	})
	if errors.Is(err, ErrUnknownUser) {
		return b, ErrUnknownToken
	}
	return b, err
}

// lessen takes from a grant what a token does not say.
func (g *Grant) lessen(ctx context.Context, tx pgx.Tx, to rights.Set, limits *rights.Limits) error {
	g.Rights = g.Rights.And(to)
	within := g.Limits
	if limits != nil {
		within = *limits
	}
	scope, err := g.scope(ctx, tx, within)
	if err != nil {
		return err
	}
	g.Scope = scope.Within(g.Scope)
	if limits != nil && limits.See != rights.SeeAll {
		g.Limits = *limits
	}
	return nil
}
