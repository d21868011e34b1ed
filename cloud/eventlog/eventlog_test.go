package eventlog_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/nats-io/nats-server/v2/server"

	"github.com/callweave/callweave/cloud/eventlog"
	"github.com/callweave/callweave/tenants"
)

var quiet = slog.New(slog.DiscardHandler)

// logs are the two ways to have a log. What follows must hold for both.
func logs() map[string]func(*testing.T) *eventlog.Log {
	open := func(t *testing.T, cfg eventlog.Config) *eventlog.Log {
		t.Helper()
		cfg.Partitions, cfg.Log = 2, quiet
		l, err := eventlog.Open(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(l.Close)
		return l
	}
	return map[string]func(*testing.T) *eventlog.Log{
		"embedded": func(t *testing.T) *eventlog.Log { return open(t, eventlog.Config{Dir: t.TempDir()}) },
		"external": func(t *testing.T) *eventlog.Log { return open(t, eventlog.Config{URL: external(t, 8<<20)}) },
	}
}

func external(t *testing.T, payload int32) string {
	t.Helper()
	s, err := server.NewServer(&server.Options{
		Host: "127.0.0.1", Port: -1, JetStream: true, StoreDir: t.TempDir(), MaxPayload: payload, NoLog: true, NoSigs: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	if !s.ReadyForConnections(30 * time.Second) {
		t.Fatal("NATS server is not ready")
	}
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	return s.ClientURL()
}

func eachLog(t *testing.T, test func(*testing.T, *eventlog.Log)) {
	for name, open := range logs() {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

func message(tenant tenants.ID, agent uuid.UUID, first uint64) eventlog.Message {
	return eventlog.Message{
		Tenant: tenant, Agent: agent, PBX: 7, Stream: 1 << 62, FirstSeq: first, LastSeq: first + 9, Batch: fmt.Appendf(nil, "batch %d", first),
	}
}

func publish(t *testing.T, l *eventlog.Log, m eventlog.Message) {
	t.Helper()
	if err := l.Publish(t.Context(), m); err != nil {
		t.Fatal(err)
	}
}

// consume runs a reader that hands deliveries to the returned channel and acknowledges them. It ends with the test.
func consume(t *testing.T, l *eventlog.Log, partition int) <-chan eventlog.Delivery {
	t.Helper()
	out := make(chan eventlog.Delivery, 10_000)
	reader(t, l, partition, func(_ context.Context, ds []eventlog.Delivery) error {
		for _, d := range ds {
			d.Batch = append([]byte(nil), d.Batch...)
			out <- d
		}
		return nil
	})
	return out
}

func reader(t *testing.T, l *eventlog.Log, partition int, fn func(context.Context, []eventlog.Delivery) error) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := l.Consume(ctx, partition, fn); err != nil {
			t.Error(err)
		}
	})
	stop = func() { cancel(); wg.Wait() }
	t.Cleanup(stop)
	return stop
}

func receive(t *testing.T, from <-chan eventlog.Delivery) eventlog.Delivery {
	t.Helper()
	select {
	case d := <-from:
		return d
	case <-time.After(60 * time.Second):
		t.Fatal("nothing is delivered")
		panic("unreachable")
	}
}

func TestBatchesComeInOrderAndWhole(t *testing.T) {
	eachLog(t, func(t *testing.T, l *eventlog.Log) {
		tenant, agent := tenants.NewID(), uuid.New()
		var want []eventlog.Message
		for n := range uint64(40) {
			m := message(tenant, agent, 1+10*n)
			publish(t, l, m)
			want = append(want, m)
		}
		out := consume(t, l, l.PartitionOf(tenant))
		var got []eventlog.Message
		for range want {
			got = append(got, receive(t, out).Message)
		}
		if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b tenants.ID) bool { return a == b })); diff != "" {
			t.Errorf("batches (-published +delivered):\n%s", diff)
		}
	})
}

func TestBatchPublishedTwiceComesOnce(t *testing.T) {
	eachLog(t, func(t *testing.T, l *eventlog.Log) {
		tenant, agent := tenants.NewID(), uuid.New()
		publish(t, l, message(tenant, agent, 1))
		publish(t, l, message(tenant, agent, 1))
		publish(t, l, message(tenant, agent, 11))
		out := consume(t, l, l.PartitionOf(tenant))
		if a, b := receive(t, out).FirstSeq, receive(t, out).FirstSeq; a != 1 || b != 11 {
			t.Errorf("delivered %d and %d; want 1 and 11", a, b)
		}
	})
}

func TestManyAgentsAtOnceKeepTheirOrder(t *testing.T) {
	eachLog(t, func(t *testing.T, l *eventlog.Log) {
		const agents, each = 50, 20
		tenant := tenants.NewID()
		var wg sync.WaitGroup
		for range agents {
			agent := uuid.New()
			wg.Go(func() {
				for n := range uint64(each) {
					if err := l.Publish(t.Context(), message(tenant, agent, 1+10*n)); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		out := consume(t, l, l.PartitionOf(tenant))
		next := map[uuid.UUID]uint64{}
		for range agents * each {
			d := receive(t, out)
			if d.FirstSeq != next[d.Agent]+1 {
				t.Fatalf("agent's batch %d comes after %d", d.FirstSeq, next[d.Agent])
			}
			next[d.Agent] = d.LastSeq
		}
	})
}

func TestBatchesComeAgainUntilTheyAreDealtWith(t *testing.T) {
	eachLog(t, func(t *testing.T, l *eventlog.Log) {
		tenant, agent := tenants.NewID(), uuid.New()
		publish(t, l, message(tenant, agent, 1))
		publish(t, l, message(tenant, agent, 11))
		tries := 0
		done := make(chan []eventlog.Delivery, 10)
		reader(t, l, l.PartitionOf(tenant), func(_ context.Context, ds []eventlog.Delivery) error {
			if tries++; tries < 4 {
				return errors.New("database is away")
			}
			done <- ds
			return nil
		})
		select {
		case ds := <-done:
			if ds[0].FirstSeq != 1 {
				t.Errorf("after failures %d comes first; want 1", ds[0].FirstSeq)
			}
		case <-time.After(60 * time.Second):
			t.Fatal("nothing is delivered again")
		}
	})
}

func TestOneReaderOfAPartitionIsServedAndAnotherTakesOver(t *testing.T) {
	eachLog(t, func(t *testing.T, l *eventlog.Log) {
		tenant, agent := tenants.NewID(), uuid.New()
		p := l.PartitionOf(tenant)
		type seen struct {
			reader int
			first  uint64
		}
		out := make(chan seen, 1000)
		stops := make([]func(), 2)
		for r := range stops {
			stops[r] = reader(t, l, p, func(_ context.Context, ds []eventlog.Delivery) error {
				for _, d := range ds {
					out <- seen{r, d.FirstSeq}
				}
				return nil
			})
		}
		next := func() seen {
			select {
			case s := <-out:
				return s
			case <-time.After(60 * time.Second):
				t.Fatal("nothing is delivered")
				panic("unreachable")
			}
		}
		publish(t, l, message(tenant, agent, 1))
		first := next()
		for n := range uint64(50) {
			publish(t, l, message(tenant, agent, 11+10*n))
			if s := next(); s.reader != first.reader {
				t.Fatalf("reader %d and reader %d are served at the same time", first.reader, s.reader)
			}
		}
		stops[first.reader]()
		publish(t, l, message(tenant, agent, 1001))
		for {
			if s := next(); s.first == 1001 && s.reader != first.reader {
				return
			}
		}
	})
}

func TestEmbeddedLogKeepsBatchesOverARestart(t *testing.T) {
	dir, tenant, agent := t.TempDir(), tenants.NewID(), uuid.New()
	for round := range uint64(3) {
		l, err := eventlog.Open(t.Context(), eventlog.Config{Dir: dir, Log: quiet})
		if err != nil {
			t.Fatal(err)
		}
		publish(t, l, message(tenant, agent, 1+10*round))
		if round == 1 { // taken but not dealt with
			got := make(chan struct{})
			ctx, cancel := context.WithCancel(t.Context())
			var wg sync.WaitGroup
			var once sync.Once
			wg.Go(func() {
				_ = l.Consume(ctx, l.PartitionOf(tenant), func(ctx context.Context, _ []eventlog.Delivery) error {
					once.Do(func() { close(got) })
					<-ctx.Done()
					return ctx.Err()
				})
			})
			<-got
			cancel()
			wg.Wait()
		}
		if round == 2 {
			out := consume(t, l, l.PartitionOf(tenant))
			for want := range uint64(3) {
				if d := receive(t, out); d.FirstSeq != 1+10*want {
					t.Fatalf("after the restart %d comes; want %d", d.FirstSeq, 1+10*want)
				}
			}
		}
		l.Close()
	}
}

func TestEmbeddedLogStartsEmptyWhenItsFilesAreDeleted(t *testing.T) {
	dir, tenant, agent := t.TempDir(), tenants.NewID(), uuid.New()
	l, err := eventlog.Open(t.Context(), eventlog.Config{Dir: dir, Partitions: 2, Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	out := consume(t, l, l.PartitionOf(tenant))
	publish(t, l, message(tenant, agent, 1))
	receive(t, out)
	signals := make(chan uint64, 1000)
	stop, err := l.SubscribeCommitted(agent, func(_, seq uint64) { signals <- seq })
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	if err := os.RemoveAll(filepath.Join(dir, "jetstream")); err != nil {
		t.Fatal(err)
	}
	deadline := time.After(60 * time.Second)
	for n := uint64(11); ; n += 10 {
		_ = l.Publish(t.Context(), message(tenant, agent, n)) // may fail or be lost while the log is made anew
		_ = l.Committed(agent, 1, n)
		if _, err := os.Stat(filepath.Join(dir, "jetstream")); err == nil {
			break
		}
		select {
		case <-deadline:
			t.Fatal("the log is not made anew")
		case <-time.After(20 * time.Millisecond):
		}
	}
	const last = 1_000_001
	for l.Publish(t.Context(), message(tenant, agent, last)) != nil {
		if t.Context().Err() != nil {
			t.Fatal("the new log takes nothing")
		}
	}
	for receive(t, out).FirstSeq != last {
	}
	for len(signals) > 0 {
		<-signals
	}
	if err := l.Committed(agent, 1, last); err != nil {
		t.Fatal(err)
	}
	for {
		select {
		case seq := <-signals:
			if seq == last {
				return
			}
		case <-deadline:
			t.Fatal("signals do not come any more")
		}
	}
}

func TestEmbeddedLogOpensWhateverBecameOfItsFiles(t *testing.T) {
	tenant, agent := tenants.NewID(), uuid.New()
	for name, spoil := range map[string]func(path string) error{
		"zeroed":   func(path string) error { return os.WriteFile(path, make([]byte, 4096), 0o600) },
		"emptied":  func(path string) error { return os.Truncate(path, 0) },
		"replaced": func(path string) error { return os.WriteFile(path, []byte("{\"no\": 1}"), 0o600) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for round := range 2 {
				l, err := eventlog.Open(t.Context(), eventlog.Config{Dir: dir, Partitions: 2, Log: quiet})
				if err != nil {
					t.Fatal(err)
				}
				publish(t, l, message(tenant, agent, 1+10*uint64(round)))
				out := consume(t, l, l.PartitionOf(tenant))
				for receive(t, out).FirstSeq != 1+10*uint64(round) {
				}
				l.Close()
				err = filepath.WalkDir(filepath.Join(dir, "jetstream"), func(path string, d os.DirEntry, err error) error {
					if err != nil || d.IsDir() {
						return err
					}
					return spoil(path)
				})
				if err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func TestExternalLogThatTakesNoLargeBatchIsRefused(t *testing.T) {
	_, err := eventlog.Open(t.Context(), eventlog.Config{URL: external(t, 1<<20), Log: quiet})
	if err == nil {
		t.Fatal("a server with 1 MiB max_payload was accepted")
	}
}

func TestLargestBatchPassesAndALargerOneIsRefused(t *testing.T) {
	eachLog(t, func(t *testing.T, l *eventlog.Log) {
		m := message(tenants.NewID(), uuid.New(), 1)
		m.Batch = make([]byte, 4<<20)
		publish(t, l, m)
		if d := receive(t, consume(t, l, l.PartitionOf(m.Tenant))); len(d.Batch) != 4<<20 {
			t.Errorf("%d bytes came", len(d.Batch))
		}
		m.Batch = make([]byte, 4<<20+1)
		if err := l.Publish(t.Context(), m); !errors.Is(err, eventlog.ErrTooLarge) {
			t.Errorf("err = %v; want ErrTooLarge", err)
		}
	})
}

func TestSignalsReachWhoeverSubscribed(t *testing.T) {
	eachLog(t, func(t *testing.T, l *eventlog.Log) {
		agent, tenant := uuid.New(), tenants.NewID()
		positions, calls := make(chan [2]uint64, 2), make(chan []uuid.UUID, 1)
		for _, subscribe := range []func(uuid.UUID, func(uint64, uint64)) (func(), error){l.SubscribeCommitted, l.SubscribeResend} {
			stop, err := subscribe(agent, func(stream, seq uint64) { positions <- [2]uint64{stream, seq} })
			if err != nil {
				t.Fatal(err)
			}
			defer stop()
		}
		stop, err := l.SubscribeChanged(tenant, func(ids []uuid.UUID) { calls <- ids })
		if err != nil {
			t.Fatal(err)
		}
		defer stop()
		want := []uuid.UUID{uuid.New(), uuid.New()}
		if err := errors.Join(l.Committed(agent, 5, 100), l.Resend(agent, 5, 200), l.Changed(tenant, want), l.Changed(tenants.NewID(), want)); err != nil {
			t.Fatal(err)
		}
		got := map[[2]uint64]bool{<-positions: true, <-positions: true}
		if diff := cmp.Diff(map[[2]uint64]bool{{5, 100}: true, {5, 200}: true}, got); diff != "" {
			t.Errorf("positions (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(want, <-calls); diff != "" {
			t.Errorf("calls (-want +got):\n%s", diff)
		}
	})
}

func BenchmarkPublish(b *testing.B) {
	l, err := eventlog.Open(b.Context(), eventlog.Config{Dir: b.TempDir(), Log: quiet})
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	m := message(tenants.NewID(), uuid.New(), 1)
	m.Batch = make([]byte, 12_000)
	for b.Loop() {
		if err := l.Publish(b.Context(), m); err != nil {
			b.Fatal(err)
		}
		m.FirstSeq, m.LastSeq = m.FirstSeq+256, m.LastSeq+256
	}
}
