package cluster

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// Superuser is the role initdb makes. Only the set-up of a cluster uses it.
const Superuser = "postgres"

// maxSocketDir keeps the socket's path below the 107 bytes Linux has for it.
const maxSocketDir = 107 - len("/.s.PGSQL.5432")

// Config says where a cluster lives. Everything is below Dir. Roles are those that the caller's system user may log in
// as, beside the superuser.
type Config struct {
	Dir   string
	Roles []string
	// Unsafe gives up durability for speed: for tests, whose data nobody misses.
	Unsafe bool
	// Settings are further server settings, as name=value.
	Settings []string
}

// Cluster is a data directory with the binaries and the user that fit it.
type Cluster struct {
	cfg     Config
	bin     binaries
	account account
	data    string
	socket  string

	patience time.Duration // for a server that somebody else started and that is stopping
}

// Prepare finds the binaries and makes the data directory if there is none. Nothing runs yet. It returns
// [ErrNotInstalled] or a [*VersionError] where the machine's PostgreSQL does not fit.
func Prepare(ctx context.Context, cfg Config) (*Cluster, error) {
	dir, err := filepath.Abs(cfg.Dir)
	if err != nil {
		return nil, fmt.Errorf("prepare cluster: %w", err)
	}
	c := &Cluster{cfg: cfg, data: filepath.Join(dir, "data"), socket: filepath.Join(dir, "socket"), patience: stopPatience}
	if len(c.socket) > maxSocketDir {
		return nil, fmt.Errorf("prepare cluster: directory %s is too long for a Unix socket below it: at most %d bytes", dir, maxSocketDir-len("/socket"))
	}
	if c.bin, err = choose(installed(defaultRoots()...), c.data); err != nil {
		return nil, fmt.Errorf("prepare cluster: %w", err)
	}
	if c.account, err = accountFor(ctx, c.data); err != nil {
		return nil, fmt.Errorf("prepare cluster: %w", err)
	}
	if err := c.makeDirs(dir); err != nil {
		return nil, fmt.Errorf("prepare cluster: %w", err)
	}
	if err := c.initdb(ctx); err != nil {
		return nil, fmt.Errorf("prepare cluster: initdb: %w", err)
	}
	if err := c.writeAccess(); err != nil {
		return nil, fmt.Errorf("prepare cluster: write access rules: %w", err)
	}
	return c, nil
}

// URL is how role reaches database.
func (c *Cluster) URL(role, database string) string {
	return "postgres://" + url.PathEscape(role) + "@/" + url.PathEscape(database) + "?host=" + url.QueryEscape(c.socket)
}

// Major is the server's major version.
func (c *Cluster) Major() int { return c.bin.major }

// User is the system user the server runs as.
func (c *Cluster) User() string { return c.account.name }

func (c *Cluster) makeDirs(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // what is private in it is 0700 itself
		return err
	}
	if err := c.account.reachable(c.data); err != nil {
		return err
	}
	for _, d := range []string{c.data, c.socket} {
		if err := c.account.own(d); err != nil {
			return err
		}
	}
	return nil
}

// initdb fills a new data directory. It works in a directory beside it and renames at the end, so that a kill in the
// middle leaves nothing that looks like a cluster.
func (c *Cluster) initdb(ctx context.Context) error {
	if _, err := os.Stat(filepath.Join(c.data, "PG_VERSION")); err == nil {
		return nil
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	fresh := c.data + ".new"
	if err := os.RemoveAll(fresh); err != nil {
		return err
	}
	if err := c.account.own(fresh); err != nil {
		return err
	}
	args := []string{"-D", fresh, "-U", Superuser, "-E", "UTF8", "--locale=C.UTF-8", "--auth=reject", "--data-checksums"}
	if c.cfg.Unsafe {
		args = append(args, "--no-sync")
	}
	cmd := exec.CommandContext(ctx, filepath.Join(c.bin.dir, "initdb"), args...)
	var out bytes.Buffer
	c.dress(cmd, &out)
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%w: %s", err, bytes.TrimSpace(out.Bytes()))
	}
	if err := os.Remove(c.data); err != nil {
		return err
	}
	return os.Rename(fresh, c.data)
}

// writeAccess lets root, the caller and the server's own user in over the socket, as the superuser and as Roles, and
// nobody else. It is written at every start, because the caller may be somebody else than last time.
func (c *Cluster) writeAccess() error {
	var ident strings.Builder
	for _, who := range []string{c.account.name, "root"} {
		for _, role := range append([]string{Superuser}, c.cfg.Roles...) {
			fmt.Fprintf(&ident, "callweave %q %q\n", who, role)
		}
	}
	if err := c.writeFile("pg_ident.conf", ident.String()); err != nil {
		return err
	}
	return c.writeFile("pg_hba.conf", "local all all peer map=callweave\n")
}

func (c *Cluster) writeFile(name, content string) error {
	file := filepath.Join(c.data, name)
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		return err
	}
	if !c.account.switched {
		return nil
	}
	return os.Chown(file, int(c.account.uid), int(c.account.gid))
}

// dress makes cmd run as the cluster's user, from a directory that user can be in, with a plain environment.
func (c *Cluster) dress(cmd *exec.Cmd, out io.Writer) {
	cmd.Dir = "/"
	cmd.Env = []string{"PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "TZ=UTC"}
	cmd.Stdout, cmd.Stderr = out, out
	cmd.SysProcAttr = &syscall.SysProcAttr{}
	if c.account.switched {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: c.account.uid, Gid: c.account.gid}
	}
}

// arguments are the server's settings. What is not here is PostgreSQL's default.
func (c *Cluster) arguments() []string {
	set := []string{
		"listen_addresses=", "unix_socket_directories=" + c.socket, "unix_socket_permissions=0777", // the directory is 0700
		"timezone=UTC", "log_timezone=UTC", "jit=off", "logging_collector=off", "log_line_prefix=",
		"log_min_error_statement=panic", // statements carry people's numbers
	}
	if c.cfg.Unsafe {
		set = append(set, "fsync=off", "full_page_writes=off", "synchronous_commit=off", "wal_level=minimal", "max_wal_senders=0")
	}
	args := []string{"-D", c.data}
	for _, s := range append(set, c.cfg.Settings...) {
		args = append(args, "-c", s)
	}
	return args
}
