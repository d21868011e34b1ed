package export

import (
	"time"

	"github.com/callweave/callweave/cloud/locale"
	"github.com/callweave/callweave/cloud/report"
	"github.com/callweave/callweave/cloud/wording"
)

// Report is a computed report and what there is to say about it.
type Report struct {
	Definition report.Definition
	Measures   map[string]report.Measure // of the table's columns, by id
	Query      report.Query
	Table      *report.Table
	Coverage   []report.Heard
	Say        *wording.Speech
	ZoneName   string // the zone of its times, as it is called
	Made       time.Time
	By         string // who asked for it
	Link       string // to the same in the portal; "" none
}

// Heading is what a column is called.
func (r *Report) Heading(c report.Column) string {
	if m, ok := r.Measures[c.ID]; ok {
		return r.Say.Of(m.Title)
	}
	return c.ID
}

// Write writes the report as a file of a format.
func (r *Report) Write(w Writer) error {
	t := r.Table
	cells := make([]Cell, len(t.Dims)+len(t.Columns))
	for _, row := range t.Rows {
		for i, k := range row.Keys {
			cells[i] = r.key(t.Dims[i], k)
		}
		for i, c := range t.Columns {
			cells[len(t.Dims)+i] = r.value(c, row, i)
		}
		if err := w.Row(0, cells); err != nil {
			return err
		}
	}
	clear(cells)
	if len(t.Dims) > 0 {
		cells[0] = Words(r.Say.Say(locale.Say("Total")))
	}
	for i, v := range t.Totals {
		if t.Columns[i].Unit != report.UnitText {
			cells[len(t.Dims)+i] = Number(float64(v))
		}
	}
	return w.Totals(0, cells)
}

func (r *Report) value(c report.Column, row report.Row, i int) Cell {
	switch {
	case c.Unit != report.UnitText:
		return Number(float64(row.Values[i]))
	case i < len(row.Texts):
		return Words(r.Say.Text(c.ID, row.Texts[i]))
	}
	return Cell{}
}

func (r *Report) kind(dim string) Kind {
	switch dim {
	case report.ByDay, report.ByWeek, report.ByMonth:
		return Day
	case report.ByInterval:
		return Moment
	}
	return Text
}

func (r *Report) key(dim string, k report.Key) Cell {
	if r.kind(dim) != Text {
		return Number(float64(r.Say.Began(r.Table, k).UnixMilli()))
	}
	return Words(r.Say.Key(r.Table, dim, k))
}

func kindOf(unit string) Kind {
	switch unit {
	case report.UnitCount:
		return Count
	case report.UnitMS:
		return Duration
	case report.UnitShare:
		return Share
	case report.UnitTime:
		return Moment
	case report.UnitText:
		return Text
	}
	return Ratio
}

// Layout lays the report out for a format.
func (r *Report) Layout(f Format) Layout {
	sheet := Sheet{Name: r.Say.Of(r.Definition.Title)}
	for _, dim := range r.Table.Dims {
		sheet.Columns = append(sheet.Columns, Column{ID: dim, Heading: r.Say.Dimension(dim), Kind: r.kind(dim)})
	}
	for _, c := range r.Table.Columns {
		column := Column{ID: c.ID, Heading: r.Heading(c), Kind: kindOf(c.Unit)}
		if f == CSV && c.Unit == report.UnitMS {
			column.Heading = r.Say.Say(locale.Say("%s, s", column.Heading))
		}
		sheet.Columns = append(sheet.Columns, column)
	}
	return Layout{Sheets: []Sheet{sheet}, About: r.About(), AboutName: r.Say.Say(locale.Say("About this report")), Zone: r.Say.Zone}
}

// About says what the figures are of and how they are computed.
func (r *Report) About() []Fact {
	s, q := r.Say, r.Query
	say := func(what locale.Sentence) string { return s.Say(what) }
	facts := []Fact{
		{s.Of(r.Definition.Title), s.Of(r.Definition.Tells)},
		{say(locale.Say("Period")), s.Period(time.UnixMilli(q.From), time.UnixMilli(q.To))},
		{say(locale.Say("Zone")), s.ZoneName(r.ZoneName, time.UnixMilli(q.From))},
		{say(locale.Say("Calls count")), s.Count(q.Count)},
	}
	if q.Before != nil {
		facts = append(facts, Fact{say(locale.Say("Compared with")), s.Period(time.UnixMilli(q.Before.From), time.UnixMilli(q.Before.To))})
	}
	facts = append(facts, headed(say(locale.Say("Only")), lines(s.Filter(q.Filter)))...)
	facts = append(facts, headed(say(locale.Say("Formulas")), r.formulas())...)
	var policies []Fact
	for _, p := range r.Table.Policies {
		policies = append(policies, Fact{s.PolicyOf(p), s.Policy(p)})
	}
	facts = append(facts, headed(say(locale.Say("Policies of the service level")), policies)...)
	facts = append(facts, headed(say(locale.Say("Completeness")), lines(s.Coverage(r.Coverage, q.From, q.To)))...)
	for _, note := range r.Table.Notes {
		facts = append(facts, Fact{"", s.Note(note)})
	}
	facts = append(facts, Fact{}, Fact{say(locale.Say("Made")), s.Moment(r.Made) + ", " + r.By})
	if r.Link != "" {
		facts = append(facts, Fact{say(locale.Say("In the portal")), r.Link})
	}
	return facts
}

func (r *Report) formulas() (facts []Fact) {
	for _, c := range r.Table.Columns {
		m, ok := r.Measures[c.ID]
		if !ok || m.Formula == "" {
			continue
		}
		text := r.Say.Of(m.Formula)
		if m.Source != "" {
			text += " [" + m.Source + "]"
		}
		facts = append(facts, Fact{r.Say.Of(m.Title), text})
	}
	return facts
}

// headed puts a heading above facts, and nothing where there are none.
func headed(heading string, facts []Fact) []Fact {
	if len(facts) == 0 {
		return nil
	}
	return append([]Fact{{}, {Name: heading}}, facts...)
}

func lines(list []wording.Line) (facts []Fact) {
	for _, l := range list {
		facts = append(facts, Fact(l))
	}
	return facts
}
