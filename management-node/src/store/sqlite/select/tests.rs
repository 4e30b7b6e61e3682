//! Tests of the SQL for selections, and of its execution by SQLite.

use std::sync::LazyLock;

use jiff::tz::TimeZone;
use rusqlite::Connection;
use zstack_runtime::Query;
use zstack_runtime::query::Sort;
use zstack_runtime::record::shape;
use zstack_types::types::VmInstanceInventory;

use super::*;
use crate::model::{ADMIN_UUID, AccountKind, Caller};
use crate::query::registry::Registry;
use crate::query::resolve;
use crate::rules::Verdict;
use crate::store::sqlite::cache::{Cache, MAX_DOCUMENTS};
use crate::store::sqlite::{migrate, open};

fn empty() -> Connection {
    let connection = Connection::open_in_memory().unwrap();
    open::prepare(&connection).unwrap();
    migrate::migrate(&connection).unwrap();
    connection
}

fn snapshot<'a>(connection: &'a Connection, cache: &'a Cache<Document, MAX_DOCUMENTS>) -> Snapshot<'a> {
    Snapshot { connection, cache, changes: 0, displaces: false }
}

fn registry() -> &'static Registry {
    static REGISTRY: LazyLock<Registry> = LazyLock::new(|| {
        Registry::new(crate::reference::model().unwrap(), crate::catalog::built_in().unwrap())
    });
    &REGISTRY
}

fn select_vms(query: &Query, kind: AccountKind) -> Selection {
    resolve_vms(query, kind).unwrap()
}

fn resolve_vms(query: &Query, kind: AccountKind) -> Verdict<Selection> {
    let caller = Caller { account_uuid: ADMIN_UUID.to_owned(), kind };
    let vm = registry().get("VmInstance").unwrap();
    resolve(vm, query, shape::<VmInstanceInventory>(), &TimeZone::UTC, &caller)
}

/// Returns the query plan of SQLite.
fn plan(connection: &Connection, selection: &Selection) -> String {
    let Sql { text, values } = uuids(selection, 10);
    let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {text}")).unwrap();
    let lines = statement.query_map(params_from_iter(values), |row| row.get::<_, String>(3)).unwrap();
    lines.collect::<rusqlite::Result<Vec<_>>>().unwrap().join("\n")
}

#[test]
fn uses_an_index_for_each_condition() {
    let connection = empty();
    for (condition, index) in [
        ("uuid=a", "sqlite_autoindex_document_1 (uuid=?)"),
        ("uuid?=a,b", "sqlite_autoindex_document_1 (uuid=?)"),
        ("name=a", "document_by_name (base=? AND name=?)"),
        ("name?=a,b", "document_by_name (base=? AND name=?)"),
        ("name~=web%", "document_by_name (base=? AND name>? AND name<?)"),
        ("state=Running", "document_by_state (base=? AND state=?)"),
        ("hostUuid=a", "document_by_host (base=? AND hostUuid=?)"),
        ("zoneUuid=a", "document_by_zone (base=? AND zoneUuid=?)"),
        ("clusterUuid=a", "document_by_cluster (base=? AND clusterUuid=?)"),
        ("imageUuid=a", "document_by_image (base=? AND imageUuid=?)"),
        ("vmCdRoms.isoUuid=a", "document_by_iso (base=? AND isoUuid=?)"),
        ("vmNics.ip=10.0.0.1", "document_by_ip (base=? AND ip=?)"),
        ("vmNics.usedIps.ip=10.0.0.1", "document_by_ip (base=? AND ip=?)"),
        ("vmNics.mac=fa:00", "document_by_mac (base=? AND mac=?)"),
        ("vmNics.l3Network.uuid=a", "document_by_network (base=? AND l3NetworkUuid=?)"),
        ("allVolumes.uuid=a", "sqlite_autoindex_document_1 (uuid=?)"),
        ("rootVolume.name=a", "document_by_root_volume (base=? AND rootVolumeUuid=?)"),
        ("host.name=kvm-1", "document_by_host (base=? AND hostUuid=?)"),
        ("image.name=a", "document_by_name (base=? AND name=?)"),
    ] {
        for kind in [AccountKind::SystemAdmin, AccountKind::Normal] {
            let mut query = Query::new();
            query.conditions.push(condition.parse().unwrap());
            let plan = plan(&connection, &select_vms(&query, kind));
            // For an account, searching the rows that it owns is fast enough.
            assert!(plan.contains(index) || kind == AccountKind::Normal, "{condition}:\n{plan}");
            // Neither all documents nor all of a resource are read.
            let scans = plan.contains("SCAN document") || plan.contains("(base=?)");
            assert!(!scans || kind == AccountKind::Normal, "{condition}:\n{plan}");
        }
    }
}

#[test]
fn reads_a_page_without_sorting() {
    let connection = empty();
    let sorted = |sort| Query::new().sort(sort);
    for query in [
        Query::new(),
        Query::new().equal("state", "Running"),
        Query::new().equal("zoneUuid", "a"),
        sorted(Sort::ascending("name")),
        sorted(Sort::descending("name")),
        sorted(Sort::descending("createDate")),
        sorted(Sort::ascending("createDate")).equal("hostUuid", "a"),
    ] {
        let plan = plan(&connection, &select_vms(&query, AccountKind::SystemAdmin));
        assert!(!plan.contains("TEMP B-TREE"), "{query:?}:\n{plan}");
    }
}

/// Names are not qualified, so each must be a column of its own table: SQL would
/// otherwise find one of an outer table.
#[test]
fn descriptions_name_existing_columns() {
    let connection = empty();
    let resources = crate::catalog::built_in().unwrap().resources();
    let mut known: Vec<_> = resources.filter_map(|resource| registry().get(&resource.name)).collect();
    let mut next = 0;
    while let Some(resource) = known.get(next).copied() {
        next += 1;
        let check = |sql: &str, table: &str| {
            let text = format!("SELECT {sql} FROM {table} LIMIT 1");
            assert!(connection.prepare(&text).is_ok(), "{}: {text}", resource.name);
        };
        for Field { sql, join, .. } in resource.fields {
            check(sql, join.map_or(resource.table, |join| join.table));
            if let Some(Join { column, table, other_column }) = join {
                check(column, resource.table);
                check(other_column, table);
            }
        }
        for visibility in resource.visibility() {
            match visibility {
                Visibility::Owner(column) => check(column, resource.table),
                Visibility::Shared => check("_shared", resource.table),
                Visibility::SharedWith => check("uuid", resource.table),
                Visibility::With { column, .. } => check(column, resource.table),
            }
        }
        for relation in resource.relations() {
            let mut table = resource.table;
            for join in &relation.joins {
                check(join.column, table);
                check(join.other_column, join.table);
                table = join.table;
            }
            if !known.iter().any(|known| std::ptr::eq(*known, relation.to)) {
                known.push(relation.to);
            }
        }
    }
    assert!(known.len() > 200, "{}", known.len());
}

/// The limits of the node must be within those of SQLite.
#[test]
fn runs_the_largest_allowed_query() {
    let (connection, cache) = (empty(), Cache::default());
    let mut query = Query::new();
    for number in 0..256 {
        let field = "vmNics.usedIps.vmNic.vmInstance.vmCdRoms.vmInstance.vmNics.usedIps.ip";
        let values: Vec<_> = (0..39).map(|index| format!("{number}.{index}")).collect();
        query = query.one_of(field, values);
    }
    for kind in [AccountKind::SystemAdmin, AccountKind::Normal] {
        let page = select(&snapshot(&connection, &cache), &select_vms(&query, kind)).unwrap();
        assert_eq!(page.rows, Some(vec![]));
    }
    let larger = query.equal("name", "one more");
    assert!(resolve_vms(&larger, AccountKind::SystemAdmin).is_err());
}

#[test]
fn accepts_values_of_any_length() {
    let (connection, cache) = (empty(), Cache::default());
    let long = "%x'".repeat(350_000);
    let query = Query::new().equal("name", &long).like("name", &long).one_of("uuid", [&long]);
    let page = select(&snapshot(&connection, &cache), &select_vms(&query, AccountKind::SystemAdmin));
    assert_eq!(page.unwrap().rows, Some(vec![]));
    let error = resolve_vms(&query.equal(&long, &long), AccountKind::SystemAdmin).unwrap_err();
    assert!(error.to_string().len() < 2_000, "{error}");
}

#[test]
fn finds_the_range_of_a_prefix() {
    for (pattern, expected) in [
        ("Web%", Some(("web", "wec"))),
        ("a", Some(("a", "b"))),
        ("aé", Some(("a", "b"))),
        ("z_", Some(("z", "{"))),
        ("%a", None),
        ("_", None),
        ("", None),
        ("a\u{7f}", None),
    ] {
        let expected = expected.map(|(first, end)| (first.to_owned(), end.to_owned()));
        assert_eq!(prefix_range(pattern), expected, "{pattern}");
    }
}
