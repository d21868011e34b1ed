// Package reassemble runs today's rules over the raw batches that were stored, compares the calls that come out with the
// calls that are stored, and puts theirs in place. It decides nothing about calls, and leaves open calls to the assembler
// that works on them.
//
//	raw batches of all agents, merged by time ─► cloud/call ─► calls ──┐
//	      from before --from until the calls                           ├─► groups ─► differences ─► one transaction
//	      that began before --to have ended       stored calls ────────┘   (share a channel          for some groups
//	                                              of [from, to)             or an id)
//
// A group is all that is one story on either side: where two stored calls become one, or one becomes two, they are
// compared and written together. It is looked at when nothing in it can change any more, and not at all where it may
// still belong to the assembler at work (docs/decisions/0004).
package reassemble
