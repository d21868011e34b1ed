package api

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/callweave/callweave/cloud/locale"
	"github.com/callweave/callweave/tenants"
)

// The roles. A tenant's people and the vendor's staff are separate realms: no role of one opens anything of the other.
const (
	roleAdministrator = "administrator"
	roleSupervisor    = "supervisor"
	roleOperator      = "operator"
	roleStaff         = "staff"
)

// Viewer is who is asking, as the session says.
type Viewer struct {
	Tenant   tenants.ID // zero for staff
	User     uuid.UUID
	Name     string
	Login    string
	Role     string
	Language string
	Operator *int32
	TenantOf *Tenant // nil for staff

	session []byte // hash of the cookie's token
}

// access is the list of roles that may use an operation; nobody needs to be signed in where it is nil.
type access []string

func anybody() access        { return nil }
func signedIn() access       { return access{roleAdministrator, roleSupervisor, roleOperator, roleStaff} }
func tenantPeople() access   { return access{roleAdministrator, roleSupervisor, roleOperator} }
func supervisors() access    { return access{roleAdministrator, roleSupervisor} }
func administrators() access { return access{roleAdministrator} }
func staff() access          { return access{roleStaff} }

type viewerKey struct{}

// viewerOf returns who is asking; an operation that has an access always has a viewer.
func viewerOf(ctx context.Context) *Viewer {
	v, _ := ctx.Value(viewerKey{}).(*Viewer)
	return v
}

// languageOf is the language to answer in: the viewer's, else the browser's.
func languageOf(ctx context.Context, acceptLanguage string) string {
	if v := viewerOf(ctx); v != nil {
		return v.Language
	}
	return locale.Pick(acceptLanguage)
}

// admit lets a request through to an operation when its session exists and its role is in the list.
func (a *API) admit(allowed access) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		if allowed == nil {
			next(ctx)
			return
		}
		v, err := a.sessions.find(ctx.Context(), cookieOf(ctx.Header("Cookie")))
		if err != nil {
			a.refuse(ctx, asFailure(err))
			return
		}
		ctx = huma.WithValue(ctx, viewerKey{}, v)
		if !slices.Contains(allowed, v.Role) {
			a.refuse(ctx, forbidden())
			return
		}
		next(ctx)
	}
}

// refuse answers with a problem from inside a middleware, where huma has no way to return an error.
func (a *API) refuse(ctx huma.Context, f *failure) {
	body, err := a.transform(ctx, "", f)
	if err != nil {
		body = f
	}
	ctx.SetHeader("Content-Type", problemType)
	ctx.SetStatus(f.status)
	if err := a.huma.Marshal(ctx.BodyWriter(), "application/json", body); err != nil {
		a.log.DebugContext(ctx.Context(), "viewer went away")
	}
}

func asFailure(err error) *failure {
	var f *failure
	var pe *pgconn.PgError
	switch {
	case errors.As(err, &f):
		return f
	case errors.As(err, &pe) && (pe.Code == "22021" || pe.Code == "22P05"):
		return fail(422, "bad-request", locale.Say("The request is not understood.")) // it holds a NUL, or no UTF-8
	}
	return internal(err)
}

func cookieOf(header string) string {
	cookies, err := http.ParseCookie(header)
	if err != nil {
		return ""
	}
	for _, c := range cookies {
		if c.Name == cookieName {
			return c.Value
		}
	}
	return ""
}
