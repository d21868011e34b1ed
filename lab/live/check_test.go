package live

import (
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"testing"

	"github.com/callweave/callweave/lab/pbx"
	"github.com/callweave/callweave/lab/pbx/pbxtest"
)

// TestCheckSaysWhatIsMissing runs the agent's check against PBXs that let it see too little.
func TestCheckSaysWhatIsMissing(t *testing.T) {
	for _, version := range pbx.Versions() {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			n := pbxtest.Network(t)
			good := pbxtest.Start(t, pbx.Config{Version: version, IP: n.IP(11), SystemName: "pbx-a"})
			plain := pbxtest.Start(t, pbx.Config{Version: version, IP: n.IP(12), NoTimestamps: true})
			tn := theCloud(t).newTenant(t)
			for i, c := range []struct {
				name, ami, user string
				want            []string // findings that are not ok
			}{
				{"all is well", good.AMI(), "edge", nil},
				{"too few rights to ask", good.AMI(), "mute", []string{"ami-write error"}},
				{"too few rights to see", good.AMI(), "deaf", []string{"ami-read error"}},
				{"no timestamps", plain.AMI(), "driver", []string{"timestampevents warn"}},
				{"unknown user", good.AMI(), "nobody", []string{"ami-login error"}},
				{"no PBX", n.IP(13) + ":5038", "edge", []string{"ami-connect error"}},
			} {
				t.Run(c.name, func(t *testing.T) {
					t.Parallel()
					a := newAgent(t, c.ami, c.user)
					a.enroll(t, tn.addPBX(t, fmt.Sprint("PBX ", i)))
					if got := findings(t, a); !slices.Equal(got, c.want) {
						t.Errorf("found %q, want %q", got, c.want)
					}
				})
			}
		})
	}
}

// findings runs the check and returns what is not well, as code and severity.
func findings(t *testing.T, a *agent) []string {
	t.Helper()
	out, err := a.command(t.Context(), "check", "--json", "--wait", "1s").Output()
	var failed *exec.ExitError
	if err != nil && (!errors.As(err, &failed) || len(out) == 0) {
		t.Fatalf("check: %v\n%s", err, out)
	}
	var all []struct{ Code, Severity, Detail string }
	if err := json.Unmarshal(out, &all); err != nil {
		t.Fatalf("check: %v\n%s", err, out)
	}
	var bad []string
	errored := false
	for _, f := range all {
		if f.Severity != "ok" {
			bad = append(bad, f.Code+" "+f.Severity)
		}
		errored = errored || f.Severity == "error"
	}
	if errored != (err != nil) {
		t.Errorf("exit status %v does not fit the findings %q", err, bad)
	}
	return bad
}
