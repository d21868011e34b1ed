// Package pg opens the database so that a query without a tenant does not compile: [DB.As] is the only way to a
// tenant's rows, and the role it takes is one that row-level security binds. It also runs the migrations and a private
// PostgreSQL for those who bring none. It knows no table.
//
//	login role (owner of the schema)
//	   ├── set local role callweave_app    + app.tenant_id   DB.As(tenant)   one tenant's rows
//	   ├── set local role callweave_system                   DB.System()     what lies above tenants
//	   └── (as it is)                                        DB.Owner()      migrations, partitions of a new tenant
//
// Role and tenant are local to the transaction, so a pooled connection carries nothing over, and PgBouncer in
// transaction mode does no harm.
package pg
