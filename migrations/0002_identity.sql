-- +goose Up
-- Who and what stands behind the names PBXs use: what was learned of them, what people decided, and whose device it was
-- at what time. What is learned is written by directory, what is decided by identity, each change with its audit row.

-- What was learned of the endpoints of a PBX and on what grounds; written by directory.
CREATE TABLE endpoints (
  tenant_id  uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  pbx_id     integer NOT NULL,
  endpoint   text NOT NULL,                   -- technology/resource: PJSIP/101
  class      smallint NOT NULL,               -- as learned: 0 unknown, 1 device, 2 trunk (see package call)
  signs      integer NOT NULL,                -- what was seen of it, a bit each (see package call)
  number     text NOT NULL DEFAULT '',        -- under which a device is known
  name       text NOT NULL DEFAULT '',        -- its caller id name
  first_seen timestamptz NOT NULL,
  seen       timestamptz NOT NULL,            -- by the hour
  PRIMARY KEY (tenant_id, pbx_id, endpoint),
  FOREIGN KEY (tenant_id, pbx_id) REFERENCES pbxs (tenant_id, id)
);
-- Numbers of ours by which the outside calls in, and service codes; written by directory.
CREATE TABLE dids (
  tenant_id  uuid NOT NULL,
  id         integer GENERATED ALWAYS AS IDENTITY,
  station_id integer NOT NULL,
  number     text NOT NULL,
  name       text NOT NULL DEFAULT '',
  how        text NOT NULL,                   -- seen: the outside asked for it; rule: a rule says so
  first_seen timestamptz NOT NULL,
  seen       timestamptz NOT NULL,            -- by the hour
  PRIMARY KEY (tenant_id, id), UNIQUE (tenant_id, station_id, number)
);
CREATE TABLE services (
  tenant_id  uuid NOT NULL,
  id         integer GENERATED ALWAYS AS IDENTITY,
  station_id integer NOT NULL,
  number     text NOT NULL,
  name       text NOT NULL DEFAULT '',        -- the application it leads to
  how        text NOT NULL,                   -- seen: dialling it reached nobody; rule: a rule says so
  first_seen timestamptz NOT NULL,
  seen       timestamptz NOT NULL,            -- by the hour
  PRIMARY KEY (tenant_id, id), UNIQUE (tenant_id, station_id, number)
);

-- People and whose a device was when; written by identity. Queries join on the interval, so that a correction of the past
-- changes past results.
CREATE TABLE people (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  id        integer GENERATED ALWAYS AS IDENTITY,
  name      text NOT NULL CHECK (name <> ''),
  note      text NOT NULL DEFAULT '',
  created   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id)
);
CREATE TABLE bindings (
  tenant_id   uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  id          integer GENERATED ALWAYS AS IDENTITY,
  person_id   integer NOT NULL,
  operator_id integer NOT NULL,
  valid_from  timestamptz NOT NULL,
  valid_to    timestamptz,                    -- NULL: until further notice
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, person_id) REFERENCES people (tenant_id, id),
  FOREIGN KEY (tenant_id, operator_id) REFERENCES operators (tenant_id, id),
  CONSTRAINT bindings_interval CHECK (valid_to > valid_from),
  -- One device is one person's at a time. Ranges of one id stand in for equality, which GiST has only in an extension
  -- that not every server has; ids of operators come from one sequence, and so differ between tenants.
  CONSTRAINT bindings_overlap EXCLUDE USING gist (int4range(operator_id, operator_id, '[]') WITH &&, tstzrange(valid_from, valid_to) WITH &&)
);
CREATE INDEX bindings_operator ON bindings (tenant_id, operator_id, valid_from);
CREATE INDEX bindings_person ON bindings (tenant_id, person_id, valid_from);

-- What people decided; written by identity. Every change makes rules_revision greater in its transaction, by which
-- assemblers notice.
CREATE TABLE exten_rules (
  tenant_id  uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  station_id integer NOT NULL,
  position   integer NOT NULL,                -- the first that matches decides
  pattern    text NOT NULL,
  kind       text NOT NULL CHECK (kind IN ('operator', 'queue', 'did', 'outside', 'service')),
  note       text NOT NULL DEFAULT '',
  PRIMARY KEY (tenant_id, station_id, position),
  FOREIGN KEY (tenant_id, station_id) REFERENCES stations (tenant_id, id)
);
CREATE TABLE corrections (
  tenant_id  uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  id         integer GENERATED ALWAYS AS IDENTITY,
  station_id integer NOT NULL,
  subject    text NOT NULL CHECK (subject IN ('endpoint', 'number')),
  name       text NOT NULL CHECK (name <> ''), -- the endpoint, or the number
  decided    text NOT NULL,
  number     text NOT NULL DEFAULT '',        -- under which a device is to be known; '' leaves the learned one
  note       text NOT NULL DEFAULT '',
  made       timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id), UNIQUE (tenant_id, station_id, subject, name),
  FOREIGN KEY (tenant_id, station_id) REFERENCES stations (tenant_id, id),
  CHECK (CASE subject WHEN 'endpoint' THEN decided IN ('device', 'trunk')
                      ELSE decided IN ('operator', 'queue', 'did', 'outside', 'service') END)
);
CREATE TABLE trunk_pairs (                   -- the ends of one trunk between two PBXs
  tenant_id     uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  id            integer GENERATED ALWAYS AS IDENTITY,
  pbx_id        integer NOT NULL,
  endpoint      text NOT NULL,
  peer_id       integer NOT NULL,
  peer_endpoint text NOT NULL,
  state         text NOT NULL CHECK (state IN ('confirmed', 'rejected')),
  note          text NOT NULL DEFAULT '',
  made          timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id), UNIQUE (tenant_id, pbx_id, endpoint, peer_id, peer_endpoint),
  CONSTRAINT trunk_pairs_order CHECK (pbx_id < peer_id), -- a pair has no direction and is stored once
  FOREIGN KEY (tenant_id, pbx_id) REFERENCES pbxs (tenant_id, id),
  FOREIGN KEY (tenant_id, peer_id) REFERENCES pbxs (tenant_id, id)
);
CREATE TABLE reference_names (               -- channel variables that carry a reference from one PBX to the next
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  name      text NOT NULL CHECK (name <> ''),
  PRIMARY KEY (tenant_id, name)
);
CREATE TABLE rules_revision (
  tenant_id uuid PRIMARY KEY REFERENCES tenants ON DELETE CASCADE,
  rev       bigint NOT NULL,
  changed   timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE audit (                         -- who changed what and when; never changed itself
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  id        bigint GENERATED ALWAYS AS IDENTITY,
  at        timestamptz NOT NULL DEFAULT now(),
  user_id   uuid,                             -- NULL: on the command line
  login     text NOT NULL,
  action    text NOT NULL,                    -- binding.change
  subject   text NOT NULL,                    -- which one of its kind, as people call it
  before    jsonb,                            -- NULL: it was not there
  after     jsonb,                            -- NULL: it is no more
  PRIMARY KEY (tenant_id, id)
);

-- +goose StatementBegin
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['endpoints','dids','services','people','bindings','exten_rules','corrections','trunk_pairs',
                           'reference_names','rules_revision','audit'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY own ON %I USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant())', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO callweave_app', t);
  END LOOP;
  REVOKE UPDATE, DELETE ON audit FROM callweave_app;
END $$;
-- +goose StatementEnd
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO callweave_app;

-- +goose Down
DROP TABLE audit, rules_revision, reference_names, trunk_pairs, corrections, exten_rules, bindings, people, services, dids, endpoints;
