package api

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/cloud/locale"
)

// maxTotal is up to where matching calls are counted; beyond it a number would cost more than it tells.
const maxTotal = 10_000

// Names of the small numbers that calls are stored with (see package call), by value.
func directions() []string { return []string{"unknown", "inbound", "outbound", "internal"} }
func parties() []string    { return []string{"unknown", "caller", "callee", "pbx"} }
func dispositions() []string {
	return []string{"unknown", "answered", "abandoned", "timeout", "join_empty", "leave_empty", "voicemail", "no_answer", "busy", "rejected", "failed"}
}

const callColumns = `id, started, answered, ended, open, partial, direction, disposition, hangup_by, caller, caller_name,
	dialled, pbx_ids, queue_ids, operator_ids, wait_ms, talk_ms, hold_ms, ring_count, transfer_count, imported`

func scanCall(row pgx.CollectableRow) (c CallRow, err error) {
	var id uuid.UUID
	var direction, disposition, hangup, imported int16
	err = row.Scan(&id, &c.Start, &c.Answered, &c.End, &c.Open, &c.Partial, &direction, &disposition, &hangup, &c.Caller, &c.CallerName,
		&c.Dialled, &c.PBXs, &c.Queues, &c.Operators, &c.WaitMS, &c.TalkMS, &c.HoldMS, &c.Rings, &c.Transfers, &imported)
	if err != nil {
		return c, err
	}
	c.ID = id.String()
	c.Imported = append([]string{}, call.Origin(imported).Names()...)
	c.Direction, c.Disposition, c.HangupBy = name(directions(), direction), name(dispositions(), disposition), name(parties(), hangup)
	c.Start, c.Answered, c.End = c.Start.UTC(), utc(c.Answered), utc(c.End)
	if c.Open {
		c.End = nil
	}
	return c, nil
}

// name of a stored value; one of a later version than this build reads as unknown.
func name(names []string, value int16) string {
	if value < 0 || int(value) >= len(names) {
		return names[0]
	}
	return names[value]
}

func utc(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	u := t.UTC()
	return &u
}

// listCalls is the journal. Pages follow the index calls_started by key, so the thousandth page costs what the first
// does, and calls that arrive meanwhile shift nothing.
func (a *API) listCalls(ctx context.Context, in *callsInput) (*callsOutput, error) {
	v := viewerOf(ctx)
	out := &callsOutput{}
	err := a.deps.DB.As(v.Tenant).Read(ctx, func(tx pgx.Tx) error {
		m, err := newMasker(ctx, tx, v)
		if err != nil {
			return err
		}
		f, err := journalFilter(v, m, in)
		if err != nil {
			return err
		}
		out.Body.Calls, out.Body.Next, err = pageOfCalls(ctx, tx, f, in.Cursor, in.Limit)
		if err != nil {
			return err
		}
		if err := addTags(ctx, tx, v.Tenant, out.Body.Calls); err != nil {
			return err
		}
		if err := addPeople(ctx, tx, v.Tenant, out.Body.Calls); err != nil {
			return err
		}
		m.rows(out.Body.Calls)
		if in.Cursor != "" {
			return nil
		}
		if n := len(out.Body.Calls); out.Body.Next == nil {
			out.Body.Total = &n // all of them are on the page
			return nil
		}
		out.Body.Total, err = countCalls(ctx, tx, f)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list calls: %w", err)
	}
	return out, nil
}

func countCalls(ctx context.Context, tx pgx.Tx, f *filter) (*int, error) {
	var n int
	err := tx.QueryRow(ctx, `SELECT count(*) FROM (SELECT FROM calls WHERE `+f.sql()+fmt.Sprintf(` LIMIT %d) AS counted`, maxTotal+1), f.args...).Scan(&n)
	if err != nil || n > maxTotal {
		return nil, err
	}
	return &n, nil
}

func pageOfCalls(ctx context.Context, tx pgx.Tx, f *filter, cursor string, limit int) ([]CallRow, *string, error) {
	if cursor != "" {
		started, id, err := readCursor(cursor)
		if err != nil {
			return nil, nil, err
		}
		f.add("(started, id) < ($, $)", started, id)
	}
	rows, err := tx.Query(ctx, `SELECT `+callColumns+` FROM calls WHERE `+f.sql()+
		fmt.Sprintf(` ORDER BY started DESC, id DESC LIMIT %d`, limit+1), f.args...)
	if err != nil {
		return nil, nil, err
	}
	calls, err := pgx.CollectRows(rows, scanCall)
	if err != nil || len(calls) <= limit {
		return calls, nil, err
	}
	calls = calls[:limit]
	next := writeCursor(calls[limit-1])
	return calls, &next, nil
}

// A cursor is the place of the last call shown. Its form is ours to change: nobody but this file reads it.
func writeCursor(c CallRow) string {
	return base64.RawURLEncoding.EncodeToString([]byte(c.Start.Format(time.RFC3339Nano) + " " + c.ID))
}

func readCursor(cursor string) (started time.Time, id uuid.UUID, err error) {
	bad := badRequest(locale.Say("The cursor is not one of ours. Begin again without it."))
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return started, id, bad
	}
	at, of, _ := strings.Cut(string(text), " ")
	if started, err = time.Parse(time.RFC3339Nano, at); err != nil {
		return started, id, bad
	}
	if id, err = uuid.Parse(of); err != nil {
		return started, id, bad
	}
	return started, id, nil
}

func (a *API) getCall(ctx context.Context, in *callInput) (*callOutput, error) {
	v := viewerOf(ctx)
	out := &callOutput{}
	f := oneCall(v, in.ID)
	err := a.deps.DB.As(v.Tenant).Tx(ctx, func(tx pgx.Tx) (err error) {
		rows, err := tx.Query(ctx, `SELECT `+callColumns+`, story FROM calls WHERE `+f.sql(), f.args...)
		if err != nil {
			return err
		}
		out.Body.Call, err = pgx.CollectExactlyOneRow(rows, func(row pgx.CollectableRow) (CallRow, error) {
			return scanCall(withStory{row, (*[]byte)(&out.Body.Story)})
		})
		if err != nil {
			return err
		}
		m, err := newMasker(ctx, tx, v)
		if err != nil {
			return err
		}
		if err := nameThem(ctx, tx, v.Tenant, m, &out.Body.Call, &out.Body.Story); err != nil {
			return err
		}
		return m.story(&out.Body.Call, &out.Body.Story)
	})
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return nil, notFound()
	case err != nil:
		return nil, fmt.Errorf("read call: %w", err)
	}
	return out, nil
}

// oneCall finds a call, if the viewer sees it: of another one nobody learns that it is there.
func oneCall(v *Viewer, id string) *filter {
	f := &filter{}
	f.add("tenant_id = $", v.Tenant.UUID())
	f.add("id = $", id)
	inScope(f, v.Tenant, v.Scope)
	return f
}

// withStory scans one more column than scanCall asks for.
type withStory struct {
	pgx.CollectableRow
	story *[]byte
}

func (w withStory) Scan(dest ...any) error { return w.CollectableRow.Scan(append(dest, w.story)...) }
