package directory

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// ErrNameTaken says that the tenant has a PBX of that name.
var ErrNameTaken = errors.New("there already is a PBX of that name")

// AddPBX adds a PBX to the tenant of the transaction. station is the name of the station whose numbers it shares,
// which is made when there is none yet; "" makes the PBX a station of its own, under its own name.
func AddPBX(ctx context.Context, tx pgx.Tx, name, station string) (PBX, error) {
	name, station = Clean(strings.TrimSpace(name)), Clean(strings.TrimSpace(station))
	if station == "" {
		station = name
	}
	p := PBX{Name: name}
	err := tx.QueryRow(ctx, `INSERT INTO stations AS s (tenant_id, name) VALUES (current_tenant(), $1)
		ON CONFLICT (tenant_id, name) DO UPDATE SET name = s.name RETURNING id`, station).Scan(&p.Station)
	if err != nil {
		return PBX{}, fmt.Errorf("add station: %w", err)
	}
	err = tx.QueryRow(ctx, `INSERT INTO pbxs (tenant_id, station_id, name) VALUES (current_tenant(), $1, $2)
		ON CONFLICT (tenant_id, name) DO NOTHING RETURNING id`, p.Station, name).Scan(&p.ID)
	if errors.Is(err, pgx.ErrNoRows) {
		return PBX{}, ErrNameTaken
	}
	if err != nil {
		return PBX{}, fmt.Errorf("add PBX: %w", err)
	}
	return p, nil
}
