package scenario

import "time"

func transferScenarios() []Scenario {
	return []Scenario{
		{Name: "d1-blind-refer-to-agent", play: d1,
			About: "Queue 600 answered by 101; after 3 s 101 sends REFER to 104, who answers after 2 s; the caller hangs up 4 s later."},
		{Name: "e1-attended-refer", play: e1,
			About: "Queue 600 answered by 101; 101 holds, calls 104 (answers), talks 3 s, sends REFER with Replaces; 104 and the caller talk 4 s."},
	}
}

func d1(s *Stage) {
	p, carrier := s.agents("101", "104"), s.carrier()
	p[1].answersAfter(2 * time.Second)
	t, talk := s.answeredBy(p[0], carrier)
	s.pass(3 * time.Second)
	t.handedOn("blind", "101", "104", "SIP REFER")
	talk.transfers("104")
	p[1].talks()
	s.pass(4 * time.Second)
	t.main.hangsUp()
	s.pass(500 * time.Millisecond)
	talk.hangsUp()
	t.ended("answered", "caller")
}

func e1(s *Stage) {
	p, carrier := s.agents("101", "104"), s.carrier()
	p[1].answersAfter(time.Second)
	t, talk := s.answeredBy(p[0], carrier)
	t.waits = talk
	s.pass(2 * time.Second)
	talk.hold()
	consultation := p[0].dials("104")
	consultation.up()
	t.ownSince(p[1], 0)
	s.pass(3 * time.Second)
	t.handedOn("attended", "101", "104", "SIP REFER Replaces")
	talk.transfersTo(consultation)
	s.pass(4 * time.Second)
	t.main.hangsUp()
	s.pass(500 * time.Millisecond)
	talk.hangsUp()
	consultation.hangsUp()
	t.ended("answered", "caller")
}
