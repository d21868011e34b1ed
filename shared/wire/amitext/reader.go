package amitext

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unsafe"

	"github.com/callweave/callweave/shared/wire"
)

// Limits bound what a PBX can make the reader keep. The zero value of a limit means its default.
type Limits struct {
	Line   int // bytes of one line, its end not counted; the rest is cut off. Default 256 KiB
	Packet int // bytes of one packet; the rest is skipped. Default 1 MiB
	Fields int // fields of one event; the rest is dropped. Default 2,048
}

func (l Limits) withDefaults() Limits {
	if l.Line <= 0 {
		l.Line = 256 << 10
	}
	if l.Packet <= 0 {
		l.Packet = 1 << 20
	}
	if l.Fields <= 0 {
		l.Fields = 2048
	}
	return l
}

// Why something was not understood: AgentFieldReason of an AgentNotUnderstood event, and the counters of the reader.
const (
	ReasonNoPacket      = "no-packet"       // lines that name neither an event nor a response
	ReasonNoField       = "no-field"        // a line without a colon inside a packet
	ReasonLineTooLong   = "line-too-long"   // cut at Limits.Line
	ReasonPacketTooLong = "packet-too-long" // the rest of the packet was skipped
	ReasonTooManyFields = "too-many-fields" // the rest of the fields were dropped
	ReasonTruncated     = "truncated"       // the stream ended inside a packet
)

// maxRaw bounds the raw bytes an AgentNotUnderstood event carries.
const maxRaw = 4 << 10

// maxBanner bounds the greeting. Asterisk's has 30 bytes.
const maxBanner = 1 << 10

// firstBuffer is the buffer a reader begins with; one larger packet makes it grow to at most twice Limits.Packet.
const firstBuffer = 64 << 10

// ErrNoBanner says that what came first is not the one line of greeting of an AMI server.
var ErrNoBanner = errors.New("no greeting of an Asterisk manager interface")

// Counters say how much was read and what was not understood.
type Counters struct {
	Bytes         uint64 // of complete packets
	Packets       uint64
	NotUnderstood uint64 // packets and lines kept raw, cut or dropped
	UnknownEvents uint64 // events whose name this build has no number for
	UnknownFields uint64
}

// Reader reads AMI packets. It is liberal in what it takes: line ends are CRLF or LF, empty lines more than one, keys in
// any case and any number of times, values of any bytes. It never fails on content. After its buffer has grown to the
// largest packet it allocates nothing. It is not for use by several goroutines at once.
type Reader struct {
	src    io.Reader
	limits Limits
	counts Counters

	// buf[start:pos] are the lines of the current packet that are parsed already, buf[pos:scanned] has no line end,
	// buf[scanned:end] is yet to be looked at. Fields point into buf, so it is never moved under a packet: see fill.
	buf                      []byte
	start, pos, scanned, end int
	packet                   packet

	skipping bool     // inside a packet that was cut by a limit
	cause    []string // what to say about the packet before, one AgentNotUnderstood each
	raw      [maxRaw]byte
	rawLen   int

	guess
}

// packet is what is known of the packet that is being parsed.
type packet struct {
	begun  bool
	kind   kind
	row    *row         // what is guessed to come: see guess
	place  int          // of the next field in row
	last   wire.FieldID // the field before
	raw    string       // first line that is no field
	output output
	cut    string // the limit that was hit
}

type kind uint8

const (
	kindUnknown kind = iota
	kindEvent
	kindResponse
)

// NewReader reads packets from src.
func NewReader(src io.Reader) *Reader { return NewReaderLimits(src, Limits{}) }

// NewReaderLimits is NewReader with limits of your own.
func NewReaderLimits(src io.Reader, limits Limits) *Reader {
	return &Reader{src: src, limits: limits.withDefaults(), buf: make([]byte, firstBuffer), guess: newGuess()}
}

// Reset makes r read another stream from its beginning, as after a reconnect. Counters go on.
func (r *Reader) Reset(src io.Reader) {
	r.src = src
	r.start, r.pos, r.scanned, r.end = 0, 0, 0, 0
	r.packet, r.skipping, r.cause = packet{}, false, r.cause[:0]
}

// Counters returns what was counted so far.
func (r *Reader) Counters() Counters { return r.counts }

// Banner reads the greeting, the one line a server sends before anything else. What else came is returned with
// ErrNoBanner.
func (r *Reader) Banner() (string, error) {
	for {
		if i := bytes.IndexByte(r.buf[r.pos:min(r.end, r.pos+maxBanner)], '\n'); i >= 0 {
			line := strings.TrimRight(string(r.buf[r.pos:r.pos+i]), "\r")
			if !strings.HasPrefix(line, "Asterisk Call Manager") {
				return line, ErrNoBanner
			}
			r.pos += i + 1
			r.start, r.scanned = r.pos, r.pos
			return line, nil
		}
		if r.end-r.pos >= maxBanner {
			return string(r.buf[r.pos : r.pos+maxBanner]), ErrNoBanner
		}
		if err := r.fill(); err != nil {
			return string(r.buf[r.pos:r.end]), fmt.Errorf("read greeting: %w", err)
		}
	}
}

// Next reads the next packet into ev: ID, Name, Fields and PBXTime. A packet that answers an action has ID
// wire.AgentResponse; what is no packet becomes wire.AgentNotUnderstood, after the event it belonged to. The strings of
// ev share the reader's buffer and are valid until the next call. The errors are those of the source; after one that
// is temporary Next may be called again, with the same ev, and goes on where it was.
func (r *Reader) Next(ev *wire.Event) error {
	if len(r.cause) > 0 {
		r.complain(ev)
		return nil
	}
	for {
		if r.skipping && !r.skip() {
			if err := r.fill(); err != nil {
				return err
			}
			continue
		}
		if !r.packet.begun && !r.begin(ev) {
			if err := r.fill(); err != nil {
				return err
			}
			continue
		}
		if r.parse(ev) {
			return nil
		}
		if r.end-r.start >= r.limits.Packet {
			r.overflow(ev)
			return nil
		}
		if err := r.fill(); err != nil {
			if errors.Is(err, io.EOF) && r.end > r.start {
				r.truncated(ev)
				return nil
			}
			return err
		}
	}
}

// begin skips empty lines and starts a packet. It returns false where there is nothing to begin with.
func (r *Reader) begin(ev *wire.Event) bool {
	p := r.pos
	for p < r.end && (r.buf[p] == '\n' || r.buf[p] == '\r' && p+1 < r.end && r.buf[p+1] == '\n') {
		p++
	}
	r.start, r.pos, r.scanned = p, p, p
	if p == r.end || p+1 == r.end && r.buf[p] == '\r' {
		return false
	}
	r.restart(ev)
	return true
}

// restart begins the packet at start again, from its first line.
func (r *Reader) restart(ev *wire.Event) {
	ev.ID, ev.Name, ev.PBXTime, ev.Fields = 0, "", 0, ev.Fields[:0]
	r.packet = packet{begun: true, row: r.first()}
	r.pos, r.scanned = r.start, r.start
}

// fill reads more bytes behind end. Where there is no room it moves the packet to the front of the buffer, or to one of
// twice the size if it fills half of it. Both happen once in as many bytes as they cost, so that a PBX that sends a
// large packet byte by byte causes no more work than one that sends it at once. A moved packet is parsed again.
func (r *Reader) fill() error {
	if r.start == r.end {
		r.start, r.pos, r.scanned, r.end = 0, 0, 0, 0
	}
	if r.end == len(r.buf) {
		to := r.buf
		if n := r.end - r.start; n > len(r.buf)/2 {
			to = make([]byte, 2*len(r.buf))
		}
		r.end = copy(to, r.buf[r.start:r.end])
		r.buf, r.start, r.pos, r.scanned = to, 0, 0, 0
		r.packet.begun = false
	}
	for range 100 {
		n, err := r.src.Read(r.buf[r.end:])
		r.end += n
		if n > 0 {
			return nil // an error that came with bytes comes again
		}
		if err != nil {
			return err
		}
	}
	return io.ErrNoProgress
}

// finish ends the packet at pos, which is behind its empty line.
func (r *Reader) finish(ev *wire.Event) {
	p := &r.packet
	switch {
	case p.kind == kindUnknown:
		r.keepRaw(r.buf[r.start:r.pos])
		r.cause = append(r.cause, ReasonNoPacket)
	case p.raw != "":
		r.keepRaw([]byte(p.raw))
		r.cause = append(r.cause, ReasonNoField)
	}
	if p.cut != "" {
		r.cause = append(r.cause, p.cut)
	}
	r.counts.Bytes += uint64(r.pos - r.start)
	r.counts.Packets++
	p.begun = false
	r.start, r.scanned = r.pos, r.pos
	if p.kind == kindUnknown {
		r.complain(ev)
	}
}

// overflow ends a packet that reached its limit: what is complete is the event, the rest is skipped.
func (r *Reader) overflow(ev *wire.Event) {
	r.keepRaw(r.buf[r.start:r.end])
	r.cause = append(r.cause, ReasonPacketTooLong)
	r.counts.Bytes += uint64(r.pos - r.start)
	r.counts.Packets++
	r.packet.begun = false
	r.skipping = true
	r.scanned = max(r.scanned, r.pos)
	r.start = r.pos // skip looks at the incomplete line too: it cannot be the empty one
	if r.packet.kind == kindUnknown {
		r.complain(ev)
	}
}

// skip moves behind the empty line that ends a skipped packet. It returns false where that has not come yet.
func (r *Reader) skip() bool {
	for {
		i := bytes.IndexByte(r.buf[r.scanned:r.end], '\n')
		if i < 0 {
			r.dropSkipped()
			return false
		}
		line := r.buf[r.pos : r.scanned+i]
		r.scanned += i + 1
		r.pos, r.start = r.scanned, r.scanned
		if len(line) == 0 || len(line) == 1 && line[0] == '\r' {
			r.skipping = false
			return true
		}
	}
}

// dropSkipped forgets an incomplete line of a skipped packet but for two bytes: enough to tell that it is not empty.
func (r *Reader) dropSkipped() {
	if keep := r.end - 2; keep > r.pos {
		r.pos = keep
	}
	r.start, r.scanned = r.pos, r.end
}

// truncated gives what the stream ended with.
func (r *Reader) truncated(ev *wire.Event) {
	r.keepRaw(r.buf[r.start:r.end])
	r.cause = append(r.cause, ReasonTruncated)
	r.start, r.pos, r.scanned, r.packet.begun = r.end, r.end, r.end, false
	r.complain(ev)
}

func (r *Reader) keepRaw(b []byte) {
	if r.rawLen == 0 {
		r.rawLen = copy(r.raw[:], b)
	}
}

// complain makes ev say the first thing that was not understood.
func (r *Reader) complain(ev *wire.Event) {
	reason := r.cause[0]
	r.cause = r.cause[:copy(r.cause, r.cause[1:])]
	r.counts.NotUnderstood++
	ev.ID, ev.Name, ev.PBXTime = wire.AgentNotUnderstood, "", 0
	ev.Fields = append(ev.Fields[:0],
		wire.Field{ID: wire.AgentFieldReason, Value: reason},
		wire.Field{ID: wire.AgentFieldCount, Value: "1"})
	if r.rawLen > 0 {
		ev.Fields = append(ev.Fields, wire.Field{ID: wire.AgentFieldRaw, Value: text(r.raw[:r.rawLen])})
		r.rawLen = 0
	}
}

// text makes a string of b without copying it.
func text(b []byte) string {
	return unsafe.String(unsafe.SliceData(b), len(b))
}
