package call

import (
	"slices"
	"strings"

	"github.com/callweave/callweave/shared/wire"
)

// Who serves a queue is told by events of its own kind, each of which says all about one member: what differs from what
// is known is what happened. The same row comes for every change of the device in every queue, so most change nothing.

// queue is what is known of who serves a queue, to tell an empty queue from an impatient caller and to follow who was
// logged in when.
type queue struct {
	name    string
	wrapup  int64 // wrap-up time of members that have none of their own, s
	members []member
}

// member is one interface a queue rings.
type member struct {
	iface, state string // what is rung, and the device whose state counts
	name         string // MemberName
	kind         string // static, dynamic, realtime
	status       int
	paused       bool
	wrapup       int64 // its own wrap-up time, s; 0 for the queue's

	login, pause, penalty *interval // what lasts

	said    int64 // when the PBX spoke of it last
	refused int64 // when it did not answer last
	gone    int64 // when it left the queue; it is kept for a while for what comes late
	doubted bool  // Asterisk started anew: only its list tells whether it is still a member
}

// Device states as numbers, as queues tell them.
const (
	deviceUnknown     = 0
	deviceInvalid     = 4
	deviceUnavailable = 5
)

func (q *queue) empty() bool {
	for i := range q.members {
		if m := &q.members[i]; m.gone == 0 && !m.paused && m.status != deviceInvalid && m.status != deviceUnavailable {
			return false
		}
	}
	return true
}

func (p *pbx) queueEmpty(name string) bool {
	q := p.queues[name]
	return q != nil && q.empty()
}

func (a *Assembler) queueOf(p *pbx, name string) *queue {
	q := p.queues[name]
	if q == nil {
		q = &queue{name: strings.Clone(name)}
		p.queues[q.name] = q
		p.queueNames = append(p.queueNames, q.name)
	}
	return q
}

// queueParams announces a queue, so that one without members is known too.
func (a *Assembler) queueParams(p *pbx, r *record) {
	if name := r.get(slotQueue); name != "" {
		a.queueOf(p, name)
	}
}

func (q *queue) find(iface string) *member {
	for i := range q.members {
		if q.members[i].iface == iface {
			return &q.members[i]
		}
	}
	return nil
}

func (q *queue) member(a *Assembler, iface string) *member {
	if m := q.find(iface); m != nil {
		return m
	}
	q.members = append(q.members, member{iface: a.keep(iface)})
	return &q.members[len(q.members)-1]
}

// queueMember takes a row or an event about a member: QueueMember has Name and Location, the events MemberName and
// Interface.
func (a *Assembler) queueMember(p *pbx, r *record) {
	name := r.get(slotQueue)
	iface := r.get(slotInterface)
	if iface == "" {
		iface = r.get(slotLocation)
	}
	if name == "" || iface == "" {
		return
	}
	q := a.queueOf(p, name)
	m := q.member(a, iface)
	if r.t < m.said || m.gone != 0 && r.t <= m.gone { // told before, or late
		return
	}
	if n := r.get(slotMemberName) + r.get(slotName); n != m.name { // the one or the other is there
		m.name = a.keep(n)
	}
	if k := r.get(slotMembership); k != m.kind {
		m.kind = a.keep(k)
	}
	m.wrapup = int64(min(r.small(slotWrapup), mostWrapup))
	m.status, m.paused = r.small(slotStatus), r.get(slotPaused) == "1"
	if s := r.get(slotStateInterface); s != m.state {
		m.state = a.keep(s)
		p.learnDevice(a, m.state)
	}
	if m.iface != m.state {
		p.learnDevice(a, m.iface)
	}
	a.followMember(p, q, m, r)
	m.said = r.t
	if m.status != deviceUnknown {
		a.reach(p, m.device(), r, m.status != deviceInvalid && m.status != deviceUnavailable)
	}
}

// followMember brings the intervals of a member up to what a row says.
func (a *Assembler) followMember(p *pbx, q *queue, m *member, r *record) {
	if m.login != nil {
		a.loggedInAnew(p, q, m, r)
	}
	if m.login == nil {
		a.loggedIn(p, q, m, r)
	}
	a.followPause(p, q, m, r)
	a.followPenalty(p, q, m, r)
	m.doubted = false
	if o := p.operatorOf(m); o != m.login.operator {
		for _, x := range []*interval{m.login, m.pause, m.penalty} {
			if x != nil {
				x.operator = o
				a.tell(x)
			}
		}
	}
}

// loggedInAnew ends a log-in that was followed by another while nobody looked. An event says so, or the time of the
// log-in that the PBX lists. The time of static members is that of the last reload and tells nothing.
func (a *Assembler) loggedInAnew(p *pbx, q *queue, m *member, r *record) {
	since, ok := p.told(r, slotLoginTime)
	switch {
	case m.doubted:
		return
	case r.ev.ID == wire.EvQueueMemberAdded:
		if r.t-m.login.from <= second || p.waiting { // one that starts adds those it kept
			return
		}
		since = r.t
	case !ok, m.kind != "dynamic", since < m.said+second:
		return
	}
	low := m.said
	if p.snap != nil {
		low = max(low, p.snap.lost)
	}
	a.loggedOut(p, q, m, between(low, since), byList, true)
	m.gone = 0
}

func (a *Assembler) loggedIn(p *pbx, q *queue, m *member, r *record) {
	x := a.about(p, q, m, StateLoggedIn)
	if r.ev.ID == wire.EvQueueMemberAdded {
		x.from, x.began = r.t, m.by(p, q, "AddQueueMember", r.t)
	} else {
		x.from, x.began, x.guessed = a.unseen(p, m, r), byList, true
		if since, ok := p.told(r, slotLoginTime); ok && since >= m.gone {
			x.from = since
		}
	}
	m.gone = 0
	m.login = a.begin(x)
}

// unseen is when something began or ended that is only known from a row: between the time the PBX spoke of the member
// before, or was lost, and now.
func (a *Assembler) unseen(p *pbx, m *member, r *record) int64 {
	low := m.said
	if p.snap != nil {
		low = max(low, p.snap.lost)
	}
	return between(low, r.t)
}

// about is an interval of a member that has not begun.
func (a *Assembler) about(p *pbx, q *queue, m *member, kind StateKind) interval {
	return interval{kind: kind, pbx: p, queue: q.name, iface: m.iface, operator: p.operatorOf(m), member: m.name, membership: m.kind}
}

// followPause opens and closes pauses. Asterisk 22 says why a pause ended in PausedReason, 16 in Reason.
func (a *Assembler) followPause(p *pbx, q *queue, m *member, r *record) {
	seen := r.ev.ID == wire.EvQueueMemberPause
	reason := r.get(slotPausedReason)
	if reason == "" {
		reason = r.get(slotReason)
	}
	switch {
	case m.paused && m.pause == nil:
		a.paused(p, q, m, r, reason)
	case m.paused && seen && r.t > m.pause.from && reason != m.pause.reason: // paused for something else
		a.end(&m.pause, r.t, m.by(p, q, "PauseQueueMember", r.t), false)
		a.paused(p, q, m, r, reason)
	case m.paused || m.pause == nil:
	case seen:
		m.pause.endReason = a.keep(reason)
		a.end(&m.pause, r.t, m.by(p, q, "UnpauseQueueMember", r.t), false)
	case m.doubted:
		a.end(&m.pause, p.died, byStop, !p.stopped)
	default:
		a.end(&m.pause, a.unseen(p, m, r), byList, true)
	}
}

func (a *Assembler) paused(p *pbx, q *queue, m *member, r *record, reason string) {
	x := a.about(p, q, m, StatePaused)
	x.from, x.reason = r.t, a.keep(reason)
	switch {
	case r.ev.ID == wire.EvQueueMemberAdded: // it was added paused
		x.from, x.began = m.login.from, m.login.began
	case r.ev.ID == wire.EvQueueMemberPause && m.autopaused(reason, r.t):
		x.began = byAutopause
	case r.ev.ID == wire.EvQueueMemberPause:
		x.began = m.by(p, q, "PauseQueueMember", r.t)
	default:
		x.from, x.began, x.guessed = max(a.unseen(p, m, r), m.login.from), byList, true
		if since, ok := p.told(r, slotLastPause); ok && since >= max(m.said-second, m.login.from) {
			x.from = since
		}
	}
	m.pause = a.begin(x)
}

// autopauseReason is what Asterisk gives as reason when it pauses a member that did not answer.
const autopauseReason = "Auto-Pause"

// autopaused tells a pause by the queue itself. It comes with the event that the member did not answer; with
// autopause = all the other queues only have the reason.
func (m *member) autopaused(reason string, t int64) bool {
	return reason == autopauseReason || reason == "" && m.refused != 0 && t-m.refused <= second
}

func (a *Assembler) followPenalty(p *pbx, q *queue, m *member, r *record) {
	n := r.small(slotPenalty)
	if m.penalty != nil && m.penalty.penalty == n || m.penalty == nil && n == 0 {
		return
	}
	x := a.about(p, q, m, StatePenalty)
	x.penalty, x.from = n, r.t
	switch {
	case m.penalty == nil && m.said <= m.login.from: // it came with it
		x.from, x.began, x.guessed = m.login.from, m.login.began, m.login.guessed
	case r.ev.ID == wire.EvQueueMember:
		x.from, x.began, x.guessed = max(a.unseen(p, m, r), m.login.from), byList, true
	}
	a.end(&m.penalty, x.from, x.began, x.guessed)
	if n != 0 {
		m.penalty = a.begin(x)
	}
}

func (a *Assembler) queueMemberRemoved(p *pbx, r *record) {
	q := p.queues[r.get(slotQueue)]
	if q == nil {
		return
	}
	m := q.find(r.get(slotInterface))
	if m == nil || m.gone != 0 || r.t < m.said {
		return
	}
	a.loggedOut(p, q, m, r.t, m.by(p, q, "RemoveQueueMember", r.t), false)
	m.said = r.t
	a.forgetMembers(p, q)
}

// loggedOut ends all that a member does in a queue.
func (a *Assembler) loggedOut(p *pbx, q *queue, m *member, t int64, by string, guessed bool) {
	if m.login != nil {
		t = max(t, m.login.from)
	}
	a.end(&m.pause, t, byLogout, guessed)
	a.end(&m.penalty, t, byLogout, guessed)
	a.end(&m.login, t, by, guessed)
	if e := p.endpoints[m.device()]; e != nil {
		a.wrappedUp(e, q.name, t, byLogout)
	}
	m.gone, m.paused, m.doubted = max(t, 1), false, false
}

// reconcileMembers ends the membership of those that the PBX no longer lists. Where Asterisk started anew they were lost
// with it.
func (a *Assembler) reconcileMembers(p *pbx, n *reconciliation) {
	for _, name := range p.queueNames {
		q := p.queues[name]
		for i := range q.members {
			m := &q.members[i]
			switch {
			case m.gone != 0 || m.said >= n.began:
			case m.doubted:
				a.loggedOut(p, q, m, max(p.died, m.said), byStop, !p.stopped)
			default:
				a.loggedOut(p, q, m, between(max(n.lost, m.said), n.began), byList, true)
			}
		}
	}
}

// doubtMembers notes that Asterisk started anew. It may have kept its members (persistentmembers of queues.conf).
func (p *pbx) doubtMembers() {
	for _, q := range p.queues {
		for i := range q.members {
			q.members[i].doubted = q.members[i].gone == 0
		}
	}
}

// forgetMembers forgets those that left so long ago that nothing about it can come any more.
func (a *Assembler) forgetMembers(p *pbx, q *queue) {
	until := p.now - a.keepFor()
	q.members = slices.DeleteFunc(q.members, func(m member) bool { return m.gone != 0 && m.said < until })
}

// device returns the endpoint behind a member: a Local interface says by its state interface whose it is. "" where it is
// no device of a channel technology (hint:101@ext-local, Agent:1001).
func (m *member) device() string {
	for _, name := range []string{m.state, m.iface} {
		if isDevice(name) {
			return name
		}
	}
	return ""
}

// operatorOf returns the number of the operator behind a member.
func (p *pbx) operatorOf(m *member) string {
	if name := m.device(); name != "" {
		if e := p.endpoints[name]; e != nil {
			return e.device()
		}
	}
	for _, name := range []string{m.state, m.iface} {
		if kind, rest, ok := strings.Cut(name, ":"); ok && (kind == "hint" || kind == "Agent") {
			number, _, _ := strings.Cut(rest, "@")
			return number
		}
	}
	return operatorOf(nil, m.iface)
}

// told reads a moment that the PBX tells in seconds of its own clock, if that can be: it says 0 for never.
func (p *pbx) told(r *record, s slot) (int64, bool) {
	n, ok := r.int(s)
	if !ok || n <= 0 || n > 1<<40 {
		return 0, false
	}
	t := n*second - p.skewed()
	return min(t, r.t), t <= r.t+second
}

// queueConfig takes the wrap-up times of queues out of queues.conf: events and rows about members only tell what a member
// has of its own. All queues that have such a time come in one answer.
func (a *Assembler) queueConfig(p *pbx, ev *wire.Event) {
	var q *queue
	for i := range ev.Fields {
		f := &ev.Fields[i]
		if f.ID != 0 {
			continue
		}
		if strings.HasPrefix(f.Name, "Category-") {
			if q == nil {
				p.forgetWrapups()
			}
			q = a.queueOf(p, f.Value)
			continue
		}
		text, ok := strings.CutPrefix(f.Value, "wrapuptime=")
		if n, isNumber := number(text); ok && isNumber && n > 0 && n <= mostWrapup && q != nil && strings.HasPrefix(f.Name, "Line-") {
			q.wrapup = n
		}
	}
	if q != nil && p.snap != nil {
		p.snap.config = true
	}
}

// mostWrapup bounds a wrap-up time, s: a mistyped one is none.
const mostWrapup = 24 * 60 * 60

func (p *pbx) forgetWrapups() {
	for _, q := range p.queues {
		q.wrapup = 0
	}
}

// ran is an application of the dialplan that changes who serves a queue.
type ran struct {
	at        int64
	app, args string
}

const (
	mostRan   = 8          // that are remembered
	ranWithin = 2 * second // what an application does comes right after it
)

// noteRan remembers what the dialplan does with queues: the events of queues do not say who asked.
func (a *Assembler) noteRan(p *pbx, r *record) {
	p.dialplan = true
	switch app := r.get(slotApplication); app {
	case "AddQueueMember", "RemoveQueueMember", "PauseQueueMember", "UnpauseQueueMember":
		if len(p.ran) >= mostRan {
			p.ran = slices.Delete(p.ran, 0, 1)
		}
		p.ran = append(p.ran, ran{at: r.t, app: a.keep(app), args: strings.Clone(r.get(slotAppData))})
	}
}

// by tells who changed a member: an application of the dialplan that just ran, or else AMI or the command line, which
// only follows where we see the dialplan, or nobody is there to run it. Static and realtime members come and go with the
// configuration.
func (m *member) by(p *pbx, q *queue, app string, t int64) string {
	if m.kind != "dynamic" && app != "PauseQueueMember" && app != "UnpauseQueueMember" {
		return ""
	}
	for _, x := range p.ran {
		if x.app != app || distance(x.at, t) > ranWithin {
			continue
		}
		of, rest, _ := strings.Cut(x.args, ",")
		who, _, _ := strings.Cut(rest, ",")
		if (of == q.name || of == "" && app != "AddQueueMember") && (who == m.iface || who == "") {
			return byDialplan
		}
	}
	if p.dialplan || !p.busy() {
		return byAction
	}
	return ""
}

// busy tells whether anybody is there who could run the dialplan.
func (p *pbx) busy() bool {
	for _, c := range p.channels {
		if !c.ended() {
			return true
		}
	}
	return false
}
