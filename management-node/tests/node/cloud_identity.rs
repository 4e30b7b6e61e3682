//! Tests of accounts, quotas, shares, tags and users.

use serde_json::{Value, json};
use zstack_node::inventory::password_hash;
use zstack_node::model::ADMIN_UUID;

use crate::local::{Answer, Local, assert_empty, code, inventory, sample};

const ALICE: &str = "a0000000000040008000000000000001";

async fn post(local: &Local, path: &str, params: Value) -> Answer {
    local.send("POST", &format!("/zstack/v1{path}"), &json!({"params": params}).to_string()).await
}

async fn put(local: &Local, path: &str, action: &str, params: Value) -> Answer {
    local.send("PUT", &format!("/zstack/v1{path}"), &json!({action: params}).to_string()).await
}

async fn delete(local: &Local, path: &str) -> Answer {
    local.send("DELETE", &format!("/zstack/v1{path}"), "").await
}

async fn list(local: &Local, path: &str) -> Vec<Value> {
    let (status, answer) = local.send("GET", &format!("/zstack/v1{path}"), "").await;
    assert_eq!(status, 200, "{answer}");
    answer["inventories"].as_array().cloned().unwrap_or_default()
}

fn uuid(answer: Answer) -> String {
    inventory(answer)["uuid"].as_str().unwrap().to_owned()
}

async fn account(local: &Local, name: &str) -> String {
    uuid(post(local, "/accounts", json!({"name": name, "password": password_hash(name)})).await)
}

/// Returns a copy of a node's session for another account.
async fn log_in(local: &mut Local, name: &str) -> String {
    let session = local.log_in(name, name).await;
    std::mem::replace(&mut local.session, session)
}

#[tokio::test]
async fn accounts_are_created_changed_and_deleted() {
    let mut local = Local::sample().await;
    let bob = account(&local, "bob").await;
    let found = list(&local, "/accounts?q=name=bob").await;
    assert_eq!((&found[0]["type"], found[0].get("password")), (&json!("Normal"), None));
    let again = post(&local, "/accounts", json!({"name": "bob", "password": "x"})).await;
    assert_eq!(code(&again), "SYS.1007");
    let at = format!("/accounts/{bob}");
    let change = |params: Value| put(&local, &at, "updateAccount", params);
    assert_eq!(code(&change(json!({"name": "alice"})).await), "SYS.1007");
    assert_eq!(code(&change(json!({"password": "x", "oldPassword": "wrong"})).await), "SYS.1006");
    let renamed =
        put(&local, &format!("/accounts/{ADMIN_UUID}"), "updateAccount", json!({"name": "root"})).await;
    assert_eq!(code(&renamed), "SYS.1006");

    let admin = log_in(&mut local, "bob").await;
    let own = local.session.clone();
    let second = local.log_in("bob", "bob").await;
    assert_eq!(
        code(&put(&local, &format!("/accounts/{ALICE}"), "updateAccount", json!({"name": "x"})).await),
        "SYS.1006"
    );
    assert_eq!(code(&post(&local, "/accounts", json!({"name": "x", "password": "x"})).await), "ID.1002");
    // A new password ends the other sessions.
    let params =
        json!({"password": password_hash("new"), "oldPassword": password_hash("bob"), "description": "d"});
    assert_eq!(
        inventory(put(&local, &format!("/accounts/{bob}"), "updateAccount", params).await)["description"],
        "d"
    );
    local.session = second;
    assert_eq!(code(&local.send("GET", "/zstack/v1/volumes", "").await), "ID.1001");
    local.session = own;
    assert!(list(&local, "/volumes").await.is_empty());
    assert_eq!(local.try_log_in("bob", "bob").await.0, 503);
    local.log_in("bob", "new").await;
    let volume = uuid(post(&local, "/volumes/data", json!({"name": "v", "diskSize": 5})).await);

    let bobs = std::mem::replace(&mut local.session, admin);
    assert_eq!(code(&delete(&local, &format!("/accounts/{ADMIN_UUID}")).await), "SYS.1007");
    assert_empty(&delete(&local, &format!("/accounts/{bob}")).await);
    assert_empty(&delete(&local, &format!("/accounts/{bob}")).await);
    assert!(list(&local, &format!("/volumes?q=uuid={volume}")).await.is_empty());
    assert!(list(&local, &format!("/accounts/quotas?q=identityUuid={bob}")).await.is_empty());
    local.session = bobs;
    assert_eq!(code(&local.send("GET", "/zstack/v1/volumes", "").await), "ID.1001");
}

#[tokio::test]
async fn quotas_limit_normal_accounts() {
    let mut local = Local::sample().await;
    let bob = account(&local, "bob").await;
    let quotas = list(&local, &format!("/accounts/quotas?q=identityUuid={bob}")).await;
    assert_eq!(quotas.len(), 17);
    let set = |name: &str, value: i64| {
        put(
            &local,
            "/accounts/quotas/actions",
            "updateQuota",
            json!({"identityUuid": bob, "name": name, "value": value}),
        )
    };
    assert_eq!(code(&set("unknown", 1).await), "SYS.1007");
    assert_eq!(inventory(set("volume.data.num", 1).await)["value"], 1);
    // An account of an inventory file has the defaults.
    let params = json!({"identityUuid": ALICE, "name": "vm.num", "value": 3});
    assert_eq!(inventory(put(&local, "/accounts/quotas/actions", "updateQuota", params).await)["value"], 3);

    let admin = log_in(&mut local, "bob").await;
    uuid(post(&local, "/volumes/data", json!({"name": "v", "diskSize": 5})).await);
    assert_eq!(code(&post(&local, "/volumes/data", json!({"name": "v", "diskSize": 5})).await), "ID.1003");
    let usages = |answer: Answer, name: &str| {
        let usages = answer.1["usages"].as_array().unwrap_or_else(|| panic!("{}", answer.1)).clone();
        usages.into_iter().find(|usage| usage["name"] == name).unwrap()
    };
    let path = format!("/zstack/v1/accounts/quota/{bob}/usages");
    let usage = usages(local.send("GET", &path, "").await, "volume.data.num");
    assert_eq!(usage, json!({"name": "volume.data.num", "total": 1, "used": 1}));
    let others = local.send("GET", &format!("/zstack/v1/accounts/quota/{ALICE}/usages"), "").await;
    assert_eq!(code(&others), "SYS.1006");
    local.session = admin;
    let params = json!({"identityUuid": bob, "name": "volume.data.num", "value": 0});
    assert_eq!(code(&put(&local, "/accounts/quotas/actions", "updateQuota", params).await), "SYS.1006");
}

#[tokio::test]
async fn shares_make_resources_visible() {
    let mut local = Local::sample().await;
    let (bob, carol) = (account(&local, "bob").await, account(&local, "carol").await);
    let volume = uuid(post(&local, "/volumes/data", json!({"name": "v", "diskSize": 5})).await);
    let share = |params: Value| put(&local, "/accounts/resources/actions", "shareResource", params);
    assert_eq!(code(&share(json!({"resourceUuids": [volume]})).await), "SYS.1007");
    for _ in 0..2 {
        assert_empty(
            &share(json!({"resourceUuids": [volume, sample::DRIVERS], "accountUuids": [bob]})).await,
        );
    }
    let shares = list(&local, &format!("/accounts/resources?q=resourceUuid={volume}")).await;
    assert_eq!(shares.len(), 1, "{:?}", list(&local, "/accounts/resources").await);
    assert_eq!(
        (&shares[0]["receiverAccountUuid"], &shares[0]["resourceType"]),
        (&json!(bob), &json!("VolumeVO"))
    );

    let admin = log_in(&mut local, "bob").await;
    assert_eq!(list(&local, "/volumes").await.len(), 1);
    assert!(list(&local, "/images").await.iter().any(|image| image["uuid"] == sample::DRIVERS));
    // The volume can be used, but the receiver cannot share it.
    assert_eq!(
        local.send("GET", &format!("/zstack/v1/volumes/{volume}/candidate-vm-instances"), "").await.0,
        200
    );
    let refused = put(
        &local,
        "/accounts/resources/actions",
        "shareResource",
        json!({"resourceUuids": [volume], "toPublic": true}),
    )
    .await;
    assert_eq!(code(&refused), "SYS.1007");
    let bobs = std::mem::replace(&mut local.session, admin.clone());
    log_in(&mut local, "carol").await;
    assert!(list(&local, "/volumes").await.is_empty());
    assert_eq!(
        code(&local.send("GET", &format!("/zstack/v1/volumes/{volume}/candidate-vm-instances"), "").await),
        "SYS.1006"
    );
    let carols = std::mem::replace(&mut local.session, admin.clone());

    assert_empty(
        &put(
            &local,
            "/accounts/resources/actions",
            "shareResource",
            json!({"resourceUuids": [volume], "toPublic": true}),
        )
        .await,
    );
    local.session = carols.clone();
    assert_eq!(list(&local, "/volumes").await.len(), 1);
    local.session = admin.clone();
    assert_empty(
        &put(
            &local,
            "/accounts/resources/actions",
            "revokeResourceSharing",
            json!({"resourceUuids": [volume], "toPublic": true}),
        )
        .await,
    );
    local.session = bobs;
    assert_eq!(list(&local, "/volumes").await.len(), 1);
    local.session = admin;
    assert_empty(
        &put(
            &local,
            "/accounts/resources/actions",
            "revokeResourceSharing",
            json!({"resourceUuids": [volume], "all": true}),
        )
        .await,
    );
    assert!(list(&local, &format!("/accounts/resources?q=resourceUuid={volume}")).await.is_empty());

    let (_, owners) =
        local.send("GET", &format!("/zstack/v1/resources/accounts?resourceUuids={volume}"), "").await;
    assert_eq!(owners["inventories"][&volume]["name"], "admin", "{owners}");
    let changed = post(&local, &format!("/account/{carol}/resources"), json!({"resourceUuid": volume})).await;
    assert_eq!(inventory(changed)["accountUuid"], carol);
    local.session = carols;
    assert_eq!(list(&local, "/volumes").await.len(), 1);
}

#[tokio::test]
async fn tags_are_created_attached_and_deleted() {
    let local = Local::sample().await;
    let params =
        |tag: &str| json!({"resourceType": "VmInstanceVO", "resourceUuid": sample::WEB_1, "tag": tag});
    let system = inventory(post(&local, "/system-tags", params("hostname::web")).await);
    assert_eq!((&system["inherent"], &system["type"]), (&json!(false), &json!("System")));
    let user = uuid(post(&local, "/user-tags", params("a tag")).await);
    assert_eq!(code(&post(&local, "/user-tags", params("a tag")).await), "SYS.1006");
    let mut wrong = params("x");
    wrong["resourceType"] = json!("ZoneVO");
    assert_eq!(code(&post(&local, "/user-tags", wrong).await), "SYS.1007");
    let system = system["uuid"].as_str().unwrap();
    let changed = put(
        &local,
        &format!("/system-tags/{system}/actions"),
        "updateSystemTag",
        json!({"tag": "hostname::b"}),
    )
    .await;
    assert_eq!(inventory(changed)["tag"], "hostname::b");
    for tag in [&*user, system, &*user] {
        assert_empty(&delete(&local, &format!("/tags/{tag}")).await);
    }
    let of_vm = format!("/system-tags?q=resourceUuid={}", sample::WEB_1);
    assert!(list(&local, "/user-tags").await.is_empty() && list(&local, &of_vm).await.is_empty());
    // Another resource is not deleted.
    assert_empty(&delete(&local, &format!("/tags/{}", sample::WEB_1)).await);
    assert_eq!(list(&local, &format!("/vm-instances/{}", sample::WEB_1)).await.len(), 1);

    let params = json!({"name": "team", "value": "team::{name}", "color": "#ff0000", "type": "withToken"});
    let pattern = uuid(post(&local, "/tags", params).await);
    let at = format!("/tags/{pattern}/resources");
    assert_eq!(code(&post(&local, &at, json!({"resourceUuids": [sample::DB_1]})).await), "SYS.1007");
    let params = json!({"resourceUuids": [sample::DB_1, sample::WEB_1], "tokens": {"name": "blue"}});
    for _ in 0..2 {
        let (status, attached) = post(&local, &at, params.clone()).await;
        assert_eq!((status, attached["results"].as_array().map(Vec::len)), (200, Some(2)), "{attached}");
    }
    let tags = list(&local, &format!("/user-tags?q=tagPatternUuid={pattern}")).await;
    assert_eq!((tags.len(), &tags[0]["tag"]), (2, &json!("team::blue")));
    assert_empty(&delete(&local, &format!("{at}?resourceUuids={}", sample::DB_1)).await);
    assert_eq!(list(&local, "/user-tags").await.len(), 1);
    assert_empty(&delete(&local, &format!("/tags/{pattern}")).await);
    assert!(list(&local, "/user-tags").await.is_empty());
}

#[tokio::test]
async fn users_groups_and_policies_belong_to_an_account() {
    let local = Local::sample().await;
    let user = uuid(post(&local, "/accounts/users", json!({"name": "u", "password": "x"})).await);
    assert_eq!(
        code(&post(&local, "/accounts/users", json!({"name": "u", "password": "x"})).await),
        "SYS.1007"
    );
    let group = inventory(post(&local, "/accounts/groups", json!({"name": "g"})).await);
    assert_eq!(group["accountUuid"], ADMIN_UUID);
    let group = group["uuid"].as_str().unwrap();
    let statements = json!([{"name": "s", "effect": "Allow", "actions": ["instance:read"]}]);
    let policy =
        inventory(post(&local, "/accounts/policies", json!({"name": "p", "statements": statements})).await);
    assert_eq!(policy["statements"][0]["effect"], "Allow");
    let policy = policy["uuid"].as_str().unwrap();
    let wrong = post(
        &local,
        "/accounts/policies",
        json!({"name": "p", "statements": [{"name": "s", "effect": "Allow"}]}),
    )
    .await;
    assert_eq!(code(&wrong), "SYS.1007");
    for _ in 0..2 {
        assert_empty(
            &post(&local, &format!("/accounts/groups/{group}/users"), json!({"userUuid": user})).await,
        );
        assert_empty(
            &post(&local, &format!("/accounts/users/{user}/policies"), json!({"policyUuid": policy})).await,
        );
        assert_empty(
            &post(&local, &format!("/accounts/groups/{group}/policies"), json!({"policyUuid": policy})).await,
        );
    }
    assert_empty(&delete(&local, &format!("/accounts/groups/{group}/users/{user}")).await);
    assert_empty(&delete(&local, &format!("/accounts/users/{user}/policies/{policy}")).await);
    assert_empty(&delete(&local, &format!("/accounts/groups/{group}/policies/{policy}")).await);
    let params = json!({"uuid": user, "name": "v", "password": "y", "oldPassword": "x"});
    assert_eq!(inventory(put(&local, "/accounts/users/actions", "updateUser", params).await)["name"], "v");
    assert_eq!(
        code(&put(&local, "/accounts/users/actions", "updateUser", json!({"name": "v"})).await),
        "SYS.1007"
    );
}

#[tokio::test]
async fn settings_are_changed_globally_and_for_resources() {
    let local = Local::sample().await;
    let numa = list(&local, "/global-configurations?q=category=vm&q=name=numa").await;
    assert_eq!(
        (numa.len(), &numa[0]["value"], &numa[0]["defaultValue"]),
        (1, &json!("false"), &json!("false"))
    );
    let update = |value: &str| {
        put(&local, "/global-configurations/vm/numa/actions", "updateGlobalConfig", json!({"value": value}))
    };
    assert_eq!(code(&update("yes").await), "SYS.1007");
    assert_eq!(inventory(update("true").await)["value"], "true");
    let unknown = "/global-configurations/vm/unknown/actions";
    assert_eq!(code(&put(&local, unknown, "updateGlobalConfig", json!({"value": "x"})).await), "SYS.1007");
    let (_, options) = local.send("GET", "/zstack/v1/global-configurations/vm/numa", "").await;
    assert_eq!(options["options"]["validValue"], json!(["true", "false"]));

    let at = format!("/resource-configurations/vm/numa/{}", sample::WEB_1);
    let read = format!("/zstack/v1/resource-configurations/{}/vm/numa", sample::WEB_1);
    let (_, value) = local.send("GET", &read, "").await;
    assert_eq!(value["value"], "true", "{value}");
    for _ in 0..2 {
        let set =
            put(&local, &format!("{at}/actions"), "updateResourceConfig", json!({"value": "false"})).await;
        assert_eq!(inventory(set)["resourceUuid"], sample::WEB_1);
    }
    let (_, value) = local.send("GET", &read, "").await;
    assert_eq!(
        (&value["value"], value["effectiveConfigs"].as_array().map(Vec::len)),
        (&json!("false"), Some(1))
    );
    let image = format!("/resource-configurations/vm/numa/{}/actions", sample::DRIVERS);
    assert_eq!(
        code(&put(&local, &image, "updateResourceConfig", json!({"value": "false"})).await),
        "SYS.1007"
    );
    for _ in 0..2 {
        assert_empty(&delete(&local, &at).await);
    }
    assert_empty(&put(&local, "/global-configurations/actions", "resetGlobalConfig", json!({})).await);
    let (_, value) = local.send("GET", &read, "").await;
    assert_eq!(value["value"], "false", "{value}");
}
