package capture

import (
	"context"
	"log/slog"
	"time"
)

// Run moves batches to the spool until the context ends; then it stores what is left and returns nil. A spool that
// fails is tried again for ever: what to do about it is in its error, which is logged once.
func (c *Capture) Run(ctx context.Context) error {
	tick := time.NewTicker(c.cfg.BatchAge)
	defer tick.Stop()
	var retry <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			c.stop()
			return nil
		case <-tick.C:
			c.tick()
		case <-c.kick:
		case <-retry:
			retry = nil
		}
		if retry == nil && !c.drain() {
			retry = time.After(c.cfg.RetryEvery)
		}
	}
}

// tick seals a batch that has waited long enough, and lets the session see that time passes.
func (c *Capture) tick() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.session.Tick(c.now())
	if c.encoder.Len() > 0 && c.steady-c.oldest >= c.cfg.BatchAge {
		c.seal()
	}
}

// stop stores what is left, as far as the spool takes it.
func (c *Capture) stop() {
	c.mu.Lock()
	c.seal()
	c.stopping = true
	c.room.Broadcast()
	c.mu.Unlock()
	if !c.drain() {
		c.log.Error("events in memory are lost: the spool could not be written to when the agent stopped", slog.Int("batches", c.Stats().Queued))
	}
}

// drain writes the queue to the spool. It returns false where the spool failed.
func (c *Capture) drain() bool {
	for {
		c.mu.Lock()
		batch, ok := c.queue.take()
		c.mu.Unlock()
		if !ok {
			return true
		}
		err := c.spool.Append(batch)
		c.mu.Lock()
		c.queue.done(err == nil)
		c.told(err)
		c.room.Broadcast()
		c.mu.Unlock()
		if err != nil {
			return false
		}
	}
}

// told logs when the spool begins to fail and when it works again, each once.
func (c *Capture) told(err error) {
	switch {
	case err != nil && c.failing == nil:
		c.log.Error("the spool cannot be written to; events are kept in memory and the oldest will be lost if this lasts",
			slog.Any("error", err), slog.Int("memory_bytes", c.cfg.QueueBytes))
	case err == nil && c.failing != nil:
		c.log.Info("the spool can be written to again", slog.Uint64("events_lost", c.stats.Lost))
	}
	c.failing = err
}
