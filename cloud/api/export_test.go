package api

import (
	"time"

	"github.com/callweave/callweave/tenants"
)

// StatesQuery is what the states of a period are asked for with.
func StatesQuery(tenant tenants.ID, from, to time.Time) (string, []any) {
	in := &statesInput{From: from, To: to, Limit: 100}
	f, err := stateFilter(&Viewer{Tenant: tenant}, in)
	if err != nil {
		panic(err)
	}
	query := statesQuery(f, in)
	return query, f.args
}
