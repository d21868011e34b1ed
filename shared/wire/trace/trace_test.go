package trace_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/callweave/callweave/shared/wire"
	"github.com/callweave/callweave/shared/wire/trace"
)

const recording = "# 1000000000 connected 10.0.0.1:5038\n" +
	"> 1000000001\nAction: Login\r\nUsername: lab\r\nSecret: ***\r\nActionID: rec-1\r\n\r\n" +
	"@ 1000000010\nAsterisk Call Manager/11.0.0\r\n" +
	"@ 1000000020\nResponse: Success\r\nActionID: rec-1\r\nMessage: Authentication accepted\r\n\r\n" +
	"@ 1000000030\nEvent: FullyBooted\r\nPrivilege: system,all\r\nUptime: 4\r\n\r\n" +
	"> 1000002000\nAction: Ping\r\nActionID: rec-2\r\n\r\n" +
	"> 1000003000\nAction: Status\r\nAllVariables: false\r\nActionID: rec-3\r\n\r\n" +
	"> 1000004000\nAction: BridgeList\r\nActionID: rec-4\r\n\r\n" +
	"> 1000005000\nAction: ConfbridgeListRooms\r\nActionID: rec-5\r\n\r\n" +
	"> 1000006000\nAction: PJSIPShowContacts\r\nActionID: rec-6\r\n\r\n" +
	"@ 1000012000\nResponse: Success\r\nActionID: rec-2\r\nPing: Pong\r\nTimestamp: 1.500007\r\n\r\n" +
	"@ 1000013000\nResponse: Success\r\nActionID: rec-3\r\nEventList: start\r\n\r\n" +
	"@ 1000013001\nEvent: Status\r\nChannel: a\r\nActionID: rec-3\r\n\r\n" +
	"@ 1000013002\nEvent: Newstate\r\nChannel: a\r\n\r\n" +
	"@ 1000013003\nEvent: StatusComplete\r\nActionID: rec-3\r\nEventList: Complete\r\nListItems: 1\r\n\r\n" +
	"@ 1000013004\nResponse: Error\r\nActionID: rec-5\r\nMessage: No active conferences.\r\n\r\n" +
	"@ 1000013005\nResponse: Error\r\nActionID: rec-6\r\nMessage: Invalid/unknown command: PJSIPShowContacts\r\n\r\n" +
	"@ 1000013006\nResponse: Success\r\nActionID: rec-4\r\nEventList: start\r\n\r\n" +
	"@ 1000013007\nEvent: BridgeListItem\r\nActionID: rec-4\r\nBridgeUniqueid: b\r\n\r\n" +
	"@ 1000013008\nEvent: BridgeListComplete\r\nActionID: rec-4\r\nEventList: Complete\r\n\r\n" +
	"@ 1200000000\nEvent: Newstate\r\nChannel: b\r\n\r\n" +
	"> 1200000100\nAction: BridgeInfo\r\nBridgeUniqueid: b\r\nActionID: rec-7\r\n\r\n" +
	"@ 1200000200\nResponse: Success\r\nActionID: rec-7\r\nEventList: start\r\n\r\n" +
	"@ 1200000300\nEvent: BridgeInfoComplete\r\nActionID: rec-7\r\nEventList: Complete\r\n\r\n" +
	"@ 1310000200\nEvent: Hangup\r\nChannel: a\r\n\r\n" +
	"@ 1310000300\nEvent: Hang" +
	"\n# 1310000300 incomplete packet above\n" +
	"# 1310000400 disconnected: EOF\n" +
	"# 1400000000 connect failed: connection refused\n" +
	"# 1500000000 end\n"

func TestEventsAreWhatAnAgentWouldHaveProduced(t *testing.T) {
	var got []string
	err := trace.Events(strings.NewReader(recording), func(ev *wire.Event) error {
		if ev.Seq != uint64(len(got)+1) {
			t.Errorf("event %d is numbered %d", len(got)+1, ev.Seq)
		}
		got = append(got, line(ev))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"1000000000 Callweave.Connected|10.0.0.1:5038|Asterisk Call Manager/11.0.0",
		"1000000000 FullyBooted|system,all|4",
		"1000003000 Callweave.SnapshotBegin|rec-",
		"1000012000 Callweave.Clock|500000|10",
		"1000013000 Callweave.Response|Success|rec-3|start",
		"1000013000 Status|a|rec-3",
		"1000013000 Newstate|a",
		"1000013000 StatusComplete|rec-3|Complete|1",
		"1000013000 Callweave.Response|Error|rec-5|No active conferences.",
		"1000013000 Callweave.Response|Error|rec-6|Invalid/unknown command: PJSIPShowContacts",
		"1000013000 Callweave.Response|Success|rec-4|start",
		"1000013000 BridgeListItem|rec-4|b",
		"1000013000 BridgeListComplete|rec-4|Complete",
		"1200000000 Newstate|b",
		"1200000000 Callweave.Response|Success|rec-7|start",
		"1200000000 BridgeInfoComplete|rec-7|Complete",
		"1310000000 Callweave.SnapshotEnd|rec-|PJSIPShowContacts",
		"1310000000 Hangup|a",
		"1310000000 Callweave.NotUnderstood|truncated|1|Event: Hang\n",
		"1310000000 Callweave.Disconnected|EOF",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func line(ev *wire.Event) string {
	s := fmt.Sprintf("%d %s", ev.Received, wire.EventName(ev.ID))
	for _, f := range ev.Fields {
		s += "|" + f.Value
	}
	return s
}

func TestWriterAndReaderAgree(t *testing.T) {
	var b bytes.Buffer
	w := trace.NewWriter(&b)
	w.Connected(1, "h:1")
	w.Received(2, []byte("Asterisk Call Manager/11.0.0\r\n"))
	w.Sent(3, []byte("Action: Login\r\nUsername: u\r\nsecret: hush\r\nKEY: hush\r\n\r\n"))
	w.Received(4, []byte("Event: Hold\r\n\r\n"))
	w.Received(5, []byte("Event: cut"))
	w.Note(6, "two\r\nlines")
	w.Disconnected(7, "EOF")
	if strings.Contains(b.String(), "hush") {
		t.Error("a secret was recorded")
	}
	var compressed bytes.Buffer
	z := gzip.NewWriter(&compressed)
	if _, err := z.Write(b.Bytes()); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"# 1 connected h:1", "@ 2 Asterisk Call Manager/11.0.0\r\n", "> 3 Action: Login\r\nUsername: u\r\nsecret: ***\r\nKEY: ***\r\n\r\n",
		"@ 4 Event: Hold\r\n\r\n", "@ 5 Event: cut\n", "# 5 incomplete packet above", "# 6 two  lines", "# 7 disconnected: EOF",
	}
	for _, src := range []io.Reader{&b, &compressed} {
		var got []string
		for r := trace.NewReader(src); ; {
			rec, err := r.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, fmt.Sprintf("%c %d %s", rec.Kind, rec.At, rec.Data))
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
	}
}

func TestWhatIsNoRecordingIsRefused(t *testing.T) {
	for in, want := range map[string]error{
		"":                              nil,
		"Event: Hold\r\n\r\n":           trace.ErrNoTrace,
		"@ x\n":                         trace.ErrNoTrace,
		"# 99999999999999999999 text\n": trace.ErrNoTrace,
		"\x1f\x8bnonsense":              gzip.ErrHeader,
	} {
		if err := trace.Events(strings.NewReader(in), nil); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", in, err, want)
		}
	}
	stop := errors.New("stop")
	if err := trace.Events(strings.NewReader(recording), func(*wire.Event) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("got %v", err)
	}
}

// corpus calls fn for every recorded trace there is.
func corpus(t *testing.T, fn func(t *testing.T, name string, r io.Reader)) {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "lab", "corpus")
	n := 0
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasPrefix(e.Name(), "trace.ami") {
			return err
		}
		n++
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		fn(t, path, f)
		return nil
	})
	if n == 0 || err != nil {
		t.Fatalf("%d recordings: %v", n, err)
	}
}

// free tells fields whose names are no fixed set: lines of a configuration, and what Asterisk tells its own tests.
func free(ev *wire.Event, name string) bool {
	return ev.ID == wire.EvTestEvent || ev.ID == wire.AgentResponse && (strings.HasPrefix(name, "Category-") || strings.HasPrefix(name, "Line-"))
}

func TestRecordingsOfRealPBXsAreUnderstoodToTheLastByte(t *testing.T) {
	corpus(t, func(t *testing.T, name string, r io.Reader) {
		count := map[wire.EventID]int{}
		err := trace.Events(r, func(ev *wire.Event) error {
			count[ev.ID]++
			for _, f := range ev.Fields {
				if f.ID == 0 && !strings.Contains(f.Name, "(") && !free(ev, f.Name) {
					t.Errorf("%s: %s has a field without a number: %s", name, wire.EventName(ev.ID), f.Name)
				}
			}
			return nil
		})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if count[0]+count[wire.AgentNotUnderstood] > 0 || count[wire.AgentConnected] == 0 ||
			count[wire.AgentSnapshotBegin] == 0 || count[wire.AgentSnapshotBegin] != count[wire.AgentSnapshotEnd] {
			t.Errorf("%s: %d unknown, %d not understood, %d connects, %d snapshots begin, %d end", name, count[0], count[wire.AgentNotUnderstood],
				count[wire.AgentConnected], count[wire.AgentSnapshotBegin], count[wire.AgentSnapshotEnd])
		}
	})
}

func FuzzEvents(f *testing.F) {
	f.Add([]byte(recording))
	f.Add([]byte("# 1 connected x\n@ 2\n\n\n@ 1\nEvent: A\n@ 3\n\n# 4 disconnected: \n> 5\nAction: Ping\n"))
	f.Add([]byte("@ 1\nResponse: Follows\n@ 2\n# 3\n"))
	f.Fuzz(func(t *testing.T, in []byte) {
		seq, at := uint64(0), int64(0)
		_ = trace.Events(bytes.NewReader(in), func(ev *wire.Event) error {
			if seq++; ev.Seq != seq || ev.Received < at {
				t.Errorf("event %d after %d, at %d after %d", ev.Seq, seq-1, ev.Received, at)
			}
			at = ev.Received
			return nil
		})
	})
}
