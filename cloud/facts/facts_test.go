package facts_test

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/klauspost/compress/zstd"

	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/cloud/facts"
	"github.com/callweave/callweave/cloud/report"
	format "github.com/callweave/callweave/cloud/report/facts"
	"github.com/callweave/callweave/cloud/rights"
)

// fill writes calls of some days and returns when the first began.
func (f *fixture) fill(seed uint64, calls int) time.Time {
	r := rand.New(rand.NewPCG(seed, 3))
	first := midday.AddDate(0, 0, -2)
	var list []*call.Call
	for i := range calls {
		list = append(list, someCall(r, byte(i+1), first.Add(time.Duration(r.Int64N(int64(48*time.Hour))))))
	}
	f.put(list...)
	return first
}

func (f *fixture) count(sql string, args ...any) (n int) {
	f.t.Helper()
	f.tx(func(tx pgx.Tx) error { return tx.QueryRow(f.t.Context(), sql, args...).Scan(&n) })
	return n
}

func TestFactsAreTheRowsThatAreStored(t *testing.T) {
	f := newFixture(t)
	from := f.fill(1, 60).Truncate(24 * time.Hour)
	got := f.read(everything, from, midday.AddDate(0, 0, 1))
	for table, n := range map[string]int{
		"calls": len(got.Calls.Start), "queue_visits": len(got.Visits.Call), "attempts": len(got.Attempts.Call), "segments": len(got.Segments.Call),
		"transfers": len(got.Transfers.Call), "call_steps": len(got.Steps.Call),
	} {
		if want := f.count(`SELECT count(*) FROM ` + table); n != want || want == 0 {
			t.Errorf("%d facts of %s; want %d", n, table, want)
		}
	}
	f.tx(func(tx pgx.Tx) error {
		rows, err := tx.Query(t.Context(), `SELECT c.id, c.caller, c.wait_ms, floor(extract(epoch FROM c.started) * 1000)::bigint, c.recorded, v.operator_id,
			floor(extract(epoch FROM v.left_at) * 1000)::bigint FROM calls c JOIN queue_visits v ON v.call_id = c.id ORDER BY date_trunc('milliseconds', c.started), c.id`)
		if err != nil {
			return err
		}
		var id uuid.UUID
		var caller string
		var wait, operator int32
		var start, left int64
		var recorded bool
		n := 0
		_, err = pgx.ForEachRow(rows, []any{&id, &caller, &wait, &start, &recorded, &operator, &left}, func() error {
			c := got.Visits.Call[n]
			want := []any{id, caller, wait, start, recorded, operator, left}
			have := []any{
				uuid.UUID(got.Calls.IDs[c]), got.Texts[got.Calls.Caller[c]], got.Calls.Wait[c], got.Calls.Start[c], got.Calls.Flags[c]&report.CallRecorded != 0,
				got.Visits.Operator[n], got.Visits.Left[n],
			}
			if d := cmp.Diff(want, have); d != "" {
				t.Errorf("visit %d (-stored +facts):\n%s", n, d)
			}
			n++
			return nil
		})
		return err
	})
	if got.Segments.With[0] != report.WithCustomer || got.Segments.Text[0] != 0 {
		t.Errorf("the first talk is with %d, %q", got.Segments.With[0], got.Texts[got.Segments.Text[0]])
	}
}

func TestStatesAreCutAtMidnightsAndLastOnlyToday(t *testing.T) {
	f := newFixture(t)
	began := midday.AddDate(0, 0, -2).Add(-time.Hour)
	state := func(id byte, kind call.StateKind, from, to time.Time, reason string) call.Interval {
		return call.Interval{ID: call.ID{id}, Kind: kind, PBX: "A", Operator: "101", From: from, To: to, Reason: reason}
	}
	f.putStates(state(1, call.StateLoggedIn, began, time.Time{}, ""), state(2, call.StatePaused, midday.AddDate(0, 0, -1), midday.AddDate(0, 0, -1).Add(time.Minute), "lunch"))
	type piece struct {
		From, To time.Time
		Began    bool
		Reason   string
	}
	pieces := func() (list []piece) {
		got := f.read(everything, began.Truncate(24*time.Hour), midday.AddDate(0, 0, 3))
		at := func(ms int64) time.Time {
			if ms == 0 {
				return time.Time{}
			}
			return time.UnixMilli(ms).UTC()
		}
		for i := range got.States.From {
			list = append(list, piece{at(got.States.From[i]), at(got.States.To[i]), got.States.Began[i], got.Texts[got.States.Reason[i]]})
		}
		return list
	}
	night := func(n int) time.Time { return midday.Truncate(24*time.Hour).AddDate(0, 0, n) }
	lunch := midday.AddDate(0, 0, -1)
	want := []piece{{began, night(-1), true, ""}, {night(-1), night(0), false, ""}, {lunch, lunch.Add(time.Minute), true, "lunch"}, {night(0), time.Time{}, false, ""}}
	if d := cmp.Diff(want, pieces()); d != "" {
		t.Errorf("pieces (-want +got):\n%s", d)
	}
	f.putStates(state(1, call.StateLoggedIn, began, lunch, ""))
	if d := cmp.Diff([]piece{want[0], {night(-1), lunch, false, ""}, want[2]}, pieces()); d != "" {
		t.Errorf("pieces of what is over (-want +got):\n%s", d)
	}
}

func TestRevisionOfStatesFollowsWhatChangesThem(t *testing.T) {
	f := newFixture(t)
	s := f.store(facts.Config{})
	night := midday.Truncate(24 * time.Hour)
	revisions := func() (list []string) {
		m, err := s.Manifest(t.Context(), f.whose(everything), night.AddDate(0, 0, -3), night, []format.Section{format.States})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range m.Chunks {
			list = append(list, c.Rev.String())
		}
		return list
	}
	x := call.Interval{ID: call.ID{1}, Kind: call.StatePaused, PBX: "A", Operator: "101", From: night.AddDate(0, 0, -3).Add(time.Hour), Reason: "lunch"}
	check := func(what string, want ...string) {
		t.Helper()
		if d := cmp.Diff(want, revisions()); d != "" {
			t.Errorf("%s (-want +got):\n%s", what, d)
		}
	}
	f.putStates(x)
	check("it begins and lasts", "1", "1", "1")
	f.putStates(x)
	check("the same again", "1", "1", "1")
	x.To = night.AddDate(0, 0, -2).Add(time.Hour)
	f.putStates(x)
	check("it ends on the second day", "1", "2", "2")
	f.putStates(call.Interval{ID: call.ID{2}, Kind: call.StatePaused, PBX: "A", Operator: "101", From: x.From.Add(time.Hour), To: x.From.Add(2 * time.Hour)})
	check("another within the first", "2", "2", "2")
	x.Void = true
	f.putStates(x)
	check("the first was none", "3", "3", "3")
}

// tags puts a tag on a call as the configurator does.
func (f *fixture) tag(id byte, tag string) {
	f.tx(func(tx pgx.Tx) error {
		_, err := tx.Exec(f.t.Context(), `WITH t AS (INSERT INTO tags (tenant_id, name) VALUES (current_tenant(), $3) ON CONFLICT (tenant_id, name) DO UPDATE SET name = $3 RETURNING id)
			INSERT INTO call_tags (tenant_id, call_id, tag_id, login) SELECT $1, $2, id, '' FROM t ON CONFLICT DO NOTHING`, f.tenant.UUID(), uuid.UUID{id}, tag)
		if err == nil {
			_, err = tx.Exec(f.t.Context(), `SELECT tagged_calls($1, ARRAY[$2::uuid])`, f.tenant.UUID(), uuid.UUID{id})
		}
		return err
	})
}

// TestWhoFollowsSeesWhatADownloadGives changes calls of the day that goes on, and of the one before, in every way there is. A
// viewer with increments and one who comes last have the same, whatever they may see.
func TestWhoFollowsSeesWhatADownloadGives(t *testing.T) {
	f := newFixture(t)
	f.fill(2, 10)
	f.at = midday.Truncate(24 * time.Hour).Add(30 * time.Minute) // the day before has not settled
	begin := f.at.Add(-time.Hour)
	r := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 1))
	for i := range 30 {
		f.put(someCall(r, byte(i+1), begin.Add(time.Duration(r.Int64N(int64(90*time.Minute))))))
	}
	limited := rights.Scope{Queues: []int32{f.id("queues", "sales")}, Unwatched: []int32{f.id("operators", "102")}}
	from, to := begin.Truncate(24*time.Hour), f.at.AddDate(0, 0, 1)
	s := f.store(facts.Config{})
	scopes := []rights.Scope{everything, limited}
	sets, cursors := make([]format.Set, len(scopes)), make([]string, len(scopes))
	for i, scope := range scopes {
		m, err := s.Manifest(t.Context(), f.whose(scope), from, to, format.Sections())
		if err != nil || len(m.Chunks) > 0 || len(m.Open) != 2 {
			t.Fatalf("manifest %+v, %v; want two days that go on", m, err)
		}
		cursors[i] = m.Cursor
	}
	for step := range 40 {
		start := begin.Add(time.Duration(r.Int64N(int64(90 * time.Minute))))
		switch id := byte(r.IntN(40) + 1); r.IntN(6) {
		case 0, 1, 2:
			f.put(someCall(r, id, start), someCall(r, id+40, start))
		case 3:
			f.remove(call.ID{id}, call.ID{id + 40})
		case 4:
			f.tag(id, []string{"complaint", "sale"}[r.IntN(2)])
		case 5:
			x := call.Interval{ID: call.ID{id}, Kind: call.StatePaused, PBX: "A", Operator: "101", Queue: "sales", From: start, Reason: "tea"}
			if r.IntN(2) == 0 {
				x.To = start.Add(time.Hour)
			}
			f.putStates(x)
		}
		if step == 20 {
			f.mu.Lock()
			f.at = f.at.Add(24 * time.Hour) // both days are over, and are followed still
			f.mu.Unlock()
		}
		for i, scope := range scopes {
			if r.IntN(3) == 0 && step != 39 {
				continue
			}
			inc, err := s.Increment(t.Context(), f.whose(scope), cursors[i])
			if err != nil {
				t.Fatal(err)
			}
			if err := sets[i].Add(inc.Body); err != nil {
				t.Fatal(err)
			}
			cursors[i] = inc.Cursor
			got, err := sets[i].Facts()
			if err != nil {
				t.Fatal(err)
			}
			if d := diff(f.read(scope, from, to), got); d != "" {
				t.Fatalf("scope %d after step %d (-downloaded +followed):\n%s", i, step, d)
			}
		}
	}
}

func plain(t *testing.T, b []byte) []byte {
	t.Helper()
	z, err := zstd.NewReader(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	out, err := z.DecodeAll(b, nil)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// download fetches the closed days of a period as a browser does.
func (f *fixture) download(s *facts.Store, scope rights.Scope, from, to time.Time) (got *report.Facts, all []byte) {
	f.t.Helper()
	m, err := s.Manifest(f.t.Context(), f.whose(scope), from, to, format.Sections())
	if err != nil {
		f.t.Fatal(err)
	}
	var set format.Set
	for _, c := range m.Chunks {
		b, err := s.Chunk(f.t.Context(), f.whose(scope), c, "zstd")
		if err != nil {
			f.t.Fatal(err)
		}
		raw := plain(f.t, b)
		all = append(all, raw...)
		if err := set.Add(raw); err != nil {
			f.t.Fatal(err)
		}
	}
	if got, err = set.Facts(); err != nil {
		f.t.Fatal(err)
	}
	return got, all
}

func TestWhatAScopeHidesIsNotInTheBytes(t *testing.T) {
	f := newFixture(t)
	start := midday.AddDate(0, 0, -2)
	made := func(id byte, caller, queue, operator string) *call.Call {
		c := someCall(rand.New(rand.NewPCG(1, uint64(id))), id, start)
		c.Direction, c.Caller, c.Dialled, c.Transfers, c.Holds, c.Open = call.Inbound, caller, "600", nil, nil, false
		c.Queues[0].Queue, c.Queues[0].Operator = queue, operator
		c.Rings, c.Talks = c.Rings[:1], c.Talks[:1]
		c.Rings[0].Queue, c.Rings[0].Operator, c.Talks[0].Queue, c.Talks[0].Operator = queue, operator, queue, operator
		return c
	}
	f.put(made(1, "79161111111", "sales", "101"), made(2, "79162222222", "support", "102"), made(3, "79163333333", "sales", "103"))
	internal := made(4, "103", "sales", "101")
	internal.Direction, internal.Queues, internal.Dialled = call.Internal, nil, "101"
	internal.Rings[0].Queue, internal.Talks[0].Queue, internal.Talks[0].With = "", "", "103"
	f.put(internal)
	f.putStates(call.Interval{ID: call.ID{1}, Kind: call.StatePaused, PBX: "A", Operator: "103", Queue: "sales", From: start, To: start.Add(time.Hour), Reason: "doctor"})
	hidden := f.id("operators", "103")
	s := f.store(facts.Config{})
	for name, tt := range map[string]struct {
		scope        rights.Scope
		calls        int
		there, never []string
	}{
		"everything":                    {everything, 4, []string{"79161111111", "79162222222", "79163333333", "doctor"}, nil},
		"one queue":                     {rights.Scope{Queues: []int32{f.id("queues", "support")}, Numbers: true}, 1, []string{"79162222222"}, []string{"79161111111", "79163333333", "doctor"}},
		"without numbers":               {rights.Scope{Everything: true}, 4, []string{"7916111xxxx"}, []string{"1111111", "22222"}},
		"own":                           {rights.Scope{Own: true, Operators: []int32{f.id("operators", "102")}, Numbers: true}, 1, []string{"79162222222"}, []string{"79161111111", "doctor"}},
		"some not watched":              {rights.Scope{Everything: true, Numbers: true, Unwatched: []int32{hidden}}, 4, []string{"79163333333"}, []string{"doctor", "c103"}},
		"some not watched at some time": {rights.Scope{Everything: true, Numbers: true, Hidden: []rights.Seat{{Operator: hidden, From: 1}}}, 4, []string{"79163333333"}, []string{"doctor", "c103"}},
		"nothing":                       {rights.Scope{}, 0, nil, []string{"7916", "doctor"}},
	} {
		got, all := f.download(s, tt.scope, start, start.Add(time.Hour))
		if len(got.Calls.Start) != tt.calls {
			t.Errorf("%s: %d calls; want %d", name, len(got.Calls.Start), tt.calls)
		}
		for _, text := range tt.there {
			if !bytes.Contains(all, []byte(text)) {
				t.Errorf("%s: %s is not there", name, text)
			}
		}
		for _, text := range append(tt.never, "") {
			if text != "" && bytes.Contains(all, []byte(text)) {
				t.Errorf("%s: %s is there", name, text)
			}
		}
		if d := diff(f.read(tt.scope, start, start.Add(time.Hour)), got); d != "" {
			t.Errorf("%s (-native +downloaded):\n%s", name, d)
		}
		for _, o := range got.Visits.Operator {
			if tt.scope.Hides(o) {
				t.Errorf("%s: who is not to be watched answered", name)
			}
		}
		if name == "some not watched" && (len(got.Visits.Call) != 3 || bytes.Contains(all, []byte("103"))) {
			t.Errorf("%d visits; want all three, without whom", len(got.Visits.Call))
		}
	}
}

func TestChunkOfADayIsForEverUntilTheDayChanges(t *testing.T) {
	f := newFixture(t)
	start := f.fill(3, 20)
	dir := t.TempDir()
	w := f.whose(everything)
	s := f.store(facts.Config{Dir: dir})
	manifest := func() []facts.Chunk {
		m, err := s.Manifest(t.Context(), w, start, start.Add(time.Hour), []format.Section{format.Calls, format.Tags})
		if err != nil {
			t.Fatal(err)
		}
		return m.Chunks
	}
	chunks := manifest()
	first, err := s.Chunk(t.Context(), w, chunks[0], "zstd")
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(chunks, manifest()); d != "" {
		t.Errorf("a day that did not change has other chunks:\n%s", d)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) != 3 {
		t.Fatalf("%d files, %v; want calls, and numbers and ids that were read with them", len(files), err)
	}
	for _, name := range files { // a run after a crash that damaged them
		if err := os.WriteFile(name, []byte("damaged"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	again, err := f.store(facts.Config{Dir: dir}).Chunk(t.Context(), w, chunks[0], "zstd")
	if err != nil || !bytes.Equal(first, again) {
		t.Errorf("a damaged file is not made again: %v, %d bytes, were %d", err, len(again), len(first))
	}
	f.tx(func(tx pgx.Tx) error { // kept chunks need no rows
		_, err := tx.Exec(t.Context(), `DELETE FROM calls WHERE tenant_id = $1`, f.tenant.UUID())
		return err
	})
	for _, coding := range []string{"zstd", "gzip", ""} {
		if b, err := f.store(facts.Config{Dir: dir}).Chunk(t.Context(), w, chunks[0], coding); err != nil || coding == "" && !bytes.Equal(b, plain(t, first)) {
			t.Errorf("what was kept is not given out in coding %q: %v", coding, err)
		}
	}
	f.put(someCall(rand.New(rand.NewPCG(1, 1)), 200, start))
	if changed := manifest(); changed[0].Rev == chunks[0].Rev || changed[1].Rev == chunks[1].Rev {
		t.Errorf("a day that changed has %+v, had %+v", changed, chunks)
	}
	if _, err := f.store(facts.Config{}).Chunk(t.Context(), w, chunks[0], "zstd"); !errors.Is(err, facts.ErrMoved) {
		t.Errorf("a revision that is past is answered with %v", err)
	}
	tagged := manifest()
	f.tag(200, "sale")
	if now := manifest(); now[0] != tagged[0] || now[1] == tagged[1] {
		t.Errorf("a tag on a call of a day that is over makes %+v of %+v; want other tags and the same calls", now, tagged)
	}
}

func TestAddressOfWhatGoesOnIsAnotherWhenItChanges(t *testing.T) {
	f := newFixture(t)
	r := rand.New(rand.NewPCG(1, 1))
	s := f.store(facts.Config{})
	cursor := func() string {
		m, err := s.Manifest(t.Context(), f.whose(everything), midday.Add(-time.Hour), midday, []format.Section{format.Calls})
		if err != nil {
			t.Fatal(err)
		}
		return m.Cursor
	}
	f.put(someCall(r, 1, midday.Add(-time.Minute)))
	before := cursor()
	if again := cursor(); again != before {
		t.Errorf("nothing changed, and %s became %s", before, again)
	}
	f.put(someCall(r, 2, midday.Add(-time.Minute)))
	if after := cursor(); after == before {
		t.Error("a call came, and the cursor is what it was")
	}
}

func TestPeriodHasTheDaysWhoseCallsReachIntoIt(t *testing.T) {
	f := newFixture(t)
	r := rand.New(rand.NewPCG(1, 1))
	night := midday.Truncate(24 * time.Hour)
	long, open, short := someCall(r, 1, night.AddDate(0, 0, -9)), someCall(r, 2, night.AddDate(0, 0, -7)), someCall(r, 3, night.AddDate(0, 0, -5))
	long.Open, long.End = false, night.AddDate(0, 0, -2).Add(time.Minute)
	open.Open, open.End = true, time.Time{}
	short.Open, short.End = false, short.Start.Add(time.Minute)
	f.put(long, open, short)
	m, err := f.store(facts.Config{}).Manifest(t.Context(), f.whose(everything), night.AddDate(0, 0, -2), night.AddDate(0, 0, -1), []format.Section{format.Calls, format.States})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range m.Chunks {
		got = append(got, c.Day.String()+" "+c.Section.String())
	}
	if d := cmp.Diff([]string{facts.DayOf(long.Start).String() + " calls", facts.DayOf(open.Start).String() + " calls"}, got); d != "" {
		t.Errorf("chunks (-want +got):\n%s", d)
	}
}
