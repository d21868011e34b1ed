package capture

import (
	"log/slog"
	"strconv"
	"sync"
	"time"

	"github.com/callweave/callweave/shared/wire"
	"github.com/callweave/callweave/shared/wire/amitext"
)

// Spool is where batches are kept until the cloud has them. Append returns when the batch is durable; after an error it
// is not, and the same batch may be appended again.
type Spool interface {
	Append(batch []byte) error
	NextSeq() uint64
	Stream() uint64
}

// Config bounds batches and memory. Zero values mean the defaults.
type Config struct {
	BatchEvents int           // default 256
	BatchBytes  int           // before compression; default 1 MiB
	BatchAge    time.Duration // default 50 ms
	QueueBytes  int           // encoded batches in memory; default 8 MiB
	RetryEvery  time.Duration // while the spool cannot be written to; default 1 s
	ClockStep   time.Duration // what counts as a jump of the wall clock; default 500 ms
}

func (c Config) withDefaults() Config {
	if c.BatchEvents <= 0 {
		c.BatchEvents = 256
	}
	if c.BatchBytes <= 0 {
		c.BatchBytes = 1 << 20
	}
	if c.BatchAge <= 0 {
		c.BatchAge = 50 * time.Millisecond
	}
	if c.QueueBytes <= 0 {
		c.QueueBytes = 8 << 20
	}
	if c.RetryEvery <= 0 {
		c.RetryEvery = time.Second
	}
	if c.ClockStep <= 0 {
		c.ClockStep = 500 * time.Millisecond
	}
	return c
}

// Deps are what capture needs from outside.
type Deps struct {
	Spool Spool
	Log   *slog.Logger
	// Clock returns the wall clock in ns since 1970, and a clock that cannot jump; default those of the machine.
	Clock func() (wall int64, steady time.Duration)
	// Observe sees every event of the stream, the agent's own included; it neither waits nor keeps the event. May be nil.
	Observe func(*wire.Event)
}

// Capture is the sink of an AMI client. Run moves what it took to the spool.
type Capture struct {
	cfg   Config
	spool Spool
	log   *slog.Logger
	clock func() (int64, time.Duration)
	look  func(*wire.Event)

	mu       sync.Mutex // held for as long as an event takes; nobody waits for the disk with it but through room
	session  *amitext.Session
	encoder  *wire.BatchEncoder
	oldest   time.Duration // when the first event of the batch in the encoder came, by the steady clock
	wall     int64         // at the last look
	steady   time.Duration
	queue    queue
	room     *sync.Cond // the queue got shorter, or the spool began to fail
	failing  error      // the spool's last error
	stopping bool
	stats    Stats
	kick     chan struct{} // there is a batch in the queue
}

// Stats are counters since the start.
type Stats struct {
	Events        uint64
	Batches       uint64
	BatchBytes    uint64 // encoded
	NotUnderstood uint64
	UnknownEvents uint64
	Lost          uint64 // events given up because neither spool nor memory took them
	ClockSteps    uint64
	LastEvent     int64 // ns since 1970
	Queued        int   // batches in memory now
	QueuedBytes   int
	Problem       string // why the spool cannot be written to; empty when it can
}

// New returns a capture that goes on where the spool ends.
func New(cfg Config, deps Deps) *Capture {
	c := &Capture{
		cfg: cfg.withDefaults(), spool: deps.Spool, log: deps.Log, clock: deps.Clock, look: deps.Observe, encoder: wire.NewBatchEncoder(),
		kick: make(chan struct{}, 1),
	}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	if c.clock == nil {
		start := time.Now()
		c.clock = func() (int64, time.Duration) {
			now := time.Now()
			return now.UnixNano(), now.Sub(start)
		}
	}
	c.room = sync.NewCond(&c.mu)
	c.session = amitext.NewSession(deps.Spool.NextSeq(), c.encode)
	c.wall, c.steady = c.clock()
	c.encoder.Reset(c.spool.Stream(), c.session.NextSeq())
	return c
}

// Stats returns the counters.
func (c *Capture) Stats() Stats {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.stats
	s.Queued, s.QueuedBytes = c.queue.len(), c.queue.bytes
	if c.failing != nil {
		s.Problem = c.failing.Error()
	}
	return s
}

// Connected takes note of a connection. With the methods below it makes Capture the sink of an ami.Client.
func (c *Capture) Connected(address string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.session.Connected(c.now(), address)
}

// Banner takes the PBX's greeting.
func (c *Capture) Banner(banner string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.session.Banner(banner)
}

// Sent takes note of an action.
func (c *Capture) Sent(action, id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.session.Sent(c.now(), action, id)
}

// Packet takes an event. It waits only where the spool is slower than the PBX and the queue is full.
func (c *Capture) Packet(ev *wire.Event) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.queue.bytes >= c.cfg.QueueBytes && c.failing == nil && !c.stopping {
		c.room.Wait()
	}
	c.session.Packet(c.now(), ev)
}

// Disconnected takes note that the connection is gone.
func (c *Capture) Disconnected(reason string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.session.Disconnected(c.now(), reason)
}

// now returns the wall clock. When that has moved otherwise than the steady one since the last look it was set, and the
// stream says so before anything is stamped with the new time.
func (c *Capture) now() int64 {
	wall, steady := c.clock()
	step := time.Duration(wall-c.wall) - (steady - c.steady)
	c.wall, c.steady = wall, steady
	if step.Abs() >= c.cfg.ClockStep {
		c.stats.ClockSteps++
		c.log.Warn("this machine's clock was set: keep it right with NTP (chrony or systemd-timesyncd)", slog.Duration("by", step))
		c.session.Mark(wall, wire.AgentClockStep,
			wire.Field{ID: wire.AgentFieldOffset, Value: strconv.FormatInt(step.Microseconds(), 10)})
	}
	return wall
}

// encode takes the session's events.
func (c *Capture) encode(ev *wire.Event) {
	if c.encoder.Len() == 0 {
		c.oldest = c.steady
	}
	if err := c.encoder.Add(ev); err != nil {
		c.log.Error("an event does not fit the stream", slog.Any("error", err)) // the session numbers them, so it cannot
		return
	}
	if c.look != nil {
		c.look(ev)
	}
	c.stats.Events++
	c.stats.LastEvent = ev.Received
	switch ev.ID {
	case 0:
		c.stats.UnknownEvents++
	case wire.AgentNotUnderstood:
		c.stats.NotUnderstood++
	default:
	}
	if c.encoder.Len() >= c.cfg.BatchEvents || c.encoder.Size() >= c.cfg.BatchBytes {
		c.seal()
	}
}

// seal puts the batch into the queue and begins the next.
func (c *Capture) seal() {
	info := c.encoder.Info()
	if info.Count == 0 {
		return
	}
	batch := c.encoder.Finish(nil)
	c.encoder.Reset(c.spool.Stream(), c.session.NextSeq())
	c.stats.Batches++
	c.stats.BatchBytes += uint64(len(batch))
	c.queue.push(info, batch)
	if c.failing != nil {
		c.stats.Lost += c.queue.shrink(c.cfg.QueueBytes)
	}
	select {
	case c.kick <- struct{}{}:
	default:
	}
}
