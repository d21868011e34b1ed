package identity

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/locale"
)

// What may be said of two endpoints.
const (
	PairConfirmed = "confirmed" // they are the ends of one trunk
	PairRejected  = "rejected"  // they are not
)

// Pair says whether two endpoints of different PBXs are the ends of one trunk. It has no direction: the PBX of the lesser id
// is its first end.
type Pair struct {
	PBX      int32     `json:"pbx"`
	Endpoint string    `json:"endpoint"`
	Peer     int32     `json:"peer"`
	PeerEnd  string    `json:"peer_endpoint"`
	State    string    `json:"state"`
	Note     string    `json:"note,omitempty"`
	Made     time.Time `json:"-"`
}

// maxPairs is for the same reason as maxCorrections.
const maxPairs = 2000

func (p Pair) ordered() Pair {
	if p.PBX > p.Peer {
		p.PBX, p.Endpoint, p.Peer, p.PeerEnd = p.Peer, p.PeerEnd, p.PBX, p.Endpoint
	}
	return p
}

func (p *Pair) check() error {
	p.Endpoint, p.PeerEnd, p.Note = strings.TrimSpace(p.Endpoint), strings.TrimSpace(p.PeerEnd), strings.TrimSpace(p.Note)
	switch {
	case p.PBX == p.Peer:
		return invalid(locale.Say("A trunk between PBXs has its ends on two of them."))
	case !plain(p.Note, 0):
		return invalid(locale.Say("A note is at most 200 characters."))
	case p.State != PairConfirmed && p.State != PairRejected:
		return invalid(locale.Say("A pair is confirmed or rejected."))
	}
	for _, e := range []string{p.Endpoint, p.PeerEnd} {
		if !plain(e, 1) || !endpoints.MatchString(e) {
			return invalid(locale.Say("%q is not an endpoint. Write technology and name as the PBX does: PJSIP/101.", e))
		}
	}
	return nil
}

// SetPair says it of two endpoints, in the place of what was said of them. It returns [ErrNotFound] for PBXs that are not
// there.
func (e *Editor) SetPair(ctx context.Context, p Pair) (Pair, error) {
	p = p.ordered()
	if err := p.check(); err != nil {
		return Pair{}, err
	}
	subject, err := e.ends(ctx, p)
	if err != nil {
		return Pair{}, err
	}
	was, err := e.pair(ctx, p)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return Pair{}, err
	}
	if was != nil && was.State == p.State && was.Note == p.Note {
		return *was, nil
	}
	if was == nil {
		err := e.room(ctx, maxPairs, locale.Say("At most %d pairs of trunks are decided about. Take back those that are no longer there.", maxPairs),
			`trunk_pairs WHERE tenant_id = current_tenant()`)
		if err != nil {
			return Pair{}, err
		}
	}
	err = e.tx.QueryRow(ctx, `INSERT INTO trunk_pairs (tenant_id, pbx_id, endpoint, peer_id, peer_endpoint, state, note)
		VALUES (current_tenant(), $1, $2, $3, $4, $5, $6) ON CONFLICT (tenant_id, pbx_id, endpoint, peer_id, peer_endpoint)
		DO UPDATE SET state = excluded.state, note = excluded.note, made = now() RETURNING made`,
		p.PBX, p.Endpoint, p.Peer, p.PeerEnd, p.State, p.Note).Scan(&p.Made)
	if err != nil {
		return Pair{}, fmt.Errorf("write pair of trunks: %w", err)
	}
	return p, e.decide(ctx, "trunk-pair.set", subject, orNil(was), p)
}

// RemovePair takes back what was said of two endpoints. It returns [ErrNotFound].
func (e *Editor) RemovePair(ctx context.Context, p Pair) error {
	p = p.ordered()
	subject, err := e.ends(ctx, p)
	if err != nil {
		return err
	}
	was, err := e.pair(ctx, p)
	if err != nil {
		return err
	}
	if _, err := e.tx.Exec(ctx, `DELETE FROM trunk_pairs WHERE tenant_id = current_tenant() AND pbx_id = $1 AND endpoint = $2 AND peer_id = $3 AND peer_endpoint = $4`,
		p.PBX, p.Endpoint, p.Peer, p.PeerEnd); err != nil {
		return fmt.Errorf("remove pair of trunks: %w", err)
	}
	return e.decide(ctx, "trunk-pair.remove", subject, was, nil)
}

// Pairs returns what was said of endpoints, in order of their ends.
func Pairs(ctx context.Context, tx pgx.Tx) ([]Pair, error) {
	rows, err := tx.Query(ctx, `SELECT pbx_id, endpoint, peer_id, peer_endpoint, state, note, made FROM trunk_pairs
		WHERE tenant_id = current_tenant() ORDER BY pbx_id, endpoint, peer_id, peer_endpoint`)
	if err != nil {
		return nil, fmt.Errorf("read pairs of trunks: %w", err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Pair])
	if err != nil {
		return nil, fmt.Errorf("read pairs of trunks: %w", err)
	}
	return list, nil
}

func (e *Editor) pair(ctx context.Context, p Pair) (*Pair, error) {
	rows, err := e.tx.Query(ctx, `SELECT pbx_id, endpoint, peer_id, peer_endpoint, state, note, made FROM trunk_pairs
		WHERE tenant_id = current_tenant() AND pbx_id = $1 AND endpoint = $2 AND peer_id = $3 AND peer_endpoint = $4`, p.PBX, p.Endpoint, p.Peer, p.PeerEnd)
	if err != nil {
		return nil, fmt.Errorf("read pair of trunks: %w", err)
	}
	was, err := pgx.CollectExactlyOneRow(rows, pgx.RowToAddrOfStructByPos[Pair])
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("read pair of trunks: %w", err)
	}
	return was, nil
}

// ends names the two ends as people do, and has other decisions about their PBXs wait.
func (e *Editor) ends(ctx context.Context, p Pair) (string, error) {
	rows, err := e.tx.Query(ctx, `SELECT name FROM pbxs WHERE tenant_id = current_tenant() AND id = ANY($1) ORDER BY id FOR UPDATE`, []int32{p.PBX, p.Peer})
	if err != nil {
		return "", fmt.Errorf("read PBXs: %w", err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return "", fmt.Errorf("read PBXs: %w", err)
	}
	if len(names) != 2 {
		return "", ErrNotFound
	}
	return fmt.Sprintf("%s %s, %s %s", names[0], p.Endpoint, names[1], p.PeerEnd), nil
}
