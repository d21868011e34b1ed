package gateway

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"github.com/quic-go/quic-go"

	"github.com/callweave/callweave/shared/wire"
)

const (
	transportQUIC = "quic"
	transportTCP  = "tcp"
	// controlWrite bounds how long an agent may take to accept a control frame.
	controlWrite = 10 * time.Second
	// linger is how long an agent has to take a Goodbye and close.
	linger = time.Second
	// keepFrame is the largest frame whose memory a reader may keep for the next one.
	keepFrame = 64 << 10
)

// link is one accepted connection.
type link interface {
	transport() string
	remote() net.Addr
	certificate() *x509.Certificate
	// control reads the frames of the control stream; over TCP that is all there are.
	control() *frames
	// events waits for the stream of batches; nil over TCP.
	events(ctx context.Context) (*frames, error)
	readBy(deadline time.Time)
	send(m wire.Message) error // any goroutine
	// finish waits until the agent has closed, at most linger, and closes. code is what QUIC closes with.
	finish(code wire.Code, text string)
	// abort closes at once.
	abort()
}

// frames reads frames and lets go of the memory a large one took, so that an agent that is quiet again costs as little
// as one that always was.
type frames struct {
	from   io.Reader
	reader *wire.FrameReader
}

func framesOf(from io.Reader) *frames { return &frames{from: from, reader: wire.NewFrameReader(from)} }

func (f *frames) next() (wire.Frame, error) {
	frame, err := f.reader.Next()
	if len(frame.Payload) > keepFrame {
		f.reader = wire.NewFrameReader(f.from) // the frame keeps its memory until it is done with
	}
	return frame, err
}

type quicLink struct {
	conn   *quic.Conn
	stream *quic.Stream
	reader *frames
	mu     sync.Mutex // guards writer
	writer *wire.FrameWriter
}

func newQUICLink(ctx context.Context, conn *quic.Conn) (*quicLink, error) {
	stream, err := conn.AcceptStream(ctx)
	if err != nil {
		return nil, fmt.Errorf("accept control stream: %w", err)
	}
	return &quicLink{conn: conn, stream: stream, reader: framesOf(stream), writer: wire.NewFrameWriter(stream)}, nil
}

func (l *quicLink) transport() string  { return transportQUIC }
func (l *quicLink) remote() net.Addr   { return l.conn.RemoteAddr() }
func (l *quicLink) control() *frames   { return l.reader }
func (l *quicLink) readBy(t time.Time) { _ = l.stream.SetReadDeadline(t) }

func (l *quicLink) certificate() *x509.Certificate {
	return l.conn.ConnectionState().TLS.PeerCertificates[0]
}

func (l *quicLink) events(ctx context.Context) (*frames, error) {
	stream, err := l.conn.AcceptUniStream(ctx)
	if err != nil {
		return nil, fmt.Errorf("accept event stream: %w", err)
	}
	return framesOf(stream), nil
}

func (l *quicLink) send(m wire.Message) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	_ = l.stream.SetWriteDeadline(time.Now().Add(controlWrite))
	return l.writer.WriteMessage(m)
}

// finish lets the Goodbye arrive: closing a QUIC connection throws away what is still to be sent.
func (l *quicLink) finish(code wire.Code, text string) {
	gone := time.NewTimer(linger)
	defer gone.Stop()
	select {
	case <-l.conn.Context().Done():
	case <-gone.C:
	}
	_ = l.conn.CloseWithError(quic.ApplicationErrorCode(code.Number()), text)
}

func (l *quicLink) abort() {
	_ = l.conn.CloseWithError(quic.ApplicationErrorCode(wire.CodeShutdown.Number()), "")
}

type tcpLink struct {
	conn   *tls.Conn
	reader *frames
	mu     sync.Mutex // guards writer
	writer *wire.FrameWriter
}

func newTCPLink(conn *tls.Conn) *tcpLink {
	return &tcpLink{conn: conn, reader: framesOf(conn), writer: wire.NewFrameWriter(conn)}
}

func (l *tcpLink) transport() string                       { return transportTCP }
func (l *tcpLink) remote() net.Addr                        { return l.conn.RemoteAddr() }
func (l *tcpLink) control() *frames                        { return l.reader }
func (l *tcpLink) readBy(t time.Time)                      { _ = l.conn.SetReadDeadline(t) }
func (l *tcpLink) events(context.Context) (*frames, error) { return nil, nil }

func (l *tcpLink) certificate() *x509.Certificate {
	return l.conn.ConnectionState().PeerCertificates[0]
}

func (l *tcpLink) send(m wire.Message) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	_ = l.conn.SetWriteDeadline(time.Now().Add(controlWrite))
	return l.writer.WriteMessage(m)
}

// finish reads what is still on its way: closing a TCP connection with unread data resets it, and the Goodbye with it.
func (l *tcpLink) finish(wire.Code, string) {
	_ = l.conn.SetDeadline(time.Now().Add(linger))
	_ = l.conn.CloseWrite()
	var scrap [4096]byte
	for {
		if _, err := l.conn.NetConn().Read(scrap[:]); err != nil {
			break
		}
	}
	_ = l.conn.NetConn().Close()
}

func (l *tcpLink) abort() { _ = l.conn.NetConn().Close() }
