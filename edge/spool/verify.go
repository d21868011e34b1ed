package spool

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/callweave/callweave/shared/wire"
)

// Report is what Verify found.
type Report struct {
	Stream    uint64
	First     uint64 // the first event that is there, or whose loss is recorded
	Next      uint64 // the event that comes next
	Committed uint64
	Segments  int
	Batches   int
	Events    uint64
	Damage    []Damage // in order
}

// Damage is a run of events that cannot be read, and for which no reason is recorded.
type Damage struct{ First, Last uint64 }

// Verify reads all of the spool in dir and changes nothing. It may be used while an agent has the spool open; then what
// is appended meanwhile may be missing from the report. An error means that the spool cannot be read at all; damage is
// none.
func Verify(dir string) (Report, error) { return verify(dir, OS()) }

func verify(dir string, fsys FS) (Report, error) {
	s := &Spool{opt: Options{FS: readOnly{fsys}, Log: slog.New(slog.DiscardHandler)}.withDefaults(), dir: dir}
	if err := s.find(); err != nil {
		return Report{}, fmt.Errorf("verify spool: %w", advise(err, dir))
	}
	if len(s.segments) == 0 {
		return Report{}, fmt.Errorf("verify spool: no segments in %s: %w", dir, ErrDamaged)
	}
	if err := s.recall(); err != nil {
		return Report{}, fmt.Errorf("verify spool: %w", advise(err, dir))
	}
	r := Report{Stream: s.stream, Committed: s.state.Committed, Segments: len(s.segments), Next: s.segments[0].first}
	r.First = min(r.Next, s.state.Committed+1)
	r.missing(s, s.state.Committed+1, r.Next)
	for i, seg := range s.segments {
		if err := s.verifySegment(&r, i, seg); err != nil {
			return r, fmt.Errorf("verify spool: segment %s: %w", seg.name, advise(err, dir))
		}
	}
	return r, nil
}

func (s *Spool) verifySegment(r *Report, i int, seg *segment) error {
	r.missing(s, r.Next, seg.first)
	r.Next = max(r.Next, seg.first)
	if err := s.measure(seg); err != nil {
		return err
	}
	f, err := s.opt.FS.Open(filepath.Join(s.dir, seg.name), os.O_RDONLY, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	w := newWalker(f, s.stream, seg.first, seg.size)
	w.tolerant = true
	for {
		rec, ok, err := w.next()
		if err != nil {
			return err
		}
		if !ok {
			break
		}
		w.skip(rec)
		if rec.first < r.Next || i+1 < len(s.segments) && rec.last() >= s.segments[i+1].first {
			continue
		}
		if _, err := wire.PeekBatch(rec.batch); err != nil {
			continue
		}
		r.missing(s, r.Next, rec.first)
		r.Batches++
		r.Events += uint64(rec.count)
		r.Next = rec.last() + 1
	}
	if i == len(s.segments)-1 && w.known >= r.Next {
		r.missing(s, r.Next, w.known+1)
		r.Next = w.known + 1
	}
	return nil
}

// missing notes the events from first to before next that no recorded gap explains and the cloud has not committed.
func (r *Report) missing(s *Spool, first, next uint64) {
	for first = max(first, s.state.Committed+1); first < next; {
		g, known := s.state.piece(first, next-1)
		if !known {
			r.Damage = append(r.Damage, Damage{g.First, g.Last})
		}
		first = g.Last + 1
	}
}

// readOnly is a file system on which nothing can be changed: Remove, which find uses on leftovers, does nothing.
type readOnly struct{ FS }

func (readOnly) Remove(string) error            { return nil }
func (readOnly) Rename(string, string) error    { return os.ErrPermission }
func (readOnly) Lock(string) (io.Closer, error) { return nil, os.ErrPermission }
