package proof

import "fmt"

// rowsSQL makes the rows figures are over, one temporary table a kind. All have: rid, call, queue, op, pbx, the moment their
// operator took part (opat), when they count (arrival, answer, fin) and from when to when they lasted (f, e); moments in ms,
// NULL is never.
var rowsSQL = []string{
	`CREATE FUNCTION pg_temp.ms(timestamptz) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT floor(extract(epoch FROM $1) * 1000)::bigint'`,
	`CREATE TEMP TABLE binding AS SELECT operator_id AS op, person_id AS person, pg_temp.ms(valid_from) AS f, pg_temp.ms(valid_to) AS e FROM bindings WHERE tenant_id = current_tenant()`,
	`CREATE FUNCTION pg_temp.person_at(o integer, t bigint) RETURNS integer LANGUAGE sql STABLE AS
		'SELECT person FROM binding WHERE op = o AND f <= t AND (e IS NULL OR e > t)'`,
	`CREATE FUNCTION pg_temp.who(o integer, t bigint) RETURNS text LANGUAGE sql STABLE AS
		$$SELECT CASE WHEN o IS NOT NULL THEN coalesce('person:' || pg_temp.person_at(o, t), 'device:' || o) END$$`,
	// owned: whose each device is, without a gap in time.
	`CREATE TEMP TABLE owned AS
		WITH edges AS (SELECT id AS op, -1::bigint AS t FROM operators WHERE tenant_id = current_tenant() UNION SELECT op, f FROM binding UNION SELECT op, e FROM binding WHERE e IS NOT NULL)
		SELECT op, t AS f, coalesce(lead(t) OVER (PARTITION BY op ORDER BY t), 9000000000000000) AS e, pg_temp.person_at(op, t) AS person FROM edges`,
	`CREATE TEMP TABLE calls_ AS SELECT row_number() OVER (ORDER BY started, id) AS rid, id AS call, pg_temp.ms(started) AS s, pg_temp.ms(answered) AS a, pg_temp.ms(ended) AS z,
			direction AS dir, disposition AS disp, hangup_by AS hang, open, partial, imported <> 0 AS imported, recorded, cardinality(pbx_ids) > 1 AS hops, caller, dialled,
			(SELECT n.number FROM numbers n WHERE n.tenant_id = c.tenant_id AND n.id = c.number_id) AS num, pbx_ids[1] AS pbx, trunk_id AS trunk, wait_ms AS wait, talk_ms AS talk, hold_ms AS hold,
			ring_count AS rings, transfer_count AS transfers, NULL::integer AS queue, NULL::integer AS op, NULL::bigint AS opat
		FROM calls c WHERE tenant_id = current_tenant()`,
	`ALTER TABLE calls_ ADD PRIMARY KEY (call)`,
	`CREATE INDEX ON calls_ (num, s)`,
	`ANALYZE calls_`,
	`CREATE TEMP TABLE visit_ AS SELECT row_number() OVER (ORDER BY entered, call_id, n) AS rid, v.call_id AS call, queue_id AS queue, operator_id AS op, pbx_id AS pbx, pg_temp.ms(left_at) AS opat,
			pg_temp.ms(entered) AS arrival, pg_temp.ms(left_at) AS answer, c.z AS fin, pg_temp.ms(entered) AS f, pg_temp.ms(left_at) AS e, result, position AS pos, estimated,
			pg_temp.ms(left_at) - pg_temp.ms(entered) AS wait
		FROM queue_visits v JOIN calls_ c ON c.call = v.call_id WHERE v.tenant_id = current_tenant()`,
	`CREATE INDEX ON visit_ (call)`,
	`CREATE INDEX ON visit_ (op, queue, answer)`,
	`CREATE TEMP TABLE ring_ AS SELECT row_number() OVER () AS rid, a.call_id AS call, queue_id AS queue, operator_id AS op, pbx_id AS pbx, pg_temp.ms(rang) AS opat, pg_temp.ms(rang) AS arrival,
			pg_temp.ms(a.ended) AS answer, pg_temp.ms(a.ended) AS fin, pg_temp.ms(rang) AS f, pg_temp.ms(a.ended) AS e, result
		FROM attempts a WHERE tenant_id = current_tenant()`,
	`CREATE INDEX ON ring_ (call)`,
	`CREATE TEMP TABLE segment_ AS SELECT row_number() OVER () AS rid, call_id AS call, queue_id AS queue, operator_id AS op, pbx_id AS pbx, pg_temp.ms(from_at) AS opat, pg_temp.ms(from_at) AS arrival,
			pg_temp.ms(from_at) AS answer, pg_temp.ms(to_at) AS fin, pg_temp.ms(from_at) AS f, pg_temp.ms(to_at) AS e, kind, with_kind
		FROM segments WHERE tenant_id = current_tenant()`,
	`CREATE INDEX ON segment_ (call)`,
	// A hold is time of the queue its operator last spoke for.
	`UPDATE segment_ h SET queue = (SELECT s.queue FROM segment_ s WHERE s.call = h.call AND s.kind = 1 AND s.with_kind IN (1, 3) AND s.op = h.op AND s.f <= h.f ORDER BY s.f DESC LIMIT 1)
		WHERE h.kind = 2`,
	`CREATE TEMP TABLE transfer_ AS SELECT row_number() OVER () AS rid, call_id AS call, NULL::integer AS queue, by_operator_id AS op, pbx_id AS pbx, pg_temp.ms(at) AS opat, pg_temp.ms(at) AS arrival,
			pg_temp.ms(at) AS answer, pg_temp.ms(at) AS fin, pg_temp.ms(at) AS f, pg_temp.ms(at) AS e, kind, result, to_number, to_operator_id AS to_op, to_queue_id AS to_queue, cross_pbx
		FROM transfers WHERE tenant_id = current_tenant()`,
	`CREATE TEMP TABLE step_ AS SELECT call_id AS call, n, application, data, pg_temp.ms(from_at) AS f, pg_temp.ms(to_at) AS e FROM call_steps WHERE tenant_id = current_tenant()`,
	`CREATE INDEX ON step_ (call)`,
	`CREATE TEMP TABLE tag_ AS SELECT call_id AS call, tag_id AS tag FROM call_tags WHERE tenant_id = current_tenant()`,
	`CREATE INDEX ON tag_ (call)`,
	`CREATE TEMP TABLE state_ AS SELECT row_number() OVER () AS rid, operator_id AS op, queue_id AS queue, pbx_id AS pbx, pg_temp.ms(from_at) AS f, pg_temp.ms(to_at) AS e, kind, reason
		FROM operator_states WHERE tenant_id = current_tenant()`,
	`CREATE INDEX ON state_ (op, kind, f)`,
	// The talk, hold and wrap-up of answered stays.
	`ALTER TABLE visit_ ADD talk bigint DEFAULT 0, ADD held bigint DEFAULT 0, ADD wrap bigint DEFAULT 0`,
	`UPDATE visit_ v SET talk = x.talk, held = x.held FROM (
		SELECT rid, coalesce(sum(e - f) FILTER (WHERE kind = 1), 0) AS talk, coalesce(sum(e - f) FILTER (WHERE kind = 2), 0) AS held FROM (
			SELECT s.kind, s.f, s.e, coalesce(
				(SELECT rid FROM visit_ v WHERE v.call = s.call AND v.queue = s.queue AND v.result = 1 AND v.answer <= s.f + 2000 ORDER BY v.answer DESC LIMIT 1),
				(SELECT rid FROM visit_ v WHERE v.call = s.call AND v.queue = s.queue AND v.result = 1 ORDER BY v.answer LIMIT 1)) AS rid
			FROM segment_ s WHERE s.queue IS NOT NULL AND (s.kind = 2 OR s.with_kind IN (1, 3))) y WHERE rid IS NOT NULL GROUP BY rid) x WHERE x.rid = v.rid`,
	`UPDATE visit_ v SET wrap = x.wrap FROM (
		SELECT (SELECT rid FROM visit_ v WHERE v.op = s.op AND v.queue = s.queue AND v.result = 1 AND v.answer <= s.f ORDER BY v.answer DESC LIMIT 1) AS rid, sum(coalesce(e, {now}) - f) AS wrap
		FROM state_ s WHERE kind = 4 AND queue IS NOT NULL GROUP BY 1) x WHERE x.rid = v.rid`,
	// Menu paths.
	`CREATE TEMP TABLE path_ AS SELECT call, string_agg(data, '-' ORDER BY f, n) AS path FROM step_ WHERE application = 'Digit' GROUP BY call`,
	`ALTER TABLE path_ ADD PRIMARY KEY (call)`,
	// Calls that devices began.
	`CREATE TEMP TABLE call_ AS SELECT c.*, s AS arrival, coalesce(a, z) AS answer, z AS fin, s AS f, z AS e FROM calls_ c`,
	`CREATE INDEX ON call_ (call)`,
	`CREATE TEMP TABLE dial_ AS SELECT c.rid, c.call, NULL::integer AS queue, o.id AS op, c.pbx, c.s AS opat, c.s AS arrival, c.answer, c.fin, c.f, c.e,
			(SELECT min(g.f) FROM segment_ g WHERE g.call = c.call AND g.kind = 1 AND (c.dir = 3 OR g.with_kind IN (1, 3))) AS spoke
		FROM call_ c JOIN pbxs p ON p.id = c.pbx AND p.tenant_id = current_tenant() LEFT JOIN operators o ON o.tenant_id = p.tenant_id AND o.station_id = p.station_id AND o.number = c.caller
		WHERE c.dir IN (2, 3)`,
	`CREATE INDEX ON dial_ (call)`,
	// Who took part in a call.
	`CREATE TEMP TABLE part_ AS SELECT DISTINCT call, op, opat FROM segment_ WHERE kind = 1 AND op IS NOT NULL UNION SELECT call, op, opat FROM dial_ WHERE op IS NOT NULL`,
	`CREATE INDEX ON part_ (call)`,
	`ALTER TABLE call_ ADD missed boolean, ADD spoke bigint, ADD path text, ADD steps bigint, ADD step_ms bigint`,
	`UPDATE call_ c SET missed = dir = 1 AND z IS NOT NULL AND disp NOT IN (0, 1), path = coalesce((SELECT path FROM path_ p WHERE p.call = c.call), ''),
		steps = (SELECT count(*) FROM step_ t WHERE t.call = c.call), step_ms = (SELECT max(coalesce(e, f)) - min(f) FROM step_ t WHERE t.call = c.call),
		spoke = CASE WHEN disp = 1 THEN coalesce((SELECT min(f) FROM segment_ g WHERE g.call = c.call AND g.kind = 1 AND g.with_kind IN (1, 3)), a) END`,
	`CREATE INDEX ON call_ (num, s)`,
	`ANALYZE call_`,
	// What the number of a call did within so many days: when it called again, and whether it was spoken with.
	follows(1), follows(3), follows(7),
	`CREATE TEMP TABLE area_ AS SELECT num, (SELECT name FROM number_prefixes p WHERE p.tenant_id = current_tenant() AND starts_with(n.num, p.prefix) ORDER BY length(prefix) DESC LIMIT 1) AS area
		FROM (SELECT DISTINCT num FROM calls_ WHERE num <> '') n`,
	`CREATE INDEX ON area_ (num)`,
	`ANALYZE`,
}

// policySQL puts the policy that was in force when it came beside each stay; {…} of a policy asked for instead.
const policySQL = `CREATE TEMP TABLE judged_ AS SELECT v.*, p.t, p.s, p.variant, p.ign, p.cb, v.result = 1 AS ans, v.result = 2 AND NOT (p.ign AND v.wait < p.s) AS abn,
		v.result = 2 AND v.wait < p.s AND p.ign AS ignored
	FROM visit_ v, LATERAL (
		SELECT threshold_s * 1000 AS t, short_s * 1000 AS s, variant, shorts = 1 AS ign, call_back_s AS cb FROM (
			SELECT threshold_s, short_s, variant, shorts, call_back_s, queue_id IS NOT NULL AS own, coalesce(pg_temp.ms(valid_from), -1) AS since FROM policies p
				WHERE p.tenant_id = current_tenant() AND (p.queue_id = v.queue OR p.queue_id IS NULL) AND coalesce(pg_temp.ms(valid_from), -1) <= v.arrival
			UNION ALL SELECT 20, 5, 3, 0, 3600, false, -2) o
		ORDER BY own DESC, since DESC LIMIT 1) p`

func follows(days int) string {
	return fmt.Sprintf(`ALTER TABLE call_ ADD again_%[1]d bigint, ADD reached_%[1]d boolean;
		UPDATE call_ x SET again_%[1]d = (SELECT min(o.s) FROM call_ o WHERE o.num = x.num AND o.dir = 1 AND o.s > x.s AND o.s <= x.z + %[1]d * 86400000),
			reached_%[1]d = EXISTS (SELECT FROM call_ o WHERE o.num = x.num AND o.dir IN (1, 2) AND o.disp = 1 AND o.s > x.s AND o.s <= x.z + %[1]d * 86400000)
		WHERE num <> ''`, days)
}
