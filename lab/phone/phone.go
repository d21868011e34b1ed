package phone

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/emiago/sipgo"
	"github.com/emiago/sipgo/sip"
)

// Config is one phone.
type Config struct {
	User     string
	Password string // "" for a trunk that is known by its address
	IP       string // the phone's own address; it uses port 5060
	PBX      string // address and port of the PBX it belongs to
	Mute     bool   // it sends no audio, so that many calls at once cost little
}

// Phone is one SIP user agent.
type Phone struct {
	Config

	log    *slog.Logger
	agent  *sipgo.UserAgent
	client *sipgo.Client
	conn   net.PacketConn

	mu      sync.Mutex
	changed chan struct{} // closed and replaced whenever a call appears or changes its state
	rule    func(*Call) Rule
	calls   []*Call
	closed  bool
}

// Listen opens a phone; it rings until told otherwise.
func Listen(c Config, log *slog.Logger) (*Phone, error) {
	p := &Phone{Config: c, log: log, changed: make(chan struct{}), rule: Always(Ring())}
	conn, err := net.ListenPacket("udp4", c.IP+":5060")
	if err != nil {
		return nil, fmt.Errorf("open phone %s: %w", c.User, err)
	}
	p.conn = conn
	if err := p.serve(); err != nil {
		return nil, errors.Join(fmt.Errorf("open phone %s: %w", c.User, err), conn.Close())
	}
	return p, nil
}

// serve starts the SIP stack on the phone's socket.
func (p *Phone) serve() error {
	agent, err := sipgo.NewUA(sipgo.WithUserAgent(p.User), sipgo.WithUserAgentHostname(p.IP),
		sipgo.WithUserAgentTransactionLayerOptions(sip.WithTransactionLayerLogger(p.log),
			sip.WithTransactionLayerUnhandledResponseHandler(func(*sip.Response) {})),
		sipgo.WithUserAgentTransportLayerOptions(sip.WithTransportLayerLogger(p.log)))
	if err != nil {
		return err
	}
	p.agent = agent
	server, err := sipgo.NewServer(agent, sipgo.WithServerLogger(p.log))
	if err != nil {
		return err
	}
	p.client, err = sipgo.NewClient(agent, sipgo.WithClientLogger(p.log), sipgo.WithClientAddr(p.conn.LocalAddr().String()),
		sipgo.WithClientConnectionAddr(p.conn.LocalAddr().String()))
	if err != nil {
		return err
	}
	p.handle(server)
	go func() {
		if err := server.ServeUDP(p.conn); err != nil && !errors.Is(err, net.ErrClosed) {
			p.log.Error("phone_stopped", "user", p.User, "error", err)
		}
	}()
	return p.waitServing()
}

// waitServing returns when the stack knows the socket: a request before that would open a second one.
func (p *Phone) waitServing() error {
	for limit := time.Now().Add(5 * time.Second); time.Now().Before(limit); {
		if c, err := p.agent.TransportLayer().GetConnection("udp", p.conn.LocalAddr().String()); err == nil && c != nil {
			return nil
		}
		<-time.After(time.Millisecond)
	}
	return errors.New("the SIP stack did not start")
}

// Close ends the phone without a word to anybody; hang up first.
func (p *Phone) Close() error {
	p.mu.Lock()
	p.closed = true
	calls := p.calls
	p.mu.Unlock()
	for _, c := range calls {
		c.media.close()
	}
	return errors.Join(p.agent.Close(), ignoreClosed(p.conn.Close()))
}

func ignoreClosed(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// Register tells the PBX where the phone is; zero says that it is gone.
func (p *Phone) Register(ctx context.Context, expires time.Duration) error {
	req := sip.NewRequest(sip.REGISTER, p.uri("", p.PBX))
	self := p.uri(p.User, p.PBX)
	from := &sip.FromHeader{Address: self, Params: sip.NewParams()}
	from.Params.Add("tag", sip.GenerateTagN(10))
	req.AppendHeader(from)
	req.AppendHeader(&sip.ToHeader{Address: self})
	req.AppendHeader(p.contact())
	req.AppendHeader(sip.NewHeader("Expires", fmt.Sprint(int(expires.Seconds()))))
	req.SetDestination(p.PBX)
	res, err := p.client.Do(ctx, req)
	if err == nil && res.StatusCode == sip.StatusUnauthorized {
		res, err = p.client.DoDigestAuth(ctx, req, res, p.secret())
	}
	if err != nil {
		return fmt.Errorf("register %s: %w", p.User, err)
	}
	if res.StatusCode != sip.StatusOK {
		return fmt.Errorf("register %s: %s", p.User, res.StartLine())
	}
	return nil
}

func (p *Phone) secret() sipgo.DigestAuth {
	return sipgo.DigestAuth{Username: p.User, Password: p.Password}
}

func (p *Phone) uri(user, addr string) sip.Uri {
	host, port, err := sip.ParseAddr(addr)
	if err != nil {
		host, port = addr, 0
	}
	if port == 5060 {
		port = 0
	}
	return sip.Uri{Scheme: "sip", User: user, Host: host, Port: port}
}

// address is where the phone sends from.
func (p *Phone) address() sip.Addr {
	return sip.Addr{IP: net.ParseIP(p.IP), Port: 5060, Hostname: p.IP}
}

func (p *Phone) contact() *sip.ContactHeader {
	return &sip.ContactHeader{Address: sip.Uri{Scheme: "sip", User: p.User, Host: p.IP, Port: 5060}}
}

// Calls gives all calls the phone had, in order; those it made and those it got.
func (p *Phone) Calls() []*Call {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]*Call(nil), p.calls...)
}

// Incoming waits for the nth call the phone gets, the first being 0.
func (p *Phone) Incoming(ctx context.Context, n int) (*Call, error) {
	var found *Call
	err := p.wait(ctx, func() bool {
		found = nth(p.calls, n)
		return found != nil
	})
	if err != nil {
		return nil, fmt.Errorf("phone %s: wait for call %d: %w", p.User, n+1, err)
	}
	return found, nil
}

func nth(calls []*Call, n int) *Call {
	for _, c := range calls {
		if !c.incoming {
			continue
		}
		if n == 0 {
			return c
		}
		n--
	}
	return nil
}

// Talking waits until one of the phone's calls is up and returns the latest such.
func (p *Phone) Talking(ctx context.Context) (*Call, error) {
	var found *Call
	err := p.wait(ctx, func() bool {
		for _, c := range p.calls {
			if c.state == up {
				found = c
			}
		}
		return found != nil
	})
	if err != nil {
		return nil, fmt.Errorf("phone %s: wait for a call that is up: %w", p.User, err)
	}
	return found, nil
}

// wait blocks until a condition over what p.mu guards holds.
func (p *Phone) wait(ctx context.Context, holds func() bool) error {
	for {
		p.mu.Lock()
		ok, changed := holds(), p.changed
		p.mu.Unlock()
		if ok {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// tell wakes all who wait; p.mu is held.
func (p *Phone) tell() {
	close(p.changed)
	p.changed = make(chan struct{})
}

// byDialog finds the call a message belongs to.
func (p *Phone) byDialog(m sip.Message) *Call {
	id := m.(interface{ CallID() *sip.CallIDHeader }).CallID()
	if id == nil {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.calls {
		if c.id == id.Value() {
			return c
		}
	}
	return nil
}

// userOf is the user part of an address header's URI.
func userOf(u sip.Uri) string {
	user, _, _ := strings.Cut(u.User, ";")
	return user
}
