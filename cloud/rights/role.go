package rights

// Role is a name for what somebody may do, and how far that reaches where nobody says it of the person.
type Role struct {
	Key    string // of those that come with the product; "" for a tenant's own
	Rights Set
	Limits Limits
}

// The roles that come with the product. A tenant adds its own.
const (
	Administrator   = "administrator"
	Supervisor      = "supervisor"
	Operator        = "operator"         // his own calls, no figures
	OperatorFigures = "operator_figures" // his own calls and figures
	None            = "none"             // may sign in, and nothing else
)

// Roles are those that come with the product. They change with it; whoever needs one to stay as it is copies it.
func Roles() []Role {
	own := Limits{See: SeeOwn}
	return []Role{
		{Administrator, All(), Limits{See: SeeAll}},
		{Supervisor, Set{
			ReadCalls, ReadEvents, ReadReports, ReadStates, Export, Schedule, ReadNumbers, WriteTags, ReadPBXs, ReadSettings, WriteTokens,
		}, Limits{See: SeeAll}},
		{Operator, Set{ReadCalls, ReadStates, ReadNumbers, WriteTags}, own},
		{OperatorFigures, Set{ReadCalls, ReadReports, ReadStates, ReadNumbers, WriteTags}, own},
		{None, Set{}, Limits{See: SeeNothing}},
	}
}

// BuiltIn returns the role of a key, and whether there is one.
func BuiltIn(key string) (Role, bool) {
	for _, r := range Roles() {
		if r.Key == key {
			return r, true
		}
	}
	return Role{}, false
}

// How far a role or a person's sight reaches.
const (
	SeeAll     = "all"
	SeeLimited = "limited" // to what is listed
	SeeOwn     = "own"     // to one's own devices
	SeeNothing = "nothing"
)

// Limits say what somebody sees, as people choose it: groups and persons, which change, by their ids.
type Limits struct {
	See       string  `json:"see"`
	Queues    []int32 `json:"queues,omitempty"`
	Groups    []int32 `json:"groups,omitempty"`    // of queues, of people and devices
	Operators []int32 `json:"operators,omitempty"` // devices
	People    []int32 `json:"people,omitempty"`    // their devices while they are theirs
}

// Valid tells whether see is one of the words there are.
func (l Limits) Valid() bool {
	switch l.See {
	case SeeAll, SeeLimited, SeeOwn, SeeNothing:
		return true
	}
	return false
}
