package pbx

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"
)

// Manager is a plain AMI connection for the driver of a scenario: actions and their answers. It is no AMI client of the
// product, so that a mistake there cannot hide itself here.
type Manager struct {
	conn net.Conn
	in   *bufio.Reader
	n    int
}

// Packet is one AMI message, the last of repeated keys; Pairs of an action are written in order.
type Packet map[string]string

// Dial connects and logs in.
func Dial(ctx context.Context, addr, user, secret string) (*Manager, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("dial manager: %w", err)
	}
	m := &Manager{conn: conn, in: bufio.NewReader(conn)}
	if err := m.login(ctx, user, secret); err != nil {
		return nil, errors.Join(fmt.Errorf("log in at the manager: %w", err), conn.Close())
	}
	return m, nil
}

func (m *Manager) login(ctx context.Context, user, secret string) error {
	if err := m.deadline(ctx); err != nil {
		return err
	}
	if _, err := m.in.ReadString('\n'); err != nil {
		return err
	}
	answer, err := m.Action(ctx, "Login", "Username", user, "Secret", secret)
	if err != nil {
		return err
	}
	if answer["Response"] != "Success" {
		return errors.New(answer["Message"])
	}
	return nil
}

// Action sends an action with header pairs and returns its response; events in between are skipped.
func (m *Manager) Action(ctx context.Context, name string, pairs ...string) (Packet, error) {
	if err := m.deadline(ctx); err != nil {
		return nil, err
	}
	m.n++
	id := fmt.Sprintf("driver-%d", m.n)
	var b strings.Builder
	fmt.Fprintf(&b, "Action: %s\r\nActionID: %s\r\n", name, id)
	for i := 0; i+1 < len(pairs); i += 2 {
		fmt.Fprintf(&b, "%s: %s\r\n", pairs[i], pairs[i+1])
	}
	b.WriteString("\r\n")
	if _, err := m.conn.Write([]byte(b.String())); err != nil {
		return nil, fmt.Errorf("send %s: %w", name, err)
	}
	for {
		p, err := m.read()
		if err != nil {
			return nil, fmt.Errorf("read the answer to %s: %w", name, err)
		}
		if p["Response"] != "" && p["ActionID"] == id {
			return p, nil
		}
	}
}

// Channel finds the channel whose name begins with a prefix, "" when there is none.
func (m *Manager) Channel(ctx context.Context, prefix string) (string, error) {
	if _, err := m.Action(ctx, "CoreShowChannels"); err != nil {
		return "", err
	}
	found := ""
	for {
		p, err := m.read()
		switch {
		case err != nil:
			return "", fmt.Errorf("list channels: %w", err)
		case p["Event"] == "CoreShowChannel" && strings.HasPrefix(p["Channel"], prefix):
			found = p["Channel"]
		case p["Event"] == "CoreShowChannelsComplete":
			return found, nil
		}
	}
}

// waitEvent reads until an event of this name comes.
func (m *Manager) waitEvent(ctx context.Context, name string) error {
	if err := m.deadline(ctx); err != nil {
		return err
	}
	for {
		p, err := m.read()
		if err != nil {
			return fmt.Errorf("wait for %s: %w", name, err)
		}
		if p["Event"] == name {
			return nil
		}
	}
}

func (m *Manager) read() (Packet, error) {
	p := Packet{}
	for {
		line, err := m.in.ReadString('\n')
		if err != nil {
			return nil, err
		}
		line = strings.TrimRight(line, "\r\n")
		if line == "" {
			return p, nil
		}
		key, value, _ := strings.Cut(line, ": ")
		p[key] = value
	}
}

func (m *Manager) deadline(ctx context.Context) error {
	limit, ok := ctx.Deadline()
	if !ok {
		limit = time.Now().Add(10 * time.Second)
	}
	return m.conn.SetDeadline(limit)
}

// Close ends the connection.
func (m *Manager) Close() error { return m.conn.Close() }
