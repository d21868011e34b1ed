package api_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/api"
	"github.com/callweave/callweave/cloud/directory"
	"github.com/callweave/callweave/cloud/identity"
)

// TestPeopleAreLookedForInOneTenantsTables holds queries to what they cost with one tenant: PostgreSQL plans and locks the
// tables of all tenants where it does not know the tenant beforehand.
func TestPeopleAreLookedForInOneTenantsTables(t *testing.T) {
	f := newFixture(t)
	others := strings.ReplaceAll(f.other.String(), "-", "")
	for sql, args := range api.Queries(f.mine) {
		if plan := f.plan(f.mine, sql, args); strings.Contains(plan, others) {
			t.Errorf("%s looks at the tables of another tenant:\n%s", sql, plan)
		}
	}
}

func day(n int) time.Time { return time.Date(2026, 11, n, 0, 0, 0, 0, time.UTC) }

func (f *fixture) addPerson(name string) (id int32) {
	f.t.Helper()
	must(f.t, f.db.As(f.mine).Tx(f.t.Context(), func(tx pgx.Tx) error {
		p, err := identity.Edit(tx, identity.Author{Login: "test"}).AddPerson(f.t.Context(), identity.Person{Name: name})
		id = p.ID
		return err
	}))
	return id
}

func (f *fixture) bind(person, operator int32, from time.Time, to *time.Time) (id int32) {
	f.t.Helper()
	must(f.t, f.db.As(f.mine).Tx(f.t.Context(), func(tx pgx.Tx) error {
		b, err := identity.Edit(tx, identity.Author{Login: "test"}).Bind(f.t.Context(), identity.Binding{Person: person, Operator: operator, From: from, To: to})
		id = b.ID
		return err
	}))
	return id
}

// binding is the body of a request for one.
func (*fixture) binding(person, operator int32, from time.Time, to *time.Time) map[string]any {
	b := map[string]any{"person": person, "operator": operator, "from": from}
	if to != nil {
		b["to"] = *to
	}
	return b
}

// addOperator adds a device to my station.
func (f *fixture) addOperator(number string) int32 {
	f.t.Helper()
	s := directory.New().Session(f.mine)
	must(f.t, f.db.As(f.mine).Tx(f.t.Context(), func(tx pgx.Tx) error {
		return s.Resolve(f.t.Context(), tx, []directory.Name{{Kind: directory.Operator, Station: f.station, Key: number}})
	}))
	return int32(s.ID(directory.Operator, f.station, number))
}

// addTalk stores a call that rang at a device at a moment and was spoken by it a second later, with its story.
func (f *fixture) addTalk(operator int32, number string, rang time.Time) string {
	f.t.Helper()
	id := uuid.New()
	const form = "2006-01-02T15:04:05.000000Z07:00"
	talked := rang.Add(time.Second)
	f.addCalls(f.mine, aCall{id: id, at: rang, direction: 1, disposition: 1, operators: []int32{operator}, story: fmt.Sprintf(
		`{"rings": [{"pbx": "office", "operator": %[1]q, "at": %[2]q}], "talks": [{"pbx": "office", "operator": %[1]q, "with": "customer", "from": %[3]q}],
		  "queues": [{"pbx": "office", "queue": "600", "operator": %[1]q, "entered": %[2]q, "left": %[3]q}, {"pbx": "office", "queue": "601", "left": null}]}`,
		number, rang.Format(form), talked.Format(form))})
	must(f.t, f.db.As(f.mine).Tx(f.t.Context(), func(tx pgx.Tx) error {
		_, err := tx.Exec(f.t.Context(), `INSERT INTO attempts (tenant_id, call_id, n, pbx_id, operator_id, rang, result, estimated) VALUES (current_tenant(), $1, 0, $2, $3, $4, 1, false)`, id, f.pbx, operator, rang)
		if err != nil {
			return err
		}
		_, err = tx.Exec(f.t.Context(), `INSERT INTO segments (tenant_id, call_id, n, kind, pbx_id, operator_id, with_whom, from_at, estimated)
			VALUES (current_tenant(), $1, 0, 1, $2, $3, 'customer', $4, false)`, id, f.pbx, operator, talked)
		return err
	}))
	return id.String()
}

// daysOf lists the days of November on which a person took part in a call, as the filter finds them and as the rows say.
func daysOf(t *testing.T, b *browser, person int32, name string) (filtered, said string) {
	t.Helper()
	var found, all journal
	b.do("GET", "/calls?person="+itoa(person), nil).into(t, &found)
	b.do("GET", "/calls", nil).into(t, &all)
	days := func(j journal, of func(api.CallRow) bool) string {
		var list []string
		for _, c := range j.Calls {
			if of(c) {
				list = append([]string{c.Start.Format("02")}, list...)
			}
		}
		return strings.Join(list, " ")
	}
	filtered = days(found, func(api.CallRow) bool { return true })
	said = days(all, func(c api.CallRow) bool {
		return len(c.People) == 1 && cmp.Equal(c.People[0], api.PersonAt{Operator: c.Operators[0], ID: person, Name: name})
	})
	return filtered, said
}

func TestCorrectionOfThePastChangesPastResults(t *testing.T) {
	f := newFixture(t)
	var fifth string
	for n := 1; n <= 9; n++ {
		id := f.addTalk(f.operator, "101", day(n).Add(9*time.Hour))
		if n == 5 {
			fifth = id
		}
	}
	f.addTalk(f.addOperator("102"), "102", day(5).Add(10*time.Hour)) // somebody else's
	anna := f.as("anna")
	expect := func(step, want string) {
		t.Helper()
		filtered, said := daysOf(t, anna, f.anna, "Anna Petrova")
		if d := cmp.Diff([]string{want, want}, []string{filtered, said}); d != "" {
			t.Errorf("%s, days by filter and by rows (-want +got):\n%s", step, d)
		}
	}
	expect("nobody said whose the device is", "")
	var b api.Binding
	anna.do("POST", "/bindings", f.binding(f.anna, f.operator, day(3), nil)).into(t, &b)
	expect("Anna's since the third, said afterwards", "03 04 05 06 07 08 09")
	anna.do("PUT", "/bindings/"+itoa(b.ID), f.binding(f.anna, f.operator, day(6), nil)).into(t, &b)
	expect("corrected: since the sixth", "06 07 08 09")
	boris := f.addPerson("Boris")
	var to api.Binding
	anna.do("POST", "/bindings", f.binding(boris, f.operator, day(8), nil)).into(t, &to)
	expect("Boris took over on the eighth", "06 07")
	until := day(6)
	anna.do("POST", "/bindings", f.binding(f.anna, f.operator, day(2), &until)).into(t, &to)
	expect("and it was Anna's before too", "02 03 04 05 06 07")

	var got struct {
		Call  api.CallRow
		Story map[string][]struct {
			Operator string
			Person   *api.PersonRef
		}
	}
	anna.do("GET", "/calls/"+fifth, nil).into(t, &got)
	for _, rows := range []string{"rings", "talks", "queues"} {
		if d := cmp.Diff(&api.PersonRef{ID: f.anna, Name: "Anna Petrova"}, got.Story[rows][0].Person); d != "" {
			t.Errorf("the person of %s (-want +got):\n%s", rows, d)
		}
	}
	if p := got.Story["queues"][1].Person; p != nil {
		t.Errorf("a queue visit nobody answered has person %+v", p)
	}
	var at struct{ Bindings []api.Binding }
	anna.do("GET", "/bindings?operator="+itoa(f.operator)+"&at="+day(8).Add(time.Hour).Format(time.RFC3339), nil).into(t, &at)
	if len(at.Bindings) != 1 || at.Bindings[0].Person != boris {
		t.Errorf("at the device on the eighth: %+v", at.Bindings)
	}
}

// TestCallAcrossTheEndOfABinding has a call begin at one person's time and ring at another's.
func TestCallAcrossTheEndOfABinding(t *testing.T) {
	f := newFixture(t)
	boris := f.addPerson("Boris")
	rang := day(5).Add(9 * time.Hour)
	moment := rang.Add(500 * time.Millisecond) // between the ring and the talk
	f.bind(f.anna, f.operator, day(1), &moment)
	f.bind(boris, f.operator, moment, nil)
	f.addTalk(f.operator, "101", rang)
	var all journal
	b := f.as("sveta")
	b.do("GET", "/calls", nil).into(t, &all)
	if d := cmp.Diff([]api.PersonAt{{Operator: f.operator, ID: f.anna, Name: "Anna Petrova"}, {Operator: f.operator, ID: boris, Name: "Boris"}}, all.Calls[0].People); d != "" {
		t.Errorf("people of the call (-want +got):\n%s", d)
	}
	// A call that only began while the device was Anna's, and that Boris took, is his alone.
	f.addTalk(f.operator, "101", moment.Add(time.Minute))
	for person, want := range map[int32]int{f.anna: 1, boris: 2} {
		var found journal
		b.do("GET", "/calls?person="+itoa(person), nil).into(t, &found)
		if len(found.Calls) != want {
			t.Errorf("person %d has %d calls, want %d", person, len(found.Calls), want)
		}
	}
}

// TestCallWithoutMomentsCountsWithItsBeginning has a call that goes on, whose rings and talks are not stored yet.
func TestCallWithoutMomentsCountsWithItsBeginning(t *testing.T) {
	f := newFixture(t)
	f.bind(f.anna, f.operator, day(5), nil)
	for n := 4; n <= 5; n++ {
		f.addCalls(f.mine, aCall{id: uuid.New(), at: day(n).Add(time.Hour), open: true, operators: []int32{f.operator}})
	}
	filtered, said := daysOf(t, f.as("sveta"), f.anna, "Anna Petrova")
	if d := cmp.Diff([]string{"05", "05"}, []string{filtered, said}); d != "" {
		t.Errorf("days by filter and by rows (-want +got):\n%s", d)
	}
}

func TestPeopleAreKeptByAdministrators(t *testing.T) {
	f := newFixture(t)
	anna := f.as("anna")
	var added api.PersonRef
	anna.do("POST", "/people", map[string]string{"name": "  Vera ", "note": "nights"}).into(t, &added)
	anna.do("PUT", "/people/"+itoa(added.ID), map[string]string{"name": "Vera Ivanova"}).into(t, &added)
	var b api.Binding
	anna.do("POST", "/bindings", f.binding(added.ID, f.operator, day(1), nil)).into(t, &b)
	var list struct{ People []api.Person }
	anna.do("GET", "/people", nil).into(t, &list)
	want := []api.Person{
		{ID: f.anna, Name: "Anna Petrova", Bindings: []api.Binding{}},
		{ID: added.ID, Name: "Vera Ivanova", Bindings: []api.Binding{{ID: b.ID, Person: added.ID, Operator: f.operator, From: day(1)}}},
	}
	if d := cmp.Diff(want, list.People); d != "" {
		t.Errorf("people (-want +got):\n%s", d)
	}
	anna.do("PATCH", "/session", map[string]string{"language": "ru"})
	for _, c := range []struct {
		method, path string
		body         any
		status       int
		code, says   string
	}{
		{"DELETE", "/people/" + itoa(added.ID), nil, 409, "person-bound", "закреплены"},
		{"POST", "/people", map[string]string{"name": "  "}, 422, "invalid", "Имя"},
		{"POST", "/bindings", f.binding(f.anna, f.operator, day(1).Add(-time.Hour), nil), 409, "device-taken", "Vera Ivanova"},
		{"POST", "/bindings", f.binding(f.anna, f.operator+1000, day(1), nil), 422, "invalid", "Такого устройства нет"},
		{"POST", "/bindings", f.binding(f.anna+1000, f.operator, day(1), nil), 422, "invalid", "Такого человека нет"},
	} {
		r := anna.do(c.method, c.path, c.body)
		if r.status != c.status || r.code(t) != c.code || !strings.Contains(string(r.body), c.says) {
			t.Errorf("%s %s: %d %s", c.method, c.path, r.status, r.body)
		}
	}
	if r := anna.do("DELETE", "/bindings/"+itoa(b.ID), nil); r.status != 204 {
		t.Errorf("remove binding: %d %s", r.status, r.body)
	}
	if r := anna.do("DELETE", "/people/"+itoa(added.ID), nil); r.status != 204 {
		t.Errorf("remove person: %d %s", r.status, r.body)
	}

	var audit struct {
		Entries []api.AuditEntry
		Next    *int64
	}
	anna.do("GET", "/audit?limit=6", nil).into(t, &audit)
	var told []string
	for _, e := range audit.Entries {
		told = append(told, e.Login+" "+e.Action+" "+e.Subject)
	}
	const device = "Head office/101 – Vera Ivanova"
	if d := cmp.Diff([]string{
		"anna person.remove Vera Ivanova", "anna binding.remove " + device, "anna binding.add " + device,
		"anna person.change Vera Ivanova", "anna person.add Vera", "test person.add Anna Petrova",
	}, told); d != "" {
		t.Errorf("audit (-want +got):\n%s", d)
	}
	if audit.Entries[0].After != nil || audit.Entries[4].Before != nil || audit.Entries[3].Before == nil {
		t.Errorf("before and after: %+v", audit.Entries)
	}
	anna.do("GET", "/audit?limit=4&action=person", nil).into(t, &audit)
	if len(audit.Entries) != 4 || audit.Next != nil {
		t.Errorf("of people there are %d entries, next %v", len(audit.Entries), audit.Next)
	}
	anna.do("GET", "/audit?limit=2", nil).into(t, &audit)
	next := audit.Entries[1].ID
	anna.do("GET", fmt.Sprintf("/audit?limit=2&before=%d", *audit.Next), nil).into(t, &audit)
	if audit.Entries[0].ID != next-1 {
		t.Errorf("after entry %d comes %d", next, audit.Entries[0].ID)
	}
}

func TestAnotherTenantsDeviceCannotBeBound(t *testing.T) {
	f := newFixture(t)
	stranger := f.as("stranger")
	var p api.PersonRef
	stranger.do("POST", "/people", map[string]string{"name": "Eve"}).into(t, &p)
	if r := stranger.do("POST", "/bindings", f.binding(p.ID, f.operator, day(1), nil)); r.status != 422 {
		t.Errorf("a device of another tenant: %d %s", r.status, r.body)
	}
	if r := f.as("anna").do("POST", "/bindings", f.binding(p.ID, f.operator, day(1), nil)); r.status != 422 {
		t.Errorf("a person of another tenant: %d %s", r.status, r.body)
	}
}

func TestStatesOfADeviceAreOfWhoeverHadIt(t *testing.T) {
	f := newFixture(t)
	boris := f.addPerson("Boris")
	noon := day(5).Add(12 * time.Hour)
	f.bind(f.anna, f.operator, day(1), &noon)
	f.bind(boris, f.operator, noon, nil)
	f.addStates(f.mine,
		aState{kind: 9, operator: f.operator, from: noon.Add(-3 * time.Hour), to: noon.Add(-2 * time.Hour), reason: "morning"},
		aState{kind: 9, operator: f.operator, from: noon.Add(-time.Hour), to: noon, reason: "until noon"},
		aState{kind: 1, operator: f.operator, from: noon.Add(-30 * time.Minute), reason: "all day"},
		aState{kind: 9, operator: f.operator, from: noon.Add(time.Hour), to: noon.Add(2 * time.Hour), reason: "afternoon"},
		aState{kind: 9, operator: f.addOperator("102"), from: noon, to: noon.Add(time.Hour), reason: "another device"})
	sveta := f.as("sveta")
	for person, want := range map[int32][]string{f.anna: {"all day", "until noon", "morning"}, boris: {"afternoon", "all day"}} {
		var got states
		sveta.do("GET", "/operator-states?person="+itoa(person), nil).into(t, &got)
		if d := cmp.Diff(want, got.reasons()); d != "" {
			t.Errorf("states of person %d (-want +got):\n%s", person, d)
		}
	}
	var all states
	sveta.do("GET", "/operator-states", nil).into(t, &all)
	said := map[string][]string{}
	for _, s := range all.States {
		said[s.Reason] = []string{}
		for _, p := range s.People {
			said[s.Reason] = append(said[s.Reason], p.Name)
		}
	}
	if d := cmp.Diff(map[string][]string{
		"morning": {"Anna Petrova"}, "until noon": {"Anna Petrova"}, "all day": {"Anna Petrova", "Boris"}, "afternoon": {"Boris"}, "another device": {},
	}, said); d != "" {
		t.Errorf("people of states (-want +got):\n%s", d)
	}
}
