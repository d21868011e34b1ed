package api

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/locale"
	"github.com/callweave/callweave/cloud/pg"
	"github.com/callweave/callweave/cloud/users"
	"github.com/callweave/callweave/tenants"
)

// cookieName makes browsers insist on HTTPS, this host and the whole path.
const cookieName = "__Host-callweave"

// touchAfter is how old "seen" may grow before a request writes it again: reading must not cost a write each time.
const touchAfter = time.Minute

// Sessions are the browsers that are signed in. A browser holds 256 random bits; the table holds their SHA-256, so
// that whoever reads the table cannot sign in.
type Sessions struct {
	db         *pg.DB
	idle, life time.Duration
	now        func() time.Time
}

// NewSessions ends sessions after idle without a request and after life in any case.
func NewSessions(db *pg.DB, idle, life time.Duration, now func() time.Time) *Sessions {
	return &Sessions{db: db, idle: idle, life: life, now: now}
}

// begin makes a session and ends the one the browser came with: a token known before signing in is worth nothing after.
// The zero tenant means staff.
func (s *Sessions) begin(ctx context.Context, tenant tenants.ID, user uuid.UUID, old string) (token string, err error) {
	var random [32]byte
	_, _ = rand.Read(random[:]) // never fails
	token = base64.RawURLEncoding.EncodeToString(random[:])
	now := s.now()
	err = s.db.System().Tx(ctx, func(tx pgx.Tx) error {
		if old != "" {
			if _, err := tx.Exec(ctx, `DELETE FROM sessions WHERE token_hash = $1`, hashToken(old)); err != nil {
				return err
			}
		}
		_, err := tx.Exec(ctx, `INSERT INTO sessions (token_hash, tenant_id, user_id, created, seen, expires) VALUES ($1, $2, $3, $4, $4, $5)`,
			hashToken(token), nullTenant(tenant), user, now, now.Add(s.life))
		return err
	})
	if err != nil {
		return "", fmt.Errorf("begin session: %w", err)
	}
	return token, nil
}

// find returns who holds token. A failure with code not-signed-in or tenant-suspended comes back where nobody does.
func (s *Sessions) find(ctx context.Context, token string) (*Viewer, error) {
	if token == "" {
		return nil, signInFirst()
	}
	v := &Viewer{session: hashToken(token)}
	tenant, suspended, err := s.lookUp(ctx, v)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return nil, signInFirst()
	case err != nil:
		return nil, fmt.Errorf("find session: %w", err)
	case suspended:
		return nil, tenantSuspended()
	case tenant == nil:
		return v, nil
	}
	v.TenantOf, v.Tenant = tenant, tenants.FromUUID(uuid.MustParse(tenant.ID))
	if err := s.readUser(ctx, v); err != nil {
		return nil, err
	}
	return v, nil
}

// lookUp reads what stands above tenants: the session, its tenant, and everything about staff.
func (s *Sessions) lookUp(ctx context.Context, v *Viewer) (tenant *Tenant, suspended bool, err error) {
	err = s.db.System().Tx(ctx, func(tx pgx.Tx) error {
		now := s.now()
		var id *uuid.UUID
		var seen time.Time
		var name, zone, staffName, login, language *string
		err := tx.QueryRow(ctx, `
			SELECT s.user_id, s.tenant_id, s.seen, t.name, t.zone, t.suspended IS NOT NULL, f.name, f.login, f.language
			FROM sessions s LEFT JOIN tenants t ON t.id = s.tenant_id
			     LEFT JOIN staff f ON s.tenant_id IS NULL AND f.id = s.user_id AND f.disabled IS NULL
			WHERE s.token_hash = $1 AND s.expires > $2 AND s.seen > $3`, v.session, now, now.Add(-s.idle)).
			Scan(&v.User, &id, &seen, &name, &zone, &suspended, &staffName, &login, &language)
		switch {
		case err != nil:
			return err
		case id != nil:
			tenant = &Tenant{ID: id.String(), Name: *name, Zone: *zone}
		case staffName == nil:
			return pgx.ErrNoRows // disabled, or gone
		default:
			v.Name, v.Login, v.Language, v.Role = *staffName, *login, *language, roleStaff
		}
		if now.Sub(seen) < touchAfter {
			return nil
		}
		_, err = tx.Exec(ctx, `UPDATE sessions SET seen = $2 WHERE token_hash = $1`, v.session, now)
		return err
	})
	return tenant, suspended, err
}

func (s *Sessions) readUser(ctx context.Context, v *Viewer) error {
	err := s.db.As(v.Tenant).Tx(ctx, func(tx pgx.Tx) (err error) {
		v.Grant, err = users.GrantOf(ctx, tx, v.User)
		return err
	})
	if errors.Is(err, users.ErrUnknownUser) {
		return signInFirst()
	}
	if err != nil {
		return fmt.Errorf("find session: %w", err)
	}
	return nil
}

// end forgets one session.
func (s *Sessions) end(ctx context.Context, v *Viewer) error {
	_, err := s.delete(ctx, `DELETE FROM sessions WHERE token_hash = $1`, v.session)
	return err
}

// EndOfUser signs a person out everywhere and returns of how many browsers.
func (s *Sessions) EndOfUser(ctx context.Context, user uuid.UUID) (int64, error) {
	return s.delete(ctx, `DELETE FROM sessions WHERE user_id = $1`, user)
}

// EndOfTenant signs everybody of a tenant out and returns of how many browsers.
func (s *Sessions) EndOfTenant(ctx context.Context, tenant tenants.ID) (int64, error) {
	return s.delete(ctx, `DELETE FROM sessions WHERE tenant_id = $1`, tenant.UUID())
}

func (s *Sessions) tidy(ctx context.Context) error {
	_, err := s.delete(ctx, `DELETE FROM sessions WHERE expires < $1 OR seen < $2`, s.now(), s.now().Add(-s.idle))
	return err
}

func (s *Sessions) delete(ctx context.Context, sql string, args ...any) (n int64, err error) {
	err = s.db.System().Tx(ctx, func(tx pgx.Tx) error {
		done, err := tx.Exec(ctx, sql, args...)
		n = done.RowsAffected()
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("end sessions: %w", err)
	}
	return n, nil
}

// cookie hands a token to the browser; an empty token takes it back.
func (s *Sessions) cookie(token string) string {
	age := int(s.life / time.Second)
	if token == "" {
		age = -1
	}
	c := http.Cookie{
		Name: cookieName, Value: token, Path: "/", MaxAge: age,
		Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
	return c.String()
}

func hashToken(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

func nullTenant(t tenants.ID) *uuid.UUID {
	if t.IsZero() {
		return nil
	}
	id := t.UUID()
	return &id
}

func tenantSuspended() *failure {
	return fail(403, "tenant-suspended", locale.Say("Your company's account is suspended. Ask whoever runs Callweave for you."))
}
