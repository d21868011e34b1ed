package logs

import "fmt"

// Flaw is what is wrong with a line, as a code.
type Flaw string

// The flaws.
const (
	TooLong      Flaw = "too_long"
	OpenQuote    Flaw = "open_quote"
	FewFields    Flaw = "few_fields"
	NoEvent      Flaw = "no_event"
	UnknownEvent Flaw = "unknown_event"
	NoTime       Flaw = "no_time"
	NoLength     Flaw = "no_length"
	NoChannel    Flaw = "no_channel"
)

// flawError is a line that cannot be read.
type flawError struct {
	flaw Flaw
	what string // the field it is about
}

func (e *flawError) Error() string { return e.flaw.Sentence(e.what) }

// Sentence says it in plain words.
func (f Flaw) Sentence(what string) string {
	switch f {
	case TooLong:
		return fmt.Sprintf("the line is longer than %d KB", maxLine>>10)
	case OpenQuote:
		return "a quote is not closed"
	case FewFields:
		return "it has too few fields, or too many"
	case NoEvent:
		return "it names no event"
	case UnknownEvent:
		return fmt.Sprintf("%q is no event of CEL", what)
	case NoTime:
		return fmt.Sprintf("%q is no time", what)
	case NoLength:
		return fmt.Sprintf("%q is no number of seconds", what)
	case NoChannel:
		return "it names no channel"
	}
	return string(f)
}

// FileError says why a file cannot be read at all.
type FileError struct {
	Code   string // not_a_log, packed, zone_needed, wrong_zone, other_log, columns, encoding
	Detail string // what the sentence is about: columns, a zone, an encoding
	say    string
}

func (e *FileError) Error() string { return e.say }

// Reasons why a file cannot be read, where nothing more is to be said.
var (
	ErrNotALog = &FileError{Code: "not_a_log", say: "this is no queue_log, CEL or CDR; see docs/import.md for what they look like"}
	ErrPacked  = &FileError{Code: "packed", say: "it is packed with xz, zstd or zip: unpack it first; gzip and bzip2 may stay"}
	ErrZone    = &FileError{Code: "zone_needed", say: "its times are local: say of which time zone"}
)
