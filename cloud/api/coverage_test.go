package api_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/callweave/callweave/cloud/api"
)

func TestCoverageTellsHowCompleteAPeriodIs(t *testing.T) {
	f := newFixture(t)
	now := f.clock.now().UTC().Truncate(time.Second)
	never := f.addPBX("branch", "Branch")
	before, present := uuid.New(), uuid.New()
	f.exec(f.mine, `INSERT INTO cursors (tenant_id, agent_id, pbx_id, stream, seq, first_event, last_event) VALUES ($1, $2, $3, 1, 1, $4, $5)`,
		f.mine.UUID(), before, f.pbx, now.Add(-10*time.Hour), now.Add(-6*time.Hour))
	f.exec(f.mine, `INSERT INTO cursors (tenant_id, agent_id, pbx_id, stream, seq, first_event, last_event) VALUES ($1, $2, $3, 1, 1, $4, $5)`,
		f.mine.UUID(), present, f.pbx, now.Add(-5*time.Hour), now.Add(-5*time.Second))
	f.exec(f.mine, `INSERT INTO gaps (tenant_id, agent_id, pbx_id, reason, events, from_at, to_at) VALUES ($1, $2, $3, 'spool-full', 12, $4, $5), ($1, $2, $3, 'damaged', 1, $5, $5)`,
		f.mine.UUID(), present, f.pbx, now.Add(-2*time.Hour), now.Add(-time.Hour))
	period := func(from, to time.Time) string {
		return "/coverage?from=" + url.QueryEscape(from.Format(time.RFC3339)) + "&to=" + url.QueryEscape(to.Format(time.RFC3339))
	}
	var got struct {
		To   time.Time
		PBXs []api.PBXCoverage
	}
	f.as("sveta").do("GET", period(now.Add(-20*time.Hour), now.Add(24*time.Hour)), nil).into(t, &got)
	since, share := now.Add(-10*time.Hour), 0.8
	want := []api.PBXCoverage{
		{ID: never, Name: "branch", Missing: []api.Missing{}},
		{
			ID: f.pbx, Name: "office", Since: &since, Seconds: 36000, Covered: 28800, Share: &share, Lost: 13, Intervals: 2,
			Missing: []api.Missing{
				{From: now.Add(-6 * time.Hour), To: now.Add(-5 * time.Hour), Seconds: 3600, Reasons: []string{"unheard"}, Estimated: true},
				{From: now.Add(-2 * time.Hour), To: now.Add(-time.Hour), Seconds: 3600, Reasons: []string{"damaged", "spool-full"}, Events: 13, Estimated: true},
			},
		},
	}
	same := cmp.Comparer(func(a, b time.Time) bool { return a.Sub(b).Abs() < time.Second })
	if diff := cmp.Diff(want, got.PBXs, same, cmp.Comparer(func(a, b float64) bool { return a-b < 1 && b-a < 1 })); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got.To.After(now.Add(time.Second)) {
		t.Errorf("the period ends in the future: %s", got.To)
	}

	f.as("stranger").do("GET", period(now.Add(-time.Hour), now), nil).into(t, &got)
	if len(got.PBXs) != 0 {
		t.Errorf("another tenant sees %+v", got.PBXs)
	}
	if r := f.as("oleg").do("GET", period(now, now.Add(-time.Hour)), nil); r.status != 400 || !strings.Contains(string(r.body), "ends before it begins") {
		t.Errorf("%d %s", r.status, r.body)
	}
	if r := f.as("oleg").do("GET", "/coverage?from=2026-11-01T00:00:00Z", nil); r.status != 422 {
		t.Errorf("without an end: %d %s", r.status, r.body)
	}
}
