package api_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/api"
	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/cloud/directory"
	"github.com/callweave/callweave/cloud/identity"
)

// learn writes what an assembler would have learned of my PBX.
func (f *fixture) learn(endpoints []directory.Endpoint, numbers []directory.Dialled) {
	f.t.Helper()
	must(f.t, f.db.As(f.mine).Tx(f.t.Context(), func(tx pgx.Tx) error { return directory.Learn(f.t.Context(), tx, endpoints, numbers) }))
}

func TestEndpointsAreListedWithTheirSignsAndCorrected(t *testing.T) {
	f := newFixture(t)
	f.learn([]directory.Endpoint{
		{PBX: f.pbx, Name: "PJSIP/101", Class: uint8(call.EndpointDevice), Signs: uint16(call.SignMember | call.SignNamedByNumber), Number: "101", First: day(1), Seen: day(2)},
		{PBX: f.pbx, Name: "PJSIP/gate", Class: uint8(call.EndpointDevice), Signs: uint16(call.SignCallsAsItself), Number: "gate", First: day(1), Seen: day(1)},
		{PBX: f.pbx, Name: "PJSIP/new", First: day(3), Seen: day(3)},
	}, nil)
	anna := f.as("anna")
	lines := func(query string) string {
		t.Helper()
		var got struct{ Endpoints []api.Endpoint }
		anna.do("GET", "/endpoints"+query, nil).into(t, &got)
		var out strings.Builder
		for _, e := range got.Endpoints {
			out.WriteString(e.Endpoint + " " + e.Class + " (" + e.Learned + ") " + e.Number)
			if e.Correction != nil {
				out.WriteString(", corrected: " + e.Correction.Note)
			}
			out.WriteString("; " + strings.Join(e.Signs, " ") + "\n")
		}
		return out.String()
	}
	expect := func(step, query, want string) {
		t.Helper()
		if d := cmp.Diff(want, lines(query)); d != "" {
			t.Errorf("%s (-want +got):\n%s", step, d)
		}
	}
	const first = "PJSIP/101 device (device) 101; A queue rings it: a device. It is named by a short number: a device.\n"
	expect("learned", "", first+"PJSIP/gate device (device) gate; It called with its own name as its number: a device.\nPJSIP/new unknown (unknown) ; \n")
	expect("learned, of one class", "?class=unknown", "PJSIP/new unknown (unknown) ; \n")

	var in api.InForce
	correct := func(endpoint, class, number, note string) {
		t.Helper()
		anna.do("PUT", "/endpoints/correction", map[string]any{"station": f.station, "endpoint": endpoint, "class": class, "number": number, "note": note}).into(t, &in)
	}
	correct("PJSIP/gate", "trunk", "", "a gateway")
	if want := (api.InForce{Revision: 1, From: f.clock.now().UTC(), Past: "callweave reassemble --tenant mine --from DATE"}); !cmp.Equal(want, in) {
		t.Errorf("in force: %s", cmp.Diff(want, in))
	}
	correct("SIP/unseen", "device", "555", "comes tomorrow")
	expect("corrected", "?corrected=true", "PJSIP/gate trunk (device) gate, corrected: a gateway; It called with its own name as its number: a device.\n"+
		"SIP/unseen device (unknown) 555, corrected: comes tomorrow; \n")
	expect("of one class by correction", "?class=device", first+"SIP/unseen device (unknown) 555, corrected: comes tomorrow; \n")
	anna.do("DELETE", "/endpoints/correction?station="+itoa(f.station)+"&endpoint=PJSIP/gate", nil).into(t, &in)
	if in.Revision != 3 {
		t.Errorf("the revision is %d after three decisions", in.Revision)
	}
	anna.do("DELETE", "/endpoints/correction?station="+itoa(f.station)+"&endpoint=SIP/unseen", nil).into(t, &in)
	expect("taken back", "?corrected=true", "")

	anna.do("PATCH", "/session", map[string]string{"language": "ru"})
	expect("in Russian", "?class=device&station="+itoa(f.station), "PJSIP/101 device (device) 101; Её вызывает очередь: это устройство. Названа коротким номером: это устройство.\n"+
		"PJSIP/gate device (device) gate; Звонит, представляясь своим же именем: это устройство.\n")
}

func TestNumbersAreJudgedByRulesAndSayWhy(t *testing.T) {
	f := newFixture(t)
	f.learn(nil, []directory.Dialled{
		{Station: f.station, Number: "74950000600", First: day(1), Seen: day(2)},
		{Station: f.station, Service: true, Number: "*45", Label: "AddQueueMember", First: day(1), Seen: day(1)},
	})
	anna := f.as("anna")
	station := "/stations/" + itoa(f.station)
	rules := []api.ExtenRule{{Pattern: "_61X", Kind: "service", Note: "announcements"}, {Pattern: "_6XX", Kind: "queue"}}
	var set struct {
		Rules   []api.ExtenRule
		InForce api.InForce `json:"in_force"`
	}
	anna.do("PUT", station+"/rules", map[string]any{"rules": rules}).into(t, &set)
	var listed struct{ Rules []api.ExtenRule }
	f.as("sveta").do("GET", station+"/rules", nil).into(t, &listed)
	if d := cmp.Diff([][]api.ExtenRule{rules, rules}, [][]api.ExtenRule{set.Rules, listed.Rules}); d != "" {
		t.Errorf("rules (-want +got):\n%s", d)
	}
	anna.do("PUT", "/numbers/correction", map[string]any{"station": f.station, "number": "613", "kind": "outside"}).into(t, &set.InForce)
	for number, want := range map[string]api.NumberVerdict{
		"612":         {Kind: "service", By: "rule", Position: 1, Pattern: "_61X", Why: "Rule 1 of the station says so: _61X."},
		"620":         {Kind: "queue", By: "rule", Position: 2, Pattern: "_6XX", Why: "Rule 2 of the station says so: _6XX."},
		"613":         {Kind: "outside", By: "correction", Why: "Somebody said so of this very number."},
		"101":         {Kind: "operator", By: "device", Why: "A device is known under this number."},
		"74950000600": {Kind: "did", By: "did", Why: "Calls from outside asked for it."},
		"*45":         {Kind: "service", By: "service", Why: "Whoever dialed it reached nobody but the PBX itself."},
		"79161234501": {Kind: "outside", By: "length", Why: "It is as long as numbers of the telephone network are."},
		"777":         {Kind: "unknown", By: "nothing", Why: "Nothing is known of it. As a number of few digits it counts as one of yours."},
	} {
		var got api.NumberVerdict
		want.Number = number
		anna.do("GET", station+"/number?number="+number, nil).into(t, &got)
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", number, d)
		}
	}
	var numbers struct{ Numbers []api.DialledNumber }
	anna.do("GET", "/numbers", nil).into(t, &numbers)
	one, two := day(1), day(2)
	want := []api.DialledNumber{
		{Station: f.station, Number: "74950000600", Kind: "did", How: "seen", FirstSeen: &one, LastSeen: &two},
		{Station: f.station, Number: "*45", Name: "AddQueueMember", Kind: "service", How: "seen", FirstSeen: &one, LastSeen: &one},
	}
	if d := cmp.Diff(want, numbers.Numbers); d != "" {
		t.Errorf("numbers (-want +got):\n%s", d)
	}
}

// TestDecisionsReachTheAssembler reads, as an assembler does, what was decided through the API.
func TestDecisionsReachTheAssembler(t *testing.T) {
	f := newFixture(t)
	f.addPBX("mirror", "Head office")
	anna := f.as("anna")
	var in api.InForce
	anna.do("PUT", "/endpoints/correction", map[string]any{"station": f.station, "endpoint": "PJSIP/gate", "class": "trunk"}).into(t, &in)
	anna.do("PUT", "/references", map[string]any{"names": []string{"X_CASE"}})
	rules := func() (r call.Rules) {
		must(t, f.db.As(f.mine).Read(t.Context(), func(tx pgx.Tx) (err error) {
			r, err = identity.Rules{}.Read(t.Context(), tx)
			return err
		}))
		return r
	}
	got := rules()
	if d := cmp.Diff([]call.EndpointRule{
		{PBX: "mirror", Endpoint: "PJSIP/gate", Class: call.EndpointTrunk}, {PBX: "office", Endpoint: "PJSIP/gate", Class: call.EndpointTrunk},
	}, got.Endpoints); d != "" || len(got.References) != 1 {
		t.Errorf("references %v, endpoints (-want +got):\n%s", got.References, d)
	}
	anna.do("POST", "/pbxs", map[string]string{"name": "third", "station": "Head office"})
	if now := rules(); now.Rev <= got.Rev || len(now.Endpoints) != 3 {
		t.Errorf("a PBX more, and the rules are %+v", now)
	}
}

func TestBadRulesAreExplainedInTheViewersLanguage(t *testing.T) {
	f := newFixture(t)
	anna := f.as("anna")
	rule := func(pattern string) any {
		return map[string]any{"rules": []map[string]string{{"pattern": "100", "kind": "queue"}, {"pattern": pattern, "kind": "service"}}}
	}
	station := "/stations/" + itoa(f.station)
	for _, language := range []string{"en", "ru"} {
		anna.do("PATCH", "/session", map[string]string{"language": language})
		for _, c := range []struct {
			method, path string
			body         any
			says         map[string]string
		}{
			{"PUT", station + "/rules", rule("6XX"), map[string]string{"en": `Rule 2: \"6XX\" looks like a pattern.`, "ru": `Правило 2: \"6XX\" похоже на шаблон.`}},
			{"PUT", station + "/rules", rule("_6[1"), map[string]string{"en": "a bracket is opened", "ru": "скобка не закрыта"}},
			{"PUT", station + "/rules", rule("100"), map[string]string{"en": "Rule 2 never decides", "ru": "Правило 2 никогда не сработает"}},
			{"PUT", "/references", map[string]any{"names": []string{"X-1"}}, map[string]string{"en": "channel variable", "ru": "переменной канала"}},
			{"GET", station + "/number?number=6%202", nil, map[string]string{"en": "is not a number", "ru": "не номер"}},
			{
				"PUT", "/endpoints/correction",
				map[string]any{"station": f.station, "endpoint": "101", "class": "device"},
				map[string]string{"en": "is not an endpoint", "ru": "не линия"},
			},
		} {
			r := anna.do(c.method, c.path, c.body)
			if r.status != 422 || r.code(t) != "invalid" || !strings.Contains(string(r.body), c.says[language]) {
				t.Errorf("%s %s in %s: %d %s", c.method, c.path, language, r.status, r.body)
			}
		}
	}
}

func TestHoursOfSightGrowApart(t *testing.T) {
	f := newFixture(t)
	for _, at := range []time.Time{day(5), day(3), day(9), day(4)} {
		f.learn([]directory.Endpoint{{PBX: f.pbx, Name: "PJSIP/101", First: at, Seen: at}}, nil)
	}
	var got struct{ Endpoints []api.Endpoint }
	f.as("sveta").do("GET", "/endpoints", nil).into(t, &got)
	if e := got.Endpoints[0]; !e.FirstSeen.Equal(day(3)) || !e.LastSeen.Equal(day(9)) {
		t.Errorf("seen from %v to %v", e.FirstSeen, e.LastSeen)
	}
}
