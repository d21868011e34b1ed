package report

// Names are what facts refer to and what the administrator decided: who is who, hours, zones, policies. The server writes
// them as JSON, for a viewer without what the viewer may not see.
type Names struct {
	Zone      string             `json:"zone"`  // the tenant's
	Zones     map[string][]Shift `json:"zones"` // by IANA name: of the tenant, of queues, and what was asked for
	Queues    []Queue            `json:"queues"`
	Operators []Operator         `json:"operators"` // devices
	People    []Person           `json:"people"`
	Bindings  []Binding          `json:"bindings"` // whose a device is when
	Groups    []Group            `json:"groups"`
	PBXs      []PBX              `json:"pbxs"`
	Stations  []Named            `json:"stations"`
	Trunks    []Trunk            `json:"trunks"`
	DIDs      []DID              `json:"dids"`
	Tags      []Named            `json:"tags"`
	Reasons   []Reason           `json:"reasons"` // of pauses
	Policies  []Policy           `json:"policies"`
	Calendars []Calendar         `json:"calendars"`
	Shifts    []Roster           `json:"shifts"`   // scheduled work, for adherence
	Prefixes  []Prefix           `json:"prefixes"` // areas by the beginning of a number
	Coverage  []Heard            `json:"coverage"`
}

// Shift is a change of a zone's offset from UTC: from At (ms) on it is Offset seconds. The first is before all facts.
type Shift struct {
	At     int64 `json:"at"`
	Offset int32 `json:"offset"`
}

// Named is an id and its name.
type Named struct {
	ID   int32  `json:"id"`
	Name string `json:"name"`
}

// Queue is a queue. Zone "" is the tenant's; Calendar 0 is: always open.
type Queue struct {
	ID       int32  `json:"id"`
	Name     string `json:"name"`
	Number   string `json:"number"`
	Station  int32  `json:"station"`
	Zone     string `json:"zone"`
	Calendar int32  `json:"calendar"`
}

// Operator is a device.
type Operator struct {
	ID      int32  `json:"id"`
	Name    string `json:"name"`
	Number  string `json:"number"`
	Station int32  `json:"station"`
}

// Person is somebody who works at devices.
type Person struct {
	ID   int32  `json:"id"`
	Name string `json:"name"`
}

// Binding says whose a device is, from From to To (ms; 0: until further notice).
type Binding struct {
	Person   int32 `json:"person"`
	Operator int32 `json:"operator"`
	From     int64 `json:"from"`
	To       int64 `json:"to"`
}

// Group is queues, or people and devices, that are looked at together. Nobody needs to be in just one.
type Group struct {
	ID        int32   `json:"id"`
	Name      string  `json:"name"`
	Kind      string  `json:"kind"` // queues, operators
	Queues    []int32 `json:"queues"`
	People    []int32 `json:"people"`
	Operators []int32 `json:"operators"`
}

// PBX is a PBX of a station.
type PBX struct {
	ID      int32  `json:"id"`
	Name    string `json:"name"`
	Station int32  `json:"station"`
}

// Trunk is a trunk. Lines is how many calls it carries at once, 0 where nobody said.
type Trunk struct {
	ID       int32  `json:"id"`
	Name     string `json:"name"`
	Endpoint string `json:"endpoint"`
	Station  int32  `json:"station"`
	Lines    int32  `json:"lines"`
}

// DID is a number of ours by which the outside calls in.
type DID struct {
	ID      int32  `json:"id"`
	Number  string `json:"number"`
	Name    string `json:"name"`
	Station int32  `json:"station"`
}

// Reason is a reason of pauses and how it counts: Paid pauses are part of paid time, Work ones are no break at all.
type Reason struct {
	Text  string `json:"text"` // as the PBX says it
	Name  string `json:"name"`
	Paid  bool   `json:"paid"`
	Work  bool   `json:"work"`
	Limit int32  `json:"limit"` // seconds one may last, 0: no limit
}

// The variants of the service level, after ICMI ("Service Level Calculations", QueueTips 2005). T is the threshold, s the
// short abandon.
const (
	SL1 uint8 = 1 // (answered in T + abandoned in T) / (answered + abandoned)
	SL2 uint8 = 2 // answered in T / answered
	SL3 uint8 = 3 // answered in T / (answered + abandoned)
	SL4 uint8 = 4 // answered in T / (answered + abandoned after T)
	SL5 uint8 = 5 // (answered in T + abandoned in s) / (answered + abandoned)
)

// Treatments of short abandons in all formulas but SL5, which credits them itself.
const (
	ShortCounts  uint8 = 0 // as every abandon
	ShortIgnored uint8 = 1 // as if it had never called
)

// Policy is how the service level is computed, of a queue (0: of all that have none of their own) from From on (ms). Of
// several the latest that is in force at the arrival counts.
type Policy struct {
	Queue     int32   `json:"queue"`
	From      int64   `json:"from"`
	Threshold int32   `json:"threshold"` // T, seconds
	Short     int32   `json:"short"`     // s, seconds; an abandon is short when its wait is below
	Variant   uint8   `json:"variant"`   // SL1 to SL5
	Shorts    uint8   `json:"shorts"`    // ShortCounts, ShortIgnored
	Target    float64 `json:"target"`    // 0.8: what is aimed at; 0 none
	CallBack  int32   `json:"call_back"` // seconds in which a missed caller is to be called back
}

// DefaultPolicy is in force where nobody decided: 80 % in 20 s, strict, abandons below 5 s are short and count.
func DefaultPolicy() Policy {
	return Policy{Threshold: 20, Short: 5, Variant: SL3, Shorts: ShortCounts, Target: 0.8, CallBack: 3600}
}

// Calendar is working hours in the queue's zone: per weekday, Monday first, spans of minutes of the day; and days that differ.
type Calendar struct {
	ID   int32       `json:"id"`
	Name string      `json:"name"`
	Week [7][][2]int `json:"week"`
	Days []Holiday   `json:"days"`
}

// Holiday is a day with hours of its own; none: closed.
type Holiday struct {
	Day   string   `json:"day"` // 2026-01-01
	Name  string   `json:"name"`
	Hours [][2]int `json:"hours"`
}

// Roster is a time somebody is scheduled to work.
type Roster struct {
	Person int32  `json:"person"`
	From   int64  `json:"from"`
	To     int64  `json:"to"`
	Kind   string `json:"kind"` // work, break
}

// Prefix names an area by the beginning of its numbers; the longest decides.
type Prefix struct {
	Prefix string `json:"prefix"`
	Name   string `json:"name"`
}

// Heard is how complete what was heard of a PBX is in the period.
type Heard struct {
	PBX     int32     `json:"pbx"`
	Since   int64     `json:"since"` // of the PBX nothing is known before
	Missing []Missing `json:"missing"`
}

// Missing is a time in which something was not heard.
type Missing struct {
	From    int64    `json:"from"`
	To      int64    `json:"to"`
	Events  int64    `json:"events"` // known to be lost, 0: nobody can know
	Reasons []string `json:"reasons"`
}
