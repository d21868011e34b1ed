package api

import "context"

func (a *API) callEvents(context.Context, *eventsInput) (*eventsOutput, error) {
	return nil, notFound()
}
