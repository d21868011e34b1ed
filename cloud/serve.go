package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"golang.org/x/sync/errgroup"

	"github.com/callweave/callweave/cloud/api"
	"github.com/callweave/callweave/cloud/assemble"
	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/cloud/control"
	"github.com/callweave/callweave/cloud/directory"
	"github.com/callweave/callweave/cloud/eventlog"
	"github.com/callweave/callweave/cloud/gateway"
	"github.com/callweave/callweave/cloud/ingest"
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
	now := time.Now
	metrics := registry()
	db, err := openDatabase(ctx, cfg.databaseFlags, false, log)
	if err != nil {
		return err
	}
	defer db.close()
	keys, err := control.OpenKeys(ctx, db.DB, now)
	if err != nil {
		return err
	}
	events, err := eventlog.Open(ctx, eventlog.Config{URL: cfg.EventLogURL, Dir: cfg.Data, Partitions: cfg.Partitions, Log: log})
	if err != nil {
		return err
	}
	defer events.Close()

	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", cfg.Portal)
	if err != nil {
		return fmt.Errorf("open portal: %w", err)
	}
	defer listener.Close()
	public, err := cfg.publicURL(listener.Addr())
	if err != nil {
		return err
	}
	names := control.NewServerCertificates(keys.Authority, []string{public.Hostname()}, now)
	agents := control.NewAgents(db.DB, keys, now)

	group, ctx := errgroup.WithContext(ctx)
	at := addresses{Portal: listener.Addr().String()}
	if cfg.has(roleGateway) {
		link := gateway.New(gateway.Config{Listen: cfg.Gateway}, gateway.Deps{
			Agents: agents, Commits: gateway.NewCursors(db.DB, events), Ingest: ingest.New(ingest.Config{}, events, log, now),
			Certificate: names.Get, Authority: keys.Authority.Pool(), Log: log, Now: now,
		})
		group.Go(func() error { return link.Run(ctx) })
		select {
		case <-link.Ready():
			at.Gateway = link.Addr().String()
		case <-ctx.Done():
			return group.Wait()
		}
	}
	if cfg.has(roleAssemble) {
		runner := assemble.New(assemble.Config{Owner: hostname()}, assemble.Deps{
			DB: db.DB, Log: events, Directory: directory.New(), Metrics: assemble.NewMetrics(metrics), Logger: log, Now: now,
			NewAssembler: func() assemble.Assembler { return call.New(call.Options{}) },
		})
		group.Go(func() error { return runner.Run(ctx) })
	}
	if cfg.has(rolePortal) {
		passwords := control.NewPasswords(2)
		tokens := control.NewTokens(db.DB, keys, public.String(), now)
		portal, err := api.New(api.Config{TrustedProxies: cfg.TrustedProxy}, api.Deps{
			DB: db.DB, Passwords: passwords, People: control.NewPeople(db.DB, passwords), Agents: agents, Tokens: tokens,
			Changes:   events,
			Enrolment: control.NewEnrolment(tokens, agents, cfg.publicGateway(public, at.Gateway), log),
			Portal:    web.Handler(web.Pages()), Log: log, Metrics: metrics, Now: now,
		})
		if err != nil {
			return errors.Join(err, group.Wait())
		}
		certificate, err := cfg.certificate(names, now)
		if err != nil {
			return errors.Join(err, group.Wait())
		}
		group.Go(func() error { return portal.Tidy(ctx) })
		group.Go(func() error { return serveTLS(ctx, api.NewServer(portal.Handler(), log), listener, certificate) })
	}
	if cfg.Metrics != "" {
		group.Go(func() error { return serveMetrics(ctx, cfg.Metrics, metrics, log) })
	}
	log.InfoContext(ctx, "callweave runs", slog.String("version", version), slog.String("url", public.String()), slog.String("gateway", at.Gateway), slog.Any("roles", cfg.Roles))
	ready(at)
	return group.Wait()
}

func (c *serveCmd) has(role string) bool { return slices.Contains(c.Roles, role) }

func registry() *prometheus.Registry {
	r := prometheus.NewRegistry()
	r.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return r
}

// serveTLS serves until ctx ends; then answers under way get five seconds. Streams end with ctx.
func serveTLS(ctx context.Context, s *http.Server, l net.Listener, certificate certificateFunc) error {
	s.TLSConfig = certificate.config()
	s.BaseContext = func(net.Listener) context.Context { return ctx }
	return untilDone(ctx, s, func() error { return s.ServeTLS(l, "", "") })
}

// serveMetrics is for this machine's own monitoring and so has neither TLS nor log-in; it listens on loopback.
func serveMetrics(ctx context.Context, address string, metrics *prometheus.Registry, log *slog.Logger) error {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		log.WarnContext(ctx, "metrics cannot be served", slog.Any("error", err))
		return nil
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(metrics, promhttp.HandlerOpts{}))
	s := api.NewServer(mux, log)
	return untilDone(ctx, s, func() error { return s.Serve(l) })
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
