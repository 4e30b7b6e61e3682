//! Tests of the legacy channel, `/zstack/api`, with requests as the command line
//! client sends them.

use serde_json::{Value, json};
use zstack_node::inventory::password_hash;

use super::wire::{Answer, Wire};
use crate::local::sample::{DB_1, RESCUE, WEB_1};

/// A client of the channel.
struct Channel {
    wire: Wire,
    session: String,
}

impl Channel {
    async fn sample() -> Self {
        let mut channel = Self { wire: Wire::sample(), session: String::new() };
        let content = json!({"accountName": "admin", "password": password_hash("password")});
        let login = channel.call("org.zstack.header.identity.APILogInByAccountMsg", content).await;
        channel.session = login["inventory"]["uuid"].as_str().unwrap().to_owned();
        channel
    }

    async fn post(&self, body: &Value) -> Answer {
        // The headers of the command line client.
        let headers = [("User-Agent", "cli"), ("X-Forwarded-For", "1.2.3.4")];
        self.wire.raw("POST", "/zstack/api", &headers, &body.to_string()).await
    }

    /// Returns the final answer to a message, polling for it if necessary.
    async fn answer(&self, class: &str, mut content: Value) -> Value {
        if !self.session.is_empty() {
            content["session"] = json!({"uuid": self.session, "callid": "x"});
        }
        let answer = self.post(&json!({ class: content })).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let mut body = answer.json();
        while body["state"] == "Processing" {
            assert_eq!(body.get("result"), None);
            let path = format!("/zstack/api/result/{}", body["uuid"].as_str().unwrap());
            let answer = self.wire.raw("GET", &path, &[], "").await;
            assert_eq!(answer.status, 200, "{answer:?}");
            body = answer.json();
        }
        assert_eq!(body["state"], "Done", "{body}");
        body
    }

    /// Returns the reply after verifying that its class matches the message.
    async fn reply(&self, class: &str, content: Value) -> Value {
        let answer = self.answer(class, content).await;
        let result: Value = serde_json::from_str(answer["result"].as_str().unwrap()).unwrap();
        let (reply, content) = result.as_object().unwrap().iter().next().unwrap();
        let stem = class.trim_end_matches("Msg");
        let is_login = reply == "org.zstack.header.identity.APILogInReply";
        assert!(
            is_login || [format!("{stem}Event"), format!("{stem}Reply")].contains(reply),
            "{class} {reply}"
        );
        content.clone()
    }

    async fn call(&self, class: &str, content: Value) -> Value {
        let reply = self.reply(class, content).await;
        assert_eq!(reply["success"], true, "{class}: {reply}");
        reply
    }

    async fn error_code(&self, class: &str, content: Value) -> String {
        let reply = self.reply(class, content).await;
        assert_eq!(reply["success"], false, "{class}: {reply}");
        reply["error"]["code"].as_str().unwrap().to_owned()
    }
}

fn vm_message(name: &str) -> String {
    format!("org.zstack.header.vm.API{name}Msg")
}

fn drive_message(name: &str) -> String {
    format!("org.zstack.header.vm.cdrom.API{name}Msg")
}

#[tokio::test]
async fn a_vm_is_used_from_query_to_expunge() {
    let cli = Channel::sample().await;
    let conditions = json!([
        {"name": "name", "op": "like", "value": "web%"},
        {"name": "state", "op": "not in", "value": "Destroyed,Stopped"},
        {"name": "imageUuid", "op": "is not null", "value": ""},
    ]);
    let query = json!({"conditions": conditions, "sortBy": "createDate", "limit": "5"});
    let found = cli.call(&vm_message("QueryVmInstance"), query).await;
    let web = found["inventories"][0]["uuid"].as_str().unwrap().to_owned();
    assert_eq!((web.as_str(), found["inventories"].as_array().unwrap().len()), (WEB_1, 1));
    let isos = cli.call(&vm_message("GetCandidateIsoForAttachingVm"), json!({"vmInstanceUuid": web})).await;
    assert!(isos["inventories"].as_array().unwrap().iter().any(|iso| iso["uuid"] == RESCUE), "{isos}");
    let vms = cli.call(&vm_message("GetCandidateVmForAttachingIso"), json!({"isoUuid": RESCUE})).await;
    assert!(vms["inventories"].as_array().unwrap().iter().any(|vm| vm["uuid"] == WEB_1), "{vms}");

    let stopped = cli.call(&vm_message("StopVmInstance"), json!({"uuid": web, "timeout": 60_000})).await;
    assert_eq!(stopped["inventory"]["state"], "Stopped");
    let second =
        cli.call(&drive_message("CreateVmCdRom"), json!({"name": "second", "vmInstanceUuid": web})).await;
    let second = second["inventory"]["uuid"].as_str().unwrap().to_owned();
    let tags = json!([format!("cdromUuid::{second}")]);
    let attach = json!({"vmInstanceUuid": web, "isoUuid": RESCUE, "systemTags": tags});
    let attached = cli.call(&vm_message("AttachIsoToVmInstance"), attach).await;
    assert_eq!(attached["inventory"]["vmCdRoms"][1]["isoUuid"], RESCUE);
    let default = json!({"vmInstanceUuid": web, "uuid": second});
    assert_eq!(
        cli.call(&drive_message("SetVmInstanceDefaultCdRom"), default).await["inventory"]["deviceId"],
        0
    );
    let detach = json!({"vmInstanceUuid": web, "isoUuid": RESCUE});
    let detached = cli.call(&vm_message("DetachIsoFromVmInstance"), detach).await;
    assert_eq!(detached["inventory"]["vmCdRoms"][0].get("isoUuid"), None);
    cli.call(&vm_message("ReimageVmInstance"), json!({"vmInstanceUuid": web})).await;
    assert_eq!(
        cli.call(&vm_message("StartVmInstance"), json!({"uuid": web})).await["inventory"]["state"],
        "Running"
    );
    assert_eq!(
        cli.call(&vm_message("DestroyVmInstance"), json!({"uuid": web})).await,
        json!({"success": true})
    );
    cli.call(&vm_message("ExpungeVmInstance"), json!({"uuid": web})).await;
    let count = json!({"conditions": [{"name": "uuid", "op": "=", "value": web}], "count": true});
    assert_eq!(cli.call(&vm_message("QueryVmInstance"), count).await, json!({"success": true, "total": 0}));
    let logout = json!({"sessionUuid": cli.session});
    cli.call("org.zstack.header.identity.APILogOutMsg", logout).await;
    assert_eq!(cli.error_code(&vm_message("StopVmInstance"), json!({"uuid": DB_1})).await, "ID.1001");
}

#[tokio::test]
async fn errors_are_returned_where_the_command_line_client_expects_them() {
    let mut cli = Channel::sample().await;
    assert_eq!(
        cli.error_code(&vm_message("AttachIsoToVmInstance"), json!({"isoUuid": RESCUE})).await,
        "SYS.1007"
    );
    assert_eq!(
        cli.error_code(&vm_message("ReimageVmInstance"), json!({"vmInstanceUuid": WEB_1})).await,
        "VM.1014"
    );
    let unknown = json!({"conditions": [{"name": "nmae", "op": "=", "value": "x"}]});
    assert_eq!(cli.error_code(&vm_message("QueryVmInstance"), unknown).await, "SYS.1007");
    assert_eq!(cli.error_code(&vm_message("QueryVmInstance"), json!({"limit": "many"})).await, "SYS.1007");
    cli.session = "unknown".to_owned();
    let reply = cli.reply(&vm_message("QueryVmInstance"), json!({})).await;
    assert!(reply["error"]["details"].as_str().unwrap().contains("Session expired"), "{reply}");
    let ready = cli.post(&json!({"org.zstack.header.apimediator.APIIsReadyToGoMsg": {}})).await;
    assert!(ready.json()["result"].as_str().unwrap().contains(r#""success":true"#), "{ready:?}");

    for body in
        [json!([]), json!({}), json!({"org.zstack.Unknown": {}}), json!({vm_message("QueryVmInstance"): 5})]
    {
        let answer = cli.post(&body).await;
        assert!(answer.is_text(200), "{body} {answer:?}");
    }
    let wire = &cli.wire;
    let slash = wire
        .raw("POST", "/zstack/api/", &[], r#"{"org.zstack.header.apimediator.APIIsReadyToGoMsg":{}}"#)
        .await;
    assert!(slash.body.contains("APIIsReadyToGoReply"), "{slash:?}");
    assert!(wire.raw("GET", "/zstack/api/result/nothing", &[], "").await.is_text(404));
    assert!(wire.raw("GET", "/zstack/api", &[], "").await.is_text(405));
    assert!(wire.raw("POST", "/zstack/api/result/nothing", &[], "{}").await.is_text(405));
    assert!(wire.raw("POST", "/zstack/apis", &[], "{}").await.is_text(404));
}

#[tokio::test]
async fn a_running_operation_can_be_polled() {
    let cli = Channel::sample().await;
    let fault = json!({"operation": "StopVmInstance", "hold": true}).to_string();
    cli.wire.control("POST", "/_node/faults", &fault).await;
    let content = json!({"uuid": WEB_1, "session": {"uuid": cli.session}});
    let begun = cli.post(&json!({ vm_message("StopVmInstance"): content })).await.json();
    assert_eq!((&begun["state"], begun.get("finishedDate")), (&json!("Processing"), None));
    let path = format!("/zstack/api/result/{}", begun["uuid"].as_str().unwrap());
    assert_eq!(cli.wire.raw("GET", &path, &[], "").await.json()["state"], "Processing");
    cli.wire.control("DELETE", "/_node/faults", "").await;
    let done = loop {
        let answer = cli.wire.raw("GET", &path, &[], "").await.json();
        if answer["state"] == "Done" {
            break answer;
        }
    };
    assert!(done["finishedDate"].is_string() && done["createdDate"].is_string(), "{done}");
    let result: Value = serde_json::from_str(done["result"].as_str().unwrap()).unwrap();
    assert_eq!(result["org.zstack.header.vm.APIStopVmInstanceEvent"]["inventory"]["state"], "Stopped");
}
