-- +goose Up
-- Numbers of a station go with it and its tenant, as everything else does that was learned or decided about one.
ALTER TABLE dids ADD FOREIGN KEY (tenant_id) REFERENCES tenants ON DELETE CASCADE,
  ADD FOREIGN KEY (tenant_id, station_id) REFERENCES stations (tenant_id, id);
ALTER TABLE services ADD FOREIGN KEY (tenant_id) REFERENCES tenants ON DELETE CASCADE,
  ADD FOREIGN KEY (tenant_id, station_id) REFERENCES stations (tenant_id, id);

-- +goose Down
ALTER TABLE dids DROP CONSTRAINT dids_tenant_id_fkey, DROP CONSTRAINT dids_tenant_id_station_id_fkey;
ALTER TABLE services DROP CONSTRAINT services_tenant_id_fkey, DROP CONSTRAINT services_tenant_id_station_id_fkey;
