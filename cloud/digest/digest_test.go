package digest_test

import (
	"bytes"
	"flag"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/callweave/callweave/cloud/digest"
	"github.com/callweave/callweave/cloud/export"
	"github.com/callweave/callweave/cloud/locale"
	"github.com/callweave/callweave/cloud/report"
	"github.com/callweave/callweave/cloud/wording"
)

var look = flag.String("look", "", "a directory to write letters and pictures to, to be looked at")

// aReport is of a week in Moscow, with as many rows as keys.
func aReport(t *testing.T, language string, dims []string, keys ...[]report.Key) *export.Report {
	t.Helper()
	words, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	zone, err := time.LoadLocation("Europe/Moscow")
	if err != nil {
		t.Fatal(err)
	}
	from := time.Date(2026, 3, 2, 0, 0, 0, 0, zone)
	ms := func(days int) int64 { return from.AddDate(0, 0, days).UnixMilli() }
	r := &export.Report{
		Definition: report.Definition{ID: "queues", Title: "By queue", Tells: "Which queues reach their service level, and which lose callers.", Figure: "offered"},
		Measures: map[string]report.Measure{
			"offered": {Title: "Offered", Formula: "calls that entered the queue"}, "sl": {Title: "Service level", Formula: "answered in time ÷ (answered + abandoned)"},
			"abandoned": {Title: "Abandoned"}, "asa": {Title: "ASA", Formula: "wait of the answered ÷ answered"},
		},
		Query: report.Query{From: ms(0), To: ms(7), Before: &report.Span{From: ms(-7), To: ms(0)}, Filter: report.Filter{Directions: []string{"inbound"}}},
		Table: &report.Table{
			Dims: dims, Columns: []report.Column{
				{ID: "offered", Unit: report.UnitCount},
				{ID: "sl", Unit: report.UnitShare, Better: 1},
				{ID: "abandoned", Unit: report.UnitCount, Better: -1},
				{ID: "asa", Unit: report.UnitMS, Better: -1},
			},
			Totals: []report.Value{12_345, 0.812, 310, 14_300}, Before: &report.Before{Totals: []report.Value{11_800, 0.79, 402, 14_300}},
			Policies: []report.Policy{report.DefaultPolicy()}, Zones: []string{"Europe/Moscow"},
		},
		Coverage: []report.Heard{{PBX: 1, Since: 1}},
		Say:      wording.New(words, language, zone, &report.Names{Queues: []report.Queue{{ID: 1, Name: "Продажи", Number: "600"}, {ID: 2, Name: "Support & <service> of everything that was ever sold", Number: "601"}}}),
		ZoneName: "Europe/Moscow", Made: from.AddDate(0, 0, 7), By: "Anna", Link: "https://cloud.test/reports/queues?from=2026-03-02&to=2026-03-08&queue=1,2",
	}
	for i, k := range keys {
		v := report.Value(100 + 90*math.Sin(float64(i)/3))
		r.Table.Rows = append(r.Table.Rows, report.Row{Keys: k, Values: []report.Value{v, 0.8, v / 20, 12_000}})
		r.Table.Before.Rows = append(r.Table.Before.Rows, []report.Value{v * 0.9, 0.8, v / 20, 12_000})
	}
	return r
}

func write(t *testing.T, name string, r *export.Report) (*digest.Page, image.Image) {
	t.Helper()
	page, err := digest.Write(r, digest.Options{Name: r.Definition.Title, Owner: "Anna"})
	if err != nil {
		t.Fatal(err)
	}
	var img image.Image
	for _, p := range page.Pictures {
		if img, err = png.Decode(bytes.NewReader(p.PNG)); err != nil {
			t.Fatal(err)
		}
	}
	if *look != "" {
		html := page.HTML
		for _, p := range page.Pictures {
			html = strings.ReplaceAll(html, "cid:"+p.Name, name+"-"+p.Name)
			if err := os.WriteFile(filepath.Join(*look, name+"-"+p.Name), p.PNG, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.WriteFile(filepath.Join(*look, name+".html"), []byte(html), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return page, img
}

func queueKeys() [][]report.Key {
	return [][]report.Key{{{ID: 1}}, {{ID: 2}}, {{ID: 3, Label: "Третья"}}, {{ID: 0}}}
}

func TestLetterTellsFiguresChangesFormulasAndWhereToLook(t *testing.T) {
	page, _ := write(t, "bars", aReport(t, "en", []string{report.ByQueue}, queueKeys()...))
	if page.Subject != "By queue, 2 Mar 2026 – 8 Mar 2026" {
		t.Errorf("subject %q", page.Subject)
	}
	for _, want := range []string{
		"12,345", "+4.6%", "81%", "&#43;2.2\u00a0points", `color:#1a7f37">&#43;2.2`, `color:#1a7f37">−23%`, "Compared with 23 Feb 2026 – 1 Mar 2026", "Продажи (600)",
		"Support &amp; &lt;service&gt;", "answered in time ÷ (answered + abandoned)", "SL3:", "Complete: everything the PBXs said was heard.", "Directions: Inbound",
		`href="https://cloud.test/reports/queues?from=2026-03-02&amp;to=2026-03-08&amp;queue=1,2"`, `src="cid:chart.png"`, "because Anna set it up",
	} {
		if !strings.Contains(strings.ReplaceAll(page.HTML, "+", "&#43;"), strings.ReplaceAll(want, "+", "&#43;")) {
			t.Errorf("the letter does not say %q", want)
		}
	}
	for _, not := range []string{"<svg", "<script", "<link", "<style", "javascript:"} {
		if strings.Contains(page.HTML, not) {
			t.Errorf("the letter has %s, which mail programs drop", not)
		}
	}
	for _, want := range []string{"Service level: 81% (+2.2\u00a0points)", "https://cloud.test/reports/queues", "Complete:"} {
		if !strings.Contains(page.Text, want) {
			t.Errorf("the plain letter does not say %q:\n%s", want, page.Text)
		}
	}
}

func TestLetterShowsTheFirstRowsOnly(t *testing.T) {
	var keys [][]report.Key
	for range 40 {
		keys = append(keys, []report.Key{{ID: 1}})
	}
	page, _ := write(t, "many", aReport(t, "ru", []string{report.ByQueue}, keys...))
	if n := strings.Count(page.HTML, "Продажи (600)"); n != 12 || !strings.Contains(page.HTML, "28") {
		t.Errorf("%d rows", n)
	}
}

// counted is how many dots of a colour a picture has.
func counted(img image.Image, want color.RGBA) (n int) {
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			if r, g, b, _ := img.At(x, y).RGBA(); uint8(r>>8) == want.R && uint8(g>>8) == want.G && uint8(b>>8) == want.B {
				n++
			}
		}
	}
	return n
}

func TestPicturesSuitTheRows(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Moscow")
	if err != nil {
		t.Fatal(err)
	}
	var days, hours, cells [][]report.Key
	for i := range 28 {
		days = append(days, []report.Key{{ID: time.Date(2026, 3, 2+i, 0, 0, 0, 0, zone).UnixMilli()}})
	}
	for i := range 24 {
		hours = append(hours, []report.Key{{ID: int64(i)}})
		for d := range 7 {
			cells = append(cells, []report.Key{{ID: int64(d + 1)}, {ID: int64(i)}})
		}
	}
	accent := color.RGBA{0x1f, 0x6f, 0xeb, 0xff}
	for name, c := range map[string]struct {
		dims []string
		keys [][]report.Key
		dots int // of the accent, at least
	}{
		"bars":    {[]string{report.ByQueue}, queueKeys(), 20_000},
		"lines":   {[]string{report.ByDay}, days, 2_000},
		"columns": {[]string{report.ByHour}, hours, 50_000},
		"heatmap": {[]string{report.ByWeekday, report.ByHour}, cells, 500},
	} {
		_, img := write(t, "picture-"+name, aReport(t, "ru", c.dims, c.keys...))
		if img == nil {
			t.Errorf("%s: no picture", name)
			continue
		}
		if img.Bounds().Dx() != 1264 || counted(img, accent) < c.dots {
			t.Errorf("%s: %d wide, %d dots of the accent", name, img.Bounds().Dx(), counted(img, accent))
		}
	}
}

func TestNoPictureOfNothing(t *testing.T) {
	empty := aReport(t, "en", []string{report.ByQueue})
	page, img := write(t, "empty", empty)
	if img != nil || strings.Contains(page.HTML, "<img") || !strings.Contains(page.HTML, "There is nothing in this period.") {
		t.Errorf("a letter about nothing: %v\n%s", img != nil, page.HTML)
	}
	zeros := aReport(t, "en", []string{report.ByQueue}, queueKeys()...)
	for i := range zeros.Table.Rows {
		zeros.Table.Rows[i].Values[0], zeros.Table.Before.Rows[i][0] = 0, report.None()
	}
	if _, img := write(t, "zeros", zeros); img != nil {
		t.Error("a picture of zeros")
	}
}
