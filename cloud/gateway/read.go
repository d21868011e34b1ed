package gateway

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/callweave/callweave/cloud/ingest"
	"github.com/callweave/callweave/shared/wire"
)

// databaseWait bounds how long a report may wait for a database that does not answer.
const databaseWait = 5 * time.Second

// readEvents reads the stream of batches of a QUIC connection.
func (p *peer) readEvents(ctx context.Context) error {
	stream, err := p.link.events(ctx)
	if err != nil {
		return err
	}
	for {
		frame, err := stream.next()
		if err != nil {
			return fmt.Errorf("read events: %w", err)
		}
		if frame.Kind != wire.FrameBatch {
			return misplaced(frame)
		}
		if err := p.batch(ctx, frame.Payload); err != nil {
			return err
		}
	}
}

// readControl reads the control stream; over TCP the batches come here too.
func (p *peer) readControl(ctx context.Context) error {
	for {
		p.link.readBy(time.Now().Add(p.g.cfg.Idle))
		frame, err := p.link.control().next()
		if err != nil {
			return fmt.Errorf("read control: %w", err)
		}
		if frame.Kind == wire.FrameBatch && p.link.transport() == transportTCP {
			if err := p.batch(ctx, frame.Payload); err != nil {
				return err
			}
			continue
		}
		if !p.control.Allow() {
			return &wire.Error{Code: wire.CodeProtocol, Text: "too many control frames", RetryAfter: time.Minute}
		}
		if err := p.handle(ctx, frame); err != nil {
			return err
		}
	}
}

func misplaced(frame wire.Frame) error {
	return &wire.Error{Code: wire.CodeProtocol, Text: fmt.Sprintf("a frame of kind %d does not belong there", frame.Kind)}
}

func (p *peer) handle(ctx context.Context, frame wire.Frame) error {
	switch frame.Kind {
	case wire.FrameReport:
		var m wire.Report
		if err := wire.DecodeMessage(frame, &m); err != nil {
			return err
		}
		p.report(ctx, m)
		return nil
	case wire.FramePing:
		var m wire.Ping
		if err := wire.DecodeMessage(frame, &m); err != nil {
			return err
		}
		return p.link.send(wire.Pong{Nonce: m.Nonce, Sent: p.g.deps.Now().UnixNano()})
	case wire.FramePong:
		return nil
	case wire.FrameRenew:
		var m wire.Renew
		if err := wire.DecodeMessage(frame, &m); err != nil {
			return err
		}
		return p.renew(ctx, m)
	case wire.FrameGoodbye:
		var m wire.Goodbye
		if err := wire.DecodeMessage(frame, &m); err != nil {
			return err
		}
		return fmt.Errorf("the agent left: %s", m.Code)
	default:
		return misplaced(frame)
	}
}

// batch hands a batch to ingest. Before an agent is sent away for a batch, it is told which one: a Resume names the
// place, so that it can put a gap there instead of trying for ever.
func (p *peer) batch(ctx context.Context, b []byte) error {
	if len(b) > p.g.cfg.MaxBatch {
		_ = p.resume()
		return &wire.Error{Code: wire.CodeBatchTooLarge, Text: fmt.Sprintf("a batch of %d bytes; %d are allowed", len(b), p.g.cfg.MaxBatch)}
	}
	if p.bytes != nil {
		if err := p.bytes.WaitN(ctx, len(b)); err != nil {
			return fmt.Errorf("read events: %w", err)
		}
	}
	if seq := p.rewind.Swap(0); seq > 0 {
		p.in.Rewind(seq)
	}
	err := p.in.Accept(ctx, b)
	if err == nil {
		p.accepted.Store(p.in.Next() - 1)
		return nil
	}
	if _, ok := ingest.AsResume(err); ok {
		return p.resume()
	}
	if code := wire.CodeFor(err); code == wire.CodeBatchMalformed || code == wire.CodeBatchTooLarge {
		_ = p.resume()
	}
	return err
}

func (p *peer) resume() error {
	p.g.stats.resumes.Add(1)
	return p.link.send(wire.Resume{Stream: p.stream, Seq: p.in.Next()})
}

// resend asks the agent to go back, because something was lost between here and the database.
func (p *peer) resend(stream, seq uint64) {
	if stream != p.stream || seq == 0 || seq > p.accepted.Load() {
		return
	}
	p.rewind.Store(seq)
	p.g.stats.resumes.Add(1)
	go func() { _ = p.link.send(wire.Resume{Stream: stream, Seq: seq}) }() // where it fails, the next connection begins there anyway
}

// report keeps what the agent says about itself. A database that is away costs the report, not the connection.
func (p *peer) report(ctx context.Context, m wire.Report) {
	text, err := json.Marshal(stored(m, p.g.deps.Now()))
	if err == nil {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, databaseWait)
		defer cancel()
		err = p.g.deps.Agents.Reported(ctx, p.agent.ID, text)
	}
	if err != nil {
		p.log.Load().ErrorContext(ctx, "report is lost", "error", err)
	}
}

// storedReport is the agents.report column.
type storedReport struct {
	At       time.Time         `json:"at"`
	Counters map[string]int64  `json:"counters"`
	Facts    map[string]string `json:"facts"`
	Findings []storedFinding   `json:"findings,omitempty"` // left out: as before
}

type storedFinding struct {
	Code     string `json:"code"`
	Severity string `json:"severity"` // ok, warn, error
	Detail   string `json:"detail"`
	Hurts    string `json:"hurts"`
	// Others are the same words in other languages than English.
	Others map[string]storedWords `json:"others,omitempty"`
}

type storedWords struct {
	Detail string `json:"detail"`
	Hurts  string `json:"hurts"`
}

func stored(m wire.Report, now time.Time) storedReport {
	s := storedReport{At: now.UTC(), Counters: make(map[string]int64, len(m.Counters)), Facts: make(map[string]string, len(m.Facts))}
	for name, value := range m.Counters {
		s.Counters[storable(name)] = value
	}
	for name, value := range m.Facts {
		s.Facts[storable(name)] = storable(value)
	}
	for _, f := range m.Findings {
		kept := storedFinding{Code: storable(f.Code), Severity: storable(f.Severity), Detail: storable(f.Detail), Hurts: storable(f.Hurts)}
		for language, words := range f.Others {
			if kept.Others == nil {
				kept.Others = make(map[string]storedWords, len(f.Others))
			}
			kept.Others[storable(language)] = storedWords{storable(words.Detail), storable(words.Hurts)}
		}
		s.Findings = append(s.Findings, kept)
	}
	return s
}

// storable takes out the one character PostgreSQL has no place for.
func storable(s string) string { return strings.ReplaceAll(s, "\x00", "") }

func (p *peer) renew(ctx context.Context, m wire.Renew) error {
	chain, err := p.g.deps.Agents.Renew(p.agent.ID, m.Request)
	if err != nil {
		p.log.Load().WarnContext(ctx, "certificate was not renewed", "error", err)
		return &wire.Error{Code: wire.CodeProtocol, Text: "the certificate request cannot be used"}
	}
	p.log.Load().InfoContext(ctx, "certificate renewed")
	return p.link.send(wire.Certificate{Chain: chain})
}
