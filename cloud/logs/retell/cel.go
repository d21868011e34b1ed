package retell

import (
	"encoding/json"
	"strings"

	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/cloud/logs"
	"github.com/callweave/callweave/shared/wire"
)

// extra is what CEL tells of some events beside the columns. Not all of it is always there.
type extra struct {
	Bridge         string `json:"bridge_id"`
	Technology     string `json:"bridge_technology"`
	Cause          int    `json:"hangupcause"`
	Source         string `json:"hangupsource"`
	Dialstatus     string `json:"dialstatus"`
	Extension      string `json:"extension"`
	Transferee     string `json:"transferee_channel_uniqueid"`
	Second         string `json:"channel2_uniqueid"`
	Target         string `json:"transfer_target_channel_uniqueid"`
	App            string `json:"app"`
	Forward        string `json:"forward"`
	PickupName     string `json:"pickup_channel"`
	PickupUniqueid string `json:"pickup_channel_uniqueid"`
	Parker         string `json:"parker_dial_string"`
	Lot            string `json:"parking_lot"`
	Reason         string `json:"reason"`
	Retriever      string `json:"retriever"`
	Digit          string `json:"digit"`
}

// extraOf reads it; what cannot be read is not there.
func extraOf(e *logs.ChannelEvent) (x extra) {
	if e.Extra != "" {
		_ = json.Unmarshal([]byte(e.Extra), &x)
	}
	return x
}

var celTells = map[string]func(*Teller, *channel, *logs.ChannelEvent, int64){
	"ANSWER": (*Teller).celAnswer, "HANGUP": (*Teller).celHangup, "CHAN_END": (*Teller).celHangup,
	"BRIDGE_ENTER": (*Teller).celEnter, "BRIDGE_EXIT": (*Teller).celExit,
	"BLINDTRANSFER": (*Teller).celBlind, "ATTENDEDTRANSFER": (*Teller).celAttended, "PICKUP": (*Teller).celPickup,
	"FORWARD": (*Teller).celForward, "PARK_START": (*Teller).celPark, "PARK_END": (*Teller).celUnpark,
	"STREAM_BEGIN": (*Teller).celStream, "STREAM_END": (*Teller).celStream, "DTMF": (*Teller).celDigit,
}

// cel tells a row of CEL.
func (t *Teller) cel(r *logs.Row) {
	e := r.Event
	if e.Type == "LINKEDID_END" {
		return
	}
	c := t.chans[e.Uniqueid]
	if c != nil && c.ended != 0 && e.Type == "CHAN_START" { // Asterisk counts anew
		t.forget(c)
		c = nil
	}
	if c == nil {
		if e.Type == "HANGUP" || e.Type == "CHAN_END" { // of a call whose beginning is not in the files
			return
		}
		c = t.celStart(e, r.At)
		if e.Type == "CHAN_START" {
			return
		}
	}
	c.sign(r.At)
	t.follow(c, e, r.At)
	if tell := celTells[e.Type]; tell != nil && c.ended == 0 {
		tell(t, c, e, r.At)
	}
}

// celStart takes a new channel. One that is its own story came by itself, unless the PBX made it (Originate).
func (t *Teller) celStart(e *logs.ChannelEvent, at int64) *channel {
	c := &channel{
		id: e.Uniqueid, name: e.Channel, linkedid: e.Linkedid, exten: e.Exten, context: e.Context, number: e.Number, caller: e.Name,
	}
	app, exten := t.firstApp(c.id)
	own := e.Uniqueid == e.Linkedid
	c.called = c.half() != 2 && (!own || app == "AppDial2" || c.half() == 1)
	t.appear(c, at)
	if !c.called {
		return c
	}
	if !own {
		c.parent = t.parentOf(c, app, exten)
	}
	if c.parent != nil {
		c.parent.rings++
	}
	if !own && c.parent == nil || c.half() == 1 && app == "" { // a pair that a transfer is made with is not dialled
		return c
	}
	t.rings(c, app, at)
	return c
}

// rings tells that a channel is called.
func (t *Teller) rings(c *channel, app string, at int64) {
	c.dialled = true
	dialled := t.dialString(c, c.parent)
	if p := c.parent; p != nil && (app == "AppQueue" || p.visit != nil && !p.visit.connected && app == "") {
		if queue := t.waitsIn(p, at); queue != "" {
			c.rungFor, c.member, dialled = queue, t.memberOf(c), c.resource()
			t.say(at, wire.EvAgentCalled, field(wire.FQueue, queue), field(wire.FMemberName, c.member), field(wire.FInterface, t.iface(c)), blockMain.in(p), blockDest.in(c))
		}
	}
	t.say(at, wire.EvDialBegin, blockMain.in(c.parent), blockDest.in(c), field(wire.FDialString, dialled))
}

// follow tells what every row says of a channel: what the dialplan does with it, and whose story it is.
func (t *Teller) follow(c *channel, e *logs.ChannelEvent, at int64) {
	if e.Linkedid != c.linkedid && e.Linkedid != "" {
		t.move(c, e.Linkedid)
		t.say(at, wire.EvNewexten, blockMain.in(c), field(wire.FApplication, "AppDial"))
	}
	if strings.HasPrefix(e.App, "App") && c.called {
		if e.Type == "HANGUP" && e.App == "AppDial2" && c.up == 0 && c.parent == nil && digits(e.Number) && e.Number != c.number {
			// Whoever asks for a call lets it show the number it is for.
			t.say(at, wire.EvOriginateResponse, field(wire.FExten, e.Number), blockMain.in(c))
		}
		return // the extension is that of whoever dials
	}
	if e.Exten != "" {
		c.exten = e.Exten
	}
	if e.Context != "" {
		c.context = e.Context
	}
	if e.App == "" || e.App == c.app && e.Data == c.data || strings.HasPrefix(e.App, "App") {
		return
	}
	if c.app, c.data = e.App, e.Data; !t.queueLogTells() {
		t.celRuns(c, at)
	}
	t.say(at, wire.EvNewexten, blockMain.in(c), field(wire.FApplication, e.App), field(wire.FAppData, e.Data), field(wire.FExtension, e.Exten))
}

func (t *Teller) move(c *channel, linkedid string) {
	old := c.linkedid
	for i, o := range t.stories[old] {
		if o == c {
			t.stories[old] = append(t.stories[old][:i:i], t.stories[old][i+1:]...)
			break
		}
	}
	if len(t.stories[old]) == 0 {
		delete(t.stories, old)
	}
	c.linkedid = linkedid
	t.stories[linkedid] = append(t.stories[linkedid], c)
}

func (t *Teller) celAnswer(c *channel, _ *logs.ChannelEvent, at int64) {
	t.goUp(c, at)
	if c.called && c.dialled && !c.answered {
		c.answered = true
		t.say(at, wire.EvDialEnd, blockMain.in(c.parent), blockDest.in(c), field(wire.FDialStatus, "ANSWER"))
		t.celConnect(c, at)
	}
}

func (t *Teller) celHangup(c *channel, e *logs.ChannelEvent, at int64) {
	x := extraOf(e)
	if by := t.byName[x.Source]; by != nil && by.ended == 0 {
		t.say(at, wire.EvHangupRequest, blockMain.in(by))
	}
	if c.over.at == 0 {
		c.over = over{at: at, source: x.Source, dial: x.Dialstatus}
	}
	t.celLeave(c, at)
	t.end(c, decimal(x.Cause), at)
}

func (t *Teller) celEnter(c *channel, e *logs.ChannelEvent, at int64) {
	x := extraOf(e)
	kind := "basic"
	if e.App == "AgentLogin" && x.Technology == "holding_bridge" && !c.pooled {
		c.pooled = true
		agent, _, _ := strings.Cut(e.Data, ",")
		t.say(at, wire.EvAgentLogin, field(wire.FAgent, agent), blockMain.in(c))
	}
	if e.App == "ConfBridge" {
		kind, c.conference = "base", true
	}
	t.enter(c, x.Bridge, kind, x.Technology, at)
	if c.conference {
		room, _, _ := strings.Cut(e.Data, ",")
		t.say(at, wire.EvConfbridgeJoin, field(wire.FConference, room), blockMain.in(c))
	}
}

func (t *Teller) celExit(c *channel, e *logs.ChannelEvent, at int64) {
	if e.Exten != "" && !strings.HasPrefix(e.App, "App") {
		c.exten = e.Exten
	}
	t.leave(c, extraOf(e).Bridge, at)
	if c.conference {
		c.conference = false
		t.say(at, wire.EvConfbridgeLeave, blockMain.in(c))
	}
}

func (t *Teller) celBlind(c *channel, e *logs.ChannelEvent, at int64) {
	x := extraOf(e)
	whom := t.chans[x.Transferee]
	if whom == nil {
		whom = t.across(c)
	}
	t.say(at, wire.EvBlindTransfer, blockTransferer.in(c), blockTransferee.in(whom), field(wire.FExtension, x.Extension), field(wire.FResult, "Success"))
}

func (t *Teller) celAttended(c *channel, e *logs.ChannelEvent, at int64) {
	x := extraOf(e)
	t.say(at, wire.EvAttendedTransfer, blockOrig.in(c), blockSecond.in(t.chans[x.Second]), blockTransferee.in(t.chans[x.Transferee]),
		blockWhom.in(t.chans[x.Target]), field(wire.FDestApp, x.App), field(wire.FResult, "Success"))
	// A consultation that still rings goes on as the caller's.
	if second, whom := t.chans[x.Second], t.chans[x.Transferee]; x.App != "" && second != nil && whom != nil {
		for _, o := range t.chans {
			if o.parent == second && o.ended == 0 {
				o.parent = whom
			}
		}
		if v := second.visit; v != nil {
			second.visit, whom.visit = nil, v
		}
		whom.exten, whom.context = second.exten, second.context
	}
}

func (t *Teller) celPickup(c *channel, e *logs.ChannelEvent, at int64) {
	x := extraOf(e)
	by := t.chans[x.PickupUniqueid]
	if by == nil {
		by = t.byName[x.PickupName]
	}
	if by == nil {
		return
	}
	c.taken = true
	t.say(at, wire.EvPickup, blockMain.in(by), blockTarget.in(c))
	if c.parent != nil {
		t.say(at, wire.EvDialEnd, blockMain.in(c.parent), blockDest.in(by), field(wire.FDialStatus, "ANSWER"))
	}
}

// celForward is told of the caller: one of the phones it rings sent the call elsewhere.
func (t *Teller) celForward(c *channel, e *logs.ChannelEvent, at int64) {
	var best *channel
	for _, o := range t.stories[c.linkedid] {
		if o.parent == c && o.called && !o.answered && o.ended == 0 && !o.local() && t.endsSoon(o, at) {
			best = o
		}
	}
	if best != nil {
		t.say(at, wire.EvDialEnd, blockMain.in(c), blockDest.in(best), field(wire.FDialStatus, "CANCEL"), field(wire.FForward, extraOf(e).Forward))
	}
}

// endsSoon tells whether a channel ends in the same moment.
func (t *Teller) endsSoon(c *channel, at int64) bool {
	for _, r := range t.later(c.id) {
		if r.Event != nil && r.Event.Type == "HANGUP" {
			return r.At-at <= near
		}
	}
	return false
}

func (t *Teller) celPark(c *channel, e *logs.ChannelEvent, at int64) {
	x := extraOf(e)
	t.say(at, wire.EvParkedCall, blockParkee.in(c), field(wire.FParkerDialString, x.Parker))
}

func (t *Teller) celUnpark(c *channel, e *logs.ChannelEvent, at int64) {
	x := extraOf(e)
	id := wire.EvUnParkedCall
	switch x.Reason {
	case "ParkedCallTimeOut":
		id = wire.EvParkedCallTimeOut
	case "ParkedCallGiveUp":
		id = wire.EvParkedCallGiveUp
	}
	t.say(at, id, blockParkee.in(c), blockRetriever.in(t.byName[x.Retriever]))
}

// celStream tells holds: whoever is in a talk and begins to hear music is on hold by the one it talks with.
func (t *Teller) celStream(c *channel, e *logs.ChannelEvent, at int64) {
	switch e.UserType {
	case "MOH_STREAM_BEGIN":
		if by := t.across(c); by != nil && !c.conference && c.up != 0 {
			c.held = by
			t.say(at, wire.EvHold, blockMain.in(by))
		}
	case "MOH_STREAM_END":
		if by := c.held; by != nil && by.ended == 0 {
			t.say(at, wire.EvUnhold, blockMain.in(by))
		}
		c.held = nil
	}
}

// across returns the other party in a channel's bridge, through Local pairs.
func (t *Teller) across(c *channel) *channel {
	for range 16 {
		if c.bridge == "" {
			return nil
		}
		var other *channel
		for _, o := range t.stories[c.linkedid] {
			if o != c && o.bridge == c.bridge {
				other = o
			}
		}
		switch {
		case other == nil:
			return nil
		case other.half() == 0:
			return other
		}
		if c = t.pair(other); c == nil {
			return nil
		}
	}
	return nil
}

func (t *Teller) celDigit(c *channel, e *logs.ChannelEvent, at int64) {
	if e.UserType == "Received" {
		t.say(at, wire.EvDTMFEnd, blockMain.in(c), field(wire.FDigit, extraOf(e).Digit), field(wire.FDirection, "Received"))
	}
}

// Queues as CEL alone shows them: who runs Queue waits there until somebody it rang answers.

func (t *Teller) queueLogTells() bool { return t.o.Logs&call.FromQueueLog != 0 }

// waitsIn is the queue a caller waits in: what queue_log says of this second comes later.
func (t *Teller) waitsIn(c *channel, at int64) string {
	t.celQueue(c, at)
	if c.visit != nil && !c.visit.connected {
		return c.visit.queue
	}
	for _, r := range t.later(c.id) {
		if r.Key > at+2*second {
			break
		}
		if r.Queue != nil && r.Part == momentRow && r.Queue.Event == "ENTERQUEUE" {
			return r.Queue.Queue
		}
	}
	return ""
}

// celRuns begins and ends the visit of a caller by what the dialplan does with it.
func (t *Teller) celRuns(c *channel, at int64) {
	queue := ""
	if c.app == "Queue" {
		queue, _, _ = strings.Cut(c.data, ",")
	}
	if v := c.visit; v != nil && !v.connected && v.queue != queue {
		t.celLeave(c, at)
		c.visit = nil
	}
	if queue != "" && c.visit == nil && c.bridge == "" {
		c.visit = &visit{queue: queue, entered: at}
		t.say(at, wire.EvQueueCallerJoin, field(wire.FQueue, queue), blockMain.in(c))
	}
}

// celQueue begins a visit where nothing shows but that somebody is rung for it.
func (t *Teller) celQueue(c *channel, at int64) {
	if t.queueLogTells() || c.app == "Queue" && c.visit != nil {
		return
	}
	app, data := c.app, c.data
	for _, r := range t.later(c.id) {
		if r.Event != nil && r.Event.App == "Queue" {
			c.app, c.data = "Queue", r.Event.Data
			c.visit = nil
			t.celRuns(c, at)
			break
		}
	}
	c.app, c.data = app, data
}

func (t *Teller) celConnect(c *channel, at int64) {
	p := c.parent
	if p == nil || p.visit == nil || p.visit.logged || p.visit.connected || c.rungFor == "" {
		return
	}
	p.visit.connected, p.visit.agent = true, c
	t.say(at, wire.EvQueueCallerLeave, field(wire.FQueue, p.visit.queue), blockMain.in(p))
	t.say(at, wire.EvAgentConnect, field(wire.FQueue, p.visit.queue), field(wire.FMemberName, c.member), field(wire.FInterface, t.iface(c)), blockMain.in(p), blockDest.in(c))
}

// celLeave ends a visit with the call.
func (t *Teller) celLeave(c *channel, at int64) {
	if v := c.visit; v != nil && !v.connected && !v.logged {
		c.visit = nil
		t.say(at, wire.EvQueueCallerAbandon, field(wire.FQueue, v.queue), blockMain.in(c))
		t.say(at, wire.EvQueueCallerLeave, field(wire.FQueue, v.queue), blockMain.in(c))
	}
}
