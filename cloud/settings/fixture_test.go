package settings_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/directory"
	"github.com/callweave/callweave/cloud/identity"
	"github.com/callweave/callweave/cloud/pg"
	"github.com/callweave/callweave/cloud/pg/pgtest"
	"github.com/callweave/callweave/cloud/settings"
	"github.com/callweave/callweave/tenants"
)

// fixture is a tenant in Moscow with two stations, office and branch, both of which have a queue 600 and a device 101.
type fixture struct {
	t              *testing.T
	db             *pg.DB
	tenant         tenants.ID
	by             identity.Author
	sales, support int32 // queues of the office: 600 and 601
	phone, second  int32 // devices of the office: 101 and 102
	trunk, did     int32
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	db := pgtest.New(t)
	f := &fixture{t: t, db: db, tenant: pgtest.NewTenant(t, db, "acme"), by: identity.Author{User: uuid.New(), Login: "anna"}}
	f.tx(func(tx pgx.Tx) error {
		s := directory.New().Session(f.tenant)
		for _, station := range []string{"office", "branch"} {
			p, err := directory.AddPBX(t.Context(), tx, station, station)
			if err != nil {
				return err
			}
			names := []directory.Name{{Kind: directory.Operator, Station: p.Station, Key: "101"}, {Kind: directory.Queue, Station: p.Station, Key: "600", Label: "Of the PBX"}}
			if station == "office" {
				names = append(
					names, directory.Name{Kind: directory.Operator, Station: p.Station, Key: "102"}, directory.Name{Kind: directory.Queue, Station: p.Station, Key: "601"},
					directory.Name{Kind: directory.Trunk, Station: p.Station, Key: "PJSIP/carrier"},
				)
			}
			if err := s.Resolve(t.Context(), tx, names); err != nil {
				return err
			}
			if station == "office" {
				id := func(kind directory.Kind, key string) int32 { return int32(s.ID(kind, p.Station, key)) }
				f.sales, f.support, f.phone, f.second = id(directory.Queue, "600"), id(directory.Queue, "601"), id(directory.Operator, "101"), id(directory.Operator, "102")
				f.trunk = id(directory.Trunk, "PJSIP/carrier")
				if err := tx.QueryRow(t.Context(), `INSERT INTO dids (tenant_id, station_id, number, how, first_seen, seen)
					VALUES (current_tenant(), $1, '74951234567', 'seen', now(), now()) RETURNING id`, p.Station).Scan(&f.did); err != nil {
					return err
				}
			}
		}
		return tenants.SetZone(t.Context(), tx, "Europe/Moscow")
	})
	return f
}

func (f *fixture) tx(fn func(pgx.Tx) error) {
	f.t.Helper()
	if err := f.db.As(f.tenant).Tx(f.t.Context(), fn); err != nil {
		f.t.Fatal(err)
	}
}

// edit makes changes in a transaction of their own and returns what came of it.
func (f *fixture) edit(fn func(*settings.Editor) error) error {
	f.t.Helper()
	return f.db.As(f.tenant).Tx(f.t.Context(), func(tx pgx.Tx) error { return fn(settings.Edit(tx, f.by)) })
}

func (f *fixture) must(fn func(*settings.Editor) error) {
	f.t.Helper()
	if err := f.edit(fn); err != nil {
		f.t.Fatal(err)
	}
}

func (f *fixture) person(name string) (id int32) {
	f.t.Helper()
	f.must(func(e *settings.Editor) error {
		p, err := e.AddPerson(f.t.Context(), identity.Person{Name: name})
		id = p.ID
		return err
	})
	return id
}

func list(t *testing.T, name string) settings.List {
	t.Helper()
	l, ok := settings.FindList(name)
	if !ok {
		t.Fatalf("there is no list %s", name)
	}
	return l
}

// export is a list as a file, without its mark and line ends.
func (f *fixture) export(name string) (file string) {
	f.t.Helper()
	f.tx(func(tx pgx.Tx) error {
		b, err := list(f.t, name).Export(f.t.Context(), tx, false)
		file = strings.ReplaceAll(strings.TrimPrefix(string(b), "\ufeff"), "\r\n", "\n")
		return err
	})
	return file
}

// load imports a file, and tells what changed or what is wrong, a line each.
func (f *fixture) load(name, file string) string {
	f.t.Helper()
	var out strings.Builder
	err := f.edit(func(e *settings.Editor) error {
		_, err := e.Import(f.t.Context(), list(f.t, name), []byte(file))
		for _, c := range e.Made() {
			fmt.Fprintf(&out, "%s %s\n", c.Action, c.Subject)
		}
		return err
	})
	var wrong *settings.SheetError
	switch {
	case errors.As(err, &wrong):
		out.Reset()
		for _, p := range wrong.Problems {
			fmt.Fprintf(&out, "%d: %s\n", p.Line, p.Say)
		}
	case err != nil:
		f.t.Fatal(err)
	}
	return out.String()
}

// audit is the changes, the first first, a line each.
func (f *fixture) audit() string {
	f.t.Helper()
	var out strings.Builder
	f.tx(func(tx pgx.Tx) error {
		rows, err := tx.Query(f.t.Context(), `SELECT login, action, subject, coalesce(before::text, '-'), coalesce(after::text, '-') FROM audit ORDER BY id`)
		if err != nil {
			return err
		}
		var login, action, subject, before, after string
		_, err = pgx.ForEachRow(rows, []any{&login, &action, &subject, &before, &after}, func() error {
			fmt.Fprintf(&out, "%s %s %s: %s → %s\n", login, action, subject, before, after)
			return nil
		})
		return err
	})
	return out.String()
}

func newTenant(t *testing.T, f *fixture) tenants.ID {
	t.Helper()
	return pgtest.NewTenant(t, f.db, "other")
}
