-- Queries select by `base`, since a resource may have subtypes, so the conditions of indexes name it, too.

DROP INDEX volume_device;
DROP INDEX vm_nic_device;
DROP INDEX used_ip_address;
DROP INDEX cd_rom_device;
DROP INDEX cd_rom_iso;
DROP INDEX image_cache_copy;
DROP INDEX volume_by_storage;
DROP INDEX volume_snapshot_by_volume;
DROP INDEX used_ip_by_nic;
DROP INDEX vm_instance_by_age;
DROP INDEX vm_instance_by_name;
DROP INDEX vm_instance_by_state;
DROP INDEX vm_instance_by_zone;
DROP INDEX vm_instance_by_cluster;
DROP INDEX vm_instance_by_host;
DROP INDEX vm_instance_by_image;
DROP INDEX vm_instance_by_root_volume;
DROP INDEX vm_instance_by_account;
DROP INDEX vm_instance_shared;
DROP INDEX cd_rom_by_age;
DROP INDEX cd_rom_by_iso;
DROP INDEX cd_rom_by_name;
DROP INDEX image_by_age;
DROP INDEX image_by_name;
DROP INDEX used_ip_by_ip;
DROP INDEX vm_nic_by_mac;
DROP INDEX vm_nic_by_network;
DROP INDEX volume_by_image;
DROP INDEX volume_by_name;
DROP INDEX volume_snapshot_by_parent;

CREATE UNIQUE INDEX volume_device ON document (body ->> 'vmInstanceUuid', body ->> 'deviceId') WHERE base = 'Volume';
CREATE UNIQUE INDEX vm_nic_device ON document (body ->> 'vmInstanceUuid', body ->> 'deviceId') WHERE base = 'VmNic';
CREATE UNIQUE INDEX used_ip_address ON document (body ->> 'l3NetworkUuid', body ->> 'ip') WHERE base = 'UsedIp';
CREATE UNIQUE INDEX cd_rom_device ON document (body ->> 'vmInstanceUuid', body ->> 'deviceId'
) WHERE base = 'VmCdRom';
CREATE UNIQUE INDEX cd_rom_iso ON document (body ->> 'vmInstanceUuid', body ->> 'isoUuid') WHERE base = 'VmCdRom';
CREATE UNIQUE INDEX image_cache_copy ON document (body ->> 'imageUuid', body ->> 'primaryStorageUuid'
) WHERE base = 'ImageCache';
CREATE INDEX volume_by_storage ON document (body ->> 'primaryStorageUuid', body ->> 'type', body ->> 'vmInstanceUuid'
) WHERE base = 'Volume';
CREATE INDEX volume_snapshot_by_volume ON document (body ->> 'volumeUuid', body ->> 'latest'
) WHERE base = 'VolumeSnapshot';
CREATE INDEX used_ip_by_nic ON document (body ->> 'vmNicUuid') WHERE base = 'UsedIp';
CREATE INDEX vm_instance_by_age ON document (body ->> 'createDate', uuid) WHERE base = 'VmInstance';
CREATE INDEX vm_instance_by_state ON document ((body ->> 'state') COLLATE NOCASE, body ->> 'createDate', uuid
) WHERE base = 'VmInstance';
CREATE INDEX vm_instance_by_zone ON document (body ->> 'zoneUuid', body ->> 'createDate', uuid
) WHERE base = 'VmInstance';
CREATE INDEX vm_instance_by_cluster ON document (body ->> 'clusterUuid', body ->> 'createDate', uuid
) WHERE base = 'VmInstance';
CREATE INDEX vm_instance_by_host ON document (body ->> 'hostUuid', body ->> 'createDate', uuid
) WHERE base = 'VmInstance';
CREATE INDEX vm_instance_by_image ON document (body ->> 'imageUuid', body ->> 'createDate', uuid
) WHERE base = 'VmInstance';
CREATE INDEX vm_instance_by_root_volume ON document (body ->> 'rootVolumeUuid') WHERE base = 'VmInstance';
CREATE INDEX vm_instance_by_account ON document (body ->> '_account', body ->> 'createDate', uuid
) WHERE base = 'VmInstance';
CREATE INDEX vm_instance_shared ON document (body ->> '_shared'
) WHERE base = 'VmInstance' AND body ->> '_shared' = 1;
CREATE INDEX cd_rom_by_age ON document (body ->> 'createDate', uuid) WHERE base = 'VmCdRom';
CREATE INDEX cd_rom_by_iso ON document (body ->> 'isoUuid', body ->> 'createDate', uuid, body ->> 'vmInstanceUuid'
) WHERE base = 'VmCdRom' AND body ->> 'isoUuid' IS NOT NULL;
CREATE INDEX image_by_age ON document (body ->> 'createDate', uuid) WHERE base = 'Image';
CREATE INDEX used_ip_by_ip ON document ((body ->> 'ip') COLLATE NOCASE) WHERE base = 'UsedIp';
CREATE INDEX vm_nic_by_mac ON document ((body ->> 'mac') COLLATE NOCASE) WHERE base = 'VmNic';
CREATE INDEX vm_nic_by_network ON document (body ->> 'l3NetworkUuid') WHERE base = 'VmNic';
CREATE INDEX volume_by_image ON document (body ->> 'rootImageUuid') WHERE base = 'Volume';
CREATE INDEX volume_snapshot_by_parent ON document (body ->> 'parentUuid') WHERE base = 'VolumeSnapshot';

-- All resources are searched and sorted by name.
CREATE INDEX document_by_name ON document (base, (body ->> 'name') COLLATE NOCASE, body ->> 'createDate', uuid);

DROP VIEW vm_nic_address;
DROP VIEW used_ip;
CREATE VIEW used_ip AS SELECT
    uuid, revision, body, body ->> 'l3NetworkUuid' AS l3_network_uuid, body ->> 'vmNicUuid' AS vm_nic_uuid,
    body ->> 'ipRangeUuid' AS ip_range_uuid,
    body ->> 'ip' AS ip, body ->> 'netmask' AS netmask, body ->> 'gateway' AS gateway,
    body ->> 'createDate' AS create_date, body ->> 'lastOpDate' AS last_op_date
FROM document WHERE base = 'UsedIp';
CREATE VIEW vm_nic_address AS
SELECT vm_nic_uuid, uuid, ip, netmask, gateway FROM used_ip WHERE NOT EXISTS (
    SELECT 1 FROM used_ip AS other WHERE other.vm_nic_uuid = used_ip.vm_nic_uuid
    AND (instr(other.ip, ':') > 0, other.ip) < (instr(used_ip.ip, ':') > 0, used_ip.ip)
);

-- Without statistics, SQLite expects few documents of a kind, and searches all of them instead of those in an
-- index for a value, or in its order. The numbers are those of a large cloud.
ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 VALUES
    ('document', 'document_by_base', '1000000 900000 2 1'),
    ('document', 'document_by_name', '1000000 100000 2 2 1'),
    ('document', 'volume_device', '100000 2 1'),
    ('document', 'vm_nic_device', '100000 2 1'),
    ('document', 'used_ip_address', '100000 2 1'),
    ('document', 'cd_rom_device', '100000 2 1'),
    ('document', 'cd_rom_iso', '100000 2 1'),
    ('document', 'image_cache_copy', '100000 2 1'),
    ('document', 'volume_by_storage', '100000 20000 2 1'),
    ('document', 'volume_snapshot_by_volume', '100000 2 1'),
    ('document', 'used_ip_by_nic', '100000 2'),
    ('document', 'vm_instance_by_age', '100000 2 1'),
    ('document', 'vm_instance_by_state', '100000 20000 2 1'),
    ('document', 'vm_instance_by_zone', '100000 50000 2 1'),
    ('document', 'vm_instance_by_cluster', '100000 20000 2 1'),
    ('document', 'vm_instance_by_host', '100000 2 2 1'),
    ('document', 'vm_instance_by_image', '100000 2 2 1'),
    ('document', 'vm_instance_by_root_volume', '100000 2'),
    ('document', 'vm_instance_by_account', '100000 10000 2 1'),
    ('document', 'vm_instance_shared', '100000 1000'),
    ('document', 'cd_rom_by_age', '100000 2 1'),
    ('document', 'cd_rom_by_iso', '100000 2 2 2 1'),
    ('document', 'image_by_age', '100000 2 1'),
    ('document', 'used_ip_by_ip', '100000 2'),
    ('document', 'vm_nic_by_mac', '100000 2'),
    ('document', 'vm_nic_by_network', '100000 2'),
    ('document', 'volume_by_image', '100000 2'),
    ('document', 'volume_snapshot_by_parent', '100000 2');
ANALYZE sqlite_schema;
