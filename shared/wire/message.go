package wire

import (
	"fmt"
	"sync"

	"github.com/fxamacker/cbor/v2"
)

// Message is the payload of a frame that is no batch. The numbers of its fields are part of the contract: they are only
// added to. A field that is missing reads as its zero value, and a writer leaves zero values out.
type Message interface{ Kind() FrameKind }

// Hello is the agent's first frame on the control stream.
type Hello struct {
	Versions     Versions `cbor:"1,keyasint"`
	AgentVersion string   `cbor:"2,keyasint,omitempty"`
	Stream       uint64   `cbor:"3,keyasint"` // number of the agent's spool
	FirstSeq     uint64   `cbor:"4,keyasint"` // first event the spool still holds, or will give a gap batch for
	NextSeq      uint64   `cbor:"5,keyasint"` // the event that comes next
	Clock        int64    `cbor:"6,keyasint"` // ns since 1970 by the agent's clock
}

// Welcome is the cloud's answer to Hello.
type Welcome struct {
	Version    uint16 `cbor:"1,keyasint"` // of the protocol, from now on
	ResumeSeq  uint64 `cbor:"2,keyasint"` // the first event to send
	ServerTime int64  `cbor:"3,keyasint"` // ns since 1970 by the cloud's clock
	MaxBatch   uint32 `cbor:"4,keyasint"` // bytes of the largest batch the cloud takes
}

// Committed says that the effect of all events up to Seq is in the database: the agent may forget them.
type Committed struct {
	Stream uint64 `cbor:"1,keyasint"`
	Seq    uint64 `cbor:"2,keyasint"`
}

// Resume asks the agent to go on sending from Seq, whatever it has sent already.
type Resume struct {
	Stream uint64 `cbor:"1,keyasint"`
	Seq    uint64 `cbor:"2,keyasint"`
}

// Report is what an agent says about itself, every ten seconds and when something changes.
type Report struct {
	Counters map[string]int64  `cbor:"1,keyasint,omitempty"`
	Findings []Finding         `cbor:"2,keyasint,omitempty"` // all that the last check found; none: as in the report before
	Facts    map[string]string `cbor:"3,keyasint,omitempty"` // asterisk (its version), system (its SystemName), ami (address)…
}

// Finding is one thing that the agent's check has looked at.
type Finding struct {
	Code     string `cbor:"1,keyasint"`           // what, for a machine: "ami-rights", "timestampevents"
	Severity string `cbor:"2,keyasint"`           // ok, warn, error
	Detail   string `cbor:"3,keyasint,omitempty"` // what was seen
	Hurts    string `cbor:"4,keyasint,omitempty"` // what it spoils
	// Others are the same words in other languages than English, by language code.
	Others map[string]FindingWords `cbor:"5,keyasint,omitempty"`
}

// FindingWords are a finding's words in one language.
type FindingWords struct {
	Detail string `cbor:"1,keyasint,omitempty"`
	Hurts  string `cbor:"2,keyasint,omitempty"`
}

// Ping asks for a Pong with the same number. Either side may send it.
type Ping struct {
	Nonce uint64 `cbor:"1,keyasint"`
	Sent  int64  `cbor:"2,keyasint,omitempty"` // ns since 1970 by the sender's clock
}

// Pong answers a Ping.
type Pong struct {
	Nonce uint64 `cbor:"1,keyasint"`
	Sent  int64  `cbor:"2,keyasint,omitempty"` // ns since 1970 by the answerer's clock
}

// Goodbye is the last frame of a side that ends the connection on purpose.
type Goodbye struct {
	Code         Code   `cbor:"1,keyasint"`
	Text         string `cbor:"2,keyasint,omitempty"`
	RetryAfterMS uint32 `cbor:"3,keyasint,omitempty"`
}

// Kind of a Hello.
func (Hello) Kind() FrameKind { return FrameHello }

// Kind of a Welcome.
func (Welcome) Kind() FrameKind { return FrameWelcome }

// Kind of a Committed.
func (Committed) Kind() FrameKind { return FrameCommitted }

// Kind of a Resume.
func (Resume) Kind() FrameKind { return FrameResume }

// Kind of a Report.
func (Report) Kind() FrameKind { return FrameReport }

// Kind of a Ping.
func (Ping) Kind() FrameKind { return FramePing }

// Kind of a Pong.
func (Pong) Kind() FrameKind { return FramePong }

// Kind of a Goodbye.
func (Goodbye) Kind() FrameKind { return FrameGoodbye }

// DecodeMessage reads the payload of f into m, a pointer to the message of f's kind:
//
//	var hello wire.Hello
//	err := wire.DecodeMessage(f, &hello)
//
// The error is ErrFrameMalformed.
func DecodeMessage[M Message](f Frame, m *M) error {
	if kind := (*m).Kind(); f.Kind != kind {
		return fmt.Errorf("decode frame: kind %d where %d is due: %w", f.Kind, kind, ErrFrameMalformed)
	}
	mode, err := decodeMode()
	if err != nil {
		return err
	}
	if err := mode.Unmarshal(f.Payload, m); err != nil {
		return fmt.Errorf("decode frame: kind %d: %w: %w", f.Kind, ErrFrameMalformed, err)
	}
	return nil
}

func encodeMessage(m Message) ([]byte, error) {
	mode, err := encodeMode()
	if err != nil {
		return nil, err
	}
	b, err := mode.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("encode frame: kind %d: %w", m.Kind(), err)
	}
	return b, nil
}

// The codec's modes are made once: they hold what was learned about the message types by reflection, and nothing else.
var (
	encodeMode = sync.OnceValues(func() (cbor.EncMode, error) { return cbor.CoreDetEncOptions().EncMode() })
	decodeMode = sync.OnceValues(func() (cbor.DecMode, error) {
		return cbor.DecOptions{
			DupMapKey:        cbor.DupMapKeyEnforcedAPF,
			IndefLength:      cbor.IndefLengthForbidden,
			TagsMd:           cbor.TagsForbidden,
			MaxNestedLevels:  8,
			MaxArrayElements: 1024,
			MaxMapPairs:      1024,
		}.DecMode()
	})
)
