// Package installer_test runs the install script below a folder of its own and holds the files beside it together.
package installer_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// program stands in for the agent: it notes how it was called.
const program = `#!/bin/sh
echo "$@" >>"$CALLWEAVE_ROOT/calls"
case "$*" in
  *enroll*) read -r token; echo "token $token" >>"$CALLWEAVE_ROOT/calls" ;;
  version) echo "callweave-edge test" ;;
esac
`

type machine struct {
	t    *testing.T
	root string
}

func newMachine(t *testing.T, files map[string]string) *machine {
	t.Helper()
	m := &machine{t: t, root: t.TempDir()}
	for name, text := range files {
		m.write(name, text, 0o644)
	}
	m.write("program", program, 0o755)
	return m
}

func (m *machine) write(name, text string, mode os.FileMode) {
	m.t.Helper()
	name = filepath.Join(m.root, name)
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		m.t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), mode); err != nil {
		m.t.Fatal(err)
	}
}

func (m *machine) install(args ...string) string {
	m.t.Helper()
	cmd := exec.CommandContext(m.t.Context(), "sh", append([]string{"install.sh", "--binary", filepath.Join(m.root, "program")}, args...)...)
	cmd.Env = append(os.Environ(), "CALLWEAVE_ROOT="+m.root)
	out, err := cmd.CombinedOutput()
	if err != nil {
		m.t.Fatalf("%v\n%s", err, out)
	}
	return string(out)
}

func (m *machine) file(name string) string { return read(m.t, filepath.Join(m.root, name)) }

// secretOf finds the line  secret = …  of a TOML or Asterisk file.
func secretOf(text string) string {
	for line := range strings.Lines(text) {
		if key, value, ok := strings.Cut(line, "="); ok && strings.TrimSpace(key) == "secret" {
			return strings.Trim(strings.TrimSpace(value), `"`)
		}
	}
	return ""
}

func TestInstallOnFreePBX(t *testing.T) {
	m := newMachine(t, map[string]string{
		"etc/asterisk/manager_custom.conf": "; mine\n", "etc/asterisk/manager.conf": "[general]\n", "etc/systemd/system/x": "",
	})
	m.install("--token", "t0ken", "--cloud", "https://cloud.example")
	custom := m.file("etc/asterisk/manager_custom.conf")
	if !strings.HasPrefix(custom, "; mine\n") || strings.Contains(m.file("etc/asterisk/manager.conf"), "callweave") {
		t.Errorf("files of the customer changed:\n%s", custom)
	}
	if s := secretOf(custom); len(s) != 48 || s != secretOf(m.file("etc/callweave/edge.toml")) {
		t.Errorf("secret %q", s)
	}
	info, err := os.Stat(filepath.Join(m.root, "etc/callweave/edge.toml"))
	if err != nil || info.Mode() != 0o600 {
		t.Errorf("settings %v %v", info.Mode(), err)
	}
	calls := m.file("calls")
	if !strings.Contains(calls, "--token - --cloud https://cloud.example") || !strings.Contains(calls, "\ntoken t0ken\n") || !strings.Contains(calls, "check") {
		t.Errorf("calls:\n%s", calls)
	}
	if strings.Contains(calls, "--token t0ken") {
		t.Error("the token stood on a command line")
	}
	if m.file("etc/asterisk/manager_custom.conf.before-callweave") != "; mine\n" {
		t.Error("no copy of what was there before")
	}
}

func TestInstallTwiceKeepsSettingsAndAddsTheUserOnce(t *testing.T) {
	m := newMachine(t, map[string]string{"etc/asterisk/manager.conf": "[general]\nenabled = yes\n"})
	m.install()
	settings, manager := m.file("etc/callweave/edge.toml"), m.file("etc/asterisk/manager.conf")
	m.install()
	if m.file("etc/callweave/edge.toml") != settings || m.file("etc/asterisk/manager.conf") != manager {
		t.Error("the second run changed something")
	}
	if strings.Count(manager, "[callweave]") != 1 {
		t.Error(manager)
	}
}

func TestInstallBesideAnAsteriskElsewhereSaysWhatToDo(t *testing.T) {
	m := newMachine(t, nil)
	out := m.install("--no-manager")
	if !strings.Contains(out, "[callweave]") || !strings.Contains(out, secretOf(m.file("etc/callweave/edge.toml"))) {
		t.Error(out)
	}
}

func TestScriptHoldsTheUnitAndTheUserAsTheyAre(t *testing.T) {
	script := read(t, "install.sh")
	if !strings.Contains(script, strings.TrimSpace(read(t, "callweave-edge.service"))) {
		t.Error("the unit in install.sh differs from callweave-edge.service")
	}
	for _, name := range []string{"manager_callweave.conf", "install.sh", "../docs/install-agent.md"} {
		text := read(t, name)
		for _, line := range []string{"read = system,call,agent,user,reporting,dialplan,dtmf,cdr", "write = system,call,reporting", "writetimeout = 15000"} {
			if !strings.Contains(text, line) {
				t.Errorf("%s lacks: %s", name, line)
			}
		}
	}
}

func TestPackageTakesFilesThatAreThere(t *testing.T) {
	for line := range strings.Lines(read(t, "nfpm.yaml")) {
		_, src, ok := strings.Cut(line, "src: ")
		if !ok {
			_, src, ok = strings.Cut(line, "install: ")
		}
		if src = strings.TrimSpace(src); !ok || strings.HasPrefix(src, "$") {
			continue
		}
		if _, err := os.Stat(filepath.Join("..", src)); err != nil {
			t.Error(err)
		}
	}
}

func TestUnitIsUnderstoodBySystemd(t *testing.T) {
	verify, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("no systemd-analyze on this machine")
	}
	unit := filepath.Join(t.TempDir(), "callweave-edge.service")
	text := strings.ReplaceAll(read(t, "callweave-edge.service"), "/usr/bin/callweave-edge", "/bin/true")
	if err := os.WriteFile(unit, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	out, _ := exec.CommandContext(t.Context(), verify, "verify", "--man=no", unit).CombinedOutput()
	for line := range strings.Lines(string(out)) {
		if strings.Contains(line, "callweave-edge.service") && (strings.Contains(line, "Unknown") || strings.Contains(line, "Failed to parse")) {
			t.Error(line)
		}
	}
}
