package api_test

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/callweave/callweave/cloud/api"
)

// TestEveryEndpointWithEveryRole asks everything as everybody. An endpoint that is described but not listed fails it.
func TestEveryEndpointWithEveryRole(t *testing.T) {
	f := newFixture(t)
	call := uuid.New()
	f.addCalls(f.mine, aCall{id: call, at: f.clock.now(), operators: []int32{f.operator}})
	pbx, station := strconv.Itoa(int(f.pbx)), itoa(f.station)
	branch := f.addPBX("branch", "Branch")
	person, leaver := itoa(f.anna), itoa(f.addPerson("Leaver"))
	until := day(4)
	scheduled := itoa(f.addSchedule("anna").ID)
	view := itoa(f.addView("anna", "Mornings", true))
	bound := itoa(f.bind(f.anna, f.operator, day(1), nil))

	// Statuses of: nobody, administrator, supervisor, operator, operator bound to no device, staff, another tenant's administrator.
	type statuses [7]int
	cases := map[string]struct {
		path string
		body any
		want statuses
	}{
		"POST /session":          {"/session", map[string]string{"login": "x", "password": "y"}, statuses{401, 401, 401, 401, 401, 401, 401}},
		"GET /session":           {"/session", nil, statuses{401, 200, 200, 200, 200, 200, 200}},
		"PATCH /session":         {"/session", map[string]string{"language": "ru"}, statuses{401, 200, 200, 200, 200, 200, 200}},
		"GET /calls":             {"/calls", nil, statuses{401, 200, 200, 200, 403, 403, 200}},
		"GET /calls/{id}":        {"/calls/" + call.String(), nil, statuses{401, 200, 200, 200, 403, 403, 404}},
		"GET /calls/{id}/events": {"/calls/" + call.String() + "/events", nil, statuses{401, 200, 200, 403, 403, 403, 404}},
		"GET /operator-states":   {"/operator-states", nil, statuses{401, 200, 200, 200, 403, 403, 200}},
		"GET /coverage":          {"/coverage?from=2026-11-01T00:00:00Z&to=2026-11-02T00:00:00Z", nil, statuses{401, 200, 200, 200, 200, 403, 200}},
		"GET /facts/names":       {"/facts/names?from=2026-11-01T00:00:00Z&to=2026-11-02T00:00:00Z", nil, statuses{401, 200, 200, 200, 200, 403, 200}},
		"GET /reports":           {"/reports", nil, statuses{401, 200, 200, 403, 403, 403, 200}},
		"GET /facts":             {"/facts?from=2026-11-01T00:00:00Z&to=2026-11-02T00:00:00Z&sections=calls", nil, statuses{401, 200, 200, 403, 403, 403, 200}},
		"GET /facts/tail":        {"/facts/tail?since=eyJmIjowLCJ0IjoxfQ", nil, statuses{401, 200, 200, 403, 403, 403, 200}},
		"GET /facts/{scope}/{day}/{section}/{rev}": {"/facts/x/2026-11-01/calls/1", nil, statuses{401, 404, 404, 403, 403, 403, 404}},
		"GET /directory":           {"/directory", nil, statuses{401, 200, 200, 200, 200, 403, 200}},
		"GET /pbxs":                {"/pbxs", nil, statuses{401, 200, 200, 403, 403, 403, 200}},
		"POST /pbxs":               {"/pbxs", map[string]string{"name": "new"}, statuses{401, 201, 403, 403, 403, 403, 201}},
		"POST /pbxs/{id}/token":    {"/pbxs/" + pbx + "/token", nil, statuses{401, 201, 403, 403, 403, 403, 404}},
		"POST /agents/{id}/revoke": {"/agents/" + uuid.NewString() + "/revoke", map[string]string{"why": ""}, statuses{401, 404, 403, 403, 403, 403, 404}},
		"GET /console/tenants":     {"/console/tenants", nil, statuses{401, 403, 403, 403, 403, 200, 403}},
		"GET /console/agents":      {"/console/agents", nil, statuses{401, 403, 403, 403, 403, 200, 403}},
		"GET /people":              {"/people", nil, statuses{401, 200, 200, 403, 403, 403, 200}},
		"POST /people":             {"/people", map[string]string{"name": "Anna"}, statuses{401, 201, 403, 403, 403, 403, 201}},
		"PUT /people/{id}":         {"/people/" + person, map[string]string{"name": "Anna"}, statuses{401, 200, 403, 403, 403, 403, 404}},
		"DELETE /people/{id}":      {"/people/" + leaver, nil, statuses{401, 204, 403, 403, 403, 403, 404}},
		"GET /bindings":            {"/bindings", nil, statuses{401, 200, 200, 403, 403, 403, 200}},
		"POST /bindings":           {"/bindings", f.binding(f.anna, f.operator, day(3), &until), statuses{401, 409, 403, 403, 403, 403, 422}},
		"PUT /bindings/{id}":       {"/bindings/" + bound, f.binding(f.anna, f.operator, day(2), nil), statuses{401, 200, 403, 403, 403, 403, 404}},
		"DELETE /bindings/{id}":    {"/bindings/" + bound + "0000", nil, statuses{401, 404, 403, 403, 403, 403, 404}},
		"GET /stations":            {"/stations", nil, statuses{401, 200, 200, 403, 403, 403, 200}},
		"GET /endpoints":           {"/endpoints", nil, statuses{401, 200, 200, 403, 403, 403, 200}},
		"PUT /endpoints/correction": {
			"/endpoints/correction",
			map[string]any{"station": f.station, "endpoint": "SIP/x", "class": "trunk"},
			statuses{401, 200, 403, 403, 403, 403, 404},
		},
		"DELETE /endpoints/correction": {
			"/endpoints/correction?station=" + station + "&endpoint=SIP%2Fy", nil,
			statuses{401, 404, 403, 403, 403, 403, 404},
		},
		"GET /numbers": {"/numbers", nil, statuses{401, 200, 200, 403, 403, 403, 200}},
		"PUT /numbers/correction": {
			"/numbers/correction",
			map[string]any{"station": f.station, "number": "612", "kind": "service"},
			statuses{401, 200, 403, 403, 403, 403, 404},
		},
		"DELETE /numbers/correction": {
			"/numbers/correction?station=" + station + "&number=613", nil,
			statuses{401, 404, 403, 403, 403, 403, 404},
		},
		"GET /stations/{id}/rules":  {"/stations/" + station + "/rules", nil, statuses{401, 200, 200, 403, 403, 403, 404}},
		"PUT /stations/{id}/rules":  {"/stations/" + station + "/rules", map[string]any{"rules": []any{}}, statuses{401, 200, 403, 403, 403, 403, 404}},
		"GET /stations/{id}/number": {"/stations/" + station + "/number?number=612", nil, statuses{401, 200, 200, 403, 403, 403, 404}},
		"GET /references":           {"/references", nil, statuses{401, 200, 200, 403, 403, 403, 200}},
		"PUT /references":           {"/references", map[string]any{"names": []string{"X_CASE"}}, statuses{401, 200, 403, 403, 403, 403, 200}},
		"GET /trunk-pairs":          {"/trunk-pairs", nil, statuses{401, 200, 200, 403, 403, 403, 200}},
		"PUT /trunk-pairs": {
			"/trunk-pairs",
			map[string]any{"pbx": f.pbx, "endpoint": "PJSIP/b", "peer": branch, "peer_endpoint": "PJSIP/a", "state": "confirmed"},
			statuses{401, 200, 403, 403, 403, 403, 404},
		},
		"DELETE /trunk-pairs": {
			"/trunk-pairs?pbx=" + pbx + "&endpoint=PJSIP%2Fx&peer=" + itoa(branch) + "&peer_endpoint=PJSIP%2Fy", nil,
			statuses{401, 404, 403, 403, 403, 403, 404},
		},
		"GET /views":                   {"/views", nil, statuses{401, 200, 200, 403, 403, 403, 200}},
		"POST /views":                  {"/views", aView("Mornings", false), statuses{401, 409, 201, 403, 403, 403, 201}},
		"PUT /views/{id}":              {"/views/" + view, aView("Mornings", true), statuses{401, 200, 403, 403, 403, 403, 404}},
		"PUT /views/{id}/favorite":     {"/views/" + view + "/favorite", map[string]bool{"favorite": true}, statuses{401, 204, 204, 403, 403, 403, 404}},
		"DELETE /views/{id}":           {"/views/" + view + "0000", nil, statuses{401, 404, 404, 403, 403, 403, 404}},
		"GET /settings/mail":           {"/settings/mail", nil, statuses{401, 200, 403, 403, 403, 403, 200}},
		"PUT /settings/mail":           {"/settings/mail", someMail(), statuses{401, 200, 403, 403, 403, 403, 200}},
		"DELETE /settings/mail":        {"/settings/mail", nil, statuses{401, 204, 403, 403, 403, 403, 204}},
		"POST /settings/mail/test":     {"/settings/mail/test", map[string]string{"to": "a@acme.test"}, statuses{401, 0, 403, 403, 403, 403, 0}}, // whether there is a server by then: tested by itself
		"GET /schedules":               {"/schedules", nil, statuses{401, 200, 200, 403, 403, 403, 200}},
		"POST /schedules":              {"/schedules", f.aSchedule("Mornings"), statuses{401, 201, 201, 403, 403, 403, 422}},
		"PUT /schedules/{id}":          {"/schedules/" + scheduled, f.aSchedule("Evenings"), statuses{401, 200, 404, 403, 403, 403, 404}},
		"DELETE /schedules/{id}":       {"/schedules/" + scheduled + "0000", nil, statuses{401, 404, 404, 403, 403, 403, 404}},
		"GET /schedules/{id}/sendings": {"/schedules/" + scheduled + "/sendings", nil, statuses{401, 200, 404, 403, 403, 403, 404}},
		"POST /schedules/{id}/send":    {"/schedules/" + scheduled + "/send", nil, statuses{401, 202, 404, 403, 403, 403, 404}},
		"GET /recipients":              {"/recipients", nil, statuses{401, 200, 200, 403, 403, 403, 200}},
		"POST /exports":                {"/exports", someCalls("csv"), statuses{401, 200, 200, 403, 403, 403, 200}},
		"GET /audit":                   {"/audit", nil, statuses{401, 200, 403, 403, 403, 403, 200}},
		"POST /imports":                {"/imports", nil, statuses{401, 422, 403, 403, 403, 403, 422}},
		"GET /imports":                 {"/imports", nil, statuses{401, 200, 403, 403, 403, 403, 200}},
		"GET /imports/{id}/differences": {
			"/imports/" + uuid.NewString() + "/differences", nil,
			statuses{401, 404, 403, 403, 403, 403, 404},
		},

		"GET /users":                  {"/users", nil, statuses{401, 200, 403, 403, 403, 403, 200}},
		"POST /users":                 {"/users", map[string]string{"login": "new", "name": "New", "role": "supervisor"}, statuses{401, 201, 403, 403, 403, 403, 409}},
		"PUT /users/{id}":             {"/users/" + f.people["unbound"].String(), map[string]string{"name": "U", "role": "operator"}, statuses{401, 200, 403, 403, 403, 403, 404}},
		"POST /users/{id}/invitation": {"/users/" + f.people["unbound"].String() + "/invitation", nil, statuses{401, 201, 403, 403, 403, 403, 404}},
		"POST /invitations/look":      {"/invitations/look", map[string]string{"token": "x"}, statuses{404, 404, 404, 404, 404, 404, 404}},
		"POST /invitations/accept":    {"/invitations/accept", map[string]string{"token": "x", "password": password}, statuses{404, 404, 404, 404, 404, 404, 404}},
		"GET /roles":                  {"/roles", nil, statuses{401, 200, 403, 403, 403, 403, 200}},
		"POST /roles":                 {"/roles", aRole("Quality"), statuses{401, 201, 403, 403, 403, 403, 201}},
		"PUT /roles/{id}":             {"/roles/99999", aRole("Other"), statuses{401, 404, 403, 403, 403, 403, 404}},
		"DELETE /roles/{id}":          {"/roles/99999", nil, statuses{401, 404, 403, 403, 403, 403, 404}},
		"GET /tokens":                 {"/tokens", nil, statuses{401, 200, 200, 403, 403, 403, 200}},
		"POST /tokens":                {"/tokens", map[string]any{"name": "x", "rights": []string{"calls.read"}}, statuses{401, 201, 201, 403, 403, 403, 201}},
		"DELETE /tokens/{id}":         {"/tokens/" + uuid.NewString(), nil, statuses{401, 404, 404, 403, 403, 403, 404}},
		"GET /health":                 {"/health", nil, statuses{200, 200, 200, 200, 200, 200, 200}},
		"GET /calls/changes":          {"/calls/changes", nil, statuses{401, 0, 0, 0, 403, 403, 0}}, // 0: a stream, tested by itself
		"DELETE /session":             {"/session", nil, statuses{401, 204, 204, 204, 204, 204, 204}},
	}
	for op, x := range f.settingsAttempts(call) {
		c := cases[op]
		c.path, c.body, c.want = x.path, x.body, x.want
		cases[op] = c
	}
	for _, op := range described(t) {
		c, ok := cases[op]
		if !ok {
			t.Errorf("%s is described but not tried", op)
			continue
		}
		method, _, _ := strings.Cut(op, " ")
		for i, who := range []string{"", "anna", "sveta", "oleg", "unbound", "vera", "stranger"} {
			if c.want[i] == 0 {
				continue
			}
			f.clock.pass(4 * time.Minute) // so that nobody runs into the bounds on signing in
			b := f.browser()
			if who != "" {
				b = f.as(who)
			}
			if r := b.do(method, c.path, c.body); r.status != c.want[i] {
				t.Errorf("%s as %q: %d, want %d: %s", op, who, r.status, c.want[i], r.body)
			} else if r.status >= 400 {
				r.code(t)
			}
		}
	}
}

// described lists the operations of the OpenAPI description.
func described(t *testing.T) []string {
	t.Helper()
	text, err := api.Describe()
	must(t, err)
	var d struct {
		Paths map[string]map[string]json.RawMessage `json:"paths"`
	}
	must(t, json.Unmarshal(text, &d))
	var list []string
	for path, methods := range d.Paths {
		for method := range methods {
			list = append(list, strings.ToUpper(method)+" "+strings.TrimPrefix(path, "/api/v1"))
		}
	}
	return list
}

func TestOperatorSeesOwnCallsOnly(t *testing.T) {
	f := newFixture(t)
	own, others := uuid.New(), uuid.New()
	f.addCalls(f.mine,
		aCall{id: own, at: f.clock.now(), operators: []int32{f.operator, 77}},
		aCall{id: others, at: f.clock.now(), operators: []int32{77}})
	oleg := f.as("oleg")
	me := strconv.Itoa(int(f.operator))

	for _, query := range []string{"", "?operator=" + me} {
		var got struct{ Calls []api.CallRow }
		oleg.do("GET", "/calls"+query, nil).into(t, &got)
		if len(got.Calls) != 1 || got.Calls[0].ID != own.String() {
			t.Errorf("calls%s: %+v", query, got.Calls)
		}
	}
	if r := oleg.do("GET", "/calls/"+others.String(), nil); r.status != 404 {
		t.Errorf("another's call: %d %s", r.status, r.body)
	}
	if r := oleg.do("GET", "/calls/"+own.String()+"/events", nil); r.status != 403 || r.code(t) != "forbidden" {
		t.Errorf("events of an own call: %d %s", r.status, r.body)
	}
}

func TestAnotherTenantsCallDoesNotExist(t *testing.T) {
	f := newFixture(t)
	theirs := uuid.New()
	f.addCalls(f.other, aCall{id: theirs, at: f.clock.now(), caller: "79160000001"})
	anna := f.as("anna")
	if r := anna.do("GET", "/calls/"+theirs.String(), nil); r.status != 404 {
		t.Errorf("get: %d %s", r.status, r.body)
	}
	var got struct{ Calls []api.CallRow }
	anna.do("GET", "/calls?number=79160000001", nil).into(t, &got)
	if len(got.Calls) != 0 {
		t.Errorf("the journal shows %+v", got.Calls)
	}
}

func TestEveryAnswerIsHardened(t *testing.T) {
	f := newFixture(t)
	for _, path := range []string{"/session", "/openapi.json", "/nothing", "/api/v2/x"} {
		r := f.browser().do("GET", path, nil)
		for header, want := range map[string]string{
			"Strict-Transport-Security": "max-age=31536000",
			"X-Content-Type-Options":    "nosniff",
			"Content-Security-Policy":   "default-src 'none'; frame-ancestors 'none'",
			"Cache-Control":             "no-store",
		} {
			if got := r.header.Get(header); got != want {
				t.Errorf("%s: %s is %q, want %q", path, header, got, want)
			}
		}
		if r.header.Get("X-Request-Id") == "" {
			t.Errorf("%s: no request id", path)
		}
	}
}

func TestRequestsFromOtherSitesAreNotCarriedOut(t *testing.T) {
	f := newFixture(t)
	b := f.as("anna")
	b.header["Sec-Fetch-Site"] = "cross-site"
	if r := b.do("POST", "/pbxs", map[string]string{"name": "evil"}); r.status != 403 || r.code(t) != "cross-origin" {
		t.Errorf("%d %s", r.status, r.body)
	}
	if r := b.do("DELETE", "/session", nil); r.status != http.StatusForbidden {
		t.Errorf("%d %s", r.status, r.body)
	}
}

func TestBadRequestsAreExplained(t *testing.T) {
	f := newFixture(t)
	b := f.as("anna")
	b.do("PATCH", "/session", map[string]string{"language": "ru"})
	for _, c := range []struct {
		method, path string
		body         any
		status       int
		code         string
	}{
		{"GET", "/calls?from=yesterday", nil, 422, "bad-request"},
		{"GET", "/calls?limit=100000", nil, 422, "bad-request"},
		{"GET", "/calls?queu=1", nil, 422, "bad-request"},
		{"GET", "/calls?number=%25", nil, 200, ""},
		{"GET", "/calls?number=+", nil, 400, "bad-request"},
		{"GET", "/calls?cursor=xyz", nil, 400, "bad-request"},
		{"GET", "/calls?number=a%00", nil, 422, "bad-request"},
		{"GET", "/audit?action=%ff", nil, 422, "bad-request"},
		{"DELETE", "/numbers/correction?station=" + itoa(f.station) + "&number=%00", nil, 422, "bad-request"},
		{"POST", "/session", map[string]string{"login": "a\x00", "password": "x"}, 422, "bad-request"},
		{"GET", "/calls/not-an-id", nil, 422, "bad-request"},
		{"POST", "/pbxs", map[string]string{"name": ""}, 422, "bad-request"},
		{"POST", "/pbxs", map[string]string{"name": "office"}, 409, "name-taken"},
		{"POST", "/pbxs", map[string]string{"name": strings.Repeat("x", 70_000)}, 413, "too-large"},
	} {
		r := b.do(c.method, c.path, c.body)
		if r.status != c.status {
			t.Errorf("%s: %d, want %d: %s", c.path, r.status, c.status, r.body)
		}
		if c.code == "" || r.status < 400 {
			continue
		}
		if got := r.code(t); got != c.code {
			t.Errorf("%s: code %q, want %q", c.path, got, c.code)
		}
	}
}
