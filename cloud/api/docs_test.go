package api_test

import (
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// TestExamplesOfTheDocumentationRun does with curl and Python what docs/api.md shows.
func TestExamplesOfTheDocumentationRun(t *testing.T) {
	text, err := os.ReadFile("../../docs/api.md")
	must(t, err)
	f := newFixture(t)
	f.addCalls(f.mine, aCall{id: uuid.New(), at: day(1), caller: "79161234567", direction: 1, disposition: 1})
	var made struct{ Token string }
	f.as("sveta").do("POST", "/tokens", map[string]any{"name": "example", "rights": []string{"calls.read", "numbers.read"}}).into(t, &made)
	authority := filepath.Join(t.TempDir(), "ca.pem")
	must(t, os.WriteFile(authority, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: f.server.Certificate().Raw}), 0o600))

	shell := strings.ReplaceAll(regexp.MustCompile(`(?m)^ {4}curl [^\n]+\\\n[^\n]+$`).FindString(string(text)), "https://cloud.example:8443", f.server.URL)
	python := regexp.MustCompile("(?s)```python\n(.*?)```").FindStringSubmatch(string(text))
	if shell == "" || len(python) != 2 {
		t.Fatal("docs/api.md has no examples")
	}
	for name, args := range map[string][]string{"curl": {"sh", "-c", shell}, "python3": {"python3", "-c", python[1]}} {
		if _, err := exec.LookPath(name); err != nil {
			t.Logf("there is no %s here", name)
			continue
		}
		cmd := exec.CommandContext(t.Context(), args[0], args[1:]...)
		cmd.Env = append(os.Environ(), "CALLWEAVE_TOKEN="+made.Token, "CALLWEAVE_URL="+f.server.URL, "SSL_CERT_FILE="+authority, "CURL_CA_BUNDLE="+authority)
		out, err := cmd.CombinedOutput()
		if err != nil || !strings.Contains(string(out), "79161234567") || !strings.Contains(string(out), "answered") {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}
