package pg_test

import (
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"github.com/callweave/callweave/cloud/pg"
	"github.com/callweave/callweave/cloud/pg/pgtest"
	"github.com/callweave/callweave/migrations"
	"github.com/callweave/callweave/tenants"
)

// firstVersion makes a database of the first migration with a tenant and one call in it.
func firstVersion(t *testing.T, url string, tenant tenants.ID) {
	t.Helper()
	cc, err := pgx.ParseConfig(url)
	if err != nil {
		t.Fatal(err)
	}
	db := stdlib.OpenDB(*cc)
	defer db.Close()
	p, err := goose.NewProvider(goose.DialectPostgres, db, migrations.FS, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.UpTo(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	sql := `INSERT INTO tenants (id, slug, name) VALUES ('ID', 'old', 'Old');`
	for _, table := range []string{"calls", "queue_visits", "attempts", "segments", "raw_batches"} {
		sql += `CREATE TABLE ` + table + `_HEX PARTITION OF ` + table + ` FOR VALUES IN ('ID');
			ALTER TABLE ` + table + `_HEX ENABLE ROW LEVEL SECURITY; ALTER TABLE ` + table + `_HEX FORCE ROW LEVEL SECURITY;`
	}
	sql += `BEGIN; SET LOCAL ROLE callweave_app; SET LOCAL app.tenant_id = 'ID';
		INSERT INTO stations (tenant_id, name) VALUES ('ID', 'office');
		INSERT INTO pbxs (tenant_id, station_id, name) SELECT 'ID', id, 'office' FROM stations;
		INSERT INTO operators (tenant_id, station_id, number) SELECT 'ID', id, '101' FROM stations;
		INSERT INTO calls (tenant_id, id, started, rev, open, partial, direction, disposition, hangup_by, caller, caller_name, dialled, pbx_ids, queue_ids,
			operator_ids, wait_ms, talk_ms, hold_ms, ring_count, transfer_count, story)
			SELECT 'ID', gen_random_uuid(), '2025-03-04 23:59:59.9Z', 1, false, false, 1, 1, 1, '79161234567', '', '600', '{}', '{}', array_agg(id), 0, 0, 0, 0, 0, '{
				"queues": [{"position": 4}], "talks": [{"with": "102", "consult": true}], "legs": [{"number": "102", "pbx": "branch"}],
				"links": [{"from": "office", "to": "branch", "at": "2025-03-05T00:00:01Z"}],
				"transfers": [{"pbx": "office", "kind": "attended", "by": "101", "to": "102", "at": "2025-03-05T00:00:02Z", "result": "completed"}],
				"ivr": [{"pbx": "office", "application": "Digit", "data": "2", "from": "2025-03-05T00:00:00Z", "to": null}]}' FROM operators;
		INSERT INTO queue_visits SELECT 'ID', id, 0, 1, 1, started, NULL, 1, NULL, false FROM calls;
		INSERT INTO segments SELECT 'ID', id, 0, 1, 1, NULL, NULL, '102', started, NULL, false FROM calls;
		COMMIT;`
	sql = strings.NewReplacer("HEX", strings.ReplaceAll(tenant.String(), "-", ""), "ID", tenant.String()).Replace(sql)
	if _, err := db.ExecContext(t.Context(), sql); err != nil {
		t.Fatal(err)
	}
}

func TestTenantOfTheFirstVersionHasAllThatCameLater(t *testing.T) {
	_, plain := pgtest.Superuser(t)
	old := tenants.NewID()
	firstVersion(t, plain, old)
	if err := pg.Migrate(t.Context(), plain, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	db, err := pg.Open(t.Context(), pg.Config{URL: plain})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	fresh := pgtest.NewTenant(t, db, "fresh")
	if d := cmp.Diff(partitionsOf(t, db, fresh), partitionsOf(t, db, old)); d != "" {
		t.Errorf("partitions (-of a tenant made today +of one made then):\n%s", d)
	}
	err = db.As(old).Tx(t.Context(), func(tx pgx.Tx) error {
		var n int
		if err := tx.QueryRow(t.Context(), `SELECT count(*) FROM calls WHERE attributes = '{}'`).Scan(&n); err != nil || n != 1 {
			t.Errorf("%d of the calls have no attributes, want the one there is: %v", n, err)
		}
		for _, sql := range []string{
			`SELECT FROM transfers x JOIN operators o ON o.id = x.by_operator_id WHERE x.kind = 2 AND x.result = 14 AND x.to_number = '102' AND x.to_operator_id IS NULL AND x.cross_pbx`,
			`SELECT FROM call_steps WHERE n = 0 AND application = 'Digit' AND data = '2' AND to_at IS NULL`,
			`SELECT FROM queue_visits WHERE position = 4`,
			`SELECT FROM segments WHERE with_kind = 4`,
			`SELECT FROM fact_revisions WHERE part = 1 AND day = DATE '2025-03-04' - DATE '1970-01-01' AND rev = 1`,
			`INSERT INTO operator_states (tenant_id, id, kind, pbx_id, operator_id, from_at, estimated, interface, member, membership, penalty, began_by, ended_by, reason, end_reason)
				SELECT current_tenant(), gen_random_uuid(), 8, p.id, o.id, now(), false, 'PJSIP/101', '', '', 0, '', '', '', '' FROM pbxs p, operators o`,
			`INSERT INTO people (tenant_id, name) VALUES (current_tenant(), 'Anna')`,
			`INSERT INTO bindings (tenant_id, person_id, operator_id, valid_from) SELECT current_tenant(), p.id, o.id, now() FROM people p, operators o`,
			`INSERT INTO endpoints (tenant_id, pbx_id, endpoint, class, signs, first_seen, seen) SELECT current_tenant(), id, 'PJSIP/101', 1, 1, now(), now() FROM pbxs`,
			`INSERT INTO dids (tenant_id, station_id, number, how, first_seen, seen) SELECT current_tenant(), id, '600', 'seen', now(), now() FROM stations`,
			`INSERT INTO services (tenant_id, station_id, number, how, first_seen, seen) SELECT current_tenant(), id, '*1', 'seen', now(), now() FROM stations`,
		} {
			if tag, err := tx.Exec(t.Context(), sql); err != nil || tag.RowsAffected() != 1 {
				t.Fatalf("%s: %d rows, %v", sql, tag.RowsAffected(), err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// partitionsOf are a tenant's partitions, each with its indexes and whether row-level security is forced.
func partitionsOf(t *testing.T, db *pg.DB, id tenants.ID) (list []string) {
	t.Helper()
	err := db.Owner().Tx(t.Context(), func(tx pgx.Tx) error {
		rows, err := tx.Query(t.Context(), `
			SELECT format('%s: security %s, forced %s, indexes %s', p.relname, c.relrowsecurity, c.relforcerowsecurity,
				(SELECT string_agg(regexp_replace(pg_get_indexdef(x.indexrelid), '^.* USING ', ''), '; ' ORDER BY regexp_replace(pg_get_indexdef(x.indexrelid), '^.* USING ', ''))
					FROM pg_index x WHERE x.indrelid = c.oid))
			FROM pg_class c JOIN pg_inherits i ON i.inhrelid = c.oid JOIN pg_class p ON p.oid = i.inhparent
			WHERE c.relkind = 'r' AND c.relname LIKE '%' || $1 ORDER BY 1`, strings.ReplaceAll(id.String(), "-", ""))
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(list) < 6 {
		t.Errorf("partitions of a tenant: %q", list)
	}
	return list
}

func TestNothingOfATenantIsLeftInTheTablesThatSayWhoseTheyAre(t *testing.T) {
	db := pgtest.New(t)
	pgtest.NewTenant(t, db, "a")
	var loose []string
	err := db.Owner().Tx(t.Context(), func(tx pgx.Tx) error {
		rows, err := tx.Query(t.Context(), `
			SELECT c.relname::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
			WHERE c.relkind = 'r' AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace
			  AND NOT EXISTS (SELECT FROM pg_constraint f WHERE f.conrelid = c.oid AND f.confrelid = 'tenants'::regclass AND f.confdeltype = 'c') ORDER BY 1`)
		if err != nil {
			return err
		}
		loose, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(loose) > 0 {
		t.Errorf("tables whose rows would outlive their tenant: %v", loose)
	}
}
