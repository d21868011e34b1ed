package uplink

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/callweave/callweave/shared/wire"
)

// Spool is where batches wait. Commit forgets everything up to seq.
type Spool interface {
	Stream() uint64
	NextSeq() uint64
	Committed() uint64
	Commit(seq uint64) error
	Read(from uint64) Reader
}

// Reader gives the batches of a spool in order, from the one that holds the sequence number it was opened at. Next
// blocks until there is one. The bytes are valid until the next call.
type Reader interface {
	Next(ctx context.Context) ([]byte, wire.BatchInfo, error)
}

// Identity is who the agent is and whom it trusts.
type Identity interface {
	Certificate() tls.Certificate
	Authority() *x509.CertPool
	// RenewalRequest is nil while the certificate has enough life left.
	RenewalRequest() ([]byte, error)
	Renew(chain []byte) error
}

// Config says where the cloud is and how patient to be. Zero values mean the defaults.
type Config struct {
	Gateway string // host:port, UDP
	TCP     string // host:port of the fallback; empty = as Gateway
	Version string // of this agent

	Handshake   time.Duration // for QUIC, before TCP is tried: 3 s
	RetryQUIC   time.Duration // how often to look whether QUIC works while on TCP: 5 min
	Ping        time.Duration // 10 s; no sign of life for three of them ends the session
	Report      time.Duration // 10 s
	BackoffMin  time.Duration // 1 s
	BackoffMax  time.Duration // 1 min
	Rarely      time.Duration // pause when only a person can mend it: 5 min
	WindowBytes int           // sent and not yet committed: 16 MiB
	WindowCount int           // the same in batches: 4096
}

func (c Config) withDefaults() Config {
	def := func(d *time.Duration, value time.Duration) {
		if *d == 0 {
			*d = value
		}
	}
	def(&c.Handshake, 3*time.Second)
	def(&c.RetryQUIC, 5*time.Minute)
	def(&c.Ping, 10*time.Second)
	def(&c.Report, 10*time.Second)
	def(&c.BackoffMin, time.Second)
	def(&c.BackoffMax, time.Minute)
	def(&c.Rarely, 5*time.Minute)
	if c.TCP == "" {
		c.TCP = c.Gateway
	}
	if c.WindowBytes == 0 {
		c.WindowBytes = 16 << 20
	}
	if c.WindowCount == 0 {
		c.WindowCount = 4096
	}
	return c
}

// Deps are what an uplink works with.
type Deps struct {
	Spool    Spool
	Identity Identity
	Log      *slog.Logger
	Now      func() time.Time
	// Report is asked for what to tell the cloud; may be nil.
	Report func() wire.Report
	// Changed asks for a report at once; may be nil.
	Changed <-chan struct{}
}

// Uplink keeps one connection to the cloud.
type Uplink struct {
	cfg    Config
	deps   Deps
	poison poison
	stats  counters
}

// ErrAheadOfUs says that the cloud has committed more of the stream than the spool has ever written: the spool was put
// back to an older state. Its new events would be taken for repetitions, so it must start a new stream.
var ErrAheadOfUs = errors.New("the cloud holds more of this stream than the spool: the spool was restored from an older copy")

// New prepares an uplink; [Uplink.Run] opens it.
func New(cfg Config, deps Deps) *Uplink {
	return &Uplink{cfg: cfg.withDefaults(), deps: deps}
}

// Run connects and reconnects until ctx ends. It returns ctx's error, or ErrAheadOfUs.
func (u *Uplink) Run(ctx context.Context) error {
	wait := backoff{min: u.cfg.BackoffMin, max: u.cfg.BackoffMax}
	var next link // already dialled
	for {
		l, err := next, error(nil)
		next = nil
		if l == nil {
			l, err = u.dial(ctx)
		}
		if err == nil {
			var progressed bool
			next, progressed, err = u.runSession(ctx, l)
			if progressed {
				wait.reset()
			}
		}
		if ctx.Err() != nil {
			if next != nil {
				next.close("", "")
			}
			return ctx.Err()
		}
		if next != nil {
			continue
		}
		if errors.Is(err, ErrAheadOfUs) {
			return err
		}
		pause := u.pauseAfter(err, &wait)
		u.stats.failed(err)
		u.deps.Log.WarnContext(ctx, "link to the cloud is down", "error", err, "code", codeOf(err), "retry_in", pause)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
}

// Stats is a snapshot of the link.
type Stats struct {
	Transport    string // quic, tcp; empty while away
	Connected    time.Time
	Reconnects   int64
	Batches      int64 // sent, repetitions included
	Bytes        int64
	Resumes      int64 // the cloud asked to go back
	CommitErrors int64 // times the spool did not forget
	Sent         uint64
	Committed    uint64
	RTT          time.Duration
	ClockOffset  time.Duration // the cloud's clock minus ours
	LastError    string
	LastCode     wire.Code
}

// Stats may be called at any time.
func (u *Uplink) Stats() Stats { return u.stats.snapshot() }

type counters struct {
	batches, bytes, resumes, reconnects, rtt, offset, pinged, commitErrors atomic.Int64
	sent, committed                                                        atomic.Uint64
	state                                                                  atomic.Pointer[state]
}

// state changes rarely and as a whole.
type state struct {
	transport string
	connected time.Time
	err       string
	code      wire.Code
}

func (c *counters) failed(err error) {
	c.reconnects.Add(1)
	s := &state{code: codeOf(err)}
	if err != nil {
		s.err = err.Error()
	}
	c.state.Store(s)
}

func (c *counters) up(transport string, now time.Time) {
	c.state.Store(&state{transport: transport, connected: now})
}

func (c *counters) snapshot() Stats {
	s := Stats{
		Batches: c.batches.Load(), Bytes: c.bytes.Load(), Resumes: c.resumes.Load(), Reconnects: c.reconnects.Load(),
		Sent: c.sent.Load(), CommitErrors: c.commitErrors.Load(), Committed: c.committed.Load(),
		RTT: time.Duration(c.rtt.Load()), ClockOffset: time.Duration(c.offset.Load()),
	}
	if now := c.state.Load(); now != nil {
		s.Transport, s.Connected, s.LastError, s.LastCode = now.transport, now.connected, now.err, now.code
	}
	return s
}
