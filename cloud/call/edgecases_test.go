package call_test

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
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
			if !exists("testdata/"+n[1]+".txt") && !exists("../../lab/corpus/*/"+n[1]) && !isTest(t, n[1]) {
				t.Errorf("case %s: there is no scenario, no recording and no test %s", row.number, n[1])
			}
		}
	}
}

// TestEveryNumberedScenarioIsListed looks for scenarios of edge cases that docs/edge-cases.md does not name.
func TestEveryNumberedScenarioIsListed(t *testing.T) {
	listed := map[string]bool{}
	rows := edgeCases(t)
	for _, row := range rows {
		for _, n := range named.FindAllStringSubmatch(row.heldBy, -1) {
			listed[n[1]] = true
		}
	}
	files, _ := filepath.Glob("testdata/[0-9]*.txt")
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txt")
		number, _, _ := strings.Cut(name, "-")
		if n, _ := strconv.Atoi(number); n <= len(rows) && !listed[name] {
			t.Errorf("docs/edge-cases.md does not name the scenario %s", name)
		}
	}
}

// TestEdgeCasesAreNumberedWithoutAGap keeps the table whole: a case that is dropped from it is a case nobody looks at.
func TestEdgeCasesAreNumberedWithoutAGap(t *testing.T) {
	for i, row := range edgeCases(t) {
		if row.number != strconv.Itoa(i+1) {
			t.Fatalf("row %d of docs/edge-cases.md is about case %s", i+1, row.number)
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

// isTest tells whether a test of this package or of its neighbors has a name.
func isTest(t *testing.T, name string) bool {
	t.Helper()
	if !strings.HasPrefix(name, "Test") && !strings.HasPrefix(name, "Fuzz") {
		return false
	}
	files, _ := filepath.Glob("../*/*_test.go")
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(b, []byte("\nfunc "+name+"(")) {
			return true
		}
	}
	return false
}

func exists(pattern string) bool {
	found, _ := filepath.Glob(pattern)
	return len(found) > 0
}
