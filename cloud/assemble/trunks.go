package assemble

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/cloud/directory"
)

// trunk is two endpoints that seem to be the ends of one.
type trunk struct{ pbx, endpoint, peer, end string }

func trunkOf(u call.TrunkUse) trunk { return trunk{u.PBX, u.Endpoint, u.Peer, u.PeerEnd} }

// learnTrunks lets the step write what trunks between PBXs were used since it was written last.
func (t *tenant) learnTrunks(s *step) {
	for _, u := range t.asm.Trunks() {
		if was, ok := t.trunks[trunkOf(u)]; !ok || was != u {
			t.trunks[trunkOf(u)] = u
			s.trunks = append(s.trunks, u)
		}
	}
}

// writeTrunks writes counts of all time: those of the assembler, and what was counted before its memory was lost.
func (t *tenant) writeTrunks(ctx context.Context, tx pgx.Tx, uses []call.TrunkUse) error {
	list := make([]directory.TrunkUse, 0, len(uses))
	for _, u := range uses {
		row := directory.TrunkUse{
			PBX: t.pbxNamed(u.PBX).ID, Endpoint: u.Endpoint, Peer: t.pbxNamed(u.Peer).ID, PeerEnd: u.PeerEnd,
			Certain: int64(u.Certain), Likely: int64(u.Likely), Possible: int64(u.Possible), Last: u.Last,
		}
		if row.PBX == 0 || row.Peer == 0 {
			continue
		}
		if before, ok := t.before[trunkOf(u)]; ok {
			row.Certain += before.Certain
			row.Likely += before.Likely
			row.Possible += before.Possible
		}
		list = append(list, row)
	}
	return directory.LearnTrunks(ctx, tx, list)
}

// readBefore finds out what was counted that the assembler does not know of, since its memory was lost once.
func (t *tenant) readBefore(ctx context.Context, tx pgx.Tx) error {
	rows, err := directory.Trunks(ctx, tx)
	if err != nil {
		return err
	}
	now := map[trunk]call.TrunkUse{}
	for _, u := range t.asm.Trunks() {
		now[trunkOf(u)] = u
	}
	for _, r := range rows {
		one, two := t.pbxs[r.PBX].Name, t.pbxs[r.Peer].Name
		for _, k := range []trunk{{one, r.Endpoint, two, r.PeerEnd}, {two, r.PeerEnd, one, r.Endpoint}} {
			u := now[k]
			rest := r
			rest.Certain = max(0, r.Certain-int64(u.Certain))
			rest.Likely = max(0, r.Likely-int64(u.Likely))
			rest.Possible = max(0, r.Possible-int64(u.Possible))
			t.before[k] = rest // the assembler uses one of the two orders
		}
	}
	return nil
}
