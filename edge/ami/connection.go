package ami

import (
	"context"
	"crypto/md5" //nolint:gosec // it is what AMI logs in with
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/callweave/callweave/shared/wire"
	"github.com/callweave/callweave/shared/wire/amitext"
)

// connection is one connection from greeting to end.
type connection struct {
	client  *Client
	conn    net.Conn
	reader  *amitext.Reader
	pending *pending
	booted  chan struct{} // closed at FullyBooted
	bootEnd sync.Once
	read    chan struct{} // closed when the reader has ended
	readErr error

	writing sync.Mutex
}

// connect makes a connection and stays until it ends. The error says why, in words.
func (c *Client) connect(ctx context.Context) error {
	conn, err := c.open(ctx)
	if err != nil {
		return err
	}
	if c.wrap != nil {
		conn = c.wrap(conn)
	}
	k := &connection{
		client: c, conn: conn, reader: amitext.NewReader(conn), pending: newPending(),
		booted: make(chan struct{}), read: make(chan struct{}),
	}
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	defer conn.Close()
	_ = conn.SetReadDeadline(time.Now().Add(c.cfg.Patience))
	banner, err := k.reader.Banner()
	if err != nil {
		return bannerError(banner, err)
	}
	_ = conn.SetReadDeadline(time.Time{})
	c.sink.Connected(c.cfg.Address)
	c.sink.Banner(banner)
	go k.readAll()
	err = k.live(ctx, banner)
	conn.Close()
	<-k.read
	c.established(nil, "")
	if errors.Is(err, ErrGone) && k.readErr != nil && !errors.Is(k.readErr, io.EOF) {
		err = fmt.Errorf("%w (%w)", ErrGone, k.readErr)
	}
	if ctx.Err() != nil {
		err = errors.New("the agent stops")
	}
	c.sink.Disconnected(err.Error())
	return err
}

func (c *Client) open(ctx context.Context) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, c.cfg.Patience)
	defer cancel()
	conn, err := c.dial(ctx, c.cfg.Address)
	if err != nil {
		return nil, dialError(err)
	}
	if c.cfg.TLS == nil {
		return conn, nil
	}
	cfg := c.cfg.TLS
	if cfg.ServerName == "" && !cfg.InsecureSkipVerify {
		cfg = cfg.Clone()
		cfg.ServerName, _, _ = net.SplitHostPort(c.cfg.Address)
	}
	secure := tls.Client(conn, cfg)
	if err := secure.HandshakeContext(ctx); err != nil {
		conn.Close()
		return nil, fmt.Errorf("%w (%w)", ErrTLS, err)
	}
	return secure, nil
}

// readAll only reads, and hands on.
func (k *connection) readAll() {
	defer close(k.read)
	defer k.pending.close()
	var ev wire.Event
	for {
		if err := k.reader.Next(&ev); err != nil {
			k.readErr = err
			return
		}
		k.client.counted(k.reader.Counters())
		k.pending.saw(&ev)
		if ev.ID == wire.EvFullyBooted {
			k.bootEnd.Do(func() { close(k.booted) })
		}
		k.client.sink.Packet(&ev)
	}
}

// live logs in, takes the snapshot, asks again now and then, and keeps the connection alive until it ends.
func (k *connection) live(ctx context.Context, banner string) error {
	if err := k.login(ctx); err != nil {
		return err
	}
	k.client.established(k, banner)
	k.client.log.Info("logged in to the PBX", slog.String("address", k.client.cfg.Address), slog.String("greeting", banner))
	if k.client.cfg.NoSnapshot {
		return k.keepAlive(ctx)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	select {
	case <-k.client.again: // was asked for over an earlier connection
	default:
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		if k.snapshot(ctx) {
			k.audit(ctx)
		}
	}()
	err := k.keepAlive(ctx)
	cancel()
	k.conn.Close()
	<-k.read
	<-done
	return err
}

// login answers a challenge, so that the secret does not travel. A PBX that has none gets the secret.
func (k *connection) login(ctx context.Context) error {
	cfg := k.client.cfg
	fields := []Header{{"Username", cfg.User}, {"Secret", cfg.Secret}}
	if !cfg.PlainLogin {
		reply, err := k.do(ctx, Action{"Challenge", []Header{{"AuthType", "MD5"}}})
		var refused *RefusedError
		switch {
		case errors.As(err, &refused):
			return fmt.Errorf("%w (Challenge: %s)", ErrLogin, refused.Message)
		case err != nil:
			return err
		}
		sum := md5.Sum([]byte(reply.Response.Get(wire.FChallenge) + cfg.Secret)) //nolint:gosec // it is what AMI logs in with
		fields = []Header{{"Username", cfg.User}, {"AuthType", "MD5"}, {"Key", hex.EncodeToString(sum[:])}}
	}
	_, err := k.do(ctx, Action{"Login", append(fields, Header{"Events", cfg.EventMask})})
	var refused *RefusedError
	if errors.As(err, &refused) {
		return fmt.Errorf("%w (it says: %s)", ErrLogin, refused.Message)
	}
	return err
}

// keepAlive sends a Ping every so often. Its answer also tells the PBX's clock. It returns when two are unanswered or
// the connection has ended.
func (k *connection) keepAlive(ctx context.Context) error {
	tick := time.NewTicker(k.client.cfg.Ping)
	defer tick.Stop()
	var waiting []*call
	for {
		c, err := k.start(Action{Name: "Ping"}, nil)
		if err != nil {
			return err
		}
		waiting = append(waiting, c)
		select {
		case <-tick.C:
		case <-k.read:
			return ErrGone
		case <-ctx.Done():
			return ctx.Err()
		}
		select {
		case <-waiting[len(waiting)-1].done: // it answered the last, so it answered all
			waiting = waiting[:0]
		default:
			if len(waiting) >= 2 {
				return fmt.Errorf("%w: two Pings in %v", ErrDeaf, 2*k.client.cfg.Ping)
			}
		}
	}
}

// do sends an action and waits for the whole answer.
func (k *connection) do(ctx context.Context, a Action) (*Reply, error) {
	c, err := k.start(a, keepAll)
	if err != nil {
		return nil, err
	}
	return k.wait(ctx, c)
}

func keepAll(string) bool { return true }

// start sends an action. Its answer is waited for with wait; keep tells whether the events of a list are kept for it.
func (k *connection) start(a Action, keep func(action string) bool) (*call, error) {
	calls, err := k.startAll([]Action{a}, keep)
	if err != nil {
		return nil, err
	}
	return calls[0], nil
}

// startAll sends actions with one write. The sink hears of all of them before the first can be answered.
func (k *connection) startAll(actions []Action, keep func(action string) bool) ([]*call, error) {
	var b []byte
	calls := make([]*call, len(actions))
	ids := make([]string, len(actions))
	for i, a := range actions {
		ids[i] = k.client.actionID()
		text, err := a.append(b, ids[i])
		if err != nil {
			return nil, fmt.Errorf("send action: %w", err)
		}
		b = text
		calls[i] = &call{id: ids[i], action: a.Name, keep: keep != nil && keep(a.Name), done: make(chan struct{})}
	}
	for i, c := range calls {
		if !k.pending.add(ids[i], c) {
			return nil, ErrGone
		}
		k.client.sink.Sent(c.action, ids[i])
	}
	k.writing.Lock()
	defer k.writing.Unlock()
	_ = k.conn.SetWriteDeadline(time.Now().Add(k.client.cfg.Patience))
	if _, err := k.conn.Write(b); err != nil {
		return nil, fmt.Errorf("%w (%w)", ErrGone, err)
	}
	return calls, nil
}

func (k *connection) wait(ctx context.Context, c *call) (*Reply, error) {
	t := time.NewTimer(k.client.cfg.Patience)
	defer t.Stop()
	select {
	case <-c.done:
	case <-ctx.Done():
		k.pending.remove(c.id)
		return nil, ctx.Err()
	case <-t.C:
		k.pending.remove(c.id)
		return nil, fmt.Errorf("%w: %s in %v", ErrDeaf, c.action, k.client.cfg.Patience)
	}
	if c.gone {
		return nil, fmt.Errorf("%w before it answered %s", ErrGone, c.action)
	}
	if !success(c.reply.Response) {
		return nil, &RefusedError{Action: c.action, Message: c.reply.Message()}
	}
	return &c.reply, nil
}
