-- +goose Up
-- Which logs of a PBX a call was made of, a bit for each (see package call); 0: of events an agent heard.
ALTER TABLE calls ADD COLUMN imported smallint NOT NULL DEFAULT 0;

-- Logs that were brought along, and what came of it; both tables are written by importing.
CREATE TABLE imports (
  tenant_id  uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  id         uuid NOT NULL,
  pbx_id     integer NOT NULL,
  state      text NOT NULL CHECK (state IN ('running', 'done', 'failed')),
  dry_run    boolean NOT NULL,                -- nothing was written but this
  asked_by   text NOT NULL,                   -- who, in words; '' for the command line
  zone       text NOT NULL,                   -- of the local times in the logs
  from_at    timestamptz,                     -- the period that was asked for; NULL: all there is
  to_at      timestamptz,
  started    timestamptz NOT NULL DEFAULT now(),
  ended      timestamptz,
  files      jsonb NOT NULL,                  -- name, kind, lines, broken lines
  counts     jsonb NOT NULL DEFAULT '{}',
  problem    text NOT NULL DEFAULT '',        -- why it failed
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX imports_started ON imports (tenant_id, started DESC, id DESC);

CREATE TABLE import_differences (             -- where the logs say something else than what is stored; so many per import at most
  tenant_id  uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  import_id  uuid NOT NULL,
  n          integer NOT NULL,
  call_id    uuid NOT NULL,                   -- the stored call, or the one that was left out
  started    timestamptz NOT NULL,
  caller     text NOT NULL,
  kind       text NOT NULL,                   -- figures, only_in_logs, split, joined
  figure     text NOT NULL,                   -- result, wait, talk, operator, …
  stored     text NOT NULL,
  logged     text NOT NULL,
  reason     text NOT NULL,                   -- a code, '' where it is not known
  PRIMARY KEY (tenant_id, import_id, n),
  FOREIGN KEY (tenant_id, import_id) REFERENCES imports ON DELETE CASCADE
);

-- +goose StatementBegin
DO $$
DECLARE
  t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['imports', 'import_differences'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY own ON %I USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant())', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO callweave_app', t);
  END LOOP;
END $$;
-- +goose StatementEnd

-- +goose Down
DROP TABLE import_differences, imports;
ALTER TABLE calls DROP COLUMN imported;
