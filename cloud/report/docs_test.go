package report_test

import (
	"os"
	"strings"
	"testing"

	"github.com/callweave/callweave/cloud/report"
)

// TestDocsSayWhatEveryFigureIs holds docs/reports.md against the catalogue.
func TestDocsSayWhatEveryFigureIs(t *testing.T) {
	b, err := os.ReadFile("../../docs/reports.md")
	if err != nil {
		t.Fatal(err)
	}
	text := string(b)
	for _, m := range report.Measures() {
		if !strings.Contains(text, "| `"+m.ID+"` | "+m.Title+" | "+m.Formula+" | ") {
			t.Errorf("docs/reports.md does not give the formula of %s: %s", m.ID, m.Formula)
		}
	}
	for _, d := range report.Reports() {
		if !strings.Contains(text, "| `"+d.ID+"` | "+d.Title+": ") {
			t.Errorf("docs/reports.md does not list the report %s", d.ID)
		}
	}
}
