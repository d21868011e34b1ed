package report

import (
	"math"
	"strconv"
)

// Table is a report.
type Table struct {
	Report   string   `json:"report"`
	Dims     []string `json:"dims"`
	Columns  []Column `json:"columns"`
	Rows     []Row    `json:"rows"`
	Found    int      `json:"found"`            // rows there are, also beyond the limit
	Totals   []Value  `json:"totals"`           // over all rows' facts, not over the rows: a call in two rows counts once
	Before   *Before  `json:"before,omitempty"` // the period to compare with
	Policies []Policy `json:"policies"`         // all that had a part
	Zones    []string `json:"zones"`            // the zones of its buckets
	Wall     bool     `json:"wall"`             // buckets of several zones share rows: their beginnings are wall-clock time, as if it were UTC
	Notes    []string `json:"notes"`            // codes of what a reader has to know: estimated, imported, open
}

// Before is the period compared with: totals, and a row for every row of the table (nil where it has none).
type Before struct {
	Totals []Value   `json:"totals"`
	Rows   [][]Value `json:"rows"`
}

// Units of columns.
const (
	UnitCount = "count"
	UnitMS    = "ms"    // a duration, shown as m:ss
	UnitShare = "share" // 0 to 1, shown as a percentage
	UnitRatio = "ratio" // a plain number
	UnitTime  = "time"  // ms since 1970
	UnitText  = "text"
)

// Column is a column of figures.
type Column struct {
	ID     string `json:"id"`
	Unit   string `json:"unit"`
	Better int    `json:"better"` // 1: more is good, -1: less is, 0: neither
	Drill  bool   `json:"drill"`  // there are calls behind it
}

// Row is a group: one key per dimension, one value per column.
type Row struct {
	Keys   []Key    `json:"keys"`
	Values []Value  `json:"values"`
	Texts  []string `json:"texts,omitempty"` // of columns that are no figures, by column
}

// Key is what a row is about. ID is an id of the directory, a bucket's beginning in ms, an hour, a weekday from 1; Label is
// its name where it has one of its own.
type Key struct {
	ID    int64  `json:"id"`
	Kind  string `json:"kind,omitempty"` // of an operator: person, device
	Label string `json:"label,omitempty"`
}

// Value is a figure; NaN, in JSON null, where there is none: an average of nothing.
type Value float64

// None is no figure.
func None() Value { return Value(math.NaN()) }

// MarshalJSON writes null for no figure.
func (v Value) MarshalJSON() ([]byte, error) {
	if f := float64(v); !math.IsNaN(f) && !math.IsInf(f, 0) {
		return strconv.AppendFloat(nil, f, 'f', -1, 64), nil
	}
	return []byte("null"), nil
}

// UnmarshalJSON reads null as no figure.
func (v *Value) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		*v = None()
		return nil
	}
	f, err := strconv.ParseFloat(string(b), 64)
	*v = Value(f)
	return err
}
