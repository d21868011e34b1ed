package api_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/api"
	"github.com/callweave/callweave/cloud/directory"
)

// TestTrunkPairsAreProposedAndDecided goes the way of an administrator: what was seen is proposed, most used first, and stays
// counted when it is confirmed, rejected or left to what is seen again.
func TestTrunkPairsAreProposedAndDecided(t *testing.T) {
	f := newFixture(t)
	branch := f.addPBX("branch", "Branch")
	must(t, f.db.As(f.mine).Tx(t.Context(), func(tx pgx.Tx) error {
		return directory.LearnTrunks(t.Context(), tx, []directory.TrunkUse{
			{PBX: branch, Endpoint: "PJSIP/main", Peer: f.pbx, PeerEnd: "PJSIP/branch", Certain: 7, Likely: 2, Last: day(3)},
			{PBX: f.pbx, Endpoint: "SIP/old", Peer: branch, PeerEnd: "PJSIP/main", Possible: 4, Last: day(1)},
		})
	}))
	anna := f.as("anna")
	lines := func(query string) string {
		t.Helper()
		var got struct{ Pairs []api.TrunkPair }
		f.as("sveta").do("GET", "/trunk-pairs"+query, nil).into(t, &got)
		var out strings.Builder
		for _, p := range got.Pairs {
			if p.PBX != f.pbx || p.Peer != branch || (p.Made == nil) != (p.State == "proposed") {
				t.Errorf("PBXs %d and %d, made %v, state %s", p.PBX, p.Peer, p.Made, p.State)
			}
			fmt.Fprintf(&out, "%s = %s %s %d %d %d %s\n", p.Endpoint, p.PeerEnd, p.State, p.Certain, p.Likely, p.Possible, p.Note)
		}
		return out.String()
	}
	expect := func(step, query, want string) {
		t.Helper()
		if d := cmp.Diff(want, lines(query)); d != "" {
			t.Errorf("%s (-want +got):\n%s", step, d)
		}
	}
	decide := func(endpoint, end, state, note string) {
		t.Helper()
		var in api.InForce
		anna.do("PUT", "/trunk-pairs", map[string]any{"pbx": branch, "endpoint": end, "peer": f.pbx, "peer_endpoint": endpoint, "state": state, "note": note}).into(t, &in)
		if in.Revision == 0 || in.Past == "" {
			t.Errorf("in force: %+v", in)
		}
	}
	const used, old = "PJSIP/branch = PJSIP/main %s 7 2 0 %s\n", "SIP/old = PJSIP/main %s 0 0 4 %s\n"
	proposed := fmt.Sprintf(used, "proposed", "") + fmt.Sprintf(old, "proposed", "")
	expect("seen", "", proposed)
	decide("PJSIP/branch", "PJSIP/main", "confirmed", "leased line")
	decide("SIP/old", "PJSIP/main", "rejected", "")
	decide("PJSIP/unseen", "PJSIP/new", "confirmed", "")
	expect("decided", "", fmt.Sprintf(used, "confirmed", "leased line")+"PJSIP/unseen = PJSIP/new confirmed 0 0 0 \n"+fmt.Sprintf(old, "rejected", ""))
	expect("of one state", "?state=rejected", fmt.Sprintf(old, "rejected", ""))
	expect("of another PBX", "?pbx="+itoa(branch+1000), "")
	anna.do("DELETE", "/trunk-pairs?pbx="+itoa(f.pbx)+"&endpoint=PJSIP/branch&peer="+itoa(branch)+"&peer_endpoint=PJSIP/main", nil)
	anna.do("DELETE", "/trunk-pairs?pbx="+itoa(f.pbx)+"&endpoint=SIP/old&peer="+itoa(branch)+"&peer_endpoint=PJSIP/main", nil)
	anna.do("DELETE", "/trunk-pairs?pbx="+itoa(f.pbx)+"&endpoint=PJSIP/unseen&peer="+itoa(branch)+"&peer_endpoint=PJSIP/new", nil)
	expect("taken back", "", proposed)

	var log struct{ Entries []api.AuditEntry }
	anna.do("GET", "/audit?action=trunk-pair", nil).into(t, &log)
	if len(log.Entries) != 6 || log.Entries[5].Subject != "office PJSIP/branch, branch PJSIP/main" {
		t.Errorf("audit: %+v", log.Entries)
	}
	if r := anna.do("PUT", "/trunk-pairs", map[string]any{"pbx": f.pbx, "endpoint": "PJSIP/a", "peer": f.pbx, "peer_endpoint": "PJSIP/b", "state": "confirmed"}); r.status != 422 {
		t.Errorf("a trunk from a PBX to itself: %d %s", r.status, r.body)
	}
	if got := lines(""); got != proposed {
		t.Errorf("a refused decision changed:\n%s", got)
	}
}
