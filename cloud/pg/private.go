package pg

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/pg/cluster"
)

// Names in a private cluster.
const (
	privateRole     = "callweave"
	privateDatabase = "callweave"
)

// Private is a PostgreSQL of our own, run from the installed binaries for as long as this process lives, and started
// again when it dies.
type Private struct {
	url    string
	cancel context.CancelFunc
	wg     sync.WaitGroup

	mu  sync.Mutex
	pid int
}

// StartPrivate starts a private PostgreSQL below dir and returns when it takes connections. The first start makes the
// cluster, a login role that is no superuser, and the database; the schema is [Migrate]'s. It ends with ctx or [Private.Stop].
func StartPrivate(ctx context.Context, dir string, log *slog.Logger) (*Private, error) {
	c, err := cluster.Prepare(ctx, cluster.Config{
		Dir: filepath.Join(dir, "postgres"), Roles: []string{privateRole},
		Settings: []string{"shared_buffers=256MB", "max_connections=60", "max_wal_size=2GB", "checkpoint_timeout=15min", "wal_compression=on"},
	})
	if err != nil {
		return nil, fmt.Errorf("start private PostgreSQL: %w", err)
	}
	run, cancel := context.WithCancel(ctx)
	s, err := c.Start(run, log)
	if err != nil {
		cancel()
		return nil, fmt.Errorf("start private PostgreSQL: %w", err)
	}
	p := &Private{url: c.URL(privateRole, privateDatabase), cancel: cancel, pid: s.PID()}
	p.wg.Go(func() { p.keep(run, c, s, log) })
	if err := Bootstrap(ctx, c.URL(cluster.Superuser, "postgres"), privateRole, privateDatabase); err != nil {
		p.Stop()
		return nil, fmt.Errorf("start private PostgreSQL: %w", err)
	}
	log.InfoContext(ctx, "private postgres runs", "version", c.Major(), "user", c.User(), "dir", dir)
	return p, nil
}

// URL is what [Open] and [Migrate] take.
func (p *Private) URL() string { return p.url }

// PID is the postmaster's process: the one that runs now, or the last one.
func (p *Private) PID() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.pid
}

// Stop shuts the server down in good order and waits for its end.
func (p *Private) Stop() {
	p.cancel()
	p.wg.Wait()
}

// keep starts the server again whenever it ends unasked, with a growing pause so that a server that cannot live does
// not fill the log.
func (p *Private) keep(ctx context.Context, c *cluster.Cluster, s *cluster.Server, log *slog.Logger) {
	const shortest, longest = 100 * time.Millisecond, 10 * time.Second
	pause := shortest
	for {
		began := time.Now()
		err := s.Err()
		if ctx.Err() != nil {
			return
		}
		log.ErrorContext(ctx, "private postgres ended, starting it again", "error", err, "pause", pause)
		if time.Since(began) > time.Minute {
			pause = shortest
		}
		for {
			select {
			case <-ctx.Done():
				return
			case <-time.After(pause):
			}
			pause = min(2*pause, longest)
			if s, err = c.Start(ctx, log); err == nil {
				break
			}
			if ctx.Err() == nil {
				log.ErrorContext(ctx, "private postgres does not start", "error", err, "pause", pause)
			}
		}
		p.mu.Lock()
		p.pid = s.PID()
		p.mu.Unlock()
		log.InfoContext(ctx, "private postgres runs again")
	}
}

// Bootstrap makes, as a superuser, what [Migrate] and [Open] need: the roles of the product, a login role that is no
// superuser and may take them, and its database. What is there already stays.
func Bootstrap(ctx context.Context, superuserURL, login, database string) error {
	conn, err := pgx.Connect(ctx, superuserURL)
	if err != nil {
		return fmt.Errorf("bootstrap database: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	for _, role := range []struct{ name, can string }{{roleApp, "NOLOGIN"}, {roleSystem, "NOLOGIN"}, {login, "LOGIN"}} {
		if err := makeRole(ctx, conn, role.name, role.can); err != nil {
			return fmt.Errorf("bootstrap database: make role %s: %w", role.name, err)
		}
	}
	if _, err := conn.Exec(ctx, "GRANT "+roleApp+", "+roleSystem+" TO "+quote(login)); err != nil {
		return fmt.Errorf("bootstrap database: grant roles: %w", err)
	}
	var there bool
	if err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", database).Scan(&there); err != nil || there {
		return err
	}
	if _, err := conn.Exec(ctx, "CREATE DATABASE "+quote(database)+" OWNER "+quote(login)+" TEMPLATE template0 ENCODING 'UTF8'"); err != nil {
		return fmt.Errorf("bootstrap database: %w", err)
	}
	return nil
}

func makeRole(ctx context.Context, conn *pgx.Conn, name, can string) error {
	var there bool
	if err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)", name).Scan(&there); err != nil || there {
		return err
	}
	_, err := conn.Exec(ctx, "CREATE ROLE "+quote(name)+" "+can+" NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE")
	return err
}

func quote(name string) string { return pgx.Identifier{strings.ToValidUTF8(name, "")}.Sanitize() }
