package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"syscall"
	"time"

	gomail "github.com/wneessen/go-mail"

	"github.com/callweave/callweave/cloud/locale"
)

// Options are what the deployment decides.
type Options struct {
	Private bool           // mail servers may have private addresses and any port
	Roots   *x509.CertPool // whose certificates are believed; nil: the system's
	Timeout time.Duration  // for one letter: 60 seconds
}

// Postbox sends letters through tenants' mail servers.
type Postbox struct {
	key     [32]byte
	options Options
}

// NewPostbox makes a Postbox that seals passwords with key.
func NewPostbox(key [32]byte, o Options) *Postbox {
	if o.Timeout == 0 {
		o.Timeout = time.Minute
	}
	return &Postbox{key: key, options: o}
}

// Letter is an e-mail to one address.
type Letter struct {
	ID       string // of the message, before the @: the same letter has the same
	To       string
	Subject  string
	HTML     string
	Text     string // the same for who reads no HTML
	Pictures []File // shown in HTML as cid:NAME
	Files    []File
	At       time.Time
}

// File is a file of a letter.
type File struct {
	Name string
	MIME string
	Data []byte
}

// Codes of what keeps a letter from being sent.
const (
	Unreachable = "unreachable" // no connection, or it broke before the letter was handed over
	Forbidden   = "forbidden"   // an address that connections are not made to
	NotSecure   = "not-secure"  // no TLS, or a certificate that does not prove the server
	SignIn      = "sign-in"     // log-in or password refused
	Rejected    = "rejected"    // the server does not take the letter
	Unsure      = "unsure"      // it broke as the server was to confirm: the letter may have gone out
)

// Error is why a letter was not sent.
type Error struct {
	Code   string
	Detail string // what the server or the network said
	Again  bool   // it may go better later
}

func (e *Error) Error() string { return e.Code + ": " + e.Detail }

// Send hands a letter to the server. An [*Error] comes back where that fails.
func (p *Postbox) Send(ctx context.Context, s Settings, password string, l Letter) error {
	ctx, cancel := context.WithTimeout(ctx, p.options.Timeout)
	defer cancel()
	message, err := compose(s, l)
	if err != nil {
		return err
	}
	client, err := p.client(s, password)
	if err != nil {
		return err
	}
	conn, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return whyNotConnected(err)
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	err = client.SendWithSMTPClient(conn, message)
	_ = client.CloseWithSMTPClient(conn)
	if err != nil && !message.IsDelivered() {
		return whyNotSent(err)
	}
	return nil
}

func compose(s Settings, l Letter) (*gomail.Msg, error) {
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := m.FromFormat(s.SenderName, s.Sender); err != nil {
		return nil, &Error{Code: Rejected, Detail: err.Error()}
	}
	if err := m.To(l.To); err != nil {
		return nil, &Error{Code: Rejected, Detail: err.Error()}
	}
	_, domain, _ := strings.Cut(s.Sender, "@")
	m.Subject(l.Subject)
	m.SetMessageIDWithValue(l.ID + "@" + domain)
	m.SetDateWithValue(l.At)
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	m.SetBodyString(gomail.TypeTextPlain, l.Text)
	if l.HTML != "" {
		m.AddAlternativeString(gomail.TypeTextHTML, l.HTML)
	}
	for _, f := range l.Pictures {
		err := m.EmbedReader(f.Name, strings.NewReader(string(f.Data)), gomail.WithFileContentType(gomail.ContentType(f.MIME)), gomail.WithFileContentID(f.Name))
		if err != nil {
			return nil, fmt.Errorf("compose letter: %w", err)
		}
	}
	for _, f := range l.Files {
		err := m.AttachReader(f.Name, strings.NewReader(string(f.Data)), gomail.WithFileContentType(gomail.ContentType(f.MIME)))
		if err != nil {
			return nil, fmt.Errorf("compose letter: %w", err)
		}
	}
	return m, nil
}

func (p *Postbox) client(s Settings, password string) (*gomail.Client, error) {
	config := &tls.Config{ServerName: s.Host, RootCAs: p.options.Roots, MinVersion: tls.VersionTLS12}
	options := []gomail.Option{
		gomail.WithPort(s.Port), gomail.WithTimeout(p.options.Timeout), gomail.WithTLSConfig(config), gomail.WithDialContextFunc(p.dialer(s.Security, config)),
	}
	switch s.Security {
	case TLS:
		options = append(options, gomail.WithSSL())
	case Plain:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	default:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if s.Login != "" {
		options = append(options, gomail.WithUsername(s.Login), gomail.WithPassword(password),
			gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin))
	}
	client, err := gomail.NewClient(s.Host, options...)
	if err != nil {
		return nil, fmt.Errorf("prepare mail client: %w", err)
	}
	return client, nil
}

// errForbidden is an address the deployment makes no connections to.
var errForbidden = errors.New("private addresses are not dialed; the deployment can allow them")

// dialer checks the address that is really dialed, after the name was looked up: a name that means another address the
// second time gains nothing.
func (p *Postbox) dialer(security string, config *tls.Config) gomail.DialContextFunc {
	d := &net.Dialer{Timeout: 15 * time.Second, Control: func(_, address string, _ syscall.RawConn) error {
		to, err := netip.ParseAddrPort(address)
		if err != nil {
			return err
		}
		if security == Plain && !to.Addr().IsLoopback() || !p.options.Private && !public(to.Addr().Unmap()) {
			return errForbidden
		}
		return nil
	}}
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := d.DialContext(ctx, network, address)
		if err != nil || security != TLS {
			return conn, err
		}
		secure := tls.Client(conn, config)
		if err := secure.HandshakeContext(ctx); err != nil {
			_ = conn.Close()
			return nil, err
		}
		return secure, nil
	}
}

// public tells an address that anybody in the internet may have.
func public(a netip.Addr) bool {
	reserved := []string{"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4", "64:ff9b::/96", "64:ff9b:1::/48", "2001:db8::/32", "2002::/16"}
	return a.IsGlobalUnicast() && !a.IsPrivate() && !slices.ContainsFunc(reserved, func(p string) bool { return netip.MustParsePrefix(p).Contains(a) })
}

func loopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && a.IsLoopback()
}

// ports are those mail is handed in at.
func ports() []int { return []int{25, 465, 587, 2525} }

func (p *Postbox) portAllowed(port int) error {
	if port < 1 || port > 65535 || !p.options.Private && !slices.Contains(ports(), port) {
		return refuse(locale.Say("Mail is handed in at port 587 (STARTTLS), 465 (TLS), 25 or 2525."))
	}
	return nil
}

// whyNotConnected words what kept the connection from being made.
func whyNotConnected(err error) *Error {
	e := &Error{Code: Unreachable, Detail: err.Error(), Again: true}
	var unknown x509.UnknownAuthorityError
	var invalid x509.CertificateInvalidError
	var host x509.HostnameError
	var verification *tls.CertificateVerificationError
	switch {
	case errors.Is(err, errForbidden):
		e.Code, e.Again = Forbidden, false
	case errors.As(err, &verification), errors.As(err, &unknown), errors.As(err, &invalid), errors.As(err, &host), strings.Contains(err.Error(), "STARTTLS"):
		e.Code = NotSecure
	case strings.Contains(err.Error(), "AUTH"):
		e.Code, e.Again = SignIn, strings.Contains(err.Error(), "SMTP AUTH failed: 4")
	}
	return e
}

func whyNotSent(err error) *Error {
	var s *gomail.SendError
	if !errors.As(err, &s) {
		return &Error{Code: Unreachable, Detail: err.Error(), Again: true}
	}
	e := &Error{Code: Rejected, Detail: s.Error(), Again: s.IsTemp()}
	switch {
	case s.ErrorCode() != 0:
	case s.Reason == gomail.ErrSMTPDataClose:
		e.Code, e.Again = Unsure, false
	default:
		e.Code, e.Again = Unreachable, true
	}
	return e
}
