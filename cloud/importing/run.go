package importing

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/assemble"
	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/cloud/directory"
	"github.com/callweave/callweave/cloud/pg"
	"github.com/callweave/callweave/tenants"
)

// Deps are what a run works with.
type Deps struct {
	DB        *pg.DB
	Directory *directory.Directory
	Rules     assemble.Rules // nil: nobody decides anything
	Log       *slog.Logger
	Now       func() time.Time
}

// Job says what is to be imported.
type Job struct {
	ID      uuid.UUID // of the run; made by whoever asks, so that it can be looked for at once
	Tenant  tenants.ID
	AskedBy string // "" for the command line
	Sources []Source
	Reading
	DryRun bool // nothing is written but the run itself
	// Tell is called for every difference. nil: nobody listens.
	Tell func(*Difference) error
}

// Summary counts calls.
type Summary struct {
	Calls      int            `json:"calls"`             // that the logs tell of the period
	New        int            `json:"new"`               // of those, where nothing was stored
	Replaced   int            `json:"replaced"`          // put in place of what an earlier import made
	Same       int            `json:"same"`              // as an earlier import made them
	Kept       int            `json:"kept"`              // left as an earlier import made them, out of more logs
	Heard      int            `json:"heard"`             // heard live: those stand
	Equal      int            `json:"equal"`             // of those, which the logs tell alike
	Different  int            `json:"different"`         // of those, which the logs tell otherwise
	OnlyInLogs int            `json:"only_in_logs"`      // left out: of a time in which everything was heard, and no such call
	Written    int            `json:"written"`           // calls put in place or removed
	States     int            `json:"states"`            // intervals of operators that were written
	Shown      int            `json:"shown"`             // differences that are listed
	Unknown    map[string]int `json:"unknown,omitempty"` // members of queues whose device is not known, with their rings
	First      *time.Time     `json:"first"`             // start of the first call
	Last       *time.Time     `json:"last"`
	At         time.Time      `json:"at"` // when this was counted
	Failure    *Failure       `json:"failure,omitempty"`
}

// Failure says why a run failed.
type Failure struct {
	Code   string `json:"code"` // of a logs.FileError; nothing, interrupted, internal
	File   string `json:"file"` // "" where it is about no single one
	Detail string `json:"detail"`
}

// Numbers that bound a run.
const (
	batchCalls = 500    // calls that are compared and written together
	mostListed = 10_000 // differences that are kept
	longest    = 24 * time.Hour
)

// Run imports. What it wrote before an error stays; running it again does the rest.
func Run(ctx context.Context, d Deps, job Job) (Summary, error) {
	r, err := begin(ctx, d, job)
	if err != nil {
		return Summary{}, err
	}
	return r.do(ctx)
}

// begin notes the run; what is wrong with the job itself is said here.
func begin(ctx context.Context, d Deps, job Job) (*run, error) {
	r := &run{Deps: d, job: job, db: d.DB.As(job.Tenant)}
	if err := r.begin(ctx); err != nil {
		return nil, fmt.Errorf("import: %w", err)
	}
	return r, nil
}

func (r *run) do(ctx context.Context) (Summary, error) {
	err := r.work(ctx)
	if e := r.finish(context.WithoutCancel(ctx), err); e != nil && err == nil {
		err = e
	}
	if err != nil {
		return r.sum, fmt.Errorf("import: %w", err)
	}
	return r.sum, nil
}

type run struct {
	Deps
	job     Job
	db      pg.Tenant
	pbx     int32
	ears    ears
	sum     Summary
	files   []File
	waiting []*call.Call
	listed  []*Difference
	n       int // of differences, from 1
}

// begin notes the run, and what is known beforehand.
func (r *run) begin(ctx context.Context) error {
	return r.db.Tx(ctx, func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, `SELECT id FROM pbxs WHERE tenant_id = current_tenant() AND name = $1`, r.job.PBX).Scan(&r.pbx)
		if errors.Is(err, pgx.ErrNoRows) {
			return fmt.Errorf("%w: %s", directory.ErrNoPBX, r.job.PBX)
		}
		if err != nil {
			return err
		}
		if r.ears, err = listened(ctx, tx, r.pbx, &r.job.Reading); err != nil {
			return err
		}
		if r.job.Members, err = readMembers(ctx, tx, r.pbx, r.job.Members); err != nil {
			return err
		}
		if r.Rules != nil {
			if r.job.Rules, err = r.Rules.Read(ctx, tx); err != nil {
				return err
			}
		}
		return r.note(ctx, tx)
	})
}

func (r *run) work(ctx context.Context) error {
	past, err := Read(ctx, r.job.Sources, r.job.Reading)
	if err != nil {
		return err
	}
	defer func() { _ = past.Close() }()
	r.files = past.Files
	rows := 0
	for _, f := range past.Files {
		rows += f.Rows
	}
	if rows == 0 {
		return ErrNothing
	}
	err = past.Calls(ctx, func(list []*call.Call) error { return r.take(ctx, list) }, func(list []call.Interval) error { return r.states(ctx, list) })
	if err != nil {
		return err
	}
	r.sum.Unknown = past.Unknown
	return r.flush(ctx)
}

func (r *run) take(ctx context.Context, list []*call.Call) error {
	for _, c := range list {
		r.sum.Calls++
		start := c.Start
		if r.sum.First == nil || start.Before(*r.sum.First) {
			r.sum.First = &start
		}
		if r.sum.Last == nil || start.After(*r.sum.Last) {
			r.sum.Last = &start
		}
	}
	if r.waiting = append(r.waiting, list...); len(r.waiting) < batchCalls {
		return nil
	}
	return r.flush(ctx)
}

// flush compares and writes the calls that wait.
func (r *run) flush(ctx context.Context) error {
	calls := r.waiting
	r.waiting = nil
	if len(calls) > 0 {
		if err := r.settle(ctx, calls); err != nil {
			return err
		}
	}
	if err := r.list(ctx); err != nil {
		return err
	}
	return r.progress(ctx)
}

// settle decides what becomes of each call, and writes what is to be written, in one transaction.
func (r *run) settle(ctx context.Context, calls []*call.Call) error {
	names := r.Directory.Session(r.job.Tenant)
	var sum Summary
	var differences []*Difference
	err := r.db.Tx(ctx, func(tx pgx.Tx) error {
		known, err := r.stored(ctx, tx, calls)
		if err != nil {
			return err
		}
		sum, differences = r.sum, nil
		var put []*call.Call
		var gone []call.ID
		for _, c := range calls {
			v := r.verdict(c, known.of(c), &sum)
			if differences = append(differences, v.differences...); v.put {
				put, gone = append(put, c), append(gone, v.gone...)
			}
		}
		if r.job.DryRun || len(put) == 0 {
			return nil
		}
		sum.Written += len(put) + len(gone)
		return assemble.Put(ctx, tx, names, r.job.Tenant, put, gone)
	})
	if err != nil {
		return fmt.Errorf("write calls that began about %s: %w", calls[0].Start.Format(time.RFC3339), err)
	}
	names.Keep()
	r.sum = sum
	for _, d := range differences {
		if err := r.tell(d); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) tell(d *Difference) error {
	r.n++
	if d.N = r.n; r.n <= mostListed {
		r.listed = append(r.listed, d)
		r.sum.Shown++
	}
	if r.job.Tell == nil {
		return nil
	}
	return r.job.Tell(d)
}

// states writes what operators did in times nobody listened. What the logs leave open is not known to last.
func (r *run) states(ctx context.Context, list []call.Interval) error {
	var put []call.Interval
	for _, x := range list {
		if x.Void || x.To.IsZero() || x.Kind == call.StateUnknown || r.ears.touches(x.From, x.To) || !r.job.within(x.From) {
			continue
		}
		if madeUp(x.Interface) {
			x.Interface = ""
		}
		x.Estimated = true
		put = append(put, x)
	}
	r.sum.States += len(put)
	if r.job.DryRun || len(put) == 0 {
		return nil
	}
	names := r.Directory.Session(r.job.Tenant)
	err := r.db.Tx(ctx, func(tx pgx.Tx) error { return assemble.PutStates(ctx, tx, names, r.job.Tenant, put) })
	if err == nil {
		names.Keep()
	}
	return err
}
