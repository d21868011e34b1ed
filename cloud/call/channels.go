package call

import (
	"slices"
	"strings"
)

// kind is what a channel is to a story: a party, half of a Local pair, or nothing.
type kind uint8

const (
	kindTechnical kind = iota // announcers, recorders, message and zombie channels: never part of a story
	kindParty                 // a device or a trunk
	kindLocal                 // half of a Local pair: glue
)

// channel is what is known of one channel: facts only. What they mean is worked out in story.go, so that late evidence
// can change it. Times are µs since 1970; 0 is "not (yet)".
type channel struct {
	pbx   *pbx
	boot  uint32 // which start of Asterisk: Uniqueids begin anew with each
	id    string // Uniqueid; it stays with the conversation through masquerades and renames, the name does not
	order uint64 // order of first sight, to break ties of time
	name  string
	ep    *endpoint // technology/resource; nil for Local halves
	kind  kind
	peer  *channel // the other half of a Local pair, or the other end of a trunk between two PBXs
	link  *crossing
	waits *waiting   // for its other end at another PBX
	maybe []*channel // legs of which any may be that
	part  *component

	linkedid string // the latest
	linked   []string

	created, rang, up, end int64
	cause                  int
	guessed                guess

	exten, context   string // first seen
	lastExten        string
	lastContext      string
	number, callerID string // caller id at birth: number and name
	lastNumber       string
	hangupAt         int64 // the far side asked to hang up
	listedAt         int64 // when the PBX listed it last
	missedAt         int64 // when it did not, although the connection stood
	doubt            int64 // the middle of the latest silence it lived through: a hold from before may be over since
	softAt           int64 // Asterisk asked
	softCause        int
	shutdown         bool     // the PBX itself ended it
	recorded         bool     // MixMonitor began on it
	pooled           bool     // an agent of a pool logged in by it
	stand            *channel // who takes part in stories for it, where it is pooled; the latest
	again            bool     // its Uniqueid was another channel's before a restart
	came             bool     // it called us: nobody here made it
	asked            string   // the extension an Originate wanted it connected to
	dnid             string   // the number first asked for, where only a snapshot tells it
	bridgePeer       string   // name of the other channel in its bridge, as Asterisk sets it

	attrs   attributes
	unheard []span // times in which it lived and nobody listened

	stays  []stay
	holds  []span
	rooms  []room
	steps  []step
	digits []digit
	dial   *attempt // how it was called, where it was
	calls  []*attempt
	visits []*visit
	in     *bridge // scratch of the sweep
}

// guess says what of a channel was not seen but estimated.
type guess uint8

const (
	guessCreated guess = 1 << iota
	guessUp
	guessEnd
	guessGap // lived while nobody listened: something may be missing
)

// span is an interval; to is 0 while it lasts.
type span struct{ from, to int64 }

// stay is one membership of a bridge. lo and hi bound a start that was not seen.
type stay struct {
	bridge   *bridge
	from, to int64
	lo, hi   int64
	guessed  bool   // its start was not seen
	unseen   bool   // its end was not seen
	exten    string // where the dialplan had brought it when it came in
	moved    string // where it was sent to while it was inside, "" if it was not
}

// room is one stay in a conference.
type room struct {
	name     string
	from, to int64
}

// step is one application of the dialplan.
type step struct {
	at    int64
	app   string
	data  string
	exten string
}

type digit struct {
	at    int64
	digit byte
}

// reference is evidence that ties channels of different PBXs: a correlation header or a SIP Call-ID. The one of a
// channel's bridge peer is known by what Asterisk sets when it bridges.
type reference struct {
	kind  string
	value string
	peer  string // name of the channel it belongs to, "" for the channel itself
}

// unheardIn tells an interval that nobody listened to all the time: a hold, a leaving and coming back may be missing in it.
func (c *channel) unheardIn(from, to int64) bool {
	return slices.ContainsFunc(c.unheard, func(u span) bool { return from < u.to && (to == 0 || to > u.from) })
}

func (c *channel) ended() bool { return c.end != 0 }

// endOr returns the end, or now for a channel that lasts.
func (c *channel) endOr(now int64) int64 {
	if c.end != 0 {
		return c.end
	}
	return now
}

// glue tells channels that only carry sound between others.
func (c *channel) glue() bool { return c.kind == kindLocal || c.link != nil }

// called tells a channel somebody rang from one that came by itself.
func (c *channel) called() bool { return c.dial != nil }

// kindOf tells by the name. The prefixes are those of the channel technologies that Asterisk uses for itself.
func kindOf(name string) kind {
	tech, rest, ok := strings.Cut(name, "/")
	if !ok {
		return kindTechnical
	}
	switch tech {
	case "Local":
		return kindLocal
	case "Message", "Surrogate", "AsyncGoto", "Bridge", "CBAnn", "CBRec", "Snoop", "Recorder", "Announcer", "UnicastRTP",
		"MulticastRTP", "WebSocket", "AudioSocket", "ConfBridgeRecorder", "Console", "Parked":
		return kindTechnical
	}
	if strings.HasSuffix(rest, "<ZOMBIE>") {
		return kindTechnical
	}
	return kindParty
}

// endpointOf cuts the running number off a channel's name: "PJSIP/101-0000002a" is a channel of "PJSIP/101". The
// resource may itself contain dashes. Channels of a digital span name the number called too: "DAHDI/i1/79260000001-3" is
// one of "DAHDI/i1".
func endpointOf(name string) string {
	if i := strings.LastIndexByte(name, '-'); i > 0 {
		name = name[:i]
	}
	tech, rest, _ := strings.Cut(name, "/")
	if i := strings.IndexByte(rest, '/'); i > 0 {
		name = name[:len(tech)+1+i]
	}
	return name
}

// halfOf says which half of a Local pair a channel is by its name, and the name the two halves share.
func halfOf(name string) (pair string, half byte) {
	if n := len(name); n > 2 && name[n-2] == ';' {
		return name[:n-2], name[n-1]
	}
	return name, 0
}

// find returns the channel a block names, nil if it is not known.
func (a *Assembler) find(p *pbx, r *record, block slot) *channel {
	c := p.channel(r.value[block+inUniqueid], r.t)
	if c == nil {
		if r.value[block+inUniqueid] != "" {
			a.counters.UnknownReferences++
		}
		return nil
	}
	a.refresh(p, r, block, c)
	return c
}

// see returns the channel a block names, and makes it if it was never announced: the stream may begin in mid-call, and
// a filter on the PBX may hide its birth.
func (a *Assembler) see(p *pbx, r *record, block slot) *channel {
	id := r.value[block+inUniqueid]
	if id == "" {
		return nil
	}
	if c := p.channel(id, r.t); c != nil {
		a.refresh(p, r, block, c)
		return c
	}
	c := a.add(p, r, block)
	if c != nil {
		c.guessed |= guessCreated
		a.counters.UnknownReferences++
	}
	return c
}

// refresh takes what every event says about a channel: there is no event for a changed Linkedid.
func (a *Assembler) refresh(p *pbx, r *record, block slot, c *channel) {
	if l := r.value[block+inLinkedid]; l != "" && l != c.linkedid {
		a.follow(p, c, l)
	}
	if e := r.value[block+inExten]; e != "" && e != c.lastExten {
		c.lastExten = a.keep(e)
	}
	if x := r.value[block+inContext]; x != "" && x != c.lastContext {
		c.lastContext = a.keep(x)
	}
	if n := r.value[block+inNumber]; n != "" && n != c.lastNumber {
		c.lastNumber = a.keep(n)
	}
	if r.state(block) == stateUp && (c.up == 0 && c.end == 0 || r.t < c.up) {
		c.up = r.t
		a.cross.answered(a, c)
	}
	if block == slotMain && len(r.vars) > 0 {
		a.carried(c, r.vars)
	}
	if c.ep != nil {
		a.stir(p, c.ep, r.t, false)
	}
	a.touch(c.part)
}

// add makes the channel a block describes. It returns nil for channels that belong to no story.
func (a *Assembler) add(p *pbx, r *record, block slot) *channel {
	name := r.value[block+inChannel]
	k := kindOf(name)
	if k == kindTechnical {
		return nil
	}
	a.order++
	c := &channel{
		pbx: p, boot: p.boot, id: strings.Clone(r.value[block+inUniqueid]), order: a.order, name: strings.Clone(name), kind: k,
		created: r.t,
		exten:   a.keep(r.value[block+inExten]), context: a.keep(r.value[block+inContext]),
		number: a.keep(r.value[block+inNumber]), callerID: strings.Clone(unescaped(r.value[block+inName])),
	}
	if k == kindParty {
		c.ep = p.endpoint(a, endpointOf(name))
		c.ep.open = append(c.ep.open, c)
		c.ep.used++
		a.stir(p, c.ep, r.t, false)
	}
	c.lastExten, c.lastContext, c.lastNumber = c.exten, c.context, c.number
	switch r.state(block) {
	case stateUp:
		c.up = r.t
	case stateRinging:
		c.rang = r.t
	}
	c.again = p.old[c.id] != nil
	p.channels[c.id] = c
	l := r.value[block+inLinkedid]
	if agent := p.pooledLinkedid(c, l); agent != nil {
		a.join(a.newComponent(), c)
		c.linkedid = agent.linkedidKey(l)
		if s := a.acting(agent); s != agent {
			a.unite(c, s, becauseLinkedid)
		}
	} else if other := p.linked[l]; other != nil && l != "" {
		a.join(other.part, c)
		c.linkedid = other.linkedidKey(l)
		c.linked = append(c.linked, c.linkedid)
	} else {
		a.join(a.newComponent(), c)
		if l != "" {
			a.follow(p, c, l)
		}
	}
	if k == kindLocal {
		a.pairByName(p, c)
	}
	if block == slotMain {
		a.describe(c, r)
	}
	a.touch(c.part)
	return c
}

// linkedidKey returns the channel's own copy of a Linkedid, so that a thousand channels of one call share it.
func (c *channel) linkedidKey(l string) string {
	for _, own := range c.linked {
		if own == l {
			return own
		}
	}
	return strings.Clone(l)
}

// follow notes that the channel has another Linkedid now: all channels that ever had it are one story.
func (a *Assembler) follow(p *pbx, c *channel, l string) {
	if agent := p.pooledLinkedid(c, l); agent != nil {
		c.linkedid = agent.linkedidKey(l)
		return
	}
	other := p.linked[l]
	if other == nil {
		l = strings.Clone(l)
		p.linked[l] = c
	} else {
		l = other.linkedidKey(l)
		a.unite(c, other, becauseLinkedid)
	}
	c.linkedid = l
	for _, own := range c.linked {
		if own == l {
			return
		}
	}
	c.linked = append(c.linked, l)
}

// finish ends a channel. A closed channel is never opened again.
func (a *Assembler) finish(c *channel, t int64) {
	if c.ended() {
		return
	}
	c.end = max(t, c.created)
	a.standsDown(c, c.end)
	for i := range c.stays {
		if s := &c.stays[i]; s.to == 0 {
			s.to, s.unseen = max(c.end, s.from), c.guessed&guessEnd != 0
			s.bridge.remove(c)
		}
	}
	for i := range c.holds {
		if c.holds[i].to == 0 {
			c.holds[i].to = max(c.end, c.holds[i].from)
		}
	}
	for i := range c.rooms {
		if c.rooms[i].to == 0 {
			c.rooms[i].to = max(c.end, c.rooms[i].from)
		}
	}
	if c.ep != nil {
		guessed := c.guessed&guessEnd != 0
		if c.pooled {
			a.end(&c.ep.pool, c.end, "", guessed)
		}
		c.ep.left(c)
		a.stir(c.pbx, c.ep, c.end, guessed)
	}
	a.cross.over(a, c)
	c.part.open--
	c.part.last = max(c.part.last, c.end)
	a.touch(c.part)
}
