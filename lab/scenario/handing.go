package scenario

import (
	"time"

	"github.com/callweave/callweave/lab/phone"
	"github.com/callweave/callweave/lab/truth"
)

// handingScenarios hand callers on where it is not simply from one to another.
func handingScenarios() []Scenario {
	return []Scenario{
		{
			Name: "e9-attended-refer-into-queue", play: e9,
			About: "Queue 600 answered by 101; 101 holds, calls queue 602 and hands the caller over while 105 still rings there; 105 answers. Then the same, and the caller gives up in 602.",
		},
		{
			Name: "e10-attended-refer-to-conference", play: e10, Racing: true,
			About: "A carrier call to 101, who holds, calls conference 801 where 102 is, and hands the caller over to it.",
		},
		{
			Name: "e11-attended-dtmf-called-back", play: e11,
			About: "A carrier call to 101, who presses *2 104 and hangs up while 104 rings; nobody answers and the PBX calls 101 back, who talks on.",
		},
		{
			Name: "e12-attended-dtmf-to-conference", play: e12,
			About: "A carrier call to 101, who presses *2 801, where 102 is, and hands the caller over to it by hanging up.",
		},
		{
			Name: "e13-attended-before-answer-declined", play: e13,
			About: "A carrier call to 101, who hands the caller over while 104 rings; 104 declines.",
		},
		{
			Name: "d10-redirect-of-the-phone", play: d10,
			About: "A carrier call to 101; AMI Redirect sends the phone's channel to conference 801, the caller is let go.",
		},
		{
			Name: "e14-attended-by-the-caller", play: e14,
			About: "101 calls 102, holds, asks 103 and joins the two: the one who called hands on.",
		},
		{
			Name: "i18-pickup-by-replaces", play: i18,
			About: "A carrier call rings 101; 102 takes it over by an INVITE with Replaces, as a phone with a lamp for 101 does.",
		},
		{
			Name: "k4-two-outside-numbers", play: k4,
			About: "AMI Originate rings an outside number and then another one; nobody of ours takes part.",
		},
		{
			Name: "i17-forward-to-group", play: i17,
			About: "A carrier call to 104, whose phone answers 302 to ring group 300; 102 answers.",
		},
	}
}

// consults puts the caller of a line on hold and calls somebody.
func (t *story) consults(talk *line, number string) *line {
	t.waits = talk
	talk.hold()
	return talk.actor.dials(number)
}

func e9(s *Stage) {
	p, carrier := s.agents("101", "105"), s.carrier()
	for _, gives := range []bool{false, true} {
		p[0].answersAfter(time.Second)
		p[1].answersAfter(5 * time.Second)
		if gives {
			p[1].rings()
		}
		t := s.inbound(carrier, map[bool]string{false: customer, true: customer2}[gives], "74950000600")
		n := p[1].had()
		talk := p[0].talks()
		t.own(talk)
		t.visited("600", t.main.began(), talk.up(), "answered", "101")
		s.pass(2 * time.Second)
		consultation := t.consults(talk, "602")
		entered := truth.At(time.Now())
		ring := p[1].gets(n)
		t.own(ring)
		s.pass(2 * time.Second)
		t.handedOn("attended", "101", "602", "SIP REFER Replaces")
		talk.transfersTo(consultation)
		if gives {
			s.pass(3 * time.Second)
			t.main.hangsUp()
			t.visited("602", entered, t.main.ends(), "abandoned", "")
		} else {
			t.visited("602", entered, ring.up(), "answered", "105")
			s.pass(4 * time.Second)
			t.main.hangsUp()
		}
		ring.ends()
		t.ended("answered", "caller")
		s.pass(500 * time.Millisecond)
		talk.hangsUp()
		consultation.hangsUp()
		s.pass(time.Second)
	}
}

func e10(s *Stage) {
	p, carrier := s.agents("101", "102"), s.carrier()
	p[0].answersAfter(time.Second)
	member := s.internal(p[1], "801")
	member.Conference = "801"
	member.main.up()
	t := s.inbound(carrier, customer, "74950000101")
	talk := p[0].talks()
	t.own(talk)
	s.pass(2 * time.Second)
	consultation := t.consults(talk, "801")
	consultation.up()
	s.pass(3 * time.Second)
	t.Conference = "801"
	t.handedOn("attended", "101", "801", "SIP REFER Replaces")
	talk.transfersTo(consultation)
	s.pass(5 * time.Second)
	t.main.hangsUp()
	t.ended("answered", "caller")
	s.pass(500 * time.Millisecond)
	talk.hangsUp()
	consultation.hangsUp()
	member.main.hangsUp()
	member.ended("answered", "caller")
	s.pass(2 * time.Second)
}

func e11(s *Stage) {
	p, carrier := s.agents("101", "104"), s.carrier()
	p[0].answersAfter(time.Second)
	p[1].rings()
	t := s.inbound(carrier, customer, "74950000101")
	talk := p[0].talks()
	s.pass(2 * time.Second)
	asked := truth.At(time.Now())
	talk.presses("*2")
	s.pass(2 * time.Second) // the PBX says "transfer"
	talk.presses("104")
	p[1].gets(0)
	s.pass(2 * time.Second)
	talk.hangsUp()
	t.spoke(talk, talk.up(), asked)
	t.Holds = []truth.Hold{{By: "101", From: asked, To: talk.ends(), Seconds: truth.Seconds(asked, talk.ends())}}
	t.Transfers = append(t.Transfers, truth.Transfer{Kind: "attended", By: "101", To: "104", Via: "DTMF *2", At: truth.At(time.Now()), Result: "no answer"})
	back := p[0].gets(1)
	back.up()
	s.pass(4 * time.Second)
	back.hangsUp()
	t.main.ends()
	t.ended("answered", "agent")
}

func e12(s *Stage) {
	p, carrier := s.agents("101", "102"), s.carrier()
	p[0].answersAfter(time.Second)
	member := s.internal(p[1], "801")
	member.Conference = "801"
	member.main.up()
	t := s.inbound(carrier, customer, "74950000101")
	talk := p[0].talks()
	s.pass(2 * time.Second)
	asked := truth.At(time.Now())
	talk.presses("*2")
	s.pass(2 * time.Second) // the PBX says "transfer"
	talk.presses("801")
	s.pass(3 * time.Second)
	t.Conference = "801"
	t.handedOn("attended", "101", "801", "DTMF *2")
	talk.hangsUp()
	t.spoke(talk, talk.up(), asked)
	t.Holds = []truth.Hold{{By: "101", From: asked, To: talk.ends(), Seconds: truth.Seconds(asked, talk.ends())}}
	s.pass(5 * time.Second)
	t.main.hangsUp()
	t.ended("answered", "caller")
	s.pass(500 * time.Millisecond)
	member.main.hangsUp()
	member.ended("answered", "caller")
	s.pass(2 * time.Second)
}

func e13(s *Stage) {
	p, carrier := s.agents("101", "104"), s.carrier()
	p[0].answersAfter(time.Second)
	p[1].Do(phone.DeclineAfter(4 * time.Second))
	t := s.inbound(carrier, customer, "74950000101")
	talk := p[0].talks()
	t.own(talk)
	s.pass(2 * time.Second)
	consultation := t.consults(talk, "104")
	t.own(p[1].gets(0))
	s.pass(1500 * time.Millisecond)
	t.Transfers = append(t.Transfers, truth.Transfer{Kind: "attended", By: "101", To: "104", Via: "SIP REFER Replaces", At: truth.At(time.Now()), Result: "failed"})
	talk.transfersTo(consultation)
	t.main.ends()
	t.ended("answered", "pbx")
	s.pass(500 * time.Millisecond)
	talk.hangsUp()
	consultation.hangsUp()
}

func d10(s *Stage) {
	p, carrier := s.agents("101"), s.carrier()
	p[0].answersAfter(time.Second)
	t := s.inbound(carrier, customer, "74950000101")
	talk := p[0].talks()
	s.pass(3 * time.Second)
	s.ami("A", "Redirect", "Channel", s.channel("A", "PJSIP/101-"), "Exten", "801", "Context", "from-internal", "Priority", "1")
	t.main.ends()
	t.Conference = "801"
	t.ended("answered", "pbx")
	s.pass(3 * time.Second)
	talk.hangsUp()
	s.pass(2 * time.Second)
}

func i17(s *Stage) {
	p, carrier := s.agents("101", "102", "103", "104"), s.carrier()
	p[1].answersAfter(2 * time.Second)
	p[0].rings()
	p[2].rings()
	p[3].Do(phone.Redirect("300"))
	t := s.inbound(carrier, customer, "74950000104")
	talk := p[1].talks()
	t.main.up()
	s.pass(4 * time.Second)
	talk.hangsUp()
	t.main.ends()
	t.ended("answered", "agent")
}

func e14(s *Stage) {
	p := s.agents("101", "102", "103")
	p[1].answersAfter(time.Second)
	p[2].answersAfter(time.Second)
	t := s.internal(p[0], "102")
	talk := p[1].talks()
	s.pass(2 * time.Second)
	t.spoke(talk, talk.up(), truth.At(time.Now()))
	consultation := t.consults(t.main, "103")
	consultation.up()
	asked := p[2].talks()
	s.pass(3 * time.Second)
	t.handedOn("attended", "101", "103", "SIP REFER Replaces")
	handed := truth.At(time.Now())
	t.main.transfersTo(consultation)
	s.pass(4 * time.Second)
	asked.hangsUp()
	t.spoke(asked, handed, asked.ends())
	t.ended("answered", "called")
	s.pass(500 * time.Millisecond)
	t.main.hangsUp()
	consultation.hangsUp()
	t.originated(t.main.began(), t.main.up(), talk.ends())
	t.Holds, t.main = holdsOf(t.main), nil
}

func i18(s *Stage) {
	p, carrier := s.agents("101", "102"), s.carrier()
	p[0].rings()
	t := s.inbound(carrier, customer, "74950000101")
	ring := p[0].gets(0)
	t.own(ring)
	s.pass(2 * time.Second)
	picked := p[1].dial(phone.Dial{Number: "101", Replaces: ring.Call})
	picked.up()
	t.main.up()
	s.pass(4 * time.Second)
	t.main.hangsUp()
	picked.ends()
	t.talked(picked)
	t.ended("answered", "caller")
}

func k4(s *Stage) {
	carrier := s.carrier()
	carrier.answersAfter(1500 * time.Millisecond)
	t := s.story("outbound", outside, outside2)
	start := truth.At(time.Now())
	s.ami("A", "Originate", "Channel", "PJSIP/"+outside+"@carrier", "Context", "click", "Exten", outside2, "Priority", "1", "Timeout", "10000", "Async", "true")
	first := carrier.gets(0)
	first.up()
	second := carrier.gets(1)
	answered := second.up()
	s.pass(4 * time.Second)
	second.hangsUp()
	t.heardOnlyThePBX(first)
	t.spoke(second, answered, second.ends())
	t.originated(start, answered, first.ends())
	t.ended("answered", "called")
}
