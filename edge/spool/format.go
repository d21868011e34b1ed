package spool

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"strings"
	"time"

	"github.com/callweave/callweave/shared/wire"
)

// A segment is a file named STREAM-FIRST.seg, both numbers in hexadecimal: the spool's stream, and the sequence number
// of the first event in it. The names alone say what the spool should hold. All numbers in it are little endian.
//
//	segment   0  8  "CWSPOOL1"
//	          8  8  stream
//	         16  8  first
//	         24  8  running time of the spool when the segment was made, ns
//	         32  8  when its first event was received, ns since 1970
//	         40 20  zero
//	         60  4  CRC32C of the 60 bytes before. The header is a help, not a need: records are read without it
//	         64     records, then zeros to the size the segment was made with
//
//	record    0  8  marker: differs from segment to segment and spool to spool, so that nothing a PBX sends looks like it
//	          8  8  first sequence number
//	         16  4  number of events
//	         20  4  n, bytes of the batch
//	         24  4  CRC32C of the batch
//	         28  4  CRC32C of the 28 bytes before
//	         32  n  the batch (shared/wire)
//	       32+n  8  marker, its bits inverted
//	       40+n  8  first sequence number
//	       48+n  4  number of events
//	       52+n  4  CRC32C of the 20 bytes before
//	                zeros to a multiple of 8
const (
	segmentMagic  = "CWSPOOL1"
	segmentHead   = 64
	recordHead    = 32
	recordTrail   = 24
	segmentSuffix = ".seg"
	tempSuffix    = ".new"
	stateName     = "state"
	lockName      = "lock"
)

func checksum(b []byte) uint32 { return crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli)) }

func segmentName(stream, first uint64) string {
	return fmt.Sprintf("%016x-%016x%s", stream, first, segmentSuffix)
}

// parseSegmentName is false for every name that segmentName does not make.
func parseSegmentName(name string) (stream, first uint64, ok bool) {
	base, ok := strings.CutSuffix(name, segmentSuffix)
	if !ok || len(base) != 33 {
		return 0, 0, false
	}
	if _, err := fmt.Sscanf(base, "%016x-%016x", &stream, &first); err != nil {
		return 0, 0, false
	}
	return stream, first, segmentName(stream, first) == name && stream > 0 && first > 0
}

func appendSegmentHead(dst []byte, stream, first uint64, clock time.Duration, from int64) []byte {
	start := len(dst)
	dst = append(dst, segmentMagic...)
	dst = binary.LittleEndian.AppendUint64(dst, stream)
	dst = binary.LittleEndian.AppendUint64(dst, first)
	dst = binary.LittleEndian.AppendUint64(dst, uint64(clock))
	dst = binary.LittleEndian.AppendUint64(dst, uint64(from))
	dst = append(dst, make([]byte, segmentHead-4-(len(dst)-start))...)
	return binary.LittleEndian.AppendUint32(dst, checksum(dst[start:]))
}

// parseSegmentHead is false where the header is damaged.
func parseSegmentHead(b []byte) (clock time.Duration, from int64, ok bool) {
	if len(b) < segmentHead || string(b[:8]) != segmentMagic ||
		binary.LittleEndian.Uint32(b[segmentHead-4:]) != checksum(b[:segmentHead-4]) {
		return 0, 0, false
	}
	return time.Duration(binary.LittleEndian.Uint64(b[24:])), int64(binary.LittleEndian.Uint64(b[32:])), true
}

// markerOf mixes the two numbers so that markers of neighbouring segments have nothing in common (the finaliser of
// splitmix64).
func markerOf(stream, first uint64) uint64 {
	x := stream + first*0x9E3779B97F4A7C15
	x = (x ^ x>>30) * 0xBF58476D1CE4E5B9
	x = (x ^ x>>27) * 0x94D049BB133111EB
	return x ^ x>>31 | 1 // never zero, as unwritten space is
}

// span names events by their sequence numbers.
type span struct {
	first uint64
	count uint32
}

func (s span) last() uint64 { return s.first + uint64(s.count) - 1 }

// recordSize is the size of a record around a batch of n bytes.
func recordSize(n int) int64 { return (int64(recordHead+recordTrail+n) + 7) &^ 7 }

func appendRecord(dst []byte, marker uint64, s span, batch []byte) []byte {
	start := len(dst)
	dst = binary.LittleEndian.AppendUint64(dst, marker)
	dst = binary.LittleEndian.AppendUint64(dst, s.first)
	dst = binary.LittleEndian.AppendUint32(dst, s.count)
	dst = binary.LittleEndian.AppendUint32(dst, uint32(len(batch)))
	dst = binary.LittleEndian.AppendUint32(dst, checksum(batch))
	dst = binary.LittleEndian.AppendUint32(dst, checksum(dst[start:]))
	dst = append(dst, batch...)
	trail := len(dst)
	dst = binary.LittleEndian.AppendUint64(dst, ^marker)
	dst = binary.LittleEndian.AppendUint64(dst, s.first)
	dst = binary.LittleEndian.AppendUint32(dst, s.count)
	dst = binary.LittleEndian.AppendUint32(dst, checksum(dst[trail:]))
	for len(dst)-start < int(recordSize(len(batch))) {
		dst = append(dst, 0)
	}
	return dst
}

// parseRecordHead is false where the header is damaged or no header.
func parseRecordHead(b []byte, marker uint64) (s span, size int, sum uint32, ok bool) {
	if len(b) < recordHead || binary.LittleEndian.Uint64(b) != marker || binary.LittleEndian.Uint32(b[28:]) != checksum(b[:28]) {
		return span{}, 0, 0, false
	}
	s = span{first: binary.LittleEndian.Uint64(b[8:]), count: binary.LittleEndian.Uint32(b[16:])}
	size = int(binary.LittleEndian.Uint32(b[20:]))
	return s, size, binary.LittleEndian.Uint32(b[24:]), size <= wire.MaxBatchBytes && s.count > 0
}

// parseRecordTrail is false where the trailer is damaged or no trailer.
func parseRecordTrail(b []byte, marker uint64) (s span, ok bool) {
	if len(b) < recordTrail || binary.LittleEndian.Uint64(b) != ^marker || binary.LittleEndian.Uint32(b[20:]) != checksum(b[:20]) {
		return span{}, false
	}
	s = span{first: binary.LittleEndian.Uint64(b[8:]), count: binary.LittleEndian.Uint32(b[16:])}
	return s, s.count > 0
}
