package wire

import (
	"fmt"
	"unsafe"

	"github.com/klauspost/compress/zstd"
)

// Limits bound what a decoder accepts, so that a few hostile bytes cannot become a lot of memory or time. The zero
// value of a limit means its default.
type Limits struct {
	Bytes  int // of the body after decompression; default 32 MiB
	Events int // in a batch; default 65,536
	Fields int // in an event; default 4,096
}

func (l Limits) withDefaults() Limits {
	if l.Bytes <= 0 {
		l.Bytes = 32 << 20
	}
	if l.Events <= 0 {
		l.Events = 1 << 16
	}
	if l.Fields <= 0 {
		l.Fields = 1 << 12
	}
	return l
}

// BatchDecoder turns batches back into events. It keeps its buffers from one batch to the next. It is not for use by
// several goroutines at once.
type BatchDecoder struct {
	limits Limits
	zstd   *zstd.Decoder
	body   []byte
	event  Event
}

// NewBatchDecoder returns a decoder.
func NewBatchDecoder(limits Limits) *BatchDecoder {
	limits = limits.withDefaults()
	z, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecodeAllCapLimit(true),
		zstd.WithDecoderMaxMemory(uint64(limits.Bytes)), zstd.WithDecoderMaxWindow(max(uint64(limits.Bytes), 1<<10)))
	if err != nil {
		panic("wire: zstd refuses constant options: " + err.Error())
	}
	return &BatchDecoder{limits: limits, zstd: z}
}

// Decode calls fn for each event of batch b in order. The event and its strings are valid until fn returns: clone what
// is kept. A gap batch has no events. Errors: those of [PeekBatch], ErrBatchLimit, and what fn returned, which ends it.
// Events before a malformed one have been handed out already.
func (d *BatchDecoder) Decode(b []byte, fn func(*Event) error) (BatchInfo, error) {
	h, err := readHeader(b)
	if err != nil || h.Gap != "" {
		return h.BatchInfo, err
	}
	if h.size > d.limits.Bytes || int64(h.Count) > int64(d.limits.Events) {
		return h.BatchInfo, fmt.Errorf("decode batch: %d events, %d bytes: %w", h.Count, h.size, ErrBatchLimit)
	}
	if cap(d.body) < h.size {
		d.body = make([]byte, 0, h.size)
	}
	d.body, err = d.zstd.DecodeAll(h.body, d.body[:0])
	if err != nil || len(d.body) != h.size {
		return h.BatchInfo, fmt.Errorf("decode batch: decompress: %w", ErrBatchMalformed)
	}
	return h.BatchInfo, d.events(&h, fn)
}

func (d *BatchDecoder) events(h *header, fn func(*Event) error) error {
	r := items{b: d.body}
	ev := &d.event
	ev.Received, ev.PBXTime = h.From, 0
	for i := range uint64(h.Count) {
		ev.Seq = h.FirstSeq + i
		ev.Received += r.int()
		ev.PBXTime += r.int()
		id, name := r.id()
		ev.ID, ev.Name = EventID(id), name
		fields := r.array(d.limits.Fields)
		ev.Fields = ev.Fields[:0]
		for range fields {
			id, name := r.id()
			ev.Fields = append(ev.Fields, Field{ID: FieldID(id), Name: name, Value: text(r.bytes())})
		}
		if r.bad {
			return fmt.Errorf("decode batch: event %d: %w", ev.Seq, ErrBatchMalformed)
		}
		if err := fn(ev); err != nil {
			return err
		}
	}
	if len(r.b) > 0 {
		return fmt.Errorf("decode batch: bytes after the last event: %w", ErrBatchMalformed)
	}
	return nil
}

// id reads a number, or a name where the thing has no number.
func (r *items) id() (uint16, string) {
	if len(r.b) > 0 && r.b[0]&0xE0 == majorUint {
		return uint16(r.uintBelow(1 << 16)), ""
	}
	return 0, text(r.bytes())
}

// text makes a string of b without copying it.
func text(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
