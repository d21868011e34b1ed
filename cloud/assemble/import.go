package assemble

import (
	"context"
	"fmt"

	"github.com/google/uuid"
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

// Put writes final calls in place of what is stored of them, and removes calls that are none any more, in the caller's
// transaction. The caller keeps names after the commit.
func Put(ctx context.Context, tx pgx.Tx, names *directory.Session, id tenants.ID, calls []*call.Call, gone []call.ID) error {
	t := &tenant{id: id, pbxs: map[int32]directory.PBX{}}
	s := newStep(0)
	for _, c := range calls {
		s.calls[c.ID], s.order = c, append(s.order, c.ID)
	}
	w := write{t: t, s: s}
	if err := t.readPBXs(ctx, tx); err != nil {
		return err
	}
	if err := names.Resolve(ctx, tx, w.names()); err != nil {
		return err
	}
	var b pgx.Batch
	ids := make([]uuid.UUID, len(calls))
	for i, c := range calls {
		ids[i] = uuid.UUID(c.ID)
	}
	queueNoFacts(&b, id, ids)
	if err := w.queueCalls(&b, names, calls, gone); err != nil {
		return err
	}
	return tx.SendBatch(ctx, &b).Close()
}

// Figures are what is stored of a call beside its rows.
type Figures struct {
	Wait, Talk, Hold int32  // ms
	Outside          string // number of the outside party
	Trunk            string // key of the trunk, on the call's first PBX
	Queues           []Place
	Operators        []Place // with repetitions; the order is that of the stored ids
}

// Place is the name of a queue or operator and the PBX that names it so.
type Place struct{ PBX, Name string }

// FiguresOf computes them.
func FiguresOf(c *call.Call) Figures {
	return Figures{Wait: millis(waited(c)), Talk: millis(talked(c)), Hold: millis(held(c)), Outside: outside(c), Trunk: c.Trunk, Queues: queuesOf(c), Operators: operatorsOf(c)}
}

// AttributeKeys are the numbers by which a call is found by attributes of its legs: by name, and by name and value.
func AttributeKeys(c *call.Call) (keys []int64) {
	seen := map[int64]struct{}{}
	for i := range c.Legs {
		for _, x := range c.Legs[i].Attributes {
			for _, k := range [...]int64{call.AttributeKey(x.Name, ""), call.AttributeKey(x.Name, x.Value)} {
				if _, again := seen[k]; !again {
					seen[k], keys = struct{}{}, append(keys, k)
				}
			}
		}
	}
	return keys
}
