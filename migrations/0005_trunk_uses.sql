-- +goose Up
-- What was seen of two endpoints of different PBXs that seem to be the ends of one trunk: what people are asked to confirm.
-- Written by directory; what they decide is in trunk_pairs.
CREATE TABLE trunk_uses (
  tenant_id     uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  pbx_id        integer NOT NULL,
  endpoint      text NOT NULL,
  peer_id       integer NOT NULL,
  peer_endpoint text NOT NULL,
  certain       bigint NOT NULL,              -- calls that went from one to the other by a reference or a SIP Call-ID
  likely        bigint NOT NULL,              -- the same by numbers and times
  possible      bigint NOT NULL,              -- calls that might have, had it been clear which is which
  last_seen     timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, pbx_id, endpoint, peer_id, peer_endpoint),
  CONSTRAINT trunk_uses_order CHECK (pbx_id < peer_id), -- a trunk has no direction and is stored once
  FOREIGN KEY (tenant_id, pbx_id) REFERENCES pbxs (tenant_id, id),
  FOREIGN KEY (tenant_id, peer_id) REFERENCES pbxs (tenant_id, id)
);
ALTER TABLE trunk_uses ENABLE ROW LEVEL SECURITY;
ALTER TABLE trunk_uses FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON trunk_uses USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
GRANT SELECT, INSERT, UPDATE, DELETE ON trunk_uses TO callweave_app;

-- +goose Down
DROP TABLE trunk_uses;
