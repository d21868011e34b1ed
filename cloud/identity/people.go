package identity

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/callweave/callweave/cloud/locale"
)

// Person is somebody who works at devices.
type Person struct {
	ID        int32  `json:"id"`
	Name      string `json:"name"`
	Note      string `json:"note"`
	Unwatched bool   `json:"unwatched,omitempty"` // appears nowhere but to who may see it
}

// Binding says that a device is a person's from a moment on. To is nil for one that lasts.
type Binding struct {
	ID       int32      `json:"id"`
	Person   int32      `json:"person"`
	Operator int32      `json:"operator"` // the device
	From     time.Time  `json:"from"`
	To       *time.Time `json:"to"`
}

const (
	maxText     = 200
	maxPeople   = 10_000 // they are listed at once
	maxBindings = 1000   // of one device
)

// AddPerson adds somebody. Two people may have one name.
func (e *Editor) AddPerson(ctx context.Context, p Person) (Person, error) {
	if err := p.check(); err != nil {
		return Person{}, err
	}
	err := e.room(ctx, maxPeople, locale.Say("There are %d people already. Remove some that never had a device.", maxPeople), `people WHERE tenant_id = current_tenant()`)
	if err != nil {
		return Person{}, err
	}
	err = e.tx.QueryRow(ctx, `INSERT INTO people (tenant_id, name, note, unwatched) VALUES (current_tenant(), $1, $2, $3) RETURNING id`, p.Name, p.Note, p.Unwatched).Scan(&p.ID)
	if err != nil {
		return Person{}, fmt.Errorf("add person: %w", err)
	}
	return p, e.Note(ctx, "person.add", p.Name, nil, p)
}

// ChangePerson gives the person of that id another name or note, or says whether he is to be watched.
func (e *Editor) ChangePerson(ctx context.Context, p Person) (Person, error) {
	if err := p.check(); err != nil {
		return Person{}, err
	}
	was, err := e.person(ctx, p.ID)
	if err != nil {
		return Person{}, err
	}
	if was == p {
		return p, nil
	}
	if _, err := e.tx.Exec(ctx, `UPDATE people SET name = $2, note = $3, unwatched = $4 WHERE tenant_id = current_tenant() AND id = $1`, p.ID, p.Name, p.Note, p.Unwatched); err != nil {
		return Person{}, fmt.Errorf("change person: %w", err)
	}
	return p, e.Note(ctx, "person.change", p.Name, was, p)
}

// RemovePerson removes somebody who has no devices. Who had some stays: past results would lose the name.
func (e *Editor) RemovePerson(ctx context.Context, id int32) error {
	was, err := e.person(ctx, id)
	if err != nil {
		return err
	}
	var bound int
	if err := e.tx.QueryRow(ctx, `SELECT count(*) FROM bindings WHERE tenant_id = current_tenant() AND person_id = $1`, id).Scan(&bound); err != nil {
		return fmt.Errorf("count bindings: %w", err)
	}
	if bound > 0 {
		return conflict("person-bound", locale.Say("%s has devices, now or in the past, and past calls show it. Remove the bindings first if they were mistakes; otherwise give the last one an end.", was.Name))
	}
	if _, err := e.tx.Exec(ctx, `DELETE FROM people WHERE tenant_id = current_tenant() AND id = $1`, id); err != nil {
		return fmt.Errorf("remove person: %w", err)
	}
	return e.Note(ctx, "person.remove", was.Name, was, nil)
}

func (p *Person) check() error {
	p.Name, p.Note = strings.TrimSpace(p.Name), strings.TrimSpace(p.Note)
	if !plain(p.Name, 1) {
		return invalid(locale.Say("A person's name is 1 to 200 characters."))
	}
	if !plain(p.Note, 0) {
		return invalid(locale.Say("A note is at most 200 characters."))
	}
	return nil
}

// plain tells text that can be stored and shown on a line.
func plain(s string, least int) bool {
	n := utf8.RuneCountInString(s)
	return utf8.ValidString(s) && least <= n && n <= maxText && strings.IndexFunc(s, unicode.IsControl) < 0
}

// person reads a person, and keeps others from removing him before this transaction ends.
func (e *Editor) person(ctx context.Context, id int32) (p Person, err error) {
	err = e.tx.QueryRow(ctx, `SELECT id, name, note, unwatched FROM people WHERE tenant_id = current_tenant() AND id = $1 FOR UPDATE`, id).
		Scan(&p.ID, &p.Name, &p.Note, &p.Unwatched)
	if errors.Is(err, pgx.ErrNoRows) {
		return p, ErrNotFound
	}
	if err != nil {
		return p, fmt.Errorf("read person: %w", err)
	}
	return p, nil
}

// Bind gives a device to a person from a moment on, which may be past. Where the device is somebody's without end, and
// since an earlier moment, that binding ends there: people say who sits there now, not who left.
func (e *Editor) Bind(ctx context.Context, b Binding) (Binding, error) {
	what, err := e.checkBinding(ctx, b)
	if err != nil {
		return Binding{}, err
	}
	if err := e.room(ctx, maxBindings, locale.Say("The device was given to people %d times already. Remove bindings that were mistakes.", maxBindings),
		`bindings WHERE tenant_id = current_tenant() AND operator_id = $1`, b.Operator); err != nil {
		return Binding{}, err
	}
	if err := e.relieve(ctx, b); err != nil {
		return Binding{}, err
	}
	if err := e.free(ctx, b); err != nil {
		return Binding{}, err
	}
	err = e.tx.QueryRow(ctx, `INSERT INTO bindings (tenant_id, person_id, operator_id, valid_from, valid_to)
		VALUES (current_tenant(), $1, $2, $3, $4) RETURNING id`, b.Person, b.Operator, b.From, b.To).Scan(&b.ID)
	if err != nil {
		return Binding{}, bindingError(err)
	}
	return b, e.Note(ctx, "binding.add", what, nil, b)
}

// Rebind corrects the binding of that id. Results of the time it was or is about change with it.
func (e *Editor) Rebind(ctx context.Context, b Binding) (Binding, error) {
	was, err := e.binding(ctx, b.ID)
	if err != nil {
		return Binding{}, err
	}
	what, err := e.checkBinding(ctx, b)
	if err != nil {
		return Binding{}, err
	}
	if err := e.free(ctx, b); err != nil {
		return Binding{}, err
	}
	if _, err := e.tx.Exec(ctx, `UPDATE bindings SET person_id = $2, operator_id = $3, valid_from = $4, valid_to = $5
		WHERE tenant_id = current_tenant() AND id = $1`, b.ID, b.Person, b.Operator, b.From, b.To); err != nil {
		return Binding{}, bindingError(err)
	}
	return b, e.Note(ctx, "binding.change", what, was, b)
}

// Unbind removes a binding as if it had never been. Who stops using a device gets an end by [Editor.Rebind] instead.
func (e *Editor) Unbind(ctx context.Context, id int32) error {
	was, err := e.binding(ctx, id)
	if err != nil {
		return err
	}
	what, err := e.checkBinding(ctx, was)
	if err != nil {
		return err
	}
	if _, err := e.tx.Exec(ctx, `DELETE FROM bindings WHERE tenant_id = current_tenant() AND id = $1`, id); err != nil {
		return fmt.Errorf("remove binding: %w", err)
	}
	return e.Note(ctx, "binding.remove", what, was, nil)
}

func (e *Editor) binding(ctx context.Context, id int32) (b Binding, err error) {
	err = e.tx.QueryRow(ctx, `SELECT id, person_id, operator_id, valid_from, valid_to FROM bindings
		WHERE tenant_id = current_tenant() AND id = $1 FOR UPDATE`, id).Scan(&b.ID, &b.Person, &b.Operator, &b.From, &b.To)
	if errors.Is(err, pgx.ErrNoRows) {
		return b, ErrNotFound
	}
	if err != nil {
		return b, fmt.Errorf("read binding: %w", err)
	}
	return b.inUTC(), nil
}

func (b Binding) inUTC() Binding {
	b.From = b.From.UTC()
	if b.To != nil {
		to := b.To.UTC()
		b.To = &to
	}
	return b
}

// checkBinding returns what a binding is called in the audit: the device and the person.
func (e *Editor) checkBinding(ctx context.Context, b Binding) (string, error) {
	switch {
	case b.From.IsZero() || b.From.Year() < 1990 || b.From.Year() > 2200:
		return "", invalid(locale.Say("Say from when on the device is this person's."))
	case b.To != nil && !b.To.After(b.From):
		return "", invalid(locale.Say("A binding ends after it begins."))
	}
	p, err := e.person(ctx, b.Person)
	if errors.Is(err, ErrNotFound) {
		return "", invalid(locale.Say("There is no such person. Add the person first."))
	}
	if err != nil {
		return "", err
	}
	var device string
	err = e.tx.QueryRow(ctx, `SELECT s.name || '/' || o.number FROM operators o JOIN stations s USING (tenant_id)
		WHERE o.tenant_id = current_tenant() AND s.id = o.station_id AND o.id = $1 FOR UPDATE OF o`, b.Operator).Scan(&device)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", invalid(locale.Say("There is no such device. Devices appear by themselves when a PBX first names them."))
	}
	if err != nil {
		return "", fmt.Errorf("read device: %w", err)
	}
	return device + " – " + p.Name, nil
}

// relieve ends the binding of the device that has no end and began earlier.
func (e *Editor) relieve(ctx context.Context, b Binding) error {
	if b.To != nil {
		return nil
	}
	var was Binding
	err := e.tx.QueryRow(ctx, `SELECT id, person_id, operator_id, valid_from FROM bindings
		WHERE tenant_id = current_tenant() AND operator_id = $1 AND valid_to IS NULL AND valid_from < $2 FOR UPDATE`, b.Operator, b.From).
		Scan(&was.ID, &was.Person, &was.Operator, &was.From)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read last binding: %w", err)
	}
	ended := was.inUTC()
	ended.To = &b.From
	_, err = e.Rebind(ctx, ended)
	return err
}

// free tells whose the device is in that time, if it is somebody else's. The database would refuse it too, but not say
// why.
func (e *Editor) free(ctx context.Context, b Binding) error {
	var name, from string
	err := e.tx.QueryRow(ctx, `SELECT p.name, to_char(b.valid_from AT TIME ZONE t.zone, 'YYYY-MM-DD HH24:MI')
		FROM bindings b JOIN people p ON p.tenant_id = b.tenant_id AND p.id = b.person_id JOIN tenants t ON t.id = b.tenant_id
		WHERE b.tenant_id = current_tenant() AND b.operator_id = $1 AND b.id <> $2 AND tstzrange(b.valid_from, b.valid_to) && tstzrange($3, $4)
		ORDER BY b.valid_from LIMIT 1`, b.Operator, b.ID, b.From, b.To).Scan(&name, &from)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look who has the device: %w", err)
	}
	return conflict("device-taken", locale.Say("In that time the device is %s's, since %s. Give that binding an end, or choose another time.", name, from))
}

// bindingError words what the database refuses because somebody was faster.
func bindingError(err error) error {
	var pe *pgconn.PgError
	if errors.As(err, &pe) && pe.ConstraintName == "bindings_overlap" {
		return conflict("device-taken", locale.Say("Somebody has just given the device to another person in that time. Look again."))
	}
	return fmt.Errorf("write binding: %w", err)
}
