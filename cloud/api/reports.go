package api

import (
	"context"

	"github.com/callweave/callweave/cloud/locale"
	"github.com/callweave/callweave/cloud/report"
)

type reportsInput struct {
	AcceptLanguage string `header:"Accept-Language"`
}

type reportsOutput struct {
	Body ReportCatalogue
}

// ReportCatalogue is what can be reported, in the viewer's language.
type ReportCatalogue struct {
	Families   []ReportFamily     `json:"families" nullable:"false"`
	Reports    []ReportDefinition `json:"reports" nullable:"false"`
	Measures   []ReportMeasure    `json:"measures" nullable:"false"`
	Dimensions []ReportDimension  `json:"dimensions" nullable:"false"`
	Notes      []ReportNote       `json:"notes" nullable:"false" doc:"What the codes of a table's notes say"`
}

// ReportFamily is a part of the catalogue.
type ReportFamily struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

// ReportDefinition is a report.
type ReportDefinition struct {
	ID      string   `json:"id"`
	Family  string   `json:"family"`
	Title   string   `json:"title"`
	Tells   string   `json:"tells" doc:"A sentence on what it tells"`
	By      []string `json:"by" nullable:"false" doc:"Dimensions it comes with"`
	May     []string `json:"may" nullable:"false" doc:"Dimensions it can be grouped by, two at most"`
	Columns []string `json:"columns" nullable:"false" doc:"Measures it comes with, in order"`
	More    []string `json:"more" nullable:"false" doc:"Measures it can show besides"`
	Chart   string   `json:"chart" enum:"bars,lines,heatmap,distribution,funnel,matrix,timeline," doc:"'': none"`
	Figure  string   `json:"figure" doc:"The measure the chart draws"`
	Needs   []string `json:"needs" nullable:"false" doc:"Sections of facts it reads"`
	After   int      `json:"after" doc:"Days of facts beyond the period it looks into"`
}

// ReportMeasure is a figure with its formula.
type ReportMeasure struct {
	ID      string `json:"id"`
	Title   string `json:"title"`
	Formula string `json:"formula"`
	Source  string `json:"source" doc:"Where the definition comes from"`
	Unit    string `json:"unit" enum:"count,ms,share,ratio,time,text"`
	Better  int    `json:"better" doc:"1: more is good, -1: less is, 0: neither"`
	Drill   bool   `json:"drill" doc:"There are calls behind it"`
}

// ReportDimension is what a report can be grouped by.
type ReportDimension struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Time  bool   `json:"time" doc:"Its keys are buckets of time"`
}

// ReportNote is what a code says to a reader.
type ReportNote struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

// listReports gives the catalogue in the viewer's language.
func (a *API) listReports(ctx context.Context, in *reportsInput) (*reportsOutput, error) {
	language := languageOf(ctx, in.AcceptLanguage)
	say := func(id string) string { return a.words.In(language, locale.Text(id)) }
	c := ReportCatalogue{Families: []ReportFamily{}, Reports: []ReportDefinition{}, Measures: []ReportMeasure{}, Dimensions: []ReportDimension{}, Notes: []ReportNote{}}
	for _, f := range report.Families() {
		c.Families = append(c.Families, ReportFamily{f[0], say(f[1])})
	}
	for _, d := range report.Reports() {
		c.Reports = append(c.Reports, ReportDefinition{
			ID: d.ID, Family: d.Family, Title: say(d.Title), Tells: say(d.Tells), By: listed(d.By), May: listed(d.May), Columns: listed(d.Columns), More: listed(d.More),
			Chart: d.Chart, Figure: d.Figure, Needs: listed(d.Needs), After: d.After,
		})
	}
	for _, m := range report.Measures() {
		c.Measures = append(c.Measures, ReportMeasure{m.ID, say(m.Title), say(m.Formula), m.Source, m.Unit, m.Better, m.Drill})
	}
	for _, d := range report.Dimensions() {
		c.Dimensions = append(c.Dimensions, ReportDimension{d.ID, say(d.Title), d.Time})
	}
	for _, n := range report.Notes() {
		c.Notes = append(c.Notes, ReportNote{n[0], say(n[1])})
	}
	return &reportsOutput{c}, nil
}

func listed(list []string) []string { return append([]string{}, list...) }
