package facts

import (
	"encoding/binary"
	"errors"
	"strconv"
	"unicode/utf8"
)

// Major types of CBOR.
const (
	majorUint  = 0
	majorBytes = 2
	majorText  = 3
	majorArray = 4
	majorTag   = 6
)

// head appends the beginning of an item in its shortest form.
func head(b []byte, major byte, n uint64) []byte {
	m := major << 5
	switch {
	case n < 24:
		return append(b, m|byte(n))
	case n < 1<<8:
		return append(b, m|24, byte(n))
	case n < 1<<16:
		return binary.BigEndian.AppendUint16(append(b, m|25), uint16(n))
	case n < 1<<32:
		return binary.BigEndian.AppendUint32(append(b, m|26), uint32(n))
	}
	return binary.BigEndian.AppendUint64(append(b, m|27), n)
}

// reader reads CBOR of definite lengths. After an error it returns zero values.
type reader struct {
	b   []byte
	at  int
	err error
}

func (r *reader) fail(what string) {
	if r.err == nil {
		r.err = errors.New(what + " at byte " + strconv.Itoa(r.at))
	}
}

func (r *reader) left() int { return len(r.b) - r.at }

// head reads the beginning of an item.
func (r *reader) head() (major byte, n uint64) {
	if r.err != nil {
		return 0, 0
	}
	if r.left() < 1 {
		r.fail("it ends")
		return 0, 0
	}
	first := r.b[r.at]
	major, n = first>>5, uint64(first&31)
	if n < 24 {
		r.at++
		return major, n
	}
	size := 1 << (n - 24)
	if n > 27 {
		r.fail("no definite length")
		return 0, 0
	}
	if r.left() < 1+size {
		r.fail("it ends")
		return 0, 0
	}
	n = 0
	for _, c := range r.b[r.at+1 : r.at+1+size] {
		n = n<<8 | uint64(c)
	}
	r.at += 1 + size
	return major, n
}

func (r *reader) expect(major byte, what string) uint64 {
	at := r.at
	got, n := r.head()
	if r.err == nil && got != major {
		r.at = at
		r.fail("no " + what)
		return 0
	}
	return n
}

func (r *reader) uint(most uint64, what string) uint64 {
	n := r.expect(majorUint, what)
	if n > most {
		r.fail("too great a " + what)
		return 0
	}
	return n
}

func (r *reader) tag(n uint64) {
	if got := r.expect(majorTag, "tag "+strconv.FormatUint(n, 10)); r.err == nil && got != n {
		r.fail("another tag than " + strconv.FormatUint(n, 10))
	}
}

// array reads the beginning of an array; every item of it takes a byte, so there cannot be more than that.
func (r *reader) array(what string) int {
	n := r.expect(majorArray, what)
	if n > uint64(r.left()) {
		r.fail("too many items in the " + what)
		return 0
	}
	return int(n)
}

func (r *reader) run(major byte, what string) []byte {
	n := r.expect(major, what)
	if n > uint64(r.left()) {
		r.fail("too long a " + what)
		return nil
	}
	at := r.at
	r.at += int(n)
	return r.b[at:r.at]
}

func (r *reader) bytes(what string) []byte { return r.run(majorBytes, what) }

func (r *reader) text(what string) []byte {
	b := r.run(majorText, what)
	if !utf8.Valid(b) {
		r.fail("no UTF-8 in the " + what)
		return nil
	}
	return b
}

// deepest is how far items may be nested that are passed over.
const deepest = 8

// skip passes over an item.
func (r *reader) skip(depth int) {
	if depth > deepest {
		r.fail("too deep")
		return
	}
	switch major, n := r.head(); major {
	case majorBytes, majorText:
		if n > uint64(r.left()) {
			r.fail("it ends")
			return
		}
		r.at += int(n)
	case majorArray, majorArray + 1: // and maps
		if n > uint64(r.left()) {
			r.fail("it ends")
			return
		}
		if major != majorArray {
			n *= 2
		}
		for ; n > 0 && r.err == nil; n-- {
			r.skip(depth + 1)
		}
	case majorTag:
		r.skip(depth + 1)
	}
}
