// Package capture turns what a PBX says into batches in the spool: it numbers and stamps events, encodes them, and
// keeps the PBX from ever waiting for anything but the disk.
//
//	ami.Client ─ Packet ─▶ Session ─ encoder ─▶ queue (memory, bounded) ─ Run ─▶ Spool
//	                       256 events or 50 ms make a batch
//
// While the spool cannot be written to, the queue takes what comes; when it is full the oldest batch is given up, and a
// gap of exactly its sequence numbers takes its place, so that whoever reads the stream knows what is missing.
//
// The package sends nothing and knows no calls.
package capture
