package assemble

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/cloud/coverage"
	"github.com/callweave/callweave/cloud/directory"
	"github.com/callweave/callweave/tenants"
)

// Kinds of segments, as stored.
const (
	segmentTalk int16 = 1
	segmentHold int16 = 2
)

// with of a talk between us and the outside party.
const customer = "customer"

// names are all that the step's calls and facts mention.
func (w *write) names() []directory.Name {
	var list []directory.Name
	add := func(kind directory.Kind, pbx, key string) {
		if key != "" {
			list = append(list, directory.Name{Kind: kind, Station: w.t.pbxNamed(pbx).Station, Key: key})
		}
	}
	for _, c := range w.s.changed() {
		add(directory.Trunk, firstPBX(c), c.Trunk)
		add(directory.Number, "", outside(c))
		for _, q := range c.Queues {
			add(directory.Queue, q.PBX, q.Queue)
			add(directory.Operator, q.PBX, q.Operator)
		}
		for _, r := range c.Rings {
			add(directory.Queue, r.PBX, r.Queue)
			add(directory.Operator, r.PBX, r.Operator)
		}
		for _, k := range c.Talks {
			add(directory.Queue, k.PBX, k.Queue)
			add(directory.Operator, k.PBX, k.Operator)
		}
		for _, h := range c.Holds {
			add(directory.Operator, h.PBX, h.By)
		}
		for _, l := range others(c) {
			add(directory.Operator, l.PBX, l.Number)
		}
	}
	for i := range w.s.states {
		x := &w.s.states[i]
		add(directory.Queue, x.PBX, x.Queue)
		add(directory.Operator, x.PBX, x.Operator)
	}
	return append(list, w.t.factNames(w.s.facts)...)
}

func (t *tenant) pbxNamed(name string) directory.PBX {
	for _, p := range t.pbxs {
		if p.Name == name {
			return p
		}
	}
	return directory.PBX{}
}

func firstPBX(c *call.Call) string {
	if len(c.PBXs) == 0 {
		return ""
	}
	return c.PBXs[0]
}

// others are the legs of devices that made the call, or spoke to another of ours: they have no ring, and what is said of
// the talk is said of the other.
func others(c *call.Call) (legs []*call.Leg) {
	numbers := map[string]bool{}
	if c.Direction != call.Inbound && c.Caller != "" {
		numbers[c.Caller] = true
	}
	for i := range c.Talks {
		numbers[c.Talks[i].With] = true
	}
	delete(numbers, customer)
	for i := range c.Legs {
		if l := &c.Legs[i]; l.Kind == call.LegOperator && numbers[l.Number] {
			legs = append(legs, l)
		}
	}
	return legs
}

// queuesOf are the queues a call was in, or rang for.
func queuesOf(c *call.Call) (list []Place) {
	for _, q := range c.Queues {
		list = append(list, Place{q.PBX, q.Queue})
	}
	for _, r := range c.Rings {
		list = append(list, Place{r.PBX, r.Queue})
	}
	return list
}

// operatorsOf are the devices a call was with: who spoke comes before who only rang.
func operatorsOf(c *call.Call) (list []Place) {
	for _, k := range c.Talks {
		list = append(list, Place{k.PBX, k.Operator})
	}
	for _, r := range c.Rings {
		list = append(list, Place{r.PBX, r.Operator})
	}
	for _, l := range others(c) {
		list = append(list, Place{l.PBX, l.Number})
	}
	return list
}

// outside is the number of the outside party.
func outside(c *call.Call) string {
	switch c.Direction {
	case call.Inbound:
		return c.Caller
	case call.Outbound:
		return c.Dialled
	default:
		return ""
	}
}

// queueStream queues what came in: raw batches, gaps, cursors.
func (w *write) queueStream(b *pgx.Batch) {
	if len(w.s.raw) > 0 {
		w.queueRaw(b)
	}
	if len(w.s.gaps) > 0 {
		w.queueGaps(b)
	}
	for id, m := range w.s.moves {
		b.Queue(`INSERT INTO cursors AS c (tenant_id, agent_id, stream, seq, events, last_event, pbx_id, first_event) VALUES (current_tenant(), $1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (tenant_id, agent_id) DO UPDATE SET stream = excluded.stream, seq = excluded.seq, events = c.events + excluded.events,
			last_event = excluded.last_event, committed = now(), pbx_id = excluded.pbx_id, first_event = coalesce(c.first_event, excluded.first_event)`,
			id, int64(m.stream), int64(m.seq), m.events, at(m.last), m.pbx, at(m.first))
		if m.past == nil {
			continue
		}
		for stream, seq := range m.past {
			b.Queue(`INSERT INTO past_cursors (tenant_id, agent_id, stream, seq) VALUES (current_tenant(), $1, $2, $3)
				ON CONFLICT (tenant_id, agent_id, stream) DO UPDATE SET seq = excluded.seq`, id, int64(stream), int64(seq))
		}
		b.Queue(`DELETE FROM past_cursors WHERE tenant_id = current_tenant() AND agent_id = $1 AND stream = $2`, id, int64(m.stream))
	}
}

func (w *write) queueRaw(b *pgx.Batch) {
	n := len(w.s.raw)
	agents, pbxs, streams := make([]uuid.UUID, n), make([]int32, n), make([]int64, n)
	firsts, lasts := make([]int64, n), make([]int64, n)
	from, to, payload := make([]time.Time, n), make([]time.Time, n), make([][]byte, n)
	for i, r := range w.s.raw {
		agents[i], pbxs[i], streams[i], firsts[i], lasts[i] = r.agent, r.pbx, int64(r.stream), int64(r.first), int64(r.last)
		from[i], to[i], payload[i] = at(r.from), at(r.to), r.payload
	}
	b.Queue(`INSERT INTO raw_batches (tenant_id, agent_id, stream, first_seq, last_seq, from_at, to_at, pbx_id, payload)
		SELECT current_tenant(), * FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[], $5::timestamptz[], $6::timestamptz[], $7::integer[], $8::bytea[])
		ON CONFLICT DO NOTHING`, agents, streams, firsts, lasts, from, to, pbxs, payload)
}

func (w *write) queueGaps(b *pgx.Batch) {
	for _, g := range w.s.gaps {
		b.Queue(`INSERT INTO gaps (tenant_id, agent_id, pbx_id, reason, events, from_at, to_at) VALUES (current_tenant(), $1, $2, $3, $4, $5, $6)`,
			g.agent, g.pbx, directory.Clean(g.reason), int64(g.count), at(g.from), at(g.to))
	}
}

// queueDead removes calls that turned out to be part of others. The tenant is a parameter here and wherever a partitioned
// table is searched: by current_tenant() PostgreSQL would plan, and lock, the partitions of every tenant there is.
func queueDead(b *pgx.Batch, tenant tenants.ID, dead []call.ID) {
	if len(dead) == 0 {
		return
	}
	ids := make([]uuid.UUID, len(dead))
	for i, id := range dead {
		ids[i] = uuid.UUID(id)
	}
	b.Queue(`DELETE FROM calls WHERE tenant_id = $1 AND id = ANY($2)`, tenant.UUID(), ids)
	queueNoFacts(b, tenant, ids)
}

func queueNoFacts(b *pgx.Batch, tenant tenants.ID, ids []uuid.UUID) {
	for _, table := range []string{"queue_visits", "attempts", "segments", "transfers", "call_steps"} {
		b.Queue(`DELETE FROM `+table+` WHERE tenant_id = $1 AND call_id = ANY($2)`, tenant.UUID(), ids)
	}
}

// ids turns names into ids within one transaction.
type ids struct {
	t     *tenant
	names *directory.Session
}

func (d ids) pbx(name string) int32 { return d.t.pbxNamed(name).ID }

// one returns the id of a name, NULL for none.
func (d ids) one(kind directory.Kind, pbx, name string) *int32 {
	id := int32(d.names.ID(kind, d.t.pbxNamed(pbx).Station, name))
	if id == 0 {
		return nil
	}
	return &id
}

func (d ids) number(name string) *int64 {
	id := d.names.ID(directory.Number, 0, name)
	if id == 0 {
		return nil
	}
	return &id
}

// list prints distinct ids as an array of PostgreSQL; unnest would flatten arrays of arrays.
func list[T int32 | int64](all []T) string {
	var b strings.Builder
	b.WriteByte('{')
	seen := make(map[T]struct{}, min(len(all), 64))
	for _, id := range all {
		if _, again := seen[id]; id == 0 || again {
			continue
		}
		seen[id] = struct{}{}
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.FormatInt(int64(id), 10))
	}
	b.WriteByte('}')
	return b.String()
}

// story is the call as everybody prints it, in a form jsonb takes: it refuses the character NUL.
func story(c *call.Call) (string, error) {
	raw, err := c.MarshalJSON()
	if err != nil {
		return "", fmt.Errorf("tell call %s: %w", uuid.UUID(c.ID), err)
	}
	s := string(raw)
	if !strings.Contains(s, `\u0000`) {
		return s, nil
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] != '\\':
			b.WriteByte(s[i])
		case strings.HasPrefix(s[i:], `\u0000`):
			b.WriteString(`\ufffd`)
			i += 5
		default: // an escape of two characters, of which the second may be a backslash too
			b.WriteString(s[i : i+2])
			i++
		}
	}
	return b.String(), nil
}

// moment is NULL for the zero time.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func millis(d time.Duration) int32 { return int32(min(max(d.Milliseconds(), 0), math.MaxInt32)) }

type span struct{ from, to time.Time }

// covered is how long at least one of the spans lasted. Spans without an end count as empty.
func covered(spans []span) (total time.Duration) {
	slices.SortFunc(spans, func(a, b span) int { return a.from.Compare(b.from) })
	var until time.Time
	for _, s := range spans {
		if s.from.Before(until) {
			s.from = until
		}
		if s.to.After(s.from) {
			total += s.to.Sub(s.from)
			until = s.to
		}
	}
	return total
}

func waited(c *call.Call) (total time.Duration) {
	for _, q := range c.Queues {
		if q.Left.After(q.Entered) {
			total += q.Left.Sub(q.Entered)
		}
	}
	return total
}

// talked is with the outside party or in a conference, and between the two of an internal call: asking a third back is no
// talk of the call.
func talked(c *call.Call) time.Duration {
	var spans []span
	for _, k := range c.Talks {
		if c.Direction == call.Internal && !k.Consult || k.With == customer || strings.HasPrefix(k.With, "conference:") {
			spans = append(spans, span{k.From, k.To})
		}
	}
	return covered(spans)
}

func held(c *call.Call) time.Duration {
	var spans []span
	for _, h := range c.Holds {
		spans = append(spans, span{h.From, h.To})
	}
	return covered(spans)
}

// knownReason keeps what agents make up out of the labels of metrics.
func knownReason(reason string) string {
	switch reason {
	case "spool-full", "spool-age", "damaged", "cut", "forgotten", "unwritable", ReasonUndecodable, coverage.Disconnected, coverage.Silent:
		return reason
	}
	return "other"
}
