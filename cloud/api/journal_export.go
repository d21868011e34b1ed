package api

import (
	"context"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/export"
)

// eachCall hands out the calls of the journal a viewer asks for, newest first, read by the page.
func (a *API) eachCall(ctx context.Context, tx pgx.Tx, v *Viewer, in *callsInput, legs bool, each func(*export.Call) error) error {
	m, err := newMasker(ctx, tx, v)
	if err != nil {
		return err
	}
	cursor := ""
	for {
		f, err := journalFilter(v, m, in)
		if err != nil {
			return err
		}
		page, next, err := pageOfCalls(ctx, tx, f, cursor, exportPage)
		if err != nil {
			return err
		}
		if err := addPeople(ctx, tx, v.Tenant, page); err != nil {
			return err
		}
		stories := map[string][]export.Leg{}
		if legs {
			if stories, err = a.legsOfCalls(ctx, tx, v, m, page); err != nil {
				return err
			}
		}
		m.rows(page)
		for i := range page {
			c := exported(&page[i])
			c.Legs = stories[page[i].ID]
			if err := each(c); err != nil {
				return err
			}
		}
		if next == nil {
			return nil
		}
		cursor = *next
	}
}

// legsOfCalls reads the legs of a page of calls.
func (*API) legsOfCalls(ctx context.Context, tx pgx.Tx, v *Viewer, m *masker, page []CallRow) (map[string][]export.Leg, error) {
	ids := make([]uuid.UUID, len(page))
	at := map[uuid.UUID]*CallRow{}
	for i := range page {
		ids[i] = uuid.MustParse(page[i].ID)
		at[ids[i]] = &page[i]
	}
	rows, err := tx.Query(ctx, `SELECT id, story FROM calls WHERE tenant_id = $1 AND id = ANY($2)`, v.Tenant.UUID(), ids)
	if err != nil {
		return nil, err
	}
	found := make(map[string][]export.Leg, len(page))
	var id uuid.UUID
	var story []byte
	_, err = pgx.ForEachRow(rows, []any{&id, &story}, func() error {
		shown := Story(story)
		row := *at[id] // which is masked later, and with the whole page
		row.Queues, row.Operators, row.People = slices.Clone(row.Queues), slices.Clone(row.Operators), slices.Clone(row.People)
		if err := m.story(&row, &shown); err != nil {
			return err
		}
		found[id.String()], err = legsOf(shown)
		return err
	})
	return found, err
}

func exported(c *CallRow) *export.Call {
	out := &export.Call{
		ID: c.ID, Start: c.Start, Answered: c.Answered, End: c.End, Direction: c.Direction, Disposition: c.Disposition, HangupBy: c.HangupBy,
		Caller: c.Caller, CallerName: c.CallerName, Dialled: c.Dialled, Queues: c.Queues, Operators: c.Operators, PBXs: c.PBXs,
		Wait: c.WaitMS, Talk: c.TalkMS, Hold: c.HoldMS, Rings: c.Rings, Transfers: c.Transfers, Open: c.Open, Partial: c.Partial,
	}
	if c.Open {
		out.Disposition = ""
	}
	for _, p := range c.People {
		out.People = append(out.People, p.Name)
	}
	return out
}
