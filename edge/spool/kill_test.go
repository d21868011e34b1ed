package spool_test

import (
	"bufio"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"testing"

	"github.com/callweave/callweave/edge/spool"
	"github.com/callweave/callweave/shared/wire"
)

const (
	envDir  = "SPOOL_TEST_DIR"
	envStep = "SPOOL_TEST_STEP"
)

// killer is the machine's file system that kills the process before its n-th change or sync.
type killer struct {
	spool.FS
	left *int
}

func (k killer) step() {
	*k.left--
	if *k.left == 0 {
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	}
}

func (k killer) Open(name string, flag int, perm fs.FileMode) (spool.File, error) {
	k.step()
	f, err := k.FS.Open(name, flag, perm)
	return killerFile{f, k}, err
}

func (k killer) Rename(from, to string) error { k.step(); return k.FS.Rename(from, to) }
func (k killer) Remove(name string) error     { k.step(); return k.FS.Remove(name) }
func (k killer) SyncDir(dir string) error     { k.step(); return k.FS.SyncDir(dir) }

type killerFile struct {
	spool.File
	k killer
}

func (f killerFile) WriteAt(b []byte, off int64) (int, error) {
	f.k.step()
	return f.File.WriteAt(b, off)
}

func (f killerFile) Preallocate(n int64) error { f.k.step(); return f.File.Preallocate(n) }
func (f killerFile) Truncate(n int64) error    { f.k.step(); return f.File.Truncate(n) }
func (f killerFile) Sync() error               { f.k.step(); return f.File.Sync() }

// TestChildOfKillTest is no test: the test below runs it as a process of its own, which it kills.
func TestChildOfKillTest(t *testing.T) {
	dir := os.Getenv(envDir)
	if dir == "" {
		t.Skip("run by TestSpoolSurvivesKillAtEveryStep")
	}
	step, err := strconv.Atoi(os.Getenv(envStep))
	if err != nil {
		t.Fatal(err)
	}
	s, err := spool.Open(dir, small(killer{spool.OS(), &step}))
	if err != nil {
		t.Fatal(err)
	}
	for i := range 30 {
		b := wire.EncodeGap(nil, wire.BatchInfo{Stream: s.Stream(), FirstSeq: s.NextSeq(), Count: uint32(i + 1), Gap: wire.GapCut})
		if i%4 == 0 {
			b = batch(t, s.Stream(), s.NextSeq(), 3)
		}
		if err := s.Append(b); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(os.Stderr, "acked", s.NextSeq()-1)
		if i%10 == 9 {
			if err := s.Commit(s.NextSeq() - 30); err != nil {
				t.Fatal(err)
			}
		}
	}
	fmt.Fprintln(os.Stderr, "done")
}

func TestSpoolSurvivesKillAtEveryStep(t *testing.T) {
	if testing.Short() {
		t.Skip("starts many processes")
	}
	for step, done := 1, false; !done; step += 3 {
		dir := t.TempDir()
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestChildOfKillTest$")
		cmd.Env = append(os.Environ(), envDir+"="+dir, envStep+"="+strconv.Itoa(step))
		out, err := cmd.StderrPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		acked := uint64(0)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if lines.Text() == "done" {
				done = true
			} else if _, err := fmt.Sscanf(lines.Text(), "acked %d", &acked); err != nil {
				t.Log(lines.Text())
			}
		}
		if err := cmd.Wait(); (err == nil) != done {
			t.Fatalf("step %d: %v", step, err)
		}
		s, err := spool.Open(dir, small(nil))
		if err != nil {
			t.Fatalf("step %d: %v", step, err)
		}
		for _, g := range drain(t, s, 1) {
			if g.Gap == wire.GapDamaged {
				t.Fatalf("step %d: %+v", step, g)
			}
		}
		if s.NextSeq() <= acked {
			t.Fatalf("step %d: next is %d after %d was acknowledged", step, s.NextSeq(), acked)
		}
		fill(t, s, 1)
		_ = s.Close()
	}
}
