package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/cloud/pg"
	"github.com/callweave/callweave/lab/fakepbx"
	"github.com/callweave/callweave/tenants"
)

func pipelineFigures() []measurement {
	return []measurement{
		{
			figures: []figure{{name: "assemble_events_per_s", unit: "events/s", goal: 500_000}},
			measure: measureAssemble,
		},
		{
			figures: []figure{
				{name: "pipeline_calls_per_s_vs_bare_upsert", unit: "x", goal: 0.3},
				{name: "pipeline_events_per_s", unit: "events/s", goal: dayEvents / 600},
				{name: "pipeline_day_minutes", unit: "min", goal: 10, atMost: true},
				{name: "pipeline_cpu_us_per_event", unit: "µs", goal: 2 * 600e6 / dayEvents, atMost: true},
			},
			measure: measurePipeline,
		},
	}
}

// dayEvents are the events of a day of 150,000 calls.
const dayEvents = 61_000_000

// measureAssemble feeds the recordings of load to the assembler, drained as the pipeline does it.
func measureAssemble(_ context.Context, b *bench) (map[string]float64, error) {
	var speeds []float64
	for _, folder := range loads()[:2] {
		recording, err := unpack(folder)
		if err != nil {
			return nil, err
		}
		all, err := events(recording)
		if err != nil {
			return nil, err
		}
		for range b.rounds {
			speed, err := perSecond(300*time.Millisecond, func() (float64, error) {
				a := call.New(call.Options{})
				for i := range all {
					a.Feed("A", &all[i])
					if i%batchEvents == batchEvents-1 {
						a.Drain()
						a.DrainStates()
					}
				}
				if len(a.Flush()) == 0 {
					return 0, errors.New("no calls")
				}
				return float64(len(all)), nil
			})
			if err != nil {
				return nil, err
			}
			speeds = append(speeds, speed)
		}
	}
	return map[string]float64{"assemble_events_per_s": median(speeds)}, nil
}

const (
	pipelineWarmUp = 10 * time.Second
	pipelineTime   = 40 * time.Second
	upsertRows     = 500
)

// measurePipeline plays the recording of load for ever, as fast as the agent takes it, and counts the calls that become
// final in the database, the events behind them, and afterwards how fast the same rows go in by themselves. All of it,
// the PBX too, runs on this machine's processors. A day is 61 million events at that rate.
func measurePipeline(ctx context.Context, b *bench) (map[string]float64, error) {
	w, err := b.newWorld(ctx)
	if err != nil {
		return nil, err
	}
	defer w.end()
	url, ok := pg.Running(ctx, w.data())
	if !ok {
		return nil, errors.New("find the cloud's database: nobody answers")
	}
	db, err := pg.Open(ctx, pg.Config{URL: url, MaxConns: 4})
	if err != nil {
		return nil, err
	}
	defer db.Close()
	tenant, err := findTenant(ctx, db, "bench")
	if err != nil {
		return nil, err
	}
	scenarios, err := fakepbx.Find("A", loads()[0])
	if err != nil {
		return nil, err
	}
	stop := w.play(ctx, fakepbx.Config{Scenarios: scenarios, Storm: true})
	defer stop()
	if err := w.startAgent(); err != nil {
		return nil, err
	}
	p := progress{db: db.As(tenant), used: w.used}
	rates, err := p.rate(ctx)
	if err != nil {
		return nil, errors.Join(err, w.logs())
	}
	stop()
	w.agent.stop()
	w.agent = nil
	if _, err := w.newTenant(ctx, "bare"); err != nil {
		return nil, err
	}
	bare, err := findTenant(ctx, db, "bare")
	if err != nil {
		return nil, err
	}
	upserts, err := measureUpserts(ctx, db.As(tenant), db.As(bare))
	if err != nil {
		return nil, err
	}
	return map[string]float64{
		"pipeline_calls_per_s_vs_bare_upsert": rates.calls / upserts,
		"pipeline_events_per_s":               rates.events,
		"pipeline_day_minutes":                dayEvents / rates.events / 60,
		"pipeline_cpu_us_per_event":           rates.cpu * 1e6 / rates.events,
	}, nil
}

func findTenant(ctx context.Context, db *pg.DB, slug string) (tenants.ID, error) {
	t, err := tenants.NewStore(db.Owner(), db.System()).BySlug(ctx, slug)
	return t.ID, err
}

// progress is how far the database is, and what that took.
type progress struct {
	db   pg.Tenant
	used func() (time.Duration, error) // processor time of all programs
}

// rates are per second of the clock on the wall.
type rates struct {
	calls, events float64
	cpu           float64 // seconds of processor time
}

type mark struct {
	calls, events int64
	cpu           time.Duration
	at            time.Time
}

func (p progress) now(ctx context.Context) (m mark, err error) {
	err = p.db.Read(ctx, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `SELECT (SELECT count(*) FROM calls WHERE NOT open), (SELECT coalesce(sum(events), 0) FROM cursors)`).Scan(&m.calls, &m.events)
	})
	if err != nil {
		return m, err
	}
	m.at = time.Now()
	m.cpu, err = p.used()
	return m, err
}

// rate returns final calls and events a second.
func (p progress) rate(ctx context.Context) (rates, error) {
	if err := pause(ctx, pipelineWarmUp); err != nil {
		return rates{}, err
	}
	before, err := p.now(ctx)
	if err != nil {
		return rates{}, err
	}
	if err := pause(ctx, pipelineTime); err != nil {
		return rates{}, err
	}
	after, err := p.now(ctx)
	if err != nil {
		return rates{}, err
	}
	if after.calls == before.calls {
		return rates{}, fmt.Errorf("no call became final in %s: %d calls, %d events", pipelineTime, after.calls, after.events)
	}
	d := after.at.Sub(before.at).Seconds()
	return rates{
		calls: float64(after.calls-before.calls) / d, events: float64(after.events-before.events) / d,
		cpu: (after.cpu - before.cpu).Seconds() / d,
	}, nil
}

// storedTable is a table that calls go into, and what tells its rows apart beside the tenant.
type storedTable struct{ name, order, key string }

func storedTables() []storedTable {
	return []storedTable{
		{"calls", "id", "id"},
		{"queue_visits", "call_id", "call_id, n"},
		{"attempts", "call_id", "call_id, n"},
		{"segments", "call_id", "call_id, n"},
		{"transfers", "call_id", "call_id, n"},
		{"call_steps", "call_id", "call_id, n"},
	}
}

// upsert is a table's statement and rows, by batches of calls, each an array of text per column.
type upsert struct {
	sql     string
	batches [][]any
}

// measureUpserts writes the rows of the calls that from has to another tenant, in batches of 500 calls, and returns calls
// a second.
func measureUpserts(ctx context.Context, from, to pg.Tenant) (float64, error) {
	var ids []string
	err := from.Read(ctx, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `SELECT id::text FROM calls WHERE NOT open ORDER BY id LIMIT 10000`)
		if err != nil {
			return err
		}
		ids, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	})
	if err != nil {
		return 0, err
	}
	var all []upsert
	for _, t := range storedTables() {
		u, err := t.load(ctx, from, ids)
		if err != nil {
			return 0, fmt.Errorf("read %s: %w", t.name, err)
		}
		all = append(all, u)
	}
	start := time.Now()
	for i := range all[0].batches {
		err := to.Tx(ctx, func(tx pgx.Tx) error {
			b := &pgx.Batch{}
			for _, u := range all {
				b.Queue(u.sql, u.batches[i]...)
			}
			return tx.SendBatch(ctx, b).Close()
		})
		if err != nil {
			return 0, fmt.Errorf("upsert: %w", err)
		}
	}
	return float64(len(ids)) / time.Since(start).Seconds(), nil
}

// load reads a table's rows of these calls and makes the statement that writes them.
func (t storedTable) load(ctx context.Context, from pg.Tenant, ids []string) (u upsert, err error) {
	err = from.Read(ctx, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `SELECT a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_attribute a
			WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attname <> 'tenant_id' ORDER BY a.attnum`, t.name)
		if err != nil {
			return err
		}
		type column struct{ Name, Type string }
		columns, err := pgx.CollectRows(rows, pgx.RowToStructByPos[column])
		if err != nil {
			return err
		}
		var names, aggregates, casts, arrays, sets []string
		for i, c := range columns {
			names = append(names, c.Name)
			aggregates = append(aggregates, fmt.Sprintf("coalesce(array_agg(%s::text ORDER BY %s), '{}')", c.Name, t.order))
			casts = append(casts, c.Name+"::"+c.Type)
			arrays = append(arrays, fmt.Sprintf("$%d::text[]", i+1))
			sets = append(sets, c.Name+" = excluded."+c.Name)
		}
		list := strings.Join(names, ", ")
		u.sql = fmt.Sprintf("INSERT INTO %s (tenant_id, %s) SELECT current_tenant(), %s FROM unnest(%s) AS r (%s) ON CONFLICT (tenant_id, %s) DO UPDATE SET %s",
			t.name, list, strings.Join(casts, ", "), strings.Join(arrays, ", "), list, t.key, strings.Join(sets, ", "))
		for at := 0; at < len(ids); at += upsertRows {
			values := make([]any, len(columns))
			targets := make([]any, len(columns))
			arrays := make([][]*string, len(columns))
			for i := range targets {
				targets[i] = &arrays[i]
			}
			query := fmt.Sprintf("SELECT %s FROM %s WHERE %s = ANY($1::text[]::uuid[])", strings.Join(aggregates, ", "), t.name, t.order)
			if err := tx.QueryRow(ctx, query, ids[at:min(at+upsertRows, len(ids))]).Scan(targets...); err != nil {
				return err
			}
			for i := range values {
				values[i] = arrays[i]
			}
			u.batches = append(u.batches, values)
		}
		return nil
	})
	return u, err
}
