package e2e

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/callweave/callweave/lab/fakepbx"
)

// TestRecordingGivesTheSameCallsOverTheWholePath plays recordings at their own speed, all at once, each to an agent of
// its own tenant.
func TestRecordingGivesTheSameCallsOverTheWholePath(t *testing.T) {
	c := startCloud(t)
	type playing struct {
		name   string
		played <-chan struct{}
		tenant *tenant
	}
	var all []playing
	for _, name := range []string{
		"a1-queue-answered-caller-hangs-up", "a2-queue-answered-agent-hangs-up", "b4-queue-timeout-hangup", "c1-overflow-answered",
		"d1-blind-refer-to-agent", "e1-attended-refer", "h1-outbound-answered", "i3-pickup", "j2-local-members",
	} {
		found, err := fakepbx.Find("A", corpus(t, name))
		must(t, err)
		ami, played := startPBX(t, fakepbx.Config{Scenarios: found, Speed: 1})
		p := playing{name, played, c.newTenant(t, name[:2])}
		p.tenant.newAgent(t, ami).start()
		all = append(all, p)
	}
	for _, p := range all {
		t.Run(p.name, func(t *testing.T) {
			select {
			case <-p.played:
			case <-t.Context().Done():
				t.Fatal("the recording was not played to its end")
			}
			want := replayed(t, corpus(t, p.name))
			var got []string
			eventually(t, "all calls are over and in the journal", func(ctx context.Context) bool {
				list, open, err := p.tenant.stories(ctx)
				must(t, err)
				got = ordered(t, list)
				return open == 0 && len(got) >= len(want)
			})
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("over the whole path the calls are others than in a replay (-replay +path):\n%s", diff)
			}
		})
	}
}
