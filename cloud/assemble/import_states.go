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

// ImportStates writes states of operators that come from elsewhere than an agent, as [Import] does calls. One that is there
// already, by its id, is replaced.
func ImportStates(ctx context.Context, db *pg.DB, known *directory.Directory, id tenants.ID, states []call.Interval) error {
	t := &tenant{id: id, pbxs: map[int32]directory.PBX{}}
	s := newStep(0)
	s.addStates(states)
	w := write{t: t, s: s}
	names := known.Session(id)
	err := db.As(id).Tx(ctx, func(tx pgx.Tx) error {
		if err := t.readPBXs(ctx, tx); err != nil {
			return err
		}
		for i := range s.states {
			if p := s.states[i].PBX; t.pbxNamed(p).ID == 0 {
				return fmt.Errorf("%w: %s", directory.ErrNoPBX, p)
			}
		}
		if err := names.Resolve(ctx, tx, w.names()); err != nil {
			return err
		}
		var b pgx.Batch
		w.queueStates(&b, names, s.states)
		return tx.SendBatch(ctx, &b).Close()
	})
	if err != nil {
		return fmt.Errorf("import states of operators: %w", err)
	}
	names.Keep()
	return nil
}
