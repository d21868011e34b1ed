package gateway

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/quic-go/quic-go"
	"golang.org/x/sync/errgroup"

	"github.com/callweave/callweave/cloud/control"
	"github.com/callweave/callweave/cloud/ingest"
	"github.com/callweave/callweave/shared/wire"
	"github.com/callweave/callweave/tenants"
)

// Agents is who may connect.
type Agents interface {
	Identify(ctx context.Context, certificate *x509.Certificate) (control.Agent, error)
	Connected(ctx context.Context, id uuid.UUID, p control.Presence) (time.Time, error)
	Disconnected(ctx context.Context, id uuid.UUID, mark time.Time) error
	Reported(ctx context.Context, id uuid.UUID, report json.RawMessage) error
	Sweep(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]control.Standing, error)
	Renew(id uuid.UUID, csr []byte) ([]byte, error)
}

// Commits is how far streams are in the database.
type Commits interface {
	// Cursor is the agent's stream and its last committed sequence number; zero for an agent that has none yet.
	Cursor(ctx context.Context, tenant tenants.ID, agent uuid.UUID) (stream, seq uint64, err error)
	// Watch calls committed when more of an agent's stream is committed, and resend when something before seq never
	// arrived and the stream is wanted again from there on. Neither blocks; calls may be lost, are about agents of any
	// node, and come from any goroutine.
	Watch(committed, resend func(agent uuid.UUID, stream, seq uint64)) (stop func(), err error)
}

// Config bounds what agents may do. Zero values mean the defaults.
type Config struct {
	Listen         string        // host:port for UDP and TCP; port 0 chooses one
	MaxAgents      int           // connected at the same time: 10,000
	MaxBatch       int           // bytes: wire.MaxBatchBytes
	BytesPerSecond int           // of one agent over some seconds: 32 MiB; less than 0 for no bound
	Idle           time.Duration // without a sign of life: 45 s
	Greeting       time.Duration // from the handshake to Hello: 10 s
	Sweep          time.Duration // how often to look for revocations and commits: 2 s
	Grace          time.Duration // for agents to leave when the gateway ends: 3 s
	RetryAfter     time.Duration // what a leaving gateway tells agents: 1 s
}

func (c Config) withDefaults() Config {
	def(&c.MaxAgents, 10_000)
	def(&c.MaxBatch, wire.MaxBatchBytes)
	def(&c.BytesPerSecond, 32<<20)
	def(&c.Idle, 45*time.Second)
	def(&c.Greeting, 10*time.Second)
	def(&c.Sweep, 2*time.Second)
	def(&c.Grace, 3*time.Second)
	def(&c.RetryAfter, time.Second)
	return c
}

func def[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// Deps are what a gateway works with.
type Deps struct {
	Agents      Agents
	Commits     Commits
	Ingest      *ingest.Ingest
	Certificate func(*tls.ClientHelloInfo) (*tls.Certificate, error)
	Authority   *x509.CertPool // of agents' certificates
	// ResetKey, the same at every start, lets a gateway tell agents at once that the connection they speak of died with
	// its predecessor, instead of letting them find out by its silence. Zero: it does not.
	ResetKey [32]byte
	Log      *slog.Logger
	Now      func() time.Time
}

// Gateway serves agents.
type Gateway struct {
	cfg   Config
	deps  Deps
	peers *peers
	ready chan struct{}
	addr  net.Addr
	stats counters
}

// New prepares a gateway; [Gateway.Run] opens it.
func New(cfg Config, deps Deps) *Gateway {
	return &Gateway{cfg: cfg.withDefaults(), deps: deps, peers: newPeers(), ready: make(chan struct{})}
}

// Ready is closed when the gateway listens.
func (g *Gateway) Ready() <-chan struct{} { return g.ready }

// Addr is where, once it is ready. UDP and TCP have the same port.
func (g *Gateway) Addr() net.Addr { return g.addr }

// Run listens and serves until ctx ends; then it takes leave of all agents, so that they come back at once somewhere
// else or later here. It returns nil after that, and an error where it cannot listen.
func (g *Gateway) Run(ctx context.Context) error {
	udp, tcp, err := listen(ctx, g.cfg.Listen)
	if err != nil {
		return fmt.Errorf("run gateway: %w", err)
	}
	defer func() { _, _ = udp.Close(), tcp.Close() }()
	transport := &quic.Transport{Conn: udp}
	if g.deps.ResetKey != [32]byte{} {
		transport.StatelessResetKey = (*quic.StatelessResetKey)(&g.deps.ResetKey)
	}
	defer transport.Close()
	listener, err := transport.Listen(g.tls(), g.quicConfig())
	if err != nil {
		return fmt.Errorf("run gateway: %w", err)
	}
	unwatch, err := g.deps.Commits.Watch(g.committed, g.resend)
	if err != nil {
		g.deps.Log.WarnContext(ctx, "commits will be noticed late", "error", err)
	} else {
		defer unwatch()
	}
	g.addr = tcp.Addr()
	close(g.ready)
	g.deps.Log.InfoContext(ctx, "gateway listens", "address", g.addr.String())

	// Connections outlive ctx by the grace they are given to take leave.
	serving, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	var connections sync.WaitGroup
	group, accepting := errgroup.WithContext(ctx)
	group.Go(func() error { return g.acceptQUIC(accepting, serving, listener, &connections) })
	group.Go(func() error { return g.acceptTCP(accepting, serving, tcp, &connections) })
	group.Go(func() error { return g.sweep(accepting) })
	stop := context.AfterFunc(accepting, func() { _ = tcp.Close() })
	defer stop()
	err = group.Wait()
	g.leave(ctx, &connections, end)
	if ctx.Err() != nil {
		return nil
	}
	return fmt.Errorf("run gateway: %w", err)
}

// leave says Goodbye to everybody and waits for them to go, at most the grace.
func (g *Gateway) leave(ctx context.Context, connections *sync.WaitGroup, end func()) {
	ctx = context.WithoutCancel(ctx)
	all := g.peers.all()
	g.deps.Log.InfoContext(ctx, "gateway takes leave of its agents", "agents", len(all))
	for _, p := range all {
		p.dismiss(&wire.Error{Code: wire.CodeShutdown, Text: "the gateway restarts", RetryAfter: g.cfg.RetryAfter})
	}
	gone := make(chan struct{})
	go func() {
		connections.Wait()
		close(gone)
	}()
	select {
	case <-gone:
	case <-time.After(g.cfg.Grace):
		end()
		<-gone
	}
}

// listen opens UDP and TCP on one port number.
func listen(ctx context.Context, address string) (net.PacketConn, net.Listener, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, nil, fmt.Errorf("listen: %w", err)
	}
	tries := 1
	if port == "0" {
		tries = 20 // the port TCP was given may be taken on UDP
	}
	var lc net.ListenConfig
	for range tries {
		tcp, tcpErr := lc.Listen(ctx, "tcp", address)
		if tcpErr != nil {
			return nil, nil, fmt.Errorf("listen: %w", tcpErr)
		}
		_, chosen, _ := net.SplitHostPort(tcp.Addr().String())
		udp, udpErr := lc.ListenPacket(ctx, "udp", net.JoinHostPort(host, chosen))
		if udpErr == nil {
			return udp, tcp, nil
		}
		_ = tcp.Close()
		err = fmt.Errorf("listen: %w", udpErr)
	}
	return nil, nil, err
}

// tls demands a client certificate of our authority. There are no session tickets: a resumed session would skip the
// look at a certificate that may have expired.
func (g *Gateway) tls() *tls.Config {
	return &tls.Config{
		MinVersion:             tls.VersionTLS13,
		NextProtos:             []string{wire.ALPN},
		GetCertificate:         g.deps.Certificate,
		ClientAuth:             tls.RequireAndVerifyClientCert,
		ClientCAs:              g.deps.Authority,
		SessionTicketsDisabled: true,
		Time:                   g.deps.Now,
	}
}

// quicConfig bounds what a connection may make us hold: its windows are what it can send before anybody reads.
func (g *Gateway) quicConfig() *quic.Config {
	return &quic.Config{
		HandshakeIdleTimeout:           5 * time.Second,
		MaxIdleTimeout:                 g.cfg.Idle,
		InitialStreamReceiveWindow:     256 << 10,
		MaxStreamReceiveWindow:         4 << 20,
		InitialConnectionReceiveWindow: 512 << 10,
		MaxConnectionReceiveWindow:     6 << 20,
		MaxIncomingStreams:             1,
		MaxIncomingUniStreams:          1,
	}
}

func (g *Gateway) acceptQUIC(ctx, serving context.Context, listener *quic.Listener, connections *sync.WaitGroup) error {
	for {
		conn, err := listener.Accept(ctx)
		if err != nil {
			return fmt.Errorf("accept QUIC: %w", err)
		}
		connections.Go(func() { g.serveQUIC(serving, conn) })
	}
}

func (g *Gateway) acceptTCP(ctx, serving context.Context, listener net.Listener, connections *sync.WaitGroup) error {
	config := g.tls()
	handshakes := make(chan struct{}, 256) // under way at the same time; strangers wait in the kernel's queue
	for {
		conn, err := listener.Accept()
		if err != nil {
			var temporary interface{ Temporary() bool }
			if ctx.Err() == nil && errors.As(err, &temporary) && temporary.Temporary() { // out of files: what else tells?
				select {
				case <-ctx.Done():
				case <-time.After(100 * time.Millisecond):
				}
				continue
			}
			return fmt.Errorf("accept TCP: %w", err)
		}
		handshakes <- struct{}{}
		connections.Go(func() { g.serveTCP(serving, tls.Server(conn, config), func() { <-handshakes }) })
	}
}
