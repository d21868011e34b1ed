package wire

//go:generate go run ./gen -dir .

// EventName returns the event's name as Asterisk writes it, the agent's own events under "Callweave.", and "" for an
// identifier this build does not know.
func EventName(id EventID) string {
	if int(id) < len(eventNames) {
		return eventNames[id]
	}
	switch id {
	case AgentConnected:
		return "Callweave.Connected"
	case AgentDisconnected:
		return "Callweave.Disconnected"
	case AgentSnapshotBegin:
		return "Callweave.SnapshotBegin"
	case AgentSnapshotEnd:
		return "Callweave.SnapshotEnd"
	case AgentClock:
		return "Callweave.Clock"
	case AgentGap:
		return "Callweave.Gap"
	case AgentClockStep:
		return "Callweave.ClockStep"
	case AgentNotUnderstood:
		return "Callweave.NotUnderstood"
	case AgentResponse:
		return "Callweave.Response"
	}
	return ""
}

// FieldName returns the field's name, as EventName does.
func FieldName(id FieldID) string {
	if int(id) < len(fieldNames) {
		return fieldNames[id]
	}
	switch id {
	case AgentFieldAddress:
		return "Callweave.Address"
	case AgentFieldBanner:
		return "Callweave.Banner"
	case AgentFieldReason:
		return "Callweave.Reason"
	case AgentFieldActionPrefix:
		return "Callweave.ActionPrefix"
	case AgentFieldRefused:
		return "Callweave.Refused"
	case AgentFieldOffset:
		return "Callweave.Offset"
	case AgentFieldRTT:
		return "Callweave.RTT"
	case AgentFieldFirst:
		return "Callweave.First"
	case AgentFieldLast:
		return "Callweave.Last"
	case AgentFieldFrom:
		return "Callweave.From"
	case AgentFieldTo:
		return "Callweave.To"
	case AgentFieldCount:
		return "Callweave.Count"
	case AgentFieldRaw:
		return "Callweave.Raw"
	}
	return ""
}

// EventNames returns the names of Asterisk's events by their identifier, the first (zero) empty. It is not to be changed.
func EventNames() []string { return eventNames[:] }

// FieldNames returns the names of Asterisk's fields by their identifier, the first (zero) empty. It is not to be
// changed: it is there for readers that compare a name with the one they expect.
func FieldNames() []string { return fieldNames[:] }

// LookupEvent finds an event of Asterisk's by name, in any case. It never returns one of the agent's own, so that a PBX
// cannot speak in the agent's name. It returns zero for a name it does not know, and allocates nothing.
func LookupEvent(name []byte) EventID {
	var lower [longestEventName]byte
	if len(name) > len(lower) {
		return 0
	}
	return eventOf(toLower(lower[:], name))
}

// LookupField finds a field by name, as LookupEvent does.
func LookupField(name []byte) FieldID {
	var lower [longestFieldName]byte
	if len(name) > len(lower) {
		return 0
	}
	return fieldOf(toLower(lower[:], name))
}

func toLower(dst, src []byte) []byte {
	for i, c := range src {
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		dst[i] = c
	}
	return dst[:len(src)]
}
