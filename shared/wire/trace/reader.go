package trace

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// Kind says what a record is.
type Kind byte

// Kinds of records, by the mark that begins them.
const (
	Received Kind = '@'
	Sent     Kind = '>'
	Note     Kind = '#'
)

// Record is one part of a recording.
type Record struct {
	Kind Kind
	At   int64  // ns since 1970
	Data []byte // the packet, or the text of the note; valid until the next call
}

// maxRecord bounds a packet. The reader of live streams keeps far less of one.
const maxRecord = 64 << 20

var (
	// ErrNoTrace says that the input is not a recording.
	ErrNoTrace = errors.New("not a recording of AMI")
	// ErrTooLarge says that a record is larger than any packet can be.
	ErrTooLarge = errors.New("record is too large")
)

// Reader reads the records of a recording.
type Reader struct {
	src    *bufio.Reader
	mark   []byte // the mark line of the next record
	data   []byte
	opened bool
}

// NewReader reads a recording from r, compressed or not.
func NewReader(r io.Reader) *Reader { return &Reader{src: bufio.NewReaderSize(r, 64<<10)} }

// Next returns the next record. The errors are io.EOF after the last, ErrNoTrace, ErrTooLarge and those of the source;
// a record that the end of the source cuts short is returned as it is.
func (r *Reader) Next() (Record, error) {
	if !r.opened {
		if err := r.open(); err != nil {
			return Record{}, err
		}
	}
	if r.mark == nil {
		return Record{}, io.EOF
	}
	kind, at, text, _ := parseMark(r.mark)
	rec := Record{Kind: kind, At: at}
	r.data = append(r.data[:0], text...)
	if err := r.body(); err != nil {
		return Record{}, err
	}
	rec.Data = r.data
	return rec, nil
}

// open looks whether the source is compressed and reads the first mark.
func (r *Reader) open() error {
	r.opened = true
	if head, _ := r.src.Peek(2); bytes.Equal(head, []byte{0x1F, 0x8B}) {
		z, err := gzip.NewReader(r.src)
		if err != nil {
			return fmt.Errorf("open recording: %w", err)
		}
		r.src = bufio.NewReaderSize(z, 64<<10)
	}
	line, err := r.src.ReadSlice('\n')
	if len(line) == 0 && errors.Is(err, io.EOF) {
		return io.EOF
	}
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
		return fmt.Errorf("open recording: %w", err)
	}
	if _, _, _, ok := parseMark(line); !ok {
		return fmt.Errorf("open recording: first line %.40q: %w", line, ErrNoTrace)
	}
	r.mark = bytes.Clone(line)
	return nil
}

// body appends the lines up to the next mark.
func (r *Reader) body() error {
	start := true // at the beginning of a line
	for {
		line, err := r.src.ReadSlice('\n')
		if start && err == nil || start && errors.Is(err, io.EOF) {
			if _, _, _, ok := parseMark(line); ok {
				r.mark = append(r.mark[:0], line...)
				return nil
			}
		}
		if len(r.data)+len(line) > maxRecord {
			return fmt.Errorf("read recording: %w", ErrTooLarge)
		}
		r.data = append(r.data, line...)
		start = err == nil
		switch {
		case err == nil || errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF): // a compressed recording that was cut
			r.mark = nil
			return nil
		default:
			return fmt.Errorf("read recording: %w", err)
		}
	}
}

// parseMark reads a line that begins a record. A note has its text on the same line.
func parseMark(line []byte) (Kind, int64, []byte, bool) {
	if len(line) < 3 || line[1] != ' ' {
		return 0, 0, nil, false
	}
	kind := Kind(line[0])
	rest := bytes.TrimRight(line[2:], "\r\n")
	var text []byte
	switch kind {
	case Received, Sent:
	case Note:
		rest, text, _ = bytes.Cut(rest, []byte(" "))
	default:
		return 0, 0, nil, false
	}
	at, err := strconv.ParseInt(string(rest), 10, 64)
	if err != nil || at < 0 {
		return 0, 0, nil, false
	}
	return kind, at, text, true
}
