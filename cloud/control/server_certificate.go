package control

import (
	"crypto/tls"
	"fmt"
	"sync"
	"time"
)

// ServerCertificates hands out the certificate of gateway and portal and makes a new one when a third of its life is
// left, so that a cloud that runs for years never shows an expired one.
type ServerCertificates struct {
	authority *Authority
	hosts     []string
	now       func() time.Time

	mu      sync.Mutex
	current *tls.Certificate
}

// NewServerCertificates prepares certificates for hosts; nothing is signed before the first one is asked for.
func NewServerCertificates(authority *Authority, hosts []string, now func() time.Time) *ServerCertificates {
	return &ServerCertificates{authority: authority, hosts: hosts, now: now}
}

// Get is made to be a [tls.Config.GetCertificate].
func (s *ServerCertificates) Get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	if s.current != nil && s.current.Leaf.NotAfter.Sub(now) > certificateLife/3 {
		return s.current, nil
	}
	fresh, err := s.authority.ServerCertificate(s.hosts, now)
	if err != nil {
		return nil, fmt.Errorf("renew server certificate: %w", err)
	}
	s.current = fresh
	return fresh, nil
}
