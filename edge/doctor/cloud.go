package doctor

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"time"

	"github.com/quic-go/quic-go"

	"github.com/callweave/callweave/shared/wire"
)

const (
	handshakeWait = 3 * time.Second
	// The agent renews its certificate when 30 days are left; when 10 are left, something keeps it from doing so.
	certificateWarn = 10 * 24 * time.Hour
	clockWarn       = 2 * time.Second
	clockError      = time.Minute
)

// checkCloud looks at the way to the cloud.
func (d *Doctor) checkCloud(ctx context.Context) []Finding {
	if d.identity == nil {
		return []Finding{{Code: CodeEnrolled, Severity: Error}}
	}
	findings := []Finding{{CodeEnrolled, OK, []any{d.identity.Agent()}}, d.certificate()}
	host, _, err := net.SplitHostPort(d.cfg.Gateway)
	if err != nil {
		return append(findings, Finding{CodeDNS, Error, []any{d.cfg.Gateway, err}})
	}
	resolving, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if _, err := net.DefaultResolver.LookupHost(resolving, host); err != nil {
		return append(findings, Finding{CodeDNS, Error, []any{host, err}})
	}
	findings = append(findings, Finding{CodeDNS, OK, []any{host}})
	udp, tcp := d.reachUDP(ctx), d.reachTCP(ctx)
	findings = append(findings, reached(d.cfg.Gateway, d.cfg.TCP, udp, tcp)...)
	return append(findings, d.clock(ctx)...)
}

func (d *Doctor) certificate() Finding {
	end := d.identity.Certificate().Leaf.NotAfter
	f := Finding{CodeCertificate, OK, []any{end.Local().Format(time.DateOnly)}}
	switch left := end.Sub(d.now()); {
	case left <= 0:
		f.Severity = Error
	case left < certificateWarn:
		f.Severity = Warn
	}
	return f
}

// reached judges the two ways together: one of them is enough to work.
func reached(gateway, fallback string, udp, tcp error) []Finding {
	for address, err := range map[string]error{gateway: udp, fallback: tcp} {
		if untrusted(err) {
			return []Finding{{CodeTrust, Error, []any{address, err}}}
		}
	}
	switch {
	case udp == nil && tcp == nil:
		return []Finding{{CodeUDP, OK, []any{gateway}}, {CodeTCP, OK, []any{fallback}}}
	case udp == nil:
		return []Finding{{CodeUDP, OK, []any{gateway}}, {CodeTCP, Warn, []any{fallback, tcp}}}
	case tcp == nil:
		return []Finding{{CodeUDP, Warn, []any{gateway}}, {CodeTCP, OK, []any{fallback}}}
	default:
		return []Finding{{CodeUDP, Error, []any{gateway, udp}}, {CodeTCP, Error, []any{fallback, tcp}}}
	}
}

func untrusted(err error) bool {
	var verification *tls.CertificateVerificationError
	var authority x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	return errors.As(err, &verification) || errors.As(err, &authority) || errors.As(err, &host) || errors.As(err, &invalid)
}

func (d *Doctor) tls(address string) *tls.Config {
	host, _, _ := net.SplitHostPort(address)
	return &tls.Config{
		ServerName: host, RootCAs: d.identity.Authority(), MinVersion: tls.VersionTLS13, NextProtos: []string{wire.ALPN},
		Certificates: []tls.Certificate{d.identity.Certificate()},
	}
}

// reachUDP makes the handshake only: saying Hello would take the place of the agent that runs.
func (d *Doctor) reachUDP(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, handshakeWait)
	defer cancel()
	conn, err := quic.DialAddr(ctx, d.cfg.Gateway, d.tls(d.cfg.Gateway), &quic.Config{HandshakeIdleTimeout: handshakeWait})
	if err != nil {
		return err
	}
	return conn.CloseWithError(0, "")
}

func (d *Doctor) reachTCP(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, handshakeWait)
	defer cancel()
	conn, err := (&tls.Dialer{Config: d.tls(d.cfg.TCP)}).DialContext(ctx, "tcp", d.cfg.TCP)
	if err != nil {
		return err
	}
	return conn.Close()
}

// clock compares with the Date of the portal's answer. It shows whole seconds, which is good enough to find clocks
// that spoil figures; the running agent knows better from its link. A portal that cannot be reached is no finding: the
// agent does not need it.
func (d *Doctor) clock(ctx context.Context) []Finding {
	if d.cfg.Cloud == "" {
		return nil
	}
	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool()
	}
	for _, pool := range []*x509.CertPool{d.identity.Authority(), roots} {
		offset, err := d.dateOffset(ctx, pool)
		if err == nil {
			return []Finding{ClockFinding(offset)}
		}
	}
	return nil
}

func (d *Doctor) dateOffset(ctx context.Context, pool *x509.CertPool) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, handshakeWait)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodHead, d.cfg.Cloud, nil)
	if err != nil {
		return 0, err
	}
	transport := &http.Transport{Proxy: http.ProxyFromEnvironment, TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}}
	defer transport.CloseIdleConnections()
	sent := d.now()
	response, err := transport.RoundTrip(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	date, err := http.ParseTime(response.Header.Get("Date"))
	if err != nil {
		return 0, err
	}
	half := d.now().Sub(sent) / 2
	return date.Add(500 * time.Millisecond).Sub(sent.Add(half)), nil
}

// ClockFinding judges how far the cloud's clock is from ours.
func ClockFinding(offset time.Duration) Finding {
	f := Finding{CodeClock, OK, []any{offset.Round(100 * time.Millisecond)}}
	switch off := offset.Abs(); {
	case off > clockError:
		f.Severity = Error
	case off > clockWarn:
		f.Severity = Warn
	}
	return f
}

// LinkFinding judges why the cloud last sent the agent away. What passes by itself, such as a restart, is none.
func LinkFinding(code wire.Code) []Finding {
	switch code {
	case wire.CodeTenantSuspended, wire.CodeTenantUnknown, wire.CodeVersionUnsupported, wire.CodeReplaced,
		wire.CodeAgentUnknown, wire.CodeCertificateRevoked, wire.CodeCertificateExpired:
		return []Finding{{CodeLink, Error, []any{code}}}
	default:
		return nil
	}
}
