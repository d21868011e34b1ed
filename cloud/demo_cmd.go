package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sys/unix"
)

// demoCmd runs everything on this machine: a cloud, PBXs made of recordings, and their agents.
type demoCmd struct {
	Dir        string `env:"CALLWEAVE_DEMO_DIR" type:"path" help:"Where the demonstration keeps its data. Default: callweave-demo in the user's cache directory."`
	Recordings string `env:"CALLWEAVE_DEMO_RECORDINGS" type:"path" help:"Recorded AMI to replay. Default: lab/corpus of the checkout the binary was built in."`
	Portal     string `default:"127.0.0.1:8443" help:"Address of the portal; the next free port when it is taken."`
	Gateway    string `default:"127.0.0.1:4433" help:"Address for agents; the next free port when it is taken."`
}

// demo is a demonstration that is being set up.
type demo struct {
	dir   string
	tools tools
	out   io.Writer
	log   *slog.Logger
	file  *os.File // the log of everything, children included
}

// Run sets everything up, says where to look, and ends all of it with ctx.
func (c demoCmd) Run(ctx context.Context, w *world) error {
	d, err := c.prepare(w)
	if err != nil {
		return err
	}
	unlock, err := d.lock()
	if err != nil {
		return err
	}
	defer unlock()
	if err := d.openLog(); err != nil {
		return err
	}
	defer d.file.Close()
	if err := d.run(ctx, c); err != nil && ctx.Err() == nil {
		return fmt.Errorf("%w (the log is %s)", err, d.file.Name())
	}
	fmt.Fprintln(w.out, "Stopped. Run it again to go on.")
	return nil
}

func (c demoCmd) prepare(w *world) (*demo, error) {
	if c.Dir == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return nil, fmt.Errorf("find a place for the demonstration: %w; set CALLWEAVE_DEMO_DIR", err)
		}
		c.Dir = filepath.Join(cache, "callweave-demo")
	}
	found, err := findTools(c.Recordings)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(c.Dir, 0o755); err != nil { //nolint:gosec // the database's user passes through
		return nil, fmt.Errorf("make the demonstration's directory: %w", err)
	}
	return &demo{dir: c.Dir, tools: found, out: w.out}, nil
}

// openLog begins the log anew: it is about this run.
func (d *demo) openLog() (err error) {
	d.file, err = os.OpenFile(filepath.Join(d.dir, "demo.log"), os.O_CREATE|os.O_WRONLY|os.O_TRUNC|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("open log: %w", err)
	}
	d.log = slog.New(slog.NewTextHandler(d.file, &slog.HandlerOptions{Level: slog.LevelInfo}))
	return nil
}

// lock makes sure that one demonstration runs on a directory.
func (d *demo) lock() (unlock func(), err error) {
	f, err := os.OpenFile(filepath.Join(d.dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the demonstration's directory: %w", err)
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		f.Close()
		if errors.Is(err, unix.EWOULDBLOCK) {
			return nil, fmt.Errorf("a demonstration already runs on %s", d.dir)
		}
		return nil, fmt.Errorf("lock the demonstration's directory: %w", err)
	}
	return func() { f.Close() }, nil
}

// run starts the cloud, fills it, starts PBXs and agents, and waits for the end.
func (d *demo) run(ctx context.Context, c demoCmd) error {
	logins, err := d.openLogins()
	if err != nil {
		return err
	}
	portal, err := freeAddress(ctx, c.Portal, "tcp")
	if err != nil {
		return err
	}
	agents, err := freeAddress(ctx, c.Gateway, "tcp", "udp")
	if err != nil {
		return err
	}
	_, port, err := net.SplitHostPort(portal)
	if err != nil {
		return fmt.Errorf("read address: %w", err)
	}
	cfg := serveCmd{
		databaseFlags: databaseFlags{Data: d.dir}, Roles: []string{roleGateway, roleAssemble, rolePortal}, Partitions: 1,
		Portal: portal, Gateway: agents, PublicURL: "https://localhost:" + port, PublicGateway: agents,
	}
	group, ctx := errgroup.WithContext(ctx)
	up := make(chan struct{})
	d.say("Starting PostgreSQL and the cloud…")
	group.Go(func() error { return run(ctx, cfg, d.log, func(addresses) { close(up) }) })
	select {
	case <-up:
	case <-ctx.Done():
		return group.Wait()
	}
	group.Go(func() error {
		if err := d.fill(ctx, cfg, logins); err != nil {
			return err
		}
		theatres, err := d.prepareTheatres(ctx, cfg)
		if err != nil {
			return err
		}
		d.welcome(cfg.PublicURL, logins)
		return d.play(ctx, cfg, theatres)
	})
	return group.Wait()
}

func (d *demo) say(format string, args ...any) { fmt.Fprintf(d.out, format+"\n", args...) }

// welcome says where to look.
func (d *demo) welcome(url string, logins logins) {
	d.say("")
	d.say("portal  %s", url)
	for _, l := range logins {
		d.say("%-13s  %s  %s", l.Role, l.Login, l.Password)
	}
	d.say("")
	d.say("Calls    the journal: a month of calls, and new ones as they are replayed; filter by queue, operator or number")
	d.say("A call   click one of today's: its story with rings, talk, hold and transfers, and the PBX's events behind it")
	d.say("Reports  36 of them over the month: group, filter, compare, ask what another service level would say; click a figure for its calls")
	d.say("Missed   who called in vain and is to be called back")
	d.say("Team     a day of every operator: log-ins, calls, wrap-up, reachability; as lanes or as a table")
	d.say("Settings people and devices, what numbers are and why, trunks between PBXs, and who changed what")
	d.say("PBXs     two PBXs with their agents: version, lag, events a second, what their check found; add one of yours")
	d.say("Console  signed in as vendor: all tenants and agents")
	d.say("The certificate was made on this machine: the browser asks once whether you trust it. Ctrl-C ends everything.")
}

// freeAddress is the address, or the same one with the next free port when something else listens there.
func freeAddress(ctx context.Context, address string, networks ...string) (string, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return "", fmt.Errorf("read address: %w", err)
	}
	first, err := strconv.Atoi(port)
	if err != nil {
		return "", fmt.Errorf("read address: %w", err)
	}
	for p := first; p < first+100; p++ {
		candidate := net.JoinHostPort(host, strconv.Itoa(p))
		if err = tryListen(ctx, candidate, networks); err == nil {
			return candidate, nil
		}
	}
	return "", fmt.Errorf("find a free port from %s on: %w", address, err)
}

func tryListen(ctx context.Context, address string, networks []string) error {
	var lc net.ListenConfig
	for _, network := range networks {
		if network == "udp" {
			c, err := lc.ListenPacket(ctx, network, address)
			if err != nil {
				return err
			}
			c.Close()
			continue
		}
		l, err := lc.Listen(ctx, network, address)
		if err != nil {
			return err
		}
		l.Close()
	}
	return nil
}
