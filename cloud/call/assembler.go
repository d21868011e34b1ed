package call

import (
	"slices"
	"strconv"
	"time"

	"github.com/callweave/callweave/shared/wire"
)

// Options are the few things a tenant may want otherwise. The zero value is right for most.
type Options struct {
	// Settle is how long after its last channel ended a call is held back: events of different channels come in any
	// order. 0 means 2 s.
	Settle time.Duration
	// Reopen is how long after that late events still change a call. 0 means 30 s.
	Reopen time.Duration
	// References are channel variables that carry a correlation id from one PBX to another. nil means XCALLID and the
	// names docs/ tells administrators to use.
	References []string
}

func (o Options) withDefaults() Options {
	if o.Settle == 0 {
		o.Settle = 2 * time.Second
	}
	if o.Reopen == 0 {
		o.Reopen = 30 * time.Second
	}
	if o.References == nil {
		o.References = []string{"XCALLID", "X_CALL_REF", "X_CALL_ID", "CALLWEAVE_REF"}
	}
	return o
}

// Counters say how well the stream fits what the assembler expects of it.
type Counters struct {
	Events            uint64 // events that were looked at
	UnknownReferences uint64 // events about channels that were never announced
	Stale             uint64 // events that came too late to change anything
	Finished          uint64 // calls handed out as final
	Ambiguous         uint64 // legs between PBXs of which it was not clear which is the other end
	Compared          uint64 // pairs of legs that were compared to find that out
	Capped            uint64 // times weak evidence was not believed because a story had grown too large
	AttributesCut     uint64 // attributes that exceeded a bound and were cut or left out
}

// Assembler makes calls out of the events of all PBXs of one tenant. It reads no clock and is not safe for concurrent
// use.
type Assembler struct {
	options   Options
	variables map[string]variable
	rules     Rules

	pbxs   []*pbx
	byName map[string]*pbx
	latest *pbx // the one fed last: events come in runs

	rec   record
	order uint64
	now   int64 // latest time of any PBX, µs
	cross crosser
	sweep sweep

	dirty    []*component
	stirred  []stir       // devices whose state the event at hand may have changed
	untold   []*interval  // that changed since they were handed out
	settling []*component // have no open channel and wait for the settle delay
	ended    []*component // final, kept for late events, about in order of their end

	kept     map[string]string
	names    map[string]string // of variables, as they are sent, to those they are kept under
	print    printer           // scratch
	counters Counters
}

// New returns an assembler that knows nothing yet.
func New(o Options) *Assembler {
	a := &Assembler{options: o.withDefaults(), byName: map[string]*pbx{}, kept: map[string]string{}, names: map[string]string{}}
	a.variables = map[string]variable{
		"QUEUESTATUS": variableQueueStatus, "BRIDGEPEER": variableBridgePeer, "BRIDGEPVTCALLID": variablePeerCallID,
		"SIPCALLID": variableCallID, "CHANNEL(pjsip,call-id)": variableCallID,
	}
	for _, name := range a.options.References {
		a.variables[name] = variableHeader
	}
	return a
}

// Counters returns what was counted since the assembler was made.
func (a *Assembler) Counters() Counters { return a.counters }

// handlers is what is done with which event. What is not in it is refused by one load: most of a PBX's events say
// nothing about calls.
var handlers = [256]func(*Assembler, *pbx, *record){
	wire.EvNewchannel:          (*Assembler).newchannel,
	wire.EvNewstate:            (*Assembler).newstate,
	wire.EvNewCallerid:         (*Assembler).newcallerid,
	wire.EvNewexten:            (*Assembler).newexten,
	wire.EvHangup:              (*Assembler).hangup,
	wire.EvHangupRequest:       (*Assembler).hangupRequest,
	wire.EvSoftHangupRequest:   (*Assembler).softHangup,
	wire.EvDTMFEnd:             (*Assembler).dtmf,
	wire.EvMixMonitorStart:     (*Assembler).recordingStart,
	wire.EvHold:                (*Assembler).hold,
	wire.EvUnhold:              (*Assembler).unhold,
	wire.EvDialBegin:           (*Assembler).dialBegin,
	wire.EvDialEnd:             (*Assembler).dialEnd,
	wire.EvOriginateResponse:   (*Assembler).originateResponse,
	wire.EvBridgeCreate:        (*Assembler).bridgeCreate,
	wire.EvBridgeDestroy:       (*Assembler).bridgeDestroy,
	wire.EvBridgeEnter:         (*Assembler).bridgeEnter,
	wire.EvBridgeLeave:         (*Assembler).bridgeLeave,
	wire.EvBridgeMerge:         (*Assembler).bridgeMerge,
	wire.EvLocalBridge:         (*Assembler).localBridge,
	wire.EvBlindTransfer:       (*Assembler).blindTransfer,
	wire.EvAttendedTransfer:    (*Assembler).attendedTransfer,
	wire.EvPickup:              (*Assembler).pickup,
	wire.EvParkedCall:          (*Assembler).parked,
	wire.EvUnParkedCall:        (*Assembler).unparked,
	wire.EvParkedCallTimeOut:   (*Assembler).parkTimeout,
	wire.EvParkedCallGiveUp:    (*Assembler).parkGiveUp,
	wire.EvConfbridgeJoin:      (*Assembler).conferenceJoin,
	wire.EvConfbridgeLeave:     (*Assembler).conferenceLeave,
	wire.EvQueueCallerJoin:     (*Assembler).queueJoin,
	wire.EvQueueCallerLeave:    (*Assembler).queueLeave,
	wire.EvQueueCallerAbandon:  (*Assembler).queueAbandon,
	wire.EvAgentCalled:         (*Assembler).agentCalled,
	wire.EvAgentConnect:        (*Assembler).agentConnect,
	wire.EvAgentComplete:       (*Assembler).agentComplete,
	wire.EvAgentRingNoAnswer:   (*Assembler).agentRefused,
	wire.EvQueueMember:         (*Assembler).queueMember,
	wire.EvQueueMemberStatus:   (*Assembler).queueMember,
	wire.EvQueueMemberAdded:    (*Assembler).queueMember,
	wire.EvQueueMemberPause:    (*Assembler).queueMember,
	wire.EvQueueMemberPenalty:  (*Assembler).queueMember,
	wire.EvQueueMemberRemoved:  (*Assembler).queueMemberRemoved,
	wire.EvQueueParams:         (*Assembler).queueParams,
	wire.EvQueueEntry:          (*Assembler).queueEntry,
	wire.EvQueueStatusComplete: (*Assembler).queuesListed,
	wire.EvStatus:              (*Assembler).channelRow,
	wire.EvCoreShowChannel:     (*Assembler).channelRow,
	wire.EvBridgeListItem:      (*Assembler).bridgeListed,
	wire.EvAgentLogin:          (*Assembler).agentLogin,
	wire.EvAgentLogoff:         (*Assembler).agentLogoff,
	wire.EvDeviceStateChange:   (*Assembler).deviceState,
	wire.EvPeerStatus:          (*Assembler).peerStatus,
	wire.EvContactStatus:       (*Assembler).contact,
	wire.EvContactStatusDetail: (*Assembler).contact,
	wire.EvFullyBooted:         (*Assembler).fullyBooted,
	wire.EvShutdown:            (*Assembler).shutdown,
}

// Feed takes one event of one PBX. It keeps no memory of the event.
func (a *Assembler) Feed(pbx string, ev *wire.Event) {
	p := a.pbx(pbx)
	switch {
	case ev.Received > p.arrived:
		p.arrived = ev.Received
	case p.arrived-ev.Received > int64(a.options.Reopen):
		a.counters.Stale++
		return
	}
	if ev.ID >= wire.AgentConnected {
		a.agentEvent(p, ev)
		a.calm()
		a.heard(p, p.at(ev))
		return
	}
	if ev.ID == wire.EvVarSet {
		a.varSet(p, ev)
		return
	}
	if int(ev.ID) >= len(handlers) || handlers[ev.ID] == nil {
		return
	}
	a.counters.Events++
	a.rec.take(ev)
	a.rec.t = p.at(ev)
	a.heard(p, a.rec.t)
	if !p.connected && p.lostAt != 0 && ev.Received > p.marked { // another agent listens to the same PBX
		p.connected, p.lostAt = true, 0
	}
	handlers[ev.ID](a, p, &a.rec)
	a.calm()
}

// Advance says that time has passed on a PBX without events: now is ns since 1970 by its agent's clock.
func (a *Assembler) Advance(pbx string, now int64) {
	p := a.pbx(pbx)
	p.arrived = max(p.arrived, now)
	a.passed(p, now/1000)
}

// heard notes when the PBX said something last. What depends on it comes out the same however time was told in between.
func (a *Assembler) heard(p *pbx, t int64) {
	p.heard = max(p.heard, t)
	a.passed(p, t)
}

func (a *Assembler) passed(p *pbx, t int64) {
	if t > p.now {
		p.now = t
		a.now = max(a.now, t)
	}
	a.cross.ring(a, &a.cross.timers, a.now)
	a.cross.ring(a, &p.timers, p.now)
}

func (a *Assembler) pbx(name string) *pbx {
	if a.latest != nil && a.latest.name == name {
		return a.latest
	}
	p := a.byName[name]
	if p == nil {
		p = newPBX(string([]byte(name)), len(a.pbxs))
		p.extens = a.extensOf(p.name)
		a.pbxs = append(a.pbxs, p)
		a.byName[p.name] = p
	}
	a.latest = p
	return p
}

// maxKept bounds the table of strings that many channels share.
const maxKept = 1 << 16

// keep returns a copy of s that outlives the event, the same copy for equal strings.
func (a *Assembler) keep(s string) string {
	if s == "" {
		return ""
	}
	if k, ok := a.kept[s]; ok {
		return k
	}
	if len(a.kept) >= maxKept {
		clear(a.kept)
	}
	k := string([]byte(s))
	a.kept[k] = k
	return k
}

func unescaped(s string) string { return wire.Unescape(s) }

func number(s string) (int64, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil
}

func byOrder(list []*channel) []*channel {
	slices.SortFunc(list, func(x, y *channel) int { return compare(x.order, y.order) })
	return list
}

func compare[T int64 | uint64 | int](x, y T) int {
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}
