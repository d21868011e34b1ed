package directory

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// TrunkUse is what was seen of two endpoints of different PBXs that seem to be the ends of one trunk. The counts are of all
// time, as far as the assembler's memory reaches: one that had to begin anew does not make them smaller.
type TrunkUse struct {
	PBX      int32
	Endpoint string
	Peer     int32
	PeerEnd  string
	Certain  int64
	Likely   int64
	Possible int64
	Last     time.Time
}

// ordered puts the end of the lesser PBX first, as trunks are stored.
func (u TrunkUse) ordered() TrunkUse {
	if u.PBX > u.Peer {
		u.PBX, u.Endpoint, u.Peer, u.PeerEnd = u.Peer, u.PeerEnd, u.PBX, u.Endpoint
	}
	return u
}

// LearnTrunks writes what was seen of trunks between PBXs.
func LearnTrunks(ctx context.Context, tx pgx.Tx, uses []TrunkUse) error {
	var b pgx.Batch
	for _, u := range uses {
		if u = u.ordered(); u.PBX == u.Peer {
			continue
		}
		b.Queue(`INSERT INTO trunk_uses AS u (tenant_id, pbx_id, endpoint, peer_id, peer_endpoint, certain, likely, possible, last_seen)
			VALUES (current_tenant(), $1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (tenant_id, pbx_id, endpoint, peer_id, peer_endpoint) DO UPDATE
			SET certain = greatest(u.certain, excluded.certain), likely = greatest(u.likely, excluded.likely), possible = greatest(u.possible, excluded.possible), last_seen = greatest(u.last_seen, excluded.last_seen)`,
			u.PBX, Clean(u.Endpoint), u.Peer, Clean(u.PeerEnd), u.Certain, u.Likely, u.Possible, u.Last)
	}
	if b.Len() == 0 {
		return nil
	}
	if err := tx.SendBatch(ctx, &b).Close(); err != nil {
		return fmt.Errorf("write uses of trunks: %w", err)
	}
	return nil
}

// Trunks reads what was seen of trunks between PBXs.
func Trunks(ctx context.Context, tx pgx.Tx) ([]TrunkUse, error) {
	rows, err := tx.Query(ctx, `SELECT pbx_id, endpoint, peer_id, peer_endpoint, certain, likely, possible, last_seen FROM trunk_uses
		WHERE tenant_id = current_tenant() ORDER BY pbx_id, endpoint, peer_id, peer_endpoint`)
	if err != nil {
		return nil, fmt.Errorf("read uses of trunks: %w", err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[TrunkUse])
	if err != nil {
		return nil, fmt.Errorf("read uses of trunks: %w", err)
	}
	return list, nil
}
