package live

import (
	"errors"
	"flag"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/callweave/callweave/lab/pbx"
	"github.com/callweave/callweave/lab/pbx/pbxtest"
	"github.com/callweave/callweave/lab/scenario"
	"github.com/callweave/callweave/lab/truth"
)

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
	os.Exit(m.Run())
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

func TestScenarios(t *testing.T) {
	for _, sc := range scenario.All() {
		for _, version := range pbx.Versions() {
			t.Run(sc.Name+"/"+version, func(t *testing.T) {
				t.Parallel()
				s := stage(t, sc, version)
				run, err := s.Play()
				if err != nil {
					t.Fatal(err)
				}
				checkQueueLog(t, s, run)
				checkRecording(t, sc, run)
			})
		}
	}
}

// checkRecording holds the play against its recording: the same happened, whatever the clock said.
func checkRecording(t *testing.T, sc scenario.Scenario, run *truth.Run) {
	t.Helper()
	recorded, err := truth.Load(filepath.Join(corpus, run.Asterisk, sc.Name))
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(truth.Outlines(recorded.Calls, sc.Shorter), truth.Outlines(run.Calls, sc.Shorter)); diff != "" {
		t.Errorf("the recording of the same scenario differs (-recorded +played):\n%s", diff)
	}
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
