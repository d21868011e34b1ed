package month

import (
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/callweave/callweave/cloud/call"
)

// story is a call in the making; at is how far it is told.
type story struct {
	*sim
	c  *call.Call
	at time.Time
	by *device // who called
}

func (s *sim) begin(at time.Time) *story {
	s.n++
	c := &call.Call{Rev: 1, Start: at}
	sum := sha256.Sum256(fmt.Append(nil, s.m.Seed, "call", s.n))
	copy(c.ID[:], sum[:])
	c.ID[6], c.ID[8] = c.ID[6]&0x0f|0x80, c.ID[8]&0x3f|0x80
	return &story{sim: s, c: c, at: at}
}

func (t *story) wait(d time.Duration) { t.at = t.at.Add(d) }

func (t *story) pbxOf(name string) PBX {
	for _, p := range PBXs {
		if p.Name == name {
			return p
		}
	}
	return PBX{}
}

// inbound begins a call of somebody outside.
func (t *story) inbound(p PBX, number string) {
	t.c.Direction, t.c.Caller, t.c.Dialled, t.c.PBXs, t.c.Trunk = call.Inbound, number, p.DID, []string{p.Name}, p.Trunk
	if t.chance(20) {
		t.c.Dialled = p.DID[:len(p.DID)-1] + "9"
	}
	t.c.Legs = append(t.c.Legs, call.Leg{PBX: p.Name, Kind: call.LegCustomer, Number: number, Endpoint: p.Trunk, Start: t.at})
	t.wait(t.some(2 * time.Second))
	t.c.Answered = t.at
}

// menu plays something and lets digits be pressed.
func (t *story) menu(pbx string) {
	from := t.at
	t.wait(t.some(8 * time.Second))
	t.c.IVR = append(t.c.IVR, call.Step{PBX: pbx, Application: "Background", Data: "welcome", From: from, To: t.at})
	for range t.rnd.IntN(3) {
		t.c.IVR = append(t.c.IVR, call.Step{PBX: pbx, Application: "Digit", Data: fmt.Sprint(1 + t.rnd.IntN(3)), From: t.at, To: t.at})
		t.wait(t.some(3 * time.Second))
	}
}

// inMenu is a call that ends in the menu, or in voicemail.
func (t *story) inMenu(number string) {
	p := PBXs[t.rnd.IntN(3)]
	t.inbound(p, number)
	t.menu(p.Name)
	t.c.Disposition, t.c.HangupBy = call.Abandoned, call.Caller
	if t.chance(30) {
		from := t.at
		t.wait(t.some(20 * time.Second))
		t.c.IVR = append(t.c.IVR, call.Step{PBX: p.Name, Application: "VoiceMail", Data: "100", From: from, To: t.at})
		t.c.Disposition = call.Voicemail
	}
	t.later(number, 0)
}

// toQueue is a call into a queue, and perhaps on to another one.
func (t *story) toQueue(q Queue, number string) {
	t.inbound(t.pbxOf(q.PBX), number)
	if t.chance(60) {
		t.menu(q.PBX)
	}
	for hop := 0; ; hop++ {
		served := t.visit(q)
		if served {
			t.c.Disposition = call.Answered
			return
		}
		if last := t.c.Queues[len(t.c.Queues)-1]; last.Result == call.ResultAbandoned || hop == 2 || t.chance(50) {
			t.notServed(last.Result)
			t.later(number, 0)
			return
		}
		t.wait(t.some(time.Second))
		if !t.chance(30) { // else the same one again
			q = t.otherQueue(q)
		}
	}
}

func (t *story) otherQueue(q Queue) Queue {
	for _, o := range t.queues {
		if o.PBX == q.PBX && o.Number != q.Number {
			return o
		}
	}
	return q
}

func (t *story) notServed(r call.Result) {
	t.c.Disposition = map[call.Result]call.Disposition{
		call.ResultAbandoned: call.Abandoned, call.ResultTimeout: call.Timeout, call.ResultLeaveEmpty: call.LeaveEmpty, call.ResultJoinEmpty: call.JoinEmpty,
		call.ResultOther: call.Voicemail, call.ResultTransferred: call.NoAnswer,
	}[r]
	t.c.HangupBy = call.PBXItself
	if r == call.ResultAbandoned {
		t.c.HangupBy = call.Caller
	}
}

// later has a caller who was lost call again, or be called back.
func (t *story) later(number string, _ int) {
	if number == "" {
		return
	}
	switch n := t.rnd.IntN(10); {
	case n < 3:
		t.again = append(t.again, again{at: t.at.Add(t.some(10 * time.Minute)), number: number, queue: t.rnd.IntN(len(t.queues))})
	case n < 6:
		t.again = append(t.again, again{at: t.at.Add(t.some(time.Hour)), number: number, back: true})
	}
}

// visit is one stay in a queue. It tells whether somebody answered.
func (t *story) visit(q Queue) bool {
	v := call.QueueVisit{PBX: q.PBX, Queue: q.Number, Entered: t.at, Position: 1 + t.rnd.IntN(4), Estimated: t.rnd.IntN(80) == 0}
	if t.chance(5) {
		v.Position = 0
	}
	leave := func(r call.Result) bool {
		v.Left, v.Result = t.at, r
		t.c.Queues = append(t.c.Queues, v)
		return false
	}
	switch n := t.rnd.IntN(100); {
	case n < 2:
		return leave(call.ResultJoinEmpty)
	case n < 4:
		t.wait(t.some(10 * time.Second))
		return leave(call.ResultLeaveEmpty)
	case n < 6:
		t.wait(t.some(15 * time.Second))
		return leave(call.ResultOther)
	case n < 7:
		t.wait(t.some(15 * time.Second))
		t.c.Transfers = append(t.c.Transfers, call.Transfer{PBX: q.PBX, Kind: "blind", By: q.Number, To: t.otherQueue(q).Number, At: t.at, Result: call.ResultCompleted})
		return leave(call.ResultTransferred)
	}
	patience := t.some(100 * time.Second)
	if t.chance(8) {
		patience = t.some(4 * time.Second)
	}
	if t.chance(8) {
		patience = time.Hour
	}
	until := t.at.Add(min(patience, q.Limit))
	for {
		d := t.free(q.Members, t.at)
		switch {
		case d == nil:
			t.wait(5 * time.Second)
		case t.chance(25) && t.rings(d, q.Number, until):
		case t.chance(30), patience == time.Hour && t.chance(80):
			t.wait(t.some(12 * time.Second))
		default:
			ring := t.some(8 * time.Second)
			if t.at.Add(ring).After(until) {
				t.at = t.at.Add(time.Second)
				break
			}
			t.ring(d, q.PBX, q.Number, ring, call.ResultAnswered)
			v.Operator = d.number
			leave(call.ResultAnswered)
			if t.chance(20) { // the queue is told a little late
				t.c.Queues[len(t.c.Queues)-1].Left = t.at.Add(time.Duration(t.rnd.IntN(300)) * time.Millisecond)
			}
			t.talk(d, q.PBX, q.Number)
			return true
		}
		if !t.at.Before(until) {
			t.at = until
			if patience < q.Limit {
				return leave(call.ResultAbandoned)
			}
			return leave(call.ResultTimeout)
		}
	}
}

// rings lets a device ring in vain, and tells that it did.
func (t *story) rings(d *device, queue string, until time.Time) bool {
	list := []call.Result{call.ResultNoAnswer, call.ResultDeclined, call.ResultBusy, call.ResultRedirected, call.ResultFailed, call.ResultCancelled}
	length := t.some(10 * time.Second)
	if end := t.at.Add(length); end.After(until) {
		length = until.Sub(t.at)
	}
	t.ring(d, d.pbx.Name, queue, length, list[t.rnd.IntN(len(list))])
	return true
}

func (t *story) ring(d *device, pbx, queue string, length time.Duration, r call.Result) {
	from := t.at
	t.wait(length)
	t.c.Rings = append(t.c.Rings, call.Ring{PBX: pbx, Operator: d.number, Queue: queue, At: from, End: t.at, Result: r, Estimated: t.rnd.IntN(150) == 0})
	t.did(d, call.StateRinging, queue, from, t.at)
	t.c.Legs = append(t.c.Legs, call.Leg{PBX: pbx, Kind: call.LegOperator, Number: d.number, Endpoint: "PJSIP/" + d.number, Start: from, End: t.at})
}

// talk is a conversation of a device with the caller and what comes of it.
func (t *story) talk(d *device, pbx, queue string) {
	t.speak(d, pbx, queue, t.some(150*time.Second))
	if t.chance(20) {
		for range 1 + t.rnd.IntN(2) {
			t.hold(d, pbx, queue, nil)
			t.speak(d, pbx, queue, t.some(60*time.Second))
		}
	}
	switch n := t.rnd.IntN(100); {
	case n < 6:
		t.blind(d, pbx)
	case n < 12:
		t.attended(d, pbx, queue)
	case n < 14:
		t.conference(d, pbx)
	}
	t.wrap(d, queue)
}

func (t *story) wrap(d *device, queue string) {
	if queue == "" || !t.chance(70) {
		return
	}
	length := t.some(20 * time.Second)
	t.state(d, call.StateWrapUp, queue, d.did, d.did.Add(length), "")
	if t.chance(80) { // else it takes another call meanwhile
		d.free = d.did.Add(length)
	}
}

func (t *story) speak(d *device, pbx, queue string, length time.Duration) {
	from := t.at
	t.wait(length)
	with := "customer"
	t.c.Talks = append(t.c.Talks, call.Talk{PBX: pbx, Operator: d.number, Queue: queue, With: with, From: from, To: t.at, Estimated: t.rnd.IntN(150) == 0})
	t.did(d, call.StateBusy, queue, from, t.at)
}

// hold puts the caller on hold, and perhaps asks somebody meanwhile.
func (t *story) hold(d *device, pbx, queue string, ask *device) {
	from := t.at
	if ask != nil {
		t.ring(ask, pbx, "", t.some(6*time.Second), call.ResultAnswered)
		spoke := t.at
		t.wait(t.some(25 * time.Second))
		t.c.Talks = append(t.c.Talks, call.Talk{PBX: pbx, Operator: ask.number, With: d.number, Consult: true, From: spoke, To: t.at})
		t.did(ask, call.StateBusy, "", spoke, t.at)
		t.did(d, call.StateHold, queue, from, spoke)
		t.did(d, call.StateBusy, queue, spoke, t.at)
	} else {
		t.wait(t.some(30 * time.Second))
		t.did(d, call.StateHold, queue, from, t.at)
	}
	t.c.Holds = append(t.c.Holds, call.Hold{PBX: pbx, By: d.number, From: from, To: t.at, Estimated: t.rnd.IntN(100) == 0})
}

func (t *story) transfer(d *device, pbx, kind, to string, at time.Time, r call.Result) {
	t.c.Transfers = append(t.c.Transfers, call.Transfer{PBX: pbx, Kind: kind, By: d.number, To: to, At: at, Result: r})
}

func (t *story) blind(d *device, pbx string) {
	switch n := t.rnd.IntN(10); {
	case n < 3: // to a queue
		for _, q := range t.queues {
			if q.PBX == pbx {
				t.transfer(d, pbx, "blind", q.Number, t.at, call.ResultCompleted)
				t.wait(t.some(time.Second))
				t.visit(q)
				return
			}
		}
	case n < 5: // to a number outside
		t.transfer(d, pbx, "blind", t.outside[t.rnd.IntN(len(t.outside))], t.at, call.ResultFailed)
	default:
		to := t.free(t.numbers, t.at, d.number)
		if to == nil {
			return
		}
		r := []call.Result{call.ResultCompleted, call.ResultCompleted, call.ResultNoAnswer, call.ResultAbandoned}[t.rnd.IntN(4)]
		t.transfer(d, pbx, "blind", to.number, t.at, r)
		if t.cross(pbx, to) {
			pbx = to.pbx.Name
		}
		if r != call.ResultCompleted {
			t.ring(to, pbx, "", t.some(15*time.Second), call.ResultNoAnswer)
			return
		}
		t.ring(to, pbx, "", t.some(8*time.Second), call.ResultAnswered)
		t.speak(to, pbx, "", t.some(100*time.Second))
	}
}

// cross takes the call to the PBX of a device.
func (t *story) cross(pbx string, to *device) bool {
	if to.pbx.Name == pbx {
		return false
	}
	if t.c.PBXs[0] != to.pbx.Name && len(t.c.PBXs) == 1 {
		t.c.PBXs = append(t.c.PBXs, to.pbx.Name)
	}
	t.c.Links = append(t.c.Links, call.Link{Kind: "header", Confidence: "certain", From: pbx, To: to.pbx.Name, At: t.at})
	return true
}

func (t *story) attended(d *device, pbx, queue string) {
	ask := t.free(t.numbers, t.at, d.number)
	if ask == nil || ask.pbx.Station != d.pbx.Station {
		return
	}
	t.hold(d, pbx, queue, ask)
	if t.chance(40) { // comes to nothing
		t.speak(d, pbx, queue, t.some(40*time.Second))
		return
	}
	t.transfer(d, pbx, "attended", ask.number, t.at, call.ResultCompleted)
	t.speak(ask, pbx, "", t.some(120*time.Second))
}

func (t *story) conference(d *device, pbx string) {
	other := t.free(t.numbers, t.at, d.number)
	if other == nil {
		return
	}
	from := t.at
	t.wait(t.some(90 * time.Second))
	for _, x := range []*device{d, other} {
		t.c.Talks = append(t.c.Talks, call.Talk{PBX: pbx, Operator: x.number, With: "conference:77", From: from, To: t.at})
		t.did(x, call.StateBusy, "", from, t.at)
	}
}

// toDevice is an incoming call to a device of its own.
func (t *story) toDevice(number string) {
	d := t.free(t.numbers, t.at)
	if d == nil {
		d = t.devices[t.numbers[0]]
		t.inbound(d.pbx, number)
		t.c.Disposition, t.c.HangupBy = call.Busy, call.PBXItself
		t.later(number, 0)
		return
	}
	t.inbound(d.pbx, number)
	if t.chance(30) {
		t.ring(d, d.pbx.Name, "", t.some(15*time.Second), call.ResultCancelled)
		t.c.Disposition, t.c.HangupBy = call.NoAnswer, call.Caller
		t.later(number, 0)
		return
	}
	t.ring(d, d.pbx.Name, "", t.some(8*time.Second), call.ResultAnswered)
	t.c.Disposition = call.Answered
	t.talk(d, d.pbx.Name, "")
}

// callBack is a call to somebody outside.
func (t *story) callBack(number string) {
	d := t.free(t.numbers, t.at)
	if d == nil || number == "" {
		d, number = t.devices[t.numbers[1]], t.outside[0]
	}
	t.dials(d, number, call.Outbound)
	t.c.Trunk = d.pbx.Trunk
	if t.chance(35) {
		t.unanswered()
		return
	}
	t.c.Answered, t.c.Disposition = t.at, call.Answered
	if d.free.After(t.at) {
		return // a second line of a device that speaks: nobody heard the talk
	}
	t.talk(d, d.pbx.Name, "")
}

func (t *story) dials(d *device, to string, dir call.Direction) {
	t.by = d
	t.c.Direction, t.c.Caller, t.c.Dialled, t.c.PBXs = dir, d.number, to, []string{d.pbx.Name}
	from := t.at
	t.c.Legs = append(t.c.Legs, call.Leg{PBX: d.pbx.Name, Kind: call.LegOperator, Number: d.number, Endpoint: "PJSIP/" + d.number, Start: t.at})
	t.wait(t.some(12 * time.Second))
	if !d.free.After(from) {
		t.did(d, call.StateBusy, "", from, t.at)
	}
}

func (t *story) unanswered() {
	list := []call.Disposition{call.NoAnswer, call.Busy, call.Rejected, call.Failed}
	t.c.Disposition, t.c.HangupBy = list[t.rnd.IntN(4)], call.PBXItself
}

// internal is a call of one device to another.
func (t *story) internal() {
	d := t.free(t.numbers, t.at)
	if d == nil {
		d = t.devices[t.numbers[0]]
	}
	to := t.free(t.numbers, t.at, d.number)
	if to == nil || to.pbx.Name != d.pbx.Name || d.free.After(t.at) {
		t.dials(d, "*97", call.Internal)
		t.unanswered()
		return
	}
	t.dials(d, to.number, call.Internal)
	if t.chance(30) {
		t.unanswered()
		return
	}
	t.ring(to, to.pbx.Name, "", t.some(6*time.Second), call.ResultAnswered)
	from := t.at
	t.wait(t.some(60 * time.Second))
	t.c.Answered, t.c.Disposition = from, call.Answered
	t.c.Talks = append(t.c.Talks, call.Talk{PBX: to.pbx.Name, Operator: to.number, With: d.number, From: from, To: t.at})
	t.did(d, call.StateBusy, "", from, t.at)
	t.did(to, call.StateBusy, "", from, t.at)
}

// finish ends a call. What is not over at the month's end goes on.
func (t *story) finish() {
	c := t.c
	c.End = t.at
	if c.HangupBy == call.PartyUnknown && t.chance(95) {
		c.HangupBy = call.Party(1 + t.rnd.IntN(2))
	}
	for i := range c.Legs {
		if c.Legs[i].End.IsZero() {
			c.Legs[i].End = c.End
		}
	}
	c.Partial, c.Recorded = t.rnd.IntN(60) == 0, t.chance(70)
	if t.chance(4) {
		c.Imported = call.FromQueueLog
	}
	if !c.End.Before(t.m.To) {
		c.End, c.Open, c.Disposition, c.HangupBy = time.Time{}, true, call.DispositionUnknown, call.PartyUnknown
	}
	t.out.Calls = append(t.out.Calls, c)
}
