package fakepbx

import (
	"bytes"
	"net"
	"strings"
	"sync/atomic"
	"time"
)

// Faults are what a network or a broken or hostile PBX does to every connection. The zero value does nothing.
type Faults struct {
	CutAfter  int64         // bytes after which the connection is closed, in the middle of whatever is sent then
	GarbageIn int           // after so many writes a packet of random-looking bytes is sent
	Garbage   []byte        // what is sent; default bytes that are neither text nor lines
	HugeIn    int           // after so many writes an event with a value of HugeBytes is sent
	HugeBytes int           // default 4 MiB
	Chunk     int           // bytes per write to the socket
	Pause     time.Duration // between two of them
}

func (f Faults) wrap(c net.Conn) net.Conn {
	if f.GarbageIn > 0 && f.Garbage == nil {
		f.Garbage = append(bytes.Repeat([]byte{0xFF, 0x00, ':', '\r', 0x80}, 100), "\r\n\r\n"...)
	}
	if f.HugeIn > 0 && f.HugeBytes == 0 {
		f.HugeBytes = 4 << 20
	}
	return &faulty{Conn: c, f: f}
}

// faulty is a connection with faults. Its writes are whole packets.
type faulty struct {
	net.Conn
	f      Faults
	writes atomic.Int64
	sent   atomic.Int64
}

func (c *faulty) Write(p []byte) (int, error) {
	n := c.writes.Add(1)
	if err := c.slowly(p); err != nil {
		return 0, err
	}
	var err error
	if c.f.GarbageIn > 0 && n%int64(c.f.GarbageIn) == 0 {
		err = c.slowly(c.f.Garbage)
	}
	if c.f.HugeIn > 0 && n%int64(c.f.HugeIn) == 0 && err == nil {
		huge := "Event: UserEvent\r\nPrivilege: user,all\r\nUserEvent: Huge\r\nValue: " + strings.Repeat("x", c.f.HugeBytes) + "\r\n\r\n"
		err = c.slowly([]byte(huge))
	}
	return len(p), err
}

func (c *faulty) slowly(p []byte) error {
	for len(p) > 0 {
		n := len(p)
		if c.f.Chunk > 0 {
			n = min(n, c.f.Chunk)
		}
		if c.f.CutAfter > 0 {
			left := c.f.CutAfter - c.sent.Load()
			if left <= 0 {
				c.Close()
				return net.ErrClosed
			}
			n = int(min(int64(n), left))
		}
		if _, err := c.Conn.Write(p[:n]); err != nil {
			return err
		}
		c.sent.Add(int64(n))
		p = p[n:]
		if c.f.Pause > 0 {
			<-time.After(c.f.Pause)
		}
	}
	return nil
}
