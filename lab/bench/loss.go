package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/pg"
	"github.com/callweave/callweave/edge/spool"
	"github.com/callweave/callweave/lab/fakepbx"
)

func lossFigures() []measurement {
	return []measurement{
		{
			figures: []figure{
				{name: "offline_catch_up", unit: "x real time", goal: 20},
				{name: "offline_lost", unit: "events", goal: 0, atMost: true},
			},
			measure: measureOffline,
		},
		{
			figures: []figure{{name: "crash_loss", unit: "bad runs", goal: 0, atMost: true}},
			measure: measureCrashes,
		},
	}
}

const (
	offlineTime  = 30 * time.Second
	offlineSpeed = 20.0 // times as fast as recorded: the spool fills in half a minute with what ten minutes bring
)

// measureOffline stops the cloud while a PBX is busy, starts it again when the PBX has become quiet, and looks how long
// the agent takes until all that it wrote down is in the database, and whether anything is missing there.
func measureOffline(ctx context.Context, b *bench) (map[string]float64, error) {
	w, err := b.newWorld(ctx)
	if err != nil {
		return nil, err
	}
	defer w.end()
	scenarios, err := fakepbx.Find("A", loads()[0])
	if err != nil {
		return nil, err
	}
	stop := w.play(ctx, fakepbx.Config{Scenarios: scenarios, Loop: true, Speed: offlineSpeed})
	defer stop()
	if err := w.startAgent(); err != nil {
		return nil, err
	}
	if err := pause(ctx, 5*time.Second); err != nil {
		return nil, err
	}
	w.cloud.stop()
	start := time.Now()
	if err := pause(ctx, offlineTime); err != nil {
		return nil, err
	}
	stop()
	offline := time.Since(start).Seconds() * offlineSpeed
	written, err := spool.Verify(filepath.Join(w.dir, "edge", "spool"))
	if err != nil {
		return nil, err
	}
	if err := w.startCloud(ctx); err != nil {
		return nil, errors.Join(err, w.logs())
	}
	start = time.Now()
	lost, err := w.awaitCommitted(ctx, written.Next-1)
	if err != nil {
		return nil, errors.Join(err, w.logs())
	}
	return map[string]float64{
		"offline_catch_up": offline / time.Since(start).Seconds(),
		"offline_lost":     float64(lost) + float64(len(written.Damage)),
	}, nil
}

// awaitCommitted waits until the agent's stream is in the database up to last, and returns how many of its events the
// database knows to be lost.
func (w *world) awaitCommitted(ctx context.Context, last uint64) (lost int64, err error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Minute)
	defer cancel()
	url, ok := pg.Running(ctx, w.data())
	if !ok {
		return 0, errors.New("find the cloud's database: nobody answers")
	}
	db, err := pg.Open(ctx, pg.Config{URL: url, MaxConns: 2})
	if err != nil {
		return 0, err
	}
	defer db.Close()
	tenant, err := findTenant(ctx, db, "bench")
	if err != nil {
		return 0, err
	}
	for {
		var seq int64
		err := db.As(tenant).Read(ctx, func(tx pgx.Tx) error {
			return tx.QueryRow(ctx, `SELECT coalesce(max(seq), 0), (SELECT coalesce(sum(events), 0) FROM gaps) FROM cursors`).Scan(&seq, &lost)
		})
		if err != nil {
			return 0, fmt.Errorf("read how far the database is: %w", err)
		}
		if seq >= int64(last) {
			return lost, nil
		}
		if err := pause(ctx, 50*time.Millisecond); err != nil {
			return 0, fmt.Errorf("wait for event %d, %d is there: %w", last, seq, err)
		}
	}
}

const crashRuns = 9 // of twelve kills each

// measureCrashes runs the end-to-end test that kills agent, cloud and PostgreSQL at random moments under load, and
// counts the runs after which a call was lost, doubled or different. What they said is beside the results.
func measureCrashes(ctx context.Context, b *bench) (map[string]float64, error) {
	test, err := b.buildTest(ctx, "lab/e2e")
	if err != nil {
		return nil, err
	}
	bad := 0
	for n := range crashRuns {
		cmd := exec.CommandContext(ctx, test.path, "-test.run=^TestKillsLoseAndDoubleNothing$", "-test.timeout=10m")
		cmd.Dir = test.dir
		if out, err := cmd.CombinedOutput(); err != nil {
			bad++
			if err := os.WriteFile(fmt.Sprintf("%s-crash-%d.log", strings.TrimSuffix(b.out, ".json"), n), out, 0o600); err != nil {
				return nil, err
			}
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
	return map[string]float64{"crash_loss": float64(bad)}, nil
}
