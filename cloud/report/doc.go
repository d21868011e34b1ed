// Package report is the arithmetic of reports: it groups the facts of a period into tables. It is pure and runs in the
// browser (compiled to WebAssembly), on the server for exports, e-mails and alerts, and in tests: one implementation of every
// formula. It opens nothing, reads no clock and knows no database; times are milliseconds since 1970, UTC, and time zones
// come as tables of their transitions.
//
//	Facts (columns of calls, visits, rings, talks, states) ─┐
//	Names (queues, people, zones, hours, policies)         ─┼─ Engine ── Query ── Table ── Drill ── calls
//	Coverage (what was not heard)                          ─┘
package report
