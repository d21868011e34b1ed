package assemble

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/cloud/directory"
)

const (
	shortestPause = 100 * time.Millisecond
	longestPause  = 5 * time.Second
)

// pause waits before the next attempt, longer each time. It returns false when ctx ends.
func pause(ctx context.Context, attempt int) bool {
	d := longestPause
	if attempt < 6 {
		d = min(shortestPause<<attempt, longestPause)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// commit writes a step, however long the database is away, and tells the others. It fails only when ctx ends or the
// partition is lost; the tenant is then to be loaded again.
func (t *tenant) commit(ctx context.Context, s *step) error {
	began := t.r.deps.Now()
	w := write{t: t, s: s}
	for attempt := 0; ; attempt++ {
		err := w.once(ctx)
		if err == nil {
			break
		}
		if isFenced(err) {
			return fmt.Errorf("commit: %w", errFenced)
		}
		if refused(err) && !w.careful {
			t.log.WarnContext(ctx, "database refuses a step, writing its calls one by one", "error", err)
			w.careful = true
			continue
		}
		t.r.outage.failed(ctx, err)
		w.doubt = true
		if !pause(ctx, attempt) {
			return fmt.Errorf("commit: %w", errors.Join(ctx.Err(), err))
		}
	}
	t.r.outage.over(ctx)
	t.r.deps.Metrics.commit.Observe(t.r.deps.Now().Sub(began).Seconds())
	t.done(s)
	t.tell(ctx, s)
	return nil
}

// refused tells an error that trying again does not cure: the data is what the database does not like.
func refused(err error) bool {
	var pe *pgconn.PgError
	if !errors.As(err, &pe) || len(pe.Code) < 2 || pe.ConstraintName == "assembler_steps_pkey" {
		return false
	}
	switch pe.Code[:2] {
	case "21", "22", "23", "42", "54":
		return true
	}
	return false
}

// prepare ends a step: the next one may be fed now. It saves the assembler's memory with this step when enough has
// happened since it was saved.
func (t *tenant) prepare(s *step) error {
	t.step = max(t.step, s.n)
	if s.empty() {
		t.step = s.n - 1
		return nil
	}
	t.since.events += s.events
	t.since.steps++
	now := t.r.deps.Now()
	if now.Sub(t.learned) >= t.r.cfg.SnapshotAfter {
		t.learn(s, now)
	}
	if !t.worthSaving(now) {
		return nil
	}
	state, err := t.asm.Snapshot()
	if err != nil {
		return fmt.Errorf("save assembler's memory: %w", err)
	}
	t.r.deps.Metrics.snapshot.Observe(float64(len(state)))
	t.since = since{saved: now, size: len(state)}
	s.state = state
	t.learn(s, now)
	return nil
}

// Saving a large memory costs more than feeding events does. So it is saved once as many events have been fed as that
// took, which bounds both what saving costs and what a restart has to do again; mostSteps bounds the latter where steps
// are small.
const (
	bytesPerEvent = 12 // of saved memory that cost as much as an event
	mostSteps     = 20 // times the usual number of steps
)

func (t *tenant) worthSaving(now time.Time) bool {
	c, n := &t.r.cfg, &t.since
	if n.events < c.SnapshotEvents && n.steps < c.SnapshotSteps && now.Sub(n.saved) < c.SnapshotAfter {
		return false
	}
	return n.events*bytesPerEvent >= n.size || n.steps >= mostSteps*c.SnapshotSteps
}

// done takes note of a step that is committed. Only the next commit looks at what it changes.
func (t *tenant) done(s *step) {
	for id, c := range s.calls {
		if c.Open {
			t.open[id] = struct{}{}
		} else {
			delete(t.open, id)
		}
	}
	for _, id := range s.dead {
		if _, again := s.calls[id]; !again {
			delete(t.open, id)
		}
	}
	t.r.deps.Metrics.events.Add(float64(s.events))
	t.r.deps.Metrics.calls.Add(float64(len(s.calls)))
	for _, g := range s.gaps {
		t.r.deps.Metrics.gaps.WithLabelValues(knownReason(g.reason)).Add(float64(g.count))
	}
}

// tell is best effort: gateways and screens look into the database too.
func (t *tenant) tell(ctx context.Context, s *step) {
	for id, m := range s.moves {
		if err := t.r.deps.Log.Committed(id, m.stream, m.seq); err != nil {
			t.log.DebugContext(ctx, "commit could not be told", "agent", id, "error", err)
		}
	}
	ids := make([]uuid.UUID, 0, len(s.calls)+len(s.dead))
	for id := range s.calls {
		ids = append(ids, uuid.UUID(id))
	}
	for _, id := range s.dead {
		ids = append(ids, uuid.UUID(id))
	}
	if err := t.r.deps.Log.Changed(t.id, ids); err != nil {
		t.log.DebugContext(ctx, "changes could not be told", "error", err)
	}
}

// write is the writing of one step.
type write struct {
	t       *tenant
	s       *step
	careful bool // each call by itself, leaving out those the database refuses
	doubt   bool // an earlier attempt may have been committed
}

var errWritten = errors.New("the step is committed already")

func (w *write) once(ctx context.Context) error {
	names := w.t.r.deps.Directory.Session(w.t.id)
	err := w.t.r.deps.DB.As(w.t.id).Tx(ctx, func(tx pgx.Tx) error { return w.tx(ctx, tx, names) })
	switch {
	case errors.Is(err, errWritten):
		return nil
	case err == nil:
		names.Keep()
	}
	return err
}

func (w *write) tx(ctx context.Context, tx pgx.Tx, names *directory.Session) error {
	if w.doubt {
		if err := w.lookBack(ctx, tx); err != nil {
			return err
		}
	}
	if err := names.Resolve(ctx, tx, w.names()); err != nil {
		return err
	}
	if err := w.learned(ctx, tx); err != nil {
		return err
	}
	var b pgx.Batch
	b.Queue(`SELECT hold_partition($1, $2)`, w.t.p.n, w.t.p.epoch)
	if err := w.queueStep(&b); err != nil {
		return err
	}
	w.queueStream(&b)
	calls := w.s.changed()
	if !w.careful {
		if err := w.queueCalls(&b, names, calls, w.s.dead); err != nil {
			return err
		}
		w.queueStates(&b, names, w.s.states)
	}
	if err := tx.SendBatch(ctx, &b).Close(); err != nil {
		return err
	}
	if !w.careful {
		return nil
	}
	return w.oneByOne(ctx, tx, names, calls)
}

// learned writes what was learned, of which the rest of the step does not make use: where the database refuses it even by
// itself, it is left out.
func (w *write) learned(ctx context.Context, tx pgx.Tx) error {
	if len(w.s.facts)+len(w.s.trunks) == 0 {
		return nil
	}
	put := func(tx pgx.Tx) error {
		if err := w.t.writeFacts(ctx, tx, w.s.facts); err != nil {
			return err
		}
		return w.t.writeTrunks(ctx, tx, w.s.trunks)
	}
	if !w.careful {
		return put(tx)
	}
	err := pgx.BeginFunc(ctx, tx, put)
	if err != nil && refused(err) {
		w.t.log.ErrorContext(ctx, "database refuses what was learned of endpoints and numbers, it is left out; this is a bug worth reporting", "error", err)
		return nil
	}
	return err
}

// lookBack finds out whether an attempt whose answer was lost was committed all the same.
func (w *write) lookBack(ctx context.Context, tx pgx.Tx) error {
	if _, err := tx.Exec(ctx, `SELECT hold_partition($1, $2)`, w.t.p.n, w.t.p.epoch); err != nil {
		return err
	}
	var there bool
	err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM assembler_steps WHERE tenant_id = current_tenant() AND step = $1)`, w.s.n).Scan(&there)
	if err == nil && there {
		return errWritten
	}
	return err
}

// queueStep writes the step under its number, which can be taken once. Saved memory makes the steps before it
// unnecessary; the step itself stays, so that it can be looked back at.
func (w *write) queueStep(b *pgx.Batch) error {
	work, err := encodeWork(w.s.work)
	if err != nil {
		return err
	}
	b.Queue(`INSERT INTO assembler_steps (tenant_id, step, work) VALUES (current_tenant(), $1, $2)`, w.s.n, work)
	if w.s.state == nil {
		return nil
	}
	b.Queue(`INSERT INTO assembler_state (tenant_id, step, state) VALUES (current_tenant(), $1, $2)
		ON CONFLICT (tenant_id) DO UPDATE SET step = excluded.step, state = excluded.state, saved = now()`, w.s.n, w.s.state)
	b.Queue(`DELETE FROM assembler_steps WHERE tenant_id = current_tenant() AND step < $1`, w.s.n)
	return nil
}

// oneByOne writes each call within a savepoint and leaves out what the database refuses even so.
func (w *write) oneByOne(ctx context.Context, tx pgx.Tx, names *directory.Session, calls []*call.Call) error {
	var b pgx.Batch
	queueDead(&b, w.t.id, w.s.dead)
	if err := tx.SendBatch(ctx, &b).Close(); err != nil {
		return err
	}
	for i, c := range calls {
		err := w.apart(ctx, tx, func(b *pgx.Batch) error { return w.queueCalls(b, names, calls[i:i+1], nil) })
		if err != nil && !refused(err) {
			return err
		}
		if err != nil {
			w.t.r.deps.Metrics.refused.Inc()
			w.t.log.ErrorContext(ctx, "database refuses a call, it is left out; this is a bug worth reporting", "call", uuid.UUID(c.ID), "error", err)
		}
	}
	for i := range w.s.states {
		err := w.apart(ctx, tx, func(b *pgx.Batch) error {
			w.queueStates(b, names, w.s.states[i:i+1])
			return nil
		})
		if err != nil && !refused(err) {
			return err
		}
		if err != nil {
			w.t.log.ErrorContext(ctx, "database refuses a state of an operator, it is left out; this is a bug worth reporting",
				"state", uuid.UUID(w.s.states[i].ID), "error", err)
		}
	}
	return nil
}

// apart sends statements within a savepoint, so that what is refused leaves the rest alone.
func (w *write) apart(ctx context.Context, tx pgx.Tx, queue func(*pgx.Batch) error) error {
	return pgx.BeginFunc(ctx, tx, func(tx pgx.Tx) error {
		var b pgx.Batch
		if err := queue(&b); err != nil {
			return err
		}
		return tx.SendBatch(ctx, &b).Close()
	})
}
