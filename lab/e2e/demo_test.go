package e2e

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// TestDemonstrationRunsEndsAndRunsAgain does what a new user does: starts it, signs in with each printed log-in, sees a
// past and live calls, ends it by ctrl-C, starts it again, and has nothing left over, not even after a kill.
func TestDemonstrationRunsEndsAndRunsAgain(t *testing.T) {
	dir := shortDir(t)
	d := newProcess(t, "callweave", "demo", "--dir", dir, "--recordings", filepath.Join("..", "corpus"))
	d.start()
	url, people := d.welcome()
	for role, who := range people {
		c := &tenant{cloud: &cloud{process: d, url: url}, Client: browser(t, url)}
		var session struct {
			User   struct{ Role string }
			Tenant *struct{ Name string }
		}
		must(t, c.Ask(t.Context(), "POST", "/session", map[string]string{"login": who[0], "password": who[1]}, &session))
		if want := strings.Replace(role, "vendor", "staff", 1); session.User.Role != want {
			t.Errorf("%s signs in as %s", role, session.User.Role)
		}
		if role == "supervisor" {
			showsPastAndPresent(t, c)
		}
	}
	d.end(syscall.SIGINT)
	nothingLeft(t, dir)

	truncate(t, d.log)
	d.start()
	if _, again := d.welcome(); again["operator"] != people["operator"] {
		t.Errorf("the second start has other log-ins: %v, before: %v", again, people)
	}
	d.end(syscall.SIGKILL)
	nothingLeft(t, dir)
}

// welcome waits for what the demonstration prints and returns the portal and who can sign in, by role.
func (p *process) welcome() (url string, people map[string][2]string) {
	p.t.Helper()
	var text []byte
	eventually(p.t, "the demonstration says where to look", func(context.Context) bool {
		text, _ = os.ReadFile(p.log.Name())
		return bytes.Contains(text, []byte("Ctrl-C"))
	})
	found := regexp.MustCompile(`(?m)^portal  (https://\S+)$`).FindSubmatch(text)
	if found == nil {
		p.t.Fatalf("no portal in:\n%s", text)
	}
	people = map[string][2]string{}
	for _, m := range regexp.MustCompile(`(?m)^(administrator|supervisor|operator|vendor) +(\S+)  (\S+)$`).FindAllStringSubmatch(string(text), -1) {
		people[m[1]] = [2]string{m[2], m[3]}
	}
	if len(people) != 4 {
		p.t.Fatalf("not all log-ins are in:\n%s", text)
	}
	return string(found[1]), people
}

func showsPastAndPresent(t *testing.T, c *tenant) {
	t.Helper()
	var past, present struct {
		Calls []struct{ ID string }
		Total *int
	}
	must(t, c.Ask(t.Context(), "GET", "/calls?direction=inbound", nil, &past))
	if past.Total != nil || len(past.Calls) != 100 {
		t.Errorf("the past has %d calls and a total of %v, which is fewer than a month brings", len(past.Calls), past.Total)
	}
	eventually(t, "a call is going on", func(ctx context.Context) bool {
		must(t, c.Ask(ctx, "GET", "/calls?limit=1", nil, &present))
		var events struct{ Events []any }
		must(t, c.Ask(ctx, "GET", "/calls/"+present.Calls[0].ID+"/events", nil, &events))
		return len(events.Events) > 0
	})
	eventually(t, "both agents are connected", func(ctx context.Context) bool {
		var list struct {
			PBXs []struct {
				Agent *struct{ Connected *string }
			}
		}
		must(t, c.Ask(ctx, "GET", "/pbxs", nil, &list))
		connected := 0
		for _, p := range list.PBXs {
			if p.Agent != nil && p.Agent.Connected != nil {
				connected++
			}
		}
		return connected == 2
	})
}

// nothingLeft holds that no process is left that names the directory, as each of the demonstration's does.
func nothingLeft(t *testing.T, dir string) {
	t.Helper()
	eventually(t, "no process is left over", func(ctx context.Context) bool {
		out, err := exec.CommandContext(ctx, "pgrep", "-f", dir).Output()
		return err != nil || len(bytes.TrimSpace(out)) == 0
	})
}

func truncate(t *testing.T, f *os.File) {
	t.Helper()
	must(t, f.Truncate(0))
	_, err := f.Seek(0, 0)
	must(t, err)
}
