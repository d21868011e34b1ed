package call

import (
	"cmp"
	"slices"
	"strings"
)

// What an operator does is told by the channels of the device, as everything about calls is; the PBX's own device state
// only tells whether the device could be rung. It cannot tell more: a device that is rung or dials is BUSY where it takes
// one call at a time, and the same state comes once per queue.
//
//	unreachable ◀──device state──▶ idle ──called──▶ ringing ──up──▶ busy ◀──▶ hold
//	                                ▲                 │              │
//	                                └─────────────────┴──no channel──┘──▶ and wrap-up, per queue
//
// The state is worked out after each event that mentions a channel of the device, from what then is.

// presence is what an endpoint of ours is doing.
type presence struct {
	reachable reachable
	reachAt   int64 // when that was told
	queried   bool  // it was told by a device state, which goes before contacts and peers
	state     *interval
	pool      *interval   // logged in as an agent of a pool
	wraps     []*interval // wrap-ups that may not be over
	stirred   bool        // in Assembler.stirred
}

// reachable is whether a device could be rung.
type reachable uint8

const (
	reachUnknown reachable = iota
	reachYes
	reachNo
)

// stir is an endpoint whose state is to be worked out after this event: t is when it changed.
type stir struct {
	p       *pbx
	e       *endpoint
	t       int64
	guessed bool
}

// isDevice tells names of devices from Custom:, hint:, Queue:, MWI: and Local channels.
func isDevice(name string) bool {
	return strings.Count(name, "/") == 1 && !strings.ContainsAny(name, "@;:") && kindOf(name) == kindParty
}

func (a *Assembler) stir(p *pbx, e *endpoint, t int64, guessed bool) {
	if e.stirred {
		for i := range a.stirred {
			if s := &a.stirred[i]; s.e == e && t > s.t {
				s.t, s.guessed = t, guessed
			}
		}
		return
	}
	e.stirred = true
	a.stirred = append(a.stirred, stir{p, e, t, guessed})
}

// calm works out the states of the devices that the last event was about.
func (a *Assembler) calm() {
	for _, s := range a.stirred {
		s.e.stirred = false
		a.present(s.p, s.e, s.t, s.guessed)
	}
	a.stirred = a.stirred[:0]
}

// wanted is what a device does now. Since is set where the moment it began was not seen.
type wanted struct {
	kind    StateKind
	queue   string
	since   int64
	guessed bool
}

// mostLooked bounds how many channels of one device are looked at.
const mostLooked = 32

// doing works out what a device does now.
func (e *endpoint) doing() wanted {
	var best wanted
	queue := "" // of the call that is spoken, though it may be on hold while somebody is asked
	for i, c := range e.open {
		if i >= mostLooked {
			break
		}
		w := c.doing()
		if speaks(w.kind) && queue == "" {
			queue = w.queue
		}
		if rank(w.kind) > rank(best.kind) || rank(w.kind) == rank(best.kind) && best.queue == "" && w.queue != "" {
			best = w
		}
	}
	if speaks(best.kind) {
		best.queue = queue
	}
	switch {
	case best.kind != StateUnknown:
	case e.reachable == reachNo:
		best.kind = StateUnreachable
	case e.reachable == reachYes, e.state != nil:
		best.kind = StateIdle
	}
	return best
}

// rank says which of a device's channels tells what it does.
func rank(k StateKind) int {
	switch k {
	case StateBusy:
		return 3
	case StateHold:
		return 2
	case StateRinging:
		return 1
	default:
		return 0
	}
}

func speaks(k StateKind) bool { return k == StateBusy || k == StateHold }

// doing says what one channel makes its device do.
func (c *channel) doing() wanted {
	switch d := c.dial; {
	case c.ended(), c.glue(), c.waitsInPool():
		return wanted{}
	case c.up != 0, d != nil && d.end != 0 && d.status == statusAnswer:
		w := wanted{kind: StateBusy, since: c.up, guessed: c.guessed&guessUp != 0}
		if d != nil {
			w.queue = queueOf(d)
		}
		if n := len(c.holds); n > 0 && c.holds[n-1].to == 0 {
			w.kind, w.guessed = StateHold, false
		}
		return w
	case d != nil && d.end == 0:
		return wanted{kind: StateRinging, queue: queueOf(d), since: d.at, guessed: d.guessed}
	case d == nil && c.came:
		return wanted{kind: StateBusy, since: c.created, guessed: c.guessed&guessCreated != 0}
	}
	return wanted{}
}

// waitsInPool tells the channel of an agent of a pool, which is up as long as the agent is logged in, while no call is
// put through to it.
func (c *channel) waitsInPool() bool {
	if base := c.pbx.channels[c.id]; !c.pooled && (base == nil || base.stand != c) {
		return false
	}
	for i := range c.stays {
		if s := &c.stays[i]; s.to == 0 && s.bridge.use == useTalk {
			return false
		}
	}
	return true
}

// present brings the state of a device up to what it does now.
func (a *Assembler) present(p *pbx, e *endpoint, t int64, guessed bool) {
	if e.class() != classDevice {
		if e.state != nil {
			e.state.void = true
			a.end(&e.state, t, "", guessed)
		}
		return
	}
	w := e.doing()
	cur := e.state
	if p.snap != nil && w.guessed && w.since != 0 && (cur == nil || w.since > cur.from) {
		t, guessed = w.since, true
	}
	switch {
	case w.kind == StateUnknown:
		return
	case cur == nil:
		e.state = a.begin(interval{
			kind: w.kind, pbx: p, iface: e.name, operator: e.device(), queue: w.queue, from: t,
			guessed: guessed || p.snap != nil,
		})
		return
	}
	if o := e.device(); o != cur.operator {
		cur.operator = o
		a.tell(cur)
	}
	t = max(t, cur.from)
	switch {
	case w.kind == cur.kind && w.queue == cur.queue:
		return
	case t == cur.from, w.kind == cur.kind && cur.queue == "" && t-cur.from <= second: // better known now
		cur.kind, cur.queue, cur.guessed = w.kind, w.queue, cur.guessed || guessed
		a.tell(cur)
		return
	}
	spoke, queue := speaks(cur.kind), cur.queue
	next := interval{kind: w.kind, pbx: p, iface: e.name, operator: e.device(), queue: w.queue, from: t, guessed: guessed}
	a.end(&e.state, t, "", guessed)
	e.state = a.begin(next)
	if speaks(w.kind) {
		a.wrappedUp(e, "", t, byCall)
	} else if spoke && queue != "" {
		a.wrapUp(p, e, queue, t, guessed)
	}
}

// mostWraps bounds the wrap-ups of one operator at a time.
const mostWraps = 64

// wrapUp leaves an operator alone for as long as the queue does after a call. The end is known from the beginning.
func (a *Assembler) wrapUp(p *pbx, e *endpoint, queue string, t int64, guessed bool) {
	e.wraps = slices.DeleteFunc(e.wraps, func(x *interval) bool {
		over := x.to <= t
		x.held = x.held && !over
		return over
	})
	q := p.queues[queue]
	if q == nil || len(e.wraps) >= mostWraps {
		return
	}
	for i := range q.members {
		m := &q.members[i]
		lasts := cmp.Or(m.wrapup, q.wrapup) * second
		if m.gone != 0 || lasts == 0 || m.device() != e.name && p.operatorOf(m) != e.device() {
			continue
		}
		x := a.about(p, q, m, StateWrapUp)
		x.from, x.to, x.guessed = t, t+lasts, guessed
		e.wraps = append(e.wraps, a.begin(x))
		return
	}
}

// wrappedUp cuts wrap-ups short, of one queue or of all.
func (a *Assembler) wrappedUp(e *endpoint, queue string, t int64, by string) {
	kept := e.wraps[:0]
	for _, x := range e.wraps {
		switch {
		case queue != "" && x.queue != queue:
			kept = append(kept, x)
			continue
		case x.to > t:
			o := x
			a.end(&o, t, by, false)
		}
		x.held = false
	}
	clear(e.wraps[len(kept):])
	e.wraps = kept
}

// deviceState takes a state of a device. Rows of the PBX's list come with the number of the action that asked.
func (a *Assembler) deviceState(p *pbx, r *record) {
	name := r.get(slotDevice)
	switch state := r.get(slotState); {
	case !isDevice(name), state == "", state == "UNKNOWN":
	default:
		a.reach(p, name, r, state != "UNAVAILABLE" && state != "INVALID")
	}
}

// reach notes whether a device could be rung. What a list tells otherwise than it was known changed while nobody looked.
func (a *Assembler) reach(p *pbx, device string, r *record, yes bool) {
	if device == "" {
		return
	}
	e := p.endpoint(a, device)
	if r.t < e.reachAt {
		return
	}
	e.queried = true
	a.reached(p, e, r, yes)
}

func (a *Assembler) reached(p *pbx, e *endpoint, r *record, yes bool) {
	if p.waiting { // this may be another Asterisk; its list comes in a moment
		return
	}
	now, t, guessed := reachNo, r.t, false
	if yes {
		now = reachYes
	}
	if p.snap != nil && r.get(slotActionID) != "" {
		if guessed = true; e.reachable != reachUnknown {
			t = between(max(p.snap.lost, e.reachAt), r.t)
		}
	}
	e.reachAt = r.t
	if now != e.reachable || e.state == nil {
		e.reachable = now
		a.stir(p, e, t, guessed)
	}
}

// peerStatus tells of registrations where device states do not.
func (a *Assembler) peerStatus(p *pbx, r *record) {
	e := p.endpoints[r.get(slotPeer)]
	if e == nil || e.queried || r.t < e.reachAt {
		return
	}
	switch r.get(slotPeerStatus) {
	case "Registered", "Reachable", "Lagged":
		a.reached(p, e, r, true)
	case "Unregistered", "Unreachable", "Rejected":
		a.reached(p, e, r, false)
	}
}

// contacted is the same for contacts of PJSIP. A device may have several; the last word counts.
func (a *Assembler) contacted(p *pbx, r *record) {
	e := p.endpoints["PJSIP/"+r.get(slotEndpointName)]
	if e == nil || e.queried || r.t < e.reachAt {
		return
	}
	status := r.get(slotContactStatus)
	if status == "" {
		status = r.get(slotStatus) // in rows of the PBX's list
	}
	switch status {
	case "Reachable", "NonQualified", "Created", "Updated":
		a.reached(p, e, r, true)
	case "Removed", "Unreachable":
		a.reached(p, e, r, false)
	}
}

// silence ends the states of all devices: Asterisk stopped, and nobody knows of anybody until it speaks again. What it
// said before now is of no more use.
func (a *Assembler) silence(p *pbx, t, now int64, guessed bool) {
	a.calm()
	for _, name := range p.endpointNames {
		e := p.endpoints[name]
		if e.state != nil {
			a.end(&e.state, t, byStop, guessed)
		}
		a.wrappedUp(e, "", t, byStop)
		e.reachable, e.reachAt, e.queried = reachUnknown, max(now, e.reachAt), false
	}
}

// agentLogin takes an agent of a pool (app_agent_pool). The agent's channel stays up for as long as it lasts.
func (a *Assembler) agentLogin(p *pbx, r *record) {
	c := a.see(p, r, slotMain)
	if c == nil || c.ep == nil || c.ended() || c.pooled && c.ep.pool != nil {
		return
	}
	a.pool(p, c, r.get(slotAgent), r.t, false)
}

func (a *Assembler) pool(p *pbx, c *channel, agent string, t int64, guessed bool) {
	c.pooled = true
	a.end(&c.ep.pool, t, byList, true)
	x := interval{
		kind: StateLoggedIn, pbx: p, iface: c.ep.name, operator: c.ep.device(), member: a.keep(agent), membership: membershipAgent,
		from: t, guessed: guessed,
	}
	if guessed {
		x.began = byList
	}
	c.ep.pool = a.begin(x)
	a.stir(p, c.ep, t, guessed)
}

func (a *Assembler) agentLogoff(p *pbx, r *record) {
	c := a.find(p, r, slotMain)
	if c == nil || !c.pooled {
		return
	}
	a.end(&c.ep.pool, r.t, "", false)
}
