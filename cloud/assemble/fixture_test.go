package assemble_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strconv"
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
	"github.com/callweave/callweave/shared/wire"
	"github.com/callweave/callweave/tenants"
)

// counting is an assembler whose calls say exactly which events they were made of: one call per channel, with a running
// hash over everything it was fed. An event that is lost, doubled or out of order changes the call.
type counting struct {
	Channels map[string]*counted
	Now      int64
	Rules    int64
	dirty    map[string]bool
	stirred  map[string]bool
}

type counted struct {
	PBX, Uniqueid string
	Events        int
	Hash          string
	Start, End    int64
	Rev           uint32
	Closed        bool
}

func newCounting() assemble.Assembler {
	return &counting{Channels: map[string]*counted{}, dirty: map[string]bool{}, stirred: map[string]bool{}}
}

func (a *counting) Feed(pbx string, ev *wire.Event) {
	a.Now = max(a.Now, ev.Received)
	if ev.ID == wire.AgentGap {
		a.add(pbx, "gap-"+ev.Get(wire.AgentFieldFirst)+"-"+ev.Get(wire.AgentFieldLast)+"-"+ev.Get(wire.AgentFieldReason), ev)
		return
	}
	id := ev.Get(wire.FUniqueid)
	if id == "panic" {
		panic("asked for")
	}
	if id != "" {
		a.add(pbx, id, ev)
	}
}

func (a *counting) add(pbx, id string, ev *wire.Event) {
	key := pbx + "/" + id
	c := a.Channels[key]
	if c == nil {
		c = &counted{PBX: pbx, Uniqueid: string([]byte(id)), Start: ev.Received}
		a.Channels[key] = c
	}
	c.Events++
	sum := sha256.Sum256(fmt.Append(nil, c.Hash, ev.Seq, ev.ID, a.Rules))
	c.Hash = fmt.Sprintf("%x", sum[:8])
	if ev.ID == wire.EvHangup || ev.ID == wire.AgentGap {
		c.End = ev.Received
	}
	a.dirty[key], a.stirred[key] = true, true
}

const settle = int64(2 * time.Second)

func (a *counting) Advance(_ string, now int64) { a.Now = max(a.Now, now) }

func (a *counting) Drain() (calls []*call.Call) {
	for key, c := range a.Channels {
		settled := c.End != 0 && a.Now >= c.End+settle
		if c.Closed || !a.dirty[key] && !settled {
			continue
		}
		c.Rev++
		c.Closed = settled
		out := &call.Call{
			ID: callID(key), Rev: c.Rev, Open: !settled, Direction: call.Inbound, PBXs: []string{c.PBX}, Start: time.Unix(0, c.Start).UTC(),
			Caller: c.Uniqueid, Dialled: strconv.Itoa(c.Events) + " " + c.Hash,
		}
		if c.End != 0 {
			out.End = time.Unix(0, c.End).UTC()
			out.Queues = []call.QueueVisit{{PBX: c.PBX, Queue: "600", Entered: out.Start, Left: out.End, Operator: "101"}}
			out.Rings = []call.Ring{{PBX: c.PBX, Operator: "101", Queue: "600", At: out.Start, End: out.End}}
			out.Talks = []call.Talk{{PBX: c.PBX, Operator: "101", With: "customer", From: out.Start, To: out.End}}
		}
		calls = append(calls, out)
	}
	clear(a.dirty)
	slices.SortFunc(calls, func(x, y *call.Call) int { return slices.Compare(x.ID[:], y.ID[:]) })
	return calls
}

func (a *counting) SetRules(r call.Rules)      { a.Rules = r.Rev }
func (a *counting) RulesRev() int64            { return a.Rules }
func (a *counting) Counters() call.Counters    { return call.Counters{} }
func (a *counting) Snapshot() ([]byte, error)  { return json.Marshal(a) }
func (a *counting) Restore(state []byte) error { return json.Unmarshal(state, a) }

// DrainStates hands out one interval per channel, which says of which events it was made.
func (a *counting) DrainStates() (states []call.Interval) {
	for key := range a.stirred {
		c := a.Channels[key]
		x := call.Interval{
			ID: callID("state of " + key), Kind: call.StateBusy, PBX: c.PBX, Operator: "101", Queue: "600", Interface: c.Uniqueid,
			From: time.Unix(0, c.Start).UTC(), Reason: strconv.Itoa(c.Events) + " " + c.Hash,
		}
		if c.End != 0 {
			x.To = time.Unix(0, c.End).UTC()
		}
		states = append(states, x)
	}
	clear(a.stirred)
	return states
}

func (a *counting) ResumeStates([]call.Interval) {}

func callID(key string) (id call.ID) {
	sum := sha256.Sum256([]byte(key))
	copy(id[:], sum[:])
	return id
}

// pbxStream makes the events of one PBX: channels that begin, change and end, on a clock of their own.
type pbxStream struct {
	stream uint64
	seq    uint64
	now    int64
	name   string
}

const channelEvents = 6

func newStream(name string, stream uint64) *pbxStream {
	return &pbxStream{stream: stream, now: time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC).UnixNano(), name: name}
}

// next makes the event of a number: of ten channels at a time, in turn.
func (p *pbxStream) next() *wire.Event {
	n := p.seq
	p.seq++
	p.now += int64(50 * time.Millisecond)
	round, place := n/(10*channelEvents), n%(10*channelEvents)
	id := wire.EvNewstate
	switch place / 10 {
	case 0:
		id = wire.EvNewchannel
	case channelEvents - 1:
		id = wire.EvHangup
	}
	return &wire.Event{
		Seq: p.seq, Received: p.now, PBXTime: p.now / 1000, ID: id,
		Fields: []wire.Field{{ID: wire.FUniqueid, Value: p.name + "." + strconv.FormatUint(round*10+place%10, 10)}},
	}
}

// batch makes the next batch of size events.
func (p *pbxStream) batch(t testing.TB, size int) (first uint64, raw []byte) {
	t.Helper()
	enc := wire.NewBatchEncoder()
	first = p.seq + 1
	enc.Reset(p.stream, first)
	for range size {
		if err := enc.Add(p.next()); err != nil {
			t.Fatal(err)
		}
	}
	return first, enc.Finish(nil)
}

// agentOf is one agent with its PBX in the database.
type agentOf struct {
	tenant tenants.ID
	id     uuid.UUID
	pbx    int32
	*pbxStream
}

func (a *agentOf) delivery(first, last uint64, raw []byte) eventlog.Delivery {
	return eventlog.Delivery{Message: eventlog.Message{
		Tenant: a.tenant, Agent: a.id, PBX: a.pbx, Stream: a.stream, FirstSeq: first, LastSeq: last, Batch: raw,
	}}
}

func (a *agentOf) next(t testing.TB, size int) eventlog.Delivery {
	t.Helper()
	first, raw := a.batch(t, size)
	return a.delivery(first, a.seq, raw)
}

// rest makes the agent's time pass, so that what has ended is final.
func (a *agentOf) rest(t testing.TB) eventlog.Delivery {
	t.Helper()
	a.now += int64(time.Minute)
	enc := wire.NewBatchEncoder()
	a.seq++
	enc.Reset(a.stream, a.seq)
	if err := enc.Add(&wire.Event{Seq: a.seq, Received: a.now, ID: wire.AgentClock}); err != nil {
		t.Fatal(err)
	}
	return a.delivery(a.seq, a.seq, enc.Finish(nil))
}

func newAgent(t testing.TB, db *pg.DB, tenant tenants.ID, name string) *agentOf {
	t.Helper()
	a := &agentOf{tenant: tenant, id: uuid.New(), pbxStream: newStream(name, 1<<40+uint64(len(name)))}
	err := db.As(tenant).Tx(t.Context(), func(tx pgx.Tx) error {
		return tx.QueryRow(t.Context(), `WITH s AS (INSERT INTO stations (tenant_id, name) VALUES (current_tenant(), $1) RETURNING id)
			INSERT INTO pbxs (tenant_id, station_id, name) SELECT current_tenant(), id, $1 FROM s RETURNING id`, name).Scan(&a.pbx)
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// handed is a log that hands out what a test gives it.
type handed struct {
	in chan handing

	mu        sync.Mutex
	committed map[uuid.UUID]uint64
	resend    []uint64
	changed   map[uuid.UUID]int
	news      chan struct{}
}

type handing struct {
	deliveries []eventlog.Delivery
	done       chan error
}

func newHanded() *handed {
	return &handed{in: make(chan handing), committed: map[uuid.UUID]uint64{}, changed: map[uuid.UUID]int{}, news: make(chan struct{}, 1000)}
}

func (h *handed) Partitions() int { return 1 }
func (h *handed) Consume(ctx context.Context, _ int, fn func(context.Context, []eventlog.Delivery) error) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case x := <-h.in:
			x.done <- fn(ctx, x.deliveries)
		}
	}
}

func (h *handed) Committed(agent uuid.UUID, _, seq uint64) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.committed[agent] = seq
	return nil
}

func (h *handed) Resend(_ uuid.UUID, _, seq uint64) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.resend = append(h.resend, seq)
	return nil
}

func (h *handed) Wake(ctx context.Context, tenant tenants.ID) error {
	done := make(chan error, 1)
	select {
	case h.in <- handing{[]eventlog.Delivery{{Message: eventlog.Message{Tenant: tenant}}}, done}:
		return <-done
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (h *handed) Changed(_ tenants.ID, calls []uuid.UUID) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, c := range calls {
		h.changed[c]++
	}
	select {
	case h.news <- struct{}{}:
	default:
	}
	return nil
}

// rig is a runner over a database, that a test can stop and start again.
type rig struct {
	t    *testing.T
	db   *pg.DB
	log  *handed
	cfg  assemble.Config
	make func() assemble.Assembler
	rule assemble.Rules
	now  func() time.Time
	out  *slog.Logger
	stop func()
}

func newRig(t *testing.T, db *pg.DB) *rig {
	return &rig{t: t, db: db, log: newHanded(), make: newCounting, now: time.Now, out: logger()}
}

func logger() *slog.Logger {
	if testing.Verbose() {
		return slog.New(slog.NewTextHandler(os.Stderr, nil))
	}
	return slog.New(slog.DiscardHandler)
}

func (r *rig) start() {
	ctx, cancel := context.WithCancel(context.WithoutCancel(r.t.Context()))
	run := assemble.New(r.cfg, assemble.Deps{
		DB: r.db, Log: r.log, Directory: directory.New(), NewAssembler: r.make, Rules: r.rule,
		Metrics: assemble.NewMetrics(prometheus.NewRegistry()), Logger: r.out, Now: r.now,
	})
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := run.Run(ctx); err != nil {
			r.t.Error(err)
		}
	})
	r.stop = func() { cancel(); wg.Wait() }
	r.t.Cleanup(r.stop)
}

func (r *rig) hand(deliveries ...eventlog.Delivery) error {
	r.t.Helper()
	done := make(chan error, 1)
	r.log.in <- handing{deliveries, done}
	return <-done
}

func (r *rig) must(deliveries ...eventlog.Delivery) {
	r.t.Helper()
	if err := r.hand(deliveries...); err != nil {
		r.t.Fatal(err)
	}
}

// row is what a test compares of a call.
type row struct {
	Caller, Dialled string
	Open            bool
	Facts           int
	State           string // of the operator: of which events it was made, and whether it is over
}

// calls reads a tenant's calls, by caller.
func calls(t testing.TB, db *pg.DB, tenant tenants.ID) (list []row) {
	t.Helper()
	err := db.As(tenant).Tx(t.Context(), func(tx pgx.Tx) error {
		rows, err := tx.Query(t.Context(), `SELECT caller, dialled, open, (SELECT count(*) FROM queue_visits q WHERE q.call_id = c.id)
			+ (SELECT count(*) FROM attempts a WHERE a.call_id = c.id) + (SELECT count(*) FROM segments s WHERE s.call_id = c.id),
			coalesce((SELECT reason || CASE WHEN to_at IS NULL THEN '' ELSE ', over' END FROM operator_states o WHERE o.interface = c.caller), '')
			FROM calls c ORDER BY caller, dialled`)
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, pgx.RowToStructByPos[row])
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func queryInt(t testing.TB, db *pg.DB, tenant tenants.ID, sql string, args ...any) (n int64) {
	t.Helper()
	err := db.As(tenant).Tx(t.Context(), func(tx pgx.Tx) error { return tx.QueryRow(t.Context(), sql, args...).Scan(&n) })
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		t.Fatal(err)
	}
	return n
}

// stateOf is what the state of an operator says that belongs to a call.
func stateOf(c *call.Call) string {
	if c.End.IsZero() {
		return c.Dialled
	}
	return c.Dialled + ", over"
}

// expected are the calls of an undisturbed run: the generator says what they must be.
func expected(t testing.TB, name string, stream, events uint64) (list []row) {
	t.Helper()
	a, p := newCounting().(*counting), newStream(name, stream)
	for range events {
		a.Feed(name, p.next())
	}
	a.Now += int64(time.Hour)
	for _, c := range a.Drain() {
		facts := 0
		if !c.Open {
			facts = 3
		}
		list = append(list, row{Caller: c.Caller, Dialled: c.Dialled, Open: c.Open, Facts: facts, State: stateOf(c)})
	}
	slices.SortFunc(list, func(x, y row) int {
		if x.Caller < y.Caller {
			return -1
		}
		return 1
	})
	return list
}
