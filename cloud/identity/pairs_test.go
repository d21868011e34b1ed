package identity_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/cloud/identity"
)

func TestPairOfTrunksHasNoDirection(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	set := func(p identity.Pair) {
		t.Helper()
		f.must(func(e *identity.Editor) error {
			_, err := e.SetPair(ctx, p)
			return err
		})
	}
	there := identity.Pair{PBX: f.north, Endpoint: "PJSIP/south", Peer: f.south, PeerEnd: "SIP/north", State: identity.PairConfirmed}
	back := identity.Pair{PBX: f.south, Endpoint: "SIP/north", Peer: f.north, PeerEnd: "PJSIP/south", State: identity.PairConfirmed}
	set(there)
	set(back) // the same once more
	confirmed := []call.TrunkPair{{PBX: "north", Endpoint: "PJSIP/south", Peer: "south", PeerEnd: "SIP/north"}}
	if got := f.rules(); got.Rev != 1 || !cmp.Equal(confirmed, got.Pairs) {
		t.Errorf("revision %d, pairs (-want +got):\n%s", got.Rev, cmp.Diff(confirmed, got.Pairs))
	}
	back.State = identity.PairRejected
	set(back)
	confirmed[0].Forbidden = true
	if got := f.rules(); got.Rev != 2 || !cmp.Equal(confirmed, got.Pairs) {
		t.Errorf("revision %d, rejected pairs (-want +got):\n%s", got.Rev, cmp.Diff(confirmed, got.Pairs))
	}
	f.must(func(e *identity.Editor) error { return e.RemovePair(ctx, there) })
	if got := f.rules(); got.Rev != 3 || len(got.Pairs) != 0 {
		t.Errorf("revision %d with %d pairs after the removal", got.Rev, len(got.Pairs))
	}
	if err := f.edit(func(e *identity.Editor) error { return e.RemovePair(ctx, there) }); !errors.Is(err, identity.ErrNotFound) {
		t.Errorf("the second removal: %v", err)
	}
	const audit = `anna: trunk-pair.set north PJSIP/south, south SIP/north
anna: trunk-pair.set north PJSIP/south, south SIP/north
anna: trunk-pair.remove north PJSIP/south, south SIP/north
`
	if d := cmp.Diff(audit, f.audit()); d != "" {
		t.Errorf("audit (-want +got):\n%s", d)
	}
}

func TestPairsThatAreNoneAreRefused(t *testing.T) {
	f := newFixture(t)
	good := identity.Pair{PBX: f.north, Endpoint: "PJSIP/south", Peer: f.south, PeerEnd: "SIP/north", State: identity.PairConfirmed}
	for name, change := range map[string]func(*identity.Pair){
		"one PBX":             func(p *identity.Pair) { p.Peer = p.PBX },
		"no endpoint":         func(p *identity.Pair) { p.Endpoint = " " },
		"half an endpoint":    func(p *identity.Pair) { p.PeerEnd = "north" },
		"a state of the seen": func(p *identity.Pair) { p.State = "proposed" },
	} {
		p := good
		change(&p)
		err := f.edit(func(e *identity.Editor) error {
			_, err := e.SetPair(t.Context(), p)
			return err
		})
		if code := refusal(t, err); code != "invalid" {
			t.Errorf("%s: refused as %q", name, code)
		}
	}
	good.Peer = 1 << 30
	err := f.edit(func(e *identity.Editor) error {
		_, err := e.SetPair(t.Context(), good)
		return err
	})
	if !errors.Is(err, identity.ErrNotFound) {
		t.Errorf("a PBX that is not there: %v", err)
	}
	if got := f.rules(); got.Rev != 0 {
		t.Errorf("the revision is %d though nothing was decided", got.Rev)
	}
}
