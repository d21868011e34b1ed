package control_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/control"
	"github.com/callweave/callweave/cloud/pg"
	"github.com/callweave/callweave/cloud/pg/pgtest"
	"github.com/callweave/callweave/tenants"
)

// office is a deployment with one tenant that has one PBX.
type office struct {
	t      *testing.T
	db     *pg.DB
	tenant tenants.ID
	pbx    int32
	keys   control.Keys
	agents *control.Agents
	tokens *control.Tokens
	enrol  http.Handler
	time   time.Time
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{t: t, db: pgtest.New(t), time: time.Now().Truncate(time.Second)}
	o.tenant = pgtest.NewTenant(t, o.db, "office")
	o.pbx = o.addPBX(o.tenant, "main")
	var err error
	if o.keys, err = control.OpenKeys(t.Context(), o.db, o.now); err != nil {
		t.Fatal(err)
	}
	o.agents = control.NewAgents(o.db, o.keys, o.now)
	o.tokens = control.NewTokens(o.db, o.keys, "https://cloud.example:8443", o.now)
	o.enrol = control.NewEnrolment(o.tokens, o.agents, "cloud.example:4433", slog.New(slog.DiscardHandler))
	return o
}

func (o *office) now() time.Time { return o.time }

func (o *office) addPBX(tenant tenants.ID, name string) (id int32) {
	o.t.Helper()
	err := o.db.As(tenant).Tx(o.t.Context(), func(tx pgx.Tx) error {
		return tx.QueryRow(o.t.Context(), `WITH s AS (INSERT INTO stations (tenant_id, name) VALUES ($1, $2) RETURNING id)
			INSERT INTO pbxs (tenant_id, station_id, name) SELECT $1, id, $2 FROM s RETURNING id`, tenant.UUID(), name).Scan(&id)
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return id
}

func (o *office) token() string {
	o.t.Helper()
	token, err := o.tokens.Issue(o.t.Context(), o.tenant, o.pbx)
	if err != nil {
		o.t.Fatal(err)
	}
	return token
}

// post sends an enrolment and returns status, code of a problem, and the reply.
func (o *office) post(token, csr string) (status int, code string, reply control.EnrolmentReply) {
	o.t.Helper()
	body, err := json.Marshal(control.EnrolmentRequest{Token: token, CSR: csr, Version: "1.2.3"})
	if err != nil {
		o.t.Fatal(err)
	}
	w := httptest.NewRecorder()
	o.enrol.ServeHTTP(w, httptest.NewRequestWithContext(o.t.Context(), http.MethodPost, "/api/v1/agents/enrol", bytes.NewReader(body)))
	var problem struct{ Code string }
	if w.Code == http.StatusCreated {
		err = json.Unmarshal(w.Body.Bytes(), &reply)
	} else {
		err = json.Unmarshal(w.Body.Bytes(), &problem)
	}
	if err != nil {
		o.t.Fatalf("%d %s: %v", w.Code, w.Body, err)
	}
	return w.Code, problem.Code, reply
}

func request(t *testing.T, key any, names ...string) string {
	t.Helper()
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{Subject: pkix.Name{CommonName: "attacker"}, DNSNames: names}, key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der}))
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func parse(t *testing.T, text string) *x509.Certificate {
	t.Helper()
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		t.Fatal("no certificate")
	}
	c, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (o *office) enrolled() (uuid.UUID, *x509.Certificate) {
	o.t.Helper()
	status, code, reply := o.post(o.token(), request(o.t, newKey(o.t)))
	if status != http.StatusCreated {
		o.t.Fatalf("%d %s", status, code)
	}
	return reply.Agent, parse(o.t, reply.Certificate)
}

func TestEnrolledAgentIsKnownByItsCertificate(t *testing.T) {
	o := newOffice(t)
	status, code, reply := o.post(o.token(), request(t, newKey(t), "gateway.example"))
	if status != http.StatusCreated {
		t.Fatalf("%d %s", status, code)
	}
	c := parse(t, reply.Certificate)
	if _, err := c.Verify(x509.VerifyOptions{Roots: o.keys.Authority.Pool(), KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}); err != nil {
		t.Error(err)
	}
	if _, err := c.Verify(x509.VerifyOptions{Roots: o.keys.Authority.Pool(), KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}); err == nil {
		t.Error("an agent's certificate can be used for a server")
	}
	if len(c.DNSNames) > 0 || c.Subject.CommonName == "attacker" {
		t.Errorf("names of the request were honoured: %v %v", c.DNSNames, c.Subject)
	}
	if life := c.NotAfter.Sub(o.time); life != 90*24*time.Hour {
		t.Errorf("life %v", life)
	}
	agent, err := o.agents.Identify(t.Context(), c)
	if err != nil || agent.Tenant != o.tenant || agent.PBX != o.pbx || agent.ID != reply.Agent {
		t.Errorf("%+v %v", agent, err)
	}
	if reply.Gateway != "cloud.example:4433" || !strings.Contains(reply.Authority, "BEGIN CERTIFICATE") {
		t.Errorf("reply %+v", reply)
	}
}

func TestTokenIsGoodForOneAgentForAQuarterOfAnHour(t *testing.T) {
	o := newOffice(t)
	token := o.token()
	if status, code, _ := o.post(token, request(t, newKey(t))); status != http.StatusCreated {
		t.Fatalf("%d %s", status, code)
	}
	if status, code, _ := o.post(token, request(t, newKey(t))); status != http.StatusForbidden || code != "token-used" {
		t.Errorf("second use: %d %s", status, code)
	}
	late := o.token()
	o.time = o.time.Add(16 * time.Minute)
	if status, code, _ := o.post(late, request(t, newKey(t))); status != http.StatusForbidden || code != "token-expired" {
		t.Errorf("late use: %d %s", status, code)
	}
}

func TestOfManyAtOnceOneTokenServesOne(t *testing.T) {
	o := newOffice(t)
	token, csr := o.token(), request(t, newKey(t))
	var mu sync.Mutex
	codes := map[string]int{}
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			_, code, _ := o.post(token, csr)
			mu.Lock()
			defer mu.Unlock()
			codes[code]++
		})
	}
	all.Wait()
	if codes[""] != 1 || codes["token-used"] != 19 {
		t.Errorf("%v", codes)
	}
}

func TestTokensNotOursAreRefused(t *testing.T) {
	o, other := newOffice(t), newOffice(t)
	good := o.token()
	parts := strings.Split(good, ".")
	unsigned := "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0." + parts[1] + "."
	for name, token := range map[string]string{
		"empty": "", "noise": "a.b.c", "another cloud's": other.token(), "unsigned": unsigned,
		"changed": parts[0] + "." + strings.Replace(parts[1], "e", "f", 1) + "." + parts[2], "cut": good[:len(good)-4],
	} {
		if status, code, _ := o.post(token, request(t, newKey(t))); status != http.StatusForbidden || code != "token-invalid" {
			t.Errorf("%s: %d %s", name, status, code)
		}
	}
	if status, code, _ := o.post(good, request(t, newKey(t))); status != http.StatusCreated {
		t.Errorf("the good one was spoilt: %d %s", status, code)
	}
}

func TestRequestsWithPoorKeysAreRefusedAndTheTokenStaysGood(t *testing.T) {
	o := newOffice(t)
	token := o.token()
	weak, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	p224, err := ecdsa.GenerateKey(elliptic.P224(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	broken := request(t, newKey(t))
	block, _ := pem.Decode([]byte(broken))
	block.Bytes[len(block.Bytes)-1] ^= 1
	for name, csr := range map[string]string{
		"RSA": request(t, weak), "P-224": request(t, p224), "none": "", "no PEM": "hello", "signature": string(pem.EncodeToMemory(block)),
	} {
		if status, code, _ := o.post(token, csr); status != http.StatusBadRequest || code != "request-malformed" {
			t.Errorf("%s: %d %s", name, status, code)
		}
	}
	if status, code, _ := o.post(token, request(t, newKey(t))); status != http.StatusCreated {
		t.Errorf("%d %s", status, code)
	}
}

func TestTokenForAnotherTenantsPBXIsNotIssued(t *testing.T) {
	o := newOffice(t)
	other := pgtest.NewTenant(t, o.db, "other")
	theirs := o.addPBX(other, "theirs")
	if _, err := o.tokens.Issue(t.Context(), o.tenant, theirs); !errors.Is(err, control.ErrUnknownPBX) {
		t.Errorf("got %v", err)
	}
	if err := o.agents.Revoke(t.Context(), other, func() uuid.UUID { id, _ := o.enrolled(); return id }(), "malice"); !errors.Is(err, control.ErrUnknownAgent) {
		t.Errorf("another tenant's agent was revoked: %v", err)
	}
}

func TestWhoMayNotConnect(t *testing.T) {
	o := newOffice(t)
	id, c := o.enrolled()
	if err := o.agents.Revoke(t.Context(), o.tenant, id, "stolen"); err != nil {
		t.Fatal(err)
	}
	if _, err := o.agents.Identify(t.Context(), c); !errors.Is(err, control.ErrRevoked) {
		t.Errorf("revoked: %v", err)
	}
	standing, err := o.agents.Sweep(t.Context(), []uuid.UUID{id, uuid.New()})
	if err != nil || !errors.Is(standing[id].Err, control.ErrRevoked) || len(standing) != 2 {
		t.Errorf("sweep: %v %v", standing, err)
	}
	_, c = o.enrolled()
	o.time = o.time.Add(91 * 24 * time.Hour)
	if _, err := o.agents.Identify(t.Context(), c); !errors.Is(err, control.ErrCertificateExpired) {
		t.Errorf("expired: %v", err)
	}
	_, c = o.enrolled()
	if _, err := tenants.NewStore(o.db.Owner(), o.db.System()).Suspend(t.Context(), o.tenant); err != nil {
		t.Fatal(err)
	}
	if _, err := o.agents.Identify(t.Context(), c); !errors.Is(err, control.ErrTenantSuspended) {
		t.Errorf("suspended: %v", err)
	}
}

func TestNewAgentOfAPBXRetiresTheFormer(t *testing.T) {
	o := newOffice(t)
	_, former := o.enrolled()
	_, newer := o.enrolled()
	if _, err := o.agents.Identify(t.Context(), former); !errors.Is(err, control.ErrRevoked) {
		t.Errorf("former: %v", err)
	}
	if _, err := o.agents.Identify(t.Context(), newer); err != nil {
		t.Errorf("newer: %v", err)
	}
}

func TestRenewedCertificateComesIntoForceWhenUsed(t *testing.T) {
	o := newOffice(t)
	id, first := o.enrolled()
	o.time = o.time.Add(61 * 24 * time.Hour)
	block, _ := pem.Decode([]byte(request(t, newKey(t))))
	chain, err := o.agents.Renew(id, block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	second := parse(t, string(chain))
	if _, err := o.agents.Identify(t.Context(), first); err != nil {
		t.Errorf("the old one, before the new one is used: %v", err)
	}
	if agent, err := o.agents.Identify(t.Context(), second); err != nil || agent.ID != id {
		t.Errorf("the new one: %+v %v", agent, err)
	}
	if _, err := o.agents.Identify(t.Context(), first); !errors.Is(err, control.ErrSuperseded) {
		t.Errorf("the old one, after: %v", err)
	}
}

func TestPresenceOfTheNewestConnectionStays(t *testing.T) {
	o := newOffice(t)
	id, _ := o.enrolled()
	first, err := o.agents.Connected(t.Context(), id, control.Presence{Version: "1", Transport: "tcp", Address: "192.0.2.1:1"})
	if err != nil {
		t.Fatal(err)
	}
	second, err := o.agents.Connected(t.Context(), id, control.Presence{Version: "2", Transport: "quic", Address: "192.0.2.1:2"})
	if err != nil {
		t.Fatal(err)
	}
	if err := o.agents.Disconnected(t.Context(), id, first); err != nil {
		t.Fatal(err)
	}
	if err := o.agents.Reported(t.Context(), id, json.RawMessage(`{"counters":{"events":1}}`)); err != nil {
		t.Fatal(err)
	}
	standing, err := o.agents.Sweep(t.Context(), []uuid.UUID{id})
	if err != nil || !standing[id].Connected.Equal(second) {
		t.Errorf("%v %v, want %v", standing, err, second)
	}
	if err := o.agents.Disconnected(t.Context(), id, second); err != nil {
		t.Fatal(err)
	}
	if standing, _ = o.agents.Sweep(t.Context(), []uuid.UUID{id}); !standing[id].Connected.IsZero() {
		t.Errorf("still there: %v", standing)
	}
}

func TestNodesThatStartTogetherShareOneAuthority(t *testing.T) {
	db := pgtest.New(t)
	pins := make([]string, 8)
	var all sync.WaitGroup
	for i := range pins {
		all.Go(func() {
			keys, err := control.OpenKeys(t.Context(), db, time.Now)
			if err != nil {
				t.Error(err)
				return
			}
			pins[i] = keys.Authority.Pin() + string(keys.Token)
		})
	}
	all.Wait()
	for _, pin := range pins {
		if pin != pins[0] {
			t.Fatal("nodes have different keys")
		}
	}
}

func TestServerCertificateIsForItsHostsAndRenewedInTime(t *testing.T) {
	now := time.Now()
	authority, err := control.NewAuthority(now)
	if err != nil {
		t.Fatal(err)
	}
	certificates := control.NewServerCertificates(authority, []string{"cloud.example", "192.0.2.7"}, func() time.Time { return now })
	get := func() *tls.Certificate {
		c, err := certificates.Get(nil)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	first := get()
	for _, host := range []string{"cloud.example", "localhost", "127.0.0.1", "::1", "192.0.2.7"} {
		if _, err := first.Leaf.Verify(x509.VerifyOptions{Roots: authority.Pool(), DNSName: host}); err != nil {
			t.Errorf("%s: %v", host, err)
		}
	}
	if len(first.Certificate) != 2 {
		t.Error("the authority is not in the chain, so no pin can match")
	}
	now = now.Add(59 * 24 * time.Hour)
	if get() != first {
		t.Error("renewed too early")
	}
	now = now.Add(2 * 24 * time.Hour)
	if get() == first {
		t.Error("not renewed")
	}
}
