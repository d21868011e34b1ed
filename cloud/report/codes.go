package report

// Codes of package call, which this package does not import: it would bring decoders into the browser. A test holds them
// together.
const (
	dirInbound  uint8 = 1
	dirOutbound uint8 = 2
	dirInternal uint8 = 3

	dispAnswered uint8 = 1

	resAnswered    uint8 = 1
	resAbandoned   uint8 = 2
	resTimeout     uint8 = 3
	resLeaveEmpty  uint8 = 4
	resJoinEmpty   uint8 = 5
	resTransferred uint8 = 6
	resOther       uint8 = 7
	resCancelled   uint8 = 8
	resNoAnswer    uint8 = 9
	resBusy        uint8 = 10
	resDeclined    uint8 = 11
	resRedirected  uint8 = 12
	resFailed      uint8 = 13
	resCompleted   uint8 = 14

	stateLoggedIn    uint8 = 1
	statePaused      uint8 = 2
	stateWrapUp      uint8 = 4
	stateRinging     uint8 = 5
	stateBusy        uint8 = 6
	stateHold        uint8 = 7
	stateIdle        uint8 = 8
	stateUnreachable uint8 = 9
)

var (
	directionNames   = []string{"", "inbound", "outbound", "internal"}
	dispositionNames = []string{"", "answered", "abandoned", "timeout", "join_empty", "leave_empty", "voicemail", "no_answer", "busy", "rejected", "failed"}
	partyNames       = []string{"", "caller", "callee", "pbx"}
	resultNames      = []string{
		"", "answered", "abandoned", "timeout", "leave_empty", "join_empty", "transferred", "other", "cancelled", "no_answer", "busy", "declined",
		"redirected", "failed", "completed", "retrieved",
	}
	transferNames = []string{"", "blind", "attended"}
)

// NamesOfCodes are the words of a coded dimension, by code: direction, disposition, result, kind. Labels of keys are these.
func NamesOfCodes(dimension string) []string {
	switch dimension {
	case ByDirection:
		return directionNames
	case ByDisposition:
		return dispositionNames
	case ByResult:
		return resultNames
	case ByKind:
		return transferNames
	}
	return nil
}

func nameOf(names []string, code uint8) string {
	if int(code) < len(names) {
		return names[code]
	}
	return ""
}
