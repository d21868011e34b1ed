// Package portal asks a cloud's API as somebody does who works with the portal: signed in, by a session cookie. It starts
// no cloud.
package portal

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"time"
)

// Client is one browser of one person.
type Client struct {
	url  string
	http *http.Client
}

// New returns a client of the portal at a URL, such as https://127.0.0.1:8443. It trusts whatever certificate the portal
// shows: in the lab that is of the installation's own authority.
func New(url string) (*Client, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	return &Client{url: url, http: &http.Client{Jar: jar, Timeout: 20 * time.Second, Transport: &http.Transport{
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true},
	}}}, nil
}

// Close lets go of connections that nobody uses.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Ask sends a request to the API below /api/v1, in as JSON unless it is nil, and reads the answer into out unless that is
// nil. An answer that is no success is an error with its text.
func (c *Client) Ask(ctx context.Context, method, path string, in, out any) error {
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(b)
	}
	r, err := http.NewRequestWithContext(ctx, method, c.url+"/api/v1"+path, body)
	if err != nil {
		return err
	}
	if in != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	res, err := c.http.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	switch {
	case err != nil:
		return err
	case res.StatusCode >= 300:
		return fmt.Errorf("%s %s: %s: %s", method, path, res.Status, text)
	case out == nil:
		return nil
	}
	return json.Unmarshal(text, out)
}

// Healthy tells whether the cloud serves.
func (c *Client) Healthy(ctx context.Context) bool {
	return c.Ask(ctx, http.MethodGet, "/health", nil, nil) == nil
}

// SignIn signs in with a log-in and its password.
func (c *Client) SignIn(ctx context.Context, login, password string) error {
	return c.Ask(ctx, http.MethodPost, "/session", map[string]string{"login": login, "password": password}, nil)
}

// SignInAs signs in as the administrator of whom `callweave tenant create` printed the log-in.
func (c *Client) SignInAs(ctx context.Context, printed string) error {
	_, line, _ := strings.Cut(printed, "administrator")
	words := strings.Fields(line)
	if len(words) < 2 {
		return fmt.Errorf("sign in: no log-in of an administrator in %q", printed)
	}
	return c.SignIn(ctx, words[0], words[1])
}

// FreeAddress returns an address of this machine where nothing listens.
func FreeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}
