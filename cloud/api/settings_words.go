package api

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/cloud/settings"
)

// reasonsSeen is how far back reasons of pauses are looked for.
const reasonsSeen = 30 * 24 * time.Hour

type reasonsOutput struct {
	Body struct {
		Reasons []settings.Reason `json:"reasons" nullable:"false" doc:"What was decided"`
		Seen    []string          `json:"seen" nullable:"false" doc:"Reasons of the last 30 days of which nothing was decided; an empty one: pauses without"`
	}
}

type (
	reasonInput  struct{ Body settings.Reason }
	reasonOutput struct{ Body settings.Reason }
)

type removeReasonInput struct {
	Reason string `query:"reason" maxLength:"200" doc:"As the PBX says it"`
}

func (a *API) listReasons(ctx context.Context, _ *struct{}) (*reasonsOutput, error) {
	out := &reasonsOutput{}
	tenant := viewerOf(ctx).Tenant
	err := a.recall(ctx, func(tx pgx.Tx) (err error) {
		if out.Body.Reasons, err = settings.Reasons(ctx, tx); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, `SELECT DISTINCT s.reason FROM operator_states s WHERE s.tenant_id = $1 AND s.from_at >= $2 AND s.kind = $3
			AND NOT EXISTS (SELECT FROM pause_reasons r WHERE r.tenant_id = $1 AND r.reason = s.reason) ORDER BY s.reason LIMIT 1000`,
			tenant.UUID(), a.deps.Now().Add(-reasonsSeen), int16(call.StatePaused))
		if err != nil {
			return err
		}
		out.Body.Seen, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	})
	return out, err
}

func (a *API) setReason(ctx context.Context, in *reasonInput) (*reasonOutput, error) {
	out := &reasonOutput{}
	err := a.settle(ctx, func(e *settings.Editor) (err error) {
		out.Body, err = e.SetReason(ctx, in.Body)
		return err
	})
	return out, err
}

func (a *API) removeReason(ctx context.Context, in *removeReasonInput) (*emptyOutput, error) {
	return nil, a.settle(ctx, func(e *settings.Editor) error { return e.RemoveReason(ctx, in.Reason) })
}

type trunksOutput struct {
	Body struct {
		Trunks []settings.TrunkLine `json:"trunks" nullable:"false"`
	}
}

type trunkInput struct {
	ID   int32 `path:"id" minimum:"1"`
	Body struct {
		Name  string `json:"name" maxLength:"200"`
		Lines int32  `json:"lines" minimum:"0" maximum:"100000" doc:"How many calls it carries at once; 0: nobody says"`
	}
}

type trunkOutput struct{ Body settings.TrunkLine }

func (a *API) listTrunks(ctx context.Context, _ *struct{}) (*trunksOutput, error) {
	out := &trunksOutput{}
	err := a.recall(ctx, func(tx pgx.Tx) (err error) {
		out.Body.Trunks, err = settings.Trunks(ctx, tx)
		return err
	})
	return out, err
}

func (a *API) setTrunk(ctx context.Context, in *trunkInput) (*trunkOutput, error) {
	out := &trunkOutput{}
	err := a.settle(ctx, func(e *settings.Editor) (err error) {
		out.Body, err = e.SetTrunk(ctx, settings.TrunkLine{ID: in.ID, Name: in.Body.Name, Lines: in.Body.Lines})
		return err
	})
	return out, err
}

type didsOutput struct {
	Body struct {
		DIDs []settings.CityNumber `json:"dids" nullable:"false"`
	}
}

type didInput struct {
	ID   int32 `path:"id" minimum:"1"`
	Body struct {
		Name string `json:"name" maxLength:"200"`
	}
}

type didOutput struct{ Body settings.CityNumber }

func (a *API) listDIDs(ctx context.Context, _ *struct{}) (*didsOutput, error) {
	out := &didsOutput{}
	err := a.recall(ctx, func(tx pgx.Tx) (err error) {
		out.Body.DIDs, err = settings.DIDs(ctx, tx)
		return err
	})
	return out, err
}

func (a *API) setDID(ctx context.Context, in *didInput) (*didOutput, error) {
	out := &didOutput{}
	err := a.settle(ctx, func(e *settings.Editor) (err error) {
		out.Body, err = e.SetDID(ctx, settings.CityNumber{ID: in.ID, Name: in.Body.Name})
		return err
	})
	return out, err
}

type prefixesOutput struct {
	Body struct {
		Prefixes []settings.Prefix `json:"prefixes" nullable:"false" doc:"The longest that fits decides"`
	}
}

type (
	prefixInput  struct{ Body settings.Prefix }
	prefixOutput struct{ Body settings.Prefix }
)

type removePrefixInput struct {
	Prefix string `query:"prefix" required:"true" maxLength:"20"`
}

func (a *API) listPrefixes(ctx context.Context, _ *struct{}) (*prefixesOutput, error) {
	out := &prefixesOutput{}
	err := a.recall(ctx, func(tx pgx.Tx) (err error) {
		out.Body.Prefixes, err = settings.Prefixes(ctx, tx)
		return err
	})
	return out, err
}

func (a *API) setPrefix(ctx context.Context, in *prefixInput) (*prefixOutput, error) {
	out := &prefixOutput{}
	err := a.settle(ctx, func(e *settings.Editor) (err error) {
		out.Body, err = e.SetPrefix(ctx, in.Body)
		return err
	})
	return out, err
}

func (a *API) removePrefix(ctx context.Context, in *removePrefixInput) (*emptyOutput, error) {
	return nil, a.settle(ctx, func(e *settings.Editor) error { return e.RemovePrefix(ctx, in.Prefix) })
}
