package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
)

func uplinkFigures() []measurement {
	return []measurement{
		{
			figures: []figure{{name: "uplink_vs_bare_quic", unit: "x", goal: 0.8}},
			measure: measureUplink,
		},
		{
			figures: []figure{{name: "idle_agent_kb", unit: "KB", goal: 80, atMost: true}},
			measure: measureIdle,
		},
	}
}

// The uplink's benchmarks stand beside its tests, where the cloud it talks to is. They are built once and run in turn.

func measureUplink(ctx context.Context, b *bench) (map[string]float64, error) {
	test, err := b.buildTest(ctx, "edge/uplink")
	if err != nil {
		return nil, err
	}
	speed := func(name string) func() (float64, error) {
		return func() (float64, error) { return benchmark(ctx, test, name, "20x", "MB/s") }
	}
	ratio, err := interleave(b.rounds, speed("BenchmarkUplink"), speed("BenchmarkBareQUIC"))
	return map[string]float64{"uplink_vs_bare_quic": ratio}, err
}

func measureIdle(ctx context.Context, b *bench) (map[string]float64, error) {
	test, err := b.buildTest(ctx, "edge/uplink")
	if err != nil {
		return nil, err
	}
	kb, err := benchmark(ctx, test, "BenchmarkIdleAgents", "1x", "KB/agent")
	return map[string]float64{"idle_agent_kb": kb}, err
}

// testBinary is a package's test binary and the directory to run it in.
type testBinary struct{ path, dir string }

func (b *bench) buildTest(ctx context.Context, pkg string) (testBinary, error) {
	t := testBinary{path: filepath.Join(b.dir, filepath.Base(pkg)+".test"), dir: filepath.FromSlash(pkg)}
	if _, err := os.Stat(t.path); err == nil {
		return t, nil
	}
	cmd := exec.CommandContext(ctx, "go", "test", "-c", "-o", t.path, "./"+pkg)
	if out, err := cmd.CombinedOutput(); err != nil {
		return t, fmt.Errorf("build tests of %s: %w: %s", pkg, err, out)
	}
	return t, nil
}

// benchmark runs one benchmark and returns what it says before unit.
func benchmark(ctx context.Context, t testBinary, name, times, unit string) (float64, error) {
	cmd := exec.CommandContext(ctx, t.path, "-test.run=^$", "-test.bench=^"+name+"$", "-test.benchtime="+times)
	cmd.Dir = t.dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("run %s: %w: %s", name, err, out)
	}
	found := regexp.MustCompile(`([0-9.]+) ` + regexp.QuoteMeta(unit)).FindSubmatch(out)
	if found == nil {
		return 0, fmt.Errorf("run %s: no %s in %q", name, unit, out)
	}
	return strconv.ParseFloat(string(found[1]), 64)
}
