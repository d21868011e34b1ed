package wire

import (
	"errors"
	"fmt"

	"github.com/klauspost/compress/zstd"
)

// ErrBatchOrder says that an event does not follow the one before it by one.
var ErrBatchOrder = errors.New("event is out of sequence")

// BatchEncoder turns events into a batch. It is used over and over: Reset, Add for each event, Finish. It allocates
// nothing per event once its buffers have grown. It is not for use by several goroutines at once.
type BatchEncoder struct {
	info    BatchInfo
	rows    []byte
	packed  []byte
	lastAt  int64
	lastPBX int64
	zstd    *zstd.Encoder
}

// NewBatchEncoder returns an encoder; call Reset before the first Add.
func NewBatchEncoder() *BatchEncoder {
	z, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithEncoderCRC(false),
		zstd.WithWindowSize(256<<10), zstd.WithLowerEncoderMem(true))
	if err != nil {
		panic("wire: zstd refuses constant options: " + err.Error())
	}
	return &BatchEncoder{zstd: z}
}

// Reset begins a batch whose first event has sequence number firstSeq.
func (e *BatchEncoder) Reset(stream, firstSeq uint64) {
	e.info = BatchInfo{Version: BatchVersion, Stream: stream, FirstSeq: firstSeq}
	e.rows = e.rows[:0]
	e.lastAt, e.lastPBX = 0, 0
}

// Len is the number of events added since Reset.
func (e *BatchEncoder) Len() int { return int(e.info.Count) }

// Size is the number of bytes of the batch so far, before compression.
func (e *BatchEncoder) Size() int { return len(e.rows) }

// Info says what the batch holds so far.
func (e *BatchEncoder) Info() BatchInfo { return e.info }

// Add adds the next event. It copies what it needs of ev. The error is ErrBatchOrder.
func (e *BatchEncoder) Add(ev *Event) error {
	if ev.Seq != e.info.FirstSeq+uint64(e.info.Count) {
		return fmt.Errorf("add event %d after %d: %w", ev.Seq, e.info.LastSeq(), ErrBatchOrder)
	}
	if e.info.Count == 0 {
		e.info.From = ev.Received
		e.lastAt = ev.Received
	}
	b := appendInt(e.rows, ev.Received-e.lastAt)
	b = appendInt(b, ev.PBXTime-e.lastPBX)
	b = appendID(b, uint16(ev.ID), ev.Name)
	b = appendItem(b, majorArray, uint64(len(ev.Fields)))
	for i := range ev.Fields {
		f := &ev.Fields[i]
		b = appendString(appendID(b, uint16(f.ID), f.Name), f.Value)
	}
	e.rows = b
	e.lastAt, e.lastPBX = ev.Received, ev.PBXTime
	e.info.To = ev.Received
	e.info.Count++
	return nil
}

func appendID(dst []byte, id uint16, name string) []byte {
	if id == 0 {
		return appendString(dst, name)
	}
	return appendUint(dst, uint64(id))
}

// Finish appends the batch to dst. The encoder has to be Reset before it is used again.
func (e *BatchEncoder) Finish(dst []byte) []byte {
	e.packed = e.zstd.EncodeAll(e.rows, e.packed[:0])
	return appendBatch(dst, &header{BatchInfo: e.info, size: len(e.rows), body: e.packed})
}
