//! The versions of the schema, and migration to the newest one.

use rusqlite::Connection;

/// The application id of a closed file of this program: `zsnd` in ASCII.
pub(super) const CLOSED: i32 = 0x7a73_6e64;

/// The application id of a file that a store has open, or did not close: `zsnu` in
/// ASCII.
pub(super) const IN_USE: i32 = 0x7a73_6e75;

/// The migrations, each from one version of the schema to the next. The version of
/// a file is the number of migrations applied. Never edit a released one.
const MIGRATIONS: &[&str] = &[
    include_str!("schema_1.sql"),
    include_str!("schema_2.sql"),
    include_str!("schema_3.sql"),
    include_str!("schema_4.sql"),
    include_str!("schema_5.sql"),
    include_str!("schema_6.sql"),
    include_str!("schema_7.sql"),
    include_str!("schema_8.sql"),
    include_str!("schema_9.sql"),
    include_str!("schema_10.sql"),
];

pub(super) fn newest() -> i32 {
    i32::try_from(MIGRATIONS.len()).unwrap_or(i32::MAX)
}

pub(super) fn migrate(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    // Syncs the log at every commit, so that committed changes survive a power
    // failure, not only a crash.
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    let version: i32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    for (target, migration) in (1..).zip(MIGRATIONS).filter(|(target, _)| *target > version) {
        let transaction = connection.unchecked_transaction()?;
        transaction.execute_batch(migration)?;
        transaction.pragma_update(None, "application_id", CLOSED)?;
        transaction.pragma_update(None, "user_version", target)?;
        transaction.commit()?;
    }
    if version < newest() {
        // Returns the space of tables that were replaced.
        connection.execute_batch("VACUUM")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sqlite::cache::Cache;
    use crate::store::sqlite::documents::{Snapshot, load};
    use crate::store::sqlite::open::prepare;

    #[test]
    fn adds_new_columns_to_images_of_an_older_file() {
        let connection = Connection::open_in_memory().unwrap();
        prepare(&connection).unwrap();
        for migration in &MIGRATIONS[..2] {
            connection.execute_batch(migration).unwrap();
        }
        connection.pragma_update(None, "user_version", 2).unwrap();
        for platform in ["Linux", "WindowsVirtio"] {
            let sql = "INSERT INTO image SELECT ?1, 'x', NULL, uuid, 0, 'ISO', 'iso', ?1, 'x86_64', NULL, 1, 1, 'Enabled', \
                 'Ready', 0, 0, 0 FROM account";
            connection.execute(sql, [platform]).unwrap();
        }
        migrate(&connection).unwrap();
        let uuids = ["Linux", "WindowsVirtio"].map(str::to_owned);
        let snapshot =
            Snapshot { connection: &connection, cache: &Cache::default(), changes: 0, displaces: false };
        let images = load(&snapshot, &uuids).unwrap();
        for (image, has_drivers) in images.iter().zip([false, true]) {
            assert_eq!(image.fields.get("virtio"), Some(&has_drivers.into()));
            assert_eq!(image.fields.get("system"), Some(&false.into()));
            assert_eq!(image.text("url"), None);
        }
        assert_eq!(images.len(), 2);
    }
}
