package live

import (
	"errors"
	"io"
	"net"
	"sync"
	"testing"
	"time"
)

// cutter stands between a PBX's AMI and those who listen, and can cut them off.
type cutter struct {
	addr   string
	target string

	mu       sync.Mutex
	listener net.Listener
	conns    map[net.Conn]bool
	back     *time.Timer
	closed   bool
	served   sync.WaitGroup
}

// newCutter listens beside a PBX until the test ends.
func newCutter(t *testing.T, ip, target string) *cutter {
	t.Helper()
	c := &cutter{addr: ip + ":0", target: target, conns: map[net.Conn]bool{}}
	if err := c.open(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.close)
	return c
}

func (c *cutter) open() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return net.ErrClosed
	}
	l, err := net.Listen("tcp", c.addr)
	if err != nil {
		return err
	}
	c.listener, c.addr = l, l.Addr().String()
	c.served.Go(func() { c.accept(l) })
	return nil
}

func (c *cutter) accept(l net.Listener) {
	for {
		near, err := l.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial("tcp", c.target)
		if err != nil || !c.keep(near, far) {
			_ = near.Close()
			continue
		}
		c.served.Go(func() { c.copy(near, far) })
		c.served.Go(func() { c.copy(far, near) })
	}
}

// keep remembers a pair of connections, or closes the far one when it is too late.
func (c *cutter) keep(near, far net.Conn) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.listener == nil {
		_ = far.Close()
		return false
	}
	c.conns[near], c.conns[far] = true, true
	return true
}

func (c *cutter) copy(to, from net.Conn) {
	_, _ = io.Copy(to, from) // ends when either side is gone, which is what it is for
	_, _ = to.Close(), from.Close()
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.conns, to)
	delete(c.conns, from)
}

// cut drops every connection and refuses new ones for a while.
func (c *cutter) cut(away time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.listener == nil {
		return errors.New("it is cut already")
	}
	c.drop()
	c.back = time.AfterFunc(away, func() { _ = c.open() }) // the port was ours a moment ago
	return nil
}

// drop closes listener and connections; c.mu is held.
func (c *cutter) drop() {
	if c.listener != nil {
		_ = c.listener.Close()
		c.listener = nil
	}
	for conn := range c.conns {
		_ = conn.Close()
	}
}

func (c *cutter) close() {
	c.mu.Lock()
	c.closed = true
	if c.back != nil {
		c.back.Stop()
	}
	c.drop()
	c.mu.Unlock()
	c.served.Wait()
}
