package proof

import (
	"fmt"
	"strings"

	"github.com/callweave/callweave/cloud/report"
)

// workers are functions for what people did.
var workersSQL = []string{
	`CREATE FUNCTION pg_temp.len(int8multirange) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT coalesce(sum(upper(r) - lower(r)), 0)::bigint FROM unnest($1) r'`,
	// did: states cut by whose the device was.
	`CREATE TEMP TABLE did AS SELECT coalesce('person:' || o.person, 'device:' || s.op) AS worker, o.person, s.op, s.kind, s.queue, s.reason,
			greatest(s.f, o.f) AS f, least(coalesce(s.e, {now}), o.e) AS e
		FROM state_ s JOIN owned o ON o.op = s.op AND o.f < coalesce(s.e, {now}) AND o.e > s.f`,
	`CREATE INDEX ON did (worker)`,
	`CREATE TEMP TABLE session_ AS SELECT row_number() OVER () AS rid, NULL::uuid AS call, NULL::integer AS queue, NULL::integer AS op, NULL::integer AS pbx, NULL::bigint AS opat,
			worker, lower(r) AS f, upper(r) AS e, lower(r) AS arrival, lower(r) AS answer, lower(r) AS fin
		FROM (SELECT worker, unnest(range_agg(int8range(f, e))) AS r FROM did WHERE kind = 1 GROUP BY worker) s`,
	`CREATE TEMP TABLE pause_ AS SELECT row_number() OVER () AS rid, NULL::uuid AS call, NULL::integer AS queue, NULL::integer AS op, NULL::integer AS pbx, NULL::bigint AS opat,
			worker, s.reason, lower(r) AS f, upper(r) AS e, lower(r) AS arrival, lower(r) AS answer, lower(r) AS fin,
			coalesce(p.paid, false) AS paid, coalesce(p.work, false) AS work, coalesce(limit_s > 0 AND upper(r) - lower(r) > limit_s * 1000, false) AS over_limit
		FROM (SELECT worker, reason, unnest(range_agg(int8range(f, e))) AS r FROM did WHERE kind = 2 GROUP BY worker, reason) s
		LEFT JOIN pause_reasons p ON p.tenant_id = current_tenant() AND p.reason = s.reason`,
	`CREATE TEMP TABLE wrap_ AS SELECT rid, NULL::uuid AS call, queue, op, pbx, f AS opat, f, coalesce(e, {now}) AS e, f AS arrival, f AS answer, f AS fin FROM state_ WHERE kind = 4`,
	`CREATE TEMP TABLE known_ AS SELECT row_number() OVER () AS rid, NULL::uuid AS call, NULL::integer AS queue, NULL::integer AS op, pbx_id AS pbx, NULL::bigint AS opat,
			pg_temp.ms(first_event) AS f, pg_temp.ms(last_event) AS e, pg_temp.ms(first_event) AS arrival, NULL::bigint AS answer, NULL::bigint AS fin
		FROM cursors WHERE tenant_id = current_tenant()`,
	`CREATE TEMP TABLE gap_ AS SELECT row_number() OVER () AS rid, NULL::uuid AS call, NULL::integer AS queue, NULL::integer AS op, pbx_id AS pbx, NULL::bigint AS opat,
			pg_temp.ms(from_at) AS f, pg_temp.ms(to_at) AS e, pg_temp.ms(from_at) AS arrival, NULL::bigint AS answer, NULL::bigint AS fin, events
		FROM gaps WHERE tenant_id = current_tenant()`,
}

// work is a relation of what each worker did in the period, or in each piece of it that lies in one bucket.
func (o *oracle) work(q report.Query, d report.Definition, by []string) string {
	end := min(q.To, o.now)
	only := "true"
	if d.ID == "adherence" {
		only = "sched <> '{}'"
	}
	sets := []string{
		"logged", "l", "paused", "l * p", "available", "l * (i - b - h - r) - p - w", "contact", "l * (b + h + w)", "busy", "b", "onhold", "h - b", "wrap", "w - b - h",
		"ringing", "r - b - h", "idle", "i - b - h - r", "unreachable", "u - i - b - h - r", "paid", "l - unpaid",
		"scheduled", "sched", "planned", "sched - br", "worked", "l - rest", "adherent", "((l - rest) * (sched - br)) + (br - (l - rest))", "late", "(sched - br) - (l - rest)",
	}
	var columns, names []string
	for i := 0; i < len(sets); i += 2 {
		columns = append(columns, fmt.Sprintf("%s AS %s", sets[i+1], sets[i]))
		names = append(names, fmt.Sprintf("pg_temp.len(%s * cut) AS %[1]s", sets[i]))
	}
	agg := func(where string) string {
		return "coalesce(range_agg(int8range(greatest(f, %[1]d), least(e, %[2]d))) FILTER (WHERE " + where + "), '{}')"
	}
	inner := fmt.Sprintf(`SELECT worker, `+strings.Join([]string{
		agg("kind = 1") + " AS l", agg("kind = 2") + " AS p", agg("kind = 4") + " AS w", agg("kind = 5") + " AS r", agg("kind = 6") + " AS b", agg("kind = 7") + " AS h",
		agg("kind = 8") + " AS i", agg("kind = 9") + " AS u",
		agg("kind = 2 AND NOT coalesce((SELECT paid FROM pause_reasons p WHERE p.tenant_id = current_tenant() AND p.reason = d.reason), false)") + " AS unpaid",
		agg("kind = 2 AND NOT coalesce((SELECT work FROM pause_reasons p WHERE p.tenant_id = current_tenant() AND p.reason = d.reason), false)") + " AS rest",
		agg("kind IN (100, 101)") + " AS sched", agg("kind = 101") + " AS br",
	}, ", ")+` FROM (SELECT worker, kind, reason, f, e FROM did
			UNION ALL SELECT 'person:' || person_id, CASE kind WHEN 'work' THEN 100 ELSE 101 END, '', pg_temp.ms(from_at), pg_temp.ms(to_at) FROM rosters WHERE tenant_id = current_tenant()) d
		WHERE f < %[2]d AND e > %[1]d GROUP BY worker`, q.From, end)
	return fmt.Sprintf(`(SELECT row_number() OVER () AS rid, NULL::uuid AS call, NULL::integer AS queue, NULL::integer AS op, NULL::integer AS pbx, NULL::bigint AS opat, worker, cf AS pf, cf AS pe, cf AS at,
			%[1]s, lower(logged * cut) AS first_in, upper(logged * cut) AS last_out
		FROM (SELECT worker, sched AS has, %[2]s FROM (%[3]s) m WHERE %[4]s) s
		JOIN (WITH %[5]s SELECT cf, int8multirange(int8range(cf, ce)) AS cut FROM cuts) c ON true)`,
		strings.Join(names, ", "), strings.Join(columns, ", "), inner, only, o.cuts(q, by, end, "work_"))
}

// caseRows is a relation of the missed callers of the period: a case begins with a missed call, and ends with a conversation
// or seven days later; later missed calls of the number belong to it.
func (o *oracle) caseRows(q report.Query) string {
	const week = 7 * 86_400_000
	return fmt.Sprintf(`(WITH RECURSIVE m AS (SELECT * FROM call_ WHERE missed AND num <> '' AND s >= %[1]d AND s < %[2]d),
		k AS (
			SELECT DISTINCT ON (num) num, call, s, rid FROM m ORDER BY num, s, rid
		), walk AS (
			SELECT k.num, k.call, k.s, (SELECT c.rid FROM call_ c WHERE c.num = k.num AND c.dir IN (1, 2) AND c.disp = 1 AND c.s >= k.s AND c.s < k.s + %[3]d ORDER BY c.s, c.rid LIMIT 1) AS by FROM k
			UNION ALL
			SELECT n.num, n.call, n.s, (SELECT c.rid FROM call_ c WHERE c.num = n.num AND c.dir IN (1, 2) AND c.disp = 1 AND c.s >= n.s AND c.s < n.s + %[3]d ORDER BY c.s, c.rid LIMIT 1)
			FROM walk w, LATERAL (SELECT * FROM m WHERE m.num = w.num AND m.s > coalesce((SELECT s FROM call_ c WHERE c.rid = w.by), w.s + %[3]d) ORDER BY m.s, m.rid LIMIT 1) n
		), rows AS (
			SELECT row_number() OVER () AS rid, w.num, w.call, w.by, c.pbx, c.s, c.z, t.s AS t_s, t.spoke AS contact, t.dir AS contact_dir,
				(SELECT v.queue FROM visit_ v WHERE v.call = w.call ORDER BY v.f DESC, v.rid DESC LIMIT 1) AS queue,
				(SELECT g.op FROM segment_ g WHERE g.call = t.call AND g.kind = 1 AND g.with_kind IN (1, 3) ORDER BY g.f LIMIT 1) AS talker,
				(SELECT d.op FROM dial_ d WHERE d.call = t.call) AS dialer
			FROM walk w JOIN call_ c ON c.call = w.call LEFT JOIN call_ t ON t.rid = w.by
		)
		SELECT r.rid, r.call, r.queue, coalesce(talker, dialer) AS op, r.pbx, contact AS opat, r.s AS arrival, r.s AS answer, r.z AS fin, r.s AS f, r.z AS e, contact, contact_dir,
			CASE WHEN contact IS NOT NULL THEN greatest(contact - r.z, 0) END AS recall, p.cb,
			CASE WHEN contact IS NOT NULL THEN 'closed' WHEN r.z + p.cb * 1000 < %[4]d THEN 'expired' ELSE 'open' END AS state,
			(SELECT count(*) FROM call_ x WHERE x.num = r.num AND x.missed AND x.s >= r.s AND x.s < coalesce(r.t_s, r.s + %[3]d)) AS tries,
			(SELECT max(s) FROM call_ x WHERE x.num = r.num AND x.missed AND x.s >= r.s AND x.s < coalesce(r.t_s, r.s + %[3]d)) AS last
		FROM rows r, LATERAL (SELECT cb FROM (
			SELECT call_back_s AS cb, queue_id IS NOT NULL AS own, coalesce(pg_temp.ms(valid_from), -1) AS since FROM policies p
				WHERE p.tenant_id = current_tenant() AND (p.queue_id = r.queue OR p.queue_id IS NULL) AND coalesce(pg_temp.ms(valid_from), -1) <= r.s
			UNION ALL SELECT 3600, false, -2) o ORDER BY own DESC, since DESC LIMIT 1) p)`, q.From, q.To, week, o.now)
}
