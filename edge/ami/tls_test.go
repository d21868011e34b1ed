package ami_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/callweave/callweave/edge/ami"
	"github.com/callweave/callweave/lab/fakepbx"
)

// secured is a PBX with TLS, its certificate for example.com and 127.0.0.1 and who signed it.
func secured(t *testing.T) (net.Listener, *x509.CertPool) {
	t.Helper()
	web := httptest.NewTLSServer(nil) // for its certificate
	t.Cleanup(web.Close)
	roots := x509.NewCertPool()
	roots.AddCert(web.Certificate())
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: web.TLS.Certificates})
	if err != nil {
		t.Fatal(err)
	}
	return l, roots
}

func TestTLSNeedsTheRightAuthorityAndName(t *testing.T) {
	for name, c := range map[string]struct {
		server string
		roots  bool
		plain  bool
		want   string // in the problem; empty for a login
	}{
		"right":           {server: "example.com", roots: true},
		"by address":      {roots: true},
		"wrong name":      {server: "pbx.example.net", roots: true, want: ami.ErrTLS.Error()},
		"wrong authority": {server: "example.com", want: ami.ErrTLS.Error()},
		"not TLS":         {server: "example.com", roots: true, plain: true, want: ami.ErrTLS.Error()},
	} {
		t.Run(name, func(t *testing.T) {
			l, roots := secured(t)
			if c.plain {
				err := l.Close()
				if err != nil {
					t.Fatal(err)
				}
				if l, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
					t.Fatal(err)
				}
			}
			ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
			defer cancel()
			go func() { _ = fakepbx.New(fakepbx.Config{Scenarios: recording(t, idle)}).Serve(ctx, l) }()
			cfg := &tls.Config{ServerName: c.server, MinVersion: tls.VersionTLS12}
			if c.roots {
				cfg.RootCAs = roots
			}
			in := &waiter{in: make(chan struct{})}
			client := ami.New(ami.Config{Address: l.Addr().String(), User: "lab", Secret: "lab", TLS: cfg, MinWait: time.Millisecond, MaxWait: time.Millisecond},
				ami.Deps{Sink: in})
			go func() { _ = client.Run(ctx) }()
			if c.want == "" {
				<-in.in
				return
			}
			for !strings.Contains(client.Status().Problem, c.want) {
				select {
				case <-ctx.Done():
					t.Fatalf("problem %q", client.Status().Problem)
				case <-time.After(time.Millisecond):
				}
			}
		})
	}
}
