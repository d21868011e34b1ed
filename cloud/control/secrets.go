package control

import (
	"context"
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/pg"
)

// Names in the secrets table.
const (
	secretAuthority = "agents-ca"
	secretTokenKey  = "enrolment-token-key" //nolint:gosec // a name, not the key
)

// Keys are the secrets made once in the life of a deployment.
type Keys struct {
	Authority *Authority
	Token     ed25519.PrivateKey
}

// Derive makes a key for another purpose, the same on every node and at every start.
func (k Keys) Derive(purpose string) (key [32]byte) {
	derived, _ := hkdf.Key(sha256.New, k.Token.Seed(), nil, "callweave "+purpose, len(key)) // fails for longer keys only
	copy(key[:], derived)
	return key
}

// OpenKeys reads the deployment's keys, and makes them when there are none yet. Several cloud nodes may start at
// once: the first one to store a key wins and the others use that one.
func OpenKeys(ctx context.Context, db *pg.DB, now func() time.Time) (Keys, error) {
	bundle, err := openSecret(ctx, db, secretAuthority, func() ([]byte, error) {
		authority, err := NewAuthority(now())
		if err != nil {
			return nil, err
		}
		return authority.Marshal()
	})
	if err != nil {
		return Keys{}, fmt.Errorf("open keys: %w", err)
	}
	seed, err := openSecret(ctx, db, secretTokenKey, func() ([]byte, error) {
		seed := make([]byte, ed25519.SeedSize)
		_, _ = rand.Read(seed) // never fails
		return seed, nil
	})
	if err != nil {
		return Keys{}, fmt.Errorf("open keys: %w", err)
	}
	authority, err := ParseAuthority(bundle)
	if err != nil {
		return Keys{}, fmt.Errorf("open keys: %w", err)
	}
	if len(seed) != ed25519.SeedSize {
		return Keys{}, errors.New("open keys: the token key has a wrong length")
	}
	return Keys{Authority: authority, Token: ed25519.NewKeyFromSeed(seed)}, nil
}

// openSecret returns the stored value of name, storing a fresh one first where there is none.
func openSecret(ctx context.Context, db *pg.DB, name string, fresh func() ([]byte, error)) (value []byte, err error) {
	err = db.System().Tx(ctx, func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, `SELECT value FROM secrets WHERE name = $1`, name).Scan(&value)
		if !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		made, err := fresh()
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO secrets (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`, name, made); err != nil {
			return err
		}
		return tx.QueryRow(ctx, `SELECT value FROM secrets WHERE name = $1`, name).Scan(&value)
	})
	if err != nil {
		return nil, fmt.Errorf("open secret %s: %w", name, err)
	}
	return value, nil
}
