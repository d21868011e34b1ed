package live

import (
	"bytes"
	stdcmp "cmp"
	"compress/gzip"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/callweave/callweave/lab/pbx"
	"github.com/callweave/callweave/lab/pbx/pbxtest"
	"github.com/callweave/callweave/lab/scenario"
	"github.com/callweave/callweave/lab/truth"
)

// record makes plays new recordings instead of holding them against the ones there are.
var record = flag.Bool("record", false, "write the played scenarios to lab/corpus")

// corpus holds the recordings: VERSION/SCENARIO.
const corpus = "../corpus"

// sideBySide is how many scenarios are played at once: they mostly wait for each other's phones to ring, so two
// processors carry many.
const sideBySide = "10"

func TestMain(m *testing.M) {
	flag.Parse()
	if f := flag.Lookup("test.parallel"); f != nil {
		_ = f.Value.Set(sideBySide)
	}
	var err error
	if shared, err = newLab(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	if err := shared.close(code != 0); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// stage opens a scenario's PBXs until the test ends.
func stage(t *testing.T, sc scenario.Scenario, version string) *scenario.Stage {
	t.Helper()
	n := pbxtest.Network(t)
	s, err := scenario.Open(t.Context(), sc, version, n, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close the stage: %v", err)
		}
		if !t.Failed() {
			_ = s.Remove()
		}
	})
	return s
}

// TestScenarios plays every scenario on every version of Asterisk through the built agent and cloud.
func TestScenarios(t *testing.T) {
	for _, sc := range scenario.All() {
		for _, version := range pbx.Versions() {
			t.Run(sc.Name+"/"+version, func(t *testing.T) {
				t.Parallel()
				play(t, sc, version)
			})
		}
	}
}

func play(t *testing.T, sc scenario.Scenario, version string) {
	pbxtest.Need(t)
	tn := theCloud(t).newTenant(t)
	s := stage(t, sc, version)
	traces := t.TempDir()
	heard := listen(t, s, tn, traces)

	run, err := s.Play()
	if err != nil {
		t.Fatal(err)
	}
	if *record {
		save(t, s, run, traces, heard.recorders)
	}
	found := tn.settled(t, func(calls []*truth.Found) []string { return truth.Compare(run.Calls, calls, unseen(sc)...) })
	tn.shows(t, run.AgentEvents)
	for _, r := range heard.recorders {
		r.stop(t)
	}
	checkReplay(t, sc, traces, found)
	checkQueueLog(t, s, run)
	if !sc.Racing {
		checkRecording(t, sc, run, found)
	}
}

// save writes what was played to the corpus.
func save(t *testing.T, s *scenario.Stage, run *truth.Run, traces string, recorders []*running) {
	t.Helper()
	for _, r := range recorders {
		r.stop(t)
	}
	folder := filepath.Join(corpus, run.Asterisk, run.Scenario)
	for letter, p := range s.PBXs {
		to := filepath.Join(folder, letter)
		if err := os.MkdirAll(to, 0o755); err != nil {
			t.Fatal(err)
		}
		trace, err := os.ReadFile(filepath.Join(traces, letter, "trace.ami"))
		if err != nil {
			t.Fatal(err)
		}
		var packed bytes.Buffer
		z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
		if err == nil {
			_, err = z.Write(trace)
		}
		if err = errors.Join(err, z.Close()); err != nil {
			t.Fatal(err)
		}
		log, err := p.Log("queue_log")
		if err != nil {
			t.Fatal(err)
		}
		lines, err := io.ReadAll(log)
		_ = log.Close()
		if err != nil {
			t.Fatal(err)
		}
		for name, b := range map[string][]byte{"trace.ami.gz": packed.Bytes(), "queue_log": lines} {
			if err := os.WriteFile(filepath.Join(to, name), b, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := run.Save(folder); err != nil {
		t.Fatal(err)
	}
}

// unseen lists what cannot be known exactly of calls that nobody listened to.
func unseen(sc scenario.Scenario) []string {
	if sc.Unseen {
		return []string{"end", "wait", "talk", "hold"}
	}
	return nil
}

// listeners follow the PBXs of a stage.
type listeners struct {
	agents    []*agent
	running   []*running // one of each agent
	recorders []*running
}

// listen has an agent and a recorder follow each PBX and returns when both see it. The recorders' traces go to
// traces/LETTER.
func listen(t *testing.T, s *scenario.Stage, tn *tenant, traces string) (l listeners) {
	t.Helper()
	var cutters []*cutter
	for letter, p := range s.PBXs {
		c := newCutter(t, p.IP, p.AMI())
		cutters = append(cutters, c)
		a := newAgent(t, c.addr, "edge")
		a.enroll(t, tn.addPBX(t, letter))
		agent := a.start(t, "run")
		l.agents, l.running = append(l.agents, a), append(l.running, agent)
		if err := os.Mkdir(filepath.Join(traces, letter), 0o755); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(traces, letter, "trace.ami")
		l.recorders = append(l.recorders, a.start(t, "record", file))
		agent.says(t, "logged in to the PBX")
		agent.says(t, "connected to the cloud")
		waitRecording(t, file)
	}
	s.Cut = func(away time.Duration) error {
		var err error
		for _, c := range cutters {
			err = errors.Join(err, c.cut(away))
		}
		return err
	}
	return l
}

// checkReplay holds the calls of the database against those `callweave replay` makes of the trace of the same run: the
// same events through the same code must give the same calls, whichever way they went.
func checkReplay(t *testing.T, sc scenario.Scenario, traces string, found []*truth.Found) {
	t.Helper()
	replayed := replay(t, traces)
	if sc.Cuts { // two listeners come back at two moments, so what they missed is estimated differently
		if diff := cmp.Diff(truth.Structures(replayed, false), truth.Structures(found, false)); diff != "" {
			t.Errorf("the trace replayed differs (-replayed +live):\n%s", diff)
		}
		return
	}
	inOrder := func(a, b *truth.Found) int {
		return stdcmp.Or(strings.Compare(a.Caller, b.Caller), a.Start.Compare(b.Start.Time))
	}
	slices.SortFunc(replayed, inOrder)
	slices.SortFunc(found, inOrder)
	same := cmp.Options{
		cmpopts.IgnoreFields(truth.Found{}, "ID"),        // derived from the PBX's key, which is the folder's name here
		cmpopts.EquateApproxTime(300 * time.Millisecond), // each listener measures the PBX's clock for itself
		cmpopts.EquateApprox(0, 0.3),
		cmpopts.EquateEmpty(),
	}
	if diff := cmp.Diff(replayed, found, same); diff != "" {
		t.Errorf("the trace replayed differs (-replayed +live):\n%s", diff)
	}
}

// checkRecording holds the play against its recording: the same happened, and the same calls were made of it, whatever
// the clock said.
func checkRecording(t *testing.T, sc scenario.Scenario, run *truth.Run, found []*truth.Found) {
	t.Helper()
	folder := filepath.Join(corpus, run.Asterisk, sc.Name)
	recorded, err := truth.Load(folder)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(truth.Outlines(recorded.Calls, sc.Shorter), truth.Outlines(run.Calls, sc.Shorter)); diff != "" {
		t.Errorf("the recording of the same scenario differs (-recorded +played):\n%s", diff)
	}
	if diff := cmp.Diff(truth.Structures(replay(t, folder), sc.Shorter), truth.Structures(found, sc.Shorter)); diff != "" {
		t.Errorf("the calls of the recording differ (-recorded +live):\n%s", diff)
	}
}

// replay assembles the calls of recorded AMI by the built program.
func replay(t *testing.T, folder string) []*truth.Found {
	t.Helper()
	calls, err := truth.ParseFound([]byte(theCloud(t).command(t, "replay", "--format", "json", folder)))
	if err != nil {
		t.Fatal(err)
	}
	return calls
}

// checkQueueLog holds the phones' truth against the PBX's own queue_log: who tells a play wrong finds it here.
func checkQueueLog(t *testing.T, s *scenario.Stage, run *truth.Run) {
	t.Helper()
	if len(run.Loose) > 0 {
		t.Errorf("rings of no known call: %+v", run.Loose)
	}
	for letter, p := range s.PBXs {
		file, err := p.Log("queue_log")
		if err != nil {
			t.Fatal(err)
		}
		log, err := truth.ReadQueueLog(file)
		if err != nil {
			t.Fatal(err)
		}
		_ = file.Close()
		for _, complaint := range truth.CompareQueueLog(log, run.Visits(letter)) {
			t.Errorf("%s: %s", letter, complaint)
		}
	}
}
