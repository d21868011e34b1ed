package pg

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/callweave/callweave/tenants"
)

// The roles a transaction runs as. The migrations make them.
const (
	roleApp    = "callweave_app"
	roleSystem = "callweave_system"
)

// ErrNoTenant comes back, before anything is sent to the server, from a transaction bound to the zero tenant.
var ErrNoTenant = errors.New("no tenant: a tenant's transaction was asked for without saying whose")

// defaultConns is enough for the assemblers of all partitions to be at work and the API to answer meanwhile.
const defaultConns = 24

// Config says which database. URL is a PostgreSQL URL or keyword string. MaxConns of zero means what the URL says with
// pool_max_conns, else 24.
type Config struct {
	URL      string
	MaxConns int32
}

// DB is a pool of connections.
type DB struct{ pool *pgxpool.Pool }

// Open connects and makes sure that the two roles exist, may be taken, and cannot bypass row-level security. It returns
// a [*RoleError] where they do not, in words for the person who runs the server.
func Open(ctx context.Context, cfg Config) (*DB, error) {
	pc, err := pgxpool.ParseConfig(cfg.URL)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	switch {
	case cfg.MaxConns > 0:
		pc.MaxConns = cfg.MaxConns
	case !strings.Contains(cfg.URL, "pool_max_conns"):
		pc.MaxConns = defaultConns
	}
	if pc.ConnConfig.RuntimeParams["application_name"] == "" {
		pc.ConnConfig.RuntimeParams["application_name"] = "callweave"
	}
	pool, err := pgxpool.NewWithConfig(ctx, pc)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	db := &DB{pool: pool}
	if err := db.checkRoles(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("open database: %w", err)
	}
	return db, nil
}

// Close waits for running transactions and closes all connections.
func (db *DB) Close() { db.pool.Close() }

// Ping tells whether the server answers.
func (db *DB) Ping(ctx context.Context) error { return db.pool.Ping(ctx) }

// As binds to a tenant: what runs in its transactions sees and writes that tenant's rows only.
func (db *DB) As(t tenants.ID) Tenant { return Tenant{db: db, id: t} }

// System binds to what lies above tenants: the catalogue, agents, sessions, fencing. It sees no tenant's rows.
func (db *DB) System() System { return System{db: db} }

// Owner binds to the login role, for migrations and for the partitions of a new tenant. Nothing that serves requests
// uses it.
func (db *DB) Owner() Owner { return Owner{db: db} }

// Tenant is a database as one tenant sees it.
type Tenant struct {
	db *DB
	id tenants.ID
}

// ID is whose rows these are.
func (t Tenant) ID() tenants.ID { return t.id }

// Tx runs fn in a read-committed transaction that is committed when fn returns nil.
func (t Tenant) Tx(ctx context.Context, fn func(pgx.Tx) error) error {
	return t.run(ctx, "begin", fn)
}

// Read runs fn in a read-only transaction with one snapshot, for answers that take several queries.
func (t Tenant) Read(ctx context.Context, fn func(pgx.Tx) error) error {
	return t.run(ctx, "begin isolation level repeatable read read only", fn)
}

func (t Tenant) run(ctx context.Context, begin string, fn func(pgx.Tx) error) error {
	if t.id.IsZero() {
		return ErrNoTenant
	}
	// One round trip. The id is a UUID printed by its own type, so it needs no quoting of its own.
	begin += "; set local role " + roleApp + "; set local app.tenant_id = '" + t.id.String() + "'"
	return pgx.BeginTxFunc(ctx, t.db.pool, pgx.TxOptions{BeginQuery: begin}, fn)
}

// SystemPool opens connections of its own that stand above tenants from beginning to end, for a library that brings its own
// transactions. They see no tenant's rows. Whoever asks for the pool closes it.
func (db *DB) SystemPool(ctx context.Context, most int32) (*pgxpool.Pool, error) {
	pc := db.pool.Config()
	pc.MaxConns, pc.MinConns = most, 0
	pc.AfterConnect = func(ctx context.Context, c *pgx.Conn) error {
		_, err := c.Exec(ctx, "set role "+roleSystem)
		return err
	}
	pool, err := pgxpool.NewWithConfig(ctx, pc)
	if err != nil {
		return nil, fmt.Errorf("open system pool: %w", err)
	}
	return pool, nil
}

// System is the database above tenants.
type System struct{ db *DB }

// Tx runs fn in a read-committed transaction that is committed when fn returns nil.
func (s System) Tx(ctx context.Context, fn func(pgx.Tx) error) error {
	return pgx.BeginTxFunc(ctx, s.db.pool, pgx.TxOptions{BeginQuery: "begin; set local role " + roleSystem}, fn)
}

// Owner is the database as its owner sees it. Row-level security is forced, so a tenant's rows stay hidden from it too.
type Owner struct{ db *DB }

// Tx runs fn in a read-committed transaction that is committed when fn returns nil.
func (o Owner) Tx(ctx context.Context, fn func(pgx.Tx) error) error {
	return pgx.BeginTxFunc(ctx, o.db.pool, pgx.TxOptions{}, fn)
}
