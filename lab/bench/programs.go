package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/callweave/callweave/lab/fakepbx"
	"github.com/callweave/callweave/lab/portal"
)

// world is the whole product as its users run it: both programs, a private PostgreSQL, a tenant with one PBX, and an
// agent that is enrolled.
type world struct {
	bin     string
	dir     string
	cloud   *program
	agent   *program
	gateway string
	portal  string
	client  *portal.Client
	pbx     net.Listener
}

// program is one that runs.
type program struct {
	cmd  *exec.Cmd
	log  *os.File
	done chan struct{}
}

// build builds the programs from the working tree, as a release does.
func (b *bench) build(ctx context.Context) (string, error) {
	bin := filepath.Join(b.dir, "bin")
	for name, source := range map[string]string{"callweave": "./cloud", "callweave-edge": "./edge"} {
		cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", filepath.Join(bin, name), source)
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := cmd.CombinedOutput(); err != nil {
			return "", fmt.Errorf("build %s: %w: %s", name, err, out)
		}
	}
	return bin, nil
}

// newWorld starts a cloud and enrols an agent, which start runs.
func (b *bench) newWorld(ctx context.Context) (*world, error) {
	bin, err := b.build(ctx)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "cw-bench-") // short: it holds a Unix socket
	if err != nil {
		return nil, err
	}
	w := &world{bin: bin, dir: dir}
	if err := w.open(ctx); err != nil {
		return nil, errors.Join(err, w.logs(), w.close())
	}
	return w, nil
}

func (w *world) open(ctx context.Context) (err error) {
	if err := os.Chmod(w.dir, 0o755); err != nil { // PostgreSQL runs as another user
		return err
	}
	if w.portal, err = portal.FreeAddress(); err != nil {
		return err
	}
	if w.gateway, err = portal.FreeAddress(); err != nil {
		return err
	}
	if w.pbx, err = new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0"); err != nil {
		return err
	}
	if w.client, err = portal.New("https://" + w.portal); err != nil {
		return err
	}
	if err := w.startCloud(ctx); err != nil {
		return err
	}
	return w.enrol(ctx)
}

// startCloud runs the cloud, at the same addresses as before, and waits until it serves.
func (w *world) startCloud(ctx context.Context) (err error) {
	w.cloud, err = start(w.dir, filepath.Join(w.bin, "callweave"), "serve", "--data", w.data(), "--portal", w.portal,
		"--gateway", w.gateway, "--metrics", "", "--log-format", "text")
	if err != nil {
		return err
	}
	return w.await(ctx)
}

func (w *world) data() string { return filepath.Join(w.dir, "cloud") }

// await waits until the cloud serves.
func (w *world) await(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	for !w.client.Healthy(ctx) {
		if err := pause(ctx, 100*time.Millisecond); err != nil {
			return fmt.Errorf("wait for the cloud: %w", err)
		}
	}
	return nil
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// newTenant makes a tenant and returns what that printed: its administrator's log-in.
func (w *world) newTenant(ctx context.Context, slug string) (printed string, err error) {
	cmd := exec.CommandContext(ctx, filepath.Join(w.bin, "callweave"), "tenant", "create", "--slug", slug, "--name", slug, "--data", w.data())
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("create tenant: %w", err)
	}
	return string(out), nil
}

func (w *world) enrol(ctx context.Context) error {
	printed, err := w.newTenant(ctx, "bench")
	if err != nil {
		return err
	}
	if err := w.client.SignInAs(ctx, printed); err != nil {
		return err
	}
	var added struct{ Token string }
	if err := w.client.Ask(ctx, http.MethodPost, "/pbxs", map[string]string{"name": "A"}, &added); err != nil {
		return err
	}
	settings := fmt.Appendf(nil, "state-dir = %q\n[ami]\naddress = %q\nuser = \"lab\"\nsecret = \"lab\"\n", filepath.Join(w.dir, "edge"), w.pbx.Addr())
	if err := os.MkdirAll(filepath.Join(w.dir, "edge"), 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(w.settings(), settings, 0o600); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, filepath.Join(w.bin, "callweave-edge"), "enroll", "--token", added.Token, "--config", w.settings())
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("enrol: %w: %s", err, out)
	}
	return nil
}

func (w *world) settings() string { return filepath.Join(w.dir, "edge", "edge.toml") }

// play runs the PBX, which plays to the agent, until stop is called.
func (w *world) play(ctx context.Context, cfg fakepbx.Config) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	cfg.Log = slog.New(slog.DiscardHandler)
	done := make(chan struct{})
	go func() {
		_ = fakepbx.New(cfg).Serve(ctx, w.pbx) // it is a PBX that is switched off
		close(done)
	}()
	return sync.OnceFunc(func() {
		cancel()
		<-done
	})
}

// startAgent runs the agent.
func (w *world) startAgent() (err error) {
	w.agent, err = start(w.dir, filepath.Join(w.bin, "callweave-edge"), "run", "--config", w.settings())
	return err
}

// end is close where it does not matter whether all of it could be removed.
func (w *world) end() { _ = w.close() }

func (w *world) close() error {
	for _, p := range []*program{w.agent, w.cloud} {
		p.stop()
	}
	if w.pbx != nil {
		_ = w.pbx.Close()
	}
	return os.RemoveAll(w.dir)
}

// logs is an error that says what the programs said last.
func (w *world) logs() error {
	var said []error
	for _, p := range []*program{w.agent, w.cloud} {
		if p != nil {
			text, _ := os.ReadFile(p.log.Name())
			said = append(said, fmt.Errorf("%s said: %s", filepath.Base(p.cmd.Path), text[max(0, len(text)-2000):]))
		}
	}
	return errors.Join(said...)
}

func start(dir, path string, args ...string) (*program, error) {
	log, err := os.CreateTemp(dir, filepath.Base(path)+"-*.log")
	if err != nil {
		return nil, err
	}
	p := &program{cmd: exec.Command(path, args...), log: log, done: make(chan struct{})}
	p.cmd.Stdout, p.cmd.Stderr = log, log
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		_ = p.cmd.Wait() // its log says why
		close(p.done)
	}()
	return p, nil
}

// stop ends the program, which may be none.
func (p *program) stop() {
	if p == nil {
		return
	}
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	t := time.NewTimer(20 * time.Second)
	defer t.Stop()
	select {
	case <-p.done:
	case <-t.C:
		_ = p.cmd.Process.Kill()
		<-p.done
	}
	_ = p.log.Close()
}

// used is the processor time that the agent, the cloud and the cloud's PostgreSQL have taken. Processes of PostgreSQL
// that ended meanwhile are left out: those that work for the cloud stay.
func (w *world) used() (time.Duration, error) {
	all, err := processes()
	if err != nil {
		return 0, err
	}
	var cpu time.Duration
	for _, p := range all {
		for up, ok := p, true; ok; up, ok = all[up.parent] {
			if up.pid == w.cloud.cmd.Process.Pid || up.pid == w.agent.cmd.Process.Pid {
				cpu += p.cpu
				break
			}
		}
	}
	return cpu, nil
}

// usage is the processor time a program has taken and the memory it holds.
func (p *program) usage() (cpu time.Duration, rss int64, err error) {
	s, err := readProcess(p.cmd.Process.Pid)
	return s.cpu, s.rss, err
}

// process is what /proc tells of one.
type process struct {
	pid, parent int
	cpu         time.Duration
	rss         int64
}

func processes() (map[int]process, error) {
	names, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		return nil, err
	}
	all := map[int]process{}
	for _, name := range names {
		pid, err := strconv.Atoi(filepath.Base(name))
		if err != nil {
			continue
		}
		if p, err := readProcess(pid); err == nil { // it may have ended since
			all[pid] = p
		}
	}
	return all, nil
}

func readProcess(pid int) (process, error) {
	stat, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return process{}, err
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 22 {
		return process{}, fmt.Errorf("read usage: %q", stat)
	}
	numbers := map[int]int64{1: 0, 11: 0, 12: 0, 21: 0} // parent, user, system, pages
	for i := range numbers {
		if numbers[i], err = strconv.ParseInt(fields[i], 10, 64); err != nil {
			return process{}, fmt.Errorf("read usage: %w", err)
		}
	}
	cpu, ok := scheduled(pid)
	if !ok {
		cpu = time.Duration(numbers[11]+numbers[12]) * (time.Second / 100)
	}
	return process{pid: pid, parent: int(numbers[1]), cpu: cpu, rss: numbers[21] * int64(os.Getpagesize())}, nil
}

// scheduled is the time the threads of a process ran, by the scheduler's clock. Ticks, which are all that stat tells,
// overrate a program that wakes often for little. Threads that ended are left out: Go keeps its own.
func scheduled(pid int) (cpu time.Duration, ok bool) {
	names, err := filepath.Glob(filepath.Join("/proc", strconv.Itoa(pid), "task", "*", "schedstat"))
	if err != nil {
		return 0, false
	}
	for _, name := range names {
		stat, err := os.ReadFile(name)
		if err != nil {
			continue // it ended just now
		}
		first, _, _ := strings.Cut(string(stat), " ")
		ns, err := strconv.ParseInt(first, 10, 64)
		if err != nil {
			return 0, false
		}
		cpu, ok = cpu+time.Duration(ns), ok || ns > 0
	}
	return cpu, ok
}
