package api_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/api"
	format "github.com/callweave/callweave/cloud/report/facts"
)

func factsOf(from, to time.Time, sections string) string {
	q := url.Values{"from": {from.Format(time.RFC3339)}, "to": {to.Format(time.RFC3339)}, "sections": {sections}}
	return "/facts?" + q.Encode()
}

func midnight(t time.Time) time.Time { return t.UTC().Truncate(24 * time.Hour) }

func TestFactsComeByAManifestInChunksThatStayTheSame(t *testing.T) {
	f := newFixture(t)
	today := midnight(f.clock.now())
	f.clock.at = today.Add(12 * time.Hour)
	before := today.AddDate(0, 0, -3)
	f.addCalls(f.mine, aCall{id: uuid.New(), at: before.Add(9 * time.Hour), caller: "79161234567", dialled: "600", direction: 1, disposition: 1},
		aCall{id: uuid.New(), at: today.Add(9 * time.Hour), caller: "79161234568", dialled: "600", direction: 1, disposition: 1})
	f.touch(before, today)

	anna := f.as("anna")
	var m, again api.FactsManifest
	anna.do("GET", factsOf(before, today.AddDate(0, 0, 1), "calls,numbers"), nil).into(t, &m)
	if len(m.Chunks) != 3 || m.Chunks[0].Day != before.Format(time.DateOnly) || m.Chunks[0].Open || m.Chunks[2].Section != "tail" || !m.Chunks[2].Open {
		t.Fatalf("manifest is %+v", m)
	}
	var set format.Set
	for _, c := range m.Chunks {
		anna.header["Accept-Encoding"] = "gzip;q=0.5, br"
		r := anna.do("GET", c.URL, nil)
		if r.status != 200 || r.header.Get("Content-Encoding") != "gzip" || r.header.Get("Vary") != "Accept-Encoding" || r.header.Get("Content-Type") != "application/cbor" {
			t.Fatalf("%s: %d %v", c.URL, r.status, r.header)
		}
		if want := map[bool]string{true: "no-store", false: "public, max-age=31536000, immutable"}[c.Open]; r.header.Get("Cache-Control") != want {
			t.Errorf("%s may be kept: %q; want %q", c.Section, r.header.Get("Cache-Control"), want)
		}
		z, err := gzip.NewReader(bytes.NewReader(r.body))
		must(t, err)
		raw, err := io.ReadAll(z)
		must(t, err)
		must(t, set.Add(raw))
		if c.Open && r.header.Get("Facts-Cursor") != set.Cursor() {
			t.Errorf("cursor %q in the header, %q in the body", r.header.Get("Facts-Cursor"), set.Cursor())
		}
	}
	got, err := set.Facts()
	must(t, err)
	if len(got.Calls.Start) != 2 || got.Texts[got.Calls.Number[0]] != "79161234567" || got.Texts[got.Calls.Number[1]] != "79161234568" {
		t.Errorf("facts are %+v of %q", got.Calls, got.Texts)
	}

	first := anna.do("GET", m.Chunks[0].URL, nil)
	anna.header["If-None-Match"] = first.header.Get("ETag")
	if r := anna.do("GET", m.Chunks[0].URL, nil); r.status != 304 || len(r.body) > 0 || r.header.Get("ETag") != first.header.Get("ETag") ||
		!strings.Contains(r.header.Get("Cache-Control"), "immutable") {
		t.Errorf("what did not change is answered with %d and %d bytes, %v", r.status, len(r.body), r.header)
	}
	delete(anna.header, "If-None-Match")
	anna.do("GET", factsOf(before, today.AddDate(0, 0, 1), "calls,numbers"), nil).into(t, &again)
	if again.Chunks[0].URL != m.Chunks[0].URL || again.Chunks[0].Bytes != int64(len(first.body)) {
		t.Errorf("the address of a closed day is %s of %d bytes, was %s of %d", again.Chunks[0].URL, again.Chunks[0].Bytes, m.Chunks[0].URL, len(first.body))
	}

	f.touch(before)
	anna.do("GET", factsOf(before, today.AddDate(0, 0, 1), "calls"), nil).into(t, &again)
	if again.Chunks[0].URL == m.Chunks[0].URL {
		t.Error("a day that was assembled anew has the address it had")
	}
	if r := anna.do("GET", again.Chunks[0].URL, nil); r.status != 200 {
		t.Errorf("the new revision is answered with %d", r.status)
	}
}

// touch is what the pipeline does when it writes a call of these days.
func (f *fixture) touch(days ...time.Time) {
	f.t.Helper()
	must(f.t, f.db.As(f.mine).Tx(f.t.Context(), func(tx pgx.Tx) error {
		for _, d := range days {
			if _, err := tx.Exec(f.t.Context(), `INSERT INTO fact_revisions AS r (tenant_id, part, day, rev) VALUES (current_tenant(), 1, day_of($1), 1)
				ON CONFLICT (tenant_id, part, day) DO UPDATE SET rev = r.rev + 1`, d); err != nil {
				return err
			}
		}
		return nil
	}))
}

func TestFactsAreGivenToThoseOnlyWhoseScopeTheyAreOf(t *testing.T) {
	f := newFixture(t)
	f.clock.at = midnight(f.clock.now()).Add(12 * time.Hour)
	before := midnight(f.clock.now()).AddDate(0, 0, -3)
	f.addCalls(f.mine, aCall{id: uuid.New(), at: before.Add(9 * time.Hour), caller: "79161234567", dialled: "600", direction: 1, disposition: 1, operators: []int32{f.operator}},
		aCall{id: uuid.New(), at: before.Add(10 * time.Hour), caller: "79161111111", dialled: "600", direction: 1, disposition: 1})
	f.touch(before)
	urls := map[string]string{}
	for _, who := range []string{"anna", "sveta", "stranger"} {
		var m api.FactsManifest
		b := f.as(who)
		b.do("GET", factsOf(before, before.AddDate(0, 0, 1), "numbers"), nil).into(t, &m)
		if who == "stranger" {
			if len(m.Chunks) != 0 {
				t.Errorf("somebody else's manifest has %+v", m.Chunks)
			}
			continue
		}
		urls[who] = m.Chunks[0].URL
	}
	if urls["anna"] != urls["sveta"] {
		t.Errorf("who see the same have different addresses: %v", urls)
	}
	for _, who := range []string{"stranger", "oleg", "unbound"} {
		if r := f.as(who).do("GET", urls["anna"], nil); r.status != 404 && r.status != 403 {
			t.Errorf("%s gets %d for what the administrator sees", who, r.status)
		}
	}
	if r := f.browser().do("GET", urls["anna"], nil); r.status != 401 {
		t.Errorf("nobody gets %d", r.status)
	}
	for _, bad := range []string{"/facts/tail?since=x", strings.Replace(urls["anna"], "/numbers/", "/nothing/", 1), urls["anna"] + "9", strings.Replace(urls["anna"], "/1", "/01", 1)} {
		if r := f.as("anna").do("GET", bad, nil); r.status != 404 || r.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d, %q", bad, r.status, r.header.Get("Cache-Control"))
		}
	}
}
