package call_test

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// links tells the links of calls with what they rest on.
func links(b book) string {
	var out strings.Builder
	for _, c := range b.ordered() {
		for _, l := range c.Links {
			fmt.Fprintf(&out, "%s %s > %s %s at %s by %s %s, %s\n", l.From, l.FromUniqueid, l.To, l.ToUniqueid, when(l.At), l.Kind, l.Evidence, l.Confidence)
		}
	}
	return out.String()
}

// scenario returns the events of a file in testdata.
func scenario(t *testing.T, name string) []fed {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name + ".txt")
	if err != nil {
		t.Fatal(err)
	}
	events := readScenario(t, string(b))
	return events
}

func TestLinksSayWhatTheyRestOn(t *testing.T) {
	for name, want := range map[string]string{
		"85-trunk-between-pbxs":    "A 1800000000.1 > B 1800000000.2 at 0.01 by numbers 103, likely\n",
		"87-header-between-pbxs":   "A 1800000000.1 > B 1800000000.2 at 0.01 by header A-1, certain\n",
		"channelvars-between-pbxs": "A 1800000000.1 > B 1800000000.2 at 0.01 by call-id a8836be3, certain\n",
		"89-twins-stay-apart":      "",
	} {
		if d := cmp.Diff(want, links(assemble(scenario(t, name)))); d != "" {
			t.Errorf("%s (-expected +assembled):\n%s", name, d)
		}
	}
}

func TestStoriesNameBothEndsOfALink(t *testing.T) {
	var story struct{ Links []map[string]string }
	for _, c := range assemble(scenario(t, "87-header-between-pbxs")) {
		b, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(b, &story); err != nil {
			t.Fatal(err)
		}
	}
	want := []map[string]string{{
		"kind": "header", "confidence": "certain", "evidence": "A-1", "at": "2027-01-15T08:00:00.010000Z",
		"from": "A", "from_uniqueid": "1800000000.1", "to": "B", "to_uniqueid": "1800000000.2",
	}}
	if d := cmp.Diff(want, story.Links); d != "" {
		t.Errorf("links (-expected +told):\n%s", d)
	}
}
