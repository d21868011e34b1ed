// Package pgtest gives each test a database of its own: a clone of one that was migrated once, in a PostgreSQL that
// all tests of this machine's user share and that ends by itself soon after the last of them. It is for tests only.
package pgtest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/pg"
	"github.com/callweave/callweave/cloud/pg/cluster"
	"github.com/callweave/callweave/migrations"
	"github.com/callweave/callweave/tenants"
)

const login = "callweave"

// Outsider is a role that the server lets this user log in as, once a test has made it, and that has been granted nothing.
const Outsider = "callweave_outsider"

// New opens a fresh, migrated database that is dropped when the test ends.
func New(t testing.TB) *pg.DB {
	t.Helper()
	db, err := pg.Open(t.Context(), pg.Config{URL: URL(t), MaxConns: 8})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return db
}

// NewTenant makes a tenant with its partitions.
func NewTenant(t testing.TB, db *pg.DB, slug string) tenants.ID {
	t.Helper()
	made, err := tenants.NewStore(db.Owner(), db.System()).Create(t.Context(), tenants.New{Slug: slug, Name: slug})
	if err != nil {
		t.Fatal(err)
	}
	return made.ID
}

// URL makes a fresh, migrated database and returns its address, as the login role of the product. It is dropped when
// the test ends.
func URL(t testing.TB) string {
	t.Helper()
	c, template := shared(t)
	name := "test_" + strings.ToLower(rand.Text()[:16])
	exec(t, c, fmt.Sprintf("CREATE DATABASE %s TEMPLATE %s OWNER %s", name, template, login))
	t.Cleanup(func() { exec(t, c, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)") })
	return c.URL(login, name)
}

// Superuser is the address of an empty database as the server's superuser, and as the plain login role, for tests of
// roles and migrations themselves.
func Superuser(t testing.TB) (super, plain string) {
	t.Helper()
	c, _ := shared(t)
	name := "test_" + strings.ToLower(rand.Text()[:16])
	exec(t, c, fmt.Sprintf("CREATE DATABASE %s TEMPLATE template0 OWNER %s", name, login))
	t.Cleanup(func() { exec(t, c, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)") })
	return c.URL(cluster.Superuser, name), c.URL(login, name)
}

// Dir is a temporary directory for a private cluster: with a short name, for the socket's sake, and open to the system
// user a server runs as where the tests run as root.
func Dir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "cw") //nolint:usetesting // t.TempDir is closed to others and long
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	if err := os.Chmod(dir, 0o755); err != nil { //nolint:gosec // see above
		t.Fatal(err)
	}
	return dir
}

func exec(t testing.TB, c *cluster.Cluster, sql string) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	if err := execAs(ctx, c.URL(cluster.Superuser, "postgres"), sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

func execAs(ctx context.Context, url, sql string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	_, err = conn.Exec(ctx, sql)
	return err
}

// use is this process's use of the shared cluster. What releases it is kept although nobody calls it: it holds the file
// with the lock, which would be closed as soon as nobody referred to it. The end of the process lets go of the lock.
type use struct {
	cluster *cluster.Cluster
	release func()
}

var found = sync.OnceValues(func() (use, error) {
	dir := filepath.Join(os.TempDir(), "callweave-pgtest-"+strconv.Itoa(os.Geteuid()))
	cfg := cluster.Config{Roles: []string{login, Outsider}, Settings: []string{"shared_buffers=128MB", "max_connections=300", "autovacuum=off"}}
	c, release, err := cluster.Shared(context.Background(), dir, cfg, func(ctx context.Context, c *cluster.Cluster) error {
		if err := pg.Bootstrap(ctx, c.URL(cluster.Superuser, "postgres"), login, login); err != nil {
			return err
		}
		return makeTemplate(ctx, c)
	})
	return use{c, release}, err
})

func shared(t testing.TB) (*cluster.Cluster, string) {
	t.Helper()
	u, err := found()
	if err != nil {
		t.Fatal(err)
	}
	name, err := templateName()
	if err != nil {
		t.Fatal(err)
	}
	return u.cluster, name
}

// makeTemplate migrates a database once per state of the migrations. It gets its name last, so that a kill in the
// middle leaves no half-migrated template.
func makeTemplate(ctx context.Context, c *cluster.Cluster) error {
	name, err := templateName()
	if err != nil {
		return err
	}
	conn, err := pgx.Connect(ctx, c.URL(cluster.Superuser, "postgres"))
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	var there bool
	if err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name).Scan(&there); err != nil || there {
		return err
	}
	const raw = "template_raw"
	if _, err := conn.Exec(ctx, "DROP DATABASE IF EXISTS "+raw+" WITH (FORCE)"); err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, "CREATE DATABASE "+raw+" TEMPLATE template0 OWNER "+login); err != nil {
		return err
	}
	if err := pg.Migrate(ctx, c.URL(login, raw), slog.New(slog.DiscardHandler)); err != nil {
		return err
	}
	_, err = conn.Exec(ctx, "ALTER DATABASE "+raw+" RENAME TO "+name)
	return err
}

// templateName is a hash over all migrations.
func templateName() (string, error) {
	h := sha256.New()
	err := fs.WalkDir(migrations.FS, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := fs.ReadFile(migrations.FS, path)
		h.Write([]byte(path))
		h.Write(raw)
		return err
	})
	return "template_" + hex.EncodeToString(h.Sum(nil)[:8]), err
}
