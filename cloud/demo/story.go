package demo

import (
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/callweave/callweave/cloud/call"
)

// story is one call while it is being told. now moves forward only.
type story struct {
	*day
	c   *call.Call
	now time.Time
}

func (d *day) begin(at time.Time) *story {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %s %d", d.pbx.Name, d.date.Format(time.DateOnly), d.n))
	c := &call.Call{ID: call.ID(sum[:16]), Rev: 1, PBXs: []string{d.pbx.Name}, Start: at.UTC()}
	c.ID[6], c.ID[8] = c.ID[6]&0x0f|0x80, c.ID[8]&0x3f|0x80 // UUIDv8
	return &story{day: d, c: c, now: c.Start}
}

func (s *story) pass(d time.Duration) time.Time {
	s.now = s.now.Add(d)
	return s.now
}

// finish ends the call now and closes what is still open in it.
func (s *story) finish() *call.Call {
	s.c.End = s.now
	for i := range s.c.Legs {
		if s.c.Legs[i].End.IsZero() {
			s.c.Legs[i].End = s.now
		}
	}
	return s.c
}

func (s *story) uniqueid() string {
	return fmt.Sprintf("%d.%d", s.now.Unix(), len(s.c.Legs)+s.n*8)
}

// leg adds a lane and returns its place.
func (s *story) leg(kind call.LegKind, number, endpoint string) int {
	s.c.Legs = append(s.c.Legs, call.Leg{
		PBX: s.pbx.Name, Kind: kind, Number: number, Endpoint: endpoint, Uniqueid: s.uniqueid(), Start: s.now, Cause: 16,
	})
	return len(s.c.Legs) - 1
}

func (s *story) comesIn() {
	s.c.Direction, s.c.Trunk = call.Inbound, s.pbx.Trunk
	s.c.Caller, s.c.CallerName = s.customer()
	s.leg(call.LegCustomer, s.c.Caller, s.pbx.Trunk)
}

// greeting plays and asks something; a few hang up in it.
func (s *story) greeting() (stays bool) {
	s.c.Answered = s.pass(300 * time.Millisecond)
	s.c.Legs[0].Answered = s.now
	from := s.now
	stays = !s.chance(4)
	length := s.about(9 * time.Second)
	if !stays {
		length /= 2
	}
	s.c.IVR = append(s.c.IVR, call.Step{PBX: s.pbx.Name, Application: "Background", Data: "welcome", From: from, To: s.pass(length)})
	return stays
}

func (s *story) inboundToQueue() {
	s.comesIn()
	q := s.chooseQueue()
	s.c.Dialled = s.pbx.DIDs[q]
	if !s.greeting() {
		s.c.Disposition, s.c.HangupBy = call.Abandoned, call.Caller
		return
	}
	s.choose(q)
	patience := s.about(100 * time.Second)
	for visits := 0; ; visits++ {
		queue := s.pbx.Queues[q]
		if done := s.visit(queue, &patience); done {
			return
		}
		if queue.Overflow == "" || visits > 1 {
			s.voicemail()
			return
		}
		q = s.queueByNumber(queue.Overflow)
	}
}

// choose presses the digit that leads to a queue; some miss it first.
func (s *story) choose(q int) {
	press := func(digit string) {
		at := s.pass(s.about(2 * time.Second))
		s.c.IVR = append(s.c.IVR, call.Step{PBX: s.pbx.Name, Application: "Digit", Data: digit, From: at, To: at})
	}
	if s.chance(7) {
		press("9")
		s.pass(s.about(3 * time.Second))
	}
	press(fmt.Sprint(q + 1))
}

func (s *story) chooseQueue() int {
	total := 0
	for _, q := range s.pbx.Queues {
		total += q.weight
	}
	n := s.rnd.IntN(total)
	for i, q := range s.pbx.Queues {
		if n -= q.weight; n < 0 {
			return i
		}
	}
	return 0
}

func (s *story) queueByNumber(number string) int {
	for i, q := range s.pbx.Queues {
		if q.Number == number {
			return i
		}
	}
	return 0
}

// visit is a stay in a queue until somebody answers, patience ends, or the queue gives up, which is when it is not done.
func (s *story) visit(q Queue, patience *time.Duration) (done bool) {
	v := call.QueueVisit{PBX: s.pbx.Name, Queue: q.Number, Entered: s.now, Position: 1}
	defer func() { s.c.Queues = append(s.c.Queues, v) }()
	deadline, gives := s.now.Add(*patience), s.now.Add(q.Timeout)
	for {
		operator, when := s.free(q.Members, s.now)
		if limit := earlier(deadline, gives); when.After(limit) {
			s.now = limit
			break
		}
		s.now = when
		took := 2*time.Second + s.about(3*time.Second)
		if s.chance(12) {
			took = 15 * time.Second // does not pick up
		}
		if limit := earlier(deadline, gives); s.now.Add(took).After(limit) {
			s.ring(operator, q.Number, limit.Sub(s.now), call.ResultCancelled)
			break
		}
		if took == 15*time.Second {
			s.ring(operator, q.Number, took, call.ResultNoAnswer)
			s.busy[operator] = s.now.Add(time.Second)
			continue
		}
		leg := s.ring(operator, q.Number, took, call.ResultAnswered)
		v.Left, v.Result, v.Operator, v.Member = s.now, call.ResultAnswered, operator, s.pbx.nameOf(operator)
		s.converse(operator, q.Number, q.talk, leg)
		return true
	}
	v.Left = s.now
	if !s.now.Before(deadline) {
		v.Result, s.c.Disposition, s.c.HangupBy = call.ResultAbandoned, call.Abandoned, call.Caller
		return true
	}
	*patience = deadline.Sub(s.now)
	v.Result = call.ResultTimeout
	return false
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// ring lets a phone ring and returns its lane.
func (s *story) ring(operator, queue string, length time.Duration, result call.Result) int {
	leg := s.leg(call.LegOperator, operator, "PJSIP/"+operator)
	at := s.now
	r := call.Ring{PBX: s.pbx.Name, Operator: operator, Queue: queue, At: at, End: s.pass(length), Result: result}
	s.c.Rings = append(s.c.Rings, r)
	if result == call.ResultAnswered {
		s.c.Legs[leg].Answered = s.now
	} else {
		s.c.Legs[leg].End = s.now
		s.c.Legs[leg].Cause = 19
	}
	return leg
}

// converse is what happens once the caller has somebody: talk, perhaps hold, perhaps a transfer, and an end.
func (s *story) converse(operator, queue string, typical time.Duration, leg int) {
	s.c.Disposition = call.Answered
	s.speak(operator, queue, s.about(typical))
	if s.chance(14) {
		from := s.now
		s.c.Holds = append(s.c.Holds, call.Hold{PBX: s.pbx.Name, By: operator, From: from, To: s.pass(s.about(25 * time.Second))})
		s.speak(operator, queue, s.about(typical/2))
	}
	if s.chance(8) {
		operator = s.transfer(operator, queue, typical, leg)
	}
	s.occupy(operator, s.now)
	s.c.HangupBy = call.Caller
	if s.chance(35) {
		s.c.HangupBy = call.Callee
	}
}

func (s *story) speak(operator, queue string, length time.Duration) {
	from := s.now
	s.c.Talks = append(s.c.Talks, call.Talk{PBX: s.pbx.Name, Operator: operator, Queue: queue, With: "customer", From: from, To: s.pass(length)})
}

// transfer hands the caller on and returns who has him at the end.
func (s *story) transfer(from, queue string, typical time.Duration, leg int) string {
	var others []string
	for _, o := range s.pbx.Operators {
		if o.Number != from && !s.busy[o.Number].After(s.now) {
			others = append(others, o.Number)
		}
	}
	if len(others) == 0 {
		return from
	}
	to := pick(s.day, others)
	t := call.Transfer{PBX: s.pbx.Name, Kind: "blind", By: from, To: to, At: s.now, Result: call.ResultCompleted}
	if s.chance(50) {
		t.Kind = "attended"
		s.c.Holds = append(s.c.Holds, call.Hold{PBX: s.pbx.Name, By: from, From: s.now})
		s.ring(to, "", s.about(4*time.Second), call.ResultAnswered)
		began := s.now
		s.c.Talks = append(s.c.Talks, call.Talk{PBX: s.pbx.Name, Operator: from, With: to, From: began, To: s.pass(s.about(15 * time.Second))})
		s.c.Holds[len(s.c.Holds)-1].To = s.now
		t.At = s.now
	} else {
		s.ring(to, "", s.about(4*time.Second), call.ResultAnswered)
	}
	s.c.Transfers = append(s.c.Transfers, t)
	s.c.Legs[leg].End = s.now
	s.occupy(from, s.now)
	s.speak(to, queue, s.about(typical))
	return to
}

func (s *story) voicemail() {
	spoke := s.now
	s.c.IVR = append(s.c.IVR, call.Step{PBX: s.pbx.Name, Application: "VoiceMail", Data: "100@default", From: spoke, To: s.pass(s.about(20 * time.Second))})
	s.c.Disposition, s.c.HangupBy = call.Voicemail, call.Caller
	if s.chance(40) {
		s.c.Disposition = call.Timeout
	}
}

func (s *story) inboundToOperator() {
	s.comesIn()
	to := pick(s.day, s.pbx.Operators).Number
	s.c.Dialled = to
	s.pass(200 * time.Millisecond)
	if s.busy[to].After(s.now) && s.chance(50) {
		s.ring(to, "", 400*time.Millisecond, call.ResultBusy)
		s.c.Disposition, s.c.HangupBy = call.Busy, call.PBXItself
		return
	}
	s.ringSomebody(to)
}

// ringSomebody calls one phone directly: a conversation, or nobody there.
func (s *story) ringSomebody(to string) {
	if s.busy[to].After(s.now) || s.chance(15) {
		s.ring(to, "", 10*time.Second+s.about(12*time.Second), call.ResultNoAnswer)
		s.c.Disposition, s.c.HangupBy = call.NoAnswer, call.Caller
		return
	}
	leg := s.ring(to, "", 2*time.Second+s.about(4*time.Second), call.ResultAnswered)
	s.c.Answered, s.c.Legs[0].Answered = s.now, s.now
	s.converse(to, "", 2*time.Minute, leg)
}

func (s *story) outbound() {
	by := s.somebody()
	s.c.Direction, s.c.Trunk, s.c.Caller, s.c.CallerName = call.Outbound, s.pbx.Trunk, by, s.pbx.nameOf(by)
	s.c.Dialled, _ = s.customer()
	ours := s.leg(call.LegOperator, by, "PJSIP/"+by)
	s.pass(400 * time.Millisecond)
	theirs := s.leg(call.LegCustomer, s.c.Dialled, s.pbx.Trunk)
	switch n := s.rnd.IntN(100); {
	case n < 66:
		s.c.Answered = s.pass(s.about(9 * time.Second))
		s.c.Legs[ours].Answered, s.c.Legs[theirs].Answered = s.now, s.now
		s.converse(by, "", 100*time.Second, ours)
		return
	case n < 88:
		s.pass(12*time.Second + s.about(15*time.Second))
		s.c.Disposition, s.c.HangupBy = call.NoAnswer, call.Caller
	case n < 96:
		s.pass(s.about(2 * time.Second))
		s.c.Disposition, s.c.HangupBy, s.c.Legs[theirs].Cause = call.Busy, call.PBXItself, 17
	default:
		s.pass(s.about(time.Second))
		s.c.Disposition, s.c.HangupBy, s.c.Legs[theirs].Cause = call.Failed, call.PBXItself, 38
	}
	s.talk[by] = s.now
}

// somebody is an operator who can make a call: one who is at work if possible, else one who stayed late.
func (s *story) somebody() string {
	var late []string
	first := s.rnd.IntN(len(s.pbx.Operators))
	for i := range s.pbx.Operators {
		o := s.pbx.Operators[(first+i)%len(s.pbx.Operators)].Number
		if !s.busy[o].After(s.now) {
			return o
		}
		if !s.talk[o].After(s.now) {
			late = append(late, o)
		}
	}
	if len(late) == 0 {
		return s.pbx.Operators[first].Number
	}
	return late[0]
}

func (s *story) internal() {
	by := s.somebody()
	to := pick(s.day, s.pbx.Operators).Number
	for to == by {
		to = pick(s.day, s.pbx.Operators).Number
	}
	s.c.Direction, s.c.Caller, s.c.CallerName, s.c.Dialled = call.Internal, by, s.pbx.nameOf(by), to
	s.leg(call.LegOperator, by, "PJSIP/"+by)
	s.pass(200 * time.Millisecond)
	if s.busy[to].After(s.now) || s.chance(15) {
		s.ring(to, "", s.about(20*time.Second), call.ResultNoAnswer)
		s.c.Disposition, s.c.HangupBy = call.NoAnswer, call.Caller
		return
	}
	s.ring(to, "", s.about(5*time.Second), call.ResultAnswered)
	s.c.Answered, s.c.Legs[0].Answered = s.now, s.now
	s.c.Disposition, s.c.HangupBy = call.Answered, call.Caller
	began := s.now
	s.c.Talks = append(s.c.Talks, call.Talk{PBX: s.pbx.Name, Operator: by, With: to, From: began, To: s.pass(s.about(70 * time.Second))})
	s.occupy(by, s.now)
	s.occupy(to, s.now)
}
