package api_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/parquet-go/parquet-go"
	"github.com/xuri/excelize/v2"

	"github.com/callweave/callweave/cloud/export"
	"github.com/callweave/callweave/cloud/figures"
	"github.com/callweave/callweave/cloud/locale"
	"github.com/callweave/callweave/cloud/report"
	"github.com/callweave/callweave/cloud/wording"
)

// figured stands for what computes reports.
type figured struct {
	asked []figures.Asker
	err   error
}

func (f *figured) Report(_ context.Context, who figures.Asker, q report.Query) (*export.Report, error) {
	f.asked = append(f.asked, who)
	if f.err != nil {
		return nil, f.err
	}
	words, err := locale.Load()
	if err != nil {
		return nil, err
	}
	return &export.Report{
		Definition: report.Definition{ID: "queues", Title: "By queue"}, Query: q, ZoneName: "UTC", Say: wording.New(words, who.Language, time.UTC, nil),
		Table: &report.Table{
			Dims: []string{report.ByQueue}, Columns: []report.Column{{ID: "offered", Unit: report.UnitCount}},
			Rows: []report.Row{{Keys: []report.Key{{ID: 1, Label: "=Sales"}}, Values: []report.Value{7}}}, Totals: []report.Value{7},
		},
	}, nil
}

func someCalls(format string) map[string]any {
	return map[string]any{"calls": map[string]any{"from": day(1), "to": day(2)}, "format": format}
}

func someReport(format string) map[string]any {
	return map[string]any{"report": map[string]any{
		"report": "queues", "from": day(1).UnixMilli(), "to": day(2).UnixMilli(), "zone": "", "count": "", "interval": 0,
		"filter": map[string]any{"hours": ""}, "sort": "", "limit": 0, "days": 0, "same": false, "now": 0,
	}, "format": format, "search": "queue=1"}
}

// story of a call with two legs.
const story = `{"legs": [{"pbx": "office", "kind": "customer", "number": "=79160000001", "endpoint": "PJSIP/trunk", "start": "2026-11-01T09:00:00Z", "answered": null, "end": "2026-11-01T09:01:00Z", "cause": 16},
	{"pbx": "office", "kind": "operator", "number": "101", "endpoint": "PJSIP/101", "start": "2026-11-01T09:00:01Z", "answered": "2026-11-01T09:00:05Z", "end": "2026-11-01T09:01:00Z", "cause": 16}]}`

func sheetRows(t *testing.T, body []byte, sheet string) [][]string {
	t.Helper()
	x, err := excelize.OpenReader(bytes.NewReader(body))
	must(t, err)
	defer x.Close()
	rows, err := x.GetRows(sheet)
	must(t, err)
	return rows
}

func TestJournalIsExportedWithItsLegs(t *testing.T) {
	f := newFixture(t)
	id := uuid.New()
	f.addCalls(f.mine,
		aCall{id: id, at: day(1).Add(9 * time.Hour), caller: "=79160000001", dialled: "600", direction: 1, disposition: 2, operators: []int32{f.operator}, story: story},
		aCall{id: uuid.New(), at: day(3)})
	f.addCalls(f.other, aCall{id: uuid.New(), at: day(1).Add(time.Hour)})
	anna := f.as("anna")
	body := someCalls("xlsx")
	body["zone"] = "Europe/Moscow"
	r := anna.do("POST", "/exports", body)
	if r.status != 200 || r.header.Get("Content-Type") != export.XLSX.MIME() || !strings.Contains(r.header.Get("Content-Disposition"), "Calls 2026-11-01.xlsx") {
		t.Fatalf("%d %v %s", r.status, r.header, r.body[:min(len(r.body), 300)])
	}
	calls := sheetRows(t, r.body, "Calls")
	if len(calls) != 2 || calls[1][0] != "2026-11-01 12:00:00" || calls[1][6] != "=79160000001" || calls[1][4] != "Abandoned" || calls[1][19] != id.String() {
		t.Errorf("%v", calls)
	}
	want := [][]string{
		{"Call", "PBX", "Party", "Number", "Operator", "Endpoint", "Start", "Answered at", "End", "Cause of hang-up (Q.850)"},
		{id.String(), "office", "outside party", "=79160000001", "", "PJSIP/trunk", "2026-11-01 12:00:00", "", "2026-11-01 12:01:00", "16"},
		{id.String(), "office", "operator", "101", "", "PJSIP/101", "2026-11-01 12:00:01", "2026-11-01 12:00:05", "2026-11-01 12:01:00", "16"},
	}
	if diff := cmp.Diff(want, sheetRows(t, r.body, "Legs")); diff != "" {
		t.Errorf("legs (-want +got):\n%s", diff)
	}
	if about := fmt.Sprint(sheetRows(t, r.body, "About this list")); !strings.Contains(about, "Europe/Moscow") || !strings.Contains(about, "ANNA") {
		t.Errorf("about: %s", about)
	}

	body = someCalls("csv")
	body["rows"], body["language"] = "legs", "ru"
	r = anna.do("POST", "/exports", body)
	rows, err := csv.NewReader(bytes.NewReader(r.body[3:])).ReadAll()
	must(t, err)
	if len(rows) != 3 || rows[0][2] != "Сторона" || rows[1][3] != "'=79160000001" || rows[1][6] != "2026-11-01T09:00:00.000Z" {
		t.Errorf("%q", rows)
	}

	r = anna.do("POST", "/exports", someCalls("parquet"))
	file, err := parquet.OpenFile(bytes.NewReader(r.body), int64(len(r.body)))
	must(t, err)
	if file.NumRows() != 1 {
		t.Errorf("%d rows of Parquet", file.NumRows())
	}
}

func TestLongJournalsAreReadByThePage(t *testing.T) {
	f := newFixture(t)
	var calls []aCall
	for i := range 2050 {
		calls = append(calls, aCall{id: uuid.New(), at: day(1).Add(time.Duration(i) * time.Second), caller: fmt.Sprint(i)})
	}
	f.addCalls(f.mine, calls...)
	r := f.as("anna").do("POST", "/exports", someCalls("csv"))
	rows, err := csv.NewReader(bytes.NewReader(r.body[3:])).ReadAll()
	must(t, err)
	if len(rows) != 2051 || rows[1][6] != "2049" || rows[2050][6] != "0" {
		t.Errorf("%d rows, from %s to %s", len(rows), rows[1][6], rows[len(rows)-1][6])
	}
}

func TestReportsAreExportedAsTheirViewerSeesThemAndSaidInTheAudit(t *testing.T) {
	f := newFixture(t)
	anna := f.as("anna")
	r := anna.do("POST", "/exports", someReport("csv"))
	if r.status != 200 || string(r.body) != "\uFEFFQueue,offered\r\n'=Sales,7\r\n" {
		t.Errorf("%d %q", r.status, r.body)
	}
	if len(f.figures.asked) != 1 || f.figures.asked[0].Tenant != f.mine || !f.figures.asked[0].Scope.Everything {
		t.Errorf("asked %+v", f.figures.asked)
	}
	r = anna.do("POST", "/exports", someReport("xlsx"))
	if about := fmt.Sprint(sheetRows(t, r.body, "About this report")); !strings.Contains(about, "https://cloud.test:8443/reports/queues?queue=1") || !strings.Contains(about, "ANNA") {
		t.Errorf("about: %s", about)
	}
	if r := anna.do("GET", "/audit?action=export", nil); strings.Count(string(r.body), `"subject":"By queue 2026-11-01"`) != 2 {
		t.Errorf("audit: %s", r.body)
	}
}

func TestExportsThatCannotBeMadeAreExplainedAndLeaveNothing(t *testing.T) {
	f := newFixture(t)
	anna := f.as("anna")
	for code, body := range map[string]map[string]any{
		"bad-request": {"format": "csv"},
		"too-large":   someReport("csv"),
	} {
		f.figures.err = figures.ErrTooLarge
		if r := anna.do("POST", "/exports", body); r.status < 400 || r.code(t) != code {
			t.Errorf("%d %s, want %s", r.status, r.body, code)
		}
	}
	zone := someCalls("csv")
	zone["zone"] = "Mars/Olympus"
	if r := anna.do("POST", "/exports", zone); r.status != 400 {
		t.Errorf("%d %s", r.status, r.body)
	}
	left, err := os.ReadDir(os.TempDir())
	must(t, err)
	for _, e := range left {
		if strings.HasPrefix(e.Name(), "callweave-export-") {
			t.Errorf("%s is left", e.Name())
		}
	}
}
