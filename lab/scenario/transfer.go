package scenario

import (
	"time"

	"github.com/callweave/callweave/lab/phone"
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
			Name: "d6-redirect-ami", play: d6,
			About: "Queue 600 answered by 101; AMI Redirect of the caller's channel to 104, as many switchboards do it; 104 answers.",
		},
		{
			Name: "d7-blind-chain", play: d7,
			About: "Queue 600 answered by 101, REFER to 104, REFER to 105, who hangs up. Three operators, one call.",
		},
		{
			Name: "i4-park-retrieve", play: i4,
			About: "101 parks a caller of queue 600 by REFER to 700; 102 retrieves from 701. Then a parked call that nobody takes returns to the parker after 20 s.",
		},
		{
			Name: "i6-forward-302", play: i6,
			About: "A carrier call to 101, whose phone answers 302 to 104; then a call of queue 600 where 101's phone sends 302 to 105.",
		},
		{
			Name: "k1-click-to-call", play: k1,
			About: "AMI Originate to 101, who answers, then the dialplan calls the customer out, who answers and hangs up. A second one: 101 never answers.",
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

func d6(s *Stage) {
	p, carrier := s.agents("101", "104"), s.carrier()
	p[1].answersAfter(2 * time.Second)
	t, _ := s.answeredBy(p[0], carrier)
	s.pass(2 * time.Second)
	t.handedOn("redirect", "101", "104", "AMI Redirect")
	s.ami("A", "Redirect", "Channel", s.channel("A", "PJSIP/carrier-"), "Exten", "104", "Context", "from-internal", "Priority", "1")
	p[1].talks()
	s.pass(4 * time.Second)
	t.main.hangsUp()
	s.pass(500 * time.Millisecond)
	t.ended("answered", "caller")
}

func d7(s *Stage) {
	p, carrier := s.agents("101", "104", "105"), s.carrier()
	p[1].answersAfter(1500 * time.Millisecond)
	p[2].answersAfter(1500 * time.Millisecond)
	t, talk := s.answeredBy(p[0], carrier)
	s.pass(2 * time.Second)
	t.handedOn("blind", "101", "104", "SIP REFER")
	talk.transfers("104")
	second := p[1].talks()
	s.pass(3 * time.Second)
	t.handedOn("blind", "104", "105", "SIP REFER")
	second.transfers("105")
	third := p[2].talks()
	s.pass(3 * time.Second)
	third.hangsUp()
	t.main.ends()
	t.ended("answered", "agent")
}

func i4(s *Stage) {
	p, carrier := s.agents("101", "102"), s.carrier()
	t, talk := s.answeredBy(p[0], carrier)
	s.pass(2 * time.Second)
	talk.transfers("700")
	t.Parked = []truth.Parked{{By: "101", At: truth.At(time.Now()), Slot: "701"}}
	s.pass(5 * time.Second)
	retrieved := p[1].dials("701")
	retrieved.up()
	s.pass(4 * time.Second)
	t.main.hangsUp()
	s.pass(700 * time.Millisecond)
	retrieved.hangsUp()
	talk.hangsUp()
	t.own(talk)
	t.talked(retrieved)
	t.ended("answered", "caller")

	before := p[0].had()
	t = s.inbound(carrier, customer2, "74950000101")
	talk = p[0].talks()
	s.pass(2 * time.Second)
	talk.transfers("700")
	t.Parked = []truth.Parked{{By: "101", At: truth.At(time.Now()), Slot: "701"}}
	returned := p[0].gets(before + 1)
	returned.up()
	t.own(talk, returned)
	s.pass(3 * time.Second)
	returned.hangsUp()
	t.main.ends()
	talk.hangsUp()
	t.ended("answered", "agent")
}

func i6(s *Stage) {
	p, carrier := s.agents("101", "104", "105"), s.carrier()
	p[0].Do(phone.Redirect("104"))
	p[1].answersAfter(2 * time.Second)
	p[2].answersAfter(2 * time.Second)
	t := s.inbound(carrier, customer, "74950000101")
	t.own(p[1].talks(), p[0].gets(0))
	s.pass(4 * time.Second)
	t.main.hangsUp()
	s.pass(time.Second)
	t.ended("answered", "caller")

	p[0].Do(phone.Redirect("105"))
	t = s.inbound(carrier, customer2, "74950000600")
	talk := p[2].talks()
	t.visited("600", t.main.began(), talk.up(), "answered", "105")
	s.pass(4 * time.Second)
	talk.hangsUp()
	t.main.ends()
	t.ended("answered", "agent")
}

func k1(s *Stage) {
	a, carrier := s.agent("101", "A"), s.carrier()
	a.answersAfter(2 * time.Second)
	carrier.answersAfter(2 * time.Second)
	t := s.clickToCall(outside)
	first := a.talks()
	customer := carrier.talks()
	t.own(first, customer)
	s.pass(4 * time.Second)
	customer.hangsUp()
	first.ends()
	s.pass(700 * time.Millisecond)
	t.originated(t.Start, customer.up(), customer.ends())
	t.ended("answered", "called")

	a.rings()
	t = s.clickToCall(outside2)
	rung := a.gets(1)
	t.own(rung)
	t.originated(t.Start, 0, rung.ends())
	t.ended("agent did not answer", "pbx")
}

// clickToCall lets an application call 101 and then a number.
func (s *Stage) clickToCall(number string) *story {
	t := s.story("outbound", "101", number)
	t.Start = truth.At(time.Now())
	s.ami("A", "Originate", "Channel", "PJSIP/101", "Context", "click", "Exten", number, "Priority", "1",
		"CallerID", "Click "+number+" <"+number+">", "Timeout", "10000", "Async", "true", "Variable", "CLICK=1")
	return t
}

// originated gives the times of a call that no phone dialled.
func (t *story) originated(start, answered, end truth.Time) {
	t.Start, t.Answered, t.End = start, answered, end
}
