package tenants_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/pg"
	"github.com/callweave/callweave/cloud/pg/pgtest"
	"github.com/callweave/callweave/tenants"
)

func open(t *testing.T) (*tenants.Store, *pg.DB) {
	t.Helper()
	db := pgtest.New(t)
	return tenants.NewStore(db.Owner(), db.System()), db
}

func TestTenantIsCreatedFoundAndListed(t *testing.T) {
	store, _ := open(t)
	made, err := store.Create(t.Context(), tenants.New{Slug: "acme", Name: "  Acme  ", Zone: "Asia/Vladivostok", Language: "ru"})
	if err != nil {
		t.Fatal(err)
	}
	if made.Name != "Acme" || made.Cell == "" || made.Created.IsZero() {
		t.Errorf("made %+v", made)
	}
	if _, err := store.Create(t.Context(), tenants.New{Slug: "aaa", Name: "Another"}); err != nil {
		t.Fatal(err)
	}
	list, err := store.List(t.Context())
	if err != nil || len(list) != 2 || list[0].Slug != "aaa" || list[0].Zone != "UTC" || list[0].Language != "en" {
		t.Errorf("list is %+v, %v", list, err)
	}
	sameID := cmp.Comparer(func(a, b tenants.ID) bool { return a == b })
	for name, find := range map[string]func() (tenants.Tenant, error){
		"id":         func() (tenants.Tenant, error) { return store.Get(t.Context(), made.ID) },
		"short name": func() (tenants.Tenant, error) { return store.BySlug(t.Context(), "acme") },
	} {
		got, err := find()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(made, got, sameID); diff != "" {
			t.Errorf("found by %s (-made +found):\n%s", name, diff)
		}
	}
}

func TestShortNameIsTakenOnce(t *testing.T) {
	store, db := open(t)
	for i, want := range []error{nil, tenants.ErrExists} {
		if _, err := store.Create(t.Context(), tenants.New{Slug: "acme", Name: "Acme"}); !errors.Is(err, want) {
			t.Errorf("creation %d: %v; want %v", i+1, err, want)
		}
	}
	var n int
	err := db.Owner().Tx(t.Context(), func(tx pgx.Tx) error {
		return tx.QueryRow(t.Context(), `SELECT count(*) FROM pg_class WHERE relispartition AND relkind = 'r'`).Scan(&n)
	})
	if err != nil || n != 9 {
		t.Errorf("there are %d partitions, %v; want the nine of one tenant", n, err)
	}
}

func TestPropertiesOfANewTenantAreChecked(t *testing.T) {
	store, _ := open(t)
	good := tenants.New{Slug: "acme", Name: "Acme"}
	for property, spoil := range map[string]func(*tenants.New){
		"short name": func(n *tenants.New) { n.Slug = "Acme Ltd" },
		"name":       func(n *tenants.New) { n.Name = strings.Repeat("x", 201) },
		"time zone":  func(n *tenants.New) { n.Zone = "Mars/Olympus" },
		"language":   func(n *tenants.New) { n.Language = "tlh" },
	} {
		bad := good
		spoil(&bad)
		var invalid *tenants.InvalidError
		if _, err := store.Create(t.Context(), bad); !errors.As(err, &invalid) || invalid.Property != property {
			t.Errorf("%s: err = %v", property, err)
		}
	}
	for _, slug := range []string{"", "-a", strings.Repeat("a", 64), "a_b", "é"} {
		if _, err := store.Create(t.Context(), tenants.New{Slug: slug, Name: "x"}); err == nil {
			t.Errorf("short name %q was taken", slug)
		}
	}
}

func TestSuspensionKeepsItsTimeAndIsTakenBack(t *testing.T) {
	store, _ := open(t)
	made, err := store.Create(t.Context(), tenants.New{Slug: "acme", Name: "Acme"})
	if err != nil {
		t.Fatal(err)
	}
	first, err := store.Suspend(t.Context(), made.ID)
	if err != nil || first.Suspended.IsZero() {
		t.Fatalf("suspended %+v, %v", first, err)
	}
	second, err := store.Suspend(t.Context(), made.ID)
	if err != nil || !second.Suspended.Equal(first.Suspended) {
		t.Errorf("the second suspension is of %v, %v; want %v", second.Suspended, err, first.Suspended)
	}
	back, err := store.Resume(t.Context(), made.ID)
	if err != nil || !back.Suspended.IsZero() {
		t.Errorf("resumed %+v, %v", back, err)
	}
	if _, err := store.Suspend(t.Context(), tenants.NewID()); !errors.Is(err, tenants.ErrNotFound) {
		t.Errorf("err = %v; want ErrNotFound", err)
	}
}

func TestTenantIDComesFromItsText(t *testing.T) {
	id := tenants.NewID()
	back, err := tenants.ParseID(id.String())
	if err != nil || back != id {
		t.Errorf("%v came back as %v, %v", id, back, err)
	}
	if _, err := tenants.ParseID("acme"); err == nil {
		t.Error("a name was taken for an id")
	}
	if (tenants.ID{}).IsZero() != true || id.IsZero() {
		t.Error("IsZero does not tell a forgotten tenant")
	}
}
