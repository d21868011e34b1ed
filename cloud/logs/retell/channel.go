package retell

import (
	"strings"

	"github.com/callweave/callweave/shared/wire"
)

// channel is what the rows told so far say of one channel.
type channel struct {
	id, name, linkedid string
	exten, context     string
	number, caller     string
	app, data          string
	up, ended, last    int64
	born               int64
	parent             *channel
	called             bool // it was rung
	dialled            bool // and that was told
	answered           bool // and that it answered
	rings              int  // how many channels it had called
	bridge             string
	conference         bool
	held               *channel // whom it has on hold
	visit              *visit
	pooled             bool // an agent of a pool is logged in by it
	taken              bool // somebody picked it up elsewhere
	over               over
	signs              []int64 // moments of late
	rungFor            string  // of a called one: the queue
	member             string
}

// visit is a stay in a queue that lasts.
type visit struct {
	queue     string
	entered   int64
	connected bool
	logged    bool // queue_log told it
	agent     *channel
	member    string
}

func (c *channel) sign(at int64) {
	c.last = max(c.last, at)
	for len(c.signs) > 0 && c.signs[0] < at-2*behind {
		c.signs = c.signs[1:]
	}
	c.signs = append(c.signs, at)
}

// resource is PJSIP/101 of PJSIP/101-0000002a.
func (c *channel) endpoint() string {
	if i := strings.LastIndexByte(c.name, '-'); i > 0 {
		return c.name[:i]
	}
	return c.name
}

func (c *channel) resource() string {
	_, r, _ := strings.Cut(c.endpoint(), "/")
	return r
}

func (c *channel) local() bool { return strings.HasPrefix(c.name, "Local/") }

// half is 1 or 2 for the halves of a Local pair, else 0.
func (c *channel) half() byte {
	if n := len(c.name); c.local() && n > 2 && c.name[n-2] == ';' {
		return c.name[n-1] - '0'
	}
	return 0
}

// pair is the other half of a Local pair.
func (t *Teller) pair(c *channel) *channel {
	switch c.half() {
	case 1:
		return t.byName[c.name[:len(c.name)-1]+"2"]
	case 2:
		return t.byName[c.name[:len(c.name)-1]+"1"]
	}
	return nil
}

// block names the fields that speak of a channel under a prefix.
type block struct{ channel, uniqueid, linkedid, exten, context, number, name wire.FieldID }

var (
	blockMain = block{wire.FChannel, wire.FUniqueid, wire.FLinkedid, wire.FExten, wire.FContext, wire.FCallerIDNum, wire.FCallerIDName}
	blockDest = block{wire.FDestChannel, wire.FDestUniqueid, wire.FDestLinkedid, wire.FDestExten, wire.FDestContext, wire.FDestCallerIDNum, wire.FDestCallerIDName}
	// The others are looked at for who it is only.
	blockTransferer = block{channel: wire.FTransfererChannel, uniqueid: wire.FTransfererUniqueid, linkedid: wire.FTransfererLinkedid}
	blockTransferee = block{channel: wire.FTransfereeChannel, uniqueid: wire.FTransfereeUniqueid, linkedid: wire.FTransfereeLinkedid}
	blockOrig       = block{channel: wire.FOrigTransfererChannel, uniqueid: wire.FOrigTransfererUniqueid, linkedid: wire.FOrigTransfererLinkedid}
	blockSecond     = block{
		channel: wire.FSecondTransfererChannel, uniqueid: wire.FSecondTransfererUniqueid, linkedid: wire.FSecondTransfererLinkedid,
		exten: wire.FSecondTransfererExten,
	}
	blockWhom      = block{channel: wire.FTransferTargetChannel, uniqueid: wire.FTransferTargetUniqueid, linkedid: wire.FTransferTargetLinkedid}
	blockParkee    = block{channel: wire.FParkeeChannel, uniqueid: wire.FParkeeUniqueid, linkedid: wire.FParkeeLinkedid}
	blockRetriever = block{channel: wire.FRetrieverChannel, uniqueid: wire.FRetrieverUniqueid, linkedid: wire.FRetrieverLinkedid}
	blockTarget    = block{channel: wire.FTargetChannel, uniqueid: wire.FTargetUniqueid, linkedid: wire.FTargetLinkedid}
)

// in speaks of a channel in an event. Nobody is nothing.
func (b block) in(c *channel) []wire.Field {
	if c == nil {
		return nil
	}
	list := make([]wire.Field, 0, 8)
	for _, f := range [...]wire.Field{
		{ID: b.channel, Value: c.name},
		{ID: b.uniqueid, Value: c.id},
		{ID: b.linkedid, Value: c.linkedid},
		{ID: b.exten, Value: c.exten},
		{ID: b.context, Value: c.context},
		{ID: b.number, Value: c.number},
		{ID: b.name, Value: c.caller},
	} {
		if f.ID != 0 && f.Value != "" {
			list = append(list, f)
		}
	}
	return list
}

func field(id wire.FieldID, value string) []wire.Field { return []wire.Field{{ID: id, Value: value}} }

// States of channels, as numbers.
const (
	stateDown = "0"
	stateRing = "4"
	stateUp   = "6"
)

// appear tells that a channel is there.
func (t *Teller) appear(c *channel, at int64) {
	state := stateRing
	if c.called || c.half() != 0 {
		state = stateDown
	}
	c.born = at
	c.sign(at)
	t.chans[c.id] = c
	t.byName[c.name] = c
	t.stories[c.linkedid] = append(t.stories[c.linkedid], c)
	t.say(at, wire.EvNewchannel, blockMain.in(c), field(wire.FChannelState, state))
}

func (t *Teller) goUp(c *channel, at int64) {
	if c.up != 0 || c.ended != 0 {
		return
	}
	c.up = at
	t.say(at, wire.EvNewstate, blockMain.in(c), field(wire.FChannelState, stateUp))
}

// enter tells that a channel is in a bridge.
func (t *Teller) enter(c *channel, bridge, kind, technology string, at int64) {
	c.bridge = bridge
	t.say(at, wire.EvBridgeEnter, field(wire.FBridgeUniqueid, bridge), field(wire.FBridgeType, kind), field(wire.FBridgeTechnology, technology), blockMain.in(c))
}

func (t *Teller) leave(c *channel, bridge string, at int64) {
	if c.bridge == bridge {
		c.bridge = ""
	}
	t.say(at, wire.EvBridgeLeave, field(wire.FBridgeUniqueid, bridge), blockMain.in(c))
}

// end tells that a channel is gone.
func (t *Teller) end(c *channel, cause string, at int64) {
	if c.ended != 0 {
		return
	}
	c.ended = at
	c.sign(at)
	if c.held != nil {
		c.held = nil
	}
	if c.called && !c.answered && c.dialled {
		t.say(at, wire.EvDialEnd, blockMain.in(c.parent), blockDest.in(c), field(wire.FDialStatus, t.unanswered(c, cause, at)))
	}
	t.say(at, wire.EvHangup, blockMain.in(c), field(wire.FCause, cause))
}

// lost ends a channel whose end no log has.
func (t *Teller) lost(c *channel, now int64) {
	t.estimated[c.id] = now
	c.ended = now
	t.say(now, wire.EvHangup, blockMain.in(c), field(wire.FCause, "0"))
}
