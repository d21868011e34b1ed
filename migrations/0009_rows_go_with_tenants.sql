-- +goose Up
-- What a tenant's PBXs name goes with the tenant, as everything else does but what is partitioned.
ALTER TABLE operators ADD FOREIGN KEY (tenant_id) REFERENCES tenants ON DELETE CASCADE;
ALTER TABLE queues ADD FOREIGN KEY (tenant_id) REFERENCES tenants ON DELETE CASCADE;
ALTER TABLE trunks ADD FOREIGN KEY (tenant_id) REFERENCES tenants ON DELETE CASCADE;
ALTER TABLE numbers ADD FOREIGN KEY (tenant_id) REFERENCES tenants ON DELETE CASCADE;

-- +goose Down
ALTER TABLE numbers DROP CONSTRAINT numbers_tenant_id_fkey;
ALTER TABLE trunks DROP CONSTRAINT trunks_tenant_id_fkey;
ALTER TABLE queues DROP CONSTRAINT queues_tenant_id_fkey;
ALTER TABLE operators DROP CONSTRAINT operators_tenant_id_fkey;
