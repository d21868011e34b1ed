package assemble_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/callweave/callweave/cloud/assemble"
	"github.com/callweave/callweave/cloud/directory"
	"github.com/callweave/callweave/cloud/eventlog"
	"github.com/callweave/callweave/cloud/pg"
	"github.com/callweave/callweave/cloud/pg/pgtest"
	"github.com/callweave/callweave/shared/wire"
	"github.com/callweave/callweave/tenants"
)

// The crash test runs event log and runner in a child process, with agents that behave as real ones do: they begin
// after what is committed and go back when asked. The child, and the database server, are killed at random moments, and
// the event log's files are deleted. In the end every call must be what an undisturbed run makes of the events.

const (
	childEnv  = "CALLWEAVE_TEST_RUNNER"
	killsEnv  = "CALLWEAVE_TEST_KILLS"
	someKills = 12
)

func TestMain(m *testing.M) {
	if job := os.Getenv(childEnv); job != "" {
		if err := runChild(job); err != nil {
			fmt.Fprintln(os.Stderr, "child:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// job is what the child does. Target is how many events each agent sends before the child ends by itself; 0 is for ever.
type job struct {
	URL, Dir string
	Agents   []jobAgent
	Target   uint64
}

type jobAgent struct {
	Tenant, Agent uuid.UUID
	PBX           int32
	Name          string
	Stream        uint64
}

func runChild(raw string) error {
	var j job
	if err := json.Unmarshal([]byte(raw), &j); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	var db *pg.DB
	for { // the server may have been killed a moment ago
		var err error
		if db, err = pg.Open(ctx, pg.Config{URL: j.URL, MaxConns: 8}); err == nil {
			break
		}
		<-time.After(50 * time.Millisecond)
	}
	defer db.Close()
	events, err := eventlog.Open(ctx, eventlog.Config{Dir: j.Dir, Partitions: 2, Log: log})
	if err != nil {
		return err
	}
	defer events.Close()
	run := assemble.New(assemble.Config{Owner: "test", SnapshotSteps: 5}, assemble.Deps{
		DB: db, Log: events, Directory: directory.New(), NewAssembler: newCounting,
		Metrics: assemble.NewMetrics(prometheus.NewRegistry()), Logger: log, Now: time.Now,
	})
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()
	wg.Go(func() { _ = run.Run(ctx) })
	errs := make(chan error, len(j.Agents))
	for _, a := range j.Agents {
		go func() { errs <- sendAll(ctx, db, events, a, j.Target) }()
	}
	for range j.Agents {
		err = errors.Join(err, <-errs)
	}
	return err
}

func cursorOf(ctx context.Context, db *pg.DB, a jobAgent) (seq uint64, err error) {
	err = db.As(tenants.FromUUID(a.Tenant)).Tx(ctx, func(tx pgx.Tx) error {
		var n int64
		err := tx.QueryRow(ctx, `SELECT coalesce(max(seq), 0) FROM cursors WHERE agent_id = $1`, a.Agent).Scan(&n)
		seq = uint64(n)
		return err
	})
	return seq, err
}

// sendAll is an agent: it sends batches one after the other from what is committed on, goes back where it is asked to,
// and is done when everything is committed.
func sendAll(ctx context.Context, db *pg.DB, log *eventlog.Log, a jobAgent, target uint64) error {
	var back atomic.Uint64
	stop, err := log.SubscribeResend(a.Agent, func(_, seq uint64) { back.Store(seq) })
	if err != nil {
		return err
	}
	defer stop()
	var next uint64
	for next == 0 {
		if seq, err := cursorOf(ctx, db, a); err == nil {
			next = seq + 1
		}
	}
	for {
		if seq := back.Swap(0); seq != 0 {
			next = seq
		}
		if target != 0 && next > target+1 {
			seq, err := cursorOf(ctx, db, a)
			if err == nil && seq == target+1 {
				return nil
			}
			if err == nil && lost(ctx, &back) {
				next = seq + 1 // nothing more comes that would show the hole, so the agent goes by what is committed
			}
			continue
		}
		m := sentBatch(a, next, target)
		if log.Publish(ctx, m) == nil {
			next = m.LastSeq + 1
		}
	}
}

// lost waits a moment for a request to send again.
func lost(ctx context.Context, back *atomic.Uint64) bool {
	select {
	case <-ctx.Done():
	case <-time.After(500 * time.Millisecond):
	}
	return back.Load() == 0
}

const sentSize = 37

// sentBatch makes the batch that an event is in. Batches have the same borders whenever they are sent. The event after
// the target only says that time has passed, so that every call is final.
func sentBatch(a jobAgent, seq, target uint64) eventlog.Message {
	begin := (seq-1)/sentSize*sentSize + 1
	last := begin + sentSize - 1
	if target != 0 {
		last = min(last, target)
	}
	if target != 0 && seq > target {
		begin, last = seq, seq
	}
	p := newStream(a.Name, a.Stream)
	p.seq, p.now = begin-1, p.now+int64(begin-1)*int64(50*time.Millisecond)
	enc := wire.NewBatchEncoder()
	enc.Reset(a.Stream, begin)
	for p.seq < last {
		ev := p.next()
		if target != 0 && seq > target {
			ev = &wire.Event{Seq: seq, Received: p.now + int64(30*time.Second), ID: wire.AgentClock}
		}
		_ = enc.Add(ev)
	}
	return eventlog.Message{
		Tenant: tenants.FromUUID(a.Tenant), Agent: a.Agent, PBX: a.PBX, Stream: a.Stream, FirstSeq: begin, LastSeq: last, Batch: enc.Finish(nil),
	}
}

func TestKillsAtAnyMomentLoseAndDoubleNothing(t *testing.T) {
	kills := someKills
	if n, err := strconv.Atoi(os.Getenv(killsEnv)); err == nil {
		kills = n
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d, %d kills", seed, kills)
	random := rand.New(rand.NewPCG(seed, 0))
	dir := pgtest.Dir(t)
	private, err := pg.StartPrivate(t.Context(), dir, logger())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(private.Stop)
	if err := pg.Migrate(t.Context(), private.URL(), logger()); err != nil {
		t.Fatal(err)
	}
	db, err := pg.Open(t.Context(), pg.Config{URL: private.URL(), MaxConns: 4})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	j := job{URL: private.URL(), Dir: filepath.Join(dir, "log")}
	for i, slug := range []string{"acme", "acme", "umbrella"} {
		tenant := tenantNamed(t, db, slug)
		a := newAgent(t, db, tenant, string(rune('A'+i)))
		j.Agents = append(j.Agents, jobAgent{tenant.UUID(), a.id, a.pbx, a.name, uint64(1000 + i)})
	}
	for n := range kills {
		child := startChild(t, j)
		wait := time.After(time.Duration(100+random.IntN(500)) * time.Millisecond)
		<-wait
		switch n % 3 {
		case 1:
			_ = syscall.Kill(private.PID(), syscall.SIGKILL)
			<-time.After(time.Duration(random.IntN(500)) * time.Millisecond)
		case 2:
			_ = os.RemoveAll(filepath.Join(j.Dir, "jetstream"))
			<-time.After(time.Duration(random.IntN(2000)) * time.Millisecond)
		}
		child.kill()
	}
	finish(t, db, j)
}

func tenantNamed(t *testing.T, db *pg.DB, slug string) tenants.ID {
	t.Helper()
	if have, err := tenants.NewStore(db.Owner(), db.System()).BySlug(t.Context(), slug); err == nil {
		return have.ID
	}
	return pgtest.NewTenant(t, db, slug)
}

// finish lets a last child send as many events as make whole calls, and compares.
func finish(t *testing.T, db *pg.DB, j job) {
	t.Helper()
	var most uint64
	for _, a := range j.Agents {
		for {
			seq, err := cursorOf(t.Context(), db, a)
			if err == nil {
				most = max(most, seq)
				break
			}
			<-time.After(50 * time.Millisecond) // the server comes back from its last kill
		}
	}
	const whole = 10 * channelEvents
	j.Target = (most/whole + 20) * whole
	t.Logf("%d events of each agent", j.Target)
	if err := startChild(t, j).wait(); err != nil {
		t.Fatal(err)
	}
	for _, a := range j.Agents {
		want, got := expected(t, a.Name, a.Stream, j.Target), calls(t, db, tenants.FromUUID(a.Tenant))
		if diff := cmp.Diff(of(a.Name, want), of(a.Name, got)); diff != "" {
			t.Errorf("calls of %s (-undisturbed +database):\n%.4000s", a.Name, diff)
		}
		id := tenants.FromUUID(a.Tenant)
		if n := queryInt(t, db, id, `SELECT events FROM cursors WHERE agent_id = $1`, a.Agent); uint64(n) != j.Target+1 {
			t.Errorf("%d events of %s were counted, want %d", n, a.Name, j.Target+1)
		}
		if n := queryInt(t, db, id, `SELECT count(*) FROM gaps`); n != 0 {
			t.Errorf("%d gaps", n)
		}
	}
}

func of(name string, list []row) (mine []row) {
	for _, r := range list {
		if strings.HasPrefix(r.Caller, name+".") {
			mine = append(mine, r)
		}
	}
	return mine
}

type child struct {
	t   *testing.T
	cmd *exec.Cmd
	err chan error
}

func startChild(t *testing.T, j job) *child {
	t.Helper()
	raw, err := json.Marshal(j)
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := &child{t: t, cmd: exec.Command(self), err: make(chan error, 1)}
	c.cmd.Env = append(os.Environ(), childEnv+"="+string(raw))
	if testing.Verbose() {
		c.cmd.Stderr = os.Stderr
	}
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { c.err <- c.cmd.Wait() }()
	t.Cleanup(func() { _ = c.cmd.Process.Kill() })
	return c
}

func (c *child) kill() {
	_ = c.cmd.Process.Kill()
	if err := <-c.err; err == nil {
		c.t.Error("the child ended by itself")
	}
}

func (c *child) wait() error {
	select {
	case err := <-c.err:
		return err
	case <-time.After(3 * time.Minute):
		c.kill()
		return errors.New("the last child does not finish")
	}
}
