package report

// Query asks for a report. The zero value of every field but Report, From and To means what the report does by itself.
type Query struct {
	Report   string   `json:"report"`
	From     int64    `json:"from"`             // ms, inclusive
	To       int64    `json:"to"`               // exclusive
	Before   *Span    `json:"before,omitempty"` // the period to compare with
	Zone     string   `json:"zone"`             // IANA: buckets of that zone; "queue": each row in its queue's own; "": the tenant's
	By       []string `json:"by,omitempty"`     // dimensions, at most two
	Count    string   `json:"count"`            // when a row counts: arrival, answer or end
	Interval int      `json:"interval"`         // minutes of the dimension "interval": 5, 15, 30 or 60
	Filter   Filter   `json:"filter"`
	Columns  []string `json:"columns,omitempty"`
	Sort     string   `json:"sort"`             // a column or dimension, "-" before it: descending; "": by the dimensions
	Limit    int      `json:"limit"`            // of rows, after sorting; 0: all
	Policy   *Policy  `json:"policy,omitempty"` // what if: in place of all stored policies
	Days     int      `json:"days"`             // window of repeated calls; 0: 7 of repeats, 1 of retries
	Same     bool     `json:"same"`             // a repeated call counts only in the same queue
	Steps    []int    `json:"steps,omitempty"`  // seconds, of distributions
	Now      int64    `json:"now"`              // what lasts is counted up to here
}

// ZoneQueue is the zone of a query in which each row counts by the clock of its own queue.
const ZoneQueue = "queue"

// When a row counts: when it arrived, when it was answered (or lost without), when its call ended.
const (
	CountArrival = "arrival"
	CountAnswer  = "answer"
	CountEnd     = "end"
)

// Span is a period, half open, in ms.
type Span struct {
	From int64 `json:"from"`
	To   int64 `json:"to"`
}

// Filter says what takes part; an empty list lets everything.
type Filter struct {
	Queues       []int32  `json:"queues,omitempty"`
	Operators    []int32  `json:"operators,omitempty"` // devices
	People       []int32  `json:"people,omitempty"`
	Groups       []int32  `json:"groups,omitempty"`
	PBXs         []int32  `json:"pbxs,omitempty"`
	Stations     []int32  `json:"stations,omitempty"`
	Trunks       []int32  `json:"trunks,omitempty"`
	Tags         []int32  `json:"tags,omitempty"`
	DIDs         []string `json:"dids,omitempty"`
	Numbers      []string `json:"numbers,omitempty"` // beginnings of the outside number
	IVR          []string `json:"ivr,omitempty"`     // options
	Directions   []string `json:"directions,omitempty"`
	Dispositions []string `json:"dispositions,omitempty"`
	Weekdays     []int    `json:"weekdays,omitempty"` // 1 Monday
	Hours        string   `json:"hours"`              // open, closed: within or outside the queue's working hours
}

// The dimensions a report may be grouped by.
const (
	ByQueue       = "queue"
	ByOperator    = "operator" // the person whose the device was at that moment, else the device
	ByGroup       = "group"
	ByPBX         = "pbx"
	ByStation     = "station"
	ByDID         = "did"
	ByTrunk       = "trunk"
	ByNumber      = "number"
	ByPrefix      = "prefix"
	ByDisposition = "disposition"
	ByDirection   = "direction"
	ByHour        = "hour" // of the day
	ByWeekday     = "weekday"
	ByDay         = "day"
	ByWeek        = "week"
	ByMonth       = "month"
	ByInterval    = "interval" // of time, Query.Interval minutes each
	ByIVR         = "ivr"
	ByTag         = "tag"
	ByReason      = "reason" // of a pause
	ByResult      = "result"
	ByStep        = "step" // of a distribution: its key is the step's upper end in seconds, 0 the last one without
	ByTo          = "to"   // to whom a call was handed: an operator, a queue, a number
	ByKind        = "kind" // of a transfer: 1 blind, 2 attended
	ByCall        = "call" // each call by itself: the journal
	ByCase        = "case" // each case of a missed caller by itself
)
