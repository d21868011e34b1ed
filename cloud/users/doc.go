// Package users keeps the people who sign in, a tenant's and the vendor's: their log-ins and passwords, the roles a tenant
// makes for them, the links by which they are invited, the tokens of their programs, and what each of them may do and see
// at this moment. It does not know what is asked for, nor browsers' sessions.
//
//	user ── role (of the product, or the tenant's own) ── rights ┐
//	  └──── limits (else the role's) ── queues, groups, people ──┴─► Grant: rights, scope
//	token ── rights, limits ── the lesser of these and its owner's ─► Grant
package users
