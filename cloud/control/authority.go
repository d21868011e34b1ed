package control

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"net/url"
	"time"

	"github.com/google/uuid"
)

// Lives of certificates. An agent renews by itself when a third is left, so it may be away for two months and
// still come back.
const (
	authorityLife   = 20 * 365 * 24 * time.Hour
	certificateLife = 90 * 24 * time.Hour
	// clockAllowance is how far a fresh certificate reaches back, for agents whose clock is behind.
	clockAllowance = 24 * time.Hour
)

// agentScheme and agentHost form the one name in an agent's certificate: callweave://agent/<uuid>.
const (
	agentScheme = "callweave"
	agentHost   = "agent"
)

// Authority is the agents' certificate authority. It signs agents' certificates, which are good for being a client
// only, and the gateway's, which are good for being a server only: neither can stand in for the other.
type Authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

// NewAuthority makes an authority that is valid from now on.
func NewAuthority(now time.Time) (*Authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make authority: generate key: %w", err)
	}
	template := &x509.Certificate{
		SerialNumber:          serial(),
		Subject:               pkix.Name{CommonName: "Callweave agents CA"},
		NotBefore:             now.Add(-clockAllowance),
		NotAfter:              now.Add(authorityLife),
		IsCA:                  true,
		BasicConstraintsValid: true,
		MaxPathLenZero:        true,
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, fmt.Errorf("make authority: sign: %w", err)
	}
	return authorityFrom(der, key)
}

// ParseAuthority reads what [Authority.Marshal] wrote.
func ParseAuthority(bundle []byte) (*Authority, error) {
	certificate, rest := pem.Decode(bundle)
	if certificate == nil || certificate.Type != "CERTIFICATE" {
		return nil, errors.New("parse authority: no certificate")
	}
	private, _ := pem.Decode(rest)
	if private == nil || private.Type != "PRIVATE KEY" {
		return nil, errors.New("parse authority: no key")
	}
	parsed, err := x509.ParsePKCS8PrivateKey(private.Bytes)
	if err != nil {
		return nil, fmt.Errorf("parse authority: %w", err)
	}
	key, ok := parsed.(*ecdsa.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("parse authority: key is a %T", parsed)
	}
	return authorityFrom(certificate.Bytes, key)
}

func authorityFrom(der []byte, key *ecdsa.PrivateKey) (*Authority, error) {
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("parse authority: %w", err)
	}
	if !key.PublicKey.Equal(certificate.PublicKey) {
		return nil, errors.New("parse authority: key and certificate do not belong together")
	}
	return &Authority{certificate: certificate, key: key}, nil
}

// Marshal returns certificate and key as PEM, for the secrets table.
func (a *Authority) Marshal() ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(a.key)
	if err != nil {
		return nil, fmt.Errorf("marshal authority: %w", err)
	}
	return append(a.CertificatePEM(), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})...), nil
}

// CertificatePEM is the authority's own certificate.
func (a *Authority) CertificatePEM() []byte { return certificatePEM(a.certificate.Raw) }

// Pool holds the authority as the only one to be trusted.
func (a *Authority) Pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.certificate)
	return pool
}

// Pin is the hex SHA-256 of the authority's certificate: what an enrolment token carries, so that an agent knows the
// cloud before it has ever spoken to it.
func (a *Authority) Pin() string {
	sum := sha256.Sum256(a.certificate.Raw)
	return hex.EncodeToString(sum[:])
}

// SignAgent makes the certificate of an agent. Of the request only the public key is used: names are ours to give.
func (a *Authority) SignAgent(agent uuid.UUID, request *x509.CertificateRequest, now time.Time) (*x509.Certificate, error) {
	if err := checkKey(request.PublicKey); err != nil {
		return nil, fmt.Errorf("sign agent certificate: %w", err)
	}
	if err := request.CheckSignature(); err != nil {
		return nil, fmt.Errorf("sign agent certificate: check request: %w", err)
	}
	return a.sign(&x509.Certificate{
		Subject:     pkix.Name{CommonName: agent.String()},
		URIs:        []*url.URL{{Scheme: agentScheme, Host: agentHost, Path: "/" + agent.String()}},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}, request.PublicKey, now)
}

// ServerCertificate makes a certificate for gateway and portal under the given host names and addresses; localhost
// and the loopback addresses are always among them. The chain includes the authority, so that a pin can be matched.
func (a *Authority) ServerCertificate(hosts []string, now time.Time) (*tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make server certificate: generate key: %w", err)
	}
	template := &x509.Certificate{
		Subject:     pkix.Name{CommonName: "Callweave"},
		DNSNames:    []string{"localhost"},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	for _, host := range hosts {
		if ip := net.ParseIP(host); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else if host != "" && host != "localhost" {
			template.DNSNames = append(template.DNSNames, host)
		}
	}
	leaf, err := a.sign(template, key.Public(), now)
	if err != nil {
		return nil, err
	}
	return &tls.Certificate{Certificate: [][]byte{leaf.Raw, a.certificate.Raw}, PrivateKey: key, Leaf: leaf}, nil
}

func (a *Authority) sign(template *x509.Certificate, key crypto.PublicKey, now time.Time) (*x509.Certificate, error) {
	template.SerialNumber = serial()
	template.NotBefore = now.Add(-clockAllowance)
	template.NotAfter = now.Add(certificateLife)
	template.KeyUsage = x509.KeyUsageDigitalSignature
	template.BasicConstraintsValid = true
	der, err := x509.CreateCertificate(rand.Reader, template, a.certificate, key, a.key)
	if err != nil {
		return nil, fmt.Errorf("sign certificate: %w", err)
	}
	return x509.ParseCertificate(der)
}

// AgentOf reads the agent out of a certificate that has been verified against the authority.
func AgentOf(certificate *x509.Certificate) (uuid.UUID, error) {
	if len(certificate.URIs) != 1 {
		return uuid.Nil, errors.New("read agent certificate: it does not hold exactly one name")
	}
	u := certificate.URIs[0]
	if u.Scheme != agentScheme || u.Host != agentHost || len(u.Path) != 37 {
		return uuid.Nil, errors.New("read agent certificate: its name is not an agent's")
	}
	id, err := uuid.Parse(u.Path[1:])
	if err != nil {
		return uuid.Nil, fmt.Errorf("read agent certificate: %w", err)
	}
	return id, nil
}

// checkKey admits the key types that are quick to verify and cannot be chosen weak.
func checkKey(key any) error {
	switch k := key.(type) {
	case *ecdsa.PublicKey:
		if k.Curve == elliptic.P256() || k.Curve == elliptic.P384() {
			return nil
		}
		return errors.New("elliptic curve is neither P-256 nor P-384")
	case ed25519.PublicKey:
		return nil
	default:
		return fmt.Errorf("key type %T is neither ECDSA nor Ed25519", key)
	}
}

func serial() *big.Int {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[0] &= 0x7f           // positive
	b[0] |= 0x40           // and of constant length
	return new(big.Int).SetBytes(b[:])
}

func serialText(certificate *x509.Certificate) string { return certificate.SerialNumber.Text(16) }

func certificatePEM(der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}
