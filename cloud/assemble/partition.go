package assemble

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"golang.org/x/sync/errgroup"

	"github.com/callweave/callweave/cloud/eventlog"
	"github.com/callweave/callweave/tenants"
)

// partition is one partition in this process's hands, or once in them.
type partition struct {
	r *Runner
	n int

	mu      sync.Mutex // deliveries and idle looks take turns
	epoch   int64      // 0: not held
	tenants map[tenants.ID]*tenant
}

// errFenced says that another process took the partition.
var errFenced = errors.New("another process took the partition")

const (
	stateFenced  = "CW001"       // see hold_partition in the migrations
	advisoryLock = 1_129_337_426 // the class of its lock
)

// handle takes what the log delivered. When it returns nil everything in it is committed, known already, or asked for.
func (p *partition) handle(ctx context.Context, deliveries []eventlog.Delivery) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.hold(ctx); err != nil {
		p.r.outage.failed(ctx, err)
		return err
	}
	order, groups := byTenant(deliveries)
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(p.r.cfg.Tenants)
	for _, id := range order {
		t := p.tenant(id)
		g.Go(func() error { return t.take(gctx, groups[id]) })
	}
	return p.judge(ctx, g.Wait())
}

// judge lets go of the partition when it was taken away.
func (p *partition) judge(ctx context.Context, err error) error {
	if !errors.Is(err, errFenced) {
		return err
	}
	p.r.deps.Logger.WarnContext(ctx, "partition was taken by another process, leaving it", "partition", p.n)
	p.epoch = 0
	clear(p.tenants)
	return &eventlog.LostError{Cause: err}
}

func byTenant(deliveries []eventlog.Delivery) (order []tenants.ID, groups map[tenants.ID][]eventlog.Delivery) {
	groups = map[tenants.ID][]eventlog.Delivery{}
	for _, d := range deliveries {
		if groups[d.Tenant] == nil {
			order = append(order, d.Tenant)
		}
		groups[d.Tenant] = append(groups[d.Tenant], d)
	}
	return order, groups
}

func (p *partition) tenant(id tenants.ID) *tenant {
	t := p.tenants[id]
	if t == nil {
		t = newTenant(p, id)
		p.tenants[id] = t
	}
	return t
}

// hold takes the partition if this process does not have it: from now on no other can commit to it. It waits for
// transactions that are under way under the old epoch, so that what is read afterwards is final.
func (p *partition) hold(ctx context.Context) error {
	if p.epoch != 0 {
		return nil
	}
	err := p.r.deps.DB.System().Tx(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock($1, $2)`, advisoryLock, p.n); err != nil {
			return err
		}
		return tx.QueryRow(ctx, `INSERT INTO partitions AS p (partition, epoch, owner) VALUES ($1, 1, $2)
			ON CONFLICT (partition) DO UPDATE SET epoch = p.epoch + 1, owner = excluded.owner, taken = now() RETURNING epoch`,
			p.n, p.r.cfg.Owner).Scan(&p.epoch)
	})
	if err != nil {
		p.epoch = 0
		return fmt.Errorf("take partition %d: %w", p.n, err)
	}
	clear(p.tenants)
	p.r.deps.Logger.InfoContext(ctx, "partition taken", "partition", p.n, "epoch", p.epoch)
	return nil
}

// idle moves the time on for tenants whose PBXs are silent, so that a call that ended is final though nothing follows.
func (p *partition) idle(ctx context.Context) {
	tick := time.NewTicker(idleLook)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			p.lookAtIdle(ctx)
		}
	}
}

func (p *partition) lookAtIdle(ctx context.Context) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for id, t := range p.tenants {
		if err := t.passTime(ctx); err != nil {
			_ = p.judge(ctx, err)
			return
		}
		if t.forgettable() {
			delete(p.tenants, id)
		}
	}
}

func isFenced(err error) bool {
	var pe *pgconn.PgError
	return errors.As(err, &pe) && pe.Code == stateFenced
}
