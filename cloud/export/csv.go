package export

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// csvWriter writes RFC 4180 in UTF-8 with a byte order mark, by which spreadsheets know the encoding. Durations are seconds,
// shares parts of one, moments ISO 8601 with the zone's offset.
type csvWriter struct {
	w       *csv.Writer
	columns []Column
	zone    *time.Location
	row     []string
}

func newCSV(out io.Writer, l Layout) (Writer, error) {
	if len(l.Sheets) != 1 {
		return nil, fmt.Errorf("write csv: it holds one table, not %d", len(l.Sheets))
	}
	if _, err := io.WriteString(out, "\uFEFF"); err != nil {
		return nil, fmt.Errorf("write csv: %w", err)
	}
	c := &csvWriter{w: csv.NewWriter(out), columns: l.Sheets[0].Columns, zone: l.Zone, row: make([]string, len(l.Sheets[0].Columns))}
	c.w.UseCRLF = true
	for i, col := range c.columns {
		c.row[i] = harmless(col.Heading)
	}
	return c, c.write()
}

func (c *csvWriter) write() error {
	if err := c.w.Write(c.row); err != nil {
		return fmt.Errorf("write csv: %w", err)
	}
	return nil
}

func (c *csvWriter) Row(_ int, cells []Cell) error {
	for i, cell := range cells {
		c.row[i] = c.text(c.columns[i].Kind, cell)
	}
	return c.write()
}

func (c *csvWriter) text(k Kind, cell Cell) string {
	n := cell.Number
	switch {
	case !cell.Set:
		return ""
	case k == Text:
		return harmless(cell.Text)
	case k == Duration:
		return strconv.FormatFloat(n/1000, 'f', -1, 64)
	case k == Moment:
		return time.UnixMilli(int64(n)).In(c.zone).Format("2006-01-02T15:04:05.000Z07:00")
	case k == Day:
		return time.UnixMilli(int64(n)).In(c.zone).Format(time.DateOnly)
	}
	return strconv.FormatFloat(n, 'f', -1, 64)
}

// Totals are left out: a program that adds the column up would count everything twice.
func (*csvWriter) Totals(int, []Cell) error { return nil }

func (c *csvWriter) Close() error {
	c.w.Flush()
	if err := c.w.Error(); err != nil {
		return fmt.Errorf("write csv: %w", err)
	}
	return nil
}

func (*csvWriter) Discard() {}

// harmless keeps a spreadsheet from taking text for a formula: callers choose their names and numbers themselves. A plain
// number with its plus stays as it is, for it can be nothing else.
func harmless(s string) string {
	if s == "" || !strings.ContainsRune("=+-@\t\r\n", rune(s[0])) {
		return s
	}
	if digits := strings.TrimPrefix(s, "+"); digits != "" && strings.Trim(digits, "0123456789") == "" {
		return s
	}
	return "'" + s
}
