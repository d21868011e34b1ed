package main

import (
	"bufio"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/callweave/callweave/cloud/pg/pgtest"
	"github.com/callweave/callweave/cloud/reassemble"
)

func TestReassembleIsExplainedAndAsksNobodyWhoIsNotThere(t *testing.T) {
	url := pgtest.URL(t)
	if code, _, problems := callweave(t, url, "tenant", "create", "--slug", "acme", "--name", "Acme", "--zone", "Europe/Moscow"); code != 0 {
		t.Fatal(problems)
	}
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"--tenant", "acme", "--from", "2026-11-01"}, "--dry-run"},
		{[]string{"--tenant", "gamma", "--from", "2026-11-01", "--dry-run"}, "there is no such tenant"},
		{[]string{"--tenant", "acme", "--from", "yesterday", "--dry-run"}, `"yesterday" is no moment; write 2026-11-01`},
		{[]string{"--tenant", "acme", "--from", "2026-11-02", "--to", "2026-11-01", "--yes"}, "the period is empty"},
	} {
		if code, out, problems := callweave(t, url, append([]string{"reassemble"}, c.args...)...); code == 0 || !strings.Contains(problems, c.says) {
			t.Errorf("reassemble %v does not say %q: %s%s", c.args, c.says, out, problems)
		}
	}
	code, out, problems := callweave(t, url, "reassemble", "--tenant", "acme", "--from", "2026-11-01", "--to", "2026-11-02 09:30", "--yes")
	var got struct {
		Changes []any
		Summary map[string]int
	}
	if err := json.Unmarshal([]byte(out), &got); code != 0 || err != nil || len(got.Changes) != 0 || len(got.Summary) != 9 {
		t.Errorf("exit code %d, %v: %s%s", code, err, out, problems)
	}
}

func TestChangesArePrintedForPrograms(t *testing.T) {
	var out strings.Builder
	b := bufio.NewWriter(&out)
	p := jsonPrinter{w: b}
	p.begin()
	for _, c := range []reassemble.Change{
		{Kind: reassemble.Gone, Caller: "1"},
		{Kind: reassemble.Changed, Caller: "2", Fields: []reassemble.Field{{Name: "talks[0]", To: map[string]any{"operator": "101"}}}},
	} {
		if err := p.change(c); err != nil {
			t.Fatal(err)
		}
	}
	p.end(reassemble.Summary{Changed: 1, Gone: 1}, false)
	_ = b.Flush()
	var got struct {
		Changes []struct {
			Call, Change, Caller string
			Fields               []reassemble.Field
		}
		Summary reassemble.Summary
	}
	if err := json.Unmarshal([]byte(out.String()), &got); err != nil {
		t.Fatalf("%v: %s", err, out.String())
	}
	if len(got.Changes) != 2 || got.Changes[0].Change != "gone" || got.Changes[1].Fields[0].Name != "talks[0]" || got.Summary.Gone != 1 {
		t.Errorf("%+v", got)
	}
}

func TestMomentsWithoutAnOffsetAreTheTenants(t *testing.T) {
	from, to, err := reassembleCmd{From: "2026-11-01 09:30", To: "2026-11-01T09:30:00Z"}.period("Europe/Moscow", time.Time{})
	if err != nil || !from.Equal(time.Date(2026, 11, 1, 6, 30, 0, 0, time.UTC)) || !to.Equal(time.Date(2026, 11, 1, 9, 30, 0, 0, time.UTC)) {
		t.Errorf("from %s to %s: %v", from, to, err)
	}
}

func TestChangesArePrintedForPeople(t *testing.T) {
	var out strings.Builder
	b := bufio.NewWriter(&out)
	p := tablePrinter{w: b, zone: time.UTC}
	_ = p.change(reassemble.Change{
		Kind: reassemble.Changed, Start: time.Date(2026, 11, 1, 6, 30, 0, 0, time.UTC), Caller: "79161234501", Dialled: "600",
		Fields: []reassemble.Field{{Name: "queues[0].result", From: "timeout", To: "answered"}, {Name: "answered", To: "2026-11-01T06:30:05Z"}},
	})
	p.end(reassemble.Summary{Compared: 3, Same: 2, Changed: 1, Live: 4, Written: 1}, true)
	_ = b.Flush()
	want := `changed  2026-11-01 06:30:00  79161234501 → 600  00000000-0000-0000-0000-000000000000
         queues[0].result: timeout → answered
         answered: nothing → 2026-11-01T06:30:05Z

Calls compared: 3; unchanged: 2, changed: 1, added: 0, gone: 0
Calls left to live assembly, which may still change them: 4
Written: 1
`
	if d := cmp.Diff(want, out.String()); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}
