package importing

import (
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/cloud/replay"
)

// corpus are the recordings of real Asterisk of which there are logs.
func corpus(t *testing.T) (dirs []string) {
	t.Helper()
	found, err := filepath.Glob(filepath.Join("..", "..", "lab", "corpus", "*", "*", "*", "cel.csv.gz"))
	if err != nil || len(found) < 100 {
		t.Fatalf("%d recordings: %v", len(found), err)
	}
	for _, file := range found {
		dirs = append(dirs, filepath.Dir(file))
	}
	return append(dirs, filepath.Join("testdata", "agent-of-a-pool", "A"))
}

// title of the recording of one PBX: 22/e1-attended-refer/A.
func title(dir string) string {
	parts := strings.Split(filepath.ToSlash(dir), "/")
	return strings.Join(parts[len(parts)-3:], "/")
}

var heardBefore = map[string][]*call.Call{}

// heardOf assembles what was heard of one PBX alone, once for all tests.
func heardOf(t *testing.T, dir string) []*call.Call {
	t.Helper()
	if calls, ok := heardBefore[dir]; ok {
		return calls
	}
	alone := t.TempDir()
	whole, err := filepath.Abs(dir)
	if err == nil {
		err = os.Mkdir(filepath.Join(alone, filepath.Base(dir)), 0o700)
	}
	if err == nil {
		err = os.Symlink(filepath.Join(whole, "trace.ami.gz"), filepath.Join(alone, filepath.Base(dir), "trace.ami.gz"))
	}
	if err != nil {
		t.Fatal(err)
	}
	calls, err := replay.Calls(t.Context(), alone)
	if err != nil {
		t.Fatalf("%s: %v", dir, err)
	}
	calls = slices.DeleteFunc(calls, func(c *call.Call) bool { return c.Open })
	heardBefore[dir] = calls
	return calls
}

// loggedIn makes calls of the logs of one PBX.
func loggedIn(t *testing.T, dir string, files ...string) []*call.Call {
	t.Helper()
	var sources []Source
	for _, file := range files {
		path := filepath.Join(dir, file)
		sources = append(sources, Source{Name: file, Open: func() (io.ReadCloser, error) { return os.Open(path) }})
	}
	p, err := Read(t.Context(), sources, Reading{PBX: filepath.Base(dir), Zone: time.UTC, Dir: t.TempDir()})
	if err != nil {
		t.Fatalf("%s: %v", dir, err)
	}
	defer func() { _ = p.Close() }()
	var all []*call.Call
	err = p.Calls(t.Context(), func(list []*call.Call) error {
		all = append(all, list...)
		return nil
	}, nil)
	if err != nil {
		t.Fatalf("%s: %v", dir, err)
	}
	return all
}

func storyOf(t *testing.T, c *call.Call) *told {
	t.Helper()
	text, err := c.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	s, err := read(text)
	if err != nil {
		t.Fatal(err)
	}
	s.imported = c.Imported
	return s
}

// apart lists what the logs of a recording tell otherwise than what was heard, and counts the calls that are equal.
func apart(t *testing.T, dir string, files ...string) (lines []string, equal, calls int) {
	t.Helper()
	logged := map[call.ID]*call.Call{}
	for _, c := range loggedIn(t, dir, files...) {
		logged[c.ID] = c
	}
	for _, h := range heardOf(t, dir) {
		calls++
		c := logged[h.ID]
		if c == nil {
			lines = append(lines, fmt.Sprintf("%s %s: not in the logs", h.Caller, h.Dialled))
			continue
		}
		delete(logged, h.ID)
		list := differ(storyOf(t, h), storyOf(t, c))
		if len(list) == 0 {
			equal++
		}
		for _, d := range list {
			lines = append(lines, fmt.Sprintf("%s %s: %s: %s | %s (%s)", h.Caller, h.Dialled, d.Figure, rounded(d.Stored), rounded(d.Logged), d.Reason))
		}
	}
	for _, c := range logged {
		lines = append(lines, fmt.Sprintf("%s %s: only in the logs", c.Caller, c.Dialled))
	}
	slices.Sort(lines)
	return lines, equal, calls
}

// rounded takes the fraction off a length: it differs from recording to recording.
func rounded(s string) string {
	var n float64
	if _, err := fmt.Sscanf(s+" ", "%f ", &n); err == nil && strings.Count(s, ".") == 1 {
		return fmt.Sprintf("%.0f s", n)
	}
	return s
}

// TestCallsOfCELAndQueueLogAreThoseThatWereHeard holds the calls made of logs against those made of AMI of the same traffic,
// figure by figure. testdata/differences.txt lists the calls that differ, each with the reason.
func TestCallsOfCELAndQueueLogAreThoseThatWereHeard(t *testing.T) {
	var got []string
	equal, calls := 0, 0
	for _, dir := range corpus(t) {
		lines, e, n := apart(t, dir, "queue_log", "cel.csv.gz", "cdr.csv.gz")
		for _, line := range lines {
			got = append(got, title(dir)+" "+line)
		}
		equal, calls = equal+e, calls+n
	}
	t.Logf("%d of %d calls are equal: %.1f %%", equal, calls, 100*float64(equal)/float64(calls))
	if *update {
		writeDifferences(t, got, equal, calls)
	}
	text, err := os.ReadFile(filepath.Join("testdata", "differences.txt"))
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			want = append(want, line)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("differences.txt (-want +got):\n%s", diff)
	}
	if equal*1000 < calls*985 {
		t.Errorf("only %d of %d are equal", equal, calls)
	}
}

var update = flag.Bool("update", false, "write testdata/differences.txt anew")

func writeDifferences(t *testing.T, list []string, equal, calls int) {
	t.Helper()
	text := fmt.Sprintf(`# Where calls made of the logs differ from those that were heard, of the same traffic: recording, caller, number,
# figure: heard | logged (reason; see compare.go). Of %d calls %d are equal.
#
# Asterisk 16 tells no holds, so a phone that asks somebody else makes a call of its own (e4), and a hold counts as talk.
# j3: that a queue refused a caller leaves no trace. m3: nobody knows when a killed PBX stopped.
`, calls, equal)
	if err := os.WriteFile(filepath.Join("testdata", "differences.txt"), []byte(text+strings.Join(list, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
}

// figures are those of a queue that queue_log tells without any assembling.
type figures struct {
	Offered, Answered, Abandoned, TimedOut int
	Waited                                 float64 // s
}

// counted works them out line by line, independently of everything else here: a visit is a line ENTERQUEUE, and it ends with
// the next line about the call that ends one.
func counted(t *testing.T, file string) map[string]figures {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	queues, entered := map[string]figures{}, map[string]int64{}
	for line := range strings.Lines(string(text)) {
		f := strings.Split(strings.TrimSpace(line), "|")
		if len(f) < 5 {
			continue
		}
		var at int64
		if _, err := fmt.Sscan(f[0], &at); err != nil {
			t.Fatal(err)
		}
		q := queues[f[2]]
		switch f[4] {
		case "ENTERQUEUE":
			q.Offered++
			entered[f[1]] = at
		case "CONNECT":
			q.Answered++
		case "ABANDON":
			q.Abandoned++
		case "EXITWITHTIMEOUT":
			q.TimedOut++
		}
		switch f[4] {
		case "CONNECT", "ABANDON", "EXITWITHTIMEOUT", "EXITEMPTY", "EXITWITHKEY":
			q.Waited += float64(at - entered[f[1]])
		}
		if q != (figures{}) {
			queues[f[2]] = q
		}
	}
	return queues
}

func visited(calls []*call.Call) map[string]figures {
	queues := map[string]figures{}
	for _, c := range calls {
		for _, v := range c.Queues {
			q := queues[v.Queue]
			q.Offered++
			switch v.Result {
			case call.ResultAnswered:
				q.Answered++
			case call.ResultAbandoned:
				q.Abandoned++
			case call.ResultTimeout:
				q.TimedOut++
			}
			q.Waited += v.Left.Sub(v.Entered).Seconds()
			queues[v.Queue] = q
		}
	}
	return queues
}

// TestQueueFiguresAreThoseOfQueueLog holds the figures of queues against what queue_log of the same recording says: of calls
// made of queue_log to the second, of those made with CEL and of those that were heard within the second that each wait is
// rounded by.
func TestQueueFiguresAreThoseOfQueueLog(t *testing.T) {
	for _, dir := range corpus(t) {
		want := counted(t, filepath.Join(dir, "queue_log"))
		for how, calls := range map[string][]*call.Call{
			"queue_log": loggedIn(t, dir, "queue_log"), "queue_log and CEL": loggedIn(t, dir, "queue_log", "cel.csv.gz"), "AMI": heardOf(t, dir),
		} {
			got := visited(calls)
			if how == "AMI" && unlogged[title(dir)] != "" {
				continue
			}
			for _, name := range slices.Sorted(maps.Keys(want)) {
				w, g := want[name], got[name]
				allowed := 0.001
				if how != "queue_log" {
					allowed = float64(w.Offered) * 1.05
				}
				if d := w.Waited - g.Waited; d > allowed || d < -allowed {
					t.Errorf("%s, queue %s by %s: waited %.1f s, queue_log says %.1f s", title(dir), name, how, g.Waited, w.Waited)
				}
				w.Waited, g.Waited = 0, 0
				if w != g {
					t.Errorf("%s, queue %s by %s: %+v, queue_log says %+v", title(dir), name, how, g, w)
				}
				delete(got, name)
			}
			if len(got) > 0 {
				t.Errorf("%s by %s: queues %v that queue_log does not know", title(dir), how, got)
			}
		}
	}
}

// unlogged are recordings whose AMI does not tell all that queue_log does.
var unlogged = map[string]string{}
