package wire

// The body of a batch is a CBOR array of
//
//	0  unit      of times: 1 or 1000 ns
//	1  plan      zstd frame, without its magic number, of a CBOR array of six byte strings
//	2  spelling  zstd frame, likewise: the characters of strings that are spelt out, without anything between them
//	3  bits      low bits of times (bit 0 of the first byte first), kept apart because they do not compress
//	4  uuids     strings that are UUIDs, 16 bytes each
//
// The two frames are compressed with dictionaries of the preset that the header names. The plan's byte strings hold
// CBOR items, one after the other:
//
//	0  events    for each event: its kind; for each part whose row is not the latest, which one or what it begins as; for
//	             each field whose value is not the predicted one, a token
//	1  kinds     each kind and shape where it first occurs
//	2  far       what is named by its distance
//	3  lengths   of strings that are spelt out
//	4  times     one byte an event: how Received differs from that of the event before
//	5  pbx       the same for PBXTime; empty where no event has one
//
// events:   kind      0 a new one, described in kinds; n+1 the one of number n, those of the preset first
//
//	row       0..6 the second, third… of its table's rows by last use; 7 another, in far: 0 the newest row. Of a new row
//	          what it begins as: 0 as the row that this part of the shape described last, 1..8 as the first, second… by
//	          last use; where there is none, as the preset has it
//	token     0 what followed before; 1 the last value of the column; 2 spelt out; 3 a UUID; 4 a string of this batch,
//	          in far: 0 the newest; 5..20 the string of this batch that was used last, the one before it…; n+20 number n
//	          of the preset, from 1
//
// kinds:    shape 0 a new one, n+1 number n; for each part of the shape its ref; the fields that
//
//	have a token here and not in the last event of the shape that also had, or had not, a new row, or the other way
//	round: their number, and for each how many fields lie between it and the one before
//
//	new shape: event (number, or name), number of parts and each one's table, number of fields and for each
//	number or name, column, part + 16 × context, and where it has a part its cell
//
// lengths:  of a string beside the one it resembles, which is the value of the row it replaces or the last one spelt out in
// its column: n < 24, it has the same length and differs in the last n bytes; n+24, they have n bytes in common, and
// the number of bytes that follow comes next.
//
// times:    the number of bits of the difference in units, +128 where it is negative; all bits but the highest are in
// bits, first those of all times, then, from a new byte on, those of pbx.
//
// pbx:      255 where the event has none, else as times, in µs, of PBXTime - Received against the same of the last event
// that had one.
const (
	zstdMagic = "\x28\xB5\x2F\xFD"

	planStrings = 6
	bodyItems   = 5

	kindNew  = 0
	kindBase = 1

	rowFar = rowRing - 1

	tokenFollows = 0
	tokenColumn  = 1
	tokenSpelt   = 2
	tokenUUID    = 3
	tokenFar     = 4
	tokenRing    = 5
	tokenStatic  = tokenRing + stringRing - 1 // plus the string's number, which begins with 1

	sameLength = 24

	timeNegative = 1 << 7
	timeMissing  = 255

	maxFields = 1 << 12 // in an event
)

// plan holds the streams of a body while it is written or read.
type plan struct {
	events, kinds, far, lengths, times, pbx []byte
	spelling, bits, uuids                   []byte
}

func (p *plan) reset() {
	p.events, p.kinds, p.far, p.lengths, p.times, p.pbx = p.events[:0], p.kinds[:0], p.far[:0], p.lengths[:0], p.times[:0], p.pbx[:0]
	p.spelling, p.bits, p.uuids = p.spelling[:0], p.bits[:0], p.uuids[:0]
}

// appendTo appends the plan as it is compressed.
func (p *plan) appendTo(dst []byte) []byte {
	dst = appendItem(dst, majorArray, planStrings)
	for _, s := range [planStrings][]byte{p.events, p.kinds, p.far, p.lengths, p.times, p.pbx} {
		dst = append(appendItem(dst, majorBytes, uint64(len(s))), s...)
	}
	return dst
}

const hexDigits = "0123456789abcdef"

// isUUID reports whether s is a UUID in the form that 16 bytes give back exactly.
func isUUID(s string) bool {
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return false
	}
	for i := range 36 {
		c := s[i]
		if c != '-' && (c < '0' || c > '9') && (c < 'a' || c > 'f') || c == '-' && i != 8 && i != 13 && i != 18 && i != 23 {
			return false
		}
	}
	return true
}

func packUUID(dst []byte, s string) []byte {
	for i := 0; i < len(s); i += 2 {
		if s[i] == '-' {
			i++
		}
		dst = append(dst, nibble(s[i])<<4|nibble(s[i+1]))
	}
	return dst
}

func nibble(c byte) byte {
	if c >= 'a' {
		return c - 'a' + 10
	}
	return c - '0'
}

func unpackUUID(dst, b []byte) []byte {
	for i, c := range b {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			dst = append(dst, '-')
		}
		dst = append(dst, hexDigits[c>>4], hexDigits[c&15])
	}
	return dst
}
