// Package uplink carries the spool's batches to the cloud and forgets in the spool what the cloud has committed. It
// reads no AMI and decides nothing about calls.
//
//	           ┌────────── QUIC (UDP) fails in 3 s ──────────┐
//	back-off ──► dial QUIC ──► Hello/Welcome ──► session ─┐  ▼
//	   ▲                            ▲                     │ dial TCP ──► Hello/Welcome ──► session
//	   └── Goodbye, time-out, break ┴─────────────────────┘                 every few minutes: does QUIC work again?
//
// A session sends from the sequence number the cloud names in Welcome (and names anew in Resume), at most a window
// ahead of what is committed. Order of steps that makes it safe to forget:
//
//	send → the cloud commits to its database → Committed → Spool.Commit
//
// Nothing is dropped for having been sent, so a link that breaks anywhere costs a repetition, never an event.
package uplink
