package main

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	past "github.com/callweave/callweave/cloud/demo"
	"github.com/callweave/callweave/tenants"
)

// theatre is one PBX of the demonstration: which recordings it plays, and where its agent lives.
type theatre struct {
	pbx      past.PBX
	version  string // of the recorded Asterisk
	parallel int    // scenarios under way at a time
	ami      string
	dir      string
}

// scenarios that make sense for ever and alone: not those of cut connections, of load, or of two PBXs at once.
const scenarios = `^([acdehijkl]\d|b[134])-`

// Log-in of the PBX's manager interface, as the recorded PBXs have it.
const amiUser, amiSecret = "lab", "lab"

// prepareTheatres chooses addresses and enrols the agents that are not.
func (d *demo) prepareTheatres(ctx context.Context, cfg serveCmd) ([]theatre, error) {
	cast := past.Cast()
	list := []theatre{{pbx: cast[0], version: "22", parallel: 3}, {pbx: cast[1], version: "16", parallel: 1}}
	for i := range list {
		t := &list[i]
		t.dir = filepath.Join(d.dir, "agents", strconv.Itoa(i+1))
		var err error
		if t.ami, err = freeAddress(ctx, "127.0.0.1:"+strconv.Itoa(15038+100*i), "tcp"); err != nil {
			return nil, err
		}
		if err := d.enrol(ctx, cfg, *t); err != nil {
			return nil, err
		}
		if err := d.recast(*t); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// enrol gives an agent its identity, in the way a customer does.
func (d *demo) enrol(ctx context.Context, cfg serveCmd, t theatre) error {
	if _, err := os.Stat(filepath.Join(t.dir, "identity.json")); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.MkdirAll(t.dir, 0o700); err != nil {
		return fmt.Errorf("make the agent's directory: %w", err)
	}
	if err := os.WriteFile(t.settings(), []byte("# The demonstration says everything in the environment.\n"), 0o600); err != nil {
		return fmt.Errorf("write the agent's settings: %w", err)
	}
	db, err := openDatabase(ctx, cfg.databaseFlags, true, d.log)
	if err != nil {
		return err
	}
	defer db.close()
	tenant, err := catalogue(db).BySlug(ctx, demoSlug)
	if err != nil {
		return err
	}
	token, err := tokenFor(ctx, db, tenant.ID, t.pbx.Name, cfg.PublicURL)
	if err != nil {
		return err
	}
	c := d.agent(cfg, t, "enroll")
	c.env = append(c.env, "CALLWEAVE_EDGE_TOKEN="+token)
	return c.run(ctx)
}

// recast copies the recordings with the people of this PBX in them.
func (d *demo) recast(t theatre) error {
	played := regexp.MustCompile(scenarios)
	from := filepath.Join(d.tools.recordings, t.version)
	entries, err := os.ReadDir(from)
	if err != nil {
		return fmt.Errorf("read recordings: %w", err)
	}
	for _, e := range entries {
		if !played.MatchString(e.Name()) {
			continue
		}
		recording, err := readTrace(filepath.Join(from, e.Name(), "A"))
		if err != nil {
			return fmt.Errorf("read recording %s: %w", e.Name(), err)
		}
		to := filepath.Join(t.recordings(), e.Name(), "A")
		if err := os.MkdirAll(to, 0o700); err != nil {
			return fmt.Errorf("copy recording: %w", err)
		}
		if err := os.WriteFile(filepath.Join(to, "trace.ami"), t.pbx.Recast(e.Name(), recording), 0o600); err != nil {
			return fmt.Errorf("copy recording: %w", err)
		}
	}
	return nil
}

// readTrace reads a recording, compressed or not.
func readTrace(dir string) ([]byte, error) {
	plain, err := os.ReadFile(filepath.Join(dir, "trace.ami"))
	if !errors.Is(err, fs.ErrNotExist) {
		return plain, err
	}
	f, err := os.Open(filepath.Join(dir, "trace.ami.gz"))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}

// awaitListener waits until something listens, so that the agent does not begin by finding nobody there.
func awaitListener(ctx context.Context, address string) {
	for ctx.Err() == nil {
		conn, err := new(net.Dialer).DialContext(ctx, "tcp", address)
		if err == nil {
			conn.Close()
			return
		}
		select {
		case <-ctx.Done():
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func (t theatre) recordings() string { return filepath.Join(t.dir, "recordings") }

func (t theatre) settings() string { return filepath.Join(t.dir, "edge.toml") }

// agent is the edge agent of a PBX, about to run a command.
func (d *demo) agent(cfg serveCmd, t theatre, args ...string) child {
	return child{program: d.tools.edge, args: append(args, "--config", t.settings()), out: d.file, env: []string{
		"CALLWEAVE_EDGE_STATE_DIR=" + t.dir, "CALLWEAVE_EDGE_CLOUD_GATEWAY=" + cfg.PublicGateway,
		"CALLWEAVE_EDGE_AMI_ADDRESS=" + t.ami, "CALLWEAVE_EDGE_AMI_USER=" + amiUser, "CALLWEAVE_EDGE_AMI_SECRET=" + amiSecret,
		"CALLWEAVE_EDGE_SPOOL_MAX_BYTES=256MiB",
	}}
}

// play runs PBXs and agents until ctx ends.
func (d *demo) play(ctx context.Context, cfg serveCmd, theatres []theatre) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, t := range theatres {
		pbx := child{program: d.tools.fakepbx, out: d.file, args: []string{
			"-trace", t.recordings(), "-listen", t.ami, "-user", amiUser, "-secret", amiSecret,
			"-loop", "-parallel", strconv.Itoa(t.parallel), "-gap", "4s",
		}}
		group.Go(func() error { return pbx.keep(ctx, d) })
		group.Go(func() error {
			awaitListener(ctx, t.ami)
			return d.agent(cfg, t, "run").keep(ctx, d)
		})
	}
	return group.Wait()
}

func tokenFor(ctx context.Context, db *database, tenant tenants.ID, pbx, publicURL string) (string, error) {
	var id int32
	err := db.As(tenant).Tx(ctx, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `SELECT id FROM pbxs WHERE name = $1`, pbx).Scan(&id)
	})
	if err != nil {
		return "", fmt.Errorf("find PBX %s: %w", pbx, err)
	}
	return issueToken(ctx, db, tenant, id, publicURL)
}
