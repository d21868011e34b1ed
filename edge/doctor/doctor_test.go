package doctor

import (
	"bufio"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/callweave/callweave/edge/locale"
	"github.com/callweave/callweave/shared/wire"
)

// scripted is a manager interface that answers by a table: action, or "Command line", to the lines of an answer.
func scripted(t *testing.T, banner string, answers map[string]string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go answer1(conn, banner, answers)
		}
	}()
	return listener.Addr().String()
}

func answer1(conn net.Conn, banner string, answers map[string]string) {
	defer conn.Close()
	fmt.Fprintf(conn, "%s\r\n", banner)
	in := bufio.NewScanner(conn)
	fields := map[string]string{}
	for in.Scan() {
		if key, value, ok := strings.Cut(in.Text(), ": "); ok {
			fields[key] = value
			continue
		}
		action := fields["Action"]
		if action == "Command" {
			action = fields["Command"]
		}
		text, ok := answers[action]
		if !ok {
			text = "Response: Error\nMessage: Permission denied"
		}
		reply, after, _ := strings.Cut(text, "\n\n")
		fmt.Fprintf(conn, "%s\r\nActionID: %s\r\n\r\n", strings.ReplaceAll(reply, "\n", "\r\n"), fields["ActionID"])
		if after != "" {
			fmt.Fprintf(conn, "%s\r\n\r\n", strings.ReplaceAll(after, "\n", "\r\n"))
		}
		clear(fields)
	}
}

const allowed = "Response: Success\nPing: x\nCoreSettings: x\nCoreStatus: x\nStatus: x\nQueueStatus: x\nCoreShowChannels: x\nDeviceStateList: x\nExtensionStateList: x"

func answersOf(changes map[string]string) map[string]string {
	all := map[string]string{
		"Challenge": "Response: Success\nChallenge: 123", "Login": "Response: Success\nMessage: Authentication accepted\n\nEvent: FullyBooted\nStatus: Fully Booted",
		"CoreSettings": "Response: Success\nAsteriskVersion: 22.1.0\nSystemName: pbx1",
		"Ping":         fmt.Sprintf("Response: Success\nPing: Pong\nTimestamp: %d.000000", time.Now().Unix()),
		"ListCommands": allowed,
	}
	for action, text := range changes {
		all[action] = text
	}
	return all
}

func severities(findings []Finding) map[Code]Severity {
	found := map[Code]Severity{}
	for _, f := range findings {
		found[f.Code] = f.Severity
	}
	return found
}

func TestWhatAPBXLacksIsFound(t *testing.T) {
	const command = allowed + "\nCommand: x"
	base := map[Code]Severity{CodeConnect: OK, CodeLogin: OK, CodeVersion: OK, CodeSystemName: OK, CodePBXClock: OK, CodeWriteRights: OK, CodeReadRights: OK}
	user := func(perm string) string { return "Response: Success\nOutput:   read perm: " + perm }
	tests := map[string]struct {
		banner  string
		changes map[string]string
		want    map[Code]Severity // besides base
		without []Code
	}{
		"nothing": {},
		"log-in refused": {
			changes: map[string]string{"Login": "Response: Error\nMessage: Authentication failed"},
			want:    map[Code]Severity{CodeLogin: Error}, without: []Code{CodeVersion, CodeSystemName, CodePBXClock, CodeWriteRights, CodeReadRights},
		},
		"Asterisk 11": {changes: map[string]string{"CoreSettings": "Response: Success\nAsteriskVersion: 11.25.3"}, want: map[Code]Severity{CodeVersion: Error}},
		"Asterisk 12": {changes: map[string]string{"CoreSettings": "Response: Success\nAsteriskVersion: 12.8.2"}, want: map[Code]Severity{CodeVersion: Warn}},
		"version by the greeting alone": {
			banner: "Asterisk Call Manager/1.3", changes: map[string]string{"CoreSettings": "Response: Error\nMessage: Permission denied"},
			want: map[Code]Severity{CodeVersion: Error}, without: []Code{CodeSystemName},
		},
		"clock a minute and more off": {
			changes: map[string]string{"Ping": fmt.Sprintf("Response: Success\nPing: Pong\nTimestamp: %d.5", time.Now().Unix()-90)},
			want:    map[Code]Severity{CodePBXClock: Error},
		},
		"may ask for little":         {changes: map[string]string{"ListCommands": "Response: Success\nPing: x\nQueueStatus: x"}, want: map[Code]Severity{CodeWriteRights: Error}},
		"class system is not read":   {changes: map[string]string{"Login": "Response: Success"}, want: map[Code]Severity{CodeReadRights: Warn}},
		"events come without a time": {changes: map[string]string{"Login": "Response: Success\n\nEvent: FullyBooted\n\nEvent: Newchannel\nUniqueid: 1.1"}, want: map[Code]Severity{CodeTimestamps: Warn}},
		"events come with a time":    {changes: map[string]string{"Login": "Response: Success\n\nEvent: FullyBooted\n\nEvent: Newchannel\nTimestamp: 1700000000.1\nUniqueid: 1.1"}, want: map[Code]Severity{CodeTimestamps: OK}},
		"commands tell all": {changes: map[string]string{
			"ListCommands": command, "manager show user u": user("system,call,agent,user,reporting,dialplan,dtmf,cdr"),
			"manager show settings": "Response: Success\nOutput:   Timestamp events:  Yes\nOutput:   Disabled events: ",
		}, want: map[Code]Severity{CodeTimestamps: OK}},
		"commands tell the worst": {
			changes: map[string]string{
				"ListCommands": command, "manager show user u": user("system,reporting"),
				"manager show settings": "Response: Success\nOutput:   Timestamp events:  No\nOutput:   Disabled events: Newexten,DialBegin",
			},
			want: map[Code]Severity{CodeTimestamps: Warn, CodeReadRights: Error, CodeDisabled: Warn},
		},
		"all classes": {changes: map[string]string{"ListCommands": command, "manager show user u": user("all"), "manager show settings": "Response: Success"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			banner := test.banner
			if banner == "" {
				banner = "Asterisk Call Manager/11.0.0"
			}
			address := scripted(t, banner, answersOf(test.changes))
			d := New(Config{AMI: AMI{Address: address, User: "u", Secret: "s"}, Watch: 200 * time.Millisecond}, nil, time.Now)
			want := map[Code]Severity{}
			for code, s := range base {
				if !slices.Contains(test.without, code) {
					want[code] = s
				}
			}
			for code, s := range test.want {
				want[code] = s
			}
			findings := d.checkPBX(t.Context())
			if diff := cmp.Diff(want, severities(findings)); diff != "" {
				t.Errorf("%s\n%v", diff, findings)
			}
		})
	}
}

func TestPBXThatIsNotThereOrSomethingElse(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = closed.Close()
	for name, address := range map[string]string{"closed": closed.Addr().String(), "web server": scripted(t, "HTTP/1.1 400 Bad Request", nil)} {
		findings := New(Config{AMI: AMI{Address: address}}, nil, time.Now).checkPBX(t.Context())
		if len(findings) != 1 || findings[0].Code != CodeConnect || findings[0].Severity != Error {
			t.Errorf("%s: %v", name, findings)
		}
	}
}

func TestOneWayToTheCloudIsEnough(t *testing.T) {
	broken := errors.New("no answer")
	for name, c := range map[string]struct {
		udp, tcp error
		want     map[Code]Severity
	}{
		"both":     {nil, nil, map[Code]Severity{CodeUDP: OK, CodeTCP: OK}},
		"UDP":      {nil, broken, map[Code]Severity{CodeUDP: OK, CodeTCP: Warn}},
		"TCP":      {broken, nil, map[Code]Severity{CodeUDP: Warn, CodeTCP: OK}},
		"none":     {broken, broken, map[Code]Severity{CodeUDP: Error, CodeTCP: Error}},
		"stranger": {x509.UnknownAuthorityError{}, broken, map[Code]Severity{CodeTrust: Error}},
	} {
		if diff := cmp.Diff(c.want, severities(reached("a:1", "a:2", c.udp, c.tcp))); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestClocksAreJudged(t *testing.T) {
	for offset, want := range map[time.Duration]Severity{0: OK, -time.Second: OK, 5 * time.Second: Warn, -5 * time.Second: Warn, time.Hour: Error} {
		if f := ClockFinding(offset); f.Severity != want {
			t.Errorf("%v: %v", offset, f)
		}
	}
}

func TestWhatAPersonMustMendOnTheLinkIsAFinding(t *testing.T) {
	seen := map[string]bool{}
	for _, code := range []wire.Code{wire.CodeTenantSuspended, wire.CodeVersionUnsupported, wire.CodeReplaced, wire.CodeCertificateRevoked} {
		findings := LinkFinding(code)
		if len(findings) != 1 || findings[0].Severity != Error {
			t.Fatalf("%s: %v", code, findings)
		}
		text := findings[0].Words(locale.For("ru"))
		if seen[text.Sentence] || !strings.Contains(text.Sentence, string(code)) || text.Mend == "" {
			t.Errorf("%s: %+v", code, text)
		}
		seen[text.Sentence] = true
	}
	for _, code := range []wire.Code{"", wire.CodeShutdown, wire.CodeOverloaded, wire.CodeTimeout} {
		if findings := LinkFinding(code); len(findings) > 0 {
			t.Errorf("%s: %v", code, findings)
		}
	}
}

func TestDiskThatCannotBeWrittenIsFound(t *testing.T) {
	dir := t.TempDir()
	d := New(Config{StateDir: dir, SpoolDir: filepath.Join(dir, "spool")}, nil, time.Now)
	if got := severities(d.checkDisk(t.Context())); got[CodeSpool] != OK || got[CodeDisk] != OK {
		t.Errorf("%v", got)
	}
	d = New(Config{StateDir: dir, SpoolDir: filepath.Join(dir, "spool"), SpoolMax: 1 << 60}, nil, time.Now)
	if got := severities(d.checkDisk(t.Context())); got[CodeDisk] != Warn {
		t.Errorf("%v", got)
	}
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	d = New(Config{StateDir: dir, SpoolDir: file}, nil, time.Now)
	if got := severities(d.checkDisk(t.Context())); got[CodeSpool] != Error {
		t.Errorf("%v", got)
	}
}

func TestAgentThatIsNotEnrolledSaysSo(t *testing.T) {
	findings := New(Config{Gateway: "x:1"}, nil, time.Now).Check(context.WithoutCancel(t.Context()))
	if diff := cmp.Diff(map[Code]Severity{CodeEnrolled: Error}, severities(findings)); diff != "" || Worst(findings) != Error {
		t.Error(diff)
	}
}

func event(id wire.EventID, fields ...string) *wire.Event {
	e := &wire.Event{ID: id, Received: time.Now().UnixNano()}
	for i := 0; i < len(fields); i += 2 {
		e.Fields = append(e.Fields, wire.Field{ID: wire.LookupField([]byte(fields[i])), Value: fields[i+1]})
	}
	return e
}

// calls plays n calls of two channels each; hide leaves out how the second one was announced.
func calls(o *Observer, n int, hide, dialplan bool) {
	for i := range n {
		a, b := fmt.Sprintf("%d.1", i), fmt.Sprintf("%d.2", i)
		o.Observe(event(wire.EvNewchannel, "Uniqueid", a))
		if dialplan {
			o.Observe(event(wire.EvNewexten, "Uniqueid", a))
		}
		if !hide {
			o.Observe(event(wire.EvNewchannel, "Uniqueid", b))
		}
		o.Observe(event(wire.EvDialBegin, "Uniqueid", a, "DestUniqueid", b))
		o.Observe(event(wire.EvBridgeEnter, "Uniqueid", a))
		o.Observe(event(wire.EvHangup, "Uniqueid", a))
		o.Observe(event(wire.EvHangup, "Uniqueid", b))
	}
}

func TestObserverFindsFiltersAndMissingClasses(t *testing.T) {
	for name, c := range map[string]struct {
		hide, dialplan bool
		want           map[Code]Severity
	}{
		"all well":    {false, true, map[Code]Severity{CodeTimestamps: Warn}},
		"filter":      {true, true, map[Code]Severity{CodeTimestamps: Warn, CodeHidden: Error}},
		"no dialplan": {false, false, map[Code]Severity{CodeTimestamps: Warn, CodeNoDialplan: Warn}},
	} {
		o := NewObserver()
		o.Observe(event(wire.AgentConnected))
		o.Observe(event(wire.EvStatus, "Uniqueid", "old.1"))
		o.Observe(event(wire.AgentSnapshotEnd))
		calls(o, 100, c.hide, c.dialplan)
		if diff := cmp.Diff(c.want, severities(o.Findings(time.Now()))); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if len(o.known) > 1 {
			t.Errorf("%d channels are remembered after all are gone", len(o.known))
		}
	}
}

func TestObserverCountsDroppedConnections(t *testing.T) {
	o := NewObserver()
	for range 3 {
		o.Observe(event(wire.AgentConnected))
		o.Observe(event(wire.AgentDisconnected))
	}
	if got := severities(o.Findings(time.Now())); got[CodeDisconnected] != Warn {
		t.Errorf("%v", got)
	}
	if got := severities(o.Findings(time.Now().Add(2 * time.Hour))); len(got) > 0 {
		t.Errorf("hours later: %v", got)
	}
}

func TestObservedReplacesChecked(t *testing.T) {
	merged := Merge([]Finding{{Code: CodeTimestamps, Severity: OK}, {Code: CodeUDP, Severity: OK}}, []Finding{{Code: CodeTimestamps, Severity: Warn}})
	if diff := cmp.Diff(map[Code]Severity{CodeTimestamps: Warn, CodeUDP: OK}, severities(merged)); diff != "" {
		t.Error(diff)
	}
}

// TestEveryFindingHasWords makes sure that no sentence is empty or lacks an argument, in any language.
func TestEveryFindingHasWords(t *testing.T) {
	args := map[Code][]any{
		CodeEnrolled: {"a"}, CodeCertificate: {"2027"}, CodeDNS: {"h", "e"}, CodeUDP: {"a", "e"}, CodeTCP: {"a", "e"}, CodeTrust: {"a", "e"}, CodeClock: {"1s"},
		CodeDisk: {"1", "d"}, CodeSpool: {"d", "e"}, CodeConnect: {"a", "e"}, CodeLogin: {"u", "e"}, CodeVersion: {"22"}, CodeWriteRights: {"x"}, CodeReadRights: {"x"},
		CodeTimestamps: nil, CodeSystemName: {"x"}, CodeDisabled: {"x"}, CodePBXClock: {"1s"}, CodeHidden: {1, 2}, CodeNoDialplan: {3}, CodeDisconnected: {3},
	}
	for code, a := range args {
		for _, severity := range []Severity{OK, Warn, Error} {
			for _, language := range []string{"en", "ru"} {
				text := Finding{code, severity, a}.Words(locale.For(language))
				if text.Sentence == "" || strings.Contains(text.Sentence, "MISSING") || severity != OK && code != CodeSystemName && (text.Hurts == "" || text.Mend == "") {
					t.Errorf("%s %s %s: %+v", code, severity, language, text)
				}
			}
		}
	}
}
