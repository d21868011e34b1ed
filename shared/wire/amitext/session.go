package amitext

import (
	"strconv"
	"strings"
	"time"

	"github.com/callweave/callweave/shared/wire"
)

// Session turns what happens on the connections to one PBX, one after the other, into the agent's stream: it numbers
// and stamps the events, and adds the agent's own marks. It has no clock: every method is told the time, in ns since
// 1970, and times only grow. It is not for use by several goroutines at once.
//
//	Connected ─ Banner ─ Sent(Login) ─ Packet(accepted) ─▶ AgentConnected ─ events… ─ Disconnected ─▶ AgentDisconnected
//	                     Sent(Ping) ── Packet(pong) ─────▶ AgentClock
//	                     Sent(Status…) ──────────────────▶ AgentSnapshotBegin … AgentSnapshotEnd
//
// An event handed to emit is valid until emit returns.
type Session struct {
	emit func(*wire.Event)
	seq  uint64 // of the next event

	address, banner string
	login           map[string]bool  // ActionIDs of Challenge and Login
	pings           map[string]int64 // ActionID to when it was sent
	up              bool             // AgentConnected was emitted
	snapshot        snapshot
	own             wire.Event
}

// NewSession returns a session whose first event has sequence number next.
func NewSession(next uint64, emit func(*wire.Event)) *Session {
	return &Session{emit: emit, seq: next, login: map[string]bool{}, pings: map[string]int64{}, snapshot: newSnapshot()}
}

// NextSeq is the sequence number the next event gets.
func (s *Session) NextSeq() uint64 { return s.seq }

// Skip leaves out n sequence numbers: they were given to events that are lost.
func (s *Session) Skip(n uint64) { s.seq += n }

// LoggedIn tells whether the PBX accepted the login of the present connection.
func (s *Session) LoggedIn() bool { return s.up }

// Connected says that a connection stands; nothing has been received yet.
func (s *Session) Connected(at int64, address string) {
	if s.up {
		s.Disconnected(at, "cut")
	}
	s.address, s.banner = address, ""
	s.forget()
}

// Banner says what the server's greeting was.
func (s *Session) Banner(banner string) { s.banner = banner }

// Sent says that an action was sent, or is about to be: it must be called before the answer is handed in.
func (s *Session) Sent(at int64, action, id string) {
	switch {
	case strings.EqualFold(action, "Login") || strings.EqualFold(action, "Challenge"):
		s.login[id] = true
	case strings.EqualFold(action, "Ping"):
		s.pings[id] = at
	case isSnapshotAction(action):
		s.snapshot.sent(at, action, id)
		s.beginSnapshot(at)
	}
}

// Packet hands in what a Reader read. It sets the event's sequence number and time.
func (s *Session) Packet(at int64, ev *wire.Event) {
	if ev.ID == wire.AgentResponse && s.answered(at, ev) {
		return
	}
	s.comeUp(at)
	s.pass(at, ev)
	if s.snapshot.open {
		s.snapshot.saw(at, ev)
		s.endSnapshot(at)
	}
}

// Tick says that time has passed. It ends what takes too long.
func (s *Session) Tick(at int64) { s.endSnapshot(at) }

// Disconnected says that the connection is gone, and why. A snapshot that was under way stays without an end.
func (s *Session) Disconnected(at int64, reason string) {
	if s.up {
		s.mark(at, wire.AgentDisconnected, wire.Field{ID: wire.AgentFieldReason, Value: reason})
	}
	s.up = false
	s.forget()
}

// Mark adds an event of the agent's own.
func (s *Session) Mark(at int64, id wire.EventID, fields ...wire.Field) { s.mark(at, id, fields...) }

func (s *Session) forget() {
	clear(s.login)
	clear(s.pings)
	s.snapshot = newSnapshot()
}

// answered takes the answers that are told as marks of the agent's own. The others become part of the stream.
func (s *Session) answered(at int64, ev *wire.Event) bool {
	id := ev.Get(wire.FActionID)
	if s.login[id] {
		delete(s.login, id)
		if success(ev) && ev.Get(wire.FChallenge) == "" {
			s.comeUp(at)
		}
		return true
	}
	sent, ok := s.pings[id]
	if !ok {
		return false
	}
	delete(s.pings, id)
	theirs, _ := microseconds(ev.Get(wire.FTimestamp))
	if theirs == 0 {
		return false
	}
	s.comeUp(at)
	ours := sent/2 + at/2
	s.mark(at, wire.AgentClock,
		wire.Field{ID: wire.AgentFieldOffset, Value: strconv.FormatInt(theirs-ours/int64(time.Microsecond), 10)},
		wire.Field{ID: wire.AgentFieldRTT, Value: strconv.FormatInt((at-sent)/int64(time.Microsecond), 10)})
	return true
}

func success(ev *wire.Event) bool { return strings.EqualFold(ev.Get(wire.FResponse), "Success") }

// comeUp says that the PBX talks to us: it accepted the login, or, in a recording that begins later, it just does.
func (s *Session) comeUp(at int64) {
	if s.up {
		return
	}
	s.up = true
	s.mark(at, wire.AgentConnected,
		wire.Field{ID: wire.AgentFieldAddress, Value: s.address}, wire.Field{ID: wire.AgentFieldBanner, Value: s.banner})
	s.beginSnapshot(at)
}

func (s *Session) beginSnapshot(at int64) {
	if !s.up || s.snapshot.open || len(s.snapshot.pending) == 0 {
		return
	}
	s.snapshot.open = true
	s.mark(at, wire.AgentSnapshotBegin, wire.Field{ID: wire.AgentFieldActionPrefix, Value: s.snapshot.prefix})
}

func (s *Session) endSnapshot(at int64) {
	if !s.snapshot.open || !s.snapshot.complete(at) {
		return
	}
	s.mark(at, wire.AgentSnapshotEnd,
		wire.Field{ID: wire.AgentFieldActionPrefix, Value: s.snapshot.prefix},
		wire.Field{ID: wire.AgentFieldRefused, Value: strings.Join(s.snapshot.refused, ",")})
	s.snapshot = newSnapshot()
}

func (s *Session) mark(at int64, id wire.EventID, fields ...wire.Field) {
	s.own = wire.Event{ID: id, Fields: append(s.own.Fields[:0], fields...)}
	s.pass(at, &s.own)
}

func (s *Session) pass(at int64, ev *wire.Event) {
	// Whole microseconds, as a PBX's own times are: the rest is the agent's own scheduling, and would be a fifth of every
	// batch because it does not compress.
	ev.Seq, ev.Received = s.seq, at-at%1000
	s.seq++
	s.emit(ev)
}
