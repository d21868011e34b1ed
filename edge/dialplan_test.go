package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDialplanCommandsSayWhatIsLeftToDo runs the commands on directories as an administrator would.
func TestDialplanCommandsSayWhatIsLeftToDo(t *testing.T) {
	plain, freepbx := t.TempDir(), t.TempDir()
	for name, text := range map[string]string{
		filepath.Join(plain, "extensions.conf"):               "[a]\nexten => _9X.,1,Dial(PJSIP/${EXTEN}@north)\n",
		filepath.Join(freepbx, "extensions.conf"):             "",
		filepath.Join(freepbx, "extensions_additional.conf"):  "",
		filepath.Join(plain, "asterisk-that-reloads"):         "#!/bin/sh\n[ \"$1 $2\" = '-rx dialplan reload' ]\n",
		filepath.Join(plain, "asterisk-that-does-not-reload"): "#!/bin/sh\necho no such socket; exit 1\n",
	} {
		if err := os.WriteFile(name, []byte(text), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		line string
		code int
		says []string
	}{
		{"show --asterisk-dir " + plain + " --peer north", 0, []string{"[callweave-out]", "install would write this", "extensions.conf:2 dials a peer without the handler"}},
		{"install --asterisk-dir " + plain, 1, []string{"--peer north"}},
		{"install --asterisk-dir " + plain + " --peer no!", 1, []string{"not the name of an endpoint"}},
		{"install --asterisk-dir " + filepath.Join(plain, "etc") + " --peer north", 1, []string{"--asterisk-dir"}},
		{"install --asterisk-dir " + plain + " --peer north", 0, []string{"Changed: extensions_callweave.conf, extensions.conf.", "GosubIf(", "asterisk -rx 'dialplan reload'"}},
		{"install --asterisk-dir " + plain, 0, []string{"Nothing to change."}},
		{"show --asterisk-dir " + plain, 0, []string{"This is installed"}},
		{"install --asterisk-dir " + plain + " --peer south --reload --asterisk " + filepath.Join(plain, "asterisk-that-reloads"), 0, []string{"was reloaded"}},
		{"remove --asterisk-dir " + plain + " --reload --asterisk " + filepath.Join(plain, "asterisk-that-does-not-reload"), 1, []string{"files are written", "no such socket"}},
		{"remove --asterisk-dir " + plain, 0, []string{"Nothing to change."}},
		{"install --asterisk-dir " + freepbx + " --peer north --context from-internal", 0, []string{"from-callweave", "go on to from-internal"}},
		{"--language ru show --asterisk-dir " + freepbx, 0, []string{"Это уже установлено"}},
	} {
		var out bytes.Buffer
		args := strings.Fields("dialplan " + c.line)
		if strings.HasPrefix(c.line, "--language ") {
			args = append(strings.Fields(c.line)[:2:2], append([]string{"dialplan"}, strings.Fields(c.line)[2:]...)...)
		}
		code := command(t.Context(), args, func(string) string { return "" }, &out, &out)
		if code != c.code {
			t.Errorf("%s: exit status %d, want %d", c.line, code, c.code)
		}
		for _, words := range c.says {
			if !strings.Contains(out.String(), words) {
				t.Errorf("%s does not say %q:\n%s", c.line, words, out.String())
			}
		}
	}
}
