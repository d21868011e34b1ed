package fakepbx

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/callweave/callweave/shared/wire/trace"
)

// Scenario is a recording to play.
type Scenario struct {
	Name string
	Path string // of a trace, compressed or not
}

// Find returns the recordings at the paths: a trace itself, a directory that holds one, or a directory of scenarios
// (SCENARIO/PBX/trace.ami), of which it takes those of the PBX named.
func Find(pbx string, paths ...string) ([]Scenario, error) {
	var found []Scenario
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			return nil, fmt.Errorf("find recordings: %w", err)
		}
		if !info.IsDir() {
			found = append(found, Scenario{Name: filepath.Base(path), Path: path})
			continue
		}
		below, err := findBelow(pbx, path)
		if err != nil {
			return nil, fmt.Errorf("find recordings: %w", err)
		}
		found = append(found, below...)
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("find recordings: no trace.ami below %s", strings.Join(paths, ", "))
	}
	return found, nil
}

func findBelow(pbx, dir string) ([]Scenario, error) {
	var found []Scenario
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || e.Name() != "trace.ami" && e.Name() != "trace.ami.gz" {
			return err
		}
		holder := filepath.Dir(path)
		if holder == filepath.Clean(dir) {
			found = append(found, Scenario{Name: filepath.Base(holder), Path: path})
		} else if filepath.Base(holder) == pbx {
			found = append(found, Scenario{Name: filepath.Base(filepath.Dir(holder)), Path: path})
		}
		return nil
	})
	return found, err
}

// step is one thing that happens while a recording is played.
type step struct {
	at     int64 // ns since the recording began
	kind   stepKind
	packet []byte // as recorded
}

type stepKind uint8

const (
	stepEvent  stepKind = iota // goes to the clients
	stepAnswer                 // was an answer to the recorder; becomes ours
	stepDown                   // the PBX or the connection to it went away
	stepUp                     // and came back
)

// recorded is a recording in memory.
type recorded struct {
	began   int64 // ns since 1970
	banner  string
	steps   []step
	actions map[string]string // of the recorder: ActionID to action
}

func (s Scenario) load() (*recorded, error) {
	f, err := os.Open(s.Path)
	if err != nil {
		return nil, fmt.Errorf("load recording: %w", err)
	}
	defer f.Close()
	rec := &recorded{actions: map[string]string{}}
	for r := trace.NewReader(f); ; {
		t, err := r.Next()
		if errors.Is(err, io.EOF) {
			return rec, nil
		}
		if err != nil {
			return nil, fmt.Errorf("load recording %s: %w", s.Name, err)
		}
		rec.add(t)
	}
}

func (rec *recorded) add(t trace.Record) {
	if rec.began == 0 {
		rec.began = t.At
	}
	st := step{at: t.At - rec.began}
	switch t.Kind {
	case trace.Sent:
		rec.actions[value(t.Data, "ActionID")] = value(t.Data, "Action")
		return
	case trace.Note:
		switch {
		case bytes.HasPrefix(t.Data, []byte("connected ")):
			st.kind = stepUp
		case bytes.HasPrefix(t.Data, []byte("disconnected: ")):
			st.kind = stepDown
		default:
			return
		}
	case trace.Received:
		if bytes.HasPrefix(t.Data, []byte("Asterisk Call Manager")) {
			rec.banner = strings.TrimSpace(string(t.Data))
			return
		}
		st.packet = bytes.Clone(t.Data)
		st.kind = rec.kindOf(t.Data)
	}
	rec.steps = append(rec.steps, st)
}

func (rec *recorded) kindOf(packet []byte) stepKind {
	id := value(packet, "ActionID")
	_, answer := rec.actions[id]
	if answer || bytes.HasPrefix(packet, []byte("Response:")) || bytes.HasPrefix(packet, []byte("Event: FullyBooted\r\n")) {
		return stepAnswer
	}
	return stepEvent
}

// value returns the first value of a key, compared in any case.
func value(packet []byte, key string) string {
	for line := range bytes.Lines(packet) {
		if len(line) > len(key) && line[len(key)] == ':' && strings.EqualFold(string(line[:len(key)]), key) {
			return strings.TrimSpace(string(line[len(key)+1:]))
		}
	}
	return ""
}

// segment are the steps from the one at i up to the next time the PBX goes down.
func (rec *recorded) segment(i int) []step {
	rest := rec.steps[i:]
	if n := slices.IndexFunc(rest, func(s step) bool { return s.kind == stepDown }); n >= 0 {
		rest = rest[:n]
	}
	return rest
}
