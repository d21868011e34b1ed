package uplink

import (
	"context"
	"fmt"
	"sync/atomic"

	"github.com/callweave/callweave/shared/wire"
)

// transmit sends the spool from the sequence number last asked for.
func (s *session) transmit(ctx context.Context, maxBatch int) error {
	if maxBatch <= 0 || maxBatch > wire.MaxBatchBytes {
		maxBatch = wire.MaxBatchBytes
	}
	for {
		select {
		case <-ctx.Done():
			return nil
		case from := <-s.resume:
			s.window.reset()
			if err := s.transmitFrom(ctx, from, maxBatch); err != nil {
				return err
			}
		}
	}
}

// transmitFrom sends until the cloud asks for another place to go on from.
func (s *session) transmitFrom(ctx context.Context, from uint64, maxBatch int) error {
	reading, cancel := context.WithCancel(ctx)
	defer cancel()
	reader := s.u.deps.Spool.Read(from)
	if closer, ok := reader.(interface{ Close() error }); ok {
		defer closer.Close()
	}
	// Waiting for the next batch or for the window ends when the cloud asks to rewind.
	s.window.onWake(cancel)
	defer s.window.onWake(nil)
	for len(s.resume) == 0 {
		b, info, err := reader.Next(reading)
		if err != nil {
			if reading.Err() != nil {
				return ctx.Err()
			}
			return fmt.Errorf("read spool: %w", err)
		}
		if info.Gap == "" && (len(b) > maxBatch || s.u.poison.in(info)) {
			info.Gap = wire.GapDamaged
			b = wire.EncodeGap(nil, info)
		}
		if err := s.window.enter(reading, info.LastSeq(), len(b), s.link.flush); err != nil {
			if reading.Err() != nil {
				return ctx.Err()
			}
			return err
		}
		if err := s.link.batch(b); err != nil {
			return fmt.Errorf("send batch: %w", err)
		}
		s.u.stats.batches.Add(1)
		s.u.stats.bytes.Add(int64(len(b)))
		s.u.stats.sent.Store(info.LastSeq())
		if info.LastSeq()+1 >= s.u.deps.Spool.NextSeq() { // nothing more for the moment
			if err := s.link.flush(); err != nil {
				return fmt.Errorf("send batch: %w", err)
			}
		}
	}
	return nil
}

// poison is a batch that the cloud refused twice as unreadable although our copy is whole. It is sent as a gap from
// then on, so that one bad batch does not hold up all that come after it.
type poison struct{ suspect, certain atomic.Uint64 }

func (p *poison) refused(seq uint64) {
	if p.suspect.Swap(seq) == seq {
		p.certain.Store(seq)
	}
}

func (p *poison) in(info wire.BatchInfo) bool {
	seq := p.certain.Load()
	return seq >= info.FirstSeq && seq <= info.LastSeq()
}
