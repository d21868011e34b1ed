package call_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	caseRow = regexp.MustCompile(`^\| (\d+) \| (.+) \| (.+) \|$`)
	named   = regexp.MustCompile("`([^`]+)`")
)

// TestEveryEdgeCaseIsHeldBySomething reads docs/edge-cases.md: what it names must exist.
func TestEveryEdgeCaseIsHeldBySomething(t *testing.T) {
	for _, row := range edgeCases(t) {
		names := named.FindAllStringSubmatch(row.heldBy, -1)
		if len(names) == 0 && !strings.Contains(row.heldBy, "AMI") {
			t.Errorf("case %s names no scenario and no recording, and does not say why AMI cannot show it: %s", row.number, row.heldBy)
		}
		for _, n := range names {
			if !exists("testdata/"+n[1]+".txt") && !exists("../../lab/corpus/*/"+n[1]) {
				t.Errorf("case %s: there is no scenario and no recording %s", row.number, n[1])
			}
		}
	}
}

type edgeCase struct{ number, situation, heldBy string }

func edgeCases(t *testing.T) []edgeCase {
	t.Helper()
	b, err := os.ReadFile("../../docs/edge-cases.md")
	if err != nil {
		t.Fatal(err)
	}
	var rows []edgeCase
	for line := range strings.Lines(string(b)) {
		if m := caseRow.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
			rows = append(rows, edgeCase{m[1], m[2], m[3]})
		}
	}
	if len(rows) == 0 {
		t.Fatal("docs/edge-cases.md has no rows")
	}
	return rows
}

func exists(pattern string) bool {
	found, _ := filepath.Glob(pattern)
	return len(found) > 0
}
