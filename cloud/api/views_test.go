package api_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/api"
	"github.com/callweave/callweave/cloud/views"
)

func aView(name string, shared bool) map[string]any {
	return map[string]any{"name": name, "report": "queues", "search": "period=7d&queue=1,2", "shared": shared}
}

func (f *fixture) addView(login, name string, shared bool) int32 {
	f.t.Helper()
	var made views.View
	must(f.t, f.db.As(f.mine).Tx(f.t.Context(), func(tx pgx.Tx) (err error) {
		made, err = views.Add(f.t.Context(), tx, f.people[login], views.Content{Name: name, Report: "queues", Search: "period=7d", Shared: shared})
		return err
	}))
	return made.ID
}

func viewsOf(t *testing.T, b *browser) []api.View {
	t.Helper()
	var got struct{ Views []api.View }
	b.do("GET", "/views", nil).into(t, &got)
	return got.Views
}

func TestViewsAreSeenByTheirOwnerAndWhereSharedByAll(t *testing.T) {
	f := newFixture(t)
	anna, sveta := f.as("anna"), f.as("sveta")
	var shared, own api.View
	anna.do("POST", "/views", aView("Week of sales", true)).into(t, &shared)
	anna.do("POST", "/views", aView("Mine", false)).into(t, &own)
	if r := sveta.do("PUT", "/views/"+itoa(shared.ID)+"/favorite", map[string]bool{"favorite": true}); r.status != 204 {
		t.Fatalf("%d %s", r.status, r.body)
	}
	ignore := cmpopts.IgnoreFields(api.View{}, "ID", "Changed")
	want := []api.View{{Name: "Week of sales", Report: "queues", Search: "period=7d&queue=1,2", Shared: true, Favorite: true, Owner: "ANNA"}}
	if diff := cmp.Diff(want, viewsOf(t, sveta), ignore); diff != "" {
		t.Errorf("sveta's views (-want +got):\n%s", diff)
	}
	want = []api.View{
		{Name: "Mine", Report: "queues", Search: "period=7d&queue=1,2", Own: true, Owner: "ANNA"},
		{Name: "Week of sales", Report: "queues", Search: "period=7d&queue=1,2", Shared: true, Own: true, Owner: "ANNA"},
	}
	if diff := cmp.Diff(want, viewsOf(t, anna), ignore); diff != "" {
		t.Errorf("anna's views (-want +got):\n%s", diff)
	}
	if got := viewsOf(t, f.as("stranger")); len(got) != 0 {
		t.Errorf("another tenant sees %+v", got)
	}
}

func TestViewOfSomebodyElseIsNotChanged(t *testing.T) {
	f := newFixture(t)
	shared, own := itoa(f.addView("sveta", "Shared", true)), itoa(f.addView("sveta", "Own", false))
	anna, sveta := f.as("anna"), f.as("sveta")
	if r := anna.do("PUT", "/views/"+shared, aView("Stolen", true)); r.status != 403 || r.code(t) != "not-owner" {
		t.Errorf("change a shared one: %d %s", r.status, r.body)
	}
	for _, r := range []reply{anna.do("PUT", "/views/"+own, aView("Stolen", true)), anna.do("DELETE", "/views/"+own, nil), anna.do("PUT", "/views/"+own+"/favorite", map[string]bool{"favorite": true})} {
		if r.status != 404 {
			t.Errorf("somebody's own view: %d %s", r.status, r.body)
		}
	}
	if r := anna.do("DELETE", "/views/"+shared, nil); r.status != 204 {
		t.Errorf("an administrator removes what is shared: %d %s", r.status, r.body)
	}
	if got := viewsOf(t, sveta); len(got) != 1 || got[0].Name != "Own" {
		t.Errorf("left are %+v", got)
	}
}

func TestBadViewsAreRefused(t *testing.T) {
	f := newFixture(t)
	f.addView("sveta", "Taken", false)
	sveta := f.as("sveta")
	for code, body := range map[string]map[string]any{
		"name-taken":  aView("Taken", false),
		"bad-request": {"name": "x", "report": "queues", "search": "a=1#frag", "shared": false},
	} {
		if r := sveta.do("POST", "/views", body); r.code(t) != code {
			t.Errorf("%v: %d %s", body, r.status, r.body)
		}
	}
}
