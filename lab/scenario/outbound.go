package scenario

import (
	"time"

	"github.com/callweave/callweave/lab/phone"
)

func outboundScenarios() []Scenario {
	return []Scenario{
		{
			Name: "h1-outbound-answered", play: h1,
			About: "102 calls out through the carrier, answered after 3 s, 102 hangs up after 5 s.",
		},
		{
			Name: "h2-outbound-failures", play: h2,
			About: "102 calls out six times: busy 486, declined 603, not found 404, no circuit 503, no answer (the caller gives up after 6 s), no answer up to the dialplan's 25 s.",
		},
		{
			Name: "h3-outbound-hangup-by-customer", play: h3,
			About: "103 calls out, the customer hangs up after 4 s; then 103 calls out, holds and resumes twice.",
		},
	}
}

func h1(s *Stage) {
	a, carrier := s.agent("102", "A"), s.carrier()
	carrier.answersAfter(3 * time.Second)
	t := s.outbound(a, outside)
	t.main.up()
	t.ownSince(carrier, 0)
	s.pass(5 * time.Second)
	t.main.hangsUp()
	t.ended("answered", "caller")
}

func h2(s *Stage) {
	a, carrier := s.agent("102", "A"), s.carrier()
	for _, c := range []struct {
		number      string
		rule        phone.Rule
		patience    time.Duration
		disposition string
		by          string
	}{
		{"79260000010", phone.Busy(), 0, "busy", "called"},
		{"79260000011", phone.Refuse(603, "Decline"), 0, "rejected", "called"},
		{"79260000012", phone.Refuse(404, "Not Found"), 0, "failed", "called"},
		{"79260000013", phone.Refuse(503, "Service Unavailable"), 0, "failed", "called"},
		{"79260000014", phone.Ring(), 6 * time.Second, "no answer", "caller"},
		{"79260000015", phone.Ring(), 0, "no answer", "pbx"},
	} {
		carrier.Do(c.rule)
		before := carrier.had()
		t := s.outbound(a, c.number)
		if c.patience > 0 {
			s.pass(c.patience)
			t.main.hangsUp()
		}
		t.main.ends()
		t.ownSince(carrier, before)
		t.ended(c.disposition, c.by)
		s.pass(time.Second)
	}
}

func h3(s *Stage) {
	a, carrier := s.agent("103", "A"), s.carrier()
	carrier.answersAfter(300 * time.Millisecond)
	t := s.outbound(a, outside)
	t.main.up()
	t.ownSince(carrier, 0)
	s.pass(4 * time.Second)
	carrier.gets(0).hangsUp()
	t.main.ends()
	t.ended("answered", "called")
	s.pass(time.Second)

	t = s.outbound(a, outside2)
	t.main.up()
	t.own(carrier.gets(1))
	t.waits = t.main
	s.pass(1500 * time.Millisecond)
	for _, d := range []time.Duration{2 * time.Second, 3 * time.Second} {
		t.main.holds(d)
		s.pass(1500 * time.Millisecond)
	}
	t.main.hangsUp()
	t.ended("answered", "caller")
}
