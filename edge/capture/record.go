package capture

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"github.com/callweave/callweave/edge/ami"
	"github.com/callweave/callweave/shared/wire"
	"github.com/callweave/callweave/shared/wire/trace"
)

// Record writes what a PBX says to w as a recording, until the context ends: every byte that came, with the time it
// came, and what was asked; secrets are masked. It connects again as an agent does. The error is that of w.
func Record(ctx context.Context, cfg ami.Config, w io.Writer, deps ami.Deps) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	r := &recorder{w: trace.NewWriter(w), failed: cancel}
	dial := deps.Dial
	if dial == nil {
		dial = func(ctx context.Context, address string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "tcp", address)
		}
	}
	deps.Sink = r
	deps.Wrap = func(conn net.Conn) net.Conn { return &tap{Conn: conn, r: r} }
	deps.Dial = dial
	if err := ami.New(cfg, deps).Run(ctx); err != nil {
		return err
	}
	r.note("end")
	if err := r.w.Err(); err != nil {
		return fmt.Errorf("write recording: %w", err)
	}
	return nil
}

// recorder is the sink of a recording; the packets themselves come through the tap.
type recorder struct {
	mu     sync.Mutex
	w      *trace.Writer
	failed func(error)
}

func (r *recorder) note(text string) { r.do(func(at int64) { r.w.Note(at, text) }) }

func (r *recorder) do(fn func(at int64)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	fn(time.Now().UnixNano())
	if err := r.w.Err(); err != nil {
		r.failed(err)
	}
}

// Connected does nothing: the tap tells it, because the note must stand before the greeting.
func (r *recorder) Connected(string) {}

// Banner does nothing: the tap sees every byte.
func (r *recorder) Banner(string) {}

// Sent does nothing, for the same reason.
func (r *recorder) Sent(string, string) {}

// Packet does nothing, for the same reason.
func (r *recorder) Packet(*wire.Event) {}

// Disconnected notes the end of a connection.
func (r *recorder) Disconnected(reason string) {
	r.do(func(at int64) { r.w.Disconnected(at, reason) })
}

// tap is a connection whose bytes are recorded, packet by packet. It sees them decrypted.
type tap struct {
	net.Conn
	r       *recorder
	once    sync.Once
	greeted bool
	partial []byte
}

// maxPartial bounds a packet that does not end; it is recorded in pieces then.
const maxPartial = 4 << 20

func (t *tap) Read(p []byte) (int, error) {
	t.once.Do(func() { t.r.do(func(at int64) { t.r.w.Connected(at, t.RemoteAddr().String()) }) })
	n, err := t.Conn.Read(p)
	if n > 0 {
		t.partial = append(t.partial, p[:n]...)
		t.flush(false)
	}
	if err != nil {
		t.flush(true)
	}
	return n, err
}

// flush records the packets that are complete, and with all what is left too.
func (t *tap) flush(all bool) {
	for len(t.partial) > 0 {
		end := endOfPacket(t.partial, t.greeted)
		if end < 0 {
			if !all && len(t.partial) < maxPartial {
				return
			}
			end = len(t.partial)
		}
		t.greeted = true
		t.r.do(func(at int64) { t.r.w.Received(at, t.partial[:end]) })
		t.partial = t.partial[:copy(t.partial, t.partial[end:])]
	}
}

// endOfPacket is behind the packet's empty line; the greeting has none.
func endOfPacket(b []byte, greeted bool) int {
	for at := 0; ; {
		i := bytes.IndexByte(b[at:], '\n')
		if i < 0 {
			return -1
		}
		line := bytes.TrimSuffix(b[at:at+i], []byte("\r"))
		at += i + 1
		if len(line) == 0 || !greeted {
			return at
		}
	}
}

func (t *tap) Write(p []byte) (int, error) {
	for action := range bytes.SplitAfterSeq(p, []byte("\r\n\r\n")) {
		if len(action) > 0 {
			t.r.do(func(at int64) { t.r.w.Sent(at, action) })
		}
	}
	return t.Conn.Write(p)
}
