package amitext

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"strings"

	"github.com/callweave/callweave/shared/wire"
)

// Asterisk sends the fields of an event in the same order every time. So the reader remembers for each event which
// field stood where, compares the next line with that one name and is right in nearly all cases. A field that repeats,
// as channel variables do, takes one place however often it comes. A wrong guess costs a search for the colon and a
// look-up, never a wrong result.
type guess struct {
	names  []string             // of fields, with the colon behind
	rows   []*row               // one for every event, then that of a response and that of the first line; made when first needed
	events [1 << 8]wire.EventID // by a hash of the name
}

// row is what was seen last in an event: which field stood at which place.
type row [rowPlaces]struct {
	name string // with the colon
	id   wire.FieldID
}

const (
	rowPlaces = 64
	rowReach  = 8 // how far ahead a field is looked for that stands later than it did
)

func newGuess() guess {
	names := wire.FieldNames()
	all := strings.Join(names, ":") + ":"
	g := guess{names: make([]string, len(names)), rows: make([]*row, len(wire.EventNames())+2)}
	for i, name := range names {
		g.names[i], all = all[:len(name)+1], all[len(name)+1:]
	}
	return g
}

// row returns the places of an event. Those of an event without a number are at zero.
func (g *guess) row(ev wire.EventID) *row {
	n := int(ev)
	if ev >= wire.AgentConnected {
		n = len(g.rows) - 2
	}
	return g.made(n)
}

// first returns the places of a packet whose kind is not known yet.
func (g *guess) first() *row { return g.made(len(g.rows) - 1) }

func (g *guess) made(n int) *row {
	if g.rows[n] == nil {
		g.rows[n] = new(row)
	}
	return g.rows[n]
}

// learn notes that field id stands at place at, unless it is known to stand a little later. It returns its place.
func (g *guess) learn(w *row, at int, id wire.FieldID) int {
	for i := at; i < min(at+rowReach, len(w)); i++ {
		if w[i].id == id {
			return i
		}
	}
	if at < len(w) {
		w[at].id, w[at].name = id, g.names[id]
	}
	return at
}

// parse goes through the lines from pos on. It returns true when the packet is complete, and false when there are no
// more complete lines; then it can be called again when there are.
func (r *Reader) parse(ev *wire.Event) bool {
	for {
		switch {
		case r.packet.output.on:
			return r.parseOutput(ev)
		case r.packet.kind != kindUnknown || r.parseName(ev):
			r.parseKnown(ev)
		}
		if b := r.buf[r.pos:r.end]; len(b) > 1 && b[0] == '\r' && b[1] == '\n' {
			r.pos += 2
			r.finish(ev)
			return true
		}
		switch r.parseLine(ev) {
		case lineMissing:
			return false
		case lineEmpty:
			r.finish(ev)
			return true
		case lineOutput:
			r.packet.output.on = true
		case lineTaken:
		}
	}
}

// parseName takes the line that nearly every packet begins with, "Event: name".
func (r *Reader) parseName(ev *wire.Event) bool {
	const head = "Event: "
	b := r.buf[r.pos:r.end]
	if len(b) <= len(head) || string(b[:len(head)]) != head {
		return false
	}
	n := bytes.IndexByte(b[len(head):min(len(b), 100)], '\n')
	if n <= 1 || b[len(head)+n-1] != '\r' {
		return false
	}
	r.pos += len(head) + n + 1
	r.named(ev, text(b[len(head):len(head)+n-1]))
	return true
}

// parseKnown takes lines as long as each is what was guessed and is nothing special. It is where the time goes: nothing
// is called here but the searches through the bytes, and short values are searched eight bytes at a time in place.
func (r *Reader) parseKnown(ev *wire.Event) {
	buf, guessed := r.buf[:r.end], r.packet.row
	pos, place, fields := r.pos, r.packet.place, ev.Fields
	last, lastName := r.packet.last, r.names[r.packet.last]
	for room := min(cap(fields), r.limits.Fields); place < rowPlaces && len(fields) < room; {
		line := buf[pos:]
		id, name, behind := guessed[place].id, guessed[place].name, place+1
		if len(line) <= len(name) || string(line[:len(name)]) != name || id == 0 {
			id, name, behind = last, lastName, place
			if len(line) <= len(name) || string(line[:len(name)]) != name || id == 0 {
				break
			}
		}
		value := line[len(name):]
		end := 0
		if len(value) > 16 {
			if hit := newlineIn(value); hit != 0 {
				end = bits.TrailingZeros64(hit) >> 3
			} else if hit := newlineIn(value[8:]); hit != 0 {
				end = 8 + bits.TrailingZeros64(hit)>>3
			}
		}
		if end == 0 {
			end = bytes.IndexByte(value, '\n')
		}
		if end < 0 || len(name)+end > r.limits.Line {
			break
		}
		pos += len(name) + end + 1
		place, last, lastName = behind, id, name
		fields = fields[:len(fields)+1]
		f := &fields[len(fields)-1]
		f.ID = id
		f.Name = ""
		f.Value = valueOf(value[:end])
	}
	ev.Fields, r.pos, r.packet.place, r.packet.last = fields, pos, place, last
}

// newlineIn marks the bytes among the first eight of b that are line feeds, the first of them exactly.
func newlineIn(b []byte) uint64 {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	x := binary.LittleEndian.Uint64(b) ^ ones*'\n'
	return (x - ones) &^ x & tops
}

// valueOf takes the carriage return and the one space off that belong to the line.
func valueOf(b []byte) string {
	if n := len(b); n > 0 && b[n-1] == '\r' {
		b = b[:n-1]
	}
	if len(b) > 0 && b[0] == ' ' {
		b = b[1:]
	}
	return text(b)
}

type lineResult uint8

const (
	lineMissing lineResult = iota // there is no complete line
	lineEmpty                     // the packet's end
	lineTaken
	lineOutput // a command's raw output follows
)

// parseLine takes the line at pos the long way. It is for what the guess does not cover.
func (r *Reader) parseLine(ev *wire.Event) lineResult {
	from := max(r.pos, r.scanned)
	i := bytes.IndexByte(r.buf[from:r.end], '\n')
	if i < 0 {
		r.scanned = r.end
		return lineMissing
	}
	line := r.buf[r.pos : from+i]
	r.pos = from + i + 1
	r.scanned = r.pos
	if n := len(line); n > 0 && line[n-1] == '\r' {
		line = line[:n-1]
	}
	if len(line) == 0 {
		return lineEmpty
	}
	if len(line) > r.limits.Line {
		line = line[:r.limits.Line]
		r.hit(ReasonLineTooLong, line)
	}
	colon := bytes.IndexByte(line, ':')
	if colon < 0 {
		if r.packet.raw == "" {
			r.packet.raw = text(line)
		}
		return lineTaken
	}
	return r.take(ev, line[:colon], valueOf(line[colon+1:]))
}

func (r *Reader) hit(limit string, line []byte) {
	if r.packet.cut == "" {
		r.packet.cut = limit
		r.keepRaw(line)
	}
}

// take adds a field to the event, or the event's name or time.
func (r *Reader) take(ev *wire.Event, key []byte, value string) lineResult {
	id := r.fieldID(key)
	switch {
	case id == wire.FEvent && r.packet.kind == kindUnknown && value != "":
		r.named(ev, value)
		return lineTaken
	case id == wire.FResponse && r.packet.kind == kindUnknown:
		r.packet.kind = kindResponse
		ev.ID = wire.AgentResponse
		ev.Fields = append(ev.Fields, wire.Field{ID: id, Value: value})
		r.packet.row, r.packet.place = r.row(ev.ID), 0
		if strings.EqualFold(value, "Follows") && !r.packet.output.ended {
			return lineOutput
		}
		return lineTaken
	case id == wire.FTimestamp && ev.PBXTime == 0:
		var exact bool
		ev.PBXTime, exact = microseconds(value)
		if exact && r.packet.kind == kindEvent {
			return lineTaken
		}
	}
	if len(ev.Fields) >= r.limits.Fields {
		r.hit(ReasonTooManyFields, key)
		return lineTaken
	}
	f := wire.Field{ID: id, Value: value}
	if id == 0 {
		f.Name = text(key)
		r.counts.UnknownFields++
	} else {
		r.learn(id)
	}
	ev.Fields = append(ev.Fields, f)
	return lineTaken
}

// learn notes where the field stands. One whose line the fast way must not take is not noted, nor is one that repeats.
func (r *Reader) learn(id wire.FieldID) {
	p := &r.packet
	if id == wire.FEvent || id == wire.FResponse || id == wire.FTimestamp || id == p.last {
		return
	}
	p.place = r.guess.learn(p.row, p.place, id) + 1
	p.last = id
}

func (r *Reader) fieldID(key []byte) wire.FieldID {
	switch string(key) {
	case "Event":
		return wire.FEvent
	case "Timestamp":
		return wire.FTimestamp
	}
	return wire.LookupField(key)
}

// named sets the event's identifier, or its name where it has none.
func (r *Reader) named(ev *wire.Event, name string) {
	r.packet.kind = kindEvent
	defer func() { r.packet.row, r.packet.place = r.row(ev.ID), 0 }()
	slot := &r.events[nameHash(name)]
	if *slot != 0 && wire.EventName(*slot) == name {
		ev.ID = *slot
		return
	}
	ev.ID = wire.LookupEvent([]byte(name))
	if ev.ID == 0 {
		ev.Name = name
		r.counts.UnknownEvents++
		return
	}
	*slot = ev.ID
}

func nameHash(s string) byte {
	if s == "" {
		return 0
	}
	return byte(len(s))*13 + s[0]*31 + s[len(s)-1]*7 + s[len(s)/2]
}

// microseconds reads Asterisk's time, seconds and six decimals. It tells whether the text says just that, so that
// nothing is lost when only the number is kept; a time it cannot read is zero.
func microseconds(s string) (us int64, exact bool) {
	whole, part, _ := strings.Cut(s, ".")
	if whole == "" || len(whole) > 11 || len(part) > 6 {
		return 0, false
	}
	digits := func(s string) bool {
		for i := range len(s) {
			if s[i] < '0' || s[i] > '9' {
				return false
			}
			us = us*10 + int64(s[i]-'0')
		}
		return true
	}
	if !digits(whole) || !digits(part) {
		return 0, false
	}
	for range 6 - len(part) {
		us *= 10
	}
	return us, len(part) == 6 && whole[0] != '0'
}
