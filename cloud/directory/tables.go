package directory

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// A statement looks for the names of one kind and makes those that are missing, in one go. Its parameters are arrays of
// stations, keys and labels. A label that is "" changes nothing. Existing rows that need no change are only read, so
// that two transactions that meet do not wait for each other.
const (
	stationed = `
		WITH want AS (SELECT unnest($1::integer[]) AS station_id, unnest($2::text[]) AS k, unnest($3::text[]) AS label),
		have AS (SELECT t.id, t.station_id, t.%[2]s AS k, %[4]s AS label FROM %[1]s t JOIN want w ON t.station_id = w.station_id AND t.%[2]s = w.k
			WHERE t.tenant_id = current_tenant() AND (w.label = '' OR w.label = %[4]s)),
		made AS (INSERT INTO %[1]s AS t (tenant_id, station_id, %[2]s%[3]s)
			SELECT current_tenant(), w.station_id, w.k%[5]s FROM want w
			WHERE NOT EXISTS (SELECT FROM have h WHERE h.station_id = w.station_id AND h.k = w.k)
			ORDER BY w.station_id, w.k
			ON CONFLICT (tenant_id, station_id, %[2]s) DO UPDATE SET seen = now()%[6]s
			RETURNING t.id, t.station_id, t.%[2]s, %[4]s)
		SELECT id::bigint, station_id, k, label FROM have UNION ALL SELECT * FROM made`
	numbered = `
		WITH want AS (SELECT unnest($1::integer[]), unnest($2::text[]) AS k, unnest($3::text[]) AS label),
		have AS (SELECT t.id, 0, t.number, t.name FROM numbers t JOIN want w ON t.number = w.k
			WHERE t.tenant_id = current_tenant() AND (w.label = '' OR w.label = t.name)),
		made AS (INSERT INTO numbers AS t (tenant_id, number, name)
			SELECT current_tenant(), w.k, w.label FROM want w WHERE NOT EXISTS (SELECT FROM have h WHERE h.number = w.k) ORDER BY w.k
			ON CONFLICT (tenant_id, number) DO UPDATE SET seen = now(), name = coalesce(nullif(excluded.name, ''), t.name)
			RETURNING t.id, 0, t.number, t.name)
		SELECT * FROM have UNION ALL SELECT * FROM made`
)

func statement(kind Kind) string {
	const setName = ", name = coalesce(nullif(excluded.name, ''), t.name)"
	switch kind {
	case Operator:
		return fmt.Sprintf(stationed, "operators", "number", ", name", "t.name", ", w.label", setName)
	case Queue:
		return fmt.Sprintf(stationed, "queues", "number", ", name", "t.name", ", w.label", setName)
	case Trunk:
		return fmt.Sprintf(stationed, "trunks", "endpoint", "", "''", "", "")
	default:
		return numbered
	}
}

func (s *Session) make(ctx context.Context, tx pgx.Tx, kind Kind, want map[key]string) error {
	keys := slices.SortedFunc(maps.Keys(want), func(a, b key) int {
		if a.station != b.station {
			return int(a.station) - int(b.station)
		}
		return strings.Compare(a.name, b.name)
	})
	stations, names, labels := make([]int32, len(keys)), make([]string, len(keys)), make([]string, len(keys))
	for i, k := range keys {
		stations[i], names[i], labels[i] = k.station, k.name, want[k]
		if kind == Trunk {
			labels[i] = "" // trunks have no other name
		}
	}
	rows, err := tx.Query(ctx, statement(kind), stations, names, labels)
	if err != nil {
		return err
	}
	var k key
	var e entry
	_, err = pgx.ForEachRow(rows, []any{&e.id, &k.station, &k.name, &e.label}, func() error {
		k.kind = kind
		s.fresh[k] = e
		return nil
	})
	return err
}
