// Package call assembles calls out of what PBXs say about channels. It opens nothing and reads no clock: the same events
// give the same calls, live and years later.
//
//	events ──Feed──▶ facts ─────────────────────▶ components ──Drain──▶ calls
//	                 channel: births, bridges,     sets of channels      story: who began it, who
//	                 holds, dials, queue visits    that are one story,   talked with whom, why it
//	                                               united by reasons     ended
//
// Feeding only notes facts and unites: channels that ever had one Linkedid, that called each other, are halves of a Local
// pair, share a bridge, take part in a transfer, a pickup or a parking, or are the two ends of one trunk leg between PBXs
// are one component. Components are never split. What a component amounts to is worked out when somebody asks, from all
// of its facts at once (story.go), so that events of different channels may come in any order and late ones still count.
//
// A component lives like this:
//
//	open ──last channel ends──▶ settling ──2 s──▶ final ──30 s──▶ forgotten
//	 ▲                             │                │
//	 └──── another story joins ────┘                └── a late event: handed out again with a higher Rev
//
// Beside the calls go the states of operators (interval.go): who serves which queue and is paused is told by events about
// members (member.go), what a device does by its channels, and whether it could be rung by device states (presence.go).
//
// What is shown of an open story does not depend on the time, nor on how often somebody asks: what lasts has no end, and
// whatever would look otherwise is handed out again.
//
// After a reconnect the PBX's own lists decide what is still true (snapshot.go); while the connection stands they only end
// what is missing twice. Times nobody saw are estimated and say so.
package call
