//! Tests of the requests in the API documents, word for word.

use axum::body::{Body, to_bytes};
use axum::http::Request;
use serde_json::Value;
use zstack_node::inventory;
use zstack_node::model::{ADMIN_UUID, Changes, Edit, Session};
use zstack_node::store::Store as _;
use zstack_node::store::sqlite::SqliteStore;

use crate::local::{Local, NOON};

/// The resources in the requests of the documents.
const CLOUD: &str = "\
zones: [{name: zone}]
clusters: [{name: cluster}]
hosts: [{name: host, managementIp: 10.0.0.1}]
primaryStorages: [{name: nfs, type: NFS, url: /Cloud_ps}]
backupStorages: [{name: sftp, type: SftpBackupStorage, url: /Cloud_bs}]
images:
  - {name: linux, size: 100GiB, backupStorages: [sftp]}
  - {name: a, uuid: 8f36a77ab76e3425a571a7f75fca2d69, mediaType: ISO, size: 1GiB, backupStorages: [sftp]}
  - {name: b, uuid: 3e5e142462c54736b1880b43d49edeba, mediaType: ISO, size: 1GiB, backupStorages: [sftp]}
  - {name: c, uuid: 1712d13459ec3637be1020936e76e5a3, mediaType: ISO, size: 1GiB, backupStorages: [sftp]}
vms:
  - {name: attach, uuid: b1105c5dd00f323d99aa182dee237628, image: linux, state: Running, host: host}
  - {name: detach, uuid: ee0d9801bd604235b2a20a87fe50c7a4, image: linux}
  - {name: reimage, uuid: f38615d717a438c39eca3b8b560a00ef, image: linux}
  - {name: create, uuid: 47286977f0c530168fdbb1dfbfc167e8, image: linux, cdRoms: []}
";

async fn send(local: &Local, line: &str, session: &str, body: &str) -> Value {
    let (method, uri) = line.split_once(' ').unwrap();
    let request = Request::builder()
        .method(method)
        .uri(uri)
        .header("Content-Type", "application/json;charset=UTF-8")
        .header("Authorization", format!("OAuth {session}"))
        .body(Body::from(body.to_owned()))
        .unwrap();
    let response = local.app.api().handle(request).await;
    let status = response.status();
    let answer = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    assert_eq!(status, 200, "{line}: {}", String::from_utf8_lossy(&answer));
    serde_json::from_slice(&answer).unwrap()
}

#[tokio::test]
async fn requests_of_the_documentation_are_answered() {
    const SESSIONS: [&str; 3] = [
        "b86c9016b4f24953a9edefb53ca0678c",
        "402a9d5c22174d18b54daf3b989e1c59",
        "54ca471114824451b5b3e4cc22f9a927",
    ];
    let store = SqliteStore::temporary().unwrap();
    let local = Local::over(store, false).await;
    let store = local.app.store();
    inventory::load("documents", CLOUD, store.as_ref(), local.clock.as_ref()).await.unwrap();
    let session = |uuid: &str| {
        let (uuid, account_uuid) = (uuid.to_owned(), ADMIN_UUID.to_owned());
        Edit::create(Session {
            uuid,
            account_uuid,
            user_uuid: None,
            expired_date: NOON.plus_seconds(60),
            create_date: NOON,
        })
    };
    let edits = SESSIONS.map(session).to_vec();
    store.commit(Changes { guards: vec![], edits }).await.unwrap();
    let [first, second, third] = SESSIONS;

    let line = "GET /zstack/v1/images/iso/3e5e142462c54736b1880b43d49edeba/vm-candidates";
    let answer = send(&local, line, third, "").await;
    assert_eq!(answer["inventories"].as_array().unwrap().len(), 4);

    let line =
        "POST /zstack/v1/vm-instances/b1105c5dd00f323d99aa182dee237628/iso/8f36a77ab76e3425a571a7f75fca2d69";
    let answer = send(&local, line, first, "").await;
    assert_eq!(answer["inventory"]["vmCdRoms"][0]["isoUuid"], "8f36a77ab76e3425a571a7f75fca2d69");

    let line = "DELETE /zstack/v1/vm-instances/ee0d9801bd604235b2a20a87fe50c7a4/iso\
                ?isoUuid=dffgdiofgerut566jveritynrt9w4c5u4tv9";
    let answer = send(&local, line, second, "").await;
    assert_eq!(answer["inventory"]["name"], "detach");

    let line = "PUT /zstack/v1/vm-instances/f38615d717a438c39eca3b8b560a00ef/actions";
    let answer = send(&local, line, first, r#"{"reimageVmInstance":{}}"#).await;
    assert_eq!(answer["inventory"]["state"], "Stopped");

    let line = "POST /zstack/v1/vm-instances/cdroms";
    let body = r#"{"params":{"name":"cd-1","vmInstanceUuid":"47286977f0c530168fdbb1dfbfc167e8","isoUuid":"1712d13459ec3637be1020936e76e5a3"},"userTags":["a tag"]}"#;
    let answer = send(&local, line, first, body).await;
    let drive = &answer["inventory"];
    assert_eq!(drive["deviceId"], 0);
    assert_eq!(drive["isoUuid"], "1712d13459ec3637be1020936e76e5a3");
    assert_eq!(drive["createDate"], "Jan 1, 2027 12:00:00 PM");
}
