package uplink_test

import (
	"context"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"slices"
	"testing"
	"time"

	"github.com/quic-go/quic-go"

	"github.com/callweave/callweave/edge/uplink"
	"github.com/callweave/callweave/shared/wire"
)

// raw is an agent that may say anything.
type raw struct {
	t       *testing.T
	control io.ReadWriter
	events  io.Writer
	reader  *wire.FrameReader
	out     *wire.FrameWriter
	batches *wire.FrameWriter
	close   func()
}

func dialRaw(t *testing.T, transport, address string, who *identity) *raw {
	t.Helper()
	config := &tls.Config{
		ServerName: "127.0.0.1", RootCAs: who.pool, NextProtos: []string{wire.ALPN}, MinVersion: tls.VersionTLS13,
		Certificates: []tls.Certificate{who.certificate},
	}
	r := &raw{t: t}
	if transport == "tcp" {
		conn, err := tls.Dial("tcp", address, config)
		if err != nil {
			t.Fatal(err)
		}
		_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
		r.control, r.events, r.close = conn, conn, func() { _ = conn.Close() }
	} else {
		conn, err := quic.DialAddr(t.Context(), address, config, &quic.Config{KeepAlivePeriod: 100 * time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		control, err := conn.OpenStream()
		if err != nil {
			t.Fatal(err)
		}
		events, err := conn.OpenUniStream()
		if err != nil {
			t.Fatal(err)
		}
		_ = control.SetDeadline(time.Now().Add(20 * time.Second))
		r.control, r.events, r.close = control, events, func() { _ = conn.CloseWithError(0, "") }
	}
	t.Cleanup(r.close)
	r.reader, r.out, r.batches = wire.NewFrameReader(r.control), wire.NewFrameWriter(r.control), wire.NewFrameWriter(r.events)
	return r
}

const rawStream = 4242

func (r *raw) hello() {
	r.t.Helper()
	if err := r.out.WriteMessage(wire.Hello{Versions: wire.SupportedVersions(), AgentVersion: "raw", Stream: rawStream, FirstSeq: 1, NextSeq: 1000}); err != nil {
		r.t.Fatal(err)
	}
	if f := r.next(); f.Kind != wire.FrameWelcome {
		r.t.Fatalf("frame of kind %d for a welcome", f.Kind)
	}
}

func (r *raw) next() wire.Frame {
	r.t.Helper()
	f, err := r.reader.Next()
	if err != nil {
		r.t.Fatalf("no frame came: %v", err)
	}
	return f
}

// farewell reads up to the Goodbye and returns its code and what came before.
func (r *raw) farewell() (code wire.Code, before []wire.FrameKind) {
	r.t.Helper()
	for {
		f := r.next()
		if f.Kind != wire.FrameGoodbye {
			before = append(before, f.Kind)
			continue
		}
		var g wire.Goodbye
		if err := wire.DecodeMessage(f, &g); err != nil {
			r.t.Fatal(err)
		}
		if g.Text == "" {
			r.t.Error("the Goodbye has no words")
		}
		return g.Code, before
	}
}

func (r *raw) head(to io.Writer, size uint32, kind wire.FrameKind) {
	_, _ = to.Write(append(binary.BigEndian.AppendUint32(nil, size), byte(kind)))
}

// rawBatch makes a batch of five events.
func rawBatch(t *testing.T, stream, first uint64) []byte {
	t.Helper()
	e := wire.NewBatchEncoder()
	e.Reset(stream, first)
	for i := range 5 {
		if err := e.Add(&wire.Event{Seq: first + uint64(i), Received: time.Now().UnixNano(), ID: wire.AgentClock}); err != nil {
			t.Fatal(err)
		}
	}
	return e.Finish(nil)
}

func TestHostileAgentsAreSentAwayWithACode(t *testing.T) {
	flipped := func(t *testing.T) []byte {
		b := rawBatch(t, rawStream, 1)
		b[len(b)/2] ^= 0x10
		return b
	}
	tests := map[string]struct {
		say     func(t *testing.T, r *raw)
		want    wire.Code
		endless bool // say begins after the greeting and writes until it is cut off
	}{
		"greeting that is noise": {func(_ *testing.T, r *raw) {
			r.head(r.control, 4, wire.FrameHello)
			_, _ = r.control.Write([]byte{0xff, 0xff, 0xff})
		}, wire.CodeFrameMalformed, false},
		"greeting of another kind": {func(_ *testing.T, r *raw) { _ = r.out.WriteMessage(wire.Ping{}) }, wire.CodeFrameMalformed, false},
		"greeting of stream 0": {func(_ *testing.T, r *raw) {
			_ = r.out.WriteMessage(wire.Hello{Versions: wire.SupportedVersions(), FirstSeq: 1, NextSeq: 1})
		}, wire.CodeProtocol, false},
		"version of the future": {func(_ *testing.T, r *raw) {
			_ = r.out.WriteMessage(wire.Hello{Versions: wire.Versions{Min: 900, Max: 901}, Stream: 1, FirstSeq: 1, NextSeq: 1})
		}, wire.CodeVersionUnsupported, false},
		"control frame too large": {func(_ *testing.T, r *raw) { r.hello(); r.head(r.control, 1<<20, wire.FrameReport) }, wire.CodeFrameTooLarge, false},
		"batch too large":         {func(_ *testing.T, r *raw) { r.hello(); r.head(r.events, 64<<20, wire.FrameBatch) }, wire.CodeFrameTooLarge, false},
		"frame without a kind":    {func(_ *testing.T, r *raw) { r.hello(); _, _ = r.control.Write([]byte{0, 0, 0, 0, 0}) }, wire.CodeFrameMalformed, false},
		"second greeting": {func(_ *testing.T, r *raw) {
			r.hello()
			_ = r.out.WriteMessage(wire.Hello{Versions: wire.SupportedVersions(), Stream: 1, FirstSeq: 1, NextSeq: 1})
		}, wire.CodeProtocol, false},
		"frame that only clouds send": {func(_ *testing.T, r *raw) {
			r.hello()
			_ = r.out.WriteMessage(wire.Committed{Stream: rawStream, Seq: 1})
		}, wire.CodeProtocol, false},
		"flood of pings": {func(_ *testing.T, r *raw) {
			r.hello()
			for range 500 {
				if r.out.WriteMessage(wire.Ping{Nonce: 1}) != nil {
					return
				}
			}
		}, wire.CodeProtocol, false},
		"batch that is noise":          {func(_ *testing.T, r *raw) { r.hello(); _ = r.batches.WriteBatch([]byte("hello")) }, wire.CodeBatchMalformed, false},
		"batch with one bit flipped":   {func(t *testing.T, r *raw) { r.hello(); _ = r.batches.WriteBatch(flipped(t)) }, wire.CodeBatchMalformed, false},
		"batch of another stream":      {func(t *testing.T, r *raw) { r.hello(); _ = r.batches.WriteBatch(rawBatch(t, 9, 1)) }, wire.CodeStreamUnknown, false},
		"certificate request of noise": {func(_ *testing.T, r *raw) { r.hello(); _ = r.out.WriteMessage(wire.Renew{Request: []byte("x")}) }, wire.CodeProtocol, false},
		"hole that is never filled": {func(t *testing.T, r *raw) {
			for b := rawBatch(t, rawStream, 500); r.batches.WriteBatch(b) == nil; {
			}
		}, wire.CodeBatchOutOfOrder, true},
		"silence after the greeting": {func(_ *testing.T, r *raw) { r.hello() }, wire.CodeTimeout, false},
	}
	for _, transport := range []string{"quic", "tcp"} {
		for name, test := range tests {
			t.Run(transport+"/"+name, func(t *testing.T) {
				t.Parallel()
				c := newCloud(t)
				c.cfg.Idle = 500 * time.Millisecond
				address, _ := c.start()
				who := c.enrol(time.Now())
				r := dialRaw(t, transport, address, who)
				if test.endless {
					r.hello()
				}
				done := make(chan struct{})
				go func() { defer close(done); test.say(t, r) }()
				if !test.endless {
					<-done // it reads too
				}
				code, before := r.farewell()
				if code != test.want {
					t.Errorf("%s, want %s", code, test.want)
				}
				if code == wire.CodeBatchMalformed && !slices.Contains(before, wire.FrameResume) {
					t.Errorf("it was not told which batch: %v", before)
				}
				r.close()
				<-done
				c.mu.Lock()
				defer c.mu.Unlock()
				if len(c.messages) > 0 {
					t.Errorf("%d batches were let in", len(c.messages))
				}
			})
		}
	}
}

func TestReplayedBatchesAreDropped(t *testing.T) {
	c := newCloud(t)
	address, _ := c.start()
	r := dialRaw(t, "quic", address, c.enrol(time.Now()))
	r.hello()
	one, two := rawBatch(t, rawStream, 1), rawBatch(t, rawStream, 6)
	for _, b := range [][]byte{one, two, one, two, one, rawBatch(t, rawStream, 11)} {
		if err := r.batches.WriteBatch(b); err != nil {
			t.Fatal(err)
		}
	}
	c.until("the last one", func() bool { return len(c.messages) > 0 && c.messages[len(c.messages)-1].LastSeq == 15 })
	if got := c.received(); !slices.Equal(got, upTo(15)) {
		t.Errorf("published %v", got)
	}
	if c.in.Counters().Repeated != 3 {
		t.Errorf("counters %+v", c.in.Counters())
	}
}

func TestAgentThatNeverGreetsIsNotWaitedFor(t *testing.T) {
	for _, transport := range []string{"quic", "tcp"} {
		t.Run(transport, func(t *testing.T) {
			c := newCloud(t)
			c.cfg.Greeting = 100 * time.Millisecond
			address, _ := c.start()
			r := dialRaw(t, transport, address, c.enrol(time.Now()))
			if transport == "quic" {
				_, _ = r.control.Write([]byte{0}) // a stream exists once something is sent on it
			}
			if code, _ := r.farewell(); code != wire.CodeTimeout {
				t.Errorf("%s", code)
			}
		})
	}
}

func TestWithoutACertificateNobodyComesIn(t *testing.T) {
	c := newCloud(t)
	address, _ := c.start()
	config := &tls.Config{ServerName: "127.0.0.1", RootCAs: c.authority.Pool(), NextProtos: []string{wire.ALPN}}
	conn, err := tls.Dial("tcp", address, config)
	if err == nil {
		defer func() { _ = conn.Close() }()
		_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
		if _, err = conn.Read(make([]byte, 1)); errors.Is(err, io.EOF) {
			t.Error("closed without a word")
		}
	}
	if err == nil {
		t.Error("TCP let it in")
	}
	q, err := quic.DialAddr(t.Context(), address, config, nil)
	if err == nil {
		_, err = q.AcceptStream(t.Context())
	}
	if err == nil {
		t.Error("QUIC let it in")
	}
	if len(c.presence) > 0 {
		t.Error("somebody is present")
	}
}

// hostileCloud answers agents with whatever say writes after their greeting.
func hostileCloud(t *testing.T, c *cloud, say func(hello wire.Hello, out *wire.FrameWriter, w io.Writer)) string {
	t.Helper()
	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{GetCertificate: c.served.Get, NextProtos: []string{wire.ALPN}, ClientAuth: tls.RequireAnyClientCert})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go serveHostile(conn, say)
		}
	}()
	return listener.Addr().String()
}

func serveHostile(conn net.Conn, say func(hello wire.Hello, out *wire.FrameWriter, w io.Writer)) {
	defer func() { _ = conn.Close() }()
	reader := wire.NewFrameReader(conn)
	f, err := reader.Next()
	if err != nil {
		return
	}
	var hello wire.Hello
	if wire.DecodeMessage(f, &hello) != nil {
		return
	}
	say(hello, wire.NewFrameWriter(conn), conn)
	for {
		if _, err := reader.Next(); err != nil {
			return
		}
	}
}

func TestHostileCloudMakesAnAgentForgetNothing(t *testing.T) {
	welcome := func(out *wire.FrameWriter) { _ = out.WriteMessage(wire.Welcome{Version: 1, ResumeSeq: 1}) }
	for name, say := range map[string]func(hello wire.Hello, out *wire.FrameWriter, w io.Writer){
		"commits what was never sent": func(h wire.Hello, out *wire.FrameWriter, _ io.Writer) {
			welcome(out)
			_ = out.WriteMessage(wire.Committed{Stream: h.Stream, Seq: 1 << 40})
		},
		"commits another stream": func(h wire.Hello, out *wire.FrameWriter, _ io.Writer) {
			welcome(out)
			_ = out.WriteMessage(wire.Committed{Stream: h.Stream + 1, Seq: 5})
		},
		"resumes in the future": func(h wire.Hello, out *wire.FrameWriter, _ io.Writer) {
			welcome(out)
			_ = out.WriteMessage(wire.Resume{Stream: h.Stream, Seq: 1 << 40})
		},
		"frame too large": func(_ wire.Hello, out *wire.FrameWriter, w io.Writer) {
			welcome(out)
			_, _ = w.Write([]byte{0x7f, 0xff, 0xff, 0xff, byte(wire.FrameCommitted)})
		},
		"noise for a welcome": func(_ wire.Hello, _ *wire.FrameWriter, w io.Writer) {
			_, _ = w.Write([]byte("HTTP/1.1 400 Bad Request\r\n\r\n"))
		},
		"frames agents send": func(_ wire.Hello, out *wire.FrameWriter, _ io.Writer) {
			welcome(out)
			_ = out.WriteMessage(wire.Renew{})
		},
		"code of the future": func(_ wire.Hello, out *wire.FrameWriter, _ io.Writer) {
			_ = out.WriteMessage(wire.Goodbye{Code: "tea-break"})
		},
		"silence": func(wire.Hello, *wire.FrameWriter, io.Writer) {},
		"certificate of noise": func(_ wire.Hello, out *wire.FrameWriter, w io.Writer) {
			welcome(out)
			_ = out.WriteMessage(wire.Certificate{Chain: []byte("x")})
			_, _ = w.Write([]byte{0, 0, 0, 0, 0})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCloud(t)
			s := openSpool(t, t.TempDir())
			write(t, s, 5, 10)
			address := hostileCloud(t, c, say)
			a := startAgent(t, c.enrol(time.Now()), s, uplink.Config{Gateway: "127.0.0.1:1", TCP: address, Handshake: 50 * time.Millisecond, Ping: 100 * time.Millisecond})
			c.until("it tries again", func() bool { return a.link.Stats().Reconnects >= 2 })
			if err := a.stop(); !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
			if s.Committed() != 0 || s.NextSeq() != 51 {
				t.Errorf("committed %d, next %d", s.Committed(), s.NextSeq())
			}
		})
	}
}
