//! Parameters, fields of answers and fields of data types: what they have in
//! common.

use super::change::{Changes, pair};
use super::constraints;
use super::element::Element;
use super::retirement;
use super::types::{Models, Role, type_change};
use crate::model::{Documented, Field, Source};

/// The rules of a role where roles differ.
pub(super) struct Names {
    pub(super) removed: &'static str,
    pub(super) became_required: &'static str,
    pub(super) became_optional: &'static str,
    pub(super) default_added: &'static str,
    pub(super) default_changed: &'static str,
    pub(super) default_removed: &'static str,
    pub(super) reordered: &'static str,
}

pub(super) const PARAMETERS: Names = Names {
    removed: "param-removed",
    became_required: "param-became-required",
    became_optional: "param-became-optional",
    default_added: "param-default-added",
    default_changed: "param-default-changed",
    default_removed: "param-default-removed",
    reordered: "param-reordered",
};

pub(super) const FIELDS: Names = Names {
    removed: "field-removed",
    became_required: "field-became-always-present",
    became_optional: "field-became-absent-able",
    default_added: "field-default-added",
    default_changed: "field-default-changed",
    default_removed: "field-default-removed",
    reordered: "field-reordered",
};

/// Compares lists of fields. `more` looks at what only parameters have.
pub(super) fn list<'a, T>(
    models: Models<'_>,
    (old, new): (&'a [T], &'a [T]),
    (owner, element): (&Element, impl Fn(&str) -> Element),
    role: Role,
    field: impl Fn(&'a T) -> &'a Field,
    mut more: impl FnMut(&'a T, &'a T, &Element, &mut Changes),
    changes: &mut Changes,
) {
    let names = role.names();
    let paired = pair(old, new, |it| field(it).name.as_str());
    for it in paired.removed {
        changes.whole(names.removed, &element(&field(it).name));
    }
    for it in paired.added {
        let it = field(it);
        let rule = match (role, it.required, &it.default) {
            (Role::Parameter, false, _) => "param-added-optional",
            (Role::Parameter, true, None) => "param-added-required",
            (Role::Parameter, true, Some(_)) => "param-added-required-with-default",
            (Role::Field, false, _) => "field-added",
            (Role::Field, true, _) => "field-added-required",
        };
        changes.whole(rule, &element(&it.name));
    }
    for (old, new) in paired.both {
        let element = element(&field(old).name);
        common(models, (field(old), field(new)), &element, role, changes);
        more(old, new, &element, changes);
    }
    if paired.reordered {
        let order =
            |list: &'a [T]| Some(list.iter().map(|it| &*field(it).name).collect::<Vec<_>>().join(", "));
        let both: Vec<&str> = old
            .iter()
            .map(|it| &*field(it).name)
            .filter(|it| new.iter().any(|new| field(new).name == **it))
            .collect();
        let given = |list: &'a [T]| -> Vec<&str> {
            let list = list.iter().map(&field).filter(|it| it.required);
            list.map(|it| &*it.name).filter(|it| both.contains(it)).collect()
        };
        let rule = if given(old) == given(new) { names.reordered } else { "constructor-reordered" };
        changes.push(rule, owner, "", order(old), order(new));
    }
}

fn common(
    models: Models<'_>,
    (old, new): (&Field, &Field),
    element: &Element,
    role: Role,
    changes: &mut Changes,
) {
    // All of it is named, so that what a field gets later is not forgotten here.
    let Field {
        name: _,
        ty,
        since,
        retirement,
        required,
        description,
        constraints,
        sensitive,
        default,
        documented: _,
        source,
    } = old;
    let names = role.names();
    if let Some(rule) = type_change(models, (ty, &new.ty), role) {
        changes.push(rule, element, "type", Some(ty.to_string()), Some(new.ty.to_string()));
    }
    retirement::since(element, (since, &new.since), changes);
    retirement::compare(element, (retirement, &new.retirement), changes);
    let required_rule = if *required { names.became_optional } else { names.became_required };
    changes.attribute(required_rule, element, "required", (required, &new.required), bool::to_string);
    changes.prose(element, "description", description.as_deref(), new.description.as_deref());
    constraints::compare(element, (constraints, &new.constraints), changes);
    let rule = if *sensitive { "sensitive-removed" } else { "sensitive-added" };
    changes.attribute(rule, element, "sensitive", (sensitive, &new.sensitive), bool::to_string);
    let rule = match (default, &new.default) {
        (None, _) => names.default_added,
        (Some(_), Some(_)) => names.default_changed,
        (Some(_), None) => names.default_removed,
    };
    if *default != new.default {
        let show = |it: &Option<serde_json::Value>| it.as_ref().map(serde_json::Value::to_string);
        changes.push(rule, element, "default", show(default), show(&new.default));
    }
    documented(element, (old.documented.as_ref(), new.documented.as_ref()), changes);
    changes.attribute("doc-changed", element, "source", (source, &new.source), said_by);
}

/// What the document prints where the wire differs: a matter of the document.
pub(super) fn documented(
    element: &Element,
    (old, new): (Option<&Documented>, Option<&Documented>),
    changes: &mut Changes,
) {
    let shown = |it: &Documented| {
        let Documented { place, ty, since, required, execution } = it;
        let mut parts = Vec::new();
        parts.extend(place.as_ref().map(|it| format!("in: {it}")));
        parts.extend(ty.as_ref().map(|it| format!("type: {it}")));
        parts.extend(since.as_ref().map(|it| format!("since: {it}")));
        parts.extend(required.map(|it| format!("required: {it}")));
        parts.extend(execution.map(|it| format!("execution: {}", super::operation::execution(it))));
        format!("{{{}}}", parts.join(", "))
    };
    let (old, new) = (old.map(shown), new.map(shown));
    changes.prose(element, "documented", old.as_deref(), new.as_deref());
}

pub(super) fn said_by(source: &Source) -> String {
    match source {
        Source::Document => "document".to_owned(),
        Source::Platform => "platform".to_owned(),
    }
}
