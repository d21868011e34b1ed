-- +goose Up
-- What reports need of calls beside visits, attempts and segments; and by what readers know that facts they have are still
-- the facts there are. All of it is written by assemble, but for what tagged_calls does for those who tag calls.

-- Transfers and steps of the dialplan of calls that are over, out of their stories; partitioned like calls.
CREATE TABLE transfers (
  tenant_id      uuid NOT NULL, call_id uuid NOT NULL, n integer NOT NULL,
  pbx_id         integer NOT NULL,
  kind           smallint NOT NULL,            -- 1 blind, 2 attended
  at             timestamptz NOT NULL,
  by_number      text NOT NULL,
  to_number      text NOT NULL,
  by_operator_id integer,                      -- what the numbers are, where they had a part in the call
  to_operator_id integer,
  to_queue_id    integer,
  result         smallint NOT NULL,
  cross_pbx      boolean NOT NULL,             -- the call went on at another PBX
  PRIMARY KEY (tenant_id, call_id, n)
) PARTITION BY LIST (tenant_id);
CREATE TABLE call_steps (
  tenant_id   uuid NOT NULL, call_id uuid NOT NULL, n integer NOT NULL,
  pbx_id      integer NOT NULL,
  application text NOT NULL,                   -- Digit: what was pressed
  data        text NOT NULL,                   -- what the application was told, or the digit
  from_at     timestamptz NOT NULL, to_at timestamptz,
  PRIMARY KEY (tenant_id, call_id, n)
) PARTITION BY LIST (tenant_id);

ALTER TABLE queue_visits ADD COLUMN position integer NOT NULL DEFAULT 0;  -- when entering; 0: not known
ALTER TABLE segments ADD COLUMN with_kind smallint NOT NULL DEFAULT 0;    -- of talks: 1 customer, 2 another of ours, 3 conference, 4 consultation
ALTER TABLE calls ADD COLUMN recorded boolean NOT NULL DEFAULT false;     -- the PBX said that it recorded it

-- A day's facts are those of the calls that began on it, UTC, those of operators' states on it, and tags of its calls.
-- Whatever changes them makes the day's revision greater in the same transaction. So what was read of a day with some
-- revision may be kept for ever, and what changed since is known by facts_rev of its calls and by those that are gone.
CREATE TABLE fact_revisions (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  part      smallint NOT NULL,                 -- 1 calls and all of theirs, 2 states of operators, 3 tags, 4 states from the day on:
                                               -- the revision of a day's states is 2 of the day and 4 of all days up to it
  day       integer NOT NULL,                  -- since 1970-01-01 UTC
  rev       integer NOT NULL,
  reach     timestamptz,                       -- of calls: no call of the day that is over ended later
  PRIMARY KEY (tenant_id, part, day)
) WITH (fillfactor = 50);                      -- the row of today is written with every step
ALTER TABLE calls ADD COLUMN facts_rev integer NOT NULL DEFAULT 0;        -- of the day, when the call was written last
CREATE TABLE gone_calls (                      -- calls that are no more, or on another day now
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  day       integer NOT NULL,
  call_id   uuid NOT NULL,
  rev       integer NOT NULL,                  -- of the day, when they went
  PRIMARY KEY (tenant_id, day, call_id)
);

-- day_of is the UTC day of a moment.
CREATE FUNCTION day_of(t timestamptz) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN floor(extract(epoch FROM t) / 86400)::integer;

-- tagged_calls is for whoever tags calls, in the transaction that does. It makes the calls look changed, for viewers who
-- follow the days that go on; of older days only the tags' revision grows.
-- +goose StatementBegin
CREATE FUNCTION tagged_calls(tenant uuid, ids uuid[]) RETURNS void LANGUAGE sql AS $$
  INSERT INTO fact_revisions AS f (tenant_id, part, day, rev)
    SELECT tenant, part, day, 1 FROM (SELECT DISTINCT day_of(c.started) AS day FROM calls c WHERE c.tenant_id = tenant AND c.id = ANY(ids)) d
      CROSS JOIN (VALUES (1), (3)) p (part) WHERE part = 3 OR day >= day_of(now()) - 1 ORDER BY part, day
    ON CONFLICT (tenant_id, part, day) DO UPDATE SET rev = f.rev + 1;
  UPDATE calls c SET facts_rev = f.rev FROM fact_revisions f
    WHERE c.tenant_id = tenant AND c.id = ANY(ids) AND f.tenant_id = tenant AND f.part = 1 AND f.day = day_of(c.started) AND f.day >= day_of(now()) - 1;
$$;
-- +goose StatementEnd

-- They were never used: under row-level security only leakproof operators may use an index, and none of those on arrays is.
DROP INDEX calls_queue, calls_operator;

-- +goose StatementBegin
DO $$
DECLARE
  t text;
  tenant record;
  part text;
BEGIN
  FOREACH t IN ARRAY ARRAY['transfers', 'call_steps', 'fact_revisions', 'gone_calls'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY own ON %I USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant())', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO callweave_app', t);
  END LOOP;
  FOR tenant IN SELECT id FROM tenants LOOP    -- those that are there already
    FOREACH t IN ARRAY ARRAY['transfers', 'call_steps'] LOOP
      part := t || '_' || replace(tenant.id::text, '-', '');
      EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES IN (%L) WITH (fillfactor = 90)', part, t, tenant.id);
      EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', part);
      EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', part);
    END LOOP;
  END LOOP;
END $$;
-- +goose StatementEnd

-- What is stored already, tenant by tenant, because the owner sees no rows but of the tenant it names. The numbers of the
-- codes are those of package call.
-- +goose StatementBegin
DO $$
DECLARE
  tenant record;
BEGIN
  FOR tenant IN SELECT id FROM tenants LOOP
    PERFORM set_config('app.tenant_id', tenant.id::text, true);

    INSERT INTO transfers (tenant_id, call_id, n, pbx_id, kind, at, by_number, to_number, by_operator_id, to_operator_id, to_queue_id, result, cross_pbx)
      SELECT c.tenant_id, c.id, x.n - 1, p.id, CASE x.j->>'kind' WHEN 'attended' THEN 2 ELSE 1 END, (x.j->>'at')::timestamptz, x.j->>'by', x.j->>'to',
        (SELECT o.id FROM operators o WHERE o.tenant_id = tenant.id AND o.station_id = p.station_id AND o.number = x.j->>'by' AND o.id = ANY(c.operator_ids)),
        (SELECT o.id FROM operators o WHERE o.tenant_id = tenant.id AND o.station_id = p.station_id AND o.number = x.j->>'to' AND o.id = ANY(c.operator_ids)),
        (SELECT q.id FROM queues q WHERE q.tenant_id = tenant.id AND q.station_id = p.station_id AND q.number = x.j->>'to' AND q.id = ANY(c.queue_ids)),
        coalesce(array_position(ARRAY['answered','abandoned','timeout','leave_empty','join_empty','transferred','other','cancelled','no_answer','busy',
          'declined','redirected','failed','completed','retrieved'], x.j->>'result'), 0),
        EXISTS (SELECT FROM jsonb_array_elements(c.story->'links') l WHERE l->>'from' = x.j->>'pbx' AND ((l->>'at')::timestamptz >= (x.j->>'at')::timestamptz
          OR EXISTS (SELECT FROM jsonb_array_elements(c.story->'legs') g WHERE g->>'number' = x.j->>'to' AND g->>'pbx' = l->>'to')))
      FROM calls c, jsonb_array_elements(c.story->'transfers') WITH ORDINALITY x (j, n)
      JOIN pbxs p ON p.tenant_id = tenant.id AND p.name = x.j->>'pbx'
      WHERE c.tenant_id = tenant.id AND NOT c.open;

    INSERT INTO call_steps (tenant_id, call_id, n, pbx_id, application, data, from_at, to_at)
      SELECT c.tenant_id, c.id, x.n - 1, p.id, x.j->>'application', coalesce(x.j->>'data', ''), (x.j->>'from')::timestamptz, (x.j->>'to')::timestamptz
      FROM calls c, jsonb_array_elements(c.story->'ivr') WITH ORDINALITY x (j, n)
      JOIN pbxs p ON p.tenant_id = tenant.id AND p.name = x.j->>'pbx'
      WHERE c.tenant_id = tenant.id AND NOT c.open;

    UPDATE queue_visits v SET position = (c.story->'queues'->v.n->>'position')::integer
      FROM calls c WHERE v.tenant_id = tenant.id AND c.tenant_id = tenant.id AND c.id = v.call_id AND c.story->'queues'->v.n ? 'position';

    UPDATE segments s SET with_kind = CASE WHEN s.with_whom = 'customer' THEN 1 WHEN starts_with(s.with_whom, 'conference:') THEN 3
        WHEN (c.story->'talks'->s.n->>'consult')::boolean THEN 4 ELSE 2 END
      FROM calls c WHERE s.tenant_id = tenant.id AND s.kind = 1 AND c.tenant_id = tenant.id AND c.id = s.call_id;

    INSERT INTO fact_revisions (tenant_id, part, day, rev, reach)
      SELECT tenant.id, 1, day_of(started), 1, max(ended) FROM calls WHERE tenant_id = tenant.id GROUP BY day_of(started);
    INSERT INTO fact_revisions (tenant_id, part, day, rev)
      SELECT DISTINCT tenant.id, 3, day_of(c.started), 1 FROM call_tags t JOIN calls c ON c.tenant_id = tenant.id AND c.id = t.call_id WHERE t.tenant_id = tenant.id;
  END LOOP;
  PERFORM set_config('app.tenant_id', '', true);
END $$;
-- +goose StatementEnd

-- +goose Down
CREATE INDEX calls_queue ON calls USING gin (queue_ids);
CREATE INDEX calls_operator ON calls USING gin (operator_ids);
DROP FUNCTION tagged_calls(uuid, uuid[]);
DROP FUNCTION day_of(timestamptz);
DROP TABLE gone_calls, fact_revisions, call_steps, transfers;
ALTER TABLE calls DROP COLUMN facts_rev, DROP COLUMN recorded;
ALTER TABLE segments DROP COLUMN with_kind;
ALTER TABLE queue_visits DROP COLUMN position;
