-- Jobs that can be polled. There is an answer - status, body, until when it is
-- kept - once the job is done; a webhook until there is nothing left to post.
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
