package reassemble

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/assemble"
	"github.com/callweave/callweave/cloud/pg"
	"github.com/callweave/callweave/shared/wire"
)

// pageBatches is how many batches of one agent are held in memory.
const pageBatches = 8

// feedEvents is how many events are fed at most before it is looked whose turn it is.
const feedEvents = 256

// batchKey names a raw batch.
type batchKey struct {
	agent         uuid.UUID
	stream, first uint64
}

func (k batchKey) String() string {
	return fmt.Sprintf("%s, stream %d, first event %d", k.agent, k.stream, k.first)
}

// streams are the agents' streams over a period, merged by time.
type streams struct {
	db      pg.Tenant
	decoder *wire.BatchDecoder
	skip    map[batchKey]bool // batches the assembler fails on: their events count as lost
	list    []*stream
}

// stream is what one agent said, in the order it said it.
type stream struct {
	agent  uuid.UUID
	number uint64
	pbx    string
	next   uint64 // sequence number of the next event
	after  uint64 // where the next page begins
	page   []rawBatch
	dry    bool // the database has no more
	batch  batchKey
	events []*wire.Event // of the batch being fed
	last   int64         // when the last event was received, ns
}

type rawBatch struct {
	first, last uint64
	payload     []byte
}

// begin finds what was stored of a period.
func (s *streams) begin(ctx context.Context, from time.Time, pbxs map[int32]string) error {
	s.decoder = wire.NewBatchDecoder(wire.Limits{})
	return s.db.Read(ctx, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `SELECT agent_id, stream, min(first_seq), min(pbx_id) FROM raw_batches
			WHERE tenant_id = $1 AND from_at >= $2::timestamptz - interval '1 day' AND to_at >= $2 GROUP BY agent_id, stream ORDER BY min(from_at), agent_id, stream`,
			s.db.ID().UUID(), from)
		if err != nil {
			return err
		}
		var agent uuid.UUID
		var number, first int64
		var pbx int32
		_, err = pgx.ForEachRow(rows, []any{&agent, &number, &first, &pbx}, func() error {
			if name := pbxs[pbx]; name != "" {
				s.list = append(s.list, &stream{agent: agent, number: uint64(number), pbx: name, next: uint64(first), after: uint64(first)})
			}
			return nil
		})
		return err
	})
}

// step feeds some events of the stream whose turn it is. At the end of what is stored it returns errEnd.
func (s *streams) step(ctx context.Context, feed func(*stream, *wire.Event)) error {
	turn, until := (*stream)(nil), int64(1<<63-1)
	for _, x := range s.list {
		at, ok, err := s.peek(ctx, x)
		switch {
		case err != nil:
			return err
		case !ok:
		case turn == nil:
			turn = x
		case at < turn.events[0].Received:
			until = turn.events[0].Received
			turn = x
		default:
			until = min(until, at)
		}
	}
	if turn == nil {
		return errEnd
	}
	for n := range feedEvents {
		at, ok, err := s.peek(ctx, turn)
		if err != nil {
			return err
		}
		if !ok || n > 0 && at > until {
			break
		}
		ev := turn.events[0]
		feed(turn, ev)
		turn.last, turn.events = ev.Received, turn.events[1:]
	}
	return nil
}

// errEnd says that nothing more is stored.
var errEnd = errors.New("end of what is stored")

// peek returns when the stream's next event was received.
func (s *streams) peek(ctx context.Context, x *stream) (int64, bool, error) {
	for len(x.events) == 0 {
		if len(x.page) == 0 {
			if err := s.turnPage(ctx, x); err != nil || len(x.page) == 0 {
				return 0, false, err
			}
		}
		b := x.page[0]
		x.page = x.page[1:]
		s.unpack(x, b)
	}
	return x.events[0].Received, true, nil
}

func (s *streams) turnPage(ctx context.Context, x *stream) error {
	if x.dry {
		return nil
	}
	err := s.db.Read(ctx, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `SELECT first_seq, last_seq, payload FROM raw_batches
			WHERE tenant_id = $1 AND agent_id = $2 AND stream = $3 AND first_seq >= $4 ORDER BY first_seq LIMIT $5`,
			s.db.ID().UUID(), x.agent, int64(x.number), int64(x.after), pageBatches)
		if err != nil {
			return err
		}
		x.page, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (b rawBatch, err error) {
			var first, last int64
			err = row.Scan(&first, &last, &b.payload)
			b.first, b.last = uint64(first), uint64(last)
			return b, err
		})
		return err
	})
	if x.dry = len(x.page) < pageBatches; len(x.page) > 0 {
		x.after = x.page[len(x.page)-1].first + 1
	}
	return err
}

// unpack takes the events out of a batch. What is lost in it is an event too, as it was when the batch came.
func (s *streams) unpack(x *stream, b rawBatch) {
	x.batch = batchKey{x.agent, x.number, b.first}
	last := x.last
	if s.skip[x.batch] {
		x.lost(b.last, last, last, assemble.ReasonUndecodable)
		return
	}
	info, err := s.decoder.Decode(b.payload, func(ev *wire.Event) error {
		if ev.Seq >= x.next {
			x.events, x.next, last = append(x.events, ev.Clone()), ev.Seq+1, ev.Received
		}
		return nil
	})
	switch {
	case x.next > b.last:
	case err == nil && info.Gap != "":
		from := cmp.Or(info.From, last, info.To)
		x.lost(b.last, from, max(from, info.To), info.Gap)
	default:
		x.lost(b.last, last, max(last, info.To), assemble.ReasonUndecodable)
	}
}

func (x *stream) lost(upTo uint64, from, to int64, reason string) {
	x.events = append(x.events, assemble.LostEvents(x.next, upTo, from, to, reason))
	x.next = upTo + 1
}
