package uplink_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/callweave/callweave/cloud/control"
	"github.com/callweave/callweave/cloud/eventlog"
	"github.com/callweave/callweave/edge/uplink"
)

func TestEventsArriveInOrderAndTheSpoolForgetsThem(t *testing.T) {
	c := newCloud(t)
	address, _ := c.start()
	who := c.enrol(time.Now())
	s := openSpool(t, t.TempDir())
	write(t, s, 50, 20)
	a := startAgent(t, who, s, uplink.Config{Gateway: address})
	c.until("first events", func() bool { return c.cursor[who.id].seq == 1000 })
	write(t, s, 50, 20)
	c.until("later events", func() bool { return c.cursor[who.id].seq == 2000 })
	c.until("the spool forgets", func() bool { return s.Committed() == 2000 })
	if diff := cmp.Diff(upTo(2000), c.received()); diff != "" {
		t.Error(diff)
	}
	if st := a.link.Stats(); st.Transport != "quic" || st.Batches != 100 || st.Committed != 2000 {
		t.Errorf("stats %+v", st)
	}
	c.until("a report", func() bool { return len(c.reports) > 0 })
	if p := c.presence[0]; p.Transport != "quic" || p.Version != "test" || p.Address == "" {
		t.Errorf("presence %+v", p)
	}
	if m := c.messages[0]; m.Tenant != c.agents[who.id].Tenant || m.PBX != 7 || m.Agent != who.id {
		t.Errorf("message %+v", m)
	}
	if err := a.stop(); !errors.Is(err, context.Canceled) {
		t.Errorf("stop: %v", err)
	}
	c.until("absence", func() bool { return c.agents[who.id].mark.IsZero() })
}

func TestNothingIsForgottenBeforeItIsCommitted(t *testing.T) {
	c := newCloud(t)
	c.withhold = true
	address, _ := c.start()
	who := c.enrol(time.Now())
	s := openSpool(t, t.TempDir())
	write(t, s, 10, 10)
	startAgent(t, who, s, uplink.Config{Gateway: address})
	c.until("all in the log", func() bool { return len(c.messages) == 10 })
	if s.Committed() != 0 {
		t.Errorf("the spool forgot up to %d though nothing is committed", s.Committed())
	}
	c.do(func() { c.commit(who.id, s.Stream(), 55) })
	c.until("the spool forgets", func() bool { return s.Committed() == 55 })
	// A commit whose signal is lost is found by looking.
	c.do(func() { c.cursor[who.id] = position{s.Stream(), 100} })
	c.until("the spool forgets the rest", func() bool { return s.Committed() == 100 })
}

func TestWindowBoundsWhatIsUnderWay(t *testing.T) {
	c := newCloud(t)
	c.withhold = true
	address, _ := c.start()
	who := c.enrol(time.Now())
	s := openSpool(t, t.TempDir())
	write(t, s, 20, 5)
	a := startAgent(t, who, s, uplink.Config{Gateway: address, WindowCount: 4})
	c.until("the window is full", func() bool { return len(c.messages) == 4 })
	c.do(func() { c.commit(who.id, s.Stream(), 10) })
	c.until("two more", func() bool { return len(c.messages) == 6 })
	if sent := a.link.Stats().Batches; sent != 6 {
		t.Errorf("%d batches sent with a window of 4 and 2 committed", sent)
	}
}

func TestGatewayThatDiesMidStreamCostsNothing(t *testing.T) {
	c := newCloud(t)
	address, stop := c.start()
	who := c.enrol(time.Now())
	s := openSpool(t, t.TempDir())
	front := newUDPProxy(t, address) // keeps the agent's target while gateways come and go
	write(t, s, 300, 10)
	c.publish = func(eventlog.Message) error {
		if len(c.messages) == 100 {
			c.withhold = true // these are lost to Postgres: the log dies with the node
		}
		return nil
	}
	startAgent(t, who, s, uplink.Config{Gateway: front.addr(), TCP: "127.0.0.1:1"})
	c.until("half of it", func() bool { return len(c.messages) >= 150 })
	stop()
	c.do(func() {
		c.messages, c.publish, c.withhold = c.messages[:100], nil, false
	})
	next, _ := c.start()
	front.retarget(t, next)
	c.until("all of it", func() bool { return c.cursor[who.id].seq == 3000 })
	if diff := cmp.Diff(upTo(3000), firstTimes(t, c.received())); diff != "" {
		t.Error(diff)
	}
}

func TestBlockedUDPFallsBackToTCPAndReturns(t *testing.T) {
	c := newCloud(t)
	address, _ := c.start()
	who := c.enrol(time.Now())
	s := openSpool(t, t.TempDir())
	write(t, s, 30, 10)
	front := newUDPProxy(t, address)
	front.blocked(true)
	a := startAgent(t, who, s, uplink.Config{Gateway: front.addr(), TCP: address, Handshake: 100 * time.Millisecond, RetryQUIC: 50 * time.Millisecond})
	c.until("everything over TCP", func() bool { return c.cursor[who.id].seq == 300 })
	if c.presence[0].Transport != "tcp" {
		t.Errorf("presence %+v", c.presence[0])
	}
	front.blocked(false)
	c.until("QUIC again", func() bool { return c.presence[len(c.presence)-1].Transport == "quic" })
	write(t, s, 5, 10)
	c.until("the rest over QUIC", func() bool { return c.cursor[who.id].seq == 350 })
	if st := a.link.Stats(); st.Transport != "quic" {
		t.Errorf("stats %+v", st)
	}
	if diff := cmp.Diff(upTo(350), firstTimes(t, c.received())); diff != "" {
		t.Error(diff)
	}
}

func TestStalledLinkIsGivenUpAndMadeAnew(t *testing.T) {
	c := newCloud(t)
	address, _ := c.start()
	who := c.enrol(time.Now())
	s := openSpool(t, t.TempDir())
	front := newUDPProxy(t, address)
	startAgent(t, who, s, uplink.Config{Gateway: front.addr(), TCP: address, Handshake: 200 * time.Millisecond, Ping: 100 * time.Millisecond})
	write(t, s, 5, 10)
	c.until("before", func() bool { return c.cursor[who.id].seq == 50 })
	front.blocked(true)
	write(t, s, 5, 10)
	c.until("after, another way", func() bool { return c.cursor[who.id].seq == 100 && c.presence[len(c.presence)-1].Transport == "tcp" })
}

func TestRestoredSpoolIsNoticed(t *testing.T) {
	c := newCloud(t)
	address, _ := c.start()
	who := c.enrol(time.Now())
	s := openSpool(t, t.TempDir())
	write(t, s, 1, 10)
	c.do(func() { c.cursor[who.id] = position{s.Stream(), 500} })
	a := startAgent(t, who, s, uplink.Config{Gateway: address})
	if err := <-a.done; !errors.Is(err, uplink.ErrAheadOfUs) {
		t.Errorf("got %v", err)
	}
	a.done <- nil
}

func TestNewStreamOfAnAgentStartsAtItsBeginning(t *testing.T) {
	c := newCloud(t)
	address, _ := c.start()
	who := c.enrol(time.Now())
	s := openSpool(t, t.TempDir())
	write(t, s, 3, 10)
	c.do(func() { c.cursor[who.id] = position{s.Stream() + 1, 500} }) // of a spool that is gone
	startAgent(t, who, s, uplink.Config{Gateway: address})
	c.until("all of it", func() bool { return c.cursor[who.id] == position{s.Stream(), 30} })
}

func TestCloudAsksForWhatItLost(t *testing.T) {
	c := newCloud(t)
	c.withhold = true
	address, _ := c.start()
	who := c.enrol(time.Now())
	s := openSpool(t, t.TempDir())
	write(t, s, 10, 10)
	a := startAgent(t, who, s, uplink.Config{Gateway: address})
	c.until("all in the log", func() bool { return len(c.messages) == 10 })
	c.do(func() {
		c.messages = c.messages[:3]
		for _, w := range c.watchers {
			w.resend(who.id, s.Stream(), 31)
		}
	})
	c.until("all of it again", func() bool { return len(c.messages) == 10 })
	if diff := cmp.Diff(upTo(100), c.received()); diff != "" {
		t.Error(diff)
	}
	if a.link.Stats().Resumes != 1 {
		t.Errorf("stats %+v", a.link.Stats())
	}
}

func TestEventLogThatFailsSlowsTheAgentDownAndLosesNothing(t *testing.T) {
	c := newCloud(t)
	broken := true
	c.publish = func(eventlog.Message) error {
		if broken {
			return errors.New("no quorum")
		}
		return nil
	}
	address, _ := c.start()
	who := c.enrol(time.Now())
	s := openSpool(t, t.TempDir())
	write(t, s, 10, 10)
	a := startAgent(t, who, s, uplink.Config{Gateway: address})
	c.until("the agent is told", func() bool { return a.logs.has("overloaded") })
	c.do(func() { broken = false })
	_ = a.stop() // the cloud named a quarter of a minute; no test waits for that
	startAgent(t, who, s, uplink.Config{Gateway: address})
	c.until("all of it", func() bool { return c.cursor[who.id].seq == 100 })
}

func TestRevokedAgentIsSentAwayWithinASweepAndKeepsItsEvents(t *testing.T) {
	for _, transport := range []string{"quic", "tcp"} {
		t.Run(transport, func(t *testing.T) {
			c := newCloud(t)
			address, _ := c.start()
			who := c.enrol(time.Now())
			s := openSpool(t, t.TempDir())
			a := startAgent(t, who, s, configFor(t, transport, address))
			c.until("connected", func() bool { return !c.agents[who.id].mark.IsZero() })
			c.do(func() { c.agents[who.id].err = control.ErrRevoked })
			c.until("sent away", func() bool { return a.link.Stats().LastCode == "certificate-revoked" && a.link.Stats().Transport == "" })
			write(t, s, 1, 10)
			c.do(func() { c.agents[who.id].err = nil })
			c.until("nothing was lost", func() bool { return c.cursor[who.id].seq == 10 })
		})
	}
}

// configFor makes an agent use one transport.
func configFor(t *testing.T, transport, address string) uplink.Config {
	if transport == "quic" {
		return uplink.Config{Gateway: address, TCP: "127.0.0.1:1"}
	}
	front := newUDPProxy(t, address)
	front.blocked(true)
	return uplink.Config{Gateway: front.addr(), TCP: address, Handshake: 50 * time.Millisecond, RetryQUIC: time.Hour}
}

func TestStrangersAreRefusedWithACode(t *testing.T) {
	for _, transport := range []string{"quic", "tcp"} {
		t.Run(transport, func(t *testing.T) {
			c, other := newCloud(t), newCloud(t)
			address, _ := c.start()
			for name, test := range map[string]struct {
				who  func() *identity
				want string
			}{
				"certificate of another cloud": {func() *identity {
					i := other.enrol(time.Now())
					i.pool = c.authority.Pool()
					return i
				}, "agent-unknown"},
				"expired certificate": {func() *identity { return c.enrol(time.Now().AddDate(-1, 0, 0)) }, "certificate-expired"},
				"agent that was deleted": {func() *identity {
					i := c.enrol(time.Now())
					c.do(func() { delete(c.agents, i.id) })
					return i
				}, "agent-unknown"},
				"suspended tenant": {func() *identity {
					i := c.enrol(time.Now())
					c.do(func() { c.agents[i.id].err = control.ErrTenantSuspended })
					return i
				}, "tenant-suspended"},
				"superseded certificate": {func() *identity {
					i := c.enrol(time.Now())
					c.do(func() { c.agents[i.id].err = control.ErrSuperseded })
					return i
				}, "certificate-revoked"},
			} {
				t.Run(name, func(t *testing.T) {
					a := startAgent(t, test.who(), openSpool(t, t.TempDir()), configFor(t, transport, address))
					c.until(test.want, func() bool { return string(a.link.Stats().LastCode) == test.want })
				})
			}
		})
	}
}

func TestAgentDoesNotTalkToAStranger(t *testing.T) {
	c, other := newCloud(t), newCloud(t)
	address, _ := other.start()
	who := c.enrol(time.Now()) // trusts c alone
	write2 := openSpool(t, t.TempDir())
	write(t, write2, 1, 1)
	a := startAgent(t, who, write2, uplink.Config{Gateway: address})
	c.until("it is refused", func() bool { return a.logs.has("certificate signed by unknown authority") })
	if len(other.messages) > 0 || len(other.presence) > 0 {
		t.Error("the stranger got something")
	}
}

func TestNewerConnectionOfAnAgentWins(t *testing.T) {
	c := newCloud(t)
	address, _ := c.start()
	who := c.enrol(time.Now())
	first := startAgent(t, who, openSpool(t, t.TempDir()), uplink.Config{Gateway: address, Rarely: time.Hour, BackoffMin: time.Hour, BackoffMax: time.Hour})
	c.until("first", func() bool { return len(c.presence) == 1 })
	second := startAgent(t, who, openSpool(t, t.TempDir()), uplink.Config{Gateway: address})
	c.until("first is replaced", func() bool { return first.link.Stats().LastCode == "replaced" })
	c.until("second stays", func() bool { return second.link.Stats().Transport == "quic" })
}

func TestConnectionElsewhereEndsTheOneHere(t *testing.T) {
	c := newCloud(t)
	here, _ := c.start()
	there, _ := c.start()
	who := c.enrol(time.Now())
	first := startAgent(t, who, openSpool(t, t.TempDir()), uplink.Config{Gateway: here, Rarely: time.Hour, BackoffMin: time.Hour, BackoffMax: time.Hour})
	c.until("first", func() bool { return len(c.presence) == 1 })
	startAgent(t, who, openSpool(t, t.TempDir()), uplink.Config{Gateway: there})
	c.until("first is replaced", func() bool { return first.link.Stats().LastCode == "replaced" })
}

func TestCertificateIsRenewedOverTheLink(t *testing.T) {
	c := newCloud(t)
	address, _ := c.start()
	who := c.enrol(time.Now())
	who.request = requestFor(t)
	startAgent(t, who, openSpool(t, t.TempDir()), uplink.Config{Gateway: address})
	c.until("renewed", func() bool {
		who.mu.Lock()
		defer who.mu.Unlock()
		return len(who.renewed) == 1
	})
}

func TestBatchTheCloudCannotReadBecomesAGap(t *testing.T) {
	c := newCloud(t)
	c.cfg.MaxBatch = 600
	address, _ := c.start()
	who := c.enrol(time.Now())
	s := openSpool(t, t.TempDir())
	write(t, s, 3, 5)
	writeLarge(t, s)
	write(t, s, 3, 5)
	startAgent(t, who, s, uplink.Config{Gateway: address})
	c.until("all that can be read", func() bool { return c.cursor[who.id].seq == 31 })
	if c.in.Counters().Gaps != 1 {
		t.Errorf("counters %+v", c.in.Counters())
	}
}

func TestGatewayThatWasKilledIsNoticedAtOnceWhenItIsBack(t *testing.T) {
	c := newCloud(t)
	c.resetKey = [32]byte{1, 2, 3}
	c.cfg.Grace = time.Nanosecond // no Goodbye arrives
	address, stop := c.start()
	who := c.enrol(time.Now())
	s := openSpool(t, t.TempDir())
	front := newUDPProxy(t, address)
	// Only the reset can end the session in time: silence would take three hours.
	a := startAgent(t, who, s, uplink.Config{Gateway: front.addr(), TCP: "127.0.0.1:1", Ping: time.Hour})
	c.until("connected", func() bool { return a.link.Stats().Transport == "quic" })
	front.blocked(true)
	stop()
	next, _ := c.start()
	front.retarget(t, next)
	front.blocked(false)
	write(t, s, 5, 10)
	c.until("all of it", func() bool { return c.cursor[who.id].seq == 50 })
}

func TestCertificateThatEndsWhileConnectedEndsTheConnection(t *testing.T) {
	c := newCloud(t)
	address, _ := c.start()
	who := c.enrol(time.Now())
	c.do(func() { c.agents[who.id].NotAfter = time.Now().Add(500 * time.Millisecond) })
	a := startAgent(t, who, openSpool(t, t.TempDir()), uplink.Config{Gateway: address, Rarely: time.Hour})
	c.until("sent away", func() bool { return a.link.Stats().LastCode == "certificate-expired" })
}
