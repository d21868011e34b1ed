package wire

import (
	"crypto/sha256"
	"fmt"
	"os"
	"strings"
	"testing"
)

// TestNumbersOfNamesNeverChange reads testdata/numbering.golden: each line holds how many names there were once and the
// hash of them in order. Lines are only added, so that what an old agent spooled is still read right.
func TestNumbersOfNamesNeverChange(t *testing.T) {
	golden, err := os.ReadFile("testdata/numbering.golden")
	if err != nil {
		t.Fatal(err)
	}
	lists := map[string][]string{"events": eventNames[1:], "fields": fieldNames[1:]}
	newest := map[string]string{}
	for line := range strings.Lines(string(golden)) {
		var kind, hash string
		var n int
		if _, err := fmt.Sscan(line, &kind, &n, &hash); err != nil {
			continue // a comment
		}
		newest[kind] = strings.TrimSpace(line)
		if got := numbering(kind, lists[kind], n); got != strings.TrimSpace(line) {
			t.Errorf("the first %d %s are no longer what they were: %s", n, kind, got)
		}
	}
	for kind, names := range lists {
		if now := numbering(kind, names, len(names)); newest[kind] != now {
			t.Errorf("names were added: append this line to testdata/numbering.golden:\n%s", now)
		}
	}
}

func numbering(kind string, names []string, n int) string {
	if n > len(names) {
		return fmt.Sprintf("only %d %s", len(names), kind)
	}
	return fmt.Sprintf("%s %d %x", kind, n, sha256.Sum256([]byte(strings.Join(names[:n], "\n"))))
}

func TestNamesAreFoundInAnyCase(t *testing.T) {
	for i, name := range eventNames[1:] {
		for _, spelt := range []string{name, strings.ToLower(name), strings.ToUpper(name)} {
			if got := LookupEvent([]byte(spelt)); got != EventID(i+1) {
				t.Errorf("event %s: %d, want %d", spelt, got, i+1)
			}
		}
		if EventName(EventID(i+1)) != name {
			t.Errorf("event %d is named %q", i+1, EventName(EventID(i+1)))
		}
	}
	for i, name := range fieldNames[1:] {
		for _, spelt := range []string{name, strings.ToLower(name), strings.ToUpper(name)} {
			if got := LookupField([]byte(spelt)); got != FieldID(i+1) {
				t.Errorf("field %s: %d, want %d", spelt, got, i+1)
			}
		}
	}
}

func TestPBXCannotNameTheAgentsOwnEvents(t *testing.T) {
	for id := AgentConnected; id <= AgentResponse; id++ {
		name := EventName(id)
		if name == "" || LookupEvent([]byte(name)) != 0 {
			t.Errorf("%#x is named %q and found as %d", uint16(id), name, LookupEvent([]byte(name)))
		}
	}
	for id := AgentFieldAddress; id <= AgentFieldRaw; id++ {
		if name := FieldName(id); name == "" || LookupField([]byte(name)) != 0 {
			t.Errorf("%#x is named %q", uint16(id), name)
		}
	}
}

func TestLookupAllocatesNothing(t *testing.T) {
	known, unknown, long := []byte("DESTchannel"), []byte("NoSuchField"), []byte(strings.Repeat("x", 4096))
	if n := testing.AllocsPerRun(100, func() {
		_, _, _, _ = LookupField(known), LookupField(unknown), LookupField(long), LookupEvent(long)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
