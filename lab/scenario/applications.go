package scenario

import (
	"time"

	"github.com/callweave/callweave/lab/truth"
)

// applicationScenarios hand callers to applications of the PBX: menus, conferences, mailboxes, paging.
func applicationScenarios() []Scenario {
	return []Scenario{
		{
			Name: "d9-blind-to-applications", play: d9,
			About: "Three callers of queue 600, each answered by 101 and sent on by REFER: to the IVR, to conference 801 where 102 waits, to the voicemail of 101.",
		},
		{
			Name: "e8-attended-dtmf-threeway", play: e8,
			About: "Queue 600 answered by 101, *2 and 104, who answers; *3 makes it a conversation of three; 101 leaves after 3 s, the caller hangs up 3 s later.",
		},
		{
			Name: "i14-paging", play: i14,
			About: "101 pages 102, 103 and 104 (350): 102 and 103 take it, 104 does not; 101 hangs up after 4 s. Nobody missed a call.",
		},
		{
			Name: "i20-park-by-feature-code", play: i20,
			About: "101 parks a caller of queue 600 with #72 and hears where; 102 fetches him from 701.",
		},
		{
			Name: "i21-supervisor-listens", play: i21,
			About: "103 listens to 101's call from queue 600 (*55101) and leaves before it ends. No third party.",
		},
		{
			Name: "i16-menu-digits", play: i16,
			About: "The caller types account number 4711 into a menu, then 6 for queue 600, where 101 answers; a 5 pressed while they talk belongs to no menu.",
		},
	}
}

func d9(s *Stage) {
	p, carrier := s.agents("101", "102"), s.carrier()
	p[0].answersAfter(time.Second)
	member := s.internal(p[1], "801")
	member.Conference = "801"
	member.main.up()
	for _, c := range []struct{ caller, target string }{{customer, "390"}, {customer2, "801"}, {customer3, "391"}} {
		t := s.inbound(carrier, c.caller, "74950000600")
		talk := p[0].talks()
		t.own(talk)
		t.visited("600", t.main.began(), talk.up(), "answered", "101")
		s.pass(2 * time.Second)
		t.handedOn("blind", "101", c.target, "SIP REFER")
		t.spoke(talk, talk.up(), truth.At(time.Now()))
		talk.transfers(c.target)
		s.pass(4 * time.Second)
		t.main.hangsUp()
		if c.target == "801" {
			t.Conference = "801"
		}
		talk.ends()
		t.ended("answered", "caller")
		s.pass(700 * time.Millisecond)
	}
	member.main.hangsUp()
	member.ended("answered", "caller")
	s.pass(2 * time.Second) // the conference says goodbye before it lets go
}

func e8(s *Stage) {
	p, carrier := s.agents("101", "104"), s.carrier()
	p[1].answersAfter(time.Second)
	t, talk := s.answeredBy(p[0], carrier)
	s.pass(2 * time.Second)
	asked := truth.At(time.Now())
	talk.presses("*2")
	s.pass(2 * time.Second) // the PBX says "transfer"
	talk.presses("104")
	consulted := p[1].talks()
	s.pass(2 * time.Second)
	talk.presses("*3")
	three := truth.At(time.Now())
	s.pass(3 * time.Second)
	talk.hangsUp()
	t.spoke(talk, talk.up(), asked)
	t.spoke(talk, three, talk.ends())
	s.pass(3 * time.Second)
	t.main.hangsUp()
	t.spoke(consulted, three, consulted.ends())
	t.Transfers = append(t.Transfers, truth.Transfer{Kind: "attended", By: "101", To: "104", Via: "DTMF *3", At: three, Result: "completed"})
	t.Holds = append(t.Holds, truth.Hold{By: "101", From: asked, To: three, Seconds: truth.Seconds(asked, three)})
	t.ended("answered", "caller")
}

func i14(s *Stage) {
	p := s.agents("101", "102", "103", "104")
	p[1].answersAfter(300 * time.Millisecond)
	p[2].answersAfter(500 * time.Millisecond)
	t := s.internal(p[0], "350")
	t.Conference = "paging"
	t.main.up()
	for _, a := range p[1:] {
		t.own(a.gets(0))
	}
	p[1].talks()
	p[2].talks()
	s.pass(4 * time.Second)
	t.main.hangsUp()
	for _, a := range p[1:] {
		a.gets(0).ends()
	}
	t.ended("answered", "caller")
}

func i20(s *Stage) {
	p, carrier := s.agents("101", "102"), s.carrier()
	t, talk := s.answeredBy(p[0], carrier)
	s.pass(2 * time.Second)
	t.spoke(talk, talk.up(), truth.At(time.Now()))
	talk.presses("#72")
	t.Parked = []truth.Parked{{By: "101", At: truth.At(time.Now()), Slot: "701"}}
	s.pass(5 * time.Second)
	fetched := p[1].dials("701")
	at := fetched.up()
	s.pass(3 * time.Second)
	t.main.hangsUp()
	t.spoke(fetched, at, fetched.ends())
	if talk.Up() {
		talk.hangsUp()
	}
	t.ended("answered", "caller")
}

func i21(s *Stage) {
	p, carrier := s.agents("101", "103"), s.carrier()
	t, _ := s.answeredBy(p[0], carrier)
	s.pass(time.Second)
	spy := p[1].dials("*55101")
	spy.up()
	s.pass(3 * time.Second)
	spy.hangsUp()
	s.pass(time.Second)
	t.main.hangsUp()
	t.ended("answered", "caller")
}

func i16(s *Stage) {
	a, carrier := s.agent("101", "A"), s.carrier()
	a.answersAfter(2 * time.Second)
	t := s.inbound(carrier, customer, "74950000392")
	t.main.up()
	s.pass(1500 * time.Millisecond)
	t.main.presses("4711")
	s.pass(3 * time.Second)
	t.main.presses("6")
	entered := a.gets(0).began()
	talk := a.talks()
	t.visited("600", entered, talk.up(), "answered", "101")
	t.IVR = []string{"4", "7", "1", "1", "6"}
	s.pass(2 * time.Second)
	t.main.presses("5")
	s.pass(2 * time.Second)
	t.main.hangsUp()
	t.ended("answered", "caller")
}
