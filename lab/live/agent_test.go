package live

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// agent is the built callweave-edge of one PBX.
type agent struct {
	program string
	env     []string
}

// newAgent prepares an agent for an AMI address; its state lives as long as the test.
func newAgent(t *testing.T, ami, user string) *agent {
	t.Helper()
	return &agent{program: binary(t, "callweave-edge"), env: append(os.Environ(),
		"CALLWEAVE_EDGE_STATE_DIR="+filepath.Join(t.TempDir(), "state"), "CALLWEAVE_EDGE_AMI_ADDRESS="+ami,
		"CALLWEAVE_EDGE_AMI_USER="+user, "CALLWEAVE_EDGE_AMI_SECRET="+user, "CALLWEAVE_EDGE_LANGUAGE=en")}
}

func (a *agent) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, a.program, args...)
	cmd.Env = a.env
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 10 * time.Second
	return cmd
}

// enroll trades a token for an identity.
func (a *agent) enroll(t *testing.T, token string) {
	t.Helper()
	output(t, a.command(t.Context(), "enroll", "--token", token))
}

// running is a process of the agent.
type running struct {
	process *exec.Cmd
	said    *words
}

// words are what a process says, to be read while it speaks.
type words struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (w *words) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.Write(b)
}

func (w *words) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}

// start runs a command of the agent until the test ends or stop is called; what it logged is shown when the test fails.
func (a *agent) start(t *testing.T, args ...string) *running {
	t.Helper()
	r := &running{process: a.command(context.Background(), args...), said: &words{}}
	r.process.Stdout, r.process.Stderr = r.said, r.said
	if err := r.process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		r.stop(t)
		if t.Failed() {
			t.Logf("callweave-edge %s:\n%s", args[0], r.said)
		}
	})
	return r
}

// kill ends the process as a power cut does.
func (r *running) kill() error {
	if err := r.process.Process.Kill(); err != nil {
		return err
	}
	_ = r.process.Wait() // it was killed
	return nil
}

// stop ends the process in order and waits for it; once is enough.
func (r *running) stop(t *testing.T) {
	t.Helper()
	if r.process.ProcessState != nil {
		return
	}
	if err := r.process.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Error(err)
	}
	kill := time.AfterFunc(10*time.Second, func() { _ = r.process.Process.Kill() })
	defer kill.Stop()
	if err := r.process.Wait(); err != nil {
		t.Errorf("%v: %v", r.process.Args, err)
	}
}

// says waits until the process has said something.
func (r *running) says(t *testing.T, something string) {
	t.Helper()
	eventually(t, "the agent says: "+something, func(context.Context) bool { return strings.Contains(r.said.String(), something) })
}

// eventually waits until something holds and fails the test when it does not.
func eventually(t *testing.T, what string, holds func(context.Context) bool) {
	t.Helper()
	if !wait(t, holds) {
		t.Fatalf("%s: not within %s", what, settleLimit)
	}
}

// wait asks four times a second until something holds, and gives up after settleLimit.
func wait(t *testing.T, holds func(context.Context) bool) bool {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), settleLimit)
	defer cancel()
	again := time.NewTicker(250 * time.Millisecond)
	defer again.Stop()
	for !holds(ctx) {
		select {
		case <-again.C:
		case <-ctx.Done():
			return false
		}
	}
	return true
}

// waitRecording returns when a recorder has seen the PBX's greeting and snapshot.
func waitRecording(t *testing.T, file string) {
	t.Helper()
	eventually(t, "the recorder sees the PBX", func(context.Context) bool {
		b, err := os.ReadFile(file)
		return err == nil && bytes.Contains(b, []byte("QueueStatusComplete"))
	})
}
