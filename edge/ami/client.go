package ami

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	mathrand "math/rand/v2"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/callweave/callweave/shared/wire"
	"github.com/callweave/callweave/shared/wire/amitext"
)

// Config says how to reach a PBX. Zero values mean the defaults.
type Config struct {
	Address      string      // host:port
	User, Secret string      // of manager.conf
	TLS          *tls.Config // nil: not encrypted. ServerName and RootCAs as needed
	PlainLogin   bool        // send the secret itself instead of the answer to a challenge
	EventMask    string      // which classes of events to get; default on, all the user may read
	NoSnapshot   bool        // ask for nothing after a connect, nor later

	Ping      time.Duration // between keep-alives; default 12 s
	Audit     time.Duration // between questions for all channels, in case an event was lost; default 10 min
	Patience  time.Duration // for connect, greeting and each answer; default 10 s
	BootWait  time.Duration // for FullyBooted; default 60 s. Who may not read class system never gets it
	MinWait   time.Duration // first wait before a reconnect; default 500 ms
	MaxWait   time.Duration // longest; default 5 s: the PBX is near, and what it says while we are away is lost
	LoginWait time.Duration // after a refused login, so that nothing bans this machine for trying; default 60 s
}

func (c Config) withDefaults() Config {
	set := func(d *time.Duration, v time.Duration) {
		if *d <= 0 {
			*d = v
		}
	}
	set(&c.Ping, 12*time.Second)
	set(&c.Audit, 10*time.Minute)
	set(&c.Patience, 10*time.Second)
	set(&c.BootWait, time.Minute)
	set(&c.MinWait, 500*time.Millisecond)
	set(&c.MaxWait, 5*time.Second)
	set(&c.LoginWait, time.Minute)
	if c.EventMask == "" {
		c.EventMask = "on"
	}
	return c
}

// Sink takes what happens. Packet is called by the goroutine that reads; it may wait for nothing but storage. The event
// and its strings are valid until Packet returns. Sent is called before the action is written, by other goroutines.
type Sink interface {
	Connected(address string)
	Banner(banner string)
	Sent(action, id string)
	Packet(ev *wire.Event)
	Disconnected(reason string)
}

// Deps are what a client needs from outside.
type Deps struct {
	Sink Sink
	Log  *slog.Logger
	// Dial opens the connection, TLS not included; default TCP with keep-alive.
	Dial func(ctx context.Context, address string) (net.Conn, error)
	// Wrap sees every connection after encryption is set up; default none.
	Wrap func(net.Conn) net.Conn
}

// Client is a client of one PBX.
type Client struct {
	cfg    Config
	sink   Sink
	log    *slog.Logger
	dial   func(ctx context.Context, address string) (net.Conn, error)
	wrap   func(net.Conn) net.Conn
	prefix string // of ActionIDs, its own for every process
	again  chan struct{}

	mu     sync.Mutex
	next   uint64 // ActionID
	conn   *connection
	status Status
}

// Status is what is known of the connection.
type Status struct {
	LoggedIn bool
	Since    time.Time // of the present state
	Banner   string
	Problem  string   // why there is no connection, in words; empty while there is one
	Connects uint64   // logins that were accepted
	Refused  []string // snapshot actions the PBX refused
	Counters amitext.Counters
}

// New returns a client; it opens nothing.
func New(cfg Config, deps Deps) *Client {
	c := &Client{cfg: cfg.withDefaults(), sink: deps.Sink, log: deps.Log, dial: deps.Dial, wrap: deps.Wrap, again: make(chan struct{}, 1)}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	if c.dial == nil {
		c.dial = func(ctx context.Context, address string) (net.Conn, error) {
			d := net.Dialer{KeepAlive: 15 * time.Second}
			return d.DialContext(ctx, "tcp", address)
		}
	}
	c.prefix = "cw" + strings.ToLower(rand.Text()[:8]) + "-"
	c.status.Since = time.Now()
	return c
}

// Status returns what is known of the connection.
func (c *Client) Status() Status {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.status
}

// Run connects, and connects again, until the context ends. It returns nil then.
func (c *Client) Run(ctx context.Context) error {
	for r := (retry{client: c}); ctx.Err() == nil; {
		began, connects := time.Now(), c.Status().Connects
		err := c.connect(ctx)
		pause(ctx, r.after(ctx, err, time.Since(began), c.Status().Connects > connects))
	}
	return nil
}

// retry decides how long to wait before the next connection, and says why.
type retry struct {
	client *Client
	wait   backoff
	told   string // the trouble the log knows already
}

// after returns the wait behind a connection that ended with err, lasted so long and came as far as a login or not.
func (r *retry) after(ctx context.Context, err error, lasted time.Duration, loggedIn bool) time.Duration {
	c := r.client
	if ctx.Err() != nil {
		return 0
	}
	if loggedIn {
		r.told = ""
	}
	if loggedIn && lasted > c.cfg.MaxWait {
		r.wait = backoff{} // it had worked for a while
	}
	d := r.wait.next(c.cfg.MinWait, c.cfg.MaxWait)
	if errors.Is(err, ErrLogin) {
		d += c.cfg.LoginWait
	}
	c.mu.Lock()
	c.status.Problem = err.Error()
	c.mu.Unlock()
	level := slog.LevelDebug // a trouble that lasts is told once
	if r.told != err.Error() {
		level, r.told = slog.LevelWarn, err.Error()
	}
	c.log.Log(ctx, level, "no connection to the PBX", slog.String("address", c.cfg.Address), slog.Any("error", err), slog.Duration("again_in", d))
	return d
}

// Do sends an action and waits for its answer, and for the whole list where it has one. A refusal is a *RefusedError;
// the other errors are ErrNotConnected, ErrGone, ErrMalformed, and that of ctx or of the client's patience.
func (c *Client) Do(ctx context.Context, a Action) (*Reply, error) {
	c.mu.Lock()
	conn := c.conn
	c.mu.Unlock()
	if conn == nil {
		return nil, fmt.Errorf("send %s: %w", printable(a.Name), ErrNotConnected)
	}
	return conn.do(ctx, a)
}

// AskAgain has the client ask the PBX what is going on, as after a connect: somebody knows that events are lost. It does
// not wait. While there is no connection it does nothing, for the next one begins with the same question.
func (c *Client) AskAgain() {
	if !c.Status().LoggedIn {
		return
	}
	select {
	case c.again <- struct{}{}:
	default:
	}
}

func (c *Client) actionID() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.next++
	return fmt.Sprintf("%s%d", c.prefix, c.next)
}

// established notes that the PBX accepted the login of conn, or with nil that the connection is gone.
func (c *Client) established(conn *connection, banner string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.conn = conn
	if conn == nil && !c.status.LoggedIn {
		return
	}
	c.status.LoggedIn, c.status.Since = conn != nil, time.Now()
	if conn != nil {
		c.status.Banner, c.status.Problem = banner, ""
		c.status.Connects++
	}
}

func (c *Client) counted(n amitext.Counters) {
	c.mu.Lock()
	c.status.Counters = n
	c.mu.Unlock()
}

// backoff gives waits that double, each a random part of the whole (full jitter), so that many agents whose PBX or
// network comes back do not come back at the same moment.
type backoff struct{ tries int }

func (b *backoff) next(first, longest time.Duration) time.Duration {
	d := longest
	if b.tries < 20 {
		d = min(longest, first<<b.tries)
	}
	b.tries++
	return time.Duration(mathrand.Int64N(int64(d))) + time.Millisecond //nolint:gosec // it spreads load, it hides nothing
}

// pause waits for d, or until the context ends.
func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
