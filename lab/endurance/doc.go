// Command endurance kills the product at random for as long as it is told and holds what it knows in the end against an
// installation that nobody touched.
//
//	                        ┌─ agent ══ cloud ─ PostgreSQL        calm: nobody touches it
//	phones ─ Asterisks ─ AMI┤                                                              the same calls?
//	                        └─ agent ══ cloud ─ PostgreSQL        shaken: killed at random
//
// docs/endurance.md tells what is compared, what may differ and why. The run is bounded in time, and whatever it started
// ends with it.
//
//	go run ./lab/endurance --kills 200 --minutes 20
//	go run ./lab/endurance --kills 8 --minutes 1 --pbxs A --seed 7
package main
