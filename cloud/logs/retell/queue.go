package retell

import (
	"strconv"
	"strings"

	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/cloud/logs"
	"github.com/callweave/callweave/shared/wire"
)

// queue tells a row of queue_log.
func (t *Teller) queue(r *logs.Row) {
	q := r.Queue
	switch q.Event {
	case "DID":
		t.asked[q.Call] = q.Arg(0)
	case "ENTERQUEUE":
		if r.Part == momentBorn {
			t.queueBorn(q, r.At)
		} else {
			t.queueEnter(q, r)
		}
	case "CONNECT":
		if r.Part == momentRing {
			t.queueRing(q, r.At)
		} else {
			t.queueConnect(q, r)
		}
	case "RINGNOANSWER", "RINGCANCELED":
		if r.Part == momentRing {
			t.queueRing(q, r.At)
		} else {
			t.queueRangOut(q, r)
		}
	case "ABANDON":
		t.queueAbandon(q, r)
	case "EXITWITHTIMEOUT", "EXITEMPTY", "EXITWITHKEY":
		t.queueExit(q, r)
	case "COMPLETEAGENT", "COMPLETECALLER":
		t.queueComplete(q, r)
	case "TRANSFER", "BLINDTRANSFER", "ATTENDEDTRANSFER":
		t.queueTransfer(q, r)
	case "QUEUESTART":
		t.restarted(r.At)
	default:
		t.member(q, r.At)
	}
}

// alone tells a call that no other log knows: all of it is told by queue_log.
func (t *Teller) alone(uniqueid string) bool { return t.origins[uniqueid].logs == call.FromQueueLog }

// devicesUnknown tells a call whose members' channels no log knows.
func (t *Teller) devicesUnknown(uniqueid string) bool { return !t.celKnows(uniqueid) }

// queueBorn makes a caller that only queue_log knows.
func (t *Teller) queueBorn(q *logs.QueueEntry, at int64) {
	if !t.alone(q.Call) || t.chans[q.Call] != nil {
		return
	}
	c := &channel{id: q.Call, linkedid: q.Call, number: q.Arg(1), context: "", exten: t.asked[q.Call]}
	for _, r := range t.later(q.Call) {
		if r.Queue != nil && r.Queue.Event == "DID" && c.exten == "" {
			c.exten = r.Queue.Arg(0)
		}
	}
	delete(t.asked, q.Call)
	if c.exten == "" {
		c.exten = q.Queue
	}
	c.name = callerName(c.number) + "-" + c.id
	t.appear(c, at)
	t.goUp(c, at)
}

// callerName is the endpoint of a caller whose channel is not known: our own device by its number, else nobody's.
func callerName(number string) string {
	if digits(number) && len(number) <= 6 {
		return unknownTech + number
	}
	return unknownTech + "anonymous"
}

// unknownTech stands for the channel technology that queue_log does not tell.
const unknownTech = "Caller/"

func (t *Teller) queueEnter(q *logs.QueueEntry, r *logs.Row) {
	c := t.chans[q.Call]
	if c == nil || c.ended != 0 && c.ended < r.At {
		if t.celKnows(q.Call) {
			return // CEL has it only later, or no more: the file begins or ends there
		}
		if c != nil {
			t.forget(c)
		}
		t.queueBorn(q, r.At)
		if c = t.chans[q.Call]; c == nil {
			return
		}
	}
	at := max(r.At, c.born)
	if r.Whole {
		at = max(c.born, t.entered(c, r.At))
	}
	c.sign(at)
	c.visit = &visit{queue: q.Queue, entered: at, logged: true}
	t.say(at, wire.EvQueueCallerJoin, field(wire.FQueue, q.Queue), field(wire.FPosition, q.Arg(2)), blockMain.in(c))
}

// ringingID names the channel of a member that queue_log says rings.
func ringingID(q *logs.QueueEntry) string { return q.Call + "~" + q.Agent }

// queueRing begins the ringing of a member whose channel no log knows.
func (t *Teller) queueRing(q *logs.QueueEntry, at int64) *channel {
	c := t.chans[q.Call]
	if c == nil || c.visit == nil || c.visit.connected || !t.devicesUnknown(q.Call) {
		return nil
	}
	if old := t.chans[ringingID(q)]; old != nil {
		if old.ended == 0 {
			return old
		}
		t.forget(old)
	}
	at = max(at, c.visit.entered)
	t.learnFromLegs(q, at)
	device := t.device(q.Agent)
	if device == "" {
		t.unknown[q.Agent]++
	}
	name, iface := deviceChannel(device, q.Agent)
	d := &channel{
		id: ringingID(q), name: name + "-" + strconv.FormatInt(at, 36), linkedid: c.linkedid, called: true, dialled: true, parent: c,
		rungFor: q.Queue, member: q.Agent,
	}
	c.rings++
	d.id += "~" + strconv.FormatInt(at, 36)
	t.appear(d, at)
	t.chans[ringingID(q)] = d
	t.say(at, wire.EvAgentCalled, field(wire.FQueue, q.Queue), field(wire.FMemberName, q.Agent), field(wire.FInterface, iface), blockMain.in(c), blockDest.in(d))
	t.say(at, wire.EvDialBegin, blockMain.in(c), blockDest.in(d), field(wire.FDialString, d.resource()))
	return d
}

// learnFromLegs finds whose phone a member answered with by the leg that CDR has of it.
func (t *Teller) learnFromLegs(q *logs.QueueEntry, at int64) {
	if q.Event != "CONNECT" || t.device(q.Agent) != "" {
		return
	}
	for _, r := range t.later(q.Call) {
		if c := r.Record; c != nil && c.App == "Queue" && c.Disposition == "ANSWERED" && c.DestChannel != "" && c.Start <= at && at < c.End {
			t.members[q.Agent] = (&channel{name: c.DestChannel}).endpoint()
			return
		}
	}
}

// deviceChannel names the device behind a member as an endpoint, and what the queue rings: of a Local interface the number
// it rings is the device.
func deviceChannel(device, member string) (endpoint, iface string) {
	switch {
	case device == "":
		return "Member/" + strings.ReplaceAll(member, "/", " "), "Member/" + strings.ReplaceAll(member, "/", " ")
	case strings.HasPrefix(device, "Local/"):
		number, _, _ := strings.Cut(strings.TrimPrefix(device, "Local/"), "@")
		return "Member/" + number, device
	}
	return device, device
}

func (t *Teller) queueConnect(q *logs.QueueEntry, r *logs.Row) {
	c := t.chans[q.Call]
	if c == nil || c.visit == nil {
		return
	}
	v, at := c.visit, r.At
	agent := t.chans[q.Arg(1)]
	if t.devicesUnknown(q.Call) {
		agent = t.queueRing(q, at)
	} else if agent != nil {
		t.learn(q.Agent, agent)
		if agent.up >= r.At-near && agent.up <= r.At+second+near {
			at = agent.up
		}
	}
	at = max(at, v.entered)
	v.connected, v.agent, v.member = true, agent, q.Agent
	iface := t.device(q.Agent)
	if agent != nil && t.devicesUnknown(q.Call) {
		t.goUp(agent, at)
		agent.answered = true
		t.say(at, wire.EvDialEnd, blockMain.in(c), blockDest.in(agent), field(wire.FDialStatus, "ANSWER"))
		_, iface = deviceChannel(iface, q.Agent)
	} else if agent != nil {
		iface = t.iface(agent)
	}
	t.say(at, wire.EvQueueCallerLeave, field(wire.FQueue, q.Queue), blockMain.in(c))
	t.say(at, wire.EvAgentConnect, field(wire.FQueue, q.Queue), field(wire.FMemberName, q.Agent), field(wire.FInterface, iface),
		field(wire.FHoldTime, q.Arg(0)), field(wire.FRingTime, q.Arg(2)), blockMain.in(c), blockDest.in(agent))
	if agent != nil && t.devicesUnknown(q.Call) {
		t.enter(agent, q.Call+"~"+q.Queue, "basic", "simple_bridge", at)
		t.enter(c, q.Call+"~"+q.Queue, "basic", "simple_bridge", at)
	}
	c.sign(at)
}

// queueRangOut ends a ring in vain.
func (t *Teller) queueRangOut(q *logs.QueueEntry, r *logs.Row) {
	c := t.chans[q.Call]
	if c == nil {
		return
	}
	noAnswer := q.Event == "RINGNOANSWER"
	if !t.devicesUnknown(q.Call) {
		if d := t.rangOut(c, q, r.At); d != nil && noAnswer {
			t.learn(q.Agent, d)
			t.say(max(d.ended, r.At), wire.EvAgentRingNoAnswer, field(wire.FQueue, q.Queue), field(wire.FInterface, t.iface(d)), blockMain.in(c), blockDest.in(d))
		}
		return
	}
	d := t.queueRing(q, r.At)
	if d == nil || d.ended != 0 {
		return
	}
	status := "CANCEL"
	if noAnswer {
		status = "NOANSWER"
		t.say(r.At, wire.EvAgentRingNoAnswer, field(wire.FQueue, q.Queue), field(wire.FInterface, t.device(q.Agent)), blockMain.in(c), blockDest.in(d))
	}
	t.say(r.At, wire.EvDialEnd, blockMain.in(c), blockDest.in(d), field(wire.FDialStatus, status))
	d.dialled = false // said
	t.end(d, "0", r.At)
	t.forgetRing(q, d)
}

func (t *Teller) forgetRing(q *logs.QueueEntry, d *channel) {
	if t.chans[ringingID(q)] == d {
		delete(t.chans, ringingID(q))
	}
}

// rangOut finds the channel CEL has of a ring in vain.
func (t *Teller) rangOut(c *channel, q *logs.QueueEntry, at int64) *channel {
	for _, o := range t.stories[c.linkedid] {
		if o.called && o.parent == c && !o.answered && o.ended >= at-near && o.ended <= at+second+near && t.isMember(o, q, o.ended) {
			return o
		}
	}
	return nil
}

func (t *Teller) queueAbandon(q *logs.QueueEntry, r *logs.Row) {
	c := t.chans[q.Call]
	if c == nil || c.visit == nil {
		return
	}
	at := max(c.visit.entered, r.At)
	if r.Whole {
		at = max(c.visit.entered, t.left(c, r.At))
	}
	if t.alone(q.Call) {
		t.say(at, wire.EvHangupRequest, blockMain.in(c))
	}
	t.leaveQueue(c, at, true)
	t.over(c, at)
}

// leaveQueue ends a visit in vain, with the rings that belong to it where only queue_log knows of them.
func (t *Teller) leaveQueue(c *channel, at int64, abandoned bool) {
	v := c.visit
	c.visit = nil
	if abandoned {
		t.say(at, wire.EvQueueCallerAbandon, field(wire.FQueue, v.queue), blockMain.in(c))
	}
	t.say(at, wire.EvQueueCallerLeave, field(wire.FQueue, v.queue), blockMain.in(c))
}

func (t *Teller) queueExit(q *logs.QueueEntry, r *logs.Row) {
	c := t.chans[q.Call]
	if c == nil || c.visit == nil {
		return
	}
	at := max(c.visit.entered, r.At)
	if r.Whole {
		at = max(c.visit.entered, t.left(c, r.At))
	}
	t.leaveQueue(c, at, q.Event != "EXITWITHKEY")
	if status := map[string]string{"EXITWITHTIMEOUT": "TIMEOUT", "EXITEMPTY": "LEAVEEMPTY", "EXITWITHKEY": "CONTINUE"}[q.Event]; status != "" {
		t.say(at, wire.EvVarSet, field(wire.FVariable, "QUEUESTATUS"), field(wire.FValue, status), blockMain.in(c))
	}
	t.over(c, at)
}

// over ends a caller of whom only queue_log knows, unless it says more of it later.
func (t *Teller) over(c *channel, at int64) {
	if !t.alone(c.id) || c.ended != 0 {
		return
	}
	for _, r := range t.later(c.id) {
		if r.Part == momentRow {
			return
		}
	}
	t.end(c, "16", at)
}

func (t *Teller) queueComplete(q *logs.QueueEntry, r *logs.Row) {
	c := t.served(q)
	if c == nil {
		return
	}
	v := c.visit
	c.visit = nil
	reason := "caller"
	if q.Event == "COMPLETEAGENT" {
		reason = "agent"
	}
	at := max(r.At, v.entered)
	t.complete(c, v, q, reason, q.Arg(1), at)
	if v.agent == nil || !t.devicesUnknown(q.Call) {
		return
	}
	who := c
	if reason == "agent" {
		who = v.agent
	}
	t.say(at, wire.EvHangupRequest, blockMain.in(who))
	t.part(c, v.agent, at)
	t.end(v.agent, "16", at)
	t.over(c, at)
}

// served finds the caller a member has spoken with. Asterisk 22 names the other channel of the member where it handed the
// caller on to one that still rang; the queue and the member then tell whom.
func (t *Teller) served(q *logs.QueueEntry) *channel {
	if c := t.chans[q.Call]; c != nil && c.visit != nil {
		return c
	}
	var found *channel
	for _, id := range sorted(t.chans) {
		c := t.chans[id]
		if c.ended != 0 || c.visit == nil || !c.visit.connected || c.visit.queue != q.Queue || c.visit.member != q.Agent || c == found {
			continue
		}
		if found != nil {
			return nil
		}
		found = c
	}
	return found
}

func (t *Teller) complete(c *channel, v *visit, q *logs.QueueEntry, reason, talk string, at int64) {
	t.say(at, wire.EvAgentComplete, field(wire.FQueue, v.queue), field(wire.FMemberName, q.Agent), field(wire.FTalkTime, talk), field(wire.FReason, reason),
		blockMain.in(c), blockDest.in(v.agent))
}

func (t *Teller) part(c, agent *channel, at int64) {
	if agent.bridge == "" {
		return
	}
	bridge := agent.bridge
	t.leave(c, bridge, at)
	t.leave(agent, bridge, at)
}

// queueTransfer tells that a member handed its caller on: extension, context, hold and talk of a blind one; BRIDGE, APP or
// LINK and a name, hold and talk of an attended one.
func (t *Teller) queueTransfer(q *logs.QueueEntry, r *logs.Row) {
	c := t.served(q)
	if c == nil {
		return
	}
	v := c.visit
	c.visit = nil
	at := max(r.At, v.entered)
	t.complete(c, v, q, "transfer", q.Arg(3), at)
	if v.agent == nil || !t.devicesUnknown(q.Call) {
		return
	}
	if q.Event == "ATTENDEDTRANSFER" {
		t.say(at, wire.EvAttendedTransfer, blockOrig.in(v.agent), blockTransferee.in(c), field(wire.FResult, "Success"))
	} else {
		c.exten = q.Arg(0)
		t.say(at, wire.EvBlindTransfer, blockTransferer.in(v.agent), blockTransferee.in(c), field(wire.FExtension, q.Arg(0)), field(wire.FResult, "Success"))
	}
	t.part(c, v.agent, at)
	t.end(v.agent, "16", at)
	t.over(c, at)
}

// restarted ends what Asterisk lost when it stopped: all of which no later row speaks.
func (t *Teller) restarted(at int64) {
	for _, id := range sorted(t.chans) {
		c := t.chans[id]
		if c.ended == 0 && c.born < at-second && len(t.later(c.id)) == 0 && (c.parent == nil || len(t.later(c.parent.id)) == 0) {
			t.lost(c, at)
		}
	}
}

// member tells who serves a queue and pauses.
func (t *Teller) member(q *logs.QueueEntry, at int64) {
	if q.Agent == "NONE" || q.Queue == "NONE" || q.Queue == "" {
		return
	}
	if q.Event == "ADDMEMBER" {
		t.calledByNumber(q.Agent)
	}
	device := t.device(q.Agent)
	name := q.Agent
	if device == "" {
		t.unknown[q.Agent]++
		_, device = deviceChannel("", q.Agent)
	}
	what := func(id wire.EventID, more ...wire.Field) {
		t.say(at, id, append([]wire.Field{
			{ID: wire.FQueue, Value: q.Queue},
			{ID: wire.FMemberName, Value: name},
			{ID: wire.FInterface, Value: device},
			{ID: wire.FStateInterface, Value: device},
			{ID: wire.FMembership, Value: "dynamic"},
			{ID: wire.FStatus, Value: "0"},
		}, more...))
	}
	switch q.Event {
	case "ADDMEMBER":
		paused := "0"
		if q.Arg(0) == "PAUSED" {
			paused = "1"
		}
		what(wire.EvQueueMemberAdded, wire.Field{ID: wire.FPaused, Value: paused})
	case "REMOVEMEMBER":
		what(wire.EvQueueMemberRemoved)
	case "PAUSE":
		what(wire.EvQueueMemberPause, wire.Field{ID: wire.FPaused, Value: "1"}, wire.Field{ID: wire.FPausedReason, Value: q.Arg(0)})
	case "UNPAUSE":
		what(wire.EvQueueMemberPause, wire.Field{ID: wire.FPaused, Value: "0"}, wire.Field{ID: wire.FPausedReason, Value: q.Arg(0)})
	}
}
