package enroll

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
)

// ErrPin says that the other side is not the cloud the token was made by.
var ErrPin = errors.New("the server's certificate is neither of the token's cloud nor publicly trusted")

// pinned trusts a server that shows the authority the token pins, for the name it was called by; and, for portals
// with a public certificate, one that the system trusts.
func pinned(pin string) *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS12,
		//nolint:gosec // replaced by VerifyConnection, which is stricter: chain and host name against the pin
		InsecureSkipVerify: true,
		VerifyConnection: func(state tls.ConnectionState) error {
			options := x509.VerifyOptions{DNSName: state.ServerName, Intermediates: x509.NewCertPool()}
			for _, c := range state.PeerCertificates[1:] {
				options.Intermediates.AddCert(c)
				if isPinned(c.Raw, pin) {
					options.Roots = x509.NewCertPool()
					options.Roots.AddCert(c)
				}
			}
			if _, err := state.PeerCertificates[0].Verify(options); err != nil {
				return fmt.Errorf("%w: %w", ErrPin, err)
			}
			return nil
		},
	}
}

// checkPin makes sure that the authority we are told to trust from now on is the one the token names.
func checkPin(authority, pin string) error {
	block, _ := pem.Decode([]byte(authority))
	if block == nil || !isPinned(block.Bytes, pin) {
		return ErrPin
	}
	return nil
}

func isPinned(der []byte, pin string) bool {
	sum := sha256.Sum256(der)
	return strings.EqualFold(hex.EncodeToString(sum[:]), pin)
}
