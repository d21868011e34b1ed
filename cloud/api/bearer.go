package api

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"

	"github.com/google/uuid"
	"golang.org/x/time/rate"

	"github.com/callweave/callweave/cloud/locale"
	"github.com/callweave/callweave/cloud/users"
)

// What a token may ask: so many a second, and as many at once after a pause. A node counts for itself.
const (
	tokenRate  = 10
	tokenBurst = 100
)

// bearers bounds what programs ask.
type bearers struct {
	mu    sync.Mutex
	paces map[uuid.UUID]*rate.Limiter
}

func (b *bearers) of(token uuid.UUID) *rate.Limiter {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.paces) >= maxBuckets || b.paces == nil {
		b.paces = map[uuid.UUID]*rate.Limiter{}
	}
	if b.paces[token] == nil {
		b.paces[token] = rate.NewLimiter(tokenRate, tokenBurst)
	}
	return b.paces[token]
}

// who finds who is asking: by the token in the header, if there is one, else by the browser's cookie. A token that is none
// is not made good by a cookie.
func (a *API) who(ctx context.Context, authorization, cookie string) (*Viewer, error) {
	if authorization == "" {
		return a.sessions.find(ctx, cookieOf(cookie))
	}
	scheme, token, _ := strings.Cut(authorization, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return nil, badToken()
	}
	b, err := a.deps.Users.Bearer(ctx, strings.TrimSpace(token))
	if errors.Is(err, users.ErrUnknownToken) {
		return nil, badToken()
	}
	if err != nil {
		return nil, err
	}
	if !a.bearers.of(b.Token).AllowN(a.deps.Now(), 1) {
		f := fail(http.StatusTooManyRequests, "too-many-requests", locale.Say("This token asks too often: %d requests a second are allowed.", tokenRate))
		f.header = http.Header{"Retry-After": {"1"}}
		return nil, f
	}
	return &Viewer{Grant: b.Grant, Tenant: b.Tenant, User: b.User, TenantOf: &Tenant{ID: b.Tenant.String(), Name: b.Company, Zone: b.Zone}, token: b.Token}, nil
}

func badToken() *failure {
	return fail(http.StatusUnauthorized, "bad-token", locale.Say("This token is none of ours, was revoked, or has ended."))
}
