package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/assemble"
	"github.com/callweave/callweave/cloud/call"
	past "github.com/callweave/callweave/cloud/demo"
	"github.com/callweave/callweave/cloud/directory"
	"github.com/callweave/callweave/tenants"
)

const (
	demoSlug = "demo"
	// history is how far back the invented past reaches.
	history = 30 * 24 * time.Hour
	// historyBatch is how many calls one transaction takes.
	historyBatch = 1000
)

// fill makes the tenant, its people, PBXs and past, as far as they are not there.
func (d *demo) fill(ctx context.Context, cfg serveCmd, logins logins) error {
	db, err := openDatabase(ctx, cfg.databaseFlags, true, d.log)
	if err != nil {
		return err
	}
	defer db.close()
	tenant, err := d.makeTenant(ctx, db)
	if err != nil {
		return err
	}
	if err := logins.createAll(ctx, people(db), tenant); err != nil {
		return err
	}
	known := directory.New()
	for _, p := range past.Cast() {
		if err := makePBX(ctx, db, known, tenant, p); err != nil {
			return err
		}
	}
	if err := d.inventPast(ctx, db, known, tenant); err != nil {
		return err
	}
	if err := decide(ctx, db, tenant); err != nil {
		return err
	}
	return d.bindOperator(ctx, db, tenant)
}

func (d *demo) makeTenant(ctx context.Context, db *database) (tenants.ID, error) {
	t, err := catalogue(db).BySlug(ctx, demoSlug)
	if errors.Is(err, tenants.ErrNotFound) {
		t, err = catalogue(db).Create(ctx, tenants.New{Slug: demoSlug, Name: "Demo", Zone: "Europe/Moscow"})
	}
	return t.ID, err
}

// makePBX adds a PBX and says what its queues and operators are called, which a PBX without FreePBX does not know.
func makePBX(ctx context.Context, db *database, known *directory.Directory, tenant tenants.ID, p past.PBX) error {
	names := known.Session(tenant)
	err := db.As(tenant).Tx(ctx, func(tx pgx.Tx) error {
		var station int32
		err := tx.QueryRow(ctx, `SELECT station_id FROM pbxs WHERE name = $1`, p.Name).Scan(&station)
		if errors.Is(err, pgx.ErrNoRows) {
			var added directory.PBX
			added, err = directory.AddPBX(ctx, tx, p.Name, p.Station)
			station = added.Station
		}
		if err != nil {
			return err
		}
		list := []directory.Name{{Kind: directory.Trunk, Station: station, Key: p.Trunk}}
		for _, q := range p.Queues {
			list = append(list, directory.Name{Kind: directory.Queue, Station: station, Key: q.Number, Label: q.Name})
		}
		for _, o := range p.Operators {
			list = append(list, directory.Name{Kind: directory.Operator, Station: station, Key: o.Number, Label: o.Name})
		}
		return names.Resolve(ctx, tx, list)
	})
	if err != nil {
		return fmt.Errorf("make PBX %s: %w", p.Name, err)
	}
	names.Keep()
	return nil
}

// inventPast writes the calls from where the data ends, at most a month back, until now.
func (d *demo) inventPast(ctx context.Context, db *database, known *directory.Directory, tenant tenants.ID) error {
	to := time.Now()
	from, err := lastCall(ctx, db, tenant)
	if err != nil {
		return err
	}
	if earliest := to.Add(-history); from.Before(earliest) {
		from = earliest
		d.say("Inventing a month of calls…")
	}
	var calls []*call.Call
	written := 0
	flush := func() error {
		if err := assemble.Import(ctx, db.DB, known, tenant, calls); err != nil {
			return fmt.Errorf("write the past: %w", err)
		}
		written += len(calls)
		calls = calls[:0]
		return nil
	}
	for c := range past.Generate(from, to) {
		if calls = append(calls, c); len(calls) == historyBatch {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if err := flush(); err != nil {
		return err
	}
	states, err := inventStates(ctx, db, known, tenant, from, to)
	if err != nil {
		return err
	}
	d.log.InfoContext(ctx, "past is written", "calls", written, "states", states, "took", time.Since(to))
	return nil
}

// inventStates writes what the operators did meanwhile.
func inventStates(ctx context.Context, db *database, known *directory.Directory, tenant tenants.ID, from, to time.Time) (written int, err error) {
	var states []call.Interval
	flush := func() error {
		written += len(states)
		err := assemble.ImportStates(ctx, db.DB, known, tenant, states)
		states = states[:0]
		return err
	}
	for x := range past.States(from, to) {
		if states = append(states, x); len(states) == 5*historyBatch {
			if err := flush(); err != nil {
				return written, err
			}
		}
	}
	return written, flush()
}

// lastCall is from when on calls are missing: the beginning of the last one of the PBX that is behind, as a kill leaves it.
func lastCall(ctx context.Context, db *database, tenant tenants.ID) (last time.Time, err error) {
	err = db.As(tenant).Tx(ctx, func(tx pgx.Tx) error {
		var t *time.Time
		err := tx.QueryRow(ctx, `SELECT min(last) FROM (SELECT p.id, coalesce(
				(SELECT started FROM calls WHERE tenant_id = $1 AND pbx_ids && ARRAY[p.id] ORDER BY started DESC LIMIT 1), '2000-01-01') AS last
			FROM pbxs p) AS ends`, tenant.UUID()).Scan(&t)
		if err == nil && t != nil {
			last = *t
		}
		return err
	})
	if err != nil {
		return last, fmt.Errorf("look for the last call: %w", err)
	}
	return last, nil
}

// bindOperator makes the operator who can sign in the one with the first number.
func (d *demo) bindOperator(ctx context.Context, db *database, tenant tenants.ID) error {
	_, user, err := userByLogin(ctx, db, "operator")
	if err != nil {
		return err
	}
	var operator int32
	err = db.As(tenant).Tx(ctx, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `SELECT o.id FROM operators o JOIN stations s ON s.id = o.station_id WHERE s.name = $1 AND o.number = '101'`, past.HeadOffice).Scan(&operator)
	})
	if err != nil {
		return fmt.Errorf("find operator 101: %w", err)
	}
	return people(db).BindOperator(ctx, tenant, user, operator)
}
