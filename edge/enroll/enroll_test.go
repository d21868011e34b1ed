package enroll_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/control"
	"github.com/callweave/callweave/cloud/pg/pgtest"
	"github.com/callweave/callweave/edge/enroll"
)

// portal is a real enrolment behind real TLS, with the certificate a cloud makes for itself.
type portal struct {
	t      *testing.T
	keys   control.Keys
	tokens *control.Tokens
	agents *control.Agents
	issue  func() string
	url    string
	before func(w http.ResponseWriter, r *http.Request) bool // true: answered
	time   time.Time
}

func newPortal(t *testing.T) *portal {
	t.Helper()
	db := pgtest.New(t)
	p := &portal{t: t, time: time.Now()}
	now := func() time.Time { return p.time }
	var err error
	if p.keys, err = control.OpenKeys(t.Context(), db, now); err != nil {
		t.Fatal(err)
	}
	p.agents = control.NewAgents(db, p.keys, now)
	mux := http.NewServeMux()
	server := httptest.NewUnstartedServer(mux)
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelInfo)
	// StartTLS would show a certificate of its own to a client that calls it by address.
	server.Listener = tls.NewListener(server.Listener, &tls.Config{GetCertificate: control.NewServerCertificates(p.keys.Authority, nil, now).Get})
	server.Start()
	t.Cleanup(server.Close)
	p.url = "https://" + server.Listener.Addr().String()
	p.tokens = control.NewTokens(db, p.keys, p.url, now)
	enrolment := control.NewEnrolment(p.tokens, p.agents, "gateway.example:4433", slog.New(slog.DiscardHandler))
	mux.HandleFunc("/api/v1/agents/enrol", func(w http.ResponseWriter, r *http.Request) {
		if p.before != nil && p.before(w, r) {
			return
		}
		enrolment.ServeHTTP(w, r)
	})
	tenant := pgtest.NewTenant(t, db, "office")
	var pbx int32
	err = db.As(tenant).Tx(t.Context(), func(tx pgx.Tx) error {
		return tx.QueryRow(t.Context(), `WITH s AS (INSERT INTO stations (tenant_id, name) VALUES ($1, 'a') RETURNING id)
			INSERT INTO pbxs (tenant_id, station_id, name) SELECT $1, id, 'a' FROM s RETURNING id`, tenant.UUID()).Scan(&pbx)
	})
	if err != nil {
		t.Fatal(err)
	}
	p.issue = func() string {
		token, err := p.tokens.Issue(t.Context(), tenant, pbx)
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	return p
}

func (p *portal) options(token, dir string) enroll.Options {
	return enroll.Options{
		Token: token, Dir: dir, Version: "test", Now: func() time.Time { return p.time },
		Retries: 3, WaitMin: time.Millisecond, WaitMax: 2 * time.Millisecond,
	}
}

func leaf(t *testing.T, i *enroll.Identity) *x509.Certificate {
	t.Helper()
	return i.Certificate().Leaf
}

func TestTokenBecomesAnIdentityOnDisk(t *testing.T) {
	p := newPortal(t)
	dir := filepath.Join(t.TempDir(), "state")
	made, err := enroll.Enroll(t.Context(), p.options(p.issue(), dir))
	if err != nil {
		t.Fatal(err)
	}
	if made.Gateway() != "gateway.example:4433" || made.Cloud() != p.url {
		t.Errorf("gateway %s, cloud %s", made.Gateway(), made.Cloud())
	}
	if _, err := p.agents.Identify(t.Context(), leaf(t, made)); err != nil {
		t.Errorf("the cloud does not know it: %v", err)
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 1 {
		t.Fatalf("files %v %v", files, err)
	}
	info, err := files[0].Info()
	if err != nil || info.Mode() != 0o600 {
		t.Errorf("mode %v %v", info.Mode(), err)
	}
	loaded, err := enroll.Load(dir, time.Now)
	if err != nil || loaded.Agent() != made.Agent() || !leaf(t, loaded).Equal(leaf(t, made)) {
		t.Errorf("loaded %v", err)
	}
}

func TestRootEnrolsForTheAgentsUser(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can give files away")
	}
	p := newPortal(t)
	dir := t.TempDir()
	if err := os.Chown(dir, 4321, 4322); err != nil {
		t.Fatal(err)
	}
	if _, err := enroll.Enroll(t.Context(), p.options(p.issue(), dir)); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(filepath.Join(dir, "identity.json"))
	if err != nil {
		t.Fatal(err)
	}
	if owner := info.Sys().(*syscall.Stat_t); owner.Uid != 4321 || owner.Gid != 4322 || info.Mode() != 0o600 {
		t.Errorf("owner %d:%d, mode %v", owner.Uid, owner.Gid, info.Mode())
	}
}

func TestRefusalsCarryTheirCode(t *testing.T) {
	p := newPortal(t)
	token := p.issue()
	if _, err := enroll.Enroll(t.Context(), p.options(token, t.TempDir())); err != nil {
		t.Fatal(err)
	}
	var refused *enroll.RefusedError
	if _, err := enroll.Enroll(t.Context(), p.options(token, t.TempDir())); !errors.As(err, &refused) || refused.Code != "token-used" {
		t.Errorf("used: %v", err)
	}
	old := p.issue()
	p.time = p.time.Add(20 * time.Minute)
	if _, err := enroll.Enroll(t.Context(), p.options(old, t.TempDir())); !errors.As(err, &refused) || refused.Code != "token-expired" {
		t.Errorf("expired: %v", err)
	}
	if _, err := enroll.Enroll(t.Context(), p.options("rubbish", t.TempDir())); !errors.Is(err, enroll.ErrToken) {
		t.Errorf("rubbish: %v", err)
	}
}

func TestBusyCloudIsAskedAgain(t *testing.T) {
	p := newPortal(t)
	tries := 0
	p.before = func(w http.ResponseWriter, _ *http.Request) bool {
		tries++
		if tries < 3 {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		return tries < 3
	}
	if _, err := enroll.Enroll(t.Context(), p.options(p.issue(), t.TempDir())); err != nil || tries != 3 {
		t.Errorf("%d tries, %v", tries, err)
	}
}

func TestStrangerWithTheCloudsNameGetsNothing(t *testing.T) {
	p, stranger := newPortal(t), newPortal(t)
	asked := false
	stranger.before = func(http.ResponseWriter, *http.Request) bool { asked = true; return false }
	options := p.options(p.issue(), t.TempDir())
	options.Cloud = stranger.url
	if _, err := enroll.Enroll(t.Context(), options); !errors.Is(err, enroll.ErrPin) {
		t.Errorf("got %v", err)
	}
	if asked {
		t.Error("the token was shown to a stranger")
	}
}

func TestTokenIsNotCarriedAlongARedirect(t *testing.T) {
	p, other := newPortal(t), newPortal(t)
	asked := false
	other.before = func(http.ResponseWriter, *http.Request) bool { asked = true; return false }
	p.before = func(w http.ResponseWriter, r *http.Request) bool {
		http.Redirect(w, r, other.url+"/api/v1/agents/enrol", http.StatusTemporaryRedirect)
		return true
	}
	if _, err := enroll.Enroll(t.Context(), p.options(p.issue(), t.TempDir())); err == nil || asked {
		t.Errorf("asked %v, %v", asked, err)
	}
}

func TestErrorsDoNotShowTheToken(t *testing.T) {
	p := newPortal(t)
	token := p.issue()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	options := p.options(token, t.TempDir())
	for name, fn := range map[string]func() error{
		"cancelled": func() error { _, err := enroll.Enroll(ctx, options); return err },
		"no https":  func() error { o := options; o.Cloud = "http://x"; _, err := enroll.Enroll(t.Context(), o); return err },
		"nobody": func() error {
			o := options
			o.Cloud = "https://127.0.0.1:1"
			_, err := enroll.Enroll(t.Context(), o)
			return err
		},
		"cut token": func() error { o := options; o.Token = token[:60]; _, err := enroll.Enroll(t.Context(), o); return err },
	} {
		err := fn()
		if err == nil || strings.Contains(err.Error(), token[:40]) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestIdentityIsRenewedWhenAThirdOfItsLifeIsLeft(t *testing.T) {
	p := newPortal(t)
	dir := t.TempDir()
	i, err := enroll.Enroll(t.Context(), p.options(p.issue(), dir))
	if err != nil {
		t.Fatal(err)
	}
	if request, err := i.RenewalRequest(); request != nil || err != nil {
		t.Errorf("asked at once: %v", err)
	}
	before := leaf(t, i)
	p.time = p.time.Add(62 * 24 * time.Hour)
	request, err := i.RenewalRequest()
	if request == nil || err != nil {
		t.Fatalf("not asked: %v", err)
	}
	id, err := control.AgentOf(before)
	if err != nil {
		t.Fatal(err)
	}
	for name, chain := range map[string][]byte{"nothing": nil, "the old one": pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: before.Raw})} {
		if err := i.Renew(chain); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	chain, err := p.agents.Renew(id, request)
	if err != nil {
		t.Fatal(err)
	}
	if err := i.Renew(chain); err != nil {
		t.Fatal(err)
	}
	loaded, err := enroll.Load(dir, time.Now)
	if err != nil || leaf(t, loaded).Equal(before) {
		t.Fatalf("not stored: %v", err)
	}
	if _, err := p.agents.Identify(t.Context(), leaf(t, loaded)); err != nil {
		t.Errorf("the cloud does not know the new one: %v", err)
	}
}

func TestRunningAgentTakesUpANewIdentity(t *testing.T) {
	p := newPortal(t)
	dir := t.TempDir()
	running, err := enroll.Enroll(t.Context(), p.options(p.issue(), dir))
	if err != nil {
		t.Fatal(err)
	}
	before := leaf(t, running)
	again, err := enroll.Enroll(t.Context(), p.options(p.issue(), dir))
	if err != nil {
		t.Fatal(err)
	}
	if got := leaf(t, running); got.Equal(before) || !got.Equal(leaf(t, again)) || running.Agent() != again.Agent() {
		t.Error("it goes on with the old one")
	}
}

func TestDirectoryWithoutAnIdentity(t *testing.T) {
	if _, err := enroll.Load(t.TempDir(), time.Now); !errors.Is(err, enroll.ErrNotEnrolled) {
		t.Errorf("got %v", err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "identity.json"), []byte(`{"agent":"x"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := enroll.Load(dir, time.Now); err == nil || errors.Is(err, enroll.ErrNotEnrolled) || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("half an identity: %v", err)
	}
}
