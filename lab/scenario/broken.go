package scenario

import "time"

func brokenScenarios() []Scenario {
	return []Scenario{
		{Name: "m1-ami-reconnect-in-call", play: m1, Cuts: true,
			About: "Queue 600 answered by 101; the AMI connection is cut during the talk; while it is away a second caller joins the queue and waits; both calls end normally."},
	}
}

func m1(s *Stage) {
	p, carrier := s.agents("101", "102"), s.carrier()
	t, talk := s.answeredBy(p[0], carrier)
	s.pass(2 * time.Second)
	s.cut()
	t2 := s.inbound(carrier, customer2, "74950000600")
	s.pass(4 * time.Second)
	second := p[1].gets(p[1].had() - 1)
	second.answer()
	t2.visited("600", t2.main.began(), second.up(), "answered", "102")
	s.pass(3 * time.Second)
	t.main.hangsUp()
	s.pass(time.Second)
	second.hangsUp()
	t2.main.ends()
	t.own(talk)
	t.ended("answered", "caller")
	t2.ended("answered", "agent")
}
