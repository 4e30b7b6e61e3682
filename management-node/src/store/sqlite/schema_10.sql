-- The fields that queries search and sort by become columns. An index of a column is written only when its
-- value changes, while each change of a document wrote all indexes of expressions of its body. Columns also
-- serve all resources with a field, where an index of an expression served one.

DROP INDEX document_by_base;
DROP INDEX account_name;
DROP INDEX access_key_id;
DROP INDEX host_address;
DROP INDEX vm_internal_id;
DROP INDEX access_key_by_account;
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
DROP INDEX image_by_age;
DROP INDEX used_ip_by_ip;
DROP INDEX vm_nic_by_mac;
DROP INDEX vm_nic_by_network;
DROP INDEX volume_by_image;
DROP INDEX volume_snapshot_by_parent;
DROP INDEX document_by_name;

DROP VIEW vm_nic_address;
DROP VIEW backup_storage_ref;
DROP VIEW backup_storage_zone;
DROP VIEW primary_storage_cluster;
DROP VIEW cd_rom;
DROP VIEW used_ip;
DROP VIEW vm_nic;
DROP VIEW volume_snapshot;
DROP VIEW volume;
DROP VIEW vm_instance;
DROP VIEW image_cache;
DROP VIEW image;
DROP VIEW instance_offering;
DROP VIEW ip_range;
DROP VIEW l3_network;
DROP VIEW backup_storage;
DROP VIEW primary_storage;
DROP VIEW host;
DROP VIEW cluster;
DROP VIEW zone;
DROP VIEW access_key;
DROP VIEW account;

ALTER TABLE document ADD COLUMN name ANY;
ALTER TABLE document ADD COLUMN createDate ANY;
ALTER TABLE document ADD COLUMN state ANY;
ALTER TABLE document ADD COLUMN _account ANY;
ALTER TABLE document ADD COLUMN _shared ANY;
ALTER TABLE document ADD COLUMN accountUuid ANY;
ALTER TABLE document ADD COLUMN zoneUuid ANY;
ALTER TABLE document ADD COLUMN clusterUuid ANY;
ALTER TABLE document ADD COLUMN hostUuid ANY;
ALTER TABLE document ADD COLUMN imageUuid ANY;
ALTER TABLE document ADD COLUMN rootVolumeUuid ANY;
ALTER TABLE document ADD COLUMN rootImageUuid ANY;
ALTER TABLE document ADD COLUMN isoUuid ANY;
ALTER TABLE document ADD COLUMN vmInstanceUuid ANY;
ALTER TABLE document ADD COLUMN deviceId ANY;
ALTER TABLE document ADD COLUMN l3NetworkUuid ANY;
ALTER TABLE document ADD COLUMN primaryStorageUuid ANY;
ALTER TABLE document ADD COLUMN volumeUuid ANY;
ALTER TABLE document ADD COLUMN parentUuid ANY;
ALTER TABLE document ADD COLUMN vmNicUuid ANY;
ALTER TABLE document ADD COLUMN resourceUuid ANY;
ALTER TABLE document ADD COLUMN mac ANY;
ALTER TABLE document ADD COLUMN ip ANY;
ALTER TABLE document ADD COLUMN managementIp ANY;
ALTER TABLE document ADD COLUMN internalId ANY;
ALTER TABLE document ADD COLUMN AccessKeyID ANY;
UPDATE document SET
    name = body ->> 'name',
    createDate = body ->> 'createDate',
    state = body ->> 'state',
    _account = body ->> '_account',
    _shared = body ->> '_shared',
    accountUuid = body ->> 'accountUuid',
    zoneUuid = body ->> 'zoneUuid',
    clusterUuid = body ->> 'clusterUuid',
    hostUuid = body ->> 'hostUuid',
    imageUuid = body ->> 'imageUuid',
    rootVolumeUuid = body ->> 'rootVolumeUuid',
    rootImageUuid = body ->> 'rootImageUuid',
    isoUuid = body ->> 'isoUuid',
    vmInstanceUuid = body ->> 'vmInstanceUuid',
    deviceId = body ->> 'deviceId',
    l3NetworkUuid = body ->> 'l3NetworkUuid',
    primaryStorageUuid = body ->> 'primaryStorageUuid',
    volumeUuid = body ->> 'volumeUuid',
    parentUuid = body ->> 'parentUuid',
    vmNicUuid = body ->> 'vmNicUuid',
    resourceUuid = body ->> 'resourceUuid',
    mac = body ->> 'mac',
    ip = body ->> 'ip',
    managementIp = body ->> 'managementIp',
    internalId = body ->> 'internalId',
    AccessKeyID = body ->> 'AccessKeyID';

CREATE UNIQUE INDEX account_name ON document (name) WHERE base = 'Account';
CREATE UNIQUE INDEX access_key_id ON document (AccessKeyID) WHERE base = 'AccessKey';
CREATE UNIQUE INDEX host_address ON document (managementIp) WHERE base = 'Host';
CREATE UNIQUE INDEX vm_internal_id ON document (internalId) WHERE base = 'VmInstance';
CREATE UNIQUE INDEX volume_device ON document (vmInstanceUuid, deviceId) WHERE base = 'Volume';
CREATE UNIQUE INDEX vm_nic_device ON document (vmInstanceUuid, deviceId) WHERE base = 'VmNic';
CREATE UNIQUE INDEX used_ip_address ON document (l3NetworkUuid, ip) WHERE base = 'UsedIp';
CREATE UNIQUE INDEX cd_rom_device ON document (vmInstanceUuid, deviceId) WHERE base = 'VmCdRom';
CREATE UNIQUE INDEX cd_rom_iso ON document (vmInstanceUuid, isoUuid) WHERE base = 'VmCdRom';
CREATE UNIQUE INDEX image_cache_copy ON document (imageUuid, primaryStorageUuid) WHERE base = 'ImageCache';

-- For queries. With these orders, a page of resources with a given value is a range of the index.
CREATE INDEX document_by_base ON document (base, createDate, uuid);
CREATE INDEX document_by_name ON document (base, name COLLATE NOCASE, createDate, uuid);
CREATE INDEX document_by_state ON document (base, state COLLATE NOCASE, createDate, uuid) WHERE state IS NOT NULL;
CREATE INDEX document_by_mac ON document (base, mac COLLATE NOCASE) WHERE mac IS NOT NULL;
CREATE INDEX document_by_ip ON document (base, ip COLLATE NOCASE) WHERE ip IS NOT NULL;
CREATE INDEX document_shared ON document (base) WHERE _shared = 1;
CREATE INDEX document_by_account ON document (base, _account, createDate, uuid) WHERE _account IS NOT NULL;
CREATE INDEX document_by_account_uuid ON document (base, accountUuid, createDate, uuid) WHERE accountUuid IS NOT NULL;
CREATE INDEX document_by_zone ON document (base, zoneUuid, createDate, uuid) WHERE zoneUuid IS NOT NULL;
CREATE INDEX document_by_cluster ON document (base, clusterUuid, createDate, uuid) WHERE clusterUuid IS NOT NULL;
CREATE INDEX document_by_host ON document (base, hostUuid, createDate, uuid) WHERE hostUuid IS NOT NULL;
CREATE INDEX document_by_image ON document (base, imageUuid, createDate, uuid) WHERE imageUuid IS NOT NULL;
CREATE INDEX document_by_root_volume ON document (base, rootVolumeUuid, createDate, uuid) WHERE rootVolumeUuid IS NOT NULL;
CREATE INDEX document_by_root_image ON document (base, rootImageUuid, createDate, uuid) WHERE rootImageUuid IS NOT NULL;
CREATE INDEX document_by_iso ON document (base, isoUuid, createDate, uuid) WHERE isoUuid IS NOT NULL;
CREATE INDEX document_by_network ON document (base, l3NetworkUuid, createDate, uuid) WHERE l3NetworkUuid IS NOT NULL;
CREATE INDEX document_by_storage ON document (base, primaryStorageUuid, createDate, uuid) WHERE primaryStorageUuid IS NOT NULL;
CREATE INDEX document_by_volume ON document (base, volumeUuid, createDate, uuid) WHERE volumeUuid IS NOT NULL;
CREATE INDEX document_by_parent ON document (base, parentUuid, createDate, uuid) WHERE parentUuid IS NOT NULL;
CREATE INDEX document_by_nic ON document (base, vmNicUuid, createDate, uuid) WHERE vmNicUuid IS NOT NULL;
CREATE INDEX document_by_resource ON document (base, resourceUuid, createDate, uuid) WHERE resourceUuid IS NOT NULL;

-- The address returned for a NIC: its first one, with IPv4 before IPv6.
CREATE VIEW vm_nic_address AS
SELECT vmNicUuid, uuid, ip, body ->> 'netmask' AS netmask, body ->> 'gateway' AS gateway
FROM document AS address WHERE base = 'UsedIp' AND NOT EXISTS (
    SELECT 1 FROM document AS other WHERE other.base = 'UsedIp' AND other.vmNicUuid = address.vmNicUuid
    AND (instr(other.ip, ':') > 0, other.ip) < (instr(address.ip, ':') > 0, address.ip)
);

-- The numbers are those of a large cloud: see version 9.
DELETE FROM sqlite_stat1 WHERE tbl = 'document';
INSERT INTO sqlite_stat1 VALUES
    ('document', 'document_by_base', '1000000 900000 2 1'),
    ('document', 'document_by_name', '1000000 100000 2 2 1'),
    ('document', 'document_by_state', '1000000 100000 20000 2 1'),
    ('document', 'document_by_mac', '100000 100000 2'),
    ('document', 'document_by_ip', '100000 100000 2'),
    ('document', 'document_shared', '1000 1000'),
    ('document', 'volume_device', '100000 2 1'),
    ('document', 'vm_nic_device', '100000 2 1'),
    ('document', 'used_ip_address', '100000 1000 1'),
    ('document', 'cd_rom_device', '100000 2 1'),
    ('document', 'cd_rom_iso', '100000 2 1'),
    ('document', 'image_cache_copy', '100000 2 1'),
    ('document', 'document_by_account', '1000000 100000 10000 2 1'),
    ('document', 'document_by_account_uuid', '1000000 100000 1000 2 1'),
    ('document', 'document_by_zone', '1000000 100000 50000 2 1'),
    ('document', 'document_by_cluster', '1000000 100000 20000 2 1'),
    ('document', 'document_by_host', '1000000 100000 2 2 1'),
    ('document', 'document_by_image', '1000000 100000 2 2 1'),
    ('document', 'document_by_root_volume', '1000000 100000 2 2 1'),
    ('document', 'document_by_root_image', '1000000 100000 2 2 1'),
    ('document', 'document_by_iso', '1000000 100000 2 2 1'),
    ('document', 'document_by_network', '1000000 100000 1000 2 1'),
    ('document', 'document_by_storage', '1000000 100000 20000 2 1'),
    ('document', 'document_by_volume', '1000000 100000 2 2 1'),
    ('document', 'document_by_parent', '1000000 100000 2 2 1'),
    ('document', 'document_by_nic', '1000000 100000 2 2 1'),
    ('document', 'document_by_resource', '1000000 100000 2 2 1');
ANALYZE sqlite_schema;
