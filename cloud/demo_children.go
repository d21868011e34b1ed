package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"time"
)

// tools are the programs beside this one, and what is replayed.
type tools struct{ edge, fakepbx, recordings string }

func findTools(recordings string) (tools, error) {
	self, err := os.Executable()
	if err == nil {
		self, err = filepath.EvalSymlinks(self)
	}
	if err != nil {
		return tools{}, fmt.Errorf("find own binary: %w", err)
	}
	bin := filepath.Dir(self)
	t := tools{edge: filepath.Join(bin, "callweave-edge"), fakepbx: filepath.Join(bin, "fakepbx"), recordings: recordings}
	if t.recordings == "" {
		t.recordings = filepath.Join(bin, "..", "lab", "corpus")
	}
	for _, program := range []string{t.edge, t.fakepbx} {
		if _, err := os.Stat(program); err != nil {
			return tools{}, fmt.Errorf("%s is missing beside callweave: run make demo in a checkout, which builds it", filepath.Base(program))
		}
	}
	if _, err := os.Stat(t.recordings); err != nil {
		return tools{}, fmt.Errorf("there are no recordings in %s: run make demo in a checkout, or name a directory with --recordings", t.recordings)
	}
	return t, nil
}

// child is a program that runs beside this one and ends with it.
type child struct {
	program string
	args    []string
	env     []string
	out     io.Writer
}

// childGrace is how long a child may take to end after SIGTERM.
const childGrace = 4 * time.Second

// run runs the child once. It gets SIGTERM when ctx ends, and, from the kernel, when this process dies.
func (c child) run(ctx context.Context) error {
	ended := make(chan error, 1)
	go func() {
		runtime.LockOSThread() // the kernel watches this thread; it ends with the goroutine
		cmd := exec.CommandContext(ctx, c.program, c.args...)
		cmd.Env = append(os.Environ(), c.env...)
		cmd.Stdout, cmd.Stderr = c.out, c.out
		cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
		cmd.WaitDelay = childGrace
		// A group of its own: a ctrl-C at the terminal is ours to pass on.
		cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM, Setpgid: true}
		ended <- cmd.Run()
	}()
	if err := <-ended; err != nil && ctx.Err() == nil {
		return fmt.Errorf("%s %s: %w", filepath.Base(c.program), c.args[0], err)
	}
	return nil
}

// keep runs the child again whenever it ends, until ctx does.
func (c child) keep(ctx context.Context, d *demo) error {
	for ctx.Err() == nil {
		if err := c.run(ctx); ctx.Err() == nil {
			d.log.WarnContext(ctx, "a program ended, starting it again", "program", filepath.Base(c.program), "error", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Second):
		}
	}
	return nil
}
