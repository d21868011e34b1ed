package cluster

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sys/unix"
)

//go:embed watchdog.sh
var watchdog string

// Shared starts, or finds, a cluster in dir that several processes use at once and that outlives each of them: for the
// tests of several packages, which run in parallel processes. A watchdog ends the server and deletes dir some seconds
// after the last user is gone. setUp runs once per cluster, while nobody else gets in.
//
// Two locks order it. Every user holds users.lock shared for as long as it lives; the watchdog takes it exclusively,
// and only then ends the server. start.lock is held while looking whether a server runs and starting one.
func Shared(ctx context.Context, dir string, cfg Config, setUp func(context.Context, *Cluster) error) (_ *Cluster, release func(), err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // the server's user has to get in
		return nil, nil, fmt.Errorf("share cluster: %w", err)
	}
	users, err := lock(filepath.Join(dir, "users.lock"), unix.LOCK_SH)
	if err != nil {
		return nil, nil, fmt.Errorf("share cluster: %w", err)
	}
	defer func() {
		if err != nil {
			users.Close()
		}
	}()
	start, err := lock(filepath.Join(dir, "start.lock"), unix.LOCK_EX)
	if err != nil {
		return nil, nil, fmt.Errorf("share cluster: %w", err)
	}
	defer start.Close()
	cfg.Dir, cfg.Unsafe = filepath.Join(dir, "cluster"), true
	c, err := Prepare(ctx, cfg)
	if err != nil {
		return nil, nil, fmt.Errorf("share cluster: %w", err)
	}
	if !c.answers(ctx) {
		if err := c.startDetached(ctx, dir); err != nil {
			return nil, nil, fmt.Errorf("share cluster: %w", err)
		}
	}
	if err := setUp(ctx, c); err != nil {
		return nil, nil, fmt.Errorf("share cluster: set up: %w", err)
	}
	return c, func() { users.Close() }, nil
}

func (c *Cluster) answers(ctx context.Context) bool {
	conn, err := pgx.Connect(ctx, c.URL(Superuser, "postgres"))
	if err != nil {
		return false
	}
	return conn.Close(ctx) == nil
}

func (c *Cluster) startDetached(ctx context.Context, dir string) error {
	if err := c.clearStale(ctx); err != nil {
		return err
	}
	out, err := os.OpenFile(filepath.Join(dir, "server.log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer out.Close()
	server := exec.Command(filepath.Join(c.bin.dir, "postgres"), c.arguments()...) //nolint:noctx // outlives the caller
	c.dress(server, out)
	server.SysProcAttr.Setsid = true
	if err := server.Start(); err != nil {
		return err
	}
	ended := make(chan struct{})
	go func() { _ = server.Wait(); close(ended) }()
	if err := c.await(ctx, ended); err != nil {
		return fmt.Errorf("%w: see %s", err, out.Name())
	}
	dog := exec.Command("/bin/sh", "-c", watchdog, "watchdog", dir, strconv.Itoa(server.Process.Pid)) //nolint:noctx // outlives the caller
	dog.Dir = "/"
	dog.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := dog.Start(); err != nil {
		return errors.Join(err, server.Process.Signal(syscall.SIGINT))
	}
	go func() { _ = dog.Wait() }()
	return nil
}

// lock opens file and waits for the lock, which ends with the file's closing or the process.
func lock(file string, how int) (*os.File, error) {
	f, err := os.OpenFile(file, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	for {
		err := unix.Flock(int(f.Fd()), how)
		if err == nil {
			return f, nil
		}
		if !errors.Is(err, unix.EINTR) {
			f.Close()
			return nil, fmt.Errorf("lock %s: %w", file, err)
		}
	}
}
