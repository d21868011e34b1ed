package api_test

import (
	"testing"

	"github.com/callweave/callweave/cloud/api"
)

// TestReportsComeInTheViewersLanguage reads the catalogue as somebody who changes the language.
func TestReportsComeInTheViewersLanguage(t *testing.T) {
	f := newFixture(t)
	sveta := f.as("sveta")
	for language, want := range map[string]string{"en": "Missed callers", "ru": "Пропущенные абоненты"} {
		if r := sveta.do("PATCH", "/session", map[string]string{"language": language}); r.status != 200 && r.status != 204 {
			t.Fatalf("%d %s", r.status, r.body)
		}
		var got api.ReportCatalogue
		sveta.do("GET", "/reports", nil).into(t, &got)
		if len(got.Reports) != 36 {
			t.Fatalf("%d reports, want 36", len(got.Reports))
		}
		titles := map[string]string{}
		for _, r := range got.Reports {
			titles[r.ID] = r.Title
		}
		if titles["missed"] != want {
			t.Errorf("%s: %q, want %q", language, titles["missed"], want)
		}
	}
}
