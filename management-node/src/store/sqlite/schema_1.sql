-- Names correspond to the structs in `model`. Times are milliseconds since the
-- Unix epoch. References are checked immediately, not at the end of the
-- transaction: many changes share one, and a failing one must not affect the
-- others.

CREATE TABLE account (
    uuid TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    password TEXT NOT NULL,
    create_date INTEGER NOT NULL,
    last_op_date INTEGER NOT NULL,
    revision INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE session (
    uuid TEXT PRIMARY KEY,
    account_uuid TEXT NOT NULL REFERENCES account,
    expired_date INTEGER NOT NULL,
    create_date INTEGER NOT NULL
) STRICT;
CREATE INDEX session_by_account ON session (account_uuid, expired_date);
CREATE INDEX session_by_end ON session (expired_date);

CREATE TABLE zone (
    uuid TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    create_date INTEGER NOT NULL,
    last_op_date INTEGER NOT NULL
) STRICT;

CREATE TABLE cluster (
    uuid TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    zone_uuid TEXT NOT NULL REFERENCES zone,
    hypervisor_type TEXT NOT NULL,
    architecture TEXT NOT NULL,
    create_date INTEGER NOT NULL,
    last_op_date INTEGER NOT NULL
) STRICT;

CREATE TABLE host (
    uuid TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    cluster_uuid TEXT NOT NULL REFERENCES cluster,
    management_ip TEXT NOT NULL UNIQUE,
    status TEXT NOT NULL,
    create_date INTEGER NOT NULL,
    last_op_date INTEGER NOT NULL
) STRICT;

CREATE TABLE primary_storage (
    uuid TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    zone_uuid TEXT NOT NULL REFERENCES zone,
    kind TEXT NOT NULL,
    url TEXT NOT NULL,
    fsid TEXT,
    status TEXT NOT NULL,
    create_date INTEGER NOT NULL,
    last_op_date INTEGER NOT NULL
) STRICT;

CREATE TABLE primary_storage_cluster (
    primary_storage_uuid TEXT NOT NULL REFERENCES primary_storage,
    cluster_uuid TEXT NOT NULL REFERENCES cluster,
    PRIMARY KEY (primary_storage_uuid, cluster_uuid)
) STRICT, WITHOUT ROWID;

CREATE TABLE backup_storage (
    uuid TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    url TEXT NOT NULL,
    fsid TEXT,
    status TEXT NOT NULL,
    create_date INTEGER NOT NULL,
    last_op_date INTEGER NOT NULL
) STRICT;

CREATE TABLE backup_storage_zone (
    backup_storage_uuid TEXT NOT NULL REFERENCES backup_storage,
    zone_uuid TEXT NOT NULL REFERENCES zone,
    PRIMARY KEY (backup_storage_uuid, zone_uuid)
) STRICT, WITHOUT ROWID;

CREATE TABLE l3_network (
    uuid TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    zone_uuid TEXT NOT NULL REFERENCES zone,
    create_date INTEGER NOT NULL,
    last_op_date INTEGER NOT NULL
) STRICT;

CREATE TABLE ip_range (
    uuid TEXT PRIMARY KEY,
    l3_network_uuid TEXT NOT NULL REFERENCES l3_network,
    network_cidr TEXT NOT NULL,
    gateway TEXT,
    create_date INTEGER NOT NULL,
    last_op_date INTEGER NOT NULL
) STRICT;

CREATE TABLE instance_offering (
    uuid TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    cpu_num INTEGER NOT NULL,
    memory_size INTEGER NOT NULL,
    allocator_strategy TEXT NOT NULL,
    create_date INTEGER NOT NULL,
    last_op_date INTEGER NOT NULL
) STRICT;

CREATE TABLE image (
    uuid TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    description TEXT,
    account_uuid TEXT NOT NULL REFERENCES account,
    shared INTEGER NOT NULL,
    media_type TEXT NOT NULL,
    format TEXT NOT NULL,
    platform TEXT NOT NULL,
    architecture TEXT NOT NULL,
    guest_os_type TEXT,
    size INTEGER NOT NULL,
    actual_size INTEGER NOT NULL,
    state TEXT NOT NULL,
    status TEXT NOT NULL,
    create_date INTEGER NOT NULL,
    last_op_date INTEGER NOT NULL,
    revision INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE backup_storage_ref (
    image_uuid TEXT NOT NULL REFERENCES image,
    backup_storage_uuid TEXT NOT NULL REFERENCES backup_storage,
    install_path TEXT NOT NULL,
    status TEXT NOT NULL,
    create_date INTEGER NOT NULL,
    last_op_date INTEGER NOT NULL,
    PRIMARY KEY (image_uuid, backup_storage_uuid)
) STRICT, WITHOUT ROWID;

-- The image may have been deleted; a cached copy is kept.
CREATE TABLE image_cache (
    image_uuid TEXT NOT NULL,
    primary_storage_uuid TEXT NOT NULL REFERENCES primary_storage,
    media_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    actual_size INTEGER NOT NULL,
    install_path TEXT NOT NULL,
    create_date INTEGER NOT NULL,
    PRIMARY KEY (image_uuid, primary_storage_uuid)
) STRICT, WITHOUT ROWID;

-- The image may have been deleted. The root volume is inserted after the VM
-- instance.
CREATE TABLE vm_instance (
    uuid TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    description TEXT,
    account_uuid TEXT NOT NULL REFERENCES account,
    shared INTEGER NOT NULL,
    internal_id INTEGER NOT NULL UNIQUE,
    zone_uuid TEXT NOT NULL REFERENCES zone,
    cluster_uuid TEXT NOT NULL REFERENCES cluster,
    host_uuid TEXT REFERENCES host,
    last_host_uuid TEXT REFERENCES host,
    image_uuid TEXT,
    instance_offering_uuid TEXT REFERENCES instance_offering,
    root_volume_uuid TEXT,
    default_l3_network_uuid TEXT REFERENCES l3_network,
    platform TEXT NOT NULL,
    architecture TEXT NOT NULL,
    guest_os_type TEXT,
    hypervisor_type TEXT NOT NULL,
    memory_size INTEGER NOT NULL,
    cpu_num INTEGER NOT NULL,
    allocator_strategy TEXT,
    state TEXT NOT NULL,
    create_date INTEGER NOT NULL,
    last_op_date INTEGER NOT NULL,
    revision INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE volume (
    uuid TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    description TEXT,
    account_uuid TEXT NOT NULL REFERENCES account,
    primary_storage_uuid TEXT NOT NULL REFERENCES primary_storage,
    vm_instance_uuid TEXT REFERENCES vm_instance,
    root_image_uuid TEXT,
    install_path TEXT NOT NULL,
    kind TEXT NOT NULL,
    format TEXT NOT NULL,
    size INTEGER NOT NULL,
    actual_size INTEGER NOT NULL,
    device_id INTEGER,
    state TEXT NOT NULL,
    status TEXT NOT NULL,
    is_shareable INTEGER NOT NULL,
    last_attach_date INTEGER,
    last_detach_date INTEGER,
    last_vm_instance_uuid TEXT,
    create_date INTEGER NOT NULL,
    last_op_date INTEGER NOT NULL,
    UNIQUE (vm_instance_uuid, device_id)
) STRICT;
CREATE INDEX volume_by_storage ON volume (primary_storage_uuid, kind, vm_instance_uuid);

CREATE TABLE volume_snapshot (
    uuid TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    description TEXT,
    volume_uuid TEXT NOT NULL REFERENCES volume,
    tree_uuid TEXT NOT NULL,
    parent_uuid TEXT REFERENCES volume_snapshot,
    primary_storage_uuid TEXT NOT NULL REFERENCES primary_storage,
    install_path TEXT NOT NULL,
    volume_type TEXT NOT NULL,
    format TEXT NOT NULL,
    latest INTEGER NOT NULL,
    size INTEGER NOT NULL,
    distance INTEGER NOT NULL,
    status TEXT NOT NULL,
    create_date INTEGER NOT NULL,
    last_op_date INTEGER NOT NULL
) STRICT;
CREATE INDEX volume_snapshot_by_volume ON volume_snapshot (volume_uuid, latest);

CREATE TABLE vm_nic (
    uuid TEXT PRIMARY KEY,
    vm_instance_uuid TEXT NOT NULL REFERENCES vm_instance,
    device_id INTEGER NOT NULL,
    l3_network_uuid TEXT NOT NULL REFERENCES l3_network,
    mac TEXT NOT NULL,
    internal_name TEXT NOT NULL,
    driver_type TEXT NOT NULL,
    create_date INTEGER NOT NULL,
    last_op_date INTEGER NOT NULL,
    UNIQUE (vm_instance_uuid, device_id)
) STRICT;

CREATE TABLE used_ip (
    uuid TEXT PRIMARY KEY,
    vm_nic_uuid TEXT NOT NULL REFERENCES vm_nic,
    ip_range_uuid TEXT NOT NULL REFERENCES ip_range,
    l3_network_uuid TEXT NOT NULL REFERENCES l3_network,
    ip TEXT NOT NULL,
    netmask TEXT NOT NULL,
    gateway TEXT,
    create_date INTEGER NOT NULL,
    last_op_date INTEGER NOT NULL,
    UNIQUE (l3_network_uuid, ip)
) STRICT;
CREATE INDEX used_ip_by_nic ON used_ip (vm_nic_uuid);

-- The ISO may have been deleted.
CREATE TABLE cd_rom (
    uuid TEXT PRIMARY KEY,
    vm_instance_uuid TEXT NOT NULL REFERENCES vm_instance,
    device_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    iso_uuid TEXT,
    iso_install_path TEXT,
    protocol TEXT,
    create_date INTEGER NOT NULL,
    last_op_date INTEGER NOT NULL,
    UNIQUE (vm_instance_uuid, device_id),
    UNIQUE (vm_instance_uuid, iso_uuid)
) STRICT;

-- The administrator of every installation. The password is `password`.
INSERT INTO account (uuid, name, kind, password, create_date, last_op_date) VALUES (
    '36c27e8ff05c4780bf6d2fa65700f22e',
    'admin',
    'SystemAdmin',
    'b109f3bbbc244eb82441917ed06d618b9008dd09b3befd1b5e07394c706a8bb980b1d7785e5976ec049b46df5f1326af5a2ea6d103fd07c95385ffab0cacbc86',
    unixepoch() * 1000,
    unixepoch() * 1000
);
