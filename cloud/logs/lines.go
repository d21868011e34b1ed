package logs

import (
	"bufio"
	"bytes"
	"compress/bzip2"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// unpack returns what a file holds, unpacked where it is packed.
func unpack(r io.Reader) (*bufio.Reader, error) {
	b := bufio.NewReaderSize(r, 64<<10)
	head, err := b.Peek(6)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	switch {
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		z, err := gzip.NewReader(b)
		if err != nil {
			return nil, fmt.Errorf("unpack: %w", err)
		}
		return bufio.NewReaderSize(z, 64<<10), nil
	case bytes.HasPrefix(head, []byte("BZh")):
		return bufio.NewReaderSize(bzip2.NewReader(b), 64<<10), nil
	case bytes.HasPrefix(head, []byte("\xfd7zXZ")), bytes.HasPrefix(head, []byte("\x28\xb5\x2f\xfd")), bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return nil, ErrPacked
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}), bytes.HasPrefix(head, []byte{0xfe, 0xff}), bytes.HasPrefix(head, []byte{0xef, 0xbb, 0xbf}):
		return bufio.NewReaderSize(transform.NewReader(b, unicode.BOMOverride(encoding.Nop.NewDecoder())), 64<<10), nil
	}
	return b, nil
}

// maxLine bounds a line: longer ones are no line of a log.
const maxLine = 256 << 10

// lines reads a file line by line and turns them into UTF-8.
type lines struct {
	r       *bufio.Reader
	decoder *encoding.Decoder // nil: it is UTF-8 already
	n       int               // of the line read last, from 1
	foreign int               // lines that are no UTF-8
	cut     error             // why the file ends before its end
}

// newLines reads r as text in an encoding, "" for UTF-8.
func newLines(r io.Reader, name string) (*lines, error) {
	b, err := unpack(r)
	if err != nil {
		return nil, err
	}
	l := &lines{r: b}
	if name != "" && !strings.EqualFold(name, "utf-8") {
		e, err := htmlindex.Get(name)
		if err != nil {
			return nil, &FileError{"encoding", name, fmt.Sprintf("no encoding is called %q; usual ones are utf-8, windows-1251, koi8-r and iso-8859-1", name)}
		}
		l.decoder = e.NewDecoder()
	}
	return l, nil
}

var errTooLong = &flawError{flaw: TooLong}

// next returns the next line without its end. A packed file that is cut off ends there; cut then says so.
func (l *lines) next() (string, error) {
	var line []byte
	long := false
	for {
		part, err := l.r.ReadSlice('\n')
		if len(line)+len(part) > maxLine {
			line, long = line[:0], true
		} else if !long {
			line = append(line, part...)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil && !errors.Is(err, io.EOF) {
			l.cut = err
		}
		if err != nil && len(line) == 0 && !long {
			return "", io.EOF
		}
		break
	}
	l.n++
	if long {
		return "", errTooLong
	}
	return l.text(bytes.TrimRight(line, "\r\n")), nil
}

// text turns a line into UTF-8. A crash leaves NULs behind.
func (l *lines) text(line []byte) string {
	if bytes.IndexByte(line, 0) >= 0 {
		line = bytes.ReplaceAll(line, []byte{0}, nil)
	}
	if l.decoder != nil {
		if out, err := l.decoder.Bytes(line); err == nil {
			return string(out)
		}
	}
	if !utf8.Valid(line) {
		l.foreign++
		return strings.ToValidUTF8(string(line), "\uFFFD")
	}
	return string(line)
}

// split takes a line of CSV apart. Exports of databases escape quotes by doubling or by a backslash, and write \N for
// NULL; encoding/csv knows only the former, and one stray quote would have it swallow the rest of the file. It returns
// false where a quote is still open at the end of the line.
func split(line string, comma byte, fields []string) ([]string, bool) {
	fields = fields[:0]
	for {
		field, rest, more, ok := firstField(line, comma)
		if !ok {
			return nil, false
		}
		if field == `\N` || field == "NULL" {
			field = ""
		}
		fields = append(fields, field)
		if !more {
			return fields, true
		}
		line = rest
	}
}

func firstField(line string, comma byte) (field, rest string, more, ok bool) {
	if line == "" || line[0] != '"' {
		field, rest, more = strings.Cut(line, string(comma))
		return field, rest, more, true
	}
	var b strings.Builder
	for i := 1; i < len(line); i++ {
		switch c := line[i]; {
		case c == '\\' && i+1 < len(line) && (line[i+1] == '"' || line[i+1] == '\\') && !closes(line[i+1:], comma):
			i++
			b.WriteByte(line[i])
		case c != '"':
			b.WriteByte(c)
		case i+1 < len(line) && line[i+1] == '"':
			i++
			b.WriteByte('"')
		case i+1 == len(line):
			return b.String(), "", false, true
		case line[i+1] == comma:
			return b.String(), line[i+2:], true, true
		default: // a quote that nobody escaped
			b.WriteByte('"')
		}
	}
	return "", "", false, false
}

// closes tells a quote that ends a field from one that a backslash escapes: Windows paths end in a backslash too.
func closes(s string, comma byte) bool {
	return s[0] == '"' && (len(s) == 1 || s[1] == comma && len(s) > 2 && s[2] == '"')
}
