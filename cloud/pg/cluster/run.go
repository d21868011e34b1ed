package cluster

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// stopGrace is how long a fast shutdown may take (it writes a checkpoint) before the server is told to drop everything.
const stopGrace = 60 * time.Second

// Server is one run of the cluster's postmaster, from start to end.
type Server struct {
	pid  int
	done chan struct{}
	err  error // why it ended; valid after done
	log  *tail
}

// Start runs the server until ctx is cancelled (fast shutdown) or it ends by itself. It dies with this process: Linux
// sends it a fast shutdown when the thread that started it ends, so that thread is kept for as long as the server runs.
// Start returns when the server accepts connections.
func (c *Cluster) Start(ctx context.Context, log *slog.Logger) (*Server, error) {
	if err := c.clearStale(ctx); err != nil {
		return nil, fmt.Errorf("start PostgreSQL: %w", err)
	}
	s := &Server{done: make(chan struct{}), log: &tail{log: log}}
	started := make(chan error, 1)
	go s.own(ctx, c, started)
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start PostgreSQL: %w", err)
	}
	if err := c.await(ctx, s.done); err != nil {
		_ = syscall.Kill(s.pid, syscall.SIGQUIT)
		<-s.done
		return nil, fmt.Errorf("start PostgreSQL: %w: %s", err, s.log.last())
	}
	return s, nil
}

// PID is the postmaster's process.
func (s *Server) PID() int { return s.pid }

// Done is closed when the server has ended.
func (s *Server) Done() <-chan struct{} { return s.done }

// Err says why the server ended. It is nil after a shutdown that was asked for.
func (s *Server) Err() error { <-s.done; return s.err }

// own starts the server on a thread of its own and waits for it there.
func (s *Server) own(ctx context.Context, c *Cluster, started chan<- error) {
	runtime.LockOSThread() // never unlocked: Pdeathsig follows this thread, which ends with the goroutine
	defer close(s.done)
	cmd := exec.Command(filepath.Join(c.bin.dir, "postgres"), c.arguments()...) //nolint:noctx // ended by a signal of its own below
	c.dress(cmd, nil)
	cmd.SysProcAttr.Pdeathsig = syscall.SIGINT
	cmd.SysProcAttr.Setpgid = true // a ctrl-C at the terminal is ours to pass on, after our own connections are closed
	read, write, err := os.Pipe()
	if err != nil {
		started <- err
		return
	}
	cmd.Stdout, cmd.Stderr = write, write
	err = cmd.Start()
	write.Close()
	if err != nil {
		read.Close()
		started <- err
		return
	}
	s.pid = cmd.Process.Pid
	started <- nil
	var logs sync.WaitGroup
	logs.Go(func() { s.log.copy(read) })
	stop := context.AfterFunc(ctx, func() { s.shutdown() })
	defer stop()
	err = cmd.Wait()
	if ctx.Err() == nil {
		s.err = fmt.Errorf("PostgreSQL ended: %w", errors.Join(err, errors.New(s.log.last())))
	}
	logs.Wait()
}

// shutdown asks for a fast shutdown and insists after stopGrace.
func (s *Server) shutdown() {
	_ = syscall.Kill(s.pid, syscall.SIGINT)
	select {
	case <-s.done:
	case <-time.After(stopGrace):
		_ = syscall.Kill(s.pid, syscall.SIGQUIT)
	}
}

// await polls until the server takes a connection. Recovery after a crash may take minutes, so only the end of the
// server or of ctx ends the wait.
func (c *Cluster) await(ctx context.Context, ended <-chan struct{}) error {
	tick := time.NewTicker(25 * time.Millisecond)
	defer tick.Stop()
	for {
		conn, err := pgx.Connect(ctx, c.URL(Superuser, "postgres"))
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-ended:
			return errors.New("it ended at once")
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		case <-tick.C:
		}
	}
}

// tail passes the server's log on and keeps its last lines for an error message.
type tail struct {
	log   *slog.Logger
	mu    sync.Mutex
	lines []string
}

const tailLines = 8

func (t *tail) copy(r io.ReadCloser) {
	defer r.Close()
	sc := bufio.NewScanner(r)
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		t.line(sc.Text())
	}
}

func (t *tail) line(line string) {
	level := slog.LevelDebug
	if fatal := strings.HasPrefix(line, "FATAL") || strings.HasPrefix(line, "PANIC"); fatal && !passing(line) {
		level = slog.LevelWarn
	}
	t.log.Log(context.Background(), level, "postgres says", "line", line)
	if passing(line) || strings.HasPrefix(line, "\t") {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.lines = append(t.lines, line); len(t.lines) > tailLines {
		t.lines = t.lines[1:]
	}
}

// passing tells what is said to clients that come too early or leave too late.
func passing(line string) bool {
	return strings.Contains(line, "starting up") || strings.Contains(line, "not yet accepting connections") ||
		strings.Contains(line, "connection to client lost") || strings.Contains(line, "unexpected postmaster exit")
}

func (t *tail) last() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.Join(t.lines, "; ")
}
