package cluster

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
)

var quiet = slog.New(slog.DiscardHandler)

// short is a temporary directory that the server's user may enter and whose socket's path is short enough.
func short(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "cw") //nolint:usetesting // t.TempDir is closed to others and long
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func fakeBinaries(t *testing.T, majors ...string) string {
	t.Helper()
	root := t.TempDir()
	for _, m := range majors {
		dir := filepath.Join(root, m, "bin")
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"initdb", "postgres"} {
			if err := os.WriteFile(filepath.Join(dir, name), nil, 0o755); err != nil {
				t.Fatal(err)
			}
		}
	}
	return root
}

func TestNewestMajorIsChosenAsANumber(t *testing.T) {
	var got []int
	for _, b := range installed(fakeBinaries(t, "9", "15", "18", "10", "9.6", "lib")) {
		got = append(got, b.major)
	}
	if diff := cmp.Diff([]int{18, 15, 10, 9}, got); diff != "" {
		t.Errorf("majors (-want +got):\n%s", diff)
	}
}

func TestDataDirectoryGetsTheBinariesOfItsMajor(t *testing.T) {
	all := installed(fakeBinaries(t, "15", "17"))
	data := t.TempDir()
	for _, c := range []struct {
		have string
		want int
	}{{"", 17}, {"15\n", 15}, {"17\n", 17}} {
		if c.have != "" {
			if err := os.WriteFile(filepath.Join(data, "PG_VERSION"), []byte(c.have), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if b, err := choose(all, data); err != nil || b.major != c.want {
			t.Errorf("data of %q gets %d, %v; want %d", c.have, b.major, err, c.want)
		}
	}
}

func TestDataDirectoryOfAMissingMajorIsRefusedInWords(t *testing.T) {
	data := t.TempDir()
	if err := os.WriteFile(filepath.Join(data, "PG_VERSION"), []byte("13\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := choose(installed(fakeBinaries(t, "15", "17")), data)
	var ve *VersionError
	if !errors.As(err, &ve) || !strings.Contains(err.Error(), "install postgresql-13") {
		t.Errorf("err = %v; want a VersionError that says what to install", err)
	}
	if _, err := choose(nil, data); !errors.Is(err, ErrNotInstalled) {
		t.Errorf("err = %v; want ErrNotInstalled", err)
	}
}

func TestDirectoryTooLongForASocketIsRefused(t *testing.T) {
	_, err := Prepare(t.Context(), Config{Dir: filepath.Join(short(t), strings.Repeat("x", 100))})
	if err == nil || !strings.Contains(err.Error(), "too long") {
		t.Errorf("err = %v", err)
	}
}

func TestDirectoryThatTheServersUserCannotReachIsRefusedInWords(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root's servers run as somebody else")
	}
	dir := filepath.Join(short(t), "closed")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	_, err := Prepare(t.Context(), Config{Dir: filepath.Join(dir, "pg"), Unsafe: true})
	if err == nil || !strings.Contains(err.Error(), "chmod o+x "+dir) {
		t.Errorf("err = %v; want what to do", err)
	}
}

func prepare(t *testing.T, dir string) *Cluster {
	t.Helper()
	c, err := Prepare(t.Context(), Config{Dir: dir, Unsafe: true})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func start(t *testing.T, c *Cluster) (s *Server, stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	s, err := c.Start(ctx, quiet)
	if err != nil {
		cancel()
		t.Fatal(err)
	}
	stop = func() { cancel(); <-s.Done() }
	t.Cleanup(stop)
	return s, stop
}

func TestClusterStopsCleanlyAndStartsAgain(t *testing.T) {
	c := prepare(t, short(t))
	for range 2 {
		s, stop := start(t, c)
		conn, err := pgx.Connect(t.Context(), c.URL(Superuser, "postgres"))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
		var listening string
		if err := conn.QueryRow(t.Context(), "SHOW listen_addresses").Scan(&listening); err != nil || listening != "" {
			t.Errorf("listens on %q, %v; want on no network", listening, err)
		}
		stop()
		if err := s.Err(); err != nil {
			t.Errorf("a shutdown that was asked for is an error: %v", err)
		}
		if _, err := os.Stat(filepath.Join(c.data, "postmaster.pid")); err == nil {
			t.Error("postmaster.pid is left")
		}
		c = prepare(t, filepath.Dir(c.data))
	}
}

func TestServerThatIsKilledIsReportedAndStartsAgain(t *testing.T) {
	c := prepare(t, short(t))
	s, _ := start(t, c)
	if err := syscall.Kill(s.PID(), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if err := s.Err(); err == nil {
		t.Error("the end by a kill is no error")
	}
	start(t, c)
}

func TestStalePIDFileOfAnotherProcessDoesNotStopTheStart(t *testing.T) {
	c := prepare(t, short(t))
	// The number now belongs to a living process that is no PostgreSQL: this test.
	if err := c.writeFile("postmaster.pid", fmt.Sprintf("%d\n%s\n", os.Getpid(), c.data)); err != nil {
		t.Fatal(err)
	}
	start(t, c)
}

// TestServerThatNeverStopsIsEnded has a client that a shutdown waits for.
func TestServerThatNeverStopsIsEnded(t *testing.T) {
	c := prepare(t, short(t))
	c.patience = 0
	s, _ := start(t, c)
	conn, err := pgx.Connect(t.Context(), c.URL(Superuser, "postgres"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(t.Context())) })
	if err := syscall.Kill(s.PID(), syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	for !c.stopping(s.PID()) {
		if conn.Ping(t.Context()) != nil {
			t.Fatal("the server stopped although somebody is connected")
		}
	}
	again, _ := start(t, c)
	if again.PID() == s.PID() {
		t.Error("it is the same server")
	}
}

func TestSecondServerOnTheSameDataIsRefusedInWords(t *testing.T) {
	c := prepare(t, short(t))
	start(t, c)
	ctx, cancel := context.WithTimeout(t.Context(), 1)
	defer cancel()
	if _, err := c.Start(ctx, quiet); err == nil || !strings.Contains(err.Error(), "already runs on") {
		t.Errorf("err = %v", err)
	}
}
