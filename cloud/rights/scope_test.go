package rights_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/callweave/callweave/cloud/rights"
)

const (
	nine   = 9_000
	ten    = 10_000
	eleven = 11_000
)

func TestLimitedScopeSeesItsQueuesAndItsDevicesWhileTheyCount(t *testing.T) {
	s := rights.Scope{Queues: []int32{1}, Operators: []int32{7}, Seats: []rights.Seat{{Operator: 8, From: nine, To: ten}}}
	for name, c := range map[string]struct {
		queue, operator int32
		from, to        int64
		want            bool
	}{
		"a row of its queue":                        {1, 99, nine, nine, true},
		"a row of another queue":                    {2, 99, nine, nine, false},
		"a row of neither queue nor device":         {0, 0, nine, nine, false},
		"a row of its device in another queue":      {2, 7, nine, nine, true},
		"a device at the moment it begins to count": {0, 8, nine, nine, true},
		"a device at the moment it ceases to":       {0, 8, ten, ten, false},
		"what began before and reaches into it":     {0, 8, 1, nine + 1, true},
		"what ended as it began":                    {0, 8, 1, nine, false},
		"what lasts":                                {0, 8, 1, 0, true},
		"what began after and lasts":                {0, 8, eleven, 0, false},
	} {
		if got := s.SeesDuring(c.queue, c.operator, c.from, c.to); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestOwnScopeSeesNothingByQueue(t *testing.T) {
	s := rights.Scope{Own: true, Queues: []int32{1}, Operators: []int32{7}}
	if s.Sees(1, 99) || !s.Sees(1, 7) {
		t.Error("others' rows of a queue are visible, or own ones are not")
	}
	if s.Nothing() || !(rights.Scope{Own: true, Queues: []int32{1}}).Nothing() || !(rights.Scope{}).Nothing() {
		t.Error("who sees nothing is not known")
	}
}

func TestUnwatchedDevicesAreHiddenWhileTheyAreAndSeenByNoLimit(t *testing.T) {
	s := rights.Scope{Operators: []int32{6, 7}, Unwatched: []int32{6}, Hidden: []rights.Seat{{Operator: 7, From: nine, To: ten}}}
	if !s.HidesDuring(6, nine, nine) || !s.HidesDuring(7, nine, nine) || s.HidesDuring(7, ten, ten) || s.HidesDuring(8, nine, nine) || s.HidesDuring(0, nine, nine) {
		t.Error("hidden at the wrong time")
	}
	if !s.Hides(6) || !s.Hides(7) || s.Hides(8) {
		t.Error("who does not ask when sees a device that is not to be watched at some time")
	}
	if s.SeesDuring(0, 6, ten, ten) || s.SeesDuring(0, 7, nine, nine) || !s.SeesDuring(0, 7, ten, ten) || s.Sees(0, 7) {
		t.Error("a list of devices shows one that is not to be watched, or hides it for ever")
	}
	want := []rights.Seat{{Operator: 7, To: nine}, {Operator: 7, From: ten}}
	if diff := cmp.Diff(want, rights.Minus([]rights.Seat{{Operator: 7}}, s.Hidden)); diff != "" {
		t.Errorf("what is left of the device (-want +got):\n%s", diff)
	}
}

func TestScopeWithinAnotherSeesNoMoreThanEither(t *testing.T) {
	inner := rights.Scope{Queues: []int32{1, 2}, Seats: []rights.Seat{{Operator: 7, To: ten}}, Operators: []int32{9}, Numbers: true}
	outer := rights.Scope{
		Queues: []int32{2, 3}, Seats: []rights.Seat{{Operator: 7, From: nine}}, Operators: []int32{8, 9}, Unwatched: []int32{5},
	}
	want := rights.Scope{Queues: []int32{2}, Operators: []int32{9}, Seats: []rights.Seat{{Operator: 7, From: nine, To: ten}}, Unwatched: []int32{5}}
	if diff := cmp.Diff(want, inner.Within(outer)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	all := rights.Scope{Everything: true, Numbers: true}
	if diff := cmp.Diff(inner, inner.Within(all)); diff != "" {
		t.Errorf("within everything (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(inner, all.Within(inner)); diff != "" {
		t.Errorf("everything within it (-want +got):\n%s", diff)
	}
}

func TestKeyIsOfWhatIsSeenAndOfNothingElse(t *testing.T) {
	a := rights.Scope{Queues: []int32{1, 2}, Operators: []int32{1}, Seats: []rights.Seat{{Operator: 2, From: 5}, {Operator: 3}}}
	b := rights.Scope{Queues: []int32{2, 1, 1}, Operators: []int32{1}, Seats: []rights.Seat{{Operator: 3}, {Operator: 2, From: 5}}}
	if a.Key() != b.Key() {
		t.Error("the order of lists makes another key")
	}
	seen := map[string]string{a.Key(): "the scope"}
	for name, other := range map[string]rights.Scope{
		"numbers":             {Queues: a.Queues, Operators: a.Operators, Seats: a.Seats, Numbers: true},
		"own":                 {Queues: a.Queues, Operators: a.Operators, Seats: a.Seats, Own: true},
		"a queue less":        {Queues: []int32{1}, Operators: a.Operators, Seats: a.Seats},
		"a queue for devices": {Queues: []int32{1}, Operators: []int32{2, 1}, Seats: a.Seats},
		"a time":              {Queues: a.Queues, Operators: a.Operators, Seats: []rights.Seat{{Operator: 2, To: 5}, {Operator: 3}}},
		"somebody unwatched":  {Queues: a.Queues, Operators: a.Operators, Seats: a.Seats, Unwatched: []int32{1}},
		"somebody hidden":     {Queues: a.Queues, Operators: a.Operators, Seats: a.Seats, Hidden: []rights.Seat{{Operator: 1}}},
		"everything":          {Everything: true},
		"nothing":             {},
	} {
		if before, ok := seen[other.Key()]; ok {
			t.Errorf("%s has the key of %s", name, before)
		}
		seen[other.Key()] = name
	}
}

func TestRolesOfTheProduct(t *testing.T) {
	for _, r := range rights.Roles() {
		if len(r.Rights.Known()) != len(r.Rights) || !r.Limits.Valid() {
			t.Errorf("%s: odd rights %v or limits %v", r.Key, r.Rights, r.Limits)
		}
	}
	admin, _ := rights.BuiltIn(rights.Administrator)
	if !admin.Rights.Covers(rights.All()) {
		t.Error("an administrator lacks a right")
	}
	if none, _ := rights.BuiltIn(rights.None); len(none.Rights) > 0 {
		t.Error("no access is some")
	}
	if _, ok := rights.BuiltIn("custom"); ok {
		t.Error("a tenant's own role is taken for one of the product")
	}
}
