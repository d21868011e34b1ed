// Package assemble runs the assemblers: batches out of the event log, through cloud/call, into the database. It decides
// nothing about calls, and knows nothing of connections.
//
// A partition of tenants is worked on by one process. What it was handed at once becomes one step per tenant:
//
//	deliveries ─► seen already? skip · a hole before it? ask for it and skip · else feed ─► Drain ─► one transaction:
//
//	  1 hold the partition: its epoch is still ours, and nobody can take it before we are done
//	  2 the step itself, under its number: which batches it fed, in which order
//	  3 raw batches, gaps, the cursor of each agent
//	  4 calls, and for closed ones queue visits, attempts and segments; states of operators
//	  5 now and then the assembler's whole memory, which makes older steps unnecessary
//
//	─► acknowledge to the log ─► tell gateway (committed) and screens (changed)
//
// A kill before the commit leaves nothing of the step, and its batches are delivered or sent again. A kill after it
// leaves all of it, and what is delivered again is skipped by the cursors. The next process restores the memory and
// takes the steps since then once more; cloud/call gives the same for the same events. A step whose commit was left in
// doubt is known by its number.
//
// The process that lost its partition without knowing cannot write: 1 fails, for the taker raised the epoch.
package assemble
