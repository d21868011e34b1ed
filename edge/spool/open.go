package spool

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Open opens the spool in dir, and makes one where there is none. Errors: ErrLocked, ErrDamaged, those of the file
// system with advice on what to do.
func Open(dir string, opt Options) (*Spool, error) {
	s := &Spool{opt: opt.withDefaults(), dir: dir, changed: make(chan struct{})}
	if err := s.open(); err != nil {
		if s.active != nil {
			_ = s.active.Close()
		}
		if s.lock != nil {
			_ = s.lock.Close()
		}
		return nil, fmt.Errorf("open spool: %w", advise(err, dir))
	}
	return s, nil
}

func (s *Spool) open() error {
	if err := s.opt.FS.MakeDir(s.dir); err != nil {
		return err
	}
	var err error
	if s.lock, err = s.opt.FS.Lock(filepath.Join(s.dir, lockName)); err != nil {
		return err
	}
	if err := s.find(); err != nil {
		return err
	}
	if err := s.recall(); err != nil {
		return err
	}
	if len(s.segments) == 0 {
		return s.begin()
	}
	clock := time.Duration(0)
	for _, seg := range s.segments {
		if err := s.measure(seg); err != nil {
			return fmt.Errorf("segment %s: %w", seg.name, err)
		}
		clock = max(clock, seg.clock) // 0 where the header is damaged
		seg.clock = clock
	}
	s.started = max(s.state.Clock, clock) - s.opt.Uptime()
	if err := s.resume(); err != nil {
		return err
	}
	return s.forget()
}

// find lists the segments and deletes what a crash left under a temporary name.
func (s *Spool) find() error {
	names, err := s.opt.FS.List(s.dir)
	if err != nil {
		return err
	}
	for _, name := range names {
		if strings.HasSuffix(name, tempSuffix) {
			if err := s.opt.FS.Remove(filepath.Join(s.dir, name)); err != nil {
				return err
			}
			continue
		}
		stream, first, ok := parseSegmentName(name)
		if !ok {
			continue
		}
		if s.stream != 0 && stream != s.stream {
			return fmt.Errorf("segments of two spools: %016x and %016x; move those of one away: %w", s.stream, stream, ErrDamaged)
		}
		s.stream = stream
		s.segments = append(s.segments, &segment{name: name, first: first})
	}
	slices.SortFunc(s.segments, func(a, b *segment) int { return cmp.Compare(a.first, b.first) })
	return nil
}

// recall reads the state. One that is damaged, or of another stream, is as good as none.
func (s *Spool) recall() error {
	st, err := readState(s.opt.FS, s.dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		if !errors.Is(err, errStateDamaged) {
			return fmt.Errorf("read state: %w", err)
		}
		s.opt.Log.Warn("spool state is unreadable, its gaps will read as damage", "error", err)
	}
	if err == nil && st.Stream == s.stream {
		s.state = st
	} else {
		s.state = state{Stream: s.stream}
		if len(s.segments) > 0 {
			s.state.Committed = s.segments[0].first - 1
		}
	}
	s.savedMark = s.state.Committed
	return nil
}

// begin makes a spool where there is none.
func (s *Spool) begin() error {
	s.stream, s.next = newStream(), 1
	s.state = state{Stream: s.stream}
	s.savedMark = 0
	s.started = -s.opt.Uptime()
	return s.roll(1, 0, 0)
}

// measure reads what the header of a segment and its file say.
func (s *Spool) measure(seg *segment) error {
	f, err := s.opt.FS.Open(filepath.Join(s.dir, seg.name), os.O_RDONLY, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	if seg.held, err = f.Size(); err != nil {
		return err
	}
	seg.size = seg.held
	var head [segmentHead]byte
	if n, _ := f.ReadAt(head[:], 0); n == len(head) { // unreadable is as good as damaged
		seg.clock, seg.from, _ = parseSegmentHead(head[:])
	}
	return nil
}

// resume finds the end of the last segment and makes sure that what is read there is on the disk.
func (s *Spool) resume() error {
	seg := s.segments[len(s.segments)-1]
	f, err := s.opt.FS.Open(filepath.Join(s.dir, seg.name), os.O_RDWR, 0)
	if err != nil {
		return err
	}
	s.active, s.tail = f, seg
	end, err := s.findEnd(f, seg)
	if err != nil {
		return fmt.Errorf("segment %s: %w", seg.name, err)
	}
	seg.size, s.next = end.off, end.next
	if end.last != nil {
		if _, err := f.WriteAt(end.last, end.off-int64(len(end.last))); err != nil {
			return fmt.Errorf("segment %s: write last record again: %w", seg.name, err)
		}
	}
	if err := f.Sync(); err != nil {
		return fmt.Errorf("segment %s: sync: %w", seg.name, err)
	}
	if !end.damaged {
		return nil
	}
	s.opt.Log.Warn("end of the spool is damaged", "segment", seg.name, "first", end.lost, "last", end.next-1)
	return s.roll(s.next, 0, 0)
}

// end is where a segment's readable records end.
type end struct {
	off     int64
	next    uint64 // the sequence number after all that was, or may have been, given out
	lost    uint64 // where damaged: the first that is lost
	last    []byte // the last record, as it should be
	damaged bool   // something unreadable follows
}

func (s *Spool) findEnd(f File, seg *segment) (end, error) {
	w := newWalker(f, s.stream, seg.first, seg.size)
	w.tolerant = true
	e := end{off: segmentHead, next: seg.first}
	for {
		rec, ok, err := w.next()
		if err != nil {
			return e, err
		}
		if !ok {
			break
		}
		w.skip(rec)
		if rec.first < e.next {
			continue // a record whose batch was appended again elsewhere
		}
		e.off, e.next = rec.end, rec.last()+1
		e.last = appendRecord(e.last[:0], w.marker, rec.span, rec.batch)
	}
	if w.damaged || w.known >= e.next {
		e.damaged, e.lost = true, e.next
		if w.known >= e.next {
			e.next = w.known + 1
		} else {
			e.next += uint64(s.opt.MaxBatchEvents)
		}
	}
	return e, nil
}

// forget finishes what a crash between the writing of the state and the deletion of a segment interrupted.
func (s *Spool) forget() error {
	gone := 0
	for gone < len(s.segments)-1 {
		first, last := s.segments[gone].first, s.segments[gone+1].first-1
		if last > s.state.Committed && !s.state.covers(max(first, s.state.Committed+1), last) {
			break
		}
		gone++
	}
	s.state.Committed = min(s.state.Committed, s.next-1)
	return s.remove(gone)
}
