package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/pg"
	"github.com/callweave/callweave/lab/portal"
	"github.com/callweave/callweave/tenants"
)

// installation is the whole product as its users run it: a cloud with its private PostgreSQL and its event log, a
// tenant, and an agent beside each PBX.
type installation struct {
	name   string
	bin    string
	dir    string
	portal string
	cloud  *program
	agents map[string]*program // by the letter of their PBX
	client *portal.Client
	tenant tenants.ID
}

const tenantSlug = "endurance"

// install makes an installation below dir and starts its cloud. Its agents start with listen.
func install(ctx context.Context, name, bin, dir string) (*installation, error) {
	in := &installation{name: name, bin: bin, dir: filepath.Join(dir, name), agents: map[string]*program{}}
	if err := in.open(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("install %s: %w", name, err), in.stop(ctx))
	}
	return in, nil
}

func (in *installation) open(ctx context.Context) (err error) {
	if err := os.Mkdir(in.dir, 0o755); err != nil { // PostgreSQL runs as another user
		return err
	}
	if in.portal, err = portal.FreeAddress(); err != nil {
		return err
	}
	gateway, err := portal.FreeAddress()
	if err != nil {
		return err
	}
	if in.client, err = portal.New("https://" + in.portal); err != nil {
		return err
	}
	in.cloud = &program{
		name: in.name + "'s cloud", path: filepath.Join(in.bin, "callweave"), dieWith: syscall.SIGTERM, // so that it ends its PostgreSQL
		args: []string{"serve", "--data", in.data(), "--portal", in.portal, "--gateway", gateway, "--metrics", "", "--log-format", "text"},
	}
	if in.cloud.log, err = os.Create(filepath.Join(in.dir, "cloud.log")); err != nil {
		return err
	}
	if err := in.cloud.launch(); err != nil {
		return err
	}
	if err := in.awaitHealth(ctx); err != nil {
		return err
	}
	return in.addTenant(ctx)
}

func (in *installation) data() string { return filepath.Join(in.dir, "cloud") }

func (in *installation) addTenant(ctx context.Context) error {
	out, err := in.command(ctx, "callweave", nil, "tenant", "create", "--slug", tenantSlug, "--name", "Endurance", "--data", in.data())
	if err != nil {
		return err
	}
	if err := in.client.SignInAs(ctx, out); err != nil {
		return err
	}
	var who struct{ Tenant struct{ ID string } }
	if err := in.client.Ask(ctx, http.MethodGet, "/session", nil, &who); err != nil {
		return err
	}
	in.tenant, err = tenants.ParseID(who.Tenant.ID)
	return err
}

// listen enrols an agent at a PBX and starts it.
func (in *installation) listen(ctx context.Context, letter, ami string) error {
	var added struct{ Token string }
	if err := in.client.Ask(ctx, http.MethodPost, "/pbxs", map[string]string{"name": letter, "station": "lab"}, &added); err != nil {
		return err
	}
	p := &program{
		name: in.name + "'s agent of " + letter, path: filepath.Join(in.bin, "callweave-edge"), args: []string{"run"}, dieWith: syscall.SIGKILL,
		env: []string{
			"CALLWEAVE_EDGE_STATE_DIR=" + filepath.Join(in.dir, "agent-"+letter), "CALLWEAVE_EDGE_AMI_ADDRESS=" + ami,
			"CALLWEAVE_EDGE_AMI_USER=edge", "CALLWEAVE_EDGE_AMI_SECRET=edge", "CALLWEAVE_EDGE_LANGUAGE=en",
		},
	}
	if _, err := in.command(ctx, "callweave-edge", p.env, "enroll", "--token", added.Token); err != nil {
		return err
	}
	var err error
	if p.log, err = os.Create(filepath.Join(in.dir, "agent-"+letter+".log")); err != nil {
		return err
	}
	in.agents[letter] = p
	return p.launch()
}

// command runs one of the programs to its end and returns what it printed.
func (in *installation) command(ctx context.Context, program string, env []string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, filepath.Join(in.bin, program), args...)
	cmd.Env = append(os.Environ(), env...)
	var problems bytes.Buffer
	cmd.Stderr = &problems
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w: %s", program, args[0], err, &problems)
	}
	return string(out), nil
}

// awaitHealth returns when the cloud serves.
func (in *installation) awaitHealth(ctx context.Context) error {
	return in.await(ctx, "the cloud serves", func(ctx context.Context) (bool, error) {
		return in.client.Healthy(ctx), nil
	})
}

// patience is how long something that must happen may take on a busy machine.
const patience = 3 * time.Minute

// await asks until it holds. A question that fails is asked again: the cloud may be on its way up.
func (in *installation) await(ctx context.Context, what string, holds func(context.Context) (bool, error)) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var last error
	for {
		yes, err := holds(ctx)
		if yes {
			return nil
		}
		if err != nil {
			last = err
		}
		if pause(ctx, time.Second) != nil {
			return fmt.Errorf("%s: it did not come to pass that %s: %w", in.name, what, errors.Join(context.Cause(ctx), last))
		}
	}
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-t.C:
		return nil
	}
}

// read runs fn on the installation's database as its tenant.
func (in *installation) read(ctx context.Context, fn func(pg.Tenant) error) error {
	url, running := pg.Running(ctx, in.data())
	if !running {
		return errors.New("its PostgreSQL does not answer")
	}
	db, err := pg.Open(ctx, pg.Config{URL: url, MaxConns: 2})
	if err != nil {
		return err
	}
	defer db.Close()
	return fn(db.As(in.tenant))
}

// stop ends agents and cloud in order.
func (in *installation) stop(ctx context.Context) error {
	var err error
	for _, a := range in.agents {
		err = errors.Join(err, a.stop(ctx))
	}
	if in.cloud != nil {
		err = errors.Join(err, in.cloud.stop(ctx))
	}
	if in.client != nil {
		in.client.Close()
	}
	return err
}

// listening returns when every agent's first look at its PBX is in the database.
func (in *installation) listening(ctx context.Context) error {
	return in.await(ctx, "all agents listen", func(ctx context.Context) (bool, error) {
		return in.all(ctx, (*archive).knows)
	})
}

// caughtUp returns when the PBXs' last word is in the database and no call is open.
func (in *installation) caughtUp(ctx context.Context, word string) error {
	err := in.await(ctx, "the last word is in the database", func(ctx context.Context) (bool, error) {
		return in.all(ctx, func(a *archive) bool { return a.has(word) })
	})
	if err != nil {
		return err
	}
	return in.await(ctx, "all calls are over", func(ctx context.Context) (bool, error) {
		n := 0
		err := in.read(ctx, func(db pg.Tenant) error {
			return db.Read(ctx, func(tx pgx.Tx) error { return tx.QueryRow(ctx, `SELECT count(*) FROM calls WHERE open`).Scan(&n) })
		})
		if err == nil && n > 0 {
			err = fmt.Errorf("%d calls are open", n)
		}
		return err == nil, err
	})
}

// all tells whether something holds of the archives of all PBXs.
func (in *installation) all(ctx context.Context, holds func(*archive) bool) (bool, error) {
	list, err := in.archives(ctx)
	if err != nil {
		return false, err
	}
	for _, a := range list {
		if !holds(a) {
			return false, nil
		}
	}
	return true, nil
}

// restarts counts the starts of each program.
func (in *installation) restarts() map[string]int {
	out := map[string]int{in.cloud.name: in.cloud.started()}
	for _, a := range in.agents {
		out[a.name] = a.started()
	}
	return out
}
