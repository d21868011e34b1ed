package api

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/tenants"
)

// Who was at a device is asked when a call is read, not when it is written: a correction of whose device it was changes
// what past calls show. A device took part at the moments it rang and spoke; a call that says nothing of a device's
// moments (it goes on, or the device called and nobody answered) counts with its beginning.

// In all queries here the tenant is a parameter: by current_tenant() PostgreSQL would plan, and lock, the tables of every
// tenant there is.

// tookPart are the devices of the tenant $1's calls $2 and the moments they took part.
const tookPart = `
	SELECT call_id, operator_id, rang AS at FROM attempts WHERE tenant_id = $1 AND call_id = ANY($2)
	UNION SELECT call_id, operator_id, from_at FROM segments WHERE tenant_id = $1 AND call_id = ANY($2)
	UNION SELECT c.id, o, c.started FROM calls c, unnest(c.operator_ids) o WHERE c.tenant_id = $1 AND c.id = ANY($2)
		AND NOT EXISTS (SELECT FROM attempts r WHERE r.tenant_id = $1 AND r.call_id = c.id AND r.operator_id = o)
		AND NOT EXISTS (SELECT FROM segments s WHERE s.tenant_id = $1 AND s.call_id = c.id AND s.operator_id = o)`

// personFilter is the same the other way round: calls in which a device of one of these people took part while it was
// theirs. The first condition is the cheap one, and leaves few calls to the second.
func personFilter(f *filter, tenant tenants.ID, people []int32) {
	const while = `>= b.valid_from AND (b.valid_to IS NULL OR %[1]s < b.valid_to)`
	during := func(at string) string { return at + " " + fmt.Sprintf(while, at) }
	t := tenant.UUID()
	f.add(`operator_ids && ARRAY(SELECT operator_id FROM bindings WHERE tenant_id = $ AND person_id = ANY($))`, t, people)
	f.add(`EXISTS (SELECT FROM bindings b WHERE b.tenant_id = $ AND b.person_id = ANY($) AND b.operator_id = ANY(calls.operator_ids) AND (
		EXISTS (SELECT FROM attempts r WHERE r.tenant_id = $ AND r.call_id = calls.id AND r.operator_id = b.operator_id AND `+during("r.rang")+`)
		OR EXISTS (SELECT FROM segments s WHERE s.tenant_id = $ AND s.call_id = calls.id AND s.operator_id = b.operator_id AND `+during("s.from_at")+`)
		OR `+during("calls.started")+`
			AND NOT EXISTS (SELECT FROM attempts r WHERE r.tenant_id = $ AND r.call_id = calls.id AND r.operator_id = b.operator_id)
			AND NOT EXISTS (SELECT FROM segments s WHERE s.tenant_id = $ AND s.call_id = calls.id AND s.operator_id = b.operator_id)))`,
		t, people, t, t, t, t)
}

const peopleOfCalls = `SELECT DISTINCT m.call_id::text, p.name, p.id, m.operator_id FROM (` + tookPart + `) m
	JOIN bindings b ON b.tenant_id = $1 AND b.operator_id = m.operator_id AND b.valid_from <= m.at AND (b.valid_to IS NULL OR b.valid_to > m.at)
	JOIN people p ON p.tenant_id = b.tenant_id AND p.id = b.person_id ORDER BY p.name, p.id, m.operator_id`

// addPeople says of each call who took part in it.
func addPeople(ctx context.Context, tx pgx.Tx, tenant tenants.ID, calls []CallRow) error {
	at, ids := map[string]int{}, make([]string, 0, len(calls))
	for i := range calls {
		calls[i].People = []PersonAt{}
		at[calls[i].ID] = i
		ids = append(ids, calls[i].ID)
	}
	rows, err := tx.Query(ctx, peopleOfCalls, tenant.UUID(), ids)
	if err != nil {
		return fmt.Errorf("read people of calls: %w", err)
	}
	return eachPerson(rows, func(id string, p PersonAt) {
		c := &calls[at[id]]
		c.People = append(c.People, p)
	})
}

// A state of a device is of everybody whose it was while it lasted.
const whileItLasted = `b.valid_from < coalesce(s.to_at, 'infinity') AND (b.valid_to IS NULL OR b.valid_to > s.from_at)`

// personStateFilter finds the states of devices while they were any of these people's.
func personStateFilter(f *filter, people []int32) {
	f.add(`operator_id IN (SELECT operator_id FROM bindings WHERE tenant_id = current_tenant() AND person_id = ANY($))`, people)
	f.add(`EXISTS (SELECT FROM bindings b WHERE b.tenant_id = s.tenant_id AND b.operator_id = s.operator_id AND b.person_id = ANY($) AND `+whileItLasted+`)`, people)
}

const peopleOfStates = `SELECT DISTINCT s.id::text, p.name, p.id, s.operator_id FROM operator_states s
	JOIN bindings b ON b.tenant_id = s.tenant_id AND b.operator_id = s.operator_id AND ` + whileItLasted + `
	JOIN people p ON p.tenant_id = b.tenant_id AND p.id = b.person_id
	WHERE s.tenant_id = $1 AND s.id = ANY($2) ORDER BY p.name, p.id`

// addPeopleOfStates says of each state whose the device was.
func addPeopleOfStates(ctx context.Context, tx pgx.Tx, tenant tenants.ID, states []OperatorState) error {
	at, ids := map[string]int{}, make([]string, 0, len(states))
	for i := range states {
		states[i].People = []PersonRef{}
		at[states[i].ID] = i
		ids = append(ids, states[i].ID)
	}
	rows, err := tx.Query(ctx, peopleOfStates, tenant.UUID(), ids)
	if err != nil {
		return fmt.Errorf("read people of states: %w", err)
	}
	return eachPerson(rows, func(id string, p PersonAt) {
		s := &states[at[id]]
		s.People = append(s.People, PersonRef{p.ID, p.Name})
	})
}

// eachPerson reads rows of an id, name and id of a person, and a device.
func eachPerson(rows pgx.Rows, add func(of string, p PersonAt)) error {
	var of string
	var p PersonAt
	_, err := pgx.ForEachRow(rows, []any{&of, &p.Name, &p.ID, &p.Operator}, func() error {
		add(of, p)
		return nil
	})
	if err != nil {
		return fmt.Errorf("read people: %w", err)
	}
	return nil
}

// nameThem says of one call who took part, and in its story who did what.
func nameThem(ctx context.Context, tx pgx.Tx, tenant tenants.ID, m *masker, c *CallRow, story *Story) error {
	one := []CallRow{*c}
	if err := addPeople(ctx, tx, tenant, one); err != nil {
		return err
	}
	if err := addTags(ctx, tx, tenant, one); err != nil {
		return err
	}
	*c = one[0]
	found, err := seats(ctx, tx, c)
	if err != nil {
		return err
	}
	*story, err = withPeople(*story, m.seats(found))
	return err
}

// seat is a device that was a person's for some time.
type seat struct {
	operator int32
	from     time.Time
	to       *time.Time
	person   PersonRef
}

// device is a number of a PBX.
type device struct{ pbx, number string }

// seats are those who had devices of the call's PBXs while it lasted.
func seats(ctx context.Context, tx pgx.Tx, c *CallRow) (map[device][]seat, error) {
	rows, err := tx.Query(ctx, `SELECT x.name, o.number, o.id, b.valid_from, b.valid_to, p.id, p.name
		FROM pbxs x JOIN operators o ON o.tenant_id = x.tenant_id AND o.station_id = x.station_id
		JOIN bindings b ON b.tenant_id = o.tenant_id AND b.operator_id = o.id JOIN people p ON p.tenant_id = b.tenant_id AND p.id = b.person_id
		WHERE x.tenant_id = current_tenant() AND x.id = ANY($1) AND b.valid_from <= coalesce($2, now()) AND (b.valid_to IS NULL OR b.valid_to > $3)`,
		c.PBXs, c.End, c.Start)
	if err != nil {
		return nil, fmt.Errorf("read whose devices are: %w", err)
	}
	found := map[device][]seat{}
	var d device
	var s seat
	_, err = pgx.ForEachRow(rows, []any{&d.pbx, &d.number, &s.operator, &s.from, &s.to, &s.person.ID, &s.person.Name}, func() error {
		found[d] = append(found[d], s)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read whose devices are: %w", err)
	}
	return found, nil
}

// peopled are the rows of a story that name a device, with the keys that hold its number and the moment, and the key for
// the person.
var peopled = []struct{ rows, number, at, person string }{
	{"queues", "operator", "left", "person"},
	{"rings", "operator", "at", "person"},
	{"talks", "operator", "from", "person"},
	{"talks", "with", "from", "with_person"},
	{"holds", "by", "from", "person"},
	{"transfers", "by", "at", "by_person"},
	{"transfers", "to", "at", "to_person"},
	{"legs", "number", "start", "person"},
}

// withPeople adds to the rows of a story who was at the device at that moment.
func withPeople(story Story, seats map[device][]seat) (Story, error) {
	var rows map[string]json.RawMessage
	if len(seats) == 0 {
		return story, nil
	}
	if err := json.Unmarshal(story, &rows); err != nil {
		return nil, fmt.Errorf("read story: %w", err)
	}
	for _, p := range peopled {
		var list []map[string]json.RawMessage
		if rows[p.rows] == nil || json.Unmarshal(rows[p.rows], &list) != nil {
			continue
		}
		for _, row := range list {
			var d device
			var at time.Time
			if json.Unmarshal(row["pbx"], &d.pbx) != nil || json.Unmarshal(row[p.number], &d.number) != nil || json.Unmarshal(row[p.at], &at) != nil {
				continue
			}
			for _, s := range seats[d] {
				if s.from.After(at) || s.to != nil && !s.to.After(at) {
					continue
				}
				raw, err := json.Marshal(s.person)
				if err != nil {
					return nil, fmt.Errorf("name person: %w", err)
				}
				row[p.person] = raw
			}
		}
		raw, err := json.Marshal(list)
		if err != nil {
			return nil, fmt.Errorf("write story: %w", err)
		}
		rows[p.rows] = raw
	}
	raw, err := json.Marshal(rows)
	if err != nil {
		return nil, fmt.Errorf("write story: %w", err)
	}
	return raw, nil
}
