package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/control"
	"github.com/callweave/callweave/cloud/eventlog"
	"github.com/callweave/callweave/cloud/gateway"
	"github.com/callweave/callweave/cloud/ingest"
	"github.com/callweave/callweave/cloud/pg"
	"github.com/callweave/callweave/cloud/pg/pgtest"
	"github.com/callweave/callweave/edge/doctor"
	"github.com/callweave/callweave/lab/fakepbx"
	"github.com/callweave/callweave/shared/wire"
	"github.com/callweave/callweave/tenants"
)

// world of a test: a cloud up to the event log, a PBX that plays recordings, and an agent's environment.
type site struct {
	t     *testing.T
	db    *pg.DB
	token func() string
	env   map[string]string
	dir   string

	mu      sync.Mutex
	cursor  map[uuid.UUID][2]uint64
	watch   func(agent uuid.UUID, stream, seq uint64)
	batches [][]byte
	changed chan struct{}
}

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{t: t, db: pgtest.New(t), dir: t.TempDir(), cursor: map[uuid.UUID][2]uint64{}, changed: make(chan struct{}, 1)}
	keys, err := control.OpenKeys(t.Context(), s.db, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	certificates := control.NewServerCertificates(keys.Authority, nil, time.Now)
	agents := control.NewAgents(s.db, keys, time.Now)
	quiet := slog.New(slog.DiscardHandler)
	g := gateway.New(gateway.Config{Listen: "127.0.0.1:0"}, gateway.Deps{
		Agents: agents, Commits: s, Ingest: ingest.New(ingest.Config{}, s, quiet, time.Now), Certificate: certificates.Get,
		Authority: keys.Authority.Pool(), Log: quiet, Now: time.Now,
	})
	s.serve(g.Run)
	<-g.Ready()

	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{GetCertificate: certificates.Get})
	if err != nil {
		t.Fatal(err)
	}
	tokens := control.NewTokens(s.db, keys, "https://"+listener.Addr().String(), time.Now)
	portal := &http.Server{Handler: control.NewEnrolment(tokens, agents, g.Addr().String(), quiet), ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelInfo)}
	go func() { _ = portal.Serve(listener) }()
	t.Cleanup(func() { _ = portal.Close() })

	tenant := pgtest.NewTenant(t, s.db, "office")
	var pbx int32
	err = s.db.As(tenant).Tx(t.Context(), func(tx pgx.Tx) error {
		return tx.QueryRow(t.Context(), `WITH s AS (INSERT INTO stations (tenant_id, name) VALUES ($1, 'a') RETURNING id)
			INSERT INTO pbxs (tenant_id, station_id, name) SELECT $1, id, 'a' FROM s RETURNING id`, tenant.UUID()).Scan(&pbx)
	})
	if err != nil {
		t.Fatal(err)
	}
	s.token = func() string {
		token, err := tokens.Issue(t.Context(), tenant, pbx)
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	s.env = map[string]string{
		"CALLWEAVE_EDGE_STATE_DIR": filepath.Join(s.dir, "state"), "CALLWEAVE_EDGE_AMI_ADDRESS": s.pbx(),
		"CALLWEAVE_EDGE_AMI_USER": "callweave", "CALLWEAVE_EDGE_AMI_SECRET": "s3cret", "CALLWEAVE_EDGE_SPOOL_MAX_BYTES": "64MiB",
		"LANG": "C",
	}
	return s
}

func (s *site) serve(run func(context.Context) error) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(s.t.Context()))
	done := make(chan error, 1)
	go func() { done <- run(ctx) }()
	s.t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil && !errors.Is(err, context.Canceled) {
			s.t.Error(err)
		}
	})
}

// pbx plays a recorded queue call for ever.
func (s *site) pbx() string {
	s.t.Helper()
	scenarios, err := fakepbx.Find("A", "../lab/corpus/22/a1-queue-answered-caller-hangs-up")
	if err != nil {
		s.t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		s.t.Fatal(err)
	}
	server := fakepbx.New(fakepbx.Config{User: "callweave", Secret: "s3cret", Scenarios: scenarios, Speed: 50, Loop: true})
	s.serve(func(ctx context.Context) error { return server.Serve(ctx, listener) })
	return listener.Addr().String()
}

// run runs a command line.
func (s *site) run(ctx context.Context, args ...string) (code int, out, problems string) {
	for name, value := range s.env { // kong reads the process's environment
		s.t.Setenv(name, value)
	}
	var o, p bytes.Buffer
	code = command(ctx, args, os.Getenv, &o, &p)
	return code, o.String(), p.String()
}

func (s *site) Publish(_ context.Context, m eventlog.Message) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.batches = append(s.batches, bytes.Clone(m.Batch))
	s.cursor[m.Agent] = [2]uint64{m.Stream, m.LastSeq}
	s.watch(m.Agent, m.Stream, m.LastSeq)
	select {
	case s.changed <- struct{}{}:
	default:
	}
	return nil
}

func (s *site) Cursor(_ context.Context, _ tenants.ID, agent uuid.UUID) (stream, seq uint64, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cursor[agent][0], s.cursor[agent][1], nil
}

func (s *site) Watch(committed, _ func(agent uuid.UUID, stream, seq uint64)) (func(), error) {
	s.watch = committed
	return func() {}, nil
}

// events decodes all that came and fails where the sequence has a hole.
func (s *site) events() map[wire.EventID]int {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	seen, next := map[wire.EventID]int{}, uint64(1)
	for _, b := range s.batches {
		_, err := wire.NewBatchDecoder(wire.Limits{}).Decode(b, func(e *wire.Event) error {
			if e.Seq == next {
				next++
				seen[e.ID]++
			} else if e.Seq > next {
				s.t.Errorf("event %d after %d", e.Seq, next-1)
			}
			return nil
		})
		if err != nil {
			s.t.Error(err)
		}
	}
	return seen
}

func (s *site) report() (r struct {
	Counters map[string]int64
	Facts    map[string]string
	Findings []struct{ Code, Severity, Detail string }
},
) {
	s.t.Helper()
	var text []byte
	err := s.db.System().Tx(s.t.Context(), func(tx pgx.Tx) error {
		return tx.QueryRow(s.t.Context(), `SELECT report FROM agents WHERE connected IS NOT NULL`).Scan(&text)
	})
	if err == nil {
		err = json.Unmarshal(text, &r)
	}
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		s.t.Fatal(err)
	}
	return r
}

func TestAgentFromTokenToCallsInTheCloud(t *testing.T) {
	s := newSite(t)
	if code, _, problems := s.run(t.Context(), "run", "--spool-max-age=soon"); code != 2 || !strings.Contains(problems, "spool-max-age") {
		t.Errorf("%d %s", code, problems)
	}
	code, out, problems := s.run(t.Context(), "check", "--wait=1ms")
	if code != 1 || !strings.Contains(out, "This PBX is not enrolled.") || !strings.Contains(out, "Asterisk 22") {
		t.Errorf("%d\n%s%s", code, out, problems)
	}
	token := s.token()
	if code, out, problems = s.run(t.Context(), "enroll", "--token", token); code != 0 || !strings.Contains(out, "Enrolled as agent") {
		t.Fatalf("%d %s %s", code, out, problems)
	}
	if code, _, problems = s.run(t.Context(), "--language=ru", "enroll", "--token", token); code != 1 || !strings.Contains(problems, "Токен уже использован") {
		t.Errorf("%d %s", code, problems)
	}
	if strings.Contains(problems, token[:30]) {
		t.Error("the token was shown")
	}
	code, out, _ = s.run(t.Context(), "check", "--json", "--wait=3s")
	var lines []struct{ Code, Severity, Detail string }
	if err := json.Unmarshal([]byte(out), &lines); err != nil {
		t.Fatalf("%d %s: %v", code, out, err)
	}
	found := map[string]string{}
	for _, l := range lines {
		found[l.Code] = l.Severity
	}
	for _, want := range []doctor.Code{"enrolled", "certificate", "dns", "udp", "tcp", "clock", "spool", "ami-connect", "ami-login", "asterisk-version", "pbx-clock"} {
		if found[string(want)] != "ok" {
			t.Errorf("%s: %q\n%s", want, found[string(want)], out)
		}
	}

	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	type end struct {
		code     int
		problems string
	}
	ended := make(chan end, 1)
	go func() {
		code, _, problems := s.run(ctx, "run")
		ended <- end{code, problems}
	}()
	enough := time.After(60 * time.Second)
	for {
		seen := s.events()
		if seen[wire.AgentConnected] == 1 && seen[wire.AgentSnapshotEnd] == 1 && seen[wire.EvQueueCallerJoin] > 1 && seen[wire.EvHangup] > 1 && len(s.report().Findings) > 0 {
			break
		}
		select {
		case <-s.changed:
		case <-time.After(200 * time.Millisecond):
		case e := <-ended:
			t.Fatalf("%d %s", e.code, e.problems)
		case <-enough:
			t.Fatalf("seen %v, report %+v", seen, s.report())
		}
	}
	if r := s.report(); r.Counters["events"] == 0 || !strings.HasPrefix(r.Facts["asterisk"], "22") {
		t.Errorf("report %+v", r)
	}
	stop()
	if e := <-ended; e.code != 0 {
		t.Errorf("%d %s", e.code, e.problems)
	}
	// What was read last is on disk and sent by the next run.
	var before int
	s.mu.Lock()
	before = len(s.batches)
	s.mu.Unlock()
	ctx, stop = context.WithCancel(t.Context())
	go func() {
		code, _, problems := s.run(ctx, "run")
		ended <- end{code, problems}
	}()
	for more := false; !more; {
		select {
		case <-s.changed:
		case <-enough:
			t.Fatal("the second run sent nothing")
		}
		s.mu.Lock()
		more = len(s.batches) > before+2
		s.mu.Unlock()
	}
	stop()
	if e := <-ended; e.code != 0 {
		t.Errorf("%d %s", e.code, e.problems)
	}
	if seen := s.events(); seen[wire.AgentConnected] != 2 {
		t.Errorf("seen %v", seen)
	}
}

func TestSettingsComeFromFlagsThenEnvironmentThenFile(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "edge.toml")
	if err := os.WriteFile(file, []byte("state_dir = \""+dir+"\"\n[ami]\naddress = \"127.0.0.1:1\"\nuser = \"of-file\"\n[spool]\nmax_bytes = \"1GiB\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	run := func(args ...string) string {
		var o, p bytes.Buffer
		command(t.Context(), append([]string{"--config", file}, args...), os.Getenv, &o, &p)
		return o.String() + p.String()
	}
	if out := run("check"); !strings.Contains(out, "127.0.0.1:1:") || !strings.Contains(out, dir) {
		t.Errorf("file: %s", out)
	}
	t.Setenv("CALLWEAVE_EDGE_AMI_ADDRESS", "127.0.0.1:2")
	if out := run("check"); !strings.Contains(out, "127.0.0.1:2:") {
		t.Errorf("environment: %s", out)
	}
	if out := run("check", "--ami-address", "127.0.0.1:3"); !strings.Contains(out, "127.0.0.1:3:") {
		t.Errorf("flag: %s", out)
	}
	if err := os.WriteFile(file, []byte("[ami]\nadr = \"127.0.0.1:1\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out := run("check"); !strings.Contains(out, "unknown: ami-adr") {
		t.Errorf("slip of the pen: %s", out)
	}
}

func TestSettingsThatAreDeliveredAreUnderstood(t *testing.T) {
	var o, p bytes.Buffer
	if code := command(t.Context(), []string{"--config", "../installer/edge.toml", "version"}, os.Getenv, &o, &p); code != 0 || !strings.Contains(o.String(), "callweave-edge") {
		t.Errorf("%d %s%s", code, o.String(), p.String())
	}
}

func TestRecordingCanBeRead(t *testing.T) {
	s := newSite(t)
	file := filepath.Join(s.dir, "out.ami.gz")
	if code, _, problems := s.run(t.Context(), "record", "--for=2s", file); code != 0 {
		t.Fatalf("%d %s", code, problems)
	}
	info, err := os.Stat(file)
	if err != nil || info.Size() < 1000 || info.Mode() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
	if code, _, problems := s.run(t.Context(), "record", file); code != 1 || !strings.Contains(problems, "exists") {
		t.Errorf("a recording was overwritten: %d %s", code, problems)
	}
}

func TestSizes(t *testing.T) {
	for text, want := range map[string]bytesOr{"512": {512, true}, "4GiB": {4 << 30, true}, "500 MB": {500 << 20, true}, "1k": {1 << 10, true}, "": {}, "x": {}, "-1": {}, "9999999TiB": {}, "4GiBs": {}} {
		var got byteSize
		if err := got.UnmarshalText([]byte(text)); (err == nil) != want.ok || got != want.n {
			t.Errorf("%q: %d %v", text, got, err)
		}
	}
}

type bytesOr struct {
	n  byteSize
	ok bool
}
