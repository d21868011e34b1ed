package assemble_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/assemble"
	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/cloud/eventlog"
	"github.com/callweave/callweave/cloud/pg/pgtest"
	"github.com/callweave/callweave/shared/wire"
	"github.com/callweave/callweave/tenants"
)

func compare(t *testing.T, r *rig, a *agentOf, events uint64) {
	t.Helper()
	if diff := cmp.Diff(expected(t, a.name, a.stream, events), calls(t, r.db, a.tenant), cmp.AllowUnexported()); diff != "" {
		t.Errorf("calls (-undisturbed +database):\n%s", diff)
	}
}

func setUp(t *testing.T) (*rig, *agentOf) {
	t.Helper()
	db := pgtest.New(t)
	r := newRig(t, db)
	return r, newAgent(t, db, pgtest.NewTenant(t, db, "acme"), "A")
}

func TestBatchesBecomeCalls(t *testing.T) {
	r, a := setUp(t)
	r.start()
	for range 12 {
		r.must(a.next(t, 10), a.next(t, 7))
	}
	r.must(a.rest(t))
	compare(t, r, a, 12*17)
	if n := queryInt(t, r.db, a.tenant, `SELECT seq FROM cursors WHERE agent_id = $1`, a.id); uint64(n) != a.seq {
		t.Errorf("cursor stands at %d, want %d", n, a.seq)
	}
	if n := queryInt(t, r.db, a.tenant, `SELECT sum(last_seq - first_seq + 1) FROM raw_batches`); uint64(n) != a.seq {
		t.Errorf("%d events are archived, want %d", n, a.seq)
	}
	r.log.mu.Lock()
	defer r.log.mu.Unlock()
	if r.log.committed[a.id] != a.seq {
		t.Errorf("the gateway was told %d, want %d", r.log.committed[a.id], a.seq)
	}
	if len(r.log.changed) != len(calls(t, r.db, a.tenant)) {
		t.Errorf("%d changes were told", len(r.log.changed))
	}
}

func TestPBXAddedToALoadedTenantIsHeard(t *testing.T) {
	r, a := setUp(t)
	r.start()
	r.must(a.next(t, 60))
	b := newAgent(t, r.db, a.tenant, "B")
	r.must(b.next(t, 60))
	if n := queryInt(t, r.db, a.tenant, `SELECT seq FROM cursors WHERE agent_id = $1`, b.id); uint64(n) != b.seq {
		t.Errorf("cursor of the new PBX stands at %d, want %d", n, b.seq)
	}
}

func TestBatchThatComesTwiceCountsOnce(t *testing.T) {
	r, a := setUp(t)
	r.start()
	x, y, z := a.next(t, 30), a.next(t, 30), a.next(t, 60)
	r.must(x, x, y)
	r.must(x)
	r.must(y, z, y, x)
	r.must(a.rest(t))
	compare(t, r, a, 120)
}

func TestOverlappingBatchCountsItsNewPart(t *testing.T) {
	r, a := setUp(t)
	r.start()
	again := newStream(a.name, a.stream)
	r.must(a.next(t, 40))
	first, raw := again.batch(t, 60)
	r.must(a.delivery(first, 60, raw))
	a.seq, a.now = 60, again.now
	r.must(a.rest(t))
	compare(t, r, a, 60)
}

func TestNothingIsProcessedPastAHole(t *testing.T) {
	r, a := setUp(t)
	r.start()
	x, y, z := a.next(t, 30), a.next(t, 30), a.next(t, 60)
	r.must(x)
	r.must(z) // y is missing
	if n := queryInt(t, r.db, a.tenant, `SELECT seq FROM cursors WHERE agent_id = $1`, a.id); n != 30 {
		t.Errorf("cursor stands at %d, want 30", n)
	}
	if diff := cmp.Diff([]uint64{31}, r.log.resend); diff != "" {
		t.Errorf("asked to send again from (-want +got):\n%s", diff)
	}
	r.must(y, z, a.rest(t))
	compare(t, r, a, 120)
}

func TestNewStreamBeginsWithItsFirstEvent(t *testing.T) {
	r, a := setUp(t)
	r.start()
	x, y := a.next(t, 30), a.next(t, 30)
	r.must(y)
	if n := queryInt(t, r.db, a.tenant, `SELECT count(*) FROM cursors`); n != 0 {
		t.Error("a stream was begun in its middle")
	}
	if diff := cmp.Diff([]uint64{1}, r.log.resend); diff != "" {
		t.Errorf("asked to send again from (-want +got):\n%s", diff)
	}
	r.must(x, y)
	old := *a.pbxStream
	a.pbxStream = newStream("B", 77) // the agent's spool was made anew
	r.must(a.next(t, 60))
	r.must(x, y) // late duplicates of the old stream
	for range 2 {
		if n := queryInt(t, r.db, a.tenant, `SELECT seq FROM cursors WHERE stream = 77`); n != 60 {
			t.Errorf("cursor of the new stream stands at %d, want 60", n)
		}
		r.stop()
		r.start()
		r.must(x, y)
	}
	b := a.pbxStream
	a.pbxStream = &old
	r.must(a.next(t, 60)) // the old stream goes on after all: what was under way when the spool was replaced
	a.pbxStream = b
	r.must(a.rest(t))
	want := expected(t, "A", old.stream, 120)
	got := calls(t, r.db, a.tenant)
	got = slices.DeleteFunc(got, func(r row) bool { return r.Caller[0] != 'A' })
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("calls of the old stream (-want +got):\n%s", diff)
	}
}

func TestGapBatchIsToldAndPassed(t *testing.T) {
	r, a := setUp(t)
	r.start()
	r.must(a.next(t, 60))
	info := wire.BatchInfo{Stream: a.stream, FirstSeq: 61, Count: 60, From: a.now, To: a.now + 1, Gap: wire.GapSpoolFull}
	gap := wire.EncodeGap(nil, info)
	a.batch(t, 60) // lost
	r.must(a.delivery(61, 120, gap))
	r.must(a.next(t, 60), a.rest(t))
	if n := queryInt(t, r.db, a.tenant, `SELECT events FROM gaps WHERE reason = 'spool-full'`); n != 60 {
		t.Errorf("the gap says %d events, want 60", n)
	}
	got := calls(t, r.db, a.tenant)
	if !slices.ContainsFunc(got, func(r row) bool { return r.Caller == "gap-61-120-spool-full" }) {
		t.Errorf("the assembler was not told of the gap: %v", got)
	}
	if len(r.log.resend) > 0 {
		t.Error("the lost events were asked for again")
	}
}

func TestUndecodableBatchIsArchivedAndPassed(t *testing.T) {
	for name, spoil := range map[string]func(raw []byte){
		"flipped bit": func(raw []byte) { raw[len(raw)/2] ^= 1 },
		"zeroed":      func(raw []byte) { clear(raw) },
	} {
		t.Run(name, func(t *testing.T) {
			r, a := setUp(t)
			r.start()
			r.must(a.next(t, 60))
			bad := a.next(t, 60)
			spoil(bad.Batch)
			r.must(bad)
			r.must(a.next(t, 60), a.rest(t))
			if n := queryInt(t, r.db, a.tenant, `SELECT events FROM gaps WHERE reason = 'undecodable'`); n != 60 {
				t.Errorf("the gap says %d events, want 60", n)
			}
			if n := queryInt(t, r.db, a.tenant, `SELECT count(*) FROM raw_batches WHERE first_seq = 61`); n != 1 {
				t.Error("the batch is not archived")
			}
			if n := queryInt(t, r.db, a.tenant, `SELECT seq FROM cursors`); uint64(n) != a.seq {
				t.Errorf("cursor stands at %d, want %d", n, a.seq)
			}
			r.stop()
			r.start()
			r.must(a.next(t, 60))
		})
	}
}

func TestBatchThatBreaksTheAssemblerIsPutAside(t *testing.T) {
	r, a := setUp(t)
	r.start()
	r.must(a.next(t, 60))
	bad := panicking(t, a)
	r.must(bad)
	r.must(bad, a.next(t, 60))
	if n := queryInt(t, r.db, a.tenant, `SELECT events FROM gaps WHERE reason = 'undecodable'`); n != 1 {
		t.Errorf("the gap says %d events, want 1", n)
	}
	r.stop()
	r.start() // what was put aside stays aside
	r.must(a.next(t, 60))
	if n := queryInt(t, r.db, a.tenant, `SELECT seq FROM cursors`); uint64(n) != a.seq {
		t.Errorf("cursor stands at %d, want %d", n, a.seq)
	}
}

func TestRestartAfterEveryStepChangesNothing(t *testing.T) {
	for name, cfg := range map[string]assemble.Config{
		"saved at every step":    {SnapshotSteps: 1},
		"saved at some steps":    {SnapshotSteps: 3},
		"never saved, all again": {},
	} {
		t.Run(name, func(t *testing.T) {
			r, a := setUp(t)
			r.cfg = cfg
			for range 10 {
				r.start()
				r.must(a.next(t, 13), a.next(t, 5))
				r.stop()
			}
			r.start()
			r.must(a.rest(t))
			compare(t, r, a, 180)
		})
	}
}

func TestMemoryThatCannotBeReadIsMadeAgain(t *testing.T) {
	r, a := setUp(t)
	r.cfg.SnapshotSteps = 2
	r.start()
	r.must(a.next(t, 25))
	r.must(a.next(t, 25))
	r.must(a.next(t, 20))
	r.stop()
	forgetful := false
	r.make = func() assemble.Assembler { forgetful = true; return unreadable{newCounting()} }
	r.start()
	r.must(a.next(t, 50), a.rest(t))
	compare(t, r, a, 120)
	if !forgetful {
		t.Error("the assembler was not replaced")
	}
}

type unreadable struct{ assemble.Assembler }

func (unreadable) Restore([]byte) error { return errors.New("written by another version") }

func TestOldRunnerCannotWriteAfterANewOneTookOver(t *testing.T) {
	r, a := setUp(t)
	r.start()
	x, y, z := a.next(t, 60), a.next(t, 60), a.next(t, 60)
	r.must(x)
	successor := newRig(t, r.db)
	successor.start()
	successor.must(y)
	var lost *eventlog.LostError
	if err := r.hand(y, z); !errors.As(err, &lost) {
		t.Fatalf("the old runner got %v; want a LostError", err)
	}
	successor.must(z, a.rest(t))
	compare(t, successor, a, 180)
}

func TestCallThatBecamePartOfAnotherDisappears(t *testing.T) {
	r, a := setUp(t)
	r.make = func() assemble.Assembler { return &merging{Assembler: newCounting()} }
	r.start()
	r.must(a.next(t, 60), a.rest(t))
	r.must(a.next(t, 59), a.rest(t))
	got := calls(t, r.db, a.tenant)
	if len(got) != 1 {
		t.Errorf("%d calls are left, want 1: %v", len(got), got)
	}
	for _, table := range []string{"queue_visits", "attempts", "segments"} {
		if n := queryInt(t, r.db, a.tenant, `SELECT count(*) FROM `+table); n != 1 {
			t.Errorf("%d rows are left in %s, want 1", n, table)
		}
	}
}

// merging makes every call supersede all calls before it.
type merging struct {
	assemble.Assembler
	handed []call.ID
}

func (m *merging) Drain() []*call.Call {
	list := m.Assembler.Drain()
	for _, c := range list {
		for _, id := range m.handed {
			if id != c.ID {
				c.Supersedes = append(c.Supersedes, id)
			}
		}
		m.handed = []call.ID{c.ID}
	}
	return list
}

func TestStrangeTextIsStored(t *testing.T) {
	r, a := setUp(t)
	r.make = func() assemble.Assembler { return &strange{newCounting()} }
	r.start()
	r.must(a.next(t, 60), a.rest(t))
	if got := calls(t, r.db, a.tenant); len(got) != 10 {
		t.Errorf("%d calls are stored, want 10", len(got))
	}
	if n := queryInt(t, r.db, a.tenant, `SELECT count(*) FROM calls WHERE story IS NOT NULL`); n != 10 {
		t.Errorf("%d stories are stored, want 10", n)
	}
}

type strange struct{ assemble.Assembler }

func (s *strange) Drain() []*call.Call {
	list := s.Assembler.Drain()
	for _, c := range list {
		c.Caller += "\x00\xff\\u0000'"
		c.CallerName = "\\\x00"
		for i := range c.Queues {
			c.Queues[i].Queue = "\x00\xfe" + string(make([]byte, 10_000))
		}
	}
	return list
}

func TestBatchesOfAnUnknownTenantOrPBXDoNotBlock(t *testing.T) {
	r, a := setUp(t)
	r.start()
	stray := a.next(t, 10)
	stray.Tenant = tenants.NewID()
	r.must(stray)
	stray.Tenant, stray.PBX = a.tenant, a.pbx+1000
	r.must(stray)
	if n := queryInt(t, r.db, a.tenant, `SELECT count(*) FROM cursors`); n != 0 {
		t.Error("a batch of an unknown PBX moved a cursor")
	}
}

func TestBatchesAcceptedBeforeASuspensionAreKept(t *testing.T) {
	r, a := setUp(t)
	r.start()
	r.must(a.next(t, 60))
	if _, err := tenants.NewStore(r.db.Owner(), r.db.System()).Suspend(t.Context(), a.tenant); err != nil {
		t.Fatal(err)
	}
	r.must(a.next(t, 60), a.rest(t))
	compare(t, r, a, 120)
}

func TestTimeBetweenConnectionsIsAGap(t *testing.T) {
	r, a := setUp(t)
	r.start()
	r.must(a.next(t, 10))
	a.now += 90_000_000_000
	enc := wire.NewBatchEncoder()
	a.seq++
	enc.Reset(a.stream, a.seq)
	if err := enc.Add(&wire.Event{Seq: a.seq, Received: a.now, ID: wire.AgentConnected}); err != nil {
		t.Fatal(err)
	}
	r.must(a.delivery(a.seq, a.seq, enc.Finish(nil)))
	if n := queryInt(t, r.db, a.tenant, `SELECT extract(epoch FROM to_at - from_at)::bigint FROM gaps WHERE reason = 'disconnected'`); n != 90 {
		t.Errorf("the gap is %d s long, want 90", n)
	}
}

func TestStepsThatOverlapGiveTheSameCalls(t *testing.T) {
	r, a := setUp(t)
	r.cfg = assemble.Config{StepBytes: 1, SnapshotSteps: 3} // every batch is a step
	r.start()
	var all []eventlog.Delivery
	for range 24 {
		all = append(all, a.next(t, 10))
	}
	r.must(append(all[:20:20], all[:7]...)...)
	r.must(append(slices.Clone(all), a.rest(t))...)
	compare(t, r, a, 240)
	r.stop()
	r.start()
	r.must(all...)
	compare(t, r, a, 240)
}

func TestBatchThatBreaksALaterStepIsPutAside(t *testing.T) {
	r, a := setUp(t)
	r.cfg.StepBytes = 1
	r.start()
	all := []eventlog.Delivery{a.next(t, 60), a.next(t, 60), panicking(t, a), a.next(t, 59), a.rest(t)}
	r.must(all...)
	if n := queryInt(t, r.db, a.tenant, `SELECT events FROM gaps WHERE reason = 'undecodable'`); n != 1 {
		t.Errorf("the gap says %d events, want 1", n)
	}
	if n := queryInt(t, r.db, a.tenant, `SELECT seq FROM cursors`); uint64(n) != a.seq {
		t.Errorf("cursor stands at %d, want %d", n, a.seq)
	}
}

// panicking makes a batch the assembler fails on.
func panicking(t *testing.T, a *agentOf) eventlog.Delivery {
	t.Helper()
	enc := wire.NewBatchEncoder()
	a.seq++
	enc.Reset(a.stream, a.seq)
	if err := enc.Add(&wire.Event{Seq: a.seq, Received: a.now, ID: wire.EvNewchannel, Fields: []wire.Field{{ID: wire.FUniqueid, Value: "panic"}}}); err != nil {
		t.Fatal(err)
	}
	return a.delivery(a.seq, a.seq, enc.Finish(nil))
}

func TestTimesInWhichAnAgentHeardNothingAreGapsOfIts(t *testing.T) {
	r, a := setUp(t)
	r.start()
	send := func(id wire.EventID, later time.Duration) eventlog.Delivery {
		a.now += int64(later)
		a.seq++
		enc := wire.NewBatchEncoder()
		enc.Reset(a.stream, a.seq)
		if err := enc.Add(&wire.Event{Seq: a.seq, Received: a.now, ID: id}); err != nil {
			t.Fatal(err)
		}
		return a.delivery(a.seq, a.seq, enc.Finish(nil))
	}
	r.must(send(wire.AgentConnected, 0))
	began := a.now
	r.must(send(wire.AgentClock, 12*time.Second), send(wire.AgentClock, time.Minute), send(wire.AgentClock, 61*time.Second))
	r.must(send(wire.AgentClockStep, time.Hour), send(wire.AgentClock, time.Second))
	r.must(send(wire.AgentDisconnected, time.Second), send(wire.AgentConnected, 5*time.Second))
	var got []string
	err := r.db.As(a.tenant).Tx(t.Context(), func(tx pgx.Tx) error {
		rows, err := tx.Query(t.Context(), `SELECT reason || ' ' || extract(epoch FROM to_at - from_at)::int || (agent_id = $1)::text FROM gaps ORDER BY from_at`, a.id)
		if err != nil {
			return err
		}
		got, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"silent 61true", "disconnected 5true"}, got); d != "" {
		t.Errorf("gaps (-want +got):\n%s", d)
	}
	heard := queryInt(t, r.db, a.tenant, `SELECT count(*) FROM cursors WHERE agent_id = $1 AND pbx_id = $2 AND first_event = $3 AND last_event = $4`,
		a.id, a.pbx, time.Unix(0, began), time.Unix(0, a.now))
	if heard != 1 {
		t.Error("it is not known since when, and until when, the agent heard its PBX")
	}
}

func TestDamageWithoutATimeIsWhereTheStreamWas(t *testing.T) {
	r, a := setUp(t)
	r.start()
	r.must(a.next(t, 60))
	last := a.now
	gap := wire.EncodeGap(nil, wire.BatchInfo{Stream: a.stream, FirstSeq: a.seq + 1, Count: 7, Gap: wire.GapDamaged})
	r.must(a.delivery(a.seq+1, a.seq+7, gap))
	if n := queryInt(t, r.db, a.tenant, `SELECT count(*) FROM gaps WHERE from_at = $1 AND to_at = $1 AND events = 7`, time.Unix(0, last)); n != 1 {
		t.Error("the gap is at another time")
	}
}
