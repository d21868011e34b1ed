// Package history invents histories of calls: what several PBXs would say about them, event by event, and what each call
// really was. It plays a small model of Asterisk whose events have the order and the form of recordings of Asterisk 16
// and 22. The same seed gives the same history. It opens nothing, reads no clock and knows nothing of how calls are
// assembled.
//
//	plan ──▶ scripts ──▶ events of each call, in order ─┐
//	          │                                        merged by time ──▶ line ──▶ what arrives
//	          └────────▶ truth of each call              (history.go)      │
//	                                                                       ├ cuts, snapshots, restarts, clocks (line.go)
//	                                                                       └ disorder, repetition (disorder.go)
package history
