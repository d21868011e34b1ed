package assemble

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/cloud/directory"
	"github.com/callweave/callweave/cloud/pg"
	"github.com/callweave/callweave/tenants"
)

// Import writes final calls that come from elsewhere than an agent: a past that is brought along, or invented. They go
// in as assembled ones do, in one transaction; a call that is there already is replaced. Their PBXs have to exist.
func Import(ctx context.Context, db *pg.DB, known *directory.Directory, id tenants.ID, calls []*call.Call) error {
	t := &tenant{id: id, pbxs: map[int32]directory.PBX{}}
	s := newStep(0)
	s.add(calls)
	w := write{t: t, s: s}
	names := known.Session(id)
	err := db.As(id).Tx(ctx, func(tx pgx.Tx) error {
		if err := t.readPBXs(ctx, tx); err != nil {
			return err
		}
		for _, c := range calls {
			for _, p := range c.PBXs {
				if t.pbxNamed(p).ID == 0 {
					return fmt.Errorf("%w: %s", directory.ErrNoPBX, p)
				}
			}
		}
		if err := names.Resolve(ctx, tx, w.names()); err != nil {
			return err
		}
		var b pgx.Batch
		if err := w.queueCalls(&b, names, s.changed(), nil); err != nil {
			return err
		}
		return tx.SendBatch(ctx, &b).Close()
	})
	if err != nil {
		return fmt.Errorf("import calls: %w", err)
	}
	names.Keep()
	return nil
}
