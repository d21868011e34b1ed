-- +goose Up
-- Saved views, the tenant's mail server, and reports that go out by e-mail.

-- A view is the address of a page, whole, under a name; written by views.
CREATE TABLE views (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  id        integer GENERATED ALWAYS AS IDENTITY,
  owner_id  uuid NOT NULL,
  name      text NOT NULL CHECK (name <> ''),
  report    text NOT NULL,                    -- of the catalogue; calls: the journal
  search    text NOT NULL,                    -- what stands after the ? of the page's address
  shared    boolean NOT NULL,                 -- with everybody of the tenant, each with what he may see himself
  created   timestamptz NOT NULL DEFAULT now(),
  changed   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id), UNIQUE (tenant_id, owner_id, name),
  FOREIGN KEY (tenant_id, owner_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);
CREATE TABLE favorite_views (                 -- written by views
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  user_id   uuid NOT NULL,
  view_id   integer NOT NULL,
  PRIMARY KEY (tenant_id, user_id, view_id),
  FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, view_id) REFERENCES views (tenant_id, id) ON DELETE CASCADE
);

CREATE TABLE mail_settings (                  -- written by mail
  tenant_id   uuid PRIMARY KEY REFERENCES tenants ON DELETE CASCADE,
  host        text NOT NULL CHECK (host <> ''),
  port        integer NOT NULL CHECK (port BETWEEN 1 AND 65535),
  security    text NOT NULL CHECK (security IN ('starttls', 'tls', 'none')),
  login       text NOT NULL,
  password    bytea,                          -- sealed with a key of the deployment; NULL: none
  sender      text NOT NULL CHECK (sender <> ''),
  sender_name text NOT NULL,
  allowed     text[] NOT NULL,                -- addresses and @domains outside the tenant that reports may go to
  changed     timestamptz NOT NULL DEFAULT now()
);

-- A report that goes out by e-mail; written by schedule, as are the three tables below.
CREATE TABLE schedules (
  tenant_id  uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  id         integer GENERATED ALWAYS AS IDENTITY,
  owner_id   uuid NOT NULL,                   -- whose rights decide what is in it, each time anew
  name       text NOT NULL CHECK (name <> ''),
  query      jsonb NOT NULL,                  -- of the report, without a period
  search     text NOT NULL,                   -- the same as the report's page has it in its address, without a period
  period     text NOT NULL,                   -- yesterday, last-week, …: which one a sending is about
  rhythm     jsonb NOT NULL,                  -- when: see package schedule
  language   text NOT NULL,                   -- of recipients who are no users
  formats    text[] NOT NULL,                 -- of the files with it
  users      uuid[] NOT NULL,
  addresses  text[] NOT NULL,
  paused     boolean NOT NULL DEFAULT false,
  created    timestamptz NOT NULL DEFAULT now(),
  changed    timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, owner_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);
-- When which schedule is due next: ids and a moment, for whoever looks over all tenants.
CREATE TABLE schedule_due (
  tenant_id   uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  schedule_id integer NOT NULL,
  at          timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, schedule_id),
  FOREIGN KEY (tenant_id, schedule_id) REFERENCES schedules (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX schedule_due_at ON schedule_due (at);
-- One sending of a schedule, named by the moment it was due (by hand: at which it was asked for).
CREATE TABLE sendings (
  tenant_id   uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  schedule_id integer NOT NULL,
  due         timestamptz NOT NULL,
  by_hand     boolean NOT NULL,
  from_at     timestamptz NOT NULL,           -- the period it is about
  to_at       timestamptz NOT NULL,
  state       text NOT NULL CHECK (state IN ('waiting', 'sent', 'partly', 'failed', 'refused')),
  why         text NOT NULL DEFAULT '',       -- code of what went wrong, see package schedule
  detail      text NOT NULL DEFAULT '',       -- and what the mail server said
  tries       integer NOT NULL DEFAULT 0,
  began       timestamptz NOT NULL DEFAULT now(),
  ended       timestamptz,
  PRIMARY KEY (tenant_id, schedule_id, due),
  FOREIGN KEY (tenant_id, schedule_id) REFERENCES schedules (tenant_id, id) ON DELETE CASCADE
);
-- One letter of a sending. "sending" is written before the mail server is spoken to: a letter that is found so later may
-- have been delivered, and is not sent again.
CREATE TABLE letters (
  tenant_id   uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  schedule_id integer NOT NULL,
  due         timestamptz NOT NULL,
  address     text NOT NULL,
  state       text NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'unsure', 'failed', 'refused')),
  why         text NOT NULL DEFAULT '',
  detail      text NOT NULL DEFAULT '',
  changed     timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, schedule_id, due, address),
  FOREIGN KEY (tenant_id, schedule_id, due) REFERENCES sendings ON DELETE CASCADE
);

-- +goose StatementBegin
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['views', 'favorite_views', 'mail_settings', 'schedules', 'schedule_due', 'sendings', 'letters'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY own ON %I TO callweave_app USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant())', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO callweave_app', t);
  END LOOP;
END $$;
-- +goose StatementEnd
CREATE POLICY all_due ON schedule_due FOR SELECT TO callweave_system USING (true);
GRANT SELECT ON schedule_due TO callweave_system;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO callweave_app;

-- The queue of jobs, river's (https://riverqueue.com), of its version 8: made here and not by river's own migrations, so
-- that everything is migrated under one lock. A job is written by package schedule and holds ids and a moment, nothing of
-- a tenant's; the schema is closed to callweave_app.
CREATE SCHEMA jobs;
CREATE TYPE jobs.river_job_state AS ENUM ('available', 'cancelled', 'completed', 'discarded', 'pending', 'retryable', 'running', 'scheduled');
CREATE TABLE jobs.river_job (
  id            bigserial PRIMARY KEY,
  state         jobs.river_job_state NOT NULL DEFAULT 'available',
  attempt       smallint NOT NULL DEFAULT 0,
  max_attempts  smallint NOT NULL DEFAULT 25,
  attempted_at  timestamptz,
  created_at    timestamptz NOT NULL DEFAULT now(),
  finalized_at  timestamptz,
  scheduled_at  timestamptz NOT NULL DEFAULT now(),
  priority      smallint NOT NULL DEFAULT 1,
  args          jsonb NOT NULL,
  attempted_by  text[],
  errors        jsonb[],
  kind          text NOT NULL,
  metadata      jsonb NOT NULL DEFAULT '{}',
  queue         text NOT NULL DEFAULT 'default',
  tags          varchar(255)[] NOT NULL DEFAULT '{}',
  unique_key    bytea,
  unique_states bit(8),
  CONSTRAINT finalized_or_finalized_at_null CHECK (
    (finalized_at IS NULL AND state NOT IN ('cancelled', 'completed', 'discarded')) OR
    (finalized_at IS NOT NULL AND state IN ('cancelled', 'completed', 'discarded'))),
  CONSTRAINT max_attempts_is_positive CHECK (max_attempts > 0),
  CONSTRAINT priority_in_range CHECK (priority >= 1 AND priority <= 4),
  CONSTRAINT queue_length CHECK (char_length(queue) > 0 AND char_length(queue) < 128),
  CONSTRAINT kind_length CHECK (char_length(kind) > 0 AND char_length(kind) < 128)
);
CREATE INDEX river_job_kind ON jobs.river_job USING btree (kind);
CREATE INDEX river_job_state_and_finalized_at_index ON jobs.river_job USING btree (state, finalized_at) WHERE finalized_at IS NOT NULL;
CREATE INDEX river_job_prioritized_fetching_index ON jobs.river_job USING btree (state, queue, priority, scheduled_at, id);
CREATE INDEX river_job_args_index ON jobs.river_job USING gin (args);
CREATE INDEX river_job_metadata_index ON jobs.river_job USING gin (metadata);
-- +goose StatementBegin
CREATE FUNCTION jobs.river_job_state_in_bitmask(bitmask bit(8), state jobs.river_job_state) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE state
    WHEN 'available' THEN get_bit(bitmask, 7)
    WHEN 'cancelled' THEN get_bit(bitmask, 6)
    WHEN 'completed' THEN get_bit(bitmask, 5)
    WHEN 'discarded' THEN get_bit(bitmask, 4)
    WHEN 'pending'   THEN get_bit(bitmask, 3)
    WHEN 'retryable' THEN get_bit(bitmask, 2)
    WHEN 'running'   THEN get_bit(bitmask, 1)
    WHEN 'scheduled' THEN get_bit(bitmask, 0)
    ELSE 0
  END = 1;
$$;
-- +goose StatementEnd
CREATE UNIQUE INDEX river_job_unique_idx ON jobs.river_job (unique_key)
  WHERE unique_key IS NOT NULL AND unique_states IS NOT NULL AND jobs.river_job_state_in_bitmask(unique_states, state);
CREATE UNLOGGED TABLE jobs.river_leader (
  elected_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  leader_id  text NOT NULL,
  name       text PRIMARY KEY DEFAULT 'default',
  CONSTRAINT name_length CHECK (name = 'default'),
  CONSTRAINT leader_id_length CHECK (char_length(leader_id) > 0 AND char_length(leader_id) < 128)
);
CREATE TABLE jobs.river_queue (
  name       text PRIMARY KEY NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  metadata   jsonb NOT NULL DEFAULT '{}'::jsonb,
  paused_at  timestamptz,
  updated_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE TABLE jobs.river_notification (
  id         bigserial PRIMARY KEY,
  created_at timestamptz NOT NULL DEFAULT now(),
  payload    text NOT NULL,
  topic      text NOT NULL,
  CONSTRAINT topic_length CHECK (length(topic) > 0 AND length(topic) < 128)
);
CREATE INDEX river_notification_created_at_idx ON jobs.river_notification (created_at);
CREATE INDEX river_notification_topic_id_idx ON jobs.river_notification (topic, id);
CREATE TABLE jobs.river_migration (
  line       text NOT NULL,
  version    bigint NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT line_length CHECK (char_length(line) > 0 AND char_length(line) < 128),
  CONSTRAINT version_gte_1 CHECK (version >= 1),
  PRIMARY KEY (line, version)
);
INSERT INTO jobs.river_migration (line, version) SELECT 'main', generate_series(1, 8);
GRANT USAGE ON SCHEMA jobs TO callweave_system;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA jobs TO callweave_system;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA jobs TO callweave_system;

-- +goose Down
DROP SCHEMA jobs CASCADE;
DROP TABLE letters, sendings, schedule_due, schedules, mail_settings, favorite_views, views;
