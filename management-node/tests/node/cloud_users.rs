//! Tests of users, policies, roles, and logins.

use serde_json::{Value, json};
use zstack_node::inventory::password_hash;

use crate::calls::{delete, get, list, post, put, uuid};
use crate::local::{Answer, Local, assert_empty, code, inventory, sample};

const ADMIN: &str = "36c27e8ff05c4780bf6d2fa65700f22e";

async fn log_in_by_user(local: &Local, params: Value) -> Answer {
    put(local, "/accounts/users/login", "logInByUser", params).await
}

#[tokio::test]
async fn entries_of_a_directory_log_in_to_accounts() {
    let local = Local::sample().await;
    let params = json!({"name": "dev", "password": password_hash("secret")});
    let account = uuid(post(&local, "/accounts", params).await);
    let binding = json!({"ldapUid": "uid=ann, ou=people, dc=example", "accountUuid": account});
    let binding = uuid(post(&local, "/ldap/bindings", binding).await);
    let log_in = async |uid: &str, password: &str| {
        put(&local, "/ldap/login", "logInByLdap", json!({"uid": uid, "password": password})).await
    };
    for uid in ["ann", "uid=ann, ou=people, dc=example"] {
        let answer = log_in(uid, "secret").await;
        assert_eq!(answer.1["accountInventory"]["uuid"], json!(account), "{}", answer.1);
        assert_eq!(inventory(answer)["accountUuid"], json!(account));
    }
    for (uid, password) in [("ann", "wrong"), ("eve", "secret"), ("dev", "secret")] {
        assert_eq!(code(&log_in(uid, password).await), "ID.1000", "{uid}");
    }
    let cleaned = put(&local, "/ldap/bindings/actions", "cleanInvalidLdapBinding", json!({})).await;
    assert_eq!(cleaned, (200, json!({"inventories": []})));
    assert_empty(&delete(&local, &format!("/ldap/bindings/{binding}")).await);
    assert_eq!(code(&log_in("ann", "secret").await), "ID.1000");
}

async fn policy(local: &Local, effect: &str, action: &str) -> String {
    let statements = json!([{"name": "s", "effect": effect, "actions": [action]}]);
    uuid(post(local, "/accounts/policies", json!({"name": action, "statements": statements})).await)
}

#[tokio::test]
async fn users_log_in_and_call_what_policies_allow() {
    let mut local = Local::sample().await;
    let params = json!({"name": "ann", "password": password_hash("ann")});
    let user = uuid(post(&local, "/accounts/users", params).await);
    let other = uuid(post(&local, "/accounts/users", json!({"name": "bob", "password": "x"})).await);
    let login = json!({"accountName": "admin", "userName": "ann", "password": password_hash("ann")});
    let session = inventory(log_in_by_user(&local, login.clone()).await);
    assert_eq!((&session["accountUuid"], &session["userUuid"]), (&json!(ADMIN), &json!(user)));
    for (key, value) in [("password", "x"), ("userName", "eve"), ("accountName", "unknown")] {
        let mut wrong = login.clone();
        wrong[key] = json!(value);
        assert_eq!(code(&log_in_by_user(&local, wrong).await), "ID.1000", "{key}");
    }
    let nameless = json!({"userName": "ann", "password": password_hash("ann")});
    assert_eq!(code(&log_in_by_user(&local, nameless).await), "SYS.1007");

    // The package does not count, so this allows all queries.
    let query = policy(&local, "Allow", "org.zstack.header.zone.APIQuery*Msg").await;
    let start = policy(&local, "Allow", "StartVmInstance").await;
    let none = policy(&local, "Deny", "APIQueryZoneMsg").await;
    let admin = std::mem::replace(&mut local.session, session["uuid"].as_str().unwrap().to_owned());
    let users = local.session.clone();
    for path in ["/zones", "/vm-instances"] {
        assert_eq!(code(&get(&local, path).await), "ID.1002", "{path}");
    }
    assert_eq!(code(&local.start(sample::BARE_1).await), "ID.1002");

    local.session.clone_from(&admin);
    let at = format!("/accounts/users/{user}");
    for _ in 0..2 {
        let both = json!({"policyUuids": [query, start]});
        assert_empty(&post(&local, &format!("{at}/policy-collection"), both).await);
    }
    local.session.clone_from(&users);
    assert_eq!(get(&local, "/zones").await.0, 200);
    assert_eq!(get(&local, "/vm-instances").await.0, 200);
    assert_eq!(local.start(sample::WEB_1).await.0, 200);
    assert_eq!(code(&local.stop(sample::WEB_1).await), "ID.1002");
    let names =
        json!({"apiNames": ["org.zstack.header.vm.APIStartVmInstanceMsg", "APIStopVmInstanceMsg", "x"]});
    let expected = json!({
        "org.zstack.header.vm.APIStartVmInstanceMsg": "Allow", "APIStopVmInstanceMsg": "Deny", "x": "Deny",
    });
    let check = |params: Value| put(&local, "/accounts/permissions/actions", "checkApiPermission", params);
    assert_eq!(inventory(check(names.clone()).await), expected);
    // A user changes only itself; a new password ends the other sessions.
    let change = json!({"uuid": other, "name": "x"});
    assert_eq!(code(&put(&local, "/accounts/users/actions", "updateUser", change).await), "SYS.1007");

    // A denial has priority, also that of a group.
    local.session.clone_from(&admin);
    let mut of_user = names.clone();
    of_user["userUuid"] = json!(user);
    let check = |params: Value| put(&local, "/accounts/permissions/actions", "checkApiPermission", params);
    assert_eq!(inventory(check(of_user).await), expected);
    assert_eq!(inventory(check(names).await)["APIStopVmInstanceMsg"], "Allow");
    let group = uuid(post(&local, "/accounts/groups", json!({"name": "g"})).await);
    assert_empty(&post(&local, &format!("/accounts/groups/{group}/users"), json!({"userUuid": user})).await);
    let policies = format!("/accounts/groups/{group}/policies");
    assert_empty(&post(&local, &policies, json!({"policyUuid": none})).await);
    local.session.clone_from(&users);
    assert_eq!(code(&get(&local, "/zones").await), "ID.1002");
    local.session.clone_from(&admin);
    assert_empty(&delete(&local, &format!("{at}/policies?policyUuids={query}&policyUuids={start}")).await);
    local.session.clone_from(&users);
    assert_eq!(code(&local.start(sample::WEB_1).await), "ID.1002");
    let own = json!({"password": password_hash("new"), "oldPassword": password_hash("ann")});
    assert_eq!(put(&local, "/accounts/users/actions", "updateUser", own).await.0, 200);
    let by_uuid = json!({"accountUuid": ADMIN, "userName": "ann", "password": password_hash("new")});
    let second = inventory(log_in_by_user(&local, by_uuid).await);

    // Sessions end with the user.
    local.session.clone_from(&admin);
    assert_empty(&delete(&local, &at).await);
    local.session = second["uuid"].as_str().unwrap().to_owned();
    assert_eq!(code(&get(&local, "/accounts/users").await), "ID.1001");
}

#[tokio::test]
async fn logins_name_their_type() {
    let local = Local::sample().await;
    let log_in = |kind: &str| {
        let params = json!({"username": "admin", "password": password_hash("password"), "loginType": kind});
        put(&local, "/login", "logIn", params)
    };
    assert_eq!(inventory(log_in("account").await)["accountUuid"], ADMIN);
    assert_eq!(code(&log_in("ldap").await), "SYS.1007");
    let (_, steps) = get(&local, "/login/procedures?username=admin&loginType=account").await;
    assert_eq!(steps["procedures"], json!([]));
    assert_eq!(get(&local, "/identity-models").await.1["configs"], json!(["account"]));
}

#[tokio::test]
async fn roles_have_statements_and_policies() {
    let local = Local::sample().await;
    let statement = |action: &str| json!({"name": action, "effect": "Allow", "actions": [action]});
    let policy_1 = policy(&local, "Allow", "a").await;
    let policy_2 = policy(&local, "Allow", "b").await;
    let params = json!({"name": "r", "statements": [statement("c")], "policyUuids": [policy_1]});
    let role = inventory(post(&local, "/identities/roles", params).await);
    assert_eq!(
        (&role["statements"][0]["statement"]["actions"], &role["policies"][0]["policyUuid"], &role["type"]),
        (&json!(["c"]), &json!(policy_1), &json!("Customized"))
    );
    let role = role["uuid"].as_str().unwrap();
    let at = format!("/identities/roles/{role}");
    let found = async || list(&local, &format!("/identities/roles?q=uuid={role}")).await.remove(0);
    assert_empty(
        &post(&local, &format!("{at}/policy-statements"), json!({"statements": [statement("d")]})).await,
    );
    let statements = found().await["statements"].clone();
    assert_eq!(statements[1]["statement"]["name"], "d");
    let first = statements[0]["uuid"].as_str().unwrap();
    assert_empty(&delete(&local, &format!("{at}/policy-statements?policyStatementUuids={first}")).await);
    assert_eq!(found().await["statements"], json!([statements[1]]));
    for _ in 0..2 {
        let attach = format!("/identities/policies/{policy_2}/roles/{role}");
        assert_empty(&post(&local, &attach, json!({})).await);
    }
    assert_eq!(found().await["policies"].as_array().map(Vec::len), Some(2));
    assert_empty(&delete(&local, &format!("/identities/policies/{policy_1}/roles/{role}")).await);
    assert_eq!(found().await["policies"][0]["policyUuid"], policy_2);
    // The role loses a policy that is deleted.
    assert_empty(&delete(&local, &format!("/accounts/policies/{policy_2}")).await);
    assert_eq!(found().await["policies"], json!([]));
    let params = json!({"name": "s", "policyUuids": [policy_1]});
    let changed = inventory(put(&local, &format!("{at}/actions"), "updateRole", params).await);
    assert_eq!((&changed["name"], &changed["policies"][0]["policyUuid"]), (&json!("s"), &json!(policy_1)));
    assert_eq!(changed["statements"], json!([statements[1]]));
    let given = format!("/identities/accounts/{ADMIN}/roles/{role}");
    assert_empty(&post(&local, &given, json!({})).await);
    assert_empty(&delete(&local, &given).await);
    let missing = format!("/identities/accounts/{role}/roles/{role}");
    assert_eq!(code(&post(&local, &missing, json!({})).await), "SYS.1003");
}
