package enroll

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/hashicorp/go-retryablehttp"
)

const enrolPath = "/api/v1/agents/enrol"

// maxReply bounds what is read of the cloud's answer.
const maxReply = 64 << 10

// Options of an enrolment.
type Options struct {
	Token   string
	Cloud   string // URL of the portal; empty = as the token says
	Gateway string // host:port; empty = as the cloud says
	Dir     string // state directory
	Version string // of this agent
	Now     func() time.Time
	// Retries is how often an unreachable cloud is tried again; the pauses grow from WaitMin to WaitMax.
	Retries          int
	WaitMin, WaitMax time.Duration
}

// RefusedError is the cloud's answer that it will not have this agent. Code is for machines: token-used,
// token-expired, token-invalid, request-malformed, overloaded, unavailable.
type RefusedError struct {
	Code   string
	Detail string
}

func (e *RefusedError) Error() string { return "enrolment refused: " + e.Code + ": " + e.Detail }

// ErrToken says that the token cannot even be read.
var ErrToken = errors.New("this is not an enrolment token")

// claims are the parts of a token meant for the agent. It cannot check the token's signature and need not: whoever
// typed it in says which cloud to trust.
type claims struct {
	jwt.RegisteredClaims
	Cloud string `json:"cloud"`
	Pin   string `json:"pin"`
}

// Enroll trades the token for an identity and stores it in opts.Dir, replacing a former one. Errors: ErrToken,
// *RefusedError, ErrPin, and what the network said.
func Enroll(ctx context.Context, opts Options) (*Identity, error) {
	var c claims
	if _, _, err := jwt.NewParser().ParseUnverified(opts.Token, &c); err != nil {
		return nil, ErrToken // the parser's error would quote parts of the token
	}
	cloud := opts.Cloud
	if cloud == "" {
		cloud = c.Cloud
	}
	target, err := enrolURL(cloud)
	if err != nil {
		return nil, fmt.Errorf("enrol: %w", err)
	}
	if err := os.MkdirAll(opts.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("enrol: make state directory: %w", err)
	}
	key, err := newKey()
	if err != nil {
		return nil, fmt.Errorf("enrol: %w", err)
	}
	csr, err := newRequest(key)
	if err != nil {
		return nil, fmt.Errorf("enrol: %w", err)
	}
	reply, err := post(ctx, opts, c.Pin, target, map[string]string{
		"token": opts.Token, "version": opts.Version,
		"csr": string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: csr})),
	})
	if err != nil {
		return nil, err
	}
	doc := document{Agent: reply.Agent, Cloud: cloud, Gateway: reply.Gateway, Certificate: reply.Certificate, Authority: reply.Authority}
	if opts.Gateway != "" {
		doc.Gateway = opts.Gateway
	}
	if doc.Key, err = keyPEM(key); err != nil {
		return nil, fmt.Errorf("enrol: %w", err)
	}
	if err := checkPin(doc.Authority, c.Pin); err != nil {
		return nil, fmt.Errorf("enrol: %w", err)
	}
	if _, err := identityOf(doc); err != nil {
		return nil, fmt.Errorf("enrol: read reply: %w", err)
	}
	if err := save(opts.Dir, doc); err != nil {
		return nil, fmt.Errorf("enrol: %w", err)
	}
	return Load(opts.Dir, opts.Now)
}

func enrolURL(cloud string) (string, error) {
	u, err := url.Parse(cloud)
	if err != nil || u.Scheme != "https" || u.Host == "" {
		return "", fmt.Errorf("%q is not an https address", cloud)
	}
	return u.JoinPath(enrolPath).String(), nil
}

type reply struct {
	Agent       string `json:"agent"`
	Certificate string `json:"certificate"`
	Authority   string `json:"authority"`
	Gateway     string `json:"gateway"`
}

func post(ctx context.Context, opts Options, pin, target string, body map[string]string) (reply, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return reply{}, fmt.Errorf("enrol: %w", err)
	}
	client := retryablehttp.NewClient()
	client.Logger = nil // it would log the requests; ours hold a token
	client.RetryMax = opts.Retries
	if opts.WaitMax > 0 {
		client.RetryWaitMin, client.RetryWaitMax = opts.WaitMin, opts.WaitMax
	}
	client.CheckRetry = worthAnotherTry
	client.ErrorHandler = retryablehttp.PassthroughErrorHandler
	transport := &http.Transport{Proxy: http.ProxyFromEnvironment, TLSClientConfig: pinned(pin), ForceAttemptHTTP2: true}
	defer transport.CloseIdleConnections()
	client.HTTPClient = &http.Client{
		Transport: transport,
		Timeout:   20 * time.Second,
		// A redirect would carry the token to somebody else.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	request, err := retryablehttp.NewRequestWithContext(ctx, http.MethodPost, target, bytes.NewReader(text))
	if err != nil {
		return reply{}, fmt.Errorf("enrol: %w", err)
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := client.Do(request)
	if err != nil {
		return reply{}, fmt.Errorf("enrol: %w", err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, maxReply))
	if err != nil {
		return reply{}, fmt.Errorf("enrol: read reply: %w", err)
	}
	return readReply(response.StatusCode, answer)
}

func readReply(status int, answer []byte) (reply, error) {
	if status != http.StatusCreated {
		var problem struct {
			Code   string `json:"code"`
			Detail string `json:"detail"`
		}
		if json.Unmarshal(answer, &problem) != nil || problem.Code == "" {
			return reply{}, fmt.Errorf("enrol: the address does not answer as a Callweave cloud (HTTP status %d)", status)
		}
		return reply{}, &RefusedError{Code: problem.Code, Detail: problem.Detail}
	}
	var r reply
	if err := json.Unmarshal(answer, &r); err != nil {
		return reply{}, fmt.Errorf("enrol: read reply: %w", err)
	}
	return r, nil
}

// worthAnotherTry repeats what may pass by itself: no connection, a busy or failing cloud. A certificate we do not
// trust does not become trusted by asking again.
func worthAnotherTry(ctx context.Context, response *http.Response, err error) (bool, error) {
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	if errors.Is(err, ErrPin) {
		return false, err
	}
	return retryablehttp.DefaultRetryPolicy(ctx, response, err)
}
