package report_test

import (
	"slices"
	"testing"

	"github.com/callweave/callweave/cloud/report"
)

// TestEveryReportShowsWhatIsDefined holds the catalogue together: 36 reports of measures and dimensions that exist.
func TestEveryReportShowsWhatIsDefined(t *testing.T) {
	dims := map[string]bool{}
	for _, d := range report.Dimensions() {
		dims[d.ID] = true
	}
	used := map[string]bool{}
	reports := report.Reports()
	if len(reports) != 36 {
		t.Errorf("%d reports, want 36", len(reports))
	}
	for _, d := range reports {
		for _, c := range slices.Concat(d.Columns, d.More) {
			used[c] = true
			if _, ok := report.MeasureOf(c); !ok {
				t.Errorf("%s: no measure %q", d.ID, c)
			}
		}
		if d.Figure != "" && !slices.Contains(slices.Concat(d.Columns, d.More), d.Figure) {
			t.Errorf("%s: the chart draws %q, which the report does not have", d.ID, d.Figure)
		}
		for _, b := range slices.Concat(d.By, d.May) {
			if !dims[b] {
				t.Errorf("%s: no dimension %q", d.ID, b)
			}
		}
		for _, b := range d.By {
			if !slices.Contains(d.May, b) {
				t.Errorf("%s comes by %s and may not be grouped by it", d.ID, b)
			}
		}
		if d.Title == "" || d.Tells == "" || d.Family == "" {
			t.Errorf("%s has no words", d.ID)
		}
	}
	seen := map[string]bool{}
	for _, m := range report.Measures() {
		if seen[m.ID] {
			t.Errorf("%s is defined twice", m.ID)
		}
		seen[m.ID] = true
		if !used[m.ID] {
			t.Errorf("no report shows %s", m.ID)
		}
		if m.Title == "" || m.Formula == "" || m.Source == "" || m.Unit == "" {
			t.Errorf("%s has no words", m.ID)
		}
	}
}
