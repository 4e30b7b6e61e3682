-- Columns, views and indexes for queries.

ALTER TABLE image ADD COLUMN url TEXT;
ALTER TABLE image ADD COLUMN system INTEGER NOT NULL DEFAULT 0;
ALTER TABLE image ADD COLUMN virtio INTEGER NOT NULL DEFAULT 0;
UPDATE image SET virtio = 1 WHERE platform IN ('WindowsVirtio', 'Paravirtualization');

-- The address returned for a network card: its first one, with IPv4 before IPv6.
CREATE VIEW vm_nic_address AS
SELECT vm_nic_uuid, uuid, ip, netmask, gateway FROM used_ip WHERE NOT EXISTS (
    SELECT 1 FROM used_ip AS other WHERE other.vm_nic_uuid = used_ip.vm_nic_uuid
    AND (instr(other.ip, ':') > 0, other.ip) < (instr(used_ip.ip, ':') > 0, used_ip.ip)
);

-- With these orders, a page of resources with a given value is a range of the
-- index.
CREATE INDEX vm_instance_by_age ON vm_instance (create_date, uuid);
CREATE INDEX vm_instance_by_name ON vm_instance (name COLLATE NOCASE, create_date, uuid);
CREATE INDEX vm_instance_by_state ON vm_instance (state COLLATE NOCASE, create_date, uuid);
CREATE INDEX vm_instance_by_zone ON vm_instance (zone_uuid, create_date, uuid);
CREATE INDEX vm_instance_by_cluster ON vm_instance (cluster_uuid, create_date, uuid);
CREATE INDEX vm_instance_by_host ON vm_instance (host_uuid, create_date, uuid);
CREATE INDEX vm_instance_by_image ON vm_instance (image_uuid, create_date, uuid);
CREATE INDEX vm_instance_by_root_volume ON vm_instance (root_volume_uuid);
CREATE INDEX vm_instance_by_account ON vm_instance (account_uuid, create_date, uuid);
CREATE INDEX vm_instance_shared ON vm_instance (shared) WHERE shared = 1;
CREATE INDEX cd_rom_by_age ON cd_rom (create_date, uuid);
CREATE INDEX cd_rom_by_iso ON cd_rom (iso_uuid, create_date, uuid, vm_instance_uuid) WHERE iso_uuid IS NOT NULL;
CREATE INDEX cd_rom_by_name ON cd_rom (name COLLATE NOCASE, create_date, uuid);
CREATE INDEX image_by_age ON image (create_date, uuid);
CREATE INDEX image_by_name ON image (name COLLATE NOCASE, create_date, uuid);

-- For conditions on the resources of a VM instance.
CREATE INDEX used_ip_by_ip ON used_ip (ip COLLATE NOCASE);
CREATE INDEX vm_nic_by_mac ON vm_nic (mac COLLATE NOCASE);
CREATE INDEX vm_nic_by_network ON vm_nic (l3_network_uuid);
CREATE INDEX volume_by_image ON volume (root_image_uuid);
CREATE INDEX volume_by_name ON volume (name COLLATE NOCASE);
