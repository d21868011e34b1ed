package fakepbx_test

import (
	"context"
	"crypto/md5"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/callweave/callweave/lab/fakepbx"
	"github.com/callweave/callweave/shared/wire"
	"github.com/callweave/callweave/shared/wire/amitext"
)

const recording = `# 1795385476000000000 connected 10.0.0.1:5038
> 1795385476000000001
Action: Login
ActionID: rec-1

@ 1795385476000000002
Asterisk Call Manager/9.0.0
@ 1795385476000000003
Response: Success
ActionID: rec-1

> 1795385476000000004
Action: QueueStatus
ActionID: rec-2

@ 1795385476000000005
Response: Success
ActionID: rec-2
EventList: start

@ 1795385476000000006
Event: QueueMember
ActionID: rec-2
LoginTime: 1795385400

@ 1795385476000000007
Event: QueueStatusComplete
ActionID: rec-2
EventList: Complete

@ 1795385477000000000
Event: Newchannel
Privilege: call,all
Channel: PJSIP/101-00000001
ChannelStateDesc: Ring
Uniqueid: pbx-1795385477.1
Linkedid: pbx-1795385477.1

@ 1795385477500000000
Event: Newchannel
Privilege: call,all
Channel: Local/104@x-0000000a;1
ChannelStateDesc: Down
Uniqueid: pbx-1795385477.12
Linkedid: pbx-1795385477.1

@ 1795385478000000000
Event: BridgeEnter
Privilege: call,all
BridgeUniqueid: 11111111-2222-3333-4444-555555555555
BridgeType: basic
Channel: PJSIP/101-00000001
ChannelStateDesc: Up
Uniqueid: pbx-1795385477.1
Linkedid: pbx-1795385477.1

@ 1795385478500000000
Event: VarSet
Privilege: dialplan,all
Channel: PJSIP/101-00000001
ChannelStateDesc: Up
Uniqueid: pbx-1795385477.1
Variable: BRIDGEPEER
Value: Local/104@x-0000000a;1

`

const hangup = `@ 1795385479000000000
Event: Hangup
Privilege: call,all
Channel: PJSIP/101-00000001
ChannelStateDesc: Up
Uniqueid: pbx-1795385477.1

# 1795385480000000000 end
`

func write(t *testing.T, content string) []fakepbx.Scenario {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "a1", "A")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	content = strings.ReplaceAll(content, "\n", "\r\n")
	for _, mark := range []string{"@", ">", "#"} { // marks end in LF alone
		content = strings.ReplaceAll(content, "\r\n"+mark+" ", "\r\n"+mark+" ")
	}
	if err := os.WriteFile(filepath.Join(dir, "trace.ami"), []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	found, err := fakepbx.Find("A", filepath.Dir(filepath.Dir(dir)))
	if err != nil || len(found) != 1 || found[0].Name != "a1" {
		t.Fatalf("%v, %v", found, err)
	}
	return found
}

// serve runs a PBX for the test's length and returns its address.
func serve(t *testing.T, cfg fakepbx.Config) (string, *fakepbx.Server) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	s, done := fakepbx.New(cfg), make(chan error, 1)
	go func() { done <- s.Serve(ctx, l) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return l.Addr().String(), s
}

// caller is a client that logs in by hand.
type caller struct {
	net.Conn
	r  *amitext.Reader
	ev wire.Event
}

func dial(t *testing.T, addr string) *caller {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
		t.Fatal(err)
	}
	c := &caller{Conn: conn, r: amitext.NewReader(conn)}
	if _, err := c.r.Banner(); err != nil {
		t.Fatal(err)
	}
	return c
}

func (c *caller) say(lines ...string) {
	fmt.Fprintf(c, "%s\r\n\r\n", strings.Join(lines, "\r\n"))
}

func (c *caller) next(t *testing.T) *wire.Event {
	t.Helper()
	if err := c.r.Next(&c.ev); err != nil {
		t.Fatal(err)
	}
	return &c.ev
}

// until reads up to the event and returns the events before it and itself.
func (c *caller) until(t *testing.T, id wire.EventID) []*wire.Event {
	t.Helper()
	var all []*wire.Event
	for {
		all = append(all, c.next(t).Clone())
		if c.ev.ID == id {
			return all
		}
	}
}

func TestRecordingIsPlayedByteForByte(t *testing.T) {
	addr, s := serve(t, fakepbx.Config{Scenarios: write(t, recording+hangup)})
	c := dial(t, addr)
	c.say("Action: Status", "ActionID: 1")
	if got := c.next(t).Get(wire.FMessage); got != "Permission denied" {
		t.Errorf("before login: %q", got)
	}
	c.say("Action: Challenge", "AuthType: MD5", "ActionID: 2")
	sum := md5.Sum([]byte(c.next(t).Get(wire.FChallenge) + "lab"))
	c.say("Action: Login", "AuthType: MD5", "Username: lab", fmt.Sprintf("Key: %x", sum), "ActionID: 3")
	var got []string
	for _, ev := range c.until(t, wire.EvHangup) {
		got = append(got, wire.EventName(ev.ID)+" "+ev.Get(wire.FUniqueid))
	}
	want := []string{
		"Callweave.Response ", "FullyBooted ", "Newchannel pbx-1795385477.1", "Newchannel pbx-1795385477.12",
		"BridgeEnter pbx-1795385477.1", "VarSet pbx-1795385477.1", "Hangup pbx-1795385477.1",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	<-s.Played()
}

func TestSnapshotTellsWhatWasPlayed(t *testing.T) {
	addr, s := serve(t, fakepbx.Config{Scenarios: write(t, recording), AtOnce: true})
	<-s.Played()
	c := dial(t, addr)
	c.say("Action: Login", "Username: lab", "Secret: lab", "ActionID: 1")
	c.until(t, wire.EvFullyBooted)

	c.say("Action: Status", "ActionID: 2")
	if all := c.until(t, wire.EvStatusComplete); len(all) != 4 || all[1].Get(wire.FBridgeID) == "" {
		t.Errorf("%d packets", len(all))
	}
	c.say("Action: BridgeList", "ActionID: 3")
	id := c.until(t, wire.EvBridgeListComplete)[1].Get(wire.FBridgeUniqueid)
	c.say("Action: BridgeInfo", "BridgeUniqueid: "+id, "ActionID: 4")
	if got := c.until(t, wire.EvBridgeInfoComplete)[1].Get(wire.FChannel); got != "PJSIP/101-00000001" {
		t.Errorf("in the bridge: %q", got)
	}
	c.say("Action: QueueStatus", "ActionID: 5")
	if all := c.until(t, wire.EvQueueStatusComplete); len(all) != 3 || all[2].Get(wire.FActionID) != "5" {
		t.Errorf("%d packets", len(all))
	}
	c.say("Action: SIPpeers", "ActionID: 6")
	if got := c.next(t).Get(wire.FResponse); got != "Error" {
		t.Errorf("what nobody recorded: %q", got)
	}
}

func TestLoopIsFresh(t *testing.T) {
	addr, _ := serve(t, fakepbx.Config{Scenarios: write(t, recording+hangup), Loop: true})
	c := dial(t, addr)
	c.say("Action: Login", "Username: lab", "Secret: lab", "Events: on", "ActionID: 1")
	c.until(t, wire.EvFullyBooted)
	seen := map[string]bool{}
	for range 3 {
		all := c.until(t, wire.EvHangup)
		first, local := all[0].Get(wire.FUniqueid), all[1].Get(wire.FChannel)
		if seen[first] || seen[local] || strings.Contains(first, "1795385477") || !strings.HasPrefix(first, "pbx-") {
			t.Errorf("not fresh: %s %s", first, local)
		}
		seen[first], seen[local] = true, true
		if all[1].Get(wire.FLinkedid) != first || all[4].Get(wire.FUniqueid) != first || all[3].Get(wire.FValue) != local {
			t.Error("what belongs together has different names")
		}
		if all[2].Get(wire.FBridgeUniqueid) == "11111111-2222-3333-4444-555555555555" {
			t.Error("the bridge is an old one")
		}
		if age := time.Since(time.UnixMicro(all[0].PBXTime)); age < 0 || age > time.Hour {
			t.Errorf("stamped %v ago", age)
		}
	}
}

func TestWrongSecretIsRefused(t *testing.T) {
	addr, _ := serve(t, fakepbx.Config{Scenarios: write(t, recording)})
	c := dial(t, addr)
	c.say("Action: Login", "Username: lab", "Secret: wrong", "ActionID: 1")
	if got := c.next(t).Get(wire.FMessage); got != "Authentication failed" {
		t.Errorf("%q", got)
	}
	if err := c.r.Next(&c.ev); !errors.Is(err, io.EOF) {
		t.Errorf("the connection goes on: %v", err)
	}
}

func TestEventMaskHoldsEventsBack(t *testing.T) {
	addr, _ := serve(t, fakepbx.Config{Scenarios: write(t, recording+hangup)})
	c := dial(t, addr)
	c.say("Action: Login", "Username: lab", "Secret: lab", "Events: call,agent", "ActionID: 1")
	for _, ev := range c.until(t, wire.EvHangup) {
		if ev.ID == wire.EvVarSet {
			t.Error("class dialplan was not asked for")
		}
	}
}

func TestFaultsReachTheClient(t *testing.T) {
	addr, _ := serve(t, fakepbx.Config{
		Scenarios: write(t, recording+hangup),
		Faults:    fakepbx.Faults{GarbageIn: 3, HugeIn: 4, HugeBytes: 300 << 10, Chunk: 1000, CutAfter: 310 << 10},
	})
	c := dial(t, addr)
	c.say("Action: Login", "Username: lab", "Secret: lab", "ActionID: 1")
	count := map[wire.EventID]int{}
	for c.r.Next(&c.ev) == nil {
		count[c.ev.ID]++
	}
	if count[wire.AgentNotUnderstood] < 2 || count[wire.EvUserEvent] != 1 || count[wire.EvHangup] > 1 {
		t.Errorf("%v", count)
	}
}

func TestNothingToPlayIsSaid(t *testing.T) {
	if _, err := fakepbx.Find("A", t.TempDir()); err == nil || !strings.Contains(err.Error(), "no trace.ami") {
		t.Errorf("%v", err)
	}
	if _, err := fakepbx.Find("A", filepath.Join(t.TempDir(), "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v", err)
	}
}
