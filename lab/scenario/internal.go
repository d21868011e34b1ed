package scenario

import (
	"time"

	"github.com/callweave/callweave/lab/phone"
)

func internalScenarios() []Scenario {
	return []Scenario{
		{
			Name: "i1-internal", play: i1,
			About: "101 calls 102: answered, 4 s; 101 calls 103: busy; 101 calls 104: no answer; 101 calls 109: not registered.",
		},
		{
			Name: "i2-hold-in-queue-call", play: i2,
			About: "Queue 600 answered by 101, who holds the caller twice (2 s, 3 s); the caller hangs up.",
		},
		{
			Name: "i7-ring-groups", play: i7,
			About: "Ring group 300 (101&102&103, 102 answers); hunt group 301 (101 for 5 s, then 102&103, 103 answers); 302 (two Local legs, 101 answers).",
		},
		{
			Name: "i8-ivr-queue", play: i8,
			About: "IVR: the caller presses a wrong digit (9), hears 'invalid', presses 6, goes to queue 600, 101 answers. A second caller hangs up in the IVR; a third lets it time out.",
		},
	}
}

func i1(s *Stage) {
	p := s.agents("101", "102", "103", "104")
	p[1].answersAfter(2 * time.Second)
	p[2].Do(phone.Busy())

	t := s.internal(p[0], "102")
	t.main.up()
	t.ownSince(p[1], 0)
	s.pass(4 * time.Second)
	p[1].gets(0).hangsUp()
	t.main.ends()
	t.ended("answered", "called")

	for _, c := range []struct {
		number, disposition, by string
		rung                    *actor
	}{
		{"103", "busy", "called", p[2]},
		{"104", "no answer", "pbx", p[3]},
		{"109", "failed", "pbx", nil}, // not registered
	} {
		s.pass(700 * time.Millisecond)
		t := s.internal(p[0], c.number)
		t.main.ends()
		if c.rung != nil {
			t.ownSince(c.rung, 0)
		}
		t.ended(c.disposition, c.by)
	}
}

// answeredBy lets an outside caller come to queue 600, where one phone answers after 2 s.
func (s *Stage) answeredBy(a, carrier *actor) (*story, *line) {
	a.answersAfter(2 * time.Second)
	t := s.inbound(carrier, customer, "74950000600")
	talk := a.talks()
	t.visited("600", t.main.began(), talk.up(), "answered", a.User)
	return t, talk
}

func i2(s *Stage) {
	a, carrier := s.agent("101", "A"), s.carrier()
	t, talk := s.answeredBy(a, carrier)
	t.waits = talk
	s.pass(1500 * time.Millisecond)
	for _, d := range []time.Duration{2 * time.Second, 3 * time.Second} {
		talk.holds(d)
		s.pass(1500 * time.Millisecond)
	}
	t.main.hangsUp()
	t.ended("answered", "caller")
}

func i7(s *Stage) {
	p, carrier := s.agents("101", "102", "103"), s.carrier()
	for _, c := range []struct {
		group string
		who   *actor
	}{{"300", p[1]}, {"301", p[2]}, {"302", p[0]}} {
		for _, a := range p {
			a.rings()
		}
		c.who.answersAfter(2 * time.Second)
		t := s.inbound(carrier, "79161234"+c.group, "74950000"+c.group)
		c.who.talks()
		s.pass(3 * time.Second)
		t.main.hangsUp()
		s.pass(1200 * time.Millisecond)
		t.ended("answered", "caller")
	}
}

func i8(s *Stage) {
	a, carrier := s.agent("101", "A"), s.carrier()
	a.answersAfter(3 * time.Second)
	t := s.inbound(carrier, customer, "74950000700")
	t.main.up()
	s.pass(1500 * time.Millisecond)
	t.main.presses("9")
	s.pass(9 * time.Second)
	t.main.presses("6")
	entered := a.gets(0).began()
	talk := a.talks()
	t.visited("600", entered, talk.up(), "answered", "101")
	t.IVR = []string{"9", "6"}
	s.pass(4 * time.Second)
	t.main.hangsUp()
	s.pass(700 * time.Millisecond)
	t.ended("answered", "caller")

	t = s.inbound(carrier, customer2, "74950000700")
	t.main.up()
	s.pass(3 * time.Second)
	t.main.hangsUp()
	s.pass(700 * time.Millisecond)
	t.ended("abandoned in IVR", "caller")

	t = s.inbound(carrier, customer3, "74950000700")
	t.main.up()
	t.main.ends()
	t.ended("timeout in IVR", "pbx")
}
