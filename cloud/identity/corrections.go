package identity

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/locale"
)

// What a correction is about.
const (
	SubjectEndpoint = "endpoint"
	SubjectNumber   = "number"
)

// Correction says what an endpoint or a number of a station is, whatever was learned of it.
type Correction struct {
	Station int32  `json:"station"`
	Subject string `json:"subject"`
	Name    string `json:"name"`             // the endpoint (PJSIP/101), or the number
	Decided string `json:"decided"`          // device, trunk; of a number one of [Kinds]
	Number  string `json:"number,omitempty"` // under which a device is to be known; "" leaves the learned one
	Note    string `json:"note,omitempty"`
}

// maxCorrections bounds what a station says of single names: assemblers keep it in memory, and write it down with every
// change.
const maxCorrections = 2000

var (
	endpoints = regexp.MustCompile(`^[A-Za-z0-9]+/[^\s/@;]+$`)
	numbers   = regexp.MustCompile(`^[+*#0-9A-Za-z.-]{1,40}$`)
)

func (c *Correction) check() error {
	c.Name, c.Number, c.Note = strings.TrimSpace(c.Name), strings.TrimSpace(c.Number), strings.TrimSpace(c.Note)
	switch {
	case !plain(c.Note, 0):
		return invalid(locale.Say("A note is at most 200 characters."))
	case c.Subject == SubjectNumber && !numbers.MatchString(c.Name):
		return invalid(locale.Say("%q is not a number: digits, letters, *, # and +, at most 40 of them. For many numbers at once make a rule with a pattern.", c.Name))
	case c.Subject == SubjectNumber && !slices.Contains(Kinds(), c.Decided):
		return invalid(locale.Say("A number is operator, queue, did, outside or service."))
	case c.Subject == SubjectNumber:
		c.Number = ""
		return nil
	case !plain(c.Name, 1) || !endpoints.MatchString(c.Name):
		return invalid(locale.Say("%q is not an endpoint. Write technology and name as the PBX does: PJSIP/101.", c.Name))
	case c.Decided != "device" && c.Decided != "trunk":
		return invalid(locale.Say("An endpoint is device or trunk."))
	case c.Decided == "trunk" && c.Number != "":
		return invalid(locale.Say("Only a device has a number of its own. Leave it out, or say that the endpoint is a device."))
	case c.Number != "" && !numbers.MatchString(c.Number):
		return invalid(locale.Say("%q is not a number: digits, letters, *, # and +, at most 40 of them.", c.Number))
	}
	return nil
}

// Correct makes a correction, or another one in its place.
func (e *Editor) Correct(ctx context.Context, c Correction) (Correction, error) {
	if err := c.check(); err != nil {
		return Correction{}, err
	}
	station, err := e.station(ctx, c.Station)
	if err != nil {
		return Correction{}, err
	}
	was, err := e.correction(ctx, c.Station, c.Subject, c.Name)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return Correction{}, err
	}
	if was != nil && *was == c {
		return c, nil
	}
	if was == nil {
		err := e.room(ctx, maxCorrections, locale.Say("A station has at most %d corrections. Rules with patterns say many numbers at once.", maxCorrections),
			`corrections WHERE tenant_id = current_tenant() AND station_id = $1`, c.Station)
		if err != nil {
			return Correction{}, err
		}
	}
	_, err = e.tx.Exec(ctx, `INSERT INTO corrections (tenant_id, station_id, subject, name, decided, number, note)
		VALUES (current_tenant(), $1, $2, $3, $4, $5, $6) ON CONFLICT (tenant_id, station_id, subject, name)
		DO UPDATE SET decided = excluded.decided, number = excluded.number, note = excluded.note, made = now()`,
		c.Station, c.Subject, c.Name, c.Decided, c.Number, c.Note)
	if err != nil {
		return Correction{}, fmt.Errorf("write correction: %w", err)
	}
	return c, e.decide(ctx, "correction.set", station+" "+c.Name, orNil(was), c)
}

// Uncorrect takes a correction back: what is learned counts again. It returns [ErrNotFound].
func (e *Editor) Uncorrect(ctx context.Context, station int32, subject, name string) error {
	of, err := e.station(ctx, station)
	if err != nil {
		return err
	}
	was, err := e.correction(ctx, station, subject, name)
	if err != nil {
		return err
	}
	if _, err := e.tx.Exec(ctx, `DELETE FROM corrections WHERE tenant_id = current_tenant() AND station_id = $1 AND subject = $2 AND name = $3`,
		station, subject, name); err != nil {
		return fmt.Errorf("remove correction: %w", err)
	}
	return e.decide(ctx, "correction.remove", of+" "+name, was, nil)
}

func (e *Editor) correction(ctx context.Context, station int32, subject, name string) (*Correction, error) {
	rows, err := e.tx.Query(ctx, `SELECT station_id, subject, name, decided, number, note FROM corrections
		WHERE tenant_id = current_tenant() AND station_id = $1 AND subject = $2 AND name = $3`, station, subject, name)
	if err != nil {
		return nil, fmt.Errorf("read correction: %w", err)
	}
	c, err := pgx.CollectExactlyOneRow(rows, pgx.RowToAddrOfStructByPos[Correction])
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("read correction: %w", err)
	}
	return c, nil
}

// station returns a station's name, and has other changes of the station's decisions wait.
func (e *Editor) station(ctx context.Context, id int32) (name string, err error) {
	err = e.tx.QueryRow(ctx, `SELECT name FROM stations WHERE tenant_id = current_tenant() AND id = $1 FOR UPDATE`, id).Scan(&name)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", ErrNotFound
	}
	if err != nil {
		return "", fmt.Errorf("read station: %w", err)
	}
	return name, nil
}

// orNil keeps a nil pointer from becoming a value that is not nil.
func orNil[T any](p *T) any {
	if p == nil {
		return nil
	}
	return p
}
