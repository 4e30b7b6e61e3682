//! Parameters, fields of answers and fields of data types: what they have in
//! common.

use super::change::Changes;
use super::constraints;
use super::element::{Element, Part};
use super::history::{self, Life};
use super::models::Models;
use super::pair::{Paired, pair_renamed};
use super::retirement;
use super::type_change::{Role, type_change};
use zstack_model::changes::ChangeKind::*;
use zstack_model::{Documented, Field, Historic, Parameter, Place, Source};

/// A list of parameters or of fields.
#[derive(Clone, Copy)]
pub(super) enum List {
    Parameters,
    Response,
    Fields,
    Envelope,
}

impl List {
    /// The key that it stands below.
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

    fn element(self, owner: &Element, name: &str) -> Element {
        match self {
            Self::Parameters => Element::part(owner.name(), Part::Parameter, name),
            Self::Response => Element::part(owner.name(), Part::Response, name),
            Self::Fields => Element::Field(owner.name().to_owned(), name.to_owned()),
            Self::Envelope => Element::Envelope(name.to_owned()),
        }
    }
}

/// What stands in such a list.
pub(super) trait Listed: Historic + Clone {
    fn field(&self) -> &Field;

    /// Where it travels, if it may travel in several places.
    fn place(&self) -> Option<Place>;
}

impl Listed for Field {
    fn field(&self) -> &Field {
        self
    }

    fn place(&self) -> Option<Place> {
        None
    }
}

impl Listed for Parameter {
    fn field(&self) -> &Field {
        &self.field
    }

    fn place(&self) -> Option<Place> {
        Some(self.place)
    }
}

/// Compares lists, of something with that life. `variables` are the old names
/// of those that nobody sees on the wire, by the new ones; `released` is what
/// releases that are out have, as far as that takes more than histories.
/// `is_covered` says of what one or both sides have that it is compared elsewhere.
pub(super) fn list<'a, 'r, T: Listed>(
    models: Models<'_>,
    (old, new): (&'a [T], &'a [T]),
    (owner, life, list): (&Element, Option<Life<'_>>, List),
    (variables, released): (&[(&'a str, &'a str)], [&'r [T]; 2]),
    is_covered: &dyn Fn(Option<&T>, Option<&T>) -> bool,
    changes: &mut Changes,
) {
    let role = list.role();
    let unseen = |new: &str| variables.iter().find(|(_, name)| *name == new).map(|(old, _)| *old);
    let name = |it: &'a T| it.field().name.as_str();
    let formerly = |it: &'a T| unseen(name(it)).or(it.field().renamed_from.as_deref());
    let paired = pair_renamed(old, new, name, formerly);
    for it in paired.removed.iter().filter(|it| !is_covered(Some(it), None)) {
        changes.whole(role.pick(ParamRemoved, FieldRemoved), &list.element(owner, &it.field().name));
    }
    for it in paired.added.iter().filter(|it| !is_covered(None, Some(it))) {
        let it = it.field();
        let kind = match (role, it.required, &it.default) {
            (Role::Parameter, false, _) => ParamAddedOptional,
            (Role::Parameter, true, None) => ParamAddedRequired,
            (Role::Parameter, true, Some(_)) => ParamAddedRequiredWithDefault,
            (Role::Field, false, _) => FieldAdded,
            (Role::Field, true, _) => FieldAddedRequired,
        };
        changes.whole(kind, &list.element(owner, &it.name));
    }
    for (old, new) in paired.both.iter().filter(|(old, new)| !is_covered(Some(old), Some(new))) {
        let (old_name, new_name) = (&old.field().name, &new.field().name);
        let element = list.element(owner, new_name);
        if unseen(new_name) == Some(old_name) {
            changes.renamed(&element, old_name);
        } else {
            changes.name(role.pick(ParamRenamed, FieldRenamed), &element, old_name);
        }
        common(models, (old.field(), new.field()), &element, role, changes);
        location(&element, (old.place(), new.place()), changes);
        let own = Life { since: &old.field().since, retirement: &old.field().retirement };
        let of_name = |list: &'r [T], name: &str| list.iter().find(|list| list.field().name == *name);
        let released = [of_name(released[0], old_name), of_name(released[1], new_name)];
        let since = &new.field().since;
        history::compare(models, &element, (*old, *new), (own, life), since, released, changes);
    }
    order(&paired, (owner, list), is_covered, changes);
}

/// What must be given are the arguments of the generated constructors.
fn order<T: Listed>(
    paired: &Paired<'_, T>,
    (owner, list): (&Element, List),
    is_covered: &dyn Fn(Option<&T>, Option<&T>) -> bool,
    changes: &mut Changes,
) {
    let is_covered = |old: &T, new: &T| is_covered(Some(old), Some(new));
    if !paired.are_reordered(|_, _| true, is_covered) {
        return;
    }
    let is_argument = |old: &T, new: &T| old.field().required && new.field().required;
    let arguments = paired.are_reordered(is_argument, is_covered);
    let kind =
        if arguments { ConstructorReordered } else { list.role().pick(ParamReordered, FieldReordered) };
    changes.order(kind, (owner, list.key()), paired, |it| &it.field().name);
}

fn location(element: &Element, (old, new): (Option<Place>, Option<Place>), changes: &mut Changes) {
    let is_body = |place| matches!(place, Some(Place::Body | Place::BesideBody));
    let (kind, key) = match is_body(old) && is_body(new) {
        true => (ParamWrapperChanged, "enclosed"),
        false => (ParamLocationChanged, "in"),
    };
    let word = |place| match place {
        Place::Path => "path",
        Place::Query => "query",
        Place::Body => "body",
        Place::BesideBody => "body, beside the key",
    };
    if old != new {
        changes.push(kind, element, key, old.map(word).map(str::to_owned), new.map(word).map(str::to_owned));
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
        name,
        ty,
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
    if let Some(kind) = type_change(models, (ty, &new.ty), role) {
        changes.push(kind, element, "type", Some(ty.to_string()), Some(new.ty.to_string()));
    }
    retirement::since(element, (since, &new.since), changes);
    retirement::compare(element, (retirement, &new.retirement), changes);
    let required_rule = if *required {
        role.pick(ParamBecameOptional, FieldBecameOptional)
    } else {
        role.pick(ParamBecameRequired, FieldBecameRequired)
    };
    changes.attribute(required_rule, element, "required", (required, &new.required), bool::to_string);
    changes.prose(element, "description", description.as_deref(), new.description.as_deref());
    constraints::compare(element, (constraints, &new.constraints), changes);
    let kind = if *sensitive { SensitiveRemoved } else { SensitiveAdded };
    changes.attribute(kind, element, "sensitive", (sensitive, &new.sensitive), bool::to_string);
    let kind = match (default, &new.default) {
        (None, _) => role.pick(ParamDefaultAdded, FieldDefaultAdded),
        (Some(_), Some(_)) => role.pick(ParamDefaultChanged, FieldDefaultChanged),
        (Some(_), None) => role.pick(ParamDefaultRemoved, FieldDefaultRemoved),
    };
    if *default != new.default {
        let show = |it: &Option<serde_json::Value>| it.as_ref().map(serde_json::Value::to_string);
        changes.push(kind, element, "default", show(default), show(&new.default));
    }
    documented(element, (old.documented.as_ref(), new.documented.as_ref()), changes);
    self::renamed_from(element, (name, renamed_from.as_deref()), new.renamed_from.as_deref(), changes);
    changes.aside(element, "source", Some(said_by(*source)), Some(said_by(new.source)));
}

/// What something was called before, where that is not what the old spec calls
/// it: then it is in the rename itself.
pub(super) fn renamed_from(
    element: &Element,
    (old_name, old): (&str, Option<&str>),
    new: Option<&str>,
    changes: &mut Changes,
) {
    if new != Some(old_name) {
        changes.aside(element, "renamedFrom", old, new);
    }
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
        parts.extend(place.as_ref().map(|place| format!("in: {place}")));
        parts.extend(ty.as_ref().map(|it| format!("type: {it}")));
        parts.extend(since.as_ref().map(|since| format!("since: {since}")));
        parts.extend(required.map(|it| format!("required: {it}")));
        parts.extend(execution.map(|execution| format!("execution: {}", execution.word())));
        format!("{{{}}}", parts.join(", "))
    };
    let (old, new) = (old.map(shown), new.map(shown));
    changes.aside(element, "documented", old.as_deref(), new.as_deref());
}

pub(super) const fn said_by(source: Source) -> &'static str {
    match source {
        Source::Document => "document",
        Source::Platform => "platform",
    }
}
