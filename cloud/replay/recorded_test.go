package replay_test

import (
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/cloud/replay"
)

const corpus = "../../lab/corpus"

// arguable are the fields in which the truth of a scenario says something else than we do, and why we think otherwise.
// Everything that is not in this table must be exactly as the phones lived it.
var arguable = map[string]map[string]string{
	"d3-blind-dtmf-to-agent":            {"talk": featureHold, "hold": featureHold},
	"e2-attended-dtmf":                  {"talk": featureHold, "hold": featureHold},
	"e3-attended-ami":                   {"talk": featureHold, "hold": featureHold},
	"e7-attended-dtmf-target-no-answer": {"talk": featureHold, "hold": featureHold},
	"d5-blind-refer-no-answer": {"talk": "the phone kept its line open after the REFER, but the customer had left it for " +
		"the ringing target at once"},
	"e6-attended-refer-consult-to-queue": {"talk": "the truth counts the consultation of 105 by 101 as talk with the customer"},
	"h4-outbound-transfer": {"end": "the truth ends with the phone of 102, who had transferred the customer by then; the customer " +
		"talked on with 104"},
}

const featureHold = "while 101 dials a feature code or consults through one the customer hears music: the phone does not know " +
	"that it holds, the PBX says so by Hold"

// TestRecordedCallsAreWhatThePhonesLived holds the assembler against recordings of real Asterisk 22 and 16.
func TestRecordedCallsAreWhatThePhonesLived(t *testing.T) {
	for _, dir := range recordings(t) {
		t.Run(filepath.Base(filepath.Dir(dir))+"/"+filepath.Base(dir), func(t *testing.T) {
			t.Parallel()
			checkRecording(t, dir)
		})
	}
}

func recordings(t *testing.T) []string {
	t.Helper()
	dirs, err := filepath.Glob(filepath.Join(corpus, "*", "*", "truth.json"))
	if err != nil || len(dirs) < 100 {
		t.Fatalf("found %d recordings below %s: %v", len(dirs), corpus, err)
	}
	for i := range dirs {
		dirs[i] = filepath.Dir(dirs[i])
	}
	return dirs
}

func checkRecording(t *testing.T, dir string) {
	calls, err := replay.Calls(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	want := readTruth(t, dir)
	expected := max(len(want.Calls), want.Offered)
	if len(calls) != expected {
		t.Errorf("want %d calls, got %d", expected, len(calls))
	}
	left := slices.Clone(calls)
	for i := range want.Calls {
		w := &want.Calls[i]
		g := take(&left, w)
		if g == nil {
			t.Errorf("%s: no call from %s to %s", w.ID, w.Caller, w.Dialled)
			continue
		}
		for _, d := range compareCall(w, g) {
			if why := arguable[filepath.Base(dir)][d.field]; why == "" {
				t.Errorf("%s: %s:\n%s", w.ID, d.field, d.text)
			}
		}
	}
	checkQueueLog(t, dir, calls)
}

// take finds the call that a true one is: by caller and start.
func take(left *[]*call.Call, w *trueCall) *call.Call {
	best, least := -1, math.Inf(1)
	for i, g := range *left {
		d := math.Abs(unix(g.Start) - w.Start)
		if g.Caller != w.Caller {
			d += 1e9
		}
		if d < least {
			best, least = i, d
		}
	}
	if best < 0 || math.Abs(unix((*left)[best].Start)-w.Start) > 5 {
		return nil
	}
	g := (*left)[best]
	*left = slices.Delete(*left, best, best+1)
	return g
}

// checkQueueLog compares with what the same Asterisk wrote about its queues.
func checkQueueLog(t *testing.T, dir string, calls []*call.Call) {
	names := map[string]string{"CONNECT": "answered", "ABANDON": "abandoned", "EXITWITHTIMEOUT": "timeout"}
	logs, _ := filepath.Glob(filepath.Join(dir, "*", "queue_log"))
	for _, log := range logs {
		pbx := filepath.Base(filepath.Dir(log))
		b, err := os.ReadFile(log)
		if err != nil {
			t.Fatal(err)
		}
		want, got := map[string]int{}, map[string]int{}
		for line := range strings.Lines(string(b)) {
			f := strings.Split(strings.TrimSpace(line), "|")
			if len(f) > 4 && names[f[4]] != "" {
				want[f[2]+" "+names[f[4]]]++
			}
		}
		for _, c := range calls {
			for _, q := range c.Queues {
				if r := q.Result.String(); q.PBX == pbx && slices.Contains(slices.Collect(maps.Values(names)), r) {
					got[q.Queue+" "+r]++
				}
			}
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("PBX %s: visits otherwise than in queue_log (-want +got):\n%s", pbx, d)
		}
	}
}
