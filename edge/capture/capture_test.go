package capture_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/callweave/callweave/edge/capture"
	"github.com/callweave/callweave/shared/wire"
)

// spool keeps batches in memory, and fails or waits as long as a test wants.
type spool struct {
	mu      sync.Mutex
	batches [][]byte
	next    uint64
	broken  error
	stuck   chan struct{} // Append waits until it is closed
	tries   int
}

func (s *spool) Append(b []byte) error {
	s.mu.Lock()
	stuck := s.stuck
	s.mu.Unlock()
	if stuck != nil {
		<-stuck
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tries++
	if s.broken != nil {
		return s.broken
	}
	info, err := wire.PeekBatch(b)
	if err != nil || info.FirstSeq != s.next || info.Stream != 7 {
		return fmt.Errorf("batch %+v does not continue at %d: %w", info, s.next, err)
	}
	s.batches = append(s.batches, append([]byte(nil), b...))
	s.next = info.LastSeq() + 1
	return nil
}

func (s *spool) NextSeq() uint64 { return s.next }
func (s *spool) Stream() uint64  { return 7 }

func (s *spool) set(fn func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fn()
}

// content is what the spool holds: events as lines, gaps as ranges.
func (s *spool) content(t *testing.T) []string {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []string
	d := wire.NewBatchDecoder(wire.Limits{})
	for _, b := range s.batches {
		info, err := d.Decode(b, func(ev *wire.Event) error {
			all = append(all, fmt.Sprintf("%d %s", ev.Seq, line(ev)))
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if info.Gap != "" {
			all = append(all, fmt.Sprintf("%d-%d gap %s", info.FirstSeq, info.LastSeq(), info.Gap))
		}
	}
	return all
}

// line is an event's name and the values of its fields.
func line(ev *wire.Event) string {
	s := wire.EventName(ev.ID)
	for _, f := range ev.Fields {
		s += "|" + f.Value
	}
	return s
}

// run starts a capture in the test's bubble; what it returns stops it.
func run(t *testing.T, cfg capture.Config, deps capture.Deps) (*capture.Capture, func()) {
	t.Helper()
	c := capture.New(cfg, deps)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- c.Run(ctx) }()
	return c, func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

func event(id wire.EventID, value string) *wire.Event {
	return &wire.Event{ID: id, Fields: []wire.Field{{ID: wire.FChannel, Value: value}}}
}

func TestEventsReachTheSpoolWithinABatchsAge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &spool{next: 41}
		c, stop := run(t, capture.Config{}, capture.Deps{Spool: s})
		c.Connected("pbx:5038")
		c.Banner("Asterisk Call Manager/11.0.0")
		c.Sent("Login", "x-1")
		c.Packet(&wire.Event{ID: wire.AgentResponse, Fields: []wire.Field{{ID: wire.FResponse, Value: "Success"}, {ID: wire.FActionID, Value: "x-1"}}})
		c.Packet(event(wire.EvHold, "a"))
		time.Sleep(101 * time.Millisecond)
		want := []string{"41 Callweave.Connected|pbx:5038|Asterisk Call Manager/11.0.0", "42 Hold|a"}
		if d := cmp.Diff(want, s.content(t)); d != "" {
			t.Error(d)
		}
		c.Disconnected("EOF")
		stop()
		if d := cmp.Diff(append(want, "43 Callweave.Disconnected|EOF"), s.content(t)); d != "" {
			t.Error(d)
		}
		if st := c.Stats(); st.Events != 3 || st.Batches != 2 || st.Queued != 0 || st.QueuedBytes != 0 {
			t.Errorf("%+v", st)
		}
	})
}

func TestBatchesAreFullUnderLoad(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &spool{next: 1}
		c, stop := run(t, capture.Config{}, capture.Deps{Spool: s})
		for range 1000 {
			c.Packet(event(wire.EvHold, "a"))
		}
		stop()
		if len(s.batches) != 4 || len(s.content(t)) != 1001 { // the connect is an event too
			t.Errorf("%d batches of %d events", len(s.batches), len(s.content(t)))
		}
	})
}

func TestLargeEventsMakeBatchesShort(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &spool{next: 1}
		c, stop := run(t, capture.Config{BatchBytes: 1000}, capture.Deps{Spool: s})
		for range 10 {
			c.Packet(event(wire.EvHold, strings.Repeat("x", 600)))
		}
		stop()
		if len(s.batches) != 5 {
			t.Errorf("%d batches", len(s.batches))
		}
	})
}

func TestReaderWaitsForASlowSpoolAndLosesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &spool{next: 1, stuck: make(chan struct{})}
		c, stop := run(t, capture.Config{BatchEvents: 1, QueueBytes: 1000}, capture.Deps{Spool: s})
		taken := 0
		done := make(chan struct{})
		go func() {
			defer close(done)
			for range 500 {
				c.Packet(event(wire.EvHold, "a"))
				taken++
			}
		}()
		synctest.Wait()
		if taken < 5 || taken > 100 {
			t.Errorf("%d events taken while the spool is stuck", taken)
		}
		close(s.stuck)
		<-done
		stop()
		if got := s.content(t); len(got) != 501 || c.Stats().Lost != 0 {
			t.Errorf("%d events, %d lost", len(got), c.Stats().Lost)
		}
	})
}

func TestBrokenSpoolCostsTheOldestAndSaysSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &spool{next: 1, broken: syscall.ENOSPC}
		var log strings.Builder
		c, stop := run(t, capture.Config{BatchEvents: 1, QueueBytes: 2000}, capture.Deps{Spool: s, Log: slog.New(slog.NewTextHandler(&log, nil))})
		c.Packet(event(wire.EvHold, "first"))
		time.Sleep(time.Second) // it fails once
		for i := range 998 {
			c.Packet(event(wire.EvHold, fmt.Sprint(i)))
		}
		time.Sleep(10 * time.Second)
		st := c.Stats()
		if st.Lost < 900 || st.QueuedBytes > 2200 || st.Problem == "" {
			t.Errorf("%+v", st)
		}
		s.set(func() { s.broken = nil })
		time.Sleep(2 * time.Second)
		c.Packet(event(wire.EvUnhold, "last"))
		stop()
		got := s.content(t)
		want := fmt.Sprintf("1-%d gap unwritable", st.Lost)
		if got[0] != want || got[len(got)-1] != "1001 Unhold|last" || uint64(len(got)) != 1001-st.Lost+1 {
			t.Errorf("%s … %s: %d lines, %d lost", got[0], got[len(got)-1], len(got), st.Lost)
		}
		if n := strings.Count(log.String(), "no space left"); n != 1 || !strings.Contains(log.String(), "can be written to again") {
			t.Errorf("logged %d times: %s", n, log.String())
		}
		if s.tries > 1001-int(st.Lost)+30 {
			t.Errorf("%d tries", s.tries)
		}
	})
}

func TestBatchBeingWrittenIsNotGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &spool{next: 1, broken: errors.New("once")}
		c, stop := run(t, capture.Config{BatchEvents: 1, QueueBytes: 500}, capture.Deps{Spool: s})
		c.Packet(event(wire.EvHold, "a"))
		time.Sleep(100 * time.Millisecond)
		s.set(func() { s.broken, s.stuck = nil, make(chan struct{}) })
		time.Sleep(time.Second) // it tries again, and the disk hangs
		for range 100 {
			c.Packet(event(wire.EvHold, "b"))
		}
		synctest.Wait()
		close(s.stuck)
		stop()
		got := s.content(t)
		if got[0] != "1 Callweave.Connected||" || !strings.Contains(got[1], "gap") {
			t.Errorf("%v", got)
		}
	})
}

func TestStoppedWithABrokenSpoolEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &spool{next: 1, broken: syscall.EROFS}
		c, stop := run(t, capture.Config{}, capture.Deps{Spool: s})
		c.Packet(event(wire.EvHold, "a"))
		stop()
		if len(s.batches) != 0 {
			t.Error("nothing can have been stored")
		}
	})
}

func TestClockThatIsSetIsSaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &spool{next: 1}
		start := time.Now()
		var set time.Duration
		c, stop := run(t, capture.Config{}, capture.Deps{Spool: s, Clock: func() (int64, time.Duration) {
			return time.Now().Add(set).UnixNano(), time.Since(start)
		}})
		c.Packet(event(wire.EvHold, "a"))
		set = 499 * time.Millisecond
		c.Packet(event(wire.EvHold, "b"))
		set = -time.Hour
		c.Packet(event(wire.EvHold, "c"))
		stop()
		want := []string{"1 Callweave.Connected||", "2 Hold|a", "3 Hold|b", "4 Callweave.ClockStep|-3600499000", "5 Hold|c"}
		if d := cmp.Diff(want, s.content(t)); d != "" {
			t.Error(d)
		}
	})
}
