-- +goose Up
-- Roles of a tenant's own, beside those that come with the product (see package rights); written by users, as from here on
-- are users, staff and logins, which control wrote before. A user without a password is invited.
CREATE TABLE roles (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  id        integer GENERATED ALWAYS AS IDENTITY,
  name      text NOT NULL CHECK (name <> ''),
  rights    text[] NOT NULL,                  -- see package rights
  limits    jsonb NOT NULL,                   -- where nobody says it of the user; see package rights
  created   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id), UNIQUE (tenant_id, name)
);

ALTER TABLE users DROP CONSTRAINT users_role_check,
  ADD COLUMN role_id integer,                 -- the tenant's own role, where role says so
  ADD COLUMN limits jsonb,                    -- NULL: the role's
  ADD COLUMN person_id integer,               -- who the user is among the people at devices; operator_id names a device for good
  ADD FOREIGN KEY (tenant_id, role_id) REFERENCES roles (tenant_id, id),
  ADD FOREIGN KEY (tenant_id, person_id) REFERENCES people (tenant_id, id) ON DELETE SET NULL (person_id),
  ADD CONSTRAINT users_role CHECK (role IN ('administrator', 'supervisor', 'operator', 'operator_figures', 'none', 'custom')),
  ADD CONSTRAINT users_role_id CHECK ((role = 'custom') = (role_id IS NOT NULL));

-- Links by which somebody sets a password: invited, or having forgotten it. Only their hash is stored, and each works once.
-- Whoever follows one is nobody yet, so it stands above tenants. Written by users.
CREATE TABLE invitations (
  token_hash bytea PRIMARY KEY,
  tenant_id  uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  user_id    uuid NOT NULL,
  expires    timestamptz NOT NULL,
  created    timestamptz NOT NULL DEFAULT now(),
  UNIQUE (tenant_id, user_id)                 -- a new one replaces the one before
);
GRANT SELECT, INSERT, UPDATE, DELETE ON invitations TO callweave_system;

-- Tokens of programs. What one may do is the lesser of what it says and what its owner may at that moment. The token itself
-- is shown once; its hash is stored. Written by users, but for last_used.
CREATE TABLE api_tokens (
  id         uuid PRIMARY KEY,
  token_hash bytea NOT NULL UNIQUE,
  tenant_id  uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  user_id    uuid NOT NULL,
  name       text NOT NULL,
  rights     text[] NOT NULL,
  limits     jsonb,                           -- NULL: the owner's
  created    timestamptz NOT NULL DEFAULT now(),
  expires    timestamptz,                     -- NULL: never
  last_used  timestamptz,                     -- by the minute
  revoked    timestamptz
);
CREATE INDEX api_tokens_user ON api_tokens (tenant_id, user_id);
GRANT SELECT, INSERT, UPDATE, DELETE ON api_tokens TO callweave_system;
GRANT SELECT, INSERT, UPDATE ON api_tokens TO callweave_app;
ALTER TABLE api_tokens ENABLE ROW LEVEL SECURITY;
ALTER TABLE api_tokens FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON api_tokens TO callweave_app USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
CREATE POLICY all_tokens ON api_tokens TO callweave_system USING (true) WITH CHECK (true);

-- Who is not to be watched: a person, at whatever device, or a device, whoever is at it. Written by identity.
ALTER TABLE people ADD COLUMN unwatched boolean NOT NULL DEFAULT false;
CREATE TABLE unwatched_devices (
  tenant_id   uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  operator_id integer NOT NULL,
  PRIMARY KEY (tenant_id, operator_id),
  FOREIGN KEY (tenant_id, operator_id) REFERENCES operators (tenant_id, id) ON DELETE CASCADE
);

-- Which devices a queue rings, and which queues ring a device: whose names a limited viewer may read.
CREATE INDEX attempts_queue ON attempts (tenant_id, queue_id, operator_id);
CREATE INDEX operator_states_members ON operator_states (tenant_id, queue_id, operator_id) WHERE kind = 1;

-- +goose StatementBegin
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['roles', 'unwatched_devices'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY own ON %I USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant())', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO callweave_app', t);
  END LOOP;
END $$;
-- +goose StatementEnd
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO callweave_app;

-- +goose Down
DROP INDEX operator_states_members, attempts_queue;
DROP TABLE unwatched_devices, api_tokens, invitations;
ALTER TABLE people DROP COLUMN unwatched;
ALTER TABLE users DROP CONSTRAINT users_role_id, DROP CONSTRAINT users_role, DROP COLUMN person_id, DROP COLUMN limits, DROP COLUMN role_id,
  ADD CONSTRAINT users_role_check CHECK (role IN ('administrator', 'supervisor', 'operator'));
DROP TABLE roles;
