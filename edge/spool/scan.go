package spool

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
)

const (
	windowStep = 256 << 10 // bytes read at a time
	blockBytes = 4 << 10   // the unit in which an unreadable part of a file is given up
)

// window reads a file in large steps, so that reading a record is seldom a system call.
type window struct {
	f        File
	limit    int64 // nothing at or behind it is looked at
	base     int64 // place of buf in the file
	buf      []byte
	tolerant bool // blocks that cannot be read are taken as zeros
}

// at returns the bytes of the file from off on: n of them, fewer only at the limit. They are valid until the next call.
func (w *window) at(off int64, n int) ([]byte, error) {
	n = int(max(0, min(int64(n), w.limit-off)))
	if off < w.base || off+int64(n) > w.base+int64(len(w.buf)) {
		if err := w.load(off, max(n, windowStep)); err != nil {
			return nil, err
		}
	}
	return w.buf[off-w.base:][:n], nil
}

func (w *window) load(off int64, n int) error {
	n = int(min(int64(n), w.limit-off))
	if cap(w.buf) < n {
		w.buf = make([]byte, n)
	}
	w.base, w.buf = off, w.buf[:n]
	read, err := w.f.ReadAt(w.buf, off)
	if err == nil || errors.Is(err, io.EOF) && read == n {
		return nil
	}
	if !w.tolerant && !errors.Is(err, io.EOF) {
		w.buf = w.buf[:0]
		return err
	}
	clear(w.buf[read:])
	if !errors.Is(err, io.EOF) {
		w.salvage(read - read%blockBytes)
	}
	return nil
}

// salvage reads block by block what can be read, and leaves zeros where nothing can.
func (w *window) salvage(from int) {
	for at := from; at < len(w.buf); at += blockBytes {
		block := w.buf[at:min(at+blockBytes, len(w.buf))]
		if n, err := w.f.ReadAt(block, w.base+int64(at)); err != nil {
			clear(block[n:])
		}
	}
}

// record is a readable record.
type record struct {
	span
	off, end int64
	batch    []byte // the window's memory
}

// walker finds the readable records of a segment in order, whatever lies between them.
type walker struct {
	window
	marker  uint64
	off     int64
	damaged bool   // something but zeros lies between the last readable record and off
	known   uint64 // highest sequence number that damaged records are known to have held
}

func newWalker(f File, stream, first uint64, limit int64) *walker {
	return &walker{window: window{f: f, limit: limit}, marker: markerOf(stream, first), off: segmentHead}
}

// next returns the first readable record from off on, and false at the limit. It does not move beyond it: skip does.
func (w *walker) next() (record, bool, error) {
	for w.off < w.limit {
		rec, ok, err := w.here()
		if ok || err != nil {
			return rec, ok, err
		}
		if err := w.resync(); err != nil {
			return record{}, false, err
		}
	}
	return record{}, false, nil
}

// skip moves behind rec.
func (w *walker) skip(rec record) { w.off, w.damaged = rec.end, false }

// here reads the record at off.
func (w *walker) here() (record, bool, error) {
	head, err := w.at(w.off, recordHead)
	if err != nil {
		return record{}, false, err
	}
	s, size, sum, ok := parseRecordHead(head, w.marker)
	if !ok {
		return record{}, false, nil
	}
	b, err := w.at(w.off, recordHead+size)
	if err != nil {
		return record{}, false, err
	}
	if len(b) < recordHead+size || checksum(b[recordHead:]) != sum {
		w.note(s)
		return record{}, false, nil
	}
	return record{span: s, off: w.off, end: w.off + recordSize(size), batch: b[recordHead:]}, true, nil
}

// note remembers which events a damaged record held.
func (w *walker) note(s span) { w.known = max(w.known, s.last()) }

// resync moves off to the next place where a record may begin, or to the limit. On the way it reads the trailers of
// records whose header is gone.
func (w *walker) resync() error {
	var head, trail [8]byte
	binary.LittleEndian.PutUint64(head[:], w.marker)
	binary.LittleEndian.PutUint64(trail[:], ^w.marker)
	for at := w.off; at < w.limit; {
		b, err := w.at(at, windowStep)
		if err != nil {
			return err
		}
		skip := 0
		if at == w.off {
			skip = 1 // not the place we are coming from
		}
		found := bytes.Index(b[skip:], head[:])
		if found >= 0 {
			found += skip
			b = b[:found]
		}
		w.inspect(at, b, trail[:])
		if found >= 0 {
			w.off = at + int64(found)
			return nil
		}
		step := len(b) - recordTrail // a marker or trailer may lie across the end
		if step <= 0 || at+int64(len(b)) >= w.limit {
			break
		}
		at += int64(step)
	}
	w.off = w.limit
	return nil
}

// inspect looks at a part b of the file that holds no readable record.
func (w *walker) inspect(at int64, b, trail []byte) {
	if !w.damaged && !isZero(b) {
		w.damaged = true
	}
	for from := 0; ; {
		i := bytes.Index(b[from:], trail)
		if i < 0 {
			return
		}
		from += i
		if t, err := w.peekTrail(at + int64(from)); err == nil && t.count > 0 {
			w.note(t)
		}
		from++
	}
}

func (w *walker) peekTrail(off int64) (span, error) {
	var b [recordTrail]byte
	if off+recordTrail > w.limit {
		return span{}, nil
	}
	if _, err := w.f.ReadAt(b[:], off); err != nil {
		return span{}, err
	}
	s, _ := parseRecordTrail(b[:], w.marker)
	return s, nil
}

func isZero(b []byte) bool {
	var zero [4096]byte
	for len(b) > 0 {
		n := min(len(b), len(zero))
		if !bytes.Equal(b[:n], zero[:n]) {
			return false
		}
		b = b[n:]
	}
	return true
}
