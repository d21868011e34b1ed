package api

import (
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// PersonRef names a person.
type PersonRef struct {
	ID   int32  `json:"id"`
	Name string `json:"name"`
}

// PersonAt names a person and the device he was at.
type PersonAt struct {
	Operator int32  `json:"operator" doc:"The device"`
	ID       int32  `json:"id"`
	Name     string `json:"name"`
}

// Binding says that a device is a person's from a moment on.
type Binding struct {
	ID       int32      `json:"id"`
	Person   int32      `json:"person"`
	Operator int32      `json:"operator" doc:"The device, as the directory lists operators"`
	From     time.Time  `json:"from"`
	To       *time.Time `json:"to" doc:"null: until further notice"`
}

// Person is somebody who works at devices.
type Person struct {
	ID        int32     `json:"id"`
	Name      string    `json:"name"`
	Note      string    `json:"note"`
	Unwatched bool      `json:"unwatched" doc:"Not to be watched: appears nowhere but to who has the right unwatched.read"`
	Bindings  []Binding `json:"bindings" nullable:"false" doc:"Devices, the latest first"`
}

// InForce says from when a decision counts.
type InForce struct {
	Revision int64     `json:"revision" doc:"Of all decisions of the tenant"`
	From     time.Time `json:"from" doc:"Calls are judged by the decision from this moment on, seconds more or less"`
	Past     string    `json:"past" doc:"The command, run beside the cloud, that judges calls before it anew; with --dry-run it only shows what would change"`
}

// Correction is what somebody decided about an endpoint or a number.
type Correction struct {
	Decided string    `json:"decided" enum:"device,trunk,operator,queue,did,outside,service"`
	Number  string    `json:"number" doc:"Under which a device is to be known; empty leaves what is learned"`
	Note    string    `json:"note"`
	Made    time.Time `json:"made"`
}

// Endpoint is what is known of an endpoint of a PBX, and by what.
type Endpoint struct {
	PBX        int32       `json:"pbx"`
	Station    int32       `json:"station"`
	Endpoint   string      `json:"endpoint" example:"PJSIP/101"`
	Class      string      `json:"class" enum:"unknown,device,trunk" doc:"What it counts as"`
	Learned    string      `json:"learned" enum:"unknown,device,trunk" doc:"What the signs say"`
	Signs      []string    `json:"signs" nullable:"false" doc:"What was seen of it, the surest first, in the viewer's language"`
	Number     string      `json:"number" doc:"Under which a device is known"`
	Name       string      `json:"name" doc:"Its caller id name"`
	FirstSeen  *time.Time  `json:"first_seen" doc:"null where only a correction speaks of it; by the hour"`
	LastSeen   *time.Time  `json:"last_seen"`
	Correction *Correction `json:"correction" doc:"null where nobody corrected it"`
}

// TransformSchema says that the correction may be null.
func (Endpoint) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	return orNull(s, "correction")
}

// DialledNumber is a number of ours by which the outside calls in, or a service code, that was seen.
type DialledNumber struct {
	Station    int32       `json:"station"`
	Number     string      `json:"number"`
	Name       string      `json:"name" doc:"The application a service code leads to"`
	Kind       string      `json:"kind" enum:"did,service" doc:"As it was learned"`
	How        string      `json:"how" enum:"seen,rule"`
	FirstSeen  *time.Time  `json:"first_seen" doc:"By the hour"`
	LastSeen   *time.Time  `json:"last_seen"`
	Correction *Correction `json:"correction"`
}

// TransformSchema says that the correction may be null.
func (DialledNumber) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	return orNull(s, "correction")
}

// ExtenRule says what the numbers that match a pattern are.
type ExtenRule struct {
	Pattern string `json:"pattern" maxLength:"81" doc:"A number, or as in the dialplan: _6XX. X is a digit, Z 1 to 9, N 2 to 9, [1-4] one of those, . one or more of anything, ! anything" example:"_6XX"`
	Kind    string `json:"kind" enum:"operator,queue,did,outside,service"`
	Note    string `json:"note,omitempty" maxLength:"200"`
}

// NumberVerdict is what a number of a station is and why.
type NumberVerdict struct {
	Number   string `json:"number"`
	Kind     string `json:"kind" enum:"unknown,operator,queue,did,outside,service"`
	By       string `json:"by" enum:"correction,rule,queue,device,did,service,star,length,nothing"`
	Position int    `json:"position,omitempty" doc:"Of the rule in the station's list, from 1"`
	Pattern  string `json:"pattern,omitempty" doc:"Of the rule"`
	Why      string `json:"why" doc:"In the viewer's language"`
}

// AuditEntry is one change somebody made.
type AuditEntry struct {
	ID      int64     `json:"id"`
	At      time.Time `json:"at"`
	Login   string    `json:"login"`
	Action  string    `json:"action" example:"binding.change"`
	Subject string    `json:"subject"`
	Before  any       `json:"before" doc:"null where there was nothing"`
	After   any       `json:"after" doc:"null where there is nothing any more"`
}

type peopleOutput struct {
	Body struct {
		People []Person `json:"people" nullable:"false"`
	}
}

type personBody struct {
	Name string `json:"name" maxLength:"200"`
	Note string `json:"note,omitempty" maxLength:"200"`

	Unwatched bool `json:"unwatched,omitempty" doc:"Not to be watched"`
}

type personInput struct{ Body personBody }

type personIDInput struct {
	ID int32 `path:"id" minimum:"1"`
}

type personOutput struct{ Body PersonRef }

type changePersonInput struct {
	ID   int32 `path:"id" minimum:"1"`
	Body personBody
}

type bindingsInput struct {
	Operator []int32   `query:"operator" maxItems:"500"`
	Person   []int32   `query:"person" maxItems:"500"`
	At       time.Time `query:"at" doc:"Only those in force at this moment"`
}

type bindingsOutput struct {
	Body struct {
		Bindings []Binding `json:"bindings" nullable:"false" doc:"The latest first"`
	}
}

type bindingBody struct {
	Person   int32      `json:"person"`
	Operator int32      `json:"operator"`
	From     time.Time  `json:"from" doc:"May be past: calls since then show the person"`
	To       *time.Time `json:"to,omitempty"`
}

type bindingInput struct{ Body bindingBody }

type bindingOutput struct{ Body Binding }

type changeBindingInput struct {
	ID   int32 `path:"id" minimum:"1"`
	Body bindingBody
}

type stationsOutput struct {
	Body struct {
		Stations []Station `json:"stations" nullable:"false"`
	}
}

// Station is a group of PBXs that share their numbers.
type Station struct {
	ID   int32    `json:"id"`
	Name string   `json:"name"`
	PBXs []string `json:"pbxs" nullable:"false"`
}

type endpointsInput struct {
	Station   []int32 `query:"station" maxItems:"100"`
	Class     string  `query:"class" enum:"unknown,device,trunk"`
	Corrected bool    `query:"corrected" doc:"Only those somebody corrected"`
}

type endpointsOutput struct {
	Body struct {
		Endpoints []Endpoint `json:"endpoints" nullable:"false"`
	}
}

type numbersInput struct {
	Station []int32 `query:"station" maxItems:"100"`
	Kind    string  `query:"kind" enum:"did,service"`
}

type numbersOutput struct {
	Body struct {
		Numbers []DialledNumber `json:"numbers" nullable:"false"`
	}
}

type correctEndpointInput struct {
	Body struct {
		Station  int32  `json:"station"`
		Endpoint string `json:"endpoint" maxLength:"200" example:"PJSIP/101"`
		Class    string `json:"class" enum:"device,trunk"`
		Number   string `json:"number,omitempty" maxLength:"40"`
		Note     string `json:"note,omitempty" maxLength:"200"`
	}
}

type correctNumberInput struct {
	Body struct {
		Station int32  `json:"station"`
		Number  string `json:"number" maxLength:"80"`
		Kind    string `json:"kind" enum:"operator,queue,did,outside,service"`
		Note    string `json:"note,omitempty" maxLength:"200"`
	}
}

type uncorrectEndpointInput struct {
	Station  int32  `query:"station" required:"true"`
	Endpoint string `query:"endpoint" required:"true" maxLength:"200"`
}

type uncorrectNumberInput struct {
	Station int32  `query:"station" required:"true"`
	Number  string `query:"number" required:"true" maxLength:"40"`
}

type inForceOutput struct{ Body InForce }

type stationIDInput struct {
	ID int32 `path:"id" minimum:"1"`
}

type rulesOutput struct {
	Body struct {
		Rules []ExtenRule `json:"rules" nullable:"false" doc:"The first that matches decides"`
	}
}

type setRulesInput struct {
	ID   int32 `path:"id" minimum:"1"`
	Body struct {
		Rules []ExtenRule `json:"rules" nullable:"false" maxItems:"1000"`
	}
}

type setRulesOutput struct {
	Body struct {
		Rules   []ExtenRule `json:"rules" nullable:"false"`
		InForce InForce     `json:"in_force"`
	}
}

type judgeInput struct {
	ID     int32  `path:"id" minimum:"1"`
	Number string `query:"number" required:"true" maxLength:"80"`
}

type judgeOutput struct{ Body NumberVerdict }

type referencesOutput struct {
	Body struct {
		Names []string `json:"names" nullable:"false" doc:"Channel variables that carry a reference from one PBX to the next, besides the usual ones"`
	}
}

type setReferencesInput struct {
	Body struct {
		Names []string `json:"names" nullable:"false" maxItems:"100"`
	}
}

type setReferencesOutput struct {
	Body struct {
		Names   []string `json:"names" nullable:"false"`
		InForce InForce  `json:"in_force"`
	}
}

type auditInput struct {
	Action string `query:"action" maxLength:"40" doc:"Only these: binding.change; or all of a kind: binding"`
	Limit  int    `query:"limit" default:"100" minimum:"1" maximum:"1000"`
	Before int64  `query:"before" minimum:"1" doc:"next of the answer before"`
}

type auditOutput struct {
	Body struct {
		Entries []AuditEntry `json:"entries" nullable:"false" doc:"Newest first"`
		Next    *int64       `json:"next" doc:"Give it as before; null at the end"`
	}
}
