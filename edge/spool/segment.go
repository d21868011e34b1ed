package spool

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/callweave/callweave/shared/wire"
)

// needsSegment reports whether a record of size bytes cannot or should not go into the active segment. A segment that is
// filled slowly is ended early, so that what is too old can be dropped without what is not.
func (s *Spool) needsSegment(size int64) bool {
	if s.active == nil {
		return true
	}
	return s.tail.size+size > s.tail.held || s.tail.size > segmentHead && s.clock()-s.tail.clock > s.opt.MaxAge/16
}

// roll makes a new segment that begins with event first and has room for size bytes of records, then ends the active
// one: in this order, because what is unreadable at the end of a segment, and is cut off, proves that numbers are taken
// until the new segment's name does. appending is held.
func (s *Spool) roll(first uint64, from, size int64) error {
	size = max(s.opt.SegmentBytes, segmentHead+size)
	if err := s.makeRoom(size); err != nil {
		return err
	}
	seg := &segment{name: segmentName(s.stream, first), first: first, size: segmentHead, held: size, clock: s.clock(), from: from}
	f, err := s.create(seg)
	for errors.Is(err, syscall.ENOSPC) && s.dropOldest(wire.GapSpoolFull) == nil {
		f, err = s.create(seg)
	}
	if err != nil {
		return fmt.Errorf("make segment %s: %w", seg.name, err)
	}
	s.seal()
	s.active, s.tail = f, seg
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := len(s.segments); n > 0 && s.segments[n-1].first == first {
		s.segments[n-1] = seg // it never got a batch and was replaced under the same name
	} else {
		s.segments = append(s.segments, seg)
	}
	return nil
}

// create makes the file of seg in the order that doc.go gives.
func (s *Spool) create(seg *segment) (File, error) {
	name := filepath.Join(s.dir, seg.name)
	f, err := s.opt.FS.Open(name+tempSuffix, os.O_RDWR|os.O_CREATE|os.O_TRUNC, fs.FileMode(0o640))
	if err != nil {
		return nil, err
	}
	err = f.Preallocate(seg.held)
	if err == nil {
		_, err = f.WriteAt(appendSegmentHead(nil, s.stream, seg.first, seg.clock, seg.from), 0)
	}
	if err == nil {
		err = f.Sync()
	}
	if err == nil {
		err = publish(s.opt.FS, name+tempSuffix, name)
	}
	if err != nil {
		_ = f.Close()
		_ = s.opt.FS.Remove(name + tempSuffix)
		return nil, err
	}
	return f, nil
}

// seal ends the active segment: no record is added to it again. Its unused space is given back; that this fails, or is
// lost in a crash, harms nothing. appending is held.
func (s *Spool) seal() {
	if s.active == nil {
		return
	}
	if s.active.Truncate(s.tail.size) == nil {
		s.mu.Lock()
		s.tail.held = s.tail.size
		s.mu.Unlock()
	}
	_ = s.active.Close()
	s.active, s.tail = nil, nil
}

// makeRoom drops what is too old, and what stands in the way of size more bytes.
func (s *Spool) makeRoom(size int64) error {
	for s.tooOld() {
		if err := s.dropOldest(wire.GapSpoolAge); err != nil {
			return err
		}
	}
	for s.held()+size > s.opt.MaxBytes {
		if err := s.dropOldest(wire.GapSpoolFull); err != nil {
			if errors.Is(err, errNothingToDrop) {
				return nil
			}
			return err
		}
	}
	return nil
}

// held is what the spool will take on the disk once the active segment has ended.
func (s *Spool) held() (n int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, seg := range s.segments {
		n += min(seg.held, seg.size)
	}
	return n
}

// tooOld reports whether the newest event of the oldest segment is older than MaxAge.
func (s *Spool) tooOld() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.segments) > 1 && s.clock()-s.segments[1].clock > s.opt.MaxAge
}

var errNothingToDrop = errors.New("no segment can be dropped")

// dropOldest gives up the oldest segment: first the gap is made durable, then the file is deleted. The last segment is
// never dropped, for its name and its records say which sequence numbers are taken; where nothing else is left the error
// is errNothingToDrop. appending is held.
func (s *Spool) dropOldest(reason string) error {
	s.saving.Lock()
	defer s.saving.Unlock()
	s.mu.Lock()
	if len(s.segments) < 2 {
		s.mu.Unlock()
		return errNothingToDrop
	}
	seg, after, st := s.segments[0], s.segments[1], s.state.clone()
	s.mu.Unlock()

	lost := gap{First: max(seg.first, st.Committed+1), Last: after.first - 1, Reason: reason, From: seg.from, To: after.from}
	pending := lost.First <= lost.Last
	if pending {
		st.add(lost)
		s.opt.Log.Warn("spool drops events", "reason", reason, "first", lost.First, "last", lost.Last)
	}
	if err := s.saveLocked(st); err != nil {
		return fmt.Errorf("drop segment %s: %w", seg.name, err)
	}
	if pending {
		s.mu.Lock()
		s.state.add(lost)
		s.stats.DroppedEvents += lost.Last - lost.First + 1
		s.mu.Unlock()
	}
	return s.remove(1)
}
