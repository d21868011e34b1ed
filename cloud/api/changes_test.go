package api_test

import (
	"bufio"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// lines of a stream, until the test ends.
func (f *fixture) watch(login string) *bufio.Scanner {
	f.t.Helper()
	b := f.as(login)
	res, err := f.server.Client().Do(b.request(f.t.Context(), "GET", "/calls/changes", nil))
	must(f.t, err)
	f.t.Cleanup(func() { res.Body.Close() })
	if got := res.Header.Get("Content-Type"); res.StatusCode != 200 || got != "text/event-stream" {
		f.t.Fatalf("status %d, content type %q", res.StatusCode, got)
	}
	s := bufio.NewScanner(res.Body)
	s.Scan() // ": connected": from here on nothing is missed
	return s
}

func nextData(t *testing.T, s *bufio.Scanner) string {
	t.Helper()
	for s.Scan() {
		if data, ok := strings.CutPrefix(s.Text(), "data: "); ok {
			return data
		}
	}
	t.Fatalf("the stream ended: %v", s.Err())
	return ""
}

func TestWatchersHearOfTheirTenantsCallsOnly(t *testing.T) {
	f := newFixture(t)
	s := f.watch("sveta")
	mine, theirs := uuid.New(), uuid.New()
	f.changes.changed(f.other, theirs)
	f.changes.changed(f.mine, mine)
	if got, want := nextData(t, s), `{"ids":["`+mine.String()+`"]}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestOperatorHearsOfOwnCallsOnly(t *testing.T) {
	f := newFixture(t)
	own, others := uuid.New(), uuid.New()
	f.addCalls(f.mine, aCall{id: own, at: f.clock.now(), operators: []int32{f.operator}}, aCall{id: others, at: f.clock.now()})
	s := f.watch("oleg")
	f.changes.changed(f.mine, others)
	f.changes.changed(f.mine, others, own)
	if got, want := nextData(t, s), `{"ids":["`+own.String()+`"]}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
