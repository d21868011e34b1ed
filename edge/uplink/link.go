package uplink

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/quic-go/quic-go"

	"github.com/callweave/callweave/shared/wire"
)

const (
	transportQUIC = "quic"
	transportTCP  = "tcp"
	// batchBuffer gathers small batches while there are more to come: fewer, fuller packets.
	batchBuffer = 64 << 10
	// controlWrite bounds how long a control frame may take to be taken by the network.
	controlWrite = 10 * time.Second
	// tcpWrite bounds the same for batches on TCP, where they stand in front of the control frames.
	tcpWrite = time.Minute
)

// link is one connection to the gateway. send may be called by any goroutine, batch and flush by one.
type link interface {
	transport() string
	frames() *wire.FrameReader
	readBy(deadline time.Time)
	send(m wire.Message) error
	batch(b []byte) error
	flush() error
	// close ends the connection and everything that blocks on it.
	close(code wire.Code, text string)
}

func (u *Uplink) dial(ctx context.Context) (link, error) {
	l, err := u.dialQUIC(ctx)
	if err == nil || ctx.Err() != nil || !blocked(err) {
		return l, err
	}
	fallback, tcpErr := u.dialTCP(ctx)
	if tcpErr != nil {
		return nil, errors.Join(err, tcpErr)
	}
	u.deps.Log.WarnContext(ctx, "UDP does not reach the cloud, using TCP instead", "error", err)
	return fallback, nil
}

// blocked tells "nothing comes back over UDP" from an answer that TCP would get too.
func blocked(err error) bool {
	var transport *quic.TransportError
	var application *quic.ApplicationError
	return !errors.As(err, &transport) && !errors.As(err, &application)
}

func (u *Uplink) tls(address string) (*tls.Config, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("dial: %w", err)
	}
	return &tls.Config{
		ServerName: host,
		RootCAs:    u.deps.Identity.Authority(),
		MinVersion: tls.VersionTLS13,
		NextProtos: []string{wire.ALPN},
		Time:       u.deps.Now,
		GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
			certificate := u.deps.Identity.Certificate()
			return &certificate, nil
		},
	}, nil
}

// quicConfig keeps the windows of what the cloud may send us small: it sends control frames only.
func (u *Uplink) quicConfig() *quic.Config {
	return &quic.Config{
		HandshakeIdleTimeout:           u.cfg.Handshake,
		MaxIdleTimeout:                 3 * u.cfg.Ping,
		KeepAlivePeriod:                u.cfg.Ping,
		InitialStreamReceiveWindow:     wire.MaxControlBytes,
		MaxStreamReceiveWindow:         4 * wire.MaxControlBytes,
		InitialConnectionReceiveWindow: 2 * wire.MaxControlBytes,
		MaxConnectionReceiveWindow:     8 * wire.MaxControlBytes,
		MaxIncomingStreams:             -1,
		MaxIncomingUniStreams:          -1,
	}
}

type quicLink struct {
	conn    *quic.Conn
	reader  *wire.FrameReader
	control *quic.Stream
	mu      sync.Mutex // guards writer
	writer  *wire.FrameWriter
	batches *wire.FrameWriter
	buffer  *bufio.Writer
}

func (u *Uplink) dialQUIC(ctx context.Context) (link, error) {
	config, err := u.tls(u.cfg.Gateway)
	if err != nil {
		return nil, err
	}
	dialling, cancel := context.WithTimeout(ctx, u.cfg.Handshake)
	defer cancel()
	conn, err := quic.DialAddr(dialling, u.cfg.Gateway, config, u.quicConfig())
	if err != nil {
		return nil, fmt.Errorf("dial QUIC: %w", err)
	}
	control, err := conn.OpenStream()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open control stream: %w", err), conn.CloseWithError(0, ""))
	}
	events, err := conn.OpenUniStream()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open event stream: %w", err), conn.CloseWithError(0, ""))
	}
	buffer := bufio.NewWriterSize(events, batchBuffer)
	return &quicLink{
		conn: conn, control: control, reader: wire.NewFrameReader(control), writer: wire.NewFrameWriter(control),
		buffer: buffer, batches: wire.NewFrameWriter(buffer),
	}, nil
}

func (l *quicLink) transport() string         { return transportQUIC }
func (l *quicLink) frames() *wire.FrameReader { return l.reader }
func (l *quicLink) readBy(t time.Time)        { _ = l.control.SetReadDeadline(t) }
func (l *quicLink) batch(b []byte) error      { return l.batches.WriteBatch(b) }
func (l *quicLink) flush() error              { return l.buffer.Flush() }

func (l *quicLink) send(m wire.Message) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	_ = l.control.SetWriteDeadline(time.Now().Add(controlWrite))
	return l.writer.WriteMessage(m)
}

func (l *quicLink) close(code wire.Code, text string) {
	_ = l.conn.CloseWithError(quic.ApplicationErrorCode(code.Number()), text)
}

// tcpLink carries batches and control frames on one connection, so they share one writer.
type tcpLink struct {
	conn   net.Conn
	reader *wire.FrameReader
	mu     sync.Mutex // guards buffer and writer
	buffer *bufio.Writer
	writer *wire.FrameWriter
}

func (u *Uplink) dialTCP(ctx context.Context) (link, error) {
	config, err := u.tls(u.cfg.TCP)
	if err != nil {
		return nil, err
	}
	dialler := tls.Dialer{NetDialer: &net.Dialer{Timeout: 10 * time.Second}, Config: config}
	dialling, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	conn, err := dialler.DialContext(dialling, "tcp", u.cfg.TCP)
	if err != nil {
		return nil, fmt.Errorf("dial TCP: %w", err)
	}
	buffer := bufio.NewWriterSize(conn, batchBuffer)
	return &tcpLink{conn: conn, reader: wire.NewFrameReader(bufio.NewReaderSize(conn, 4096)), buffer: buffer, writer: wire.NewFrameWriter(buffer)}, nil
}

func (l *tcpLink) transport() string         { return transportTCP }
func (l *tcpLink) frames() *wire.FrameReader { return l.reader }
func (l *tcpLink) readBy(t time.Time)        { _ = l.conn.SetReadDeadline(t) }

func (l *tcpLink) batch(b []byte) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	_ = l.conn.SetWriteDeadline(time.Now().Add(tcpWrite))
	return l.writer.WriteBatch(b)
}

func (l *tcpLink) flush() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buffer.Flush()
}

func (l *tcpLink) send(m wire.Message) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	_ = l.conn.SetWriteDeadline(time.Now().Add(controlWrite))
	if err := l.writer.WriteMessage(m); err != nil {
		return err
	}
	return l.buffer.Flush()
}

func (l *tcpLink) close(wire.Code, string) {
	// The TLS close alert would wait for a peer that takes nothing.
	_ = l.conn.SetDeadline(time.Now().Add(time.Second))
	_ = l.conn.Close()
}
