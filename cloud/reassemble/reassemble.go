package reassemble

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/assemble"
	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/cloud/directory"
	"github.com/callweave/callweave/cloud/pg"
	"github.com/callweave/callweave/shared/wire"
	"github.com/callweave/callweave/tenants"
)

// Assembler is the part of cloud/call this package drives.
type Assembler interface {
	Inherit(state []byte, begins int64) error
	SetRules(rules call.Rules)
	assemble.Assembler
}

// Deps are what a run works with.
type Deps struct {
	DB           *pg.DB
	Directory    *directory.Directory
	Rules        assemble.Rules // nil: nobody decides anything
	NewAssembler func() Assembler
	Log          *slog.Logger
}

// Job says what is to be assembled anew: the calls of a tenant that began in [From, To).
type Job struct {
	Tenant   tenants.ID
	From, To time.Time
	// Write puts the new calls in place, some groups per transaction. Without it nothing is written.
	Write bool
	// Calls is how many calls go into one transaction; 0 means 200.
	Calls int
	// Tell is called for every call that differs, before it is written. An error of it ends the run.
	Tell func(Change) error
}

// Kind of a change.
type Kind string

// The kinds.
const (
	Added   Kind = "added"   // a call where none is stored
	Gone    Kind = "gone"    // stored, and no call any more
	Changed Kind = "changed" // the same call, told otherwise
)

// Change is one call that differs.
type Change struct {
	Kind    Kind
	Call    call.ID
	Start   time.Time
	Caller  string
	Dialled string
	Fields  []Field // of a changed call
}

// Summary counts calls.
type Summary struct {
	Compared  int `json:"compared"`  // calls of today's rules that were compared
	Same      int `json:"unchanged"` // of those
	Changed   int `json:"changed"`
	Added     int `json:"added"`
	Gone      int `json:"gone"`
	Live      int `json:"left_to_live"`   // stored calls that may still be changed by the assembler at work
	Unproved  int `json:"without_events"` // stored calls whose events are not stored, or not from their beginning
	Meanwhile int `json:"meanwhile"`      // calls that somebody else changed between comparing and writing
	Written   int `json:"written"`        // calls put in place or removed
}

// Times around a period.
const (
	leadIn  = time.Hour      // is fed before it at least: clocks are measured again, and who serves which queue is told
	longest = 24 * time.Hour // is the longest call that is assembled whole
	hold    = time.Minute    // after a call ended no late event changes it any more
)

const defaultCalls = 200

// Run assembles a period anew. What it wrote before an error stays, each call whole; running it again does the rest.
func Run(ctx context.Context, d Deps, job Job) (Summary, error) {
	if job.Calls == 0 {
		job.Calls = defaultCalls
	}
	told := map[call.ID]struct{}{}
	skip := map[batchKey]bool{}
	var before Summary
	for {
		r := &run{Deps: d, job: job, db: d.DB.As(job.Tenant), told: told, sum: before}
		r.streams = streams{db: r.db, skip: skip}
		err := r.run(ctx)
		var bad *badBatchError
		if !errors.As(err, &bad) || skip[bad.key] {
			if err != nil {
				err = fmt.Errorf("reassemble: %w", err)
			}
			return r.sum, err
		}
		// As it was done when the batch came, its events count as lost.
		d.Log.ErrorContext(ctx, "assembler fails on a batch, starting over without it; this is a bug worth reporting",
			"batch", bad.key.String(), "panic", bad.what)
		skip[bad.key] = true
		if job.Write { // what is written is found unchanged the next time
			before = Summary{Changed: r.sum.Changed, Added: r.sum.Added, Gone: r.sum.Gone, Written: r.sum.Written}
		}
	}
}

// badBatchError says that the assembler panicked.
type badBatchError struct {
	key  batchKey
	what string
}

func (e *badBatchError) Error() string {
	return fmt.Sprintf("the assembler fails on the batch of agent %s: %s", e.key, e.what)
}

// run is one pass over the period.
type run struct {
	Deps
	job     Job
	db      pg.Tenant
	asm     Assembler
	streams streams
	sum     Summary
	told    map[call.ID]struct{} // calls that were told in an earlier pass

	starts  time.Time            // of what is fed
	since   map[string]time.Time // per PBX: stored events reach back to here
	rest    map[string]time.Time // per PBX: the assembler at work has let go of what ended before
	now     int64                // up to here all streams are fed, ns
	drained int64                // when calls were last taken out

	results map[call.ID]*result
	stored  map[call.ID]*stored
	loaded  time.Time        // stored calls that began before this are in stored, or were dealt with
	last    call.ID          // the last one of them
	handled map[call.ID]bool // stored calls that were found by id, ahead of their time
	batch   []*group         // differ, and are told and written next
	waiting int              // calls in batch
}

// result is a call as today's rules tell it.
type result struct {
	*call.Call
	at   int64 // when it was handed out, ns of the stream
	keys []string
}

func (r *run) run(ctx context.Context) error {
	if err := r.begin(ctx); err != nil {
		return err
	}
	looked := int64(0)
	for {
		err := r.step(ctx)
		if errors.Is(err, errEnd) {
			break
		}
		if err != nil {
			return err
		}
		if d := time.Duration(r.now - looked); 0 <= d && d < lookEvery && len(r.results) < mostPending {
			continue
		}
		looked = r.now
		if err := r.look(ctx); err != nil {
			return err
		}
		if r.done() {
			break
		}
	}
	return r.finish(ctx)
}

const (
	drainEvery  = 2 * time.Second
	lookEvery   = 15 * time.Minute
	mostPending = 5000
)

// begin reads what the pass goes by. It stays the same throughout, whatever the assembler at work does meanwhile.
func (r *run) begin(ctx context.Context) error {
	r.handled = map[call.ID]bool{}
	r.results, r.stored, r.loaded = map[call.ID]*result{}, map[call.ID]*stored{}, r.job.From
	r.since, r.rest = map[string]time.Time{}, map[string]time.Time{}
	pbxs := map[int32]string{}
	var state []byte
	var rules call.Rules
	err := r.db.Read(ctx, func(tx pgx.Tx) (err error) {
		if err = r.readPBXs(ctx, tx, pbxs); err != nil {
			return err
		}
		err = tx.QueryRow(ctx, `SELECT least($2::timestamptz - $3::interval, min(started)) - interval '1 minute' FROM calls
			WHERE tenant_id = $1 AND started BETWEEN $2::timestamptz - $4::interval AND $2 AND coalesce(ended, 'infinity') >= $2`,
			r.job.Tenant.UUID(), r.job.From, leadIn, longest).Scan(&r.starts)
		if err != nil {
			return err
		}
		err = tx.QueryRow(ctx, `SELECT state FROM assembler_state WHERE tenant_id = current_tenant()`).Scan(&state)
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		if r.Rules != nil {
			rules, err = r.Rules.Read(ctx, tx)
			return err
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("read what is known: %w", err)
	}
	r.asm = r.NewAssembler()
	if state != nil {
		if err := r.asm.Inherit(state, r.starts.UnixNano()); err != nil {
			r.Log.WarnContext(ctx, "what the assembler at work knows cannot be read; going by the events of the period alone", "error", err)
		}
	}
	r.asm.SetRules(rules)
	if err := r.streams.begin(ctx, r.starts, pbxs); err != nil {
		return fmt.Errorf("find stored events: %w", err)
	}
	return nil
}

// readPBXs reads how far the stored events of each PBX reach back, and up to where the assembler at work has let go of
// what it made of them: what comes now is later, and an event that much later changes nothing that has ended.
func (r *run) readPBXs(ctx context.Context, tx pgx.Tx, pbxs map[int32]string) error {
	rows, err := tx.Query(ctx, `SELECT p.id, p.name,
			(SELECT min(from_at) FROM raw_batches b WHERE b.tenant_id = $1 AND b.pbx_id = p.id),
			(SELECT least(to_at, now()) FROM raw_batches b WHERE b.tenant_id = $1 AND b.pbx_id = p.id ORDER BY from_at DESC LIMIT 1)
		FROM pbxs p WHERE p.tenant_id = $1`, r.job.Tenant.UUID())
	if err != nil {
		return err
	}
	var id int32
	var name string
	var first, last *time.Time
	_, err = pgx.ForEachRow(rows, []any{&id, &name, &first, &last}, func() error {
		pbxs[id] = name
		if first != nil {
			r.since[name], r.rest[name] = *first, last.Add(-hold)
		}
		return nil
	})
	return err
}

// step feeds some events.
func (r *run) step(ctx context.Context) (err error) {
	var current batchKey
	defer func() {
		if p := recover(); p != nil {
			err = &badBatchError{current, fmt.Sprint(p)}
		}
	}()
	return r.streams.step(ctx, func(s *stream, ev *wire.Event) {
		current = s.batch
		r.asm.Feed(s.pbx, ev)
		r.now = ev.Received
		if d := time.Duration(r.now - r.drained); d >= drainEvery || d < 0 { // a clock may be set back
			r.drain()
		}
	})
}

// drain takes the changed calls out of the assembler. What operators did besides is left as it is.
func (r *run) drain() {
	r.drained = r.now
	r.asm.DrainStates()
	r.asm.DrainStates() // only calls are put anew
	for _, c := range r.asm.Drain() {
		for _, id := range c.Supersedes {
			delete(r.results, id)
		}
		x := &result{Call: c, at: r.now, keys: []string{c.ID.String()}}
		for _, k := range c.Channels {
			x.keys = append(x.keys, channelKey(k.PBX, k.Uniqueid))
		}
		r.results[c.ID] = x
	}
}

// done tells whether nothing of the period can come any more.
func (r *run) done() bool {
	now := time.Unix(0, r.now)
	if now.Before(r.job.To.Add(hold)) || len(r.stored) > 0 {
		return now.After(r.job.To.Add(longest))
	}
	for _, c := range r.results {
		if r.within(c.Start) {
			return now.After(r.job.To.Add(longest))
		}
	}
	return true
}

func (r *run) within(t time.Time) bool { return !t.Before(r.job.From) && t.Before(r.job.To) }
