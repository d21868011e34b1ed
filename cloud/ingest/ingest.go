// Package ingest checks the batches of agents and hands them to the event log. It does not look inside a batch and
// knows nothing of connections.
package ingest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/callweave/callweave/cloud/eventlog"
	"github.com/callweave/callweave/shared/wire"
	"github.com/callweave/callweave/tenants"
)

// Log is where accepted batches go. Publish returns when the batch is durable there.
type Log interface {
	Publish(ctx context.Context, m eventlog.Message) error
}

// Config bounds patience. Zero values mean the defaults.
type Config struct {
	// Patience is how long a batch waits for an event log that fails before the agent is sent away: 20 s. The agent
	// keeps everything, so nothing is lost by it.
	Patience time.Duration
	// Astray is how many bytes out of order a connection may send after it was asked to go back: 64 MiB, four times
	// what an honest agent can have under way.
	Astray int
}

// Ingest takes batches from all connections of this node.
type Ingest struct {
	cfg Config
	log Log
	out *slog.Logger
	now func() time.Time

	batches, bytes, events, gaps, repeated, outOfOrder, refused, oddClocks atomic.Uint64
	retries                                                                atomic.Uint64
}

// New publishes to log.
func New(cfg Config, log Log, out *slog.Logger, now func() time.Time) *Ingest {
	if cfg.Patience == 0 {
		cfg.Patience = 20 * time.Second
	}
	if cfg.Astray == 0 {
		cfg.Astray = 64 << 20
	}
	return &Ingest{cfg: cfg, log: log, out: out, now: now}
}

// Counters since the start of the process.
type Counters struct {
	Batches, Bytes, Events uint64 // accepted
	Gaps                   uint64 // accepted batches that say that events are lost
	Repeated               uint64 // dropped: all of it had been accepted before
	OutOfOrder             uint64 // dropped: a hole would have been left before it
	Refused                uint64 // ended a connection
	OddClocks              uint64 // accepted, with times that cannot be right
	Retries                uint64 // times the event log did not take a batch at once
}

// Counters is a snapshot.
func (i *Ingest) Counters() Counters {
	return Counters{
		Batches: i.batches.Load(), Bytes: i.bytes.Load(), Events: i.events.Load(), Gaps: i.gaps.Load(), Repeated: i.repeated.Load(),
		OutOfOrder: i.outOfOrder.Load(), Refused: i.refused.Load(), OddClocks: i.oddClocks.Load(), Retries: i.retries.Load(),
	}
}

// Source is whose batches they are, as the certificate says.
type Source struct {
	Tenant tenants.ID
	Agent  uuid.UUID
	PBX    int32
}

// Stream is one agent's stream as one connection sends it. It is not for use by several goroutines.
type Stream struct {
	in     *Ingest
	source Source
	stream uint64
	next   uint64 // the sequence number that is due
	astray int    // bytes out of order since next was asked for
	asked  bool
	odd    bool // told once
}

// Open expects the events of stream from next on.
func (i *Ingest) Open(source Source, stream, next uint64) *Stream {
	return &Stream{in: i, source: source, stream: stream, next: next}
}

// Next is the sequence number that is due.
func (s *Stream) Next() uint64 { return s.next }

// Rewind expects the stream from an earlier event on, after the agent was asked to go back. What it had under way is
// dropped like anything out of order.
func (s *Stream) Rewind(seq uint64) {
	if seq < s.next {
		s.next, s.astray, s.asked = seq, 0, true
	}
}

// ResumeError asks for the stream from Seq on: a hole would have been left. It is returned once for each hole; what
// comes before the agent has gone back is dropped in silence, up to a bound.
type ResumeError struct{ Seq uint64 }

func (e *ResumeError) Error() string { return fmt.Sprintf("batch out of order: %d is due", e.Seq) }

// Accept publishes a batch that continues the stream. A batch that has been accepted before is dropped and is no
// error. Errors: *ResumeError, after which the connection goes on, and *wire.Error, after which it does not:
// batch-malformed, version-unsupported, stream-unknown, batch-out-of-order, overloaded. batch may be reused after it.
func (s *Stream) Accept(ctx context.Context, batch []byte) error {
	info, err := wire.PeekBatch(batch)
	if err != nil {
		return s.refuse(&wire.Error{Code: wire.CodeFor(err), Text: fmt.Sprintf("the batch at event %d cannot be read: %v", s.next, err)})
	}
	switch {
	case info.Stream != s.stream:
		return s.refuse(&wire.Error{Code: wire.CodeStreamUnknown, Text: fmt.Sprintf("a batch of stream %d on a connection of stream %d", info.Stream, s.stream)})
	case info.Count == 0:
		return s.refuse(&wire.Error{Code: wire.CodeBatchMalformed, Text: fmt.Sprintf("the batch at event %d holds no events", s.next)})
	case info.LastSeq() < s.next:
		s.in.repeated.Add(1)
		return nil
	case info.FirstSeq > s.next:
		return s.hole(len(batch))
	}
	s.checkTimes(ctx, info)
	if err := s.publish(ctx, info, batch); err != nil {
		return err
	}
	s.next, s.astray, s.asked = info.LastSeq()+1, 0, false
	s.in.batches.Add(1)
	s.in.bytes.Add(uint64(len(batch)))
	if info.Gap != "" {
		s.in.gaps.Add(1)
	} else {
		s.in.events.Add(uint64(info.Count))
	}
	return nil
}

func (s *Stream) refuse(err *wire.Error) error {
	s.in.refused.Add(1)
	return err
}

func (s *Stream) hole(size int) error {
	s.in.outOfOrder.Add(1)
	s.astray += size
	if s.astray > s.in.cfg.Astray {
		return s.refuse(&wire.Error{Code: wire.CodeBatchOutOfOrder, Text: fmt.Sprintf("event %d is due and does not come", s.next)})
	}
	if s.asked {
		return nil
	}
	s.asked = true
	return &ResumeError{Seq: s.next}
}

// checkTimes complains, once a connection, about a clock that cannot be right. The events are taken all the same:
// their order is good, and their times can be corrected by the clock marks in the stream.
func (s *Stream) checkTimes(ctx context.Context, info wire.BatchInfo) {
	const day = int64(24 * time.Hour)
	earliest := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC).UnixNano()
	if info.Gap != "" || info.From > earliest && info.To < s.in.now().UnixNano()+day && info.To >= info.From {
		return
	}
	s.in.oddClocks.Add(1)
	if !s.odd {
		s.odd = true
		s.in.out.WarnContext(ctx, "agent's clock cannot be right", "agent", s.source.Agent, "tenant", s.source.Tenant.String(),
			"from", time.Unix(0, info.From).UTC(), "to", time.Unix(0, info.To).UTC())
	}
}

// publish tries until the event log takes the batch or patience ends. Waiting here is what slows an agent down.
func (s *Stream) publish(ctx context.Context, info wire.BatchInfo, batch []byte) error {
	m := eventlog.Message{
		Tenant: s.source.Tenant, Agent: s.source.Agent, PBX: s.source.PBX,
		Stream: info.Stream, FirstSeq: info.FirstSeq, LastSeq: info.LastSeq(), Batch: batch,
	}
	patience, cancel := context.WithTimeout(ctx, s.in.cfg.Patience)
	defer cancel()
	for pause := 100 * time.Millisecond; ; pause = min(2*pause, 3*time.Second) {
		err := s.in.log.Publish(patience, m)
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if s.in.retries.Add(1)%100 == 1 {
			s.in.out.ErrorContext(ctx, "event log does not take batches; agents keep them until it does", "error", err)
		}
		select {
		case <-patience.Done():
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return s.refuse(&wire.Error{
				Code: wire.CodeOverloaded, Text: "the cloud cannot store events at the moment; the agent keeps them", RetryAfter: 15 * time.Second,
			})
		case <-time.After(pause):
		}
	}
}

// AsResume tells the two kinds of errors of [Stream.Accept] apart.
func AsResume(err error) (*ResumeError, bool) { return errors.AsType[*ResumeError](err) }
