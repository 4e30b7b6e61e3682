//! Tests of ZQL on the sample.

use serde_json::{Value, json};

use crate::calls::{get, list};
use crate::local::{Answer, Local, code, sample};

/// Runs statements.
pub(crate) async fn run(local: &Local, zql: &str) -> Answer {
    let encode = |byte: u8| match byte {
        _ if byte.is_ascii_alphanumeric() || b"',().=_".contains(&byte) => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    let zql: String = zql.bytes().map(encode).collect();
    get(local, &format!("/zql?zql={zql}")).await
}

/// Runs statements that succeed.
async fn results(local: &Local, zql: &str) -> Vec<Value> {
    let (status, mut answer) = run(local, zql).await;
    assert_eq!(status, 200, "{zql}: {answer}");
    match answer["results"].take() {
        Value::Array(results) => results,
        other => panic!("{zql}: {other}"),
    }
}

async fn result(local: &Local, zql: &str) -> Value {
    let mut results = results(local, zql).await;
    assert_eq!(results.len(), 1, "{zql}");
    results.remove(0)
}

/// The names of the resources that a statement lists.
async fn names(local: &Local, zql: &str) -> Vec<String> {
    let result = result(local, zql).await;
    let inventories = result["inventories"].as_array().unwrap_or_else(|| panic!("{zql}: {result}"));
    let name = |inventory: &Value| inventory["name"].as_str().unwrap().to_owned();
    inventories.iter().map(name).collect()
}

#[tokio::test]
async fn conditions_select_rows() {
    let local = Local::sample().await;
    for (condition, expected) in [
        ("state = 'Running'", "web-1 windows-1"),
        ("state='running' and name like 'WEB%'", "web-1"),
        ("state='Paused' or name='bare-1'", "bare-1 cache-1"),
        ("state='Running' and name='web-1' or name='bare-1'", "web-1"),
        ("(state='Running' and name='web-1') or name='bare-1'", "bare-1 web-1"),
        ("name='bare-1' or state='Running' and name='web-1'", "bare-1 web-1"),
        ("state in ('Paused', 'Destroyed')", "cache-1 old-1"),
        ("state not in ('Stopped', 'Destroyed', 'Paused')", "web-1 windows-1"),
        ("name not like '%-1'", "alice-notes"),
        ("cpuNum >= 2 and cpuNum < 4", "installer-1"),
        ("cpuNum > '1' and memorySize <= 4294967296", "installer-1"),
        ("description is not null", "web-1"),
        ("description = 'The shop''s front window.'", "web-1"),
        (r"description = 'The shop\'s front window.'", "web-1"),
        ("description = \"The shop's front window.\"", "web-1"),
        ("hostUuid is null and state != 'Stopped'", "old-1"),
        ("createDate >= '2026-03-07 00:00:00'", "alice-notes"),
        ("vmNics.ip like '192.168.1.%' and vmNics.driverType = 'e1000'", "windows-1"),
        ("vmNics.l3Network.name = 'office' and image.mediaType = 'ISO'", "installer-1"),
        ("rootVolume.size > 40000000000 and allVolumes.name='db-1-data'", "db-1"),
        // Sub-queries.
        ("hostUuid in (query host.uuid where name = 'kvm-2')", "cache-1 windows-1"),
        ("uuid = (query vmnic.vmInstanceUuid where ip = '192.168.1.20')", "db-1"),
        ("uuid not in (query vmnic.vmInstanceUuid where uuid is not null)", "bare-1"),
        ("uuid != (query vmnic.vmInstanceUuid) and state='Stopped'", "bare-1"),
        (
            "imageUuid in (query image.uuid where mediaType='ISO' or name in (query image.name where name like 'Win%'))",
            "installer-1 windows-1",
        ),
        (
            "vmNics.ip in (query usedip.ip where ip like '%.50') or hostUuid in ((query host.uuid where name='kvm-1'))",
            "web-1 windows-1",
        ),
        ("createDate in (query vminstance.createDate where name='web-1')", "web-1"),
        // Lists of related rows.
        (
            "vmCdRoms.isoUuid has ('15000000000040008000000000000001', '15000000000040008000000000000002')",
            "windows-1",
        ),
        ("vmCdRoms.isoUuid has ('15000000000040008000000000000001', '15000000000040008000000000000003')", ""),
        ("vmNics.l3NetworkUuid not has ('13000000000040008000000000000001')", "bare-1"),
        ("image.__systemTag__ = 'bootMode::Legacy' and cpuNum = 4", "db-1"),
        ("image.__systemTag__ != 'bootMode::Legacy'", "installer-1 windows-1"),
    ] {
        let statement = format!("query vminstance where {condition} order by name");
        assert_eq!(names(&local, &statement).await.join(" "), expected, "{condition}");
        let counted = result(&local, &format!("count vminstance where {condition}")).await;
        assert_eq!(counted, json!({"total": expected.split_whitespace().count()}), "{condition}");
    }
}

#[tokio::test]
async fn the_same_conditions_give_the_same_rows_as_in_query_operations() {
    let local = Local::sample().await;
    let zql = "query vminstance where vmNics.ip like '192.168.1.%' and state='Running' order by name limit 10 \
               return with (total)";
    let q =
        "/vm-instances?q=vmNics.ip~=192.168.1.%25&q=state=Running&sort=%2Bname&limit=10&replyWithCount=true";
    let (_, mut expected) = get(&local, q).await;
    assert_eq!(expected["total"], 2);
    // The types of the inventories, which only the response to an operation has.
    expected.as_object_mut().unwrap().remove("schema");
    assert_eq!(result(&local, zql).await, expected);
    assert_eq!(result(&local, "query zone").await["inventories"], Value::from(list(&local, "/zones").await));
}

#[tokio::test]
async fn other_resources_are_queried() {
    let local = Local::sample().await;
    for (statement, expected) in [
        ("query image where __systemTag__='bootMode::Legacy'", "Rocky Linux 9"),
        (
            "query Image where __systemTag__ not has ('bootMode::Legacy') and mediaType='RootVolumeTemplate'",
            "Windows Server 2022",
        ),
        ("query KVMHost where name like 'kvm%' order by name desc", "kvm-2 kvm-1"),
        ("query l2vlannetwork where vlan in (10, 20)", "l2-vlan-10"),
        (
            "query host where clusterUuid in (query cluster.uuid where name like 'kvm%') order by name",
            "kvm-1 kvm-2",
        ),
        ("query vminstance restrict by (host.name='kvm-1')", "web-1"),
        ("query host restrict by (zone.name='Shanghai', cluster.name like 'edge%')", "edge-1"),
        ("query cluster restrict by (cluster.name in ('edge-cluster'))", "edge-cluster"),
        ("query primarystorage where type='LocalStorage' order by name asc", "edge local"),
        ("query vminstance order by state desc, name asc limit 3 offset 1", "bare-1 db-1 installer-1"),
        (
            "query vminstance order by hypervisorType, cpuNum desc, name desc limit 3",
            "windows-1 db-1 installer-1",
        ),
        ("query vminstance.name where name like '%-1' order by createDate desc limit 1", "bare-1"),
    ] {
        assert_eq!(names(&local, statement).await.join(" "), expected, "{statement}");
    }
}

#[tokio::test]
async fn results_have_the_forms_of_the_platform() {
    let local = Local::sample().await;
    for (statement, expected) in [
        (
            "count vminstance where state='Running' order by name limit 1 offset 5 named as 'n'",
            json!({"total": 2, "name": "n"}),
        ),
        (
            "query vminstance.name,cpuNum where state='Running' return with (total) order by name limit 1",
            json!({"inventories": [{"name": "web-1", "cpuNum": 1}], "total": 2}),
        ),
        ("query vminstance.name where name='none'", json!({"inventories": []})),
        (
            "sum vminstance.cpuNum,memorySize by hostUuid where hostUuid is not null order by cpuNum desc",
            json!({"inventories": [["40000000000040008000000000000002", 5, 10_737_418_240_i64],
                                   ["40000000000040008000000000000001", 1, 2_147_483_648_i64]]}),
        ),
        ("sum vminstance.cpuNum by uuid where name='none'", json!({"inventories": []})),
        (
            "sum vminstance.cpuNum by state order by state limit 1 offset 1",
            json!({"inventories": [["Paused", 1]]}),
        ),
        (
            "count vminstance group by state,cpuNum order by groupCount desc, state limit 3",
            json!({"inventoryCounts": [[{"state": "Stopped", "cpuNum": 1}, 2], [{"state": "Destroyed", "cpuNum": 1}, 1],
                                       [{"state": "Paused", "cpuNum": 1}, 1]], "total": 8}),
        ),
        ("count vminstance where name='none' group by state", json!({"total": 0})),
        (
            "query vminstance group by state order by state desc limit 2",
            json!({"inventories": [{"state": "Stopped"}, {"state": "Running"}]}),
        ),
        (
            "query vminstance.name return with (total) group by state order by state",
            json!({"inventories": [{"state": "Destroyed", "name": "old-1"}, {"state": "Paused", "name": "cache-1"},
                                   {"state": "Running", "name": "web-1"}, {"state": "Stopped", "name": "db-1"}], "total": 8}),
        ),
        (
            "query distinct(vminstance.cpuNum) return with (total) order by cpuNum",
            json!({"inventories": [{"cpuNum": 1}, {"cpuNum": 2}, {"cpuNum": 4}], "total": 3}),
        ),
        ("count distinct(vminstance.state)", json!({"total": 4})),
        ("query max(vminstance.cpuNum)", json!({"inventoryAggregateFunctions": [[{"cpuNum": 4}, 4]]})),
        (
            "query min(vminstance.createDate) group by hypervisorType",
            json!({"inventoryAggregateFunctions": [[{"hypervisorType": "KVM", "createDate": "Mar 2, 2026 8:30:00 AM"},
                                                    "Mar 2, 2026 8:30:00 AM"]]}),
        ),
        (
            "query avg(vminstance.cpuNum) where state='Running'",
            json!({"inventoryAggregateFunctions": [[{"cpuNum": 2.5}, 2.5]]}),
        ),
        ("query max(vminstance.cpuNum) where name='none'", json!({})),
        (
            "search 'KVM' from cluster, host limit 2 offset 1",
            json!({"inventories": [{"uuid": "40000000000040008000000000000001", "resourceName": "kvm-1", "resourceType": "KVMHostVO"},
                                   {"uuid": "40000000000040008000000000000002", "resourceName": "kvm-2", "resourceType": "KVMHostVO"}],
                   "total": 3}),
        ),
        (
            "search 'front window'",
            json!({"inventories": [{"uuid": sample::WEB_1, "resourceName": "web-1", "resourceType": "VmInstanceVO"}], "total": 1}),
        ),
        (
            "search '1' from vminstance restrict by (host.name = 'kvm-1')",
            json!({"inventories": [{"uuid": sample::WEB_1, "resourceName": "web-1", "resourceType": "VmInstanceVO"}], "total": 1}),
        ),
    ] {
        assert_eq!(result(&local, statement).await, expected, "{statement}");
    }
    let several = results(&local, "query zone.name named as 'z';\ncount host; count cluster;").await;
    assert_eq!(
        several,
        [
            json!({"inventories": [{"name": "Shanghai"}], "name": "z"}),
            json!({"total": 3}),
            json!({"total": 2})
        ]
    );
}

#[tokio::test]
async fn errors_name_what_is_wrong() {
    let local = Local::sample().await;
    for (statement, code, part) in [
        ("", "SYS.1000", "[zql] line 1, column 1: expected a statement"),
        ("query zone where", "SYS.1000", "line 1, column 17: expected a field"),
        (
            "query zone; query zone where name = x",
            "SYS.1000",
            "column 37: expected a value; write a text in quotation marks, such as 'x'",
        ),
        (
            "query vminstanc",
            "SYS.1007",
            "[zql] `vminstanc` is not a resource; write a name such as `VmInstance`.",
        ),
        ("query zone where unknown = 1", "SYS.1007", "[zql] `unknown` is not a field of the zone"),
        (
            "query vminstance where vmnics.ip = '1'",
            "SYS.1007",
            "`vmnics` in `vmnics.ip` is not a field of the VM instance; did you mean `vmNics`?",
        ),
        ("query vminstance where vmNics = '1'", "SYS.1007", "`vmNics` is a resource, not a value"),
        ("query vminstance where cpuNum = 'two'", "SYS.1007", "`cpuNum` must be an integer; got `two`."),
        ("query vminstance where cpuNum in (query hots.cpuNum)", "SYS.1007", "`hots` is not a resource"),
        ("query vminstance where cpuNum in (query host.cpus)", "SYS.1007", "`cpus` is not a field of the"),
        ("query vminstance.nme", "SYS.1007", "`nme` is not a field of the VM instance; did you mean `name`?"),
        ("query vminstance order by nme", "SYS.1007", "`nme` is not a field"),
        ("count vminstance group by nme", "SYS.1007", "`nme` is not a field"),
        ("query vminstance.vmNics group by name", "SYS.1007", "`vmNics` is a resource, not a value"),
        ("sum vminstance.name by uuid", "SYS.1007", "`name` is a text; only numbers can be added."),
        ("query max(vminstance)", "SYS.1007", "a function takes one field"),
        (
            "query zone restrict by (longjob.name='x')",
            "SYS.1007",
            "`longjob.name`: no relation leads from the zone to it",
        ),
        ("query vminstance where cpuNum like '1%'", "SYS.1007", "`cpuNum` is an integer"),
        (
            "query zone filter by zwatch{x}",
            "SYS.1014",
            "[zql] `filter by zwatch` is not emulated by this node.",
        ),
        (
            "query vminstance return with (zwatch{metricName='CPUUsedUtilization'})",
            "SYS.1014",
            "`return with (zwatch)`",
        ),
    ] {
        let answer = run(&local, statement).await;
        let details = answer.1["error"]["details"].as_str().unwrap_or_default();
        assert_eq!(self::code(&answer), code, "{statement}: {details}");
        assert!(details.contains(part), "{statement}: {details}");
    }
    let batch = get(&local, "/batch-queries?script=x").await;
    assert_eq!(code(&batch), "SYS.1014");
    assert!(batch.1["error"]["details"].as_str().unwrap().contains("BatchQuery"), "{}", batch.1);
}

#[tokio::test]
async fn an_account_sees_what_it_may_see() {
    let mut local = Local::sample().await;
    local.session = local.log_in("alice", "wonderland").await;
    assert_eq!(names(&local, "query vminstance").await, ["alice-notes"]);
    for (statement, expected) in [
        ("count vminstance", json!({"total": 1})),
        ("count vminstance group by cpuNum", json!({"inventoryCounts": [[{"cpuNum": 1}, 1]], "total": 1})),
        ("count distinct(vminstance.state)", json!({"total": 1})),
        ("sum vminstance.cpuNum by hypervisorType", json!({"inventories": [["KVM", 1]]})),
        ("query max(vminstance.cpuNum)", json!({"inventoryAggregateFunctions": [[{"cpuNum": 1}, 1]]})),
        ("query distinct(vminstance.state)", json!({"inventories": [{"state": "Stopped"}]})),
        // Shared images are visible, but the VMs of others do not show through them.
        (
            "query image.name where uuid in (query vminstance.imageUuid)",
            json!({"inventories": [{"name": "Rocky Linux 9"}]}),
        ),
        (
            "query image.name where mediaType='ISO' and uuid in (query vmcdrom.isoUuid)",
            json!({"inventories": []}),
        ),
        (
            "count image where name='Rescue CD' and uuid not in (query vmcdrom.isoUuid where isoUuid is not null)",
            json!({"total": 1}),
        ),
        ("search 'web-1'", json!({"inventories": [], "total": 0})),
    ] {
        assert_eq!(result(&local, statement).await, expected, "{statement}");
    }
    for statement in [
        "query longjob; query gcjob",
        "query vminstance where uuid in (query gcjob.uuid)",
        "count vminstance where name='x' or uuid in (query vmnic.uuid where uuid in (query gcjob.uuid))",
        "search 'x' from gcjob",
    ] {
        assert_eq!(code(&run(&local, statement).await), "ID.1002", "{statement}");
    }
}

/// Each statement of the page has the answer that follows it.
#[tokio::test]
async fn the_page_shows_answers_of_the_sample() {
    let local = Local::sample().await;
    let page = include_str!("../../../docs/zql.md");
    let blocks: Vec<_> = page.split("```").collect();
    let block =
        |index: usize, language: &str| blocks.get(index).and_then(|block| block.strip_prefix(language));
    let statements: Vec<_> = (0..blocks.len()).filter(|index| block(*index, "zql\n").is_some()).collect();
    assert!(statements.len() >= 4);
    for index in statements {
        let zql = block(index, "zql\n").unwrap();
        let expected: Value = serde_json::from_str(block(index + 2, "json\n").unwrap()).unwrap();
        assert_eq!(run(&local, zql.trim()).await, (200, expected), "{zql}");
    }
}
