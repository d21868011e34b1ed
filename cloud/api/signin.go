package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/locale"
	"github.com/callweave/callweave/cloud/rights"
	"github.com/callweave/callweave/cloud/users"
	"github.com/callweave/callweave/tenants"
)

// account is what a log-in name leads to. The zero account stands for a name that nobody has: its empty hash takes as
// long to compare as any other.
type account struct {
	tenant    tenants.ID // zero for staff
	id        uuid.UUID
	hash      string
	suspended bool
}

// signIn checks a password. What it answers to a wrong password and to an unknown name is the same, after the same work.
func (a *API) signIn(ctx context.Context, in *loginInput) (*sessionOutput, error) {
	login := strings.ToLower(strings.TrimSpace(in.Body.Login))
	from := remoteOf(ctx)
	if wait, err := a.guesses.allowed(ctx, login, from); err != nil {
		return nil, err
	} else if wait > 0 {
		return nil, tooManyTries(wait)
	}
	who, err := a.account(ctx, login)
	if err != nil {
		return nil, err
	}
	good, err := a.deps.Passwords.Verify(ctx, in.Body.Password, who.hash)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return nil, fail(503, "busy", locale.Say("Too many people are signing in at this moment. Try again in a few seconds."))
	case err != nil:
		return nil, err
	case !good:
		if err := a.guesses.failed(ctx, login, from); err != nil {
			return nil, err
		}
		a.log.InfoContext(ctx, "sign-in refused", slog.String("request", requestID(ctx)), slog.String("from", from))
		return nil, fail(401, "wrong-credentials", locale.Say("Log-in or password is wrong."))
	case who.suspended:
		return nil, tenantSuspended()
	}
	return a.open(ctx, login, from, who)
}

// open begins the session of somebody whose password was right.
func (a *API) open(ctx context.Context, login, from string, who account) (*sessionOutput, error) {
	if err := a.guesses.forget(ctx, login, from); err != nil {
		return nil, err
	}
	token, err := a.sessions.begin(ctx, who.tenant, who.id, tokenOf(ctx))
	if err != nil {
		return nil, err
	}
	v, err := a.sessions.find(ctx, token)
	if err != nil {
		return nil, err
	}
	a.log.InfoContext(ctx, "signed in", slog.String("request", requestID(ctx)), slog.String("user", v.User.String()), slog.String("role", v.Role))
	return &sessionOutput{SetCookie: a.sessions.cookie(token), Body: describeSession(v)}, nil
}

// account finds who has a log-in name. Unknown names make the same two queries as known ones.
func (a *API) account(ctx context.Context, login string) (account, error) {
	var who account
	var tenant *uuid.UUID
	err := a.deps.DB.System().Tx(ctx, func(tx pgx.Tx) error {
		var staffID *uuid.UUID
		var hash *string
		err := tx.QueryRow(ctx, `SELECT l.tenant_id, t.suspended IS NOT NULL, s.id, s.password_hash
			FROM (VALUES ($1::text)) AS asked (login) LEFT JOIN logins l USING (login) LEFT JOIN tenants t ON t.id = l.tenant_id
			     LEFT JOIN staff s ON s.login = asked.login AND s.disabled IS NULL`, login).Scan(&tenant, &who.suspended, &staffID, &hash)
		if err == nil && staffID != nil {
			who.id, who.hash = *staffID, *hash
		}
		return err
	})
	if err != nil || who.hash != "" {
		return who, err
	}
	who.tenant = tenants.FromUUID(uuid.Max) // nobody's, for the sake of time
	if tenant != nil {
		who.tenant = tenants.FromUUID(*tenant)
	}
	err = a.deps.DB.As(who.tenant).Tx(ctx, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `SELECT id, password_hash FROM users WHERE login = $1 AND disabled IS NULL`, login).Scan(&who.id, &who.hash)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return account{}, nil
	}
	return who, err
}

func (a *API) whoAmI(ctx context.Context, _ *struct{}) (*sessionOutput, error) {
	return &sessionOutput{Body: describeSession(viewerOf(ctx))}, nil
}

func (a *API) setPreferences(ctx context.Context, in *preferencesInput) (*sessionOutput, error) {
	v := *viewerOf(ctx)
	if v.token != uuid.Nil {
		return nil, forbidden()
	}
	if err := a.deps.Users.SetLanguage(ctx, v.Tenant, v.User, in.Body.Language); err != nil {
		if errors.Is(err, users.ErrUnknownUser) {
			return nil, signInFirst()
		}
		return nil, err
	}
	v.Language = in.Body.Language
	return &sessionOutput{Body: describeSession(&v)}, nil
}

func (a *API) signOut(ctx context.Context, _ *struct{}) (*logoutOutput, error) {
	if viewerOf(ctx).token != uuid.Nil {
		return nil, forbidden() // it has no session; tokens are revoked
	}
	if err := a.sessions.end(ctx, viewerOf(ctx)); err != nil {
		return nil, err
	}
	return &logoutOutput{SetCookie: a.sessions.cookie("")}, nil
}

func describeSession(v *Viewer) Session {
	s := Session{Realm: "tenant", Tenant: v.TenantOf, Rights: []string{}, Sees: v.Limits.See, User: User{
		ID: v.User.String(), Name: v.Name, Login: v.Login, Role: v.Role, RoleName: v.RoleName, Language: v.Language, Operator: v.Operator, Person: v.Person,
	}}
	for _, r := range v.Rights {
		s.Rights = append(s.Rights, string(r))
	}
	if v.Role == roleStaff {
		s.Realm, s.Sees = "vendor", rights.SeeNothing
	}
	return s
}

func tooManyTries(wait time.Duration) *failure {
	minutes := int((wait + time.Minute - 1) / time.Minute)
	f := fail(429, "too-many-tries", locale.Say("Too many failed tries. Wait %d min and try again.", minutes))
	f.header = http.Header{"Retry-After": {strconv.Itoa(int((wait + time.Second - 1) / time.Second))}}
	return f
}
