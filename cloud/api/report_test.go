package api

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFindingsAreShownInTheViewersLanguage(t *testing.T) {
	report := []byte(`{"counters":{"events":3},"findings":[
		{"code":"udp","severity":"warn","detail":"blocked","hurts":"live","others":{"ru":{"detail":"заблокирован","hurts":"экраны"}}},
		{"code":"disk","severity":"ok","detail":"room"}]}`)
	for language, want := range map[string]string{"en": "blocked", "ru": "заблокирован", "de": "blocked"} {
		counters, findings, _ := readReport(report, language)
		if counters["events"] != 3 || len(findings) != 2 || findings[0].Detail != want || findings[1].Detail != "room" {
			t.Errorf("%s: %v %v", language, counters, findings)
		}
	}
	if diff := cmp.Diff([]Finding{}, func() []Finding { _, f, _ := readReport([]byte(`noise`), "en"); return f }()); diff != "" {
		t.Error(diff)
	}
}
