package wire

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
)

// A batch is what is spooled, sent, logged and archived: some events of one agent's stream, one after the other. It
// needs nothing but this package to be read. It is one CBOR item:
//
//	d9 d9f7            tag 55799, "this is CBOR": the first three bytes of every batch
//	  8a               array of 10
//	    01             version of what follows; the places up to count are the same in every version
//	    1b ........    stream      random number of the agent's spool
//	    ..             first       sequence number of the first event
//	    ..             count       number of events; in a gap batch the number of events lost
//	    ..             from        ns since 1970, when the first event was received
//	    ..             span        ns from there to when the last one was received
//	    60             gap         "" or why the events are lost
//	    ..             preset      number of what writer and reader know beforehand (see preset.go)
//	    5. .........   body        the events (see batch_body.go); empty in a gap batch
//	    1a ........    CRC32C of all bytes before this item
//
// Whole numbers are in their shortest form, so equal batches are equal bytes.

// BatchVersion is the version of batches this package writes. It reads this one and all before it.
const BatchVersion = 1

// MaxBatchBytes bounds a batch in its encoded form, and a frame that carries one.
const MaxBatchBytes = 4 << 20

// Reasons of gaps, as [BatchInfo].Gap and AgentFieldReason name them.
const (
	GapSpoolFull  = "spool-full" // the spool reached its size while the cloud could not be reached
	GapSpoolAge   = "spool-age"  // the spool reached its age while the cloud could not be reached
	GapDamaged    = "damaged"    // what was stored is no longer readable
	GapCut        = "cut"        // the PBX or the connection to it dropped them
	GapUnwritable = "unwritable" // the spool could not be written to for so long that memory was full
	GapForgotten  = "forgotten"  // the cloud had committed them once, so the spool let them go, and now asks for them again
)

var (
	// ErrBatchDamaged says that the bytes are not those that were written: wrong checksum, cut short, or no batch at all.
	ErrBatchDamaged = errors.New("batch is damaged")
	// ErrBatchVersion says that a later version of this program wrote the batch. Its place in the stream is still known.
	ErrBatchVersion = errors.New("batch version is unknown to this build")
	// ErrBatchMalformed says that the checksum is right and the content is not: whoever made it is broken or hostile.
	ErrBatchMalformed = errors.New("batch is malformed")
	// ErrBatchLimit says that the batch holds more than the decoder's limits allow.
	ErrBatchLimit = errors.New("batch exceeds a limit")
)

// BatchInfo says which events a batch holds.
type BatchInfo struct {
	Version  uint8
	Stream   uint64
	FirstSeq uint64
	Count    uint32
	From, To int64  // ns since 1970, when the first and the last event were received
	Gap      string // empty, or why the events FirstSeq..LastSeq are lost; then the batch holds none
}

// LastSeq is the sequence number of the last event. It is FirstSeq-1 for a batch of no events.
func (i BatchInfo) LastSeq() uint64 { return i.FirstSeq + uint64(i.Count) - 1 }

const (
	batchElements = 10
	checksumItem  = 5 // bytes of the last item: 1a and four bytes
	maxGapReason  = 64
)

func batchMagic() [3]byte { return [3]byte{0xD9, 0xD9, 0xF7} }

// castagnoli returns the table of CRC32C, which processors have an instruction for. MakeTable answers from a table of
// its own for this polynomial.
func checksum(b []byte) uint32 { return crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli)) }

// header is BatchInfo and what only the decoder needs.
type header struct {
	BatchInfo
	preset uint64
	body   []byte
}

// appendHeader appends everything up to the body's head.
func appendHeader(dst []byte, h *header) []byte {
	magic := batchMagic()
	dst = append(dst, magic[:]...)
	dst = appendItem(dst, majorArray, batchElements)
	dst = appendUint(dst, BatchVersion)
	dst = appendUint(dst, h.Stream)
	dst = appendUint(dst, h.FirstSeq)
	dst = appendUint(dst, uint64(h.Count))
	dst = appendInt(dst, h.From)
	dst = appendInt(dst, h.To-h.From)
	dst = appendString(dst, h.Gap)
	return appendUint(dst, h.preset)
}

// appendBatch appends a whole batch.
func appendBatch(dst []byte, h *header) []byte {
	start := len(dst)
	dst = appendHeader(dst, h)
	dst = appendItem(dst, majorBytes, uint64(len(h.body)))
	dst = append(dst, h.body...)
	return binary.BigEndian.AppendUint32(append(dst, 0x1A), checksum(dst[start:]))
}

// EncodeGap appends a batch that says that the events info names are lost, and why (info.Gap).
func EncodeGap(dst []byte, info BatchInfo) []byte {
	if info.Gap == "" {
		info.Gap = GapDamaged
	}
	if len(info.Gap) > maxGapReason {
		info.Gap = info.Gap[:maxGapReason]
	}
	return appendBatch(dst, &header{BatchInfo: info})
}

// PeekBatch reads the header of a batch and verifies its checksum, without looking into the body. It returns
// ErrBatchDamaged or ErrBatchMalformed; with ErrBatchVersion the Version, Stream, FirstSeq and Count are valid.
func PeekBatch(b []byte) (BatchInfo, error) {
	h, err := readHeader(b)
	return h.BatchInfo, err
}

func readHeader(b []byte) (header, error) {
	var h header
	magic := batchMagic()
	if len(b) < len(magic)+checksumItem || [3]byte(b) != magic {
		return h, fmt.Errorf("read batch: no batch begins here: %w", ErrBatchDamaged)
	}
	end := len(b) - checksumItem
	if b[end] != 0x1A || binary.BigEndian.Uint32(b[end+1:]) != checksum(b[:end]) {
		return h, fmt.Errorf("read batch: wrong checksum: %w", ErrBatchDamaged)
	}
	return readElements(&items{b: b[len(magic):end]})
}

func readElements(r *items) (header, error) {
	var h header
	elements := r.array(1 << 16)
	version := r.uint()
	h.Version = uint8(min(version, 255))
	h.Stream, h.FirstSeq, h.Count = r.uint(), r.uint(), uint32(r.uintBelow(1<<32))
	if r.bad || h.FirstSeq == 0 || h.FirstSeq+uint64(h.Count) < h.FirstSeq {
		return header{}, fmt.Errorf("read batch: read header: %w", ErrBatchMalformed)
	}
	if version != BatchVersion {
		return h, fmt.Errorf("read batch: version %d: %w", version, ErrBatchVersion)
	}
	h.From = r.int()
	h.To = h.From + r.int()
	gap := r.bytes()
	h.preset = r.uint()
	h.body = r.bytes()
	if r.bad || elements != batchElements || len(r.b) != 0 || len(gap) > maxGapReason || (len(gap) > 0) != (len(h.body) == 0) {
		return header{}, fmt.Errorf("read batch: read header: %w", ErrBatchMalformed)
	}
	h.Gap = string(gap)
	return h, nil
}
