// Package ami is a client of the Asterisk Manager Interface. It logs in, keeps the connection alive, comes back when it
// is gone, takes a snapshot after every connect, and hands every packet to a sink. It keeps no events and knows no calls.
//
//	          ┌────────────── back-off with jitter ◀──────────────┐
//	          ▼                                                    │
//	dial ─ greeting ─ Challenge, Login ─ FullyBooted ─ snapshot ─ Ping, Ping, … ─ two unanswered, or the end
//
// One goroutine reads the connection and does nothing else: Asterisk drops a client that stops reading for 100 ms.
// Nothing it calls may wait, except the sink for its storage.
package ami
