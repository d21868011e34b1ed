// Package e2e holds the built binaries to what they promise, on recorded AMI: what comes out of the API is what
// `callweave replay` makes of the same recording, and killing agent, cloud, PostgreSQL and event log at any moment loses and
// doubles nothing. It has tests only; live PBXs are for lab/live.
//
//	recording ─ fakepbx ─ callweave-edge ═══ callweave serve ─ PostgreSQL ─ API ──┬── the same calls?
//	    └──────────────── callweave replay ───────────────────────────────────────┘
package e2e
