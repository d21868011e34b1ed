package wire_test

import (
	"bytes"
	"encoding/hex"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/callweave/callweave/shared/wire"
	"github.com/callweave/callweave/shared/wire/wiretest"
)

// The files in testdata/golden are batches and frames that some version of this package has written. They are only added
// to: what one version wrote, all later ones must read.
var add = flag.Bool("add", false, "write golden vectors that do not exist yet")

// golden returns the content of a golden file, which is in hexadecimal.
func golden(t *testing.T, name string, now []byte) []byte {
	t.Helper()
	path := filepath.Join("testdata", "golden", name+".hex")
	text, err := os.ReadFile(path)
	if os.IsNotExist(err) && *add {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		var lines []string
		for s := hex.EncodeToString(now); s != ""; s = s[min(len(s), 96):] {
			lines = append(lines, s[:min(len(s), 96)])
		}
		text = []byte(strings.Join(lines, "\n") + "\n")
		err = os.WriteFile(path, text, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	b, err := hex.DecodeString(strings.ReplaceAll(string(text), "\n", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// describe tells events apart in the golden descriptions.
func describe(events []wire.Event) string {
	var b strings.Builder
	for _, ev := range events {
		fmt.Fprintf(&b, "%d %d %d %d %q\n", ev.Seq, ev.Received, ev.PBXTime, ev.ID, ev.Name)
		for _, f := range ev.Fields {
			fmt.Fprintf(&b, "\t%d %q %q\n", f.ID, f.Name, f.Value)
		}
	}
	return b.String()
}

func TestGoldenBatchesDecodeAsEver(t *testing.T) {
	odd := []wire.Event{
		{Seq: 1 << 40, Received: 1_795_386_796_000_000_001, Name: "NoSuchEvent", Fields: []wire.Field{
			{Name: "NoSuchField", Value: "\xff\xfe"},
			{ID: wire.FUniqueid, Value: "1.1"},
			{ID: wire.FUniqueid, Value: "1.2"},
			{ID: wire.FBridgeUniqueid, Value: "03ec1599-88ec-486a-a291-6506a0f13e84"},
		}},
		{Seq: 1<<40 + 1, Received: 1_795_386_795_000_000_000, PBXTime: 1, ID: wire.AgentClockStep},
	}
	vectors := map[string][]wire.Event{
		"batch-v1-calls": wiretest.Events(1, 40),
		"batch-v1-one":   wiretest.Events(9, 1),
		"batch-v1-odd":   odd,
	}
	for name, events := range vectors {
		t.Run(name, func(t *testing.T) {
			b := golden(t, name, encode(t, wire.NewBatchEncoder(), events))
			want := golden(t, name+"-events", []byte(describe(events)))
			got, _ := decode(t, wire.NewBatchDecoder(wire.Limits{}), b)
			if diff := cmp.Diff(string(want), describe(got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestGoldenGapBatchIsReadAsEver(t *testing.T) {
	info := wire.BatchInfo{Version: 1, Stream: 77, FirstSeq: 10, Count: 300, From: 1_795_386_796_000_000_000, To: 1_795_386_797_000_000_000, Gap: wire.GapSpoolFull}
	b := golden(t, "gap-v1", wire.EncodeGap(nil, info))
	if got, err := wire.PeekBatch(b); err != nil || got != info {
		t.Errorf("%+v, %v", got, err)
	}
	if !bytes.Equal(b, wire.EncodeGap(nil, info)) {
		t.Error("the same gap is no longer the same bytes")
	}
}

// messages are one of each kind of frame.
func messages() []wire.Message {
	return []wire.Message{
		wire.Hello{Versions: wire.Versions{Min: 1, Max: 2}, AgentVersion: "v0.1.0", Stream: 5, FirstSeq: 6, NextSeq: 7, Clock: 8},
		wire.Welcome{Version: 1, ResumeSeq: 6, ServerTime: 9, MaxBatch: 1 << 22},
		wire.Committed{Stream: 5, Seq: 6},
		wire.Resume{Stream: 5, Seq: 6},
		wire.Report{
			Counters: map[string]int64{"events": 12}, Facts: map[string]string{"asterisk": "22.1.0"},
			Findings: []wire.Finding{{Code: "clock", Severity: "warn", Detail: "2 s off", Hurts: "times"}},
		},
		wire.Ping{Nonce: 1, Sent: 2},
		wire.Pong{Nonce: 1, Sent: 3},
		wire.Goodbye{Code: wire.CodeOverloaded, Text: "later", RetryAfterMS: 5000},
	}
}

func TestGoldenFramesAreWrittenAndReadAsEver(t *testing.T) {
	for _, m := range messages() {
		var out bytes.Buffer
		if err := wire.NewFrameWriter(&out).WriteMessage(m); err != nil {
			t.Fatal(err)
		}
		want := golden(t, fmt.Sprintf("frame-v1-%d", m.Kind()), out.Bytes())
		if !bytes.Equal(out.Bytes(), want) {
			t.Errorf("%T is written as %x, was %x", m, out.Bytes(), want)
		}
	}
}
