package settings

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/locale"
)

// Tag is a word people put on calls.
type Tag struct {
	ID      int32  `json:"id"`
	Name    string `json:"name" maxLength:"60"`
	Retired bool   `json:"retired" doc:"Stays on calls that have it, and is offered for no other"`
}

const (
	tags        = `SELECT id, name, retired FROM tags WHERE tenant_id = current_tenant()`
	tagsOfACall = 20
)

// Tags lists them by name.
func Tags(ctx context.Context, tx pgx.Tx) ([]Tag, error) {
	return all[Tag](ctx, tx, tags+` ORDER BY name`)
}

// AddTag adds one.
func (e *Editor) AddTag(ctx context.Context, t Tag) (Tag, error) {
	t.ID = 0
	if err := e.checkTag(ctx, &t); err != nil {
		return t, err
	}
	if err := e.room(ctx, "tags"); err != nil {
		return t, err
	}
	err := e.tx.QueryRow(ctx, `INSERT INTO tags (tenant_id, name, retired) VALUES (current_tenant(), $1, $2) RETURNING id`, t.Name, t.Retired).Scan(&t.ID)
	if err != nil {
		return t, fmt.Errorf("add tag: %w", err)
	}
	return t, e.Note(ctx, "tag.add", t.Name, nil, t)
}

// ChangeTag renames or retires the tag of that id.
func (e *Editor) ChangeTag(ctx context.Context, t Tag) (Tag, error) {
	was, err := e.tag(ctx, t.ID)
	if err != nil {
		return t, err
	}
	if err := e.checkTag(ctx, &t); err != nil {
		return t, err
	}
	if err := e.exec(ctx, `UPDATE tags SET name = $2, retired = $3 WHERE tenant_id = current_tenant() AND id = $1`, t.ID, t.Name, t.Retired); err != nil {
		return t, err
	}
	return t, e.changed(ctx, "tag.change", t.Name, was, t)
}

// RemoveTag removes one that no call has. Others are retired, because past reports would lose the word.
func (e *Editor) RemoveTag(ctx context.Context, tenant uuid.UUID, id int32) error {
	was, err := e.tag(ctx, id)
	if err != nil {
		return err
	}
	var used bool
	if err := e.tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM call_tags WHERE tenant_id = $1 AND tag_id = $2)`, tenant, id).Scan(&used); err != nil {
		return fmt.Errorf("read tags of calls: %w", err)
	}
	if used {
		return conflict("tag-used", locale.Say("Calls have the tag %s. Retire it instead: it stays on them and is offered for no other.", was.Name))
	}
	if err := e.exec(ctx, `DELETE FROM tags WHERE tenant_id = current_tenant() AND id = $1`, id); err != nil {
		return err
	}
	return e.Note(ctx, "tag.remove", was.Name, was, nil)
}

func (e *Editor) tag(ctx context.Context, id int32) (Tag, error) {
	return one[Tag](ctx, e.tx, tags+` AND id = $1 FOR UPDATE`, id)
}

func (e *Editor) checkTag(ctx context.Context, t *Tag) (err error) {
	if t.Name, err = name(t.Name, true); err != nil {
		return err
	}
	taken, err := e.text(ctx, `SELECT name FROM tags WHERE tenant_id = current_tenant() AND name = $1 AND id <> $2`, t.Name, t.ID)
	if err != nil {
		return err
	}
	if taken != "" {
		return conflict("name-taken", locale.Say("There is a tag of the name %s already.", taken))
	}
	return nil
}

// TagCall puts these tags on a call in the place of those it has. Retired ones stay where they are and come to no other. The
// tenant is a parameter, so that the planner knows the one partition; the caller has made sure that the call is there.
func (e *Editor) TagCall(ctx context.Context, tenant, call uuid.UUID, login string, ids []int32) error {
	ids = append([]int32{}, slices.Compact(slices.Sorted(slices.Values(ids)))...) // none is not unknown
	if len(ids) > tagsOfACall {
		return invalid(locale.Say("A call has at most %d tags.", tagsOfACall))
	}
	before, err := e.tagsOf(ctx, tenant, call)
	if err != nil {
		return err
	}
	var fit int
	err = e.tx.QueryRow(ctx, `SELECT count(*) FROM tags t WHERE t.tenant_id = $1 AND t.id = ANY($3)
		AND (NOT t.retired OR EXISTS (SELECT FROM call_tags c WHERE c.tenant_id = $1 AND c.call_id = $2 AND c.tag_id = t.id))`, tenant, call, ids).Scan(&fit)
	if err != nil {
		return fmt.Errorf("read tags: %w", err)
	}
	if fit != len(ids) {
		return invalid(locale.Say("One of the tags is not there any more, or was retired. Look again."))
	}
	if err := e.exec(ctx, `DELETE FROM call_tags WHERE tenant_id = $1 AND call_id = $2 AND tag_id <> ALL($3)`, tenant, call, ids); err != nil {
		return err
	}
	err = e.exec(ctx, `INSERT INTO call_tags (tenant_id, call_id, tag_id, login) SELECT $1, $2, unnest($3::int[]), $4 ON CONFLICT DO NOTHING`, tenant, call, ids, login)
	if err != nil {
		return err
	}
	if err := e.exec(ctx, `SELECT tagged_calls($1, ARRAY[$2::uuid])`, tenant, call); err != nil { // facts of its day are others now
		return err
	}
	after, err := e.tagsOf(ctx, tenant, call)
	if err != nil {
		return err
	}
	return e.changed(ctx, "call.tags", call.String(), before, after)
}

func (e *Editor) tagsOf(ctx context.Context, tenant, call uuid.UUID) ([]string, error) {
	rows, err := e.tx.Query(ctx, `SELECT t.name FROM call_tags c JOIN tags t ON t.tenant_id = c.tenant_id AND t.id = c.tag_id
		WHERE c.tenant_id = $1 AND c.call_id = $2 ORDER BY t.name`, tenant, call)
	if err != nil {
		return nil, fmt.Errorf("read tags of call: %w", err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return nil, fmt.Errorf("read tags of call: %w", err)
	}
	return list, nil
}
