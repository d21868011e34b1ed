package wire

// Events the agent itself puts into the stream, so that whoever reads the stream later knows what it may conclude from
// silence. Their identifiers lie above all of Asterisk's.
const (
	// AgentConnected: the AMI connection stands and is logged in. Fields: AgentFieldAddress, AgentFieldBanner.
	AgentConnected EventID = 0xF000 + iota
	// AgentDisconnected: it is gone. Fields: AgentFieldReason.
	AgentDisconnected
	// AgentSnapshotBegin: the answers to the snapshot actions follow, mixed with live events. They carry the ActionIDs
	// that begin with AgentFieldActionPrefix.
	AgentSnapshotBegin
	// AgentSnapshotEnd: every snapshot action is answered, refused or timed out. Fields: AgentFieldActionPrefix,
	// AgentFieldRefused (comma list of actions that got an error).
	AgentSnapshotEnd
	// AgentClock: PBX clock minus agent clock in µs (AgentFieldOffset), by a Ping of AgentFieldRTT µs.
	AgentClock
	// AgentGap: events were lost before they could be stored. AgentFieldFirst..AgentFieldLast are their sequence
	// numbers, AgentFieldFrom..AgentFieldTo their time (ns), AgentFieldReason one of spool-full, spool-age, damaged, cut.
	AgentGap
	// AgentClockStep: the agent's own wall clock jumped by AgentFieldOffset µs against its monotonic clock.
	AgentClockStep
	// AgentNotUnderstood: AgentFieldCount packets or lines were kept as raw text or cut (AgentFieldReason).
	AgentNotUnderstood
	// AgentResponse: a Response packet of AMI (Response: Success…), fields as sent.
	AgentResponse
)

// Fields of the agent's own events.
const (
	AgentFieldAddress FieldID = 0xF000 + iota
	AgentFieldBanner
	AgentFieldReason
	AgentFieldActionPrefix
	AgentFieldRefused
	AgentFieldOffset
	AgentFieldRTT
	AgentFieldFirst
	AgentFieldLast
	AgentFieldFrom
	AgentFieldTo
	AgentFieldCount
	AgentFieldRaw // bytes that were no AMI packet, at most 4 KiB of them
)
