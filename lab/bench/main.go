// Command bench measures the figures that Callweave is held to, each as a ratio to a peer or to the machine's limit in
// the same run, because machines are noisy. It prints one line a figure, `name value unit goal ok|short`, and writes the
// same as JSON.
//
//	go run ./lab/bench                 all of them
//	go run ./lab/bench -run 'wire|ami' those whose name matches
//
// It runs on the working tree's recordings and, for whole programs, on bin/callweave and bin/callweave-edge.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/debug"
	"slices"
	"syscall"
	"time"
)

func main() {
	only := flag.String("run", "", "regular expression: measure only the figures whose name matches")
	out := flag.String("o", filepath.Join("lab", "bench", "results", "latest.json"), "where the JSON goes")
	rounds := flag.Int("rounds", 5, "how often a figure and its peer are measured in turn; the median counts")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Stdout, *only, *out, *rounds); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		stop()
		os.Exit(1)
	}
}

func run(ctx context.Context, w io.Writer, only, out string, rounds int) error {
	wanted, err := regexp.Compile(only)
	if err != nil {
		return fmt.Errorf("read -run: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(out), 0o755); err != nil {
		return fmt.Errorf("make the results' directory: %w", err)
	}
	dir, err := os.MkdirTemp("", "callweave-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	b := &bench{dir: dir, out: out, rounds: max(rounds, 1)}
	var results []result
	for _, m := range measurements() {
		if !slices.ContainsFunc(m.figures, func(f figure) bool { return wanted.MatchString(f.name) }) {
			continue
		}
		values, err := m.measure(ctx, b)
		if err != nil {
			fmt.Fprintf(os.Stderr, "bench: %s: %v\n", m.figures[0].name, err)
			if ctx.Err() != nil {
				return ctx.Err()
			}
		}
		for _, f := range m.figures {
			value, measured := values[f.name]
			r := f.result(value, measured && err == nil)
			fmt.Fprintln(w, r)
			results = append(results, r)
		}
		runtime.GC()
		debug.FreeOSMemory()
	}
	return write(out, results)
}

// bench is what measurements share.
type bench struct {
	dir    string // for their files, removed at the end
	out    string // where the results go
	rounds int
}

// temp makes a directory for a measurement.
func (b *bench) temp() (string, error) { return os.MkdirTemp(b.dir, "") }

// measurement measures one or a few figures at once.
type measurement struct {
	figures []figure
	measure func(ctx context.Context, b *bench) (map[string]float64, error)
}

func measurements() []measurement {
	return slices.Concat(amiFigures(), wireFigures(), spoolFigures(), uplinkFigures(), agentFigures(), pipelineFigures(), lossFigures(), factsFigures(), engineFigures())
}

// figure is a number with a goal.
type figure struct {
	name   string
	unit   string
	goal   float64
	atMost bool // the goal is an upper limit
}

type result struct {
	Name     string  `json:"name"`
	Value    float64 `json:"value"`
	Unit     string  `json:"unit"`
	Goal     string  `json:"goal"`
	OK       bool    `json:"ok"`
	Measured bool    `json:"measured"`
}

func (f figure) result(value float64, measured bool) result {
	sign := "≥"
	ok := value >= f.goal
	if f.atMost {
		sign, ok = "≤", value <= f.goal
	}
	return result{
		Name: f.name, Value: value, Unit: f.unit, Goal: fmt.Sprintf("%s %v", sign, f.goal), OK: ok && measured, Measured: measured,
	}
}

func (r result) String() string {
	verdict := "short"
	if r.OK {
		verdict = "ok"
	}
	value := fmt.Sprintf("%.3g", r.Value)
	switch {
	case !r.Measured:
		value, verdict = "-", "not measured"
	case r.Value >= 1000:
		value = fmt.Sprintf("%.0f", r.Value)
	}
	return fmt.Sprintf("%-38s %8s %-12s %-10s %s", r.Name, value, r.Unit, r.Goal, verdict)
}

func write(name string, results []result) error {
	b, err := json.MarshalIndent(struct {
		At      time.Time `json:"at"`
		Go      string    `json:"go"`
		System  string    `json:"system"`
		CPUs    int       `json:"cpus"`
		Figures []result  `json:"figures"`
	}{time.Now().UTC().Truncate(time.Second), runtime.Version(), runtime.GOOS + "/" + runtime.GOARCH, runtime.NumCPU(), results}, "", "  ")
	if err != nil {
		return fmt.Errorf("write results: %w", err)
	}
	if err := os.WriteFile(name, append(b, '\n'), 0o644); err != nil {
		return fmt.Errorf("write results: %w", err)
	}
	return nil
}
