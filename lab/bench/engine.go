package main

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/callweave/callweave/cloud/report"
	format "github.com/callweave/callweave/cloud/report/facts"
)

func engineFigures() []measurement {
	return []measurement{
		{
			figures: []figure{{name: "engine_gz_kb", unit: "KB", goal: 1100, atMost: true}},
			measure: func(ctx context.Context, b *bench) (map[string]float64, error) {
				file, err := buildEngine(ctx, b)
				if err != nil {
					return nil, err
				}
				size, err := gzippedFile(file)
				return map[string]float64{"engine_gz_kb": float64(size) / 1024}, err
			},
		},
		{
			figures: []figure{
				{name: "report_1m_ms_vs_native", unit: "x", goal: 3, atMost: true},
				{name: "report_1m_ms", unit: "ms", goal: 1000, atMost: true},
				{name: "report_month_decode_ms", unit: "ms", goal: 1500, atMost: true},
			},
			measure: measureEngine,
		},
	}
}

// buildEngine compiles the engine as the portal has it.
func buildEngine(ctx context.Context, b *bench) (string, error) {
	file := filepath.Join(b.dir, "report.wasm")
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", file, "./cloud/report/wasm")
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the engine: %w: %s", err, out)
	}
	return file, nil
}

type counter int

func (c *counter) Write(b []byte) (int, error) {
	*c += counter(len(b))
	return len(b), nil
}

func gzippedFile(file string) (int, error) {
	all, err := os.ReadFile(file)
	if err != nil {
		return 0, err
	}
	var size counter
	w, err := gzip.NewWriterLevel(&size, gzip.BestCompression)
	if err != nil {
		return 0, err
	}
	if _, err := w.Write(all); err != nil {
		return 0, err
	}
	return int(size), w.Close()
}

const (
	millionBegin = 20_393 // the day 2025-11-01
	millionDays  = 30
	perDay       = 33_334
	millionZone  = "Europe/Moscow"
)

// millionQuestion is queue × hour with an exact p90.
func millionQuestion() report.Query {
	const day = 86_400_000
	return report.Query{
		Report: "queues", From: millionBegin * day, To: (millionBegin + millionDays) * day, Now: (millionBegin + millionDays) * day,
		By: []string{report.ByQueue, report.ByHour}, Columns: []string{"offered", "answered", "service_level", "asa", "wait_p90"},
	}
}

func millionNames() *report.Names {
	return &report.Names{Zone: millionZone, Zones: map[string][]report.Shift{millionZone: {{Offset: 10_800}}}}
}

// millionDay invents a day of calls that each wait in one of 40 queues.
func millionDay(rnd *rand.Rand, day int64) *report.Facts {
	f := &report.Facts{Texts: []string{""}}
	c, v := &f.Calls, &f.Visits
	for i := range perDay {
		start := day*86_400_000 + int64(i)*86_400_000/perDay
		wait, result := int64(rnd.ExpFloat64()*20_000), uint8(1)
		if rnd.IntN(10) == 0 {
			result = 2
		}
		c.Start, c.Answered, c.End = append(c.Start, start), append(c.Answered, start+wait), append(c.End, start+wait+rnd.Int64N(300_000))
		c.Direction, c.Disposition, c.HangupBy = append(c.Direction, 1), append(c.Disposition, result), append(c.HangupBy, 1)
		c.Flags, c.Caller, c.Dialled, c.Number = append(c.Flags, 0), append(c.Caller, 0), append(c.Dialled, 0), append(c.Number, 0)
		c.PBX, c.Trunk, c.Wait = append(c.PBX, 1), append(c.Trunk, 1), append(c.Wait, int32(wait))
		c.Talk, c.Hold, c.Rings, c.Transfers = append(c.Talk, 0), append(c.Hold, 0), append(c.Rings, 1), append(c.Transfers, 0)
		v.Call, v.Queue, v.PBX = append(v.Call, int32(i)), append(v.Queue, int32(1+rnd.IntN(40))), append(v.PBX, 1)
		v.Operator, v.Entered, v.Left = append(v.Operator, int32(rnd.IntN(200))), append(v.Entered, start), append(v.Left, start+wait)
		v.Result, v.Position, v.Estimated = append(v.Result, result), append(v.Position, 1), append(v.Estimated, false)
	}
	return f
}

// measureEngine asks the same warm question of the same million calls natively and in Chromium, and how long a month takes
// there from its chunks to the first table.
func measureEngine(ctx context.Context, b *bench) (map[string]float64, error) {
	wasm, err := buildEngine(ctx, b)
	if err != nil {
		return nil, err
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	var set format.Set
	var files []string
	for day := range int64(millionDays) {
		f := millionDay(rnd, millionBegin+day)
		for _, s := range []format.Section{format.Calls, format.Visits} {
			chunk, err := format.Encode(f, s, millionBegin+day)
			if err != nil {
				return nil, err
			}
			if err := set.Add(chunk); err != nil {
				return nil, err
			}
			name := fmt.Sprintf("%d-%s.cbor", day, s)
			if err := os.WriteFile(filepath.Join(b.dir, name), chunk, 0o600); err != nil {
				return nil, err
			}
			files = append(files, name)
		}
	}
	native, err := nativeMillion(&set, b.rounds)
	if err != nil {
		return nil, err
	}
	set = format.Set{}
	runtime.GC()
	page, err := inChromium(ctx, b, wasm, files)
	if err != nil {
		return nil, err
	}
	return map[string]float64{"report_1m_ms_vs_native": median(page.Warm) / native, "report_1m_ms": median(page.Warm), "report_month_decode_ms": page.Cold}, nil
}

// nativeMillion is how long the question takes when everything was looked at once, in ms.
func nativeMillion(set *format.Set, rounds int) (float64, error) {
	f, err := set.Facts()
	if err != nil {
		return 0, err
	}
	e := report.New(f, millionNames())
	var took []float64
	for i := range rounds + 1 {
		began := time.Now()
		t, err := e.Table(millionQuestion())
		if err != nil || len(t.Rows) != 40*24 {
			return 0, fmt.Errorf("%d rows: %w", len(t.Rows), err)
		}
		if i > 0 {
			took = append(took, float64(time.Since(began).Microseconds())/1000)
		}
	}
	return median(took), nil
}

// inPage is what the browser measured, in ms.
type inPage struct {
	Cold float64   `json:"cold"`
	Warm []float64 `json:"warm"`
	Rows int       `json:"rows"`
}

// inChromium serves the engine and the chunks to a headless browser that asks the question.
func inChromium(ctx context.Context, b *bench, wasm string, files []string) (p inPage, err error) {
	root, err := exec.CommandContext(ctx, "go", "env", "GOROOT").Output()
	if err != nil {
		return p, fmt.Errorf("find wasm_exec.js: %w", err)
	}
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return p, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /wasm_exec.js", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFile(w, r, filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec.js"))
	})
	mux.HandleFunc("GET /report.wasm", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/wasm")
		http.ServeFile(w, r, wasm)
	})
	mux.Handle("GET /", http.FileServer(http.Dir(b.dir)))
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("<!doctype html><script src=/wasm_exec.js></script>"))
	})
	server := &http.Server{Handler: mux, ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(l) }()
	defer func() { _ = server.Close() }()
	asked, err := json.Marshal(map[string]any{
		"url": "http://" + l.Addr().String() + "/", "files": files, "rounds": strconv.Itoa(b.rounds), "query": millionQuestion(), "names": millionNames(),
	})
	if err != nil {
		return p, err
	}
	cmd := exec.CommandContext(ctx, "node", filepath.Join("lab", "bench", "engine.mjs"))
	cmd.Stdin, cmd.Stderr = strings.NewReader(string(asked)), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return p, fmt.Errorf("measure in Chromium (it needs node, chromium and cloud/web's npm ci): %w", err)
	}
	if err := json.Unmarshal(out, &p); err != nil || p.Rows != 40*24 {
		return p, fmt.Errorf("read what Chromium measured: %d rows: %w", p.Rows, err)
	}
	return p, nil
}
