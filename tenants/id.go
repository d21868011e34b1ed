// Package tenants is the life of a tenant: create, list, suspend; and the typed handle every other package passes
// around. It does not know what a tenant's data looks like.
package tenants

import (
	"fmt"

	"github.com/google/uuid"
)

// ID is the handle of a tenant. It comes from a certificate or a session, never from the body of a request.
type ID struct{ id uuid.UUID }

// ParseID reads the canonical text form of a tenant id.
func ParseID(s string) (ID, error) {
	u, err := uuid.Parse(s)
	if err != nil {
		return ID{}, fmt.Errorf("parse tenant id: %w", err)
	}
	return ID{u}, nil
}

// NewID makes the id of a tenant to be created (UUIDv7: ids sort by age).
func NewID() ID { return ID{uuid.Must(uuid.NewV7())} }

// FromUUID wraps an id read from the catalogue or a verified certificate.
func FromUUID(u uuid.UUID) ID { return ID{u} }

// UUID is the id as the database stores it.
func (t ID) UUID() uuid.UUID { return t.id }

func (t ID) String() string { return t.id.String() }

// IsZero tells a forgotten tenant.
func (t ID) IsZero() bool { return t.id == uuid.Nil }

// MarshalText is how logs and JSON spell an id.
func (t ID) MarshalText() ([]byte, error) { return t.id.MarshalText() }
