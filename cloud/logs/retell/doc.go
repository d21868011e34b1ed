// Package retell tells, out of rows of logs, the events the PBX would have said over AMI at the time, so that the one
// assembler makes calls of a past nobody listened to. It judges nothing: what a log does not say is not told, but for what
// the assembler cannot do without, and that is one of the guesses below. It opens nothing and reads no clock.
//
//	rows in order ─▶ window: ten minutes of rows ahead ─▶ events ─▶ put in order again ─▶ assembler
//	                 whom was rung by whom shows in             what is known to the second
//	                 later rows of the same call                 is put where CEL shows it
//
// What the three logs know:
//
//	CEL        births, answers, bridges, transfers, ends of channels, to the microsecond; not who dialled whom, not holds
//	           before Asterisk 20, not queues
//	queue_log  visits of queues, who was rung and for how long, who answered, log-ins and pauses; to the second
//	CDR        of each leg who called whom, when it began, was answered and ended; to the second, no bridges
//
// A channel is told by the best log that has it: CEL, then CDR, then queue_log alone. Queue visits are always told by
// queue_log where there is one, and by CEL only where there is none.
//
// Guesses: who dialled a channel (parent.go); what is said of a second within that second (place.go); how a ring ended
// that no log says a word about (ended.go).
package retell
