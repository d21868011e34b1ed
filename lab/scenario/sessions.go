package scenario

import (
	"time"

	"github.com/callweave/callweave/lab/pbx"
	"github.com/callweave/callweave/lab/truth"
)

// sessionScenarios are what operators do beside calls.
func sessionScenarios() []Scenario {
	return []Scenario{{
		Name: "j5-sessions-over-a-kill", play: j5, Cuts: true,
		About: "111 and 112 serve queue 601, 111 is paused; while nobody listens 112 is logged out and 113 in; then the PBX is killed and comes back with its members (persistentmembers); 111 is unpaused and logs out.",
	}, {
		Name: "j4-operator-sessions", play: j4,
		About: "111 is logged in to queue 601 by AMI, paused with a reason and unpaused with another; 112 logs in, pauses, unpauses and logs out by dialling; 102 has a call of queue 603 (wrapuptime 8), is called by 104 in its wrap-up, has another call of 603 and its whole wrap-up; 111 logs out and unregisters.",
	}}
}

func j4(s *Stage) {
	p, carrier := s.agents("102", "104", "111", "112"), s.carrier()
	boris, denis, screen, dialer := p[0], p[1], p[2], p[3]
	boris.answersAfter(time.Second)

	s.login(screen, "601")
	s.serves(dialer, "*45601", "login", "601", "")
	s.pass(700 * time.Millisecond)
	s.pause(screen, "601")
	s.serves(dialer, "*471", "pause", truth.AllQueues, "reason-1")
	s.pass(time.Second)
	s.ami("A", "QueuePause", "Queue", "601", "Interface", "PJSIP/111", "Paused", "false", "Reason", "back")
	s.did("unpause", screen, "601", "AMI QueuePause", "back")
	s.serves(dialer, "*48", "unpause", truth.AllQueues, "")

	s.speaksFor(carrier, boris, customer)
	s.pass(3 * time.Second)
	asks := s.internal(denis, "102")
	s.did("wrap-up cut", boris, "603", "", "")
	s.run.AgentEvents[len(s.run.AgentEvents)-1].At = asks.main.up()
	talk := boris.talks()
	asks.own(talk)
	s.pass(2 * time.Second)
	asks.main.hangsUp()
	talk.ends()
	asks.ended("answered", "caller")

	end := s.speaksFor(carrier, boris, customer2)
	s.pass(9 * time.Second)
	s.did("wrap-up over", boris, "603", "", "")
	s.run.AgentEvents[len(s.run.AgentEvents)-1].At = end + 8

	s.serves(dialer, "*46601", "logout", "601", "")
	s.ami("A", "QueueRemove", "Queue", "601", "Interface", "PJSIP/111")
	s.did("logout", screen, "601", "AMI QueueRemove", "")
	ctx, cancel := s.step()
	defer cancel()
	s.try(screen.Register(ctx, 0))
	s.did("unregister", screen, "", "", "")
}

func j5(s *Stage) {
	p, carrier := s.agents("111", "112", "113"), s.carrier()
	anna := p[0]
	anna.answersAfter(time.Second)
	s.login(anna, "601")
	s.ami("A", "QueueAdd", "Queue", "601", "Interface", "PJSIP/112", "MemberName", "Agent 112")
	s.did("login, end unseen", p[1], "601", "AMI QueueAdd", "")
	s.pass(500 * time.Millisecond)
	s.pause(anna, "601")
	s.pass(time.Second)

	s.cut(3 * time.Second)
	s.pass(time.Second)
	s.ami("A", "QueueRemove", "Queue", "601", "Interface", "PJSIP/112")
	s.did("logout unseen", p[1], "601", "AMI QueueRemove", "")
	s.ami("A", "QueueAdd", "Queue", "601", "Interface", "PJSIP/113", "MemberName", "Agent 113")
	s.did("login unseen", p[2], "601", "AMI QueueAdd", "")
	s.pass(10 * time.Second) // all who listen are back

	s.restart("A", (*pbx.PBX).Kill, time.Second)
	s.register(anna)
	s.pass(7 * time.Second) // and again
	s.ami("A", "QueueRemove", "Queue", "601", "Interface", "PJSIP/113")
	s.did("logout of who came unseen", p[2], "601", "AMI QueueRemove", "")
	s.ami("A", "QueuePause", "Queue", "601", "Interface", "PJSIP/111", "Paused", "false", "Reason", "back")
	s.did("unpause", anna, "601", "AMI QueuePause", "back")

	t := s.inbound(carrier, customer, "74950000101")
	t.main.ends()
	t.ended("failed", "pbx") // 101 is not there
	s.ami("A", "QueueRemove", "Queue", "601", "Interface", "PJSIP/111")
	s.did("logout", anna, "601", "AMI QueueRemove", "")
}

// serves dials a service code of queues and waits until the PBX has said its prompt.
func (s *Stage) serves(a *actor, code, what, queue, reason string) {
	l := a.dials(code)
	l.up()
	s.did(what, a, queue, "dialplan", reason)
	l.ends()
}

// speaksFor lets an operator have a call of queue 603, after which he is in wrap-up, and tells when it ended.
func (s *Stage) speaksFor(carrier, a *actor, caller string) truth.Time {
	t := s.inbound(carrier, caller, "74950000603")
	talk := a.talks()
	t.own(talk)
	s.pass(3 * time.Second)
	t.main.hangsUp()
	end := talk.ends()
	t.visited("603", t.main.began(), talk.up(), "answered", a.User)
	t.ended("answered", "caller")
	s.did("wrap-up", a, "603", "", "")
	return end
}
