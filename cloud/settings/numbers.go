package settings

import (
	"context"
	"errors"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/locale"
)

// TrunkLine is what was decided about a trunk.
type TrunkLine struct {
	ID       int32  `json:"id"`
	Station  string `json:"station"`
	Endpoint string `json:"endpoint" example:"PJSIP/carrier"`
	Name     string `json:"name" maxLength:"200" doc:"What it is called here; empty: its endpoint"`
	Lines    int32  `json:"lines" minimum:"0" maximum:"100000" doc:"How many calls it carries at once; 0: nobody said"`
}

const trunks = `SELECT t.id, st.name, t.endpoint, coalesce(s.name, ''), coalesce(s.lines, 0) FROM trunks t
	JOIN stations st ON st.tenant_id = t.tenant_id AND st.id = t.station_id
	LEFT JOIN trunk_settings s ON s.tenant_id = t.tenant_id AND s.trunk_id = t.id
	WHERE t.tenant_id = current_tenant()`

// Trunks lists what was seen and decided, by station and endpoint.
func Trunks(ctx context.Context, tx pgx.Tx) ([]TrunkLine, error) {
	return all[TrunkLine](ctx, tx, trunks+` ORDER BY st.name, t.endpoint`)
}

// SetTrunk names the trunk of that id and says how many lines it has.
func (e *Editor) SetTrunk(ctx context.Context, t TrunkLine) (TrunkLine, error) {
	was, err := one[TrunkLine](ctx, e.tx, trunks+` AND t.id = $1 FOR UPDATE OF t`, t.ID)
	if err != nil {
		return t, err
	}
	t.Station, t.Endpoint = was.Station, was.Endpoint
	if t.Name, err = name(t.Name, false); err != nil {
		return t, err
	}
	if t.Lines < 0 || t.Lines > 100_000 {
		return t, invalid(locale.Say("A trunk has 0 to 100000 lines."))
	}
	err = e.exec(ctx, `INSERT INTO trunk_settings (tenant_id, trunk_id, name, lines) VALUES (current_tenant(), $1, $2, $3)
		ON CONFLICT (tenant_id, trunk_id) DO UPDATE SET name = $2, lines = $3`, t.ID, t.Name, t.Lines)
	if err != nil {
		return t, err
	}
	return t, e.changed(ctx, "trunk.change", t.Station+"/"+t.Endpoint, was.told(), t.told())
}

type toldTrunk struct {
	Name  string `json:"name"`
	Lines int32  `json:"lines"`
}

func (t TrunkLine) told() toldTrunk { return toldTrunk{t.Name, t.Lines} }

// CityNumber is what was decided about a number of ours by which the outside calls in.
type CityNumber struct {
	ID      int32  `json:"id"`
	Station string `json:"station"`
	Number  string `json:"number"`
	Name    string `json:"name" maxLength:"200" doc:"What it is for: the hotline, an advertisement"`
}

const dids = `SELECT d.id, st.name, d.number, coalesce(s.name, '') FROM dids d
	JOIN stations st ON st.tenant_id = d.tenant_id AND st.id = d.station_id
	LEFT JOIN did_settings s ON s.tenant_id = d.tenant_id AND s.did_id = d.id
	WHERE d.tenant_id = current_tenant()`

// DIDs lists what was seen and decided, by station and number.
func DIDs(ctx context.Context, tx pgx.Tx) ([]CityNumber, error) {
	return all[CityNumber](ctx, tx, dids+` ORDER BY st.name, d.number`)
}

// SetDID names the number of that id.
func (e *Editor) SetDID(ctx context.Context, d CityNumber) (CityNumber, error) {
	was, err := one[CityNumber](ctx, e.tx, dids+` AND d.id = $1 FOR UPDATE OF d`, d.ID)
	if err != nil {
		return d, err
	}
	d.Station, d.Number = was.Station, was.Number
	if d.Name, err = name(d.Name, false); err != nil {
		return d, err
	}
	err = e.exec(ctx, `INSERT INTO did_settings (tenant_id, did_id, name) VALUES (current_tenant(), $1, $2)
		ON CONFLICT (tenant_id, did_id) DO UPDATE SET name = $2`, d.ID, d.Name)
	if err != nil {
		return d, err
	}
	return d, e.changed(ctx, "did.change", d.Station+"/"+d.Number, toldName{was.Name}, toldName{d.Name})
}

type toldName struct {
	Name string `json:"name"`
}

// Prefix names an area by the beginning of its numbers; the longest that fits decides.
type Prefix struct {
	Prefix string `json:"prefix" maxLength:"20" example:"7495"`
	Name   string `json:"name" maxLength:"200" example:"Moscow"`
}

const prefixes = `SELECT prefix, name FROM number_prefixes WHERE tenant_id = current_tenant()`

// Prefixes lists the areas.
func Prefixes(ctx context.Context, tx pgx.Tx) ([]Prefix, error) {
	return all[Prefix](ctx, tx, prefixes+` ORDER BY prefix`)
}

var prefixDigits = regexp.MustCompile(`^[0-9]{1,20}$`)

// SetPrefix names an area.
func (e *Editor) SetPrefix(ctx context.Context, p Prefix) (Prefix, error) {
	p.Prefix = plainPrefix(p.Prefix)
	if !prefixDigits.MatchString(p.Prefix) {
		return p, invalid(locale.Say("A prefix is the first digits of a number, at most 20, as calls show it: 7495."))
	}
	var err error
	if p.Name, err = name(p.Name, true); err != nil {
		return p, err
	}
	was, err := one[Prefix](ctx, e.tx, prefixes+` AND prefix = $1 FOR UPDATE`, p.Prefix)
	var before any
	switch {
	case errors.Is(err, ErrNotFound):
		if err := e.room(ctx, "number_prefixes"); err != nil {
			return p, err
		}
	case err != nil:
		return p, err
	case was == p:
		return p, nil
	default:
		before = toldName{was.Name}
	}
	err = e.exec(ctx, `INSERT INTO number_prefixes (tenant_id, prefix, name) VALUES (current_tenant(), $1, $2)
		ON CONFLICT (tenant_id, prefix) DO UPDATE SET name = $2`, p.Prefix, p.Name)
	if err != nil {
		return p, err
	}
	return p, e.Note(ctx, "prefix.set", p.Prefix, before, toldName{p.Name})
}

// plainPrefix takes away what people write around digits.
func plainPrefix(s string) string {
	return strings.NewReplacer(" ", "", "-", "", "(", "", ")", "", "+", "").Replace(s)
}

// RemovePrefix removes an area.
func (e *Editor) RemovePrefix(ctx context.Context, prefix string) error {
	was, err := one[Prefix](ctx, e.tx, prefixes+` AND prefix = $1 FOR UPDATE`, plainPrefix(prefix))
	if err != nil {
		return err
	}
	if err := e.exec(ctx, `DELETE FROM number_prefixes WHERE tenant_id = current_tenant() AND prefix = $1`, was.Prefix); err != nil {
		return err
	}
	return e.Note(ctx, "prefix.remove", was.Prefix, toldName{was.Name}, nil)
}
