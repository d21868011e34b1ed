package main

import (
	"context"
	"fmt"
	"hash/maphash"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/pg"
	"github.com/callweave/callweave/shared/wire"
)

// archive is all that an installation has of one PBX, in the order of the agent's stream.
type archive struct {
	pbx    string
	events []*wire.Event
	ends   []int // index behind the last event of each batch
	faults []string
}

// archives reads what the installation keeps of every PBX. Holes, overlaps and stated losses are faults: an agent that
// can write loses nothing that it took.
func (in *installation) archives(ctx context.Context) (map[string]*archive, error) {
	out := map[string]*archive{}
	err := in.read(ctx, func(db pg.Tenant) error {
		return db.Read(ctx, func(tx pgx.Tx) error {
			for letter := range in.agents {
				out[letter] = &archive{pbx: letter}
				if err := out[letter].load(ctx, tx); err != nil {
					return fmt.Errorf("read archive of %s: %w", letter, err)
				}
			}
			return nil
		})
	})
	return out, err
}

func (a *archive) load(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, `SELECT b.stream, b.first_seq, b.last_seq, b.payload FROM raw_batches b
		JOIN pbxs p ON p.tenant_id = b.tenant_id AND p.id = b.pbx_id WHERE p.name = $1 ORDER BY b.stream, b.first_seq`, a.pbx)
	if err != nil {
		return err
	}
	var stream, first, last, before, next int64
	var payload []byte
	decoder := wire.NewBatchDecoder(wire.Limits{})
	_, err = pgx.ForEachRow(rows, []any{&stream, &first, &last, &payload}, func() error {
		switch {
		case before != 0 && stream != before:
			a.faults = append(a.faults, "its agent began a second stream")
		case before != 0 && first != next || before == 0 && first != 1:
			a.faults = append(a.faults, fmt.Sprintf("after event %d comes a batch of events %d to %d", next-1, first, last))
		}
		before, next = stream, last+1
		held := len(a.events)
		_, err := decoder.Decode(payload, func(ev *wire.Event) error {
			a.events = append(a.events, ev.Clone())
			return nil
		})
		if n := len(a.events) - held; err == nil && int64(n) != last-first+1 {
			a.faults = append(a.faults, fmt.Sprintf("the batch of events %d to %d has %d", first, last, n))
		}
		a.ends = append(a.ends, len(a.events))
		return err
	})
	if err != nil {
		return err
	}
	return a.loadGaps(ctx, tx)
}

// loadGaps takes what the cloud itself says is missing, beyond times without a connection to the PBX.
func (a *archive) loadGaps(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, `SELECT g.reason, g.events FROM gaps g JOIN pbxs p ON p.tenant_id = g.tenant_id AND p.id = g.pbx_id
		WHERE p.name = $1 AND g.reason <> 'disconnected'`, a.pbx)
	if err != nil {
		return err
	}
	var reason string
	var events int64
	_, err = pgx.ForEachRow(rows, []any{&reason, &events}, func() error {
		a.faults = append(a.faults, fmt.Sprintf("%d events are stated to be lost: %s", events, reason))
		return nil
	})
	return err
}

// is tells the PBX's own last word.
func is(ev *wire.Event, word string) bool {
	return ev.ID == wire.EvUserEvent && slices.ContainsFunc(ev.Fields, func(f wire.Field) bool { return f.Value == word })
}

// has tells whether the PBX's last word came through, and knows tells whether a whole snapshot did.
func (a *archive) has(word string) bool {
	return slices.ContainsFunc(a.events, func(ev *wire.Event) bool { return is(ev, word) })
}

func (a *archive) knows() bool {
	return slices.ContainsFunc(a.events, func(ev *wire.Event) bool { return ev.ID == wire.AgentSnapshotEnd })
}

// said are the events the PBX sent to everybody who listens, up to its last word: no marks of the agent, no answers to
// what it asked, and not the greeting.
func (a *archive) said(last string) []*wire.Event {
	var out []*wire.Event
	for _, ev := range a.events {
		if ev.ID >= wire.AgentConnected || ev.ID == wire.EvFullyBooted || strings.HasPrefix(ev.Get(wire.FActionID), "cw") {
			continue
		}
		out = append(out, ev)
		if is(ev, last) {
			break
		}
	}
	return out
}

var printSeed = maphash.MakeSeed()

// print is the same for the same event, whoever heard it.
func print(ev *wire.Event) uint64 {
	var h maphash.Hash
	h.SetSeed(printSeed)
	fmt.Fprint(&h, ev.ID, ev.Name, ev.PBXTime)
	for _, f := range ev.Fields {
		fmt.Fprintf(&h, "|%d%s=%s", f.ID, f.Name, f.Value)
	}
	return h.Sum64()
}

// spoken is when the PBX said it.
func spoken(ev *wire.Event) time.Time {
	if ev.PBXTime != 0 {
		return time.UnixMicro(ev.PBXTime)
	}
	return heard(ev)
}

func heard(ev *wire.Event) time.Time { return time.Unix(0, ev.Received) }

// words is an event as a person reads it.
func words(ev *wire.Event) string {
	var b strings.Builder
	name := ev.Name
	if name == "" {
		name = wire.EventName(ev.ID)
	}
	fmt.Fprintf(&b, "%s seq %d %s", spoken(ev).UTC().Format("15:04:05.000000"), ev.Seq, name)
	for _, f := range ev.Fields {
		n := f.Name
		if n == "" {
			n = wire.FieldName(f.ID)
		}
		fmt.Fprintf(&b, " %s=%s", n, f.Value)
	}
	return b.String()
}
