package settings_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/identity"
	"github.com/callweave/callweave/cloud/settings"
)

func TestPolicyIsInForceFromAMomentThatMayBePast(t *testing.T) {
	f := newFixture(t)
	march := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	strict := settings.Policy{Threshold: 20, Short: 5, Variant: 3, Target: 0.8, CallBack: 3600}
	late := strict
	late.Queue, late.From, late.Threshold = &f.sales, &march, 30
	f.must(func(e *settings.Editor) (err error) {
		if strict, err = e.AddPolicy(t.Context(), strict); err != nil {
			return err
		}
		if late, err = e.AddPolicy(t.Context(), late); err != nil {
			return err
		}
		earlier := march.AddDate(-1, 0, 0)
		late.From = &earlier
		late, err = e.ChangePolicy(t.Context(), late)
		return err
	})
	var got []settings.Policy
	f.tx(func(tx pgx.Tx) (err error) {
		got, err = settings.Policies(t.Context(), tx)
		return err
	})
	if diff := cmp.Diff([]settings.Policy{strict, late}, got); diff != "" {
		t.Errorf("policies (-want +got):\n%s", diff)
	}
	err := f.edit(func(e *settings.Editor) error {
		again := late
		_, err := e.AddPolicy(t.Context(), again)
		return err
	})
	if code(err) != "policy-there" {
		t.Errorf("two policies from one moment on: %v", err)
	}
	want := `anna policy.add : - → {"from": null, "short": 5, "shorts": "count", "target": 0.8, "variant": "SL3", "call_back": 3600, "threshold": 20}
anna policy.add office/600: - → {"from": "2026-03-01T00:00:00Z", "short": 5, "shorts": "count", "target": 0.8, "variant": "SL3", "call_back": 3600, "threshold": 30}
anna policy.change office/600: {"from": "2026-03-01T00:00:00Z", "short": 5, "shorts": "count", "target": 0.8, "variant": "SL3", "call_back": 3600, "threshold": 30} → {"from": "2025-03-01T00:00:00Z", "short": 5, "shorts": "count", "target": 0.8, "variant": "SL3", "call_back": 3600, "threshold": 30}
`
	if diff := cmp.Diff(want, f.audit()); diff != "" {
		t.Errorf("audit (-want +got):\n%s", diff)
	}
}

func code(err error) string {
	var r *identity.RefusalError
	if errors.As(err, &r) {
		return r.Code
	}
	return ""
}

func TestChangesAreNotedInWordsAndOnlyWhereSomethingChanges(t *testing.T) {
	f := newFixture(t)
	anna := f.person("Anna")
	for range 2 { // the second time nothing changes
		f.must(func(e *settings.Editor) error {
			for _, file := range [][2]string{
				{"hours", "name,mon,tue,wed,thu,fri,sat,sun\nOffice,09:00-18:00,,,,,,\n"},
				{"holidays", "calendar,day,name\nOffice,2026-01-01,New Year\n"},
				{"queues", "station,queue,name,hours\noffice,600,Sales,Office\n"},
				{"groups", "kind,group,member,station,name\nqueues,All,queue,office,600\n"},
				{"reasons", "reason,paid\nlunch,yes\n"},
				{"trunks", "trunk,lines\nPJSIP/carrier,30\n"},
				{"dids", "number,name\n74951234567,Hotline\n"},
				{"prefixes", "prefix,name\n+7 (495),Moscow\n"},
			} {
				if _, err := e.Import(t.Context(), list(t, file[0]), []byte(file[1])); err != nil {
					return err
				}
			}
			from := time.Date(2026, 11, 25, 6, 0, 0, 0, time.UTC)
			return e.SetRoster(t.Context(), anna, from, from.Add(time.Hour), []settings.Shift{{Kind: settings.KindWork, From: from, To: from.Add(9 * time.Hour)}})
		})
	}
	want := `anna person.add Anna: - → {"id": 1, "name": "Anna", "note": ""}
anna calendar.add Office: - → {"fri": "", "mon": "09:00-18:00", "sat": "", "sun": "", "thu": "", "tue": "", "wed": "", "name": "Office", "holidays": []}
anna calendar.change Office: {"fri": "", "mon": "09:00-18:00", "sat": "", "sun": "", "thu": "", "tue": "", "wed": "", "name": "Office", "holidays": []} → {"fri": "", "mon": "09:00-18:00", "sat": "", "sun": "", "thu": "", "tue": "", "wed": "", "name": "Office", "holidays": ["2026-01-01 – New Year"]}
anna queue.change office/600: {"name": "Of the PBX", "zone": "", "calendar": ""} → {"name": "Sales", "zone": "", "calendar": "Office"}
anna group.add All: - → {"name": "All", "members": ["office/600"]}
anna reason.set lunch: - → {"name": "", "paid": true, "work": false, "limit": 0, "reason": "lunch"}
anna trunk.change office/PJSIP/carrier: {"name": "", "lines": 0} → {"name": "", "lines": 30}
anna did.change office/74951234567: {"name": ""} → {"name": "Hotline"}
anna prefix.set 7495: - → {"name": "Moscow"}
anna roster.set Anna: [] → ["work 2026-11-25 09:00 – 2026-11-25 18:00"]
`
	if diff := cmp.Diff(want, f.audit()); diff != "" {
		t.Errorf("audit (-want +got):\n%s", diff)
	}
}

func TestWhatIsInUseIsNotRemoved(t *testing.T) {
	f := newFixture(t)
	f.load("hours", "name,mon,tue,wed,thu,fri,sat,sun\nOffice,09:00-18:00,,,,,,\n")
	f.load("queues", "station,queue,hours\noffice,600,Office\n")
	call, tenant := uuid.New(), f.tenant.UUID()
	var tag settings.Tag
	f.must(func(e *settings.Editor) (err error) {
		if tag, err = e.AddTag(t.Context(), settings.Tag{Name: "complaint"}); err != nil {
			return err
		}
		return e.TagCall(t.Context(), tenant, call, "anna", []int32{tag.ID, tag.ID})
	})
	if err := f.edit(func(e *settings.Editor) error { return e.RemoveCalendar(t.Context(), 1) }); code(err) != "calendar-used" {
		t.Errorf("hours of a queue: %v", err)
	}
	if err := f.edit(func(e *settings.Editor) error { return e.RemoveTag(t.Context(), tenant, tag.ID) }); code(err) != "tag-used" {
		t.Errorf("tag of a call: %v", err)
	}
	f.must(func(e *settings.Editor) error { // retired, it stays on the call and comes to no other
		tag.Retired = true
		if _, err := e.ChangeTag(t.Context(), tag); err != nil {
			return err
		}
		if err := e.TagCall(t.Context(), tenant, call, "anna", []int32{tag.ID}); err != nil {
			return err
		}
		if err := e.TagCall(t.Context(), tenant, uuid.New(), "anna", []int32{tag.ID}); code(err) != "invalid" {
			t.Errorf("a retired tag on another call: %v", err)
		}
		if err := e.TagCall(t.Context(), tenant, call, "anna", nil); err != nil {
			return err
		}
		return e.RemoveTag(t.Context(), tenant, tag.ID)
	})
}

func TestGroupKeepsItsMembersWhenTheyGetOtherNames(t *testing.T) {
	f := newFixture(t)
	anna := f.person("Anna")
	var g settings.Group
	f.must(func(e *settings.Editor) (err error) {
		g, err = e.AddGroup(t.Context(), settings.Group{Kind: settings.OfOperators, Name: "Team", People: []int32{anna}, Operators: []int32{f.second, f.phone, f.phone}})
		if err != nil {
			return err
		}
		_, err = e.ChangePerson(t.Context(), identity.Person{ID: anna, Name: "Anna Orlova"})
		return err
	})
	var got []settings.Group
	f.tx(func(tx pgx.Tx) (err error) {
		got, err = settings.Groups(t.Context(), tx)
		return err
	})
	want := []settings.Group{{ID: g.ID, Kind: "operators", Name: "Team", Queues: []int32{}, People: []int32{anna}, Operators: []int32{f.phone, f.second}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("groups (-want +got):\n%s", diff)
	}
	err := f.edit(func(e *settings.Editor) error {
		_, err := e.ChangeGroup(t.Context(), settings.Group{ID: g.ID, Name: "Team", Operators: []int32{4711}})
		return err
	})
	if code(err) != "invalid" {
		t.Errorf("a member that is not there: %v", err)
	}
}
