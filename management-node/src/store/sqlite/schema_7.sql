-- Resources become documents: JSON objects with the fields of their inventories, and private ones, whose names begin
-- with `_`. The references that must not dangle are rows of `link`, which are checked immediately.

CREATE TABLE document (
    uuid TEXT PRIMARY KEY,
    -- The resource, such as `KVMHost`, and the one that it extends, `Host`; mostly the same.
    kind TEXT NOT NULL,
    base TEXT NOT NULL,
    revision INTEGER NOT NULL DEFAULT 0,
    body TEXT NOT NULL
) STRICT;
CREATE INDEX document_by_base ON document (base, body ->> 'createDate', uuid);

CREATE TABLE link (
    source TEXT NOT NULL REFERENCES document ON DELETE CASCADE,
    field TEXT NOT NULL,
    target TEXT NOT NULL REFERENCES document,
    PRIMARY KEY (source, field, target)
) STRICT, WITHOUT ROWID;
CREATE INDEX link_by_target ON link (target, field);

-- The rows of tables, in an order in which a link leads to an earlier document.
INSERT INTO document SELECT uuid, 'Account', 'Account', revision, json_patch('{}', json_object(
    'uuid', uuid, 'name', name, 'type', kind, '_password', password, 'createDate', create_date,
    'lastOpDate', last_op_date
)) FROM account ORDER BY rowid;
INSERT INTO document SELECT uuid, 'AccessKey', 'AccessKey', 0, json_patch('{}', json_object(
    'uuid', uuid, 'description', description, 'accountUuid', account_uuid, 'AccessKeyID', id,
    'AccessKeySecret', secret, 'state', state, 'createDate', create_date, 'lastOpDate', last_op_date
)) FROM access_key ORDER BY rowid;
INSERT INTO document SELECT uuid, 'Zone', 'Zone', 0, json_patch('{}', json_object(
    'uuid', uuid, 'name', name, 'createDate', create_date, 'lastOpDate', last_op_date
)) FROM zone ORDER BY rowid;
INSERT INTO document SELECT uuid, 'Cluster', 'Cluster', 0, json_patch('{}', json_object(
    'uuid', uuid, 'name', name, 'zoneUuid', zone_uuid, 'hypervisorType', hypervisor_type,
    'architecture', architecture, 'createDate', create_date, 'lastOpDate', last_op_date
)) FROM cluster ORDER BY rowid;
INSERT INTO document SELECT uuid, 'Host', 'Host', 0, json_patch('{}', json_object(
    'uuid', uuid, 'name', name, 'clusterUuid', cluster_uuid, 'managementIp', management_ip, 'status', status,
    'createDate', create_date, 'lastOpDate', last_op_date
)) FROM host ORDER BY rowid;
INSERT INTO document SELECT uuid, 'PrimaryStorage', 'PrimaryStorage', 0, json_patch('{}', json_object(
    'uuid', uuid, 'name', name, 'zoneUuid', zone_uuid, 'type', kind, 'url', url, 'fsid', fsid, 'status', status,
    'createDate', create_date, 'lastOpDate', last_op_date
)) FROM primary_storage ORDER BY rowid;
INSERT INTO document SELECT uuid, 'BackupStorage', 'BackupStorage', 0, json_patch('{}', json_object(
    'uuid', uuid, 'name', name, 'type', kind, 'url', url, 'fsid', fsid, 'status', status,
    'createDate', create_date, 'lastOpDate', last_op_date
)) FROM backup_storage ORDER BY rowid;
INSERT INTO document SELECT uuid, 'L3Network', 'L3Network', 0, json_patch('{}', json_object(
    'uuid', uuid, 'name', name, 'zoneUuid', zone_uuid, 'createDate', create_date, 'lastOpDate', last_op_date
)) FROM l3_network ORDER BY rowid;
INSERT INTO document SELECT uuid, 'IpRange', 'IpRange', 0, json_patch('{}', json_object(
    'uuid', uuid, 'l3NetworkUuid', l3_network_uuid, 'networkCidr', network_cidr, 'gateway', gateway, 'createDate',
    create_date,
    'lastOpDate', last_op_date
)) FROM ip_range ORDER BY rowid;
INSERT INTO document SELECT uuid, 'InstanceOffering', 'InstanceOffering', 0, json_patch('{}', json_object(
    'uuid', uuid, 'name', name, 'cpuNum', cpu_num, 'memorySize', memory_size,
    'allocatorStrategy', allocator_strategy, 'createDate', create_date, 'lastOpDate', last_op_date
)) FROM instance_offering ORDER BY rowid;
INSERT INTO document SELECT uuid, 'Image', 'Image', revision, json_patch('{}', json_object(
    'uuid', uuid, 'name', name, 'description', description, '_account', account_uuid,
    '_shared', json(iif(shared, 'true', 'false')), 'mediaType', media_type, 'format', format, 'platform', platform,
    'architecture', architecture, 'guestOsType', guest_os_type, 'size', size, 'actualSize', actual_size,
    'state', state, 'status', status, 'createDate', create_date, 'lastOpDate', last_op_date, 'url', url,
    'system', json(iif(system, 'true', 'false')), 'virtio', json(iif(virtio, 'true', 'false'))
)) FROM image ORDER BY rowid;
INSERT INTO document SELECT lower(hex(randomblob(16))), 'ImageCache', 'ImageCache', 0, json_patch('{}', json_object(
    'imageUuid', image_uuid, 'primaryStorageUuid', primary_storage_uuid, 'mediaType', media_type, 'size', size,
    'actualSize', actual_size, 'installPath', install_path, 'createDate', create_date
)) FROM image_cache;
INSERT INTO document SELECT uuid, 'VmInstance', 'VmInstance', revision, json_patch('{}', json_object(
    'uuid', uuid, 'defaultL3NetworkUuid', default_l3_network_uuid, 'name', name, 'description', description,
    '_account', account_uuid,
    '_shared', json(iif(shared, 'true', 'false')), 'internalId', internal_id, 'zoneUuid', zone_uuid,
    'clusterUuid', cluster_uuid, 'hostUuid', host_uuid, 'lastHostUuid', last_host_uuid, 'imageUuid', image_uuid,
    'instanceOfferingUuid', instance_offering_uuid, 'rootVolumeUuid', root_volume_uuid, 'platform', platform,
    'architecture', architecture, 'guestOsType', guest_os_type, 'hypervisorType', hypervisor_type,
    'memorySize', memory_size, 'cpuNum', cpu_num, 'allocatorStrategy', allocator_strategy, 'state', state,
    'createDate', create_date, 'lastOpDate', last_op_date
)) FROM vm_instance ORDER BY rowid;
INSERT INTO document SELECT uuid, 'Volume', 'Volume', 0, json_patch('{}', json_object(
    'uuid', uuid, 'name', name, 'description', description, '_account', account_uuid,
    'primaryStorageUuid', primary_storage_uuid, 'vmInstanceUuid', vm_instance_uuid,
    'rootImageUuid', root_image_uuid, 'installPath', install_path, 'type', kind, 'format', format, 'size', size,
    'actualSize', actual_size, 'deviceId', device_id, 'state', state, 'status', status,
    'isShareable', json(iif(is_shareable, 'true', 'false')), 'lastAttachDate', last_attach_date,
    'lastDetachDate', last_detach_date, 'lastVmInstanceUuid', last_vm_instance_uuid, 'createDate', create_date,
    'lastOpDate', last_op_date
)) FROM volume ORDER BY rowid;
INSERT INTO document SELECT uuid, 'VolumeSnapshot', 'VolumeSnapshot', 0, json_patch('{}', json_object(
    'uuid', uuid, 'name', name, 'description', description, 'volumeUuid', volume_uuid, 'treeUuid', tree_uuid,
    'parentUuid', parent_uuid, 'primaryStorageUuid', primary_storage_uuid,
    'primaryStorageInstallPath', install_path, 'volumeType', volume_type, 'format', format,
    'latest', json(iif(latest, 'true', 'false')), 'size', size, 'distance', distance, 'status', status,
    'createDate', create_date, 'lastOpDate', last_op_date
)) FROM volume_snapshot ORDER BY rowid;
INSERT INTO document SELECT uuid, 'VmNic', 'VmNic', 0, json_patch('{}', json_object(
    'uuid', uuid, 'l3NetworkUuid', l3_network_uuid, 'vmInstanceUuid', vm_instance_uuid, 'deviceId', device_id,
    'mac', mac,
    'internalName', internal_name, 'driverType', driver_type, 'createDate', create_date,
    'lastOpDate', last_op_date
)) FROM vm_nic ORDER BY rowid;
INSERT INTO document SELECT uuid, 'UsedIp', 'UsedIp', 0, json_patch('{}', json_object(
    'uuid', uuid, 'l3NetworkUuid', l3_network_uuid, 'vmNicUuid', vm_nic_uuid, 'ipRangeUuid', ip_range_uuid, 'ip',
    ip, 'netmask', netmask,
    'gateway', gateway, 'createDate', create_date, 'lastOpDate', last_op_date
)) FROM used_ip ORDER BY rowid;
INSERT INTO document SELECT uuid, 'VmCdRom', 'VmCdRom', 0, json_patch('{}', json_object(
    'uuid', uuid, 'vmInstanceUuid', vm_instance_uuid, 'deviceId', device_id, 'name', name,
    'description', description, 'isoUuid', iso_uuid, 'isoInstallPath', iso_install_path, 'protocol', protocol,
    'createDate', create_date, 'lastOpDate', last_op_date
)) FROM cd_rom ORDER BY rowid;

INSERT INTO link SELECT uuid, 'accountUuid', account_uuid FROM access_key WHERE account_uuid IS NOT NULL;
INSERT INTO link SELECT uuid, 'zoneUuid', zone_uuid FROM cluster WHERE zone_uuid IS NOT NULL;
INSERT INTO link SELECT uuid, 'clusterUuid', cluster_uuid FROM host WHERE cluster_uuid IS NOT NULL;
INSERT INTO link SELECT uuid, 'zoneUuid', zone_uuid FROM primary_storage WHERE zone_uuid IS NOT NULL;
INSERT INTO link SELECT uuid, 'zoneUuid', zone_uuid FROM l3_network WHERE zone_uuid IS NOT NULL;
INSERT INTO link SELECT uuid, '_account', account_uuid FROM image WHERE account_uuid IS NOT NULL;
INSERT INTO link SELECT uuid, 'primaryStorageUuid',
body ->> 'primaryStorageUuid' FROM document WHERE kind = 'ImageCache';
INSERT INTO link SELECT uuid, '_account', account_uuid FROM vm_instance WHERE account_uuid IS NOT NULL;
INSERT INTO link SELECT uuid, 'zoneUuid', zone_uuid FROM vm_instance WHERE zone_uuid IS NOT NULL;
INSERT INTO link SELECT uuid, 'clusterUuid', cluster_uuid FROM vm_instance WHERE cluster_uuid IS NOT NULL;
INSERT INTO link SELECT uuid, 'hostUuid', host_uuid FROM vm_instance WHERE host_uuid IS NOT NULL;
INSERT INTO link SELECT uuid, 'lastHostUuid', last_host_uuid FROM vm_instance WHERE last_host_uuid IS NOT NULL;
INSERT INTO link SELECT uuid, 'instanceOfferingUuid',
instance_offering_uuid FROM vm_instance WHERE instance_offering_uuid IS NOT NULL;
INSERT INTO link SELECT uuid, '_account', account_uuid FROM volume WHERE account_uuid IS NOT NULL;
INSERT INTO link SELECT uuid, 'primaryStorageUuid',
primary_storage_uuid FROM volume WHERE primary_storage_uuid IS NOT NULL;
INSERT INTO link SELECT uuid, 'vmInstanceUuid', vm_instance_uuid FROM volume WHERE vm_instance_uuid IS NOT NULL;
INSERT INTO link SELECT uuid, 'volumeUuid', volume_uuid FROM volume_snapshot WHERE volume_uuid IS NOT NULL;
INSERT INTO link SELECT uuid, 'parentUuid', parent_uuid FROM volume_snapshot WHERE parent_uuid IS NOT NULL;
INSERT INTO link SELECT uuid, 'primaryStorageUuid',
primary_storage_uuid FROM volume_snapshot WHERE primary_storage_uuid IS NOT NULL;
INSERT INTO link SELECT uuid, 'vmInstanceUuid', vm_instance_uuid FROM vm_nic WHERE vm_instance_uuid IS NOT NULL;
INSERT INTO link SELECT uuid, 'vmNicUuid', vm_nic_uuid FROM used_ip WHERE vm_nic_uuid IS NOT NULL;
INSERT INTO link SELECT uuid, 'ipRangeUuid', ip_range_uuid FROM used_ip WHERE ip_range_uuid IS NOT NULL;
INSERT INTO link SELECT uuid, 'vmInstanceUuid', vm_instance_uuid FROM cd_rom WHERE vm_instance_uuid IS NOT NULL;
INSERT INTO link SELECT uuid, 'l3NetworkUuid', l3_network_uuid FROM ip_range;
INSERT INTO link SELECT uuid, 'l3NetworkUuid', l3_network_uuid FROM vm_nic;
INSERT INTO link SELECT uuid, 'l3NetworkUuid', l3_network_uuid FROM used_ip;
INSERT INTO link SELECT uuid, 'defaultL3NetworkUuid', default_l3_network_uuid FROM vm_instance
WHERE default_l3_network_uuid IS NOT NULL;
INSERT INTO link SELECT primary_storage_uuid, 'attachedClusterUuids', cluster_uuid FROM primary_storage_cluster;
INSERT INTO link SELECT backup_storage_uuid, 'attachedZoneUuids', zone_uuid FROM backup_storage_zone;
INSERT INTO link SELECT image_uuid, 'backupStorageRefs', backup_storage_uuid FROM backup_storage_ref;

-- Lists in documents.
UPDATE document SET body = json_set(body, '$.attachedClusterUuids', json((
    SELECT json_group_array(target) FROM link WHERE source = uuid AND field = 'attachedClusterUuids'
))) WHERE kind = 'PrimaryStorage';
UPDATE document SET body = json_set(body, '$.attachedZoneUuids', json((
    SELECT json_group_array(target) FROM link WHERE source = uuid AND field = 'attachedZoneUuids'
))) WHERE kind = 'BackupStorage';
UPDATE document SET body = json_set(body, '$.backupStorageRefs', json((
    SELECT json_group_array(json_object(
        'imageUuid', image_uuid, 'backupStorageUuid', backup_storage_uuid, 'installPath', install_path, 'status',
        status,
        'createDate', create_date, 'lastOpDate', last_op_date
    )) FROM backup_storage_ref WHERE image_uuid = uuid
))) WHERE kind = 'Image';

-- Fields that the tables did not have, as they were the same in all rows.
UPDATE document SET body = json_patch('{"state": "Enabled", "type": "zstack"}', body) WHERE kind = 'Zone';
UPDATE document SET body = json_patch('{"state": "Enabled", "type": "zstack"}', body) WHERE kind = 'Cluster';
UPDATE document SET body = json_patch('{"state": "Enabled"}', body) WHERE kind = 'Host';
UPDATE document SET body = json_patch('{"state": "Enabled"}', body) WHERE kind = 'PrimaryStorage';
UPDATE document SET body = json_patch('{"state": "Enabled"}', body) WHERE kind = 'BackupStorage';
UPDATE document SET body = json_patch('{"state": "Enabled", "type": "L3BasicNetwork", "category": "Private",
"system": false, "ipVersion": 4}', body) WHERE kind = 'L3Network';
UPDATE document SET body = json_patch('{"state": "Enabled", "type": "UserVm", "cpuSpeed": 0, "sortKey": 0}',
body) WHERE kind = 'InstanceOffering';
UPDATE document SET body = json_patch('{"type": "zstack"}', body) WHERE kind = 'Image';
UPDATE document SET body = json_patch('{"type": "UserVm", "cpuSpeed": 0}', body) WHERE kind = 'VmInstance';
UPDATE document SET body = json_patch('{"type": "VNIC", "state": "enable"}', body) WHERE kind = 'VmNic';

-- Sessions refer to documents.
CREATE TABLE new_session (
    uuid TEXT PRIMARY KEY,
    account_uuid TEXT NOT NULL REFERENCES document,
    expired_date INTEGER NOT NULL,
    create_date INTEGER NOT NULL
) STRICT;
INSERT INTO new_session SELECT * FROM session;
DROP TABLE session;
ALTER TABLE new_session RENAME TO session;
CREATE INDEX session_by_account ON session (account_uuid, expired_date);
CREATE INDEX session_by_end ON session (expired_date);

-- Tables refer to earlier ones, so the last one is dropped first.
DROP VIEW vm_nic_address;
DROP TABLE access_key;
DROP TABLE cd_rom;
DROP TABLE used_ip;
DROP TABLE vm_nic;
DROP TABLE volume_snapshot;
DROP TABLE volume;
DROP TABLE vm_instance;
DROP TABLE image_cache;
DROP TABLE backup_storage_ref;
DROP TABLE image;
DROP TABLE instance_offering;
DROP TABLE ip_range;
DROP TABLE l3_network;
DROP TABLE backup_storage_zone;
DROP TABLE backup_storage;
DROP TABLE primary_storage_cluster;
DROP TABLE primary_storage;
DROP TABLE host;
DROP TABLE cluster;
DROP TABLE zone;
DROP TABLE account;

-- The documents of a kind as rows, for the statements that name columns.
CREATE VIEW account AS SELECT
    uuid, revision, body, body ->> 'name' AS name, body ->> 'type' AS kind, body ->> '_password' AS password,
    body ->> 'createDate' AS create_date, body ->> 'lastOpDate' AS last_op_date
FROM document WHERE kind = 'Account';
CREATE VIEW access_key AS SELECT
    uuid, revision, body, body ->> 'description' AS description, body ->> 'accountUuid' AS account_uuid,
    body ->> 'AccessKeyID' AS id, body ->> 'AccessKeySecret' AS secret, body ->> 'state' AS state,
    body ->> 'createDate' AS create_date, body ->> 'lastOpDate' AS last_op_date
FROM document WHERE kind = 'AccessKey';
CREATE VIEW zone AS SELECT
    uuid, revision, body, body ->> 'name' AS name, body ->> 'createDate' AS create_date,
    body ->> 'lastOpDate' AS last_op_date
FROM document WHERE kind = 'Zone';
CREATE VIEW cluster AS SELECT
    uuid, revision, body, body ->> 'name' AS name, body ->> 'zoneUuid' AS zone_uuid,
    body ->> 'hypervisorType' AS hypervisor_type, body ->> 'architecture' AS architecture,
    body ->> 'createDate' AS create_date, body ->> 'lastOpDate' AS last_op_date
FROM document WHERE kind = 'Cluster';
CREATE VIEW host AS SELECT
    uuid, revision, body, body ->> 'name' AS name, body ->> 'clusterUuid' AS cluster_uuid,
    body ->> 'managementIp' AS management_ip, body ->> 'status' AS status, body ->> 'createDate' AS create_date,
    body ->> 'lastOpDate' AS last_op_date
FROM document WHERE base = 'Host';
CREATE VIEW primary_storage AS SELECT
    uuid, revision, body, body ->> 'name' AS name, body ->> 'zoneUuid' AS zone_uuid, body ->> 'type' AS kind,
    body ->> 'url' AS url, body ->> 'fsid' AS fsid, body ->> 'status' AS status,
    body ->> 'createDate' AS create_date, body ->> 'lastOpDate' AS last_op_date
FROM document WHERE base = 'PrimaryStorage';
CREATE VIEW backup_storage AS SELECT
    uuid, revision, body, body ->> 'name' AS name, body ->> 'type' AS kind, body ->> 'url' AS url,
    body ->> 'fsid' AS fsid, body ->> 'status' AS status, body ->> 'createDate' AS create_date,
    body ->> 'lastOpDate' AS last_op_date
FROM document WHERE base = 'BackupStorage';
CREATE VIEW l3_network AS SELECT
    uuid, revision, body, body ->> 'name' AS name, body ->> 'zoneUuid' AS zone_uuid,
    body ->> 'createDate' AS create_date, body ->> 'lastOpDate' AS last_op_date
FROM document WHERE base = 'L3Network';
CREATE VIEW ip_range AS SELECT
    uuid, revision, body, body ->> 'l3NetworkUuid' AS l3_network_uuid, body ->> 'networkCidr' AS network_cidr,
    body ->> 'gateway' AS gateway,
    body ->> 'createDate' AS create_date, body ->> 'lastOpDate' AS last_op_date
FROM document WHERE base = 'IpRange';
CREATE VIEW instance_offering AS SELECT
    uuid, revision, body, body ->> 'name' AS name, body ->> 'cpuNum' AS cpu_num,
    body ->> 'memorySize' AS memory_size, body ->> 'allocatorStrategy' AS allocator_strategy,
    body ->> 'createDate' AS create_date, body ->> 'lastOpDate' AS last_op_date
FROM document WHERE kind = 'InstanceOffering';
CREATE VIEW image AS SELECT
    uuid, revision, body, body ->> 'name' AS name, body ->> 'description' AS description,
    body ->> '_account' AS account_uuid, body ->> '_shared' AS shared, body ->> 'mediaType' AS media_type,
    body ->> 'format' AS format, body ->> 'platform' AS platform, body ->> 'architecture' AS architecture,
    body ->> 'guestOsType' AS guest_os_type, body ->> 'size' AS size, body ->> 'actualSize' AS actual_size,
    body ->> 'state' AS state, body ->> 'status' AS status, body ->> 'createDate' AS create_date,
    body ->> 'lastOpDate' AS last_op_date, body ->> 'url' AS url, body ->> 'system' AS system,
    body ->> 'virtio' AS virtio
FROM document WHERE kind = 'Image';
CREATE VIEW image_cache AS SELECT
    uuid, body, body ->> 'imageUuid' AS image_uuid, body ->> 'primaryStorageUuid' AS primary_storage_uuid,
    body ->> 'mediaType' AS media_type, body ->> 'size' AS size, body ->> 'actualSize' AS actual_size,
    body ->> 'installPath' AS install_path, body ->> 'createDate' AS create_date
FROM document WHERE kind = 'ImageCache';
CREATE VIEW vm_instance AS SELECT
    uuid, revision, body, body ->> 'defaultL3NetworkUuid' AS default_l3_network_uuid, body ->> 'name' AS name,
    body ->> 'description' AS description,
    body ->> '_account' AS account_uuid, body ->> '_shared' AS shared, body ->> 'internalId' AS internal_id,
    body ->> 'zoneUuid' AS zone_uuid, body ->> 'clusterUuid' AS cluster_uuid, body ->> 'hostUuid' AS host_uuid,
    body ->> 'lastHostUuid' AS last_host_uuid, body ->> 'imageUuid' AS image_uuid,
    body ->> 'instanceOfferingUuid' AS instance_offering_uuid, body ->> 'rootVolumeUuid' AS root_volume_uuid,
    body ->> 'platform' AS platform, body ->> 'architecture' AS architecture,
    body ->> 'guestOsType' AS guest_os_type, body ->> 'hypervisorType' AS hypervisor_type,
    body ->> 'memorySize' AS memory_size, body ->> 'cpuNum' AS cpu_num,
    body ->> 'allocatorStrategy' AS allocator_strategy, body ->> 'state' AS state,
    body ->> 'createDate' AS create_date, body ->> 'lastOpDate' AS last_op_date
FROM document WHERE kind = 'VmInstance';
CREATE VIEW volume AS SELECT
    uuid, revision, body, body ->> 'name' AS name, body ->> 'description' AS description,
    body ->> '_account' AS account_uuid, body ->> 'primaryStorageUuid' AS primary_storage_uuid,
    body ->> 'vmInstanceUuid' AS vm_instance_uuid, body ->> 'rootImageUuid' AS root_image_uuid,
    body ->> 'installPath' AS install_path, body ->> 'type' AS kind, body ->> 'format' AS format,
    body ->> 'size' AS size, body ->> 'actualSize' AS actual_size, body ->> 'deviceId' AS device_id,
    body ->> 'state' AS state, body ->> 'status' AS status, body ->> 'isShareable' AS is_shareable,
    body ->> 'lastAttachDate' AS last_attach_date, body ->> 'lastDetachDate' AS last_detach_date,
    body ->> 'lastVmInstanceUuid' AS last_vm_instance_uuid, body ->> 'createDate' AS create_date,
    body ->> 'lastOpDate' AS last_op_date
FROM document WHERE kind = 'Volume';
CREATE VIEW volume_snapshot AS SELECT
    uuid, revision, body, body ->> 'name' AS name, body ->> 'description' AS description,
    body ->> 'volumeUuid' AS volume_uuid, body ->> 'treeUuid' AS tree_uuid, body ->> 'parentUuid' AS parent_uuid,
    body ->> 'primaryStorageUuid' AS primary_storage_uuid, body ->> 'primaryStorageInstallPath' AS install_path,
    body ->> 'volumeType' AS volume_type, body ->> 'format' AS format, body ->> 'latest' AS latest,
    body ->> 'size' AS size, body ->> 'distance' AS distance, body ->> 'status' AS status,
    body ->> 'createDate' AS create_date, body ->> 'lastOpDate' AS last_op_date
FROM document WHERE kind = 'VolumeSnapshot';
CREATE VIEW vm_nic AS SELECT
    uuid, revision, body, body ->> 'l3NetworkUuid' AS l3_network_uuid,
    body ->> 'vmInstanceUuid' AS vm_instance_uuid, body ->> 'deviceId' AS device_id,
    body ->> 'mac' AS mac, body ->> 'internalName' AS internal_name, body ->> 'driverType' AS driver_type,
    body ->> 'createDate' AS create_date, body ->> 'lastOpDate' AS last_op_date
FROM document WHERE kind = 'VmNic';
CREATE VIEW used_ip AS SELECT
    uuid, revision, body, body ->> 'l3NetworkUuid' AS l3_network_uuid, body ->> 'vmNicUuid' AS vm_nic_uuid,
    body ->> 'ipRangeUuid' AS ip_range_uuid,
    body ->> 'ip' AS ip, body ->> 'netmask' AS netmask, body ->> 'gateway' AS gateway,
    body ->> 'createDate' AS create_date, body ->> 'lastOpDate' AS last_op_date
FROM document WHERE kind = 'UsedIp';
CREATE VIEW cd_rom AS SELECT
    uuid, revision, body, body ->> 'vmInstanceUuid' AS vm_instance_uuid, body ->> 'deviceId' AS device_id,
    body ->> 'name' AS name, body ->> 'description' AS description, body ->> 'isoUuid' AS iso_uuid,
    body ->> 'isoInstallPath' AS iso_install_path, body ->> 'protocol' AS protocol,
    body ->> 'createDate' AS create_date, body ->> 'lastOpDate' AS last_op_date
FROM document WHERE kind = 'VmCdRom';
CREATE VIEW primary_storage_cluster AS
SELECT source AS primary_storage_uuid, target AS cluster_uuid FROM link WHERE field = 'attachedClusterUuids';
CREATE VIEW backup_storage_zone AS
SELECT source AS backup_storage_uuid, target AS zone_uuid FROM link WHERE field = 'attachedZoneUuids';
CREATE VIEW backup_storage_ref AS SELECT
    document.uuid AS image_uuid, part.value AS body, part.value ->> 'backupStorageUuid' AS backup_storage_uuid,
    part.value ->> 'installPath' AS install_path, part.value ->> 'status' AS status,
    part.value ->> 'createDate' AS create_date, part.value ->> 'lastOpDate' AS last_op_date
FROM document, json_each(document.body, '$.backupStorageRefs') AS part WHERE document.kind = 'Image';

-- The address returned for a network card: its first one, with IPv4 before IPv6.
CREATE VIEW vm_nic_address AS
SELECT vm_nic_uuid, uuid, ip, netmask, gateway FROM used_ip WHERE NOT EXISTS (
    SELECT 1 FROM used_ip AS other WHERE other.vm_nic_uuid = used_ip.vm_nic_uuid
    AND (instr(other.ip, ':') > 0, other.ip) < (instr(used_ip.ip, ':') > 0, used_ip.ip)
);

-- What is unique within a kind.
CREATE UNIQUE INDEX account_name ON document (body ->> 'name') WHERE kind = 'Account';
CREATE UNIQUE INDEX access_key_id ON document (body ->> 'AccessKeyID') WHERE kind = 'AccessKey';
CREATE UNIQUE INDEX host_address ON document (body ->> 'managementIp') WHERE base = 'Host';
CREATE UNIQUE INDEX vm_internal_id ON document (body ->> 'internalId') WHERE kind = 'VmInstance';
CREATE UNIQUE INDEX volume_device ON document (body ->> 'vmInstanceUuid', body ->> 'deviceId') WHERE kind = 'Volume';
CREATE UNIQUE INDEX vm_nic_device ON document (body ->> 'vmInstanceUuid', body ->> 'deviceId') WHERE kind = 'VmNic';
CREATE UNIQUE INDEX used_ip_address ON document (body ->> 'l3NetworkUuid', body ->> 'ip') WHERE kind = 'UsedIp';
CREATE UNIQUE INDEX cd_rom_device ON document (body ->> 'vmInstanceUuid', body ->> 'deviceId'
) WHERE kind = 'VmCdRom';
CREATE UNIQUE INDEX cd_rom_iso ON document (body ->> 'vmInstanceUuid', body ->> 'isoUuid') WHERE kind = 'VmCdRom';
CREATE UNIQUE INDEX image_cache_copy ON document (body ->> 'imageUuid', body ->> 'primaryStorageUuid'
) WHERE kind = 'ImageCache';

-- For queries. With these orders, a page of resources with a given value is a range of the index.
CREATE INDEX volume_by_storage ON document (body ->> 'primaryStorageUuid', body ->> 'type', body ->> 'vmInstanceUuid'
) WHERE kind = 'Volume';
CREATE INDEX volume_snapshot_by_volume ON document (body ->> 'volumeUuid', body ->> 'latest'
) WHERE kind = 'VolumeSnapshot';
CREATE INDEX used_ip_by_nic ON document (body ->> 'vmNicUuid') WHERE kind = 'UsedIp';
CREATE INDEX vm_instance_by_age ON document (body ->> 'createDate', uuid) WHERE kind = 'VmInstance';
CREATE INDEX vm_instance_by_name ON document ((body ->> 'name') COLLATE NOCASE, body ->> 'createDate', uuid
) WHERE kind = 'VmInstance';
CREATE INDEX vm_instance_by_state ON document ((body ->> 'state') COLLATE NOCASE, body ->> 'createDate', uuid
) WHERE kind = 'VmInstance';
CREATE INDEX vm_instance_by_zone ON document (body ->> 'zoneUuid', body ->> 'createDate', uuid
) WHERE kind = 'VmInstance';
CREATE INDEX vm_instance_by_cluster ON document (body ->> 'clusterUuid', body ->> 'createDate', uuid
) WHERE kind = 'VmInstance';
CREATE INDEX vm_instance_by_host ON document (body ->> 'hostUuid', body ->> 'createDate', uuid
) WHERE kind = 'VmInstance';
CREATE INDEX vm_instance_by_image ON document (body ->> 'imageUuid', body ->> 'createDate', uuid
) WHERE kind = 'VmInstance';
CREATE INDEX vm_instance_by_root_volume ON document (body ->> 'rootVolumeUuid') WHERE kind = 'VmInstance';
CREATE INDEX vm_instance_by_account ON document (body ->> '_account', body ->> 'createDate', uuid
) WHERE kind = 'VmInstance';
CREATE INDEX vm_instance_shared ON document (body ->> '_shared'
) WHERE kind = 'VmInstance' AND body ->> '_shared' = 1;
CREATE INDEX cd_rom_by_age ON document (body ->> 'createDate', uuid) WHERE kind = 'VmCdRom';
CREATE INDEX cd_rom_by_iso ON document (body ->> 'isoUuid', body ->> 'createDate', uuid, body ->> 'vmInstanceUuid'
) WHERE kind = 'VmCdRom' AND body ->> 'isoUuid' IS NOT NULL;
CREATE INDEX cd_rom_by_name ON document ((body ->> 'name') COLLATE NOCASE, body ->> 'createDate', uuid
) WHERE kind = 'VmCdRom';
CREATE INDEX image_by_age ON document (body ->> 'createDate', uuid) WHERE kind = 'Image';
CREATE INDEX image_by_name ON document ((body ->> 'name') COLLATE NOCASE, body ->> 'createDate', uuid
) WHERE kind = 'Image';
CREATE INDEX used_ip_by_ip ON document ((body ->> 'ip') COLLATE NOCASE) WHERE kind = 'UsedIp';
CREATE INDEX vm_nic_by_mac ON document ((body ->> 'mac') COLLATE NOCASE) WHERE kind = 'VmNic';
CREATE INDEX vm_nic_by_network ON document (body ->> 'l3NetworkUuid') WHERE kind = 'VmNic';
CREATE INDEX volume_by_image ON document (body ->> 'rootImageUuid') WHERE kind = 'Volume';
CREATE INDEX volume_by_name ON document ((body ->> 'name') COLLATE NOCASE) WHERE kind = 'Volume';
CREATE INDEX access_key_by_account ON document (body ->> 'accountUuid') WHERE kind = 'AccessKey';
CREATE INDEX volume_snapshot_by_parent ON document (body ->> 'parentUuid') WHERE kind = 'VolumeSnapshot';
