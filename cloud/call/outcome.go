package call

// outcome tells how the call ended for the one who began it, and who ended it.
func (t *story) outcome() {
	t.call.Disposition = t.disposition()
	if !t.open {
		t.call.HangupBy = t.hangupBy()
	}
}

// disposition looks for the best thing that happened: a talk with a person, a machine that took a message, and only then
// for the last thing that went wrong.
func (t *story) disposition() Disposition {
	if t.spoke() {
		return Answered
	}
	if t.open {
		return DispositionUnknown
	}
	for _, c := range t.list {
		if c.kind == kindParty && (!c.called() || c == t.first) && c.ran("VoiceMail") {
			return Voicemail
		}
	}
	if d, ok := t.queueDisposition(); ok {
		return d
	}
	return t.dialDisposition()
}

// spoke tells whether the one who began the call spoke with a person. On an outbound call only the called party counts:
// a click-to-call whose customer never answers is not answered by our own phone.
func (t *story) spoke() bool {
	for i := range t.talks {
		s := &t.talks[i]
		if t.dir == Outbound && !t.customer(s.x) && !t.customer(s.y) {
			continue
		}
		return true
	}
	return len(t.seats) > 0
}

// queueDisposition is decided by the last queue the caller left.
func (t *story) queueDisposition() (Disposition, bool) {
	n := len(t.call.Queues)
	if n == 0 {
		if t.refusedByQueue() {
			return JoinEmpty, true
		}
		return DispositionUnknown, false
	}
	switch t.call.Queues[n-1].Result {
	case ResultAbandoned:
		return Abandoned, true
	case ResultTimeout:
		return Timeout, true
	case ResultLeaveEmpty:
		return LeaveEmpty, true
	case ResultJoinEmpty:
		return JoinEmpty, true
	case ResultAnswered: // connected, and gone before anybody could speak
		return Abandoned, true
	default:
		return DispositionUnknown, false
	}
}

// refusedByQueue tells whether a queue was asked and never joined.
func (t *story) refusedByQueue() bool {
	for _, c := range t.list {
		if !c.called() && c.ran("Queue") && len(c.visits) == 0 {
			return true
		}
	}
	return false
}

// dialDisposition judges by whom was rung and by who gave up.
func (t *story) dialDisposition() Disposition {
	last := t.lastAttempt()
	hung := t.first.hangupAt != 0
	switch {
	case last == nil && t.first.up != 0 && hung, last == nil && t.dir == Inbound && hung:
		return Abandoned
	case last == nil && t.first.up != 0:
		return Timeout
	case last == nil:
		return Failed
	}
	switch t.ringResult(last) {
	case ResultBusy:
		return Busy
	case ResultDeclined:
		if last.to.up == 0 { // one who is asked and does not accept is not there, to the caller
			return Rejected
		}
	case ResultFailed:
		return Failed
	default:
	}
	if hung && t.dir == Inbound {
		return Abandoned
	}
	return NoAnswer
}

// lastAttempt is the last calling of a real party; on outbound calls that of the customer, if it came to that.
func (t *story) lastAttempt() *attempt {
	var last *attempt
	for _, c := range t.list {
		if c.dial == nil || c.kind != kindParty || c.link != nil {
			continue
		}
		if last != nil && t.dir == Outbound && t.customer(last.to) && !t.customer(c) {
			continue
		}
		if last == nil || c.dial.at >= last.at || t.dir == Outbound && t.customer(c) && !t.customer(last.to) {
			last = c.dial
		}
	}
	return last
}

// hangupNear is how far a request to hang up may be from the end it caused, and a talk from the call it ended with.
const hangupNear = 2 * second

// clockDoubt is how far the clocks of two PBXs may be apart after all measuring. Of two who hang up within it, one at each, it
// is the caller: which of them was first would change with every measurement.
const clockDoubt = 20 * second / 1000

// hangupBy looks at who asked to hang up last: the one who began, one of those at the other end, or nobody, which leaves
// the PBX.
func (t *story) hangupBy() Party {
	p := t.first
	end := t.end()
	if p.guessed&guessEnd != 0 && !p.shutdown {
		return Caller // nobody saw it; most calls are ended by who made them
	}
	if p.shutdown {
		return PBXItself
	}
	caller, callee := t.requests(end)
	if t.calledBack() {
		caller, callee = callee, caller
	}
	switch {
	case max(caller, callee) < end-second/4 && p.pbx.stoppedAfter(end):
		return PBXItself
	case caller != 0 && (callee == 0 || caller <= callee):
		return Caller
	case callee != 0:
		return Callee
	}
	return PBXItself
}

// stoppedAfter tells whether a moment lies where the PBX ended everything before it said that it stops: about a second.
func (p *pbx) stoppedAfter(us int64) bool { return p.died >= us && p.died-us <= 2*second }

// requests returns when the one who began and when somebody at the other end asked to hang up, of those requests that can
// have ended the call.
func (t *story) requests(end int64) (caller, callee int64) {
	if p := t.first; p.hangupAt != 0 && p.hangupAt >= end-hangupNear && !t.wentOn(p) {
		caller = p.hangupAt
	}
	for i := range t.talks {
		s := &t.talks[i]
		if s.to < end-hangupNear {
			continue
		}
		for _, c := range []*channel{s.x, s.y} {
			if c != t.first && c.hangupAt != 0 && distance(c.hangupAt, end) <= hangupNear && !t.wentOn(c) {
				asked := c.hangupAt
				if c.pbx != t.first.pbx {
					asked += clockDoubt
				}
				callee = earlier(callee, asked)
			}
		}
	}
	for _, c := range t.list { // one that was called and handed on to a machine or a conference
		if callee == 0 && c != t.first && (t.customer(c) || len(c.rooms) > 0) && c.up != 0 && distance(c.hangupAt, end) <= hangupNear {
			callee = c.hangupAt
		}
	}
	if callee != 0 || len(t.talks) > 0 {
		return caller, callee
	}
	if d := t.lastAttempt(); d != nil && d.to != t.first && d.to.hangupAt != 0 && !d.answered() && d.forward == "" && queueOf(d) == "" {
		callee = d.to.hangupAt
	}
	return caller, callee
}

// wentOn tells whether those who spoke with a party talked on after it hung up: it handed the call on.
func (t *story) wentOn(c *channel) bool {
	for i := range t.talks {
		p := &t.talks[i]
		z := p.other(c)
		if z == nil || p.to < c.hangupAt-talkGap {
			continue
		}
		for k := range t.talks {
			if s := &t.talks[k]; s.other(c) == nil && s.to > c.hangupAt+talkGap && (s.other(z) != nil || t.wasAsked(c, z, s)) {
				return true
			}
		}
	}
	return false
}

// wasAsked tells whether a party was only asked something: the phone that spoke with it speaks on with the one who began.
func (t *story) wasAsked(c, z *channel, s *talkSpan) bool {
	if c == t.first || t.customer(c) {
		return false
	}
	o := s.other(t.first)
	return o != nil && o.ep == z.ep
}

func earlier(x, y int64) int64 {
	if x == 0 || y < x {
		return y
	}
	return x
}
