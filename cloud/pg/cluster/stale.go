package cluster

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// stopPatience is how long a server that is stopping may take until it is told to drop everything. One that was told to stop
// while it recovered from a crash may wait for ever for processes it does not have any more; its data is in the log.
const stopPatience = 15 * time.Second

// clearStale deals with a postmaster.pid left by a server that was killed. PostgreSQL does so itself unless another
// process now has that number, which after a reboot or in a container is common. A server that really runs on this data
// directory gets the time to end: it may be the one of a cloud that was killed a moment ago.
func (c *Cluster) clearStale(ctx context.Context) error {
	file := filepath.Join(c.data, "postmaster.pid")
	raw, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	first, _, _ := strings.Cut(string(raw), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(first))
	if err != nil || !c.isServer(pid) {
		if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	insist := time.After(c.patience)
	for c.isServer(pid) {
		select {
		case <-insist:
			if c.stopping(pid) {
				_ = syscall.Kill(pid, syscall.SIGQUIT)
			}
		case <-ctx.Done():
			return fmt.Errorf("PostgreSQL (process %d) already runs on %s: end the other callweave, or give this one another data directory", pid, c.data)
		case <-tick.C:
		}
	}
	return nil
}

// isServer tells whether the process is a PostgreSQL server that works in this data directory.
func (c *Cluster) isServer(pid int) bool {
	proc := filepath.Join("/proc", strconv.Itoa(pid))
	exe, err := os.Readlink(filepath.Join(proc, "exe"))
	if err != nil || filepath.Base(strings.TrimSuffix(exe, " (deleted)")) != "postgres" {
		return false
	}
	cwd, err := os.Readlink(filepath.Join(proc, "cwd"))
	if err != nil {
		return false
	}
	data, err := filepath.EvalSymlinks(c.data)
	return err == nil && cwd == data
}

// stopping tells whether the server says of itself that it is shutting down: in the last line of its file.
func (c *Cluster) stopping(pid int) bool {
	raw, err := os.ReadFile(filepath.Join(c.data, "postmaster.pid"))
	lines := strings.Split(strings.TrimSpace(string(raw)), "\n")
	return err == nil && c.isServer(pid) && lines[0] == strconv.Itoa(pid) && strings.TrimSpace(lines[len(lines)-1]) == "stopping"
}
