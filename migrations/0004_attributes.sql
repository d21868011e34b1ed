-- +goose Up
-- The attributes of a call's legs (channel variables, AMI fields) are read in its story; here are the keys by which calls
-- are found: for each attribute a number made of its name, and one made of name and value (cloud/call.AttributeKey).
-- Written by assemble.
--
-- There is no index. Under row-level security PostgreSQL uses one only for operators that are leakproof, and none of those
-- on arrays and jsonb is, so a GIN index would be written and never read; a row per attribute would double what a call
-- writes. A search looks at the calls of its period, which it has an index for, 16 bytes per attribute.
ALTER TABLE calls ADD COLUMN attributes bigint[] NOT NULL DEFAULT '{}';

-- +goose Down
ALTER TABLE calls DROP COLUMN attributes;
