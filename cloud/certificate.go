package main

import (
	"crypto/tls"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/callweave/callweave/cloud/control"
)

// certificateFunc gives the portal's certificate, each time anew.
type certificateFunc func(*tls.ClientHelloInfo) (*tls.Certificate, error)

func (f certificateFunc) config() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: f}
}

// certificate is that of the files, or one of our own authority.
func (c *serveCmd) certificate(own *control.ServerCertificates, now func() time.Time) (certificateFunc, error) {
	switch {
	case c.TLSCert == "" && c.TLSKey == "":
		return own.Get, nil
	case c.TLSCert == "" || c.TLSKey == "":
		return nil, errors.New("--tls-cert and --tls-key are needed both or not at all")
	}
	f := &filedCertificate{cert: c.TLSCert, key: c.TLSKey, now: now}
	_, err := f.get(nil) // what is wrong with the files is said at start
	return f.get, err
}

// filedCertificate reads a certificate again when its file has changed, so that whoever renews it needs no restart. A
// renewal that cannot be read leaves the certificate before in use.
type filedCertificate struct {
	cert, key string
	now       func() time.Time

	mu      sync.Mutex
	looked  time.Time
	changed time.Time
	current *tls.Certificate
}

func (f *filedCertificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if now := f.now(); f.current == nil || now.Sub(f.looked) > time.Minute {
		f.looked = now
		if err := f.load(); err != nil && f.current == nil {
			return nil, fmt.Errorf("read the portal's certificate: %w", err)
		}
	}
	return f.current, nil
}

func (f *filedCertificate) load() error {
	info, err := os.Stat(f.cert)
	if err != nil || info.ModTime().Equal(f.changed) {
		return err
	}
	pair, err := tls.LoadX509KeyPair(f.cert, f.key)
	if err != nil {
		return err
	}
	f.current, f.changed = &pair, info.ModTime()
	return nil
}

// hostname is this machine's name, or localhost.
func hostname() string {
	if name, err := os.Hostname(); err == nil && name != "" {
		return name
	}
	return "localhost"
}
