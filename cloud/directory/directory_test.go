package directory_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/directory"
	"github.com/callweave/callweave/cloud/pg"
	"github.com/callweave/callweave/cloud/pg/pgtest"
	"github.com/callweave/callweave/tenants"
)

var errRollBack = errors.New("roll back")

type fixture struct {
	t      *testing.T
	db     *pg.DB
	dir    *directory.Directory
	tenant tenants.ID
}

func newFixture(t *testing.T) *fixture {
	db := pgtest.New(t)
	return &fixture{t: t, db: db, dir: directory.New(), tenant: pgtest.NewTenant(t, db, "acme")}
}

// resolve runs one transaction and returns the ids. Where fail is set, the transaction is rolled back and nothing kept.
func (f *fixture) resolve(fail bool, names ...directory.Name) []int64 {
	f.t.Helper()
	s := f.dir.Session(f.tenant)
	err := f.db.As(f.tenant).Tx(f.t.Context(), func(tx pgx.Tx) error {
		if err := s.Resolve(f.t.Context(), tx, names); err != nil {
			return err
		}
		if fail {
			return errRollBack
		}
		return nil
	})
	if fail != errors.Is(err, errRollBack) || !fail && err != nil {
		f.t.Fatal(err)
	}
	if !fail {
		s.Keep()
	}
	var ids []int64
	for _, n := range names {
		ids = append(ids, s.ID(n.Kind, n.Station, n.Key))
	}
	return ids
}

func (f *fixture) text(sql string, args ...any) (got string) {
	f.t.Helper()
	err := f.db.As(f.tenant).Tx(f.t.Context(), func(tx pgx.Tx) error { return tx.QueryRow(f.t.Context(), sql, args...).Scan(&got) })
	if err != nil {
		f.t.Fatal(err)
	}
	return got
}

func TestSameNameKeepsItsID(t *testing.T) {
	f := newFixture(t)
	names := []directory.Name{
		{Kind: directory.Operator, Station: 1, Key: "101"},
		{Kind: directory.Operator, Station: 2, Key: "101"},
		{Kind: directory.Queue, Station: 1, Key: "600", Label: "Sales"},
		{Kind: directory.Trunk, Station: 1, Key: "PJSIP/carrier"},
		{Kind: directory.Number, Station: 1, Key: "79161234501"},
		{Kind: directory.Number, Station: 2, Key: "79161234501"},
	}
	first := f.resolve(false, names...)
	for i, id := range first {
		if id == 0 {
			t.Errorf("%v has no id", names[i])
		}
	}
	if first[0] == first[1] {
		t.Error("number 101 of two stations is one operator")
	}
	if first[4] != first[5] {
		t.Error("an outside number is two numbers on two stations")
	}
	f.dir = directory.New() // another process
	second := f.resolve(false, names...)
	for i := range first {
		if first[i] != second[i] {
			t.Errorf("%v was %d and is %d", names[i], first[i], second[i])
		}
	}
}

func TestRolledBackNameIsNotRemembered(t *testing.T) {
	f := newFixture(t)
	op := directory.Name{Kind: directory.Operator, Station: 1, Key: "101"}
	f.resolve(true, op)
	kept := f.resolve(false, op)[0]
	if got := f.text(`SELECT number FROM operators WHERE id = $1`, kept); got != "101" {
		t.Errorf("operator %d is %q", kept, got)
	}
}

func TestLabelIsTakenAndNotLost(t *testing.T) {
	f := newFixture(t)
	q := directory.Name{Kind: directory.Queue, Station: 1, Key: "600"}
	for _, step := range []struct{ label, want string }{{"", ""}, {"Sales", "Sales"}, {"", "Sales"}, {"Sales and support", "Sales and support"}} {
		q.Label = step.label
		f.resolve(false, q)
		if got := f.text(`SELECT name FROM queues WHERE number = '600'`); got != step.want {
			t.Errorf("after label %q the name is %q, want %q", step.label, got, step.want)
		}
	}
}

func TestAnythingAPBXSaysCanBeAName(t *testing.T) {
	f := newFixture(t)
	for _, key := range []string{"a\x00b", "\xff\xfe", strings.Repeat("9", 100_000), strings.Repeat("я", 5000), "' OR 1=1", "{,}", `\`} {
		ids := f.resolve(false, directory.Name{Kind: directory.Operator, Station: 1, Key: key, Label: key}, directory.Name{Kind: directory.Number, Key: key})
		if ids[0] == 0 || ids[1] == 0 {
			t.Errorf("%.20q has no id", key)
		}
	}
}

func TestTwoWritersAgreeOnAnID(t *testing.T) {
	f := newFixture(t)
	name := directory.Name{Kind: directory.Operator, Station: 1, Key: "101"}
	// The second transaction begins to insert while the first one is not committed yet, and waits for it.
	a := f.dir.Session(f.tenant)
	b := directory.New().Session(f.tenant)
	second := make(chan error, 1)
	err := f.db.As(f.tenant).Tx(t.Context(), func(tx pgx.Tx) error {
		if err := a.Resolve(t.Context(), tx, []directory.Name{name}); err != nil {
			return err
		}
		go func() {
			second <- f.db.As(f.tenant).Tx(t.Context(), func(tx pgx.Tx) error {
				return b.Resolve(t.Context(), tx, []directory.Name{name})
			})
		}()
		return nil
	})
	if err := errors.Join(err, <-second); err != nil {
		t.Fatal(err)
	}
	if x, y := a.ID(name.Kind, 1, "101"), b.ID(name.Kind, 1, "101"); x != y || x == 0 {
		t.Errorf("one sees %d, the other %d", x, y)
	}
}

func TestPBXBelongsToAStation(t *testing.T) {
	f := newFixture(t)
	var id int32
	err := f.db.As(f.tenant).Tx(t.Context(), func(tx pgx.Tx) error {
		return tx.QueryRow(t.Context(), `WITH s AS (INSERT INTO stations (tenant_id, name) VALUES ($1, 'head office') RETURNING id)
			INSERT INTO pbxs (tenant_id, station_id, name) SELECT $1, id, 'A' FROM s RETURNING id`, f.tenant.UUID()).Scan(&id)
	})
	if err != nil {
		t.Fatal(err)
	}
	look := func(ctx context.Context, id int32) (p directory.PBX, err error) {
		s := f.dir.Session(f.tenant)
		err = f.db.As(f.tenant).Tx(ctx, func(tx pgx.Tx) error {
			p, err = s.PBX(ctx, tx, id)
			return err
		})
		s.Keep()
		return p, err
	}
	for range 2 {
		p, err := look(t.Context(), id)
		if err != nil || p.Name != "A" || p.Station == 0 {
			t.Errorf("PBX is %+v, %v", p, err)
		}
	}
	if _, err := look(t.Context(), id+1); !errors.Is(err, directory.ErrNoPBX) {
		t.Errorf("err = %v; want ErrNoPBX", err)
	}
}
