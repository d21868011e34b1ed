package logs

import "fmt"

// Kind is which log a file is.
type Kind uint8

// The kinds.
const (
	Unknown Kind = iota
	QueueLog
	CEL
	CDR
)

// String returns the name by which people know the log.
func (k Kind) String() string {
	switch k {
	case QueueLog:
		return "queue_log"
	case CEL:
		return "CEL"
	case CDR:
		return "CDR"
	case Unknown:
	}
	return "unknown"
}

// MarshalText writes the key of a kind.
func (k Kind) MarshalText() ([]byte, error) {
	return []byte(map[Kind]string{QueueLog: "queue_log", CEL: "cel", CDR: "cdr"}[k]), nil
}

// UnmarshalText reads what MarshalText wrote.
func (k *Kind) UnmarshalText(text []byte) error {
	kind, ok := map[string]Kind{"queue_log": QueueLog, "cel": CEL, "cdr": CDR, "": Unknown}[string(text)]
	if !ok {
		return fmt.Errorf("no log is called %q; there are queue_log, cel and cdr", text)
	}
	*k = kind
	return nil
}

// Row is one row of a log. One of Queue, Event and Record is set.
type Row struct {
	_      struct{} `cbor:",toarray"`
	At     int64    // µs since 1970 by the PBX's clock
	Key    int64    // what rows are put in order by: At, or later where At is only known to the second
	Order  uint64   // of reading, to break ties
	Part   uint8    // which moment of the row this is, where whoever sorts made several of it
	Whole  bool     // At is only known to the second
	File   uint16   // which file, where whoever sorts says so
	Queue  *QueueEntry
	Event  *ChannelEvent
	Record *Record
}

// QueueEntry is a line of queue_log.
type QueueEntry struct {
	_                         struct{} `cbor:",toarray"`
	Call, Queue, Agent, Event string
	Data                      []string
}

// Arg returns a datum by its place, "" where there is none.
func (e *QueueEntry) Arg(n int) string {
	if n < len(e.Data) {
		return e.Data[n]
	}
	return ""
}

// ChannelEvent is a row of CEL.
type ChannelEvent struct {
	_                        struct{} `cbor:",toarray"`
	Type                     string
	Name, Number, ANI, DNID  string
	Exten, Context, Channel  string
	App, Data                string
	Uniqueid, Linkedid, Peer string
	UserType, Extra          string
}

// Record is a row of CDR. Times are µs since 1970, 0 for none.
type Record struct {
	_                            struct{} `cbor:",toarray"`
	Source, Destination, Context string
	CallerName                   string
	Channel, DestChannel         string
	App, Data                    string
	Start, Answer, End           int64
	Disposition                  string
	Uniqueid, Linkedid, DID      string
	Sequence                     string
}
