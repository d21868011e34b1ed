package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"syscall"
	"time"
)

// restartAfter is how long a program that ended stays away unless it is told otherwise, as under a service manager that
// is in a hurry.
const restartAfter = 100 * time.Millisecond

// program is one that is to run all the time: when it ends, by whatever, it is started again.
type program struct {
	name    string
	path    string
	args    []string
	env     []string
	log     *os.File
	dieWith syscall.Signal // what it gets when this process ends

	mu      sync.Mutex
	cmd     *exec.Cmd     // nil while it is away
	gone    chan struct{} // closed when cmd has ended
	then    func() error  // done before the next start
	away    time.Duration // how long it is to stay away more than restartAfter
	over    bool          // it is not to be started again
	starts  int
	done    chan struct{}
	stopped chan struct{} // closed by stop
}

// launch runs the program until stop.
func (p *program) launch() error {
	if p.log == nil {
		return fmt.Errorf("start %s: it has no log", p.name)
	}
	p.done, p.stopped = make(chan struct{}), make(chan struct{})
	started := make(chan error, 1)
	go p.keep(started)
	return <-started
}

// keep starts the program again and again, always from the same thread: what it gets when we end follows that thread.
func (p *program) keep(started chan<- error) {
	runtime.LockOSThread()
	defer close(p.done)
	for {
		gone, err := p.start()
		if started != nil {
			started <- err
			started = nil
		}
		if err == nil {
			<-gone
		}
		away, again := p.again()
		if !again {
			return
		}
		select {
		case <-time.After(restartAfter + away):
		case <-p.stopped:
			return
		}
	}
}

func (p *program) start() (gone chan struct{}, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.over {
		return nil, fmt.Errorf("start %s: it is stopped", p.name)
	}
	cmd := exec.Command(p.path, p.args...)
	cmd.Env = append(os.Environ(), p.env...)
	cmd.Stdout, cmd.Stderr = p.log, p.log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: p.dieWith}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", p.name, err)
	}
	gone = make(chan struct{})
	p.cmd, p.gone = cmd, gone
	p.starts++
	go func() {
		_ = cmd.Wait() // its log says why
		p.mu.Lock()
		p.cmd = nil
		p.mu.Unlock()
		close(gone)
	}()
	return gone, nil
}

// again does what is to be done between two starts and tells whether there is to be another, and how much later.
func (p *program) again() (away time.Duration, again bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.then != nil {
		if err := p.then(); err != nil {
			fmt.Fprintf(p.log, "endurance: between two starts: %v\n", err)
		}
	}
	away = p.away
	p.then, p.away = nil, 0
	return away, !p.over
}

// kill ends the program as a power cut does, does something else before it comes back, and lets it stay away for a while.
// It returns when that was, and false where the program was away already.
func (p *program) kill(then func() error, away time.Duration) (at time.Time, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cmd == nil {
		return time.Time{}, false
	}
	p.then, p.away = then, away
	at = time.Now()
	return at, p.cmd.Process.Kill() == nil
}

// stop ends the program in order, for good.
func (p *program) stop(ctx context.Context) error {
	p.mu.Lock()
	if p.done == nil || p.over {
		p.mu.Unlock()
		return nil
	}
	p.over = true
	close(p.stopped)
	cmd := p.cmd
	if cmd != nil {
		_ = cmd.Process.Signal(syscall.SIGTERM) // it may have ended by itself
	}
	p.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 90*time.Second)
	defer cancel()
	select {
	case <-p.done:
		return nil
	case <-ctx.Done():
		if cmd != nil {
			_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		}
		<-p.done
		return fmt.Errorf("%s did not stop in time", p.name)
	}
}

// started counts the starts.
func (p *program) started() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.starts
}
