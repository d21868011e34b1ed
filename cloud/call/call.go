package call

import "time"

// ID identifies a call within its tenant: a UUIDv8 derived from the PBX, boot and uniqueid of its first channel, so that
// the same events always give the same id.
type ID [16]byte

// Direction of a call, seen from the tenant.
type Direction uint8

// The directions.
const (
	DirectionUnknown Direction = iota
	Inbound
	Outbound
	Internal
)

// Disposition is how a call ended for the one who began it.
type Disposition uint8

// The dispositions of the call contract.
const (
	DispositionUnknown Disposition = iota
	Answered
	Abandoned
	Timeout
	JoinEmpty
	LeaveEmpty
	Voicemail
	NoAnswer
	Busy
	Rejected
	Failed
)

// Party is who ended a call.
type Party uint8

// The parties.
const (
	PartyUnknown Party = iota
	Caller
	Callee
	PBXItself
)

// Result of a queue visit, a ring, a transfer or a parking. Which values occur where is told at the field.
type Result uint8

// The results.
const (
	ResultUnknown Result = iota
	ResultAnswered
	ResultAbandoned
	ResultTimeout
	ResultLeaveEmpty
	ResultJoinEmpty
	ResultTransferred
	ResultOther
	ResultCancelled
	ResultNoAnswer
	ResultBusy
	ResultDeclined
	ResultRedirected
	ResultFailed
	ResultCompleted
	ResultRetrieved
)

// LegKind says what a lane of the call's story is.
type LegKind uint8

// The kinds of legs.
const (
	LegUnknown  LegKind = iota
	LegCustomer         // the outside party
	LegOperator         // a device of ours
	LegTrunk            // our end of a trunk between PBXs
	LegService          // IVR, voicemail, conference, parking: an application of the PBX
)

// Origin says which logs of a PBX a call was made of, a bit for each; 0 is a call made of events.
type Origin uint8

// The logs.
const (
	FromQueueLog Origin = 1 << iota
	FromCEL
	FromCDR
)

// Names of the logs, in the order of their bits.
func (o Origin) Names() []string {
	var names []string
	for i, name := range [...]string{"queue_log", "cel", "cdr"} {
		if o&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return names
}

// Call is one conversation story as the outside party, or for an internal call the caller, lived it. Times are UTC,
// corrected by the PBX's measured clock skew; the zero time means "not (yet)". Names of operators, queues and numbers
// are as the PBX spells them; the directory turns them into ids.
type Call struct {
	ID          ID
	Rev         uint32 // grows with every change that is handed out
	Direction   Direction
	Disposition Disposition
	HangupBy    Party
	Open        bool
	Partial     bool   // connected in mid-call, or a gap touches it: what is missing is Estimated in the rows
	Recorded    bool   // the PBX said that it recorded a channel of it
	Imported    Origin // put by whoever reads logs; the assembler does not know where its events come from
	Caller      string
	CallerName  string
	Dialled     string
	PBXs        []string // keys of the PBXs it touched, in order
	Trunk       string   // the endpoint an outside call came in or went out by, "" for internal calls
	Start       time.Time
	Answered    time.Time // when the caller's channel was answered by anything
	End         time.Time
	Queues      []QueueVisit
	Rings       []Ring
	Talks       []Talk
	Holds       []Hold
	Transfers   []Transfer
	Parkings    []Parking
	Links       []Link
	Candidates  []Candidate
	Legs        []Leg  // channels of real parties, for the story; Local halves are none
	IVR         []Step // what the dialplan played or asked before a person answered
	Channels    []ChannelRef
	Supersedes  []ID // calls handed out earlier that turned out to be part of this one
}

// QueueVisit is one stay in one queue. Result: answered, abandoned, timeout, leave_empty, join_empty, transferred, other.
type QueueVisit struct {
	PBX       string
	Queue     string
	Entered   time.Time
	Left      time.Time
	Result    Result
	Operator  string // number of the device that answered, only where answered
	Member    string // the queue's name for it (MemberName)
	Position  int
	Estimated bool
}

// Ring is one ringing of one real device. Result: answered, cancelled (also answered elsewhere), no_answer, busy,
// declined, redirected, failed.
type Ring struct {
	PBX       string
	Operator  string
	Queue     string // "" outside queues
	At        time.Time
	End       time.Time
	Result    Result
	Estimated bool
}

// Talk is an interval in which two real parties could speak, without hold. With is "customer", another of ours by
// number, or "conference:NAME". To is the zero time while it goes on.
type Talk struct {
	PBX       string
	Operator  string
	Queue     string
	With      string
	From, To  time.Time
	Consult   bool // between two of ours while one of them has another party on hold
	Estimated bool
}

// Hold is an interval in which By had the other side on hold.
type Hold struct {
	PBX       string
	By        string
	From, To  time.Time
	Estimated bool
}

// Transfer is one attempt to hand the call on. Kind is blind or attended. Result: completed, abandoned, no_answer, failed.
type Transfer struct {
	PBX    string
	Kind   string
	By, To string
	At     time.Time
	Result Result

	Estimated bool // nobody heard when it was begun
}

// Parking is one stay in a parking lot. Result: retrieved, timeout (given back to who parked), abandoned, other.
type Parking struct {
	PBX       string
	Space     string
	By        string // who parked
	From, To  time.Time
	Result    Result
	Retriever string // who fetched it, only where retrieved
	Estimated bool
}

// Link joins two PBXs of one call. Confidence is certain or likely. Kind is header, call-id or numbers; Evidence is what
// both sides showed: the reference, the SIP Call-ID, or the number one dialled and the other was asked for.
type Link struct {
	Kind         string
	Confidence   string
	Evidence     string
	From, To     string
	FromUniqueid string    // of the leg that left
	ToUniqueid   string    // of the leg that came in
	At           time.Time // when the call left
}

// Candidate is a call at another PBX that may be the other half of this one. Where it is not clear which of several it
// is, none is taken: a wrong link is worse than none.
type Candidate struct {
	Call         ID        // the other one
	Evidence     string    // the number one side dialled and the other was asked for
	From, To     string    // the PBX it would have left and the one it would have come to
	FromUniqueid string    // of the leg that left
	ToUniqueid   string    // of the leg that came in
	At           time.Time // when it would have left
}

// Leg is the presence of one real party: a lane of the story.
type Leg struct {
	PBX       string
	Kind      LegKind
	Number    string // the party as a number or name
	Endpoint  string // PJSIP/101, PJSIP/carrier
	Uniqueid  string
	Start     time.Time
	Answered  time.Time
	End       time.Time
	Cause     int // Asterisk's hangup cause
	Estimated bool

	Attributes    []Attribute // by name; see attributes.go for which
	AttributesCut bool        // there were more, or longer ones
}

// Step is one stay in an application (Playback, Background, Read, VoiceMail, ConfBridge, Park…).
type Step struct {
	PBX         string
	Application string
	Data        string
	From, To    time.Time
}

// ChannelRef names a channel of the call, technical ones included, so that raw events can be found.
type ChannelRef struct {
	PBX      string
	Uniqueid string
	Linkedid string
	Name     string
}
