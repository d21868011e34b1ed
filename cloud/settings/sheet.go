package settings

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/callweave/callweave/cloud/identity"
	"github.com/callweave/callweave/cloud/locale"
)

const (
	mostRows     = 50_000
	mostProblems = 100 // more of them say nothing new
	bom          = "\ufeff"
)

// Row is a line of a file, its cells by the names of their columns.
type Row struct {
	Line  int
	cells map[string]string
}

// Get is a cell, "" where the file has no such column.
func (r Row) Get(column string) string { return r.cells[column] }

// Problem is what is wrong with a line of a file. Line 0 is the file as a whole.
type Problem struct {
	Line int
	Say  locale.Sentence
}

// SheetError is why a file was not taken: nothing of it was.
type SheetError struct{ Problems []Problem }

func (e *SheetError) Error() string {
	if len(e.Problems) == 0 {
		return "the file is not taken"
	}
	p := e.Problems[0]
	return fmt.Sprintf("line %d: %s (%d problems)", p.Line, p.Say, len(e.Problems))
}

func wrong(line int, say locale.Sentence) error { return &SheetError{[]Problem{{line, say}}} }

// gather keeps refusals with the line they are about and returns any other error.
func (e *SheetError) gather(line int, err error) error {
	var refused *identity.RefusalError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &refused):
		if len(e.Problems) < mostProblems {
			e.Problems = append(e.Problems, Problem{line, refused.Say})
		}
		return nil
	case errors.Is(err, ErrNotFound):
		if len(e.Problems) < mostProblems {
			e.Problems = append(e.Problems, Problem{line, locale.Say("What this line is about is not there any more. Export the list again.")})
		}
		return nil
	}
	return err
}

// orNone is the error, or nil where nothing was gathered.
func (e *SheetError) orNone() error {
	if len(e.Problems) == 0 {
		return nil
	}
	slices.SortStableFunc(e.Problems, func(a, b Problem) int { return a.Line - b.Line })
	return e
}

// readSheet reads a CSV file as spreadsheets write it: UTF-8 with a mark at the beginning or without, with commas or
// semicolons. The first line names the columns, in any order.
func readSheet(file []byte, columns, needed []string) ([]Row, error) {
	text := bytes.TrimPrefix(file, []byte(bom))
	switch {
	case bytes.HasPrefix(file, []byte{0xff, 0xfe}), bytes.HasPrefix(file, []byte{0xfe, 0xff}), !utf8.Valid(text):
		return nil, wrong(0, locale.Say("The file is not UTF-8. Save it again: in Excel as “CSV UTF-8”, in LibreOffice with the character set UTF-8."))
	case len(bytes.TrimSpace(text)) == 0:
		return nil, wrong(0, locale.Say("The file is empty. Its first line names the columns: %s.", strings.Join(columns, ", ")))
	case bytes.IndexByte(text, 0) >= 0:
		return nil, wrong(0, locale.Say("This is no CSV file. Save the table as CSV first."))
	}
	r := csv.NewReader(bytes.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.ReuseRecord = separator(text), -1, true
	head, err := r.Read()
	if err != nil {
		return nil, unreadable(err)
	}
	names, err := readHead(head, columns, needed)
	if err != nil {
		return nil, err
	}
	var rows []Row
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, unreadable(err)
		}
		line, _ := r.FieldPos(0)
		row := Row{line, map[string]string{}}
		filled := false
		for i, cell := range record {
			cell = unguarded(strings.TrimSpace(cell))
			if cell != "" && i >= len(names) {
				return nil, wrong(line, locale.Say("The line has more cells than there are columns. Put text with commas or semicolons into quotation marks."))
			}
			if i < len(names) {
				row.cells[names[i]] = cell
			}
			filled = filled || cell != ""
		}
		if filled {
			rows = append(rows, row)
		}
		if len(rows) > mostRows {
			return nil, wrong(0, locale.Say("The file has more than %d lines. Divide it.", mostRows))
		}
	}
}

// separator is what parts the names of the columns.
func separator(text []byte) rune {
	head, _, _ := bytes.Cut(text, []byte("\n"))
	best, most := ',', bytes.Count(head, []byte(","))
	for _, r := range ";\t" {
		if n := bytes.Count(head, []byte(string(r))); n > most {
			best, most = r, n
		}
	}
	return best
}

func readHead(head, columns, needed []string) ([]string, error) {
	names := make([]string, len(head))
	for i, cell := range head {
		names[i] = strings.ToLower(strings.TrimSpace(cell))
		switch {
		case names[i] == "":
			names[i] = "\x00" + strconv.Itoa(i) // a column nobody asks for
		case !slices.Contains(columns, names[i]):
			return nil, wrong(1, locale.Say("There is no column %q in this list. It has: %s.", cell, strings.Join(columns, ", ")))
		case slices.Contains(names[:i], names[i]):
			return nil, wrong(1, locale.Say("The column %s is there twice.", names[i]))
		}
	}
	for _, n := range needed {
		if !slices.Contains(names, n) {
			return nil, wrong(1, locale.Say("The column %s is missing. The first line names the columns: %s.", n, strings.Join(columns, ", ")))
		}
	}
	return names, nil
}

func unreadable(err error) error {
	var p *csv.ParseError
	if !errors.As(err, &p) {
		return fmt.Errorf("read file: %w", err)
	}
	return wrong(p.StartLine, locale.Say("A quotation mark is out of place. Text with quotation marks in it is put into quotation marks, with each of its own doubled."))
}

// WriteSheet writes a CSV file that spreadsheets read: UTF-8 with a mark at its beginning. Where numbers have a comma,
// cells are parted by semicolons.
func WriteSheet(columns []string, rows [][]string, semicolons bool) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(bom)
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	if semicolons {
		w.Comma = ';'
	}
	if err := w.Write(columns); err != nil {
		return nil, fmt.Errorf("write file: %w", err)
	}
	for _, row := range rows {
		guarded := make([]string, len(row))
		for i, cell := range row {
			guarded[i] = guard(cell)
		}
		if err := w.Write(guarded); err != nil {
			return nil, fmt.Errorf("write file: %w", err)
		}
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

var harmless = regexp.MustCompile(`^[+-]?[0-9 .,:()–-]*$`)

// guard keeps a spreadsheet from running what a name says: PBXs name things, and not all of them are friends.
func guard(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@'\t\r", rune(cell[0])) && !harmless.MatchString(cell) {
		return "'" + cell
	}
	return cell
}

func unguarded(cell string) string {
	if len(cell) > 1 && cell[0] == '\'' && strings.ContainsRune("=+-@'\t\r", rune(cell[1])) {
		return cell[1:]
	}
	return cell
}
