// Package spool keeps batches of events on disk until the cloud has committed them: a segmented append-only log that
// survives crashes, full disks and damaged blocks. It does not know who writes batches or who sends them.
//
// # Order of steps
//
// Append:   write the record → fdatasync → tell the readers → return. A batch whose write or sync failed was never
// acknowledged; its segment is suspect from then on and the next batch begins a new one.
//
// New segment:   create under a temporary name → preallocate → write its header → fsync → rename → fsync directory →
// write records.
//
// Commit:   move the mark in memory → where a segment has become unnecessary: write the state under a temporary name →
// fsync → rename → fsync directory → delete the segment.
//
// Drop (too many bytes, too old, disk full):   write the state with the gap, as above → delete the segment.
//
// Open:   lock → finish what a crash interrupted (delete temporary files, segments that are committed or dropped) →
// find the end of the last segment → write its last record again and sync it, because what the page cache shows may never
// have reached the disk → go on after it.
//
// # Damage
//
// The name of a segment says which sequence numbers it begins with, every record says which ones it holds, and both are
// consecutive. So whatever is unreadable shows as a hole in the sequence, whose edges are known exactly, and reads as a
// gap batch. Only behind the very last readable record can the size of a damaged one be unknown: header and trailer of a
// record both name its numbers, and where neither is readable the spool skips Options.MaxBatchEvents numbers rather
// than give a number out twice.
package spool
