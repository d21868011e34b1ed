package spool

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"

	"github.com/callweave/callweave/shared/wire"
)

// Reader reads batches in order, from some sequence number on and then for ever. It is not for use by several goroutines
// at once; a spool may have several readers.
type Reader struct {
	s    *Spool
	next uint64 // the event that comes next
	seg  uint64 // first of the segment that walk reads
	walk *walker
	file File
	gap  []byte
	to   int64 // ns, when the last event that was read was received
	fail bool  // the last attempt to read ended in an error
}

// NewReader returns a reader that begins with event from, or with the batch that holds it. Close it.
func (s *Spool) NewReader(from uint64) *Reader { return &Reader{s: s, next: max(from, 1)} }

// Close ends the reader.
func (r *Reader) Close() error {
	f := r.file
	r.file, r.walk = nil, nil
	if f == nil {
		return nil
	}
	return f.Close()
}

// Next returns the next batch, waiting for one to be appended where there is none. The batch is valid until the next
// call. Events that are no longer there are read as a gap batch that covers exactly them. Errors: ctx.Err(), ErrClosed,
// ErrAhead, those of the file system. After an error of the file system Next may be called again: what cannot be read
// twice counts as damaged.
func (r *Reader) Next(ctx context.Context) ([]byte, wire.BatchInfo, error) {
	for {
		v, err := r.s.view(r.next)
		if err != nil {
			return nil, wire.BatchInfo{}, err
		}
		if v.seg == nil {
			select {
			case <-v.changed:
				continue
			case <-ctx.Done():
				return nil, wire.BatchInfo{}, ctx.Err()
			}
		}
		batch, info, err := r.read(v)
		if errors.Is(err, fs.ErrNotExist) && r.s.isGone(v.seg) {
			continue // dropped or committed since view looked
		}
		r.fail = err != nil
		if err != nil {
			return nil, wire.BatchInfo{}, fmt.Errorf("read spool: %w", advise(err, r.s.dir))
		}
		r.next = info.LastSeq() + 1
		r.to = info.To
		return batch, info, nil
	}
}

// view is where a sequence number is to be looked for.
type view struct {
	seg     *segment // nil where the event has not been appended yet
	first   uint64   // of seg
	limit   int64    // its readable bytes
	bound   uint64   // seg holds no event from here on
	changed <-chan struct{}
}

func (s *Spool) view(seq uint64) (view, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closed:
		return view{}, ErrClosed
	case seq > s.next:
		return view{}, fmt.Errorf("read event %d where %d is next: %w", seq, s.next, ErrAhead)
	case seq == s.next:
		return view{changed: s.changed}, nil
	}
	at := len(s.segments) - 1
	for at > 0 && s.segments[at].first > seq {
		at--
	}
	v := view{seg: s.segments[at], first: s.segments[at].first, limit: s.segments[at].size, bound: s.next}
	if at+1 < len(s.segments) {
		v.bound = s.segments[at+1].first
	}
	return v, nil
}

func (s *Spool) isGone(seg *segment) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, have := range s.segments {
		if have == seg {
			return false
		}
	}
	return true
}

func (r *Reader) read(v view) ([]byte, wire.BatchInfo, error) {
	if r.next < v.first {
		return r.hole(v.first-1, v.seg.from)
	}
	if err := r.open(v); err != nil {
		return nil, wire.BatchInfo{}, err
	}
	for {
		rec, ok, err := r.walk.next()
		switch {
		case err != nil:
			return nil, wire.BatchInfo{}, err
		case !ok || rec.last() >= v.bound:
			return r.damaged(v.bound-1, 0)
		case rec.last() < r.next:
			r.walk.skip(rec)
			continue
		}
		info, err := wire.PeekBatch(rec.batch)
		if err != nil && !errors.Is(err, wire.ErrBatchVersion) || info.FirstSeq != rec.first || info.Count != rec.count {
			r.walk.skip(rec) // not what Append took: it reads as a hole
			continue
		}
		if rec.first > r.next {
			return r.damaged(rec.first-1, info.From)
		}
		r.walk.skip(rec)
		return rec.batch, info, nil
	}
}

func (r *Reader) open(v view) error {
	if r.walk != nil && r.seg == v.first {
		r.walk.limit = v.limit
		r.walk.tolerant = r.fail
		return nil
	}
	_ = r.Close()
	f, err := r.s.opt.FS.Open(filepath.Join(r.s.dir, v.seg.name), os.O_RDONLY, 0)
	if err != nil {
		return err
	}
	r.file, r.seg = f, v.first
	r.walk = newWalker(f, r.s.stream, v.first, v.limit)
	r.walk.tolerant = r.fail
	return nil
}

// damaged is hole for events that should be in a segment.
func (r *Reader) damaged(last uint64, to int64) ([]byte, wire.BatchInfo, error) {
	r.s.noteDamage(r.next, last)
	return r.hole(last, to)
}

// noteDamage counts each lost event once, however many readers come across it.
func (s *Spool) noteDamage(first, last uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if last <= s.damagedTo {
		return
	}
	first = max(first, s.damagedTo+1)
	s.damagedTo = last
	s.stats.DamagedEvents += last - first + 1
	s.opt.Log.Warn("spool is damaged, events are lost", "first", first, "last", last)
}

// hole makes a gap batch for the events from next to last, or for the first part of them that has one reason.
func (r *Reader) hole(last uint64, to int64) ([]byte, wire.BatchInfo, error) {
	g, known := r.s.reason(r.next, last)
	if !known {
		g.From, g.To = r.to, max(to, r.to)
	}
	info := wire.BatchInfo{
		Version: wire.BatchVersion, Stream: r.s.stream, FirstSeq: g.First, Count: uint32(min(g.Last-g.First+1, math.MaxUint32)),
		From: g.From, To: g.To, Gap: g.Reason,
	}
	r.gap = wire.EncodeGap(r.gap[:0], info)
	return r.gap, info, nil
}

func (s *Spool) reason(first, last uint64) (gap, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, ok := s.state.piece(first, last)
	if !ok {
		g.Reason = wire.GapDamaged
		if g.First <= s.state.Committed {
			g.Reason, g.Last = wire.GapForgotten, min(g.Last, s.state.Committed)
		}
	}
	return g, ok
}
