//! Tests of every parameter that refers to a resource, with a resource of another
//! account: the request is refused or finds nothing, and nothing changes.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use zstack_node::model::ADMIN_UUID;
use zstack_node::store::Store as _;

use crate::local::sample::{ALICE_NOTES, DB_1, DB_DRIVE, DRIVERS, RESCUE};
use crate::local::{Answer, Local, code, inventory};
use crate::performed::performed_operations;
use crate::records;

const ALICE: &str = "a0000000000040008000000000000001";

/// A node, and secrets of its administrator.
struct Scenario {
    local: Local,
    /// An access key of the administrator.
    key: String,
    /// A session of the administrator.
    session: String,
}

impl Scenario {
    /// Creates a node with the sample and a session of alice, who owns a VM instance.
    async fn new() -> Self {
        let mut local = Local::sample().await;
        let session = local.session.clone();
        let params = json!({"params": {"accountUuid": ADMIN_UUID, "userUuid": ADMIN_UUID}});
        let key = local.send("POST", "/zstack/v1/accesskeys", &params.to_string()).await;
        let key = inventory(key)["uuid"].as_str().unwrap().to_owned();
        local.session = local.log_in("alice", "wonderland").await;
        Self { local, key, session }
    }

    async fn act(&self, on: &str, action: &str) -> Answer {
        self.local.act(on, action, "{}").await
    }
}

/// The result of a reference to a resource of another account.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Outcome {
    /// `SYS.1006`, with this text.
    Denied(&'static str),
    /// `SYS.1007`: it is not a part of the other named resource.
    NotAPart,
    /// A list without it.
    Invisible,
    /// `SYS.1003`: the node has no such resources, or only the one in another
    /// parameter.
    NotFound,
    /// Success: it is only compared with the parts of the VM instance.
    Compared,
    /// Not tested: it has no owner, is a secret, or is new.
    Unowned,
}

use Outcome::{Compared, Denied, Invisible, NotAPart, NotFound, Unowned};

const VM: Outcome = Denied("Permission denied: the VM instance");
const IMAGE: Outcome = Denied("Permission denied: the image");

/// Operation, parameter and result; the name of a system tag ends with `::`.
const REFERENCES: &[(&str, &str, Outcome)] = &[
    ("AttachIsoToVmInstance", "vmInstanceUuid", VM),
    ("AttachIsoToVmInstance", "isoUuid", IMAGE),
    ("AttachIsoToVmInstance", "cdromUuid::", Denied("names a CD-ROM drive of another VM instance")),
    ("CreateAccessKey", "accountUuid", Denied("Permission denied: the account")),
    ("CreateAccessKey", "userUuid", NotFound),
    ("CreateAccessKey", "resourceUuid", Unowned),
    ("CreateAccessKey", "tagUuids", NotFound),
    ("CreateVmCdRom", "vmInstanceUuid", VM),
    ("CreateVmCdRom", "isoUuid", IMAGE),
    ("CreateVmCdRom", "resourceUuid", Unowned),
    ("CreateVmCdRom", "tagUuids", NotFound),
    ("DeleteAccessKey", "uuid", Denied("Permission denied: the access key")),
    ("DeleteVmCdRom", "uuid", VM),
    ("DestroyVmInstance", "uuid", VM),
    ("DetachIsoFromVmInstance", "vmInstanceUuid", VM),
    ("DetachIsoFromVmInstance", "isoUuid", Compared),
    ("ExpungeVmInstance", "uuid", VM),
    ("GetCandidateIsoForAttachingVm", "vmInstanceUuid", VM),
    ("GetCandidateVmForAttachingIso", "isoUuid", IMAGE),
    ("LogInByAccount", "captchaUuid", Unowned),
    ("LogOut", "sessionUuid", Unowned),
    ("PauseVmInstance", "uuid", VM),
    ("QueryAccessKey", "q", Invisible),
    ("QueryAccessKey", "uuid", Invisible),
    ("QueryImage", "uuid", Invisible),
    ("QueryVmCdRom", "uuid", Invisible),
    ("QueryVmInstance", "uuid", Invisible),
    ("RebootVmInstance", "uuid", VM),
    ("RecoverVmInstance", "uuid", VM),
    ("ReimageVmInstance", "vmInstanceUuid", VM),
    ("RenewSession", "sessionUuid", Denied("Permission denied: the session")),
    ("ResumeVmInstance", "uuid", VM),
    ("SetVmInstanceDefaultCdRom", "vmInstanceUuid", VM),
    ("SetVmInstanceDefaultCdRom", "uuid", NotAPart),
    ("StartVmInstance", "uuid", VM),
    ("StartVmInstance", "clusterUuid", Unowned),
    ("StartVmInstance", "hostUuid", Unowned),
    ("StopVmInstance", "uuid", VM),
    ("UpdateVmCdRom", "uuid", VM),
    ("ValidateSession", "sessionUuid", Unowned),
];

/// Calls an operation with a resource of the administrator in the parameter; the
/// other resources are alice's own or shared.
async fn call(scenario: &Scenario, operation: &str, parameter: &str) -> Answer {
    let Scenario { local, key, session } = scenario;
    let create = |params: Value| {
        let body = json!({ "params": params }).to_string();
        async move { local.send("POST", "/zstack/v1/accesskeys", &body).await }
    };
    let get = |path: String| async move { local.send("GET", &format!("/zstack/v1/{path}"), "").await };
    match (operation, parameter) {
        ("AttachIsoToVmInstance", "vmInstanceUuid") => local.attach(DB_1, RESCUE).await,
        ("AttachIsoToVmInstance", "isoUuid") => local.attach(ALICE_NOTES, DRIVERS).await,
        ("AttachIsoToVmInstance", _) => {
            let tags = json!({"systemTags": [format!("cdromUuid::{DB_DRIVE}")]}).to_string();
            local.send("POST", &format!("/zstack/v1/vm-instances/{ALICE_NOTES}/iso/{RESCUE}"), &tags).await
        }
        ("CreateAccessKey", "accountUuid") => {
            create(json!({"accountUuid": ADMIN_UUID, "userUuid": ADMIN_UUID})).await
        }
        ("CreateAccessKey", "tagUuids") => {
            create(json!({"accountUuid": ALICE, "userUuid": ALICE, "tagUuids": [DRIVERS]})).await
        }
        ("CreateAccessKey", _) => create(json!({"accountUuid": ALICE, "userUuid": ADMIN_UUID})).await,
        ("CreateVmCdRom", "vmInstanceUuid") => {
            local.create_cd_rom(&json!({"name": "cd", "vmInstanceUuid": DB_1}).to_string()).await
        }
        ("CreateVmCdRom", "isoUuid") => {
            let params = json!({"name": "cd", "vmInstanceUuid": ALICE_NOTES, "isoUuid": DRIVERS});
            local.create_cd_rom(&params.to_string()).await
        }
        ("CreateVmCdRom", _) => {
            let params = json!({"name": "cd", "vmInstanceUuid": ALICE_NOTES, "tagUuids": [DRIVERS]});
            local.create_cd_rom(&params.to_string()).await
        }
        ("DeleteAccessKey", _) => local.send("DELETE", &format!("/zstack/v1/accesskeys/{key}"), "").await,
        ("DeleteVmCdRom", _) => local.delete_cd_rom(DB_DRIVE).await,
        ("DestroyVmInstance", _) => local.destroy(DB_1).await,
        ("DetachIsoFromVmInstance", "vmInstanceUuid") => local.detach(DB_1, "").await,
        ("DetachIsoFromVmInstance", _) => local.detach(ALICE_NOTES, &format!("?isoUuid={DRIVERS}")).await,
        ("ExpungeVmInstance", _) => local.expunge(DB_1).await,
        ("GetCandidateIsoForAttachingVm", _) => get(format!("vm-instances/{DB_1}/iso-candidates")).await,
        ("GetCandidateVmForAttachingIso", _) => local.candidates(DRIVERS).await,
        ("PauseVmInstance", _) => scenario.act(DB_1, "pauseVmInstance").await,
        ("QueryAccessKey", "uuid") => get(format!("accesskeys/{key}")).await,
        ("QueryAccessKey", _) => get(format!("accesskeys?q=uuid={key}")).await,
        ("QueryImage", _) => get(format!("images/{DRIVERS}")).await,
        ("QueryVmCdRom", _) => get(format!("vm-instances/cdroms/{DB_DRIVE}")).await,
        ("QueryVmInstance", _) => get(format!("vm-instances/{DB_1}")).await,
        ("RebootVmInstance", _) => scenario.act(DB_1, "rebootVmInstance").await,
        ("RecoverVmInstance", _) => local.recover(DB_1).await,
        ("ReimageVmInstance", _) => local.reimage(DB_1).await,
        ("RenewSession", _) => {
            let path = format!("/zstack/v1/accounts/sessions/{session}/renew");
            local.send("PUT", &path, r#"{"renewSession":{}}"#).await
        }
        ("ResumeVmInstance", _) => scenario.act(DB_1, "resumeVmInstance").await,
        ("SetVmInstanceDefaultCdRom", "vmInstanceUuid") => local.set_default(DB_1, DB_DRIVE).await,
        ("SetVmInstanceDefaultCdRom", _) => local.set_default(ALICE_NOTES, DB_DRIVE).await,
        ("StartVmInstance", _) => local.start(DB_1).await,
        ("StopVmInstance", _) => local.stop(DB_1).await,
        ("UpdateVmCdRom", _) => {
            local.act(&format!("cdroms/{DB_DRIVE}"), "updateVmCdRom", r#"{"name":"mine"}"#).await
        }
        other => panic!("{other:?} has no call"),
    }
}

#[tokio::test]
async fn resources_of_other_accounts_are_inaccessible() {
    let scenario = Scenario::new().await;
    let store = scenario.local.app.store();
    let before = (records::vm(store.as_ref(), DB_1).await, records::vm(store.as_ref(), ALICE_NOTES).await);
    for (operation, parameter, outcome) in REFERENCES {
        if *outcome == Unowned {
            continue;
        }
        let answer = call(&scenario, operation, parameter).await;
        let of = format!("{operation} {parameter}: {} {}", answer.0, answer.1);
        let details = || answer.1["error"]["details"].as_str().unwrap().to_owned();
        match outcome {
            Denied(words) => assert!(code(&answer) == "SYS.1006" && details().contains(words), "{of}"),
            NotAPart => assert_eq!(code(&answer), "SYS.1007", "{of}"),
            NotFound => assert_eq!(code(&answer), "SYS.1003", "{of}"),
            Invisible => assert_eq!(answer.1["inventories"], json!([]), "{of}"),
            Compared => assert_eq!(answer.0, 200, "{of}"),
            Unowned => {}
        }
    }
    let after = (records::vm(store.as_ref(), DB_1).await, records::vm(store.as_ref(), ALICE_NOTES).await);
    assert_eq!(after, before);
    assert!(store.access_key(&scenario.key).await.unwrap().is_some());
}

/// A list of candidates contains no resource of another account.
#[tokio::test]
async fn candidates_are_the_callers_own_or_shared() {
    let scenario = Scenario::new().await;
    let foreign = [DB_1, DRIVERS];
    for path in [
        format!("/zstack/v1/images/iso/{RESCUE}/vm-candidates"),
        format!("/zstack/v1/vm-instances/{ALICE_NOTES}/iso-candidates"),
    ] {
        let (status, answer) = scenario.local.send("GET", &path, "").await;
        assert_eq!(status, 200, "{answer}");
        let found = answer["inventories"].as_array().unwrap();
        assert!(!found.is_empty(), "{path}");
        assert!(
            found.iter().all(|resource| !foreign.contains(&resource["uuid"].as_str().unwrap())),
            "{path}: {answer}"
        );
    }
}

/// Every parameter that refers to a resource must be in the table, if the node performs the operation.
#[test]
fn every_reference_of_every_operation_has_a_row() {
    let mut expected = Vec::new();
    let performed: BTreeSet<_> = performed_operations().map(|operation| &*operation.name).collect();
    let operations = zstack_types::OPERATIONS.iter().copied().flatten();
    for operation in operations.filter(|operation| performed.contains(operation.name)) {
        for field in operation.request.fields {
            let name = field.name.to_lowercase();
            if name.ends_with("uuid") || name.ends_with("uuids") {
                expected.push((operation.name, field.name));
            }
        }
        for tag in operation.tags.iter().filter(|tag| tag.pattern.to_lowercase().contains("uuid::")) {
            expected.push((operation.name, tag.pattern.split('{').next().unwrap()));
        }
    }
    // The same as a condition.
    expected.push(("QueryAccessKey", "q"));
    let mut rows: Vec<_> =
        REFERENCES.iter().map(|(operation, parameter, _)| (*operation, *parameter)).collect();
    expected.sort_unstable();
    rows.sort_unstable();
    assert_eq!(rows, expected);
}
