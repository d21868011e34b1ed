package assemble

import (
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/cloud/directory"
)

// Whom a talk is with, as stored.
const (
	withCustomer   int16 = 1
	withInternal   int16 = 2
	withConference int16 = 3
	withConsult    int16 = 4
)

func withWhom(k *call.Talk) int16 {
	switch {
	case k.With == customer:
		return withCustomer
	case strings.HasPrefix(k.With, "conference:"):
		return withConference
	case k.Consult:
		return withConsult
	}
	return withInternal
}

// Kinds of transfers, as stored.
const (
	transferBlind    int16 = 1
	transferAttended int16 = 2
)

type transferRows struct {
	factKey
	kind, result                    []int16
	at                              []time.Time
	by, to                          []string
	byOperator, toOperator, toQueue []*int32
	cross                           []bool
}

// add takes numbers for what had a part in the call: what else there is of the same name does not matter, and a name that
// nobody answered to is none of the directory's.
func (r *transferRows) add(d ids, c *call.Call) {
	if len(c.Transfers) == 0 {
		return
	}
	operators, queues := operatorsOf(c), queuesOf(c)
	known := func(list []Place, kind directory.Kind, pbx, name string) *int32 {
		station := d.t.pbxNamed(pbx).Station
		if name == "" || !slices.ContainsFunc(list, func(p Place) bool { return p.Name == name && d.t.pbxNamed(p.PBX).Station == station }) {
			return nil
		}
		return d.one(kind, pbx, name)
	}
	for n := range c.Transfers {
		x := &c.Transfers[n]
		r.factKey.add(c, n, d.pbx(x.PBX))
		kind := transferBlind
		if x.Kind == "attended" {
			kind = transferAttended
		}
		r.kind, r.result, r.at = append(r.kind, kind), append(r.result, int16(x.Result)), append(r.at, x.At)
		r.by, r.to = append(r.by, directory.Clean(x.By)), append(r.to, directory.Clean(x.To))
		r.byOperator = append(r.byOperator, known(operators, directory.Operator, x.PBX, x.By))
		r.toOperator = append(r.toOperator, known(operators, directory.Operator, x.PBX, x.To))
		r.toQueue = append(r.toQueue, known(queues, directory.Queue, x.PBX, x.To))
		r.cross = append(r.cross, crossed(c, x))
	}
}

// crossed tells whether a transfer took the call to another PBX: it left afterwards, or had left to whom it was handed to.
func crossed(c *call.Call, x *call.Transfer) bool {
	for i := range c.Links {
		l := &c.Links[i]
		if l.From != x.PBX {
			continue
		}
		if !l.At.Before(x.At) || slices.ContainsFunc(c.Legs, func(g call.Leg) bool { return g.Number == x.To && g.PBX == l.To }) {
			return true
		}
	}
	return false
}

func (r *transferRows) queue(b *pgx.Batch) {
	if len(r.call) == 0 {
		return
	}
	b.Queue(`INSERT INTO transfers (tenant_id, call_id, n, pbx_id, kind, at, by_number, to_number, by_operator_id, to_operator_id, to_queue_id, result, cross_pbx)
		SELECT current_tenant(), * FROM unnest($1::uuid[], $2::integer[], $3::integer[], $4::smallint[], $5::timestamptz[], $6::text[], $7::text[], $8::integer[], $9::integer[],
			$10::integer[], $11::smallint[], $12::boolean[])
		ON CONFLICT (tenant_id, call_id, n) DO UPDATE SET pbx_id = excluded.pbx_id, kind = excluded.kind, at = excluded.at, by_number = excluded.by_number,
			to_number = excluded.to_number, by_operator_id = excluded.by_operator_id, to_operator_id = excluded.to_operator_id, to_queue_id = excluded.to_queue_id,
			result = excluded.result, cross_pbx = excluded.cross_pbx`,
		r.call, r.n, r.pbx, r.kind, r.at, r.by, r.to, r.byOperator, r.toOperator, r.toQueue, r.result, r.cross)
}

type stepRows struct {
	factKey
	application, data []string
	from              []time.Time
	to                []*time.Time
}

func (r *stepRows) add(d ids, c *call.Call) {
	for n := range c.IVR {
		s := &c.IVR[n]
		r.factKey.add(c, n, d.pbx(s.PBX))
		r.application, r.data = append(r.application, directory.Clean(s.Application)), append(r.data, directory.Clean(s.Data))
		r.from, r.to = append(r.from, s.From), append(r.to, moment(s.To))
	}
}

func (r *stepRows) queue(b *pgx.Batch) {
	if len(r.call) == 0 {
		return
	}
	b.Queue(`INSERT INTO call_steps (tenant_id, call_id, n, pbx_id, application, data, from_at, to_at)
		SELECT current_tenant(), * FROM unnest($1::uuid[], $2::integer[], $3::integer[], $4::text[], $5::text[], $6::timestamptz[], $7::timestamptz[])
		ON CONFLICT (tenant_id, call_id, n) DO UPDATE SET pbx_id = excluded.pbx_id, application = excluded.application, data = excluded.data,
			from_at = excluded.from_at, to_at = excluded.to_at`,
		r.call, r.n, r.pbx, r.application, r.data, r.from, r.to)
}
