package reassemble

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/cloud/pg"
)

// stored is a call as it is in the database.
type stored struct {
	id      call.ID
	version int64 // of its row: another one means that somebody wrote it since
	started time.Time
	ended   *time.Time
	open    bool
	rev     int32
	pbxs    []string
	proved  bool // events of the time it began in are stored
	story   tree
	rows    tree
	keys    []string
}

// selectStored reads calls with their rows in names, so that they can be compared with what has no ids yet. A call is
// proved where the latest batch of one of its PBXs that began before the call did reaches to it; of a call that was
// joined in its middle only that middle can be. $1 is the tenant.
const selectStored = `
	SELECT c.id, c.xmin::text::bigint, c.started, c.ended, c.open, c.rev, c.story::text,
		ARRAY(SELECT p.name FROM unnest(c.pbx_ids) u(id) JOIN pbxs p USING (id) WHERE p.tenant_id = c.tenant_id),
		EXISTS (SELECT FROM unnest(c.pbx_ids) u(id), LATERAL (SELECT b.to_at FROM raw_batches b WHERE b.tenant_id = $1 AND b.pbx_id = u.id
			AND b.from_at <= CASE WHEN c.partial THEN coalesce(c.ended, now()) ELSE c.started END + interval '3 s' ORDER BY b.from_at DESC LIMIT 1) b
			WHERE b.to_at >= c.started - interval '3 s'),
		jsonb_build_object(
			'started', c.started, 'answered', c.answered, 'ended', c.ended, 'partial', c.partial,
			'direction', c.direction, 'disposition', c.disposition, 'hangup_by', c.hangup_by,
			'caller', c.caller, 'caller_name', c.caller_name, 'dialled', c.dialled,
			'number', (SELECT number FROM numbers n WHERE n.tenant_id = c.tenant_id AND n.id = c.number_id),
			'trunk', (SELECT endpoint FROM trunks t WHERE t.tenant_id = c.tenant_id AND t.id = c.trunk_id),
			'pbxs', (SELECT jsonb_agg(p.name ORDER BY n) FROM unnest(c.pbx_ids) WITH ORDINALITY u(id, n) LEFT JOIN pbxs p ON p.tenant_id = c.tenant_id AND p.id = u.id),
			'queues', (SELECT jsonb_agg(q.number ORDER BY n) FROM unnest(c.queue_ids) WITH ORDINALITY u(id, n) LEFT JOIN queues q ON q.tenant_id = c.tenant_id AND q.id = u.id),
			'operators', (SELECT jsonb_agg(o.number ORDER BY n) FROM unnest(c.operator_ids) WITH ORDINALITY u(id, n) LEFT JOIN operators o ON o.tenant_id = c.tenant_id AND o.id = u.id),
			'attributes', to_jsonb(c.attributes::text[]),
			'wait_ms', c.wait_ms, 'talk_ms', c.talk_ms, 'hold_ms', c.hold_ms, 'ring_count', c.ring_count, 'transfer_count', c.transfer_count,
			'queue_visits', (SELECT jsonb_agg(jsonb_build_object('pbx', p.name, 'queue', q.number, 'entered', f.entered, 'left', f.left_at, 'result', f.result,
					'operator', o.number, 'estimated', f.estimated) ORDER BY f.n)
				FROM queue_visits f LEFT JOIN pbxs p ON p.tenant_id = f.tenant_id AND p.id = f.pbx_id LEFT JOIN queues q ON q.tenant_id = f.tenant_id AND q.id = f.queue_id
				LEFT JOIN operators o ON o.tenant_id = f.tenant_id AND o.id = f.operator_id WHERE f.tenant_id = $1 AND f.call_id = c.id),
			'attempts', (SELECT jsonb_agg(jsonb_build_object('pbx', p.name, 'queue', q.number, 'rang', f.rang, 'ended', f.ended, 'result', f.result,
					'operator', o.number, 'estimated', f.estimated) ORDER BY f.n)
				FROM attempts f LEFT JOIN pbxs p ON p.tenant_id = f.tenant_id AND p.id = f.pbx_id LEFT JOIN queues q ON q.tenant_id = f.tenant_id AND q.id = f.queue_id
				LEFT JOIN operators o ON o.tenant_id = f.tenant_id AND o.id = f.operator_id WHERE f.tenant_id = $1 AND f.call_id = c.id),
			'segments', (SELECT jsonb_agg(jsonb_build_object('kind', f.kind, 'pbx', p.name, 'queue', q.number, 'from', f.from_at, 'to', f.to_at, 'with', f.with_whom,
					'operator', o.number, 'estimated', f.estimated) ORDER BY f.n)
				FROM segments f LEFT JOIN pbxs p ON p.tenant_id = f.tenant_id AND p.id = f.pbx_id LEFT JOIN queues q ON q.tenant_id = f.tenant_id AND q.id = f.queue_id
				LEFT JOIN operators o ON o.tenant_id = f.tenant_id AND o.id = f.operator_id WHERE f.tenant_id = $1 AND f.call_id = c.id)
		)::text
	FROM calls c WHERE c.tenant_id = $1 AND `

// storedPage is how many calls are read at once.
const storedPage = 2000

// loadPage reads some calls that began in [from, to), those after the call last where it began at from.
func loadPage(ctx context.Context, db pg.Tenant, from, to time.Time, last call.ID) ([]*stored, error) {
	return load(ctx, db, selectStored+`(c.started, c.id) > ($2, $4) AND c.started < $3 ORDER BY c.started, c.id LIMIT $5`, from, to, uuid.UUID(last), storedPage)
}

// loadByID reads calls by their ids, wherever they began.
func loadByID(ctx context.Context, db pg.Tenant, ids []uuid.UUID) ([]*stored, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return load(ctx, db, selectStored+`c.id = ANY($2)`, ids)
}

func load(ctx context.Context, db pg.Tenant, query string, args ...any) (list []*stored, err error) {
	err = db.Read(ctx, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, query, append([]any{db.ID().UUID()}, args...)...)
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, scanStored)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read stored calls: %w", err)
	}
	return list, nil
}

func scanStored(row pgx.CollectableRow) (*stored, error) {
	s := &stored{}
	var id uuid.UUID
	var story, rows []byte
	if err := row.Scan(&id, &s.version, &s.started, &s.ended, &s.open, &s.rev, &story, &s.pbxs, &s.proved, &rows); err != nil {
		return nil, err
	}
	s.id = call.ID(id)
	var refs struct {
		Channels []struct{ PBX, Uniqueid string }
	}
	for raw, into := range map[*[]byte]any{&story: &s.story, &rows: &s.rows} {
		if err := json.Unmarshal(*raw, into); err != nil {
			return nil, fmt.Errorf("read call %s: %w", s.id, err)
		}
	}
	if err := json.Unmarshal(story, &refs); err != nil {
		return nil, fmt.Errorf("read channels of call %s: %w", s.id, err)
	}
	s.keys = append(s.keys, s.id.String())
	for _, c := range refs.Channels {
		s.keys = append(s.keys, channelKey(c.PBX, c.Uniqueid))
	}
	spellOut(s.rows)
	for _, key := range []string{"queues", "operators"} {
		list, _ := s.rows[key].([]any)
		s.rows[key] = distinct(list)
	}
	return s, nil
}

func channelKey(pbx, uniqueid string) string { return pbx + "\x00" + uniqueid }

// spellOut puts words in place of the numbers that are stored for them.
func spellOut(row tree) {
	word := func(key string, spell func(uint8) string) {
		if n, ok := row[key].(float64); ok && n >= 0 && n < 256 {
			row[key] = spell(uint8(n))
		}
	}
	word("direction", func(n uint8) string { return call.Direction(n).String() })
	word("disposition", func(n uint8) string { return call.Disposition(n).String() })
	word("hangup_by", func(n uint8) string { return call.Party(n).String() })
	word("result", func(n uint8) string { return call.Result(n).String() })
	word("kind", func(n uint8) string {
		if n == kindTalk {
			return "talk"
		}
		return "hold"
	})
	for _, list := range []string{"queue_visits", "attempts", "segments"} {
		rows, _ := row[list].([]any)
		for _, r := range rows {
			if r, ok := r.(tree); ok {
				spellOut(r)
			}
		}
	}
}

const kindTalk = 1 // of a segment, as stored
