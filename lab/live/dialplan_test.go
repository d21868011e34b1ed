package live

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/callweave/callweave/lab/pbx"
	"github.com/callweave/callweave/lab/pbx/pbxtest"
	"github.com/callweave/callweave/lab/phone"
)

// ownDialplan passes no reference. It names the handlers that callweave-edge dialplan install brings, in the way that the
// installation asks for, and works without them.
var ownDialplan = map[string]string{"extensions.conf": `
[from-internal]
exten => _97XXX,1,Dial(PJSIP/${EXTEN:2}@${PEER},30,tTb(callweave-out^s^1))
 same => n,Hangup()
exten => _6XXXXXXXXXX,1,Dial(PJSIP/${EXTEN}@carrier,30,tTb(callweave-out^s^1))
 same => n,Hangup()
[from-peer]
exten => _1XX,1,GosubIf($[${DIALPLAN_EXISTS(callweave-in,s,1)}]?callweave-in,s,1)
 same => n,Goto(from-internal,${EXTEN},1)
`}

// TestInstalledDialplanTellsTheOtherPBX lets 101 of A ring 103 of B in vain, where numbers are all there is to go by, installs the
// snippet on both, and does it again: the link is certain. Carriers are shown nothing.
func TestInstalledDialplanTellsTheOtherPBX(t *testing.T) {
	for _, version := range pbx.Versions() {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			s := newBranches(t, version)
			s.rings(t, "97103", s.clara)
			s.linked(t, 1, "numbers likely")

			s.install(t, s.a, "pbxb")
			s.install(t, s.b, "pbxa")
			s.rings(t, "97103", s.clara)
			reference := s.linked(t, 2, "header certain")
			if got := s.clara.Calls()[1].Header("X-Call-Ref"); got != "" {
				t.Errorf("the phone was shown the reference %q", got)
			}
			if !strings.Contains(reference, "pbx-a-") {
				t.Errorf("the reference %q does not hold the leg's Uniqueid", reference)
			}
			s.rings(t, "69261234567", s.carrier)
			if got := s.carrier.Calls()[0].Header("X-Call-Ref"); got != "" {
				t.Errorf("the carrier was shown the reference %q", got)
			}
		})
	}
}

// branches are two PBXs joined by a trunk, with an agent beside each.
type branches struct {
	a, b                 *pbx.PBX
	agent                *agent
	tn                   *tenant
	anna, clara, carrier *phone.Phone
}

func newBranches(t *testing.T, version string) *branches {
	t.Helper()
	n := pbxtest.Network(t)
	s := &branches{tn: theCloud(t).newTenant(t)}
	s.a = pbxtest.Start(t, pbx.Config{Version: version, IP: n.IP(11), SystemName: "pbx-a", Peers: []pbx.Peer{{Name: "pbxb", IP: n.IP(12)}}, Extra: ownDialplan})
	s.b = pbxtest.Start(t, pbx.Config{Version: version, IP: n.IP(12), SystemName: "pbx-b", Peers: []pbx.Peer{{Name: "pbxa", IP: n.IP(11)}}, Extra: ownDialplan})
	for name, p := range map[string]*pbx.PBX{"A": s.a, "B": s.b} {
		s.agent = newAgent(t, p.AMI(), "edge")
		s.agent.enroll(t, s.tn.addPBX(t, name))
		running := s.agent.start(t, "run")
		running.says(t, "logged in to the PBX")
		running.says(t, "connected to the cloud")
	}
	open := func(c phone.Config) *phone.Phone {
		p, err := phone.Listen(c, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = p.Close() })
		p.Do(phone.Ring())
		if c.Password != "" {
			if err := p.Register(t.Context(), time.Hour); err != nil {
				t.Fatal(err)
			}
		}
		return p
	}
	s.anna = open(phone.Config{User: "101", Password: "pw101", IP: n.IP(101), PBX: s.a.SIP()})
	s.clara = open(phone.Config{User: "103", Password: "pw103", IP: n.IP(153), PBX: s.b.SIP()})
	s.carrier = open(phone.Config{User: "carrier", IP: n.IP(50), PBX: s.a.SIP()})
	return s
}

// rings has Anna call a number until a phone rings, and give up.
func (s *branches) rings(t *testing.T, number string, who *phone.Phone) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	before := len(who.Calls())
	call, err := s.anna.Call(ctx, phone.Dial{Number: number})
	if err != nil {
		t.Fatal(err)
	}
	rung, err := who.Incoming(ctx, before)
	if err != nil {
		t.Fatalf("%s was not rung: %v", number, err)
	}
	if err := call.Hangup(ctx); err != nil {
		t.Fatal(err)
	}
	if err := rung.WaitEnd(ctx); err != nil {
		t.Fatal(err)
	}
}

// linked waits until there are so many calls from Anna to Clara, of one link each, and returns the evidence of the latest.
func (s *branches) linked(t *testing.T, calls int, how string) (evidence string) {
	t.Helper()
	var got []string
	ok := wait(t, func(ctx context.Context) bool {
		var list struct{ Calls []struct{ ID string } }
		if s.tn.client.Ask(ctx, "GET", "/calls?limit=50", nil, &list) != nil || len(list.Calls) != calls {
			got = append(got[:0], fmt.Sprint(len(list.Calls), " calls"))
			return false
		}
		var one struct {
			Story struct {
				PBX   []string
				Open  bool
				Links []struct{ Kind, Confidence, Evidence string }
			}
		}
		if s.tn.client.Ask(ctx, "GET", "/calls/"+list.Calls[0].ID, nil, &one) != nil || one.Story.Open {
			return false
		}
		got = got[:0]
		for _, l := range one.Story.Links {
			got = append(got, l.Kind+" "+l.Confidence)
			evidence = l.Evidence
		}
		return slices.Equal(got, []string{how}) && slices.Equal(one.Story.PBX, []string{"A", "B"})
	})
	if !ok {
		t.Fatalf("the latest of %d calls is linked by %q, want %q", calls, got, how)
	}
	return evidence
}

// install runs the command on a PBX's own configuration and has the PBX read it.
func (s *branches) install(t *testing.T, p *pbx.PBX, peer string) {
	t.Helper()
	said := output(t, s.agent.command(t.Context(), "dialplan", "install", "--asterisk-dir", filepath.Join(p.Dir, "etc"), "--peer", peer))
	if strings.Contains(said, "without the handler") || strings.Contains(said, "Where calls of the other PBXs come in") {
		t.Errorf("the installation lacks something:\n%s", said)
	}
	m, err := pbx.Dial(t.Context(), p.AMI(), "driver", "driver")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = m.Close() }()
	if answer, err := m.Action(t.Context(), "Command", "Command", "dialplan reload"); err != nil || answer["Response"] != "Success" {
		t.Fatalf("reload: %v %v", answer, err)
	}
}
