package live

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/callweave/callweave/lab/portal"
	"github.com/callweave/callweave/lab/truth"
)

// cloud is the built callweave with a private Postgres. Tests share one, each as a tenant of its own.
type cloud struct {
	program string
	dir     string
	at      cloudAddresses
	url     string // of the portal
	process *exec.Cmd
	ended   chan struct{}
}

// cloudAddresses are where it listens; it keeps them when it is started again.
type cloudAddresses struct{ portal, gateway string }

// startCloud runs `callweave serve` until stop and returns when browsers and agents can come.
func startCloud(ctx context.Context, program, dir string) (*cloud, error) {
	c := &cloud{program: program, dir: dir, at: cloudAddresses{"127.0.0.1:0", "127.0.0.1:0"}}
	return c, c.start(ctx)
}

func (c *cloud) start(ctx context.Context) error {
	c.process = exec.Command(c.program, "--log-format", "json", "serve", "--data", filepath.Join(c.dir, "cloud"),
		"--portal", c.at.portal, "--gateway", c.at.gateway, "--metrics", "")
	// In order, so that its Postgres ends with it, also when this process is killed.
	c.process.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
	log, err := c.process.StderrPipe()
	if err != nil {
		return err
	}
	if err := c.process.Start(); err != nil {
		return fmt.Errorf("start the cloud: %w", err)
	}
	process, ended, ready := c.process, make(chan struct{}), make(chan logLine, 1)
	c.ended = ended
	go func() {
		c.readLog(log, ready)
		_ = process.Wait() // its log says why
		close(ended)
	}()
	select {
	case said := <-ready:
		c.url, c.at = said.URL, cloudAddresses{strings.TrimPrefix(said.URL, "https://"), said.Gateway}
		return nil
	case <-c.ended:
		return fmt.Errorf("the cloud ended; its log is %s", c.logFile())
	case <-ctx.Done():
		return errors.Join(errors.New("the cloud was not ready in time; its log is "+c.logFile()), c.stop())
	}
}

// logLine is what the tests want to know of the cloud's log.
type logLine struct{ Msg, URL, Gateway string }

func (c *cloud) logFile() string { return filepath.Join(c.dir, "cloud.log") }

// readLog copies the log to a file and finds in it where the cloud listens.
func (c *cloud) readLog(log io.Reader, ready chan<- logLine) {
	file, err := os.OpenFile(c.logFile(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return
	}
	defer func() { _ = file.Close() }()
	lines := bufio.NewReader(log)
	for {
		line, err := lines.ReadBytes('\n')
		_, _ = file.Write(line)
		var said logLine
		if json.Unmarshal(line, &said) == nil && said.Msg == "callweave runs" {
			ready <- said
		}
		if err != nil {
			return
		}
	}
}

func (c *cloud) stop() error {
	if err := c.process.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	patience := time.NewTimer(20 * time.Second)
	defer patience.Stop()
	select {
	case <-c.ended:
		return nil
	case <-patience.C:
		return errors.Join(errors.New("the cloud did not stop in time"), syscall.Kill(-c.process.Process.Pid, syscall.SIGKILL))
	}
}

// kill ends the cloud as a power cut does and returns when it is gone.
func (c *cloud) kill() error {
	if err := c.process.Process.Kill(); err != nil {
		return err
	}
	<-c.ended
	return nil
}

// tenant is a customer of the cloud with an administrator signed in.
type tenant struct {
	cloud  *cloud
	slug   string
	client *portal.Client
}

// newTenant creates a tenant for a test: tests do not see each other's calls.
func (c *cloud) newTenant(t *testing.T) *tenant {
	t.Helper()
	tn := &tenant{cloud: c, slug: slug(t.Name())}
	out := c.command(t, "tenant", "create", "--slug", tn.slug, "--name", "Lab", "--data", filepath.Join(c.dir, "cloud"))
	client, err := portal.New(c.url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	tn.client = client
	if err := client.SignInAs(t.Context(), out); err != nil {
		t.Fatal(err)
	}
	return tn
}

// slugs counts the tenants: subtests of several tests have the same name, and a test may run more than once.
var slugs atomic.Int32

// slug makes a short name of a test's, at most as long as a tenant's may be.
func slug(name string) string {
	const most = 56
	name = strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, strings.ToLower(name[strings.IndexByte(name, '/')+1:]))
	name = strings.Trim(name[max(0, len(name)-most):], "-")
	return fmt.Sprintf("%s-%d", name, slugs.Add(1))
}

// command runs the built callweave and returns what it prints.
func (c *cloud) command(t *testing.T, args ...string) string {
	t.Helper()
	return output(t, exec.CommandContext(t.Context(), c.program, args...))
}

// output runs a command that must succeed.
func output(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	var problems bytes.Buffer
	cmd.Stderr = &problems
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s%s", strings.Join(cmd.Args, " "), err, out, problems.String())
	}
	return string(out)
}

// ask calls the API as the portal does.
func (tn *tenant) ask(t *testing.T, method, path string, in, out any) {
	t.Helper()
	if err := tn.client.Ask(t.Context(), method, path, in, out); err != nil {
		t.Fatal(err)
	}
}

// addPBX tells the cloud of a PBX and returns the token for its agent.
func (tn *tenant) addPBX(t *testing.T, name string) (token string) {
	t.Helper()
	var added struct{ Token string }
	tn.ask(t, http.MethodPost, "/pbxs", map[string]string{"name": name, "station": "lab"}, &added)
	return added.Token
}

// journal gives the tenant's calls with their stories, as the portal's call page gets them.
func (tn *tenant) journal(ctx context.Context) ([]*truth.Found, error) {
	var list struct {
		Calls []struct{ ID string }
	}
	if err := tn.client.Ask(ctx, http.MethodGet, "/calls?limit=1000", nil, &list); err != nil {
		return nil, err
	}
	var out []*truth.Found
	for _, row := range list.Calls {
		var one struct{ Story *truth.Found }
		if err := tn.client.Ask(ctx, http.MethodGet, "/calls/"+row.ID, nil, &one); err != nil {
			return nil, err
		}
		out = append(out, one.Story)
	}
	return out, nil
}

// settled waits until the cloud's calls are closed and as they happened, and returns what it has in the end; what then
// still differs is told.
func (tn *tenant) settled(t *testing.T, compare func([]*truth.Found) []string) (calls []*truth.Found) {
	t.Helper()
	var complaints []string
	wait(t, func(ctx context.Context) bool {
		now, err := tn.journal(ctx)
		if err != nil {
			complaints = []string{err.Error()}
			return false
		}
		calls, complaints = now, compare(now)
		if slices.ContainsFunc(calls, func(c *truth.Found) bool { return c.Open }) {
			complaints = append(complaints, "calls are still open")
		}
		return len(complaints) == 0
	})
	for _, c := range complaints {
		t.Errorf("the cloud against the phones: %s", c)
	}
	return calls
}

// shows waits until the cloud's states of operators show what those did.
func (tn *tenant) shows(t *testing.T, events []truth.AgentEvent) {
	t.Helper()
	if len(events) == 0 {
		return
	}
	var complaints []string
	wait(t, func(ctx context.Context) bool {
		states, err := tn.states(ctx)
		if err != nil {
			if complaints == nil {
				complaints = []string{err.Error()}
			}
			return false
		}
		complaints = truth.Unshown(events, states)
		return len(complaints) == 0
	})
	for _, c := range complaints {
		t.Errorf("the cloud against the operators: %s", c)
	}
}

// states gives the states of the tenant's operators, named.
func (tn *tenant) states(ctx context.Context) ([]truth.State, error) {
	var names struct {
		Queues, Operators []struct {
			ID     int32
			Number string
		}
	}
	if err := tn.client.Ask(ctx, http.MethodGet, "/directory", nil, &names); err != nil {
		return nil, err
	}
	number := map[int32]string{} // ids of queues are kept negative
	for _, o := range names.Operators {
		number[o.ID] = o.Number
	}
	for _, q := range names.Queues {
		number[-q.ID] = q.Number
	}
	var list struct {
		States []struct {
			Kind, Reason string
			Operator     int32
			Queue        int32
			From, To     time.Time
			Estimated    bool
			BeganBy      string `json:"began_by"`
			EndedBy      string `json:"ended_by"`
			EndReason    string `json:"end_reason"`
		}
	}
	if err := tn.client.Ask(ctx, http.MethodGet, "/operator-states?limit=1000", nil, &list); err != nil {
		return nil, err
	}
	var out []truth.State
	for _, s := range list.States {
		out = append(out, truth.State{
			Kind: s.Kind, Operator: number[s.Operator], Queue: number[-s.Queue], From: s.From, To: s.To, Estimated: s.Estimated,
			BeganBy: s.BeganBy, EndedBy: s.EndedBy, Reason: s.Reason, EndReason: s.EndReason,
		})
	}
	return out, nil
}

// settleLimit is how long calls may take from the PBX to the API on a machine that is busy with ten scenarios.
const settleLimit = 20 * time.Second
