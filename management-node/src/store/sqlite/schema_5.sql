-- Lists of jobs, newest first, with the account if it is known.

ALTER TABLE job ADD COLUMN account_uuid TEXT;
CREATE INDEX job_by_age ON job (submitted, uuid, account_uuid);
