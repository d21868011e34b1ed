// Package views keeps saved views: addresses of pages under names, one's own or shared with everybody of the tenant. What a
// view shows is computed anew for whoever opens it, so sharing one gives nobody a right to see anything.
package views

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Most is how many views somebody may have.
const Most = 200

// Errors of this package.
var (
	ErrNotFound  = errors.New("there is no such view, or it is not shared")
	ErrNotOwner  = errors.New("the view is somebody else's")
	ErrNameTaken = errors.New("one of the owner's views has that name")
	ErrFull      = errors.New("nobody may have that many views")
)

// View is a page under a name, as one user sees it.
type View struct {
	ID        int32
	Owner     uuid.UUID
	OwnerName string
	Content
	Favorite bool // of the user who asks
	Changed  time.Time
}

// Content is what its owner says of a view.
type Content struct {
	Name   string
	Report string // of the catalogue; calls: the journal
	Search string // what stands after the ? of the page's address: period, filters, columns, sort, all of it
	Shared bool
}

const selectViews = `SELECT v.id, v.owner_id, u.name, v.name, v.report, v.search, v.shared, f.view_id IS NOT NULL, v.changed
	FROM views v JOIN users u ON u.tenant_id = v.tenant_id AND u.id = v.owner_id
	LEFT JOIN favorite_views f ON f.tenant_id = v.tenant_id AND f.view_id = v.id AND f.user_id = $1
	WHERE v.tenant_id = current_tenant() AND (v.owner_id = $1 OR v.shared)`

// List returns the views a user has and those shared with him: favorites first, then by name.
func List(ctx context.Context, tx pgx.Tx, user uuid.UUID) ([]View, error) {
	rows, err := tx.Query(ctx, selectViews+` ORDER BY f.view_id IS NULL, lower(v.name), v.id`, user)
	if err != nil {
		return nil, fmt.Errorf("list views: %w", err)
	}
	list, err := pgx.CollectRows(rows, scan)
	if err != nil {
		return nil, fmt.Errorf("list views: %w", err)
	}
	return list, nil
}

// Get returns one of them, or ErrNotFound.
func Get(ctx context.Context, tx pgx.Tx, user uuid.UUID, id int32) (View, error) {
	rows, err := tx.Query(ctx, selectViews+` AND v.id = $2`, user, id)
	if err != nil {
		return View{}, fmt.Errorf("read view: %w", err)
	}
	v, err := pgx.CollectExactlyOneRow(rows, scan)
	if errors.Is(err, pgx.ErrNoRows) {
		return v, ErrNotFound
	}
	if err != nil {
		return v, fmt.Errorf("read view: %w", err)
	}
	return v, nil
}

func scan(row pgx.CollectableRow) (v View, err error) {
	err = row.Scan(&v.ID, &v.Owner, &v.OwnerName, &v.Name, &v.Report, &v.Search, &v.Shared, &v.Favorite, &v.Changed)
	v.Changed = v.Changed.UTC()
	return v, err
}

// Add stores a view of a user. ErrNameTaken and ErrFull come back.
func Add(ctx context.Context, tx pgx.Tx, user uuid.UUID, c Content) (View, error) {
	// Views of one user are added one after the other, so that the count below is right.
	if _, err := tx.Exec(ctx, `SELECT FROM users WHERE tenant_id = current_tenant() AND id = $1 FOR NO KEY UPDATE`, user); err != nil {
		return View{}, fmt.Errorf("add view: %w", err)
	}
	var n int
	if err := tx.QueryRow(ctx, `SELECT count(*) FROM views WHERE tenant_id = current_tenant() AND owner_id = $1`, user).Scan(&n); err != nil {
		return View{}, fmt.Errorf("add view: %w", err)
	}
	if n >= Most {
		return View{}, ErrFull
	}
	var id int32
	err := tx.QueryRow(ctx, `INSERT INTO views (tenant_id, owner_id, name, report, search, shared) VALUES (current_tenant(), $1, $2, $3, $4, $5) RETURNING id`,
		user, c.Name, c.Report, c.Search, c.Shared).Scan(&id)
	if err != nil {
		return View{}, named("add view", err)
	}
	return Get(ctx, tx, user, id)
}

// Change puts other content into a view, which only its owner may.
func Change(ctx context.Context, tx pgx.Tx, user uuid.UUID, id int32, c Content) (View, error) {
	was, err := Get(ctx, tx, user, id)
	if err != nil {
		return was, err
	}
	if was.Owner != user {
		return was, ErrNotOwner
	}
	_, err = tx.Exec(ctx, `UPDATE views SET name = $2, report = $3, search = $4, shared = $5, changed = now() WHERE tenant_id = current_tenant() AND id = $1`,
		id, c.Name, c.Report, c.Search, c.Shared)
	if err != nil {
		return was, named("change view", err)
	}
	return Get(ctx, tx, user, id)
}

// Remove removes a view: its owner any of his, others, if they may at all, what is shared.
func Remove(ctx context.Context, tx pgx.Tx, user uuid.UUID, id int32, others bool) error {
	was, err := Get(ctx, tx, user, id)
	if err != nil {
		return err
	}
	if was.Owner != user && !others {
		return ErrNotOwner
	}
	if _, err := tx.Exec(ctx, `DELETE FROM views WHERE tenant_id = current_tenant() AND id = $1`, id); err != nil {
		return fmt.Errorf("remove view: %w", err)
	}
	return nil
}

// Favor says whether a view is among a user's favorites.
func Favor(ctx context.Context, tx pgx.Tx, user uuid.UUID, id int32, favorite bool) error {
	if _, err := Get(ctx, tx, user, id); err != nil {
		return err
	}
	sql := `DELETE FROM favorite_views WHERE tenant_id = current_tenant() AND user_id = $1 AND view_id = $2`
	if favorite {
		sql = `INSERT INTO favorite_views (tenant_id, user_id, view_id) VALUES (current_tenant(), $1, $2) ON CONFLICT DO NOTHING`
	}
	if _, err := tx.Exec(ctx, sql, user, id); err != nil {
		return fmt.Errorf("favor view: %w", err)
	}
	return nil
}

func named(what string, err error) error {
	var pe *pgconn.PgError
	if errors.As(err, &pe) && pe.Code == "23505" {
		return ErrNameTaken
	}
	return fmt.Errorf("%s: %w", what, err)
}
