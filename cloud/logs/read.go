package logs

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// Options say what a file does not say itself.
type Options struct {
	Kind     Kind           // Unknown: by its looks
	Zone     *time.Location // of local times; nil: the file has none
	Encoding string         // "" for UTF-8
	From, To int64          // µs: rows outside are left out; 0 for no bound
}

// Report says what was found in a file.
type Report struct {
	Kind       Kind      `json:"kind"`
	Lines      int       `json:"lines"`
	Rows       int       `json:"rows"`    // within the period
	Outside    int       `json:"outside"` // of the period
	Broken     int       `json:"broken"`  // lines that could not be read
	Foreign    int       `json:"foreign"` // lines that are in another encoding
	Doubled    int       `json:"doubled"` // times that clocks showed twice
	Skipped    int       `json:"skipped"` // times that clocks never showed
	First      time.Time `json:"first"`   // of the rows
	Last       time.Time `json:"last"`
	Problems   []Problem `json:"problems"`             // the first of the broken lines
	Unfinished string    `json:"unfinished,omitempty"` // why the file ends before its end
}

// Problem is a line that could not be read.
type Problem struct {
	Line int    `json:"line"`
	Text string `json:"text"` // its beginning
	Flaw Flaw   `json:"flaw"`
	What string `json:"what"` // the field it is about
}

const (
	mostProblems = 20
	shownText    = 120
)

func (r *Report) broken(n int, text string, why error) {
	r.Broken++
	if len(r.Problems) < mostProblems {
		if len(text) > shownText {
			text = text[:shownText]
		}
		p := Problem{Line: n, Text: strings.ToValidUTF8(text, ""), Flaw: FewFields}
		var f *flawError
		if errors.As(why, &f) {
			p.Flaw, p.What = f.flaw, f.what[:min(len(f.what), shownText)]
		}
		r.Problems = append(r.Problems, p)
	}
}

// joined is how many lines a row may have: fields may hold ends of lines.
const joined = 8

// Read hands out the rows of a file in their order there. A row is the caller's.
func Read(r io.Reader, o Options, emit func(*Row) error) (Report, error) {
	var rep Report
	l, err := newLines(r, o.Encoding)
	if err != nil {
		return rep, err
	}
	p := parser{Options: o, rep: &rep}
	for {
		line, err := l.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			rep.broken(l.n, "", err)
			continue
		}
		if line == "" {
			continue
		}
		if err := p.line(l, line, emit); err != nil {
			return rep, err
		}
	}
	rep.Lines, rep.Foreign, rep.Kind = l.n, l.foreign, p.Kind
	if l.cut != nil {
		rep.Unfinished = l.cut.Error()
	}
	if rep.Lines > 0 && (p.Kind == Unknown || rep.Broken > 0 && rep.Rows+rep.Outside == 0) {
		return rep, ErrNotALog
	}
	return rep, p.wrongZone()
}

// parser makes rows of lines.
type parser struct {
	Options
	rep     *Report
	columns *columns // of a table; nil for queue_log as a file
	started bool
	order   uint64
	last    int64 // moment of the row before
	fields  []string
	off     zoneCheck
}

func (p *parser) line(l *lines, line string, emit func(*Row) error) error {
	if !p.started {
		p.started = true
		header, err := p.begin(line)
		if err != nil || header {
			return err
		}
	}
	begun := l.n
	row, err := p.row(line)
	for n := 1; errors.Is(err, errOpenQuote) && n < joined; n++ {
		more, e := l.next()
		if e != nil {
			break
		}
		line += "\n" + more
		row, err = p.row(line)
	}
	switch {
	case errors.Is(err, ErrZone):
		return err
	case err != nil:
		p.rep.broken(begun, line, err)
		return nil
	case p.From != 0 && row.At < p.From, p.To != 0 && row.At >= p.To:
		p.rep.Outside++
		return nil
	}
	p.order++
	row.Order, row.Key = p.order, row.At
	at := time.UnixMicro(row.At).UTC()
	if p.rep.Rows++; p.rep.Rows == 1 || at.Before(p.rep.First) {
		p.rep.First = at
	}
	if at.After(p.rep.Last) {
		p.rep.Last = at
	}
	return emit(row)
}

var errOpenQuote = &flawError{flaw: OpenQuote}

// begin looks at the first line: which log is it, and is this line the header of a table?
func (p *parser) begin(line string) (header bool, err error) {
	kind, cols := recognise(line)
	if kind == Unknown {
		kind = p.Kind
	}
	switch {
	case kind == Unknown:
		return false, ErrNotALog
	case p.Kind != Unknown && kind != p.Kind:
		return false, &FileError{"other_log", kind.String(), fmt.Sprintf("this looks like %s, not like %s", kind, p.Kind)}
	}
	p.Kind = kind
	if cols == nil && kind != QueueLog {
		cols = plain(kind, comma(line))
	}
	if p.columns = cols; cols == nil || !cols.header {
		return false, nil
	}
	return true, cols.complete(kind)
}

func (p *parser) row(line string) (*Row, error) {
	if p.columns == nil {
		return p.queueLine(line)
	}
	fields, ok := split(line, p.columns.comma, p.fields)
	if !ok {
		return nil, errOpenQuote
	}
	p.fields = fields
	switch p.Kind {
	case QueueLog:
		return p.queueRow(fields)
	case CEL:
		return p.celRow(fields)
	default:
		return p.cdrRow(fields)
	}
}

// moment reads the time of a row about a channel.
func (p *parser) moment(text, uniqueid string) (at int64, whole bool, err error) {
	zone := p.Zone
	if zone == nil {
		zone = time.UTC
	}
	s, err := parse(text, zone)
	if err != nil || s.first < 0 || max(s.first, s.second) > latest*1e6 {
		return 0, false, &flawError{NoTime, text}
	}
	if _, isEpoch := epoch(text); !isEpoch && p.Zone == nil {
		return 0, false, ErrZone
	}
	born := Born(uniqueid)
	if s.second != 0 {
		p.rep.Doubled++
	}
	if s.skipped {
		p.rep.Skipped++
	}
	at = s.resolve(born, p.last)
	p.last = max(p.last, at)
	return at, s.whole, nil
}
