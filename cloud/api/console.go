package api

import (
	"context"
	"fmt"
	"net/http"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/locale"
)

// The console reads what stands above tenants. What a tenant's people and PBXs are called is not among it.

func (a *API) consoleTenants(ctx context.Context, _ *struct{}) (*consoleTenantsOutput, error) {
	out := &consoleTenantsOutput{}
	err := a.deps.DB.System().Tx(ctx, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `
			SELECT t.id, t.slug, t.name, t.zone, t.suspended, t.created,
			       count(a.id) FILTER (WHERE a.revoked IS NULL), count(a.id) FILTER (WHERE a.connected IS NOT NULL)
			FROM tenants t LEFT JOIN agents a ON a.tenant_id = t.id GROUP BY t.id ORDER BY t.name`)
		if err != nil {
			return err
		}
		out.Body.Tenants, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (t ConsoleTenant, err error) {
			var id uuid.UUID
			err = row.Scan(&id, &t.Slug, &t.Name, &t.Zone, &t.Suspended, &t.Created, &t.Agents, &t.Connected)
			t.ID = id.String()
			return t, err
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list tenants: %w", err)
	}
	return out, nil
}

func (a *API) consoleAgents(ctx context.Context, _ *struct{}) (*consoleAgentsOutput, error) {
	out := &consoleAgentsOutput{}
	err := a.deps.DB.System().Tx(ctx, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `SELECT id, tenant_id, pbx_id, version, transport, address, connected, last_seen, not_after, revoked, report
			FROM agents ORDER BY tenant_id, pbx_id, created`)
		if err != nil {
			return err
		}
		out.Body.Agents, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (c ConsoleAgent, err error) {
			var id, tenant uuid.UUID
			var report []byte
			err = row.Scan(&id, &tenant, &c.PBX, &c.Version, &c.Transport, &c.Address, &c.Connected, &c.LastSeen, &c.NotAfter, &c.Revoked, &report)
			c.ID, c.Tenant = id.String(), tenant.String()
			_, c.Findings, _ = readReport(report, viewerOf(ctx).Language)
			return c, err
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list agents: %w", err)
	}
	return out, nil
}

// health is for load balancers: 503 while the database does not answer.
func (a *API) health(ctx context.Context, _ *struct{}) (*healthOutput, error) {
	if err := a.deps.DB.Ping(ctx); err != nil {
		return nil, fail(http.StatusServiceUnavailable, "database-away", locale.Say("The database does not answer.")).because(err)
	}
	out := &healthOutput{}
	out.Body.Status = "ok"
	return out, nil
}
