package truth

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// Found is an assembled call as `callweave replay --format json` prints it and the API's story holds it; what the checks
// do not look at is left out.
type Found struct {
	ID          string          `json:"id"`
	Direction   string          `json:"direction"`
	PBX         []string        `json:"pbx"`
	Caller      string          `json:"caller"`
	Dialled     string          `json:"dialled"`
	Start       Stamp           `json:"start"`
	Answered    Stamp           `json:"answered"`
	End         Stamp           `json:"end"`
	Open        bool            `json:"open"`
	Disposition string          `json:"disposition"`
	HangupBy    string          `json:"hangup_by"`
	Queues      []FoundQueue    `json:"queues"`
	Rings       []FoundRing     `json:"rings"`
	Talks       []FoundTalk     `json:"talks"`
	Holds       []FoundHold     `json:"holds"`
	Transfers   []FoundTransfer `json:"transfers"`
}

// FoundQueue is a row of "queues".
type FoundQueue struct {
	PBX      string `json:"pbx"`
	Queue    string `json:"queue"`
	Entered  Stamp  `json:"entered"`
	Left     Stamp  `json:"left"`
	Result   string `json:"result"`
	Operator string `json:"operator"`
}

// FoundRing is a row of "rings".
type FoundRing struct {
	PBX      string  `json:"pbx"`
	Operator string  `json:"operator"`
	At       Stamp   `json:"at"`
	Seconds  float64 `json:"seconds"`
	Result   string  `json:"result"`
}

// FoundTalk is a row of "talks".
type FoundTalk struct {
	PBX      string `json:"pbx"`
	Operator string `json:"operator"`
	With     string `json:"with"`
	Consult  bool   `json:"consult"`
	From     Stamp  `json:"from"`
	To       Stamp  `json:"to"`
}

// FoundHold is a row of "holds".
type FoundHold struct {
	PBX  string `json:"pbx"`
	By   string `json:"by"`
	From Stamp  `json:"from"`
	To   Stamp  `json:"to"`
}

// FoundTransfer is a row of "transfers".
type FoundTransfer struct {
	Kind   string `json:"kind"`
	By     string `json:"by"`
	To     string `json:"to"`
	At     Stamp  `json:"at"`
	Result string `json:"result"`
}

// Stamp is an RFC 3339 time, or zero for null and for a row that has not ended.
type Stamp struct{ time.Time }

// UnmarshalJSON reads null and "" as zero.
func (s *Stamp) UnmarshalJSON(b []byte) error {
	var text *string
	if err := json.Unmarshal(b, &text); err != nil {
		return fmt.Errorf("read time: %w", err)
	}
	if text == nil || *text == "" {
		s.Time = time.Time{}
		return nil
	}
	t, err := time.Parse(time.RFC3339Nano, *text)
	if err != nil {
		return fmt.Errorf("read time: %w", err)
	}
	s.Time = t
	return nil
}

// Unix gives the moment as the truth writes it.
func (s Stamp) unix() Time { return At(s.Time) }

// ParseFound reads the document `callweave replay --format json` prints.
func ParseFound(b []byte) ([]*Found, error) {
	var doc struct {
		Calls []*Found `json:"calls"`
	}
	if err := json.Unmarshal(b, &doc); err != nil {
		return nil, fmt.Errorf("read calls: %w", err)
	}
	for _, c := range doc.Calls {
		for i := range c.Queues { // leave-empty, as some write it, is leave_empty
			c.Queues[i].Result = strings.ReplaceAll(c.Queues[i].Result, "-", "_")
		}
	}
	return doc.Calls, nil
}
