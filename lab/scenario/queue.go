package scenario

import (
	"time"

	"github.com/callweave/callweave/lab/phone"
)

func queueScenarios() []Scenario {
	return []Scenario{
		{
			Name: "a1-queue-answered-caller-hangs-up", play: a1,
			About: "Inbound to queue 600 (ringall, 3 phones), 102 answers after 3 s, the caller hangs up after 5 s of talk.",
		},
		{
			Name: "a2-queue-answered-agent-hangs-up", play: a2,
			About: "Inbound to queue 600, 101 is busy (486), 103 declines, 102 answers after 4 s and hangs up after 4 s.",
		},
		{
			Name: "a3-queue-second-attempt", play: a3,
			About: "Queue 601 (rrmemory, 5 s): the first dynamic member rings out once, the second answers.",
		},
		{
			Name: "b1-queue-abandoned-long", play: b1, Shorter: true,
			About: "Queue 606 (ringall, 5 s + 1 s, two PJSIP and two Local members): nobody answers, the caller gives up.",
		},
		{
			Name: "b3-queue-abandoned-short", play: b3,
			About: "Three callers abandon queue 600 after 1, 3 and 7 s, at the same time.",
		},
		{
			Name: "b4-queue-timeout-hangup", play: b4,
			About: "Queue 606 with a 10 s limit, nobody answers, goodbye prompt, the PBX hangs up.",
		},
		{
			Name: "c1-overflow-answered", play: c1,
			About: "Queue 601 for 8 s, where nobody answers, overflow to 602 where 105 answers.",
		},
		{
			Name: "j2-local-members", play: j2,
			About: "Queue 605: Local/101@agents/n, Local/102@agents/n and Local/103@agents (optimising); 103 answers the first call, 101 the second.",
		},
		{
			Name: "j3-leavewhenempty", play: j3,
			About: "Queue 607 (strict): with nobody logged in the caller is refused; then the only member is paused while a caller waits and the caller is put out.",
		},
		{
			Name: "l1-ringnoanswer-autopause", play: l1,
			About: "Queue 603 (rrmemory, 4 s, autopause, wrapuptime 8): 101 does not answer and is autopaused, 102 answers; the next caller waits for the wrap-up.",
		},
	}
}

func a1(s *Stage) {
	phones, carrier := s.agents("101", "102", "103"), s.carrier()
	phones[1].answersAfter(3 * time.Second)
	t := s.inbound(carrier, customer, "74950000600")
	answered := phones[1].talks().up()
	s.pass(5 * time.Second)
	t.main.hangsUp()
	t.visited("600", t.main.began(), answered, "answered", "102")
	t.ended("answered", "caller")
}

func a2(s *Stage) {
	phones, carrier := s.agents("101", "102", "103"), s.carrier()
	phones[0].Do(phone.Busy())
	phones[2].Do(phone.DeclineAfter(2 * time.Second))
	phones[1].answersAfter(4 * time.Second)
	t := s.inbound(carrier, customer, "74950000600")
	talk := phones[1].talks()
	s.pass(4 * time.Second)
	talk.hangsUp()
	t.main.ends()
	t.visited("600", t.main.began(), talk.up(), "answered", "102")
	t.ended("answered", "agent")
}

func a3(s *Stage) {
	phones, carrier := s.agents("111", "112"), s.carrier()
	s.login(phones[0], "601")
	s.login(phones[1], "601")
	phones[1].answersAfter(1500 * time.Millisecond)
	t := s.inbound(carrier, customer, "74950000601")
	answered := phones[1].talks().up()
	s.pass(3 * time.Second)
	t.main.hangsUp()
	t.visited("601", t.main.began(), answered, "answered", "112")
	t.ended("answered", "caller")
}

func b1(s *Stage) {
	s.agents("101", "102", "103", "104")
	t := s.inbound(s.carrier(), customer, "74950000606")
	s.pass(20 * time.Second)
	t.main.hangsUp()
	t.visited("606", t.main.began(), t.main.ends(), "abandoned", "")
	t.ended("abandoned", "caller")
}

func b3(s *Stage) {
	s.agents("101", "102", "103")
	carrier := s.carrier()
	var calls []*story
	for _, caller := range []string{"79160000100", "79160000101", "79160000102"} {
		calls = append(calls, s.inbound(carrier, caller, "74950000600"))
		s.pass(200 * time.Millisecond)
	}
	for i, more := range []time.Duration{time.Second, 2 * time.Second, 4 * time.Second} {
		s.pass(more)
		calls[i].main.hangsUp()
		calls[i].visited("600", calls[i].main.began(), calls[i].main.ends(), "abandoned", "")
		calls[i].ended("abandoned", "caller")
	}
}

func b4(s *Stage) {
	s.agents("101", "102", "103", "104")
	t := s.inbound(s.carrier(), customer, "74950000612")
	t.main.ends()
	t.visited("606", t.main.began(), t.main.began()+11, "timeout", "")
	t.ended("timeout", "pbx")
}

func c1(s *Stage) {
	first := s.agent("111", "A")
	second, carrier := s.agents("104", "105"), s.carrier()
	second[0].Do(phone.Busy())
	second[1].answersAfter(2 * time.Second)
	s.login(first, "601")
	t := s.inbound(carrier, customer, "74950000610")
	answered := second[1].talks().up()
	overflow := second[1].gets(0).began()
	if second[0].had() > 0 {
		overflow = min(overflow, second[0].gets(0).began())
	}
	s.pass(4 * time.Second)
	t.main.hangsUp()
	t.visited("601", t.main.began(), overflow, "timeout", "")
	t.visited("602", overflow, answered, "answered", "105")
	t.ended("answered", "caller")
}

func j2(s *Stage) {
	phones, carrier := s.agents("101", "102", "103"), s.carrier()
	for i, who := range []int{2, 0} {
		for _, p := range phones {
			p.rings()
		}
		phones[who].answersAfter(2 * time.Second)
		t := s.inbound(carrier, []string{"79161234510", "79161234511"}[i], "74950000605")
		talk := phones[who].talks()
		s.pass(4 * time.Second)
		by := "agent"
		if i == 0 {
			talk.hangsUp()
		} else {
			by = "caller"
			t.main.hangsUp()
		}
		t.main.ends()
		s.pass(time.Second)
		t.visited("605", t.main.began(), talk.up(), "answered", phones[who].User)
		t.ended("answered", by)
	}
}

func j3(s *Stage) {
	a, carrier := s.agent("111", "A"), s.carrier()
	t := s.inbound(carrier, customer, "74950000607")
	t.main.ends()
	t.ended("queue-joinempty", "pbx")
	s.login(a, "607")
	s.pass(500 * time.Millisecond)
	t = s.inbound(carrier, customer2, "74950000607")
	s.pass(3 * time.Second)
	s.pause(a, "607")
	t.main.ends()
	t.visited("607", t.main.began(), t.main.ends(), "leave_empty", "")
	t.ended("queue-leave-empty", "pbx")
}

func l1(s *Stage) {
	p, carrier := s.agents("101", "102"), s.carrier()
	p[1].answersAfter(time.Second)
	t := s.inbound(carrier, customer, "74950000603")
	first := p[1].talks()
	t.own(first)
	s.pass(3 * time.Second)
	t.main.hangsUp()
	first.ends()
	s.pass(700 * time.Millisecond)
	t.visited("603", t.main.began(), first.up(), "answered", "102")
	t.ended("answered", "caller")

	t = s.inbound(carrier, customer2, "74950000603")
	second := p[1].talks()
	s.pass(2 * time.Second)
	second.hangsUp()
	t.main.ends()
	t.visited("603", t.main.began(), second.up(), "answered", "102")
	t.ended("answered", "agent")
}
