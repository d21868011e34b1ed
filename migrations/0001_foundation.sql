-- +goose Up
-- Roles: the migrating role owns everything; callweave_app serves tenants under row-level security; callweave_system
-- serves what lies above tenants (agents' log-in, fencing) on tables that hold no tenant's data. Neither can bypass RLS.
-- +goose StatementBegin
DO $$
DECLARE r text;
BEGIN
  FOREACH r IN ARRAY ARRAY['callweave_app', 'callweave_system'] LOOP
    BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = r) THEN
        EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE', r);
      END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; -- another database of this server made it just now
    END;
    BEGIN
      EXECUTE format('GRANT %I TO CURRENT_USER', r);
    EXCEPTION WHEN insufficient_privilege THEN                     -- an administrator made and granted the roles
      IF NOT pg_has_role(r, 'MEMBER') THEN
        RAISE EXCEPTION 'role % exists, but % may not take it', r, current_user
          USING HINT = format('As the server''s administrator: GRANT %I TO %I', r, current_user);
      END IF;
    END;
  END LOOP;
END $$;
-- +goose StatementEnd
GRANT USAGE ON SCHEMA public TO callweave_app, callweave_system;

-- current_tenant is what every policy compares with; NULL, and so no row at all, where nobody said which tenant.
CREATE FUNCTION current_tenant() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
  RETURN NULLIF(current_setting('app.tenant_id', true), '')::uuid;

-- Above tenants -------------------------------------------------------------------------------------------------------

CREATE TABLE tenants (                       -- written by tenants
  id          uuid PRIMARY KEY,
  slug        text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  name        text NOT NULL,
  cell_id     text NOT NULL DEFAULT 'default', -- which Postgres holds its data
  zone        text NOT NULL DEFAULT 'UTC',     -- IANA
  language    text NOT NULL DEFAULT 'en',
  suspended   timestamptz,
  created     timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE staff (                         -- the vendor's people; written by control
  id            uuid PRIMARY KEY,
  login         text NOT NULL UNIQUE,
  name          text NOT NULL,
  password_hash text NOT NULL,
  language      text NOT NULL DEFAULT 'en',
  disabled      timestamptz,
  created       timestamptz NOT NULL DEFAULT now()
);
-- Which tenant a log-in name belongs to, and which tenant and PBX an agent is: all that must be known before there is
-- a tenant to speak of.
CREATE TABLE logins (login text PRIMARY KEY, tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE);
CREATE TABLE agents (                        -- written by control (enrolment) and gateway (presence)
  id             uuid PRIMARY KEY,
  tenant_id      uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  pbx_id         integer NOT NULL,
  serial         text NOT NULL UNIQUE,         -- hex serial of the certificate in force
  not_after      timestamptz NOT NULL,
  revoked        timestamptz,
  revoked_why    text,
  version        text NOT NULL DEFAULT '',
  transport      text NOT NULL DEFAULT '',     -- quic, tcp
  address        text NOT NULL DEFAULT '',
  connected      timestamptz,                  -- since; NULL while away
  last_seen      timestamptz,
  report         jsonb NOT NULL DEFAULT '{}',  -- the agent's latest counters and what its check found
  created        timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX agents_tenant ON agents (tenant_id);
CREATE TABLE enrolment_tokens (              -- written by control; the token itself is a JWT and is not stored
  jti        uuid PRIMARY KEY,
  tenant_id  uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  pbx_id     integer NOT NULL,
  expires    timestamptz NOT NULL,
  used       timestamptz,
  created    timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE secrets (                       -- the agents' CA and signing keys, made at first start; written by control
  name    text PRIMARY KEY,
  value   bytea NOT NULL,
  created timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE sessions (                      -- browsers; written by api. Opaque cookie, hash stored
  token_hash bytea PRIMARY KEY,
  tenant_id  uuid REFERENCES tenants ON DELETE CASCADE,  -- NULL: vendor staff
  user_id    uuid NOT NULL,
  created    timestamptz NOT NULL DEFAULT now(),
  seen       timestamptz NOT NULL DEFAULT now(),
  expires    timestamptz NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_id);
CREATE TABLE login_failures (                -- written by api; throttles guessing across nodes
  key    text NOT NULL,
  at     timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX login_failures_key ON login_failures (key, at);
CREATE TABLE partitions (                    -- fencing of assemblers; written by assemble
  partition  integer PRIMARY KEY,
  epoch      bigint NOT NULL,
  owner      text NOT NULL,
  taken      timestamptz NOT NULL DEFAULT now()
);
-- hold_partition keeps a partition in the caller's hands until its transaction ends, or raises CW001 where somebody else
-- has taken it since. Whoever takes it holds the same lock exclusively, and so waits for transactions under way. The
-- epoch is read after the lock is had, which is why this is no single statement.
-- +goose StatementBegin
CREATE FUNCTION hold_partition(p integer, mine bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(1129337426, p);
  IF NOT EXISTS (SELECT FROM partitions WHERE partition = p AND epoch = mine) THEN
    RAISE EXCEPTION 'partition % is no longer held with epoch %', p, mine USING ERRCODE = 'CW001';
  END IF;
END $$;
-- +goose StatementEnd
GRANT SELECT, INSERT, UPDATE, DELETE ON tenants, staff, logins, agents, enrolment_tokens, secrets, sessions, login_failures, partitions TO callweave_system;
GRANT SELECT ON tenants, partitions TO callweave_app;
ALTER TABLE tenants ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON tenants FOR SELECT TO callweave_app USING (id = current_tenant());
CREATE POLICY all_tenants ON tenants TO callweave_system USING (true) WITH CHECK (true);
GRANT SELECT ON agents TO callweave_app;
ALTER TABLE agents ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON agents FOR SELECT TO callweave_app USING (tenant_id = current_tenant());
CREATE POLICY all_agents ON agents TO callweave_system USING (true) WITH CHECK (true);

-- One tenant's own: list-partitioned by tenant where it grows with calls (tenants makes the partitions) ----------------------------------------------

CREATE TABLE users (                         -- written by control
  tenant_id     uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  id            uuid NOT NULL,
  login         text NOT NULL UNIQUE,
  name          text NOT NULL,
  password_hash text NOT NULL,
  role          text NOT NULL CHECK (role IN ('administrator', 'supervisor', 'operator')),
  language      text NOT NULL DEFAULT 'en',
  operator_id   integer,
  disabled      timestamptz,
  created       timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id)
);

-- The directory: everything gets an id of its own as it is first seen. Written by directory.
CREATE TABLE stations (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  id        integer GENERATED ALWAYS AS IDENTITY,
  name      text NOT NULL,
  PRIMARY KEY (tenant_id, id), UNIQUE (tenant_id, name)
);
CREATE TABLE pbxs (
  tenant_id  uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  id         integer GENERATED ALWAYS AS IDENTITY,
  station_id integer NOT NULL,
  name       text NOT NULL,
  asterisk   text NOT NULL DEFAULT '',        -- version it reported
  seen       timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id), UNIQUE (tenant_id, name),
  FOREIGN KEY (tenant_id, station_id) REFERENCES stations (tenant_id, id)
);
CREATE TABLE operators (                     -- a device that rings or speaks; people are bound to it later
  tenant_id  uuid NOT NULL,
  id         integer GENERATED ALWAYS AS IDENTITY,
  station_id integer NOT NULL,
  number     text NOT NULL,
  name       text NOT NULL DEFAULT '',
  seen       timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id), UNIQUE (tenant_id, station_id, number)
);
CREATE TABLE queues (
  tenant_id  uuid NOT NULL,
  id         integer GENERATED ALWAYS AS IDENTITY,
  station_id integer NOT NULL,
  number     text NOT NULL,                   -- as the PBX names it
  name       text NOT NULL DEFAULT '',
  seen       timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id), UNIQUE (tenant_id, station_id, number)
);
CREATE TABLE trunks (
  tenant_id  uuid NOT NULL,
  id         integer GENERATED ALWAYS AS IDENTITY,
  station_id integer NOT NULL,
  endpoint   text NOT NULL,
  seen       timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id), UNIQUE (tenant_id, station_id, endpoint)
);
CREATE TABLE numbers (                       -- outside numbers, tenant-wide
  tenant_id  uuid NOT NULL,
  id         bigint GENERATED ALWAYS AS IDENTITY,
  number     text NOT NULL,
  name       text NOT NULL DEFAULT '',
  seen       timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id), UNIQUE (tenant_id, number)
);

CREATE TABLE calls (                         -- written by assemble, as are the five tables below
  tenant_id   uuid NOT NULL,
  id          uuid NOT NULL,
  started     timestamptz NOT NULL,
  answered    timestamptz,
  ended       timestamptz,
  rev         integer NOT NULL,
  open        boolean NOT NULL,
  partial     boolean NOT NULL,
  direction   smallint NOT NULL,
  disposition smallint NOT NULL,
  hangup_by   smallint NOT NULL,
  caller      text NOT NULL,
  caller_name text NOT NULL,
  dialled     text NOT NULL,
  number_id   bigint,                         -- the outside party
  trunk_id    integer,
  pbx_ids     integer[] NOT NULL,
  queue_ids   integer[] NOT NULL,
  operator_ids integer[] NOT NULL,
  wait_ms     integer NOT NULL,               -- in queues
  talk_ms     integer NOT NULL,               -- with the outside party, or between the two of an internal call
  hold_ms     integer NOT NULL,
  ring_count  integer NOT NULL,
  transfer_count integer NOT NULL,
  story       jsonb NOT NULL,                 -- the whole call: what the call page draws
  PRIMARY KEY (tenant_id, id)
) PARTITION BY LIST (tenant_id);
CREATE INDEX calls_started ON calls (tenant_id, started DESC, id DESC);
CREATE INDEX calls_open ON calls (tenant_id, started) WHERE open;
CREATE INDEX calls_number ON calls (tenant_id, number_id, started DESC);
CREATE INDEX calls_queue ON calls USING gin (queue_ids);
CREATE INDEX calls_operator ON calls USING gin (operator_ids);

CREATE TABLE queue_visits (
  tenant_id uuid NOT NULL, call_id uuid NOT NULL, n integer NOT NULL,
  pbx_id integer NOT NULL, queue_id integer NOT NULL,
  entered timestamptz NOT NULL, left_at timestamptz, result smallint NOT NULL, operator_id integer, estimated boolean NOT NULL,
  PRIMARY KEY (tenant_id, call_id, n)
) PARTITION BY LIST (tenant_id);
CREATE INDEX queue_visits_entered ON queue_visits (tenant_id, entered);
CREATE TABLE attempts (
  tenant_id uuid NOT NULL, call_id uuid NOT NULL, n integer NOT NULL,
  pbx_id integer NOT NULL, operator_id integer, queue_id integer,
  rang timestamptz NOT NULL, ended timestamptz, result smallint NOT NULL, estimated boolean NOT NULL,
  PRIMARY KEY (tenant_id, call_id, n)
) PARTITION BY LIST (tenant_id);
CREATE INDEX attempts_rang ON attempts (tenant_id, rang);
CREATE TABLE segments (                      -- talk and hold
  tenant_id uuid NOT NULL, call_id uuid NOT NULL, n integer NOT NULL,
  kind smallint NOT NULL,                     -- 1 talk, 2 hold
  pbx_id integer NOT NULL, operator_id integer, queue_id integer, with_whom text NOT NULL,
  from_at timestamptz NOT NULL, to_at timestamptz, estimated boolean NOT NULL,
  PRIMARY KEY (tenant_id, call_id, n)
) PARTITION BY LIST (tenant_id);
CREATE INDEX segments_from ON segments (tenant_id, from_at);
CREATE TABLE raw_batches (                   -- every accepted batch as it came: a figure can be followed down to what the PBX said
  tenant_id uuid NOT NULL, agent_id uuid NOT NULL, stream bigint NOT NULL, first_seq bigint NOT NULL,
  last_seq bigint NOT NULL, from_at timestamptz NOT NULL, to_at timestamptz NOT NULL, pbx_id integer NOT NULL, payload bytea NOT NULL,
  PRIMARY KEY (tenant_id, agent_id, stream, first_seq)
) PARTITION BY LIST (tenant_id);
ALTER TABLE raw_batches ALTER COLUMN payload SET STORAGE EXTERNAL; -- already compressed
CREATE INDEX raw_batches_time ON raw_batches (tenant_id, pbx_id, from_at);
CREATE TABLE gaps (                          -- what is known to be missing; written by assemble
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE, id bigint GENERATED ALWAYS AS IDENTITY,
  pbx_id integer NOT NULL, reason text NOT NULL, events bigint NOT NULL,
  from_at timestamptz NOT NULL, to_at timestamptz NOT NULL, recorded timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id)
);
CREATE TABLE cursors (                       -- how far each agent's stream is committed; written by assemble
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE, agent_id uuid NOT NULL,
  stream bigint NOT NULL, seq bigint NOT NULL, events bigint NOT NULL DEFAULT 0,
  last_event timestamptz, committed timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, agent_id)
);
CREATE TABLE past_cursors (                  -- streams an agent had before the one in cursors: what comes late is known; written by assemble
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE, agent_id uuid NOT NULL,
  stream bigint NOT NULL, seq bigint NOT NULL,
  PRIMARY KEY (tenant_id, agent_id, stream)
);
-- The memory of a tenant's assembler: what cloud/call wrote down at some step, and the steps taken since, each in the
-- transaction of its results. A step names raw batches and is done again by feeding them. Written by assemble.
CREATE TABLE assembler_state (
  tenant_id uuid PRIMARY KEY REFERENCES tenants ON DELETE CASCADE,
  step bigint NOT NULL, state bytea NOT NULL, saved timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE assembler_state ALTER COLUMN state SET STORAGE EXTERNAL;
CREATE TABLE assembler_steps (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  step bigint NOT NULL, work bytea NOT NULL,
  PRIMARY KEY (tenant_id, step)
);

-- +goose StatementBegin
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['users','stations','pbxs','operators','queues','trunks','numbers','calls','queue_visits',
                           'attempts','segments','raw_batches','gaps','cursors','past_cursors','assembler_state','assembler_steps'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY own ON %I USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant())', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO callweave_app', t);
  END LOOP;
END $$;
-- +goose StatementEnd
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO callweave_app, callweave_system;

-- The story compresses best and fastest with lz4, which a server may have been built without.
-- +goose StatementBegin
DO $$
BEGIN
  ALTER TABLE calls ALTER COLUMN story SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN NULL;
END $$;
-- +goose StatementEnd

-- +goose Down
DROP TABLE assembler_steps, assembler_state, past_cursors, cursors, gaps, raw_batches, segments, attempts, queue_visits, calls, numbers, trunks, queues,
  operators, pbxs, stations, users, partitions, login_failures, sessions, secrets, enrolment_tokens, agents, logins, staff, tenants;
DROP FUNCTION hold_partition, current_tenant;
