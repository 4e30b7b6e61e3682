//! Tests of the store: files that it refuses to open, and commits.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use rusqlite::Connection;
use serde_json::json;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;
use zstack_node::model::{ADMIN_UUID, Changes, DocumentEdit, Edit, Existing, Guard, LoadedDocument, Session};
use zstack_node::rules::sessions::TIMEOUT;
use zstack_node::store::sqlite::{OpenError, Options, SqliteStore};
use zstack_node::store::{Store, StoreError};
use zstack_node::uuids;

use crate::local::sample::{BARE_1, DB_1, RESCUE, WEB_1};
use crate::local::{Local, NOON, code};
use crate::records::{self, CdRom};

fn temporary_path() -> (TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.sqlite");
    (folder, path)
}

fn open_error(path: &Path) -> OpenError {
    match SqliteStore::open(path) {
        Ok(_) => panic!("{} was opened", path.display()),
        Err(error) => error,
    }
}

fn zone(uuid: &str) -> Edit {
    Edit::Load(vec![LoadedDocument {
        uuid: uuid.to_owned(),
        kind: "Zone",
        base: "Zone",
        label: "zone",
        body: json!({"uuid": uuid, "name": "zone", "createDate": NOON.millis()}).to_string(),
        links: Vec::new(),
        existing: Existing::Refuse,
    }])
}

fn edits(edits: Vec<Edit>) -> Changes {
    Changes { guards: vec![], edits }
}

fn session(uuid: String) -> Edit {
    let (create_date, expired_date) = (NOON, NOON.plus_seconds(TIMEOUT));
    Edit::create(Session {
        uuid,
        account_uuid: ADMIN_UUID.to_owned(),
        user_uuid: None,
        expired_date,
        create_date,
    })
}

#[tokio::test]
async fn a_new_file_has_the_administrator_and_can_be_opened_again() {
    let (_folder, path) = temporary_path();
    for _ in 0..2 {
        let store = SqliteStore::open(&path).unwrap();
        assert!(store.is_empty().await.unwrap());
        let admin = store.account("admin", NOON).await.unwrap().unwrap();
        assert_eq!(admin.account.uuid, ADMIN_UUID);
        assert_eq!(admin.account.password, zstack_node::inventory::password_hash("password"));
        store.close().await;
        assert_eq!(store.commit(edits(vec![])).await, Err(StoreError::Closed));
        assert_eq!(store.documents(&["x".to_owned()]).await, Err(StoreError::Closed));
    }
    // A closed store leaves no log, so that the file alone can be moved.
    assert!(!path.with_extension("sqlite-wal").exists());
}

#[tokio::test]
async fn a_new_file_has_the_application_id_the_version_and_a_log() {
    let (_folder, path) = temporary_path();
    SqliteStore::open(&path).unwrap().close().await;
    let file = Connection::open(&path).unwrap();
    let pragma =
        |pragma: &str| file.pragma_query_value(None, pragma, |row| row.get::<_, rusqlite::types::Value>(0));
    assert_eq!(pragma("application_id").unwrap(), 0x7a73_6e64_i64.into());
    assert_eq!(pragma("user_version").unwrap(), 10_i64.into());
    assert_eq!(pragma("journal_mode").unwrap(), "wal".to_owned().into());
}

#[test]
fn a_text_file_is_refused() {
    let (_folder, path) = temporary_path();
    let text = "This is a text file and not a database.\n".repeat(30);
    std::fs::write(&path, &text).unwrap();
    let error = open_error(&path);
    assert!(matches!(error, OpenError::NotADatabase { .. }), "{error}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
}

#[test]
fn the_database_of_another_program_is_refused() {
    let (_folder, path) = temporary_path();
    let other = Connection::open(&path).unwrap();
    other.execute_batch("CREATE TABLE mail (subject TEXT)").unwrap();
    let error = open_error(&path);
    assert!(matches!(error, OpenError::NotOurs { application_id: 0, .. }), "{error}");
    other.pragma_update(None, "application_id", 42).unwrap();
    let error = open_error(&path);
    assert!(matches!(error, OpenError::NotOurs { application_id: 42, .. }), "{error}");
}

#[tokio::test]
async fn a_newer_schema_is_refused() {
    let (_folder, path) = temporary_path();
    SqliteStore::open(&path).unwrap().close().await;
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let error = open_error(&path);
    assert!(matches!(error, OpenError::Newer { found: 99, known: 10, .. }), "{error}");
}

#[tokio::test]
async fn a_file_can_be_opened_only_once_at_a_time() {
    let (_folder, path) = temporary_path();
    let first = SqliteStore::open(&path).unwrap();
    let error = open_error(&path);
    assert!(matches!(error, OpenError::Locked { .. }), "{error}");
    first.close().await;
    SqliteStore::open(&path).unwrap().close().await;
}

/// A child process inherits the open files of its parent until it calls `exec`.
/// A store that is closed meanwhile can nevertheless be opened again.
#[cfg(unix)]
#[test]
fn starting_processes_do_not_keep_a_store_locked() {
    let (_folder, path) = temporary_path();
    let opened = AtomicBool::new(false);
    let result = thread::scope(|scope| {
        scope.spawn(|| {
            while !opened.load(Ordering::Relaxed) {
                Command::new("true").status().unwrap();
            }
        });
        let runtime = Runtime::new().unwrap();
        let result = (0..100).try_for_each(|_| {
            let store = SqliteStore::open(&path)?;
            runtime.block_on(store.close());
            Ok::<_, OpenError>(())
        });
        opened.store(true, Ordering::Relaxed);
        result
    });
    result.unwrap();
}

#[tokio::test]
async fn a_file_locked_by_another_program_is_refused() {
    let (_folder, path) = temporary_path();
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE; CREATE TABLE x (y)").unwrap();
    let error = open_error(&path);
    assert!(matches!(error, OpenError::Locked { .. }), "{error}");
}

#[test]
fn a_missing_folder_is_reported() {
    let error = open_error(Path::new("/missing/folder/store.sqlite"));
    assert!(matches!(error, OpenError::NoFolder { .. }), "{error}");
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_can_read_the_files() {
    use std::os::unix::fs::PermissionsExt as _;

    let (folder, path) = temporary_path();
    let store = SqliteStore::open(&path).unwrap();
    store.commit(edits(vec![session(uuids::random())])).await.unwrap();
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let file = file.unwrap();
        let mode = file.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", file.path().display());
    }
    store.close().await;
}

#[cfg(unix)]
#[tokio::test]
async fn read_only_files_and_folders_are_refused() {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt as _;

    let (folder, path) = temporary_path();
    SqliteStore::open(&path).unwrap().close().await;
    std::fs::set_permissions(&path, Permissions::from_mode(0o444)).unwrap();
    if std::fs::OpenOptions::new().append(true).open(&path).is_ok() {
        println!("skipped: this user can write to read-only files");
        return;
    }
    let error = open_error(&path);
    assert!(matches!(error, OpenError::ReadOnly { .. }), "{error}");
    std::fs::set_permissions(folder.path(), Permissions::from_mode(0o555)).unwrap();
    let error = open_error(&folder.path().join("new.sqlite"));
    assert!(matches!(error, OpenError::ReadOnly { .. }), "{error}");
    std::fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn a_file_with_too_few_pages_is_reported_as_full() {
    let (_folder, path) = temporary_path();
    let full = Options::default().max_pages(3);
    let error = SqliteStore::open_with(&path, &full).err().unwrap();
    assert!(matches!(error, OpenError::Full { .. }), "{error}");
    // The failed attempt leaves nothing behind that prevents a later one.
    SqliteStore::open(&path).unwrap();
}

#[tokio::test]
async fn a_full_disk_fails_only_the_calls_that_need_space() {
    let (_folder, path) = temporary_path();
    Local::over(SqliteStore::open(&path).unwrap(), true).await.app.store().close().await;
    let full = Options::default().max_pages(1);
    let mut local = Local::over(SqliteStore::open_with(&path, &full).unwrap(), false).await;
    local.session = local.log_in("admin", "password").await;
    let mut count = 0;
    let refused = loop {
        let answer = local.try_log_in("admin", "password").await;
        if answer.0 != 200 {
            break answer;
        }
        count += 1;
        assert!(count < 500, "the file never fills up");
    };
    assert_eq!(code(&refused), "SYS.1000");
    assert!(refused.1["error"]["details"].as_str().unwrap().contains("full"), "{}", refused.1);
    // Reads, deletions and changes that fit into the freed space still work.
    assert_eq!(local.candidates(RESCUE).await.0, 200);
    let path = format!("/zstack/v1/accounts/sessions/{}", local.session);
    assert_eq!(local.send("DELETE", &path, "").await.0, 200);
    assert_eq!(local.try_log_in("admin", "password").await.0, 200);
}

/// Changes written to a deleted or replaced file would be lost.
#[cfg(unix)]
#[tokio::test]
async fn a_file_deleted_or_replaced_while_open_takes_no_more_changes() {
    let (folder, path) = temporary_path();
    let store = SqliteStore::open(&path).unwrap();
    store.commit(edits(vec![zone("kept")])).await.unwrap();
    let log = folder.path().join("store.sqlite-wal");
    let moved = folder.path().join("moved");
    // Open connections can still read.
    assert!(!store.is_empty().await.unwrap());
    for (number, file) in [&path, &log, &path].into_iter().enumerate() {
        let is_refused = |result| matches!(result, Err(StoreError::FileMissing { file: missing }) if Path::new(&missing) == file.canonicalize().unwrap_or_else(|_| file.clone()));
        std::fs::rename(file, &moved).unwrap();
        assert!(is_refused(store.commit(edits(vec![zone("lost")])).await), "{}", file.display());
        // An identical copy in its place is refused as well.
        std::fs::copy(&moved, file).unwrap();
        assert!(is_refused(store.commit(edits(vec![zone("lost")])).await), "{}", file.display());
        assert!(!store.is_empty().await.unwrap());
        std::fs::rename(&moved, file).unwrap();
        store.commit(edits(vec![zone(&format!("restored-{number}"))])).await.unwrap();
    }
    store.close().await;
    let file = Connection::open(&path).unwrap();
    let zones: i64 =
        file.query_row("SELECT count(*) FROM document WHERE base = 'Zone'", (), |row| row.get(0)).unwrap();
    assert_eq!(zones, 4);
}

#[tokio::test]
async fn a_commit_with_an_outdated_guard_changes_nothing() {
    let local = Local::sample().await;
    let store = local.app.store();
    let before = records::revision(store.as_ref(), WEB_1).await;
    let guard = Guard { uuid: WEB_1.to_owned(), revision: before, changes: true };
    let new = uuids::random();
    let changes = Changes { guards: vec![guard.clone()], edits: vec![] };
    assert_eq!(store.commit(changes.clone()).await, Ok(()));
    let outdated = Changes { guards: vec![guard], edits: vec![zone(&new)] };
    assert_eq!(store.commit(outdated).await, Err(StoreError::Conflict));
    // The same with a read guard. A current read guard does not change the revision.
    let read = |revision| Guard { uuid: WEB_1.to_owned(), revision, changes: false };
    let outdated = Changes { guards: vec![read(before)], edits: vec![zone(&new)] };
    assert_eq!(store.commit(outdated).await, Err(StoreError::Conflict));
    let current = Changes { guards: vec![read(before + 1)], edits: vec![] };
    assert_eq!(store.commit(current).await, Ok(()));
    // The refused commits did not create the zone.
    assert_eq!(store.commit(edits(vec![zone(&new)])).await, Ok(()));
    assert_eq!(records::revision(store.as_ref(), WEB_1).await, before + 1);
}

#[tokio::test]
async fn duplicate_uuids_and_dangling_references_are_reported() {
    let store = SqliteStore::temporary().unwrap();
    let uuid = uuids::random();
    store.commit(edits(vec![zone(&uuid)])).await.unwrap();
    let duplicate = store.commit(edits(vec![zone(&uuid)])).await;
    assert_eq!(duplicate, Err(StoreError::Exists { kind: "zone", uuid }));
    let orphan = Session {
        user_uuid: None,
        uuid: "orphan".to_owned(),
        account_uuid: "unknown".to_owned(),
        expired_date: NOON,
        create_date: NOON,
    };
    let dangling = store.commit(edits(vec![Edit::create(orphan)])).await;
    assert_eq!(dangling, Err(StoreError::Dangling { kind: "session", uuid: "orphan".to_owned() }));
}

/// Compares cached documents with lists, which are always read from the file.
#[tokio::test]
async fn cached_documents_equal_the_stored_ones() {
    let local = Local::sample().await;
    let store = local.app.store().as_ref();
    records::check_caches(store).await;
    for answer in [
        local.attach(WEB_1, RESCUE).await,
        local.detach(WEB_1, "").await,
        local.reimage(DB_1).await,
        local.create_cd_rom(&format!(r#"{{"name":"cd","vmInstanceUuid":"{BARE_1}"}}"#)).await,
    ] {
        assert_eq!(answer.0, 200, "{}", answer.1);
        records::check_caches(store).await;
    }
    // A volume moves from one VM to another, and a VM is changed without a guard.
    let uuids = [DB_1.to_owned(), WEB_1.to_owned()];
    let guards = store.documents(&uuids).await.unwrap().iter().map(Guard::changing).collect();
    let mut from = records::vm(store, DB_1).await.unwrap();
    let mut volume = from.volumes.pop().unwrap();
    volume.vm_instance_uuid = Some(WEB_1.to_owned());
    volume.device_id = Some(7);
    store.commit(Changes { guards, edits: vec![records::put(volume)] }).await.unwrap();
    records::check_caches(store).await;
    from.instance.name = "other".to_owned();
    store.commit(edits(vec![records::put(from.instance)])).await.unwrap();
    records::check_caches(store).await;
}

#[tokio::test]
async fn changes_of_sessions_are_visible_after_the_commit() {
    let local = Local::sample().await;
    let store = local.app.store();
    let end = NOON.plus_seconds(2 * TIMEOUT);
    let extend = Edit::ExtendSession { uuid: local.session.clone(), expired_date: end };
    assert!(store.session(&local.session).await.unwrap().is_some());
    store.commit(edits(vec![extend])).await.unwrap();
    assert_eq!(store.session(&local.session).await.unwrap().unwrap().session.expired_date, end);
    store.commit(edits(vec![Edit::DeleteSession(local.session.clone())])).await.unwrap();
    assert_eq!(store.session(&local.session).await.unwrap(), None);
}

#[tokio::test]
async fn deleted_records_are_no_longer_returned() {
    let local = Local::sample().await;
    let store = local.app.store().as_ref();
    let drive = records::vm(store, WEB_1).await.unwrap().cd_roms.remove(0);
    let deletion = async |uuid: &str| {
        let document = store.documents(&[uuid.to_owned()]).await.unwrap().remove(0);
        edits(vec![Edit::Document(Box::new(DocumentEdit::Delete { document }))])
    };
    let delete = deletion(&drive.uuid).await;
    assert_eq!(store.commit(delete.clone()).await, Ok(()));
    assert_eq!(records::find::<CdRom>(store, &drive.uuid).await, None);
    assert!(records::vm(store, WEB_1).await.unwrap().cd_roms.is_empty());
    assert_eq!(store.commit(delete).await, Err(StoreError::Conflict));
    // Documents that others refer to cannot be deleted.
    let vm = records::vm(store, WEB_1).await.unwrap();
    assert_eq!(store.commit(deletion(WEB_1).await).await, Err(StoreError::Conflict));
    assert_eq!(records::vm(store, WEB_1).await, Some(vm));
}

/// Waiting commits share a transaction; a failing one must not affect the others.
#[tokio::test(flavor = "multi_thread")]
async fn a_failing_commit_does_not_affect_others() {
    let store = Arc::new(SqliteStore::temporary().unwrap());
    let existing = uuids::random();
    store.commit(edits(vec![zone(&existing)])).await.unwrap();
    let mut all = JoinSet::new();
    for number in 0..200 {
        let (store, existing) = (Arc::clone(&store), existing.clone());
        all.spawn(async move {
            let own = format!("session-{number}");
            let fails = number % 3 == 0;
            let mut changes = vec![session(own.clone())];
            changes.extend(fails.then(|| zone(&existing)));
            let result = store.commit(edits(changes)).await;
            assert_eq!(result.is_err(), fails, "{number}: {result:?}");
            assert_eq!(store.session(&own).await.unwrap().is_some(), !fails, "{number}");
        });
    }
    all.join_all().await;
}

/// SQLite may roll back the whole shared transaction when the disk is full; the
/// other commits must nevertheless succeed.
#[tokio::test(flavor = "multi_thread")]
async fn a_commit_too_large_for_the_disk_does_not_affect_others() {
    let (_folder, path) = temporary_path();
    SqliteStore::open(&path).unwrap().close().await;
    let pages = std::fs::metadata(&path).unwrap().len() / 4096 + 40;
    let limited = Options::default().max_pages(u32::try_from(pages).unwrap());
    let store = Arc::new(SqliteStore::open_with(&path, &limited).unwrap());
    let mut all = JoinSet::new();
    for number in 0..20 {
        let store = Arc::clone(&store);
        all.spawn(async move {
            let huge = number == 10;
            let count = if huge { 5000 } else { 1 };
            let result = store.commit(edits((0..count).map(|_| session(uuids::random())).collect())).await;
            assert_eq!(result, if huge { Err(StoreError::Full) } else { Ok(()) }, "{number}");
        });
    }
    all.join_all().await;
}
