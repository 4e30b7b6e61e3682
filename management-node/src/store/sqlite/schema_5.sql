-- Lists of jobs: whose each is, as far as that is known, and the newest first.

ALTER TABLE job ADD COLUMN account_uuid TEXT;
CREATE INDEX job_by_age ON job (submitted, uuid, account_uuid);
