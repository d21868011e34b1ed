package ami_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/textproto"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/callweave/callweave/edge/ami"
	"github.com/callweave/callweave/shared/wire"
)

// pbx is the other side of a pipe. Zero fields behave as a healthy Asterisk does.
type pbx struct {
	banner  string            // what it greets with; - for nothing
	refuse  map[string]string // message of a refusal by action
	lists   map[string]string // events of a list by action, without the closing one
	booted  chan struct{}     // FullyBooted comes when it is closed; nil for at once
	silent  bool              // answers nothing after the login
	unready bool              // refuses to be dialled

	mu     sync.Mutex
	dialed []time.Time
	asked  []string // actions of all connections
	lines  []string // all lines of them
	conn   net.Conn // the newest
}

func (p *pbx) dial(context.Context, string) (net.Conn, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.dialed = append(p.dialed, time.Now())
	if p.unready {
		return nil, &net.OpError{Op: "dial", Err: fmt.Errorf("connection refused")}
	}
	ours, theirs := net.Pipe()
	p.conn = theirs
	go p.serve(theirs)
	return ours, nil
}

func (p *pbx) serve(conn net.Conn) {
	defer conn.Close()
	if p.banner == "-" {
		_, _ = bufio.NewReader(conn).ReadByte()
		return
	}
	banner := p.banner
	if banner == "" {
		banner = "Asterisk Call Manager/11.0.0\r\n"
	}
	out := make(chan string, 1000) // a pipe has no buffer: answers must not wait for the next request
	gone := make(chan struct{})
	defer close(gone)
	go func() {
		for {
			select {
			case s := <-out:
				if _, err := conn.Write([]byte(s)); err != nil {
					return
				}
			case <-gone:
				return
			}
		}
	}()
	out <- banner
	for r := textproto.NewReader(bufio.NewReader(conn)); ; {
		h, err := r.ReadMIMEHeader()
		if err != nil {
			return
		}
		p.answer(h, out)
	}
}

func (p *pbx) answer(h textproto.MIMEHeader, out chan<- string) {
	action, id := h.Get("Action"), h.Get("Actionid")
	p.mu.Lock()
	p.asked = append(p.asked, action)
	for k, vs := range h {
		for _, v := range vs {
			p.lines = append(p.lines, k+": "+v)
		}
	}
	silent, refusal, list := p.silent, p.refuse[action], p.lists[action]
	booted := p.booted
	p.mu.Unlock()
	switch {
	case silent && action != "Login" && action != "Challenge":
	case refusal != "":
		out <- fmt.Sprintf("Response: Error\r\nActionID: %s\r\nMessage: %s\r\n\r\n", id, refusal)
	case action == "Challenge":
		out <- fmt.Sprintf("Response: Success\r\nActionID: %s\r\nChallenge: 12345\r\n\r\n", id)
	case action == "Login":
		out <- fmt.Sprintf("Response: Success\r\nActionID: %s\r\nMessage: Authentication accepted\r\n\r\n", id)
		go func() {
			if booted != nil {
				<-booted
			}
			out <- "Event: FullyBooted\r\nPrivilege: system,all\r\n\r\n"
		}()
	case list != "":
		out <- fmt.Sprintf("Response: Success\r\nActionID: %s\r\nEventList: start\r\n\r\n", id) + strings.ReplaceAll(list, "$", id) +
			fmt.Sprintf("Event: %sComplete\r\nActionID: %s\r\nEventList: Complete\r\n\r\n", action, id)
	default:
		out <- fmt.Sprintf("Response: Success\r\nActionID: %s\r\nTimestamp: 1.000000\r\n\r\n", id)
	}
}

func (p *pbx) did(action string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := 0
	for _, a := range p.asked {
		if a == action {
			n++
		}
	}
	return n
}

func (p *pbx) said(line string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Contains(p.lines, line)
}

func (p *pbx) actions() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.asked)
}

func (p *pbx) dials() []time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.dialed)
}

func (p *pbx) hangUp() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.conn.Close()
}

// sink keeps what it is told, in order.
type sink struct {
	mu   sync.Mutex
	told []string
}

func (s *sink) tell(format string, a ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.told = append(s.told, fmt.Sprintf(format, a...))
}

func (s *sink) Connected(address string)   { s.tell("connected %s", address) }
func (s *sink) Banner(banner string)       { s.tell("banner %s", banner) }
func (s *sink) Sent(action, _ string)      { s.tell("sent %s", action) }
func (s *sink) Packet(ev *wire.Event)      { s.tell("packet %s", wire.EventName(ev.ID)) }
func (s *sink) Disconnected(reason string) { s.tell("disconnected %s", reason) }

func (s *sink) all() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.told)
}

// start runs a client of p until the test ends.
func start(t *testing.T, p *pbx, cfg ami.Config) (*ami.Client, *sink, func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	s := &sink{}
	cfg.Address, cfg.User, cfg.Secret = "pbx:5038", "edge", "secret"
	c := ami.New(cfg, ami.Deps{Sink: s, Dial: p.dial})
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := c.Run(ctx); err != nil {
			t.Error(err)
		}
	}()
	return c, s, func() {
		cancel()
		<-done
	}
}
