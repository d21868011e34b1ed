package uplink

import (
	"context"
	"sync"
)

// window bounds what is sent and not yet committed: enough to keep a long fat link busy, little enough that a link
// that breaks has not much to repeat.
type window struct {
	maxBytes, maxCount int

	mu     sync.Mutex
	flight []sentBatch // oldest first
	bytes  int
	freed  chan struct{} // closed and renewed when room is made
	onwake context.CancelFunc
}

type sentBatch struct {
	last uint64
	size int
}

func newWindow(maxBytes, maxCount int) *window {
	return &window{maxBytes: maxBytes, maxCount: maxCount, freed: make(chan struct{})}
}

// enter waits for room for a batch and counts it in. An empty window takes a batch of any size. Before it waits it
// calls flush: what has not left cannot be committed.
func (w *window) enter(ctx context.Context, last uint64, size int, flush func() error) error {
	for flushed := false; ; flushed = true {
		w.mu.Lock()
		if len(w.flight) == 0 || w.bytes+size <= w.maxBytes && len(w.flight) < w.maxCount {
			w.flight = append(w.flight, sentBatch{last: last, size: size})
			w.bytes += size
			w.mu.Unlock()
			return nil
		}
		freed := w.freed
		w.mu.Unlock()
		if !flushed {
			if err := flush(); err != nil {
				return err
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-freed:
		}
	}
}

// committed makes room.
func (w *window) committed(seq uint64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := 0
	for n < len(w.flight) && w.flight[n].last <= seq {
		w.bytes -= w.flight[n].size
		n++
	}
	if n > 0 {
		w.flight = append(w.flight[:0], w.flight[n:]...)
		close(w.freed)
		w.freed = make(chan struct{})
	}
}

// reset forgets what is in flight: it will be sent again.
func (w *window) reset() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.flight, w.bytes = w.flight[:0], 0
}

// onWake sets what wake calls.
func (w *window) onWake(fn context.CancelFunc) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.onwake = fn
}

// wake ends the sender's waiting.
func (w *window) wake() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.onwake != nil {
		w.onwake()
	}
}
