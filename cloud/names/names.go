package names

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/coverage"
	"github.com/callweave/callweave/cloud/coverage/heard"
	"github.com/callweave/callweave/cloud/report"
	"github.com/callweave/callweave/cloud/rights"
)

// Period is what names are asked for: coverage and rosters are of it. Now is the present.
type Period struct{ From, To, Now time.Time }

// Read returns the names of a period as a scope sees them, with the zones that are needed and those of the IANA names that
// are asked for. It returns a [*ZoneError] for a name that is none. It runs in a transaction of the tenant with one snapshot.
func Read(ctx context.Context, tx pgx.Tx, scope rights.Scope, p Period, zones ...string) (report.Names, error) {
	var n report.Names
	for _, read := range []func(context.Context, pgx.Tx, *report.Names) error{
		readSeen, readPeople, readGroups, readCounted, readPolicies, readCalendars, p.readRosters, p.readCoverage,
	} {
		if err := read(ctx, tx, &n); err != nil {
			return n, fmt.Errorf("read names: %w", err)
		}
	}
	named, err := NamedIn(ctx, tx, scope)
	if err != nil {
		return n, fmt.Errorf("read names: %w", err)
	}
	limit(&n, scope, named)
	return n, p.addZones(&n, zones)
}

// list reads rows into structs, column by field in order; no rows give an empty list.
func list[T any](ctx context.Context, tx pgx.Tx, into *[]T, sql string, args ...any) error {
	rows, err := tx.Query(ctx, sql, args...)
	if err != nil {
		return err
	}
	*into, err = pgx.CollectRows(rows, pgx.RowToStructByPos[T])
	return err
}

// readSeen reads what PBXs named, as people decided to call it.
func readSeen(ctx context.Context, tx pgx.Tx, n *report.Names) error {
	if err := tx.QueryRow(ctx, `SELECT zone FROM tenants WHERE id = current_tenant()`).Scan(&n.Zone); err != nil {
		return err
	}
	if err := list(ctx, tx, &n.Stations, `SELECT id, name FROM stations WHERE tenant_id = current_tenant() ORDER BY name`); err != nil {
		return err
	}
	if err := list(ctx, tx, &n.PBXs, `SELECT id, name, station_id FROM pbxs WHERE tenant_id = current_tenant() ORDER BY name`); err != nil {
		return err
	}
	if err := list(ctx, tx, &n.Operators, `SELECT id, name, number, station_id FROM operators WHERE tenant_id = current_tenant() ORDER BY station_id, number`); err != nil {
		return err
	}
	if err := list(ctx, tx, &n.Queues, `SELECT q.id, coalesce(nullif(s.name, ''), q.name), q.number, q.station_id, coalesce(s.zone, ''), coalesce(s.calendar_id, 0)
		FROM queues q LEFT JOIN queue_settings s ON s.tenant_id = q.tenant_id AND s.queue_id = q.id
		WHERE q.tenant_id = current_tenant() ORDER BY q.station_id, q.number`); err != nil {
		return err
	}
	if err := list(ctx, tx, &n.Trunks, `SELECT t.id, coalesce(s.name, ''), t.endpoint, t.station_id, coalesce(s.lines, 0)
		FROM trunks t LEFT JOIN trunk_settings s ON s.tenant_id = t.tenant_id AND s.trunk_id = t.id
		WHERE t.tenant_id = current_tenant() ORDER BY t.station_id, t.endpoint`); err != nil {
		return err
	}
	return list(ctx, tx, &n.DIDs, `SELECT d.id, d.number, coalesce(nullif(s.name, ''), d.name), d.station_id
		FROM dids d LEFT JOIN did_settings s ON s.tenant_id = d.tenant_id AND s.did_id = d.id
		WHERE d.tenant_id = current_tenant() ORDER BY d.station_id, d.number`)
}

func readPeople(ctx context.Context, tx pgx.Tx, n *report.Names) error {
	if err := list(ctx, tx, &n.People, `SELECT id, name FROM people WHERE tenant_id = current_tenant() ORDER BY name, id`); err != nil {
		return err
	}
	return list(ctx, tx, &n.Bindings, `SELECT person_id, operator_id, `+ms("valid_from")+`, `+ms("valid_to")+` FROM bindings
		WHERE tenant_id = current_tenant() ORDER BY operator_id, valid_from`)
}

// ms is a time in milliseconds, 0 for none.
func ms(column string) string {
	return `coalesce(floor(extract(epoch FROM ` + column + `) * 1000)::bigint, 0)`
}

func readGroups(ctx context.Context, tx pgx.Tx, n *report.Names) error {
	return list(ctx, tx, &n.Groups, `SELECT g.id, g.name, g.kind,
			coalesce(array_agg(m.queue_id ORDER BY m.queue_id) FILTER (WHERE m.queue_id IS NOT NULL), '{}'),
			coalesce(array_agg(m.person_id ORDER BY m.person_id) FILTER (WHERE m.person_id IS NOT NULL), '{}'),
			coalesce(array_agg(m.operator_id ORDER BY m.operator_id) FILTER (WHERE m.operator_id IS NOT NULL), '{}')
		FROM groups g LEFT JOIN group_members m ON m.tenant_id = g.tenant_id AND m.group_id = g.id
		WHERE g.tenant_id = current_tenant() GROUP BY g.id, g.name, g.kind ORDER BY g.kind, g.name`)
}

// readCounted reads by what else calls and pauses are told apart.
func readCounted(ctx context.Context, tx pgx.Tx, n *report.Names) error {
	if err := list(ctx, tx, &n.Tags, `SELECT id, name FROM tags WHERE tenant_id = current_tenant() ORDER BY name`); err != nil {
		return err
	}
	if err := list(ctx, tx, &n.Reasons, `SELECT reason, coalesce(nullif(name, ''), reason), paid, work, limit_s FROM pause_reasons
		WHERE tenant_id = current_tenant() ORDER BY reason`); err != nil {
		return err
	}
	return list(ctx, tx, &n.Prefixes, `SELECT prefix, name FROM number_prefixes WHERE tenant_id = current_tenant() ORDER BY prefix`)
}

func readPolicies(ctx context.Context, tx pgx.Tx, n *report.Names) error {
	return list(ctx, tx, &n.Policies, `SELECT coalesce(queue_id, 0), `+ms("valid_from")+`, threshold_s, short_s, variant, shorts, target, call_back_s
		FROM policies WHERE tenant_id = current_tenant() ORDER BY queue_id NULLS FIRST, valid_from NULLS FIRST`)
}

func readCalendars(ctx context.Context, tx pgx.Tx, n *report.Names) error {
	rows, err := tx.Query(ctx, `SELECT id, name, week FROM calendars WHERE tenant_id = current_tenant() ORDER BY name`)
	if err != nil {
		return err
	}
	n.Calendars, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (c report.Calendar, err error) {
		c.Days = []report.Holiday{}
		err = row.Scan(&c.ID, &c.Name, &c.Week)
		return c, err
	})
	if err != nil {
		return err
	}
	at := map[int32]int{}
	for i, c := range n.Calendars {
		at[c.ID] = i
	}
	rows, err = tx.Query(ctx, `SELECT calendar_id, to_char(day, 'YYYY-MM-DD'), name, hours FROM holidays WHERE tenant_id = current_tenant() ORDER BY calendar_id, day`)
	if err != nil {
		return err
	}
	var calendar int32
	var day report.Holiday
	_, err = pgx.ForEachRow(rows, []any{&calendar, &day.Day, &day.Name, &day.Hours}, func() error {
		c := &n.Calendars[at[calendar]]
		c.Days = append(c.Days, day)
		day.Hours = nil // the next one gets memory of its own
		return nil
	})
	return err
}

// longestShift is how long before a period a shift that reaches into it may have begun.
const longestShift = 48 * time.Hour

func (p Period) readRosters(ctx context.Context, tx pgx.Tx, n *report.Names) error {
	return list(ctx, tx, &n.Shifts, `SELECT person_id, `+ms("from_at")+`, `+ms("to_at")+`, kind FROM rosters
		WHERE tenant_id = current_tenant() AND from_at >= $1 AND from_at < $2 AND to_at > $3 ORDER BY person_id, from_at, to_at DESC`,
		p.From.Add(-longestShift), p.To, p.From)
}

func (p Period) readCoverage(ctx context.Context, tx pgx.Tx, n *report.Names) error {
	agents, err := heard.Read(ctx, tx, p.From, p.To)
	if err != nil {
		return err
	}
	n.Coverage = []report.Heard{}
	for _, pbx := range n.PBXs {
		c := coverage.Of(agents[pbx.ID], p.From, p.To, p.Now)
		h := report.Heard{PBX: pbx.ID, Missing: []report.Missing{}}
		if !c.Since.IsZero() {
			h.Since = c.Since.UnixMilli()
		}
		for _, m := range c.Missing {
			h.Missing = append(h.Missing, report.Missing{From: m.From.UnixMilli(), To: m.To.UnixMilli(), Events: int64(m.Events), Reasons: m.Reasons})
		}
		n.Coverage = append(n.Coverage, h)
	}
	return nil
}

// addZones adds the changes of the zones of the tenant, of the queues that are left, and of those asked for.
func (p Period) addZones(n *report.Names, asked []string) error {
	wanted := map[string]bool{n.Zone: true}
	for _, q := range n.Queues {
		wanted[q.Zone] = true
	}
	for _, name := range asked {
		wanted[name] = true
	}
	delete(wanted, "") // of queues: the tenant's
	n.Zones = map[string][]report.Shift{}
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		loc, err := Location(name)
		if err != nil {
			return err
		}
		since := knownSince
		if p.From.Before(since) {
			since = p.From
		}
		n.Zones[name] = Shifts(loc, since, later(p.Now, p.To).AddDate(knownAhead, 0, 0))
	}
	return nil
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
