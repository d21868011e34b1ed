package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/callweave/callweave/cloud/pg/pgtest"
)

func recordedLog(recording, file string) string {
	return filepath.Join("..", "lab", "corpus", "22", recording, "A", file)
}

func TestLogsAreImportedOnTheCommandLine(t *testing.T) {
	url := pgtest.URL(t)
	for _, args := range [][]string{{"tenant", "create", "--slug", "acme", "--name", "Acme", "--zone", "Europe/Moscow"}, {"pbx", "add", "--tenant", "acme", "--name", "office"}} {
		if code, _, problems := callweave(t, url, args...); code != 0 {
			t.Fatal(problems)
		}
	}
	const name = "c1-overflow-answered"
	logs := []string{"--queue-log", recordedLog(name, "queue_log"), "--cel", recordedLog(name, "cel.csv.gz")}
	run := func(more ...string) (sum map[string]any) {
		t.Helper()
		code, out, problems := callweave(t, url, append(append([]string{"import", "--tenant", "acme", "--pbx", "office"}, logs...), more...)...)
		var got struct {
			Differences []any
			Summary     map[string]any
		}
		if err := json.Unmarshal([]byte(out), &got); code != 0 || err != nil {
			t.Fatalf("exit code %d, %v: %s%s", code, err, out, problems)
		}
		return got.Summary
	}
	for _, c := range []struct {
		more []string
		key  string
		want float64
	}{{[]string{"--dry-run"}, "written", 0}, {nil, "written", 1}, {nil, "same", 1}} {
		if sum := run(c.more...); sum["calls"] != 1.0 || sum[c.key] != c.want {
			t.Errorf("%v: %v, want %s %g", c.more, sum, c.key, c.want)
		}
	}
	code, out, problems := callweave(t, url, append([]string{"import", "--tenant", "acme", "--pbx", "office", "--format", "table"}, logs[:2]...)...)
	if code != 0 || !strings.Contains(out, "Calls in the logs: 1\n  1 left as an earlier import of more logs made them") {
		t.Errorf("%d: %s%s", code, out, problems)
	}
}

func TestImportsThatCannotBeSayWhatToDo(t *testing.T) {
	url := pgtest.URL(t)
	for _, args := range [][]string{{"tenant", "create", "--slug", "acme", "--name", "Acme"}, {"pbx", "add", "--tenant", "acme", "--name", "office"}} {
		if code, _, problems := callweave(t, url, args...); code != 0 {
			t.Fatal(problems)
		}
	}
	log := recordedLog("c1-overflow-answered", "queue_log")
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"--pbx", "office"}, "name files to import: --queue-log, --cel, --cdr"},
		{[]string{"--pbx", "branch", "--queue-log", log}, "branch"},
		{[]string{"--pbx", "office", "--queue-log", log, "--zone", "Moscow"}, `"Moscow" is no time zone; write for example Europe/Moscow`},
		{[]string{"--pbx", "office", "--queue-log", log, "--from", "yesterday"}, `"yesterday" is no moment`},
		{[]string{"--pbx", "office", "--queue-log", log, "--from", "2027-01-01"}, "the files hold nothing of this period"},
		{[]string{"--pbx", "office", "--cel", log}, "this looks like queue_log, not like CEL"},
		{[]string{"--pbx", "office", "--cdr", "import_cmd_test.go"}, "queue_log, CEL or CDR"},
	} {
		code, out, problems := callweave(t, url, append([]string{"import", "--tenant", "acme"}, c.args...)...)
		if code == 0 || !strings.Contains(problems, c.says) {
			t.Errorf("import %v does not say %q: %s%s", c.args, c.says, out, problems)
		}
	}
}
