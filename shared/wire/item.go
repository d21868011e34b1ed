package wire

import (
	"encoding/binary"
	"unicode/utf8"
)

// The CBOR of batches is written and read by hand, item by item: it is the one place where a general codec's
// reflection is what an agent's processor time is spent on. Everything else goes through fxamacker/cbor. The tests
// hold the output against that library.

// Major types of CBOR, RFC 8949 section 3.1, in the place they have in an item's first byte.
const (
	majorUint  = 0 << 5
	majorInt   = 1 << 5
	majorBytes = 2 << 5
	majorText  = 3 << 5
	majorArray = 4 << 5
)

// appendItem appends the head of an item in its shortest form: major type and argument.
func appendItem(dst []byte, major byte, n uint64) []byte {
	switch {
	case n < 24:
		return append(dst, major|byte(n))
	case n < 1<<8:
		return append(dst, major|24, byte(n))
	case n < 1<<16:
		return append(dst, major|25, byte(n>>8), byte(n))
	case n < 1<<32:
		return binary.BigEndian.AppendUint32(append(dst, major|26), uint32(n))
	}
	return binary.BigEndian.AppendUint64(append(dst, major|27), n)
}

func appendUint(dst []byte, n uint64) []byte { return appendItem(dst, majorUint, n) }

func appendInt(dst []byte, n int64) []byte {
	if n < 0 {
		return appendItem(dst, majorInt, uint64(^n))
	}
	return appendItem(dst, majorUint, uint64(n))
}

// appendString appends s as text where it is UTF-8 and as a byte string where it is not: what a PBX sends may be either.
func appendString(dst []byte, s string) []byte {
	major := byte(majorText)
	if !utf8.ValidString(s) {
		major = majorBytes
	}
	return append(appendItem(dst, major, uint64(len(s))), s...)
}

// items reads CBOR items from b one after the other. After the first thing it does not expect it is bad for good and
// gives zero values, so that a caller checks once at the end of what belongs together.
type items struct {
	b   []byte
	bad bool
}

func (r *items) fail() uint64 {
	r.bad, r.b = true, nil
	return 0
}

// head reads the head of an item. It refuses indefinite lengths: nothing here writes them.
func (r *items) head() (major byte, n uint64) {
	if len(r.b) == 0 {
		return 0, r.fail()
	}
	first := r.b[0]
	major, info := first&0xE0, first&0x1F
	if info < 24 {
		r.b = r.b[1:]
		return major, uint64(info)
	}
	size := 1 << (info - 24)
	if info > 27 || len(r.b) < 1+size {
		return 0, r.fail()
	}
	for _, c := range r.b[1 : 1+size] {
		n = n<<8 | uint64(c)
	}
	r.b = r.b[1+size:]
	return major, n
}

func (r *items) uint() uint64 {
	major, n := r.head()
	if major != majorUint {
		return r.fail()
	}
	return n
}

// uintBelow reads an unsigned integer that must be below limit, as everything that becomes a length or an index must.
func (r *items) uintBelow(limit uint64) int {
	n := r.uint()
	if n >= limit {
		return int(r.fail())
	}
	return int(n)
}

func (r *items) int() int64 {
	major, n := r.head()
	if n > 1<<63-1 || major != majorUint && major != majorInt {
		return int64(r.fail())
	}
	if major == majorInt {
		return int64(^n)
	}
	return int64(n)
}

// array reads the head of an array of at most limit elements.
func (r *items) array(limit int) int {
	major, n := r.head()
	if major != majorArray || n > uint64(limit) {
		return int(r.fail())
	}
	return int(n)
}

// take reads n bytes. They share the reader's memory.
func (r *items) take(n uint64) []byte {
	if n > uint64(len(r.b)) {
		r.fail()
		return nil
	}
	b := r.b[:n:n]
	r.b = r.b[n:]
	return b
}

// bytes reads a text or byte string. It shares the reader's memory.
func (r *items) bytes() []byte {
	major, n := r.head()
	if major != majorText && major != majorBytes {
		r.fail()
		return nil
	}
	return r.take(n)
}
