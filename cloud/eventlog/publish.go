package eventlog

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/callweave/callweave/tenants"
)

// ErrTooLarge is a batch beyond what the contract allows.
var ErrTooLarge = errors.New("batch is larger than the event log takes")

// Publish returns when the batch is on disk in the log. A batch that was published in the last two minutes is taken
// once. After an error it may be in the log or not; publishing it again is right. The batch may be reused afterwards.
func (l *Log) Publish(ctx context.Context, m Message) error {
	if len(m.Batch) > maxBatch {
		return fmt.Errorf("publish batch: %w", ErrTooLarge)
	}
	r := &request{
		ctx: ctx, id: dedupeID(&m), done: make(chan error, 1),
		body: appendBatch(make([]byte, 0, batchHeader+len(m.Batch)), &m), // a copy: the caller may give up before the writer
	}
	w := l.writers[l.PartitionOf(m.Tenant)]
	select {
	case w.in <- r:
	case <-ctx.Done():
		return fmt.Errorf("publish batch: %w", ctx.Err())
	case <-l.done.Done():
		return fmt.Errorf("publish batch: %w", ErrClosed)
	}
	select {
	case err := <-r.done:
		if err != nil {
			return fmt.Errorf("publish batch: %w", err)
		}
		return nil
	case <-ctx.Done():
		return fmt.Errorf("publish batch: %w", ctx.Err())
	case <-l.done.Done():
		return fmt.Errorf("publish batch: %w", ErrClosed)
	}
}

// Wake has whoever consumes the tenant's partition get a delivery without a batch, so that it looks at the tenant though
// no agent sends anything.
func (l *Log) Wake(ctx context.Context, tenant tenants.ID) error {
	return l.Publish(ctx, Message{Tenant: tenant, Agent: uuid.New()}) // an id of its own: no two are duplicates
}

type request struct {
	ctx  context.Context
	id   string
	body []byte
	done chan error
}

// writer writes one partition. The log syncs its file for every message it takes, so the batches that came in while
// the last sync ran go together in the next message: the number of syncs does not grow with the number of agents.
type writer struct {
	log     *Log
	subject string
	in      chan *request
	rec     []byte
	group   []*request
	held    *request // did not fit into the last group
}

func newWriter(l *Log, partition int) *writer {
	return &writer{log: l, subject: eventSubject(partition), in: make(chan *request, 256)}
}

func (w *writer) run() {
	for w.gather() {
		err := w.send()
		for _, r := range w.group {
			r.done <- err
		}
	}
}

// gather waits for a request and takes what else is there.
func (w *writer) gather() bool {
	w.rec, w.group = append(w.rec[:0], recordVersion), w.group[:0]
	first := w.held
	w.held = nil
	if first == nil {
		select {
		case first = <-w.in:
		case <-w.log.done.Done():
			return false
		}
	}
	w.take(first)
	for {
		select {
		case r := <-w.in:
			if len(w.rec)+len(r.body) > maxRecord {
				w.held = r
				return true
			}
			w.take(r)
		default:
			return true
		}
	}
}

func (w *writer) take(r *request) {
	if err := r.ctx.Err(); err != nil {
		r.done <- err
		return
	}
	w.rec = append(w.rec, r.body...)
	w.group = append(w.group, r)
}

func (w *writer) send() error {
	if len(w.group) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(w.log.done, callTime)
	defer cancel()
	_, err := w.log.js.Publish(ctx, w.subject, w.rec, jetstream.WithMsgID(w.id()), jetstream.WithRetryAttempts(0))
	return err
}

func (w *writer) id() string {
	if len(w.group) == 1 {
		return w.group[0].id
	}
	h := sha256.New()
	for _, r := range w.group {
		h.Write([]byte(r.id))
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}
