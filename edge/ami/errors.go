package ami

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"

	"github.com/callweave/callweave/shared/wire/amitext"
)

// What can be wrong with a connection, in words for the one who set it up.
var (
	// ErrUnreachable says that there is nothing to connect to.
	ErrUnreachable = errors.New("nothing answers there: is Asterisk running, is it enabled = yes in manager.conf, and is the port right?")
	// ErrNotAMI says that what answers is something else.
	ErrNotAMI = errors.New("what answers there is not a manager interface: check address and port (5038, or 5039 for TLS)")
	// ErrSilent says that nothing came where a greeting should.
	ErrSilent = errors.New("connected, but no greeting came: this may be the TLS port, or manager.conf has reached its limit of logins (authlimit)")
	// ErrTLS says that there is no agreement about encryption.
	ErrTLS = errors.New("no encrypted connection: check that the port is the one of tlsbindaddr and that the certificate's authority and name are configured here")
	// ErrLogin says that user or secret are wrong, or that the address is not permitted.
	ErrLogin = errors.New("the PBX refused the login: check user and secret against manager.conf, and that its permit lines allow this machine")
	// ErrGone says that an established connection ended.
	ErrGone = errors.New("the PBX closed the connection")
	// ErrDeaf says that the PBX no longer answers.
	ErrDeaf = errors.New("the PBX no longer answers")
	// ErrNotConnected says that an action cannot be sent now.
	ErrNotConnected = errors.New("not connected to the PBX")
	// ErrMalformed says that an action holds what would break out of its line, or more than a PBX reads.
	ErrMalformed = errors.New("action cannot be sent")
)

// RefusedError is an answer "Response: Error" to an action.
type RefusedError struct{ Action, Message string }

func (e *RefusedError) Error() string {
	if strings.EqualFold(e.Message, "Permission denied") {
		return fmt.Sprintf("the PBX refused %s: the user lacks a right (see write = in manager.conf)", e.Action)
	}
	return fmt.Sprintf("the PBX refused %s: %s", e.Action, e.Message)
}

// dialError puts an error of connecting into the words above.
func dialError(err error) error {
	var (
		record    tls.RecordHeaderError
		authority x509.UnknownAuthorityError
		name      x509.HostnameError
		invalid   x509.CertificateInvalidError
		verify    *tls.CertificateVerificationError
	)
	switch {
	case errors.Is(err, context.Canceled):
		return err
	case errors.As(err, &record), errors.As(err, &authority), errors.As(err, &name), errors.As(err, &invalid), errors.As(err, &verify):
		return fmt.Errorf("%w (%w)", ErrTLS, err)
	}
	var op *net.OpError
	var dns *net.DNSError
	if errors.Is(err, syscall.ECONNREFUSED) || errors.As(err, &dns) || errors.As(err, &op) || errors.Is(err, os.ErrDeadlineExceeded) {
		return fmt.Errorf("%w (%w)", ErrUnreachable, err)
	}
	return err
}

// bannerError does the same for what came instead of a greeting.
func bannerError(got string, err error) error {
	switch {
	case errors.Is(err, amitext.ErrNoBanner):
		return fmt.Errorf("%w: it says %.60q", ErrNotAMI, got)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return ErrSilent
	case errors.Is(err, io.EOF) && got == "":
		return fmt.Errorf("%w (%w)", ErrSilent, err)
	}
	return fmt.Errorf("%w (%w)", ErrNotAMI, err)
}
