package export_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"
	"github.com/xuri/excelize/v2"

	"github.com/callweave/callweave/cloud/export"
)

// vladivostok is seven hours ahead of Moscow, so a day taken in the wrong zone shows.
func vladivostok(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Asia/Vladivostok")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func layout(t *testing.T) export.Layout {
	return export.Layout{
		Sheets: []export.Sheet{{Name: "Queues: [all]/day", Columns: []export.Column{
			{ID: "queue", Heading: "Queue"},
			{ID: "calls", Heading: "Calls", Kind: export.Count},
			{ID: "sl", Heading: "Service level", Kind: export.Share},
			{ID: "talk_ms", Heading: "Talk", Kind: export.Duration},
			{ID: "at", Heading: "At", Kind: export.Moment},
			{ID: "day", Heading: "Day", Kind: export.Day},
			{ID: "load", Heading: "Load", Kind: export.Ratio},
		}}},
		About: []export.Fact{{Name: "Formulas"}, {Name: "Service level", Text: "answered in 20 s ÷ offered"}}, AboutName: "About", Zone: vladivostok(t),
	}
}

func write(t *testing.T, f export.Format, l export.Layout, rows ...[]export.Cell) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := export.New(f, &b, l)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if err := w.Row(0, r); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Totals(0, []export.Cell{export.Words("Total"), export.Number(12), {}, {}, {}, {}, {}}); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// row is of the evening of March 1 in Moscow: in Vladivostok it is March 2 already.
func row(queue string) []export.Cell {
	at := time.Date(2026, 3, 1, 20, 30, 15, 0, time.UTC)
	midnight := time.Date(2026, 3, 1, 14, 0, 0, 0, time.UTC)
	return []export.Cell{
		export.Words(queue), export.Number(12), export.Number(0.8125), export.Number(97_225_000),
		export.Number(float64(at.UnixMilli())), export.Number(float64(midnight.UnixMilli())), export.Number(math.NaN()),
	}
}

func readCSV(t *testing.T, b []byte) [][]string {
	t.Helper()
	if !bytes.HasPrefix(b, []byte("\xEF\xBB\xBF")) {
		t.Error("no byte order mark")
	}
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(b, []byte("\xEF\xBB\xBF")))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestCSVHoldsWhatTheTableSays(t *testing.T) {
	raw := write(t, export.CSV, layout(t), row("Sales, \"north\"\nand more"))
	if bytes.Count(raw, []byte("\r\n")) < 2 {
		t.Errorf("lines do not end as RFC 4180 says: %q", raw)
	}
	want := [][]string{
		{"Queue", "Calls", "Service level", "Talk", "At", "Day", "Load"},
		{"Sales, \"north\"\nand more", "12", "0.8125", "97225", "2026-03-02T06:30:15.000+10:00", "2026-03-02", ""},
	}
	if diff := cmp.Diff(want, readCSV(t, raw)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestCSVHasNothingASpreadsheetTakesForAFormula(t *testing.T) {
	for text, want := range map[string]string{
		"=HYPERLINK(\"http://x\")": "'=HYPERLINK(\"http://x\")",
		"+1+cmd|' /C calc'!A0":     "'+1+cmd|' /C calc'!A0",
		"-2+3":                     "'-2+3",
		"@SUM(A1)":                 "'@SUM(A1)",
		"\t=1":                     "'\t=1",
		"\r=1":                     "'=1",
		"+":                        "'+",
		"+79161234567":             "+79161234567",
		"Anna = boss":              "Anna = boss",
	} {
		l := layout(t)
		l.Sheets[0].Columns = l.Sheets[0].Columns[:1]
		var b bytes.Buffer
		w, err := export.New(export.CSV, &b, l)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Row(0, []export.Cell{export.Words(text)}); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(b.String(), strings.ReplaceAll(want, `"`, `""`)) || strings.Contains(b.String(), "\r\n"+text) && text != want {
			t.Errorf("%q became %q, want %q in it", text, b.String(), want)
		}
	}
}

func openXLSX(t *testing.T, b []byte) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func TestXLSXHoldsTypedValuesTotalsAndWhatTheyMean(t *testing.T) {
	f := openXLSX(t, write(t, export.XLSX, layout(t), row("=1+1")))
	if diff := cmp.Diff([]string{"Queues   all  day", "About"}, f.GetSheetList()); diff != "" {
		t.Fatalf("sheets (-want +got):\n%s", diff)
	}
	sheet := f.GetSheetList()[0]
	shown, err := f.GetRows(sheet)
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"Queue", "Calls", "Service level", "Talk", "At", "Day", "Load"},
		{"=1+1", "12", "81.3%", "27:00:25", "2026-03-02 06:30:15", "2026-03-02"},
		{"Total", "12"},
	}
	if diff := cmp.Diff(want, shown); diff != "" {
		t.Errorf("as shown (-want +got):\n%s", diff)
	}
	raw, err := f.GetRows(sheet, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	if raw[1][3] != "1.12528935185185" || raw[1][2] != "0.8125" {
		t.Errorf("values are %v: not numbers a sheet can reckon with", raw[1])
	}
	if formula, err := f.GetCellFormula(sheet, "A2"); err != nil || formula != "" {
		t.Errorf("A2 has the formula %q, %v", formula, err)
	}
	if panes, err := f.GetPanes(sheet); err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("the header does not stay: %+v, %v", panes, err)
	}
	about, err := f.GetRows("About")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([][]string{{"Formulas"}, {"Service level", "answered in 20 s ÷ offered"}}, about); diff != "" {
		t.Errorf("about (-want +got):\n%s", diff)
	}
}

func TestXLSXTakesAnyText(t *testing.T) {
	f := openXLSX(t, write(t, export.XLSX, layout(t), row("\x01<b>&\U0001F600"+strings.Repeat("я", 40_000))))
	got, err := f.GetCellValue(f.GetSheetList()[0], "A2")
	if err != nil {
		t.Fatal(err)
	}
	if n := len(utf16.Encode([]rune(got))); n != 32_767 || !strings.Contains(got, "<b>&\U0001F600я") || !strings.HasSuffix(got, "…") {
		t.Errorf("%d characters: %.20q", n, got)
	}
}

func TestParquetIsTypedAndInOrder(t *testing.T) {
	raw := write(t, export.Parquet, layout(t), row("Sales"), row(""))
	file, err := parquet.OpenFile(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	var columns []string
	for _, f := range file.Schema().Fields() {
		columns = append(columns, f.Name()+" "+f.Type().String())
	}
	want := []string{
		"queue STRING", "calls INT(64,true)", "sl DOUBLE", "talk_ms INT(64,true)", "at TIMESTAMP(isAdjustedToUTC=true,unit=MILLIS)", "day DATE", "load DOUBLE",
	}
	if diff := cmp.Diff(want, columns); diff != "" {
		t.Errorf("schema (-want +got):\n%s", diff)
	}
	rows := make([]parquet.Row, 3)
	reader := parquet.NewGenericReader[any](file)
	defer reader.Close()
	n, err := reader.ReadRows(rows)
	if n != 2 || err != nil && !errors.Is(err, io.EOF) {
		t.Fatalf("%d rows, %v", n, err)
	}
	got := fmt.Sprintf("%v %v %v %v %v", rows[0][0], rows[0][1], rows[0][2], rows[0][3], rows[0][4])
	if want := fmt.Sprint("Sales 12 0.8125 97225000 ", time.Date(2026, 3, 1, 20, 30, 15, 0, time.UTC).UnixMilli()); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if day := rows[0][5].Int32(); day != int32(time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC).Unix()/86400) {
		t.Errorf("day %d", day)
	}
	if !rows[0][6].IsNull() || !rows[1][0].IsNull() {
		t.Errorf("what is empty is not null: %v, %v", rows[0][6], rows[1][0])
	}
	if v, _ := file.Lookup("callweave.001"); v != "Service level\tanswered in 20 s ÷ offered" {
		t.Errorf("metadata: %q", v)
	}
}
