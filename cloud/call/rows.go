package call

import (
	"slices"
	"strings"
)

func (t *story) queueRows() {
	for _, c := range t.list {
		for _, v := range c.visits {
			row := QueueVisit{PBX: c.pbx.name, Queue: v.queue, Entered: at(v.entered), Member: v.member, Position: v.position, Estimated: v.guessed}
			var agent *channel
			row.Result, agent = t.visitResult(v)
			if row.Result == ResultAnswered {
				row.Operator = operatorOf(agent, v.iface)
			}
			row.Left = t.until(v.leftAt())
			if v.left == 0 && c.guessed&guessEnd != 0 {
				row.Estimated = true
			}
			t.call.Queues = append(t.call.Queues, row)
		}
	}
	slices.SortStableFunc(t.call.Queues, func(x, y QueueVisit) int { return x.Entered.Compare(y.Entered) })
}

// leftAt is when the visit ended. What was not seen is taken from what the queue said when the talk ended.
func (v *visit) leftAt() int64 {
	switch {
	case v.left == 0:
		return v.caller.end
	case v.guessed && v.hold != 0 && v.completed != 0:
		return v.entered + v.hold
	}
	return v.left
}

func operatorOf(agent *channel, iface string) string {
	if agent != nil {
		return agent.numberOf()
	}
	_, number, _ := strings.Cut(iface, "/") // Local/101@from-queue/n
	number, _, _ = strings.Cut(number, "@")
	return number
}

// visitResult judges a visit. QueueCallerAbandon alone proves nothing: Asterisk sends it for timeouts and empty queues
// too. A caller who gave up asked to hang up and is gone at once; one who was put out goes on in the dialplan.
func (t *story) visitResult(v *visit) (Result, *channel) {
	c := v.caller
	if agent := t.agentOf(v); agent != nil || v.connected != 0 {
		return ResultAnswered, agent
	}
	switch v.outcome {
	case "TIMEOUT":
		return ResultTimeout, nil
	case "LEAVEEMPTY", "LEAVEUNAVAIL":
		return ResultLeaveEmpty, nil
	case "JOINEMPTY", "JOINUNAVAIL":
		return ResultJoinEmpty, nil
	case "FULL", "CONTINUE", "WITHDRAW":
		return ResultOther, nil
	}
	switch {
	case v.left == 0 && !c.ended():
		return ResultUnknown, nil
	case v.left == 0, v.guessed && c.ended() && c.guessed&guessEnd != 0:
		return ResultAbandoned, nil
	case t.movedOn(c, v.left):
		return ResultTransferred, nil
	case !v.abandoned:
		return ResultOther, nil
	case c.shutdown && c.end-v.left <= second:
		return ResultOther, nil
	case c.ended() && c.end-v.left <= second && c.hangupAt != 0:
		return ResultAbandoned, nil
	case v.empty:
		return ResultLeaveEmpty, nil
	}
	return ResultTimeout, nil
}

// movedOn tells whether somebody took the caller out of the queue.
func (t *story) movedOn(c *channel, at int64) bool {
	for _, x := range t.s.transfers {
		if x.transferee == c && distance(x.at, at) <= second {
			return true
		}
	}
	return false
}

// agentOf finds the device that answered a visit: the queue may name a Local half, which by then may be gone.
func (t *story) agentOf(v *visit) *channel {
	if v.agent != nil {
		if d := answeredBy(v.agent); d != nil {
			return d
		}
	}
	if v.connected == 0 {
		return nil
	}
	for _, s := range t.talks {
		if o := s.other(v.caller); o != nil && s.to > v.connected {
			return o
		}
	}
	return nil
}

// maxHops bounds walks along Local pairs and trunks: a chain longer than this is a loop.
const maxHops = 64

// answeredBy follows Local pairs from a called channel to the device that took the call.
func answeredBy(c *channel) *channel {
	hops := maxHops
	return follow(c, &hops)
}

func follow(c *channel, hops *int) *channel {
	switch *hops--; {
	case c == nil || *hops < 0:
		return nil
	case c.kind == kindParty && c.link == nil:
		return c
	case c.peer == nil:
		return nil
	}
	for _, d := range c.peer.calls {
		if d.answered() {
			if found := follow(d.to, hops); found != nil {
				return found
			}
		}
	}
	return nil
}

func (s *talkSpan) other(c *channel) *channel {
	switch c {
	case s.x:
		return s.y
	case s.y:
		return s.x
	}
	return nil
}

// queueOf returns the queue on whose behalf a device was called, following Local pairs back.
func queueOf(d *attempt) string {
	at := d.at
	for hops := 0; d != nil && hops < maxHops; hops++ {
		if d.queue != "" {
			return d.queue
		}
		if d.by == nil {
			return ""
		}
		if v := d.by.visitAt(d.at); v != nil {
			return v.queue
		}
		if d.by.kind != kindLocal || d.by.peer == nil {
			return ""
		}
		if d = d.by.peer.dial; d != nil && d.status == statusAnswer && d.end < at { // whom it was called for has it, and handed it on
			return ""
		}
	}
	return ""
}

// servedBy is the queue that says a device took its caller, where nobody heard it ring for the queue.
func (t *story) servedBy(c *channel) string {
	for _, o := range t.list {
		for _, v := range o.visits {
			if v.agent == c || v.agent != nil && v.agent.kind == kindLocal && c.up <= v.connected+second && t.agentOf(v) == c {
				return v.queue
			}
		}
	}
	return ""
}

func (c *channel) visitAt(us int64) *visit {
	for _, v := range c.visits {
		if v.entered <= us && (v.left == 0 || us <= v.left) {
			return v
		}
	}
	return nil
}

func (t *story) ringRows() {
	for _, c := range t.list {
		d := c.dial
		if d == nil || c.kind != kindParty || c.link != nil || c.outside() {
			continue
		}
		row := Ring{PBX: c.pbx.name, Operator: c.numberOf(), Queue: queueOf(d), At: at(d.at), Estimated: d.guessed, Result: t.ringResult(d)}
		if row.Queue == "" {
			row.Queue = t.servedBy(c)
		}
		if d.end == 0 && c.up == 0 && c.guessed&guessEnd != 0 || c.up != 0 && c.guessed&guessUp != 0 ||
			d.answered() && c.guessed != 0 && d.by != nil && c != t.first && !t.together(c) { // it may have been too late
			row.Estimated = true
		}
		if row.End = t.until(d.ended()); d.guessed && d.answered() && d.ended() != 0 {
			row.End = at(max(t.upOf(c), d.at))
		}
		t.call.Rings = append(t.call.Rings, row)
	}
	slices.SortStableFunc(t.call.Rings, func(x, y Ring) int { return x.At.Compare(y.At) })
}

func (d *attempt) ended() int64 {
	if d.end != 0 {
		if d.to.up != 0 && d.to.up < d.end { // picked up, and asked whether it takes the call
			return max(d.to.up, d.at)
		}
		return d.end
	}
	if d.to.up != 0 {
		return max(d.to.up, d.at)
	}
	return d.to.end
}

// answered tells whether the device took the call: Asterisk said so, or said nothing and let it talk.
func (d *attempt) answered() bool {
	return d.status == statusAnswer || d.status == statusNone && d.to.up != 0 && len(d.to.stays) > 0
}

// Hangup causes that tell why a device did not take a call (Q.850).
const (
	causeBusy      = 17
	causeNoAnswer  = 19
	causeRejected  = 21
	causeForwarded = 23
)

func (t *story) ringResult(d *attempt) Result {
	switch {
	case d.answered() && t.untaken(d):
		return t.notTaken(d)
	case d.answered():
		return ResultAnswered
	case d.passed():
		return t.notTaken(d)
	case d.to.ended() && t.paging():
		return ResultCancelled // a page that nobody hears is nothing missed
	case d.forward != "" || d.to.cause == causeForwarded:
		return ResultRedirected
	case d.end == 0 && !d.to.ended():
		return ResultUnknown
	}
	switch d.to.cause {
	case causeBusy:
		return ResultBusy
	case causeRejected:
		return ResultDeclined
	case causeNoAnswer:
		return ResultNoAnswer
	case 1, 2, 3, 18, 20, 27, 28, 34, 38, 41, 42, 44, 58:
		if d.to.rang == 0 {
			return ResultFailed
		}
	}
	switch d.first {
	case statusBusy:
		return ResultBusy
	case statusUnavailable, statusCongestion:
		return ResultFailed
	case statusNoAnswer:
		return ResultNoAnswer
	default:
	}
	if d.status == statusNoAnswer || d.givenUp() {
		return ResultNoAnswer
	}
	return ResultCancelled
}

// givenUp tells whether a device behind Local pairs was rung for as long as it should: whoever called the first half says
// that nobody answered, and the device is told no more than that it is no longer wanted.
func (d *attempt) givenUp() bool {
	for range maxHops {
		if d.by == nil || d.by.kind != kindLocal || d.by.peer == nil || d.by.peer.dial == nil {
			return false
		}
		if d = d.by.peer.dial; d.first == statusNoAnswer {
			return true
		}
	}
	return false
}

// untaken tells whether a device that was picked up never came together with anybody: its answer crossed with the caller's
// hanging up, or the one asked "press 1 to accept" did not.
func (t *story) untaken(d *attempt) bool {
	c := d.to
	return c.kind == kindParty && c != t.first && c.link == nil && c.ended() && c.guessed == 0 && d.by != nil && !t.together(c)
}

// together tells whether a device was heard to have anybody with it.
func (t *story) together(c *channel) bool {
	if t.seated(c) || t.heardElsewhere(c) {
		return true
	}
	for i := range t.talks {
		if t.talks[i].other(c) != nil {
			return true
		}
	}
	for _, v := range origin(c).visits { // the queue thinks they are connected, and counts it
		if v.connected != 0 && answeredBy(v.agent) == c {
			return true
		}
	}
	return false
}

// heardElsewhere tells whether a device was together with a trunk to another PBX of ours. If nothing shows whom it spoke with
// there, the other PBX was not heard, or was no more.
func (t *story) heardElsewhere(c *channel) bool {
	for _, o := range t.list {
		if o.link == nil || o.pbx != c.pbx {
			continue
		}
		for i := range o.stays {
			for k := range c.stays {
				if x, y := &o.stays[i], &c.stays[k]; x.bridge == y.bridge && x.from < y.to && y.from < x.to {
					return true
				}
			}
		}
	}
	return false
}

// passed tells a device that was picked up and asked, and the dialplan was told to go on.
func (d *attempt) passed() bool {
	return d.to.up != 0 && (d.first == statusContinue || d.first == statusGoto || d.first == statusAbort)
}

// notTaken tells why a device that was picked up did not get the call: the caller was gone, or it was not accepted.
func (t *story) notTaken(d *attempt) Result {
	if by := origin(d.to); by != d.to && by.hangupAt != 0 && by.hangupAt <= d.to.end {
		return ResultCancelled
	}
	return ResultDeclined
}

// talkRows lists talks without hold. Rows with a customer name our side; of two of ours the one that was called comes
// first.
func (t *story) talkRows() {
	for _, c := range t.list {
		if c.kind == kindParty && len(c.holds) > 0 {
			t.holders = append(t.holders, c)
		}
	}
	for i := range t.talks {
		s := &t.talks[i]
		row := t.talkRow(s)
		consulting := t.consulting(s)
		from, to := s.from, s.to
		if s.guessed {
			from = t.refined(s)
		}
		for _, p := range t.withoutHold(s) {
			if p.to-p.from < talkLeast { // what a hold leaves of it before somebody is handed on
				continue
			}
			pieces, consult := divided(p, consulting)
			for i, q := range pieces {
				row.From, row.To, row.Consult = at(q.from), at(q.to), consult[i]
				row.Estimated = s.guessed && q.from == from || s.unseen && q.to == to || t.guesses(q.from) || t.guesses(q.to) ||
					s.x.unheardIn(q.from, q.to) || s.y.unheardIn(q.from, q.to)
				t.call.Talks = append(t.call.Talks, row)
			}
		}
	}
	if !t.paging() {
		for _, m := range t.seats {
			t.call.Talks = append(t.call.Talks, Talk{
				PBX: m.who.pbx.name, Operator: m.who.numberOf(), With: "conference:" + m.name, From: at(m.from), To: at(m.to),
				Estimated: t.guesses(m.from) || t.guesses(m.to) || m.who.unheardIn(m.from, m.to),
			})
		}
	}
	slices.SortStableFunc(t.call.Talks, func(x, y Talk) int { return x.From.Compare(y.From) })
}

func (t *story) talkRow(s *talkSpan) Talk {
	ours, other := s.x, s.y
	switch {
	case t.customer(ours) && !t.customer(other):
		ours, other = other, ours
	case !t.customer(other) && ours == t.first:
		ours, other = other, ours
	case !t.customer(other) && other != t.first && (!ours.called() && other.called() || ours.called() == other.called() && ours.created < other.created):
		ours, other = other, ours
	case t.customer(ours) && t.customer(other) && (ours == t.first) != (t.dir == Outbound):
		ours, other = other, ours
	}
	row := Talk{PBX: ours.pbx.name, Operator: ours.numberOf(), With: other.numberOf()}
	if t.customer(other) {
		row.With = "customer"
	}
	if ours.dial != nil && ours.dial.answered() {
		if row.Queue = queueOf(ours.dial); row.Queue == "" {
			row.Queue = t.servedBy(ours)
		}
	}
	return row
}

// withoutHold takes the holds of both sides out of a talk. A start nobody saw is taken from what the queue said.
func (t *story) withoutHold(s *talkSpan) []span {
	from := s.from
	if s.guessed {
		from = t.refined(s)
	}
	var cuts []span
	for _, c := range []*channel{s.x, s.y} {
		for _, h := range c.holds {
			if h = t.held(c, h); t.waiting(c, h, s) == nil {
				cuts = append(cuts, h)
			}
		}
	}
	left := without(span{from, s.to}, cuts)
	if len(cuts) == 0 {
		return left
	}
	return slices.DeleteFunc(left, func(p span) bool { return p.to-p.from < talkLeast })
}

// refined finds the start of a talk that began while nobody listened, within the bounds of that time: the queue says at
// its end how long it took.
func (t *story) refined(s *talkSpan) int64 {
	for _, c := range []*channel{s.x, s.y} {
		for _, v := range c.visits {
			if v.completed == 0 || v.talk == 0 || v.agent != nil && s.other(v.agent) == nil {
				continue
			}
			for i := range c.stays {
				if y := &c.stays[i]; y.guessed && y.lo != 0 && y.lo <= s.from && s.from <= y.hi {
					return min(max(v.completed-v.talk, y.lo), y.hi)
				}
			}
		}
	}
	return s.from
}

// upOf is when a channel was answered, refined where nobody saw it.
func (t *story) upOf(c *channel) int64 {
	if c.guessed&guessUp == 0 {
		return c.up
	}
	for i := range t.talks {
		if s := &t.talks[i]; s.guessed && s.other(c) != nil {
			return t.refined(s)
		}
	}
	return c.up
}

func (t *story) holdRows() {
	for _, c := range t.list {
		if c.kind != kindParty || c.link != nil {
			continue
		}
		for _, h := range c.holds {
			if !t.talkedAt(c, h.from) {
				continue
			}
			to := t.heldUntil(c, h)
			t.call.Holds = append(t.call.Holds, Hold{
				PBX: c.pbx.name, By: c.numberOf(), From: at(h.from), To: t.until(to),
				Estimated: t.guesses(h.from) || t.guesses(to) || c.unheardIn(h.from, to),
			})
		}
	}
	slices.SortStableFunc(t.call.Holds, func(x, y Hold) int { return x.From.Compare(y.From) })
}

func (t *story) talkedAt(c *channel, us int64) bool {
	for i := range t.talks {
		if s := &t.talks[i]; s.other(c) != nil && s.from <= us && us <= s.to+talkGap {
			return true
		}
	}
	return false
}
