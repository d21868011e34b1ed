package identity_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/cloud/directory"
	"github.com/callweave/callweave/cloud/identity"
	"github.com/callweave/callweave/cloud/pg"
	"github.com/callweave/callweave/cloud/pg/pgtest"
	"github.com/callweave/callweave/tenants"
)

// fixture is a tenant with the PBXs north and south of one station, and east, which is a station of its own.
type fixture struct {
	t             *testing.T
	db            *pg.DB
	tenant        tenants.ID
	by            identity.Author
	office, east  int32 // stations
	north, south  int32
	phone, second int32 // operators of the office
}

func newFixture(t *testing.T) *fixture {
	db := pgtest.New(t)
	f := &fixture{t: t, db: db, tenant: pgtest.NewTenant(t, db, "acme"), by: identity.Author{User: uuid.New(), Login: "anna"}}
	f.tx(func(tx pgx.Tx) error {
		for _, p := range []struct {
			name, station string
			pbx, in       *int32
		}{{"north", "office", &f.north, &f.office}, {"south", "office", &f.south, new(int32)}, {"east", "", new(int32), &f.east}} {
			added, err := directory.AddPBX(t.Context(), tx, p.name, p.station)
			if err != nil {
				return err
			}
			*p.pbx, *p.in = added.ID, added.Station
		}
		s := directory.New().Session(f.tenant)
		names := []directory.Name{
			{Kind: directory.Operator, Station: f.office, Key: "101"},
			{Kind: directory.Operator, Station: f.office, Key: "102"},
			{Kind: directory.Queue, Station: f.office, Key: "600"},
		}
		err := s.Resolve(t.Context(), tx, names)
		f.phone, f.second = int32(s.ID(directory.Operator, f.office, "101")), int32(s.ID(directory.Operator, f.office, "102"))
		return err
	})
	return f
}

func (f *fixture) tx(fn func(pgx.Tx) error) {
	f.t.Helper()
	if err := f.db.As(f.tenant).Tx(f.t.Context(), fn); err != nil {
		f.t.Fatal(err)
	}
}

// edit makes changes in a transaction of their own and returns what came of it.
func (f *fixture) edit(fn func(*identity.Editor) error) error {
	f.t.Helper()
	return f.db.As(f.tenant).Tx(f.t.Context(), func(tx pgx.Tx) error { return fn(identity.Edit(tx, f.by)) })
}

func (f *fixture) must(fn func(*identity.Editor) error) {
	f.t.Helper()
	if err := f.edit(fn); err != nil {
		f.t.Fatal(err)
	}
}

func (f *fixture) person(name string) (p identity.Person) {
	f.t.Helper()
	f.must(func(e *identity.Editor) (err error) {
		p, err = e.AddPerson(f.t.Context(), identity.Person{Name: name})
		return err
	})
	return p
}

func (f *fixture) rules() (r call.Rules) {
	f.t.Helper()
	f.tx(func(tx pgx.Tx) (err error) {
		r, err = identity.Rules{}.Read(f.t.Context(), tx)
		return err
	})
	return r
}

// bindings are written one a line: whose the device is, from and to by the day of January.
func (f *fixture) bindings(operator int32) string {
	f.t.Helper()
	var out strings.Builder
	f.tx(func(tx pgx.Tx) error {
		rows, err := tx.Query(f.t.Context(), `SELECT p.name, to_char(valid_from, 'DD'), coalesce(to_char(valid_to, 'DD'), '') FROM bindings b
			JOIN people p ON p.id = b.person_id WHERE operator_id = $1 ORDER BY valid_from`, operator)
		if err != nil {
			return err
		}
		var name, from, to string
		_, err = pgx.ForEachRow(rows, []any{&name, &from, &to}, func() error {
			out.WriteString(strings.TrimSpace(name+" "+from+"-"+to) + "\n")
			return nil
		})
		return err
	})
	return out.String()
}

func (f *fixture) audit() string {
	f.t.Helper()
	var out strings.Builder
	f.tx(func(tx pgx.Tx) error {
		rows, err := tx.Query(f.t.Context(), `SELECT login, action, subject FROM audit ORDER BY id`)
		if err != nil {
			return err
		}
		var login, action, subject string
		_, err = pgx.ForEachRow(rows, []any{&login, &action, &subject}, func() error {
			out.WriteString(login + ": " + action + " " + subject + "\n")
			return nil
		})
		return err
	})
	return out.String()
}

func refusal(t *testing.T, err error) string {
	t.Helper()
	var r *identity.RefusalError
	if !errors.As(err, &r) {
		t.Fatalf("err = %v, want a refusal", err)
	}
	if r.Say.IsZero() {
		t.Errorf("%s says nothing", r.Code)
	}
	return r.Code
}

func day(n int) time.Time { return time.Date(2027, 1, n, 0, 0, 0, 0, time.UTC) }

func dayOrNone(n int) *time.Time {
	if n == 0 {
		return nil
	}
	d := day(n)
	return &d
}

func TestDeviceIsOnePersonsAtATime(t *testing.T) {
	f := newFixture(t)
	anna, boris := f.person("Anna"), f.person("Boris")
	bind := func(who identity.Person, from, to int) error {
		return f.edit(func(e *identity.Editor) error {
			_, err := e.Bind(t.Context(), identity.Binding{Person: who.ID, Operator: f.phone, From: day(from), To: dayOrNone(to)})
			return err
		})
	}
	for _, step := range []struct {
		who      identity.Person
		from, to int
		refused  string
		want     string
	}{
		{anna, 10, 0, "", "Anna 10-\n"},
		{boris, 5, 8, "", "Boris 05-08\nAnna 10-\n"},
		{boris, 7, 11, "device-taken", "Boris 05-08\nAnna 10-\n"},
		{boris, 3, 0, "device-taken", "Boris 05-08\nAnna 10-\n"}, // since before Anna had it, without end
		{boris, 8, 10, "", "Boris 05-08\nBoris 08-10\nAnna 10-\n"},
		{boris, 20, 0, "", "Boris 05-08\nBoris 08-10\nAnna 10-20\nBoris 20-\n"},
		{boris, 20, 19, "invalid", "Boris 05-08\nBoris 08-10\nAnna 10-20\nBoris 20-\n"},
	} {
		err := bind(step.who, step.from, step.to)
		if step.refused == "" && err != nil {
			t.Fatal(err)
		}
		if step.refused != "" {
			if code := refusal(t, err); code != step.refused {
				t.Errorf("%s %d-%d: refused as %q, want %q", step.who.Name, step.from, step.to, code, step.refused)
			}
		}
		if d := cmp.Diff(step.want, f.bindings(f.phone)); d != "" {
			t.Errorf("after %s %d-%d (-want +got):\n%s", step.who.Name, step.from, step.to, d)
		}
	}
	if code := refusal(t, f.edit(func(e *identity.Editor) error { return e.RemovePerson(t.Context(), anna.ID) })); code != "person-bound" {
		t.Errorf("removing a person with bindings is refused as %q", code)
	}
	if got := f.bindings(f.second); got != "" {
		t.Errorf("the other device has bindings: %s", got)
	}
}

func TestDatabaseRefusesWhatTwoSayAtOnce(t *testing.T) {
	f := newFixture(t)
	anna := f.person("Anna")
	err := f.db.As(f.tenant).Tx(t.Context(), func(tx pgx.Tx) error {
		_, err := tx.Exec(t.Context(), `INSERT INTO bindings (tenant_id, person_id, operator_id, valid_from, valid_to)
			VALUES (current_tenant(), $1, $2, $3, NULL), (current_tenant(), $1, $2, $4, $5)`, anna.ID, f.phone, day(1), day(3), day(4))
		return err
	})
	if err == nil || !strings.Contains(err.Error(), "bindings_overlap") {
		t.Errorf("err = %v, want the exclusion constraint", err)
	}
}

func TestDecisionsAreToldForEveryPBXOfTheStation(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	if got := f.rules(); got.Rev != 0 {
		t.Errorf("nobody decided anything, and the revision is %d", got.Rev)
	}
	f.must(func(e *identity.Editor) error {
		_, err := e.Correct(ctx, identity.Correction{Station: f.office, Subject: identity.SubjectEndpoint, Name: "PJSIP/anna", Decided: "device", Number: "101"})
		return err
	})
	f.must(func(e *identity.Editor) error {
		_, err := e.Correct(ctx, identity.Correction{Station: f.office, Subject: identity.SubjectNumber, Name: "612", Decided: "outside"})
		return err
	})
	f.must(func(e *identity.Editor) error {
		return e.SetExtenRules(ctx, f.office, []identity.ExtenRule{{Pattern: "_6XX", Kind: "service"}, {Pattern: "_4.", Kind: "did"}})
	})
	f.must(func(e *identity.Editor) error {
		_, err := e.SetReferences(ctx, []string{"X_ORDER", "X_CASE", "X_ORDER"})
		return err
	})
	want := call.Rules{
		Rev: 4,
		Endpoints: []call.EndpointRule{
			{PBX: "north", Endpoint: "PJSIP/anna", Class: call.EndpointDevice, Number: "101"},
			{PBX: "south", Endpoint: "PJSIP/anna", Class: call.EndpointDevice, Number: "101"},
		},
		Extens: []call.ExtenRule{
			{PBX: "north", Pattern: "612", Kind: call.ExtenOutside},
			{PBX: "north", Pattern: "_6XX", Kind: call.ExtenService},
			{PBX: "north", Pattern: "_4.", Kind: call.ExtenDID},
			{PBX: "south", Pattern: "612", Kind: call.ExtenOutside},
			{PBX: "south", Pattern: "_6XX", Kind: call.ExtenService},
			{PBX: "south", Pattern: "_4.", Kind: call.ExtenDID},
		},
		References: []string{"X_CASE", "X_ORDER"},
	}
	got := f.rules()
	got.Pairs = nil
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("rules (-want +got):\n%s", d)
	}
	f.must(func(e *identity.Editor) error {
		return e.Uncorrect(ctx, f.office, identity.SubjectEndpoint, "PJSIP/anna")
	})
	f.tx(func(tx pgx.Tx) error {
		if _, err := directory.AddPBX(ctx, tx, "west", "office"); err != nil {
			return err
		}
		return identity.PBXsChanged(ctx, tx)
	})
	if got = f.rules(); got.Rev != 6 || len(got.Endpoints) != 0 || len(got.Extens) != 9 {
		t.Errorf("with a PBX more and a correction less the rules are %+v", got)
	}
	const audit = `anna: correction.set office PJSIP/anna
anna: correction.set office 612
anna: exten-rules.set office
anna: references.set X_CASE X_ORDER
anna: correction.remove office PJSIP/anna
`
	if d := cmp.Diff(audit, f.audit()); d != "" {
		t.Errorf("audit (-want +got):\n%s", d)
	}
}

func TestSameDecisionAgainIsNoChange(t *testing.T) {
	f := newFixture(t)
	for range 2 {
		f.must(func(e *identity.Editor) error {
			if err := e.SetExtenRules(t.Context(), f.office, []identity.ExtenRule{{Pattern: "_6XX", Kind: "service"}}); err != nil {
				return err
			}
			_, err := e.Correct(t.Context(), identity.Correction{Station: f.office, Subject: identity.SubjectEndpoint, Name: "SIP/x", Decided: "trunk"})
			return err
		})
	}
	if rev := f.rules().Rev; rev != 2 {
		t.Errorf("revision is %d after two decisions that were made twice", rev)
	}
}

func TestMalformedDecisionsAreRefused(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	for name, c := range map[string]identity.Correction{
		"number with a blank":       {Station: f.office, Subject: identity.SubjectNumber, Name: "61 2", Decided: "service"},
		"pattern as a number":       {Station: f.office, Subject: identity.SubjectNumber, Name: "_6XX", Decided: "service"},
		"number that is a device":   {Station: f.office, Subject: identity.SubjectNumber, Name: "612", Decided: "device"},
		"endpoint without a slash":  {Station: f.office, Subject: identity.SubjectEndpoint, Name: "101", Decided: "device"},
		"endpoint that is a queue":  {Station: f.office, Subject: identity.SubjectEndpoint, Name: "PJSIP/101", Decided: "queue"},
		"trunk with a number":       {Station: f.office, Subject: identity.SubjectEndpoint, Name: "PJSIP/x", Decided: "trunk", Number: "1"},
		"note with a line's end":    {Station: f.office, Subject: identity.SubjectEndpoint, Name: "PJSIP/x", Decided: "trunk", Note: "a\nb"},
		"channel of a Local pair":   {Station: f.office, Subject: identity.SubjectEndpoint, Name: "Local/101@from-queue", Decided: "device"},
		"number longer than a call": {Station: f.office, Subject: identity.SubjectNumber, Name: strings.Repeat("1", 41), Decided: "service"},
	} {
		err := f.edit(func(e *identity.Editor) error { _, err := e.Correct(ctx, c); return err })
		if code := refusal(t, err); code != "invalid" {
			t.Errorf("%s: %s", name, code)
		}
	}
	for name, list := range map[string][]identity.ExtenRule{
		"unknown kind":       {{Pattern: "612", Kind: "phone"}},
		"no underscore":      {{Pattern: "6XX", Kind: "service"}},
		"open bracket":       {{Pattern: "_6[1-3", Kind: "service"}},
		"empty bracket":      {{Pattern: "_6[]", Kind: "service"}},
		"bracket in another": {{Pattern: "_6[[1]", Kind: "service"}},
		"bracket of nothing": {{Pattern: "_6[1\x00]", Kind: "service"}},
		"rest in the middle": {{Pattern: "_6.1", Kind: "service"}},
		"strange character":  {{Pattern: "_6X ", Kind: "service"}, {Pattern: "_6/X", Kind: "service"}},
		"empty":              {{Pattern: "", Kind: "service"}},
		"underscore only":    {{Pattern: "_", Kind: "service"}},
		"twice the same":     {{Pattern: "_6XX", Kind: "service"}, {Pattern: "_6XX", Kind: "queue"}},
		"too many":           make([]identity.ExtenRule, 201),
	} {
		err := f.edit(func(e *identity.Editor) error { return e.SetExtenRules(ctx, f.office, list) })
		if code := refusal(t, err); code != "invalid" {
			t.Errorf("%s: %s", name, code)
		}
	}
	for _, name := range []string{"", "1X", "A B", "X-ORDER", strings.Repeat("A", 81)} {
		err := f.edit(func(e *identity.Editor) error { _, err := e.SetReferences(ctx, []string{name}); return err })
		if code := refusal(t, err); code != "invalid" {
			t.Errorf("variable %q: %s", name, code)
		}
	}
	if err := f.edit(func(e *identity.Editor) error { return e.SetExtenRules(ctx, f.east+100, nil) }); !errors.Is(err, identity.ErrNotFound) {
		t.Errorf("rules of no station: %v", err)
	}
	if rev := f.rules().Rev; rev != 0 {
		t.Errorf("what was refused raised the revision to %d", rev)
	}
}

func TestThereIsRoomForManyButNotForAnyNumber(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	anna := f.person("Anna")
	for name, c := range map[string]struct {
		fill string
		args []any
		more func(*identity.Editor) error
	}{
		"corrections": {
			`INSERT INTO corrections (tenant_id, station_id, subject, name, decided) SELECT current_tenant(), $1, 'number', n::text, 'did' FROM generate_series(1, 2000) n`,
			[]any{f.office},
			func(e *identity.Editor) error {
				_, err := e.Correct(ctx, identity.Correction{Station: f.office, Subject: identity.SubjectNumber, Name: "2001", Decided: "did"})
				return err
			},
		},
		"people": {
			`INSERT INTO people (tenant_id, name) SELECT current_tenant(), 'N' FROM generate_series(1, 9999)`, nil,
			func(e *identity.Editor) error { _, err := e.AddPerson(ctx, identity.Person{Name: "Boris"}); return err },
		},
		"bindings": {
			`INSERT INTO bindings (tenant_id, person_id, operator_id, valid_from, valid_to)
				SELECT current_tenant(), $1, $2, d, d + interval '1 hour' FROM generate_series('2020-01-01'::timestamptz, '2022-09-26', '1 day') d`,
			[]any{anna.ID, f.phone},
			func(e *identity.Editor) error {
				_, err := e.Bind(ctx, identity.Binding{Person: anna.ID, Operator: f.phone, From: day(1)})
				return err
			},
		},
	} {
		f.tx(func(tx pgx.Tx) error {
			_, err := tx.Exec(ctx, c.fill, c.args...)
			return err
		})
		if code := refusal(t, f.edit(c.more)); code != "full" {
			t.Errorf("%s: %s", name, code)
		}
	}
	f.must(func(e *identity.Editor) error { // what is there is changed all the same
		_, err := e.Correct(ctx, identity.Correction{Station: f.office, Subject: identity.SubjectNumber, Name: "2000", Decided: "service"})
		return err
	})
}

func TestNumberIsJudgedByTheSurestThingKnown(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	f.must(func(e *identity.Editor) error {
		err := e.SetExtenRules(ctx, f.office, []identity.ExtenRule{{Pattern: "_*XX", Kind: "service"}, {Pattern: "_10[2-9]", Kind: "outside"}, {Pattern: "_1X.", Kind: "queue"}})
		if err != nil {
			return err
		}
		_, err = e.Correct(ctx, identity.Correction{Station: f.office, Subject: identity.SubjectNumber, Name: "103", Decided: "did"})
		return err
	})
	for number, want := range map[string]identity.Verdict{
		"103":          {Kind: "did", Why: identity.WhyCorrection},
		"102":          {Kind: "outside", Why: identity.WhyRule, Position: 2, Pattern: "_10[2-9]"},
		"*47":          {Kind: "service", Why: identity.WhyRule, Position: 1, Pattern: "_*XX"},
		"101":          {Kind: "queue", Why: identity.WhyRule, Position: 3, Pattern: "_1X."},
		"600":          {Kind: "queue", Why: identity.WhyQueue},
		"+79161234501": {Kind: "outside", Why: identity.WhyLength},
		"#9":           {Kind: "service", Why: identity.WhyStar},
		"777":          {Why: identity.WhyNothing},
	} {
		f.tx(func(tx pgx.Tx) error {
			got, err := identity.Judge(ctx, tx, f.office, number)
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("%s (-want +got):\n%s", number, d)
			}
			return err
		})
	}
	f.tx(func(tx pgx.Tx) error {
		got, err := identity.Judge(ctx, tx, f.east, "101") // another station's 101 is somebody else
		if d := cmp.Diff(identity.Verdict{Why: identity.WhyNothing}, got); d != "" {
			t.Errorf("(-want +got):\n%s", d)
		}
		return err
	})
}

func TestAuditCannotBeChanged(t *testing.T) {
	f := newFixture(t)
	f.person("Anna")
	for _, sql := range []string{`UPDATE audit SET login = 'somebody else'`, `DELETE FROM audit`} {
		err := f.db.As(f.tenant).Tx(t.Context(), func(tx pgx.Tx) error { _, err := tx.Exec(t.Context(), sql); return err })
		if err == nil || !strings.Contains(err.Error(), "permission denied") {
			t.Errorf("%s: %v", sql, err)
		}
	}
}
