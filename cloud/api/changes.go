package api

import (
	"context"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
)

// ChangedCalls is the data of the event "calls".
type ChangedCalls struct {
	IDs []string `json:"ids" nullable:"false"`
}

type changesInput struct{}

// registerChanges describes the stream by hand: huma knows no schema for server-sent events.
func (a *API) registerChanges(o operation) {
	op := a.describeOperation(o)
	op.Responses["200"] = &huma.Response{
		Description: "Events named calls, whose data is ChangedCalls as JSON",
		Content: map[string]*huma.MediaType{"text/event-stream": {
			Schema: a.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[ChangedCalls](), true, ""),
		}},
	}
	huma.Register(a.huma, op, a.watchCalls)
}

func (a *API) watchCalls(context.Context, *changesInput) (*huma.StreamResponse, error) {
	return nil, errX
}
