package api_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/api"
)

func TestPBXsShowAgentsAndGaps(t *testing.T) {
	f := newFixture(t)
	now := f.clock.now().UTC().Truncate(time.Second)
	current, revoked := uuid.New(), uuid.New()
	must(t, f.db.System().Tx(t.Context(), func(tx pgx.Tx) error {
		_, err := tx.Exec(t.Context(), `INSERT INTO agents (id, tenant_id, pbx_id, serial, not_after, revoked, version, transport, address, connected, last_seen, report, created) VALUES
			($1, $3, $4, 'a', $5, NULL, '1.0', 'quic', '192.0.2.1', $5, $5, '{"counters": {"events": 7}, "findings": [{"code": "clock", "severity": "warn", "detail": "2 s off", "hurts": "times"}], "facts": {"asterisk": "22.1"}}', $5),
			($2, $3, $4, 'b', $5, $5, '1.1', 'tcp', '', NULL, NULL, '{"counters": {"deep": {"er": 1}}}', $6)`,
			current, revoked, f.mine.UUID(), f.pbx, now, now.Add(time.Hour))
		return err
	}))
	f.exec(f.mine, `INSERT INTO cursors (tenant_id, agent_id, stream, seq, last_event, committed) VALUES ($1, $2, 1, 1, $3, $3::timestamptz + interval '120 ms')`, f.mine.UUID(), current, now)
	f.exec(f.mine, `INSERT INTO gaps (tenant_id, pbx_id, reason, events, from_at, to_at) VALUES ($1, $2, 'spool-full', 12, $3, $4), ($1, $2, 'cut', 1, $5, $5)`,
		f.mine.UUID(), f.pbx, now.Add(-time.Hour), now.Add(-time.Minute), now.AddDate(0, -2, 0))

	var got struct{ PBXs []api.PBX }
	f.as("sveta").do("GET", "/pbxs", nil).into(t, &got)
	lag := int64(120)
	want := []api.PBX{{
		ID: f.pbx, Name: "office", Station: "Head office", Asterisk: "22.1",
		Agent: &api.Agent{
			ID: current.String(), Version: "1.0", Transport: "quic", Address: "192.0.2.1", Connected: &now, LastSeen: &now, NotAfter: now, LagMS: &lag,
			Counters: map[string]int64{"events": 7}, Findings: []api.Finding{{Code: "clock", Severity: "warn", Detail: "2 s off", Hurts: "times"}},
		},
		Gaps: []api.Gap{{From: now.Add(-time.Hour), To: now.Add(-time.Minute), Reason: "spool-full", Events: 12}},
	}}
	if diff := cmp.Diff(want, got.PBXs, cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) })); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}

	var console struct{ Agents []api.ConsoleAgent }
	f.as("vera").do("GET", "/console/agents", nil).into(t, &console)
	if len(console.Agents) != 2 || len(console.Agents[0].Findings)+len(console.Agents[1].Findings) != 1 {
		t.Errorf("console: %+v", console.Agents)
	}
}

func TestAddedPBXComesWithTheCommandThatEnrolsIt(t *testing.T) {
	f := newFixture(t)
	var got struct {
		PBX            api.PBXName
		Token, Command string
		Expires        time.Time
	}
	anna := f.as("anna")
	anna.do("POST", "/pbxs", map[string]string{"name": "branch"}).into(t, &got)
	if got.PBX.Name != "branch" || strings.Count(got.Token, ".") != 2 || got.Command != "callweave-edge enroll --token "+got.Token {
		t.Errorf("%+v", got)
	}
	if life := got.Expires.Sub(f.clock.now()); life < 14*time.Minute || life > 15*time.Minute {
		t.Errorf("the token lives for %s", life)
	}
	if strings.Contains(f.log.String(), got.Token) {
		t.Error("the token is in the log")
	}
	first := got.Token
	anna.do("POST", "/pbxs/"+itoa(got.PBX.ID)+"/token", nil).into(t, &got)
	if got.Token == first || got.PBX.Name != "branch" {
		t.Errorf("a second token: %+v", got)
	}
}

func TestConsoleCountsAgentsOfEachTenant(t *testing.T) {
	f := newFixture(t)
	var got struct{ Tenants []api.ConsoleTenant }
	f.as("vera").do("GET", "/console/tenants", nil).into(t, &got)
	if len(got.Tenants) != 2 || got.Tenants[0].Slug != "mine" || got.Tenants[0].Agents != 0 {
		t.Errorf("%+v", got.Tenants)
	}
}
