// Package pbxtest gives tests real Asterisks that end with them. Where none can be started the test is skipped with the
// reason, or fails when CALLWEAVE_LAB_REQUIRED is set.
package pbxtest

import (
	"log/slog"
	"os"
	"strings"
	"testing"

	"github.com/callweave/callweave/lab/pbx"
)

// Network leases a network for the test, or skips it.
func Network(t *testing.T) *pbx.Network {
	t.Helper()
	Need(t)
	n, err := pbx.LeaseNetwork()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = n.Release() })
	return n
}

// Need skips a test, loudly, where no PBX can be started.
func Need(t *testing.T) {
	t.Helper()
	if os.Getenv("CALLWEAVE_LAB_SKIP") != "" {
		t.Skip("CALLWEAVE_LAB_SKIP is set: real PBXs are not started")
	}
	if err := pbx.Available(pbx.Versions()...); err != nil {
		if os.Getenv("CALLWEAVE_LAB_REQUIRED") != "" {
			t.Fatal(err)
		}
		t.Skip("REAL PBXS ARE NOT TESTED: ", err)
	}
}

// Start runs a PBX until the test ends. Its directory with all logs stays when the test fails.
func Start(t *testing.T, c pbx.Config) *pbx.PBX {
	t.Helper()
	if c.Name == "" {
		c.Name = "test-" + strings.NewReplacer("/", "-", " ", "-").Replace(t.Name()) + "-" + c.IP
	}
	p, err := pbx.Start(t.Context(), c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { end(t, p) })
	return p
}

func end(t *testing.T, p *pbx.PBX) {
	if err := p.Stop(); err != nil {
		t.Errorf("stop PBX: %v", err)
	}
	if t.Failed() {
		t.Logf("the PBX's logs are in %s", p.Dir)
		return
	}
	if err := p.Remove(); err != nil {
		t.Errorf("remove PBX: %v", err)
	}
}
