// Package eventlog carries sealed batches from ingest to the assemblers, durably, and best-effort signals between nodes.
// It is a shock absorber: an agent deletes nothing until the database has it, so that the loss of the whole log is a
// resend and no loss. It does not look into a batch.
//
// Underneath is NATS JetStream, in this process and without a port, or an external cluster by URL with the same code.
//
//	Publish ─► writer of the partition ─► stream CALLWEAVE_<partition> ─► pinned consumer ─► Consume(partition)
//	           (what waits goes as one     (work queue, fsync before        (one reader at a time;
//	            record, one fsync)          the answer)                      acknowledged when fn succeeded)
//
// Order within an agent's stream is kept from Publish to Consume while nothing fails. After a failure batches may come
// twice, out of order or not at all; the reader tells by their sequence numbers.
package eventlog
