package facts

import (
	"math/rand/v2"
	"testing"

	"github.com/callweave/callweave/cloud/report"
)

// taken are the calls of f that keep says, with their rows.
func taken(t *testing.T, f *report.Facts, keep func(row int) bool) *report.Facts {
	t.Helper()
	gone := map[[16]byte]bool{}
	for i, id := range f.Calls.IDs {
		if !keep(i) {
			gone[id] = true
		}
	}
	return merge(f, &report.Facts{}, gone, false)
}

func changeOf(t *testing.T, f *report.Facts, sections ...Section) Change {
	t.Helper()
	c := Change{Day: aDay}
	for _, s := range sections {
		b, err := Encode(f, s, aDay)
		if err != nil {
			t.Fatal(err)
		}
		c.Chunks = append(c.Chunks, b)
	}
	return c
}

func add(t *testing.T, s *Set, b []byte) {
	t.Helper()
	if err := s.Add(b); err != nil {
		t.Fatal(err)
	}
}

// TestIncrementsGiveWhatADownloadGives changes a day again and again: calls come, change and go, states change. What a viewer
// has who took every increment is what one has who came last.
func TestIncrementsGiveWhatADownloadGives(t *testing.T) {
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 1))
		all := invent(seed, aDay, 60)
		there := map[int]bool{}
		for i := range all.Calls.Start {
			there[i] = r.IntN(3) > 0
		}
		now := taken(t, all, func(i int) bool { return there[i] })
		whole := changeOf(t, now, Sections()...)
		whole.Whole = true
		var s Set
		add(t, &s, EncodeIncrement("1", []Change{whole}))
		for range 5 {
			var gone [][16]byte
			changed := map[int]bool{}
			for i, id := range all.Calls.IDs {
				switch r.IntN(6) {
				case 0: // it comes, or changes
					all.Calls.Talk[i], all.Calls.Caller[i] = int32(r.IntN(99)), int32(r.IntN(len(all.Texts)))
					there[i], changed[i] = true, true
				case 1:
					there[i] = false
					gone = append(gone, id)
				}
			}
			sections := []Section{Calls, Numbers, Visits, Attempts, Segments, Transfers, Steps, Tags, IDs}
			if r.IntN(2) == 0 {
				all.States = invent(r.Uint64(), aDay, 1).States
				for i := range all.States.Reason {
					all.States.Reason[i] = 1
				}
				sections = append(sections, States)
			}
			c := changeOf(t, taken(t, all, func(i int) bool { return changed[i] }), sections...)
			c.Gone = gone
			add(t, &s, EncodeIncrement("2", []Change{c}))
			now = taken(t, all, func(i int) bool { return there[i] })
		}
		got, err := s.Facts()
		if err != nil {
			t.Fatal(err)
		}
		if d := diff(now, got); d != "" || s.Cursor() != "2" {
			t.Fatalf("seed %d, cursor %q (-downloaded +merged):\n%s", seed, s.Cursor(), d)
		}
	}
}

func TestDaysThatGoOnFollowThoseThatAreOver(t *testing.T) {
	one, two := invent(1, aDay, 30), invent(2, aDay+1, 20)
	var s Set
	addAll(t, &s, one, aDay)
	c := Change{Day: aDay + 1, Whole: true}
	for _, sec := range Sections() {
		b, err := Encode(two, sec, aDay+1)
		if err != nil {
			t.Fatal(err)
		}
		c.Chunks = append(c.Chunks, b)
	}
	for range 3 { // the same again changes nothing
		add(t, &s, EncodeIncrement("x", []Change{c}))
		got, err := s.Facts()
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Calls.Start) != 50 || len(got.Calls.IDs) != 50 || got.Calls.IDs[30] != two.Calls.IDs[0] || got.Visits.Call[30] != 30 || got.Calls.Start[29] != one.Calls.Start[29] {
			t.Fatalf("%d calls, the visits of the next day are of call %d", len(got.Calls.Start), got.Visits.Call[30])
		}
	}
	addAll(t, &s, two, aDay+1) // the day is over
	got, err := s.Facts()
	if err != nil || len(got.Calls.Start) != 50 {
		t.Errorf("%d calls, %v", len(got.Calls.Start), err)
	}
}

func TestAnIncrementOfNothingKnownIsRefused(t *testing.T) {
	var s Set
	c := changeOf(t, invent(1, aDay, 3), Calls, IDs)
	if err := s.Add(EncodeIncrement("x", []Change{c})); err == nil || s.Cursor() != "" {
		t.Errorf("it was taken: %v", err)
	}
	if f, err := s.Facts(); err != nil || len(f.Calls.Start) != 0 {
		t.Errorf("%d calls, %v", len(f.Calls.Start), err)
	}
}
