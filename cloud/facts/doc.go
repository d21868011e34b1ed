// Package facts reads what reports are computed from: a tenant's calls, their rows and what operators did, by UTC days and
// for a scope of what may be seen. It gives them natively, and as chunks and increments for browsers, which it keeps: what
// was read of a day with one revision is right for ever. It writes no table; the revisions are those of assemble.
//
//	PostgreSQL ── day ──┬── report.Facts                      (exports, e-mails, tests)
//	                    └── chunks ── cache: memory, files ── (browsers)
//
// What the scope hides is not read into facts at all: calls, rows and states of others are left out, devices that are not to
// be watched are 0, and outside numbers lose their last digits where the scope says so.
package facts
