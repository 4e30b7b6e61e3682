//! Tests of security groups.

use serde_json::{Value, json};

use crate::calls::{delete, list, post, put, read, uuid_of};
use crate::cloud_guests::Guests;
use crate::cloud_networks::Networks;
use crate::local::sample::{DB_1, WEB_1};
use crate::local::{Local, code, inventory};

/// The rules of a group that are not default ones: direction, priority and ports.
async fn rules(local: &Local, group: &str) -> Vec<(String, i64, String)> {
    let group = list(local, &format!("/security-groups/{group}")).await[0].clone();
    let mut rules: Vec<_> = group["rules"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|rule| rule["priority"] != 0)
        .map(|rule| {
            let text = |name: &str| rule[name].as_str().unwrap_or_default().to_owned();
            (text("type"), rule["priority"].as_i64().unwrap(), text("dstPortRange"))
        })
        .collect();
    rules.sort();
    rules
}

pub(crate) async fn group(local: &Local) -> String {
    uuid_of(&inventory(post(local, "/security-groups", json!({"name": "group"})).await))
}

fn tcp(ports: &str) -> Value {
    json!({"type": "Ingress", "protocol": "TCP", "dstPortRange": ports})
}

#[tokio::test]
async fn a_security_group_has_default_rules_and_others_in_order() {
    let local = &Networks::empty().await.local;
    let created = inventory(post(local, "/security-groups", json!({"name": "group"})).await);
    assert_eq!(created["rules"].as_array().unwrap().len(), 4);
    assert_eq!(created["rules"][0]["remoteSecurityGroupUuid"], created["uuid"]);
    assert_eq!((&created["state"], created.get("ipVersion")), (&json!("Enabled"), None));
    let group = uuid_of(&created);
    let path = format!("security-groups/{group}/rules");
    let add = |params: Value| {
        let path = &path;
        async move { post(local, path, params).await }
    };
    let old = json!({
        "type": "Ingress", "protocol": "TCP", "startPort": 80, "endPort": 80, "allowedCidr": "10.0.0.0/8",
    });
    let all_rules = inventory(add(json!({"rules": [old, tcp("443")]})).await)["rules"].clone();
    let converted = all_rules.as_array().unwrap().iter().find(|rule| rule["dstPortRange"] == "80").unwrap();
    assert_eq!(converted["srcIpRange"], "10.0.0.0/8");
    inventory(add(json!({"rules": [tcp("22")], "priority": 1})).await);
    let present = rules(local, &group).await;
    let ports: Vec<_> = present.iter().map(|rule| (rule.1, rule.2.as_str())).collect();
    assert_eq!(ports, [(1, "22"), (2, "80"), (3, "443")]);
    for wrong in [
        json!({"rules": [tcp("443")]}),
        json!({"rules": []}),
        json!({"rules": [tcp("1")], "priority": 9}),
        json!({"rules": [{"type": "Ingress", "protocol": "TCP"}]}),
        json!({"rules": [{"type": "Egress", "protocol": "ALL", "remoteSecurityGroupUuid": "0".repeat(32)}]}),
    ] {
        assert_eq!(code(&add(wrong.clone()).await), "SYS.1007", "{wrong}");
    }
    // Rules for other groups.
    let other = uuid_of(&inventory(post(local, "/security-groups", json!({"name": "other"})).await));
    let third = uuid_of(&inventory(post(local, "/security-groups", json!({"name": "third"})).await));
    let rule = json!({"type": "Egress", "protocol": "ALL"});
    inventory(add(json!({"rules": [rule], "remoteSecurityGroupUuids": [other, third]})).await);
    assert_eq!(rules(local, &group).await.iter().filter(|rule| rule.0 == "Egress").count(), 2);
    assert_eq!(delete(local, &format!("/security-groups/{other}")).await.0, 200);
    assert_eq!(rules(local, &group).await.iter().filter(|rule| rule.0 == "Egress").count(), 1);

    let query = |port: &str| format!("security-groups/rules?q=dstPortRange={port}");
    let find = async |port: &str| uuid_of(&list(local, &query(port)).await[0]);
    let (first, second) = (find("22").await, find("80").await);
    let missing = "0".repeat(32);
    let path = format!("security-groups/rules?ruleUuids={first}&ruleUuids={missing}");
    for _ in 0..2 {
        assert_eq!(delete(local, &path).await.0, 200);
    }
    let present = rules(local, &group).await;
    assert_eq!((present[1].1, present[1].2.as_str()), (1, "80"));
    let default = uuid_of(&created["rules"][0]);
    assert_eq!(
        code(&delete(local, &format!("/security-groups/rules?ruleUuids={default}")).await),
        "SYS.1007"
    );

    let third = find("443").await;
    let change = async |uuid: &str, params: Value| {
        put(local, &format!("/security-groups/rules/{uuid}/actions"), "changeSecurityGroupRule", params).await
    };
    let changed = inventory(change(&third, json!({"priority": 1, "dstPortRange": "444"})).await);
    assert_eq!((&changed["priority"], &changed["dstPortRange"]), (&json!(1), &json!("444")));
    assert_eq!(code(&change(&third, json!({"priority": 3})).await), "SYS.1007");
    assert_eq!(code(&change(&default, json!({"action": "DROP"})).await), "SYS.1007");
    assert_eq!(inventory(change(&default, json!({"description": "d"})).await)["description"], "d");
    let order = json!({"type": "Ingress", "rules": [
        {"ruleUuid": second, "priority": 1}, {"ruleUuid": third, "priority": 2},
    ]});
    let path = format!("security-groups/{group}/rules/priority/actions");
    inventory(put(local, &path, "updateSecurityGroupRulePriority", order).await);
    let present = rules(local, &group).await;
    assert_eq!((present[1].2.as_str(), present[2].2.as_str()), ("80", "444"));
    let order = json!({"type": "Ingress", "rules": [{"ruleUuid": second, "priority": 1}]});
    assert_eq!(code(&put(local, &path, "updateSecurityGroupRulePriority", order).await), "SYS.1007");
    let path = format!("security-groups/{group}/rules/state/actions");
    let disable = json!({"ruleUuids": [second], "state": "Disabled"});
    inventory(put(local, &path, "changeSecurityGroupRuleState", disable.clone()).await);
    assert_eq!(list(local, &query("80")).await[0]["state"], "Disabled");
    assert_eq!(code(&put(local, &path, "changeSecurityGroupRuleState", disable).await), "SYS.1007");

    let path = format!("security-groups/{group}/rules/validation?type=Ingress&protocol=TCP");
    let valid = read(local, &format!("/{path}&dstPortRange=9000")).await;
    assert_eq!((&valid["available"], &valid["code"]), (&json!(true), &json!("SG.2000")));
    assert_eq!(read(local, &path).await["available"], false);
}

#[tokio::test]
async fn nics_are_members_of_security_groups() {
    let guests = Guests::new().await;
    let (local, [web, db]) = (&guests.cloud.local, &guests.nics);
    let (first, second) = (group(local).await, group(local).await);
    let candidates = format!("security-groups/{first}/vm-instances/candidate-nics");
    let before = list(local, &candidates).await.len();
    let members = format!("security-groups/{first}/vm-instances/nics");
    assert_eq!(post(local, &members, json!({"vmNicUuids": [web, db]})).await.0, 200);
    assert_eq!(code(&post(local, &members, json!({"vmNicUuids": [web]})).await), "SYS.1007");
    assert_eq!(code(&post(local, &members, json!({"vmNicUuids": ["0".repeat(32)]})).await), "SYS.1003");
    assert_eq!(list(local, &candidates).await.len() + 2, before);
    let refs = list(local, "/security-groups/vm-instances/nics").await;
    assert_eq!((refs.len(), &refs[0]["priority"]), (2, &json!(1)));
    assert!([WEB_1, DB_1].contains(&refs[0]["vmInstanceUuid"].as_str().unwrap()));

    let path = format!("security-groups/nics/{web}/security-policy/actions");
    let policy = put(local, &path, "changeVmNicSecurityPolicy", json!({"ingressPolicy": "ALLOW"})).await;
    let policy = inventory(policy);
    assert_eq!((&policy["ingressPolicy"], &policy["egressPolicy"]), (&json!("ALLOW"), &json!("ALLOW")));
    assert_eq!(code(&put(local, &path, "changeVmNicSecurityPolicy", json!({})).await), "SYS.1007");

    let path = format!("security-groups/nics/{web}/actions");
    let refs = json!({"refs": [
        {"securityGroupUuid": first, "priority": 2}, {"securityGroupUuid": second, "priority": 1},
    ]});
    let answer = inventory(put(local, &path, "setVmNicSecurityGroup", refs).await);
    assert_eq!(answer[0]["securityGroupUuid"], json!(second));
    let wrong = json!({"refs": [{"securityGroupUuid": first, "priority": 2}]});
    assert_eq!(code(&put(local, &path, "setVmNicSecurityGroup", wrong).await), "SYS.1007");
    assert_eq!(
        delete(local, &format!("/security-groups/{second}/vm-instances/nics?vmNicUuids={web}")).await.0,
        200
    );
    let of_web = format!("security-groups/vm-instances/nics?q=vmNicUuid={web}");
    let refs = list(local, &of_web).await;
    assert_eq!((refs.len(), &refs[0]["priority"]), (1, &json!(1)));

    let l3 = list(local, "/vm-instances/nics").await[0]["l3NetworkUuid"].as_str().unwrap().to_owned();
    let attach = format!("security-groups/{first}/l3-networks/{l3}");
    assert_eq!(inventory(post(local, &attach, json!({})).await)["attachedL3NetworkUuids"], json!([l3]));
    assert_eq!(code(&post(local, &attach, json!({})).await), "SYS.1006");
    let without = format!("security-groups/{first}/l3-networks/{}", guests.public);
    assert_eq!(code(&post(local, &without, json!({})).await), "SYS.1007");
    assert_eq!(inventory(delete(local, &attach).await)["attachedL3NetworkUuids"], json!([]));
    assert_eq!(delete(local, &format!("/security-groups/{first}")).await.0, 200);
    assert_eq!(list(local, &of_web).await.len(), 0);
}
