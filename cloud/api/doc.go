// Package api is the HTTP API of the cloud: what the portal and the customer's own programs read and do. It serves the
// OpenAPI description of itself, answers errors as problem+json in the viewer's language, and knows who is asking from
// an opaque cookie. It writes browsers' sessions and failed log-ins and nothing else: what others own is changed by
// asking them.
//
//	request ─ headers, limits, log ─ who asks (session) ─ may he? (access) ─ handler ─ pg.As(tenant)
//
// Every operation states its access where it is registered, and every query of a tenant's rows runs as that tenant
// under row-level security, so a forgotten check shows nothing of another tenant.
package api

//go:generate go run ./gen
