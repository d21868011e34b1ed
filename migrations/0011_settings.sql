-- +goose Up
-- What administrators decide about how things are called, grouped and counted: queues and their hours, service level,
-- pauses, tags, rosters. Reports apply it when they are read, so that a decision changes past figures too; no call stores
-- any of it. Written by settings, each change with its audit row.

CREATE TABLE calendars (                     -- working hours, in the zone of the queue that has them
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  id        integer GENERATED ALWAYS AS IDENTITY,
  name      text NOT NULL CHECK (name <> ''),
  week      jsonb NOT NULL,                   -- per weekday, Monday first, pairs of minutes of the day: [[[540,1080]], …]
  PRIMARY KEY (tenant_id, id), UNIQUE (tenant_id, name)
);
CREATE TABLE holidays (                      -- days of a calendar that differ from its week
  tenant_id   uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  calendar_id integer NOT NULL,
  day         date NOT NULL,
  name        text NOT NULL,
  hours       jsonb NOT NULL,                 -- as a day of the week; []: closed
  PRIMARY KEY (tenant_id, calendar_id, day),
  FOREIGN KEY (tenant_id, calendar_id) REFERENCES calendars (tenant_id, id) ON DELETE CASCADE
);
CREATE TABLE queue_settings (                -- a queue without a row has nothing decided
  tenant_id   uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  queue_id    integer NOT NULL,
  name        text NOT NULL,                  -- '': as the PBX calls it
  zone        text NOT NULL,                  -- IANA; '': the tenant's
  calendar_id integer,                        -- NULL: always open
  PRIMARY KEY (tenant_id, queue_id),
  FOREIGN KEY (tenant_id, queue_id) REFERENCES queues (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, calendar_id) REFERENCES calendars (tenant_id, id)
);
CREATE TABLE policies (                      -- of the service level; see report.Policy
  tenant_id   uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  id          integer GENERATED ALWAYS AS IDENTITY,
  queue_id    integer,                        -- NULL: of all queues that have none of their own
  valid_from  timestamptz,                    -- NULL: since ever
  threshold_s integer NOT NULL,
  short_s     integer NOT NULL,
  variant     smallint NOT NULL CHECK (variant BETWEEN 1 AND 5),
  shorts      smallint NOT NULL CHECK (shorts BETWEEN 0 AND 1),
  target      double precision NOT NULL,
  call_back_s integer NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT policies_once UNIQUE NULLS NOT DISTINCT (tenant_id, queue_id, valid_from),
  FOREIGN KEY (tenant_id, queue_id) REFERENCES queues (tenant_id, id) ON DELETE CASCADE
);
CREATE TABLE groups (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  id        integer GENERATED ALWAYS AS IDENTITY,
  kind      text NOT NULL CHECK (kind IN ('queues', 'operators')),
  name      text NOT NULL CHECK (name <> ''),
  PRIMARY KEY (tenant_id, id), UNIQUE (tenant_id, kind, name)
);
CREATE TABLE group_members (                 -- a queue, or a person or a device
  tenant_id   uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  group_id    integer NOT NULL,
  queue_id    integer,
  person_id   integer,
  operator_id integer,
  CONSTRAINT group_members_one CHECK (num_nonnulls(queue_id, person_id, operator_id) = 1),
  CONSTRAINT group_members_once UNIQUE NULLS NOT DISTINCT (tenant_id, group_id, queue_id, person_id, operator_id),
  FOREIGN KEY (tenant_id, group_id) REFERENCES groups (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, queue_id) REFERENCES queues (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, person_id) REFERENCES people (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, operator_id) REFERENCES operators (tenant_id, id) ON DELETE CASCADE
);
CREATE TABLE pause_reasons (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  reason    text NOT NULL,                    -- as the PBX says it
  name      text NOT NULL,                    -- '': the same
  paid      boolean NOT NULL,                 -- part of paid time
  work      boolean NOT NULL,                 -- no break at all
  limit_s   integer NOT NULL,                 -- 0: may last as long as it likes
  PRIMARY KEY (tenant_id, reason)
);
CREATE TABLE tags (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  id        integer GENERATED ALWAYS AS IDENTITY,
  name      text NOT NULL CHECK (name <> ''),
  retired   boolean NOT NULL DEFAULT false,   -- stays on calls, and is offered for no other
  PRIMARY KEY (tenant_id, id), UNIQUE (tenant_id, name)
);
CREATE TABLE trunk_settings (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  trunk_id  integer NOT NULL,
  name      text NOT NULL,                    -- '': its endpoint
  lines     integer NOT NULL,                 -- calls it carries at once; 0: nobody said
  PRIMARY KEY (tenant_id, trunk_id),
  FOREIGN KEY (tenant_id, trunk_id) REFERENCES trunks (tenant_id, id) ON DELETE CASCADE
);
CREATE TABLE did_settings (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  did_id    integer NOT NULL,
  name      text NOT NULL,
  PRIMARY KEY (tenant_id, did_id),
  FOREIGN KEY (tenant_id, did_id) REFERENCES dids (tenant_id, id) ON DELETE CASCADE
);
CREATE TABLE number_prefixes (               -- areas by the beginning of a number; the longest decides
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  prefix    text NOT NULL CHECK (prefix <> ''),
  name      text NOT NULL CHECK (name <> ''),
  PRIMARY KEY (tenant_id, prefix)
);
CREATE TABLE rosters (                       -- when somebody is scheduled to work, and to have a break within that
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  id        integer GENERATED ALWAYS AS IDENTITY,
  person_id integer NOT NULL,
  kind      text NOT NULL CHECK (kind IN ('work', 'break')),
  from_at   timestamptz NOT NULL,
  to_at     timestamptz NOT NULL CHECK (to_at > from_at),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, person_id) REFERENCES people (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX rosters_time ON rosters (tenant_id, from_at);
CREATE INDEX rosters_person ON rosters (tenant_id, person_id, from_at);

-- Words people put on calls. It grows with calls and is partitioned like them (tenants makes the partitions).
CREATE TABLE call_tags (
  tenant_id uuid NOT NULL,
  call_id   uuid NOT NULL,
  tag_id    integer NOT NULL,
  login     text NOT NULL,                    -- who put it there
  at        timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, call_id, tag_id)
) PARTITION BY LIST (tenant_id);
CREATE INDEX call_tags_tag ON call_tags (tenant_id, tag_id);

-- The zone of a tenant is its administrators' to change (tenants does it); nothing else of the catalogue is.
CREATE POLICY own_zone ON tenants FOR UPDATE TO callweave_app USING (id = current_tenant()) WITH CHECK (id = current_tenant());
GRANT UPDATE (zone) ON tenants TO callweave_app;

-- +goose StatementBegin
DO $$
DECLARE
  t text;
  tenant record;
  part text;
BEGIN
  FOREACH t IN ARRAY ARRAY['calendars','holidays','queue_settings','policies','groups','group_members','pause_reasons','tags','trunk_settings',
                           'did_settings','number_prefixes','rosters','call_tags'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY own ON %I USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant())', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO callweave_app', t);
  END LOOP;
  FOR tenant IN SELECT id FROM tenants LOOP    -- those that are there already
    part := 'call_tags_' || replace(tenant.id::text, '-', '');
    EXECUTE format('CREATE TABLE %I PARTITION OF call_tags FOR VALUES IN (%L) WITH (fillfactor = 90)', part, tenant.id);
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', part);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', part);
  END LOOP;
END $$;
-- +goose StatementEnd
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO callweave_app;

-- +goose Down
REVOKE UPDATE (zone) ON tenants FROM callweave_app;
DROP POLICY own_zone ON tenants;
DROP TABLE call_tags, rosters, number_prefixes, did_settings, trunk_settings, tags, pause_reasons, group_members, groups, policies, queue_settings,
  holidays, calendars;
