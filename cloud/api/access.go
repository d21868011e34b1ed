package api

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/callweave/callweave/cloud/locale"
	"github.com/callweave/callweave/cloud/rights"
	"github.com/callweave/callweave/cloud/users"
	"github.com/callweave/callweave/tenants"
)

// roleStaff is what the vendor's people are. They and a tenant's people are separate realms: no right of one opens anything
// of the other.
const roleStaff = "staff"

// Viewer is who is asking, as the session says.
type Viewer struct {
	users.Grant            // what he may do and see; of staff, only the name
	Tenant      tenants.ID // zero for staff
	User        uuid.UUID
	TenantOf    *Tenant // nil for staff

	session []byte    // hash of the cookie's token
	token   uuid.UUID // of a program; zero for a browser
}

// Can tells whether the viewer has a right. What it reaches is the scope's business.
func (v *Viewer) Can(r rights.Right) bool { return v.Rights.Has(r) }

// access says who may use an operation.
type access struct {
	anybody bool           // nobody needs to be signed in
	staff   bool           // the vendor's staff may
	tenant  bool           // a tenant's people may who have
	all     []rights.Right // all of these
	oneOf   []rights.Right // and, where there are any, one of these
	whole   bool           // and whose sight no limit narrows: it shows or changes what belongs to no queue and no device
}

func anybody() access                   { return access{anybody: true} }
func signedIn() access                  { return access{staff: true, tenant: true} }
func staff() access                     { return access{staff: true} }
func needs(all ...rights.Right) access  { return access{tenant: true, all: all} }
func oneOf(some ...rights.Right) access { return access{tenant: true, oneOf: some} }

// whole is needs for what no limit can divide.
func whole(all ...rights.Right) access { return access{tenant: true, all: all, whole: true} }

// seen are the rights that are worth nothing to who sees nothing.
func seen() []rights.Right {
	return []rights.Right{rights.ReadCalls, rights.ReadEvents, rights.ReadReports, rights.ReadStates}
}

// refuses returns why a viewer may not use the operation; nil where he may.
func (c access) refuses(v *Viewer) *failure {
	if v.Role == roleStaff {
		if c.staff {
			return nil
		}
		return forbidden()
	}
	switch {
	case !c.tenant, !v.Rights.Covers(c.all), len(c.oneOf) > 0 && !slices.ContainsFunc(c.oneOf, v.Can):
		return forbidden()
	case c.whole && !v.Scope.Everything:
		return limited()
	case v.Scope.Nothing() && slices.ContainsFunc(c.all, rights.Set(seen()).Has):
		return seesNothing(v)
	}
	return nil
}

// String is what the description says of it.
func (c access) String() string {
	var parts []string
	for _, r := range c.all {
		parts = append(parts, string(r))
	}
	if len(c.oneOf) > 0 {
		var some []string
		for _, r := range c.oneOf {
			some = append(some, string(r))
		}
		parts = append(parts, strings.Join(some, " or "))
	}
	if c.whole {
		parts = append(parts, "no limits")
	}
	switch {
	case !c.tenant:
		return "For the vendor's staff"
	case len(parts) == 0 && c.staff:
		return "For everybody who is signed in"
	case len(parts) == 0:
		return "For a tenant's people"
	}
	return "Needs: " + strings.Join(parts, ", ")
}

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

// admit lets a request through to an operation when its session exists and the viewer has what it needs.
func (a *API) admit(c access) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		if c.anybody {
			next(ctx)
			return
		}
		v, err := a.who(ctx.Context(), ctx.Header("Authorization"), ctx.Header("Cookie"))
		if err != nil {
			a.refuse(ctx, asFailure(err))
			return
		}
		ctx = huma.WithValue(ctx, viewerKey{}, v)
		if f := c.refuses(v); f != nil {
			a.refuse(ctx, f)
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
	for name, values := range f.header {
		ctx.SetHeader(name, values[0])
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
