//! The actions of the client, and a test double of the client.

use std::sync::Mutex;

use serde_json::{Value, json};
use zstack_client::types::VmInstanceInventory;
use zstack_client::vm_instance::{AttachIsoToVmInstance, QueryVmInstance};
use zstack_client::{Caller, Client, Error, IdentityActions, QueryRequest, Request, VmInstanceActions};
use zstack_runtime::{decode, encode};

/// An example program: attaches an ISO to the first VM with a name.
async fn insert(client: &impl Caller, name: &str, iso: &str) -> Result<Option<VmInstanceInventory>, Error> {
    let query = QueryVmInstance::new().filter(VmInstanceInventory::NAME.eq(name)).limit(1);
    let found = client.query_vm_instance(query).await?.inventories.unwrap_or_default();
    let Some(vm) = found.into_iter().next() else { return Ok(None) };
    let attached = client.attach_iso_to_vm_instance(AttachIsoToVmInstance::new(vm.uuid, iso)).await?;
    Ok(Some(attached.inventory))
}

/// Records the calls, and responds with the next of these texts.
struct Replacement {
    calls: Mutex<Vec<Value>>,
    responses: Mutex<Vec<&'static str>>,
}

impl Caller for Replacement {
    async fn execute<R: Request>(&self, request: R) -> Result<R::Response, Error> {
        let request: Value = serde_json::from_slice(&encode::to_vec(&request)).unwrap();
        self.calls.lock().unwrap().push(json!({R::OPERATION.name: request}));
        let response = self.responses.lock().unwrap().remove(0);
        Ok(decode::from_slice(response.as_bytes()).unwrap())
    }
}

#[tokio::test]
async fn tests_can_replace_the_client_with_one_method() {
    let replacement = Replacement {
        calls: Mutex::default(),
        responses: Mutex::new(vec![
            r#"{"inventories": [{"uuid": "v", "createDate": "Nov 14, 2017 10:20:57 PM", "lastOpDate": "Nov 14, 2017 10:20:57 PM"}]}"#,
            r#"{"inventory": {"uuid": "v", "name": "web", "createDate": "Nov 14, 2017 10:20:57 PM", "lastOpDate": "Nov 14, 2017 10:20:57 PM"}}"#,
            r#"{"inventories": []}"#,
        ]),
    };
    let attached = insert(&replacement, "web", "i").await.unwrap();
    assert_eq!(attached.unwrap().name.as_deref(), Some("web"));
    assert_eq!(insert(&replacement, "db", "i").await.unwrap(), None);
    let calls = replacement.calls.into_inner().unwrap();
    let expected = [
        json!({"QueryVmInstance": {"q": ["name=web"], "limit": 1}}),
        json!({"AttachIsoToVmInstance": {"vmInstanceUuid": "v", "isoUuid": "i", "systemTags": [], "userTags": []}}),
        json!({"QueryVmInstance": {"q": ["name=db"], "limit": 1}}),
    ];
    assert_eq!(calls, expected);
}

#[test]
fn client_has_all_actions() {
    fn has_actions<C: VmInstanceActions + IdentityActions>() {}
    has_actions::<Client>();
}
