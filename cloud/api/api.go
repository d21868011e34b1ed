package api

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"github.com/callweave/callweave/cloud/control"
	"github.com/callweave/callweave/cloud/facts"
	"github.com/callweave/callweave/cloud/locale"
	"github.com/callweave/callweave/cloud/mail"
	"github.com/callweave/callweave/cloud/pg"
	"github.com/callweave/callweave/cloud/users"
	"github.com/callweave/callweave/tenants"
)

// Config is what a deployment decides. The zero value of every field is a sensible choice.
type Config struct {
	// SessionIdle ends a session that nobody uses, SessionLife ends any: 12 hours and 7 days.
	SessionIdle, SessionLife time.Duration
	// TrustedProxies are the addresses whose X-Forwarded-For is believed; none by default.
	TrustedProxies []netip.Prefix
	// RequestTimeout bounds the work for one answer: 30 seconds. The stream of changes is exempt.
	RequestTimeout time.Duration
}

func (c Config) withDefaults() Config {
	if c.SessionIdle == 0 {
		c.SessionIdle = 12 * time.Hour
	}
	if c.SessionLife == 0 {
		c.SessionLife = 7 * 24 * time.Hour
	}
	if c.RequestTimeout == 0 {
		c.RequestTimeout = 30 * time.Second
	}
	return c
}

// Deps are what the API works with. Everything is needed to serve; nothing is needed to describe.
type Deps struct {
	DB        *pg.DB
	Passwords *users.Passwords
	Users     *users.Accounts
	Agents    *control.Agents
	Tokens    *control.Tokens
	Changes   Changes // says which calls change
	Mail      *mail.Postbox
	Schedules Schedules
	Figures   Figures
	Facts     *facts.Store
	URL       string       // of the portal, without a slash at the end
	Imports   Imports      // takes the logs of a past
	Enrolment http.Handler // answers agents
	Portal    http.Handler // everything that is not the API
	Log       *slog.Logger
	Metrics   prometheus.Registerer // nil: none
	Now       func() time.Time
}

// Changes tells which calls change, as well as it can: a lost message costs freshness, nothing else.
type Changes interface {
	SubscribeChanged(tenant tenants.ID, fn func(calls []uuid.UUID)) (stop func(), err error)
}

// API is the HTTP API. New opens nothing; [API.Handler] serves and [API.Tidy] clears away what has expired.
type API struct {
	cfg           Config
	deps          Deps
	log           *slog.Logger
	words         *locale.Words
	mux           *http.ServeMux
	huma          huma.API
	problemSchema *huma.Schema
	sessions      *Sessions
	guesses       *guesses
	bearers       bearers
	exporting     chan struct{} // a place for each export under way
	metrics       *metrics
}

// New builds the API.
func New(cfg Config, deps Deps) (*API, error) {
	words, err := locale.Load()
	if err != nil {
		return nil, fmt.Errorf("build api: %w", err)
	}
	if deps.Now == nil {
		deps.Now = time.Now
	}
	a := &API{cfg: cfg.withDefaults(), deps: deps, log: deps.Log, words: words, mux: http.NewServeMux()}
	a.exporting = make(chan struct{}, exportsAtOnce)
	a.sessions = NewSessions(deps.DB, a.cfg.SessionIdle, a.cfg.SessionLife, deps.Now)
	a.guesses = newGuesses(deps.DB, deps.Now)
	if a.metrics, err = newMetrics(deps.Metrics); err != nil {
		return nil, fmt.Errorf("build api: %w", err)
	}
	a.huma = humago.New(a.mux, a.humaConfig())
	a.operations()
	if err := a.plainRoutes(); err != nil {
		return nil, fmt.Errorf("build api: %w", err)
	}
	return a, nil
}

// plainRoutes are what is not described by OpenAPI: the description itself, agents, and the portal.
func (a *API) plainRoutes() error {
	description, err := a.openapi()
	if err != nil {
		return err
	}
	a.mux.HandleFunc("GET "+prefix+"/openapi.json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(description)
	})
	a.mux.HandleFunc("/api/", func(w http.ResponseWriter, r *http.Request) { a.writeProblem(w, r, notFound()) })
	if a.deps.Enrolment != nil {
		a.mux.Handle(prefix+"/agents/enrol", a.deps.Enrolment)
	}
	if a.deps.Portal != nil {
		a.mux.Handle("/", a.deps.Portal)
	}
	return nil
}

// Tidy removes expired sessions and old failures of log-in every hour until ctx ends.
func (a *API) Tidy(ctx context.Context) error {
	tick := time.NewTicker(time.Hour)
	defer tick.Stop()
	for {
		g, ctx := errgroup.WithContext(ctx)
		g.Go(func() error { return a.sessions.tidy(ctx) })
		g.Go(func() error { return a.guesses.tidy(ctx) })
		if err := g.Wait(); err != nil && ctx.Err() == nil {
			a.log.WarnContext(ctx, "old sessions stay for another hour", slog.Any("error", err))
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}
