-- For deleting many snapshots.

CREATE INDEX volume_snapshot_by_parent ON volume_snapshot (parent_uuid);
