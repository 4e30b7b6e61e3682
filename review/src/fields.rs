//! Changes of parameters, of fields of responses and of fields of data types.

use super::change::Changes;
use super::constraints;
use super::element::{OperationPart, SpecElement};
use super::history_check::{self, Lifetime};
use super::models::Models;
use super::pair::{Paired, pair_renamed};
use super::retirement;
use super::type_kind::{Role, type_kind};
use zstack_model::changes::ChangeKind::*;
use zstack_model::{Documented, Field, Historic, Parameter, Place, Source};

/// A kind of list of parameters or fields.
#[derive(Clone, Copy)]
pub(super) enum FieldList {
    Parameters,
    Response,
    Fields,
    Envelope,
}

impl FieldList {
    /// The key of the list in the spec.
    const fn key(self) -> &'static str {
        match self {
            Self::Parameters => "parameters",
            Self::Response => "response",
            Self::Fields => "fields",
            Self::Envelope => "envelope",
        }
    }

    const fn role(self) -> Role {
        match self {
            Self::Parameters => Role::Parameter,
            Self::Response | Self::Fields | Self::Envelope => Role::Field,
        }
    }

    fn element(self, owner: &SpecElement, name: &str) -> SpecElement {
        match self {
            Self::Parameters => SpecElement::part(owner.name(), OperationPart::Parameter, name),
            Self::Response => SpecElement::part(owner.name(), OperationPart::Response, name),
            Self::Fields => SpecElement::Field(owner.name().to_owned(), name.to_owned()),
            Self::Envelope => SpecElement::Envelope(name.to_owned()),
        }
    }
}

/// An element of a list of parameters or fields.
pub(super) trait ListedField: Historic + Clone {
    fn field(&self) -> &Field;

    /// The location of a parameter; fields have none.
    fn place(&self) -> Option<Place>;
}

impl ListedField for Field {
    fn field(&self) -> &Field {
        self
    }

    fn place(&self) -> Option<Place> {
        None
    }
}

impl ListedField for Parameter {
    fn field(&self) -> &Field {
        &self.field
    }

    fn place(&self) -> Option<Place> {
        Some(self.place)
    }
}

/// Compares two lists that belong to `owner`. `variables` are the old and new names of path variables, which are not on
/// the wire; `released` are the elements as published releases have them, where histories do not determine that;
/// `is_covered` selects elements that are compared elsewhere.
pub(super) fn compare_lists<'a, 'r, T: ListedField>(
    models: Models<'_>,
    (old, new): (&'a [T], &'a [T]),
    (owner, lifetime, list): (&SpecElement, Option<Lifetime<'_>>, FieldList),
    (variables, released): (&[(&'a str, &'a str)], [&'r [T]; 2]),
    is_covered: &dyn Fn(Option<&T>, Option<&T>) -> bool,
    changes: &mut Changes,
) {
    let role = list.role();
    let old_variable = |new: &str| variables.iter().find(|(_, name)| *name == new).map(|(old, _)| *old);
    let name = |item: &'a T| item.field().name.as_str();
    let former_name = |item: &'a T| old_variable(name(item)).or(item.field().renamed_from.as_deref());
    let paired = pair_renamed(old, new, name, former_name);
    for item in paired.removed.iter().filter(|item| !is_covered(Some(item), None)) {
        changes.push_whole(role.pick(ParamRemoved, FieldRemoved), &list.element(owner, &item.field().name));
    }
    for item in paired.added.iter().filter(|item| !is_covered(None, Some(item))) {
        let field = item.field();
        let kind = match (role, field.required, &field.default) {
            (Role::Parameter, false, _) => ParamAddedOptional,
            (Role::Parameter, true, None) => ParamAddedRequired,
            (Role::Parameter, true, Some(_)) => ParamAddedRequiredWithDefault,
            (Role::Field, false, _) => FieldAdded,
            (Role::Field, true, _) => FieldAddedRequired,
        };
        changes.push_whole(kind, &list.element(owner, &field.name));
    }
    for (old, new) in paired.both.iter().filter(|(old, new)| !is_covered(Some(old), Some(new))) {
        let (old_name, new_name) = (&old.field().name, &new.field().name);
        let element = list.element(owner, new_name);
        if old_variable(new_name) == Some(old_name) {
            changes.record_old_name(&element, old_name);
        } else {
            changes.push_name(role.pick(ParamRenamed, FieldRenamed), &element, old_name);
        }
        compare_fields(models, (old.field(), new.field()), &element, role, changes);
        compare_locations(&element, (old.place(), new.place()), changes);
        let own = Lifetime { since: &old.field().since, retirement: &old.field().retirement };
        let find = |list: &'r [T], name: &str| list.iter().find(|item| item.field().name == *name);
        let released = [find(released[0], old_name), find(released[1], new_name)];
        let since = &new.field().since;
        history_check::compare(models, &element, (*old, *new), (own, lifetime), since, released, changes);
    }
    compare_order(&paired, (owner, list), is_covered, changes);
}

/// Compares two lists without path variables, all elements of which are compared here.
pub(super) fn compare_simple_lists<T: ListedField>(
    models: Models<'_>,
    lists: (&[T], &[T]),
    of: (&SpecElement, Option<Lifetime<'_>>, FieldList),
    changes: &mut Changes,
) {
    compare_lists(models, lists, of, (&[], [&[]; 2]), &|_, _| false, changes);
}

/// Compares the order. Required elements are arguments of generated constructors, whose order matters.
fn compare_order<T: ListedField>(
    paired: &Paired<'_, T>,
    (owner, list): (&SpecElement, FieldList),
    is_covered: &dyn Fn(Option<&T>, Option<&T>) -> bool,
    changes: &mut Changes,
) {
    let is_covered = |old: &T, new: &T| is_covered(Some(old), Some(new));
    if !paired.are_reordered(|_, _| true, is_covered) {
        return;
    }
    let is_argument = |old: &T, new: &T| old.field().required && new.field().required;
    let is_constructor = paired.are_reordered(is_argument, is_covered);
    let kind =
        if is_constructor { ConstructorReordered } else { list.role().pick(ParamReordered, FieldReordered) };
    changes.push_order(kind, (owner, list.key()), paired, |item| &item.field().name);
}

fn compare_locations(
    element: &SpecElement,
    (old, new): (Option<Place>, Option<Place>),
    changes: &mut Changes,
) {
    let is_body = |place| matches!(place, Some(Place::Body | Place::BesideBody));
    let (kind, key) = match is_body(old) && is_body(new) {
        true => (ParamWrapperChanged, "enclosed"),
        false => (ParamLocationChanged, "in"),
    };
    let word = |place| match place {
        Place::Path => "path",
        Place::Query => "query",
        Place::Body => "body",
        Place::BesideBody => "body, top level",
    };
    if old != new {
        changes.push(kind, element, key, old.map(word).map(str::to_owned), new.map(word).map(str::to_owned));
    }
}

fn compare_fields(
    models: Models<'_>,
    (old, new): (&Field, &Field),
    element: &SpecElement,
    role: Role,
    changes: &mut Changes,
) {
    // Naming all fields makes the compiler report a new one here.
    let Field {
        name,
        ty,
        refers,
        since,
        retirement,
        required,
        description,
        constraints,
        sensitive,
        default,
        documented: _,
        renamed_from,
        source,
        history: _,
    } = old;
    if let Some(kind) = type_kind(models, (ty, &new.ty), role) {
        changes.push(kind, element, "type", Some(ty.to_string()), Some(new.ty.to_string()));
    }
    let kind = match (refers, &new.refers) {
        (None, _) => ReferenceAdded,
        (Some(_), Some(_)) => ReferenceChanged,
        (Some(_), None) => ReferenceRemoved,
    };
    changes.push_text(kind, element, "refers", [refers.as_deref(), new.refers.as_deref()]);
    retirement::compare_since(element, (since, &new.since), changes);
    retirement::compare(element, (retirement, &new.retirement), changes);
    let required_rule = if *required {
        role.pick(ParamBecameOptional, FieldBecameOptional)
    } else {
        role.pick(ParamBecameRequired, FieldBecameRequired)
    };
    changes.push_attribute(required_rule, element, "required", (required, &new.required), bool::to_string);
    changes.push_prose(element, "description", description.as_deref(), new.description.as_deref());
    constraints::compare(element, (constraints, &new.constraints), changes);
    let kind = if *sensitive { SensitiveRemoved } else { SensitiveAdded };
    changes.push_attribute(kind, element, "sensitive", (sensitive, &new.sensitive), bool::to_string);
    let kind = match (default, &new.default) {
        (None, _) => role.pick(ParamDefaultAdded, FieldDefaultAdded),
        (Some(_), Some(_)) => role.pick(ParamDefaultChanged, FieldDefaultChanged),
        (Some(_), None) => role.pick(ParamDefaultRemoved, FieldDefaultRemoved),
    };
    if *default != new.default {
        let show = |value: &Option<serde_json::Value>| value.as_ref().map(serde_json::Value::to_string);
        changes.push(kind, element, "default", show(default), show(&new.default));
    }
    compare_documented(element, (old.documented.as_ref(), new.documented.as_ref()), changes);
    compare_renamed_from(element, (name, renamed_from.as_deref()), new.renamed_from.as_deref(), changes);
    changes.push_remark(element, "source", Some(source_word(*source)), Some(source_word(new.source)));
}

/// Compares the keys `renamedFrom`. If the key contains the name in the old spec, it is part of the renaming.
pub(super) fn compare_renamed_from(
    element: &SpecElement,
    (old_name, old): (&str, Option<&str>),
    new: Option<&str>,
    changes: &mut Changes,
) {
    if new != Some(old_name) {
        changes.push_remark(element, "renamedFrom", old, new);
    }
}

/// Compares what the official documents print where the wire differs.
pub(super) fn compare_documented(
    element: &SpecElement,
    (old, new): (Option<&Documented>, Option<&Documented>),
    changes: &mut Changes,
) {
    let show = |documented: &Documented| {
        let Documented { place, ty, since, required, execution } = documented;
        let mut parts = Vec::new();
        parts.extend(place.as_ref().map(|place| format!("in: {place}")));
        parts.extend(ty.as_ref().map(|ty| format!("type: {ty}")));
        parts.extend(since.as_ref().map(|since| format!("since: {since}")));
        parts.extend(required.map(|required| format!("required: {required}")));
        parts.extend(execution.map(|execution| format!("execution: {}", execution.word())));
        format!("{{{}}}", parts.join(", "))
    };
    let (old, new) = (old.map(show), new.map(show));
    changes.push_remark(element, "documented", old.as_deref(), new.as_deref());
}

/// The word for a source in the spec.
pub(super) const fn source_word(source: Source) -> &'static str {
    match source {
        Source::Document => "document",
        Source::Platform => "platform",
    }
}
