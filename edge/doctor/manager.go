package doctor

import (
	"context"
	"crypto/md5" //nolint:gosec // what the manager interface asks for
	"crypto/tls"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/callweave/callweave/shared/wire"
	"github.com/callweave/callweave/shared/wire/amitext"
)

// answerWait is how long the PBX may take for an answer.
const answerWait = 5 * time.Second

// manager is a short conversation with the manager interface, one question after the other. The agent that runs has a
// connection of its own.
type manager struct {
	conn    net.Conn
	reader  *amitext.Reader
	banner  string
	asked   int
	allowed []wire.Field // of ListCommands

	stamped, unstamped bool // events with and without a time were seen
	booted             bool // FullyBooted came, which only readers of class system get
}

func dialManager(ctx context.Context, ami AMI) (*manager, error) {
	dialler := &net.Dialer{Timeout: answerWait}
	var conn net.Conn
	var err error
	if ami.TLS != nil {
		conn, err = (&tls.Dialer{NetDialer: dialler, Config: ami.TLS}).DialContext(ctx, "tcp", ami.Address)
	} else {
		conn, err = dialler.DialContext(ctx, "tcp", ami.Address)
	}
	if err != nil {
		return nil, err
	}
	m := &manager{conn: conn, reader: amitext.NewReader(conn)}
	_ = conn.SetDeadline(time.Now().Add(answerWait))
	if m.banner, err = m.reader.Banner(); err != nil {
		conn.Close()
		return nil, err
	}
	return m, nil
}

func (m *manager) close() {
	_ = m.conn.SetDeadline(time.Now().Add(time.Second))
	_, _ = io.WriteString(m.conn, "Action: Logoff\r\n\r\n")
	m.conn.Close()
}

// login uses the challenge, so that the secret does not travel.
func (m *manager) login(user, secret string) error {
	challenge, err := m.ask("Challenge", "AuthType: MD5")
	if err != nil {
		return err
	}
	if err := challenge.err(); err != nil {
		return err
	}
	sum := md5.Sum([]byte(challenge.field("Challenge") + secret)) //nolint:gosec // see above
	a, err := m.ask("Login", "AuthType: MD5", "Username: "+user, "Key: "+hex.EncodeToString(sum[:]), "Events: on")
	if err != nil {
		return err
	}
	return a.err()
}

// ask sends an action and waits for its answer; events that come meanwhile are looked at.
func (m *manager) ask(action string, headers ...string) (answer, error) {
	m.asked++
	id := fmt.Sprintf("check-%d", m.asked)
	var b strings.Builder
	fmt.Fprintf(&b, "Action: %s\r\nActionID: %s\r\n", action, id)
	for _, h := range headers {
		b.WriteString(strings.NewReplacer("\r", "", "\n", "").Replace(h) + "\r\n")
	}
	b.WriteString("\r\n")
	_ = m.conn.SetDeadline(time.Now().Add(answerWait))
	if _, err := io.WriteString(m.conn, b.String()); err != nil {
		return answer{}, err
	}
	var ev wire.Event
	for {
		if err := m.reader.Next(&ev); err != nil {
			return answer{}, fmt.Errorf("wait for the answer to %s: %w", action, err)
		}
		if ev.ID != wire.AgentResponse {
			m.see(&ev)
			continue
		}
		a := answer{fields: ev.Clone().Fields}
		if got := a.field("ActionID"); got != id && got != "" {
			continue
		}
		response := a.field("Response")
		a.success = strings.EqualFold(response, "Success") || strings.EqualFold(response, "Follows") || strings.EqualFold(response, "Pong")
		a.message = a.field("Message")
		return a, nil
	}
}

// command runs a command of Asterisk's console and returns its lines.
func (m *manager) command(line string) ([]string, error) {
	a, err := m.ask("Command", "Command: "+line)
	if err != nil {
		return nil, err
	}
	var output []string
	for _, f := range a.fields {
		if strings.EqualFold(nameOf(f), "Output") {
			output = append(output, f.Value)
		}
	}
	return output, nil
}

// may tells whether ListCommands named the action; everything may where it was not asked.
func (m *manager) may(action string) bool {
	return m.allowed == nil || slices.ContainsFunc(m.allowed, func(f wire.Field) bool { return strings.EqualFold(nameOf(f), action) })
}

// listen looks at events until enough or for d.
func (m *manager) listen(d time.Duration, enough func() bool) {
	_ = m.conn.SetDeadline(time.Now().Add(d))
	var ev wire.Event
	for !enough() {
		if err := m.reader.Next(&ev); err != nil {
			return // the time is over, or the connection is; what was seen counts
		}
		m.see(&ev)
	}
}

// see takes note of a live event. Answers to actions carry no time, nor does the FullyBooted of a log-in.
func (m *manager) see(ev *wire.Event) {
	switch {
	case ev.ID == wire.EvFullyBooted:
		m.booted = true
	case ev.ID == wire.AgentNotUnderstood || ev.Get(wire.FActionID) != "":
	case ev.PBXTime != 0:
		m.stamped = true
	default:
		m.unstamped = true
	}
}
