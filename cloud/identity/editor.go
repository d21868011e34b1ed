package identity

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/locale"
)

// ErrNotFound is an id that the tenant does not have.
var ErrNotFound = errors.New("there is no such thing")

// RefusalError is why a change was not made, in words for whoever asked for it.
type RefusalError struct {
	Code     string // for machines
	Say      locale.Sentence
	Conflict bool // it contradicts something that is there, and is well-formed by itself
}

func (e *RefusalError) Error() string { return e.Code + ": " + e.Say.String() }

func invalid(say locale.Sentence) error { return &RefusalError{Code: "invalid", Say: say} }

func conflict(code string, say locale.Sentence) error {
	return &RefusalError{Code: code, Say: say, Conflict: true}
}

// Author is who makes a change.
type Author struct {
	User  uuid.UUID // zero: on the command line
	Login string
}

// Editor makes changes within one transaction of a tenant, each with its row in the audit table.
type Editor struct {
	tx   pgx.Tx
	by   Author
	made []Change
}

// Change is one that was made, as the audit tells it.
type Change struct {
	Action  string `json:"action" example:"binding.change"`
	Subject string `json:"subject"`
	Before  any    `json:"before" doc:"null where there was nothing"`
	After   any    `json:"after" doc:"null where there is nothing any more"`
}

// Edit begins changes in the caller's transaction.
func Edit(tx pgx.Tx, by Author) *Editor { return &Editor{tx: tx, by: by} }

// Made are the changes so far.
func (e *Editor) Made() []Change { return e.made }

// Note writes down a change in the audit table, which this package writes for all who change what people decide. before and
// after are what is shown to people later; nil for what is not there.
func (e *Editor) Note(ctx context.Context, action, subject string, before, after any) error {
	var user *uuid.UUID
	if e.by.User != uuid.Nil {
		user = &e.by.User
	}
	_, err := e.tx.Exec(ctx, `INSERT INTO audit (tenant_id, user_id, login, action, subject, before, after)
		VALUES (current_tenant(), $1, $2, $3, $4, $5, $6)`, user, e.by.Login, action, subject, before, after)
	if err != nil {
		return fmt.Errorf("write audit row: %w", err)
	}
	e.made = append(e.made, Change{Action: action, Subject: subject, Before: before, After: after})
	return nil
}

// decide writes down a change of the rules and makes the revision greater.
func (e *Editor) decide(ctx context.Context, action, subject string, before, after any) error {
	if err := e.Note(ctx, action, subject, before, after); err != nil {
		return err
	}
	_, err := e.tx.Exec(ctx, `INSERT INTO rules_revision AS r (tenant_id, rev) VALUES (current_tenant(), 1)
		ON CONFLICT (tenant_id) DO UPDATE SET rev = r.rev + 1, changed = now()`)
	if err != nil {
		return fmt.Errorf("raise revision of rules: %w", err)
	}
	return nil
}

// alone has other changes of the tenant's rules wait. Those of a station lock the station before.
func (e *Editor) alone(ctx context.Context) error {
	_, err := e.tx.Exec(ctx, `INSERT INTO rules_revision AS r (tenant_id, rev) VALUES (current_tenant(), 0)
		ON CONFLICT (tenant_id) DO UPDATE SET rev = r.rev`)
	if err != nil {
		return fmt.Errorf("lock rules: %w", err)
	}
	return nil
}

// room refuses what would make more than most of something. It counts rows of a query, and has no more of them than that
// read.
func (e *Editor) room(ctx context.Context, most int, refuse locale.Sentence, rows string, args ...any) error {
	var n int
	query := fmt.Sprintf(`SELECT count(*) FROM (SELECT FROM %s LIMIT %d) AS counted`, rows, most)
	if err := e.tx.QueryRow(ctx, query, args...).Scan(&n); err != nil {
		return fmt.Errorf("count what is there: %w", err)
	}
	if n >= most {
		return conflict("full", refuse)
	}
	return nil
}

// PBXsChanged has assemblers read the rules again, because rules of a station count for the PBXs it has. Whoever adds,
// renames or moves a PBX calls it in the same transaction.
func PBXsChanged(ctx context.Context, tx pgx.Tx) error {
	if _, err := tx.Exec(ctx, `UPDATE rules_revision SET rev = rev + 1, changed = now() WHERE tenant_id = current_tenant()`); err != nil {
		return fmt.Errorf("raise revision of rules: %w", err)
	}
	return nil
}
