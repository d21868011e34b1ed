package fakepbx

import (
	"bufio"
	"context"
	"crypto/md5"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"
)

// client is one AMI connection.
type client struct {
	pbx       *Server
	conn      net.Conn
	challenge string

	mu   sync.Mutex // binds what is written to one packet at a time
	mask string     // of events
	in   bool       // logged in
}

// writeWithin is how long a client may not read before it is dropped, as with writetimeout.
const writeWithin = 30 * time.Second

func (c *client) serve(ctx context.Context) {
	defer c.pbx.forget(c)
	stop := context.AfterFunc(ctx, func() { c.conn.Close() })
	defer stop()
	if !c.write([]byte(c.pbx.banner + "\r\n")) {
		return
	}
	lines := bufio.NewScanner(c.conn)
	var packet []byte
	for lines.Scan() {
		line := lines.Bytes()
		if len(line) > 0 {
			packet = append(append(packet, line...), "\r\n"...)
			continue
		}
		if len(packet) > 0 && !c.action(packet) {
			return
		}
		packet = packet[:0]
	}
}

// action answers one action. It returns false where the connection ends with it.
func (c *client) action(p []byte) bool {
	id, name := value(p, "ActionID"), value(p, "Action")
	switch strings.ToLower(name) {
	case "login":
		return c.login(p, id)
	case "challenge":
		c.challenge = rand.Text()
		return c.write(fmt.Appendf(nil, "Response: Success\r\nActionID: %s\r\nChallenge: %s\r\n\r\n", id, c.challenge))
	case "logoff":
		c.write(fmt.Appendf(nil, "Response: Goodbye\r\nActionID: %s\r\nMessage: Thanks for all the fish.\r\n\r\n", id))
		return false
	}
	if !c.in {
		return c.write(refusal(id, "Permission denied"))
	}
	switch strings.ToLower(name) {
	case "ping":
		now := time.Now().UnixMicro()
		return c.write(fmt.Appendf(nil, "Response: Success\r\nActionID: %s\r\nPing: Pong\r\nTimestamp: %d.%06d\r\n\r\n", id, now/1e6, now%1e6))
	case "events":
		c.mu.Lock()
		c.mask = value(p, "EventMask")
		c.mu.Unlock()
		return c.write(fmt.Appendf(nil, "Response: Success\r\nActionID: %s\r\nEvents: On\r\n\r\n", id))
	}
	if out := c.pbx.state.answer(name, id, p); out != nil {
		return c.write(out)
	}
	return c.write(refusal(id, "Invalid/unknown command: "+name+". Use Action: ListCommands to show available commands."))
}

func (c *client) login(p []byte, id string) bool {
	ok := value(p, "Username") == c.pbx.cfg.User
	if strings.EqualFold(value(p, "AuthType"), "MD5") {
		sum := md5.Sum([]byte(c.challenge + c.pbx.cfg.Secret))
		ok = ok && c.challenge != "" && value(p, "Key") == hex.EncodeToString(sum[:])
	} else {
		ok = ok && value(p, "Secret") == c.pbx.cfg.Secret
	}
	if !ok {
		c.write(refusal(id, "Authentication failed"))
		return false
	}
	c.mu.Lock()
	c.mask, c.in = value(p, "Events"), true
	c.mu.Unlock()
	if !c.write(fmt.Appendf(nil, "Response: Success\r\nActionID: %s\r\nMessage: Authentication accepted\r\n\r\n", id)) ||
		!c.write(c.pbx.fullyBooted()) {
		return false
	}
	c.pbx.loggedIn()
	return true
}

// event sends an event to a client that logged in and wants it.
func (c *client) event(p []byte) {
	c.mu.Lock()
	yes := c.in && (c.pbx.cfg.Storm || wanted(c.mask, p))
	c.mu.Unlock()
	if yes {
		c.write(p)
	}
}

func (c *client) write(p []byte) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	err := c.conn.SetWriteDeadline(time.Now().Add(writeWithin))
	if err == nil {
		_, err = c.conn.Write(p)
	}
	if err != nil {
		c.conn.Close()
	}
	return err == nil
}
