package wording

import (
	"strconv"
	"strings"
	"time"

	"github.com/callweave/callweave/cloud/locale"
	"github.com/callweave/callweave/cloud/report"
)

// lookup finds names by id.
type lookup struct {
	queues, operators, people, groups, pbxs, stations, trunks, tags map[int32]string
	dids                                                            map[string]string
}

func newLookup(n *report.Names) *lookup {
	l := &lookup{
		queues: map[int32]string{}, operators: map[int32]string{}, people: map[int32]string{}, groups: map[int32]string{},
		pbxs: map[int32]string{}, stations: map[int32]string{}, trunks: map[int32]string{}, tags: map[int32]string{}, dids: map[string]string{},
	}
	for _, q := range n.Queues {
		l.queues[q.ID] = numbered(q.Name, q.Number)
	}
	for _, o := range n.Operators {
		l.operators[o.ID] = numbered(o.Name, o.Number)
	}
	for _, p := range n.People {
		l.people[p.ID] = p.Name
	}
	for _, g := range n.Groups {
		l.groups[g.ID] = g.Name
	}
	for _, p := range n.PBXs {
		l.pbxs[p.ID] = p.Name
	}
	for _, t := range n.Trunks {
		l.trunks[t.ID] = numbered(t.Name, t.Endpoint)
	}
	for _, d := range n.DIDs {
		l.dids[d.Number] = numbered(d.Name, d.Number)
	}
	for into, list := range map[*map[int32]string][]report.Named{&l.stations: n.Stations, &l.tags: n.Tags} {
		for _, named := range list {
			(*into)[named.ID] = named.Name
		}
	}
	return l
}

func numbered(name, number string) string {
	switch {
	case name == "" || name == number:
		return number
	case number == "":
		return name
	}
	return name + " (" + number + ")"
}

// ids are the names of one dimension by id; nil where its rows have none.
func (l *lookup) ids(dim string) map[int32]string {
	switch dim {
	case report.ByQueue:
		return l.queues
	case report.ByOperator:
		return l.operators
	case report.ByGroup:
		return l.groups
	case report.ByPBX:
		return l.pbxs
	case report.ByStation:
		return l.stations
	case report.ByTrunk:
		return l.trunks
	case report.ByTag:
		return l.tags
	}
	return nil
}

// Dimension is the heading of a dimension.
func (s *Speech) Dimension(dim string) string {
	for _, d := range report.Dimensions() {
		if d.ID == dim {
			return s.Of(d.Title)
		}
	}
	return dim
}

// Key names what a row of a table is about.
func (s *Speech) Key(t *report.Table, dim string, k report.Key) string {
	switch dim {
	case report.ByOperator, report.ByTo:
		switch k.Kind {
		case "person":
			return s.named(s.names.people, k)
		case "queue":
			return s.named(s.names.queues, k)
		case "", "device":
			return s.named(s.names.operators, k)
		}
	case report.ByHour:
		return clock(k.ID) + "–" + clock(k.ID+1)
	case report.ByWeekday:
		return s.Weekday(int(k.ID))
	case report.ByStep:
		if k.ID == 0 {
			return s.Say(locale.Say("longer"))
		}
		return Duration(float64(k.ID) * 1000)
	case report.ByCall:
		return k.Label
	case report.ByDisposition:
		return s.word(dispositions(), k)
	case report.ByDirection:
		return s.word(directions(), k)
	case report.ByResult:
		return s.word(results(), k)
	case report.ByKind:
		return s.word(transfers(), k)
	case report.ByDID:
		if name := s.names.dids[k.Label]; name != "" {
			return name
		}
	case report.ByDay, report.ByWeek, report.ByMonth, report.ByInterval:
		return s.bucket(dim, s.Began(t, k))
	}
	if ids := s.names.ids(dim); ids != nil {
		return s.named(ids, k)
	}
	if k.Label == "" {
		return s.nobody()
	}
	return k.Label
}

// Began is when a bucket of time began; of buckets that clocks of several zones share, what their clocks showed, taken to be
// the time of this zone.
func (s *Speech) Began(t *report.Table, k report.Key) time.Time {
	at := time.UnixMilli(k.ID)
	if t.Wall {
		at = at.UTC()
		return time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), 0, 0, s.Zone)
	}
	return at.In(s.Zone)
}

func (s *Speech) bucket(dim string, at time.Time) string {
	switch dim {
	case report.ByMonth:
		return s.month(at)
	case report.ByInterval:
		return s.Moment(at)
	}
	return s.Date(at)
}

func clock(hour int64) string {
	text := strconv.FormatInt(hour, 10) + ":00"
	return strings.Repeat("0", max(0, 5-len(text))) + text
}

// named is a name by id; what has no id is what belongs to nothing of the kind.
func (s *Speech) named(ids map[int32]string, k report.Key) string {
	switch name := ids[int32(k.ID)]; {
	case name != "":
		return name
	case k.Label != "":
		return k.Label
	case k.ID == 0:
		return s.nobody()
	}
	return "#" + strconv.FormatInt(k.ID, 10)
}

func (s *Speech) nobody() string { return s.Say(locale.Say("(none)")) }

// coded is a value that facts hold as a small number or its name.
type coded struct {
	name string
	say  locale.Sentence
}

func (s *Speech) word(list []coded, k report.Key) string {
	for i, c := range list {
		if k.Label != "" && c.name == k.Label || k.Label == "" && int64(i) == k.ID {
			return s.Say(c.say)
		}
	}
	return k.Label
}

// The lists below are in the order of the codes of package call.

func directions() []coded {
	return []coded{
		{"unknown", locale.Say("Direction not known")},
		{"inbound", locale.Say("Inbound")},
		{"outbound", locale.Say("Outbound")},
		{"internal", locale.Say("Internal")},
	}
}

func dispositions() []coded {
	return []coded{
		{"unknown", locale.Say("Not known")},
		{"answered", locale.Say("Answered")},
		{"abandoned", locale.Say("Abandoned")},
		{"timeout", locale.Say("Queue timeout")},
		{"join_empty", locale.Say("No operators")},
		{"leave_empty", locale.Say("Operators left")},
		{"voicemail", locale.Say("Voicemail")},
		{"no_answer", locale.Say("No answer")},
		{"busy", locale.Say("Busy")},
		{"rejected", locale.Say("Rejected")},
		{"failed", locale.Say("Failed")},
	}
}

func results() []coded {
	return []coded{
		{"unknown", locale.Say("Not known")},
		{"answered", locale.Say("Answered")},
		{"abandoned", locale.Say("Abandoned")},
		{"timeout", locale.Say("Queue timeout")},
		{"leave_empty", locale.Say("Operators left")},
		{"join_empty", locale.Say("No operators")},
		{"transferred", locale.Say("Transferred")},
		{"other", locale.Say("Left")},
		{"cancelled", locale.Say("Answered elsewhere")},
		{"no_answer", locale.Say("No answer")},
		{"busy", locale.Say("Busy")},
		{"declined", locale.Say("Declined")},
		{"redirected", locale.Say("Redirected")},
		{"failed", locale.Say("Failed")},
		{"completed", locale.Say("Completed")},
		{"retrieved", locale.Say("Fetched")},
	}
}

func transfers() []coded {
	return []coded{{"unknown", locale.Say("Not known")}, {"blind", locale.Say("Blind")}, {"attended", locale.Say("Attended")}}
}

func parties() []coded {
	return []coded{{"unknown", locale.Say("Not known")}, {"caller", locale.Say("the caller")}, {"callee", locale.Say("the other side")}, {"pbx", locale.Say("the PBX")}}
}

func caseStates() []coded {
	return []coded{
		{"open", locale.Say("open")},
		{"expired", locale.Say("expired")},
		{"called_back", locale.Say("called back")},
		{"called_again", locale.Say("called again")},
	}
}

func flags() []coded {
	return []coded{
		{"open", locale.Say("goes on")},
		{"partial", locale.Say("not heard completely")},
		{"imported", locale.Say("imported")},
		{"recorded", locale.Say("recorded")},
		{"hops", locale.Say("over several PBXs")},
	}
}

// Text words a text of a column that is no figure: most are names and stay as they are, some are codes.
func (s *Speech) Text(column, text string) string {
	codes := map[string][]coded{"direction": directions(), "disposition": dispositions(), "hangup_by": parties(), "case_state": caseStates(), "call_flags": flags()}[column]
	if codes == nil || text == "" {
		return text
	}
	parts := strings.Split(text, ", ")
	for i, p := range parts {
		parts[i] = s.word(codes, report.Key{Label: p})
	}
	return strings.Join(parts, ", ")
}

// Hangup words who ended a call.
func (s *Speech) Hangup(name string) string {
	if name == "" || name == "unknown" {
		return ""
	}
	return s.word(parties(), report.Key{Label: name})
}

// Disposition and Direction word the names that the API has for them.
func (s *Speech) Disposition(name string) string {
	return s.word(dispositions(), report.Key{Label: name})
}

// Direction words where a call came from.
func (s *Speech) Direction(name string) string { return s.word(directions(), report.Key{Label: name}) }

// Queue names a queue.
func (s *Speech) Queue(id int32) string { return s.named(s.names.queues, report.Key{ID: int64(id)}) }

// Operator names a device.
func (s *Speech) Operator(id int32) string {
	return s.named(s.names.operators, report.Key{ID: int64(id)})
}

// PBX names a PBX.
func (s *Speech) PBX(id int32) string { return s.named(s.names.pbxs, report.Key{ID: int64(id)}) }
