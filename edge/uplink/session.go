package uplink

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/callweave/callweave/shared/wire"
)

// session is the life of one link.
type session struct {
	u      *Uplink
	link   link
	window *window
	// resume hands the sender the sequence number to go on from; the newest request wins.
	resume chan uint64
	// switched is a link over QUIC that was found to work while this session runs over TCP.
	switched link
	// progressed: the cloud committed something.
	progressed bool
	// rewound is where the cloud last asked to go on from.
	rewound uint64
}

// errSwitch ends a session over TCP because QUIC works again.
var errSwitch = errors.New("QUIC works again")

// runSession serves l until it breaks. next is a link to go on with at once, if there is one.
func (u *Uplink) runSession(ctx context.Context, l link) (next link, progressed bool, err error) {
	s := &session{u: u, link: l, window: newWindow(u.cfg.WindowBytes, u.cfg.WindowCount), resume: make(chan uint64, 1)}
	err = s.run(ctx)
	code := wire.Code("")
	if ctx.Err() != nil || errors.Is(err, errSwitch) {
		code = wire.CodeShutdown
	}
	l.close(code, "")
	return s.switched, s.progressed, refusalIn(err)
}

func (s *session) run(ctx context.Context) error {
	welcome, err := s.greet()
	if err != nil {
		return err
	}
	u := s.u
	if welcome.ResumeSeq > u.deps.Spool.NextSeq() {
		return ErrAheadOfUs
	}
	u.stats.up(s.link.transport(), u.deps.Now())
	u.deps.Log.InfoContext(ctx, "connected to the cloud", "transport", s.link.transport(), "resume", welcome.ResumeSeq,
		"next", u.deps.Spool.NextSeq(), "clock_offset", time.Duration(u.stats.offset.Load()))
	s.resume <- max(1, welcome.ResumeSeq)
	group, ctx := errgroup.WithContext(ctx)
	// Closing is what wakes the goroutines that wait for the network.
	stop := context.AfterFunc(ctx, func() { s.link.close(wire.CodeShutdown, "") })
	defer stop()
	group.Go(func() error { return s.receive(ctx) })
	group.Go(func() error { return s.transmit(ctx, int(welcome.MaxBatch)) })
	group.Go(func() error { return s.tell(ctx) })
	if s.link.transport() == transportTCP {
		group.Go(func() error { return s.probe(ctx) })
	}
	return group.Wait()
}

// greet says Hello and reads Welcome.
func (s *session) greet() (wire.Welcome, error) {
	u := s.u
	sent := u.deps.Now()
	hello := wire.Hello{
		Versions: wire.SupportedVersions(), AgentVersion: u.cfg.Version, Stream: u.deps.Spool.Stream(),
		FirstSeq: u.deps.Spool.Committed() + 1, NextSeq: u.deps.Spool.NextSeq(), Clock: sent.UnixNano(),
	}
	if err := s.link.send(hello); err != nil {
		return wire.Welcome{}, fmt.Errorf("greet: %w", err)
	}
	s.link.readBy(time.Now().Add(3 * u.cfg.Ping))
	frame, err := s.link.frames().Next()
	if err != nil {
		return wire.Welcome{}, fmt.Errorf("greet: %w", err)
	}
	if frame.Kind == wire.FrameGoodbye {
		return wire.Welcome{}, goodbye(frame)
	}
	var welcome wire.Welcome
	if err := wire.DecodeMessage(frame, &welcome); err != nil {
		return wire.Welcome{}, fmt.Errorf("greet: %w", err)
	}
	got := u.deps.Now()
	u.stats.rtt.Store(int64(got.Sub(sent)))
	u.stats.offset.Store(welcome.ServerTime - (sent.UnixNano()+got.UnixNano())/2)
	return welcome, nil
}

func goodbye(frame wire.Frame) error {
	var g wire.Goodbye
	if err := wire.DecodeMessage(frame, &g); err != nil {
		return err
	}
	return &wire.Error{Code: g.Code, Text: g.Text, RetryAfter: time.Duration(g.RetryAfterMS) * time.Millisecond}
}

// receive reads what the cloud says.
func (s *session) receive(ctx context.Context) error {
	for {
		s.link.readBy(time.Now().Add(3 * s.u.cfg.Ping))
		frame, err := s.link.frames().Next()
		if err != nil {
			return fmt.Errorf("receive: %w", err)
		}
		if err := s.handle(ctx, frame); err != nil {
			return err
		}
	}
}

func (s *session) handle(ctx context.Context, frame wire.Frame) error {
	switch frame.Kind {
	case wire.FrameCommitted:
		var m wire.Committed
		if err := wire.DecodeMessage(frame, &m); err != nil {
			return err
		}
		return s.committed(ctx, m)
	case wire.FrameResume:
		var m wire.Resume
		if err := wire.DecodeMessage(frame, &m); err != nil {
			return err
		}
		return s.rewind(m)
	case wire.FramePong:
		var m wire.Pong
		if err := wire.DecodeMessage(frame, &m); err != nil {
			return err
		}
		s.u.stats.pong(m, s.u.deps.Now())
		return nil
	case wire.FramePing:
		var m wire.Ping
		if err := wire.DecodeMessage(frame, &m); err != nil {
			return err
		}
		return s.link.send(wire.Pong{Nonce: m.Nonce, Sent: s.u.deps.Now().UnixNano()})
	case wire.FrameCertificate:
		return s.renewed(ctx, frame)
	case wire.FrameGoodbye:
		return s.dismissed(frame)
	default:
		return &wire.Error{Code: wire.CodeProtocol, Text: fmt.Sprintf("the cloud sent a frame of kind %d, which only agents send", frame.Kind)}
	}
}

// committed lets the spool forget. A cloud that names what was never sent is not believed.
func (s *session) committed(ctx context.Context, m wire.Committed) error {
	spool := s.u.deps.Spool
	if m.Stream != spool.Stream() || m.Seq >= spool.NextSeq() {
		return &wire.Error{Code: wire.CodeProtocol, Text: "the cloud committed events that were never sent"}
	}
	if m.Seq <= spool.Committed() {
		return nil
	}
	s.progressed = true
	if err := spool.Commit(m.Seq); err != nil {
		// The disk is at fault, not the link: what is not forgotten now is forgotten with the next commit.
		s.u.stats.commitErrors.Add(1)
		s.u.deps.Log.ErrorContext(ctx, "spool does not forget what the cloud has; it will grow", "error", err)
	}
	s.u.stats.committed.Store(m.Seq)
	s.window.committed(m.Seq)
	return nil
}

func (s *session) rewind(m wire.Resume) error {
	spool := s.u.deps.Spool
	if m.Stream != spool.Stream() || m.Seq > spool.NextSeq() {
		return &wire.Error{Code: wire.CodeProtocol, Text: "the cloud wants to resume where the stream has not been"}
	}
	s.u.stats.resumes.Add(1)
	s.rewound = m.Seq
	select {
	case <-s.resume: // not taken up yet, and out of date
	default:
	}
	s.resume <- m.Seq
	s.window.wake()
	return nil
}

// dismissed notes which batch the cloud cannot read: it names the place in a Resume before it says Goodbye.
func (s *session) dismissed(frame wire.Frame) error {
	err := goodbye(frame)
	if c := codeOf(err); (c == wire.CodeBatchMalformed || c == wire.CodeBatchTooLarge) && s.rewound != 0 {
		s.u.poison.refused(s.rewound)
	}
	return err
}

func (s *session) renewed(ctx context.Context, frame wire.Frame) error {
	var m wire.Certificate
	if err := wire.DecodeMessage(frame, &m); err != nil {
		return err
	}
	if err := s.u.deps.Identity.Renew(m.Chain); err != nil {
		s.u.deps.Log.ErrorContext(ctx, "certificate was not renewed", "error", err)
		return nil
	}
	s.u.deps.Log.InfoContext(ctx, "certificate renewed")
	return nil
}

// probe looks now and then whether UDP gets through again.
func (s *session) probe(ctx context.Context) error {
	ticker := time.NewTicker(s.u.cfg.RetryQUIC)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
		if l, err := s.u.dialQUIC(ctx); err == nil {
			s.switched = l
			return errSwitch
		}
	}
}
