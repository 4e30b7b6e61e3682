-- What deleting many snapshots needs.

CREATE INDEX volume_snapshot_by_parent ON volume_snapshot (parent_uuid);
