package assemble

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"runtime/debug"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/cloud/directory"
	"github.com/callweave/callweave/cloud/eventlog"
	"github.com/callweave/callweave/shared/wire"
	"github.com/callweave/callweave/tenants"
)

// tenant is one tenant's assembler with what belongs to it. What is in memory is what is committed or about to be: after
// any failure it is dropped and loaded again.
type tenant struct {
	p   *partition
	r   *Runner
	id  tenants.ID
	log *slog.Logger

	loaded  bool
	missing bool // the catalogue does not have it
	asm     Assembler
	decoder *wire.BatchDecoder
	agents  map[uuid.UUID]*agent
	pbxs    map[int32]directory.PBX
	open    map[call.ID]struct{} // calls that are handed out and not final
	clocks  map[string]*clock
	step    int64 // number of the last step
	since   since
	passed  []op // what passTime did since then without any result
	named   map[fact]call.Fact
	trunks  map[trunk]call.TrunkUse      // as they were written last
	before  map[trunk]directory.TrunkUse // what was counted of them that the assembler does not know of
	learned time.Time                    // when facts were looked for last
	decided *call.Rules                  // what people decided and the assembler was not told yet
	looked  time.Time                    // when decisions were looked for last

	poison map[batchKey]bool // batches that make the assembler fail; they outlive a reload
	asked  map[uuid.UUID]asked
	used   time.Time
}

// agent is how far an agent's streams are committed. Only the newest stream grows; the others are kept so that what
// comes late is known.
type agent struct {
	stream uint64
	seq    uint64
	last   int64
	past   map[uint64]uint64
}

// since counts what a restart would have to do again.
type since struct {
	events, steps int
	saved         time.Time
	size          int // of the memory that was saved
}

// clock is when a PBX was last heard of: by its agent's clock, and by ours.
type clock struct {
	received int64
	advanced int64
	seen     time.Time
}

type batchKey struct {
	agent         uuid.UUID
	stream, first uint64
}

type asked struct {
	stream, seq uint64
	at          time.Time
}

func newTenant(p *partition, id tenants.ID) *tenant {
	return &tenant{
		p: p, r: p.r, id: id, log: p.r.deps.Logger.With("tenant", id.String()),
		decoder: wire.NewBatchDecoder(wire.Limits{}), poison: map[batchKey]bool{}, asked: map[uuid.UUID]asked{}, named: map[fact]call.Fact{},
	}
}

// take feeds what was delivered and commits it. A batch that makes the assembler panic is put aside as undecodable, so
// that one strange packet never stops a tenant.
func (t *tenant) take(ctx context.Context, deliveries []eventlog.Delivery) error {
	t.used = t.r.deps.Now()
	for {
		if err := t.load(ctx); err != nil {
			return err
		}
		if t.missing {
			t.r.deps.Metrics.batches.WithLabelValues(outcomeOrphan).Add(float64(len(deliveries)))
			return nil
		}
		if err := t.meet(ctx, deliveries); err != nil {
			return err
		}
		if err := t.lookForRules(ctx); err != nil {
			return err
		}
		bad, err := t.inSteps(ctx, deliveries)
		if bad == nil && err == nil {
			return nil
		}
		t.loaded = false
		if err != nil {
			return err
		}
		if !t.putAside(*bad, deliveries) {
			return errors.New("assembler fails whatever it is fed")
		}
	}
}

// inSteps feeds one step while the one before it is committed. After an error, or a bad batch, the tenant is to be
// loaded again; what was committed before is then known by the cursors.
func (t *tenant) inSteps(ctx context.Context, deliveries []eventlog.Delivery) (bad *batchKey, err error) {
	committed := make(chan error, 1)
	committed <- nil
	for len(deliveries) > 0 && bad == nil {
		n, size := 0, 0
		for n < len(deliveries) && size < t.r.cfg.StepBytes {
			size += len(deliveries[n].Batch)
			n++
		}
		var s *step
		if s, bad = t.feed(ctx, deliveries[:n]); bad == nil {
			err = t.prepare(s)
		}
		if err = errors.Join(err, <-committed); err != nil {
			return nil, err
		}
		if bad != nil || s.empty() {
			committed <- nil
		} else {
			go func() { committed <- t.commit(ctx, s) }()
		}
		deliveries = deliveries[n:]
	}
	return bad, <-committed
}

// putAside marks the batch that the assembler failed on. Where it fails all the same the trouble began earlier, so
// that the batches before it follow, the latest first. It returns false when there is none left.
func (t *tenant) putAside(bad batchKey, deliveries []eventlog.Delivery) bool {
	if !t.poison[bad] {
		t.poison[bad] = true
		return true
	}
	for _, d := range slices.Backward(deliveries) {
		if k := (batchKey{d.Agent, d.Stream, d.FirstSeq}); !t.poison[k] {
			t.poison[k] = true
			return true
		}
	}
	return false
}

// feed turns deliveries into a step. Where the assembler panics it returns the batch that did it; the assembler is then
// of no more use.
func (t *tenant) feed(ctx context.Context, deliveries []eventlog.Delivery) (s *step, bad *batchKey) {
	s = newStep(t.step + 1)
	s.work, t.passed = append(s.work, t.passed...), nil
	before := t.asm.Counters()
	t.tellRules(s)
	var current batchKey
	defer func() {
		if p := recover(); p != nil {
			t.log.ErrorContext(ctx, "assembler failed on a batch, putting the batch aside; this is a bug worth reporting",
				"agent", current.agent, "stream", current.stream, "first", current.first, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			s, bad = nil, &current
		}
	}()
	for _, d := range deliveries {
		current = batchKey{d.Agent, d.Stream, d.FirstSeq}
		t.accept(ctx, s, d)
	}
	if len(s.work) > 0 {
		t.drain(s)
		t.count(before)
	}
	return s, nil
}

// accept decides what a batch is by its place in the agent's stream.
func (t *tenant) accept(ctx context.Context, s *step, d eventlog.Delivery) {
	if len(d.Batch) == 0 {
		return // it only had us look
	}
	count := func(outcome string) { t.r.deps.Metrics.batches.WithLabelValues(outcome).Inc() }
	pbx, ok := t.pbxs[d.PBX]
	if !ok {
		t.log.WarnContext(ctx, "batch of a PBX that does not exist", "agent", d.Agent, "pbx", d.PBX)
		count(outcomeOrphan)
		return
	}
	a := t.agents[d.Agent]
	if a == nil {
		a = &agent{past: map[uint64]uint64{}}
		t.agents[d.Agent] = a
	}
	seq, late := a.seq, false
	if d.Stream != a.stream {
		seq, late = a.past[d.Stream] // zero for a stream that begins: its first event is number 1
	}
	switch {
	case d.LastSeq <= seq:
		count(outcomeRepeated)
		return
	case d.FirstSeq > seq+1:
		count(outcomeHole)
		t.ask(ctx, d.Agent, d.Stream, seq+1)
		return
	}
	kind := opFeed
	if t.poison[batchKey{d.Agent, d.Stream, d.FirstSeq}] {
		kind = opSkip
	}
	o := op{Kind: kind, PBX: pbx.Name, Agent: d.Agent, Stream: d.Stream, First: d.FirstSeq, Last: d.LastSeq, After: seq, At: a.last}
	p := t.play(s, &o, d.Batch, a.last, d.PBX)
	count(p.outcome)
	if p.err != nil {
		t.log.ErrorContext(ctx, "batch cannot be read, it is archived and its events count as lost", "agent", d.Agent, "stream", d.Stream,
			"first", d.FirstSeq, "last", d.LastSeq, "error", p.err)
	}
	s.work = append(s.work, o)
	s.events += p.fed
	s.raw = append(s.raw, rawBatch{d.Agent, d.PBX, d.Stream, d.FirstSeq, d.LastSeq, p.from, p.to, d.Batch})
	s.advance(a, d, p, late)
	t.clocks[pbx.Name] = &clock{received: p.to, advanced: p.to, seen: t.r.deps.Now()}
}

// advance notes the agent's new position, in memory and for the transaction.
func (s *step) advance(a *agent, d eventlog.Delivery, p played, late bool) {
	m := s.moves[d.Agent]
	if m == nil {
		m = &move{pbx: d.PBX, first: p.from}
		s.moves[d.Agent] = m
	}
	m.events += int64(p.fed)
	switch {
	case late:
		a.past[d.Stream] = d.LastSeq
		m.past = maps.Clone(a.past)
	case d.Stream != a.stream && a.stream != 0:
		a.past[a.stream] = a.seq
		delete(a.past, d.Stream)
		m.past = maps.Clone(a.past)
		fallthrough
	default:
		a.stream, a.seq, a.last = d.Stream, d.LastSeq, p.to
	}
	m.stream, m.seq, m.last = a.stream, a.seq, a.last
}

// ask has an agent send again from seq on, not more often than a second for the same place.
func (t *tenant) ask(ctx context.Context, agent uuid.UUID, stream, seq uint64) {
	now := t.r.deps.Now()
	if was := t.asked[agent]; was.stream == stream && was.seq == seq && now.Sub(was.at) < time.Second {
		return
	}
	t.asked[agent] = asked{stream, seq, now}
	t.log.InfoContext(ctx, "batches are missing, asking the agent to send again", "agent", agent, "stream", stream, "from", seq)
	if err := t.r.deps.Log.Resend(agent, stream, seq); err != nil {
		t.log.WarnContext(ctx, "agent could not be asked", "agent", agent, "error", err)
	}
}

// drain takes what changed out of the assembler.
func (t *tenant) drain(s *step) {
	s.add(t.asm.Drain())
	s.addStates(t.asm.DrainStates())
}

// count tells how well the stream fits what the assembler expects of it.
func (t *tenant) count(before call.Counters) {
	now, m := t.asm.Counters(), t.r.deps.Metrics
	m.unknown.Add(float64(now.UnknownReferences - before.UnknownReferences))
	m.stale.Add(float64(now.Stale - before.Stale))
	m.capped.Add(float64(now.Capped - before.Capped))
}

// mostAhead is how far time is moved on beyond a PBX's last event. It is enough for a call that ended to settle, and
// little enough that late events still change it. slack is for what is on its way.
const (
	mostAhead = 8 * time.Second
	slack     = time.Second
)

// passTime moves the time on for PBXs that are silent while calls are open.
func (t *tenant) passTime(ctx context.Context) error {
	if !t.loaded || t.missing || len(t.open) == 0 {
		return nil
	}
	s, ok := t.moveOn(ctx)
	if !ok || !s.news() {
		return nil
	}
	err := t.prepare(s)
	if err == nil {
		err = t.commit(ctx, s)
	}
	t.loaded = err == nil
	return err
}

// moveOn tells the assembler the time. What has no result belongs to the next step.
func (t *tenant) moveOn(ctx context.Context) (s *step, ok bool) {
	defer func() {
		if p := recover(); p != nil {
			t.log.ErrorContext(ctx, "assembler failed on the time; this is a bug worth reporting", "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			t.loaded, ok = false, false
		}
	}()
	now := t.r.deps.Now()
	s = newStep(t.step + 1)
	for name, c := range t.clocks {
		quiet := min(now.Sub(c.seen)-slack, mostAhead)
		to := c.received + int64(quiet)
		if c.received == 0 || to-c.advanced < int64(idleLook) {
			continue
		}
		c.advanced = to
		t.asm.Advance(name, to)
		s.work = append(s.work, op{Kind: opAdvance, PBX: name, At: to})
	}
	if len(s.work) == 0 {
		return s, false
	}
	t.drain(s)
	s.work = append(append(t.passed, s.work...), op{Kind: opDrain})
	t.passed = nil
	if !s.news() {
		t.passed = s.work
	}
	return s, true
}

// forgettable tells a tenant that has been quiet for long: it is loaded again when something comes.
func (t *tenant) forgettable() bool {
	return len(t.open) == 0 && t.r.deps.Now().Sub(t.used) > 10*time.Minute
}
