package wire

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// A frame is how anything travels on a reliable stream, QUIC or TCP:
//
//	00 00 00 00   bytes that follow: 1 for the kind and the payload's; big endian
//	00            kind
//	..            payload: a CBOR map with small numbers for keys (message.go), in a batch frame the batch itself
//
// Whoever reads a kind it does not know skips the frame; a key it does not know, the key. A frame that is too long ends
// the connection: the reader cannot know that what follows is one.

// FrameKind says what a frame carries.
type FrameKind uint8

// The kinds; numbers are only added.
const (
	FrameHello FrameKind = 1 + iota
	FrameWelcome
	FrameBatch
	FrameCommitted
	FrameResume
	FrameReport
	FramePing
	FramePong
	FrameGoodbye
	FrameRenew
	FrameCertificate
	frameKinds // one past the last kind this build knows
)

const (
	// MaxControlBytes bounds the payload of every frame but a batch.
	MaxControlBytes = 64 << 10
	frameHead       = 5
)

var (
	// ErrFrameTooLarge says that a frame announces more bytes than its kind may have.
	ErrFrameTooLarge = errors.New("frame is too large")
	// ErrFrameMalformed says that a frame's payload is not what its kind says.
	ErrFrameMalformed = errors.New("frame is malformed")
)

// Frame is one frame as read. Its payload is the reader's memory until the next frame is read.
type Frame struct {
	Kind    FrameKind
	Payload []byte
}

// FrameReader reads frames from a stream.
type FrameReader struct {
	r       io.Reader
	head    [frameHead]byte
	buf     []byte
	skipped uint64
}

// NewFrameReader returns a reader of frames. It reads no further than the frame's end.
func NewFrameReader(r io.Reader) *FrameReader { return &FrameReader{r: r} }

// Skipped counts frames whose kind this build does not know.
func (r *FrameReader) Skipped() uint64 { return r.skipped }

// Next returns the next frame of a known kind. Errors: io.EOF where the stream ends between two frames,
// io.ErrUnexpectedEOF where it ends inside one, ErrFrameTooLarge, ErrFrameMalformed, those of the stream.
func (r *FrameReader) Next() (Frame, error) {
	for {
		f, err := r.read()
		if err != nil {
			return Frame{}, err
		}
		if f.Kind > 0 && f.Kind < frameKinds {
			return f, nil
		}
		r.skipped++
	}
}

func (r *FrameReader) read() (Frame, error) {
	if _, err := io.ReadFull(r.r, r.head[:]); err != nil {
		if err == io.EOF {
			return Frame{}, err
		}
		return Frame{}, fmt.Errorf("read frame: %w", err)
	}
	size, kind := binary.BigEndian.Uint32(r.head[:4]), FrameKind(r.head[4])
	if size == 0 {
		return Frame{}, fmt.Errorf("read frame: no kind: %w", ErrFrameMalformed)
	}
	size--
	if size > maxPayload(kind) {
		return Frame{}, fmt.Errorf("read frame: kind %d of %d bytes: %w", kind, size, ErrFrameTooLarge)
	}
	return r.payload(kind, int(size))
}

// payload reads a frame's payload. It takes memory only as bytes arrive, at most twice as much: a head alone, which
// costs a stranger five bytes, does not make it reserve megabytes.
func (r *FrameReader) payload(kind FrameKind, size int) (Frame, error) {
	const step = 64 << 10
	r.buf = r.buf[:0]
	for len(r.buf) < size {
		n := min(size-len(r.buf), max(step, cap(r.buf)-len(r.buf)))
		if cap(r.buf)-len(r.buf) < n {
			r.buf = append(make([]byte, 0, min(size, 2*len(r.buf)+n)), r.buf...)
		}
		from := len(r.buf)
		r.buf = r.buf[:from+n]
		if _, err := io.ReadFull(r.r, r.buf[from:]); err != nil {
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return Frame{}, fmt.Errorf("read frame: %w", err)
		}
	}
	return Frame{Kind: kind, Payload: r.buf}, nil
}

func maxPayload(kind FrameKind) uint32 {
	if kind == FrameBatch {
		return MaxBatchBytes
	}
	return MaxControlBytes
}

// AppendFrame appends a frame with this payload. The error is ErrFrameTooLarge.
func AppendFrame(dst []byte, kind FrameKind, payload []byte) ([]byte, error) {
	if uint64(len(payload)) > uint64(maxPayload(kind)) {
		return dst, fmt.Errorf("write frame: kind %d of %d bytes: %w", kind, len(payload), ErrFrameTooLarge)
	}
	dst = binary.BigEndian.AppendUint32(dst, uint32(len(payload)+1))
	return append(append(dst, byte(kind)), payload...), nil
}

// FrameWriter writes frames to a stream, each in one Write. It is not for use by several goroutines at once.
type FrameWriter struct {
	w   io.Writer
	buf []byte
}

// NewFrameWriter returns a writer of frames.
func NewFrameWriter(w io.Writer) *FrameWriter { return &FrameWriter{w: w} }

// WriteBatch writes a batch frame. Errors: ErrFrameTooLarge, those of the stream.
func (w *FrameWriter) WriteBatch(batch []byte) error { return w.write(FrameBatch, batch) }

// WriteMessage writes the frame of a message. Errors: ErrFrameTooLarge, those of the stream.
func (w *FrameWriter) WriteMessage(m Message) error {
	payload, err := encodeMessage(m)
	if err != nil {
		return err
	}
	return w.write(m.Kind(), payload)
}

func (w *FrameWriter) write(kind FrameKind, payload []byte) error {
	b, err := AppendFrame(w.buf[:0], kind, payload)
	if err != nil {
		return err
	}
	w.buf = b
	if _, err := w.w.Write(b); err != nil {
		return fmt.Errorf("write frame: %w", err)
	}
	return nil
}
