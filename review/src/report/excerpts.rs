//! Where changes stand on either side, with the lines to show.

use camino::Utf8Path;

use super::Revision;
use crate::{Change, Element, Part, Side};
use zstack_model::diagnostics::{Place, Position};
use zstack_model::{Model, TypeShape};

/// A place, and the line there.
#[derive(Clone, Debug)]
pub(super) struct Excerpt<'a> {
    /// The file is relative to the spec's folder.
    pub(super) place: Place,
    pub(super) line: &'a str,
}

/// Looks up places on both sides.
pub(super) struct Sites<'a> {
    old: (Revision<'a>, Side<'a>),
    new: (Revision<'a>, Side<'a>),
}

impl<'a> Sites<'a> {
    pub(super) fn new(old: Revision<'a>, new: Revision<'a>) -> Self {
        let side = |it: Revision<'a>| (it, Side::new(it.model, it.waivers, it.texts));
        Self { old: side(old), new: side(new) }
    }

    /// Where the old side says what changed.
    pub(super) fn old(&self, change: &Change) -> Option<Excerpt<'a>> {
        let speaks = says(change, change.old.as_deref(), change.new.as_deref(), &self.old.1);
        speaks.then(|| excerpt(&self.old.1, change)).flatten()
    }

    /// Where the new side says what changed.
    pub(super) fn new_side(&self, change: &Change) -> Option<Excerpt<'a>> {
        let speaks = says(change, change.new.as_deref(), change.old.as_deref(), &self.new.1);
        speaks.then(|| excerpt(&self.new.1, change)).flatten()
    }

    /// Where to mark a change in the new side. What is gone is marked where it
    /// would follow: at what stood before it, or else at what it was part of.
    pub(super) fn nearest(&self, change: &Change) -> Excerpt<'a> {
        let (old, new) = (self.old.0.model, &self.new.1);
        let element = &change.element;
        let before = || {
            let mut before = before(element, old);
            before.reverse();
            before.into_iter().find(|it| new.has(it))
        };
        let category = || {
            let name = element.operation()?;
            let it = old.operation(name)?;
            Some(Element::Category(it.category.clone()))
        };
        let is_there = new.has(element);
        let itself = is_there.then(|| excerpt(&self.new.1, change)).flatten();
        let others = || {
            let candidates = [before(), element.owner(), category(), Some(Element::Service)];
            candidates
                .into_iter()
                .flatten()
                .find_map(|candidate| shown(&self.new.1, self.new.1.place_of(&candidate)?))
        };
        itself.or_else(others).unwrap_or_else(|| Excerpt {
            // A spec without `api.yaml` does not hold; this one has lost its text.
            place: Place {
                file: Utf8Path::new("api.yaml").to_owned(),
                position: Some(Position { line: 1, column: 1, length: 1 }),
            },
            line: "",
        })
    }
}

/// Whether a side has something to show: the element, and the value if the
/// change is one of values.
fn says(change: &Change, here: Option<&str>, there: Option<&str>, side: &Side<'_>) -> bool {
    side.has(&change.element) && (here.is_some() || there.is_none())
}

fn excerpt<'a>(side: &Side<'a>, change: &Change) -> Option<Excerpt<'a>> {
    shown(side, side.place(change)?)
}

/// A place with its line.
fn shown<'a>(side: &Side<'a>, place: Place) -> Option<Excerpt<'a>> {
    let line = side.line(&place);
    Some(Excerpt { place, line })
}

/// Those that stand before an element in its list.
fn before(element: &Element, model: &Model) -> Vec<Element> {
    let siblings = siblings(element, model);
    siblings.into_iter().take_while(|sibling| sibling != element).collect()
}

/// The list that an element is in, in the order of the file.
fn siblings(element: &Element, model: &Model) -> Vec<Element> {
    let service = &model.service;
    match element {
        Element::Release(_) => {
            service.releases.iter().map(|release| Element::Release(release.version.text.clone())).collect()
        }
        Element::Category(_) => {
            model.categories.iter().map(|category| Element::Category(category.name.clone())).collect()
        }
        Element::AuthScheme(_) => {
            service.auth.iter().map(|auth| Element::AuthScheme(auth.name.clone())).collect()
        }
        Element::Envelope(_) => {
            service.envelope.iter().map(|envelope| Element::Envelope(envelope.name.clone())).collect()
        }
        Element::ReservedPath(_) => {
            service.reserved.iter().map(|it| Element::ReservedPath(it.path.clone())).collect()
        }
        Element::OfOperation(name, part, _) => {
            let Some(it) = model.operation(name) else { return Vec::new() };
            let names: Vec<String> = match part {
                Part::Parameter => {
                    it.parameters.iter().map(|parameter| parameter.field.name.clone()).collect()
                }
                Part::Response => it.response.iter().map(|response| response.name.clone()).collect(),
                Part::Tag => it.tags.iter().map(|tag| tag.pattern.clone()).collect(),
                Part::Error => it.errors.iter().map(zstack_model::ErrorCase::identity).collect(),
                Part::Example => it.examples.iter().map(|example| example.name.clone()).collect(),
            };
            names.into_iter().map(|of| Element::OfOperation(name.clone(), *part, of)).collect()
        }
        Element::Field(ty, _) | Element::Value(ty, _) => {
            match model.data_type(ty).map(|data_type| (data_type, &data_type.shape)) {
                Some((it, TypeShape::Record { .. })) => {
                    let fields = model.fields(it).into_iter();
                    fields.map(|field| Element::Field(ty.clone(), field.name.clone())).collect()
                }
                Some((_, TypeShape::Enum { values })) => {
                    values.iter().map(|value| Element::Value(ty.clone(), value.name.clone())).collect()
                }
                None => Vec::new(),
            }
        }
        Element::Service | Element::Operation(_) | Element::Type(_) | Element::Waiver { .. } => Vec::new(),
    }
}
