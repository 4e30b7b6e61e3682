//! The conventions: the effects that follow from the name and the shape of an operation.

use serde_json::Map;
use zstack_model::{Method, Operation, Place, Type};

use super::action::{EVENTS, Effect, Transitions};
use super::index::{Record, Spec, parameter, response};

/// Derives the resource and the effect of an operation, if its name and shape say everything.
pub(super) fn derive<'m>(operation: &'m Operation, spec: &Spec<'m>) -> Option<(&'m str, Effect)> {
    if operation.query {
        return query(operation, spec);
    }
    let (verb, noun) = split_verb(&operation.name)?;
    match (verb, operation.method) {
        ("Create" | "Add", Method::Post) => create(noun, operation, spec),
        ("Get", Method::Get) => get(noun, operation, spec),
        ("Update", Method::Put) => update(noun, operation, spec),
        ("Delete" | "Remove", Method::Delete) => delete(noun, operation, spec),
        ("Change", Method::Put) => change_state(noun.strip_suffix("State")?, operation, spec),
        _ => None,
    }
}

/// Splits a name such as `CreateZone` into `Create` and `Zone`.
fn split_verb(name: &str) -> Option<(&str, &str)> {
    let at = name.char_indices().skip(1).find(|(_, character)| !character.is_ascii_lowercase())?.0;
    Some(name.split_at(at))
}

/// Finds the resource that a noun names, with its record.
fn resource_by_noun<'s, 'm>(noun: &str, spec: &'s Spec<'m>) -> Option<(&'m str, &'s Record<'m>)> {
    spec.records.get_key_value(noun).map(|(name, record)| (*name, record))
}

/// The resource of a list in a response, or of an item of it.
fn item_resource<'m>(ty: &Type, spec: &Spec<'m>) -> Option<&'m str> {
    match ty {
        Type::List(item) => spec.resource_of(item),
        other => spec.resource_of(other),
    }
}

/// `QueryX` queries X, if the response lists inventories of X or a base of it. A query with another
/// name queries the resource of the response.
fn query<'m>(operation: &'m Operation, spec: &Spec<'m>) -> Option<(&'m str, Effect)> {
    let ty = &response(operation, "inventories")?.ty;
    let listed = item_resource(ty, spec);
    let named = operation.name.strip_prefix("Query").and_then(|noun| resource_by_noun(noun, spec));
    let resource = match (named, listed) {
        (Some((named, _)), Some(listed)) if spec.is_a(named, listed) => named,
        (_, Some(listed)) => listed,
        (Some((named, _)), None) => named,
        (None, None) => return None,
    };
    Some((resource, Effect::Query))
}

/// `CreateX` and `AddX` create X, if the response has the inventory of X or a base of it. With another
/// name, they create the resource of the response, unless they are built from something else
/// (`CreateDataVolumeFromVolumeSnapshot`) or change an existing document (`AddDnsToL3Network`).
fn create<'m>(noun: &str, operation: &'m Operation, spec: &Spec<'m>) -> Option<(&'m str, Effect)> {
    let of_response = spec.resource_of(&response(operation, "inventory")?.ty)?;
    if has_preposition(noun) {
        return None;
    }
    let is_existing = |parameter: &&zstack_model::Parameter| {
        let refers = parameter.field.refers.as_deref();
        parameter.place == Place::Path && refers.is_some_and(|target| spec.is_related(target, of_response))
    };
    if operation.parameters.iter().any(|parameter| is_existing(&parameter)) {
        return None;
    }
    let named = resource_by_noun(noun, spec).filter(|(named, _)| spec.is_a(named, of_response));
    let resource = named.map_or(of_response, |(named, _)| named);
    Some((resource, Effect::Create { set: Map::new(), copy: Vec::new() }))
}

/// Returns whether a name contains a word that connects two things.
fn has_preposition(noun: &str) -> bool {
    ["From", "To", "By", "For", "In"].iter().any(|word| {
        let is_word = |at: usize| {
            let rest = &noun[at + word.len()..];
            at > 0 && rest.starts_with(|next: char| next.is_ascii_uppercase())
        };
        noun.match_indices(word).any(|(at, _)| is_word(at))
    })
}

/// `GetX` returns one document, if it has a key and the response has inventories of X.
fn get<'m>(noun: &str, operation: &'m Operation, spec: &Spec<'m>) -> Option<(&'m str, Effect)> {
    let (resource, _) = resource_by_noun(noun, spec)?;
    let inventory = response(operation, "inventory").or_else(|| response(operation, "inventories"))?;
    item_resource(&inventory.ty, spec).filter(|listed| spec.is_a(resource, listed))?;
    let key = spec.key(operation, resource, None)?.to_owned();
    Some((resource, Effect::Get { key }))
}

/// `UpdateX` changes the document of its key.
fn update<'m>(noun: &str, operation: &'m Operation, spec: &Spec<'m>) -> Option<(&'m str, Effect)> {
    let (resource, _) = resource_by_noun(noun, spec)?;
    let key = spec.key(operation, resource, None)?.to_owned();
    Some((resource, Effect::Update { key, set: Map::new(), copy: Vec::new() }))
}

/// `DeleteX` and `RemoveX` delete the document of their key.
fn delete<'m>(noun: &str, operation: &'m Operation, spec: &Spec<'m>) -> Option<(&'m str, Effect)> {
    let (resource, _) = resource_by_noun(noun, spec)?;
    // Such an operation also returns what is left of the parent.
    if response(operation, "inventory").is_some() {
        return None;
    }
    let key = spec.key(operation, resource, None)?.to_owned();
    let missing_is_success = key == "uuid";
    Some((resource, Effect::Delete { key, missing_is_success }))
}

/// `ChangeXState` changes the field `state` of X by the parameter `stateEvent`.
fn change_state<'m>(noun: &str, operation: &'m Operation, spec: &Spec<'m>) -> Option<(&'m str, Effect)> {
    let (resource, record) = resource_by_noun(noun, spec)?;
    parameter(operation, "stateEvent")?;
    let allowed = spec.allowed_texts(record.field("state")?);
    if allowed.is_some_and(|allowed| !allowed.contains(&"Enabled") || !allowed.contains(&"Disabled")) {
        return None;
    }
    let key = spec.key(operation, resource, Some("stateEvent"))?.to_owned();
    let events = EVENTS
        .map(|(event, state)| (event.to_owned(), Transitions::from([("*".to_owned(), state.to_owned())])));
    let effect = Effect::ChangeState {
        key,
        parameter: "stateEvent".to_owned(),
        field: "state".to_owned(),
        events: events.into(),
        related: Vec::new(),
    };
    Some((resource, effect))
}
