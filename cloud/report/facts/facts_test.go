package facts

import (
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/callweave/callweave/cloud/report"
)

const aDay = 20_600

// invent makes a day of facts that look like real ones.
func invent(seed uint64, day int64, calls int) *report.Facts {
	r := rand.New(rand.NewPCG(seed, 7))
	f := &report.Facts{Texts: []string{""}}
	known := map[string]int32{"": 0}
	name := func(t string) int32 {
		p, ok := known[t]
		if !ok {
			p = int32(len(f.Texts))
			known[t], f.Texts = p, append(f.Texts, t)
		}
		return p
	}
	at := day * msPerDay
	for i := range calls {
		at += r.Int64N(msPerDay/int64(calls) + 1)
		inventCall(f, r, int32(i), min(at, (day+1)*msPerDay-1), name)
	}
	o := &f.States
	for op := range int32(20) {
		for from := day * msPerDay; from < (day+1)*msPerDay; {
			to := min(from+r.Int64N(7_000_000)+1, (day+1)*msPerDay)
			o.Operator, o.Queue, o.PBX = append(o.Operator, op+1), append(o.Queue, op%3), append(o.PBX, 1)
			o.From, o.To, o.Kind = append(o.From, from), append(o.To, to*int64(r.IntN(9)&1)), append(o.Kind, uint8(r.IntN(9)+1))
			o.Reason, o.Began = append(o.Reason, name([]string{"", "lunch", "обед"}[r.IntN(3)])), append(o.Began, r.IntN(9) > 0)
			o.Estimated = append(o.Estimated, r.IntN(99) == 0)
			from = to
		}
	}
	return f
}

func inventCall(f *report.Facts, r *rand.Rand, i int32, at int64, name func(string) int32) {
	c := &f.Calls
	wait, talk := r.Int64N(60_000), r.Int64N(400_000)
	answered, end := at+wait, at+wait+talk
	result := uint8(1)
	if r.IntN(8) == 0 {
		answered, end, talk, result = 0, at+wait, 0, 2
	}
	var number [16]byte
	for k := range number {
		number[k] = byte(r.Uint32())
	}
	outside := name("7916" + strconv.Itoa(1_000_000+r.IntN(400_000)))
	direction, caller, dialled := uint8(1), outside, name("8495200"+strconv.Itoa(r.IntN(4)))
	switch r.IntN(6) {
	case 0:
		direction, caller, dialled = 2, name(strconv.Itoa(100+r.IntN(50))), outside
	case 1:
		direction, caller, dialled, outside = 3, name(strconv.Itoa(100+r.IntN(50))), name(strconv.Itoa(100+r.IntN(50))), 0
	}
	c.Start, c.Answered, c.End = append(c.Start, at), append(c.Answered, answered), append(c.End, end)
	c.Direction, c.Disposition, c.HangupBy = append(c.Direction, direction), append(c.Disposition, result), append(c.HangupBy, uint8(r.IntN(4)))
	c.Flags = append(c.Flags, uint8(r.IntN(2))*report.CallRecorded)
	c.Caller, c.Dialled, c.Number = append(c.Caller, caller), append(c.Dialled, dialled), append(c.Number, outside)
	c.PBX, c.Trunk = append(c.PBX, 1), append(c.Trunk, int32(r.IntN(3)))
	c.Wait, c.Talk, c.Hold = append(c.Wait, int32(wait)), append(c.Talk, int32(talk)), append(c.Hold, 0)
	c.Rings, c.Transfers, c.IDs = append(c.Rings, 1), append(c.Transfers, 0), append(c.IDs, number)
	operator := int32(r.IntN(40)) + 1
	v := &f.Visits
	v.Call, v.Queue, v.PBX, v.Operator = append(v.Call, i), append(v.Queue, int32(r.IntN(5))+1), append(v.PBX, 1), append(v.Operator, operator)
	v.Entered, v.Left, v.Result = append(v.Entered, at+300), append(v.Left, at+wait), append(v.Result, result)
	v.Position, v.Estimated = append(v.Position, int32(r.IntN(5))), append(v.Estimated, false)
	a := &f.Attempts
	for range r.IntN(4) {
		a.Call, a.Queue, a.PBX, a.Operator = append(a.Call, i), append(a.Queue, 1), append(a.PBX, 1), append(a.Operator, operator)
		a.Rang, a.Ended, a.Result = append(a.Rang, at+wait/2), append(a.Ended, at+wait), append(a.Result, uint8(r.IntN(3)))
		a.Estimated = append(a.Estimated, false)
	}
	if talk == 0 {
		return
	}
	k := &f.Segments
	k.Call, k.Queue, k.PBX, k.Operator = append(k.Call, i), append(k.Queue, 1), append(k.PBX, 1), append(k.Operator, operator)
	k.From, k.To, k.Kind, k.With = append(k.From, answered), append(k.To, end), append(k.Kind, 1), append(k.With, 1)
	k.Text, k.Estimated = append(k.Text, 0), append(k.Estimated, r.IntN(50) == 0)
	if r.IntN(5) == 0 {
		x := &f.Transfers
		x.Call, x.PBX, x.At = append(x.Call, i), append(x.PBX, 1), append(x.At, end)
		x.Kind, x.Result, x.By, x.To = append(x.Kind, 1), append(x.Result, 14), append(x.By, name("101")), append(x.To, name("sales"))
		x.ByOperator, x.ToOperator, x.ToQueue = append(x.ByOperator, 1), append(x.ToOperator, 0), append(x.ToQueue, 3)
		x.CrossPBX = append(x.CrossPBX, r.IntN(2) == 0)
		p := &f.Steps
		p.Call, p.PBX, p.From, p.To = append(p.Call, i), append(p.PBX, 1), append(p.From, at), append(p.To, at+200)
		p.Application, p.Text = append(p.Application, name("Read")), append(p.Text, name(strconv.Itoa(r.IntN(9))))
		f.Tags.Call, f.Tags.Tag = append(f.Tags.Call, i), append(f.Tags.Tag, int32(r.IntN(3))+1)
	}
}

// named puts the texts in place of their places, so that facts whose texts are in another order compare equal.
func named(f *report.Facts) map[string]any {
	text := func(list []int32) (out []string) {
		for _, p := range list {
			out = append(out, f.Texts[p])
		}
		return out
	}
	c := *f
	all := map[string]any{
		"caller": text(c.Calls.Caller), "dialled": text(c.Calls.Dialled), "number": text(c.Calls.Number), "with": text(c.Segments.Text),
		"by": text(c.Transfers.By), "to": text(c.Transfers.To), "application": text(c.Steps.Application), "step": text(c.Steps.Text),
		"reason": text(c.States.Reason),
	}
	c.Calls.Caller, c.Calls.Dialled, c.Calls.Number, c.Segments.Text = nil, nil, nil, nil
	c.Transfers.By, c.Transfers.To, c.Steps.Application, c.Steps.Text, c.States.Reason, c.Texts = nil, nil, nil, nil, nil, nil
	all["rest"] = c
	return all
}

func diff(want, got *report.Facts) string {
	return cmp.Diff(named(want), named(got), cmpopts.EquateEmpty())
}

func addAll(t *testing.T, s *Set, f *report.Facts, day int64) {
	t.Helper()
	for _, sec := range Sections() {
		b, err := Encode(f, sec, day)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Add(b); err != nil {
			t.Fatal(err)
		}
	}
}

func TestADayComesBackAsItWas(t *testing.T) {
	for _, calls := range []int{0, 1, 2, 700} {
		f := invent(uint64(calls), aDay, calls)
		var s Set
		addAll(t, &s, f, aDay)
		got, err := s.Facts()
		if err != nil {
			t.Fatal(err)
		}
		if d := diff(f, got); d != "" {
			t.Errorf("day of %d calls (-written +read):\n%s", calls, d)
		}
	}
}

func TestDaysAreJoinedInOrderWhateverCameFirst(t *testing.T) {
	one, two := invent(1, aDay, 50), invent(2, aDay+1, 60)
	var s Set
	addAll(t, &s, two, aDay+1)
	addAll(t, &s, one, aDay)
	got, err := s.Facts()
	if err != nil {
		t.Fatal(err)
	}
	if n := len(got.Calls.Start); n != 110 {
		t.Fatalf("%d calls; want 110", n)
	}
	for i, c := range got.Visits.Call {
		if got.Calls.Start[c]+300 != got.Visits.Entered[i] {
			t.Fatalf("visit %d is of another call: entered %d, its call began %d", i, got.Visits.Entered[i], got.Calls.Start[c])
		}
	}
	want := append(append([]int32{}, one.Tags.Tag...), two.Tags.Tag...)
	if d := cmp.Diff(want, got.Tags.Tag); d != "" {
		t.Errorf("tags (-want +got):\n%s", d)
	}
}

func TestSectionsThatWereNotAskedForAreZeroAndAsLong(t *testing.T) {
	f := invent(3, aDay, 40)
	var s Set
	for _, sec := range []Section{Calls, Visits} {
		b, err := Encode(f, sec, aDay)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Add(b); err != nil {
			t.Fatal(err)
		}
	}
	got, err := s.Facts()
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Calls.Caller) != 40 || got.Calls.IDs != nil || len(got.Segments.Call) != 0 || got.Calls.Caller[0] != 0 {
		t.Errorf("%d callers, %d ids, %d segments", len(got.Calls.Caller), len(got.Calls.IDs), len(got.Segments.Call))
	}
	if d := cmp.Diff(f.Visits, got.Visits); d != "" {
		t.Errorf("visits (-written +read):\n%s", d)
	}
}

func TestChunksOfDifferentRevisionsDoNotJoin(t *testing.T) {
	var s Set
	for n, sec := range []Section{Calls, Visits} {
		b, err := Encode(invent(4, aDay, 10+n), sec, aDay)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Add(b); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Facts(); err == nil {
		t.Error("visits point into calls of another revision")
	}
}

func TestFactsThatContradictThemselvesAreNotWritten(t *testing.T) {
	for name, spoil := range map[string]func(*report.Facts){
		"a column that is shorter": func(f *report.Facts) { f.Visits.Left = f.Visits.Left[1:] },
		"a call that is not there": func(f *report.Facts) { f.Visits.Call[3] = 10 },
		"a negative number":        func(f *report.Facts) { f.Visits.Position[0] = -1 },
		"a time beyond all times":  func(f *report.Facts) { f.Visits.Left[0] = latest + 1 },
	} {
		f := invent(5, aDay, 10)
		spoil(f)
		if _, err := Encode(f, Visits, aDay); err == nil {
			t.Errorf("%s was written", name)
		}
	}
	f := invent(5, aDay, 10)
	f.Calls.Caller[0] = int32(len(f.Texts))
	if _, err := Encode(f, Numbers, aDay); err == nil {
		t.Error("a text that is not there was written")
	}
}
