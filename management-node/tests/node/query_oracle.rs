//! Tests of random queries against an oracle: all rows are listed once without
//! conditions, and a condition must select those whose JSON satisfies it, in `q` and in ZQL.

use std::cell::Cell;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::Value;
use zstack_node::model::{Changes, IpRange};
use zstack_node::store::Store as _;
use zstack_node::store::sqlite::SqliteStore;
use zstack_runtime::Timestamp;
use zstack_runtime::query::{Condition, Operator};
use zstack_runtime::record::{Kind, Shape, shape};
use zstack_types::types::{ImageInventory, VmCdRomInventory, VmInstanceInventory};

use crate::local::{Local, NOON};
use crate::records::{Hypervisor, L3Network, Platform, UsedIp, VmNic, VmState, Volume, VolumeKind, put};
use crate::scenario::{ISO, OTHER_ISO, SESSION, Scenario, VM, ZONE, drive};

const NETWORK: &str = "13000000000040008000000000000009";
const RANGE: &str = "19000000000040008000000000000001";

/// Texts that differ only in case, contain wildcards or quotes, or are empty.
const TEXTS: [&str; 14] =
    ["", "a", "A", "ab", "aB%", "a_b", "%", "_", "O'Hara", "Ärger", "ärGER", "日本", "web-1", "WEB-2"];

/// Random numbers that decide the content of the scenario.
struct Dice<'a>(std::slice::Iter<'a, u8>);

impl Dice<'_> {
    fn below(&mut self, end: usize) -> usize {
        self.0.next().map_or(0, |byte| usize::from(*byte)) % end
    }

    fn pick<'t, T>(&mut self, of: &'t [T]) -> &'t T {
        &of[self.below(of.len())]
    }

    fn text(&mut self) -> String {
        (*self.pick(&TEXTS)).to_owned()
    }

    fn maybe_text(&mut self) -> Option<String> {
        let text = self.text();
        self.maybe(text)
    }

    fn maybe<T>(&mut self, value: T) -> Option<T> {
        (self.below(3) > 0).then_some(value)
    }
}

fn uuid(kind: u8, number: usize, part: usize) -> String {
    format!("{kind:02x}0000000000400080000000{number:06}{part:04}")
}

/// Creates VM instances with random parts, and images.
fn records(dice: &mut Dice<'_>) -> Changes {
    let mut scenario = Scenario::new();
    scenario.iso.info.name = dice.text();
    scenario.iso.info.url = dice.maybe_text();
    scenario.iso.info.system = dice.below(2) == 0;
    let mut records = scenario.records();
    let (create_date, last_op_date) = (NOON, NOON);
    let mut add = |edit| records.edits.push(edit);
    let (zone_uuid, name) = (ZONE.to_owned(), "network".to_owned());
    add(put(L3Network { uuid: NETWORK.to_owned(), name, zone_uuid, create_date, last_op_date }));
    add(put(IpRange {
        uuid: RANGE.to_owned(),
        l3_network_uuid: NETWORK.to_owned(),
        network_cidr: "10.0.0.0/8".to_owned(),
        gateway: None,
        start_ip: None,
        end_ip: None,
        ip_range_type: None,
        create_date,
        last_op_date,
    }));
    for number in 0..dice.below(8) {
        let mut vm = scenario.find_vm(VM).unwrap();
        let owner = uuid(0xd1, number, 0);
        let root = uuid(0x71, number, 0);
        let instance = &mut vm.instance;
        instance.uuid.clone_from(&owner);
        instance.name = dice.text();
        instance.description = dice.maybe_text();
        instance.internal_id = 10 + i64::try_from(number).unwrap();
        instance.root_volume_uuid = dice.maybe(root.clone());
        instance.state = *dice.pick(&[VmState::Running, VmState::Stopped, VmState::Paused]);
        instance.platform = *dice.pick(&[Platform::Linux, Platform::Windows]);
        instance.hypervisor_type = *dice.pick(&[Hypervisor::Kvm, Hypervisor::Simulator]);
        instance.cpu_num = i32::try_from(dice.below(4)).unwrap();
        instance.create_date = NOON.plus_seconds(i64::try_from(dice.below(3)).unwrap() * 3600);
        add(put(vm.instance.clone()));
        let volume = vm.root_volume().unwrap().clone();
        for part in 0..=dice.below(2) {
            add(put(Volume {
                uuid: if part == 0 { root.clone() } else { uuid(0x72, number, part) },
                vm_instance_uuid: Some(owner.clone()),
                kind: if part == 0 { VolumeKind::Root } else { VolumeKind::Data },
                device_id: Some(i32::try_from(part).unwrap()),
                is_shareable: dice.below(2) == 0,
                last_attach_date: dice.maybe(NOON.plus_seconds(1)),
                ..volume.clone()
            }));
        }
        for part in 0..dice.below(3) {
            let nic = uuid(0xa1, number, part);
            add(put(VmNic {
                uuid: nic.clone(),
                vm_instance_uuid: owner.clone(),
                device_id: i32::try_from(part).unwrap(),
                l3_network_uuid: NETWORK.to_owned(),
                mac: format!("fa:00:00:00:0{number}:0{part}"),
                internal_name: "vnic".to_owned(),
                driver_type: "virtio".to_owned(),
                create_date,
                last_op_date,
            }));
            let addresses = [
                format!("10.0.{number}.{part}"),
                format!("9.0.{number}.{part}"),
                format!("fd00::{number}:{part}"),
            ];
            for (index, ip) in addresses.into_iter().enumerate() {
                if dice.below(2) == 0 {
                    continue;
                }
                add(put(UsedIp {
                    uuid: uuid(0x1b, number, part * 10 + index),
                    vm_nic_uuid: nic.clone(),
                    ip_range_uuid: RANGE.to_owned(),
                    l3_network_uuid: NETWORK.to_owned(),
                    ip,
                    netmask: "255.0.0.0".to_owned(),
                    gateway: dice.maybe("10.0.0.1".to_owned()),
                    create_date,
                    last_op_date,
                }));
            }
        }
        for (part, iso) in [ISO, OTHER_ISO].into_iter().take(dice.below(3)).enumerate() {
            let mut drive = drive(VM, i32::try_from(part).unwrap(), dice.maybe(iso));
            drive.uuid = uuid(0xcd, number, part);
            drive.vm_instance_uuid.clone_from(&owner);
            drive.protocol = dice.maybe_text();
            add(put(drive));
        }
    }
    records
}

/// Chooses a field of a record, or of the records in its lists.
fn path(shape: &Shape, dice: &mut Dice<'_>) -> (String, &'static Kind) {
    loop {
        let field = dice.pick(shape.fields);
        match &field.kind {
            Kind::List(Kind::Record(inner)) => {
                let (rest, kind) = path(inner(), dice);
                return (format!("{}.{rest}", field.name), kind);
            }
            Kind::List(_) => {}
            kind => return (field.name.to_owned(), kind),
        }
    }
}

/// Collects the values at a path; null for a missing field.
fn collect_values<'a>(record: &'a Value, path: &str, values: &mut Vec<&'a Value>) {
    match path.split_once('.') {
        None => values.push(record.get(path).unwrap_or(&Value::Null)),
        Some((first, rest)) => {
            let items = record[first].as_array().into_iter().flatten();
            items.for_each(|item| collect_values(item, rest, values));
        }
    }
}

fn condition(rows: &[Value], shape: &Shape, dice: &mut Dice<'_>) -> (Condition, &'static Kind) {
    let (path, kind) = path(shape, dice);
    let mut operators: Vec<_> = Operator::ALL.to_vec();
    if !matches!(kind, Kind::String | Kind::Enum(_)) {
        operators.retain(|operator| !matches!(operator, Operator::Like | Operator::NotLike));
    }
    let operator = *dice.pick(&operators);
    let mut values = Vec::new();
    rows.iter().for_each(|row| collect_values(row, &path, &mut values));
    let mut pool: Vec<String> = values
        .iter()
        .filter(|value| !value.is_null())
        .map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
        // Values in lists cannot contain commas.
        .filter(|text| !text.contains(',') || !matches!(operator, Operator::In | Operator::NotIn))
        .collect();
    match kind {
        Kind::Integer | Kind::Long => pool.extend(["-1", "1", "2"].map(str::to_owned)),
        Kind::Boolean => pool.extend(["true", "FALSE"].map(str::to_owned)),
        Kind::Timestamp => pool.extend(["2027-01-01 12:00:01", "2020-01-01 00:00:00"].map(str::to_owned)),
        _ => {
            let upper: Vec<_> = pool.iter().map(|text| text.to_uppercase()).collect();
            pool.extend(upper);
            pool.extend(["a%", "%B%", "_", "%", "Web-_", "日_", "%r", "", "'", "b"].map(str::to_owned));
        }
    }
    let count = if matches!(operator, Operator::In | Operator::NotIn) { 1 + dice.below(3) } else { 1 };
    let values: Vec<_> = (0..count).map(|_| dice.pick(&pool).clone()).collect();
    (Condition::new(&path, operator, values.join(",")), kind)
}

fn like(text: &[char], pattern: &[char]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some(('%', rest)) => (0..=text.len()).any(|skip| like(&text[skip..], rest)),
        Some((expected, rest)) => text
            .split_first()
            .is_some_and(|(first, text)| (*expected == '_' || expected == first) && like(text, rest)),
    }
}

/// A value for comparisons.
#[derive(PartialEq, PartialOrd)]
enum Comparable {
    Text(String),
    Number(i64),
    Flag(bool),
    Time(jiff::civil::DateTime),
}

fn comparable(kind: &Kind, text: &str) -> Comparable {
    match kind {
        Kind::Integer | Kind::Long => Comparable::Number(text.parse().unwrap()),
        Kind::Boolean => Comparable::Flag(text.eq_ignore_ascii_case("true")),
        Kind::Timestamp => Comparable::Time(text.parse::<Timestamp>().unwrap().civil()),
        _ => Comparable::Text(text.to_lowercase()),
    }
}

fn satisfies(row: &Value, condition: &Condition, kind: &Kind) -> bool {
    let mut values = Vec::new();
    collect_values(row, condition.field(), &mut values);
    values.into_iter().any(|value| {
        if value.is_null() {
            return condition.operator() == Operator::IsNull;
        }
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let chars = |text: &str| text.to_lowercase().chars().collect::<Vec<_>>();
        let one_of = || condition.values().any(|value| comparable(kind, value) == comparable(kind, &text));
        let left = || comparable(kind, &text);
        let right = || comparable(kind, condition.value());
        match condition.operator() {
            Operator::Equal => left() == right(),
            Operator::NotEqual => left() != right(),
            Operator::Greater => left() > right(),
            Operator::GreaterOrEqual => left() >= right(),
            Operator::Less => left() < right(),
            Operator::LessOrEqual => left() <= right(),
            Operator::In => one_of(),
            Operator::NotIn => !one_of(),
            Operator::Like => like(&chars(&text), &chars(condition.value())),
            Operator::NotLike => !like(&chars(&text), &chars(condition.value())),
            Operator::IsNull => false,
            Operator::NotNull => true,
            other => panic!("{other:?}"),
        }
    })
}

async fn rows(node: &Local, path: &str, conditions: &[Condition]) -> Vec<Value> {
    let encode = |text: &str| -> String { text.bytes().map(|byte| format!("%{byte:02x}")).collect() };
    let query: Vec<_> =
        conditions.iter().map(|condition| format!("q={}", encode(&condition.to_string()))).collect();
    let (status, mut answer) = node.send("GET", &format!("/zstack/v1/{path}?{}", query.join("&")), "").await;
    assert_eq!(status, 200, "{conditions:?}: {answer}");
    match answer["inventories"].take() {
        Value::Array(rows) => rows,
        other => panic!("{other}"),
    }
}

/// Writes a condition in ZQL.
fn zql(condition: &Condition) -> String {
    let quoted = |text: &str| format!("'{}'", text.replace('\\', "\\\\").replace('\'', "''"));
    let operator = match condition.operator() {
        Operator::In => "in",
        Operator::NotIn => "not in",
        Operator::Like => "like",
        Operator::NotLike => "not like",
        Operator::IsNull => "is null",
        Operator::NotNull => "is not null",
        other => other.as_str(),
    };
    let value = match condition.operator() {
        Operator::IsNull | Operator::NotNull => String::new(),
        Operator::In | Operator::NotIn => {
            format!("({})", condition.values().map(quoted).collect::<Vec<_>>().join(", "))
        }
        _ => quoted(condition.value()),
    };
    format!("{} {operator} {value}", condition.field())
}

async fn zql_rows(node: &Local, resource: &str, conditions: &str) -> (String, Vec<Value>) {
    let text = format!("query {resource} where {conditions}");
    let (status, mut answer) = crate::zql::run(node, &text).await;
    assert_eq!(status, 200, "{text}: {answer}");
    match answer["results"][0]["inventories"].take() {
        Value::Array(rows) => (text, rows),
        other => panic!("{text}: {other}"),
    }
}

#[test]
fn conditions_match_an_independent_evaluation() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::with_cases(12) });
    let dice = prop::collection::vec(any::<u8>(), 2000..2001);
    // The number of conditions that select some rows but not all.
    let selective = Cell::new(0);
    let result = runner.run(&dice, |dice| {
        let mut dice = Dice(dice.iter());
        runtime.block_on(async {
            let store = SqliteStore::temporary().unwrap();
            store.commit(records(&mut dice)).await.unwrap();
            let mut node = Local::over(store, false).await;
            node.session = SESSION.to_owned();
            for (path, resource, shape) in [
                ("vm-instances", "vminstance", shape::<VmInstanceInventory>()),
                ("vm-instances/cdroms", "VmCdRom", shape::<VmCdRomInventory>()),
                ("images", "image", shape::<ImageInventory>()),
            ] {
                let all = rows(&node, path, &[]).await;
                for _ in 0..60 {
                    let conditions: Vec<_> =
                        (0..1 + dice.below(2)).map(|_| condition(&all, shape, &mut dice)).collect();
                    let expected: Vec<_> = all
                        .iter()
                        .filter(|row| {
                            conditions.iter().all(|(condition, kind)| satisfies(row, condition, kind))
                        })
                        .cloned()
                        .collect();
                    let any: Vec<_> = all
                        .iter()
                        .filter(|row| {
                            conditions.iter().any(|(condition, kind)| satisfies(row, condition, kind))
                        })
                        .cloned()
                        .collect();
                    let conditions: Vec<_> = conditions.into_iter().map(|(condition, _)| condition).collect();
                    let uuids =
                        |rows: &[Value]| rows.iter().map(|row| row["uuid"].clone()).collect::<Vec<_>>();
                    if !expected.is_empty() && expected.len() < all.len() {
                        selective.set(selective.get() + 1);
                    }
                    let selected = rows(&node, path, &conditions).await;
                    prop_assert_eq!(uuids(&selected), uuids(&expected), "{:?}", conditions);
                    let texts: Vec<_> = conditions.iter().map(zql).collect();
                    let (text, selected) = zql_rows(&node, resource, &texts.join(" and ")).await;
                    prop_assert_eq!(uuids(&selected), uuids(&expected), "{}", text);
                    let (text, selected) = zql_rows(&node, resource, &texts.join(" or ")).await;
                    prop_assert_eq!(uuids(&selected), uuids(&any), "{}", text);
                }
            }
            Ok(())
        })
    });
    result.unwrap();
    assert!(selective.get() > 200, "{}", selective.get());
}
