// Package digest writes a report as a letter: what it tells, the key figures against the period before, the first rows, a
// picture, the formulas, and a link to the same in the portal. Pictures are PNG, which is what mail programs show; styles
// stand at their elements, because many take nothing else. It sends nothing.
package digest

import (
	"bytes"
	_ "embed" // the letter
	"fmt"
	"html/template"
	"math"
	"strings"
	"time"

	"github.com/callweave/callweave/cloud/export"
	"github.com/callweave/callweave/cloud/locale"
	"github.com/callweave/callweave/cloud/report"
)

// How much of a report a letter shows.
const (
	mostRows    = 12
	mostColumns = 7
	mostFigures = 6
)

// Options are what is told about the letter itself.
type Options struct {
	Name  string // of the schedule
	Owner string // whose it is
}

// Page is a letter.
type Page struct {
	Subject  string
	HTML     string
	Text     string
	Pictures []Picture
}

// Picture is shown in the HTML as cid:NAME.
type Picture struct {
	Name string
	PNG  []byte
}

//go:embed letter.html
var letter string

type figure struct{ Title, Value, Change, Color string }

type cell struct {
	Text  string
	Right bool
}

// content is what the template shows.
type content struct {
	Language                       string
	Name, Title, Tells             string
	Period, Zone, Compared         string
	Figures                        [][]figure // rows of three
	Picture                        string
	PictureWidth, PictureHeight    int
	PictureText                    string
	Head                           []cell
	Rows                           [][]cell
	Totals                         []cell
	More                           string
	Filter, About                  []export.Fact
	Complete                       []string
	Link                           template.URL
	Open, Footer                   string
	FilterTitle, AboutTitle, Empty string
}

// Write writes the letter about a report.
func Write(r *export.Report, o Options) (*Page, error) {
	c := describe(r, o)
	page := &Page{Subject: c.Title + ", " + c.Period}
	if o.Name != "" && o.Name != c.Title {
		page.Subject = o.Name + ": " + c.Period
	}
	picture, err := sketch(r)
	if err != nil {
		return nil, fmt.Errorf("draw report: %w", err)
	}
	if picture != nil {
		c.Picture, c.PictureWidth, c.PictureHeight = "chart.png", picture.width, picture.height
		c.PictureText = r.Heading(picture.column)
		page.Pictures = []Picture{{Name: "chart.png", PNG: picture.png}}
	}
	t, err := template.New("letter").Parse(letter)
	if err != nil {
		return nil, fmt.Errorf("write letter: %w", err)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, c); err != nil {
		return nil, fmt.Errorf("write letter: %w", err)
	}
	page.HTML, page.Text = b.String(), plain(c)
	return page, nil
}

func describe(r *export.Report, o Options) *content {
	s, q := r.Say, r.Query
	say := func(what locale.Sentence) string { return s.Say(what) }
	c := &content{
		Language: s.Language, Name: o.Name, Title: s.Of(r.Definition.Title), Tells: s.Of(r.Definition.Tells),
		Period: s.Period(time.UnixMilli(q.From), time.UnixMilli(q.To)), Zone: s.ZoneName(r.ZoneName, time.UnixMilli(q.From)),
		Link: template.URL(r.Link), Open: say(locale.Say("Open in the portal")), //nolint:gosec // the link is made here, of the deployment's own address
		AboutTitle: say(locale.Say("How the figures are computed")), FilterTitle: say(locale.Say("Only")),
		Footer: say(locale.Say("You get this letter because %s set it up in Callweave. Ask them, or your administrator, to stop it.", o.Owner)),
	}
	if q.Before != nil {
		c.Compared = say(locale.Say("Compared with %s", s.Period(time.UnixMilli(q.Before.From), time.UnixMilli(q.Before.To))))
	}
	c.Figures = figures(r)
	rows(c, r)
	for _, l := range s.Filter(q.Filter) {
		c.Filter = append(c.Filter, export.Fact(l))
	}
	c.About = about(r)
	for _, l := range s.Coverage(r.Coverage, q.From, q.To) {
		c.Complete = append(c.Complete, strings.TrimPrefix(l.Name+": "+l.Text, ": "))
	}
	for _, note := range r.Table.Notes {
		c.Complete = append(c.Complete, s.Note(note))
	}
	return c
}

// Colours of better and worse, dark enough to be read on white.
const (
	better = "#1a7f37"
	worse  = "#b42318"
	same   = "#57606a"
)

// figures are the totals of the first columns, with how they differ from the period before.
func figures(r *export.Report) (grid [][]figure) {
	n := 0
	for i, c := range r.Table.Columns {
		if c.Unit == report.UnitText || c.Unit == report.UnitTime || i >= len(r.Table.Totals) || n == mostFigures {
			continue
		}
		now := r.Table.Totals[i]
		f := figure{Title: r.Heading(c), Value: r.Say.Value(c.Unit, now), Color: same}
		if b := r.Table.Before; b != nil && i < len(b.Totals) {
			f.Change = r.Say.Change(c.Unit, now, b.Totals[i])
			f.Color = colorOf(float64(now-b.Totals[i]) * float64(c.Better))
		}
		if n%3 == 0 {
			grid = append(grid, nil)
		}
		grid[n/3] = append(grid[n/3], f)
		n++
	}
	return grid
}

func colorOf(good float64) string {
	switch {
	case math.IsNaN(good) || good == 0:
		return same
	case good > 0:
		return better
	}
	return worse
}

// rows are the first rows and columns of the table, with its totals.
func rows(c *content, r *export.Report) {
	t := r.Table
	shown := t.Columns[:min(len(t.Columns), mostColumns)]
	for _, dim := range t.Dims {
		c.Head = append(c.Head, cell{Text: r.Say.Dimension(dim)})
	}
	for _, col := range shown {
		c.Head = append(c.Head, cell{r.Heading(col), col.Unit != report.UnitText})
	}
	for _, row := range t.Rows[:min(len(t.Rows), mostRows)] {
		var cells []cell
		for i, k := range row.Keys {
			cells = append(cells, cell{Text: r.Say.Key(t, t.Dims[i], k)})
		}
		for i, col := range shown {
			cells = append(cells, figureCell(r, col, row, i))
		}
		c.Rows = append(c.Rows, cells)
	}
	switch {
	case len(t.Rows) == 0:
		c.Empty = r.Say.Say(locale.Say("There is nothing in this period."))
	case len(t.Rows) > mostRows:
		c.More = r.Say.Say(locale.Say("%d more rows are in the portal and in the attached file.", len(t.Rows)-mostRows))
	}
	if len(t.Dims) == 0 || len(t.Rows) == 0 {
		return
	}
	c.Totals = []cell{{Text: r.Say.Say(locale.Say("Total"))}}
	for range t.Dims[1:] {
		c.Totals = append(c.Totals, cell{})
	}
	for i, col := range shown {
		text := ""
		if col.Unit != report.UnitText && i < len(t.Totals) {
			text = r.Say.Value(col.Unit, t.Totals[i])
		}
		c.Totals = append(c.Totals, cell{text, true})
	}
}

func figureCell(r *export.Report, col report.Column, row report.Row, i int) cell {
	if col.Unit != report.UnitText {
		return cell{r.Say.Value(col.Unit, row.Values[i]), true}
	}
	if i < len(row.Texts) {
		return cell{Text: r.Say.Text(col.ID, row.Texts[i])}
	}
	return cell{}
}

// about is what the shown columns are computed by, and the policies that had a part.
func about(r *export.Report) (facts []export.Fact) {
	for _, c := range r.Table.Columns[:min(len(r.Table.Columns), mostColumns)] {
		if m, ok := r.Measures[c.ID]; ok && m.Formula != "" {
			facts = append(facts, export.Fact{Name: r.Say.Of(m.Title), Text: r.Say.Of(m.Formula)})
		}
	}
	for _, p := range r.Table.Policies {
		facts = append(facts, export.Fact{Name: r.Say.PolicyOf(p), Text: r.Say.Policy(p)})
	}
	return facts
}

// plain is the letter for who reads no HTML.
func plain(c *content) string {
	var b strings.Builder
	line := func(parts ...string) {
		if text := strings.Join(parts, ""); text != "" {
			b.WriteString(text + "\r\n")
		}
	}
	line(c.Title, ", ", c.Period, " (", c.Zone, ")")
	line(c.Tells)
	line(c.Compared)
	b.WriteString("\r\n")
	for _, row := range c.Figures {
		for _, f := range row {
			change := ""
			if f.Change != "" {
				change = " (" + f.Change + ")"
			}
			line(f.Title, ": ", f.Value, change)
		}
	}
	b.WriteString("\r\n")
	for _, text := range c.Complete {
		line(text)
	}
	line(string(c.Link))
	b.WriteString("\r\n")
	line(c.Footer)
	return b.String()
}
