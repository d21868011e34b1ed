// Package mailtest is a mail server on this machine that keeps what it is given. It is for tests only.
package mailtest

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"log"
	"math/big"
	"mime"
	"mime/multipart"
	"net"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// The log-in the server knows.
const (
	Login    = "reports"
	Password = "let me out"
)

// Server is a mail server. Its fields may be changed before a letter comes.
type Server struct {
	Port  int
	Roots *x509.CertPool // of its certificate, which is for localhost

	// Answer says what the server answers when it is given a letter for an address; nil takes it. At stands for where:
	// RCPT or DATA.
	Answer func(at, to string) error
	// Hang makes the server keep a letter, and hang up instead of saying so.
	Hang bool

	mu      sync.Mutex
	letters []Letter
	came    chan struct{}
}

// Letter is a letter as it arrived.
type Letter struct {
	From, To string
	Header   netmail.Header
	Subject  string
	HTML     string
	Text     string
	Files    map[string][]byte // attached and embedded, by name
	Signed   string            // the log-in it came with
	Secure   bool
}

// Start starts a server that speaks STARTTLS, or TLS from the beginning.
func Start(t testing.TB, tlsFirst bool) *Server {
	t.Helper()
	s := &Server{came: make(chan struct{}, 100)}
	certificate, roots := certificate(t)
	s.Roots = roots
	server := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) { return &session{server: s, conn: c}, nil }))
	server.Domain, server.TLSConfig = "localhost", &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	server.ErrorLog = log.New(io.Discard, "", 0)
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.Port = listener.Addr().(*net.TCPAddr).Port
	if tlsFirst {
		listener = tls.NewListener(listener, server.TLSConfig)
	}
	done := make(chan struct{})
	go func() { defer close(done); _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close(); <-done })
	return s
}

// Letters are those that were taken so far.
func (s *Server) Letters() []Letter {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Letter{}, s.letters...)
}

// Await waits for one more letter than were waited for before.
func (s *Server) Await(t testing.TB) Letter {
	t.Helper()
	select {
	case <-s.came:
	case <-time.After(30 * time.Second):
		t.Fatal("no letter came")
	}
	list := s.Letters()
	return list[len(list)-1]
}

type session struct {
	server   *Server
	conn     *smtp.Conn
	from, to string
	login    string
}

func (*session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, login, password string) error {
		if login != Login || password != Password {
			return smtp.ErrAuthFailed
		}
		s.login = login
		return nil
	}), nil
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error { s.from = from; return nil }

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = to
	return s.answer("RCPT")
}

func (s *session) answer(at string) error {
	if s.server.Answer == nil {
		return nil
	}
	return s.server.Answer(at, s.to)
}

func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if err := s.answer("DATA"); err != nil {
		return err
	}
	l, err := parse(raw)
	if err != nil {
		return err
	}
	l.From, l.To, l.Signed = s.from, s.to, s.login
	_, l.Secure = s.conn.TLSConnectionState()
	s.server.mu.Lock()
	s.server.letters = append(s.server.letters, l)
	s.server.mu.Unlock()
	s.server.came <- struct{}{}
	if s.server.Hang {
		_ = s.conn.Conn().Close()
	}
	return nil
}

func (*session) Reset()        {}
func (*session) Logout() error { return nil }

func parse(raw []byte) (Letter, error) {
	m, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return Letter{}, err
	}
	l := Letter{Header: m.Header, Files: map[string][]byte{}}
	if l.Subject, err = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject")); err != nil {
		return l, err
	}
	return l, l.part(m.Header.Get("Content-Type"), m.Header.Get("Content-Disposition"), m.Header.Get("Content-Transfer-Encoding"), m.Body)
}

func (l *Letter) part(contentType, disposition, encoding string, body io.Reader) error {
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return err
	}
	if strings.HasPrefix(kind, "multipart/") {
		parts := multipart.NewReader(body, params["boundary"])
		for {
			p, err := parts.NextRawPart()
			if err == io.EOF {
				return nil
			}
			if err != nil {
				return err
			}
			if err := l.part(p.Header.Get("Content-Type"), p.Header.Get("Content-Disposition"), p.Header.Get("Content-Transfer-Encoding"), p); err != nil {
				return err
			}
		}
	}
	data, err := decoded(encoding, body)
	if err != nil {
		return err
	}
	_, place, _ := mime.ParseMediaType(disposition)
	switch name := place["filename"]; {
	case name != "":
		if name, err = new(mime.WordDecoder).DecodeHeader(name); err != nil {
			return err
		}
		l.Files[name] = data
	case kind == "text/html":
		l.HTML = string(data)
	default:
		l.Text = string(data)
	}
	return nil
}

func certificate(t testing.TB) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour), KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, roots
}
