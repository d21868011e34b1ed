package reassemble_test

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/callweave/callweave/cloud/assemble"
	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/cloud/directory"
	"github.com/callweave/callweave/cloud/eventlog"
	"github.com/callweave/callweave/cloud/pg"
	"github.com/callweave/callweave/cloud/pg/pgtest"
	"github.com/callweave/callweave/cloud/reassemble"
	"github.com/callweave/callweave/shared/wire"
	"github.com/callweave/callweave/shared/wire/trace"
	"github.com/callweave/callweave/tenants"
)

// lived is a tenant whose calls were assembled live, out of recordings.
type lived struct {
	t      *testing.T
	db     *pg.DB
	tenant tenants.ID
	agents map[string]*agent
	from   time.Time // before the first event
	to     time.Time // after the last
	make   func() reassemble.Assembler
	rules  assemble.Rules // what the assembler at work goes by
}

type agent struct {
	id   uuid.UUID
	pbx  int32
	seq  uint64
	last int64
}

const stream = 1 << 40

// live runs recordings through the assembler at work, one after the other, and lets the time after them pass.
func live(t *testing.T, names ...string) *lived {
	t.Helper()
	l := newTenant(t)
	for _, name := range names {
		l.feed(l.recorded(name))
	}
	l.feed(l.later(3))
	return l
}

func newTenant(t *testing.T) *lived {
	t.Helper()
	db := pgtest.New(t)
	return &lived{
		t: t, db: db, tenant: pgtest.NewTenant(t, db, "acme"), agents: map[string]*agent{},
		make: func() reassemble.Assembler { return call.New(call.Options{}) },
	}
}

// recorded makes batches of a recording as its agents would have sent them.
func (l *lived) recorded(name string) (list []eventlog.Delivery) {
	l.t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", "lab", "corpus", "22", name, "*", "trace.ami.gz"))
	if err != nil || len(files) == 0 {
		l.t.Fatalf("no recording %s: %v", name, err)
	}
	at := map[*wire.Event]string{}
	var events []*wire.Event
	for _, file := range files {
		f, err := os.Open(file)
		if err != nil {
			l.t.Fatal(err)
		}
		z, err := gzip.NewReader(f)
		if err != nil {
			l.t.Fatal(err)
		}
		err = trace.Events(z, func(ev *wire.Event) error {
			c := ev.Clone()
			at[c] = filepath.Base(filepath.Dir(file))
			events = append(events, c)
			return nil
		})
		_ = f.Close()
		if err != nil {
			l.t.Fatal(err)
		}
	}
	slices.SortStableFunc(events, func(x, y *wire.Event) int { return time.Unix(0, x.Received).Compare(time.Unix(0, y.Received)) })
	for i := 0; i < len(events); {
		pbx, n := at[events[i]], 0
		for i+n < len(events) && n < 50 && at[events[i+n]] == pbx {
			n++
		}
		list = append(list, l.batch(pbx, events[i:i+n]))
		i += n
	}
	return list
}

// later makes a batch per PBX of which nothing more is heard for some minutes but the time.
func (l *lived) later(minutes int) (list []eventlog.Delivery) {
	var latest int64
	for _, a := range l.agents {
		latest = max(latest, a.last)
	}
	for _, pbx := range slices.Sorted(keys(l.agents)) {
		var events []*wire.Event
		for n := range minutes {
			events = append(events, &wire.Event{ID: wire.AgentClock, Received: latest + int64(time.Duration(n+1)*time.Minute)})
		}
		list = append(list, l.batch(pbx, events))
	}
	return list
}

func keys[V any](m map[string]V) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

func (l *lived) batch(pbx string, events []*wire.Event) eventlog.Delivery {
	l.t.Helper()
	a := l.agents[pbx]
	if a == nil {
		a = &agent{id: uuid.New()}
		l.as(func(tx pgx.Tx) error {
			p, err := directory.AddPBX(l.t.Context(), tx, pbx, "")
			a.pbx = p.ID
			return err
		})
		l.agents[pbx] = a
	}
	enc := wire.NewBatchEncoder()
	enc.Reset(stream, a.seq+1)
	first := a.seq + 1
	for _, ev := range events {
		a.seq++
		ev.Seq, a.last = a.seq, ev.Received
		if err := enc.Add(ev); err != nil {
			l.t.Fatal(err)
		}
		at := time.Unix(0, ev.Received)
		if l.from.IsZero() || at.Before(l.from) {
			l.from = at.Add(-time.Hour)
		}
		l.to = at.Add(time.Hour)
	}
	return eventlog.Delivery{Message: eventlog.Message{Tenant: l.tenant, Agent: a.id, PBX: a.pbx, Stream: stream, FirstSeq: first, LastSeq: a.seq, Batch: enc.Finish(nil)}}
}

// feed hands batches to an assembler at work.
func (l *lived) feed(list []eventlog.Delivery) {
	l.t.Helper()
	ctx, cancel := context.WithCancel(l.t.Context())
	defer cancel()
	source := &handed{list: list, done: make(chan error, 1)}
	run := assemble.New(assemble.Config{SnapshotSteps: min(len(list), 20)}, assemble.Deps{
		DB: l.db, Log: source, Directory: directory.New(), Metrics: assemble.NewMetrics(prometheus.NewRegistry()), Logger: quiet(), Now: time.Now,
		Rules: l.rules, NewAssembler: func() assemble.Assembler { return l.make() },
	})
	var wg sync.WaitGroup
	wg.Go(func() { _ = run.Run(ctx) })
	if err := <-source.done; err != nil {
		l.t.Fatal(err)
	}
	cancel()
	wg.Wait()
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// handed is a log that hands out a list, batch by batch.
type handed struct {
	list []eventlog.Delivery
	done chan error
}

func (*handed) Partitions() int { return 1 }
func (h *handed) Consume(ctx context.Context, _ int, fn func(context.Context, []eventlog.Delivery) error) error {
	var err error
	for _, d := range h.list {
		if err == nil {
			err = fn(ctx, []eventlog.Delivery{d})
		}
	}
	h.done <- err
	<-ctx.Done()
	return nil
}
func (*handed) Committed(uuid.UUID, uint64, uint64) error { return nil }
func (*handed) Resend(uuid.UUID, uint64, uint64) error    { return nil }
func (*handed) Wake(context.Context, tenants.ID) error    { return nil }
func (*handed) Changed(tenants.ID, []uuid.UUID) error     { return nil }

func (l *lived) as(fn func(pgx.Tx) error) {
	l.t.Helper()
	if err := l.db.As(l.tenant).Tx(l.t.Context(), fn); err != nil {
		l.t.Fatal(err)
	}
}

func (l *lived) exec(sql string) {
	l.t.Helper()
	l.as(func(tx pgx.Tx) error {
		tag, err := tx.Exec(l.t.Context(), sql)
		if err == nil && tag.RowsAffected() == 0 {
			l.t.Fatalf("nothing to change: %s", sql)
		}
		return err
	})
}

// tables are all rows of the calls, without what only says when they were written.
func (l *lived) tables() string {
	l.t.Helper()
	var all string
	l.as(func(tx pgx.Tx) error {
		return tx.QueryRow(l.t.Context(), `SELECT jsonb_pretty(jsonb_build_object(
			'calls', (SELECT jsonb_agg(to_jsonb(c) - 'rev' - 'facts_rev' - 'story' || jsonb_build_object('story', story - 'rev' - 'supersedes') ORDER BY started, id) FROM calls c),
			'visits', (SELECT jsonb_agg(to_jsonb(f) ORDER BY call_id, n) FROM queue_visits f),
			'attempts', (SELECT jsonb_agg(to_jsonb(f) ORDER BY call_id, n) FROM attempts f),
			'segments', (SELECT jsonb_agg(to_jsonb(f) ORDER BY call_id, n) FROM segments f),
			'transfers', (SELECT jsonb_agg(to_jsonb(f) ORDER BY call_id, n) FROM transfers f),
			'steps', (SELECT jsonb_agg(to_jsonb(f) ORDER BY call_id, n) FROM call_steps f)))`).Scan(&all)
	})
	return all
}

// again assembles anew and returns what was told, each change in one line.
func (l *lived) again(job reassemble.Job, rules assemble.Rules) ([]string, reassemble.Summary) {
	l.t.Helper()
	var list []string
	job.Tenant = l.tenant
	if job.From.IsZero() {
		job.From, job.To = l.from, l.to
	}
	if job.Tell == nil {
		job.Tell = func(c reassemble.Change) error {
			line := string(c.Kind) + " " + c.Caller
			for _, f := range c.Fields {
				from, _ := json.Marshal(f.From)
				to, _ := json.Marshal(f.To)
				line += " " + f.Name + ": " + string(from) + "→" + string(to)
			}
			list = append(list, line)
			return nil
		}
	}
	sum, err := reassemble.Run(l.t.Context(), l.deps(rules), job)
	if err != nil {
		l.t.Fatal(err)
	}
	return list, sum
}

func (l *lived) deps(rules assemble.Rules) reassemble.Deps {
	return reassemble.Deps{
		DB: l.db, Directory: directory.New(), Rules: rules, Log: quiet(),
		NewAssembler: l.make,
	}
}
