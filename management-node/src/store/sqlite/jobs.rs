//! The jobs of the API. They are stored like resources, so that the result of a
//! job can be committed with the changes of its operation.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::body::Bytes;
use axum::http::StatusCode;
use rusqlite::types::FromSqlError;
use rusqlite::{Connection, OptionalExtension as _, Row, ffi, params};
use zstack_server::{
    Answer, BoxFuture, Credentials, FinishedJob, Job, JobResult, JobStore, JobStoreError, StoredJob,
};

use super::SqliteStore;
use super::documents::Snapshot;
use super::errors::store_error;
use crate::model::{Changes, Edit, JobEdit, Moment};
use crate::store::{JobEnd, JobSummary, Store as _, StoreError, StoreResult};

const COLUMNS: &str =
    "uuid, operation, submitted, timeout, webhook, with_schema, status, body, schema, ended, expires";

/// The account of the session or access key of the caller, if it is stored; bound
/// to the values of [`caller`].
const OWNER: &str = "coalesce((SELECT account_uuid FROM session WHERE uuid = ?), \
    (SELECT accountUuid FROM document WHERE base = 'AccessKey' AND AccessKeyID = ?))";

/// Makes an edit within a transaction.
pub(super) fn apply(connection: &Connection, edit: &JobEdit) -> Result<(), StoreError> {
    match edit {
        JobEdit::Begin(job, now) => begin(connection, job, *now).map_err(|error| begin_error(&error, job)),
        JobEdit::Finish(finished) => finish(connection, finished).map_err(|error| store_error(&error)),
        JobEdit::WebhookDone(uuid) => {
            let sql = "UPDATE job SET webhook = NULL WHERE uuid = ?1";
            run(connection, sql, params![uuid]).map_err(|error| store_error(&error))
        }
        JobEdit::DeleteExpired(now) => {
            let sql = "DELETE FROM job WHERE expires <= ?1";
            run(connection, sql, params![now]).map_err(|error| store_error(&error))
        }
    }
}

fn run(connection: &Connection, sql: &str, values: &[&dyn rusqlite::ToSql]) -> rusqlite::Result<()> {
    connection.prepare_cached(sql)?.execute(values).map(drop)
}

fn begin(connection: &Connection, job: &Job, now: Moment) -> rusqlite::Result<()> {
    run(connection, "DELETE FROM job WHERE uuid = ?1 AND expires <= ?2", params![job.uuid, now])?;
    let sql = format!(
        "INSERT INTO job ({COLUMNS}, account_uuid) \
         VALUES (?, ?, ?, ?, ?, ?, NULL, NULL, NULL, NULL, NULL, {OWNER})"
    );
    let (submitted, timeout) = (Moment::from(job.submitted), millis(job.timeout));
    let (session, access_key) = caller(job);
    run(
        connection,
        &sql,
        params![
            job.uuid,
            job.operation,
            submitted,
            timeout,
            job.webhook,
            job.with_schema,
            session,
            access_key,
        ],
    )
}

/// Returns the session or the access key with which a job was submitted.
fn caller(job: &Job) -> (Option<&str>, Option<&str>) {
    match &job.credentials {
        Credentials::AccessKey(id) => (None, Some(id)),
        other => (other.session(), None),
    }
}

fn finish(connection: &Connection, FinishedJob { job, result }: &FinishedJob) -> rusqlite::Result<()> {
    let sql = format!(
        "INSERT INTO job ({COLUMNS}, account_uuid) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, {OWNER}) \
         ON CONFLICT (uuid) DO UPDATE SET status = excluded.status, body = excluded.body, \
         schema = excluded.schema, ended = excluded.ended, expires = excluded.expires WHERE status IS NULL"
    );
    let JobResult { answer, ended, expires } = result;
    let (session, access_key) = caller(job);
    run(
        connection,
        &sql,
        params![
            job.uuid,
            job.operation,
            Moment::from(job.submitted),
            millis(job.timeout),
            job.webhook,
            job.with_schema,
            answer.status.as_u16(),
            &answer.body[..],
            answer.schema.as_deref(),
            Moment::from(*ended),
            Moment::from(*expires),
            session,
            access_key,
        ],
    )
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

fn begin_error(error: &rusqlite::Error, job: &Job) -> StoreError {
    match error.sqlite_error().map(|sqlite_error| sqlite_error.extended_code) {
        Some(ffi::SQLITE_CONSTRAINT_PRIMARYKEY) => StoreError::Exists { kind: "job", uuid: job.uuid.clone() },
        _ => store_error(error),
    }
}

fn find(connection: &Connection, uuid: &str) -> rusqlite::Result<Option<StoredJob>> {
    let sql = format!("SELECT {COLUMNS} FROM job WHERE uuid = ?1");
    connection.prepare_cached(&sql)?.query_row([uuid], read).optional()
}

/// Loads the newest jobs of an account, or of all accounts.
pub(super) fn newest(
    connection: &Connection,
    account_uuid: Option<&str>,
    limit: usize,
) -> rusqlite::Result<Vec<JobSummary>> {
    let sql = "SELECT uuid, operation, submitted, ended, status, \
               CASE WHEN status <> 200 THEN CAST(body AS TEXT) ->> '$.error.code' END \
               FROM job WHERE ?1 IS NULL OR account_uuid = ?1 ORDER BY submitted DESC, uuid DESC LIMIT ?2";
    let read = |row: &Row<'_>| {
        let ended: Option<Moment> = row.get(3)?;
        let is_success = row.get::<_, Option<u16>>(4)? == Some(200);
        let error_code = row.get(5)?;
        Ok(JobSummary {
            uuid: row.get(0)?,
            operation: row.get(1)?,
            submitted: row.get(2)?,
            end: ended.map(|at| JobEnd { at, is_success, error_code }),
        })
    };
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    connection.prepare_cached(sql)?.query_map(params![account_uuid, limit], read)?.collect()
}

fn unfinished_jobs(connection: &Connection) -> rusqlite::Result<Vec<StoredJob>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM job WHERE status IS NULL OR webhook IS NOT NULL ORDER BY submitted, uuid"
    );
    connection.prepare_cached(&sql)?.query_map((), read)?.collect()
}

fn read(row: &Row<'_>) -> rusqlite::Result<StoredJob> {
    let time = |moment: Moment| SystemTime::from(moment.instant());
    let job = Job {
        uuid: row.get(0)?,
        operation: Cow::Owned(row.get(1)?),
        submitted: time(row.get(2)?),
        timeout: Duration::from_millis(row.get::<_, i64>(3)?.unsigned_abs()),
        webhook: row.get(4)?,
        with_schema: row.get(5)?,
        // The store has the account of a job, but not its credentials.
        credentials: Credentials::None,
    };
    let result = match row.get::<_, Option<u16>>(6)? {
        Some(status) => Some(JobResult {
            answer: Answer {
                status: StatusCode::from_u16(status).map_err(FromSqlError::other)?,
                body: row.get::<_, Vec<u8>>(7)?.into(),
                schema: row.get::<_, Option<Vec<u8>>>(8)?.map(Bytes::from),
            },
            ended: time(row.get(9)?),
            expires: time(row.get(10)?),
        }),
        None => None,
    };
    Ok(StoredJob { job: Arc::new(job), result })
}

impl SqliteStore {
    async fn edit_jobs(&self, edit: JobEdit) -> Result<(), StoreError> {
        self.commit(Changes { guards: Vec::new(), edits: vec![Edit::Job(edit)] }).await
    }

    fn job(&self, uuid: &str) -> StoreResult<Option<StoredJob>> {
        self.caches.jobs.find(uuid, || self.readers.read(|connection| find(connection, uuid)))
    }
}

impl JobStore for SqliteStore {
    fn begin(&self, job: Arc<Job>, now: SystemTime) -> BoxFuture<'_, Result<bool, JobStoreError>> {
        Box::pin(async move {
            match self.edit_jobs(JobEdit::Begin(job, now.into())).await {
                Ok(()) => Ok(true),
                Err(StoreError::Exists { .. }) => Ok(false),
                Err(error) => Err(error.into()),
            }
        })
    }

    fn finish(&self, job: FinishedJob) -> BoxFuture<'_, Result<(), JobStoreError>> {
        Box::pin(async move {
            // Most jobs were finished by the commit of their operation.
            if self.job(&job.job.uuid)?.is_some_and(|job| job.result.is_some()) {
                return Ok(());
            }
            Ok(self.edit_jobs(JobEdit::Finish(job)).await?)
        })
    }

    fn find<'a>(&'a self, uuid: &'a str) -> BoxFuture<'a, Result<Option<StoredJob>, JobStoreError>> {
        Box::pin(async move { Ok(self.job(uuid)?) })
    }

    fn finish_webhook<'a>(&'a self, uuid: &'a str) -> BoxFuture<'a, Result<(), JobStoreError>> {
        Box::pin(async move { Ok(self.edit_jobs(JobEdit::WebhookDone(uuid.to_owned())).await?) })
    }

    fn unfinished_jobs(&self) -> BoxFuture<'_, Result<Vec<StoredJob>, JobStoreError>> {
        Box::pin(async move { Ok(self.readers.read_many(|snapshot| unfinished_jobs(snapshot)).await?) })
    }

    fn count(&self) -> BoxFuture<'_, Result<usize, JobStoreError>> {
        Box::pin(async move {
            let count = |snapshot: &Snapshot<'_>| {
                snapshot.query_row("SELECT count(*) FROM job", (), |row| row.get(0))
            };
            let count: i64 = self.readers.read_many(count).await?;
            Ok(usize::try_from(count)?)
        })
    }

    fn delete_expired(&self, now: SystemTime) -> BoxFuture<'_, Result<(), JobStoreError>> {
        Box::pin(async move { Ok(self.edit_jobs(JobEdit::DeleteExpired(now.into())).await?) })
    }
}
