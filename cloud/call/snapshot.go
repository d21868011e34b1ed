package call

import (
	"cmp"
	"slices"
	"strings"

	"github.com/callweave/callweave/shared/wire"
)

// reconciliation compares what we believe with what the PBX lists after a (re)connect. Rows and live events come mixed
// and in any order, so a row only ever adds: a channel that was seen to end stays ended.
type reconciliation struct {
	began   int64             // when the snapshot began
	lost    int64             // the last moment before it that we knew of
	listed  map[*channel]bool // channels the PBX listed
	waiting map[*channel]bool // callers the PBX listed in a queue
	bridged map[*channel]bool // channels listed inside a bridge
	gone    []string          // Uniqueids nobody knew that ended meanwhile: a row about one is of before
	left    []string          // the same of bridges that were left
	queues  bool              // the queues were listed
	audit   bool              // the connection stood: events tell more exactly than lists, unless they are lost
	config  bool              // queues.conf told of wrap-up times
}

func newReconciliation(began, lost int64) *reconciliation {
	return &reconciliation{began: began, lost: lost, listed: map[*channel]bool{}, waiting: map[*channel]bool{}, bridged: map[*channel]bool{}}
}

// maxUnheard bounds what is kept of channels nobody knew.
const maxUnheard = 1 << 12

// passing notes that a channel nobody knew did something while the PBX lists what it has. A row about it may come later,
// and be older.
func passing(list *[]string, id string) {
	if id != "" && len(*list) < maxUnheard {
		*list = append(*list, strings.Clone(id))
	}
}

// agentEvent takes the marks the agent puts into the stream.
func (a *Assembler) agentEvent(p *pbx, ev *wire.Event) {
	r := &a.rec
	switch ev.ID {
	case wire.AgentClock:
		if offset, ok := number(ev.Get(wire.AgentFieldOffset)); ok {
			was := p.skew
			if p.measure(offset, ev.Received); distance(was, p.skew) > second/2 {
				a.cross.reclocked(p)
			}
		}
		return
	case wire.AgentClockStep:
		p.arrived, p.marked = 0, 0
		a.cross.reclocked(p)
		return
	case wire.AgentResponse:
		r.take(ev)
		r.t = p.at(ev)
		a.coreStatus(p, r)
		a.queueConfig(p, ev)
		return
	default:
	}
	if ev.Received <= p.marked { // marks are told once: a repeated stream must not reconcile twice
		return
	}
	p.marked = ev.Received
	r.take(ev)
	r.t = p.at(ev)
	switch ev.ID {
	case wire.AgentConnected:
		if p.connected { // the agent died without a word
			a.disconnected(p, p.heard)
		}
		p.connected, p.waiting = true, p.lostAt != 0
	case wire.AgentDisconnected:
		a.disconnected(p, r.t)
	case wire.AgentGap:
		if p.lostAt == 0 {
			p.lostAt = r.t
		}
		a.doubt(p)
	case wire.AgentSnapshotBegin:
		lost := p.lostAt
		if lost == 0 {
			lost = p.audited
		}
		p.snap, p.waiting = newReconciliation(r.t, lost), false
		p.snap.audit = p.lostAt == 0 && p.audited != 0
	case wire.AgentSnapshotEnd:
		a.reconcile(p, r.t, ev.Get(wire.AgentFieldRefused))
	default:
	}
}

// disconnected remembers when the connection was lost. Channels stay open: only the next snapshot can tell what became
// of them.
func (a *Assembler) disconnected(p *pbx, t int64) {
	p.connected = false
	p.snap = nil
	if p.lostAt == 0 {
		p.lostAt = t
	}
	a.doubt(p)
}

// doubt marks the calls that are open while nobody listens.
func (a *Assembler) doubt(p *pbx) {
	for _, c := range p.ordered() {
		if !c.ended() {
			c.guessed |= guessGap
			a.touch(c.part)
		}
	}
}

// fullyBooted is sent after every login. Only another start time is a restart.
func (a *Assembler) fullyBooted(p *pbx, r *record) {
	uptime, ok := r.int(slotUptime)
	if !ok {
		return
	}
	started := r.t - uptime*second
	if p.bootAt == 0 {
		p.bootAt = started
		return
	}
	switch {
	case distance(started, p.bootAt) <= bootTrembles:
		p.otherBoot = 0
	case started > p.bootAt && p.startup == "":
		a.restarted(p, r.t)
		p.bootAt, p.otherBoot = started, 0
	default: // a clock that was set moves the start as well: wait for what else is said of it
		p.otherBoot = started
	}
}

// bootTrembles is how much a start time computed from an uptime in whole seconds may vary.
const bootTrembles = 4 * second

// coreStatus knows a restart by the start time in words, which stays the same when the clock is set.
func (a *Assembler) coreStatus(p *pbx, r *record) {
	startup := r.get(slotStartupDate) + " " + r.get(slotStartupTime)
	if startup == " " {
		return
	}
	other := p.startup != "" && startup != p.startup
	switch {
	case other && (p.bootAt == 0 || p.otherBoot != 0):
		a.restarted(p, r.t)
		fallthrough
	case startup == p.startup && p.otherBoot != 0:
		p.bootAt, p.otherBoot = cmp.Or(p.otherBoot, p.bootAt), 0
	}
	p.startup = strings.Clone(startup)
}

// restarted ends all that the old Asterisk had. It died when it was last heard of.
func (a *Assembler) restarted(p *pbx, t int64) {
	at := p.lostAt
	if at == 0 {
		at = t
	}
	p.waiting = false
	if !p.stopped {
		p.died = at
	}
	a.silence(p, p.died, t, !p.stopped)
	p.doubtMembers()
	for _, c := range p.ordered() {
		if !c.ended() {
			c.shutdown = true
			c.guessed |= guessEnd
			a.finish(c, max(at, c.lastSign()))
		}
	}
	p.boot++
	for id, c := range p.channels {
		p.old[id] = c
	}
	p.channels, p.linked = map[string]*channel{}, map[string]*channel{}
	p.bridges, p.halves = map[string]*bridge{}, map[string]*channel{}
	p.lostAt = 0
}

// shutdown is Asterisk's own word that it stops: what ends around now was ended by nobody else.
func (a *Assembler) shutdown(p *pbx, r *record) {
	if r.t <= p.died { // told before
		return
	}
	p.died, p.stopped = r.t, true
	a.silence(p, r.t, r.t, false)
	p.doubtMembers()
	for _, c := range p.ordered() {
		if !c.ended() {
			c.shutdown = true
			a.finish(c, r.t)
		}
	}
}

// lastSign is the last moment the channel is known to have lived.
func (c *channel) lastSign() int64 {
	t := max(c.created, c.rang, c.up)
	for i := range c.stays {
		t = max(t, c.stays[i].from, c.stays[i].to)
	}
	for i := range c.steps {
		t = max(t, c.steps[i].at)
	}
	return t
}

// ordered returns the channels of the running boot by first sight.
func (p *pbx) ordered() []*channel {
	list := make([]*channel, 0, len(p.channels))
	for _, c := range p.channels {
		list = append(list, c)
	}
	return byOrder(list)
}

// channelRow takes a row of Status or CoreShowChannels.
func (a *Assembler) channelRow(p *pbx, r *record) {
	if p.snap == nil {
		return
	}
	c := p.channel(r.get(slotMain+inUniqueid), r.t)
	fresh := c == nil
	if fresh && slices.Contains(p.snap.gone, r.get(slotMain+inUniqueid)) {
		return
	}
	if fresh {
		if c = a.add(p, r, slotMain); c == nil {
			return
		}
		a.estimate(p, r, c)
	} else {
		a.refresh(p, r, slotMain, c)
	}
	p.snap.listed[c] = true
	a.describe(c, r)
	if c.ended() || p.snap.audit && !fresh && c.guessed&guessCreated == 0 {
		return
	}
	if d := r.get(slotDNID); d != "" && c.dnid == "" {
		c.dnid = a.keep(d)
	}
	if fresh || c.guessed&guessCreated != 0 {
		a.rebuild(p, r, c)
	}
	if c.up != 0 && c.up == r.t && !fresh {
		c.up = between(p.snap.lost, r.t)
		c.guessed |= guessUp
	}
	a.bridgeRow(p, r, c)
}

// estimate finds out when a channel began that was there before us: by its age in whole seconds, and by the time in its
// Uniqueid where there is one.
func (a *Assembler) estimate(p *pbx, r *record, c *channel) {
	c.guessed |= guessCreated
	age, ok := duration(r.get(slotSeconds))
	if !ok {
		age, ok = duration(r.get(slotDuration))
	}
	if !ok {
		return
	}
	low, high := r.t-(age+1)*second, r.t-age*second
	if born, ok := bornAt(c.id); ok {
		born -= p.skewed()
		if l, h := max(low, born), min(high, born+second); l <= h {
			low, high = l, h
		}
	}
	c.created = (low + high) / 2
	if c.up != 0 {
		c.up = c.created
		c.guessed |= guessUp
	}
	if c.rang != 0 {
		c.rang = c.created
	}
}

// skewed is what must be taken off a time that the PBX's own clock made.
func (k *clock) skewed() int64 {
	if k.measured || k.stamped {
		return k.skew
	}
	return 0
}

// bornAt reads the time of birth out of a Uniqueid ([system-]epoch.counter). It is a hint and nothing more.
func bornAt(id string) (int64, bool) {
	id = id[strings.LastIndexByte(id, '-')+1:]
	epoch, _, ok := strings.Cut(id, ".")
	n, isNumber := number(epoch)
	if !ok || !isNumber || n < 1e9 || n > 1e11 {
		return 0, false
	}
	return n * second, true
}

// rebuild tells a called channel from a caller: nothing else in a snapshot does.
func (a *Assembler) rebuild(p *pbx, r *record, c *channel) {
	app := r.get(slotApplication)
	if c.kind == kindParty {
		c.ep.guessSide(c, app)
		if !strings.HasPrefix(app, "App") {
			a.consultation(c)
		}
	}
	switch app {
	case "AppDial", "AppDial2", "AppQueue":
		d := a.attempt(c, c.created)
		if d.end == 0 {
			d.guessed = true
			if c.up != 0 {
				d.status = statusAnswer
			}
		}
	case "AgentLogin":
		if agent, _, _ := strings.Cut(r.get(slotAppData), ","); c.ep != nil && !c.pooled {
			a.pool(p, c, agent, c.created, true)
		}
	case "Queue", "Dial", "Page", "VoiceMail", "ConfBridge", "BackGround", "Playback":
		if len(c.steps) == 0 {
			c.steps = append(c.steps, step{at: c.created, app: a.keep(app), data: a.keep(r.get(slotAppData))})
		}
	}
}

func (e *endpoint) guessSide(c *channel, app string) {
	if strings.HasPrefix(app, "App") {
		c.learnBirth()
	} else {
		c.learnOrigin()
	}
}

// bridgeRow brings a channel's membership up to what the PBX says.
func (a *Assembler) bridgeRow(p *pbx, r *record, c *channel) {
	id := r.get(slotBridgeID)
	if id == "" {
		return
	}
	p.snap.bridged[c] = true
	if slices.Contains(p.snap.left, c.id) {
		return
	}
	for i := range c.stays {
		if s := &c.stays[i]; s.to == 0 && s.bridge.id == id {
			return
		}
	}
	for i := range c.stays {
		c.stays[i].unseen = c.stays[i].unseen || c.stays[i].to == 0
	}
	b := p.bridges[id]
	if b == nil {
		b = &bridge{id: strings.Clone(id), unknown: true}
		p.bridges[b.id] = b
	}
	low := max(p.snap.lost, c.created)
	s := a.enter(c, b, between(low, r.t), r.get(slotMain+inExten))
	s.guessed, s.lo, s.hi = true, low, r.t
	a.seat(c, b)
	if c.dial != nil && c.dial.end == 0 {
		c.dial.end, c.dial.status, c.dial.guessed = s.from, statusAnswer, true
	}
}

// bridgeListed takes what a bridge is for, which BridgeID alone does not tell. A conference goes by the bridge's name.
func (a *Assembler) bridgeListed(p *pbx, r *record) {
	b := a.bridge(p, r)
	if b == nil {
		return
	}
	a.serves(b, useOf(r.get(slotBridgeType), r.get(slotBridgeTechnology)))
	if b.use == useConference && b.name == "" {
		b.name = a.keep(r.get(slotBridgeName))
	}
	for _, c := range b.members {
		a.seat(c, b)
	}
}

// seat notes that a channel that was listed in the bridge of a conference takes part in it.
func (a *Assembler) seat(c *channel, b *bridge) {
	if n := len(c.rooms); b.use != useConference || b.name == "" || n > 0 && c.rooms[n-1].to == 0 {
		return
	}
	if s := c.stayIn(b); s != nil {
		c.rooms = append(c.rooms, room{name: b.name, from: s.from})
		a.touch(c.part)
	}
}

// queueEntry is a caller that waits.
func (a *Assembler) queueEntry(p *pbx, r *record) {
	c := p.channel(r.get(slotMain+inUniqueid), r.t)
	if c == nil || p.snap == nil {
		return
	}
	p.snap.waiting[c] = true
	if p.snap.audit || c.ended() {
		return
	}
	if v := c.openVisit(r.get(slotQueue)); v != nil && !p.snap.cameBack(v, r) {
		return
	}
	entered := max(c.created, r.t-int64(r.small(slotWait))*second)
	if v := c.openVisit(""); v != nil { // nobody waits in two queues
		v.left, v.guessed = max(entered, v.entered), true
	}
	c.visits = append(c.visits, &visit{
		caller: c, queue: a.keep(r.get(slotQueue)), entered: entered,
		position: r.small(slotPosition), guessed: true,
	})
	a.touch(c.part)
}

// cameBack tells whether a caller left the queue and came again while nobody listened: it has waited for less long than the
// visit that is known.
func (n *reconciliation) cameBack(v *visit, r *record) bool {
	const rounding = 2 * second // the wait is told in whole seconds, and clocks are measured
	wait, told := number(r.get(slotWait))
	joined := r.t - wait*second
	return told && joined > v.entered+rounding && joined > n.lost-rounding
}

func (a *Assembler) queuesListed(p *pbx, _ *record) {
	if p.snap != nil {
		p.snap.queues = true
	}
}

// reconcile ends what the PBX no longer lists. It ended at an unknown moment between the loss and the snapshot: the
// middle is the best guess, and is marked as one.
func (a *Assembler) reconcile(p *pbx, t int64, refused string) {
	n := p.snap
	p.snap = nil
	if n == nil {
		return
	}
	if n.queues {
		a.reconcileMembers(p, n)
	}
	for c := range n.bridged { // bridges that were not listed are what most are
		for i := range c.stays {
			if b := c.stays[i].bridge; b.unknown {
				a.serves(b, useTalk)
			}
		}
	}
	if !n.audit && !n.config && !strings.Contains(refused, "GetConfig") {
		p.forgetWrapups()
	}
	p.stopped = false
	if strings.Contains(refused, "Status") && (n.audit || strings.Contains(refused, "CoreShowChannels")) {
		return
	}
	if n.audit {
		a.compareLists(p, n)
		p.audited, a.rec.t = t, t
		return
	}
	failover := p.failedOver(n)
	for _, c := range p.ordered() {
		if !c.ended() && c.created < n.began && p.lostAt != 0 {
			c.unheard = append(c.unheard, span{p.lostAt, n.began})
		}
		switch {
		case c.ended():
		case n.listed[c]:
			a.reconcileOpen(c, n)
		case c.lastSign() < n.began && failover:
			c.guessed |= guessEnd
			c.shutdown = true
			a.finish(c, max(n.lost, c.lastSign()))
		case c.lastSign() < n.began:
			c.guessed |= guessEnd
			a.finish(c, between(max(n.lost, c.lastSign()), n.began))
			a.settleLost(c)
		}
	}
	p.lostAt, p.audited = 0, t
	a.rec.t = t
}

// compareLists compares our channels with what the PBX lists while the connection stands. What it does not list twice has
// ended unheard, at an unknown moment before it was missed first; once may be a Hangup that is still on its way.
func (a *Assembler) compareLists(p *pbx, n *reconciliation) {
	for _, c := range p.ordered() {
		switch {
		case c.ended():
		case n.listed[c]:
			c.listedAt, c.missedAt = n.began, 0
			a.stuck(c, n)
		case c.lastSign() >= n.began:
		case c.missedAt == 0:
			c.missedAt = n.began
		default:
			c.guessed |= guessEnd
			a.finish(c, between(max(c.listedAt, c.lastSign()), c.missedAt))
			a.settleLost(c)
		}
	}
}

// stuck marks a channel that Asterisk lists long after somebody asked to hang it up.
func (a *Assembler) stuck(c *channel, n *reconciliation) {
	if c.hangupAt != 0 && n.began-c.hangupAt > stuckAfter && c.guessed&guessGap == 0 {
		c.guessed |= guessGap
		a.touch(c.part)
	}
}

// failedOver tells whether the snapshot is of another machine than the one that was listened to before: it started at
// another time and has none of our channels. If it has some, its clock was set and it is the same.
func (p *pbx) failedOver(n *reconciliation) bool {
	if p.otherBoot == 0 {
		return false
	}
	p.bootAt, p.otherBoot = p.otherBoot, 0
	for c := range n.listed {
		if c.created < n.lost && c.guessed&guessCreated == 0 {
			return false
		}
	}
	return n.lost != 0
}

// stuckAfter is how long after somebody asked to hang up a channel may still be listed before something is wrong with it:
// Asterisk has channels that never end.
const stuckAfter = 60 * second

// reconcileOpen closes what a living channel no longer does.
func (a *Assembler) reconcileOpen(c *channel, n *reconciliation) {
	at := between(n.lost, n.began)
	c.listedAt, c.missedAt = n.began, 0
	a.stuck(c, n)
	if n.lost != 0 {
		c.doubt = at
	}
	if !n.bridged[c] {
		for i := range c.stays {
			if s := &c.stays[i]; s.to == 0 && s.from < n.began {
				s.to, s.unseen = max(at, s.from), true
				s.bridge.remove(c)
			}
		}
	}
	if v := c.openVisit(""); v != nil && n.queues && !n.waiting[c] && v.entered < n.began {
		v.left, v.guessed = max(at, v.entered), true
		if agent := c.partner(); agent != nil && agent.dial != nil {
			v.connected, v.agent = v.left, agent
		}
	}
	a.touch(c.part)
}

// partner returns the party a channel shares a bridge with now.
func (c *channel) partner() *channel {
	for i := range c.stays {
		s := &c.stays[i]
		if s.to != 0 {
			continue
		}
		for _, m := range s.bridge.members {
			if m != c {
				return m
			}
		}
	}
	return nil
}

// settleLost closes what an ended channel still had open.
func (a *Assembler) settleLost(c *channel) {
	if c.dial != nil && c.dial.end == 0 && c.up == 0 {
		c.dial.end, c.dial.guessed = c.end, true
	}
	if v := c.openVisit(""); v != nil {
		v.left, v.guessed = max(c.end, v.entered), true
	}
}

// between is the middle of an interval whose beginning may be unknown.
func between(low, high int64) int64 {
	if low == 0 || low > high {
		return high
	}
	return low + (high-low)/2
}
