package scenario

import (
	"time"

	"github.com/callweave/callweave/lab/truth"
)

// reachScenarios are roundabout ways of reaching somebody, and of just missing him.
func reachScenarios() []Scenario {
	return []Scenario{
		{
			Name: "i10-answer-and-cancel-at-once", play: i10, Racing: true,
			About: "101 answers in the instant in which the caller gives up: three callers, with the answer 2 ms after, at and 2 ms before the end.",
		},
		{
			Name: "i11-call-screening", play: i11,
			About: "Whoever answers is asked to press 1: 104 accepts; 104 refuses and 105 answers; 104 refuses behind a Local pair and nobody else is there.",
		},
		{
			Name: "i12-pickup-of-nothing", play: i12,
			About: "102 dials *8 and **101 while nothing rings; then a carrier call to 101, answered. One call.",
		},
		{
			Name: "i13-park-own-retrieve", play: i13,
			About: "101 parks a caller of queue 600 and fetches him back from 701; a second caller that 101 parks gives up.",
		},
		{
			Name: "i15-follow-me", play: i15,
			About: "305 is FollowMe of 101: 104 answers and declines with 2, 105 answers, takes the call with 1 and talks 4 s.",
		},
		{
			Name: "k3-callback-from-queue", play: k3,
			About: "A caller of queue 608 presses 1 and is let go; the PBX calls back, the customer answers and comes into the queue again, where 101 answers.",
		},
	}
}

// i10 brings two ends together that both act at once. Some of the phones are up for some milliseconds, nobody talks.
func i10(s *Stage) {
	a, carrier := s.agent("101", "A"), s.carrier()
	for i, caller := range []string{customer, customer2, customer3} {
		t := s.inbound(carrier, caller, "74950000101")
		ring := a.gets(i)
		t.own(ring)
		s.pass(2 * time.Second)
		gone := make(chan error, 1)
		give := func() {
			ctx, cancel := s.step()
			defer cancel()
			gone <- t.main.Hangup(ctx)
		}
		switch i {
		case 0:
			go give()
			s.pass(2 * time.Millisecond)
			_ = ring.Answer() // too late, where the cancellation came first
		case 1:
			go give()
			_ = ring.Answer()
		case 2:
			_ = ring.Answer()
			s.pass(2 * time.Millisecond)
			give()
		}
		s.try(<-gone)
		t.main.ends()
		ring.ends()
		t.ended("abandoned", "caller")
		s.pass(time.Second)
	}
}

func i11(s *Stage) {
	p, carrier := s.agents("104", "105"), s.carrier()
	p[0].answersAfter(1500 * time.Millisecond)
	p[1].answersAfter(1500 * time.Millisecond)

	t := s.inbound(carrier, customer, "74950000303")
	asked := p[0].talks()
	s.pass(1500 * time.Millisecond)
	asked.presses("1")
	accepted := t.main.up()
	s.pass(4 * time.Second)
	t.main.hangsUp()
	t.spoke(asked, accepted, asked.ends())
	t.ended("answered", "caller")
	s.pass(time.Second)

	t = s.inbound(carrier, customer2, "74950000303")
	asked = p[0].gets(1)
	asked.up()
	s.pass(1500 * time.Millisecond)
	asked.presses("2")
	asked.ends()
	t.heardOnlyThePBX(asked)
	talk := p[1].talks()
	s.pass(3 * time.Second)
	talk.hangsUp()
	t.main.ends()
	t.ended("answered", "agent")
	s.pass(time.Second)

	t = s.inbound(carrier, customer3, "74950000304")
	asked = p[0].gets(2)
	asked.up()
	s.pass(1500 * time.Millisecond)
	asked.presses("2")
	asked.ends()
	t.heardOnlyThePBX(asked)
	t.main.ends()
	t.ended("no answer", "pbx")
}

func i12(s *Stage) {
	p, carrier := s.agents("101", "102"), s.carrier()
	for _, code := range []string{"*8", "**101"} {
		p[1].dials(code).ends()
		s.pass(500 * time.Millisecond)
	}
	p[0].answersAfter(time.Second)
	t := s.inbound(carrier, customer, "74950000101")
	p[0].talks()
	s.pass(2 * time.Second)
	t.main.hangsUp()
	t.ended("answered", "caller")
}

func i13(s *Stage) {
	a, carrier := s.agent("101", "A"), s.carrier()
	t, talk := s.answeredBy(a, carrier)
	s.pass(2 * time.Second)
	t.spoke(talk, talk.up(), truth.At(time.Now()))
	talk.transfers("700")
	t.Parked = []truth.Parked{{By: "101", At: truth.At(time.Now()), Slot: "701"}}
	talk.ends()
	s.pass(3 * time.Second)
	fetched := a.dials("701")
	back := fetched.up()
	s.pass(3 * time.Second)
	t.main.hangsUp()
	t.spoke(fetched, back, fetched.ends())
	t.ended("answered", "caller")
	s.pass(700 * time.Millisecond)

	t = s.inbound(carrier, customer2, "74950000101")
	talk = a.gets(1)
	talk.up()
	s.pass(2 * time.Second)
	t.spoke(talk, talk.up(), truth.At(time.Now()))
	talk.transfers("700")
	t.Parked = []truth.Parked{{By: "101", At: truth.At(time.Now()), Slot: "701"}}
	talk.ends()
	s.pass(3 * time.Second)
	t.main.hangsUp()
	t.ended("answered", "caller")
}

func i15(s *Stage) {
	p, carrier := s.agents("104", "105"), s.carrier()
	p[0].answersAfter(1500 * time.Millisecond)
	p[1].answersAfter(1500 * time.Millisecond)
	t := s.inbound(carrier, customer, "74950000305")
	declined := p[0].gets(0)
	declined.up()
	s.pass(2 * time.Second)
	declined.presses("2")
	declined.ends()
	t.heardOnlyThePBX(declined)
	talk := p[1].gets(0)
	talk.up()
	s.pass(2 * time.Second)
	talk.presses("1")
	taken := truth.At(time.Now())
	s.pass(4 * time.Second)
	t.main.hangsUp()
	t.spoke(talk, taken, talk.ends())
	t.ended("answered", "caller")
}

func k3(s *Stage) {
	a, carrier := s.agent("101", "A"), s.carrier()
	t := s.inbound(carrier, customer, "74950000608")
	t.main.up()
	entered := t.main.began()
	rung := a.gets(0)
	t.own(rung)
	s.pass(3 * time.Second)
	t.main.presses("1")
	pressed := truth.At(time.Now())
	t.main.ends()
	t.visited("608", entered, pressed, "other", "")
	t.ended("no answer", "pbx")
	s.pass(time.Second)

	carrier.answersAfter(1500 * time.Millisecond)
	a.answersAfter(2 * time.Second)
	t = s.story("outbound", "608", customer)
	t.Start = truth.At(time.Now())
	s.ami("A", "Originate", "Channel", "PJSIP/"+customer+"@carrier", "Context", "queues", "Exten", "608", "Priority", "1",
		"CallerID", "Callback <74950000608>", "Timeout", "15000", "Async", "true")
	called := carrier.talks()
	joined := called.up()
	talk := a.talks()
	t.own(talk, a.gets(1))
	t.heardOnlyThePBX(called) // 101's phone tells the talk
	t.visited("608", joined, talk.up(), "answered", "101")
	s.pass(4 * time.Second)
	called.hangsUp()
	talk.ends()
	t.originated(t.Start, talk.up(), called.ends())
	t.ended("answered", "called")
}
