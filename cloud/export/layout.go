package export

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// Format is a kind of file.
type Format string

// The formats.
const (
	CSV     Format = "csv"
	XLSX    Format = "xlsx"
	Parquet Format = "parquet"
)

// MIME is the media type of a format.
func (f Format) MIME() string {
	switch f {
	case XLSX:
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	case Parquet:
		return "application/vnd.apache.parquet"
	}
	return "text/csv; charset=utf-8"
}

// Kind says what a column holds and with it how its cells are written.
type Kind int

// The kinds of columns, with what is in Cell.Number.
const (
	Text     Kind = iota // nothing: it is in Cell.Text
	Count                // a whole number
	Ratio                // any number
	Share                // 0 to 1
	Duration             // ms
	Moment               // ms since 1970
	Day                  // ms since 1970 of its midnight in the file's zone
)

// Column is a column of a file.
type Column struct {
	ID      string // for machines: Parquet calls it that
	Heading string // for people
	Kind    Kind
	Width   float64 // in characters, of XLSX; 0: by kind
}

// Cell is a value of a column. The zero value is an empty one.
type Cell struct {
	Text   string
	Number float64
	Set    bool
}

// Words makes a cell of a column of text.
func Words(s string) Cell { return Cell{Text: s, Set: s != ""} }

// Number makes a cell of any other column.
func Number(n float64) Cell { return Cell{Number: n, Set: n == n} } // NaN is no figure

// Sheet is a table of a file. Only XLSX can have several.
type Sheet struct {
	Name    string
	Columns []Column
}

// Fact is something said about a file: a heading and what it says, or a heading of several that follow, without text.
type Fact struct{ Name, Text string }

// Layout is a file without its rows.
type Layout struct {
	Sheets    []Sheet
	About     []Fact // its second sheet in XLSX, its metadata in Parquet; CSV has no place for it
	AboutName string // of that sheet
	Zone      *time.Location
}

// Writer writes one file. Rows go to any of its sheets in any order.
type Writer interface {
	// Row writes a row of a sheet, one cell per column.
	Row(sheet int, cells []Cell) error
	// Totals writes what stands below all rows of a sheet. Formats for programs leave it out.
	Totals(sheet int, cells []Cell) error
	// Close completes the file; without it there is none. Discard gives up.
	Close() error
	Discard()
}

// ErrTooManyRows is a table that a format cannot hold.
var ErrTooManyRows = errors.New("XLSX holds 1,048,576 rows")

// New begins a file.
func New(f Format, w io.Writer, l Layout) (Writer, error) {
	if l.Zone == nil {
		l.Zone = time.UTC
	}
	switch f {
	case CSV:
		return newCSV(w, l)
	case XLSX:
		return newXLSX(w, l)
	case Parquet:
		return newParquet(w, l)
	}
	return nil, fmt.Errorf("write export: unknown format %q", f)
}

// local is a moment as clocks of the zone show it, in ms since 1970 as if that were UTC.
func local(ms float64, zone *time.Location) float64 {
	_, offset := time.UnixMilli(int64(ms)).In(zone).Zone()
	return ms + float64(offset)*1000
}

// FileName makes a name that every file system takes.
func FileName(s string) string {
	return strings.Trim(strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`<>:"/\|?*`, r) {
			return '_'
		}
		return r
	}, s), ". ")
}
