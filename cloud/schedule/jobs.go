package schedule

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"

	"github.com/callweave/callweave/tenants"
)

const (
	schema   = "jobs"
	queue    = river.QueueDefault
	tries    = 8
	lookFor  = 30 * time.Second // how often it is looked for what is due
	jobTime  = 10 * time.Minute
	atOnce   = 2   // reports computed at the same time by one node
	mostDue  = 500 // taken up at once
	rescueIn = 15 * time.Minute
)

// Job is a sending to be done: ids and the moment it is due, all that stands in river's tables.
type Job struct {
	Tenant   string    `json:"tenant"`
	Schedule int32     `json:"schedule"`
	Due      time.Time `json:"due"`
	ByHand   bool      `json:"by_hand,omitempty"`
}

// Kind names the job.
func (Job) Kind() string { return "send_report" }

// InsertOpts has a sending only once in the queue, also after it was done.
func (Job) InsertOpts() river.InsertOpts {
	return river.InsertOpts{MaxAttempts: tries, UniqueOpts: river.UniqueOpts{ByArgs: true}}
}

// look is the job that looks for what is due.
type look struct{}

func (look) Kind() string { return "look_for_due_reports" }

func (look) InsertOpts() river.InsertOpts {
	return river.InsertOpts{MaxAttempts: 1, Priority: 2, UniqueOpts: river.UniqueOpts{ByPeriod: lookFor, ByState: []rivertype.JobState{
		rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRunning, rivertype.JobStateRetryable, rivertype.JobStateScheduled,
	}}}
}

// Runner works through the queue.
type Runner struct {
	client *river.Client[pgx.Tx]
	pool   *pgxpool.Pool
	sender *Sender
}

// NewRunner prepares a node for sending. It takes connections of its own, closed by Run.
func NewRunner(ctx context.Context, deps Deps) (*Runner, error) {
	pool, err := deps.DB.SystemPool(ctx, 5)
	if err != nil {
		return nil, fmt.Errorf("open job queue: %w", err)
	}
	r := &Runner{pool: pool, sender: &Sender{deps}}
	workers := river.NewWorkers()
	river.AddWorker(workers, &sending{r: r})
	river.AddWorker(workers, &looking{r: r})
	r.client, err = river.NewClient(riverpgxv5.New(pool), &river.Config{
		Schema: schema, Workers: workers, Queues: map[string]river.QueueConfig{queue: {MaxWorkers: atOnce}}, Logger: quieter(deps.Log),
		JobTimeout: jobTime, RescueStuckJobsAfter: rescueIn, RetryPolicy: patience{},
		// The queue is not the owner of its tables, which rebuilding indexes would take; it stays small by itself.
		ReindexerIndexNames: []string{},
		PeriodicJobs: []*river.PeriodicJob{
			river.NewPeriodicJob(river.PeriodicInterval(lookFor), func() (river.JobArgs, *river.InsertOpts) { return look{}, nil }, &river.PeriodicJobOpts{RunOnStart: true}),
		},
	})
	if err != nil {
		pool.Close()
		return nil, fmt.Errorf("open job queue: %w", err)
	}
	return r, nil
}

// Run works until ctx ends; a letter that is being handed over then is handed over to its end.
func (r *Runner) Run(ctx context.Context) error {
	defer r.pool.Close()
	life, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	if err := r.client.Start(life); err != nil {
		return fmt.Errorf("start job queue: %w", err)
	}
	<-ctx.Done()
	grace, cancel := context.WithTimeout(life, 10*time.Second)
	defer cancel()
	if err := r.client.Stop(grace); err == nil || !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	hard, cancel := context.WithTimeout(life, 5*time.Second)
	defer cancel()
	return r.client.StopAndCancel(hard)
}

// SendNow has a schedule sent at once, whether it is paused or not, and returns the moment that names the sending.
func (r *Runner) SendNow(ctx context.Context, tenant tenants.ID, id int32) (time.Time, error) {
	due := r.sender.Now().UTC().Truncate(time.Microsecond)
	if _, err := r.client.Insert(ctx, Job{Tenant: tenant.String(), Schedule: id, Due: due, ByHand: true}, nil); err != nil {
		return due, fmt.Errorf("send now: %w", err)
	}
	return due, nil
}

type sending struct {
	river.WorkerDefaults[Job]
	r *Runner
}

// Work sends.
func (s *sending) Work(ctx context.Context, job *river.Job[Job]) error {
	err := s.r.sender.Send(ctx, job.Args, job.Attempt >= job.MaxAttempts)
	if errors.Is(err, errAgain) {
		return err
	}
	if err != nil {
		s.r.sender.Log.WarnContext(ctx, "report not sent yet", slog.String("tenant", job.Args.Tenant), slog.Int("schedule", int(job.Args.Schedule)),
			slog.Int("try", job.Attempt), slog.Any("error", err))
		return errors.New("see the log") // what river keeps of an error holds nothing of the tenant's
	}
	return nil
}

type looking struct {
	river.WorkerDefaults[look]
	r *Runner
}

// Work makes a job of everything that is due. What is made twice is one job, and what is sent is put forward by the sending.
func (l *looking) Work(ctx context.Context, _ *river.Job[look]) error {
	s := l.r.sender
	err := s.DB.System().Tx(ctx, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `SELECT tenant_id::text, schedule_id, at FROM schedule_due WHERE at <= $1 ORDER BY at LIMIT $2`, s.Now(), mostDue)
		if err != nil {
			return err
		}
		jobs, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (p river.InsertManyParams, err error) {
			var j Job
			err = row.Scan(&j.Tenant, &j.Schedule, &j.Due)
			j.Due = j.Due.UTC()
			p.Args = j
			return p, err
		})
		if err != nil || len(jobs) == 0 {
			return err
		}
		_, err = l.r.client.InsertManyTx(ctx, tx, jobs)
		return err
	})
	if err != nil {
		return fmt.Errorf("look for due reports: %w", err)
	}
	return nil
}

// patience is how long a sending waits before it is tried again: over the last try three hours have passed.
type patience struct{}

// NextRetry is when.
func (patience) NextRetry(job *rivertype.JobRow) time.Time {
	waits := []time.Duration{time.Minute, 2 * time.Minute, 5 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour, time.Hour}
	return time.Now().Add(waits[min(max(job.Attempt, 1), len(waits))-1])
}

// quieter keeps what river tells about its own working out of the log, but for what goes wrong.
func quieter(log *slog.Logger) *slog.Logger { return slog.New(warnings{log.Handler()}) }

type warnings struct{ slog.Handler }

func (w warnings) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn && w.Handler.Enabled(ctx, l)
}

func (w warnings) WithAttrs(a []slog.Attr) slog.Handler { return warnings{w.Handler.WithAttrs(a)} }

func (w warnings) WithGroup(name string) slog.Handler { return warnings{w.Handler.WithGroup(name)} }
