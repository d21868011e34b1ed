package retell

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/callweave/callweave/cloud/logs"
	"github.com/callweave/callweave/shared/wire"
)

func sorted(m map[string]*channel) []string { return slices.Sorted(maps.Keys(m)) }

// record tells a row of CDR: a leg, from one channel to another. Of a channel that CEL knows it tells nothing new.
func (t *Teller) record(r *logs.Row) {
	c := r.Record
	if t.celKnows(c.Uniqueid) {
		t.ranToo(c, r)
		return
	}
	if strings.HasPrefix(c.App, "AppDial") && c.App != "AppDial2" && c.App != "AppDial" {
		return
	}
	if c.App == "AppDial" { // a called channel that went on by itself: its own leg tells of it
		return
	}
	switch r.Part {
	case momentBegin:
		t.recordBegin(c, r.At)
	case momentAnswer:
		t.recordAnswer(c, r.At)
	case momentEnd:
		t.recordEnd(c, r.At)
	}
}

// ranToo tells of a channel that CEL knows what it ended in: CEL shows an application only where something happens in it.
func (t *Teller) ranToo(c *logs.Record, r *logs.Row) {
	o := t.chans[c.Uniqueid]
	if r.Part != momentEnd || o == nil || o.called || strings.HasPrefix(c.App, "App") || c.App == "" || c.App == o.app || c.App == "Hangup" {
		return
	}
	o.app, o.data = c.App, c.Data
	t.say(min(r.At, cmp.Or(o.ended, r.At)), wire.EvNewexten, blockMain.in(o), field(wire.FApplication, c.App), field(wire.FAppData, c.Data), field(wire.FExtension, c.Destination))
}

// byQueue tells a leg to a member of a queue, which queue_log tells better.
func (t *Teller) byQueue(c *logs.Record) bool { return c.App == "Queue" && t.queueLogTells() }

func legID(c *logs.Record) string { return c.Uniqueid + "~" + c.DestChannel }

func (t *Teller) recordBegin(r *logs.Record, at int64) {
	c := t.chans[r.Uniqueid]
	if c == nil {
		c = &channel{
			id: r.Uniqueid, name: r.Channel, linkedid: r.Linkedid, exten: r.Destination, context: r.Context, number: r.Source, caller: r.CallerName,
		}
		if r.DID != "" {
			c.exten = r.DID
		}
		if c.linkedid == "" {
			c.linkedid = c.id
		}
		c.called = r.App == "AppDial2"
		t.appear(c, at)
		if c.called {
			c.dialled = true
			t.say(at, wire.EvDialBegin, blockDest.in(c), field(wire.FDialString, t.dialString(c, nil)))
		}
	}
	if r.App != "" && !strings.HasPrefix(r.App, "App") {
		c.app, c.data = r.App, r.Data
		t.say(at, wire.EvNewexten, blockMain.in(c), field(wire.FApplication, r.App), field(wire.FAppData, r.Data), field(wire.FExtension, r.Destination))
	}
	if r.DestChannel == "" || t.byQueue(r) {
		return
	}
	d := t.byName[r.DestChannel]
	if d == nil || d.ended != 0 {
		d = &channel{id: legID(r), name: r.DestChannel, linkedid: c.linkedid, called: true, dialled: true, parent: c}
		t.appear(d, at)
	}
	t.chans[legID(r)] = d
	if r.App == "Queue" && c.visit == nil {
		queue, _, _ := strings.Cut(r.Data, ",")
		c.visit = &visit{queue: queue, entered: at}
		t.say(at, wire.EvQueueCallerJoin, field(wire.FQueue, queue), blockMain.in(c))
	}
	if r.App == "Queue" {
		d.rungFor, d.member = r.Data, t.memberOf(d)
		t.say(at, wire.EvAgentCalled, field(wire.FQueue, c.visit.queue), field(wire.FMemberName, d.member), field(wire.FInterface, t.iface(d)), blockMain.in(c), blockDest.in(d))
	}
	t.say(at, wire.EvDialBegin, blockMain.in(c), blockDest.in(d), field(wire.FDialString, t.dialString(d, c)))
}

func (t *Teller) recordAnswer(r *logs.Record, at int64) {
	c := t.chans[r.Uniqueid]
	if c == nil {
		return
	}
	t.goUp(c, at)
	if c.called && c.dialled && !c.answered {
		c.answered = true
		t.say(at, wire.EvDialEnd, blockDest.in(c), field(wire.FDialStatus, "ANSWER"))
	}
	d := t.chans[legID(r)]
	if d == nil || r.DestChannel == "" || t.byQueue(r) {
		return
	}
	if v := c.visit; v != nil && !v.connected && r.App == "Queue" {
		v.connected = true
		at = max(at, t.othersGaveUp(r))
		t.say(at, wire.EvQueueCallerLeave, field(wire.FQueue, v.queue), blockMain.in(c))
		t.say(at, wire.EvAgentConnect, field(wire.FQueue, v.queue), field(wire.FMemberName, d.member), field(wire.FInterface, t.iface(d)), blockMain.in(c), blockDest.in(d))
	}
	t.goUp(d, at)
	if !d.answered {
		d.answered = true
		t.say(at, wire.EvDialEnd, blockMain.in(c), blockDest.in(d), field(wire.FDialStatus, "ANSWER"))
	}
	t.enter(d, legID(r), "basic", "simple_bridge", at)
	t.enter(c, legID(r), "basic", "simple_bridge", at)
}

var dispositions = map[string]string{"BUSY": "BUSY", "FAILED": "CHANUNAVAIL", "CONGESTION": "CONGESTION", "NO ANSWER": "NOANSWER"}

func (t *Teller) recordEnd(r *logs.Record, at int64) {
	c := t.chans[r.Uniqueid]
	if c == nil {
		return
	}
	if d := t.chans[legID(r)]; d != nil && r.DestChannel != "" && !t.byQueue(r) && d.ended == 0 {
		if d.bridge == legID(r) {
			t.leave(c, legID(r), at)
			t.leave(d, legID(r), at)
		} else if !d.answered {
			t.say(at, wire.EvDialEnd, blockMain.in(c), blockDest.in(d), field(wire.FDialStatus, dispositions[r.Disposition]))
			d.dialled = false
		}
		if !t.goesOn(d.name) {
			t.end(d, causes[r.Disposition], at)
		}
	}
	for _, o := range t.later(c.id) {
		if o.Record != nil {
			return
		}
	}
	if c.app == "Queue" { // where the queue had put it out, the dialplan would have gone on
		t.say(at, wire.EvHangupRequest, blockMain.in(c))
	}
	t.celLeave(c, at)
	t.end(c, "16", at)
}

// othersGaveUp is when the other members stopped ringing for a caller, which is when one of them answered: the answer a CDR
// of a queue tells is the dialplan's. 0 where nobody else rang.
func (t *Teller) othersGaveUp(c *logs.Record) (at int64) {
	for _, r := range t.later(c.Uniqueid) {
		if o := r.Record; o != nil && o.App == "Queue" && o.Disposition != "ANSWERED" && o.End >= c.Start && o.End < c.End && r.Part == momentEnd {
			at = max(at, o.End)
		}
	}
	return at
}

var causes = map[string]string{"ANSWERED": "16", "BUSY": "17", "NO ANSWER": "19", "FAILED": "34", "CONGESTION": "34"}

// goesOn tells whether a later leg has the same channel called.
func (t *Teller) goesOn(name string) bool {
	for _, r := range t.rows {
		if r.Record != nil && r.Record.DestChannel == name && r.Part == momentBegin {
			return true
		}
	}
	return false
}
