package api

import (
	"encoding/json"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// User is a person who is signed in.
type User struct {
	ID       string `json:"id" format:"uuid"`
	Name     string `json:"name"`
	Login    string `json:"login"`
	Role     string `json:"role" enum:"administrator,supervisor,operator,operator_figures,none,custom,staff" doc:"custom: one the tenant made; staff in the vendor realm"`
	RoleName string `json:"role_name" doc:"Of a custom role"`
	Language string `json:"language" enum:"en,ru"`
	Operator *int32 `json:"operator" doc:"The device that is this user's for good"`
	Person   *int32 `json:"person" doc:"Who this user is among the people at devices"`
}

// Tenant is the customer a person works for.
type Tenant struct {
	ID   string `json:"id" format:"uuid"`
	Name string `json:"name"`
	Zone string `json:"zone" doc:"IANA time zone" example:"Europe/Moscow"`
}

// Session says who is asking.
type Session struct {
	User   User    `json:"user"`
	Tenant *Tenant `json:"tenant" doc:"null in the vendor realm"`
	Realm  string  `json:"realm" enum:"tenant,vendor"`

	Rights []string `json:"rights" nullable:"false" doc:"What this user may do: see GET /roles"`
	Sees   string   `json:"sees" enum:"all,limited,own,nothing" doc:"How far that reaches: limited to some queues and devices, or to own devices"`
}

// TransformSchema lets the schema say that tenant may be null.
func (Session) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	return orNull(s, "tenant")
}

// CallRow is a call as the journal lists it.
type CallRow struct {
	ID          string     `json:"id" format:"uuid"`
	Start       time.Time  `json:"start"`
	Answered    *time.Time `json:"answered"`
	End         *time.Time `json:"end" doc:"null while the call is going on"`
	Open        bool       `json:"open" doc:"Still going on"`
	Partial     bool       `json:"partial" doc:"Part of it was not seen; figures are estimates"`
	Imported    []string   `json:"imported" nullable:"false" enum:"queue_log,cel,cdr" doc:"Which logs of the PBX it was made of; none where an agent heard it"`
	Direction   string     `json:"direction" enum:"unknown,inbound,outbound,internal"`
	Disposition string     `json:"disposition" enum:"unknown,answered,abandoned,timeout,join_empty,leave_empty,voicemail,no_answer,busy,rejected,failed"`
	HangupBy    string     `json:"hangup_by" enum:"unknown,caller,callee,pbx"`
	Caller      string     `json:"caller"`
	CallerName  string     `json:"caller_name"`
	Dialled     string     `json:"dialled"`
	PBXs        []int32    `json:"pbxs" nullable:"false"`
	Queues      []int32    `json:"queues" nullable:"false"`
	Operators   []int32    `json:"operators" nullable:"false"`
	People      []PersonAt `json:"people" nullable:"false" doc:"Who was at these devices, as far as anybody said"`
	Tags        []int32    `json:"tags" nullable:"false"`
	WaitMS      int32      `json:"wait_ms" doc:"In queues"`
	TalkMS      int32      `json:"talk_ms"`
	HoldMS      int32      `json:"hold_ms"`
	Rings       int32      `json:"rings"`
	Transfers   int32      `json:"transfers"`
}

// Story is the whole call as the call page draws it, the same object that callweave replay prints.
type Story json.RawMessage

// Schema describes the story as an open object.
func (Story) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{
		Type: huma.TypeObject, AdditionalProperties: true,
		Description: "The call as callweave replay prints it, with legs, IVR steps and channels",
	}
}

// MarshalJSON writes the story as it is stored.
func (s Story) MarshalJSON() ([]byte, error) { return json.RawMessage(s).MarshalJSON() }

// RawEvent is one event of a PBX that belongs to a call.
type RawEvent struct {
	Seq    uint64      `json:"seq" doc:"Its number in the agent's stream"`
	At     time.Time   `json:"at" doc:"When the agent received it"`
	PBX    int32       `json:"pbx"`
	Name   string      `json:"name"`
	Fields [][2]string `json:"fields" nullable:"false" doc:"Pairs of key and value, as the PBX sent them"`
}

// PBXName is a PBX of the directory.
type PBXName struct {
	ID      int32  `json:"id"`
	Name    string `json:"name"`
	Station string `json:"station"`
}

// Numbered is a queue or an operator of the directory.
type Numbered struct {
	ID      int32  `json:"id"`
	Number  string `json:"number" doc:"As the PBX names it"`
	Name    string `json:"name"`
	Station string `json:"station"`
}

// Trunk is a trunk of the directory.
type Trunk struct {
	ID       int32  `json:"id"`
	Endpoint string `json:"endpoint"`
	Station  string `json:"station"`
}

// Directory names everything the other answers have ids for.
type Directory struct {
	PBXs      []PBXName  `json:"pbxs" nullable:"false"`
	Queues    []Numbered `json:"queues" nullable:"false"`
	Operators []Numbered `json:"operators" nullable:"false"`
	Trunks    []Trunk    `json:"trunks" nullable:"false"`
}

// Finding is one thing the agent's check looked at.
type Finding struct {
	Code     string `json:"code"`
	Severity string `json:"severity" enum:"ok,warn,error"`
	Detail   string `json:"detail"`
	Hurts    string `json:"hurts" doc:"Which figures suffer"`
}

// Agent is the edge agent beside a PBX.
type Agent struct {
	ID        string           `json:"id" format:"uuid"`
	Version   string           `json:"version"`
	Transport string           `json:"transport" enum:"quic,tcp," doc:"tcp where UDP is blocked"`
	Address   string           `json:"address"`
	Connected *time.Time       `json:"connected" doc:"Since when; null while it is away"`
	LastSeen  *time.Time       `json:"last_seen"`
	LagMS     *int64           `json:"lag_ms" doc:"Age of the last event when it was committed; null before the first"`
	Rate      float64          `json:"events_per_s"`
	NotAfter  time.Time        `json:"not_after" doc:"End of its certificate, which it renews by itself"`
	Revoked   *time.Time       `json:"revoked"`
	Counters  map[string]int64 `json:"counters" nullable:"false"`
	Findings  []Finding        `json:"findings" nullable:"false"`
}

// Gap is a stretch of events that is known to be missing.
type Gap struct {
	From   time.Time `json:"from"`
	To     time.Time `json:"to"`
	Reason string    `json:"reason"`
	Events int64     `json:"events"`
}

// PBX is a PBX with its agent's health.
type PBX struct {
	ID       int32  `json:"id"`
	Name     string `json:"name"`
	Station  string `json:"station"`
	Asterisk string `json:"asterisk" doc:"The version it reported"`
	Agent    *Agent `json:"agent" doc:"null before an agent was enrolled"`
	Gaps     []Gap  `json:"gaps" nullable:"false" doc:"Of the last 30 days, newest first"`
}

// TransformSchema lets the schema say that agent may be null.
func (PBX) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema { return orNull(s, "agent") }

// ConsoleTenant is a tenant as the vendor sees it.
type ConsoleTenant struct {
	ID        string     `json:"id" format:"uuid"`
	Slug      string     `json:"slug"`
	Name      string     `json:"name"`
	Zone      string     `json:"zone"`
	Suspended *time.Time `json:"suspended"`
	Created   time.Time  `json:"created"`
	Agents    int32      `json:"agents"`
	Connected int32      `json:"connected" doc:"Agents connected now"`
}

// ConsoleAgent is an agent as the vendor sees it. The names of a tenant's PBXs are the tenant's own; only ids here.
type ConsoleAgent struct {
	ID        string     `json:"id" format:"uuid"`
	Tenant    string     `json:"tenant" format:"uuid"`
	PBX       int32      `json:"pbx"`
	Version   string     `json:"version"`
	Transport string     `json:"transport"`
	Address   string     `json:"address"`
	Connected *time.Time `json:"connected"`
	LastSeen  *time.Time `json:"last_seen"`
	NotAfter  time.Time  `json:"not_after"`
	Revoked   *time.Time `json:"revoked"`
	Findings  []Finding  `json:"findings" nullable:"false"`
}

// orNull marks a property that refers to another schema as one that may be null, which OpenAPI 3.1 says by anyOf.
func orNull(s *huma.Schema, property string) *huma.Schema {
	was := s.Properties[property]
	s.Properties[property] = &huma.Schema{
		AnyOf:       []*huma.Schema{{Ref: was.Ref}, {Type: "null"}},
		Description: was.Description,
	}
	return s
}
