package report

// Definition is a report of the catalogue. Title, Tells and the texts of measures are message ids in English, which the
// server translates; nothing else has words.
type Definition struct {
	ID      string
	Family  string // service, calls, operators, callers, lines, data: how the catalogue is divided
	Title   string
	Tells   string   // a sentence on what it tells
	By      []string // the dimensions it comes with
	May     []string // those it can be grouped by
	Columns []string // measures it comes with, in order
	More    []string // measures it can show
	Chart   string   // bars, lines, heatmap, distribution, funnel, matrix, timeline; "" none
	Figure  string   // the measure the chart draws
	Needs   []string // sections of facts: calls, numbers (callers, what was dialled), visits, attempts, segments, transfers, steps, states, tags
	After   int      // days of facts beyond the period it looks into: whether somebody called again, or was called back

	only     func(*run, *source) keep // which rows of a source take part; nil: all
	interval int                      // minutes of the dimension interval, where the query says nothing
	steps    []int                    // seconds, where the query says nothing
}

// Measure is a figure with its formula.
type Measure struct {
	ID      string
	Title   string
	Formula string // as people read it: "answered in time ÷ (answered + abandoned)"
	Source  string // where the definition comes from
	Unit    string
	Better  int
	Drill   bool
}

// Reports are the reports there are, in the order of the catalogue.
func Reports() []Definition {
	list := make([]Definition, len(definitions))
	for i := range definitions {
		list[i] = definitions[i]
		list[i].Needs = needs(&definitions[i])
	}
	return list
}

// ReportOf finds a report.
func ReportOf(id string) (Definition, bool) {
	for i := range definitions {
		if definitions[i].ID == id {
			d := definitions[i]
			d.Needs = needs(&d)
			return d, true
		}
	}
	return Definition{}, false
}

// Measures are the figures there are, in the order of the catalogue.
func Measures() []Measure {
	list := make([]Measure, len(measures))
	for i := range measures {
		list[i] = measures[i].Measure
	}
	return list
}

// MeasureOf finds a figure.
func MeasureOf(id string) (Measure, bool) {
	m := measureOf(id)
	if m == nil {
		return Measure{}, false
	}
	return m.Measure, true
}

// Dimension is what a report can be grouped by.
type Dimension struct {
	ID, Title string
	Time      bool // its keys are buckets of time
}

// Dimensions are all of them.
func Dimensions() []Dimension { return append([]Dimension(nil), dimensionTitles...) }

// Families are how the catalogue is divided, by id and title.
func Families() [][2]string { return append([][2]string(nil), families...) }

// NoteText is what a code of Table.Notes says to a reader.
func NoteText(code string) string {
	for _, n := range notes {
		if n[0] == code {
			return n[1]
		}
	}
	return ""
}

// Notes are the codes of Table.Notes with what they say.
func Notes() [][2]string { return append([][2]string(nil), notes...) }

// say marks a text for translation; the extraction of messages looks for it.
func say(text string) string { return text }

var families = [][2]string{
	{"service", say("Service")},
	{"calls", say("Calls")},
	{"callers", say("Callers")},
	{"operators", say("Operators")},
	{"lines", say("Numbers and lines")},
	{"data", say("Data")},
}

var notes = [][2]string{
	{NoteEstimated, say("Some moments were not seen and are estimated.")},
	{NoteImported, say("Some calls come from imported logs, which know less.")},
	{NoteOpen, say("Some of it goes on; it is counted up to now.")},
	{NotePartial, say("Of some calls a part was not heard.")},
	{NoteGaps, say("Something is missing in the period.")},
	{NoteWhole, say("Working time has no calls behind it: filters by what a call was leave it whole.")},
	{NoteWall, say("Each row counts by the clock of its own queue.")},
}

// Codes of Table.Notes.
const (
	NoteEstimated = "estimated"
	NoteImported  = "imported"
	NoteOpen      = "open"
	NotePartial   = "partial"
	NoteGaps      = "gaps"
	NoteWall      = "wall"
	NoteWhole     = "whole"
)

var dimensionTitles = []Dimension{
	{ByQueue, say("Queue"), false},
	{ByOperator, say("Operator"), false},
	{ByGroup, say("Group"), false},
	{ByPBX, say("PBX"), false},
	{ByStation, say("Station"), false},
	{ByDID, say("DID"), false},
	{ByTrunk, say("Trunk"), false},
	{ByNumber, say("Outside number"), false},
	{ByPrefix, say("Area"), false},
	{ByDisposition, say("Outcome"), false},
	{ByDirection, say("Direction"), false},
	{ByHour, say("Hour of the day"), true},
	{ByWeekday, say("Weekday"), true},
	{ByDay, say("Day"), true},
	{ByWeek, say("Week"), true},
	{ByMonth, say("Month"), true},
	{ByInterval, say("Interval"), true},
	{ByIVR, say("Menu choice"), false},
	{ByTag, say("Tag"), false},
	{ByReason, say("Reason of the pause"), false},
	{ByResult, say("Result"), false},
	{ByStep, say("Within"), false},
	{ByTo, say("Handed to"), false},
	{ByKind, say("Kind"), false},
	{ByCall, say("Call"), false},
	{ByCase, say("Case"), false},
}
