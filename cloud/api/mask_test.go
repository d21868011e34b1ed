package api_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/api"
)

// aStory is of a call that 102 took and gave to 101: what PBXs called them stands in many places.
const aStory = `{"direction":"inbound","caller":"79161234567","caller_name":"","dialled":"74950000700","start":"2026-11-05T09:00:00Z",
	"queues":[{"pbx":"office","queue":"600","entered":"2026-11-05T09:00:01Z","operator":"102","member":"Director Volkov"}],
	"rings":[{"pbx":"office","operator":"102","at":"2026-11-05T09:00:02Z"},{"pbx":"office","operator":"101","at":"2026-11-05T09:00:30Z"}],
	"talks":[{"pbx":"office","operator":"102","with":"customer","from":"2026-11-05T09:00:05Z","to":"2026-11-05T09:00:29Z"}],
	"transfers":[{"pbx":"office","kind":"blind","by":"102","to":"101","at":"2026-11-05T09:00:29Z"}],
	"legs":[
		{"pbx":"office","kind":"customer","number":"79161234567","endpoint":"PJSIP/carrier","uniqueid":"1.1","attributes":{"connectedlinename":"Director Volkov","to_whom":"sip:102@pbx"}},
		{"pbx":"office","kind":"operator","number":"102","endpoint":"PJSIP/chief-desk","uniqueid":"1.102","attributes":{"calleridname":"V. I. Volkov","secret":"whatever"}},
		{"pbx":"office","kind":"operator","number":"101","endpoint":"PJSIP/101","uniqueid":"1.3","attributes":{"who":"V. I. Volkov called from chief-desk","room":"1102"}}],
	"channels":[{"pbx":"office","uniqueid":"1.102","name":"PJSIP/chief-desk-00000a"}]}`

// directors is a device 102 that is not to be watched, in a call it had, and one in which it alone spoke.
func (f *fixture) directors() (device int32, call uuid.UUID) {
	device, call = f.addOperator("102"), uuid.New()
	f.exec(f.mine, `INSERT INTO unwatched_devices (tenant_id, operator_id) VALUES (current_tenant(), $1)`, device)
	f.addCalls(f.mine,
		aCall{id: call, at: day(5), caller: "79161234567", dialled: "74950000700", direction: 1, operators: []int32{device, f.operator}, story: aStory})
	f.addStates(f.mine, aState{kind: 8, operator: device, from: day(5), reason: "the director's"}, aState{kind: 8, operator: f.operator, from: day(5), reason: "another's"})
	return device, call
}

func TestWhoIsNotToBeWatchedIsReadNowhere(t *testing.T) {
	f := newFixture(t)
	device, call := f.directors()
	sveta := f.as("sveta")
	for _, path := range []string{
		"/calls", "/calls?operator=" + itoa(device), "/calls?number=102", "/calls/" + call.String(), "/operator-states", "/directory", "/people", "/bindings", "/endpoints",
		"/facts/names?from=2026-11-01T00:00:00Z&to=2026-11-30T00:00:00Z",
	} {
		r := sveta.do("GET", path, nil)
		if r.status != 200 {
			t.Errorf("%s: %d %s", path, r.status, r.body)
		}
		for _, word := range []string{`"102"`, "chief", "Volkov", "the director", "secret", "sip:102", `"operators":[` + itoa(device)} {
			if strings.Contains(string(r.body), word) {
				t.Errorf("%s tells %s: %s", path, word, r.body)
			}
		}
	}
	var got struct{ Calls []api.CallRow }
	sveta.do("GET", "/calls?operator="+itoa(device), nil).into(t, &got)
	if len(got.Calls) > 0 {
		t.Errorf("his calls: %+v", got.Calls)
	}
	r := sveta.do("GET", "/calls/"+call.String(), nil)
	for _, kept := range []string{`"number":"101"`, `"room":"1102"`, `"uniqueid":"1.102"`, "2026-11-05T09:00:29Z"} {
		if !strings.Contains(string(r.body), kept) {
			t.Errorf("%s is lost: %s", kept, r.body)
		}
	}
	if r := sveta.do("GET", "/calls/"+call.String()+"/events", nil); r.status != 403 || r.code(t) != "unwatched" {
		t.Errorf("events: %d %s", r.status, r.body)
	}
	if r := f.as("anna").do("GET", "/calls/"+call.String(), nil); !strings.Contains(string(r.body), "chief-desk") {
		t.Errorf("an administrator: %s", r.body)
	}
}

func TestPersonNotToBeWatchedHidesTheDeviceWhileItIsHis(t *testing.T) {
	f := newFixture(t)
	end := day(10)
	f.bind(f.anna, f.operator, day(4), &end)
	during, after := uuid.New(), uuid.New()
	f.addCalls(f.mine, aCall{id: during, at: day(5), operators: []int32{f.operator}}, aCall{id: after, at: day(12), operators: []int32{f.operator}})
	f.exec(f.mine, `UPDATE people SET unwatched = true`)
	sveta := f.as("sveta")
	var got struct{ Calls []api.CallRow }
	sveta.do("GET", "/calls?operator="+itoa(f.operator), nil).into(t, &got)
	if len(got.Calls) != 1 || got.Calls[0].ID != after.String() {
		t.Errorf("calls of the device: %+v", got.Calls)
	}
	sveta.do("GET", "/calls", nil).into(t, &got)
	for _, c := range got.Calls {
		if c.ID == during.String() && len(c.Operators)+len(c.People) > 0 {
			t.Errorf("%+v", c)
		}
	}
	if r := sveta.do("GET", "/people", nil); strings.Contains(string(r.body), "Anna") {
		t.Errorf("%s", r.body)
	}
}

func TestLimitedViewerReadsNoNamesBeyondHisQueues(t *testing.T) {
	f := newFixture(t)
	far := f.addOperator("109")
	var mine, other int32
	must(t, f.db.As(f.mine).Tx(t.Context(), func(tx pgx.Tx) error {
		return tx.QueryRow(t.Context(), `WITH q AS (INSERT INTO queues (tenant_id, station_id, number, name) VALUES (current_tenant(), $1, '600', 'Sales'), (current_tenant(), $1, '601', 'Support')
			RETURNING id) SELECT min(id), max(id) FROM q`, f.station).Scan(&mine, &other)
	}))
	seen, unseen := uuid.New(), uuid.New()
	f.addCalls(f.mine, aCall{id: seen, at: day(5), queues: []int32{mine, other}, operators: []int32{f.operator, far}}, aCall{id: unseen, at: day(5), queues: []int32{other}, operators: []int32{far}})
	f.exec(f.mine, `INSERT INTO attempts (tenant_id, call_id, n, pbx_id, operator_id, queue_id, rang, result, estimated) VALUES (current_tenant(), $1, 1, $2, $3, $4, $5, 1, false),
		(current_tenant(), $1, 2, $2, $6, $7, $5, 1, false)`, seen, f.pbx, f.operator, mine, day(5), far, other)
	f.exec(f.mine, `UPDATE users SET limits = jsonb_build_object('see', 'limited', 'queues', ARRAY[$1::int]) WHERE login = 'sveta'`, mine)
	sveta := f.as("sveta")
	var got struct{ Calls []api.CallRow }
	sveta.do("GET", "/calls", nil).into(t, &got)
	if len(got.Calls) != 1 || got.Calls[0].ID != seen.String() || len(got.Calls[0].Queues) != 1 || len(got.Calls[0].Operators) != 1 || got.Calls[0].Operators[0] != f.operator {
		t.Errorf("calls: %+v", got.Calls)
	}
	var d api.Directory
	sveta.do("GET", "/directory", nil).into(t, &d)
	if len(d.Queues) != 1 || d.Queues[0].ID != mine || len(d.Operators) != 1 || d.Operators[0].ID != f.operator {
		t.Errorf("directory: %+v", d)
	}
	for _, path := range []string{"/calls?queue=" + itoa(other), "/calls?operator=" + itoa(far)} {
		sveta.do("GET", path, nil).into(t, &got)
		if len(got.Calls) > 0 {
			t.Errorf("%s: %+v", path, got.Calls)
		}
	}
	for path, want := range map[string]int{"/calls/" + unseen.String(): 404, "/calls/" + unseen.String() + "/events": 404, "/endpoints": 403, "/stations": 403} {
		if r := sveta.do("GET", path, nil); r.status != want {
			t.Errorf("%s: %d %s", path, r.status, r.body)
		}
	}
}

func TestNumbersEndInTheDarkWithoutTheRight(t *testing.T) {
	f := newFixture(t)
	call := uuid.New()
	f.addCalls(f.mine, aCall{id: call, at: day(5), caller: "79161234567", dialled: "74950000700", direction: 1, operators: []int32{f.operator}, story: aStory})
	f.exec(f.mine, `WITH r AS (INSERT INTO roles (tenant_id, name, rights, limits) VALUES (current_tenant(), 'No numbers', '{calls.read,events.read}', '{"see":"all"}') RETURNING id)
		UPDATE users SET role = 'custom', role_id = r.id FROM r WHERE login = 'sveta'`)
	sveta := f.as("sveta")
	for _, path := range []string{"/calls", "/calls/" + call.String()} {
		r := sveta.do("GET", path, nil)
		if body := string(r.body); !strings.Contains(body, "7916123xxxx") || strings.Contains(body, "4567") || !strings.Contains(body, "74950000700") {
			t.Errorf("%s: %s", path, body)
		}
	}
	for query, want := range map[string]int{"7916123": 1, "4567": 0, "79161234567": 0} {
		var got struct{ Calls []api.CallRow }
		sveta.do("GET", "/calls?number="+query, nil).into(t, &got)
		if len(got.Calls) != want {
			t.Errorf("looking for %s finds %d", query, len(got.Calls))
		}
	}
	for _, path := range []string{"/calls/" + call.String() + "/events", "/calls?attribute=CALLERID:79161234567"} {
		if r := sveta.do("GET", path, nil); r.status != 403 || r.code(t) != "limited" {
			t.Errorf("%s: %d %s", path, r.status, r.body)
		}
	}
}
