package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"

	"github.com/callweave/callweave/cloud/pg"
)

// databaseFlags say where the data is. They are the same for every command that needs it.
type databaseFlags struct {
	Data        string `default:"/var/lib/callweave" env:"CALLWEAVE_DATA" type:"path" help:"Directory of the private PostgreSQL and the event log."`
	DatabaseURL string `env:"CALLWEAVE_DATABASE_URL" help:"A PostgreSQL of your own. Without it a private one is started from the installed binaries."`
}

// database is an open, migrated database and the private server below it, if it was started here.
type database struct {
	*pg.DB
	private *pg.Private
}

// openDatabase starts what has to be started, migrates and connects. A private server that another callweave runs on
// the same directory is used as it is: serve may not share it, the small commands may.
func openDatabase(ctx context.Context, f databaseFlags, share bool, log *slog.Logger) (*database, error) {
	d := &database{}
	url := f.DatabaseURL
	if url == "" && share {
		url, _ = pg.Running(ctx, f.Data)
	}
	if url == "" {
		// The server ends after everybody who uses it, not at the same moment.
		life, end := context.WithCancel(context.WithoutCancel(ctx))
		giveUp := context.AfterFunc(ctx, end)
		private, err := pg.StartPrivate(life, f.Data, log)
		if !giveUp() && err == nil {
			private.Stop()
			err = ctx.Err()
		}
		if errors.Is(err, fs.ErrPermission) {
			err = fmt.Errorf("%w; name a directory of your own with --data", err)
		}
		if err != nil {
			end()
			return nil, err
		}
		d.private, url = private, private.URL()
	}
	if err := d.open(ctx, url, log); err != nil {
		d.close()
		return nil, err
	}
	return d, nil
}

func (d *database) open(ctx context.Context, url string, log *slog.Logger) (err error) {
	if err := pg.Migrate(ctx, url, log); err != nil {
		return err
	}
	d.DB, err = pg.Open(ctx, pg.Config{URL: url, MaxConns: 30})
	return err
}

func (d *database) close() {
	if d.DB != nil {
		d.Close()
	}
	if d.private != nil {
		d.private.Stop()
	}
}

type migrateCmd struct{ databaseFlags }

// Run migrates.
func (c migrateCmd) Run(ctx context.Context, w *world) error {
	db, err := openDatabase(ctx, c.databaseFlags, true, w.log)
	if err != nil {
		return err
	}
	defer db.close()
	fmt.Fprintln(w.out, "The database is up to date.")
	return nil
}
