package call

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"time"
)

// StateKind says what an interval of an operator is.
type StateKind uint8

// The kinds. The first four are of one operator in one queue and may overlap; of the others an operator has one at a time.
const (
	StateUnknown     StateKind = iota
	StateLoggedIn              // serves the queue; without a queue: logged in as an agent of a pool
	StatePaused                // serves the queue and is not rung
	StatePenalty               // serves the queue behind others
	StateWrapUp                // has spoken for the queue and is left alone for a while
	StateRinging               // is called
	StateBusy                  // speaks, or calls somebody
	StateHold                  // has whom it speaks with on hold
	StateIdle                  // could be called
	StateUnreachable           // its device is not registered or does not answer
)

// Interval is a time in which an operator was in one state. The same interval is handed out again, under the same ID,
// when more is known of it. Names are as the PBX spells them.
type Interval struct {
	ID         ID
	Kind       StateKind
	PBX        string
	Operator   string // number of the device
	Queue      string // for ringing, busy and hold: the queue whose call it is; "" for none
	From, To   time.Time
	Estimated  bool   // begin or end was not seen
	Void       bool   // handed out before and turned out not to have been
	Interface  string // what the queue rings (Local/101@agents/n), or the device (PJSIP/101)
	Member     string // the queue's name for the operator, or the number of an agent of a pool
	Membership string // static, dynamic, realtime; agent for an agent of a pool
	Penalty    int
	Began      string // who began it: dialplan, action, autopause, listed, or "" where that is not known
	Ended      string // who ended it: dialplan, action, logout, call, stop, listed, or "" where that is not known
	Reason     string // why it was paused
	EndReason  string // why it was unpaused
}

// What begins and ends intervals, other than time and calls.
const (
	byDialplan  = "dialplan"  // an application of the dialplan, run by a channel we saw
	byAction    = "action"    // AMI or the command line: no channel did it
	byAutopause = "autopause" // the queue, after a ring that was not answered
	byList      = "listed"    // nobody saw it: the PBX's list had it otherwise
	byLogout    = "logout"    // the member left the queue
	byCall      = "call"      // the operator spoke again
	byStop      = "stop"      // Asterisk stopped
)

// membershipAgent is the membership of an agent of a pool (app_agent_pool).
const membershipAgent = "agent"

// interval is an Interval in the making. to is 0 while it lasts; only a wrap-up knows its end from its beginning.
type interval struct {
	kind                                StateKind
	pbx                                 *pbx
	from, to                            int64
	operator, queue, iface              string
	member, membership                  string
	began, ended                        string
	reason, endReason                   string
	penalty                             int
	guessed, void, handed, held, untold bool // held: a member or an endpoint refers to it; untold: in Assembler.untold
}

// begin starts an interval that is held by the caller.
func (a *Assembler) begin(x interval) *interval {
	o := &x
	o.held = true
	a.tell(o)
	return o
}

// end closes an interval and lets go of it. What took no time has not been.
func (a *Assembler) end(x **interval, t int64, by string, guessed bool) {
	o := *x
	if o == nil {
		return
	}
	*x = nil
	o.to, o.ended, o.held = max(t, o.from), by, false
	o.guessed = o.guessed || guessed
	o.void = o.void || o.to == o.from
	a.tell(o)
}

// tell has an interval handed out with the next DrainStates.
func (a *Assembler) tell(x *interval) {
	if !x.untold {
		x.untold = true
		a.untold = append(a.untold, x)
	}
}

// DrainStates returns the intervals of operators that began, ended or changed since it was called last, by begin. One
// that lasts has no To; one that is Void was handed out before and is to be forgotten.
func (a *Assembler) DrainStates() []Interval {
	out := make([]Interval, 0, len(a.untold))
	for _, x := range a.untold {
		x.untold = false
		if x.void && !x.handed {
			continue
		}
		x.handed = true
		out = append(out, x.row())
	}
	a.untold = a.untold[:0]
	slices.SortStableFunc(out, func(x, y Interval) int { return cmp.Or(x.From.Compare(y.From), bytes.Compare(x.ID[:], y.ID[:])) })
	return out
}

func (x *interval) row() Interval {
	return Interval{
		ID: x.id(), Kind: x.kind, PBX: x.pbx.name, Operator: x.operator, Queue: x.queue, From: at(x.from), To: at(x.to),
		Estimated: x.guessed, Void: x.void, Interface: x.iface, Member: x.member, Membership: x.membership, Penalty: x.penalty,
		Began: x.began, Ended: x.ended, Reason: x.reason, EndReason: x.endReason,
	}
}

// id follows from whose interval it is and when it began (RFC 9562, version 8, as the ids of calls). A device has one
// state at a time, whose kind and queue may become clearer later, so they are no part of it.
func (x *interval) id() ID {
	kind, queue := x.kind, x.queue
	if kind >= StateRinging {
		kind, queue = StateRinging, ""
	}
	h := sha256.New()
	var n [8]byte
	binary.BigEndian.PutUint64(n[:], uint64(x.from))
	h.Write(n[:])
	for _, s := range []string{x.pbx.name, x.iface, queue} {
		h.Write([]byte(s))
		h.Write([]byte{0})
	}
	h.Write([]byte{byte(kind)})
	sum := h.Sum(nil)
	var id ID
	copy(id[6:], sum)
	binary.BigEndian.PutUint64(n[:], uint64(x.from/1000))
	copy(id[:6], n[2:])
	id[6] = id[6]&0x0f | 0x80
	id[8] = id[8]&0x3f | 0x80
	return id
}
