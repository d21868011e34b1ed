package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"path/filepath"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"github.com/callweave/callweave/cloud/api"
	"github.com/callweave/callweave/cloud/assemble"
	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/cloud/control"
	"github.com/callweave/callweave/cloud/directory"
	"github.com/callweave/callweave/cloud/eventlog"
	"github.com/callweave/callweave/cloud/facts"
	"github.com/callweave/callweave/cloud/gateway"
	"github.com/callweave/callweave/cloud/identity"
	"github.com/callweave/callweave/cloud/importing"
	"github.com/callweave/callweave/cloud/ingest"
	"github.com/callweave/callweave/cloud/pg"
	"github.com/callweave/callweave/cloud/users"
	"github.com/callweave/callweave/cloud/web"
)

// Roles of a node. One machine plays all of them; many share them out, joined by the event log and the database.
const (
	roleGateway  = "gateway"
	roleAssemble = "assemble"
	rolePortal   = "portal"
)

// serveCmd is the configuration of a node.
type serveCmd struct {
	databaseFlags
	EventLogURL string   `name:"event-log-url" env:"CALLWEAVE_EVENT_LOG_URL" help:"A NATS JetStream of your own. Without it an embedded one is used."`
	Roles       []string `env:"CALLWEAVE_ROLES" enum:"gateway,assemble,portal" default:"gateway,assemble,portal" help:"What this node does: ${enum}."`

	Portal        string         `default:":8443" env:"CALLWEAVE_PORTAL" help:"Address of portal and API, HTTPS."`
	Gateway       string         `default:":4433" env:"CALLWEAVE_GATEWAY" help:"Address for agents, UDP and TCP."`
	Metrics       string         `default:"127.0.0.1:9464" env:"CALLWEAVE_METRICS" help:"Address of /metrics, HTTP; empty for none."`
	PublicURL     string         `name:"public-url" env:"CALLWEAVE_PUBLIC_URL" help:"The portal's URL as people and agents see it. Default: https, this machine's name, the portal's port."`
	PublicGateway string         `env:"CALLWEAVE_PUBLIC_GATEWAY" help:"host:port under which agents reach the gateway. Default: the public URL's host, the gateway's port."`
	TLSCert       string         `name:"tls-cert" env:"CALLWEAVE_TLS_CERT" type:"path" help:"Certificate chain of the portal, PEM. Without it the portal has one of our own authority."`
	TLSKey        string         `name:"tls-key" env:"CALLWEAVE_TLS_KEY" type:"path" help:"Its key, PEM."`
	TrustedProxy  []netip.Prefix `env:"CALLWEAVE_TRUSTED_PROXY" help:"Networks whose X-Forwarded-For is believed."`
	MailPrivate   bool           `env:"CALLWEAVE_MAIL_PRIVATE" help:"Let tenants' mail servers have private addresses and any port. Leave it off where tenants are strangers to each other."`
	Partitions    int            `default:"8" env:"CALLWEAVE_PARTITIONS" help:"Over how many assemblers tenants are spread; the same on every node."`
}

// Run serves until ctx ends.
func (c *serveCmd) Run(ctx context.Context, w *world) error {
	return run(ctx, *c, w.log, func(addresses) {})
}

// addresses are where a node listens.
type addresses struct{ Portal, Gateway string }

// run is a node: the picture in ARCHITECTURE.md from left to right. It calls ready when agents and browsers can come,
// and returns when everything it started has ended.
func run(ctx context.Context, cfg serveCmd, log *slog.Logger, ready func(addresses)) error {
	db, err := openDatabase(ctx, cfg.databaseFlags, false, log)
	if err != nil {
		return err
	}
	defer db.close()
	events, err := eventlog.Open(ctx, eventlog.Config{URL: cfg.EventLogURL, Dir: filepath.Join(cfg.Data, "eventlog"), Partitions: cfg.Partitions, Log: log})
	if err != nil {
		return err
	}
	defer events.Close()
	keys, err := control.OpenKeys(ctx, db.DB, time.Now)
	if err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", cfg.Portal)
	if err != nil {
		return fmt.Errorf("open portal: %w", err)
	}
	defer listener.Close()
	public, err := cfg.publicURL(listener.Addr())
	if err != nil {
		return err
	}
	n := &node{
		cfg: cfg, log: log, metrics: registry(), db: db.DB, events: events, keys: keys, public: public,
		agents: control.NewAgents(db.DB, keys, time.Now), at: addresses{Portal: listener.Addr().String()},
		certificates: control.NewServerCertificates(keys.Authority, []string{public.Hostname()}, time.Now),
	}
	group, ctx := errgroup.WithContext(ctx)
	if cfg.has(roleGateway) {
		group.Go(n.gateway(ctx))
		if err := n.awaitGateway(ctx); err != nil {
			return group.Wait()
		}
	}
	if cfg.has(roleAssemble) {
		group.Go(func() error { return n.assembler().Run(ctx) })
	}
	if cfg.has(rolePortal) {
		group.Go(func() error { return n.portal(ctx, listener) })
	}
	if cfg.Metrics != "" {
		group.Go(func() error { return serveMetrics(ctx, cfg.Metrics, n.metrics, log) })
	}
	log.InfoContext(ctx, "callweave runs", slog.String("version", version), slog.String("url", public.String()),
		slog.String("gateway", n.at.Gateway), slog.Any("roles", cfg.Roles))
	ready(n.at)
	return group.Wait()
}

// node is what the parts of one node share.
type node struct {
	cfg          serveCmd
	log          *slog.Logger
	metrics      *prometheus.Registry
	db           *pg.DB
	events       *eventlog.Log
	keys         control.Keys
	agents       *control.Agents
	certificates *control.ServerCertificates
	public       *url.URL
	at           addresses
	link         *gateway.Gateway
}

// gateway prepares gateway and ingest, and returns what serves agents.
func (n *node) gateway(ctx context.Context) func() error {
	in := ingest.New(ingest.Config{}, n.events, n.log, time.Now)
	n.link = gateway.New(gateway.Config{Listen: n.cfg.Gateway}, gateway.Deps{
		Agents: n.agents, Commits: gateway.NewCursors(n.db, n.events), Ingest: in,
		Certificate: n.certificates.Get, Authority: n.keys.Authority.Pool(), ResetKey: n.keys.Derive("gateway reset"), Log: n.log, Now: time.Now,
	})
	countAgents(n.metrics, n.link, in)
	return func() error { return n.link.Run(ctx) }
}

func (n *node) awaitGateway(ctx context.Context) error {
	select {
	case <-n.link.Ready():
		n.at.Gateway = n.link.Addr().String()
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// assembler turns what is in the event log into calls.
func (n *node) assembler() *assemble.Runner {
	return assemble.New(assemble.Config{Owner: hostname()}, assemble.Deps{
		DB: n.db, Log: n.events, Directory: directory.New(), Metrics: assemble.NewMetrics(n.metrics), Logger: n.log, Now: time.Now,
		Rules:        identity.Rules{},
		NewAssembler: func() assemble.Assembler { return call.New(call.Options{}) },
	})
}

// portal serves API and pages.
func (n *node) portal(ctx context.Context, listener net.Listener) error {
	passwords := users.NewPasswords(2)
	tokens := control.NewTokens(n.db, n.keys, n.public.String(), time.Now)
	desk := importing.NewDesk(importing.Deps{DB: n.db, Directory: directory.New(), Rules: identity.Rules{}, Log: n.log, Now: time.Now}, "")
	out, err := n.outgoing(ctx)
	if err != nil {
		return err
	}
	portal, err := api.New(api.Config{TrustedProxies: n.cfg.TrustedProxy}, api.Deps{
		DB: n.db, Passwords: passwords, Users: users.New(n.db, passwords, time.Now), Agents: n.agents, Tokens: tokens, Changes: n.events, Imports: desk,
		Enrolment: control.NewEnrolment(tokens, n.agents, n.cfg.publicGateway(n.public, n.at.Gateway), n.log),
		Mail:      out.postbox, Figures: out.figures, Schedules: out.letters, URL: n.url(),
		Facts:  facts.New(n.db, facts.Config{Key: n.keys.Derive("facts"), Dir: filepath.Join(n.cfg.Data, "facts")}, time.Now),
		Portal: web.Handler(web.Pages()), Log: n.log, Metrics: n.metrics, Now: time.Now,
	})
	if err != nil {
		return err
	}
	certificate, err := n.cfg.certificate(n.certificates, time.Now)
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return portal.Tidy(ctx) })
	group.Go(func() error { return out.letters.Run(ctx) })
	group.Go(func() error { return desk.Run(ctx) })
	group.Go(func() error { return serveTLS(ctx, api.NewServer(portal.Handler(), n.log), listener, certificate) })
	return group.Wait()
}

func (c *serveCmd) has(role string) bool { return slices.Contains(c.Roles, role) }

// serveTLS serves until ctx ends; then answers under way get five seconds. Streams end with ctx.
func serveTLS(ctx context.Context, s *http.Server, l net.Listener, certificate certificateFunc) error {
	s.TLSConfig = certificate.config()
	s.BaseContext = func(net.Listener) context.Context { return ctx }
	return untilDone(ctx, s, func() error { return s.ServeTLS(l, "", "") })
}

func untilDone(ctx context.Context, s *http.Server, serve func() error) error {
	ended := make(chan error, 1)
	go func() { ended <- serve() }()
	select {
	case err := <-ended:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := s.Shutdown(grace); err != nil {
		return s.Close()
	}
	return nil
}

// publicURL is what the portal is called from outside.
func (c *serveCmd) publicURL(listens net.Addr) (*url.URL, error) {
	text := c.PublicURL
	if text == "" {
		host, port, err := net.SplitHostPort(listens.String())
		if err != nil {
			return nil, fmt.Errorf("find own address: %w", err)
		}
		if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
			host = hostname()
		}
		text = "https://" + net.JoinHostPort(host, port)
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" {
		return nil, fmt.Errorf("the public URL %q is not of the form https://host:port", text)
	}
	return u, nil
}

// publicGateway is what agents are told to connect to.
func (c *serveCmd) publicGateway(public *url.URL, listens string) string {
	if c.PublicGateway != "" {
		return c.PublicGateway
	}
	if listens == "" {
		listens = c.Gateway // another node's: they are configured alike
	}
	_, port, err := net.SplitHostPort(listens)
	if err != nil {
		return listens
	}
	return net.JoinHostPort(public.Hostname(), port)
}
