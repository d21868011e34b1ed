package truth

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"time"
)

// Time is a moment in Unix seconds; zero means "never" and is null in JSON.
type Time float64

// At converts a clock reading.
func At(t time.Time) Time {
	if t.IsZero() {
		return 0
	}
	return Time(float64(t.UnixNano()) / 1e9)
}

// Go converts back.
func (t Time) Go() time.Time { return time.Unix(0, int64(float64(t)*1e9)).UTC() }

// MarshalJSON writes "never" as null.
func (t Time) MarshalJSON() ([]byte, error) {
	if t == 0 {
		return []byte("null"), nil
	}
	return json.Marshal(float64(t))
}

// Run is the content of a truth.json: one scenario on fresh PBXs.
type Run struct {
	Scenario    string         `json:"scenario"`
	About       string         `json:"about"`
	Asterisk    string         `json:"asterisk"`
	Calls       []*Call        `json:"calls"`
	AgentEvents []AgentEvent   `json:"agent_events"`
	Notes       []string       `json:"notes"`
	Started     Time           `json:"started"`
	Ended       Time           `json:"ended"`
	PBXs        map[string]PBX `json:"pbxs"`
	Loose       []Ring         `json:"unattributed_rings,omitempty"`
}

// PBX is one machine of a run, by its letter.
type PBX struct {
	IP         string `json:"ip"`
	SystemName string `json:"systemname"`
}

// AgentEvent is what an operator did about queue membership.
type AgentEvent struct {
	At     Time   `json:"at"`
	What   string `json:"what"`
	Agent  string `json:"agent"`
	Queue  string `json:"queue,omitempty"`
	Via    string `json:"via,omitempty"`
	Reason string `json:"reason,omitempty"`
}

// AllQueues is the queue of what an operator did in all queues at once.
const AllQueues = "all"

// Call is ONE call however many channels or PBXs it had.
type Call struct {
	ID           string     `json:"id"`
	Direction    string     `json:"direction"`
	PBX          []string   `json:"pbx"`
	Caller       string     `json:"caller"`
	Dialled      string     `json:"dialled"`
	Queues       []Queue    `json:"queues"`
	Rings        []Ring     `json:"rings"`
	Talks        []Talk     `json:"talks"`
	Holds        []Hold     `json:"holds"`
	Transfers    []Transfer `json:"transfers"`
	Disposition  string     `json:"disposition"`
	HangupBy     string     `json:"hangup_by"`
	Start        Time       `json:"start"`
	Answered     Time       `json:"answered"`
	End          Time       `json:"end"`
	Code         int        `json:"sip_code,omitempty"`
	RingAttempts int        `json:"ring_attempts"`
	AnsweredBy   []string   `json:"answered_by"`
	Parked       []Parked   `json:"parked,omitempty"`
	Conference   string     `json:"conference,omitempty"`
	IVR          []string   `json:"ivr,omitempty"`
	Note         string     `json:"note,omitempty"`
}

// Queue is one visit to a queue.
type Queue struct {
	PBX     string  `json:"pbx"`
	Queue   string  `json:"queue"`
	Entered Time    `json:"entered"`
	Left    Time    `json:"left"` // about a second sure when the queue timed out
	Wait    float64 `json:"wait_seconds"`
	Result  string  `json:"result"`
	Agent   string  `json:"agent,omitempty"`
}

// Ring is one INVITE a phone got.
type Ring struct {
	PBX     string  `json:"pbx"`
	Who     string  `json:"who"`
	Number  string  `json:"number"`
	At      Time    `json:"at"`
	Seconds float64 `json:"seconds"`
	Result  string  `json:"result"`
	Reason  string  `json:"reason,omitempty"`
}

// Talk is one time a called phone was up, hold and consultation included.
type Talk struct {
	PBX     string  `json:"pbx"`
	Who     string  `json:"who"`
	From    Time    `json:"from"`
	To      Time    `json:"to"`
	Seconds float64 `json:"seconds"`
	EndedBy string  `json:"ended_by"` // "this phone" or "the PBX"
}

// Hold is what one phone kept another waiting.
type Hold struct {
	By      string  `json:"by"`
	From    Time    `json:"from"`
	To      Time    `json:"to"`
	Seconds float64 `json:"seconds"`
}

// Transfer is one attempt to hand a call on.
type Transfer struct {
	Kind   string `json:"kind"`
	By     string `json:"by"`
	To     string `json:"to"`
	Via    string `json:"via"`
	At     Time   `json:"at"`
	Result string `json:"result"`
}

// Parked is one stay in the car park.
type Parked struct {
	By   string `json:"by"`
	At   Time   `json:"at"`
	Slot string `json:"slot"`
}

// Seconds rounds a span as the files have it.
func Seconds(from, to Time) float64 { return math.Round(float64(to-from)*100) / 100 }

// Load reads the truth.json of a recording's folder.
func Load(folder string) (*Run, error) {
	b, err := os.ReadFile(filepath.Join(folder, "truth.json"))
	if err != nil {
		return nil, fmt.Errorf("load truth: %w", err)
	}
	run := new(Run)
	if err := json.Unmarshal(b, run); err != nil {
		return nil, fmt.Errorf("load truth of %s: %w", folder, err)
	}
	return run, nil
}

// Save writes truth.json into a folder.
func (r *Run) Save(folder string) error {
	b, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return fmt.Errorf("save truth: %w", err)
	}
	if err := os.WriteFile(filepath.Join(folder, "truth.json"), append(b, '\n'), 0o644); err != nil {
		return fmt.Errorf("save truth: %w", err)
	}
	return nil
}
