package e2e

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/cloud/pg"
	"github.com/callweave/callweave/edge/spool"
	"github.com/callweave/callweave/lab/fakepbx"
	"github.com/callweave/callweave/shared/wire"
	"github.com/callweave/callweave/tenants"
)

// TestKillsLoseAndDoubleNothing kills agent, cloud, PostgreSQL and event log at random moments while a PBX is busy. In the end
// every event the agent ever wrote down is in the database exactly once, and the calls are those that the events make.
func TestKillsLoseAndDoubleNothing(t *testing.T) {
	const kills = 12
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))

	c := startCloud(t)
	tn := c.newTenant(t, "kills")
	ami, stopPBX := busyPBX(t)
	a := tn.newAgent(t, ami)
	a.start()
	eventually(t, "calls appear", func(ctx context.Context) bool {
		list, _, err := tn.stories(ctx)
		return err == nil && len(list) > 2
	})
	for range kills {
		pause(t, time.Duration(random.Int64N(int64(2500*time.Millisecond))))
		switch random.IntN(4) {
		case 0:
			t.Log("kill the agent")
			a.end(syscall.SIGKILL)
			a.start()
		case 1:
			t.Log("kill the cloud")
			c.end(syscall.SIGKILL)
			c.start()
		case 2:
			t.Log("kill the cloud and lose its event log")
			c.end(syscall.SIGKILL)
			must(t, os.RemoveAll(filepath.Join(c.data, "eventlog")))
			c.start()
		default:
			t.Log("kill PostgreSQL")
			c.killPostgres(t)
		}
	}
	c.awaitHealth()
	stopPBX()
	a.end(syscall.SIGTERM)
	stream, last := written(t, a)
	a.start()
	eventually(t, "everything the agent wrote down is committed", func(ctx context.Context) bool {
		return tn.committed(ctx, t, stream) >= last
	})
	a.end(syscall.SIGTERM)

	difference := ""
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("(-made of the events +in the database):\n%s", difference)
		}
	})
	eventually(t, "the calls in the database are those that the events in it make", func(ctx context.Context) bool {
		list, _, err := tn.stories(ctx)
		must(t, err)
		// Read after the calls, and again each time: what the agent sent last may still be on its way.
		batches := tn.archived(t, stream)
		difference = cmp.Diff(assembled(t, batches), ordered(t, list))
		return difference == ""
	})
}

// busyPBX plays short recordings over and over, several at a time.
func busyPBX(t *testing.T) (address string, stop func()) {
	t.Helper()
	var paths []string
	for _, name := range []string{
		"a1-queue-answered-caller-hangs-up", "a3-queue-second-attempt", "b3-queue-abandoned-short", "d2-blind-refer-to-queue", "e1-attended-refer", "h1-outbound-answered",
	} {
		paths = append(paths, corpus(t, name))
	}
	found, err := fakepbx.Find("A", paths...)
	must(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	address, _ = startPBXUntil(ctx, t, fakepbx.Config{Scenarios: found, Speed: 4, Loop: true, Parallel: 4, Gap: 100 * time.Millisecond})
	return address, cancel
}

// killPostgres kills the postmaster; the cloud is to start it again.
func (c *cloud) killPostgres(t *testing.T) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(c.data, "postgres", "data", "postmaster.pid"))
	if err != nil {
		return // it is on its way up after the kill before
	}
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(first)
	must(t, err)
	_ = syscall.Kill(pid, syscall.SIGKILL) // it may be gone already
}

func pause(t *testing.T, d time.Duration) {
	t.Helper()
	select {
	case <-time.After(d):
	case <-t.Context().Done():
		t.Fatal(t.Context().Err())
	}
}

// written is the stream of an agent that has ended, and the number of its last event.
func written(t *testing.T, a *agent) (stream, last uint64) {
	t.Helper()
	s, err := spool.Open(filepath.Join(a.dir, "spool"), spool.Options{})
	must(t, err)
	defer s.Close()
	return s.Stream(), s.NextSeq() - 1
}

// query runs as the tenant.
func (tn *tenant) query(ctx context.Context, t *testing.T, fn func(pgx.Tx) error) error {
	t.Helper()
	var who struct{ Tenant struct{ ID string } }
	if err := tn.Ask(ctx, "GET", "/session", nil, &who); err != nil {
		return err
	}
	id, err := tenants.ParseID(who.Tenant.ID)
	must(t, err)
	url, running := pg.Running(ctx, tn.data)
	if !running {
		return os.ErrNotExist
	}
	db, err := pg.Open(ctx, pg.Config{URL: url})
	if err != nil {
		return err
	}
	defer db.Close()
	return db.As(id).Tx(ctx, fn)
}

func (tn *tenant) committed(ctx context.Context, t *testing.T, stream uint64) (seq uint64) {
	t.Helper()
	err := tn.query(ctx, t, func(tx pgx.Tx) error {
		var n int64
		err := tx.QueryRow(ctx, `SELECT seq FROM cursors WHERE stream = $1`, int64(stream)).Scan(&n)
		seq = uint64(n)
		return err
	})
	if err != nil {
		t.Logf("ask for the cursor: %v", err)
	}
	return seq
}

// archived are the batches of the stream, which must follow each other without hole or overlap.
func (tn *tenant) archived(t *testing.T, stream uint64) (batches [][]byte) {
	t.Helper()
	next := int64(1)
	must(t, tn.query(t.Context(), t, func(tx pgx.Tx) error {
		rows, err := tx.Query(t.Context(), `SELECT first_seq, last_seq, payload FROM raw_batches WHERE stream = $1 ORDER BY first_seq`, int64(stream))
		if err != nil {
			return err
		}
		var first, last int64
		var payload []byte
		_, err = pgx.ForEachRow(rows, []any{&first, &last, &payload}, func() error {
			if first != next {
				t.Errorf("after event %d comes a batch of events %d to %d", next-1, first, last)
			}
			next = last + 1
			batches = append(batches, slices.Clone(payload))
			return nil
		})
		return err
	}))
	return batches
}

// assembled is what an assembler makes of the batches that never was disturbed.
func assembled(t *testing.T, batches [][]byte) []string {
	t.Helper()
	asm, decoder := call.New(call.Options{}), wire.NewBatchDecoder(wire.Limits{})
	book := map[call.ID]*call.Call{}
	var latest int64
	for _, b := range batches {
		_, err := decoder.Decode(b, func(ev *wire.Event) error {
			asm.Feed("A", ev)
			latest = ev.Received
			return nil
		})
		must(t, err)
		enter(book, asm.Drain())
	}
	asm.Advance("A", latest+int64(time.Hour))
	enter(book, asm.Drain())
	list := make([]*call.Call, 0, len(book))
	for _, c := range book {
		list = append(list, c)
	}
	return told(t, list)
}

func enter(book map[call.ID]*call.Call, calls []*call.Call) {
	for _, c := range calls {
		for _, id := range c.Supersedes {
			delete(book, id)
		}
		book[c.ID] = c
	}
}
