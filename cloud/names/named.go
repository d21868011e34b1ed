package names

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/rights"
)

// Named are whose names somebody may read: of all rows that are visible, the queues, devices and people. Lists are sorted.
type Named struct {
	All               bool // everything there is; the lists are empty
	Queues, Operators []int32
	People            []int32
}

// Queue tells whether a queue's name may be read.
func (n *Named) Queue(id int32) bool { return n.All || has(n.Queues, id) }

// Operator tells whether a device's name may be read.
func (n *Named) Operator(id int32) bool { return n.All || has(n.Operators, id) }

// Person tells whether a person's name may be read.
func (n *Named) Person(id int32) bool { return n.All || has(n.People, id) }

func has(sorted []int32, id int32) bool {
	_, ok := slices.BinarySearch(sorted, id)
	return ok
}

// NamedIn reads whose names a scope shows. To the queues of a scope belong the devices they ring, to its devices the queues
// that ring them; people are at devices. Who is not to be watched is not among them.
func NamedIn(ctx context.Context, tx pgx.Tx, s rights.Scope) (*Named, error) {
	if s.Everything && s.Watches() {
		return &Named{All: true}, nil
	}
	// Over partitioned tables the tenant is a parameter.
	var tenant uuid.UUID
	if err := tx.QueryRow(ctx, `SELECT current_tenant()`).Scan(&tenant); err != nil {
		return nil, fmt.Errorf("read tenant: %w", err)
	}
	n := &Named{Queues: s.Queues, Operators: s.Devices()}
	if s.Own {
		n.Queues = nil
	}
	queues, err := ids(ctx, tx, `SELECT id FROM queues WHERE tenant_id = $1`, tenant)
	if err != nil {
		return nil, err
	}
	if s.Everything {
		n.Queues = queues
		if n.Operators, err = ids(ctx, tx, `SELECT id FROM operators WHERE tenant_id = $1`, tenant); err != nil {
			return nil, err
		}
	} else {
		rung, err := devicesOf(ctx, tx, tenant, n.Queues)
		if err != nil {
			return nil, err
		}
		ringing, err := queuesOf(ctx, tx, tenant, queues, n.Operators)
		if err != nil {
			return nil, err
		}
		n.Queues, n.Operators = slices.Concat(n.Queues, ringing), slices.Concat(n.Operators, rung)
	}
	n.Operators = slices.DeleteFunc(tidy(n.Operators), func(id int32) bool { return slices.Contains(s.Unwatched, id) })
	n.Queues = tidy(n.Queues)
	n.People, err = n.people(ctx, tx, s)
	return n, err
}

func tidy(list []int32) []int32 { return slices.Compact(slices.Sorted(slices.Values(list))) }

// devicesOf steps through an index from one device to the next: queues have a few, and millions of rows about them.
func devicesOf(ctx context.Context, tx pgx.Tx, tenant uuid.UUID, queues []int32) ([]int32, error) {
	const step = `WITH RECURSIVE d AS (
		SELECT q.id AS queue, (SELECT min(operator_id) FROM %[1]s WHERE tenant_id = $1 AND queue_id = q.id %[2]s) AS id FROM unnest($2::int[]) AS q (id)
		UNION ALL SELECT d.queue, (SELECT min(operator_id) FROM %[1]s WHERE tenant_id = $1 AND queue_id = d.queue AND operator_id > d.id %[2]s) FROM d WHERE d.id IS NOT NULL)
		SELECT DISTINCT id FROM d WHERE id IS NOT NULL`
	if len(queues) == 0 {
		return nil, nil
	}
	rung, err := ids(ctx, tx, fmt.Sprintf(step, "attempts", ""), tenant, queues)
	if err != nil {
		return nil, err
	}
	members, err := ids(ctx, tx, fmt.Sprintf(step, "operator_states", "AND kind = 1"), tenant, queues)
	return append(rung, members...), err
}

func queuesOf(ctx context.Context, tx pgx.Tx, tenant uuid.UUID, queues, devices []int32) ([]int32, error) {
	if len(devices) == 0 {
		return nil, nil
	}
	return ids(ctx, tx, `SELECT q FROM unnest($2::int[]) AS q
		WHERE EXISTS (SELECT FROM attempts WHERE tenant_id = $1 AND queue_id = q AND operator_id = ANY($3))
		   OR EXISTS (SELECT FROM operator_states WHERE tenant_id = $1 AND queue_id = q AND operator_id = ANY($3) AND kind = 1)`, tenant, queues, devices)
}

// people are those at the devices, of a device that counts for some time those who were there then.
func (n *Named) people(ctx context.Context, tx pgx.Tx, s rights.Scope) ([]int32, error) {
	if s.Everything {
		return ids(ctx, tx, `SELECT id FROM people p WHERE p.tenant_id = current_tenant() AND NOT p.unwatched AND (
			NOT EXISTS (SELECT FROM bindings b WHERE b.tenant_id = p.tenant_id AND b.person_id = p.id)
			OR EXISTS (SELECT FROM bindings b WHERE b.tenant_id = p.tenant_id AND b.person_id = p.id AND b.operator_id <> ALL($1)))`, append([]int32{}, s.Unwatched...))
	}
	timed := devicesIn(s.Seats)
	rows, err := tx.Query(ctx, `SELECT b.person_id, b.operator_id, (extract(epoch FROM b.valid_from) * 1000)::bigint, coalesce((extract(epoch FROM b.valid_to) * 1000)::bigint, 0)
		FROM bindings b JOIN people p ON p.tenant_id = b.tenant_id AND p.id = b.person_id
		WHERE b.tenant_id = current_tenant() AND b.operator_id = ANY($1)`, n.Operators)
	if err != nil {
		return nil, fmt.Errorf("read people: %w", err)
	}
	var list []int32
	var person, device int32
	var from, to int64
	_, err = pgx.ForEachRow(rows, []any{&person, &device, &from, &to}, func() error {
		counts := s.SeesDuring(0, device, from, to) || !has(timed, device)
		if counts && !s.HidesDuring(device, from, to) {
			list = append(list, person)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read people: %w", err)
	}
	return tidy(list), nil
}

func devicesIn(seats []rights.Seat) []int32 {
	list := make([]int32, 0, len(seats))
	for _, t := range seats {
		list = append(list, t.Operator)
	}
	return tidy(list)
}

func ids(ctx context.Context, tx pgx.Tx, sql string, args ...any) ([]int32, error) {
	rows, err := tx.Query(ctx, sql, args...)
	if err != nil {
		return nil, fmt.Errorf("read ids: %w", err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowTo[int32])
	if err != nil {
		return nil, fmt.Errorf("read ids: %w", err)
	}
	return tidy(list), nil
}
