package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/callweave/callweave/cloud/locale"
)

const cookieName = "__Host-callweave"

type Config struct{}
type Deps struct{ Log *slog.Logger }
type API struct {
	huma          huma.API
	log           *slog.Logger
	words         *locale.Words
	problemSchema *huma.Schema
	sessions      sessions
}
type sessions struct{}

func (sessions) find(context.Context, string) (*Viewer, error) { return nil, signInFirst() }
func New(_ Config, d Deps) (*API, error) {
	w, err := locale.Load()
	if err != nil {
		return nil, err
	}
	a := &API{log: d.Log, words: w}
	a.huma = humago.New(http.NewServeMux(), a.humaConfig())
	a.operations()
	return a, nil
}
func requestID(context.Context) string { return "" }

var errX = errors.New("x")

func (a *API) signIn(context.Context, *loginInput) (*sessionOutput, error) { return nil, errX }
func (a *API) whoAmI(context.Context, *struct{}) (*sessionOutput, error)   { return nil, errX }
func (a *API) setPreferences(context.Context, *preferencesInput) (*sessionOutput, error) {
	return nil, errX
}
func (a *API) signOut(context.Context, *struct{}) (*logoutOutput, error)         { return nil, errX }
func (a *API) listCalls(context.Context, *callsInput) (*callsOutput, error)      { return nil, errX }
func (a *API) getCall(context.Context, *callInput) (*callOutput, error)          { return nil, errX }
func (a *API) callEvents(context.Context, *eventsInput) (*eventsOutput, error)   { return nil, errX }
func (a *API) getDirectory(context.Context, *struct{}) (*directoryOutput, error) { return nil, errX }
func (a *API) listPBXs(context.Context, *struct{}) (*pbxsOutput, error)          { return nil, errX }
func (a *API) addPBX(context.Context, *addPBXInput) (*tokenOutput, error)        { return nil, errX }
func (a *API) newToken(context.Context, *pbxIDInput) (*tokenOutput, error)       { return nil, errX }
func (a *API) revokeAgent(context.Context, *revokeInput) (*emptyOutput, error)   { return nil, errX }
func (a *API) consoleTenants(context.Context, *struct{}) (*consoleTenantsOutput, error) {
	return nil, errX
}
func (a *API) consoleAgents(context.Context, *struct{}) (*consoleAgentsOutput, error) {
	return nil, errX
}
