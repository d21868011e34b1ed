package report

import (
	"errors"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// The browser reads queries and names, and writes tables, by what is here: encoding/json would make the download a third
// larger. A test holds it against encoding/json.

// ParseQuery reads the JSON of a query.
func ParseQuery(b []byte) (q Query, err error) {
	r := jsonReader{b: b}
	r.query(&q)
	return q, r.done("the query")
}

// ParseNames reads the JSON of names.
func ParseNames(b []byte) (n Names, err error) {
	r := jsonReader{b: b}
	r.names(&n)
	return n, r.done("names")
}

// Behind asks for the calls behind a figure.
type Behind struct {
	Query  Query  `json:"query"`
	Keys   []Key  `json:"keys"`
	Column string `json:"column"`
}

// ParseBehind reads the JSON of a question for calls.
func ParseBehind(b []byte) (d Behind, err error) {
	r := jsonReader{b: b}
	r.object(func(name string) bool {
		switch name {
		case "query":
			r.query(&d.Query)
		case "keys":
			d.Keys = listOf(&r, (*jsonReader).key)
		case "column":
			d.Column = r.text()
		default:
			return false
		}
		return true
	})
	return d, r.done("the question")
}

// jsonReader reads JSON from the front. After an error it reads nothing more.
type jsonReader struct {
	b    []byte
	at   int
	deep int
	err  error
}

// mostDeep is how deep values may be in each other.
const mostDeep = 32

func (r *jsonReader) fail() {
	if r.err == nil {
		r.err = errors.New("unexpected JSON at byte " + strconv.Itoa(r.at))
	}
}

func (r *jsonReader) done(what string) error {
	if r.err == nil && r.peek() != 0 {
		r.fail()
	}
	if r.err != nil {
		return errors.New("read " + what + ": " + r.err.Error())
	}
	return nil
}

// peek is the next character that is no space; 0 at the end and after an error.
func (r *jsonReader) peek() byte {
	for r.err == nil && r.at < len(r.b) {
		if c := r.b[r.at]; c != ' ' && c != '\n' && c != '\t' && c != '\r' {
			return c
		}
		r.at++
	}
	return 0
}

func (r *jsonReader) take(c byte) bool {
	if r.peek() == c {
		r.at++
		return true
	}
	return false
}

func (r *jsonReader) expect(c byte) {
	if !r.take(c) {
		r.fail()
	}
}

// null takes a null.
func (r *jsonReader) null() bool {
	if r.peek() == 'n' && r.at+4 <= len(r.b) && string(r.b[r.at:r.at+4]) == "null" {
		r.at += 4
		return true
	}
	return false
}

// object reads an object; f reads the value of a name, or says that it does not know it.
func (r *jsonReader) object(f func(name string) bool) {
	if r.null() {
		return
	}
	r.expect('{')
	if r.deep++; r.deep > mostDeep {
		r.fail()
	}
	for first := true; r.err == nil && !r.take('}'); first = false {
		if !first {
			r.expect(',')
		}
		name := r.text()
		r.expect(':')
		if r.err == nil && !f(name) {
			r.skip()
		}
	}
	r.deep--
}

// array reads an array, f each of its values.
func (r *jsonReader) array(f func()) {
	if r.null() {
		return
	}
	r.expect('[')
	if r.deep++; r.deep > mostDeep {
		r.fail()
	}
	for first := true; r.err == nil && !r.take(']'); first = false {
		if !first {
			r.expect(',')
		}
		if r.err == nil {
			f()
		}
	}
	r.deep--
}

// skip takes any value.
func (r *jsonReader) skip() {
	switch r.peek() {
	case '{':
		r.object(func(string) bool { return false })
	case '[':
		r.array(r.skip)
	case '"':
		r.text()
	case 't', 'f':
		r.truth()
	case 'n':
		if !r.null() {
			r.fail()
		}
	default:
		r.number()
	}
}

func (r *jsonReader) truth() bool {
	for _, word := range []string{"true", "false"} {
		if r.peek() == word[0] && r.at+len(word) <= len(r.b) && string(r.b[r.at:r.at+len(word)]) == word {
			r.at += len(word)
			return word == "true"
		}
	}
	if !r.null() {
		r.fail()
	}
	return false
}

// digits takes the characters of a number.
func (r *jsonReader) digits() string {
	r.peek()
	from := r.at
	for r.at < len(r.b) {
		if c := r.b[r.at]; (c < '0' || c > '9') && c != '-' && c != '+' && c != '.' && c != 'e' && c != 'E' {
			break
		}
		r.at++
	}
	return string(r.b[from:r.at])
}

func (r *jsonReader) number() float64 {
	if r.null() {
		return 0
	}
	v, err := strconv.ParseFloat(r.digits(), 64)
	if err != nil {
		r.fail()
	}
	return v
}

func (r *jsonReader) whole() int64 {
	if r.null() {
		return 0
	}
	digits := r.digits()
	v, err := strconv.ParseInt(digits, 10, 64)
	if err != nil { // a whole number may be written otherwise
		f, bad := strconv.ParseFloat(digits, 64)
		if v = int64(f); bad != nil || float64(v) != f {
			r.fail()
		}
	}
	return v
}

// id is a whole number that fits.
func (r *jsonReader) id() int32 {
	v := r.whole()
	if v != int64(int32(v)) {
		r.fail()
	}
	return int32(v)
}

func (r *jsonReader) text() string {
	if r.null() {
		return ""
	}
	r.expect('"')
	var out []byte
	for from := r.at; r.err == nil; {
		if r.at >= len(r.b) {
			r.fail()
			break
		}
		switch c := r.b[r.at]; {
		case c == '"':
			r.at++
			if out = append(out, r.b[from:r.at-1]...); !utf8.Valid(out) {
				return string([]rune(string(out))) // U+FFFD for each byte that is no text
			}
			return string(out)
		case c == '\\':
			out = append(out, r.b[from:r.at]...)
			out = r.escaped(out)
			from = r.at
		case c < ' ':
			r.fail()
		default:
			r.at++
		}
	}
	return ""
}

// escaped reads what follows a backslash.
func (r *jsonReader) escaped(out []byte) []byte {
	r.at += 2
	if r.at > len(r.b) {
		r.fail()
		return out
	}
	switch c := r.b[r.at-1]; c {
	case '"', '\\', '/':
		return append(out, c)
	case 'b':
		return append(out, '\b')
	case 'f':
		return append(out, '\f')
	case 'n':
		return append(out, '\n')
	case 'r':
		return append(out, '\r')
	case 't':
		return append(out, '\t')
	case 'u':
		x := r.hex()
		if utf16.IsSurrogate(x) {
			if r.at+1 < len(r.b) && r.b[r.at] == '\\' && r.b[r.at+1] == 'u' {
				r.at += 2
				x = utf16.DecodeRune(x, r.hex())
			} else {
				x = utf8.RuneError
			}
		}
		return utf8.AppendRune(out, x)
	}
	r.fail()
	return out
}

func (r *jsonReader) hex() rune {
	if r.at+4 > len(r.b) {
		r.fail()
		return 0
	}
	v, err := strconv.ParseUint(string(r.b[r.at:r.at+4]), 16, 32)
	if r.at += 4; err != nil {
		r.fail()
	}
	return rune(v)
}

// listOf reads an array of values; null is none.
func listOf[T any](r *jsonReader, read func(*jsonReader) T) []T {
	if r.null() {
		return nil
	}
	list := []T{}
	r.array(func() { list = append(list, read(r)) })
	return list
}
