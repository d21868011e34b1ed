package assemble

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/cloud/directory"
	"github.com/callweave/callweave/cloud/eventlog"
	"github.com/callweave/callweave/cloud/pg"
	"github.com/callweave/callweave/shared/wire"
	"github.com/callweave/callweave/tenants"
)

// Assembler is the part of cloud/call this package drives. The same calls in the same order give the same results.
type Assembler interface {
	Feed(pbx string, ev *wire.Event)
	Advance(pbx string, now int64)
	Drain() []*call.Call
	DrainStates() []call.Interval
	ResumeStates(lasting []call.Interval)
	SetRules(rules call.Rules)
	RulesRev() int64
	Learned() []call.Fact
	Trunks() []call.TrunkUse
	Counters() call.Counters
	Snapshot() ([]byte, error)
	Restore(state []byte) error
}

// Rules are what people decided about a tenant's PBXs. Both are asked as the tenant.
type Rules interface {
	// Rev returns the number of the latest decisions, 0 for none.
	Rev(ctx context.Context, tx pgx.Tx) (int64, error)
	// Read returns all decisions with their number.
	Read(ctx context.Context, tx pgx.Tx) (call.Rules, error)
}

// Log is where batches come from and signals go to.
type Log interface {
	Partitions() int
	Consume(ctx context.Context, partition int, fn func(context.Context, []eventlog.Delivery) error) error
	Committed(agent uuid.UUID, stream, seq uint64) error
	Resend(agent uuid.UUID, stream, seq uint64) error
	Wake(ctx context.Context, tenant tenants.ID) error
	Changed(tenant tenants.ID, calls []uuid.UUID) error
}

// Config says who this is. Zero values mean the defaults.
type Config struct {
	Owner string // for people who look into the table of partitions
	// SnapshotEvents, SnapshotSteps and SnapshotAfter bound what a restart has to do again: 100,000, 500, 30 s.
	SnapshotEvents int
	SnapshotSteps  int
	SnapshotAfter  time.Duration
	// StepBytes is how much of what waits goes into one step: 1 MiB. While a step is committed, the next one is fed.
	StepBytes int
	// Tenants is how many tenants of a partition are worked on at the same time: 4.
	Tenants int
}

func (c Config) withDefaults() Config {
	def(&c.SnapshotEvents, 100_000)
	def(&c.SnapshotSteps, 500)
	def(&c.SnapshotAfter, 30*time.Second)
	def(&c.StepBytes, 1<<20)
	def(&c.Tenants, 4)
	return c
}

func def[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// Deps are what the runner works with.
type Deps struct {
	DB           *pg.DB
	Log          Log
	Directory    *directory.Directory
	Rules        Rules // nil: nobody decides anything
	NewAssembler func() Assembler
	Metrics      *Metrics
	Logger       *slog.Logger
	Now          func() time.Time
}

// Runner works on every partition it gets from the log.
type Runner struct {
	cfg    Config
	deps   Deps
	outage outage
}

// New opens nothing.
func New(cfg Config, deps Deps) *Runner {
	return &Runner{cfg: cfg.withDefaults(), deps: deps, outage: outage{log: deps.Logger, now: deps.Now, metrics: deps.Metrics}}
}

// idleLook is how often tenants without events are looked at for delays that have passed.
const idleLook = 500 * time.Millisecond

// Run works until ctx ends.
func (r *Runner) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var wg sync.WaitGroup
	for n := range r.deps.Log.Partitions() {
		p := &partition{r: r, n: n, tenants: map[tenants.ID]*tenant{}}
		wg.Go(func() {
			if err := r.deps.Log.Consume(ctx, n, p.handle); err != nil {
				cancel(err)
			}
		})
		wg.Go(func() { p.idle(ctx) })
	}
	wg.Go(func() { r.wake(ctx) })
	<-ctx.Done()
	wg.Wait()
	if err := context.Cause(ctx); err != ctx.Err() { //nolint:errorlint // the very error is meant: whether anybody gave a cause
		return err
	}
	return nil
}

// outage tells people once that the database is away, and once that it is back.
type outage struct {
	log     *slog.Logger
	now     func() time.Time
	metrics *Metrics

	mu    sync.Mutex
	since time.Time
}

func (o *outage) failed(ctx context.Context, err error) {
	o.metrics.failures.Inc()
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.since.IsZero() {
		o.since = o.now()
		o.metrics.away.Set(1)
		o.log.ErrorContext(ctx, "database takes no calls; batches wait in the event log and with the agents until it does", "error", err)
	}
}

func (o *outage) over(ctx context.Context) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.since.IsZero() {
		o.log.InfoContext(ctx, "database takes calls again", "away", o.now().Sub(o.since).Round(time.Millisecond))
		o.since = time.Time{}
		o.metrics.away.Set(0)
	}
}
