-- Access keys.

CREATE TABLE access_key (
    uuid TEXT PRIMARY KEY,
    description TEXT,
    account_uuid TEXT NOT NULL REFERENCES account,
    id TEXT NOT NULL UNIQUE,
    secret TEXT NOT NULL,
    state TEXT NOT NULL,
    create_date INTEGER NOT NULL,
    last_op_date INTEGER NOT NULL
) STRICT;
CREATE INDEX access_key_by_account ON access_key (account_uuid);
