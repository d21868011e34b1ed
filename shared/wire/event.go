package wire

// EventID names an event. The identifiers of Asterisk's events are generated (ids_gen.go) and are part of the wire
// contract: they are only added to, never renumbered. Zero is an event this build has no name for; it travels with
// its name spelt out.
type EventID uint16

// FieldID names a field of an event, in the same way. Zero is a field spelt out in [Field.Name].
type FieldID uint16

// Field is one "Key: Value" line of an event, value as the PBX sent it: C-escapes, "<unknown>" and bytes that are not
// UTF-8 included. Typed events (see [DecodeTyped]) normalise, raw fields never do.
type Field struct {
	ID    FieldID
	Name  string // the key as sent, only where ID is zero
	Value string
}

// Event is one thing a PBX, or the agent beside it, said. AMI events, responses to the agent's actions and the agent's
// own marks (connected, gap, clock: see the Agent* events) share this one shape and one sequence.
//
// The strings of an Event may share the buffer it was decoded from: whoever keeps an Event longer than the next call
// of its producer copies it with [Event.Clone].
type Event struct {
	Seq      uint64 // per agent stream, from 1, without holes
	Received int64  // ns since 1970, the agent's clock when the packet was complete
	PBXTime  int64  // µs since 1970, the PBX's own Timestamp header; 0 where it sent none
	ID       EventID
	Name     string // the event's name as sent, only where ID is zero
	Fields   []Field
}

// Get returns the first value of field id, and "" where the event has none.
func (e *Event) Get(id FieldID) string {
	for i := range e.Fields {
		if e.Fields[i].ID == id {
			return e.Fields[i].Value
		}
	}
	return ""
}

// Lookup is Get that tells an empty field from a missing one.
func (e *Event) Lookup(id FieldID) (string, bool) {
	for i := range e.Fields {
		if e.Fields[i].ID == id {
			return e.Fields[i].Value, true
		}
	}
	return "", false
}

// Clone returns a copy that shares no memory with e.
func (e *Event) Clone() *Event {
	c := *e
	c.Name = string([]byte(e.Name))
	c.Fields = make([]Field, len(e.Fields))
	n := 0
	for _, f := range e.Fields {
		n += len(f.Name) + len(f.Value)
	}
	buf := make([]byte, 0, n)
	for _, f := range e.Fields {
		buf = append(append(buf, f.Name...), f.Value...)
	}
	all := string(buf)
	for i, f := range e.Fields {
		c.Fields[i] = Field{ID: f.ID, Name: all[:len(f.Name)], Value: all[len(f.Name) : len(f.Name)+len(f.Value)]}
		all = all[len(f.Name)+len(f.Value):]
	}
	return &c
}
