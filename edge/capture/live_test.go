package capture_test

import (
	"bytes"
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/callweave/callweave/edge/ami"
	"github.com/callweave/callweave/edge/capture"
	"github.com/callweave/callweave/lab/fakepbx"
	"github.com/callweave/callweave/shared/wire"
	"github.com/callweave/callweave/shared/wire/trace"
)

const recorded = "# 1000000000 connected 10.0.0.1:5038\n" +
	"> 1000000001\nAction: Login\r\nActionID: rec-1\r\n\r\n" +
	"@ 1000000010\nAsterisk Call Manager/11.0.0\r\n" +
	"@ 1000000020\nResponse: Success\r\nActionID: rec-1\r\n\r\n" +
	"> 1000000021\nAction: QueueStatus\r\nActionID: rec-2\r\n\r\n" +
	"@ 1000000022\nResponse: Success\r\nActionID: rec-2\r\nEventList: start\r\n\r\n" +
	"@ 1000000023\nEvent: QueueParams\r\nQueue: 600\r\nActionID: rec-2\r\n\r\n" +
	"@ 1000000024\nEvent: QueueStatusComplete\r\nEventList: Complete\r\nActionID: rec-2\r\n\r\n" +
	"@ 1100000000\nEvent: Newchannel\r\nPrivilege: call,all\r\nChannel: PJSIP/1-00000001\r\nChannelStateDesc: Ring\r\nCallerIDName: \xcf\xe5\xf2\r\nUniqueid: 1.1\r\n\r\n" +
	"@ 1200000000\nEvent: VarSet\r\nPrivilege: dialplan,all\r\nChannel: PJSIP/1-00000001\r\nVariable: A\r\nValue: x: y\r\n\r\n" +
	"@ 1300000000\nEvent: Brandnew\r\nPrivilege: call,all\r\nNovelty: 1\r\n\r\n" +
	"@ 1400000000\nEvent: Hangup\r\nPrivilege: call,all\r\nChannel: PJSIP/1-00000001\r\nChannelStateDesc: Up\r\nUniqueid: 1.1\r\n\r\n" +
	"# 1500000000 end\n"

// serve plays a recording and returns where.
func serve(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "trace.ami")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	pbx := fakepbx.New(fakepbx.Config{Scenarios: []fakepbx.Scenario{{Name: "test", Path: path}}})
	go func() { _ = pbx.Serve(t.Context(), l) }()
	return l.Addr().String()
}

// live keeps the lines of live events: those that answer no action and are no marks of the agent's own.
func live(lines []string) []string {
	var out []string
	for _, l := range lines {
		_, what, _ := strings.Cut(l, " ")
		if !strings.HasPrefix(what, "Callweave.") && !strings.HasPrefix(what, "Queue") && !strings.Contains(what, "|cw") && !strings.HasPrefix(what, "FullyBooted") {
			out = append(out, what)
		}
	}
	return out
}

// captured runs client and capture against a PBX until it said the last of n events of a kind, and returns what the
// spool holds then.
func captured(t *testing.T, address string, last wire.EventID, n int) []string {
	t.Helper()
	s := &spool{next: 1}
	c := capture.New(capture.Config{}, capture.Deps{Spool: s})
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	defer cancel()
	w := &watcher{Capture: c, done: cancel, last: last, n: n}
	client := ami.New(ami.Config{Address: address, User: "lab", Secret: "lab"}, ami.Deps{Sink: w})
	storing, stop := context.WithCancel(t.Context())
	stored := make(chan error)
	go func() { stored <- c.Run(storing) }()
	if err := client.Run(ctx); err != nil {
		t.Fatal(err)
	}
	stop()
	if err := <-stored; err != nil {
		t.Fatal(err)
	}
	return s.content(t)
}

func TestLivePBXGivesTheEventsOfItsRecording(t *testing.T) {
	want := []string{
		"Newchannel|call,all|PJSIP/1-00000001|Ring|\xcf\xe5\xf2|1.1", "VarSet|dialplan,all|PJSIP/1-00000001|A|x: y", "|call,all|1",
		"Hangup|call,all|PJSIP/1-00000001|Up|1.1",
	}
	if d := cmp.Diff(want, live(captured(t, serve(t, recorded), wire.EvHangup, 1))); d != "" {
		t.Error(d)
	}
}

// watcher ends a test when the last event was seen.
type watcher struct {
	*capture.Capture
	done func()
	last wire.EventID
	n    int
}

func (w *watcher) Packet(ev *wire.Event) {
	w.Capture.Packet(ev)
	if ev.ID == w.last {
		if w.n--; w.n == 0 {
			w.done()
		}
	}
}

// TestRealRecordingsPlayedLiveAreCapturedWhole plays recordings of real PBXs as fast as the agent reads.
func TestRealRecordingsPlayedLiveAreCapturedWhole(t *testing.T) {
	for _, version := range []string{"16", "22"} {
		for _, name := range []string{"a1-queue-answered-caller-hangs-up", "c1-overflow-answered", "j2-local-members"} {
			t.Run(version+"/"+name, func(t *testing.T) {
				path := filepath.Join("..", "..", "lab", "corpus", version, name, "A", "trace.ami.gz")
				content, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				var want []string
				hangups := 0
				err = trace.Events(bytes.NewReader(content), func(ev *wire.Event) error {
					if ev.ID == wire.EvHangup {
						hangups++
					}
					if !strings.HasPrefix(ev.Get(wire.FActionID), "rec-") {
						want = append(want, "0 "+line(ev))
					}
					return nil
				})
				if err != nil {
					t.Fatal(err)
				}
				want = live(want)
				got := live(captured(t, serve(t, string(content)), wire.EvHangup, hangups))
				// What the PBX said after the last hangup may come or not: the agent was stopped there.
				if len(got) < len(want)*9/10 {
					t.Errorf("%d of %d events", len(got), len(want))
				}
				if d := cmp.Diff(want[:len(got)], got); d != "" {
					t.Error(d)
				}
			})
		}
	}
}

func TestRecordingOfALivePBXReadsAsTheStreamItself(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	defer cancel()
	out := &stopAt{until: "Event: Hangup", stop: cancel}
	err := capture.Record(ctx, ami.Config{Address: serve(t, recorded), User: "lab", Secret: "lab", PlainLogin: true}, out, ami.Deps{})
	if err != nil {
		t.Fatal(err)
	}
	text := out.String()
	if strings.Contains(text, "Secret: lab") || !strings.Contains(text, "Secret: ***") {
		t.Error("the secret is not masked")
	}
	if !strings.HasPrefix(text, "# ") || !strings.Contains(text, " connected 127.0.0.1:") || !strings.HasSuffix(text, " end\n") {
		t.Errorf("%s", text)
	}
	marks := map[wire.EventID]int{}
	var lines []string
	err = trace.Events(strings.NewReader(text), func(ev *wire.Event) error {
		marks[ev.ID]++
		lines = append(lines, "0 "+line(ev))
		return nil
	})
	if err != nil || marks[wire.AgentConnected] != 1 || marks[wire.EvFullyBooted] != 1 || marks[wire.AgentNotUnderstood] != 0 || marks[wire.AgentDisconnected] != 1 {
		t.Errorf("%v, %v", marks, err)
	}
	if got := live(lines); len(got) != 4 || got[0] != "Newchannel|call,all|PJSIP/1-00000001|Ring|\xcf\xe5\xf2|1.1" {
		t.Errorf("%q", got)
	}
}

// stopAt is a recording that is stopped when a text was written.
type stopAt struct {
	bytes.Buffer
	until string
	stop  func()
}

func (s *stopAt) Write(p []byte) (int, error) {
	if bytes.Contains(p, []byte(s.until)) {
		s.stop()
	}
	return s.Buffer.Write(p)
}

func TestRecordingEndsWhenItCannotBeWritten(t *testing.T) {
	full := &brokenFile{}
	err := capture.Record(t.Context(), ami.Config{Address: serve(t, recorded), User: "lab", Secret: "lab"}, full, ami.Deps{})
	if !errors.Is(err, errFull) {
		t.Errorf("%v", err)
	}
}

var errFull = errors.New("disk is full")

type brokenFile struct{ n atomic.Int32 }

func (f *brokenFile) Write(p []byte) (int, error) {
	if f.n.Add(1) > 5 {
		return 0, errFull
	}
	return len(p), nil
}
