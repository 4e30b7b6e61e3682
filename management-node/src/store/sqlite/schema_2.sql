-- Jobs that can be polled. The status, body and expiration are set when the job
-- ends. The webhook is cleared when its result has been posted or given up.
CREATE TABLE job (
    uuid TEXT PRIMARY KEY,
    operation TEXT NOT NULL,
    submitted INTEGER NOT NULL,
    timeout INTEGER NOT NULL,
    webhook TEXT,
    with_schema INTEGER NOT NULL,
    status INTEGER,
    body BLOB,
    schema BLOB,
    ended INTEGER,
    expires INTEGER
) STRICT;
CREATE INDEX job_by_end ON job (expires);
