package fakepbx

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// Config says what a PBX plays and how.
type Config struct {
	User, Secret string // default lab, lab
	Scenarios    []Scenario

	// Speed is how many times faster than recorded; 0 plays as fast as the clients read.
	Speed float64
	// Loop plays the scenarios for ever, with fresh times and identifiers, and stamps events as timestampevents does.
	// Without it each is played once, byte for byte.
	Loop bool
	// Gap is the pause after a scenario when it loops.
	Gap time.Duration
	// Parallel is how many scenarios are under way at a time when it loops; default 1.
	Parallel int
	// AtOnce begins to play before anybody has logged in. Otherwise the first who logs in misses nothing.
	AtOnce bool
	// Storm plays the first scenario for ever, with fresh times and identifiers and at no cost of its own; Speed, Loop,
	// Gap and Parallel do not count then. Every client gets all events.
	Storm bool

	Faults Faults
	Log    *slog.Logger
}

// Server is a PBX that plays recordings. New makes it, Serve runs it.
type Server struct {
	cfg    Config
	state  *state
	fresh  numbers
	banner string
	began  time.Time

	mu      sync.Mutex
	clients map[*client]struct{}
	down    bool
	someone chan struct{} // closed when the first client has logged in
	played  chan struct{} // closed when everything was played once
}

// New returns a PBX; it opens nothing.
func New(cfg Config) *Server {
	if cfg.User == "" {
		cfg.User, cfg.Secret = "lab", "lab"
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	cfg.Parallel = max(cfg.Parallel, 1)
	return &Server{
		cfg: cfg, state: newState(), banner: "Asterisk Call Manager/11.0.0", began: time.Now(), clients: map[*client]struct{}{},
		someone: make(chan struct{}), played: make(chan struct{}),
	}
}

// Played is closed when every scenario was played once.
func (s *Server) Played() <-chan struct{} { return s.played }

// Serve accepts clients on l and plays until the context ends. It closes l. The error is that of a recording that
// cannot be read, or of the listener.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	if err := s.prepare(); err != nil {
		return err
	}
	g, running := errgroup.WithContext(ctx)
	g.Go(func() error {
		<-running.Done()
		s.hangUpAll()
		return l.Close()
	})
	g.Go(func() error { return s.accept(running, l) })
	g.Go(func() error { return s.play(running) })
	if err := g.Wait(); ctx.Err() == nil {
		return err
	}
	return nil
}

// prepare takes greeting and first answers from the first scenario, so that who logs in early is answered.
func (s *Server) prepare() error {
	if len(s.cfg.Scenarios) == 0 {
		return errors.New("play recordings: there are none")
	}
	rec, err := s.cfg.Scenarios[0].load()
	if err != nil {
		return err
	}
	if rec.banner != "" {
		s.banner = rec.banner
	}
	s.comeUp(rec, 0, nil)
	return nil
}

func (s *Server) accept(ctx context.Context, l net.Listener) error {
	for {
		conn, err := l.Accept()
		switch {
		case err != nil && ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			return fmt.Errorf("accept: %w", err)
		}
		c := &client{pbx: s, conn: s.cfg.Faults.wrap(conn)}
		s.mu.Lock()
		down := s.down
		if !down {
			s.clients[c] = struct{}{}
		}
		s.mu.Unlock()
		if down {
			conn.Close()
			continue
		}
		go c.serve(ctx)
	}
}

func (s *Server) forget(c *client) {
	s.mu.Lock()
	delete(s.clients, c)
	s.mu.Unlock()
	c.conn.Close()
}

func (s *Server) hangUpAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.clients {
		c.conn.Close()
	}
}

// loggedIn tells the player that there is somebody to play to.
func (s *Server) loggedIn() {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.someone:
	default:
		close(s.someone)
	}
}

// broadcast sends an event to everybody who wants it. A client that does not read is waited for until it is given up.
func (s *Server) broadcast(p []byte) {
	if !s.cfg.Storm {
		s.state.event(p)
	}
	s.mu.Lock()
	all := make([]*client, 0, len(s.clients))
	for c := range s.clients {
		all = append(all, c)
	}
	s.mu.Unlock()
	for _, c := range all {
		c.event(p)
	}
}

// goDown drops all clients, as a PBX that is killed does, and refuses new ones.
func (s *Server) goDown() {
	s.mu.Lock()
	s.down = true
	s.mu.Unlock()
	s.hangUpAll()
}

// comeUp accepts clients again and takes over what the PBX said about itself then.
func (s *Server) comeUp(rec *recorded, from int, f *freshener) {
	seen := map[string]bool{}
	if from > 0 {
		s.state.empty() // what was missed meanwhile is in the answers, if anybody asked
	}
	for _, st := range rec.segment(from) {
		id := value(st.packet, "ActionID")
		action := rec.actions[id]
		if st.kind != stepAnswer || action == "" {
			continue
		}
		p := st.packet
		if f != nil {
			p = f.packet(p, time.Time{})
		}
		s.state.keep(action, p, !seen[id])
		seen[id] = true
	}
	s.mu.Lock()
	s.down = false
	s.mu.Unlock()
}

// fullyBooted greets every login. At a login it has no Timestamp, whatever the configuration says.
func (s *Server) fullyBooted() []byte {
	up := int(time.Since(s.began).Seconds())
	return fmt.Appendf(nil, "Event: FullyBooted\r\nPrivilege: system,all\r\nUptime: %d\r\nLastReload: %d\r\nStatus: Fully Booted\r\n\r\n", up, up)
}

// wanted tells whether an event's classes are all in the mask: on, off or a comma list.
func wanted(mask string, p []byte) bool {
	switch mask {
	case "", "on", "all", "-1":
		return true
	case "off", "none", "0":
		return false
	}
	privilege, _, _ := bytes.Cut([]byte(value(p, "Privilege")), []byte(",all"))
	for class := range bytes.SplitSeq(privilege, []byte(",")) {
		if !bytes.Contains([]byte(","+mask+","), append(append([]byte(","), class...), ',')) {
			return false
		}
	}
	return true
}
