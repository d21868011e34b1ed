package main

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	past "github.com/callweave/callweave/cloud/demo"
	"github.com/callweave/callweave/cloud/identity"
	"github.com/callweave/callweave/cloud/settings"
	"github.com/callweave/callweave/tenants"
)

// decide enters what the demonstration's administrator decided, the first time: afterwards it is whoever tries it out who decides.
func decide(ctx context.Context, db *database, tenant tenants.ID) error {
	return db.As(tenant).Tx(ctx, func(tx pgx.Tx) error {
		var decided bool
		if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM people WHERE tenant_id = $1)`, tenant.UUID()).Scan(&decided); err != nil || decided {
			return err
		}
		now := time.Now()
		for _, f := range past.Decisions(now.Add(-history), now.AddDate(0, 0, 7)) {
			list, known := settings.FindList(f.List)
			if !known {
				return fmt.Errorf("decide for the demonstration: there is no list %s", f.List)
			}
			sheet, err := settings.WriteSheet(f.Lines[0], f.Lines[1:], false)
			if err != nil {
				return fmt.Errorf("decide for the demonstration: %w", err)
			}
			if _, err := settings.Edit(tx, identity.Author{Login: "demo"}).Import(ctx, list, sheet); err != nil {
				return fmt.Errorf("decide for the demonstration: %s: %w", f.List, err)
			}
		}
		return nil
	})
}
