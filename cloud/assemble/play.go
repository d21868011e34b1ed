package assemble

import (
	"cmp"
	"errors"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/callweave/callweave/cloud/coverage"
	"github.com/callweave/callweave/shared/wire"
)

// ReasonUndecodable is the reason of a gap where a batch arrived and could not be read.
const ReasonUndecodable = "undecodable"

// silence is how long an agent may say nothing while all is well. It asks its PBX for the time far more often, so that a
// longer silence is a machine that stood still.
const silence = int64(time.Minute)

// drainEvery is how much time of the stream may pass between two looks at what changed. Live, a step is far shorter;
// in a catch-up it keeps the assembler as small, and its delays as exact, as they are live.
const drainEvery = int64(5 * time.Second)

// played says what feeding a batch came to.
type played struct {
	outcome  string
	fed      int
	from, to int64
	err      error // it could not be read, or not to its end
}

// play does an op that names a batch: to the assembler, and for the rest of it to the step. It depends on nothing but
// its arguments, because after a restart the same ops are played again. last is when the agent was last heard of.
func (t *tenant) play(s *step, o *op, batch []byte, last int64, pbx int32) played {
	p := played{outcome: outcomeApplied}
	if o.Kind == opSkip {
		p.err = errors.New("the assembler fails on it")
		t.missed(s, o, pbx, &p, lost{reason: ReasonUndecodable, first: o.After + 1, from: last, to: last})
		return p
	}
	next := o.After + 1
	info, err := t.decoder.Decode(batch, func(ev *wire.Event) error {
		if ev.Seq < next {
			return nil
		}
		next = ev.Seq + 1
		t.event(s, o, pbx, ev, last)
		p.fed++
		last = ev.Received
		return nil
	})
	p.from, p.to = info.From, info.To
	switch {
	case err == nil && info.Gap == "" && next == o.Last+1:
	case err == nil && info.Gap != "":
		from := cmp.Or(info.From, last, info.To) // damage may have taken the time too
		t.missed(s, o, pbx, &p, lost{reason: info.Gap, first: next, from: from, to: max(from, info.To)})
		p.outcome = outcomeGap
	default:
		if p.err = err; err == nil {
			p.err = errors.New("it holds other events than it says")
		}
		t.missed(s, o, pbx, &p, lost{reason: ReasonUndecodable, first: next, from: last, to: max(last, info.To)})
	}
	return p
}

// event feeds one event and notes what agents say about times they heard nothing in.
func (t *tenant) event(s *step, o *op, pbx int32, ev *wire.Event, last int64) {
	t.asm.Feed(o.PBX, ev)
	switch {
	case ev.ID == wire.AgentGap:
		s.gaps = append(s.gaps, gapOf(ev, o.Agent, pbx))
	case last == 0 || ev.Received <= last:
	case ev.ID == wire.AgentConnected:
		s.gaps = append(s.gaps, gap{agent: o.Agent, pbx: pbx, reason: coverage.Disconnected, from: last, to: ev.Received})
	case ev.Received-last > silence && ev.ID != wire.AgentClockStep: // a clock that was set is no silence
		s.gaps = append(s.gaps, gap{agent: o.Agent, pbx: pbx, reason: coverage.Silent, from: last, to: ev.Received})
	}
	if s.drained == 0 {
		s.drained = ev.Received
	}
	if ev.Received-s.drained >= drainEvery {
		s.drained = ev.Received
		t.drain(s)
	}
}

func gapOf(ev *wire.Event, agent uuid.UUID, pbx int32) gap {
	number := func(id wire.FieldID, otherwise int64) int64 {
		n, err := strconv.ParseInt(ev.Get(id), 10, 64)
		if err != nil {
			return otherwise
		}
		return n
	}
	g := gap{
		agent: agent, pbx: pbx, reason: ev.Get(wire.AgentFieldReason),
		from: number(wire.AgentFieldFrom, ev.Received), to: number(wire.AgentFieldTo, ev.Received),
	}
	if first, last := number(wire.AgentFieldFirst, 1), number(wire.AgentFieldLast, 0); last >= first {
		g.count = uint64(last-first) + 1
	}
	return g
}

type lost struct {
	reason   string
	first    uint64
	from, to int64
}

// missed tells the assembler and the step that the rest of a batch is not there.
func (t *tenant) missed(s *step, o *op, pbx int32, p *played, l lost) {
	if l.reason == ReasonUndecodable {
		p.outcome = outcomeUndecodable
	}
	p.from, p.to = min(l.from, l.to), l.to
	s.gaps = append(s.gaps, gap{agent: o.Agent, pbx: pbx, reason: l.reason, count: o.Last - l.first + 1, from: p.from, to: p.to})
	t.asm.Feed(o.PBX, LostEvents(l.first, o.Last, p.from, p.to, l.reason))
}

// LostEvents is the event that stands for a run of a stream that is lost: from and to (ns) bound the time it covers.
func LostEvents(first, last uint64, from, to int64, reason string) *wire.Event {
	number := func(n int64) string { return strconv.FormatInt(n, 10) }
	from = min(from, to)
	return &wire.Event{
		ID: wire.AgentGap, Seq: last, Received: from,
		Fields: []wire.Field{
			{ID: wire.AgentFieldFirst, Value: strconv.FormatUint(first, 10)},
			{ID: wire.AgentFieldLast, Value: strconv.FormatUint(last, 10)},
			{ID: wire.AgentFieldFrom, Value: number(from)},
			{ID: wire.AgentFieldTo, Value: number(to)},
			{ID: wire.AgentFieldReason, Value: reason},
		},
	}
}
