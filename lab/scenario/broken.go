package scenario

import (
	"time"

	"github.com/callweave/callweave/lab/pbx"
)

func brokenScenarios() []Scenario {
	return []Scenario{
		{
			Name: "m1-ami-reconnect-in-call", play: m1, Cuts: true,
			About: "Queue 600 answered by 101; the AMI connection is cut during the talk; while it is away a second caller joins the queue and waits; both calls end normally.",
		},
		{
			Name: "m2-ami-away-over-answer-and-end", play: m2, Cuts: true, Unseen: true,
			About: "The AMI connection is away while a ringing call is answered and another call ends: only snapshots tell.",
		},
		{
			Name: "m3-pbx-killed-in-call", play: m3, Cuts: true,
			About: "The PBX is killed during a queue call and started again; no Hangup event ever comes for it; a direct call to the phone follows.",
		},
		{
			Name: "m4-pbx-graceful-restart-in-call", play: m4, Cuts: true,
			About: "The PBX is stopped in order and started again during a queue call: channels are hung up with events before the connection closes.",
		},
	}
}

func m1(s *Stage) {
	p, carrier := s.agents("101", "102"), s.carrier()
	t, talk := s.answeredBy(p[0], carrier)
	s.pass(2 * time.Second)
	s.cut(500 * time.Millisecond)
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

func m2(s *Stage) {
	a, b, carrier := s.agent("101", "A"), s.agent("104", "A"), s.carrier()
	b.answersAfter(500 * time.Millisecond)
	direct := s.inbound(carrier, customer2, "74950000104")
	direct.own(b.talks())
	t := s.inbound(carrier, customer, "74950000600")
	ringing := a.gets(0)
	t.own(ringing)
	s.pass(2 * time.Second)
	s.cut(6 * time.Second)
	s.pass(time.Second)
	ringing.answer()
	t.visited("600", t.main.began(), ringing.up(), "answered", "101")
	s.pass(2 * time.Second)
	direct.main.hangsUp()
	direct.ended("answered", "caller")
	s.pass(14 * time.Second) // every listener is back by then
	t.main.hangsUp()
	s.pass(700 * time.Millisecond)
	t.ended("answered", "caller")
}

func m3(s *Stage) {
	a, carrier := s.agent("101", "A"), s.carrier()
	t, talk := s.answeredBy(a, carrier)
	t.own(talk)
	s.pass(3 * time.Second)
	s.restart("A", func(p *pbx.PBX) error {
		defer t.main.Lost()
		defer talk.Lost()
		return p.Kill()
	}, time.Second)
	t.ended("answered", "pbx restart")
	s.register(a)
	s.pass(time.Second)
	t2 := s.inbound(carrier, customer2, "74950000101")
	t2.own(a.talks())
	s.pass(3 * time.Second)
	t2.main.hangsUp()
	s.pass(700 * time.Millisecond)
	t2.ended("answered", "caller")
}

func m4(s *Stage) {
	a, carrier := s.agent("101", "A"), s.carrier()
	t, _ := s.answeredBy(a, carrier)
	s.pass(3 * time.Second)
	s.restart("A", (*pbx.PBX).Stop, 500*time.Millisecond)
	t.main.ends()
	t.ended("answered", "pbx restart")
}
