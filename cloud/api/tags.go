package api

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/settings"
	"github.com/callweave/callweave/tenants"
)

type tagsOutput struct {
	Body struct {
		Tags []settings.Tag `json:"tags" nullable:"false"`
	}
}

type tagBody struct {
	Name    string `json:"name" maxLength:"60"`
	Retired bool   `json:"retired,omitempty" doc:"Stays on calls that have it, and is offered for no other"`
}

type tagInput struct{ Body tagBody }

type changeTagInput struct {
	ID   int32 `path:"id" minimum:"1"`
	Body tagBody
}

type tagOutput struct{ Body settings.Tag }

func (a *API) listTags(ctx context.Context, _ *struct{}) (*tagsOutput, error) {
	out := &tagsOutput{}
	err := a.recall(ctx, func(tx pgx.Tx) (err error) {
		out.Body.Tags, err = settings.Tags(ctx, tx)
		return err
	})
	return out, err
}

func (a *API) addTag(ctx context.Context, in *tagInput) (*tagOutput, error) {
	out := &tagOutput{}
	err := a.settle(ctx, func(e *settings.Editor) (err error) {
		out.Body, err = e.AddTag(ctx, settings.Tag{Name: in.Body.Name, Retired: in.Body.Retired})
		return err
	})
	return out, err
}

func (a *API) changeTag(ctx context.Context, in *changeTagInput) (*tagOutput, error) {
	out := &tagOutput{}
	err := a.settle(ctx, func(e *settings.Editor) (err error) {
		out.Body, err = e.ChangeTag(ctx, settings.Tag{ID: in.ID, Name: in.Body.Name, Retired: in.Body.Retired})
		return err
	})
	return out, err
}

func (a *API) removeTag(ctx context.Context, in *idInput) (*emptyOutput, error) {
	tenant := viewerOf(ctx).Tenant.UUID()
	return nil, a.settle(ctx, func(e *settings.Editor) error { return e.RemoveTag(ctx, tenant, in.ID) })
}

type tagCallInput struct {
	ID   string `path:"id" format:"uuid"`
	Body struct {
		Tags []int32 `json:"tags" nullable:"false" maxItems:"20"`
	}
}

type tagCallOutput struct {
	Body struct {
		Tags []int32 `json:"tags" nullable:"false"`
	}
}

// tagCall asks for the call as its page does, so that nobody tags what he may not see.
func (a *API) tagCall(ctx context.Context, in *tagCallInput) (*tagCallOutput, error) {
	if _, err := a.getCall(ctx, &callInput{ID: in.ID}); err != nil {
		return nil, err
	}
	id, err := uuid.Parse(in.ID)
	if err != nil {
		return nil, notFound()
	}
	v := viewerOf(ctx)
	err = a.settle(ctx, func(e *settings.Editor) error { return e.TagCall(ctx, v.Tenant.UUID(), id, v.Login, in.Body.Tags) })
	out := &tagCallOutput{}
	out.Body.Tags = append([]int32{}, in.Body.Tags...)
	return out, err
}

// addTags says of each call which tags it has.
func addTags(ctx context.Context, tx pgx.Tx, tenant tenants.ID, calls []CallRow) error {
	at, ids := map[string]int{}, make([]string, 0, len(calls))
	for i := range calls {
		calls[i].Tags = []int32{}
		at[calls[i].ID] = i
		ids = append(ids, calls[i].ID)
	}
	rows, err := tx.Query(ctx, `SELECT call_id::text, tag_id FROM call_tags WHERE tenant_id = $1 AND call_id = ANY($2) ORDER BY at, tag_id`, tenant.UUID(), ids)
	if err != nil {
		return fmt.Errorf("read tags of calls: %w", err)
	}
	var call string
	var tag int32
	_, err = pgx.ForEachRow(rows, []any{&call, &tag}, func() error {
		c := &calls[at[call]]
		c.Tags = append(c.Tags, tag)
		return nil
	})
	if err != nil {
		return fmt.Errorf("read tags of calls: %w", err)
	}
	return nil
}
