//! The life of a resource, from its creation to its second one.

use serde_json::{Map, Value};
use zstack_model::Operation;
use zstack_node::catalog::Resource;
use zstack_node::uuids;

use super::chain::{Chain, inventory};
use super::compare::{agree, differences};
use super::kinds::{Creation, deletion_of, field_of, is_list, state_change_of, updates_of};
use super::search::search;
use crate::cloud_model::cloud::convert;
use crate::cloud_model::operations::{Target, catalog, target};

/// The parameter with the UUID of a new document.
const REQUESTED: &str = "resourceUuid";

type Fields = Map<String, Value>;

/// Lives the life of a resource; returns the problems.
pub(super) async fn live(chain: &mut Chain<'_>, creation: &Creation) -> Vec<String> {
    let mut problems = Vec::new();
    if let Err(problem) = try_live(chain, creation, &mut problems).await {
        problems.push(problem);
    }
    problems
}

async fn try_live(
    chain: &mut Chain<'_>,
    creation: &Creation,
    problems: &mut Vec<String>,
) -> Result<(), String> {
    let Creation { operation, kind } = creation;
    for step in chain.table.list("before", &operation.name) {
        chain.step(step).await?;
    }
    let has_field =
        |parameter: &zstack_model::Parameter| field_of(operation, kind, &parameter.field).is_some();
    let mut sent = chain.values(operation, has_field, None).await?;
    let requested = has_requested_uuid(creation).then(|| uuids::from_name(&operation.name));
    sent.extend(requested.map(|uuid| (REQUESTED.to_owned(), uuid.into())));
    let uuid = create(chain, creation, &sent, problems).await?;
    chain.add(&kind.name, &uuid);
    if let Some(found) = read(chain, kind, &uuid).await? {
        problems.extend(
            find_lost(chain, operation, kind, &sent, &found).into_iter().map(|lost| format!("read: {lost}")),
        );
        problems.extend(search(chain, kind, &uuid, &found).await);
        for update in updates_of(kind, chain.table) {
            change(chain, update, kind, &uuid, problems).await?;
        }
        if let Some(change) = state_change_of(kind) {
            disable_and_enable(chain, change, kind, &uuid, problems).await?;
        }
    }
    if !delete(chain, kind, &uuid, problems).await? {
        return Ok(());
    }
    // The same plan is applied again; the UUID of a deleted document stays taken.
    if has_requested_uuid(creation) {
        sent.remove(REQUESTED);
    }
    let again = create(chain, creation, &sent, problems).await;
    let uuid = again.map_err(|problem| format!("again: {problem}"))?;
    delete(chain, kind, &uuid, problems).await.map(drop)
}

/// Creates the resource; returns its UUID.
async fn create(
    chain: &Chain<'_>,
    creation: &Creation,
    sent: &Fields,
    problems: &mut Vec<String>,
) -> Result<String, String> {
    let Creation { operation, kind } = creation;
    let answer = chain.send(operation, sent).await;
    if answer.0 != 200 {
        return Err(format!("creation {}: {}", Value::Object(sent.clone()), answer.1));
    }
    let created = inventory(&answer);
    let fields = created.as_object().ok_or_else(|| format!("no inventory: {}", answer.1))?;
    problems.extend(
        find_lost(chain, operation, kind, sent, fields).into_iter().map(|lost| format!("created: {lost}")),
    );
    let uuid = created["uuid"].as_str().ok_or_else(|| format!("no UUID: {created}"))?;
    if has_requested_uuid(creation) && sent.get(REQUESTED).is_some_and(|requested| requested != uuid) {
        problems.push(format!("{REQUESTED} was ignored"));
    }
    Ok(uuid.to_owned())
}

/// Returns whether a creation takes the UUID of the new document, rather than that of another one.
fn has_requested_uuid(Creation { operation, kind }: &Creation) -> bool {
    let parameter = operation.parameters.iter().find(|parameter| parameter.field.name == REQUESTED);
    parameter.is_some_and(|parameter| field_of(operation, kind, &parameter.field).is_none())
}

/// The parameters whose values an inventory does not have.
fn find_lost(
    chain: &Chain<'_>,
    operation: &Operation,
    kind: &Resource,
    sent: &Fields,
    read: &Fields,
) -> Vec<String> {
    let mut lost = Vec::new();
    for parameter in &operation.parameters {
        let name = &*parameter.field.name;
        let (Some(value), Some((field, conversion))) =
            (sent.get(name), field_of(operation, kind, &parameter.field))
        else {
            continue;
        };
        let value = &convert(conversion, value).unwrap();
        let found = read.get(field).unwrap_or(&Value::Null);
        let is_expected = chain.table.get("different", &operation.name, Some(name)).is_some();
        if agree(value, found) == is_expected {
            lost.push(format!("{name} was sent as {value}, and is {found}"));
        }
    }
    lost
}

/// Reads the resource by a query.
async fn read(chain: &Chain<'_>, kind: &Resource, uuid: &str) -> Result<Option<Fields>, String> {
    let Some(found) = chain.query(kind, &format!("uuid={uuid}")).await? else { return Ok(None) };
    let [one] = &*found else { return Err(format!("the query by UUID found {}", Value::Array(found))) };
    Ok(Some(one.as_object().unwrap().clone()))
}

/// Changes all fields that an operation takes.
async fn change(
    chain: &mut Chain<'_>,
    update: &'static Operation,
    kind: &Resource,
    uuid: &str,
    problems: &mut Vec<String>,
) -> Result<(), String> {
    let Some(before) = read(chain, kind, uuid).await? else { return Ok(()) };
    let key = key_of(update, kind);
    let is_sent = |parameter: &zstack_model::Parameter| field_of(update, kind, &parameter.field).is_some();
    let mut sent = chain.values(update, is_sent, Some(&before)).await?;
    sent.insert(key.to_owned(), uuid.into());
    let answer = chain.send(update, &sent).await;
    if answer.0 != 200 {
        problems.push(format!("{} {}: {}", update.name, Value::Object(sent), answer.1));
        return Ok(());
    }
    let Some(after) = read(chain, kind, uuid).await? else { return Ok(()) };
    sent.remove(key);
    problems.extend(
        find_lost(chain, update, kind, &sent, &after)
            .into_iter()
            .map(|lost| format!("{}: {lost}", update.name)),
    );
    let mut others = (before.clone(), after.clone());
    for parameter in &update.parameters {
        let name = &*parameter.field.name;
        if let (true, Some((field, _))) = (sent.contains_key(name), field_of(update, kind, &parameter.field))
        {
            let is_same = chain.table.get("unchanged", &update.name, Some(name)).is_some();
            if (before.get(field) == after.get(field)) != is_same {
                problems.push(format!("{} changed {field} to {:?}", update.name, after.get(field)));
            }
            others.0.remove(field);
            others.1.remove(field);
        }
    }
    for (field, change) in differences(&others.0, &others.1) {
        if chain.table.get("also", &update.name, Some(field)).is_none() {
            problems.push(format!("{} also changed {field}: {change}", update.name));
        }
    }
    Ok(())
}

async fn disable_and_enable(
    chain: &Chain<'_>,
    change: &'static Operation,
    kind: &Resource,
    uuid: &str,
    problems: &mut Vec<String>,
) -> Result<(), String> {
    let key = key_of(change, kind);
    for (event, state) in [("disable", "Disabled"), ("enable", "Enabled")] {
        let mut values = Fields::new();
        values.insert(key.to_owned(), uuid.into());
        values.insert("stateEvent".to_owned(), event.into());
        let answer = chain.send(change, &values).await;
        let after = read(chain, kind, uuid).await?;
        if answer.0 != 200 || after.is_some_and(|after| after["state"] != state) {
            problems.push(format!("{} {event}: {}", change.name, answer.1));
        }
    }
    Ok(())
}

/// Deletes the resource, and deletes it again. Returns whether there is an operation for it.
async fn delete(
    chain: &mut Chain<'_>,
    kind: &Resource,
    uuid: &str,
    problems: &mut Vec<String>,
) -> Result<bool, String> {
    let Some(deletion) = deletion_of(kind, chain.table) else {
        let is_without = chain.table.get("without", &kind.name, Some("deletion")).is_some();
        return if is_without { Ok(false) } else { Err("there is no deletion".to_owned()) };
    };
    chain.add(&kind.name, uuid);
    for step in chain.table.list("endings", &kind.name) {
        chain.step(step).await?;
    }
    let mut values = chain.values(deletion, |_| false, None).await?;
    let key = key_of(deletion, kind);
    if let Some(parameter) = deletion.parameters.iter().find(|parameter| parameter.field.name == key) {
        let is_many = is_list(&parameter.field.ty);
        values.insert(key.to_owned(), if is_many { vec![uuid].into() } else { uuid.into() });
    }
    let answer = chain.send(deletion, &values).await;
    if answer.0 != 200 {
        return Err(format!("{}: {}", deletion.name, answer.1));
    }
    let kept = chain.table.get("kept", &kind.name, None);
    let left = chain.query(kind, &format!("uuid={uuid}")).await?.unwrap_or_default();
    let is_gone = match (kept, &*left) {
        (None, []) => true,
        (Some(kept), [one]) => agree(kept, one),
        _ => false,
    };
    if !is_gone {
        problems.push(format!("{} left {}", deletion.name, Value::Array(left)));
    }
    let second = chain.send(deletion, &values).await;
    let expected = chain.table.get("second", &deletion.name, None).and_then(Value::as_str);
    let code = second.1["error"]["code"].as_str();
    if code != expected || (code.is_none() && second.0 != 200) {
        problems.push(format!("{} again: {}", deletion.name, second.1));
    }
    Ok(true)
}

/// The parameter with the UUID of the resource.
fn key_of(operation: &'static Operation, kind: &Resource) -> &'static str {
    let action = catalog().action(&operation.name);
    if let Some(key) = action.and_then(|action| action.effect.key()) {
        return key;
    }
    let names = operation.parameters.iter().map(|parameter| &*parameter.field.name);
    let refers = || {
        operation.parameters.iter().find(|parameter| {
            matches!(target(parameter, None), Some(Target::Of(resource)) if catalog().is_a(&kind.name, resource))
        })
    };
    let by_name = names.into_iter().find(|name| *name == "uuid");
    by_name.or_else(|| refers().map(|parameter| &*parameter.field.name)).unwrap_or("uuid")
}
