package gateway

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/quic-go/quic-go"
	"golang.org/x/time/rate"

	"github.com/callweave/callweave/cloud/control"
	"github.com/callweave/callweave/cloud/ingest"
	"github.com/callweave/callweave/shared/wire"
)

// Control frames an agent may send: a report and a ping every ten seconds, and then some.
const (
	controlRate  = 5
	controlBurst = 60
)

// peer is one connection of one agent. While an agent is quiet it costs two goroutines over QUIC and one over TCP.
type peer struct {
	g        *Gateway
	link     link
	agent    control.Agent
	mark     time.Time // see control.Agents.Connected
	stream   uint64
	in       *ingest.Stream // used by the goroutine that reads batches
	control  *rate.Limiter
	bytes    *rate.Limiter
	dismiss  context.CancelCauseFunc
	accepted atomic.Uint64 // last sequence number handed to ingest
	rewind   atomic.Uint64 // where the stream is wanted again from; 0: nowhere
	commits  commits
	welcomed atomic.Bool // from then on mark, stream and in do not change
	log      atomic.Pointer[slog.Logger]
}

func (g *Gateway) serveQUIC(ctx context.Context, conn *quic.Conn) {
	greeting, cancel := context.WithTimeout(ctx, g.cfg.Greeting)
	l, err := newQUICLink(greeting, conn)
	cancel()
	if err != nil {
		_ = conn.CloseWithError(quic.ApplicationErrorCode(wire.CodeTimeout.Number()), "no control stream was opened")
		return
	}
	g.serve(ctx, l)
}

func (g *Gateway) serveTCP(ctx context.Context, conn *tls.Conn, done func()) {
	greeting, cancel := context.WithTimeout(ctx, g.cfg.Greeting)
	err := conn.HandshakeContext(greeting)
	cancel()
	done()
	if err != nil {
		g.stats.handshakes.Add(1)
		g.deps.Log.DebugContext(ctx, "TLS handshake failed", "remote", conn.RemoteAddr().String(), "error", err)
		_ = conn.NetConn().Close()
		return
	}
	g.serve(ctx, newTCPLink(conn))
}

// serve is the life of a connection.
func (g *Gateway) serve(ctx context.Context, l link) {
	p := &peer{
		g: g, link: l,
		control: rate.NewLimiter(controlRate, controlBurst),
	}
	p.log.Store(g.deps.Log.With("remote", l.remote().String(), "transport", l.transport()))
	if g.cfg.BytesPerSecond > 0 {
		p.bytes = rate.NewLimiter(rate.Limit(g.cfg.BytesPerSecond), max(2*g.cfg.BytesPerSecond, g.cfg.MaxBatch))
	}
	ctx, p.dismiss = context.WithCancelCause(ctx)
	parted := make(chan struct{})
	context.AfterFunc(ctx, func() {
		defer close(parted)
		p.part(ctx, context.Cause(ctx))
	})
	p.dismiss(p.run(ctx))
	<-parted
}

// run greets, and reads until the connection breaks or is dismissed.
func (p *peer) run(ctx context.Context) error {
	hello, err := p.hello()
	if err != nil {
		return err
	}
	version, err := wire.Negotiate(wire.SupportedVersions(), hello.Versions)
	if err != nil {
		return err
	}
	if err := p.identify(ctx); err != nil {
		return err
	}
	former, ok := p.g.peers.enter(p, p.g.cfg.MaxAgents)
	if !ok {
		return &wire.Error{Code: wire.CodeOverloaded, Text: "the gateway serves as many agents as it can", RetryAfter: 30 * time.Second}
	}
	defer p.g.peers.leave(p)
	if former != nil {
		former.dismiss(&wire.Error{Code: wire.CodeReplaced, Text: "the same agent has connected anew"})
	}
	if err := p.welcome(ctx, version, hello); err != nil {
		return err
	}
	defer p.absent(ctx)
	var reading sync.WaitGroup
	defer reading.Wait()
	if p.link.transport() == transportQUIC {
		reading.Go(func() { p.dismiss(p.readEvents(ctx)) })
	}
	err = p.readControl(ctx)
	p.dismiss(err) // wakes the reader of events
	return err
}

func (p *peer) hello() (wire.Hello, error) {
	p.link.readBy(time.Now().Add(p.g.cfg.Greeting))
	frame, err := p.link.control().next()
	if err != nil {
		return wire.Hello{}, fmt.Errorf("read greeting: %w", err)
	}
	var hello wire.Hello
	if err := wire.DecodeMessage(frame, &hello); err != nil {
		return wire.Hello{}, fmt.Errorf("read greeting: %w", err)
	}
	if hello.Stream == 0 || hello.Stream >= 1<<63 || hello.FirstSeq == 0 || hello.NextSeq < hello.FirstSeq || hello.NextSeq >= 1<<63 {
		return wire.Hello{}, &wire.Error{Code: wire.CodeProtocol, Text: "the greeting names an impossible stream"}
	}
	return hello, nil
}

func (p *peer) identify(ctx context.Context) error {
	agent, err := p.g.deps.Agents.Identify(ctx, p.link.certificate())
	if err != nil {
		refused := refusalOf(err)
		if refused.Code == wire.CodeOverloaded {
			p.log.Load().ErrorContext(ctx, "agent cannot be looked up", "error", err)
		}
		return refused
	}
	p.agent = agent
	p.log.Store(p.log.Load().With("agent", agent.ID, "tenant", agent.Tenant.String()))
	return nil
}

// refusalOf says to an agent why it may not connect.
func refusalOf(err error) *wire.Error {
	switch {
	case errors.Is(err, control.ErrRevoked):
		return &wire.Error{Code: wire.CodeCertificateRevoked, Text: "this agent was revoked: enrol it again with a new token"}
	case errors.Is(err, control.ErrSuperseded):
		return &wire.Error{Code: wire.CodeCertificateRevoked, Text: "a newer certificate of this agent is in use elsewhere: enrol this one again with a new token"}
	case errors.Is(err, control.ErrCertificateExpired):
		return &wire.Error{Code: wire.CodeCertificateExpired, Text: "the certificate has expired: enrol the agent again with a new token"}
	case errors.Is(err, control.ErrUnknownAgent):
		return &wire.Error{Code: wire.CodeAgentUnknown, Text: "the cloud does not know this agent: enrol it again with a new token"}
	case errors.Is(err, control.ErrTenantSuspended):
		return &wire.Error{Code: wire.CodeTenantSuspended, Text: "the account is suspended: events are kept on the PBX until it is not"}
	default:
		return &wire.Error{Code: wire.CodeOverloaded, Text: "the cloud cannot look up agents at the moment", RetryAfter: 10 * time.Second}
	}
}

// welcome notes the agent's presence and tells it where to go on.
func (p *peer) welcome(ctx context.Context, version uint16, hello wire.Hello) error {
	unavailable := &wire.Error{Code: wire.CodeOverloaded, Text: "the cloud's database does not answer at the moment", RetryAfter: 10 * time.Second}
	stream, seq, err := p.g.deps.Commits.Cursor(ctx, p.agent.Tenant, p.agent.ID)
	if err != nil {
		p.log.Load().ErrorContext(ctx, "cursor cannot be read", "error", err)
		return unavailable
	}
	resume := hello.FirstSeq
	if stream == hello.Stream {
		resume = seq + 1
	}
	p.stream = hello.Stream
	p.accepted.Store(resume - 1)
	p.commits.told.Store(resume - 1)
	p.commits.seq.Store(resume - 1)
	p.mark, err = p.g.deps.Agents.Connected(ctx, p.agent.ID, control.Presence{
		Version: hello.AgentVersion, Transport: p.link.transport(), Address: p.link.remote().String(),
	})
	if err != nil {
		p.log.Load().ErrorContext(ctx, "presence cannot be noted", "error", err)
		return unavailable
	}
	now := p.g.deps.Now()
	p.in = p.g.deps.Ingest.Open(ingest.Source{Tenant: p.agent.Tenant, Agent: p.agent.ID, PBX: p.agent.PBX}, hello.Stream, resume)
	p.welcomed.Store(true)
	p.g.stats.sessions.Add(1)
	p.log.Load().InfoContext(ctx, "agent connected", "version", hello.AgentVersion, "stream", hello.Stream, "resume", resume,
		"behind", hello.NextSeq-min(resume, hello.NextSeq), "clock_offset", time.Duration(hello.Clock-now.UnixNano()))
	return p.link.send(wire.Welcome{Version: version, ResumeSeq: resume, ServerTime: now.UnixNano(), MaxBatch: uint32(p.g.cfg.MaxBatch)})
}

// absent notes the end; it must be noted even when everything else is ending.
func (p *peer) absent(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := p.g.deps.Agents.Disconnected(ctx, p.agent.ID, p.mark); err != nil {
		p.log.Load().ErrorContext(ctx, "absence cannot be noted", "error", err)
	}
}

// part ends the connection in the way its reason asks for: with a Goodbye, unless the network ended it.
func (p *peer) part(ctx context.Context, why error) {
	ctx = context.WithoutCancel(ctx)
	refusal := p.refusal(why)
	if refusal == nil {
		level := slog.LevelInfo
		if !p.welcomed.Load() { // a port scan, or an agent's check
			level = slog.LevelDebug
		}
		p.log.Load().Log(ctx, level, "agent disconnected", "error", why)
		p.link.abort()
		return
	}
	p.g.stats.goodbyes.Add(1)
	p.log.Load().InfoContext(ctx, "agent sent away", "code", refusal.Code, "error", refusal.Text)
	err := p.link.send(wire.Goodbye{Code: refusal.Code, Text: refusal.Text, RetryAfterMS: uint32(refusal.RetryAfter.Milliseconds())})
	if err != nil {
		p.link.abort()
		return
	}
	p.link.finish(refusal.Code, refusal.Text)
}

// refusal is nil where the other side or the network ended the connection.
func (p *peer) refusal(why error) *wire.Error {
	if refused, ok := errors.AsType[*wire.Error](why); ok {
		return refused
	}
	if errors.Is(why, os.ErrDeadlineExceeded) {
		return &wire.Error{Code: wire.CodeTimeout, Text: "nothing was heard from the agent for too long"}
	}
	if code := wire.CodeFor(why); code != "" && code != wire.CodeInternal {
		return &wire.Error{Code: code, Text: why.Error()}
	}
	return nil
}
