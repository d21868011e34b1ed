package settings

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/identity"
	"github.com/callweave/callweave/cloud/locale"
)

// ErrNotFound is an id that the tenant does not have.
var ErrNotFound = identity.ErrNotFound

// Editor makes changes within one transaction of a tenant, each with its row in the audit table, and those that identity
// makes too.
type Editor struct {
	*identity.Editor
	tx   pgx.Tx
	zone *time.Location // of the tenant, once somebody asked
}

// Edit begins changes in the caller's transaction.
func Edit(tx pgx.Tx, by identity.Author) *Editor {
	return &Editor{Editor: identity.Edit(tx, by), tx: tx}
}

const (
	maxName = 200
	maxList = 10_000 // of what is listed at once
)

func invalid(say locale.Sentence) error { return &identity.RefusalError{Code: "invalid", Say: say} }

func conflict(code string, say locale.Sentence) error {
	return &identity.RefusalError{Code: code, Say: say, Conflict: true}
}

// orInvalid refuses what speaks of something that is not there.
func orInvalid(err error, say locale.Sentence) error {
	if errors.Is(err, ErrNotFound) {
		return invalid(say)
	}
	return err
}

// name makes text fit for being shown on a line; it may be empty unless it is needed.
func name(s string, needed bool) (string, error) {
	s = strings.TrimSpace(s)
	switch n := utf8.RuneCountInString(s); {
	case needed && n == 0:
		return "", invalid(locale.Say("A name is missing."))
	case n > maxName || !utf8.ValidString(s) || strings.IndexFunc(s, unicode.IsControl) >= 0:
		return "", invalid(locale.Say("A name is at most %d characters on one line.", maxName))
	}
	return s, nil
}

// changed notes a change unless nothing differs.
func (e *Editor) changed(ctx context.Context, action, subject string, before, after any) error {
	if reflect.DeepEqual(before, after) {
		return nil
	}
	return e.Note(ctx, action, subject, before, after)
}

// one reads a row, [ErrNotFound] where there is none.
func one[T any](ctx context.Context, tx pgx.Tx, sql string, args ...any) (x T, err error) {
	rows, err := tx.Query(ctx, sql, args...)
	if err != nil {
		return x, fmt.Errorf("read settings: %w", err)
	}
	x, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[T])
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return x, ErrNotFound
	case err != nil:
		return x, fmt.Errorf("read settings: %w", err)
	}
	return x, nil
}

// all reads rows; none give an empty list.
func all[T any](ctx context.Context, tx pgx.Tx, sql string, args ...any) ([]T, error) {
	rows, err := tx.Query(ctx, sql, args...)
	if err != nil {
		return nil, fmt.Errorf("read settings: %w", err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[T])
	if err != nil {
		return nil, fmt.Errorf("read settings: %w", err)
	}
	return list, nil
}

func (e *Editor) exec(ctx context.Context, sql string, args ...any) error {
	if _, err := e.tx.Exec(ctx, sql, args...); err != nil {
		return fmt.Errorf("write settings: %w", err)
	}
	return nil
}

// text is one value of a row, "" where there is no row.
func (e *Editor) text(ctx context.Context, sql string, args ...any) (s string, err error) {
	err = e.tx.QueryRow(ctx, sql, args...).Scan(&s)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return "", fmt.Errorf("read settings: %w", err)
	}
	return s, nil
}

// room refuses what would make more than maxList of something.
func (e *Editor) room(ctx context.Context, table string) error {
	var n int
	if err := e.tx.QueryRow(ctx, `SELECT count(*) FROM `+table+` WHERE tenant_id = current_tenant()`).Scan(&n); err != nil {
		return fmt.Errorf("read settings: %w", err)
	}
	if n >= maxList {
		return conflict("full", locale.Say("There are %d of them already. Remove some that are not needed.", maxList))
	}
	return nil
}

// location is the tenant's zone, in which times are written for people.
func (e *Editor) location(ctx context.Context) (*time.Location, error) {
	if e.zone == nil {
		loc, err := Zone(ctx, e.tx)
		if err != nil {
			return nil, err
		}
		e.zone = loc
	}
	return e.zone, nil
}
