package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// What is killed.
const (
	killAgent      = "agent"
	killCloud      = "cloud"
	killPostmaster = "postgres"         // all of PostgreSQL at once
	killBackend    = "postgres process" // one of its processes, after which it drops all connections and recovers
	killEventLog   = "event log lost"   // the cloud, and its event log is gone when it comes back
	tearEventLog   = "event log torn"   // the cloud, and one of its event log's files is cut when it comes back
)

// kill is one that was done.
type kill struct {
	At   time.Time `json:"at"`
	Kind string    `json:"kind"`
	PBX  string    `json:"pbx,omitempty"`  // of an agent
	Away float64   `json:"away,omitempty"` // seconds it was made to stay away
}

// killer ends parts of an installation at random.
type killer struct {
	of   *installation
	rand *rand.Rand
	done []kill
}

// run does n kills within a time, at moments that know nothing of each other: some come while what the one before ended
// is on its way up.
func (k *killer) run(ctx context.Context, n int, within time.Duration, tell func(kill)) error {
	began := time.Now()
	moments := make([]time.Duration, n)
	for i := range moments {
		moments[i] = time.Duration(k.rand.Int64N(int64(within)))
	}
	slices.Sort(moments)
	for _, m := range moments {
		if err := pause(ctx, m-time.Since(began)); err != nil {
			return err
		}
		done, err := k.one(ctx)
		if err != nil {
			return err
		}
		k.done = append(k.done, done)
		tell(done)
	}
	return nil
}

// one kills something. What is away at the moment cannot be killed, so another choice is made until something was.
func (k *killer) one(ctx context.Context) (kill, error) {
	for {
		kind := k.choose()
		if done, ok := k.strike(kind); ok {
			return done, nil
		}
		if err := pause(ctx, 50*time.Millisecond); err != nil {
			return kill{}, err
		}
	}
}

func (k *killer) choose() string {
	for _, c := range []struct {
		kind  string
		share int // of what is left
	}{{killAgent, 4}, {killCloud, 3}, {killPostmaster, 4}, {killBackend, 3}, {killEventLog, 2}} {
		if k.rand.IntN(c.share) == 0 {
			return c.kind
		}
	}
	return tearEventLog
}

func (k *killer) strike(kind string) (done kill, ok bool) {
	done.Kind = kind
	away := k.away(kind)
	done.Away = away.Seconds()
	switch kind {
	case killAgent:
		letters := slices.Sorted(maps.Keys(k.of.agents))
		done.PBX = letters[k.rand.IntN(len(letters))]
		done.At, ok = k.of.agents[done.PBX].kill(nil, away)
	case killCloud:
		done.At, ok = k.of.cloud.kill(nil, away)
	case killEventLog:
		done.At, ok = k.of.cloud.kill(func() error { return os.RemoveAll(k.eventLog()) }, away)
	case tearEventLog:
		n, cut := k.rand.Uint64(), k.rand.Float64()
		done.At, ok = k.of.cloud.kill(func() error { return tear(k.eventLog(), n, cut) }, away)
	case killPostmaster:
		done.At, ok = k.killPostgres(false)
	case killBackend:
		done.At, ok = k.killPostgres(true)
	}
	return done, ok
}

// away is how long what is killed stays away. Most comes back at once. An agent sometimes takes the five seconds its
// service unit gives it; a cloud sometimes takes so long that much waits with the agents, who then come one after the other.
func (k *killer) away(kind string) time.Duration {
	switch {
	case kind == killPostmaster, kind == killBackend, k.rand.IntN(8) > 0:
		return 0
	case kind == killAgent:
		return 5 * time.Second
	}
	return 5*time.Second + time.Duration(k.rand.Int64N(int64(20*time.Second)))
}

func (k *killer) eventLog() string { return filepath.Join(k.of.data(), "eventlog") }

// tear cuts the nth file below dir somewhere.
func tear(dir string, n uint64, where float64) error {
	var files []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			files = append(files, path)
		}
		return err
	})
	if err != nil || len(files) == 0 {
		return err
	}
	file := files[n%uint64(len(files))]
	info, err := os.Stat(file)
	if err != nil {
		return err
	}
	return os.Truncate(file, int64(float64(info.Size())*where))
}

// killPostgres kills the postmaster or one of its children.
func (k *killer) killPostgres(child bool) (at time.Time, ok bool) {
	text, err := os.ReadFile(filepath.Join(k.of.data(), "postgres", "data", "postmaster.pid"))
	if err != nil {
		return time.Time{}, false // it is on its way up after the kill before
	}
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(first)
	if err != nil || processName(pid) != "postgres" { // the file outlives who wrote it
		return time.Time{}, false
	}
	if child {
		children, err := childrenOf(pid)
		if err != nil || len(children) == 0 {
			return time.Time{}, false
		}
		pid = children[k.rand.IntN(len(children))]
	}
	at = time.Now()
	return at, syscall.Kill(pid, syscall.SIGKILL) == nil
}

func processName(pid int) string {
	name, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", pid))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(name))
}

// childrenOf lists the processes a process started, the oldest first.
func childrenOf(pid int) ([]int, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	if err != nil {
		return nil, err
	}
	var out []int
	for _, word := range strings.Fields(string(text)) {
		n, err := strconv.Atoi(word)
		if err != nil {
			return nil, errors.New("strange list of children")
		}
		out = append(out, n)
	}
	return out, nil
}
