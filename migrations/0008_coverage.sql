-- +goose Up
-- How complete what is known of a PBX is follows from what each of its agents heard: from its first event to its last, but
-- for its gaps. Written by assemble.
ALTER TABLE cursors ADD COLUMN pbx_id integer, ADD COLUMN first_event timestamptz;
ALTER TABLE gaps ADD COLUMN agent_id uuid;
CREATE INDEX gaps_time ON gaps (tenant_id, pbx_id, to_at);

-- +goose Down
DROP INDEX gaps_time;
ALTER TABLE gaps DROP COLUMN agent_id;
ALTER TABLE cursors DROP COLUMN pbx_id, DROP COLUMN first_event;
