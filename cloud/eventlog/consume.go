package eventlog

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// Delivery is a batch as it comes out of the log.
type Delivery struct {
	Message
	Again bool // it was delivered before and not acknowledged
}

// How many bytes are handed to fn at once, and how many more are fetched meanwhile.
const (
	deliverBytes  = 8 << 20
	prefetch      = 8 << 20
	shortestPause = 50 * time.Millisecond
	longestPause  = 5 * time.Second
)

// Consume hands a partition's batches to fn, in order, as many as are waiting, until ctx ends. They are acknowledged
// when fn returns nil; after an error fn gets the same ones again, with a growing pause. Of all consumers of a partition
// one is served (the pinned one) and the others wait for its end; but one that is only slow may be taken for ended, so
// fn has to fence itself. The batches belong to fn until it returns.
func (l *Log) Consume(ctx context.Context, partition int, fn func(context.Context, []Delivery) error) error {
	if partition < 0 || partition >= l.cfg.Partitions {
		return fmt.Errorf("consume: there is no partition %d of %d", partition, l.cfg.Partitions)
	}
	for pause := shortestPause; ; pause = min(2*pause, longestPause) {
		began := time.Now()
		err := l.consumeOnce(ctx, partition, fn)
		if time.Since(began) > longestPause {
			pause = shortestPause
		}
		over := anyEnded(ctx, l.done)
		if !over {
			l.cfg.Log.WarnContext(ctx, "event log interrupted, reading it again", "partition", partition, "error", err, "pause", pause)
		}
		if over || !wait(ctx, pause) {
			return nil
		}
	}
}

func anyEnded(either ...context.Context) bool {
	return slices.ContainsFunc(either, func(ctx context.Context) bool { return ctx.Err() != nil })
}

func wait(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

func (l *Log) consumeOnce(ctx context.Context, partition int, fn func(context.Context, []Delivery) error) error {
	call, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	consumer, err := l.js.Consumer(call, streamName(partition), consumerName)
	if err != nil {
		return fmt.Errorf("find consumer: %w", err)
	}
	messages, err := consumer.Messages(jetstream.PullMaxBytes(prefetch), jetstream.PullPriorityGroup(consumerName),
		jetstream.PullExpiry(pinnedFor/2), jetstream.PullHeartbeat(pinnedFor/4), jetstream.WithMessagesErrOnMissingHeartbeat(true))
	if err != nil {
		return fmt.Errorf("read messages: %w", err)
	}
	run, stop := context.WithCancelCause(ctx)
	q := newQueue()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			msg, err := messages.Next(jetstream.NextContext(run))
			if err != nil {
				stop(err)
				return
			}
			q.put(run, msg)
		}
	}()
	defer func() { messages.Stop(); stop(nil); <-ended }()
	for {
		taken := q.take(run)
		if run.Err() != nil {
			return context.Cause(run)
		}
		if err := l.deliver(run, l.read(run, taken), taken, fn); err != nil {
			return err
		}
	}
}

// read takes the batches out of records.
func (l *Log) read(ctx context.Context, taken []jetstream.Msg) (deliveries []Delivery) {
	for _, msg := range taken {
		again := false
		if meta, err := msg.Metadata(); err == nil {
			again = meta.NumDelivered > 1
		}
		err := readRecord(msg.Data(), func(m Message) { deliveries = append(deliveries, Delivery{Message: m, Again: again}) })
		if err != nil { // it cannot be read tomorrow either; the hole it leaves is noticed by the sequence
			l.cfg.Log.ErrorContext(ctx, "event log holds a record that is not ours", "subject", msg.Subject(), "error", err)
		}
	}
	return deliveries
}

// queue holds what came in while fn was at work, so that fn gets all of it at once: little when there is little to do,
// much when there is much. It is bounded by bytes.
type queue struct {
	mu      sync.Mutex
	waiting []jetstream.Msg
	bytes   int
	filled  chan struct{} // something is waiting
	emptied chan struct{} // everything was taken
}

func newQueue() *queue {
	return &queue{filled: make(chan struct{}, 1), emptied: make(chan struct{}, 1)}
}

// put waits while the queue is full.
func (q *queue) put(ctx context.Context, msg jetstream.Msg) {
	q.mu.Lock()
	for q.bytes >= deliverBytes {
		q.mu.Unlock()
		select {
		case <-ctx.Done():
			return
		case <-q.emptied:
		}
		q.mu.Lock()
	}
	q.waiting = append(q.waiting, msg)
	q.bytes += len(msg.Data())
	q.mu.Unlock()
	notify(q.filled)
}

// take waits for something and takes everything.
func (q *queue) take(ctx context.Context) []jetstream.Msg {
	select {
	case <-ctx.Done():
		return nil
	case <-q.filled:
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	taken := q.waiting
	q.waiting, q.bytes = nil, 0
	notify(q.emptied)
	return taken
}

func notify(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// deliver repeats fn until it succeeds and then acknowledges. Meanwhile the log is told that the work goes on.
func (l *Log) deliver(ctx context.Context, deliveries []Delivery, taken []jetstream.Msg, fn func(context.Context, []Delivery) error) error {
	working, done := context.WithCancel(ctx)
	defer done()
	go keepAlive(working, taken)
	for pause := shortestPause; len(deliveries) > 0; pause = min(2*pause, longestPause) {
		err := fn(ctx, deliveries)
		if err == nil {
			break
		}
		var lost *LostError
		if errors.As(err, &lost) || !wait(ctx, pause) {
			return err
		}
	}
	for _, msg := range taken {
		if err := msg.Ack(); err != nil {
			return fmt.Errorf("acknowledge: %w", err)
		}
	}
	return nil
}

// LostError from fn says that this process may not work on the partition any more. Nothing is acknowledged and reading
// starts over.
type LostError struct{ Cause error }

func (e *LostError) Error() string { return "partition is lost: " + e.Cause.Error() }

func (e *LostError) Unwrap() error { return e.Cause }

func keepAlive(ctx context.Context, taken []jetstream.Msg) {
	tick := time.NewTicker(ackWait / 3)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			for _, msg := range taken {
				_ = msg.InProgress()
			}
		}
	}
}
