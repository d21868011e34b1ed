package assemble_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/assemble"
	"github.com/callweave/callweave/cloud/call"
)

// Learned tells a phone, a carrier, an endpoint that may be either, a number of ours and a service code of every PBX; the
// carrier goes on being heard of.
func (a *counting) Learned() (facts []call.Fact) {
	pbxs := map[string]bool{}
	for _, c := range a.Channels {
		pbxs[c.PBX] = true
	}
	seen := time.Unix(0, 1_700_000_000_000_000_000).UTC().Truncate(time.Hour)
	now := time.Unix(0, a.Now).UTC().Truncate(time.Hour)
	for pbx := range pbxs {
		facts = append(facts,
			call.Fact{PBX: pbx, Kind: call.FactOperator, Name: "PJSIP/101", Label: "101", Note: "Anna", Learned: call.EndpointDevice, Signs: call.SignMember, First: seen, Last: seen},
			call.Fact{PBX: pbx, Kind: call.FactTrunk, Name: "PJSIP/carrier", Label: "carrier", Learned: call.EndpointTrunk, Signs: call.SignDialledThrough, First: seen, Last: now},
			call.Fact{PBX: pbx, Kind: call.FactEndpoint, Name: "PJSIP/\x00", First: seen, Last: seen},
			call.Fact{PBX: pbx, Kind: call.FactDID, Name: "74950000600", First: seen, Last: seen},
			call.Fact{PBX: pbx, Kind: call.FactService, Name: "*45", Label: "AddQueueMember", Said: true, First: seen, Last: seen})
	}
	return facts
}

func TestWhatIsLearnedComesIntoTheDirectory(t *testing.T) {
	r, a := setUp(t)
	r.cfg = assemble.Config{SnapshotSteps: 1}
	r.start()
	r.must(a.next(t, 20))
	r.must(a.next(t, 20)) // learned again, and nothing is written twice
	for _, c := range []struct {
		what, sql string
		want      int64
	}{
		{"endpoints", `SELECT count(*) FROM endpoints`, 3},
		{"phones", `SELECT count(*) FROM endpoints WHERE endpoint = 'PJSIP/101' AND class = 1 AND signs = 1 AND number = '101' AND name = 'Anna'`, 1},
		{"carriers", `SELECT count(*) FROM endpoints e JOIN trunks t USING (endpoint) WHERE class = 2 AND first_seen < e.seen`, 1},
		{"numbers of ours", `SELECT count(*) FROM dids WHERE number = '74950000600' AND how = 'seen'`, 1},
		{"service codes", `SELECT count(*) FROM services WHERE number = '*45' AND name = 'AddQueueMember' AND how = 'rule'`, 1},
	} {
		if d := cmp.Diff(c.want, queryInt(t, r.db, a.tenant, c.sql)); d != "" {
			t.Errorf("%s (-want +got):\n%s", c.what, d)
		}
	}
}

func TestCallsAreWrittenThoughWhatIsLearnedIsRefused(t *testing.T) {
	r, a := setUp(t)
	r.cfg = assemble.Config{SnapshotSteps: 1}
	if err := r.db.Owner().Tx(t.Context(), func(tx pgx.Tx) error {
		_, err := tx.Exec(t.Context(), `ALTER TABLE endpoints ADD CHECK (endpoint <> 'PJSIP/carrier')`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	r.start()
	r.must(a.next(t, 20))
	if n := queryInt(t, r.db, a.tenant, `SELECT count(*) FROM calls`); n == 0 {
		t.Error("no call was written")
	}
	if n := queryInt(t, r.db, a.tenant, `SELECT count(*) FROM endpoints`); n != 0 {
		t.Errorf("%d endpoints were written", n)
	}
}

// Trunks tells a trunk between every two PBXs that were heard, used once more with every channel.
func (a *counting) Trunks() (uses []call.TrunkUse) {
	var pbxs []string
	for _, c := range a.Channels {
		if !slices.Contains(pbxs, c.PBX) {
			pbxs = append(pbxs, c.PBX)
		}
	}
	slices.Sort(pbxs)
	for i := 1; i < len(pbxs); i++ {
		uses = append(uses, call.TrunkUse{
			PBX: pbxs[i-1], Endpoint: "PJSIP/there", Peer: pbxs[i], PeerEnd: "PJSIP/here",
			Certain: uint64(len(a.Channels)), Likely: 2, Possible: 1, Last: time.Unix(0, a.Now).UTC(),
		})
	}
	return uses
}

func TestTrunksThatWereUsedAreCountedThroughRestarts(t *testing.T) {
	r, b := setUp(t) // the PBX that is the first by id is the last by name
	other := newAgent(t, r.db, b.tenant, "0")
	r.cfg = assemble.Config{SnapshotSteps: 1}
	r.start()
	r.must(b.next(t, 20), other.next(t, 20))
	count := func() int64 {
		return queryInt(t, r.db, b.tenant, `SELECT coalesce(sum(certain), 0) FROM trunk_uses WHERE endpoint = 'PJSIP/here' AND peer_endpoint = 'PJSIP/there' AND possible >= 1`)
	}
	first := count()
	if first == 0 {
		t.Fatal("no trunk was written")
	}
	r.stop()
	r.start()
	r.must(other.next(t, 20))
	second := count()
	if second < first {
		t.Errorf("%d calls before a restart, %d after it", first, second)
	}
	r.stop()
	r.exec(b.tenant, `UPDATE assembler_state SET state = 'lost'`)
	r.start()
	r.must(b.next(t, 100), other.next(t, 100))
	third := count()
	if third <= second {
		t.Errorf("%d calls before the memory was lost, %d after it", second, third)
	}
	r.stop()
	r.start()
	r.must(other.next(t, 20))
	if fourth := count(); fourth < third {
		t.Errorf("%d calls after the memory was lost, %d after another restart", third, fourth)
	}
}
