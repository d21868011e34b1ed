package amitext

import (
	"bytes"

	"github.com/callweave/callweave/shared/wire"
)

// Up to Asterisk 13 a command's output came as raw text, empty lines and all:
//
//	Response: Follows
//	Privilege: Command
//	ActionID: 7
//	whatever the command printed
//	--END COMMAND--
//
// It becomes fields named Output, one a line, as later versions send it.
type output struct {
	on    bool // the lines that come are headers of the response, then output
	body  bool // they are output
	ended bool // the line that closes it was seen, the empty line is yet to come
}

const endOfCommand = "--END COMMAND--"

// parseOutput takes lines as output until the closing one, then leaves the rest to parse.
func (r *Reader) parseOutput(ev *wire.Event) bool {
	out := &r.packet.output
	out.on = true
	for {
		from := max(r.pos, r.scanned)
		i := bytes.IndexByte(r.buf[from:r.end], '\n')
		if i < 0 {
			r.scanned = r.end
			return false
		}
		line := r.buf[r.pos : from+i]
		r.pos = from + i + 1
		r.scanned = r.pos
		if n := len(line); n > 0 && line[n-1] == '\r' {
			line = line[:n-1]
		}
		if !out.body && r.outputHeader(ev, line) {
			continue
		}
		out.body = true
		line, last := bytes.CutSuffix(line, []byte(endOfCommand))
		if !last || len(line) > 0 {
			r.addOutput(ev, wire.FOutput, text(line))
		}
		if last {
			*out = output{ended: true}
			return r.parse(ev)
		}
	}
}

// outputHeader takes the two headers of the response; the second, ActionID, is the last.
func (r *Reader) outputHeader(ev *wire.Event, line []byte) bool {
	key, value, _ := bytes.Cut(line, []byte(":"))
	id := wire.LookupField(key)
	if id != wire.FPrivilege && id != wire.FActionID {
		return false
	}
	r.packet.output.body = id == wire.FActionID
	r.addOutput(ev, id, valueOf(value))
	return true
}

func (r *Reader) addOutput(ev *wire.Event, id wire.FieldID, value string) {
	if len(value) > r.limits.Line {
		value = value[:r.limits.Line]
		r.hit(ReasonLineTooLong, []byte(value))
	}
	if len(ev.Fields) >= r.limits.Fields {
		r.hit(ReasonTooManyFields, []byte(value))
		return
	}
	ev.Fields = append(ev.Fields, wire.Field{ID: id, Value: value})
}
