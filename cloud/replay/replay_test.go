package replay_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/callweave/callweave/cloud/replay"
)

func TestTableTellsACallALine(t *testing.T) {
	var out bytes.Buffer
	if err := replay.Run(t.Context(), filepath.Join(corpus, "22", "c1-overflow-answered"), "table", &out); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 2 {
		t.Fatalf("want a head and a call, got:\n%s", out.String())
	}
	for _, want := range []string{"inbound", "79161234501", "74950000610", "answered", "caller", "queue 601 8s timeout", "queue 602 2s answered", "105 with customer"} {
		if !strings.Contains(lines[1], want) {
			t.Errorf("the line lacks %q: %s", want, lines[1])
		}
	}
}

func TestJSONKeepsTheCallContract(t *testing.T) {
	var out bytes.Buffer
	if err := replay.Run(t.Context(), filepath.Join(corpus, "22", "f2-trunk-ivr-queue-header"), "json", &out); err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Calls []map[string]any `json:"calls"`
	}
	if err := json.Unmarshal(out.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	if len(doc.Calls) != 1 {
		t.Fatalf("want one call, got %d", len(doc.Calls))
	}
	for _, key := range []string{
		"id", "direction", "pbx", "caller", "dialled", "start", "answered", "end", "disposition", "hangup_by",
		"queues", "rings", "talks", "holds", "transfers", "links",
	} {
		if _, ok := doc.Calls[0][key]; !ok {
			t.Errorf("the call lacks %q", key)
		}
	}
}

func TestFolderWithoutRecordingIsSaidSo(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "A"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := replay.Run(t.Context(), dir, "json", &bytes.Buffer{}); !errors.Is(err, replay.ErrNoTrace) {
		t.Errorf("want ErrNoTrace, got %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "A", "trace.ami.gz"), []byte("no gzip at all"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := replay.Run(t.Context(), dir, "json", &bytes.Buffer{}); err == nil || errors.Is(err, replay.ErrNoTrace) {
		t.Errorf("want an error about the damaged file, got %v", err)
	}
}
