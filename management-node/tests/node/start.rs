//! Tests of starting the node with locked, incomplete or damaged databases and
//! with impossible clocks.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::Connection;
use tempfile::TempDir;
use zstack_node::app::{App, Settings, StartError};
use zstack_node::clock::Clock;
use zstack_node::inventory::{self, SAMPLE};
use zstack_node::model::Moment;
use zstack_node::store::Store as _;
use zstack_node::store::sqlite::{OpenError, Options, SqliteStore};

use crate::local::sample::WEB_1;
use crate::local::{NOON, StoppedClock};
use crate::process::{Server, run};
use crate::records;

/// Creates a database with the sample inventory and closes it.
async fn sample() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.sqlite");
    let store = SqliteStore::open(&path).unwrap();
    inventory::load("sample.yaml", SAMPLE, &store, StoppedClock::new().as_ref()).await.unwrap();
    store.close().await;
    (folder, path)
}

/// Returns the error of opening a database. Also verifies that neither the
/// file nor its log is changed and that the message is one short line.
fn open_error(path: &Path, options: &Options) -> OpenError {
    let log = with_suffix(path, "-wal");
    let before = (fs::read(path).unwrap(), fs::read(&log).ok());
    let error = SqliteStore::open_with(path, options)
        .err()
        .unwrap_or_else(|| panic!("{} was opened", path.display()));
    assert!((fs::read(path).unwrap(), fs::read(&log).ok()) == before, "{error}");
    let text = error.to_string();
    assert!(text.len() < 500 && !text.contains('\n') && !text.contains("CREATE"), "{text}");
    error
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

#[tokio::test]
async fn unknown_schema_versions_are_refused() {
    let (_folder, path) = sample().await;
    for version in [-1, 0, i32::MIN, 11, i32::MAX] {
        Connection::open(&path).unwrap().pragma_update(None, "user_version", version).unwrap();
        let error = open_error(&path, &Options::default());
        match error {
            OpenError::UnknownVersion { found, known: 10, .. } if version < 1 => assert_eq!(found, version),
            OpenError::Newer { found, known: 10, .. } if version > 10 => assert_eq!(found, version),
            _ => panic!("{version}: {error}"),
        }
    }
    // The same with the log of a killed process.
    let log = with_suffix(&path, "-wal");
    let other = Connection::open(&path).unwrap();
    other.pragma_update(None, "user_version", -1).unwrap();
    let (copy, log_copy) = (path.with_extension("copy"), with_suffix(&path.with_extension("copy"), "-wal"));
    fs::copy(&path, &copy).unwrap();
    fs::copy(&log, &log_copy).unwrap();
    let error = open_error(&copy, &Options::default());
    assert!(matches!(error, OpenError::UnknownVersion { found: -1, .. }), "{error}");
}

#[tokio::test]
async fn a_damaged_file_is_refused() {
    let (_folder, path) = sample().await;
    let whole = fs::read(&path).unwrap();
    // Damaged pages within the file, then a truncated file.
    for page in [3, 8, 20] {
        let mut damaged = whole.clone();
        damaged[page * 4096..(page + 1) * 4096].fill(0x5a);
        fs::write(&path, &damaged).unwrap();
        let error = open_error(&path, &Options::default());
        assert!(matches!(error, OpenError::Damaged { .. }), "{error}");
    }
    fs::write(&path, &whole[..whole.len() - 4096]).unwrap();
    let error = open_error(&path, &Options::default());
    assert!(matches!(error, OpenError::Damaged { .. }), "{error}");
    fs::write(&path, &whole).unwrap();
    SqliteStore::open(&path).unwrap().close().await;
}

#[tokio::test]
async fn a_missing_log_is_detected() {
    let (folder, path) = sample().await;
    let store = SqliteStore::open(&path).unwrap();
    let mut vm = records::instance(&store, WEB_1).await;
    vm.name = "renamed".to_owned();
    let edits = vec![records::put(vm)];
    store.commit(zstack_node::model::Changes { guards: vec![], edits }).await.unwrap();
    // Copies as after a power failure, with and without the log.
    let name = async |path: &Path, options: &Options| {
        let store = SqliteStore::open_with(path, options).unwrap();
        let vm = records::instance(&store, WEB_1).await;
        store.close().await;
        vm.name
    };
    let [whole, part, empty] = ["whole", "part", "empty"].map(|name| folder.path().join(name));
    for copy in [&whole, &part, &empty] {
        fs::copy(&path, copy).unwrap();
    }
    fs::copy(with_suffix(&path, "-wal"), with_suffix(&whole, "-wal")).unwrap();
    fs::write(with_suffix(&empty, "-wal"), "").unwrap();
    store.close().await;

    assert_eq!(name(&whole, &Options::default()).await, "renamed");
    for _ in 0..2 {
        let error = open_error(&part, &Options::default());
        assert!(matches!(&error, OpenError::MissingLog { log, .. } if log.ends_with("part-wal")), "{error}");
    }
    let output = run(&["serve", "--listen", "127.0.0.1:0", "--database", part.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("--accept-missing-log"), "{output:?}");
    assert_eq!(name(&part, &Options::default().accept_missing_log(true)).await, "web-1");
    // The store has been closed since.
    assert_eq!(name(&part, &Options::default()).await, "web-1");
    // An empty log means that nothing was written to it.
    assert_eq!(name(&empty, &Options::default()).await, "web-1");
    // A closed store needs no log.
    assert_eq!(name(&path, &Options::default()).await, "renamed");
    assert!(!with_suffix(&path, "-wal").exists());
}

#[test]
fn a_folder_is_not_a_database() {
    let folder = tempfile::tempdir().unwrap();
    let error = SqliteStore::open(folder.path()).err().unwrap();
    assert!(matches!(error, OpenError::NotAFile { .. }), "{error}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_second_node_is_refused_also_through_links() {
    let (folder, path) = sample().await;
    let server = Server::on(&path);
    let [symbolic, hard] = ["symbolic.sqlite", "hard.sqlite"].map(|name| folder.path().join(name));
    std::os::unix::fs::symlink(&path, &symbolic).unwrap();
    fs::hard_link(&path, &hard).unwrap();
    let start_second = |database: &Path| {
        let output = run(&["serve", "--listen", "127.0.0.1:0", "--database", database.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(1), "{}", database.display());
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    for database in [&path, &symbolic, &hard] {
        let output = start_second(database);
        assert!(output.contains("in use by another process"), "{}: {output}", database.display());
    }
    fs::remove_file(with_suffix(&path, ".lock")).unwrap();
    let output = start_second(&path);
    assert!(output.contains("in use by another process"), "{output}");
    // The first one is not affected.
    server.caller().with_session().await;
    assert_eq!(server.stop().0, Some(0));
}

/// Simulates a full disk with a limit on the file size.
#[cfg(unix)]
#[test]
fn a_full_disk_at_the_start_is_reported() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("store.sqlite");
    // In blocks of 512 bytes, from zero to nearly enough.
    for blocks in [0, 8, 64, 150] {
        let script = format!(
            "trap '' XFSZ; ulimit -f {blocks}; exec '{}' serve --listen 127.0.0.1:0 --database '{}'",
            env!("CARGO_BIN_EXE_zstack-node"),
            database.display()
        );
        let output = std::process::Command::new("sh").args(["-c", &script]).output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{blocks}: {errors}");
        assert!(errors.contains("is full"), "{blocks}: {errors}");
    }
    SqliteStore::open(&database).unwrap();
}

#[tokio::test]
async fn clocks_outside_the_range_of_http_dates_are_refused() {
    struct Fixed(Moment);
    impl Clock for Fixed {
        fn now(&self) -> Moment {
            self.0
        }
    }
    let end = 253_402_300_800_000;
    for (millis, starts) in [(-1, false), (0, true), (NOON.millis(), true), (end - 1, true), (end, false)] {
        let started = App::open_at(Settings::default(), Arc::new(Fixed(Moment::from_millis(millis)))).await;
        match started {
            Ok(app) => {
                assert!(starts, "{millis}");
                app.store().close().await;
            }
            Err(error) => assert!(!starts && matches!(error, StartError::Clock(_)), "{millis}: {error}"),
        }
    }
}
