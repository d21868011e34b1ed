package export

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

const (
	xlsxRows  = 1_048_576
	xlsxText  = 32_767 // of a cell
	xlsxEpoch = 25_569 // days from the epoch of spreadsheets to 1970
	msOfDay   = 86_400_000
)

// xlsxWriter streams sheets through temporary files of excelize. Durations, moments, shares are numbers with a format, so
// that they can be reckoned with; text is text, never a formula.
type xlsxWriter struct {
	out    io.Writer
	file   *excelize.File
	sheets []xlsxSheet
	zone   *time.Location
	styles map[Kind]int
	bold   map[Kind]int
	layout Layout
	row    []any
}

type xlsxSheet struct {
	name    string
	stream  *excelize.StreamWriter
	columns []Column
	rows    int
}

// numberFormats are those of the kinds. [h] counts hours beyond a day.
func numberFormats() map[Kind]string {
	return map[Kind]string{
		Text: "@", Count: "#,##0", Ratio: "#,##0.00", Share: "0.0%", Duration: "[h]:mm:ss", Moment: "yyyy-mm-dd hh:mm:ss", Day: "yyyy-mm-dd",
	}
}

func newXLSX(out io.Writer, l Layout) (Writer, error) {
	x := &xlsxWriter{out: out, file: excelize.NewFile(), zone: l.Zone, layout: l, styles: map[Kind]int{}, bold: map[Kind]int{}}
	if err := x.begin(); err != nil {
		x.Discard()
		return nil, fmt.Errorf("write xlsx: %w", err)
	}
	return x, nil
}

func (x *xlsxWriter) begin() (err error) {
	for kind, format := range numberFormats() {
		style := excelize.Style{CustomNumFmt: &format}
		if x.styles[kind], err = x.file.NewStyle(&style); err != nil {
			return err
		}
		style.Font = &excelize.Font{Bold: true}
		style.Border = []excelize.Border{{Type: "top", Style: 1, Color: "888888"}}
		if x.bold[kind], err = x.file.NewStyle(&style); err != nil {
			return err
		}
	}
	head, err := x.file.NewStyle(&excelize.Style{
		Font: &excelize.Font{Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"EEF1F4"}},
		Alignment: &excelize.Alignment{WrapText: true, Vertical: "center"}, Border: []excelize.Border{{Type: "bottom", Style: 1, Color: "888888"}},
	})
	if err != nil {
		return err
	}
	used := map[string]bool{}
	for i, s := range x.layout.Sheets {
		name := sheetName(s.Name, used)
		if i == 0 {
			err = x.file.SetSheetName("Sheet1", name)
		} else {
			_, err = x.file.NewSheet(name)
		}
		if err != nil {
			return err
		}
		if err := x.beginSheet(name, s.Columns, head); err != nil {
			return err
		}
	}
	x.layout.AboutName = sheetName(x.layout.AboutName, used)
	return nil
}

func (x *xlsxWriter) beginSheet(name string, columns []Column, head int) error {
	stream, err := x.file.NewStreamWriter(name)
	if err != nil {
		return err
	}
	for i, c := range columns {
		if err := stream.SetColWidth(i+1, i+1, c.width()); err != nil {
			return err
		}
	}
	if err := stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	cells := make([]any, len(columns))
	for i, c := range columns {
		cells[i] = excelize.Cell{StyleID: head, Value: clip(c.Heading)}
	}
	if err := stream.SetRow("A1", cells); err != nil {
		return err
	}
	x.sheets = append(x.sheets, xlsxSheet{name: name, stream: stream, columns: columns, rows: 1})
	return nil
}

func (c Column) width() float64 {
	if c.Width > 0 {
		return c.Width
	}
	switch c.Kind {
	case Text:
		return 24
	case Moment:
		return 20
	}
	return max(12, min(24, float64(utf8.RuneCountInString(c.Heading))*0.9))
}

func (x *xlsxWriter) Row(sheet int, cells []Cell) error { return x.put(sheet, cells, x.styles) }

func (x *xlsxWriter) Totals(sheet int, cells []Cell) error { return x.put(sheet, cells, x.bold) }

func (x *xlsxWriter) put(sheet int, cells []Cell, styles map[Kind]int) error {
	s := &x.sheets[sheet]
	if s.rows++; s.rows > xlsxRows {
		return ErrTooManyRows
	}
	x.row = x.row[:0]
	for i, c := range cells {
		kind := s.columns[i].Kind
		x.row = append(x.row, excelize.Cell{StyleID: styles[kind], Value: x.value(kind, c)})
	}
	if err := s.stream.SetRow(fmt.Sprintf("A%d", s.rows), x.row); err != nil {
		return fmt.Errorf("write xlsx: %w", err)
	}
	return nil
}

func (x *xlsxWriter) value(k Kind, c Cell) any {
	switch {
	case !c.Set:
		return nil
	case k == Text:
		return clip(c.Text)
	case k == Duration:
		return c.Number / msOfDay
	case k == Moment, k == Day:
		return local(c.Number, x.zone)/msOfDay + xlsxEpoch
	}
	return c.Number
}

// Close writes the sheet that says what the file is, and the whole.
func (x *xlsxWriter) Close() error {
	defer x.Discard()
	for _, s := range x.sheets {
		if err := s.stream.Flush(); err != nil {
			return fmt.Errorf("write xlsx: %w", err)
		}
	}
	if len(x.layout.About) > 0 {
		if err := x.about(); err != nil {
			return fmt.Errorf("write xlsx: %w", err)
		}
	}
	if _, err := x.file.WriteTo(x.out); err != nil {
		return fmt.Errorf("write xlsx: %w", err)
	}
	return nil
}

func (x *xlsxWriter) about() error {
	bold, err := x.file.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}})
	if err != nil {
		return err
	}
	wrap, err := x.file.NewStyle(&excelize.Style{Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}})
	if err != nil {
		return err
	}
	if _, err := x.file.NewSheet(x.layout.AboutName); err != nil {
		return err
	}
	stream, err := x.file.NewStreamWriter(x.layout.AboutName)
	if err != nil {
		return err
	}
	if err := stream.SetColWidth(1, 1, 32); err != nil {
		return err
	}
	if err := stream.SetColWidth(2, 2, 96); err != nil {
		return err
	}
	for i, f := range x.layout.About {
		name := wrap
		if f.Text == "" || i == 0 {
			name = bold
		}
		row := []any{excelize.Cell{StyleID: name, Value: clip(f.Name)}, excelize.Cell{StyleID: wrap, Value: clip(f.Text)}}
		if err := stream.SetRow(fmt.Sprintf("A%d", i+1), row); err != nil {
			return err
		}
	}
	return stream.Flush()
}

// Discard removes the temporary files.
func (x *xlsxWriter) Discard() { _ = x.file.Close() }

// sheetName makes a name that spreadsheets take and no other sheet has.
func sheetName(s string, used map[string]bool) string {
	s = strings.Trim(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\`, r) || r < ' ' {
			return ' '
		}
		return r
	}, s), " '")
	if s == "" {
		s = "Sheet"
	}
	if r := []rune(s); len(r) > 28 {
		s = strings.TrimRight(string(r[:28]), " '")
	}
	name := s
	for n := 2; used[strings.ToLower(name)]; n++ {
		name = fmt.Sprintf("%s %d", s, n)
	}
	used[strings.ToLower(name)] = true
	return name
}

// clip shortens text to what a cell holds, counted as spreadsheets do, in UTF-16.
func clip(s string) string {
	n := 0
	for i, r := range s {
		if n += utf16.RuneLen(r); n > xlsxText-1 && len(s)-i > utf8.RuneLen(r) {
			return s[:i] + "…"
		}
	}
	return s
}
