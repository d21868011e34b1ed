package reassemble

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/callweave/callweave/cloud/assemble"
	"github.com/callweave/callweave/cloud/call"
)

// flush tells and writes the groups that wait.
func (r *run) flush(ctx context.Context) error {
	groups := r.batch
	r.batch, r.waiting = nil, 0
	for _, g := range groups {
		for _, c := range g.changes {
			r.sum.count(c.Kind)
			if _, again := r.told[c.Call]; again {
				continue
			}
			r.told[c.Call] = struct{}{}
			if err := r.job.Tell(c); err != nil {
				return fmt.Errorf("tell change: %w", err)
			}
		}
	}
	if !r.job.Write || len(groups) == 0 {
		return nil
	}
	return r.write(ctx, groups)
}

func (s *Summary) count(k Kind) {
	switch k {
	case Added:
		s.Added++
	case Gone:
		s.Gone++
	case Changed:
		s.Changed++
	}
}

// attempts is how often a transaction is tried that only met another one.
const attempts = 5

// write puts groups in place, all in one transaction.
func (r *run) write(ctx context.Context, groups []*group) error {
	for n := 1; ; n++ {
		names := r.Directory.Session(r.job.Tenant)
		var written, meanwhile int
		err := r.db.Tx(ctx, func(tx pgx.Tx) error {
			fresh, err := r.lock(ctx, tx, groups)
			if err != nil {
				return err
			}
			var calls []*call.Call
			var gone []call.ID
			for _, g := range groups {
				if !fresh[g] {
					meanwhile += len(g.changes)
					continue
				}
				put, out := g.work()
				calls, gone = append(calls, put...), append(gone, out...)
			}
			written = len(calls) + len(gone)
			return assemble.Put(ctx, tx, names, r.job.Tenant, calls, gone)
		})
		if err == nil {
			names.Keep()
			r.sum.Written += written
			r.sum.Meanwhile += meanwhile
			return nil
		}
		if !met(err) || n == attempts {
			return fmt.Errorf("write calls that began about %s: %w", groups[0].begins().Format(time.RFC3339), err)
		}
	}
}

// met tells that a transaction failed only because it met another one.
func met(err error) bool {
	var pe *pgconn.PgError
	return errors.As(err, &pe) && slices.Contains([]string{"40001", "40P01", "55P03"}, pe.Code)
}

// work says what a group changes in the database.
func (g *group) work() (put []*call.Call, gone []call.ID) {
	for _, c := range g.changes {
		if c.Kind == Gone {
			gone = append(gone, c.Call)
			continue
		}
		for _, x := range g.results {
			if x.ID == c.Call {
				put = append(put, x.Call)
			}
		}
	}
	return put, gone
}

// lock keeps the stored calls of groups from changing, and tells in which groups they are what was compared.
func (r *run) lock(ctx context.Context, tx pgx.Tx, groups []*group) (map[*group]bool, error) {
	var ids []uuid.UUID
	for _, g := range groups {
		for _, x := range g.results {
			ids = append(ids, uuid.UUID(x.ID))
		}
		for _, s := range g.stored {
			ids = append(ids, uuid.UUID(s.id))
		}
	}
	rows, err := tx.Query(ctx, `SELECT id, xmin::text::bigint FROM calls WHERE tenant_id = $1 AND id = ANY($2) ORDER BY id FOR UPDATE`,
		r.job.Tenant.UUID(), ids)
	if err != nil {
		return nil, err
	}
	found := map[call.ID]int64{}
	var id uuid.UUID
	var version int64
	_, err = pgx.ForEachRow(rows, []any{&id, &version}, func() error {
		found[call.ID(id)] = version
		return nil
	})
	fresh := map[*group]bool{}
	for _, g := range groups {
		known := map[call.ID]int64{}
		for _, s := range g.stored {
			known[s.id] = s.version
		}
		fresh[g] = true
		for _, x := range g.results {
			if found[x.ID] != known[x.ID] {
				fresh[g] = false
			}
		}
		for id, version := range known {
			if found[id] != version {
				fresh[g] = false
			}
		}
	}
	return fresh, err
}
