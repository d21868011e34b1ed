package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/callweave/callweave/cloud/rights"
)

// maxBody is how much a request may carry; nothing here needs more than a few lines.
const maxBody = 64 << 10

// operation is what differs from one endpoint to the next.
type operation struct {
	method, path string
	id           string
	tag          string
	summary      string
	status       int // 0: 200, or 204 without a body
	access       access
}

// register joins an operation, its access and its handler.
func register[I, O any](a *API, o operation, handle func(context.Context, *I) (*O, error)) {
	op := a.describeOperation(o)
	huma.Register(a.huma, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := handle(ctx, in)
		if err != nil {
			return nil, asFailure(err)
		}
		return out, nil
	})
}

func (a *API) describeOperation(o operation) huma.Operation {
	op := huma.Operation{
		Method: o.method, Path: prefix + o.path, OperationID: o.id, Summary: o.summary, Tags: []string{o.tag},
		DefaultStatus: o.status, MaxBodyBytes: maxBody, Middlewares: huma.Middlewares{a.admit(o.access)},
		Responses: map[string]*huma.Response{"default": {
			Description: "What went wrong",
			Content:     map[string]*huma.MediaType{problemType: {Schema: a.problemSchema}},
		}},
		RejectUnknownQueryParameters: true,
	}
	if !o.access.anybody {
		op.Security = []map[string][]string{{"session": {}}, {"token": {}}}
		op.Description = o.access.String()
	}
	return op
}

// operations registers every endpoint; the contract of the portal and of the customers' programs.
func (a *API) operations() {
	const get, post, patch, del = http.MethodGet, http.MethodPost, http.MethodPatch, http.MethodDelete

	register(a, operation{post, "/session", "sign-in", "session", "Sign in", 0, anybody()}, a.signIn)
	register(a, operation{get, "/session", "who-am-i", "session", "Who is signed in", 0, signedIn()}, a.whoAmI)
	register(a, operation{patch, "/session", "set-preferences", "session", "Change own preferences", 0, signedIn()}, a.setPreferences)
	register(a, operation{del, "/session", "sign-out", "session", "Sign out", 204, signedIn()}, a.signOut)

	register(a, operation{get, "/calls", "list-calls", "calls", "The calls journal", 0, needs(rights.ReadCalls)}, a.listCalls)
	a.registerChanges(operation{get, "/calls/changes", "watch-calls", "calls", "Which calls change, as server-sent events", 0, needs(rights.ReadCalls)})
	register(a, operation{get, "/calls/{id}", "get-call", "calls", "One call and its story", 0, needs(rights.ReadCalls)}, a.getCall)
	register(a, operation{get, "/calls/{id}/events", "get-call-events", "calls", "What the PBXs said about a call", 0, needs(rights.ReadCalls, rights.ReadEvents)}, a.callEvents)

	register(a, operation{get, "/operator-states", "list-operator-states", "operators", "What operators did when: log-ins, pauses, calls, reachability", 0, needs(rights.ReadStates)}, a.listStates)

	register(a, operation{get, "/directory", "get-directory", "directory", "Names of PBXs, queues, operators and trunks", 0, oneOf(append(seen(), rights.ReadSettings)...)}, a.getDirectory)

	register(a, operation{get, "/pbxs", "list-pbxs", "pbxs", "PBXs, their agents and gaps", 0, needs(rights.ReadPBXs)}, a.listPBXs)
	register(a, operation{get, "/coverage", "get-coverage", "pbxs", "How complete what was heard of each PBX in a period is", 0, oneOf(append(seen(), rights.ReadPBXs)...)}, a.getCoverage)
	register(a, operation{post, "/pbxs", "add-pbx", "pbxs", "Add a PBX and get the command that enrols its agent", 201, needs(rights.WritePBXs)}, a.addPBX)
	register(a, operation{post, "/pbxs/{id}/token", "new-token", "pbxs", "A new enrolment token for a PBX", 201, needs(rights.WritePBXs)}, a.newToken)
	register(a, operation{post, "/agents/{id}/revoke", "revoke-agent", "pbxs", "Lock an agent out for good", 204, needs(rights.WritePBXs)}, a.revokeAgent)

	a.userOperations()
	a.identityOperations()
	a.chunkOperations()
	a.settingsOperations()
	a.viewOperations()
	a.mailOperations()
	a.scheduleOperations()
	a.exportOperations()
	a.importOperations()
	a.factsOperations()
	register(a, operation{get, "/reports", "list-reports", "reports", "The reports there are, their figures and formulas", 0, needs(rights.ReadReports)}, a.listReports)

	register(a, operation{get, "/health", "health", "health", "Whether this node can serve", 0, anybody()}, a.health)

	register(a, operation{get, "/console/tenants", "console-tenants", "console", "All tenants", 0, staff()}, a.consoleTenants)
	register(a, operation{get, "/console/agents", "console-agents", "console", "All agents", 0, staff()}, a.consoleAgents)
}
