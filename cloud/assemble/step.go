package assemble

import (
	"fmt"
	"time"

	"github.com/fxamacker/cbor/v2"
	"github.com/google/uuid"

	"github.com/callweave/callweave/cloud/call"
)

// step is what one transaction writes for one tenant.
type step struct {
	n       int64
	work    []op
	raw     []rawBatch
	gaps    []gap
	moves   map[uuid.UUID]*move
	calls   map[call.ID]*call.Call
	order   []call.ID       // of calls, by first sight
	dead    []call.ID       // superseded
	states  []call.Interval // of operators, by first sight
	stateAt map[call.ID]int // where in states
	facts   []call.Fact
	trunks  []call.TrunkUse
	state   []byte // the assembler's memory after this step, where it is time to save it
	events  int
	drained int64 // time of the stream when calls were last drained within this step
}

func newStep(n int64) *step {
	return &step{n: n, moves: map[uuid.UUID]*move{}, calls: map[call.ID]*call.Call{}, stateAt: map[call.ID]int{}}
}

func (s *step) empty() bool { return len(s.work) == 0 && !s.news() }

// news tells whether anything changed for those who read.
func (s *step) news() bool { return len(s.calls) > 0 || len(s.states) > 0 }

// add keeps the latest version of each call.
func (s *step) add(calls []*call.Call) {
	for _, c := range calls {
		if _, ok := s.calls[c.ID]; !ok {
			s.order = append(s.order, c.ID)
		}
		s.calls[c.ID] = c
		for _, id := range c.Supersedes {
			delete(s.calls, id)
			s.dead = append(s.dead, id)
		}
	}
}

// changed are the calls to write, in order.
func (s *step) changed() []*call.Call {
	list := make([]*call.Call, 0, len(s.calls))
	for _, id := range s.order {
		if c, ok := s.calls[id]; ok {
			list = append(list, c)
			delete(s.calls, id) // an id that was superseded and came back is in the order twice
		}
	}
	for _, c := range list {
		s.calls[c.ID] = c
	}
	return list
}

// move is what this step did to an agent's cursors, and where they then stood.
type move struct {
	events      int64
	stream, seq uint64
	pbx         int32
	first, last int64             // ns
	past        map[uint64]uint64 // streams that are no longer the agent's newest, where one of them changed
}

type rawBatch struct {
	agent       uuid.UUID
	pbx         int32
	stream      uint64
	first, last uint64
	from, to    int64
	payload     []byte
}

// gap is a time in which events of a PBX are missing. Count is zero where nobody can know it.
type gap struct {
	agent    uuid.UUID
	pbx      int32
	reason   string
	count    uint64
	from, to int64
}

// opKind says what a step did to the assembler.
type opKind uint8

const (
	opFeed    opKind = iota + 1 // fed a batch, from the event after After
	opSkip                      // told the assembler that a batch is missing, because feeding it fails
	opAdvance                   // told the assembler the time
	opDrain                     // drained without anything else
	opRules                     // told the assembler what people decided
)

// op is one thing a step did, in the form it is stored in (CBOR, keys as numbers: they are only added to).
type op struct {
	Kind   opKind    `cbor:"1,keyasint"`
	PBX    string    `cbor:"2,keyasint,omitempty"`
	Agent  uuid.UUID `cbor:"3,keyasint"`
	Stream uint64    `cbor:"4,keyasint,omitempty"`
	First  uint64    `cbor:"5,keyasint,omitempty"`
	Last   uint64    `cbor:"6,keyasint,omitempty"`
	After  uint64    `cbor:"7,keyasint,omitempty"`
	At     int64     `cbor:"8,keyasint,omitempty"` // ns

	Rules *call.Rules `cbor:"9,keyasint,omitempty"`
}

func encodeWork(work []op) ([]byte, error) {
	raw, err := cbor.Marshal(work)
	if err != nil {
		return nil, fmt.Errorf("write down step: %w", err)
	}
	return raw, nil
}

func decodeWork(raw []byte) (work []op, err error) {
	if err := cbor.Unmarshal(raw, &work); err != nil {
		return nil, fmt.Errorf("read step: %w", err)
	}
	return work, nil
}

func at(ns int64) time.Time { return time.Unix(0, ns).UTC() }
