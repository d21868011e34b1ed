package settings

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/locale"
)

// The kinds of groups.
const (
	OfQueues    = "queues"
	OfOperators = "operators" // of people and devices
)

// Group is queues, or people and devices, that are looked at together. Nothing needs to be in just one.
type Group struct {
	ID        int32   `json:"id"`
	Kind      string  `json:"kind" enum:"queues,operators"`
	Name      string  `json:"name" maxLength:"200"`
	Queues    []int32 `json:"queues" nullable:"false" maxItems:"10000"`
	People    []int32 `json:"people" nullable:"false" maxItems:"10000" doc:"With the devices that are theirs, while they are"`
	Operators []int32 `json:"operators" nullable:"false" maxItems:"10000" doc:"Devices, whoever is at them"`
}

// groups lists members by their ids, which stay what they are when names change.
const groups = `SELECT g.id, g.kind, g.name,
	coalesce(array_agg(m.queue_id ORDER BY m.queue_id) FILTER (WHERE m.queue_id IS NOT NULL), '{}'),
	coalesce(array_agg(m.person_id ORDER BY m.person_id) FILTER (WHERE m.person_id IS NOT NULL), '{}'),
	coalesce(array_agg(m.operator_id ORDER BY m.operator_id) FILTER (WHERE m.operator_id IS NOT NULL), '{}')
	FROM groups g LEFT JOIN group_members m ON m.tenant_id = g.tenant_id AND m.group_id = g.id
	WHERE g.tenant_id = current_tenant()`

// Groups lists them by kind and name.
func Groups(ctx context.Context, tx pgx.Tx) ([]Group, error) {
	return all[Group](ctx, tx, groups+` GROUP BY g.id, g.kind, g.name ORDER BY g.kind, g.name`)
}

func (e *Editor) group(ctx context.Context, id int32) (Group, error) {
	if _, err := e.text(ctx, `SELECT name FROM groups WHERE tenant_id = current_tenant() AND id = $1 FOR UPDATE`, id); err != nil {
		return Group{}, err
	}
	return one[Group](ctx, e.tx, groups+` AND g.id = $1 GROUP BY g.id, g.kind, g.name`, id)
}

// AddGroup adds one.
func (e *Editor) AddGroup(ctx context.Context, g Group) (Group, error) {
	g.ID = 0
	if err := e.checkGroup(ctx, &g); err != nil {
		return g, err
	}
	if err := e.room(ctx, "groups"); err != nil {
		return g, err
	}
	err := e.tx.QueryRow(ctx, `INSERT INTO groups (tenant_id, kind, name) VALUES (current_tenant(), $1, $2) RETURNING id`, g.Kind, g.Name).Scan(&g.ID)
	if err != nil {
		return g, fmt.Errorf("add group: %w", err)
	}
	after, err := e.writeMembers(ctx, g)
	if err != nil {
		return g, err
	}
	return g, e.Note(ctx, "group.add", g.Name, nil, after)
}

// ChangeGroup gives the group of that id another name and other members. What it is a group of stays.
func (e *Editor) ChangeGroup(ctx context.Context, g Group) (Group, error) {
	was, err := e.group(ctx, g.ID)
	if err != nil {
		return g, err
	}
	g.Kind = was.Kind
	if err := e.checkGroup(ctx, &g); err != nil {
		return g, err
	}
	before, err := e.toldGroup(ctx, was)
	if err != nil {
		return g, err
	}
	if err := e.exec(ctx, `UPDATE groups SET name = $2 WHERE tenant_id = current_tenant() AND id = $1`, g.ID, g.Name); err != nil {
		return g, err
	}
	after, err := e.writeMembers(ctx, g)
	if err != nil {
		return g, err
	}
	return g, e.changed(ctx, "group.change", g.Name, before, after)
}

// RemoveGroup removes one. Who was limited to it sees nothing of it any more.
func (e *Editor) RemoveGroup(ctx context.Context, id int32) error {
	was, err := e.group(ctx, id)
	if err != nil {
		return err
	}
	before, err := e.toldGroup(ctx, was)
	if err != nil {
		return err
	}
	if err := e.exec(ctx, `DELETE FROM groups WHERE tenant_id = current_tenant() AND id = $1`, id); err != nil {
		return err
	}
	return e.Note(ctx, "group.remove", was.Name, before, nil)
}

func (e *Editor) checkGroup(ctx context.Context, g *Group) (err error) {
	if g.Name, err = name(g.Name, true); err != nil {
		return err
	}
	for _, ids := range []*[]int32{&g.Queues, &g.People, &g.Operators} {
		*ids = slices.Compact(slices.Sorted(slices.Values(*ids)))
		if *ids == nil {
			*ids = []int32{}
		}
	}
	switch {
	case g.Kind != OfQueues && g.Kind != OfOperators:
		return invalid(locale.Say("A group is of queues, or of people and devices."))
	case g.Kind == OfQueues && len(g.People)+len(g.Operators) > 0:
		return invalid(locale.Say("A group of queues has no people and devices in it. Make another group for them."))
	case g.Kind == OfOperators && len(g.Queues) > 0:
		return invalid(locale.Say("A group of people and devices has no queues in it. Make another group for them."))
	}
	taken, err := e.text(ctx, `SELECT name FROM groups WHERE tenant_id = current_tenant() AND kind = $1 AND name = $2 AND id <> $3`, g.Kind, g.Name, g.ID)
	if err != nil {
		return err
	}
	if taken != "" {
		return conflict("name-taken", locale.Say("There is a group of the name %s already. Choose another name.", taken))
	}
	return nil
}

// writeMembers puts the members in the place of those there are, and returns the group as it is told.
func (e *Editor) writeMembers(ctx context.Context, g Group) (toldGroup, error) {
	if err := e.exec(ctx, `DELETE FROM group_members WHERE tenant_id = current_tenant() AND group_id = $1`, g.ID); err != nil {
		return toldGroup{}, err
	}
	err := e.exec(ctx, `INSERT INTO group_members (tenant_id, group_id, queue_id, person_id, operator_id)
		SELECT current_tenant(), $1::int, id, NULL::int, NULL::int FROM queues WHERE tenant_id = current_tenant() AND id = ANY($2)
		UNION ALL SELECT current_tenant(), $1, NULL, id, NULL FROM people WHERE tenant_id = current_tenant() AND id = ANY($3)
		UNION ALL SELECT current_tenant(), $1, NULL, NULL, id FROM operators WHERE tenant_id = current_tenant() AND id = ANY($4)`,
		g.ID, g.Queues, g.People, g.Operators)
	if err != nil {
		return toldGroup{}, err
	}
	told, err := e.toldGroup(ctx, g)
	if err == nil && len(told.Members) != len(g.Queues)+len(g.People)+len(g.Operators) {
		err = invalid(locale.Say("Some of those who are to be in the group are not there any more. Look again."))
	}
	return told, err
}

type toldGroup struct {
	Name    string   `json:"name"`
	Members []string `json:"members"`
}

func (e *Editor) toldGroup(ctx context.Context, g Group) (toldGroup, error) {
	told := toldGroup{Name: g.Name}
	rows, err := e.tx.Query(ctx, `SELECT coalesce(qs.name || '/' || q.number, p.name, os.name || '/' || o.number) AS label FROM group_members m
		LEFT JOIN queues q ON q.tenant_id = m.tenant_id AND q.id = m.queue_id LEFT JOIN stations qs ON qs.tenant_id = q.tenant_id AND qs.id = q.station_id
		LEFT JOIN people p ON p.tenant_id = m.tenant_id AND p.id = m.person_id
		LEFT JOIN operators o ON o.tenant_id = m.tenant_id AND o.id = m.operator_id LEFT JOIN stations os ON os.tenant_id = o.tenant_id AND os.id = o.station_id
		WHERE m.tenant_id = current_tenant() AND m.group_id = $1 ORDER BY label, m.person_id`, g.ID)
	if err != nil {
		return told, fmt.Errorf("read group: %w", err)
	}
	if told.Members, err = pgx.CollectRows(rows, pgx.RowTo[string]); err != nil {
		return told, fmt.Errorf("read group: %w", err)
	}
	return told, nil
}
