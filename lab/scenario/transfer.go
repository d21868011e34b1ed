package scenario

import (
	"time"

	"github.com/callweave/callweave/lab/truth"
)

func transferScenarios() []Scenario {
	return []Scenario{
		{
			Name: "d1-blind-refer-to-agent", play: d1,
			About: "Queue 600 answered by 101; after 3 s 101 sends REFER to 104, who answers after 2 s; the caller hangs up 4 s later.",
		},
		{
			Name: "e1-attended-refer", play: e1,
			About: "Queue 600 answered by 101; 101 holds, calls 104 (answers), talks 3 s, sends REFER with Replaces; 104 and the caller talk 4 s.",
		},
		{
			Name: "d2-blind-refer-to-queue", play: d2,
			About: "Queue 600 answered by 101, REFER to queue 602, 105 answers after 3 s and hangs up after 4 s. One call, two queues.",
		},
		{
			Name: "e4-attended-consult-abandoned", play: e4,
			About: "Queue 600 answered by 101; 101 holds, calls 104 (answers), 104 hangs up, 101 takes the caller back. No transfer.",
		},
		{
			Name: "i3-pickup", play: i3,
			About: "A carrier call rings 101; 102 dials *8 (group pickup) after 3 s and talks. Then another rings 101 and 103 dials **101 (directed pickup).",
		},
		{
			Name: "f2-trunk-ivr-queue-header", play: f2, PBXs: []string{"A", "B"},
			About: "DID 700 on A: IVR, digit 3, over the trunk to queue 600 of B with an X-Call-Id header, answered by B's 101, who hangs up.",
		},
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

func d2(s *Stage) {
	p, carrier := s.agents("101", "105"), s.carrier()
	p[1].answersAfter(3 * time.Second)
	t, talk := s.answeredBy(p[0], carrier)
	s.pass(3 * time.Second)
	t.handedOn("blind", "101", "queue 602", "SIP REFER")
	handed := truth.At(time.Now())
	talk.transfers("602")
	second := p[1].talks()
	t.visited("602", handed, second.up(), "answered", "105")
	s.pass(4 * time.Second)
	second.hangsUp()
	t.main.ends()
	talk.hangsUp()
	t.ended("answered", "agent")
}

func e4(s *Stage) {
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
	p[1].gets(0).hangsUp()
	consultation.ends()
	talk.unhold()
	t.Transfers = append(t.Transfers, truth.Transfer{Kind: "attended", By: "101", To: "104", Via: "SIP consult", At: truth.At(time.Now()), Result: "abandoned"})
	s.pass(3 * time.Second)
	t.main.hangsUp()
	t.ended("answered", "caller")
}

func i3(s *Stage) {
	p, carrier := s.agents("101", "102", "103"), s.carrier()
	for i, c := range []struct {
		caller, code string
		by           *actor
	}{{customer, "*8", p[1]}, {customer2, "**101", p[2]}} {
		t := s.inbound(carrier, c.caller, "74950000101")
		t.own(p[0].gets(i))
		s.pass(3 * time.Second)
		picked := c.by.dials(c.code)
		picked.up()
		t.main.up()
		s.pass(4 * time.Second)
		t.main.hangsUp()
		s.pass(time.Second)
		picked.hangsUp()
		t.talked(picked)
		t.ended("answered", "caller")
	}
}

func f2(s *Stage) {
	b, carrier := s.agent("101", "B"), s.carrier()
	s.agent("102", "B")
	s.agent("101", "A")
	b.answersAfter(3 * time.Second)
	t := s.inbound(carrier, customer, "74950000700")
	t.PBX = []string{"A", "B"}
	t.main.up()
	s.pass(1500 * time.Millisecond)
	t.main.presses("3")
	entered := b.gets(0).began()
	talk := b.talks()
	t.visitedOn("B", "600", entered, talk.up(), "answered", "101")
	s.pass(5 * time.Second)
	talk.hangsUp()
	t.main.ends()
	t.ended("answered", "agent")
}
