package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/callweave/callweave/cloud/control"
	"github.com/callweave/callweave/cloud/pg/pgtest"
)

// callweave runs a command line against a database and returns what it printed.
func callweave(t *testing.T, url string, args ...string) (code int, out, problems string) {
	t.Helper()
	if url != "" {
		args = append(args, "--database-url", url)
	}
	var stdout, stderr bytes.Buffer
	code = command(t.Context(), args, &stdout, &stderr)
	return code, stdout.String(), stderr.String()
}

func TestCommandsLookAfterTenantsAndPeople(t *testing.T) {
	url := pgtest.URL(t)
	for _, step := range []struct {
		args []string
		code int
		says []string // in what is printed, or in the problem
	}{
		{[]string{"migrate"}, 0, []string{"up to date"}},
		{[]string{"tenant", "create", "--slug", "acme", "--name", "Acme", "--zone", "Europe/Moscow"}, 0, []string{"administrator  admin@acme  ", "shown this once"}},
		{[]string{"tenant", "create", "--slug", "acme", "--name", "Acme"}, 1, []string{"a tenant of that short name exists"}},
		{[]string{"tenant", "create", "--slug", "Not good", "--name", "Acme"}, 1, []string{"small letters"}},
		{[]string{"tenant", "create", "--slug", "beta", "--name", "Beta", "--admin-login", "admin@acme"}, 1, []string{"the log-in name is taken", "callweave user create --tenant beta"}},
		{[]string{"tenant", "list"}, 0, []string{"acme", "beta", "Europe/Moscow", "in service"}},
		{[]string{"user", "create", "--tenant", "acme", "--login", "Sveta"}, 0, []string{"supervisor  Sveta  "}},
		{[]string{"user", "create", "--tenant", "gamma", "--login", "x1"}, 1, []string{"there is no such tenant"}},
		{[]string{"user", "create", "--staff", "--login", "vera"}, 0, []string{"vendor  vera  "}},
		{[]string{"user", "password", "--login", "sveta"}, 0, []string{"sveta  ", "shown this once"}},
		{[]string{"user", "password", "--login", "vera"}, 0, []string{"vera  "}},
		{[]string{"user", "password", "--login", "nobody"}, 1, []string{"there is no such user"}},
		{[]string{"user", "create", "--login", "nobody"}, 2, []string{"--tenant=STRING or --staff"}},
		{[]string{"user", "sign-out", "--login", "sveta"}, 0, []string{"Sessions ended: 0"}},
		{[]string{"user", "sign-out", "--tenant", "acme"}, 0, []string{"Sessions ended: 0"}},
		{[]string{"user", "sign-out", "--login", "nobody"}, 1, []string{"there is no such user"}},
		{[]string{"pbx", "add", "--tenant", "acme", "--name", "office", "--public-url", "https://cloud.example"}, 0, []string{"callweave-edge enroll --token ey", "15 minutes"}},
		{[]string{"pbx", "add", "--tenant", "acme", "--name", "office"}, 1, []string{"there already is a PBX named office", "page PBXs"}},
	} {
		code, out, problems := callweave(t, url, step.args...)
		if code != step.code {
			t.Errorf("%s: exit code %d, want %d\n%s%s", strings.Join(step.args, " "), code, step.code, out, problems)
		}
		for _, want := range step.says {
			if !strings.Contains(out+problems, want) {
				t.Errorf("%s does not say %q:\n%s%s", strings.Join(step.args, " "), want, out, problems)
			}
		}
	}
}

func TestCommandLineIsExplained(t *testing.T) {
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"--help"}, 0, "Run the cloud."},
		{[]string{"version"}, 0, "callweave " + version},
		{[]string{}, 2, "expected one of"},
		{[]string{"sreve"}, 2, "sreve"},
		{[]string{"replay", "/nowhere/at/all"}, 2, "/nowhere/at/all"},
		{[]string{"replay", t.TempDir()}, 1, "no trace.ami found"},
		{[]string{"demo", "--dir", t.TempDir()}, 1, "run make demo in a checkout"},
	} {
		code, out, problems := callweave(t, "", c.args...)
		if code != c.code || !strings.Contains(out+problems, c.says) {
			t.Errorf("callweave %s: exit code %d, want %d and %q:\n%s%s", strings.Join(c.args, " "), code, c.code, c.says, out, problems)
		}
	}
}

// serving is a node under test.
type serving struct {
	url    string
	client *http.Client
	stop   func() error
}

func startNode(t *testing.T, cfg serveCmd) *serving {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	up, ended := make(chan addresses, 1), make(chan error, 1)
	cfg.Portal, cfg.Gateway, cfg.Partitions = "127.0.0.1:0", "127.0.0.1:0", 1
	go func() { ended <- run(ctx, cfg, slog.New(slog.DiscardHandler), func(a addresses) { up <- a }) }()
	s := &serving{client: &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}}
	s.stop = func() error { cancel(); return <-ended }
	select {
	case at := <-up:
		s.url = "https://" + at.Portal
	case err := <-ended:
		cancel()
		t.Fatalf("the node ended: %v", err)
	}
	t.Cleanup(s.client.CloseIdleConnections)
	return s
}

func (s *serving) get(t *testing.T, path string) (*http.Response, string) {
	t.Helper()
	r, err := s.client.Get(s.url + path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r, string(body)
}

func TestNodeServesPortalAndAPIAndStops(t *testing.T) {
	s := startNode(t, serveCmd{
		databaseFlags: databaseFlags{DatabaseURL: pgtest.URL(t), Data: t.TempDir()},
		Roles:         []string{roleGateway, roleAssemble, rolePortal},
	})
	if r, body := s.get(t, "/api/v1/health"); r.StatusCode != 200 || !strings.Contains(body, `"ok"`) {
		t.Errorf("health: %s %s", r.Status, body)
	}
	if r, _ := s.get(t, "/calls"); r.StatusCode != 200 || !strings.Contains(r.Header.Get("Content-Security-Policy"), "nonce-") {
		t.Errorf("portal: %s, policy %q", r.Status, r.Header.Get("Content-Security-Policy"))
	}
	if r, body := s.get(t, "/api/v1/openapi.json"); r.StatusCode != 200 || !json.Valid([]byte(body)) {
		t.Errorf("description: %s", r.Status)
	}
	if code, out, problems := callweave(t, "", "healthcheck", "--portal", s.url); code != 0 || out != "ok\n" {
		t.Errorf("healthcheck: %d %s%s", code, out, problems)
	}
	if err := s.stop(); err != nil {
		t.Errorf("after its context ended the node says: %v", err)
	}
	if code, _, _ := callweave(t, "", "healthcheck", "--portal", s.url); code != 1 {
		t.Errorf("healthcheck of a node that has ended: exit code %d", code)
	}
}

func TestNodeWithPrivatePostgresServesCommandsBesideIt(t *testing.T) {
	//nolint:usetesting // short enough for the path of a Unix socket, and open to PostgreSQL's user
	data, err := os.MkdirTemp("", "cw-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(data) })
	if err := os.Chmod(data, 0o755); err != nil {
		t.Fatal(err)
	}
	s := startNode(t, serveCmd{databaseFlags: databaseFlags{Data: data}, Roles: []string{rolePortal}})
	if code, out, problems := callweave(t, "", "tenant", "create", "--data", data, "--slug", "acme", "--name", "Acme"); code != 0 {
		t.Errorf("beside a running cloud: %s%s", out, problems)
	}
	if err := s.stop(); err != nil {
		t.Error(err)
	}
	if code, out, problems := callweave(t, "", "tenant", "list", "--data", data); code != 0 || !strings.Contains(out, "acme") {
		t.Errorf("without a running cloud: %s%s", out, problems)
	}
}

func TestCertificateOfFilesIsReadAgain(t *testing.T) {
	dir, now := t.TempDir(), time.Now()
	cfg := serveCmd{TLSCert: filepath.Join(dir, "cert.pem"), TLSKey: filepath.Join(dir, "key.pem")}
	if _, err := cfg.certificate(nil, time.Now); err == nil || !strings.Contains(err.Error(), "read the portal's certificate") {
		t.Errorf("missing files: %v", err)
	}
	if _, err := (&serveCmd{TLSCert: cfg.TLSCert}).certificate(nil, time.Now); err == nil || !strings.Contains(err.Error(), "both or not at all") {
		t.Errorf("half a pair: %v", err)
	}
	writeCertificate(t, cfg, now)
	get, err := cfg.certificate(nil, func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	first, _ := get(nil)
	now = now.Add(2 * time.Minute)
	if same, _ := get(nil); same != first {
		t.Error("an unchanged file gives another certificate")
	}
	writeCertificate(t, cfg, now)
	now = now.Add(2 * time.Minute)
	second, _ := get(nil)
	if bytes.Equal(second.Certificate[0], first.Certificate[0]) {
		t.Error("a renewed certificate is not taken up")
	}
	if err := os.WriteFile(cfg.TLSCert, []byte("half a renewal"), 0o600); err != nil {
		t.Fatal(err)
	}
	now = now.Add(2 * time.Minute)
	if kept, err := get(nil); err != nil || kept != second {
		t.Errorf("a renewal that cannot be read takes the certificate away: %v", err)
	}
}

// writeCertificate makes a certificate and dates its file, because two of them may be made within one tick of the disk's clock.
func writeCertificate(t *testing.T, cfg serveCmd, at time.Time) {
	t.Helper()
	authority, err := control.NewAuthority(at)
	if err != nil {
		t.Fatal(err)
	}
	made, err := authority.ServerCertificate([]string{"cloud.example"}, at)
	if err != nil {
		t.Fatal(err)
	}
	key, err := x509.MarshalPKCS8PrivateKey(made.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	for file, block := range map[string]*pem.Block{
		cfg.TLSCert: {Type: "CERTIFICATE", Bytes: made.Certificate[0]},
		cfg.TLSKey:  {Type: "PRIVATE KEY", Bytes: key},
	} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(file, at, at); err != nil {
			t.Fatal(err)
		}
	}
}

func TestPublicAddressesFollowFromTheListeners(t *testing.T) {
	for _, c := range []struct {
		cfg              serveCmd
		listens, gateway string
		url, forAgents   string
	}{
		{serveCmd{}, "127.0.0.1:8443", "127.0.0.1:4433", "https://127.0.0.1:8443", "127.0.0.1:4433"},
		{serveCmd{PublicURL: "https://cloud.example"}, "[::]:8443", "[::]:4433", "https://cloud.example", "cloud.example:4433"},
		{serveCmd{PublicURL: "https://cloud.example", PublicGateway: "in.example:443"}, "[::]:8443", "[::]:4433", "https://cloud.example", "in.example:443"},
		{serveCmd{PublicURL: "https://cloud.example", Gateway: ":4433"}, "[::]:8443", "", "https://cloud.example", "cloud.example:4433"},
		{serveCmd{}, "[::]:8443", "[::]:4433", "https://" + hostname() + ":8443", hostname() + ":4433"},
	} {
		u, err := c.cfg.publicURL(address(c.listens))
		if err != nil {
			t.Fatal(err)
		}
		if got := u.String(); got != c.url {
			t.Errorf("%+v: url %s, want %s", c.cfg, got, c.url)
		}
		if got := c.cfg.publicGateway(u, c.gateway); got != c.forAgents {
			t.Errorf("%+v: gateway %s, want %s", c.cfg, got, c.forAgents)
		}
	}
	for _, bad := range []string{"cloud.example", "http://cloud.example", "https://"} {
		if _, err := (&serveCmd{PublicURL: bad}).publicURL(address("127.0.0.1:1")); err == nil {
			t.Errorf("%q is taken for a URL of ours", bad)
		}
	}
}

type address string

func (address) Network() string  { return "tcp" }
func (a address) String() string { return string(a) }

func TestReplayPrintsCallsOfARecording(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "A"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "A", "trace.ami"), []byte("# 1 connected\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, problems := callweave(t, "", "replay", dir)
	var got struct{ Calls []any }
	if err := json.Unmarshal([]byte(out), &got); code != 0 || err != nil || len(got.Calls) != 0 {
		t.Errorf("exit code %d, %v: %s%s", code, err, out, problems)
	}
}
