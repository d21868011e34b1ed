package export_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/callweave/callweave/cloud/export"
	"github.com/callweave/callweave/cloud/locale"
	"github.com/callweave/callweave/cloud/report"
	"github.com/callweave/callweave/cloud/wording"
)

// queues is a report of two queues on one day, seen in Moscow.
func queues(t *testing.T, language string) *export.Report {
	t.Helper()
	words, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	zone, err := time.LoadLocation("Europe/Moscow")
	if err != nil {
		t.Fatal(err)
	}
	day := time.Date(2026, 3, 2, 0, 0, 0, 0, zone)
	names := &report.Names{
		Queues: []report.Queue{{ID: 1, Name: "Sales", Number: "600"}, {ID: 2, Number: "601"}},
		PBXs:   []report.PBX{{ID: 1, Name: "office"}},
	}
	q := report.Query{
		Report: "queues", From: day.UnixMilli(), To: day.AddDate(0, 0, 1).UnixMilli(), By: []string{"queue", "day"},
		Filter: report.Filter{Queues: []int32{1, 2}, Weekdays: []int{1}, Hours: "open", Numbers: []string{"=7"}},
	}
	gap := day.Add(12 * time.Hour)
	return &export.Report{
		Definition: report.Definition{ID: "queues", Title: "By queue", Tells: "How queues did."},
		Measures: map[string]report.Measure{
			"sl":   {ID: "sl", Title: "Service level", Formula: "answered in time ÷ offered", Source: "ICMI"},
			"wait": {ID: "wait", Title: "Longest wait"},
		},
		Query: q,
		Table: &report.Table{
			Dims: []string{"queue", "day"}, Zones: []string{"Europe/Moscow"},
			Columns: []report.Column{{ID: "offered", Unit: report.UnitCount}, {ID: "sl", Unit: report.UnitShare}, {ID: "wait", Unit: report.UnitMS}},
			Rows: []report.Row{
				{Keys: []report.Key{{ID: 1}, {ID: day.UnixMilli()}}, Values: []report.Value{1234, 0.8, 65_000}},
				{Keys: []report.Key{{ID: 2}, {ID: day.UnixMilli()}}, Values: []report.Value{0, report.None(), report.None()}},
			},
			Totals:   []report.Value{1234, 0.8, 65_000},
			Policies: []report.Policy{report.DefaultPolicy(), {Queue: 1, From: day.UnixMilli(), Threshold: 30, Short: 5, Variant: report.SL5}},
			Notes:    []string{"estimated"},
		},
		Coverage: []report.Heard{{PBX: 1, Since: 1, Missing: []report.Missing{{From: gap.UnixMilli(), To: gap.Add(4 * time.Minute).UnixMilli(), Reasons: []string{"cut"}}}}},
		Say:      wording.New(words, language, zone, names), ZoneName: "Europe/Moscow", Made: day.Add(30 * time.Hour), By: "Anna",
	}
}

func fileOf(t *testing.T, r *export.Report, f export.Format) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := export.New(f, &b, r.Layout(f))
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Write(w); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestReportInXLSXSaysByWhichFormulasAndFilters(t *testing.T) {
	f := openXLSX(t, fileOf(t, queues(t, "en"), export.XLSX))
	rows, err := f.GetRows("By queue")
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"Queue", "Day", "offered", "Service level", "Longest wait"},
		{"Sales (600)", "2026-03-02", "1,234", "80.0%", "0:01:05"},
		{"601", "2026-03-02", "0"},
		{"Total", "", "1,234", "80.0%", "0:01:05"},
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	about, err := f.GetRows("About this report")
	if err != nil {
		t.Fatal(err)
	}
	want = [][]string{
		{"By queue", "How queues did."},
		{"Period", "2 Mar 2026"},
		{"Zone", "Europe/Moscow (UTC+03:00)"},
		{"Calls count", "by the moment of arrival"},
		nil,
		{"Only"},
		{"Queues", "Sales (600), 601"},
		{"Numbers that begin with", "=7"},
		{"Weekdays", "Monday"},
		{"Hours", "within the queue's working hours"},
		nil,
		{"Formulas"},
		{"Service level", "answered in time ÷ offered [ICMI]"},
		nil,
		{"Policies of the service level"},
		{"all queues without a policy of their own", "SL3: answered within 20 s ÷ (answered + abandoned); abandons below 5 s count like every other; target 80%"},
		{"Sales (600), from 2 Mar 2026", "SL5: (answered within 30 s + abandoned within 5 s) ÷ (answered + abandoned)"},
		nil,
		{"Completeness"},
		{"", "Complete for 99.72% of the time."},
		{"office", "2 Mar 2026 12:00–12:04: the connection to Asterisk was cut"},
		{"", "Some moments were not seen and are estimated."},
		nil,
		{"Made", "3 Mar 2026 06:00, Anna"},
	}
	if diff := cmp.Diff(want, about); diff != "" {
		t.Errorf("about (-want +got):\n%s", diff)
	}
}

func TestReportInRussianSpeaksRussian(t *testing.T) {
	raw := fileOf(t, queues(t, "ru"), export.CSV)
	if head, _, _ := strings.Cut(string(raw), "\r\n"); !strings.HasSuffix(head, ",offered,Уровень обслуживания (SL),\"Самое долгое ожидание, с\"") {
		t.Errorf("header: %q", head)
	}
	r := queues(t, "ru")
	r.Definition, _ = report.ReportOf("queues")
	for _, f := range r.About() {
		for _, latin := range []string{"answered", "Complete", "queue", "target", "moment", "Made", "Policies"} {
			if strings.Contains(f.Name+f.Text, latin) && !strings.Contains(f.Text, "ICMI") {
				t.Errorf("%q: %q", f.Name, f.Text)
			}
		}
	}
}
