package report

// Facts are the rows of a period, column by column; all columns of one group have the same length. Times are milliseconds
// since 1970, UTC, rounded down; 0 means never or not yet. Ids are those of the directory, 0 is none. What a viewer may not
// see is not in them.
type Facts struct {
	Texts     []string // numbers, names and reasons that columns refer to by their place; the first is ""
	Calls     Calls
	Visits    Visits
	Attempts  Attempts
	Segments  Segments
	Transfers Transfers
	Steps     Steps
	States    States
	Tags      Tags
}

// Flags of calls.
const (
	CallOpen     uint8 = 1 << iota // goes on
	CallPartial                    // part of it was not heard
	CallImported                   // comes from an imported log
	CallRecorded                   // the PBX recorded it
	CallHops                       // went over several PBXs
)

// Calls are calls by order of start. Codes are those of package call.
type Calls struct {
	Start, Answered, End             []int64
	Direction, Disposition, HangupBy []uint8
	Flags                            []uint8
	Caller, Dialled, Number          []int32    // Texts; Number is the outside party's, "" for internal calls. All "" unless the section numbers was asked for
	PBX, Trunk                       []int32    // the first PBX it touched
	Wait, Talk, Hold                 []int32    // ms: in queues, with the outside party (of internal calls: each other), on hold
	Rings, Transfers                 []int32    // counts
	IDs                              [][16]byte // nil unless asked for: only drilling down needs them
}

// Visits are stays in queues. Call is the row in Calls.
type Visits struct {
	Call, Queue, PBX, Operator []int32 // Operator: who answered
	Entered, Left              []int64
	Result                     []uint8
	Position                   []int32 // when entering, 0 unknown
	Estimated                  []bool
}

// Attempts are ringings of devices.
type Attempts struct {
	Call, Queue, PBX, Operator []int32
	Rang, Ended                []int64
	Result                     []uint8
	Estimated                  []bool
}

// Kinds of segments.
const (
	SegmentTalk uint8 = 1
	SegmentHold uint8 = 2
)

// Who a talk is with.
const (
	WithCustomer   uint8 = 1
	WithInternal   uint8 = 2 // another of ours
	WithConference uint8 = 3
	WithConsult    uint8 = 4 // another of ours while the caller is on hold
)

// Segments are talks and holds. Text is the number or conference a talk is with.
type Segments struct {
	Call, Queue, PBX, Operator []int32
	From, To                   []int64
	Kind, With                 []uint8
	Text                       []int32
	Estimated                  []bool
}

// Kinds of transfers.
const (
	TransferBlind    uint8 = 1
	TransferAttended uint8 = 2
)

// Transfers are attempts to hand a call on. By and To are numbers (Texts), ByOperator, ToOperator and ToQueue what they are.
type Transfers struct {
	Call, PBX                       []int32
	At                              []int64
	Kind, Result                    []uint8
	By, To                          []int32
	ByOperator, ToOperator, ToQueue []int32
	CrossPBX                        []bool // the call went on at another PBX
}

// Steps are what the dialplan played or asked: the menu's path. Text is the application's data, or the digits pressed.
type Steps struct {
	Call, PBX   []int32
	From, To    []int64
	Application []int32 // Texts; Digit for digits pressed
	Text        []int32
}

// States are what operators did, cut at midnights UTC: Began says that the piece is the first one of its interval. To is 0
// while it lasts. Kinds are those of package call.
type States struct {
	Operator, Queue, PBX []int32
	From, To             []int64
	Kind                 []uint8
	Reason               []int32 // Texts
	Began                []bool
	Estimated            []bool
}

// Tags are words people put on calls.
type Tags struct{ Call, Tag []int32 }
