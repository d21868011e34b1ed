// Package month invents a month of a call centre in three time zones in which everything happens that reports have to get
// right: clocks that change, people who change devices, policies that change, calls over midnights and over several PBXs,
// callers who come back. The same seed gives the same month. It writes it as the product does and reads nothing.
//
//	cast ─► days: arrivals ─► menu ─► queue: rings of devices ─► talk, hold, consultation, transfer ─► wrap-up
//	                                                              └─► what each device did, and who was logged in
package month
