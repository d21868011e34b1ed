-- +goose Up
-- What every operator did when: log-ins, pauses and penalties per queue, wrap-ups, and what the device did; see
-- docs/operator-states.md. An interval that lasts has no end; the same interval, by its id, is written again when more is
-- known of it. Partitioned like calls (tenants makes the partitions); written by assemble.
CREATE TABLE operator_states (
  tenant_id   uuid NOT NULL,
  id          uuid NOT NULL,
  kind        smallint NOT NULL,               -- see package call
  pbx_id      integer NOT NULL,
  operator_id integer NOT NULL,
  queue_id    integer,                         -- NULL: of no queue
  from_at     timestamptz NOT NULL,
  to_at       timestamptz,                     -- NULL: lasts
  estimated   boolean NOT NULL,                -- begin or end was not seen
  interface   text NOT NULL,                   -- what the queue rings, or the device
  member      text NOT NULL,                   -- the queue's name for the operator, or the number of an agent of a pool
  membership  text NOT NULL,                   -- static, dynamic, realtime, agent; '' where it is no membership
  penalty     integer NOT NULL,
  began_by    text NOT NULL,                   -- dialplan, action, autopause, listed; '' where that is not known
  ended_by    text NOT NULL,                   -- dialplan, action, logout, call, stop, listed; '' where that is not known
  reason      text NOT NULL,                   -- of a pause
  end_reason  text NOT NULL,                   -- of its end
  PRIMARY KEY (tenant_id, id)
) PARTITION BY LIST (tenant_id);
CREATE INDEX operator_states_from ON operator_states (tenant_id, from_at DESC, id DESC);
CREATE INDEX operator_states_operator ON operator_states (tenant_id, operator_id, from_at DESC, id DESC);
-- What reaches into a period from long before it. An index of ranges would be of no use: under row-level security only
-- leakproof operators may use an index, and those of ranges are not.
CREATE INDEX operator_states_long ON operator_states (tenant_id, from_at DESC, id DESC) WHERE to_at IS NULL OR to_at - from_at > interval '1 day';

-- +goose StatementBegin
DO $$
DECLARE
  t record;
  part text;
BEGIN
  ALTER TABLE operator_states ENABLE ROW LEVEL SECURITY;
  ALTER TABLE operator_states FORCE ROW LEVEL SECURITY;
  CREATE POLICY own ON operator_states USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
  GRANT SELECT, INSERT, UPDATE, DELETE ON operator_states TO callweave_app;
  FOR t IN SELECT id FROM tenants LOOP         -- those that are there already
    part := 'operator_states_' || replace(t.id::text, '-', '');
    EXECUTE format('CREATE TABLE %I PARTITION OF operator_states FOR VALUES IN (%L) WITH (fillfactor = 90)', part, t.id);
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', part);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', part);
  END LOOP;
END $$;
-- +goose StatementEnd

-- +goose Down
DROP TABLE operator_states;
