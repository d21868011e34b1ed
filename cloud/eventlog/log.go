package eventlog

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"golang.org/x/sys/unix"

	"github.com/callweave/callweave/tenants"
)

// Config says where the log is. URL is empty for the embedded one, which keeps its files below Dir. Zero values of the
// rest mean the defaults.
type Config struct {
	URL        string
	Dir        string
	Partitions int // 8. Every node says the same; changing it makes agents resend what was in the log
	Replicas   int // 1; 3 on a cluster
	// MaxBytes bounds each partition (1 GiB, and where the log is embedded less on a small disk), MaxAge the whole (3
	// days). What is beyond is discarded, oldest first, which does no harm: the agents still have it and are asked for it.
	MaxBytes int64
	MaxAge   time.Duration
	Log      *slog.Logger
}

const (
	streamPrefix = "CALLWEAVE_"
	consumerName = "assembler"
	// maxRecord is what one message of the log may hold: a largest batch, or as many small ones as wait.
	maxRecord  = 1 << 20
	maxBatch   = 4 << 20
	maxPayload = maxBatch + 64<<10
	// pinnedFor is how long a reader that does not ask for more keeps its partition.
	pinnedFor = 4 * time.Second
	ackWait   = 30 * time.Second
	callTime  = 10 * time.Second
	// leastBytes is what a partition gets on the smallest disk: room for some of the largest records.
	leastBytes = 64 << 20
)

// ErrClosed comes from a log that was closed.
var ErrClosed = errors.New("event log is closed")

// Log is an open event log.
type Log struct {
	cfg     Config
	nc      *nats.Conn
	js      jetstream.JetStream
	server  *embedded // nil when external
	writers []*writer
	stop    context.CancelFunc
	done    context.Context
	wg      sync.WaitGroup
}

// Open starts or connects to the log and makes its streams. [Log.Close] ends all of it.
func Open(ctx context.Context, cfg Config) (*Log, error) {
	cfg.setDefaults()
	l := &Log{cfg: cfg}
	if err := l.cfg.fitDisk(); err != nil {
		return nil, fmt.Errorf("open event log: %w", err)
	}
	l.done, l.stop = context.WithCancel(context.WithoutCancel(ctx))
	if err := l.connect(); err != nil {
		l.Close()
		return nil, fmt.Errorf("open event log: %w", err)
	}
	err := l.prepare(ctx)
	if err != nil && l.server != nil && ctx.Err() == nil {
		cfg.Log.ErrorContext(ctx, "event log's files cannot be used, starting an empty one; agents send again what is not committed", "dir", cfg.Dir, "error", err)
		err = l.restart(ctx)
	}
	if err != nil {
		l.Close()
		return nil, fmt.Errorf("open event log: %w", err)
	}
	for p := range cfg.Partitions {
		w := newWriter(l, p)
		l.writers = append(l.writers, w)
		l.wg.Go(w.run)
	}
	if l.server != nil {
		l.wg.Go(func() { l.watch(l.done) })
	}
	return l, nil
}

func (cfg *Config) setDefaults() {
	if cfg.Partitions == 0 {
		cfg.Partitions = 8
	}
	if cfg.Replicas == 0 {
		cfg.Replicas = 1
	}
	if cfg.MaxBytes == 0 {
		cfg.MaxBytes = 1 << 30
	}
	if cfg.MaxAge == 0 {
		cfg.MaxAge = 72 * time.Hour
	}
}

// fitDisk leaves three quarters of what is free to others: the log shares the disk with the database, which it waits for.
func (cfg *Config) fitDisk() error {
	if cfg.URL != "" {
		return nil
	}
	if err := os.MkdirAll(cfg.Dir, 0o700); err != nil {
		return err
	}
	var disk unix.Statfs_t
	if err := unix.Statfs(cfg.Dir, &disk); err != nil {
		return fmt.Errorf("look at disk: %w", err)
	}
	fair := int64(disk.Bavail) * disk.Bsize / 4 / int64(cfg.Partitions)
	cfg.MaxBytes = max(min(cfg.MaxBytes, fair), leastBytes)
	return nil
}

func (l *Log) connect() (err error) {
	opts := []nats.Option{
		nats.Name("callweave"), nats.MaxReconnects(-1), nats.ReconnectWait(200 * time.Millisecond),
		nats.RetryOnFailedConnect(false), nats.Timeout(callTime),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if l.done.Err() == nil {
				l.cfg.Log.WarnContext(l.done, "event log disconnected, trying again", "error", err)
			}
		}),
		nats.ReconnectHandler(func(*nats.Conn) { l.cfg.Log.InfoContext(l.done, "event log connected again") }),
		nats.ErrorHandler(func(_ *nats.Conn, s *nats.Subscription, err error) {
			subject := ""
			if s != nil {
				subject = s.Subject
			}
			l.cfg.Log.WarnContext(l.done, "event log complains", "subject", subject, "error", err)
		}),
	}
	if l.cfg.URL == "" {
		if l.server, err = startEmbedded(&l.cfg); err != nil {
			return err
		}
		opts = append(opts, nats.InProcessServer(l.server))
	}
	if l.nc, err = nats.Connect(l.cfg.URL, opts...); err != nil {
		return err
	}
	if have := l.nc.MaxPayload(); have < maxPayload {
		return fmt.Errorf("server takes messages of %d bytes, and a batch may need %d: set max_payload: 8MB in its configuration", have, maxPayload)
	}
	l.js, err = jetstream.New(l.nc, jetstream.WithDefaultTimeout(callTime))
	return err
}

// prepare makes every partition's stream and consumer, or brings them up to this configuration.
func (l *Log) prepare(ctx context.Context) error {
	for p := range l.cfg.Partitions {
		if err := l.preparePartition(ctx, p); err != nil {
			return fmt.Errorf("prepare partition %d: %w", p, err)
		}
	}
	return nil
}

func (l *Log) preparePartition(ctx context.Context, p int) error {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	stream, err := l.js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
		Name: streamName(p), Subjects: []string{eventSubject(p)}, Retention: jetstream.WorkQueuePolicy, Discard: jetstream.DiscardOld,
		MaxBytes: l.cfg.MaxBytes, MaxAge: l.cfg.MaxAge, Replicas: l.cfg.Replicas, Storage: jetstream.FileStorage, Duplicates: 2 * time.Minute,
	})
	if err != nil {
		return err
	}
	if l.server != nil {
		// Nobody else reads an embedded log, so what was under way when this process last ended comes again at once and
		// in order with a new consumer, instead of after ackWait and out of order.
		if err := stream.DeleteConsumer(ctx, consumerName); err != nil && !errors.Is(err, jetstream.ErrConsumerNotFound) {
			return err
		}
	}
	_, err = stream.CreateOrUpdateConsumer(ctx, jetstream.ConsumerConfig{
		Durable: consumerName, AckPolicy: jetstream.AckExplicitPolicy, AckWait: ackWait, MaxAckPending: 4096, MaxDeliver: -1,
		PriorityPolicy: jetstream.PriorityPolicyPinned, PriorityGroups: []string{consumerName}, PinnedTTL: pinnedFor,
	})
	return err
}

// Close stops writers and signals, and the embedded server. Consume is ended by its own context before.
func (l *Log) Close() {
	l.stop()
	l.wg.Wait()
	if l.nc != nil {
		l.nc.Close()
	}
	if l.server != nil {
		l.server.stop()
	}
}

// Partitions is how many there are.
func (l *Log) Partitions() int { return l.cfg.Partitions }

// PartitionOf is where a tenant's batches go.
func (l *Log) PartitionOf(t tenants.ID) int {
	id := t.UUID()
	h := fnv.New32a()
	_, _ = h.Write(id[:])
	return int(h.Sum32() % uint32(l.cfg.Partitions))
}

func streamName(p int) string   { return fmt.Sprintf("%s%d", streamPrefix, p) }
func eventSubject(p int) string { return fmt.Sprintf("callweave.events.%d", p) }
