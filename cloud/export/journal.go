package export

import (
	"strings"
	"time"

	"github.com/callweave/callweave/cloud/locale"
	"github.com/callweave/callweave/cloud/wording"
)

// Call is a call of the journal as the API names things.
type Call struct {
	ID                      string
	Start                   time.Time
	Answered, End           *time.Time
	Direction, Disposition  string
	HangupBy                string
	Caller, CallerName      string
	Dialled                 string
	Queues, Operators, PBXs []int32
	People                  []string // who took part, as far as anybody said
	Wait, Talk, Hold        int32    // ms
	Rings, Transfers        int32
	Open, Partial           bool
	Legs                    []Leg
}

// Leg is one party of a call.
type Leg struct {
	PBX      string     `json:"pbx"`
	Kind     string     `json:"kind"`
	Number   string     `json:"number"`
	Endpoint string     `json:"endpoint"`
	Start    *time.Time `json:"start"`
	Answered *time.Time `json:"answered"`
	End      *time.Time `json:"end"`
	Cause    int        `json:"cause"`
	Person   struct {
		Name string `json:"name"`
	} `json:"person"`
}

// The tables of a journal. XLSX has both, the other formats one of them.
const (
	CallRows = "calls"
	LegRows  = "legs"
)

// Journal lays calls out.
type Journal struct {
	Say   *wording.Speech
	About []Fact
	Rows  string // CallRows or LegRows, of CSV and Parquet
}

// Layout lays the journal out for a format.
func (j *Journal) Layout(f Format) Layout {
	calls := Sheet{Name: j.Say.Say(locale.Say("Calls")), Columns: j.callColumns()}
	legs := Sheet{Name: j.Say.Say(locale.Say("Legs")), Columns: j.legColumns()}
	l := Layout{About: j.About, AboutName: j.Say.Say(locale.Say("About this list")), Zone: j.Say.Zone}
	switch {
	case f == XLSX:
		l.Sheets = []Sheet{calls, legs}
	case j.Rows == LegRows:
		l.Sheets = []Sheet{legs}
	default:
		l.Sheets = []Sheet{calls}
	}
	if f == CSV {
		for i, c := range l.Sheets[0].Columns {
			if c.Kind == Duration {
				l.Sheets[0].Columns[i].Heading = j.Say.Say(locale.Say("%s, s", c.Heading))
			}
		}
	}
	return l
}

// Legs tells whether legs are written in a format, for whose sake stories have to be read.
func (j *Journal) Legs(f Format) bool { return f == XLSX || j.Rows == LegRows }

// Write writes a call and, where they are wanted, its legs.
func (j *Journal) Write(w Writer, f Format, c *Call) error {
	if f == XLSX || j.Rows != LegRows {
		if err := w.Row(0, j.call(c)); err != nil {
			return err
		}
	}
	if !j.Legs(f) {
		return nil
	}
	sheet := 0
	if f == XLSX {
		sheet = 1
	}
	for i := range c.Legs {
		if err := w.Row(sheet, j.leg(c.ID, &c.Legs[i])); err != nil {
			return err
		}
	}
	return nil
}

func (j *Journal) callColumns() []Column {
	head := func(id string, kind Kind, heading locale.Sentence) Column {
		return Column{ID: id, Heading: j.Say.Say(heading), Kind: kind}
	}
	return []Column{
		head("start", Moment, locale.Say("Start")), head("answered", Moment, locale.Say("Answered at")), head("end", Moment, locale.Say("End")),
		head("direction", Text, locale.Say("Direction")), head("disposition", Text, locale.Say("Result of the call")), head("hangup_by", Text, locale.Say("Ended by")),
		head("caller", Text, locale.Say("Caller")), head("caller_name", Text, locale.Say("Caller's name")), head("dialled", Text, locale.Say("Dialed number")),
		head("queues", Text, locale.Say("Queues")), head("operators", Text, locale.Say("Devices")), head("people", Text, locale.Say("Operators")), head("pbxs", Text, locale.Say("PBXs")),
		head("wait_ms", Duration, locale.Say("Wait in queues")), head("talk_ms", Duration, locale.Say("Talk")), head("hold_ms", Duration, locale.Say("Hold")),
		head("rings", Count, locale.Say("Rings")), head("transfers", Count, locale.Say("Transfers")),
		head("remarks", Text, locale.Say("Remarks")), head("id", Text, locale.Say("Call")),
	}
}

func (j *Journal) legColumns() []Column {
	head := func(id string, kind Kind, heading locale.Sentence) Column {
		return Column{ID: id, Heading: j.Say.Say(heading), Kind: kind}
	}
	return []Column{
		head("call", Text, locale.Say("Call")), head("pbx", Text, locale.Say("PBX")), head("kind", Text, locale.Say("Party")), head("number", Text, locale.Say("Number")),
		head("person", Text, locale.Say("Operator")), head("endpoint", Text, locale.Say("Endpoint")),
		head("start", Moment, locale.Say("Start")), head("answered", Moment, locale.Say("Answered at")), head("end", Moment, locale.Say("End")),
		head("cause", Count, locale.Say("Cause of hang-up (Q.850)")),
	}
}

func at(t *time.Time) Cell {
	if t == nil || t.IsZero() {
		return Cell{}
	}
	return Number(float64(t.UnixMilli()))
}

func named(ids []int32, name func(int32) string) Cell {
	list := make([]string, len(ids))
	for i, id := range ids {
		list[i] = name(id)
	}
	return Words(strings.Join(list, ", "))
}

func (j *Journal) call(c *Call) []Cell {
	return []Cell{
		at(&c.Start), at(c.Answered), at(c.End), Words(j.Say.Direction(c.Direction)), Words(j.Say.Disposition(c.Disposition)), Words(j.Say.Hangup(c.HangupBy)),
		Words(c.Caller), Words(c.CallerName), Words(c.Dialled), named(c.Queues, j.Say.Queue), named(c.Operators, j.Say.Operator), Words(strings.Join(c.People, ", ")),
		named(c.PBXs, j.Say.PBX), Number(float64(c.Wait)), Number(float64(c.Talk)), Number(float64(c.Hold)), Number(float64(c.Rings)), Number(float64(c.Transfers)),
		Words(j.remarks(c)), Words(c.ID),
	}
}

func (j *Journal) remarks(c *Call) string {
	var list []string
	if c.Open {
		list = append(list, j.Say.Say(locale.Say("goes on")))
	}
	if c.Partial {
		list = append(list, j.Say.Say(locale.Say("not heard completely")))
	}
	return strings.Join(list, ", ")
}

func (j *Journal) leg(call string, l *Leg) []Cell {
	kinds := map[string]locale.Sentence{
		"customer": locale.Say("outside party"), "operator": locale.Say("operator"), "trunk": locale.Say("trunk between PBXs"), "service": locale.Say("service of the PBX"),
	}
	kind := ""
	if say, ok := kinds[l.Kind]; ok {
		kind = j.Say.Say(say)
	}
	cause := Number(float64(l.Cause))
	if l.Cause == 0 {
		cause = Cell{}
	}
	return []Cell{
		Words(call), Words(l.PBX), Words(kind), Words(l.Number), Words(l.Person.Name), Words(l.Endpoint), at(l.Start), at(l.Answered), at(l.End), cause,
	}
}
