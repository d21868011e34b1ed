package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/api"
	"github.com/callweave/callweave/cloud/assemble"
	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/cloud/control"
	"github.com/callweave/callweave/cloud/directory"
	"github.com/callweave/callweave/cloud/facts"
	"github.com/callweave/callweave/cloud/mail"
	"github.com/callweave/callweave/cloud/mail/mailtest"
	"github.com/callweave/callweave/cloud/pg"
	"github.com/callweave/callweave/cloud/pg/pgtest"
	"github.com/callweave/callweave/cloud/rights"
	"github.com/callweave/callweave/cloud/users"
	"github.com/callweave/callweave/tenants"
)

const password = "correct horse"

// fixture is a cloud with two tenants, everybody's log-ins, and an API in front of it.
type fixture struct {
	t        *testing.T
	db       *pg.DB
	api      *api.API
	server   *httptest.Server
	clock    *clock
	log      *lockedBuffer
	changes  *feed
	mail     *mailtest.Server
	figures  *figured
	sent     *sentNow
	sessions *api.Sessions
	mine     tenants.ID
	other    tenants.ID
	people   map[string]uuid.UUID // by log-in name
	pbx      int32
	station  int32
	operator int32
	anna     int32 // a person, see addPerson
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	db := pgtest.New(t)
	f := &fixture{
		t: t, db: db, clock: &clock{at: time.Now()}, log: &lockedBuffer{}, changes: &feed{}, mail: mailtest.Start(t, false), figures: &figured{}, sent: &sentNow{},
		mine: pgtest.NewTenant(t, db, "mine"), other: pgtest.NewTenant(t, db, "other"), people: map[string]uuid.UUID{},
	}
	keys, err := control.OpenKeys(t.Context(), db, f.clock.now)
	must(t, err)
	passwords := users.NewTestPasswords()
	people := users.New(db, passwords, f.clock.now)
	log := slog.New(slog.NewJSONHandler(f.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	f.api, err = api.New(api.Config{}, api.Deps{
		DB: db, Passwords: passwords, Users: people, Changes: f.changes, Imports: importsAtOnce{db, f.clock.now}, Log: log, Now: f.clock.now,
		Agents: control.NewAgents(db, keys, f.clock.now), Tokens: control.NewTokens(db, keys, "https://cloud.test:8443", f.clock.now),
		Facts: facts.New(db, facts.Config{Key: keys.Derive("facts"), Dir: t.TempDir()}, f.clock.now), Figures: f.figures, Schedules: f.sent, URL: "https://cloud.test:8443",
		Mail: mail.NewPostbox(keys.Derive("mail"), mail.Options{Private: true, Roots: f.mail.Roots}),
	})
	must(t, err)
	f.sessions = api.NewSessions(db, 12*time.Hour, 7*24*time.Hour, f.clock.now)
	f.server = httptest.NewTLSServer(f.api.Handler())
	t.Cleanup(f.server.Close)
	t.Cleanup(func() {
		if t.Failed() {
			for line := range strings.Lines(f.log.String()) {
				if strings.Contains(line, `"level":"ERROR"`) {
					t.Log(line)
				}
			}
		}
	})
	f.populate(people)
	return f
}

func (f *fixture) populate(people *users.Accounts) {
	ctx := f.t.Context()
	for _, u := range []struct {
		tenant      tenants.ID
		login, role string
	}{
		{f.mine, "anna", rights.Administrator},
		{f.mine, "sveta", rights.Supervisor},
		{f.mine, "oleg", rights.Operator},
		{f.mine, "unbound", rights.Operator},
		{f.other, "stranger", rights.Administrator},
	} {
		id, err := people.CreateUser(ctx, u.tenant, users.NewUser{Login: u.login, Name: strings.ToUpper(u.login), Password: password, Role: u.role})
		must(f.t, err)
		f.people[u.login] = id
	}
	id, err := people.CreateStaff(ctx, "vera", "VERA", password)
	must(f.t, err)
	f.people["vera"] = id
	f.pbx = f.addPBX("office", "Head office")
	must(f.t, f.db.As(f.mine).Tx(ctx, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `INSERT INTO operators (tenant_id, station_id, number) SELECT $1, id, '101' FROM stations RETURNING id, station_id`, f.mine.UUID()).Scan(&f.operator, &f.station)
	}))
	must(f.t, people.BindOperator(ctx, f.mine, f.people["oleg"], f.operator))
	f.anna = f.addPerson("Anna Petrova")
}

// aCall is what a test says of a call; the rest is filled in.
type aCall struct {
	id          uuid.UUID
	at          time.Time
	caller      string
	dialled     string
	direction   int
	disposition int
	queues      []int32
	operators   []int32
	open        bool
	story       string
	attributes  [][2]string
}

func (f *fixture) addCalls(tenant tenants.ID, calls ...aCall) {
	f.t.Helper()
	must(f.t, f.db.As(tenant).Tx(f.t.Context(), func(tx pgx.Tx) error {
		var b pgx.Batch
		for _, c := range calls {
			if c.story == "" {
				c.story = "{}"
			}
			b.Queue(`INSERT INTO calls (tenant_id, id, started, ended, rev, open, partial, direction, disposition, hangup_by, caller, caller_name, dialled,
				pbx_ids, queue_ids, operator_ids, wait_ms, talk_ms, hold_ms, ring_count, transfer_count, story, attributes)
				VALUES ($1, $2, $3, $3::timestamptz + interval '1 min', 1, $4, false, $5, $6, 1, $7, '', $8, ARRAY[$9::int], coalesce($10::int[], '{}'), coalesce($11::int[], '{}'),
				1000, 2000, 0, 1, 0, $12, $13)`,
				tenant.UUID(), c.id, c.at, c.open, c.direction, c.disposition, c.caller, c.dialled, f.pbx, c.queues, c.operators, c.story, keysOf(c.attributes))
		}
		return tx.SendBatch(f.t.Context(), &b).Close()
	}))
}

// keysOf are the keys under which the pipeline stores attributes.
func keysOf(attributes [][2]string) []int64 {
	leg := call.Leg{}
	for _, x := range attributes {
		leg.Attributes = append(leg.Attributes, call.Attribute{Name: x[0], Value: x[1]})
	}
	return append([]int64{}, assemble.AttributeKeys(&call.Call{Legs: []call.Leg{leg}})...)
}

// browser is somebody at a browser, with a cookie once he has signed in.
type browser struct {
	f      *fixture
	cookie string
	header map[string]string
}

func (f *fixture) browser() *browser { return &browser{f: f, header: map[string]string{}} }

func (f *fixture) as(login string) *browser {
	f.t.Helper()
	b := f.browser()
	if r := b.do("POST", "/session", map[string]string{"login": login, "password": password}); r.status != 200 {
		f.t.Fatalf("%s cannot sign in: %d %s", login, r.status, r.body)
	}
	return b
}

type reply struct {
	status int
	body   []byte
	header http.Header
}

func (b *browser) request(ctx context.Context, method, path string, body any) *http.Request {
	var r io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		must(b.f.t, err)
		r = bytes.NewReader(raw)
	}
	if !strings.HasPrefix(path, "/api/") {
		path = "/api/v1" + path
	}
	req, err := http.NewRequestWithContext(ctx, method, b.f.server.URL+path, r)
	must(b.f.t, err)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if b.cookie != "" {
		req.Header.Set("Cookie", "__Host-callweave="+b.cookie)
	}
	for k, v := range b.header {
		req.Header.Set(k, v)
	}
	return req
}

func (b *browser) do(method, path string, body any) reply {
	b.f.t.Helper()
	return b.send(b.request(b.f.t.Context(), method, path, body))
}

func (b *browser) send(req *http.Request) reply {
	b.f.t.Helper()
	res, err := b.f.server.Client().Do(req)
	must(b.f.t, err)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	must(b.f.t, err)
	for _, c := range res.Cookies() {
		b.cookie = c.Value
	}
	return reply{res.StatusCode, raw, res.Header}
}

func (r reply) into(t *testing.T, v any) {
	t.Helper()
	if r.status >= 300 {
		t.Fatalf("status %d: %s", r.status, r.body)
	}
	must(t, json.Unmarshal(r.body, v))
}

func (r reply) code(t *testing.T) string {
	t.Helper()
	var p api.Problem
	if err := json.Unmarshal(r.body, &p); err != nil {
		t.Fatalf("no problem: %s", r.body)
	}
	if got := r.header.Get("Content-Type"); got != "application/problem+json" || p.Status != r.status || p.Detail == "" {
		t.Errorf("content type %q, status %d in the body of a %d, detail %q", got, p.Status, r.status, p.Detail)
	}
	return p.Code
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// clock is moved by hand.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// feed stands for the event log.
type feed struct {
	mu   sync.Mutex
	subs map[*func([]uuid.UUID)]tenants.ID
	came chan struct{} // closed when somebody subscribes, if a test waits for that
}

func (s *feed) SubscribeChanged(tenant tenants.ID, fn func([]uuid.UUID)) (func(), error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.subs == nil {
		s.subs = map[*func([]uuid.UUID)]tenants.ID{}
	}
	key := &fn
	s.subs[key] = tenant
	if s.came != nil {
		close(s.came)
		s.came = nil
	}
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.subs, key)
	}, nil
}

func (s *feed) changed(tenant tenants.ID, calls ...uuid.UUID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for fn, of := range s.subs {
		if of == tenant {
			(*fn)(calls)
		}
	}
}

// addPBX adds a PBX to my tenant.
func (f *fixture) addPBX(name, station string) int32 {
	f.t.Helper()
	var p directory.PBX
	must(f.t, f.db.As(f.mine).Tx(f.t.Context(), func(tx pgx.Tx) (err error) {
		p, err = directory.AddPBX(f.t.Context(), tx, name, station)
		return err
	}))
	return p.ID
}

func itoa(id int32) string { return strconv.Itoa(int(id)) }
