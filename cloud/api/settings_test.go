package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/api"
	"github.com/callweave/callweave/cloud/report"
	"github.com/callweave/callweave/cloud/settings"
)

// attempt is a request and how it is answered to: nobody, administrator, supervisor, operator, operator bound to no device,
// staff, another tenant's administrator.
type attempt struct {
	path string
	body any
	want [7]int
}

func (f *fixture) addQueue(number string) (id int32) {
	f.t.Helper()
	must(f.t, f.db.As(f.mine).Tx(f.t.Context(), func(tx pgx.Tx) error {
		return tx.QueryRow(f.t.Context(), `INSERT INTO queues (tenant_id, station_id, number, name) VALUES ($1, $2, $3, 'Of the PBX') RETURNING id`, f.mine.UUID(), f.station, number).Scan(&id)
	}))
	return id
}

// addLines adds a trunk and a number the outside calls in by.
func (f *fixture) addLines() (trunk, did int32) {
	f.t.Helper()
	must(f.t, f.db.As(f.mine).Tx(f.t.Context(), func(tx pgx.Tx) error {
		if err := tx.QueryRow(f.t.Context(), `INSERT INTO trunks (tenant_id, station_id, endpoint) VALUES ($1, $2, 'PJSIP/carrier') RETURNING id`, f.mine.UUID(), f.station).Scan(&trunk); err != nil {
			return err
		}
		return tx.QueryRow(f.t.Context(), `INSERT INTO dids (tenant_id, station_id, number, how, first_seen, seen) VALUES ($1, $2, '74951234567', 'seen', now(), now()) RETURNING id`, f.mine.UUID(), f.station).Scan(&did)
	}))
	return trunk, did
}

type object = map[string]any

func aCalendar(name string) object {
	day := [][2]int{{540, 1080}}
	return object{"name": name, "week": []any{day, day, day, day, day, [][2]int{}, [][2]int{}}, "holidays": []object{{"day": "2026-01-01", "name": "New Year", "hours": [][2]int{}}}}
}

func aPolicy(threshold int) object {
	return object{"queue": nil, "from": nil, "threshold": threshold, "short": 5, "variant": 3, "shorts": 0, "target": 0.8, "call_back": 3600}
}

// settingsAttempts try every operation of the settings. The first of each kind has the id 1.
func (f *fixture) settingsAttempts(call uuid.UUID) map[string]attempt {
	read, write := [7]int{401, 200, 200, 403, 403, 403, 200}, [7]int{401, 200, 403, 403, 403, 403, 404}
	always, added := [7]int{401, 200, 403, 403, 403, 403, 200}, [7]int{401, 201, 403, 403, 403, 403, 201}
	gone := [7]int{401, 404, 403, 403, 403, 403, 404}
	queue := itoa(f.addQueue("600"))
	t, d := f.addLines()
	admin := f.as("anna")
	for path, body := range map[string]object{
		"/groups": {"kind": "queues", "name": "All"}, "/calendars": aCalendar("Office"), "/policies": aPolicy(20), "/tags": {"name": "complaint"},
	} {
		if r := admin.do("POST", path, body); r.status != 201 {
			f.t.Fatalf("%s: %d %s", path, r.status, r.body)
		}
	}
	const january = "from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z"
	return map[string]attempt{
		"GET /zone":              {"/zone", nil, read},
		"PUT /zone":              {"/zone", object{"zone": "Europe/Moscow"}, always},
		"GET /queues":            {"/queues", nil, read},
		"PUT /queues/{id}":       {"/queues/" + queue, object{"name": "Sales", "zone": "", "calendar": nil}, write},
		"GET /groups":            {"/groups", nil, read},
		"POST /groups":           {"/groups", object{"kind": "queues", "name": "More"}, added},
		"PUT /groups/{id}":       {"/groups/1", object{"kind": "queues", "name": "Every"}, write},
		"DELETE /groups/{id}":    {"/groups/999", nil, gone},
		"GET /calendars":         {"/calendars", nil, read},
		"POST /calendars":        {"/calendars", aCalendar("Night"), added},
		"PUT /calendars/{id}":    {"/calendars/1", aCalendar("Day"), write},
		"DELETE /calendars/{id}": {"/calendars/999", nil, gone},
		"GET /policies":          {"/policies", nil, read},
		"POST /policies":         {"/policies", aPolicy(30), [7]int{401, 409, 403, 403, 403, 403, 201}},
		"PUT /policies/{id}":     {"/policies/1", aPolicy(40), write},
		"DELETE /policies/{id}":  {"/policies/999", nil, gone},
		"GET /reasons":           {"/reasons", nil, read},
		"PUT /reasons":           {"/reasons", object{"reason": "lunch", "name": "", "paid": false, "work": false, "limit": 3600}, always},
		"DELETE /reasons":        {"/reasons?reason=coffee", nil, gone},
		"GET /tags":              {"/tags", nil, [7]int{401, 200, 200, 200, 200, 403, 200}},
		"POST /tags":             {"/tags", object{"name": "praise"}, added},
		"PUT /tags/{id}":         {"/tags/1", object{"name": "trouble"}, write},
		"DELETE /tags/{id}":      {"/tags/999", nil, gone},
		"PUT /calls/{id}/tags":   {"/calls/" + call.String() + "/tags", object{"tags": []int32{1}}, [7]int{401, 200, 200, 200, 403, 403, 404}},
		"GET /trunks":            {"/trunks", nil, read},
		"PUT /trunks/{id}":       {"/trunks/" + itoa(t), object{"name": "Carrier", "lines": 30}, write},
		"GET /dids":              {"/dids", nil, read},
		"PUT /dids/{id}":         {"/dids/" + itoa(d), object{"name": "Hotline"}, write},
		"GET /prefixes":          {"/prefixes", nil, read},
		"PUT /prefixes":          {"/prefixes", object{"prefix": "7495", "name": "Moscow"}, always},
		"DELETE /prefixes":       {"/prefixes?prefix=7812", nil, gone},
		"GET /rosters":           {"/rosters?" + january, nil, read},
		"PUT /rosters":           {"/rosters", object{"person": f.anna, "from": "2026-01-01T00:00:00Z", "to": "2026-02-01T00:00:00Z", "shifts": []any{}}, [7]int{401, 204, 403, 403, 403, 403, 422}},
		"GET /lists/{list}":      {"/lists/tags", nil, read},
		"POST /lists/{list}":     {"/lists/tags", "tag", always},
		"POST /lists/hours":      {"/lists/hours", nil, [7]int{401, 400, 403, 403, 403, 403, 400}},
		"POST /lists/holidays":   {"/lists/holidays", nil, [7]int{401, 400, 403, 403, 403, 403, 400}},
		"POST /lists/policies":   {"/lists/policies", nil, [7]int{401, 400, 403, 403, 403, 403, 400}},
	}
}

// upload sends a file of a list.
func (b *browser) upload(path, file string) reply {
	b.f.t.Helper()
	req, err := http.NewRequestWithContext(b.f.t.Context(), http.MethodPost, b.f.server.URL+"/api/v1"+path, strings.NewReader(file))
	must(b.f.t, err)
	req.Header.Set("Content-Type", "text/csv")
	req.Header.Set("Cookie", "__Host-callweave="+b.cookie)
	return b.send(req)
}

func TestFileOfAListIsTriedBeforeItIsTaken(t *testing.T) {
	f := newFixture(t)
	b := f.as("anna")
	const file = "prefix;name\n7495;Moscow\n7812;St Petersburg\n"
	var out struct {
		Rows    int
		Changes []struct{ Action, Subject string }
		DryRun  bool `json:"dry_run"`
	}
	b.upload("/lists/prefixes?dry_run=true", file).into(t, &out)
	if out.Rows != 2 || len(out.Changes) != 2 || out.Changes[1].Subject != "7812" || !out.DryRun {
		t.Errorf("tried: %+v", out)
	}
	var list struct{ Prefixes []settings.Prefix }
	b.do("GET", "/prefixes", nil).into(t, &list)
	if len(list.Prefixes) != 0 {
		t.Errorf("trying changed the list: %v", list.Prefixes)
	}
	b.upload("/lists/prefixes", file).into(t, &out)
	b.do("GET", "/prefixes", nil).into(t, &list)
	if diff := cmp.Diff([]settings.Prefix{{Prefix: "7495", Name: "Moscow"}, {Prefix: "7812", Name: "St Petersburg"}}, list.Prefixes); diff != "" {
		t.Errorf("prefixes (-want +got):\n%s", diff)
	}
	if got, want := string(b.do("GET", "/lists/prefixes", nil).body), "\ufeffprefix,name\r\n7495,Moscow\r\n7812,St Petersburg\r\n"; got != want {
		t.Errorf("the file is %q, want %q", got, want)
	}
	b.do("PATCH", "/session", object{"language": "ru"})
	r := b.do("GET", "/lists/prefixes", nil)
	if !strings.Contains(string(r.body), "7495;Moscow") || r.header.Get("Content-Type") != "text/csv; charset=utf-8" {
		t.Errorf("in Russian the file is %q, %s", r.body, r.header.Get("Content-Type"))
	}
}

func TestWrongLinesOfAFileAreNamedInTheViewersLanguage(t *testing.T) {
	f := newFixture(t)
	b := f.as("anna")
	b.do("PATCH", "/session", object{"language": "ru"})
	r := b.upload("/lists/prefixes", "prefix,name\n7495,Moscow\nabc,X\n")
	var p api.Problem
	if got := r.code(t); got != "file-refused" {
		t.Fatalf("code %s", got)
	}
	r.status = 200
	r.into(t, &p)
	want := []api.ProblemField{{Location: "line 3", Message: "Префикс — первые цифры номера, не больше 20, как их показывают звонки: 7495."}}
	if diff := cmp.Diff(want, p.Fields); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
	if got := b.upload("/lists/nothing", "x").code(t); got != "no-list" {
		t.Errorf("a list that is none: %s", got)
	}
}

func TestTagsArePutOnCallsAndFound(t *testing.T) {
	f := newFixture(t)
	mine, others := uuid.New(), uuid.New()
	f.addCalls(f.mine, aCall{id: mine, at: f.clock.now(), operators: []int32{f.operator}}, aCall{id: others, at: f.clock.now()})
	var tag settings.Tag
	f.as("anna").do("POST", "/tags", object{"name": "complaint"}).into(t, &tag)
	oleg := f.as("oleg")
	if r := oleg.do("PUT", "/calls/"+mine.String()+"/tags", object{"tags": []int32{tag.ID}}); r.status != 200 {
		t.Fatalf("%d %s", r.status, r.body)
	}
	if r := oleg.do("PUT", "/calls/"+others.String()+"/tags", object{"tags": []int32{tag.ID}}); r.status < 400 {
		t.Errorf("an operator tags the call of somebody else")
	}
	var one struct{ Call api.CallRow }
	oleg.do("GET", "/calls/"+mine.String(), nil).into(t, &one)
	var list struct{ Calls []api.CallRow }
	f.as("sveta").do("GET", "/calls?tag="+itoa(tag.ID), nil).into(t, &list)
	if len(list.Calls) != 1 || list.Calls[0].ID != mine.String() || !cmp.Equal(list.Calls[0].Tags, []int32{tag.ID}) || !cmp.Equal(one.Call.Tags, []int32{tag.ID}) {
		t.Errorf("calls of the tag: %+v, the call: %v", list.Calls, one.Call.Tags)
	}
}

func TestDecisionsReachReportsAtOnce(t *testing.T) {
	f := newFixture(t)
	b := f.as("anna")
	queue := f.addQueue("600")
	var c settings.Calendar
	b.do("POST", "/calendars", aCalendar("Office")).into(t, &c)
	policy := aPolicy(30)
	policy["queue"], policy["from"] = queue, "2020-01-01T00:00:00Z"
	for path, body := range map[string]object{
		"PUT /queues/" + itoa(queue): {"name": "Sales", "zone": "Asia/Vladivostok", "calendar": c.ID},
		"POST /policies":             policy, "PUT /zone": {"zone": "Europe/Moscow"},
	} {
		method, path, _ := strings.Cut(path, " ")
		if r := b.do(method, path, body); r.status >= 300 {
			t.Fatalf("%s: %d %s", path, r.status, r.body)
		}
	}
	var n report.Names
	f.as("sveta").do("GET", "/facts/names?from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z", nil).into(t, &n)
	got := []any{n.Zone, n.Queues, len(n.Zones), len(n.Calendars), n.Policies}
	want := []any{
		"Europe/Moscow",
		[]report.Queue{{ID: queue, Name: "Sales", Number: "600", Station: f.station, Zone: "Asia/Vladivostok", Calendar: c.ID}},
		2, 1,
		[]report.Policy{{Queue: queue, From: 1577836800000, Threshold: 30, Short: 5, Variant: report.SL3, Target: 0.8, CallBack: 3600}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("zone, queues, zones, calendars, policies (-want +got):\n%s", diff)
	}
	var session api.Session
	b.do("GET", "/session", nil).into(t, &session)
	var d api.Directory
	b.do("GET", "/directory", nil).into(t, &d)
	if session.Tenant.Zone != "Europe/Moscow" || d.Queues[0].Name != "Sales" {
		t.Errorf("zone %s, queue %s", session.Tenant.Zone, d.Queues[0].Name)
	}
}
