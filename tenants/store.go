package tenants

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Errors of the store. Each is a sentence for people; errors.Is tells them apart for machines.
var (
	ErrExists   = errors.New("a tenant of that short name exists")
	ErrNotFound = errors.New("there is no such tenant")
)

// InvalidError says which property of a new tenant is wrong, and what it should be.
type InvalidError struct{ Property, Problem string }

func (e *InvalidError) Error() string { return e.Property + " " + e.Problem }

// Tenant is one row of the catalogue.
type Tenant struct {
	ID        ID
	Slug      string // short name: in addresses and on the command line
	Name      string
	Cell      string // which PostgreSQL holds its data
	Zone      string // IANA
	Language  string
	Suspended time.Time // zero: in service
	Created   time.Time
}

// New is a tenant to be made. Zone is "UTC" and Language "en" where they are empty.
type New struct{ Slug, Name, Zone, Language string }

// Transactor runs fn in a transaction that is committed when fn returns nil. Whoever opens the database provides it.
type Transactor interface {
	Tx(ctx context.Context, fn func(pgx.Tx) error) error
}

// Store is the catalogue of tenants.
type Store struct{ owner, system Transactor }

// NewStore takes the owner of the schema, who can make partitions, and the role that sees all tenants.
func NewStore(owner, system Transactor) *Store { return &Store{owner: owner, system: system} }

// partitioned are the tables that have a partition per tenant: those that grow with its calls.
func partitioned() []string {
	return []string{"calls", "queue_visits", "attempts", "segments", "raw_batches", "operator_states", "call_tags", "transfers", "call_steps"}
}

var slugs = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}$`)

func (n *New) check() error {
	n.Name = strings.TrimSpace(n.Name)
	if n.Zone == "" {
		n.Zone = "UTC"
	}
	if n.Language == "" {
		n.Language = "en"
	}
	switch {
	case !slugs.MatchString(n.Slug):
		return &InvalidError{"short name", "must be 1 to 63 small letters, digits and dashes, and not begin with a dash"}
	case n.Name == "" || utf8.RuneCountInString(n.Name) > 200 || !utf8.ValidString(n.Name) || strings.ContainsRune(n.Name, 0):
		return &InvalidError{"name", "must be 1 to 200 characters"}
	case n.Language != "en" && n.Language != "ru":
		return &InvalidError{"language", "must be en or ru"}
	}
	if _, err := time.LoadLocation(n.Zone); err != nil || n.Zone == "Local" {
		return &InvalidError{"time zone", "must be an IANA name such as Europe/Moscow"}
	}
	return nil
}

// Create adds a tenant and its partitions in one transaction. It returns an [*InvalidError] or [ErrExists].
func (s *Store) Create(ctx context.Context, n New) (Tenant, error) {
	if err := n.check(); err != nil {
		return Tenant{}, fmt.Errorf("create tenant: %w", err)
	}
	t := Tenant{ID: NewID(), Slug: n.Slug, Name: n.Name, Zone: n.Zone, Language: n.Language}
	err := s.owner.Tx(ctx, func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, `INSERT INTO tenants (id, slug, name, zone, language) VALUES ($1, $2, $3, $4, $5) RETURNING cell_id, created`,
			t.ID.UUID(), t.Slug, t.Name, t.Zone, t.Language).Scan(&t.Cell, &t.Created)
		if err != nil {
			return err
		}
		for _, table := range partitioned() {
			if err := addPartition(ctx, tx, table, t.ID); err != nil {
				return fmt.Errorf("add partition of %s: %w", table, err)
			}
		}
		return nil
	})
	var pe *pgconn.PgError
	if errors.As(err, &pe) && pe.ConstraintName == "tenants_slug_key" {
		err = ErrExists
	}
	if err != nil {
		return Tenant{}, fmt.Errorf("create tenant: %w", err)
	}
	return t, nil
}

// addPartition makes a tenant's part of a table. Rows are reached through the parent only, whose policies apply: the
// partition itself has row-level security with no policy and grants nothing to anybody. It is made apart and then attached,
// because that locks no writer of the parent out: tenants come while others are at work.
func addPartition(ctx context.Context, tx pgx.Tx, table string, id ID) error {
	name := pgx.Identifier{table + "_" + strings.ReplaceAll(id.String(), "-", "")}.Sanitize()
	for _, sql := range []string{
		"CREATE TABLE " + name + " (LIKE " + table + " INCLUDING ALL) WITH (fillfactor = 90)",
		"ALTER TABLE " + name + " ENABLE ROW LEVEL SECURITY",
		"ALTER TABLE " + name + " FORCE ROW LEVEL SECURITY",
		"ALTER TABLE " + table + " ATTACH PARTITION " + name + " FOR VALUES IN ('" + id.String() + "')",
	} {
		if _, err := tx.Exec(ctx, sql); err != nil {
			return err
		}
	}
	return nil
}

const columns = `id, slug, name, cell_id, zone, language, suspended, created`

// List returns all tenants by short name.
func (s *Store) List(ctx context.Context) (list []Tenant, err error) {
	err = s.system.Tx(ctx, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `SELECT `+columns+` FROM tenants ORDER BY slug`)
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, scan)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list tenants: %w", err)
	}
	return list, nil
}

// Get returns one tenant, or [ErrNotFound].
func (s *Store) Get(ctx context.Context, id ID) (Tenant, error) {
	return s.one(ctx, `SELECT `+columns+` FROM tenants WHERE id = $1`, id.UUID())
}

// BySlug returns the tenant of a short name, or [ErrNotFound].
func (s *Store) BySlug(ctx context.Context, slug string) (Tenant, error) {
	return s.one(ctx, `SELECT `+columns+` FROM tenants WHERE slug = $1`, slug)
}

// Suspend takes a tenant out of service: its agents are turned away and its people cannot log in, its data stays. A
// tenant that is suspended already keeps the time since when. It returns [ErrNotFound].
func (s *Store) Suspend(ctx context.Context, id ID) (Tenant, error) {
	return s.one(ctx, `UPDATE tenants SET suspended = coalesce(suspended, now()) WHERE id = $1 RETURNING `+columns, id.UUID())
}

// Resume puts a suspended tenant back into service. It returns [ErrNotFound].
func (s *Store) Resume(ctx context.Context, id ID) (Tenant, error) {
	return s.one(ctx, `UPDATE tenants SET suspended = NULL WHERE id = $1 RETURNING `+columns, id.UUID())
}

func (s *Store) one(ctx context.Context, sql string, arg any) (t Tenant, err error) {
	err = s.system.Tx(ctx, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, sql, arg)
		if err != nil {
			return err
		}
		t, err = pgx.CollectExactlyOneRow(rows, scan)
		return err
	})
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return Tenant{}, ErrNotFound
	case err != nil:
		return Tenant{}, fmt.Errorf("read tenant: %w", err)
	}
	return t, nil
}

func scan(row pgx.CollectableRow) (t Tenant, err error) {
	var suspended *time.Time
	err = row.Scan(&t.ID.id, &t.Slug, &t.Name, &t.Cell, &t.Zone, &t.Language, &suspended, &t.Created)
	if suspended != nil {
		t.Suspended = *suspended
	}
	return t, err
}

// SetZone gives the tenant of the caller's transaction another time zone. It returns an [*InvalidError].
func SetZone(ctx context.Context, tx pgx.Tx, zone string) error {
	if _, err := time.LoadLocation(zone); err != nil || zone == "" || zone == "Local" {
		return &InvalidError{"time zone", "must be an IANA name such as Europe/Moscow"}
	}
	if _, err := tx.Exec(ctx, `UPDATE tenants SET zone = $1 WHERE id = current_tenant()`, zone); err != nil {
		return fmt.Errorf("set zone: %w", err)
	}
	return nil
}
