//! Merges one parameter or field: adds it, or compares the page with the element that exists.

use zstack_model::{Documented, Field, Place, Type, Version};

use super::Merge;
use crate::draft::{ElementKey, Origin};
use crate::page::{self, printed_word};
use crate::report::NoteKind;
use crate::resolve::types::{self, PrintedType};

/// A field of a page with its type in the spec.
pub(super) struct ResolvedField<'p> {
    pub(super) printed: &'p page::Field,
    pub(super) ty: Type,
    /// The type had to be guessed.
    pub(super) is_vague: bool,
    /// Values of the spec's type are always present, or must be given.
    pub(super) is_required: bool,
    /// The page's mark of requirement is a fact.
    pub(super) has_requirement: bool,
}

impl Merge<'_, '_> {
    /// Returns the new field that a page prints. `documented` keeps what differs on the wire.
    pub(super) fn new_field(&mut self, resolved: &ResolvedField<'_>) -> Field {
        let printed = resolved.printed;
        let since = printed.since.as_ref().map_or(self.since.clone(), |since| since.value.clone());
        let mut documented = Documented::default();
        if !printed.ty.is_empty() && resolved.ty.to_string() != printed.ty {
            documented.ty = Some(printed.ty.clone());
        }
        if resolved.has_requirement
            && printed.required.is_some_and(|required| required != resolved.is_required)
        {
            documented.required = printed.required;
        }
        let mut field = Field {
            name: printed.name.clone(),
            ty: resolved.ty.clone(),
            refers: None,
            since: self.draft.version(&since),
            retirement: zstack_model::Retirement::NONE,
            required: resolved.is_required,
            description: printed.description.clone().map(|text| readable(&text)),
            constraints: zstack_model::Constraints::default(),
            sensitive: false,
            default: None,
            documented: None,
            renamed_from: None,
            source: zstack_model::Source::Document,
            history: Vec::new(),
        };
        if may_have_values(&resolved.ty) {
            field.constraints.values.clone_from(&printed.values);
            field.constraints.values.dedup();
        }
        field.documented = (documented != Documented::default()).then_some(documented);
        field
    }

    pub(super) fn origin(&self, resolved: &ResolvedField<'_>) -> Origin {
        Origin {
            at: self.at(resolved.printed.line),
            has_version: resolved.printed.since.is_some(),
            has_requirement: resolved.has_requirement,
            is_vague: resolved.is_vague || resolved.printed.ty.is_empty(),
        }
    }

    /// Compares an existing field with the row of a page.
    pub(super) fn compare_field(&mut self, key: &ElementKey, resolved: &ResolvedField<'_>) {
        self.draft.printed.insert(key.clone());
        self.compare_type(key, resolved);
        self.compare_version(key, resolved);
        self.compare_requirement(key, resolved);
        self.compare_values(key, resolved);
    }

    fn compare_type(&mut self, key: &ElementKey, resolved: &ResolvedField<'_>) {
        let printed = resolved.printed.ty.clone();
        let is_vague = self.draft.origins.get(key).is_some_and(|origin| origin.is_vague);
        let Some((ty, documented)) = self.draft.field_mut(key).map(|field| {
            (field.ty.clone(), field.documented.as_ref().and_then(|documented| documented.ty.clone()))
        }) else {
            return;
        };
        // Another page says more of the elements of a list.
        if is_vague && !resolved.is_vague && !printed.is_empty() {
            if let Some(field) = self.draft.field_mut(key) {
                field.ty = resolved.ty.clone();
                if field.ty.to_string() != printed {
                    field.documented.get_or_insert_default().ty = Some(printed);
                }
            }
            if let Some(origin) = self.draft.origins.get_mut(key) {
                origin.is_vague = false;
            }
            return;
        }
        let agrees = printed.is_empty()
            || documented.as_deref() == Some(&*printed)
            || agree(&types::read(&printed), &ty, &|name| self.draft.is_enum(name));
        if !agrees {
            let known = documented.unwrap_or_else(|| ty.to_string());
            self.differs(key, resolved.printed.line, "type", &printed, &known);
        }
    }

    fn compare_version(&mut self, key: &ElementKey, resolved: &ResolvedField<'_>) {
        let own = self.since.clone();
        let origin = self.draft.origins.get(key).cloned();
        let printed = resolved.printed.since.clone();
        let Some((since, documented)) = self.draft.field_mut(key).map(|field| {
            (field.since, field.documented.as_ref().and_then(|documented| documented.since.clone()))
        }) else {
            return;
        };
        match (printed, origin) {
            // Another page did not print it, or printed only the release of an operation.
            (printed, Some(origin)) if !origin.has_version => {
                let has_version = printed.is_some();
                let text = printed.map_or(own, |since| since.value);
                let version = self.draft.version(&text);
                if has_version || version < since {
                    self.set_since(key, version);
                }
                if let Some(origin) = self.draft.origins.get_mut(key) {
                    origin.has_version = has_version;
                }
            }
            (Some(printed), _) => {
                let known = documented.unwrap_or(since.to_string());
                if printed.value.parse::<Version>() != known.parse() {
                    self.differs(key, printed.line, "version", &printed.value, &known);
                }
            }
            (None, _) => {}
        }
    }

    fn set_since(&mut self, key: &ElementKey, version: Version) {
        if let Some(field) = self.draft.field_mut(key) {
            field.since = version;
        }
    }

    fn compare_requirement(&mut self, key: &ElementKey, resolved: &ResolvedField<'_>) {
        let Some(printed) = resolved.printed.required.filter(|_| resolved.has_requirement) else { return };
        let is_unknown = self.draft.origins.get(key).is_some_and(|origin| !origin.has_requirement);
        let Some(field) = self.draft.field_mut(key) else { return };
        let documented = field.documented.as_ref().and_then(|documented| documented.required);
        let known = documented.unwrap_or(field.required);
        if known == printed {
            return;
        }
        if is_unknown {
            field.documented.get_or_insert_default().required = Some(printed);
            if let Some(origin) = self.draft.origins.get_mut(key) {
                origin.has_requirement = true;
            }
            return;
        }
        let word = |required| if required { "required" } else { "optional" };
        self.differs(key, resolved.printed.line, "requirement", word(printed), word(known));
    }

    fn compare_values(&mut self, key: &ElementKey, resolved: &ResolvedField<'_>) {
        if resolved.printed.values.is_empty() {
            return;
        }
        let Some(field) = self.draft.field_mut(key) else { return };
        let known = field.constraints.values.clone();
        let is_same = known.len() == resolved.printed.values.len()
            && resolved.printed.values.iter().all(|value| known.contains(value));
        if is_same || !may_have_values(&field.ty) {
            return;
        }
        let known = if known.is_empty() { "any".to_owned() } else { known.join(", ") };
        self.differs(key, resolved.printed.line, "values", &resolved.printed.values.join(", "), &known);
    }

    /// Reports a fact that is printed differently in two places.
    pub(super) fn differs(&mut self, key: &ElementKey, line: usize, what: &str, printed: &str, known: &str) {
        let other = self.draft.position(key);
        let at = self.at(line);
        let owner = if self.draft.is_new(key) { "the other page has" } else { "the spec has" };
        self.report.conflict(
            at,
            format!("{what} of {key}: the page prints `{printed}`, {owner} `{known}`"),
            other,
        );
    }

    /// Compares the place of a parameter.
    pub(super) fn compare_place(
        &mut self,
        key: &ElementKey,
        printed: &page::PrintedPlace,
        wire: Place,
        line: usize,
    ) {
        let Some(parameter) = self.draft.parameter_mut(key) else { return };
        let documented = parameter.field.documented.as_ref().and_then(|documented| documented.place.clone());
        let place = parameter.place;
        let known = documented.unwrap_or_else(|| printed_word(place).to_owned());
        let is_same =
            known.trim_start().starts_with(printed.word) || known == "path" && printed.word == "url";
        if !is_same {
            self.differs(key, line, "place", printed.word, &known);
        } else if printed.word == "body"
            && matches!((wire, place), (Place::Body, Place::BesideBody) | (Place::BesideBody, Place::Body))
        {
            let word = |place| {
                if place == Place::Body {
                    "inside the key of the body"
                } else {
                    "next to the key of the body"
                }
            };
            self.differs(key, line, "place", word(wire), word(place));
        }
    }

    /// Reports an element that a page has and the spec of this name lacks, for a comparison.
    pub(super) fn missing(&mut self, key: &ElementKey, line: usize) {
        self.note(NoteKind::Missing, line, format!("the spec does not have the {key}"));
    }
}

/// Returns whether a printed type and one of the spec do not contradict each other: a page may say
/// less.
pub(super) fn agree(printed: &PrintedType, ty: &Type, is_enum: &dyn Fn(&str) -> bool) -> bool {
    match (printed, ty) {
        (PrintedType::Whole(Type::String), Type::Named(name)) => is_enum(name),
        (PrintedType::Whole(Type::String), Type::Uuid) => true,
        (PrintedType::Whole(Type::Map(_)), Type::Map(_) | Type::Any) => true,
        (PrintedType::Whole(Type::Map(_)), Type::Named(name)) => !is_enum(name),
        (PrintedType::Whole(Type::Any), Type::Map(_) | Type::Any | Type::Named(_)) => true,
        (PrintedType::Whole(printed), ty) => printed == ty,
        (PrintedType::List(None), Type::List(_)) => true,
        (PrintedType::List(Some(printed)), Type::List(ty)) => agree(printed, ty, is_enum),
        (PrintedType::Named(printed), Type::Named(name)) => printed == name,
        _ => false,
    }
}

fn may_have_values(ty: &Type) -> bool {
    match ty {
        Type::String | Type::Integer | Type::Long => true,
        Type::List(inner) => **inner == Type::String,
        _ => false,
    }
}

/// Returns a text without control characters and surrounding whitespace, which a spec refuses.
pub(super) fn readable(text: &str) -> String {
    text.chars().filter(|character| !character.is_control()).collect::<String>().trim().to_owned()
}
