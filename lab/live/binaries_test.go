package live

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// lab is what the tests of this process share: the binaries and one cloud. Both are made when the first test asks.
type lab struct {
	dir string

	binaries func() (string, error)
	once     sync.Once
	cloud    *cloud
	err      error
}

// shared belongs to TestMain, which alone can end what outlives a test.
var shared *lab

func newLab() (*lab, error) {
	dir, err := os.MkdirTemp("", "callweave-live-")
	if err != nil {
		return nil, err
	}
	// The private Postgres runs as another user and has to get through to its directory.
	if err := os.Chmod(dir, 0o711); err != nil {
		return nil, err
	}
	l := &lab{dir: dir}
	l.binaries = sync.OnceValues(l.build)
	return l, nil
}

// build gives the directory of callweave and callweave-edge: $CALLWEAVE_BIN, as make sets it, or they are built here, so
// that nobody tests yesterday's.
func (l *lab) build() (string, error) {
	if dir := os.Getenv("CALLWEAVE_BIN"); dir != "" {
		return filepath.Abs(dir)
	}
	dir := filepath.Join(l.dir, "bin")
	for name, source := range map[string]string{"callweave": "cloud", "callweave-edge": "edge"} {
		build := exec.Command("go", "build", "-trimpath", "-o", filepath.Join(dir, name), "./"+source)
		build.Dir = "../.."
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := build.CombinedOutput(); err != nil {
			return "", fmt.Errorf("build %s: %w\n%s", name, err, out)
		}
	}
	return dir, nil
}

// binary gives the path of a built program.
func binary(t *testing.T, name string) string {
	t.Helper()
	dir, err := shared.binaries()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, name)
}

// theCloud gives the cloud all tests share.
func theCloud(t *testing.T) *cloud {
	t.Helper()
	program := binary(t, "callweave")
	shared.once.Do(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		shared.cloud, shared.err = startCloud(ctx, program, shared.dir)
	})
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	return shared.cloud
}

// close ends the cloud and, when all went well, removes what was written.
func (l *lab) close(failed bool) error {
	var err error
	if l.cloud != nil {
		err = l.cloud.stop()
	}
	if failed {
		fmt.Fprintf(os.Stderr, "the cloud's log and data are in %s\n", l.dir)
		return err
	}
	return errors.Join(err, os.RemoveAll(l.dir))
}
