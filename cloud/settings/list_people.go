package settings

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/identity"
	"github.com/callweave/callweave/cloud/locale"
)

// peopleList is people and the devices that were theirs, a line each.
func peopleList() List {
	return List{
		Name: "people", Columns: []string{"id", "person", "note", "station", "device", "from", "to"}, needed: []string{"person"},
		write: writePeople, read: each(readPerson),
	}
}

func writePeople(ctx context.Context, e *Editor) ([][]string, error) {
	loc, err := e.location(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := e.tx.Query(ctx, `SELECT p.id, p.name, p.note, s.name, o.number, b.valid_from, b.valid_to FROM people p
		LEFT JOIN bindings b ON b.tenant_id = p.tenant_id AND b.person_id = p.id
		LEFT JOIN operators o ON o.tenant_id = b.tenant_id AND o.id = b.operator_id
		LEFT JOIN stations s ON s.tenant_id = o.tenant_id AND s.id = o.station_id
		WHERE p.tenant_id = current_tenant() ORDER BY p.name, p.id, b.valid_from, b.id`)
	if err != nil {
		return nil, fmt.Errorf("read people: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) ([]string, error) {
		var id int32
		var name, note string
		var station, device *string
		var from, to *time.Time
		if err := row.Scan(&id, &name, &note, &station, &device, &from, &to); err != nil {
			return nil, err
		}
		line := []string{strconv.Itoa(int(id)), name, note, "", "", "", ""}
		if device != nil {
			line[3], line[4], line[5] = *station, *device, writeTime(*from, loc)
		}
		if to != nil {
			line[6] = writeTime(*to, loc)
		}
		return line, nil
	})
}

func readPerson(ctx context.Context, e *Editor, r Row) error {
	id, err := e.samePerson(ctx, r)
	if err != nil {
		return err
	}
	p := identity.Person{ID: id, Name: r.Get("person"), Note: r.Get("note")}
	if id == 0 {
		p, err = e.AddPerson(ctx, p)
	} else {
		if _, there := r.cells["note"]; !there {
			if p.Note, err = e.text(ctx, `SELECT note FROM people WHERE tenant_id = current_tenant() AND id = $1`, id); err != nil {
				return err
			}
		}
		p, err = e.ChangePerson(ctx, p)
	}
	if err != nil || r.Get("device") == "" {
		return err
	}
	return e.readBinding(ctx, r, p.ID)
}

// samePerson is who a line speaks of, 0 for somebody new.
func (e *Editor) samePerson(ctx context.Context, r Row) (int32, error) {
	id, err := r.number("id", 0)
	if err != nil || id == 0 {
		if err == nil {
			id, err = e.person(ctx, r.Get("person"))
		}
		return id, err
	}
	there, err := e.text(ctx, `SELECT name FROM people WHERE tenant_id = current_tenant() AND id = $1`, id)
	if err == nil && there == "" {
		return 0, invalid(locale.Say("There is no person with the id %d. Leave the cell empty for somebody new.", id))
	}
	return id, err
}

func (e *Editor) readBinding(ctx context.Context, r Row, person int32) error {
	device, err := e.seenDevice(ctx, r, "device")
	if err != nil {
		return err
	}
	loc, err := e.location(ctx)
	if err != nil {
		return err
	}
	if r.Get("from") == "" {
		return invalid(locale.Say("Say in the column from since when the device is this person's."))
	}
	b := identity.Binding{Person: person, Operator: device}
	if b.From, err = readTime(r.Get("from"), loc); err != nil {
		return err
	}
	if s := r.Get("to"); s != "" {
		to, err := readTime(s, loc)
		if err != nil {
			return err
		}
		b.To = &to
	}
	var to *time.Time
	err = e.tx.QueryRow(ctx, `SELECT id, valid_to FROM bindings WHERE tenant_id = current_tenant() AND person_id = $1 AND operator_id = $2 AND valid_from = $3`,
		person, device, b.From).Scan(&b.ID, &to)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		_, err = e.Bind(ctx, b)
		return err
	case err != nil:
		return fmt.Errorf("look for binding: %w", err)
	case to == nil && b.To == nil, to != nil && b.To != nil && to.Equal(*b.To):
		return nil
	}
	_, err = e.Rebind(ctx, b)
	return err
}
