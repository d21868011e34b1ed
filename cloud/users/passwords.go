package users

import (
	"context"
	"errors"
	"fmt"

	"github.com/alexedwards/argon2id"
)

// minPassword is the shortest password that is accepted, in bytes.
const minPassword = 8

// maxPassword keeps a hostile log-in from being slow for its length alone.
const maxPassword = 1024

// ErrPassword says that a new password is too short or too long.
var ErrPassword = fmt.Errorf("a password has between %d and %d characters", minPassword, maxPassword)

// Passwords hashes and checks passwords (argon2id), a few at a time: each one takes tens of megabytes, so a crowd at
// the log-in waits its turn instead of taking the machine's memory.
type Passwords struct {
	params *argon2id.Params
	turns  chan struct{}
}

// NewPasswords lets atOnce hashes be computed at the same time.
func NewPasswords(atOnce int) *Passwords {
	return newPasswords(atOnce, &argon2id.Params{Memory: 64 * 1024, Iterations: 1, Parallelism: 2, SaltLength: 16, KeyLength: 32})
}

// NewTestPasswords costs next to nothing and protects nothing: for tests and demonstrations only.
func NewTestPasswords() *Passwords {
	return newPasswords(4, &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32})
}

func newPasswords(atOnce int, params *argon2id.Params) *Passwords {
	return &Passwords{params: params, turns: make(chan struct{}, max(1, atOnce))}
}

// Hash returns what is stored of a password. It waits for its turn and returns ctx's error when that takes too long.
func (p *Passwords) Hash(ctx context.Context, password string) (string, error) {
	if len(password) < minPassword || len(password) > maxPassword {
		return "", ErrPassword
	}
	if err := p.enter(ctx); err != nil {
		return "", fmt.Errorf("hash password: %w", err)
	}
	defer p.leave()
	hash, err := argon2id.CreateHash(password, p.params)
	if err != nil {
		return "", fmt.Errorf("hash password: %w", err)
	}
	return hash, nil
}

// Verify tells whether password is the one that was hashed. An empty hash stands for "no such user": it costs the
// same time and is always false, so that answers do not tell which log-ins exist.
func (p *Passwords) Verify(ctx context.Context, password, hash string) (bool, error) {
	if err := p.enter(ctx); err != nil {
		return false, fmt.Errorf("verify password: %w", err)
	}
	defer p.leave()
	if len(password) > maxPassword {
		password, hash = "", ""
	}
	if hash == "" {
		_, err := argon2id.CreateHash(password, p.params)
		return false, err
	}
	match, err := argon2id.ComparePasswordAndHash(password, hash)
	if errors.Is(err, argon2id.ErrInvalidHash) {
		return false, fmt.Errorf("verify password: %w", err)
	}
	return match && err == nil, err
}

func (p *Passwords) enter(ctx context.Context) error {
	select {
	case p.turns <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (p *Passwords) leave() { <-p.turns }
