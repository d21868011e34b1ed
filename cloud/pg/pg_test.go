package pg_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/callweave/callweave/cloud/pg"
	"github.com/callweave/callweave/cloud/pg/pgtest"
	"github.com/callweave/callweave/tenants"
)

func TestZeroTenantIsRefusedBeforeAnySQL(t *testing.T) {
	db := pgtest.New(t)
	ran := false
	err := db.As(tenants.ID{}).Tx(t.Context(), func(pgx.Tx) error { ran = true; return nil })
	if !errors.Is(err, pg.ErrNoTenant) || ran {
		t.Fatalf("err = %v, ran = %v; want ErrNoTenant and nothing run", err, ran)
	}
}

func TestTransactionRunsAsARoleThatCannotBypassRowSecurity(t *testing.T) {
	db := pgtest.New(t)
	id := pgtest.NewTenant(t, db, "a")
	for name, tx := range map[string]func(context.Context, func(pgx.Tx) error) error{
		"callweave_app":    db.As(id).Tx,
		"callweave_system": db.System().Tx,
	} {
		err := tx(t.Context(), func(tx pgx.Tx) error {
			var user string
			var super, bypass bool
			err := tx.QueryRow(t.Context(), `SELECT current_user::text, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user`).Scan(&user, &super, &bypass)
			if user != name || super || bypass {
				t.Errorf("user %s, superuser %v, bypasses %v; want plain %s", user, super, bypass, name)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestEveryTableWithATenantHasRowSecurity(t *testing.T) {
	db := pgtest.New(t)
	pgtest.NewTenant(t, db, "a")
	var open []string
	err := db.Owner().Tx(t.Context(), func(tx pgx.Tx) error {
		rows, err := tx.Query(t.Context(), `
			SELECT c.relname::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
			WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
			  AND (c.relispartition OR has_table_privilege('callweave_app', c.oid, 'SELECT'))
			  AND NOT (c.relrowsecurity AND (c.relforcerowsecurity OR c.relname = 'agents'))`)
		if err != nil {
			return err
		}
		open, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(open) > 0 {
		t.Errorf("tables that a tenant may read without row-level security: %v", open)
	}
}

func insertStation(ctx context.Context, db *pg.DB, as, of tenants.ID, name string) error {
	return db.As(as).Tx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO stations (tenant_id, name) VALUES ($1, $2)`, of.UUID(), name)
		return err
	})
}

func TestTenantSeesNothingOfAnother(t *testing.T) {
	db := pgtest.New(t)
	a, b := pgtest.NewTenant(t, db, "a"), pgtest.NewTenant(t, db, "b")
	if err := insertStation(t.Context(), db, a, a, "head office"); err != nil {
		t.Fatal(err)
	}
	for who, want := range map[tenants.ID][]string{a: {"head office", "a"}, b: {"b"}} {
		var got []string
		err := db.As(who).Tx(t.Context(), func(tx pgx.Tx) error {
			rows, err := tx.Query(t.Context(), `SELECT name FROM stations UNION ALL SELECT slug FROM tenants`)
			if err != nil {
				return err
			}
			got, err = pgx.CollectRows(rows, pgx.RowTo[string])
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("rows seen (-want +got):\n%s", diff)
		}
	}
}

func TestTenantCannotWriteAsAnother(t *testing.T) {
	db := pgtest.New(t)
	a, b := pgtest.NewTenant(t, db, "a"), pgtest.NewTenant(t, db, "b")
	var pe *pgconn.PgError
	if err := insertStation(t.Context(), db, b, a, "forged"); !errors.As(err, &pe) || pe.Code != "42501" {
		t.Fatalf("writing a's row as b: %v; want insufficient privilege", err)
	}
}

func TestPartitionIsNotReachedAroundItsParent(t *testing.T) {
	db := pgtest.New(t)
	a := pgtest.NewTenant(t, db, "a")
	partition := "calls_" + strings.ReplaceAll(a.String(), "-", "")
	err := db.As(a).Tx(t.Context(), func(tx pgx.Tx) error {
		_, err := tx.Exec(t.Context(), "SELECT FROM "+partition)
		return err
	})
	var pe *pgconn.PgError
	if !errors.As(err, &pe) || pe.Code != "42501" {
		t.Fatalf("reading a partition: %v; want insufficient privilege", err)
	}
}

func TestOwnerSeesNoTenantsRows(t *testing.T) {
	db := pgtest.New(t)
	a := pgtest.NewTenant(t, db, "a")
	if err := insertStation(t.Context(), db, a, a, "head office"); err != nil {
		t.Fatal(err)
	}
	for name, tx := range map[string]func(context.Context, func(pgx.Tx) error) error{"owner": db.Owner().Tx} {
		var n int
		err := tx(t.Context(), func(tx pgx.Tx) error { return tx.QueryRow(t.Context(), `SELECT count(*) FROM stations`).Scan(&n) })
		if err != nil || n != 0 {
			t.Errorf("%s sees %d stations, %v; want none", name, n, err)
		}
	}
}

func TestTenantDoesNotOutliveItsTransaction(t *testing.T) {
	db, err := pg.Open(t.Context(), pg.Config{URL: pgtest.URL(t), MaxConns: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	a := pgtest.NewTenant(t, db, "a")
	if err := insertStation(t.Context(), db, a, a, "head office"); err != nil {
		t.Fatal(err)
	}
	err = db.Owner().Tx(t.Context(), func(tx pgx.Tx) error {
		var role, tenant string
		err := tx.QueryRow(t.Context(), `SELECT current_user::text, current_setting('app.tenant_id', true)`).Scan(&role, &tenant)
		if role != "callweave" || tenant != "" {
			t.Errorf("role %q, tenant %q are left on the connection", role, tenant)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestBulkInsertUnderRowSecurityWorksByUnnest(t *testing.T) {
	db := pgtest.New(t)
	a := pgtest.NewTenant(t, db, "a")
	names := []string{"one", "two", "three"}
	err := db.As(a).Tx(t.Context(), func(tx pgx.Tx) error {
		_, err := tx.Exec(t.Context(), `INSERT INTO stations (tenant_id, name) SELECT current_tenant(), unnest($1::text[])`, names)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	err = db.As(a).Tx(t.Context(), func(tx pgx.Tx) error {
		_, err := tx.CopyFrom(t.Context(), pgx.Identifier{"stations"}, []string{"tenant_id", "name"}, pgx.CopyFromRows([][]any{{a.UUID(), "four"}}))
		return err
	})
	var pe *pgconn.PgError
	if !errors.As(err, &pe) || pe.Code != "0A000" {
		t.Fatalf("COPY under row-level security: %v; it was refused so far, which is why unnest is used", err)
	}
}

func TestOpenRefusesALoginThatMayNotTakeTheRoles(t *testing.T) {
	super, _ := pgtest.Superuser(t)
	conn, err := pgx.Connect(t.Context(), super)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	_, err = conn.Exec(t.Context(), `DO $$ BEGIN CREATE ROLE `+pgtest.Outsider+` LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$`)
	if err != nil {
		t.Fatal(err)
	}
	_, err = pg.Open(t.Context(), pg.Config{URL: strings.Replace(super, "postgres@", pgtest.Outsider+"@", 1)})
	var re *pg.RoleError
	if !errors.As(err, &re) || re.Role != "callweave_app" || !strings.Contains(err.Error(), "GRANT callweave_app") {
		t.Fatalf("err = %v; want a RoleError that says what to grant", err)
	}
}

func TestRowSecurityHoldsWhereTheLoginRoleIsASuperuser(t *testing.T) {
	super, plain := pgtest.Superuser(t)
	if err := pg.Migrate(t.Context(), plain, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	db, err := pg.Open(t.Context(), pg.Config{URL: super})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	a, b := pgtest.NewTenant(t, db, "a"), pgtest.NewTenant(t, db, "b")
	if err := insertStation(t.Context(), db, a, a, "head office"); err != nil {
		t.Fatal(err)
	}
	var n int
	err = db.As(b).Tx(t.Context(), func(tx pgx.Tx) error { return tx.QueryRow(t.Context(), `SELECT count(*) FROM stations`).Scan(&n) })
	if err != nil || n != 0 {
		t.Fatalf("b sees %d stations of a, %v; want none", n, err)
	}
}

func TestMigrationsGoUpTwice(t *testing.T) {
	_, plain := pgtest.Superuser(t)
	for range 2 {
		if err := pg.Migrate(t.Context(), plain, slog.New(slog.DiscardHandler)); err != nil {
			t.Fatal(err)
		}
	}
	db, err := pg.Open(t.Context(), pg.Config{URL: plain})
	if err != nil {
		t.Fatal(err)
	}
	db.Close()
}
