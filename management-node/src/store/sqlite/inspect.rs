//! Checks of a file before anything in it is changed.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::Options;
use super::errors::{OpenError, explain, explain_io};
use super::lock::log_path;
use super::migrate::{CLOSED, IN_USE, newest};

/// The time to wait for another program that has the file open.
pub(super) const BUSY_TIMEOUT: Duration = Duration::from_secs(2);

/// The maximum number of findings of `quick_check` that are reported.
const MAX_FINDINGS: usize = 3;

/// Checks that a file was written by this program, that no program has it open,
/// that it is undamaged, and that its log is not missing. Writes nothing.
///
/// Reading the whole file takes about a second for each gigabyte.
pub(super) fn inspect(path: &Path, options: &Options) -> Result<(), OpenError> {
    let has_log = log_path(path).try_exists().map_err(|error| explain_io(path, &error))?;
    if !has_log && !options.accept_missing_log && is_in_use(path).map_err(|error| explain_io(path, &error))? {
        return Err(OpenError::MissingLog { path: path.to_owned(), log: log_path(path) });
    }
    let failed = |error: rusqlite::Error| explain(path, &error);
    let connection = open_exclusive(path, has_log).map_err(failed)?;
    if connection.is_readonly("main").map_err(failed)? {
        return Err(OpenError::ReadOnly { path: path.to_owned() });
    }
    check_owner(&connection, path)?;
    let findings = quick_check(&connection).map_err(failed)?;
    if findings == ["ok"] {
        Ok(())
    } else {
        Err(OpenError::Damaged { path: path.to_owned(), reason: summary(&findings) })
    }
}

/// Returns the first lines of the findings of `quick_check`, without headings.
fn summary(findings: &[String]) -> String {
    let lines = findings.iter().flat_map(|finding| finding.lines()).filter(|line| !line.starts_with("***"));
    let lines: Vec<_> = lines.take(MAX_FINDINGS).collect();
    lines.join("; ")
}

/// Returns true if the file itself, without its log, is marked as not closed.
///
/// The mark is the application id in the header of the file:
/// <https://www.sqlite.org/fileformat2.html#application_id>.
fn is_in_use(path: &Path) -> io::Result<bool> {
    let mut header = [0; 72];
    match File::open(path)?.read_exact(&mut header) {
        Ok(()) => Ok(header[68..] == IN_USE.to_be_bytes()),
        // A new file is empty.
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

/// Opens a connection that locks the file with its first statement. This fails
/// while any connection of any process has the file open.
fn open_exclusive(path: &Path, has_log: bool) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.pragma_update_and_check(None, "locking_mode", "EXCLUSIVE", |_| Ok(()))?;
    // Keeps the log of a file that is then refused. Without a log, closing the
    // connection removes the empty one that it creates.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, has_log)?;
    Ok(connection)
}

fn check_owner(connection: &Connection, path: &Path) -> Result<(), OpenError> {
    let number = |pragma: &str| connection.pragma_query_value(None, pragma, |row| row.get::<_, i32>(0));
    let read = || -> rusqlite::Result<(i32, i32, bool)> {
        let is_empty = "SELECT NOT EXISTS (SELECT 1 FROM sqlite_schema)";
        Ok((
            number("application_id")?,
            number("user_version")?,
            connection.query_one(is_empty, (), |row| row.get(0))?,
        ))
    };
    let (application_id, version, is_empty) = read().map_err(|error| explain(path, &error))?;
    let (path, known) = (path.to_owned(), newest());
    match application_id {
        CLOSED | IN_USE if version > known => Err(OpenError::Newer { path, found: version, known }),
        CLOSED | IN_USE if version < 1 => Err(OpenError::UnknownVersion { path, found: version, known }),
        CLOSED | IN_USE => Ok(()),
        0 if version == 0 && is_empty => Ok(()),
        _ => Err(OpenError::NotOurs { path, application_id }),
    }
}

fn quick_check(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare(&format!("PRAGMA quick_check({MAX_FINDINGS})"))?;
    statement.query_map((), |row| row.get(0))?.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tests the lock for systems that cannot lock the file itself.
    #[test]
    fn refuses_a_file_that_a_connection_has_open() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.sqlite");
        let other = Connection::open(&path).unwrap();
        other.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(())).unwrap();
        other.pragma_update(None, "application_id", IN_USE).unwrap();
        other.pragma_update(None, "user_version", 1).unwrap();
        // No transaction is needed: an open connection is enough.
        let error = inspect(&path, &Options::default()).unwrap_err();
        assert!(matches!(error, OpenError::Locked { .. }), "{error}");
        drop(other);
        inspect(&path, &Options::default().accept_missing_log(true)).unwrap();
    }
}
