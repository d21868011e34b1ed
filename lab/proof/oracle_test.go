package proof

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/report"
)

// oracle computes tables in SQL.
type oracle struct {
	tx   pgx.Tx
	zone string // the tenant's
	now  int64
}

// totals is the key of what is over all rows.
const totals = "Σ"

// answer is a table: by key, dimensions joined by tabs, and column.
type answer map[string]map[string]float64

// steps of the distributions where the query says nothing, and where a formula looks how far ahead.
var windows = map[string]int{"repeats": 7, "retries": 1}

func (o *oracle) table(t *testing.T, q report.Query, d report.Definition, columns []string) answer {
	t.Helper()
	a := answer{totals: {}}
	type way struct {
		from   string
		sliced bool
	}
	plain := map[way][]string{}
	var want func(id string)
	want = func(id string) {
		f, ok := formulas[id]
		switch {
		case !ok:
		case f.how != "" && f.how != "lines":
			for _, of := range f.of {
				want(of)
			}
		case f.how == "lines":
			o.lines(t, a, q, d, id)
		case f.peak:
			o.peak(t, a, q, d, id, f)
		case !slices.Contains(plain[way{f.from, f.sliced}], id):
			plain[way{f.from, f.sliced}] = append(plain[way{f.from, f.sliced}], id)
		}
	}
	for _, id := range columns {
		want(id)
	}
	for w, ids := range plain {
		o.figures(t, a, q, d, w.from, w.sliced, ids)
	}
	for _, id := range columns {
		if f := formulas[id]; f.how == "length" {
			by := d.By
			if q.By != nil {
				by = q.By
			}
			for k, ms := range o.lengths(t, q, by, slices.Collect(maps.Keys(a))) {
				a[k][id] = a[k][f.of[0]] / ms
			}
			continue
		}
		a.derive(id, formulas[id])
	}
	return a
}

// derive works out quotients and shares of figures that are there.
func (a answer) derive(id string, f formula) {
	var keys []string
	for k := range a {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, byStep)
	sum := map[string]float64{}
	for _, k := range keys {
		v := a[k]
		switch f.how {
		case "quotient":
			v[id] = v[f.of[0]] / v[f.of[1]]
		case "difference":
			v[id] = v[f.of[0]] - v[f.of[1]]
		case "rest":
			v[id] = 1 - v[f.of[0]]/v[f.of[1]]
		case "share":
			v[id] = v[f.of[0]] / a[totals][f.of[0]]
		case "running":
			head, _ := cutLast(k)
			if k != totals {
				sum[head] += v[f.of[0]]
				v[id] = sum[head] / a[totals][f.of[0]]
			} else {
				v[id] = 1
				if a[totals][f.of[0]] == 0 {
					v[id] = math.NaN()
				}
			}
		}
		if f.how != "" && math.IsInf(v[id], 0) {
			v[id] = math.NaN()
		}
	}
}

func cutLast(k string) (head, last string) {
	if i := strings.LastIndex(k, "\t"); i >= 0 {
		return k[:i], k[i+1:]
	}
	return "", k
}

// byStep orders keys of distributions: 0, the last step, has no end.
func byStep(x, y string) int {
	_, a := cutLast(x)
	_, b := cutLast(y)
	m, _ := strconv.Atoi(a)
	n, _ := strconv.Atoi(b)
	if m == 0 {
		m = math.MaxInt
	}
	if n == 0 {
		n = math.MaxInt
	}
	return m - n
}

// figures computes several figures over the same rows with one query.
func (o *oracle) figures(t *testing.T, a answer, q report.Query, d report.Definition, from string, sliced bool, ids []string) {
	t.Helper()
	list := make([]string, len(ids))
	for i, id := range ids {
		list[i] = "(" + formulas[id].sql + ")::float8"
	}
	sql := fmt.Sprintf(`WITH %s SELECT k, %[2]s FROM placed x GROUP BY k UNION ALL SELECT NULL, %[2]s FROM (SELECT DISTINCT ON (rid, pf) * FROM placed ORDER BY rid, pf) x`,
		o.placed(q, d, from, sliced), strings.Join(list, ", "))
	o.collect(t, a, q, sql, ids)
}

func (o *oracle) collect(t *testing.T, a answer, q report.Query, sql string, ids []string) {
	t.Helper()
	window := q.Days
	if window == 0 {
		window = windows[q.Report]
	}
	if window == 0 {
		window = 7
	}
	sql = strings.NewReplacer("{days}", strconv.Itoa(window), "{now}", strconv.FormatInt(o.now, 10)).Replace(sql)
	rows, err := o.tx.Query(context.Background(), sql)
	if err != nil {
		t.Fatalf("%v\n%s", err, sql)
	}
	defer rows.Close()
	for rows.Next() {
		v, err := rows.Values()
		if err != nil {
			t.Fatal(err)
		}
		key := totals
		if k, ok := v[0].(string); ok {
			key = k
		}
		if a[key] == nil {
			a[key] = map[string]float64{}
		}
		for i, id := range ids {
			a[key][id] = math.NaN()
			if x, ok := v[i+1].(float64); ok {
				a[key][id] = x
			}
		}
	}
	if rows.Err() != nil {
		t.Fatalf("%v\n%s", rows.Err(), sql)
	}
}

// peak is the most pieces of a group at once: at its beginning each piece comes after those that end then.
func (o *oracle) peak(t *testing.T, a answer, q report.Query, d report.Definition, id string, f formula) {
	t.Helper()
	sql := fmt.Sprintf(`WITH %s, ends AS (SELECT k, pf AS at, 1 AS step FROM placed WHERE pe > pf UNION ALL SELECT k, pe, -1 FROM placed WHERE pe > pf
			UNION ALL SELECT NULL, pf, 1 FROM (SELECT DISTINCT ON (rid, pf) * FROM placed WHERE pe > pf) y UNION ALL SELECT NULL, pe, -1 FROM (SELECT DISTINCT ON (rid, pf) * FROM placed WHERE pe > pf) y)
		SELECT k, max(n)::float8 FROM (SELECT k, sum(step) OVER (PARTITION BY k ORDER BY at, step) AS n FROM ends) e GROUP BY k`, o.placed(q, d, f.from, true))
	o.collect(t, a, q, sql, []string{id})
}

// placed is the common table expression "placed": rows of one kind, or their pieces, each with the key of a group.
func (o *oracle) placed(q report.Query, d report.Definition, from string, sliced bool) string {
	at := "x.arrival"
	switch q.Count {
	case report.CountAnswer:
		at = "x.answer"
	case report.CountEnd:
		at = "x.fin"
	}
	where := o.filter(q, d, from)
	by := d.By
	if q.By != nil {
		by = q.By
	}
	relation := from
	if from == "case_" {
		relation = o.caseRows(q)
	}
	var b strings.Builder
	switch {
	case from == "work_":
		fmt.Fprintf(&b, "chosen AS (SELECT x.* FROM %s x)", o.work(q, d, by))
	case !sliced:
		fmt.Fprintf(&b, "chosen AS (SELECT x.*, %s AS pf, %[1]s AS pe, %[1]s AS at FROM %[2]s x WHERE %[1]s >= %[3]d AND %[1]s < %[4]d AND %[5]s)", at, relation, q.From, q.To, where)
	default:
		end := fmt.Sprintf("coalesce(x.e, %d)", o.now)
		fmt.Fprintf(&b, `%[1]s,
			pieces AS (SELECT x.*, greatest(x.f, cf) AS pf, least(%[4]s, ce) AS pe FROM %[5]s x JOIN cuts ON x.f < ce AND %[4]s > cf AND x.f < %[2]d AND %[4]s > %[3]d WHERE %[6]s)`,
			o.cuts(q, by, q.To, from), q.To, q.From, end, from, where)
		if slices.Contains(by, report.ByOperator) && !contains([]string{"pause_", "call_", "known_", "gap_"}, from) {
			b.WriteString(`, chosen AS (SELECT x.rid, x.call, x.queue, x.op, x.pbx, x.f, x.e, greatest(x.pf, w.f) AS pf, least(x.pe, w.e) AS pe, greatest(x.pf, w.f) AS at, greatest(x.pf, w.f) AS opat` + extra[from] + `
				FROM pieces x JOIN owned w ON w.op = x.op AND w.f < x.pe AND w.e > x.pf)`)
		} else {
			b.WriteString(`, chosen AS (SELECT x.*, x.pf AS at FROM pieces x)`)
		}
	}
	keys := "''"
	var joins []string
	for i, dim := range by {
		joins = append(joins, fmt.Sprintf("CROSS JOIN LATERAL (%s) d%d (k)", o.dimension(q, dim, from), i))
		if i == 0 {
			keys = "d0.k"
		} else {
			keys += " || E'\\t' || d1.k"
		}
	}
	if len(by) == 0 {
		keys = "'all'"
	}
	fmt.Fprintf(&b, ", placed AS (SELECT x.*, %s AS k FROM chosen x %s)", keys, strings.Join(joins, " "))
	return b.String()
}

// cuts is the common table expression "cuts": the period in pieces of one bucket each, as far as the dimensions tell them apart.
func (o *oracle) cuts(q report.Query, by []string, to int64, from string) string {
	if !timed(by) {
		return fmt.Sprintf("cuts AS (SELECT %d::bigint AS cf, %d::bigint AS ce)", q.From, to)
	}
	step := int64(3_600_000)
	if slices.Contains(by, report.ByInterval) {
		step = int64(o.interval(q)) * 60_000
	}
	hours := fmt.Sprintf("SELECT c AS cf, least(c + %[1]d, %[2]d) AS ce FROM generate_series(%[3]d::bigint, %[2]d::bigint - 1, %[1]d) c", step, to, q.From)
	if q.Zone == report.ZoneQueue || slices.Contains(by, report.ByHour) || slices.Contains(by, report.ByInterval) {
		return "cuts AS (" + hours + ")"
	}
	return fmt.Sprintf("cuts AS (SELECT min(cf) AS cf, max(ce) AS ce FROM (%s) c GROUP BY date_trunc('day', to_timestamp(cf / 1000.0) AT TIME ZONE %s))", hours, o.zoneOf(q, from))
}

// extra are the columns of a kind that its sliced figures look at.
var extra = map[string]string{"segment_": ", x.kind, x.with_kind"}

func timed(by []string) bool {
	return slices.ContainsFunc(by, func(d string) bool {
		return slices.Contains([]string{report.ByInterval, report.ByHour, report.ByDay, report.ByWeekday, report.ByWeek, report.ByMonth}, d)
	})
}

func (o *oracle) interval(q report.Query) int {
	if q.Interval != 0 {
		return q.Interval
	}
	if q.Report == "intervals" || q.Report == "service_level" || q.Report == "trunks" {
		return 30
	}
	return 60
}

// firstQueue is the queue of a call: the first it was in.
const firstQueue = "(SELECT v.queue FROM visit_ v WHERE v.call = x.call ORDER BY v.f, v.rid LIMIT 1)"

// zoneOf is the SQL of a row's zone.
func (o *oracle) zoneOf(q report.Query, from string) string {
	switch {
	case q.Zone == "":
		return quote(o.zone)
	case q.Zone != report.ZoneQueue:
		return quote(q.Zone)
	}
	queue := "x.queue"
	switch from {
	case "call_", "dial_", "transfer_":
		queue = firstQueue
	}
	return "coalesce((SELECT nullif(s.zone, '') FROM queue_settings s WHERE s.tenant_id = current_tenant() AND s.queue_id = " + queue + "), " + quote(o.zone) + ")"
}

func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// dimension is a query of the keys of a row x.
func (o *oracle) dimension(q report.Query, dim, from string) string {
	local := fmt.Sprintf("(to_timestamp(x.at / 1000.0) AT TIME ZONE %s)", o.zoneOf(q, from))
	moment := func(ts string) string {
		if q.Zone == report.ZoneQueue {
			return "SELECT pg_temp.ms(" + ts + " AT TIME ZONE 'UTC')::text"
		}
		return "SELECT pg_temp.ms(" + ts + " AT TIME ZONE " + o.zoneOf(q, from) + ")::text"
	}
	ofCall := func(column string) string { return "SELECT c." + column + "::text FROM call_ c WHERE c.call = x.call" }
	switch dim {
	case report.ByHour:
		return "SELECT extract(hour FROM " + local + ")::integer::text"
	case report.ByWeekday:
		return "SELECT extract(isodow FROM " + local + ")::integer::text"
	case report.ByDay, report.ByWeek, report.ByMonth:
		return moment("date_trunc('" + dim + "', " + local + ")")
	case report.ByInterval:
		if q.Zone == report.ZoneQueue {
			return moment(fmt.Sprintf("date_bin('%d minutes', %s, '2000-01-01')", o.interval(q), local))
		}
		return fmt.Sprintf("SELECT (x.at / %[1]d * %[1]d)::text", o.interval(q)*60_000) // all zones of the month are whole hours from UTC
	case report.ByQueue:
		switch from {
		case "call_", "transfer_":
			return "SELECT DISTINCT v.queue::text FROM visit_ v WHERE v.call = x.call"
		}
		return "SELECT x.queue::text WHERE x.queue IS NOT NULL"
	case report.ByOperator:
		switch from {
		case "call_":
			return "SELECT DISTINCT pg_temp.who(p.op, p.opat) FROM part_ p WHERE p.call = x.call"
		case "work_", "session_", "pause_", "wrapw_":
			return "SELECT x.worker WHERE x.worker IS NOT NULL"
		}
		return "SELECT pg_temp.who(x.op, x.opat) WHERE x.op IS NOT NULL"
	case report.ByGroup:
		return o.group(from)
	case report.ByPBX:
		return "SELECT x.pbx::text WHERE x.pbx IS NOT NULL"
	case report.ByStation:
		return "SELECT p.station_id::text FROM pbxs p WHERE p.tenant_id = current_tenant() AND p.id = x.pbx"
	case report.ByDID:
		return "SELECT c.dialled FROM call_ c WHERE c.call = x.call AND c.dir = 1"
	case report.ByNumber:
		return "SELECT c.num FROM call_ c WHERE c.call = x.call AND c.num <> ''"
	case report.ByPrefix:
		return "SELECT coalesce(a.area, '') FROM call_ c JOIN area_ a ON a.num = c.num WHERE c.call = x.call"
	case report.ByTrunk:
		return ofCall("trunk") + " AND c.trunk IS NOT NULL"
	case report.ByDisposition:
		return ofCall("disp")
	case report.ByDirection:
		return ofCall("dir")
	case report.ByIVR:
		return ofCall("path")
	case report.ByTag:
		return "SELECT t.tag::text FROM tag_ t WHERE t.call = x.call UNION ALL SELECT '0' WHERE NOT EXISTS (SELECT FROM tag_ t WHERE t.call = x.call)"
	case report.ByResult:
		return "SELECT x.result::text"
	case report.ByReason:
		return "SELECT x.reason"
	case report.ByKind:
		return "SELECT x.kind::text"
	case report.ByTo:
		return "SELECT coalesce('queue:' || x.to_queue, pg_temp.who(x.to_op, x.at), 'number:' || x.to_number)"
	case report.ByStep:
		steps := q.Steps
		if steps == nil {
			steps = []int{5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300}
			if q.Report == "lost_waits" {
				steps = []int{5, 10, 15, 20, 25, 30, 40, 50, 60, 75, 90, 120, 150, 180, 240, 300, 600}
			}
		}
		return fmt.Sprintf("SELECT coalesce(min(s), 0)::text FROM unnest(ARRAY[%s]) s WHERE x.wait <= s * 1000 HAVING x.e IS NOT NULL", strings.Trim(strings.Join(strings.Fields(fmt.Sprint(steps)), ","), "[]"))
	case report.ByCall, report.ByCase:
		return "SELECT x.call::text"
	}
	panic(dim)
}

func (o *oracle) group(from string) string {
	member := `EXISTS (SELECT FROM group_members m WHERE m.tenant_id = g.tenant_id AND m.group_id = g.id AND %s)`
	is := "(m.queue_id = x.queue OR m.operator_id = x.op OR m.person_id = pg_temp.person_at(x.op, x.opat))"
	switch from {
	case "call_":
		is = `(m.queue_id IN (SELECT v.queue FROM visit_ v WHERE v.call = x.call)
			OR EXISTS (SELECT FROM part_ p WHERE p.call = x.call AND (m.operator_id = p.op OR m.person_id = pg_temp.person_at(p.op, p.opat))))`
	case "transfer_", "dial_":
		is = "(m.queue_id IN (SELECT v.queue FROM visit_ v WHERE v.call = x.call) OR m.operator_id = x.op OR m.person_id = pg_temp.person_at(x.op, x.opat))"
	case "work_", "session_", "pause_":
		is = "false"
	}
	return "SELECT g.id::text FROM groups g WHERE g.tenant_id = current_tenant() AND " + fmt.Sprintf(member, is)
}

// lengths is how long the buckets of each key are, up to now: all of the period where no dimension is one of time.
func (o *oracle) lengths(t *testing.T, q report.Query, by []string, keys []string) map[string]float64 {
	t.Helper()
	var parts []string
	for _, dim := range by {
		if timed([]string{dim}) {
			parts = append(parts, "("+o.dimension(q, dim, "work_")+")")
		} else {
			parts = append(parts, "''")
		}
	}
	of := map[string]float64{}
	end := min(q.To, o.now)
	if len(parts) > 0 {
		sql := fmt.Sprintf("WITH %s SELECT concat_ws(E'\\t', %s), sum(ce - cf)::float8 FROM (SELECT cf AS at, cf, ce FROM cuts) x GROUP BY 1", o.cuts(q, by, end, "work_"), strings.Join(parts, ", "))
		rows, err := o.tx.Query(context.Background(), sql)
		if err != nil {
			t.Fatal(err)
		}
		var k string
		var ms float64
		if _, err := pgx.ForEachRow(rows, []any{&k, &ms}, func() error { of[k] = ms; return nil }); err != nil {
			t.Fatal(err)
		}
	}
	lengths := map[string]float64{}
	for _, k := range keys {
		words := strings.Split(k, "\t")
		for i, dim := range by {
			if i < len(words) && !timed([]string{dim}) {
				words[i] = ""
			}
		}
		lengths[k] = of[strings.Join(words, "\t")]
		if k == totals || len(by) == 0 {
			lengths[k] = float64(end - q.From)
		}
	}
	return lengths
}

// lines are those of the trunks of a group; at other times a trunk has as many.
func (o *oracle) lines(t *testing.T, a answer, q report.Query, d report.Definition, id string) {
	t.Helper()
	by := d.By
	if q.By != nil {
		by = q.By
	}
	place := "''"
	for i, dim := range by {
		if !timed([]string{dim}) {
			place += fmt.Sprintf(" || '/' || split_part(k, E'\\t', %d)", i+1)
		}
	}
	const lines = "(SELECT CASE WHEN bool_and(coalesce(s.lines, 0) > 0) THEN sum(s.lines) END::float8 FROM (SELECT DISTINCT p.trunk FROM placed p WHERE %s AND p.trunk IS NOT NULL) u LEFT JOIN trunk_settings s ON s.tenant_id = current_tenant() AND s.trunk_id = u.trunk)"
	sql := fmt.Sprintf("WITH %s, placed AS (SELECT trunk, k, %s AS place FROM rows_) SELECT g.k, "+fmt.Sprintf(lines, "p.place = g.place")+" FROM (SELECT DISTINCT k, place FROM placed) g UNION ALL SELECT NULL, "+fmt.Sprintf(lines, "true"),
		strings.Replace(o.placed(q, d, "call_", false), ", placed AS", ", rows_ AS", 1), place)
	o.collect(t, a, q, sql, []string{id})
}
