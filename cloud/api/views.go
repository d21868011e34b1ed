package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/locale"
	"github.com/callweave/callweave/cloud/rights"
	"github.com/callweave/callweave/cloud/views"
)

// View is a saved view.
type View struct {
	ID       int32     `json:"id"`
	Name     string    `json:"name"`
	Report   string    `json:"report" doc:"Of the catalogue of reports; calls: the journal"`
	Search   string    `json:"search" doc:"What stands after the ? of the page's address: the whole state"`
	Shared   bool      `json:"shared" doc:"With everybody of the tenant; each sees what he may see himself"`
	Favorite bool      `json:"favorite" doc:"Of the viewer"`
	Own      bool      `json:"own" doc:"The viewer may change it"`
	Owner    string    `json:"owner" doc:"The name of whose it is"`
	Changed  time.Time `json:"changed"`
}

type viewBody struct {
	Name   string `json:"name" minLength:"1" maxLength:"100"`
	Report string `json:"report" pattern:"^[a-z][a-z0-9_-]{0,63}$"`
	Search string `json:"search" maxLength:"4000" pattern:"^[^?#\\x00-\\x1f][^#\\x00-\\x1f]*$|^$"`
	Shared bool   `json:"shared"`
}

func (b viewBody) content() views.Content {
	return views.Content{Name: b.Name, Report: b.Report, Search: b.Search, Shared: b.Shared}
}

type (
	viewInput   struct{ Body viewBody }
	viewIDInput struct {
		ID int32 `path:"id" minimum:"1"`
	}
	changeViewInput struct {
		ID   int32 `path:"id" minimum:"1"`
		Body viewBody
	}
	favorViewInput struct {
		ID   int32 `path:"id" minimum:"1"`
		Body struct {
			Favorite bool `json:"favorite"`
		}
	}
	viewOutput  struct{ Body View }
	viewsOutput struct {
		Body struct {
			Views []View `json:"views" nullable:"false" doc:"Favorites first, then by name"`
		}
	}
)

// viewOperations are about saved views.
func (a *API) viewOperations() {
	const get, post, put, del = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete
	register(a, operation{get, "/views", "list-views", "views", "Saved views: one's own, and those shared with everybody", 0, needs(rights.ReadReports)}, a.listViews)
	register(a, operation{post, "/views", "add-view", "views", "Save a view", 201, needs(rights.ReadReports)}, a.addView)
	register(a, operation{put, "/views/{id}", "change-view", "views", "Change a view of one's own", 0, needs(rights.ReadReports)}, a.changeView)
	register(a, operation{del, "/views/{id}", "remove-view", "views", "Remove a view of one's own; administrators also a shared one", 204, needs(rights.ReadReports)}, a.removeView)
	register(a, operation{put, "/views/{id}/favorite", "favor-view", "views", "Put a view among one's favorites, or take it away", 204, needs(rights.ReadReports)}, a.favorView)
}

func shownView(v views.View, viewer *Viewer) View {
	return View{
		ID: v.ID, Name: v.Name, Report: v.Report, Search: v.Search, Shared: v.Shared, Favorite: v.Favorite,
		Own: v.Owner == viewer.User, Owner: v.OwnerName, Changed: v.Changed,
	}
}

func (a *API) listViews(ctx context.Context, _ *struct{}) (*viewsOutput, error) {
	v := viewerOf(ctx)
	out := &viewsOutput{}
	out.Body.Views = []View{}
	err := a.deps.DB.As(v.Tenant).Read(ctx, func(tx pgx.Tx) error {
		list, err := views.List(ctx, tx, v.User)
		for _, found := range list {
			out.Body.Views = append(out.Body.Views, shownView(found, v))
		}
		return err
	})
	return out, err
}

// oneView does something that results in a view.
func (a *API) oneView(ctx context.Context, do func(tx pgx.Tx, v *Viewer) (views.View, error)) (*viewOutput, error) {
	v := viewerOf(ctx)
	out := &viewOutput{}
	err := a.deps.DB.As(v.Tenant).Tx(ctx, func(tx pgx.Tx) error {
		made, err := do(tx, v)
		out.Body = shownView(made, v)
		return err
	})
	return out, viewRefused(err)
}

func (a *API) addView(ctx context.Context, in *viewInput) (*viewOutput, error) {
	return a.oneView(ctx, func(tx pgx.Tx, v *Viewer) (views.View, error) { return views.Add(ctx, tx, v.User, in.Body.content()) })
}

func (a *API) changeView(ctx context.Context, in *changeViewInput) (*viewOutput, error) {
	return a.oneView(ctx, func(tx pgx.Tx, v *Viewer) (views.View, error) {
		return views.Change(ctx, tx, v.User, in.ID, in.Body.content())
	})
}

func (a *API) removeView(ctx context.Context, in *viewIDInput) (*emptyOutput, error) {
	v := viewerOf(ctx)
	return nil, viewRefused(a.deps.DB.As(v.Tenant).Tx(ctx, func(tx pgx.Tx) error {
		return views.Remove(ctx, tx, v.User, in.ID, v.Can(rights.WriteUsers))
	}))
}

func (a *API) favorView(ctx context.Context, in *favorViewInput) (*emptyOutput, error) {
	v := viewerOf(ctx)
	return nil, viewRefused(a.deps.DB.As(v.Tenant).Tx(ctx, func(tx pgx.Tx) error {
		return views.Favor(ctx, tx, v.User, in.ID, in.Body.Favorite)
	}))
}

func viewRefused(err error) error {
	switch {
	case errors.Is(err, views.ErrNotFound):
		return notFound()
	case errors.Is(err, views.ErrNotOwner):
		return fail(http.StatusForbidden, "not-owner", locale.Say("This view is somebody else's. Save it under a name of your own."))
	case errors.Is(err, views.ErrNameTaken):
		return fail(http.StatusConflict, "name-taken", locale.Say("You already have a view of that name."))
	case errors.Is(err, views.ErrFull):
		return fail(http.StatusConflict, "full", locale.Say("You have %d views, and more are not kept. Remove one first.", views.Most))
	}
	return err
}
