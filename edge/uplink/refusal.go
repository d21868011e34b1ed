package uplink

import (
	"crypto/tls"
	"errors"
	"net"

	"github.com/quic-go/quic-go"

	"github.com/callweave/callweave/shared/wire"
)

// TLS alerts (RFC 8446, 6.2) by which a gateway turns an agent's certificate down before there is a stream to say
// Goodbye on.
const (
	alertBadCertificate     = 42
	alertCertificateRevoked = 44
	alertCertificateExpired = 45
	alertUnknownAuthority   = 48
	alertNoProtocol         = 120
	// quicAlertBase is what QUIC adds to a TLS alert to make it a transport error (RFC 9001, 4.8).
	quicAlertBase = 0x100
)

// refusalIn turns whatever way a connection ended into the cloud's reason for it, and err itself where it gave none.
func refusalIn(err error) error {
	var application *quic.ApplicationError
	if errors.As(err, &application) && application.Remote && application.ErrorCode != 0 {
		return &wire.Error{Code: wire.CodeOf(uint64(application.ErrorCode)), Text: application.ErrorMessage}
	}
	var transport *quic.TransportError
	if errors.As(err, &transport) && transport.Remote && transport.ErrorCode >= quicAlertBase && transport.ErrorCode < quicAlertBase+0x100 {
		return alert(uint8(transport.ErrorCode-quicAlertBase), err)
	}
	var op *net.OpError
	if errors.As(err, &op) && op.Op == "remote error" {
		for _, known := range []uint8{alertBadCertificate, alertCertificateRevoked, alertCertificateExpired, alertUnknownAuthority, alertNoProtocol} {
			if op.Err.Error() == tls.AlertError(known).Error() {
				return alert(known, err)
			}
		}
	}
	return err
}

func alert(number uint8, err error) error {
	switch number {
	case alertCertificateExpired:
		return &wire.Error{Code: wire.CodeCertificateExpired, Text: "the gateway found the agent's certificate expired"}
	case alertCertificateRevoked:
		return &wire.Error{Code: wire.CodeCertificateRevoked, Text: "the gateway found the agent's certificate revoked"}
	case alertBadCertificate, alertUnknownAuthority:
		return &wire.Error{Code: wire.CodeAgentUnknown, Text: "the gateway does not know the agent's certificate"}
	case alertNoProtocol:
		return &wire.Error{Code: wire.CodeVersionUnsupported, Text: "the gateway speaks no protocol of this agent"}
	default:
		return err
	}
}
