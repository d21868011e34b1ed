package api

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/cloud/identity"
	"github.com/callweave/callweave/cloud/locale"
)

func endpointClasses() []string { return []string{"unknown", "device", "trunk"} }

// signWords say what was seen of an endpoint, the surest first.
func signWords() []struct {
	sign call.Sign
	say  locale.Sentence
} {
	return []struct {
		sign call.Sign
		say  locale.Sentence
	}{
		{call.SignMember, locale.Say("A queue rings it: a device.")},
		{call.SignLeadsElsewhere, locale.Say("Calls that leave by it come in at another PBX of yours: a trunk.")},
		{call.SignDialledThrough, locale.Say("A number was dialed behind it: a trunk.")},
		{call.SignRuled, locale.Say("A rule says what the number is that it is named by.")},
		{call.SignRegistered, locale.Say("It registered under its own name: a device.")},
		{call.SignNamedByNumber, locale.Say("It is named by a short number: a device.")},
		{call.SignDialledItself, locale.Say("It was dialed without a number: a device.")},
		{call.SignCallsAsItself, locale.Say("It called with its own name as its number: a device.")},
		{call.SignCallsAsOthers, locale.Say("It called with numbers of the telephone network: a trunk.")},
	}
}

func (a *API) signsInWords(language string, signs call.Sign) []string {
	list := []string{}
	for _, w := range signWords() {
		if signs&w.sign != 0 {
			list = append(list, a.words.In(language, w.say))
		}
	}
	return list
}

func (a *API) listStations(ctx context.Context, _ *struct{}) (*stationsOutput, error) {
	out := &stationsOutput{}
	err := a.deps.DB.As(viewerOf(ctx).Tenant).Read(ctx, func(tx pgx.Tx) (err error) {
		out.Body.Stations, err = collect[Station](ctx, tx, `SELECT s.id, s.name, coalesce(array_agg(p.name ORDER BY p.name) FILTER (WHERE p.id IS NOT NULL), '{}')
			FROM stations s LEFT JOIN pbxs p ON p.tenant_id = s.tenant_id AND p.station_id = s.id GROUP BY s.id, s.name ORDER BY s.name`)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list stations: %w", err)
	}
	return out, nil
}

// listEndpoints lists what was seen, and what was corrected before it was ever seen.
func (a *API) listEndpoints(ctx context.Context, in *endpointsInput) (*endpointsOutput, error) {
	out := &endpointsOutput{}
	f := &filter{}
	f.add("p.tenant_id = current_tenant()")
	f.add("(e.endpoint IS NOT NULL OR c.name IS NOT NULL)")
	if len(in.Station) > 0 {
		f.add("p.station_id = ANY($)", in.Station)
	}
	if in.Corrected {
		f.add("c.name IS NOT NULL")
	}
	if in.Class != "" {
		f.add(`coalesce(c.decided, CASE e.class WHEN 1 THEN 'device' WHEN 2 THEN 'trunk' ELSE 'unknown' END) = $`, in.Class)
	}
	v := viewerOf(ctx)
	err := a.deps.DB.As(v.Tenant).Read(ctx, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `
			SELECT p.id, p.station_id, coalesce(e.endpoint, c.name), coalesce(e.class, 0), coalesce(e.signs, 0), coalesce(e.number, ''), coalesce(e.name, ''),
			       e.first_seen, e.seen, c.decided, c.number, c.note, c.made
			FROM pbxs p LEFT JOIN LATERAL (
				SELECT endpoint FROM endpoints WHERE tenant_id = p.tenant_id AND pbx_id = p.id
				UNION SELECT name FROM corrections WHERE tenant_id = p.tenant_id AND station_id = p.station_id AND subject = 'endpoint') n ON true
			LEFT JOIN endpoints e ON e.tenant_id = p.tenant_id AND e.pbx_id = p.id AND e.endpoint = n.endpoint
			LEFT JOIN corrections c ON c.tenant_id = p.tenant_id AND c.station_id = p.station_id AND c.subject = 'endpoint' AND c.name = n.endpoint
			WHERE `+f.sql()+` ORDER BY p.name, coalesce(e.endpoint, c.name)`, f.args...)
		if err != nil {
			return err
		}
		out.Body.Endpoints, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (Endpoint, error) { return a.scanEndpoint(v.Language, row) })
		if err != nil || v.Scope.Watches() {
			return err
		}
		hidden, err := placedAt(ctx, tx, v.Scope.HiddenDevices())
		out.Body.Endpoints = slices.DeleteFunc(out.Body.Endpoints, func(e Endpoint) bool {
			return slices.ContainsFunc(hidden, func(d placed) bool { return d.pbx == e.PBX && d.at.number == e.Number })
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list endpoints: %w", err)
	}
	return out, nil
}

func (a *API) scanEndpoint(language string, row pgx.CollectableRow) (e Endpoint, err error) {
	var class int16
	var signs int32
	var c correctionRow
	err = row.Scan(&e.PBX, &e.Station, &e.Endpoint, &class, &signs, &e.Number, &e.Name, &e.FirstSeen, &e.LastSeen, &c.decided, &c.number, &c.note, &c.made)
	if err != nil {
		return e, err
	}
	e.Learned = name(endpointClasses(), class)
	e.Class, e.Signs, e.Correction = e.Learned, a.signsInWords(language, call.Sign(signs)), c.shown()
	e.FirstSeen, e.LastSeen = utc(e.FirstSeen), utc(e.LastSeen)
	if e.Correction != nil {
		e.Class = e.Correction.Decided
		if e.Correction.Number != "" {
			e.Number = e.Correction.Number
		}
	}
	return e, nil
}

// correctionRow is a correction that may not be there.
type correctionRow struct {
	decided, number, note *string
	made                  *time.Time
}

func (c *correctionRow) shown() *Correction {
	if c.decided == nil {
		return nil
	}
	return &Correction{Decided: *c.decided, Number: *c.number, Note: *c.note, Made: c.made.UTC()}
}

func (a *API) correctEndpoint(ctx context.Context, in *correctEndpointInput) (*inForceOutput, error) {
	b := &in.Body
	return a.correct(ctx, identity.Correction{Station: b.Station, Subject: identity.SubjectEndpoint, Name: b.Endpoint, Decided: b.Class, Number: b.Number, Note: b.Note})
}

func (a *API) uncorrectEndpoint(ctx context.Context, in *uncorrectEndpointInput) (*inForceOutput, error) {
	return a.uncorrect(ctx, in.Station, identity.SubjectEndpoint, in.Endpoint)
}

func (a *API) correct(ctx context.Context, c identity.Correction) (*inForceOutput, error) {
	in, err := a.decide(ctx, func(e *identity.Editor) error {
		_, err := e.Correct(ctx, c)
		return err
	})
	return &inForceOutput{in}, err
}

func (a *API) uncorrect(ctx context.Context, station int32, subject, name string) (*inForceOutput, error) {
	in, err := a.decide(ctx, func(e *identity.Editor) error { return e.Uncorrect(ctx, station, subject, name) })
	return &inForceOutput{in}, err
}
