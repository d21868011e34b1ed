package e2e

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/callweave/callweave/lab/fakepbx"
	"github.com/callweave/callweave/lab/portal"
)

// patience is how long something that must happen may take on a busy machine.
const patience = 2 * time.Minute

// binaries are built once for all tests of the process.
var binaries = sync.OnceValues(func() (string, error) {
	if dir := os.Getenv("CALLWEAVE_BIN"); dir != "" {
		return filepath.Abs(dir)
	}
	dir, err := os.MkdirTemp("", "callweave-e2e-bin-")
	if err != nil {
		return "", err
	}
	for name, source := range map[string]string{"callweave": "./cloud", "callweave-edge": "./edge", "fakepbx": "./lab/fakepbx/cmd/fakepbx"} {
		cmd := exec.Command("go", "build", "-o", filepath.Join(dir, name), source)
		cmd.Dir = filepath.Join("..", "..")
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := cmd.CombinedOutput(); err != nil {
			return "", fmt.Errorf("build %s: %w\n%s", name, err, out)
		}
	}
	return dir, nil
})

func binary(t *testing.T, name string) string {
	t.Helper()
	dir, err := binaries()
	must(t, err)
	return filepath.Join(dir, name)
}

// process is a program that can be killed and started again with the same arguments.
type process struct {
	t    *testing.T
	path string
	args []string
	log  *os.File

	cmd   *exec.Cmd
	ended chan struct{}
}

func newProcess(t *testing.T, name string, args ...string) *process {
	t.Helper()
	log, err := os.CreateTemp(t.TempDir(), name+"-*.log")
	must(t, err)
	p := &process{t: t, path: binary(t, name), args: args, log: log}
	t.Cleanup(func() {
		p.end(syscall.SIGTERM)
		log.Close()
		if t.Failed() {
			text, _ := os.ReadFile(log.Name())
			t.Logf("%s said at the end:\n%s", name, text[max(0, len(text)-6000):])
		}
	})
	return p
}

func (p *process) start() {
	p.t.Helper()
	p.cmd = exec.Command(p.path, p.args...)
	p.cmd.Stdout, p.cmd.Stderr = p.log, p.log
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	must(p.t, p.cmd.Start())
	cmd, ended := p.cmd, make(chan struct{})
	p.ended = ended
	go func() {
		_ = cmd.Wait() // its log says why
		close(ended)
	}()
}

// restart starts the process again where it has ended by itself, as systemd does: a cloud whose database is killed under
// it while it starts gives up.
func (p *process) restart() {
	select {
	case <-p.ended:
		p.start()
	default:
	}
}

// end signals the process and waits until it is gone.
func (p *process) end(signal syscall.Signal) {
	if p.cmd == nil {
		return
	}
	_ = p.cmd.Process.Signal(signal) // it may have ended by itself
	select {
	case <-p.ended:
	case <-time.After(patience):
		p.t.Errorf("%s does not end", filepath.Base(p.path))
		_ = p.cmd.Process.Kill()
		<-p.ended
	}
	p.cmd = nil
}

// cloud is callweave serve with a private PostgreSQL, at the same addresses however often it is started.
type cloud struct {
	*process
	data, url, gateway string
}

func startCloud(t *testing.T) *cloud {
	t.Helper()
	c := &cloud{data: filepath.Join(shortDir(t), "cloud"), gateway: freePort(t)}
	portal := freePort(t)
	c.url = "https://" + portal
	c.process = newProcess(t, "callweave", "serve", "--data", c.data, "--portal", portal, "--gateway", c.gateway, "--metrics", "", "--log-format", "text")
	c.start()
	c.awaitHealth()
	return c
}

// shortDir is a directory whose name leaves room for the path of a Unix socket.
func shortDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "cw-e2e-") //nolint:usetesting // see above
	must(t, err)
	must(t, os.Chmod(dir, 0o755)) // PostgreSQL runs as another user
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

func freePort(t *testing.T) string {
	t.Helper()
	address, err := portal.FreeAddress()
	must(t, err)
	return address
}

func (c *cloud) awaitHealth() {
	c.t.Helper()
	client := browser(c.t, c.url)
	eventually(c.t, "the cloud serves", func(ctx context.Context) bool {
		c.restart()
		return client.Healthy(ctx)
	})
}

// browser asks the portal at a URL.
func browser(t *testing.T, url string) *portal.Client {
	t.Helper()
	client, err := portal.New(url)
	must(t, err)
	t.Cleanup(client.Close)
	return client
}

// tenant is a customer with an administrator signed in.
type tenant struct {
	*cloud
	slug string
	*portal.Client
}

func (c *cloud) newTenant(t *testing.T, slug string) *tenant {
	t.Helper()
	tn := &tenant{cloud: c, slug: slug, Client: browser(t, c.url)}
	must(t, tn.SignInAs(t.Context(), tn.command(t, "tenant", "create", "--slug", slug, "--name", slug)))
	return tn
}

// command runs callweave beside the running one.
func (tn *tenant) command(t *testing.T, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), tn.path, append(args, "--data", tn.data)...)
	var problems bytes.Buffer
	cmd.Stderr = &problems
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("callweave %s: %v\n%s", strings.Join(args, " "), err, &problems)
	}
	return string(out)
}

// agent is an enrolled edge agent of a PBX named A.
type agent struct {
	*process
	dir string
}

// newAgent adds the PBX and enrols the agent; start runs it.
func (tn *tenant) newAgent(t *testing.T, ami string) *agent {
	t.Helper()
	var added struct{ Token string }
	must(t, tn.Ask(t.Context(), "POST", "/pbxs", map[string]string{"name": "A"}, &added))
	dir := t.TempDir()
	settings := filepath.Join(dir, "edge.toml")
	must(t, os.WriteFile(settings, fmt.Appendf(nil, "state-dir = %q\n[ami]\naddress = %q\nuser = \"lab\"\nsecret = \"lab\"\n", dir, ami), 0o600))
	enrol := exec.CommandContext(t.Context(), binary(t, "callweave-edge"), "enroll", "--token", added.Token, "--config", settings)
	if out, err := enrol.CombinedOutput(); err != nil {
		t.Fatalf("enrol: %v\n%s", err, out)
	}
	return &agent{process: newProcess(t, "callweave-edge", "run", "--config", settings), dir: dir}
}

// startPBX plays recordings to whoever logs in.
func startPBX(t *testing.T, cfg fakepbx.Config) (address string, played <-chan struct{}) {
	t.Helper()
	return startPBXUntil(t.Context(), t, cfg)
}

func startPBXUntil(ctx context.Context, t *testing.T, cfg fakepbx.Config) (address string, played <-chan struct{}) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	cfg.Log = slog.New(slog.DiscardHandler)
	s := fakepbx.New(cfg)
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, l) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the PBX: %v", err)
		}
	})
	return l.Addr().String(), s.Played()
}

// corpus is where the recordings are.
func corpus(t *testing.T, name string) string {
	t.Helper()
	dir := filepath.Join("..", "corpus", "22", name)
	if _, err := os.Stat(dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

// eventually asks until it holds.
func eventually(t *testing.T, what string, holds func(context.Context) bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for !holds(ctx) {
		select {
		case <-ctx.Done():
			t.Fatalf("after %s it still does not hold that %s", patience, what)
		case <-tick.C:
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
