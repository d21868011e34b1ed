package assemble

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/cloud/directory"
	"github.com/callweave/callweave/cloud/eventlog"
)

// load brings a tenant into memory as its last committed step left it.
func (t *tenant) load(ctx context.Context) error {
	if t.loaded {
		return nil
	}
	began := t.r.deps.Now()
	if err := t.reading(ctx, t.read); err != nil {
		return err
	}
	t.loaded = true
	if took := t.r.deps.Now().Sub(began); took > time.Second {
		t.log.InfoContext(ctx, "tenant loaded", "took", took, "step", t.step, "open_calls", len(t.open))
	}
	return nil
}

// reading reads as the tenant, waiting for a database that is away.
func (t *tenant) reading(ctx context.Context, read func(context.Context, pgx.Tx) error) error {
	for attempt := 0; ; attempt++ {
		err := t.r.deps.DB.As(t.id).Read(ctx, func(tx pgx.Tx) error { return read(ctx, tx) })
		if err == nil {
			t.r.outage.over(ctx)
			return nil
		}
		t.r.outage.failed(ctx, err)
		if !pause(ctx, attempt) {
			return fmt.Errorf("load tenant: %w", err)
		}
	}
}

// meet learns of PBXs that were added since the tenant was loaded: their batches are no orphans.
func (t *tenant) meet(ctx context.Context, deliveries []eventlog.Delivery) error {
	for _, d := range deliveries {
		if _, known := t.pbxs[d.PBX]; !known && len(d.Batch) > 0 {
			return t.reading(ctx, t.readPBXs)
		}
	}
	return nil
}

func (t *tenant) read(ctx context.Context, tx pgx.Tx) error {
	t.asm = t.r.deps.NewAssembler()
	t.agents, t.pbxs = map[uuid.UUID]*agent{}, map[int32]directory.PBX{}
	t.open, t.clocks, t.passed = map[call.ID]struct{}{}, map[string]*clock{}, nil
	t.step, t.since = 0, since{saved: t.r.deps.Now()}
	t.named, t.trunks, t.before = map[fact]call.Fact{}, map[trunk]call.TrunkUse{}, map[trunk]directory.TrunkUse{}
	t.decided, t.looked = nil, time.Time{}
	err := tx.QueryRow(ctx, `SELECT NOT EXISTS (SELECT FROM tenants WHERE id = current_tenant())`).Scan(&t.missing)
	if err != nil || t.missing {
		return err
	}
	for _, read := range []func(context.Context, pgx.Tx) error{t.readPBXs, t.readCursors, t.readOpen, t.readClocks, t.restore, t.readBefore} {
		if err := read(ctx, tx); err != nil {
			return err
		}
	}
	return nil
}

func (t *tenant) readPBXs(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, `SELECT id, station_id, name FROM pbxs WHERE tenant_id = current_tenant()`)
	if err != nil {
		return err
	}
	var p directory.PBX
	_, err = pgx.ForEachRow(rows, []any{&p.ID, &p.Station, &p.Name}, func() error {
		t.pbxs[p.ID] = p
		return nil
	})
	return err
}

func (t *tenant) readCursors(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, `SELECT agent_id, stream, seq, last_event, true FROM cursors WHERE tenant_id = current_tenant()
		UNION ALL SELECT agent_id, stream, seq, NULL, false FROM past_cursors WHERE tenant_id = current_tenant()`)
	if err != nil {
		return err
	}
	var id uuid.UUID
	var stream, seq int64
	var last *time.Time
	var newest bool
	_, err = pgx.ForEachRow(rows, []any{&id, &stream, &seq, &last, &newest}, func() error {
		a := t.agents[id]
		if a == nil {
			a = &agent{past: map[uint64]uint64{}}
			t.agents[id] = a
		}
		if !newest {
			a.past[uint64(stream)] = uint64(seq)
			return nil
		}
		a.stream, a.seq = uint64(stream), uint64(seq)
		if last != nil {
			a.last = last.UnixNano()
		}
		return nil
	})
	return err
}

func (t *tenant) readOpen(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, `SELECT id FROM calls WHERE tenant_id = $1 AND open`, t.id.UUID())
	if err != nil {
		return err
	}
	var id uuid.UUID
	_, err = pgx.ForEachRow(rows, []any{&id}, func() error {
		t.open[call.ID(id)] = struct{}{}
		return nil
	})
	return err
}

// readClocks finds when each PBX was last heard of, so that its time moves on though it stays silent from now on.
func (t *tenant) readClocks(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, `SELECT p.name, b.to_at FROM pbxs p CROSS JOIN LATERAL (
			SELECT to_at FROM raw_batches r WHERE r.tenant_id = $1 AND r.pbx_id = p.id ORDER BY from_at DESC LIMIT 1
		) b WHERE p.tenant_id = $1`, t.id.UUID())
	if err != nil {
		return err
	}
	var name string
	var last time.Time
	_, err = pgx.ForEachRow(rows, []any{&name, &last}, func() error {
		t.clocks[name] = &clock{received: last.UnixNano(), advanced: last.UnixNano(), seen: t.r.deps.Now()}
		return nil
	})
	return err
}

// restore gives the assembler its memory and takes the steps since then once more. What they drain is in the database
// already. Where the memory cannot be read, as after a change of its form, it is made again from the raw batches.
func (t *tenant) restore(ctx context.Context, tx pgx.Tx) error {
	var saved int64
	var state []byte
	err := tx.QueryRow(ctx, `SELECT step, state FROM assembler_state WHERE tenant_id = current_tenant()`).Scan(&saved, &state)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return err
	}
	t.step, t.since.size = saved, len(state)
	steps, err := readSteps(ctx, tx, saved)
	if err != nil {
		return err
	}
	if len(steps) > 0 {
		t.step = steps[len(steps)-1].n
	}
	trouble := error(nil)
	if state != nil {
		trouble = t.asm.Restore(state)
	}
	for i := 0; trouble == nil && i < len(steps); i++ {
		batches, err := t.readBatches(ctx, tx, steps[i].work)
		if err != nil {
			return err
		}
		trouble = t.again(steps[i], batches)
	}
	if trouble == nil {
		return nil
	}
	t.log.ErrorContext(ctx, "assembler's memory cannot be read, making it again from the raw batches of open calls", "error", trouble)
	return t.rebuild(ctx, tx)
}

func readSteps(ctx context.Context, tx pgx.Tx, after int64) ([]*step, error) {
	rows, err := tx.Query(ctx, `SELECT step, work FROM assembler_steps WHERE tenant_id = current_tenant() AND step > $1 ORDER BY step`, after)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (*step, error) {
		var n int64
		var raw []byte
		if err := row.Scan(&n, &raw); err != nil {
			return nil, err
		}
		s := newStep(n)
		s.work, err = decodeWork(raw)
		return s, err
	})
}

func (t *tenant) readBatches(ctx context.Context, tx pgx.Tx, work []op) (map[batchKey][]byte, error) {
	var agents []uuid.UUID
	var streams, firsts []int64
	for _, o := range work {
		if o.Kind == opFeed {
			agents, streams, firsts = append(agents, o.Agent), append(streams, int64(o.Stream)), append(firsts, int64(o.First))
		}
	}
	batches := map[batchKey][]byte{}
	if len(agents) == 0 {
		return batches, nil
	}
	rows, err := tx.Query(ctx, `SELECT agent_id, stream, first_seq, payload FROM raw_batches
		JOIN unnest($1::uuid[], $2::bigint[], $3::bigint[]) AS w(agent_id, stream, first_seq) USING (agent_id, stream, first_seq)
		WHERE tenant_id = $4`, agents, streams, firsts, t.id.UUID())
	if err != nil {
		return nil, err
	}
	var id uuid.UUID
	var stream, first int64
	var payload []byte
	_, err = pgx.ForEachRow(rows, []any{&id, &stream, &first, &payload}, func() error {
		batches[batchKey{id, uint64(stream), uint64(first)}] = payload
		payload = nil
		return nil
	})
	return batches, err
}

// again takes a committed step once more. It does exactly what feed and passTime did.
func (t *tenant) again(s *step, batches map[batchKey][]byte) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("step %d: assembler failed: %v", s.n, p)
		}
	}()
	for i := range s.work {
		switch o := &s.work[i]; o.Kind {
		case opFeed, opSkip:
			batch, ok := batches[batchKey{o.Agent, o.Stream, o.First}]
			if !ok && o.Kind == opFeed {
				return fmt.Errorf("step %d: a raw batch is gone", s.n)
			}
			t.since.events += t.play(s, o, batch, o.At, 0).fed
		case opAdvance:
			t.asm.Advance(o.PBX, o.At)
		case opRules:
			t.asm.SetRules(*o.Rules)
		case opDrain:
			t.drain(s)
		}
	}
	if last := len(s.work) - 1; last >= 0 && s.work[last].Kind != opDrain {
		t.drain(s)
	}
	t.since.steps++
	return nil
}

// beforeOpen is how much of the stream before the oldest open call is fed again, for what leads to a call.
const beforeOpen = 10 * time.Second

// rebuild feeds the archived batches of the time of the open calls. Ids of calls follow from the events, so the calls
// that come out are the ones in the database, and what has changed about them is written with the next step.
func (t *tenant) rebuild(ctx context.Context, tx pgx.Tx) error {
	t.asm = t.r.deps.NewAssembler()
	t.since = since{steps: t.r.cfg.SnapshotSteps} // saved with the next step
	lasting, err := t.readStates(ctx, tx)
	if err != nil {
		return err
	}
	t.asm.ResumeStates(lasting)
	if t.r.deps.Rules != nil {
		rules, err := t.r.deps.Rules.Read(ctx, tx)
		if err != nil {
			return err
		}
		t.asm.SetRules(rules)
	}
	rows, err := tx.Query(ctx, `
		SELECT b.agent_id, b.pbx_id, b.stream, b.first_seq, b.last_seq, b.payload FROM raw_batches b
		WHERE b.tenant_id = $1 AND b.from_at >= (SELECT min(started) FROM calls WHERE tenant_id = $1 AND open) - $2::interval
		ORDER BY b.from_at, b.agent_id, b.first_seq`, t.id.UUID(), beforeOpen)
	if err != nil {
		return err
	}
	var id uuid.UUID
	var pbx int32
	var stream, first, last int64
	var payload []byte
	s := newStep(0)
	_, err = pgx.ForEachRow(rows, []any{&id, &pbx, &stream, &first, &last, &payload}, func() error {
		p, ok := t.pbxs[pbx]
		if !ok {
			return nil
		}
		key := batchKey{id, uint64(stream), uint64(first)}
		o := op{Kind: opFeed, PBX: p.Name, Agent: id, Stream: key.stream, First: key.first, Last: uint64(last), After: key.first - 1}
		if t.poison[key] {
			o.Kind = opSkip
		}
		if t.guarded(s, &o, payload) != nil {
			t.poison[key] = true
		}
		return nil
	})
	return err
}

func (t *tenant) guarded(s *step, o *op, batch []byte) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("assembler failed: %v", p)
		}
	}()
	t.play(s, o, batch, o.At, 0)
	return nil
}
