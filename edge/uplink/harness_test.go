package uplink_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/callweave/callweave/cloud/control"
	"github.com/callweave/callweave/cloud/eventlog"
	"github.com/callweave/callweave/cloud/gateway"
	"github.com/callweave/callweave/cloud/ingest"
	"github.com/callweave/callweave/edge/spool"
	"github.com/callweave/callweave/edge/uplink"
	"github.com/callweave/callweave/shared/wire"
	"github.com/callweave/callweave/tenants"
)

// cloud is a real gateway and ingest; in place of database and event log it has memory, so that a test can look
// inside and make them fail.
type cloud struct {
	t         testing.TB
	authority *control.Authority
	served    *control.ServerCertificates
	in        *ingest.Ingest
	cfg       gateway.Config
	logs      *logged

	mu        sync.Mutex
	agents    map[uuid.UUID]*agentRow
	messages  []eventlog.Message // without the batch
	cursor    map[uuid.UUID]position
	publish   func(m eventlog.Message) error // nil: keep and commit
	withhold  bool                           // keep, do not commit
	discard   bool                           // commit, do not keep
	resetKey  [32]byte
	changed   chan struct{}
	watchers  map[int]watcher
	nextWatch int
	reports   []json.RawMessage
	presence  []control.Presence
}

type agentRow struct {
	control.Agent
	err  error
	mark time.Time
}

type position struct{ stream, seq uint64 }

type watcher struct {
	committed, resend func(uuid.UUID, uint64, uint64)
}

func newCloud(t testing.TB) *cloud {
	t.Helper()
	authority, err := control.NewAuthority(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	c := &cloud{
		t: t, authority: authority, served: control.NewServerCertificates(authority, nil, time.Now),
		agents: map[uuid.UUID]*agentRow{}, cursor: map[uuid.UUID]position{}, watchers: map[int]watcher{}, changed: make(chan struct{}),
		cfg:  gateway.Config{Listen: "127.0.0.1:0", Sweep: 20 * time.Millisecond, Grace: 5 * time.Second, RetryAfter: 10 * time.Millisecond},
		logs: &logged{},
	}
	c.in = ingest.New(ingest.Config{Patience: 200 * time.Millisecond, Astray: 50_000}, c, slog.New(slog.NewTextHandler(c.logs, nil)), time.Now)
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("cloud's log:\n%s", c.logs)
		}
	})
	return c
}

// start runs a gateway and returns its address and what stops it, as a restart does: with a Goodbye.
func (c *cloud) start() (address string, stop func()) {
	c.t.Helper()
	g := gateway.New(c.cfg, gateway.Deps{
		Agents: c, Commits: c, Ingest: c.in, Certificate: c.served.Get, Authority: c.authority.Pool(),
		Log: slog.New(slog.NewTextHandler(c.logs, nil)), Now: time.Now, ResetKey: c.resetKey,
	})
	ctx, cancel := context.WithCancel(context.WithoutCancel(c.t.Context()))
	done := make(chan error, 1)
	go func() { done <- g.Run(ctx) }()
	select {
	case <-g.Ready():
	case err := <-done:
		c.t.Fatal(err)
	}
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			c.t.Error(err)
		}
	})
	c.t.Cleanup(stop)
	return g.Addr().String(), stop
}

// enrol makes an agent as control does, with a certificate that is valid around now.
func (c *cloud) enrol(now time.Time) *identity {
	c.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		c.t.Fatal(err)
	}
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, key)
	if err != nil {
		c.t.Fatal(err)
	}
	request, err := x509.ParseCertificateRequest(der)
	if err != nil {
		c.t.Fatal(err)
	}
	id := uuid.New()
	leaf, err := c.authority.SignAgent(id, request, now)
	if err != nil {
		c.t.Fatal(err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.agents[id] = &agentRow{Agent: control.Agent{ID: id, Tenant: tenants.NewID(), PBX: 7, NotAfter: leaf.NotAfter}}
	return &identity{
		id: id, pool: c.authority.Pool(),
		certificate: tls.Certificate{Certificate: [][]byte{leaf.Raw}, PrivateKey: key, Leaf: leaf},
	}
}

// What gateway and ingest ask for.

func (c *cloud) Identify(_ context.Context, certificate *x509.Certificate) (control.Agent, error) {
	id, err := control.AgentOf(certificate)
	if err != nil {
		return control.Agent{}, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	row := c.agents[id]
	if row == nil {
		return control.Agent{}, control.ErrUnknownAgent
	}
	return row.Agent, row.err
}

func (c *cloud) Connected(_ context.Context, id uuid.UUID, p control.Presence) (time.Time, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.presence = append(c.presence, p)
	c.agents[id].mark = time.Now()
	c.wake()
	return c.agents[id].mark, nil
}

func (c *cloud) Disconnected(_ context.Context, id uuid.UUID, mark time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.agents[id].mark.Equal(mark) {
		c.agents[id].mark = time.Time{}
	}
	c.wake()
	return nil
}

func (c *cloud) Reported(_ context.Context, _ uuid.UUID, report json.RawMessage) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.reports = append(c.reports, report)
	c.wake()
	return nil
}

func (c *cloud) Sweep(_ context.Context, ids []uuid.UUID) (map[uuid.UUID]control.Standing, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	found := map[uuid.UUID]control.Standing{}
	for _, id := range ids {
		found[id] = control.Standing{Connected: c.agents[id].mark, Err: c.agents[id].err}
	}
	return found, nil
}

func (c *cloud) Renew(id uuid.UUID, csr []byte) ([]byte, error) {
	request, err := x509.ParseCertificateRequest(csr)
	if err != nil {
		return nil, err
	}
	leaf, err := c.authority.SignAgent(id, request, time.Now())
	if err != nil {
		return nil, err
	}
	return leaf.Raw, nil
}

func (c *cloud) Publish(_ context.Context, m eventlog.Message) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.publish != nil {
		if err := c.publish(m); err != nil {
			return err
		}
	}
	if !c.discard {
		m.Batch = bytes.Clone(m.Batch)
		c.messages = append(c.messages, m)
	}
	if !c.withhold {
		c.commit(m.Agent, m.Stream, m.LastSeq)
	}
	c.wake()
	return nil
}

// commit is called with mu held.
func (c *cloud) commit(agent uuid.UUID, stream, seq uint64) {
	c.cursor[agent] = position{stream, seq}
	for _, w := range c.watchers {
		w.committed(agent, stream, seq)
	}
}

func (c *cloud) Cursor(_ context.Context, _ tenants.ID, agent uuid.UUID) (stream, seq uint64, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.cursor[agent].stream, c.cursor[agent].seq, nil
}

func (c *cloud) Watch(committed, resend func(agent uuid.UUID, stream, seq uint64)) (func(), error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := c.nextWatch
	c.nextWatch++
	c.watchers[n] = watcher{committed, resend}
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.watchers, n)
	}, nil
}

// wake is called with mu held.
func (c *cloud) wake() {
	close(c.changed)
	c.changed = make(chan struct{})
}

// until waits for something to become true of the cloud.
func (c *cloud) until(what string, is func() bool) {
	c.t.Helper()
	limit := time.After(30 * time.Second)
	for {
		c.mu.Lock()
		ok, changed := is(), c.changed
		c.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-changed:
		case <-time.After(20 * time.Millisecond): // what does not wake us
		case <-limit:
			c.t.Fatalf("never happened: %s", what)
		}
	}
}

// do changes the cloud.
func (c *cloud) do(fn func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	fn()
	c.wake()
}

// received returns the sequence numbers of all events published, in the order they came, each checked to be whole.
func (c *cloud) received() (seqs []uint64) {
	c.t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	decoder := wire.NewBatchDecoder(wire.Limits{})
	for _, m := range c.messages {
		_, err := decoder.Decode(m.Batch, func(e *wire.Event) error {
			seqs = append(seqs, e.Seq)
			return nil
		})
		if err != nil {
			c.t.Fatal(err)
		}
	}
	return seqs
}

// identity is an agent's, in memory.
type identity struct {
	id          uuid.UUID
	pool        *x509.CertPool
	mu          sync.Mutex
	certificate tls.Certificate
	request     []byte
	renewed     [][]byte
}

func (i *identity) Authority() *x509.CertPool { return i.pool }

func (i *identity) Certificate() tls.Certificate {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.certificate
}

func (i *identity) RenewalRequest() ([]byte, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.request, nil
}

func (i *identity) Renew(chain []byte) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.renewed = append(i.renewed, bytes.Clone(chain))
	return nil
}

// agent is a real spool and a real uplink.
type agent struct {
	t     *testing.T
	spool *spool.Spool
	link  *uplink.Uplink
	done  chan error
	stop  func() error
	logs  *logged
}

type spoolOf struct{ *spool.Spool }

func (s spoolOf) Read(from uint64) uplink.Reader { return s.NewReader(from) }

func openSpool(t *testing.T, dir string) *spool.Spool {
	t.Helper()
	s, err := spool.Open(dir, spool.Options{SegmentBytes: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func startAgent(t *testing.T, who uplink.Identity, s *spool.Spool, cfg uplink.Config) *agent {
	t.Helper()
	if cfg.BackoffMin == 0 {
		cfg.BackoffMin, cfg.BackoffMax, cfg.Rarely = time.Millisecond, 50*time.Millisecond, 20*time.Millisecond
	}
	cfg.Version = "test"
	a := &agent{t: t, spool: s, done: make(chan error, 1), logs: &logged{}}
	a.link = uplink.New(cfg, uplink.Deps{
		Spool: spoolOf{s}, Identity: who, Now: time.Now, Log: slog.New(slog.NewTextHandler(a.logs, nil)),
		Report: func() wire.Report { return wire.Report{Counters: map[string]int64{"events": 3}} },
	})
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	go func() { a.done <- a.link.Run(ctx) }()
	a.stop = sync.OnceValue(func() error {
		cancel()
		return <-a.done
	})
	t.Cleanup(func() {
		_ = a.stop()
		if t.Failed() {
			t.Logf("agent's log:\n%s", a.logs)
		}
	})
	return a
}

// write appends n batches of size events.
func write(t *testing.T, s *spool.Spool, n, size int) {
	t.Helper()
	e := wire.NewBatchEncoder()
	for range n {
		first := s.NextSeq()
		e.Reset(s.Stream(), first)
		for i := range size {
			err := e.Add(&wire.Event{
				Seq: first + uint64(i), Received: time.Now().UnixNano(), ID: wire.EvNewstate,
				Fields: []wire.Field{{ID: wire.FChannel, Value: fmt.Sprintf("PJSIP/101-%08x", first+uint64(i))}},
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Append(e.Finish(nil)); err != nil {
			t.Fatal(err)
		}
	}
}

// upTo is 1..n.
func upTo(n uint64) []uint64 {
	seqs := make([]uint64, n)
	for i := range seqs {
		seqs[i] = uint64(i) + 1
	}
	return seqs
}

// firstTimes drops repetitions and fails where the first time of each is not in order.
func firstTimes(t *testing.T, seqs []uint64) []uint64 {
	t.Helper()
	seen := map[uint64]bool{}
	var firsts []uint64
	for _, s := range seqs {
		if !seen[s] {
			seen[s] = true
			firsts = append(firsts, s)
		}
	}
	if !slices.IsSorted(firsts) {
		t.Error("events came out of order")
	}
	return firsts
}

// logged is a log that can be read while it is written.
type logged struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logged) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(b)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

func (l *logged) has(s string) bool { return strings.Contains(l.String(), s) }

// udpProxy stands before a gateway and can be made to drop everything.
type udpProxy struct {
	front  *net.UDPConn
	target *net.UDPAddr
	mu     sync.Mutex
	drop   bool
	backs  map[string]*net.UDPConn
}

func newUDPProxy(t *testing.T, target string) *udpProxy {
	t.Helper()
	to, err := net.ResolveUDPAddr("udp", target)
	if err != nil {
		t.Fatal(err)
	}
	front, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	p := &udpProxy{front: front, target: to, backs: map[string]*net.UDPConn{}}
	go p.run()
	t.Cleanup(func() {
		_ = front.Close()
		p.mu.Lock()
		defer p.mu.Unlock()
		for _, b := range p.backs {
			_ = b.Close()
		}
	})
	return p
}

func (p *udpProxy) addr() string { return p.front.LocalAddr().String() }

func (p *udpProxy) blocked(drop bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.drop = drop
}

func (p *udpProxy) run() {
	buf := make([]byte, 65536)
	for {
		n, from, err := p.front.ReadFromUDP(buf)
		if err != nil {
			return
		}
		p.mu.Lock()
		back := p.backs[from.String()]
		if back == nil {
			if back, err = net.DialUDP("udp", nil, p.target); err != nil {
				p.mu.Unlock()
				return
			}
			p.backs[from.String()] = back
			go p.back(back, from)
		}
		drop := p.drop
		p.mu.Unlock()
		if !drop {
			_, _ = back.Write(buf[:n])
		}
	}
}

func (p *udpProxy) back(back *net.UDPConn, to *net.UDPAddr) {
	buf := make([]byte, 65536)
	for {
		n, err := back.Read(buf)
		if err != nil {
			return
		}
		p.mu.Lock()
		drop := p.drop
		p.mu.Unlock()
		if !drop {
			_, _ = p.front.WriteToUDP(buf[:n], to)
		}
	}
}

// retarget makes the proxy serve another gateway; what was under way is lost.
func (p *udpProxy) retarget(t *testing.T, target string) {
	t.Helper()
	to, err := net.ResolveUDPAddr("udp", target)
	if err != nil {
		t.Fatal(err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.target = to
	for _, b := range p.backs {
		_ = b.Close()
	}
	clear(p.backs)
}

func requestFor(t *testing.T) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// writeLarge appends a batch of one event that does not compress.
func writeLarge(t *testing.T, s *spool.Spool) {
	t.Helper()
	e := wire.NewBatchEncoder()
	e.Reset(s.Stream(), s.NextSeq())
	var value strings.Builder
	for range 40 {
		value.WriteString(rand.Text())
	}
	if err := e.Add(&wire.Event{Seq: s.NextSeq(), Received: time.Now().UnixNano(), ID: wire.EvVarSet, Fields: []wire.Field{{ID: wire.FValue, Value: value.String()}}}); err != nil {
		t.Fatal(err)
	}
	if err := s.Append(e.Finish(nil)); err != nil {
		t.Fatal(err)
	}
}
