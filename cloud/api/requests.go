package api

import "time"

// The inputs and outputs of the operations, as huma reads and describes them.

type loginInput struct {
	Body struct {
		Login    string `json:"login" minLength:"1" maxLength:"200"`
		Password string `json:"password" minLength:"1" maxLength:"1024"`
	}
}

type sessionOutput struct {
	SetCookie string `header:"Set-Cookie" hidden:"true"`
	Body      Session
}

type logoutOutput struct {
	SetCookie string `header:"Set-Cookie" hidden:"true"`
}

type preferencesInput struct {
	Body struct {
		Language string `json:"language" enum:"en,ru"`
	}
}

type callsInput struct {
	From        time.Time `query:"from" doc:"Calls that began at or after this moment"`
	To          time.Time `query:"to" doc:"Calls that began before this moment"`
	ID          []string  `query:"id" maxItems:"500" format:"uuid" doc:"Of these calls only"`
	Queue       []int32   `query:"queue" maxItems:"200" doc:"Calls that were in any of these queues"`
	Operator    []int32   `query:"operator" maxItems:"500" doc:"Calls that rang at, were spoken or made by any of these operators"`
	Person      []int32   `query:"person" maxItems:"500" doc:"Calls in which a device of any of these people took part while it was theirs"`
	PBX         []int32   `query:"pbx" maxItems:"100" doc:"Calls that touched any of these PBXs"`
	Number      string    `query:"number" maxLength:"40" doc:"Part of the number of the caller or the dialled one; spaces, brackets, dashes and a leading + do not matter"`
	Disposition []string  `query:"disposition" enum:"answered,abandoned,timeout,join_empty,leave_empty,voicemail,no_answer,busy,rejected,failed"`
	Direction   []string  `query:"direction" enum:"inbound,outbound,internal"`
	Attribute   []string  `query:"attribute,explode" maxItems:"10" maxLength:"1300" doc:"Calls a leg of which has an attribute (channel variable or AMI field) of this name, or of this name and value, as NAME or NAME:VALUE; given several times, all of them"`
	Tag         []int32   `query:"tag" maxItems:"100" doc:"Calls that have any of these tags"`
	Limit       int       `query:"limit" default:"100" minimum:"1" maximum:"1000"`
	Cursor      string    `query:"cursor" maxLength:"200" doc:"next of the answer before; the other parameters stay the same"`
}

type callsOutput struct {
	Body struct {
		Calls []CallRow `json:"calls" nullable:"false" doc:"Newest first"`
		Next  *string   `json:"next" doc:"Cursor of the following calls; null at the end"`
		Total *int      `json:"total,omitempty" doc:"How many calls match, on the first page, where that is at most 10,000"`
	}
}

type callInput struct {
	ID string `path:"id" format:"uuid"`
}

type callOutput struct {
	Body struct {
		Call  CallRow `json:"call"`
		Story Story   `json:"story"`
	}
}

type eventsInput struct {
	ID    string `path:"id" format:"uuid"`
	After string `query:"after" maxLength:"200" doc:"next of the answer before"`
	Limit int    `query:"limit" default:"500" minimum:"1" maximum:"5000"`
}

type eventsOutput struct {
	Body struct {
		Events []RawEvent `json:"events" nullable:"false" doc:"In the order of time"`
		Next   *string    `json:"next" doc:"Give it as after; null at the end"`
	}
}

type directoryOutput struct{ Body Directory }

type pbxsOutput struct {
	Body struct {
		PBXs []PBX `json:"pbxs" nullable:"false"`
	}
}

type addPBXInput struct {
	Body struct {
		Name    string `json:"name" minLength:"1" maxLength:"64" pattern:"^[^\\s/]([^/]*[^\\s/])?$"`
		Station string `json:"station,omitempty" maxLength:"64" doc:"PBXs that mirror each other share a station and its numbers; without it the PBX is a station of its own"`
	}
}

type pbxIDInput struct {
	ID int32 `path:"id" minimum:"1"`
}

type tokenOutput struct {
	Body struct {
		PBX     PBXName   `json:"pbx"`
		Token   string    `json:"token" doc:"Works once"`
		Command string    `json:"command" doc:"To be run on the PBX"`
		Expires time.Time `json:"expires"`
	}
}

type revokeInput struct {
	ID   string `path:"id" format:"uuid"`
	Body struct {
		Why string `json:"why" maxLength:"200"`
	}
}

type emptyOutput struct{}

type consoleTenantsOutput struct {
	Body struct {
		Tenants []ConsoleTenant `json:"tenants" nullable:"false"`
	}
}

type consoleAgentsOutput struct {
	Body struct {
		Agents []ConsoleAgent `json:"agents" nullable:"false"`
	}
}

type healthOutput struct {
	Body struct {
		Status string `json:"status" enum:"ok"`
	}
}
