package gateway

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/pg"
	"github.com/callweave/callweave/tenants"
)

// Signals tells of commits as they happen; what it forgets to tell is found in the database a little later.
type Signals interface {
	WatchCommitted(fn func(agent uuid.UUID, stream, seq uint64)) (stop func(), err error)
	WatchResend(fn func(agent uuid.UUID, stream, seq uint64)) (stop func(), err error)
}

// Cursors reads the cursors that assemblers write with the results of a batch, in the same transaction.
type Cursors struct {
	db      *pg.DB
	signals Signals
}

// NewCursors makes the Commits of a deployment.
func NewCursors(db *pg.DB, signals Signals) *Cursors { return &Cursors{db: db, signals: signals} }

// Cursor implements Commits.
func (c *Cursors) Cursor(ctx context.Context, tenant tenants.ID, agent uuid.UUID) (stream, seq uint64, err error) {
	var s, n int64
	err = c.db.As(tenant).Tx(ctx, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `SELECT stream, seq FROM cursors WHERE agent_id = $1`, agent).Scan(&s, &n)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, 0, nil
	}
	if err != nil {
		return 0, 0, fmt.Errorf("read cursor: %w", err)
	}
	return uint64(s), uint64(n), nil
}

// Watch implements Commits.
func (c *Cursors) Watch(committed, resend func(agent uuid.UUID, stream, seq uint64)) (func(), error) {
	stopCommitted, err := c.signals.WatchCommitted(committed)
	if err != nil {
		return nil, err
	}
	stopResend, err := c.signals.WatchResend(resend)
	if err != nil {
		stopCommitted()
		return nil, err
	}
	return func() {
		stopCommitted()
		stopResend()
	}, nil
}
