package api

import (
	"time"

	"github.com/callweave/callweave/cloud/rights"
	"github.com/callweave/callweave/cloud/users"
	"github.com/callweave/callweave/tenants"
)

// everybody is a viewer who sees all of a tenant.
func everybody(tenant tenants.ID) *Viewer {
	return &Viewer{Tenant: tenant, Grant: users.Grant{Scope: rights.Scope{Everything: true}}}
}

// StatesQuery is what the states of a period are asked for with.
func StatesQuery(tenant tenants.ID, from, to time.Time) (string, []any) {
	in := &statesInput{From: from, To: to, Limit: 100}
	f, err := stateFilter(everybody(tenant), nil, in)
	if err != nil {
		panic(err)
	}
	query := statesQuery(f, in)
	return query, f.args
}

// Queries are those about people, of calls and of states.
func Queries(tenant tenants.ID) map[string][]any {
	f, err := journalFilter(everybody(tenant), nil, &callsInput{Person: []int32{1}})
	if err != nil {
		panic(err)
	}
	all := map[string][]any{
		`SELECT id FROM calls WHERE ` + f.sql(): f.args,
		peopleOfCalls:                           {tenant.UUID(), []string{}},
		peopleOfStates:                          {tenant.UUID(), []string{}},
	}
	in := &statesInput{Person: []int32{1}, Limit: 100}
	if f, err = stateFilter(everybody(tenant), nil, in); err != nil {
		panic(err)
	}
	all[statesQuery(f, in)] = f.args
	return all
}
