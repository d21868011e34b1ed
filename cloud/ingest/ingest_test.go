package ingest

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"github.com/callweave/callweave/cloud/eventlog"
	"github.com/callweave/callweave/shared/wire"
	"github.com/callweave/callweave/tenants"
)

const stream = 77

// memory is an event log that keeps what it is given, and fails while told to.
type memory struct {
	firsts []uint64
	fail   error
	mu     sync.Mutex
}

func (m *memory) failWith(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.fail = err
}

func (m *memory) Publish(_ context.Context, msg eventlog.Message) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fail != nil {
		return m.fail
	}
	m.firsts = append(m.firsts, msg.FirstSeq)
	return nil
}

func open(t *testing.T, log Log) (*Ingest, *Stream) {
	t.Helper()
	in := New(Config{Astray: 2000}, log, slog.New(slog.DiscardHandler), time.Now)
	return in, in.Open(Source{Tenant: tenants.NewID(), Agent: uuid.New(), PBX: 1}, stream, 1)
}

func batch(t *testing.T, stream, first uint64, count int) []byte {
	t.Helper()
	e := wire.NewBatchEncoder()
	e.Reset(stream, first)
	for i := range count {
		err := e.Add(&wire.Event{Seq: first + uint64(i), Received: time.Now().UnixNano(), ID: wire.AgentClock})
		if err != nil {
			t.Fatal(err)
		}
	}
	return e.Finish(nil)
}

func TestBatchesInOrderAreAcceptedAndRepeatedOnesDropped(t *testing.T) {
	log := &memory{}
	in, s := open(t, log)
	for _, first := range []uint64{1, 4, 1, 4, 7} {
		if err := s.Accept(t.Context(), batch(t, stream, first, 3)); err != nil {
			t.Fatalf("batch at %d: %v", first, err)
		}
	}
	if !slices.Equal(log.firsts, []uint64{1, 4, 7}) || s.Next() != 10 {
		t.Errorf("published %v, next %d", log.firsts, s.Next())
	}
	if c := in.Counters(); c.Batches != 3 || c.Events != 9 || c.Repeated != 2 {
		t.Errorf("counters %+v", c)
	}
}

func TestBatchThatReachesBackIsAcceptedWhole(t *testing.T) {
	log := &memory{}
	in := New(Config{}, log, slog.New(slog.DiscardHandler), time.Now)
	s := in.Open(Source{}, stream, 5)
	if err := s.Accept(t.Context(), batch(t, stream, 3, 4)); err != nil {
		t.Fatal(err)
	}
	if s.Next() != 7 {
		t.Errorf("next %d", s.Next())
	}
}

func TestHoleAsksToResumeOnceAndThenEndsTheConnection(t *testing.T) {
	log := &memory{}
	_, s := open(t, log)
	err := s.Accept(t.Context(), batch(t, stream, 10, 3))
	if resume, ok := AsResume(err); !ok || resume.Seq != 1 {
		t.Fatalf("got %v", err)
	}
	if err := s.Accept(t.Context(), batch(t, stream, 13, 3)); err != nil {
		t.Fatalf("what is still under way is dropped: %v", err)
	}
	if err := s.Accept(t.Context(), batch(t, stream, 1, 3)); err != nil {
		t.Fatalf("going back: %v", err)
	}
	var last error
	for range 1000 {
		if last = s.Accept(t.Context(), batch(t, stream, 10, 3)); wire.CodeFor(last) == wire.CodeBatchOutOfOrder {
			break
		}
	}
	if !errors.Is(last, &wire.Error{Code: wire.CodeBatchOutOfOrder}) {
		t.Errorf("never ended: %v", last)
	}
	if !slices.Equal(log.firsts, []uint64{1}) {
		t.Errorf("published %v", log.firsts)
	}
}

func TestHostileBatchesAreRefusedWithACode(t *testing.T) {
	whole := batch(t, stream, 1, 3)
	flipped := slices.Clone(whole)
	flipped[len(flipped)/2] ^= 1
	for name, c := range map[string]struct {
		batch []byte
		want  wire.Code
	}{
		"nothing":        {nil, wire.CodeBatchMalformed},
		"cut short":      {whole[:len(whole)-3], wire.CodeBatchMalformed},
		"one bit":        {flipped, wire.CodeBatchMalformed},
		"another stream": {batch(t, stream+1, 1, 3), wire.CodeStreamUnknown},
		"no events":      {wire.EncodeGap(nil, wire.BatchInfo{Stream: stream, FirstSeq: 1, Gap: wire.GapDamaged}), wire.CodeBatchMalformed},
	} {
		t.Run(name, func(t *testing.T) {
			log := &memory{}
			_, s := open(t, log)
			if err := s.Accept(t.Context(), c.batch); !errors.Is(err, &wire.Error{Code: c.want}) {
				t.Errorf("got %v, want %s", err, c.want)
			}
			if len(log.firsts) > 0 {
				t.Error("it was published")
			}
		})
	}
}

func TestGapsTravelLikeEvents(t *testing.T) {
	log := &memory{}
	in, s := open(t, log)
	if err := s.Accept(t.Context(), wire.EncodeGap(nil, wire.BatchInfo{Stream: stream, FirstSeq: 1, Count: 500, Gap: wire.GapSpoolFull})); err != nil {
		t.Fatal(err)
	}
	if err := s.Accept(t.Context(), batch(t, stream, 501, 1)); err != nil {
		t.Fatal(err)
	}
	if c := in.Counters(); c.Gaps != 1 || c.Events != 1 {
		t.Errorf("counters %+v", c)
	}
}

func TestEventLogThatFailsIsWaitedForAndThenTheAgentSentAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &memory{fail: errors.New("no quorum")}
		in, s := open(t, log)
		b := batch(t, stream, 1, 3)
		time.AfterFunc(5*time.Second, func() { log.failWith(nil) })
		if err := s.Accept(t.Context(), b); err != nil {
			t.Fatalf("a log that comes back within patience: %v", err)
		}
		log.failWith(errors.New("no quorum"))
		err := s.Accept(t.Context(), batch(t, stream, 4, 3))
		var refusal *wire.Error
		if !errors.As(err, &refusal) || refusal.Code != wire.CodeOverloaded || refusal.RetryAfter == 0 {
			t.Fatalf("got %v", err)
		}
		if s.Next() != 4 {
			t.Errorf("next %d: an unpublished batch must be due still", s.Next())
		}
		if in.Counters().Retries == 0 {
			t.Error("not counted")
		}
	})
}

func TestOddClockIsCountedAndNothingLost(t *testing.T) {
	log := &memory{}
	in, s := open(t, log)
	e := wire.NewBatchEncoder()
	e.Reset(stream, 1)
	if err := e.Add(&wire.Event{Seq: 1, Received: 12345, ID: wire.AgentClock}); err != nil {
		t.Fatal(err)
	}
	if err := s.Accept(t.Context(), e.Finish(nil)); err != nil {
		t.Fatal(err)
	}
	if in.Counters().OddClocks != 1 || len(log.firsts) != 1 {
		t.Errorf("counters %+v", in.Counters())
	}
}
