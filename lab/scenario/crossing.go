package scenario

import (
	"time"

	"github.com/callweave/callweave/lab/phone"
)

// crossingScenarios are calls that cross from one PBX to another.
func crossingScenarios() []Scenario {
	two := []string{"A", "B"}
	return []Scenario{
		{
			Name: "f2-trunk-ivr-queue-header", play: f2, PBXs: two,
			About: "DID 700 on A: IVR, digit 3, over the trunk to queue 600 of B with an X-Call-Id header, answered by B's 101, who hangs up.",
		},
		{
			Name: "f3-trunk-transfer-back", play: f3, PBXs: two,
			About: "As f2 without a header; B's 101 then transfers (REFER) to A's 104, who talks 4 s and hangs up. A to B to A, one call.",
		},
		{
			Name: "f5-trunk-two-calls-at-once", play: f5, PBXs: two,
			About: "Two calls from the same caller number, 1 s apart, go from A to B's queue 600 (one plain, one with X-Call-Id); plus a call to A's own queue 600.",
		},
		{
			Name: "f6-internal-between-pbxs", play: f6, PBXs: two,
			About: "A's 102 calls B's 103, 4 s of talk; then B's 101 calls A's 101: the same number on both sides.",
		},
		{
			Name: "g1-mirrored-pair", play: g1, PBXs: two, Nameless: true,
			About: "A mirrored pair: the same configuration, no systemname (Uniqueids may collide), both with calls to queue 600 at once.",
		},
	}
}

// overTheTrunk lets a caller press a digit in A's IVR that leads to B's queue 600, where 101 answers after 3 s.
func (s *Stage) overTheTrunk(digit string) (*story, *line) {
	b, carrier := s.agent("101", "B"), s.carrier()
	s.agent("102", "B")
	s.agent("101", "A")
	b.answersAfter(3 * time.Second)
	t := s.inbound(carrier, customer, "74950000700")
	t.PBX = []string{"A", "B"}
	t.main.up()
	s.pass(1500 * time.Millisecond)
	t.main.presses(digit)
	entered := b.gets(0).began()
	talk := b.talks()
	t.visitedOn("B", "600", entered, talk.up(), "answered", "101")
	return t, talk
}

func f2(s *Stage) {
	t, talk := s.overTheTrunk("3")
	s.pass(5 * time.Second)
	talk.hangsUp()
	t.main.ends()
	t.ended("answered", "agent")
}

func f3(s *Stage) {
	back := s.agent("104", "A")
	back.answersAfter(1500 * time.Millisecond)
	t, talk := s.overTheTrunk("2")
	s.pass(3 * time.Second)
	t.handedOn("blind", "B/101", "A/104", "SIP REFER")
	talk.transfers("99104")
	last := back.talks()
	s.pass(4 * time.Second)
	last.hangsUp()
	t.main.ends()
	t.ended("answered", "agent")
}

func f5(s *Stage) {
	b1, b2, a1, carrier := s.agent("101", "B"), s.agent("102", "B"), s.agent("101", "A"), s.carrier()
	a1.answersAfter(4 * time.Second)
	plain := s.inbound(carrier, customer, "74950009600")
	plain.own(b1.gets(0), b2.gets(0))
	b1.gets(0).answer()
	plain.visitedOn("B", "600", plain.main.began(), b1.gets(0).up(), "answered", "101")
	s.pass(time.Second)

	marked := s.inbound(carrier, customer, "74950008600")
	marked.own(b2.gets(1))
	s.pass(time.Second)
	b2.gets(1).answer()
	marked.visitedOn("B", "600", marked.main.began(), b2.gets(1).up(), "answered", "102")

	own := s.inbound(carrier, "79161234599", "74950000600")
	talk := a1.talks()
	own.visited("600", own.main.began(), talk.up(), "answered", "101")
	s.pass(3 * time.Second)
	marked.main.hangsUp()
	s.pass(time.Second)
	plain.main.hangsUp()
	s.pass(time.Second)
	talk.hangsUp()
	own.main.ends()
	for _, t := range []*story{plain, marked} {
		t.PBX = []string{"A", "B"}
		t.ended("answered", "caller")
	}
	own.ended("answered", "agent")
}

func f6(s *Stage) {
	a1, a2, b1, b3 := s.agent("101", "A"), s.agent("102", "A"), s.agent("101", "B"), s.agent("103", "B")
	b3.answersAfter(1500 * time.Millisecond)
	t := s.internal(a2, "99103")
	t.PBX = []string{"A", "B"}
	t.main.up()
	t.own(b3.talks())
	s.pass(4 * time.Second)
	t.main.hangsUp()
	s.pass(time.Second)
	t.ended("answered", "caller")

	a1.answersAfter(time.Second)
	t = s.internal(b1, "99101")
	t.PBX = []string{"B", "A"}
	t.main.up()
	talk := a1.talks()
	t.own(talk)
	s.pass(3 * time.Second)
	talk.hangsUp()
	t.main.ends()
	t.ended("answered", "called")
}

func g1(s *Stage) {
	carrier := s.carrier()
	phones := map[string]*actor{}
	for _, letter := range s.Scenario.PBXs {
		phones[letter] = s.agent("101", letter)
		s.agent("102", letter)
	}
	phones["A"].answersAfter(2 * time.Second)
	phones["B"].answersAfter(3 * time.Second)
	for _, round := range []string{"000", "001", "002"} {
		calls := map[string]*story{}
		for i, letter := range s.Scenario.PBXs {
			caller := "7916555" + []string{"1", "2"}[i] + round
			t := s.story("inbound", caller, "74950000600")
			t.PBX = []string{letter}
			t.main = carrier.dial(phone.Dial{Number: t.Dialled, From: caller, PBX: s.PBXs[letter].SIP()})
			calls[letter] = t
		}
		for _, letter := range s.Scenario.PBXs {
			t := calls[letter]
			t.visitedOn(letter, "600", t.main.began(), phones[letter].talks().up(), "answered", "101")
		}
		s.pass(2 * time.Second)
		for _, letter := range s.Scenario.PBXs {
			calls[letter].main.hangsUp()
			calls[letter].ended("answered", "caller")
		}
		s.pass(700 * time.Millisecond)
	}
}
