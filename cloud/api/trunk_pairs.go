package api

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/directory"
	"github.com/callweave/callweave/cloud/identity"
)

// pairProposed is what was seen and nobody decided about.
const pairProposed = "proposed"

// TrunkPair is two endpoints of different PBXs: the ends of one trunk, as it seems or as somebody decided.
type TrunkPair struct {
	PBX      int32      `json:"pbx" doc:"The one of the lesser id; a pair has no direction"`
	Endpoint string     `json:"endpoint" example:"PJSIP/branch"`
	Peer     int32      `json:"peer" doc:"The other PBX"`
	PeerEnd  string     `json:"peer_endpoint" example:"PJSIP/main"`
	State    string     `json:"state" enum:"proposed,confirmed,rejected" doc:"proposed: calls were seen that went from one to the other, or might have"`
	Note     string     `json:"note"`
	Made     *time.Time `json:"made" doc:"When it was decided; null where nobody did"`
	Certain  int64      `json:"certain" doc:"Calls that went from one to the other by a reference or a SIP Call-ID"`
	Likely   int64      `json:"likely" doc:"The same by numbers and times"`
	Possible int64      `json:"possible" doc:"Calls that might have, had it been clear which is which"`
	LastSeen *time.Time `json:"last_seen" doc:"null where none were seen"`
}

type trunkPairsInput struct {
	PBX   []int32 `query:"pbx" maxItems:"100" doc:"Only those with an end on one of these PBXs"`
	State string  `query:"state" enum:"proposed,confirmed,rejected"`
}

type trunkPairsOutput struct {
	Body struct {
		Pairs []TrunkPair `json:"pairs" nullable:"false"`
	}
}

type setTrunkPairInput struct {
	Body struct {
		PBX      int32  `json:"pbx" minimum:"1"`
		Endpoint string `json:"endpoint" maxLength:"200" example:"PJSIP/branch"`
		Peer     int32  `json:"peer" minimum:"1"`
		PeerEnd  string `json:"peer_endpoint" maxLength:"200" example:"PJSIP/main"`
		State    string `json:"state" enum:"confirmed,rejected"`
		Note     string `json:"note,omitempty" maxLength:"200"`
	}
}

type removeTrunkPairInput struct {
	PBX      int32  `query:"pbx" required:"true" minimum:"1"`
	Endpoint string `query:"endpoint" required:"true" maxLength:"200"`
	Peer     int32  `query:"peer" required:"true" minimum:"1"`
	PeerEnd  string `query:"peer_endpoint" required:"true" maxLength:"200"`
}

func (a *API) listTrunkPairs(ctx context.Context, in *trunkPairsInput) (*trunkPairsOutput, error) {
	out := &trunkPairsOutput{}
	err := a.deps.DB.As(viewerOf(ctx).Tenant).Read(ctx, func(tx pgx.Tx) error {
		seen, err := directory.Trunks(ctx, tx)
		if err != nil {
			return err
		}
		decided, err := identity.Pairs(ctx, tx)
		if err != nil {
			return err
		}
		out.Body.Pairs = pairsOf(seen, decided)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list pairs of trunks: %w", err)
	}
	out.Body.Pairs = slices.DeleteFunc(out.Body.Pairs, func(p TrunkPair) bool {
		return in.State != "" && p.State != in.State || len(in.PBX) > 0 && !slices.Contains(in.PBX, p.PBX) && !slices.Contains(in.PBX, p.Peer)
	})
	return out, nil
}

// pairsOf joins what was seen and what was decided: what waits for a decision first, and of that what was used most.
func pairsOf(seen []directory.TrunkUse, decided []identity.Pair) []TrunkPair {
	type key struct {
		pbx, peer     int32
		endpoint, end string
	}
	list, at := []TrunkPair{}, map[key]int{}
	for _, u := range seen {
		last := u.Last.UTC()
		at[key{u.PBX, u.Peer, u.Endpoint, u.PeerEnd}] = len(list)
		list = append(list, TrunkPair{
			PBX: u.PBX, Endpoint: u.Endpoint, Peer: u.Peer, PeerEnd: u.PeerEnd, State: pairProposed,
			Certain: u.Certain, Likely: u.Likely, Possible: u.Possible, LastSeen: &last,
		})
	}
	for _, d := range decided {
		k, made := key{d.PBX, d.Peer, d.Endpoint, d.PeerEnd}, d.Made.UTC()
		i, ok := at[k]
		if !ok {
			i = len(list)
			list = append(list, TrunkPair{PBX: d.PBX, Endpoint: d.Endpoint, Peer: d.Peer, PeerEnd: d.PeerEnd})
		}
		list[i].State, list[i].Note, list[i].Made = d.State, d.Note, &made
	}
	rank := map[string]int{pairProposed: 0, identity.PairConfirmed: 1, identity.PairRejected: 2}
	slices.SortStableFunc(list, func(x, y TrunkPair) int {
		return cmp.Or(rank[x.State]-rank[y.State], cmp.Compare(y.Certain+y.Likely, x.Certain+x.Likely))
	})
	return list
}

func (a *API) setTrunkPair(ctx context.Context, in *setTrunkPairInput) (*inForceOutput, error) {
	b := &in.Body
	force, err := a.decide(ctx, func(e *identity.Editor) error {
		_, err := e.SetPair(ctx, identity.Pair{PBX: b.PBX, Endpoint: b.Endpoint, Peer: b.Peer, PeerEnd: b.PeerEnd, State: b.State, Note: b.Note})
		return err
	})
	return &inForceOutput{force}, err
}

func (a *API) removeTrunkPair(ctx context.Context, in *removeTrunkPairInput) (*inForceOutput, error) {
	force, err := a.decide(ctx, func(e *identity.Editor) error {
		return e.RemovePair(ctx, identity.Pair{PBX: in.PBX, Endpoint: in.Endpoint, Peer: in.Peer, PeerEnd: in.PeerEnd})
	})
	return &inForceOutput{force}, err
}
