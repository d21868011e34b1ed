package directory

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// Endpoint is what was learned of an endpoint of a PBX. Class and Signs are numbers of whoever learns.
type Endpoint struct {
	PBX         int32
	Name        string // technology/resource
	Class       uint8
	Signs       uint16
	Number      string // under which a device is known
	Label       string // its caller id name
	First, Seen time.Time
}

// Dialled is a number of ours by which the outside calls in, or a service code.
type Dialled struct {
	Station     int32
	Service     bool
	Number      string
	Label       string // where a service code leads
	Said        bool   // by a rule, and not only seen
	First, Seen time.Time
}

// The earliest and the latest sight win whatever comes in between: mirrored PBXs, and what is assembled anew, tell in any
// order.
const (
	writeEndpoint = `
		INSERT INTO endpoints AS e (tenant_id, pbx_id, endpoint, class, signs, number, name, first_seen, seen)
		VALUES (current_tenant(), $1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (tenant_id, pbx_id, endpoint) DO UPDATE
		SET class = excluded.class, signs = excluded.signs, number = excluded.number, name = coalesce(nullif(excluded.name, ''), e.name),
		    first_seen = least(e.first_seen, excluded.first_seen), seen = greatest(e.seen, excluded.seen)`
	writeDialled = `
		INSERT INTO %[1]s AS d (tenant_id, station_id, number, name, how, first_seen, seen)
		VALUES (current_tenant(), $1, $2, $3, $4, $5, $6) ON CONFLICT (tenant_id, station_id, number) DO UPDATE
		SET name = coalesce(nullif(excluded.name, ''), d.name), how = excluded.how,
		    first_seen = least(d.first_seen, excluded.first_seen), seen = greatest(d.seen, excluded.seen)`
)

// Learn writes what was learned of endpoints and numbers.
func Learn(ctx context.Context, tx pgx.Tx, endpoints []Endpoint, numbers []Dialled) error {
	var b pgx.Batch
	for _, e := range endpoints {
		b.Queue(writeEndpoint, e.PBX, Clean(e.Name), int16(e.Class), int32(e.Signs), Clean(e.Number), Clean(e.Label), e.First, e.Seen)
	}
	for _, d := range numbers {
		table, how := "dids", "seen"
		if d.Service {
			table = "services"
		}
		if d.Said {
			how = "rule"
		}
		b.Queue(fmt.Sprintf(writeDialled, table), d.Station, Clean(d.Number), Clean(d.Label), how, d.First, d.Seen)
	}
	if b.Len() == 0 {
		return nil
	}
	if err := tx.SendBatch(ctx, &b).Close(); err != nil {
		return fmt.Errorf("write what was learned: %w", err)
	}
	return nil
}
