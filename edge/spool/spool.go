package spool

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/callweave/callweave/shared/wire"
)

var (
	// ErrLocked says that another process has the spool open.
	ErrLocked = errors.New("spool is in use by another process: stop the other agent, or give this one a directory of its own")
	// ErrClosed says that the spool was closed.
	ErrClosed = errors.New("spool is closed")
	// ErrOrder says that a batch does not continue the sequence: its first event must be NextSeq, its stream Stream.
	ErrOrder = errors.New("batch does not continue the spool")
	// ErrAhead says that a sequence number was asked for, or committed, that the spool has not given out yet. When the cloud
	// knows more than the spool, the disk went back in time (a restored image): the spool has to be made anew.
	ErrAhead = errors.New("the spool has not come this far: its disk may have been restored from an older copy; move its directory away and start the agent again")
	// ErrDamaged says that what the directory holds cannot be one spool.
	ErrDamaged = errors.New("spool directory is damaged")
)

// Options of a spool. The zero value of each means its default.
type Options struct {
	SegmentBytes   int64         // size of a segment; default 64 MiB. A batch that is larger gets a segment of its size
	MaxBytes       int64         // what the spool may take on the disk; default 4 GiB, at least two segments
	MaxAge         time.Duration // how long an event waits for the cloud while the agent runs; default 14 days
	MaxBatchEvents uint32        // what is skipped where the size of a damaged last batch is unknown; default 4,096

	FS     FS                   // default OS()
	Log    *slog.Logger         // default: nothing is logged
	Uptime func() time.Duration // running time of this process, of a clock that cannot jump; default since Open
}

func (o Options) withDefaults() Options {
	if o.SegmentBytes <= 0 {
		o.SegmentBytes = 64 << 20
	}
	if o.MaxBytes <= 0 {
		o.MaxBytes = 4 << 30
	}
	o.MaxBytes = max(o.MaxBytes, 2*o.SegmentBytes)
	if o.MaxAge <= 0 {
		o.MaxAge = 14 * 24 * time.Hour
	}
	if o.MaxBatchEvents == 0 {
		o.MaxBatchEvents = 4096
	}
	if o.FS == nil {
		o.FS = OS()
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Uptime == nil {
		start := time.Now()
		o.Uptime = func() time.Duration { return time.Since(start) }
	}
	return o
}

// Spool is an open spool. Its methods may be called by several goroutines at once.
type Spool struct {
	opt     Options
	dir     string
	stream  uint64
	lock    io.Closer
	started time.Duration // running time of the spool when it was opened, less opt.Uptime() then

	appending sync.Mutex // held while a record or a segment is written; taken before saving and mu
	buf       []byte
	active    File     // where the next record goes; nil where the next batch needs a new segment
	tail      *segment // of active

	saving    sync.Mutex // held while the state is written; taken before mu
	savedMark uint64

	mu       sync.Mutex
	segments []*segment    // by first, never empty after Open
	next     uint64        // sequence number of the event that comes next
	state    state         // as it is; on disk it may be older, except that a gap is on disk before its events go
	changed  chan struct{} // closed and replaced when a batch was appended or the spool closed
	closed   bool
	stats    Stats

	damagedTo uint64 // damage up to here is counted
}

// segment is what is known about one file. Its events end where the next segment begins.
type segment struct {
	name  string
	first uint64
	size  int64         // of the records that may be read, header included: everything below it is synced
	held  int64         // bytes it takes on the disk
	clock time.Duration // running time of the spool when it was made
	from  int64         // ns since 1970, when its first event was received; 0 where unknown
}

// Stats are counters since Open, and the present state.
type Stats struct {
	Segments      int
	Bytes         int64  // on the disk
	Pending       uint64 // events that the cloud has not committed
	Batches       uint64 // appended
	Events        uint64 // appended
	AppendErrors  uint64
	DroppedEvents uint64 // uncommitted ones, by size or age
	DamagedEvents uint64 // found unreadable
	Oldest        int64  // ns since 1970, when the first event in the oldest segment was received; 0 where unknown
}

// Stream is the number of this spool's sequence of events: random, made with the spool, never 0, below 1<<63.
func (s *Spool) Stream() uint64 { return s.stream }

// NextSeq is the sequence number that the first event of the next batch must have.
func (s *Spool) NextSeq() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.next
}

// Committed is the highest sequence number known to be committed by the cloud. After a crash it may be lower than what
// was given to Commit, never higher.
func (s *Spool) Committed() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.Committed
}

// FirstSeq is the first sequence number the cloud has not committed.
func (s *Spool) FirstSeq() uint64 { return s.Committed() + 1 }

// Stats returns the counters.
func (s *Spool) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.stats
	st.Segments = len(s.segments)
	for _, seg := range s.segments {
		st.Bytes += seg.held
	}
	st.Pending = s.next - 1 - min(s.state.Committed, s.next-1)
	st.Oldest = s.segments[0].from
	return st
}

// clock is how long this spool's agents have been running, all in all. Ages are measured by it, because a wall clock that
// jumps, or an agent that was switched off for a month, must not make the spool throw its contents away.
func (s *Spool) clock() time.Duration { return s.started + s.opt.Uptime() }

// Close ends the spool. Readers return ErrClosed.
func (s *Spool) Close() error {
	s.appending.Lock()
	defer s.appending.Unlock()
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	close(s.changed)
	s.mu.Unlock()

	err := s.save()
	if s.active != nil {
		err = errors.Join(err, s.active.Close())
		s.active = nil
	}
	if err = errors.Join(err, s.lock.Close()); err != nil {
		return fmt.Errorf("close spool: %w", advise(err, s.dir))
	}
	return nil
}

// Append makes a batch durable. It is on the disk when Append returns nil; after an error it is not part of the spool,
// and the same batch, or another that begins with the same sequence number, may be appended again. Errors: ErrOrder,
// ErrClosed, those of [wire.PeekBatch], and those of the file system with advice on what to do.
func (s *Spool) Append(batch []byte) error { return s.AppendAll([][]byte{batch}) }

// AppendAll makes several batches durable with one write and one sync: all or, after an error, none of them.
func (s *Spool) AppendAll(batches [][]byte) error {
	s.appending.Lock()
	defer s.appending.Unlock()
	err := s.append(batches)
	if err != nil {
		s.mu.Lock()
		s.stats.AppendErrors++
		s.mu.Unlock()
		return fmt.Errorf("append to spool: %w", advise(err, s.dir))
	}
	return nil
}

func (s *Spool) append(batches [][]byte) error {
	if s.closed { // written only while appending is held
		return ErrClosed
	}
	next, from, size := s.next, int64(0), int64(0)
	for _, b := range batches {
		info, err := wire.PeekBatch(b)
		if err != nil {
			return err
		}
		if info.Stream != s.stream || info.FirstSeq != next || info.Count == 0 {
			return fmt.Errorf("stream %d, events %d to %d where %d is next: %w", info.Stream, info.FirstSeq, info.LastSeq(), next, ErrOrder)
		}
		if from == 0 {
			from = info.From
		}
		next += uint64(info.Count)
		size += recordSize(len(b))
	}
	if size == 0 {
		return nil
	}
	if s.needsSegment(size) {
		if err := s.roll(s.next, from, size); err != nil {
			return err
		}
	}
	s.build(batches)
	return s.write(next, len(batches))
}

// build fills buf with the records of batches.
func (s *Spool) build(batches [][]byte) {
	marker := markerOf(s.stream, s.tail.first)
	s.buf = s.buf[:0]
	next := s.next
	for _, b := range batches {
		info, _ := wire.PeekBatch(b) // looked at by append
		s.buf = appendRecord(s.buf, marker, span{first: next, count: info.Count}, b)
		next += uint64(info.Count)
	}
}

// write makes buf durable and tells the readers. After a failure nobody knows what the file holds behind the last synced
// record: it is suspect and not written to again.
func (s *Spool) write(next uint64, batches int) error {
	seg := s.tail
	_, err := s.active.WriteAt(s.buf, seg.size)
	if err == nil {
		err = s.active.Sync()
	}
	if err != nil {
		s.seal()
		return fmt.Errorf("write segment %s: %w", seg.name, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stats.Batches += uint64(batches)
	s.stats.Events += next - s.next
	seg.size += int64(len(s.buf))
	s.next = next
	s.wake()
	return nil
}

// wake tells the readers that there is something new. mu is held.
func (s *Spool) wake() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// Commit says that the cloud has committed all events up to seq. It deletes segments that are no longer needed. Errors:
// ErrAhead, those of the file system; after those the mark stands all the same, and the files are deleted later.
func (s *Spool) Commit(seq uint64) error {
	s.mu.Lock()
	switch {
	case s.closed:
		s.mu.Unlock()
		return ErrClosed
	case seq >= s.next:
		defer s.mu.Unlock()
		return fmt.Errorf("commit %d where %d is next: %w", seq, s.next, ErrAhead)
	case seq > s.state.Committed:
		s.state.Committed = seq
		s.state.prune()
	}
	s.mu.Unlock()
	if err := s.release(); err != nil {
		return fmt.Errorf("commit: %w", advise(err, s.dir))
	}
	return nil
}

// markEvery bounds how many committed events a spool that crashes takes for uncommitted. It is only a matter of the work
// to send them again.
const markEvery = 1 << 16

// release writes the mark where that is due, then deletes the segments below it.
func (s *Spool) release() error {
	s.saving.Lock()
	defer s.saving.Unlock()
	s.mu.Lock()
	gone := 0
	for gone < len(s.segments)-1 && s.segments[gone+1].first-1 <= s.state.Committed {
		gone++
	}
	due := gone > 0 || s.state.Committed >= s.savedMark+markEvery
	st := s.state.clone()
	s.mu.Unlock()
	if !due {
		return nil
	}
	if err := s.saveLocked(st); err != nil {
		return err
	}
	return s.remove(gone)
}

// remove deletes the first n segments. What cannot be deleted now is deleted by the next Open.
func (s *Spool) remove(n int) error {
	s.mu.Lock()
	names := make([]string, n)
	for i := range names {
		names[i] = s.segments[i].name
	}
	s.segments = append([]*segment(nil), s.segments[n:]...)
	s.mu.Unlock()
	var errs []error
	for _, name := range names {
		if err := s.opt.FS.Remove(filepath.Join(s.dir, name)); err != nil && !errors.Is(err, os.ErrNotExist) {
			errs = append(errs, fmt.Errorf("delete segment: %w", err))
		}
	}
	return errors.Join(errs...)
}

func (s *Spool) save() error {
	s.saving.Lock()
	defer s.saving.Unlock()
	s.mu.Lock()
	st := s.state.clone()
	s.mu.Unlock()
	return s.saveLocked(st)
}

// saveLocked writes the state. saving is held.
func (s *Spool) saveLocked(st state) error {
	st.Clock = s.clock()
	if err := writeState(s.opt.FS, s.dir, st); err != nil {
		return err
	}
	s.savedMark = st.Committed
	return nil
}

func newStream() uint64 {
	for {
		var b [8]byte
		_, _ = rand.Read(b[:]) // never fails
		if n := binary.LittleEndian.Uint64(b[:]) >> 1; n > 0 {
			return n
		}
	}
}
