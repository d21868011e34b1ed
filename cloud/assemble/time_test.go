package assemble_test

import (
	"bytes"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/callweave/callweave/cloud/pg"
	"github.com/callweave/callweave/cloud/pg/pgtest"
)

func TestCallIsFinalThoughItsPBXFallsSilent(t *testing.T) {
	r, a := setUp(t)
	var ahead atomic.Int64
	r.now = func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	r.start()
	r.must(a.next(t, 60))
	before := queryInt(t, r.db, a.tenant, `SELECT count(*) FROM calls WHERE open`)
	if before == 0 {
		t.Fatal("the calls are final before their delay has passed")
	}
	ahead.Store(int64(time.Hour))
	deadline := time.After(time.Minute)
	for queryInt(t, r.db, a.tenant, `SELECT count(*) FROM calls WHERE open`) > 0 {
		select {
		case <-r.log.news:
		case <-deadline:
			t.Fatal("the calls stay open")
		}
	}
	r.stop()
	ahead.Store(0)
	r.start() // what passed in silence is part of what is done again
	r.must(a.next(t, 60), a.rest(t))
	compare(t, r, a, 120)
}

func TestCallIsFinalThoughItsPBXFellSilentBeforeACrash(t *testing.T) {
	r, a := setUp(t)
	var ahead atomic.Int64
	r.now = func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	r.start()
	r.must(a.next(t, 60))
	r.stop()
	if queryInt(t, r.db, a.tenant, `SELECT count(*) FROM calls WHERE open`) == 0 {
		t.Fatal("the calls are final before their delay has passed")
	}
	r.start() // and nothing comes any more
	deadline := time.After(time.Minute)
	for queryInt(t, r.db, a.tenant, `SELECT count(*) FROM calls WHERE open`) > 0 {
		select {
		case <-time.After(50 * time.Millisecond):
			ahead.Add(int64(time.Second))
		case <-deadline:
			t.Fatal("the calls stay open")
		}
	}
	r.must(a.next(t, 60), a.rest(t))
	compare(t, r, a, 120)
}

// lines collects what is logged at a level and above.
type lines struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *lines) count(text string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Count(l.buf.String(), text)
}

func TestDatabaseThatIsAwayIsWaitedForAndToldOnce(t *testing.T) {
	dir := pgtest.Dir(t)
	private, err := pg.StartPrivate(t.Context(), dir, logger())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { private.Stop() }()
	if err := pg.Migrate(t.Context(), private.URL(), logger()); err != nil {
		t.Fatal(err)
	}
	db, err := pg.Open(t.Context(), pg.Config{URL: private.URL(), MaxConns: 4})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	r := newRig(t, db)
	said := &lines{}
	r.out = slog.New(slog.NewTextHandler(said, nil))
	a := newAgent(t, db, pgtest.NewTenant(t, db, "acme"), "A")
	r.start()
	defer func() { r.stop() }()
	r.must(a.next(t, 30))

	private.Stop()
	done := make(chan error, 1)
	d1, d2 := a.next(t, 30), a.next(t, 60)
	go func() { done <- r.hand(d1, d2) }()
	for said.count("database takes no calls") == 0 {
		select {
		case err := <-done:
			t.Fatalf("the step was given up: %v", err)
		case <-time.After(20 * time.Millisecond):
		}
	}
	if private, err = pg.StartPrivate(t.Context(), dir, logger()); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	r.must(a.rest(t))
	compare(t, r, a, 120)
	if n, m := said.count("database takes no calls"), said.count("database takes calls again"); n != 1 || m != 1 {
		t.Errorf("told %d times that it is away and %d times that it is back, want once each", n, m)
	}
}
