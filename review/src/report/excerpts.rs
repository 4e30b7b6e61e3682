//! The places of changes on both sides, with their lines.

use camino::Utf8Path;

use super::side::ReportSide;
use crate::{Change, OperationPart, SideFiles, SpecElement};
use zstack_model::diagnostics::{Place, Position};
use zstack_model::{Model, TypeShape};

/// A place and its line.
#[derive(Clone, Debug)]
pub(super) struct Excerpt<'a> {
    /// The file is relative to the spec's folder.
    pub(super) place: Place,
    pub(super) line: &'a str,
}

/// Looks up the places of changes on both sides.
pub(super) struct Excerpts<'a> {
    old: SideFiles<'a>,
    new: SideFiles<'a>,
    old_model: &'a Model,
}

impl<'a> Excerpts<'a> {
    pub(super) fn new(old: ReportSide<'a>, new: ReportSide<'a>) -> Self {
        let files = |side: ReportSide<'a>| SideFiles::new(side.model, side.waivers, side.texts);
        Self { old: files(old), new: files(new), old_model: old.model }
    }

    /// The place of a change on the old side.
    pub(super) fn old(&self, change: &Change) -> Option<Excerpt<'a>> {
        let is_here = has_value(change, change.old.as_deref(), change.new.as_deref(), &self.old);
        is_here.then(|| excerpt(&self.old, change)).flatten()
    }

    /// The place of a change on the new side.
    pub(super) fn new_side(&self, change: &Change) -> Option<Excerpt<'a>> {
        let is_here = has_value(change, change.new.as_deref(), change.old.as_deref(), &self.new);
        is_here.then(|| excerpt(&self.new, change)).flatten()
    }

    /// The place where annotations mark a change on the new side. A removed element is marked at the element before
    /// it in the list, or else at its owner.
    pub(super) fn nearest(&self, change: &Change) -> Excerpt<'a> {
        let (old, new) = (self.old_model, &self.new);
        let element = &change.element;
        let before = || {
            let before = siblings(element, old).into_iter().take_while(|sibling| sibling != element);
            before.filter(|sibling| new.has(sibling)).last()
        };
        let category = || {
            let name = element.operation()?;
            Some(SpecElement::Category(old.operation(name)?.category.clone()))
        };
        let itself = new.has(element).then(|| excerpt(new, change)).flatten();
        let others = || {
            let candidates = [before(), element.owner(), category(), Some(SpecElement::Service)];
            candidates
                .into_iter()
                .flatten()
                .find_map(|candidate| Some(with_line(new, new.place_of(&candidate)?)))
        };
        itself.or_else(others).unwrap_or_else(|| Excerpt {
            // Every valid spec has an `api.yaml`; only its text can be missing.
            place: Place {
                file: Utf8Path::new("api.yaml").to_owned(),
                position: Some(Position { line: 1, column: 1, length: 1 }),
            },
            line: "",
        })
    }
}

/// Returns whether a side has the element, and the value if the change is one of values.
fn has_value(change: &Change, here: Option<&str>, there: Option<&str>, side: &SideFiles<'_>) -> bool {
    side.has(&change.element) && (here.is_some() || there.is_none())
}

fn excerpt<'a>(side: &SideFiles<'a>, change: &Change) -> Option<Excerpt<'a>> {
    Some(with_line(side, side.place(change)?))
}

fn with_line<'a>(side: &SideFiles<'a>, place: Place) -> Excerpt<'a> {
    let line = side.line(&place);
    Excerpt { place, line }
}

/// The list that contains an element, in the order of the file.
fn siblings(element: &SpecElement, model: &Model) -> Vec<SpecElement> {
    let service = &model.service;
    match element {
        SpecElement::Release(_) => {
            service.releases.iter().map(|release| SpecElement::Release(release.version.to_string())).collect()
        }
        SpecElement::Category(_) => {
            model.categories.iter().map(|category| SpecElement::Category(category.name.clone())).collect()
        }
        SpecElement::AuthScheme(_) => {
            service.auth.iter().map(|auth| SpecElement::AuthScheme(auth.name.clone())).collect()
        }
        SpecElement::Envelope(_) => {
            service.envelope.iter().map(|envelope| SpecElement::Envelope(envelope.name.clone())).collect()
        }
        SpecElement::ReservedPath(_) => {
            service.reserved.iter().map(|reserved| SpecElement::ReservedPath(reserved.path.clone())).collect()
        }
        SpecElement::OfOperation(name, part, _) => {
            let Some(it) = model.operation(name) else { return Vec::new() };
            let names: Vec<String> = match part {
                OperationPart::Parameter => {
                    it.parameters.iter().map(|parameter| parameter.field.name.clone()).collect()
                }
                OperationPart::Response => it.response.iter().map(|response| response.name.clone()).collect(),
                OperationPart::Tag => it.tags.iter().map(|tag| tag.pattern.clone()).collect(),
                OperationPart::Error => it.errors.iter().map(zstack_model::ErrorCase::identity).collect(),
                OperationPart::Example => it.examples.iter().map(|example| example.name.clone()).collect(),
            };
            names.into_iter().map(|of| SpecElement::OfOperation(name.clone(), *part, of)).collect()
        }
        SpecElement::Field(ty, _) | SpecElement::Value(ty, _) => {
            match model.data_type(ty).map(|data_type| (data_type, &data_type.shape)) {
                Some((it, TypeShape::Record { .. })) => {
                    let fields = model.fields(it).into_iter();
                    fields.map(|field| SpecElement::Field(ty.clone(), field.name.clone())).collect()
                }
                Some((_, TypeShape::Enum { values })) => {
                    values.iter().map(|value| SpecElement::Value(ty.clone(), value.name.clone())).collect()
                }
                None => Vec::new(),
            }
        }
        SpecElement::Service
        | SpecElement::Operation(_)
        | SpecElement::Type(_)
        | SpecElement::Waiver { .. } => Vec::new(),
    }
}
