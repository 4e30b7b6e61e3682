//! The places of changes in the files of one side.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use camino::{Utf8Path, Utf8PathBuf};

use super::change::Change;
use super::element::SpecElement;
use zstack_model::Model;
use zstack_model::diagnostics::Place;
use zstack_model::positions::{Positions, Spot};
use zstack_model::waivers::Waiver;

/// One side of a comparison, with the files from which it was read.
pub struct SideFiles<'a> {
    model: &'a Model,
    waivers: &'a [Waiver],
    texts: &'a BTreeMap<Utf8PathBuf, String>,
    /// The files parsed so far.
    parsed: RefCell<HashMap<&'a Utf8Path, Rc<Positions<'a>>>>,
}

impl<'a> SideFiles<'a> {
    /// Creates a side from a model, its waivers, and its texts by their paths in the folder of the spec.
    pub fn new(model: &'a Model, waivers: &'a [Waiver], texts: &'a BTreeMap<Utf8PathBuf, String>) -> Self {
        Self { model, waivers, texts, parsed: RefCell::default() }
    }

    /// The place of a change: of the changed value; of the element, if it was added or removed; or of its
    /// owner, if this side does not have the element. The file is relative to the folder of the spec.
    pub fn place(&self, change: &Change) -> Option<Place> {
        // At most one of the two names exists on this side.
        let names = || [Some(&change.element), change.formerly.as_ref()].into_iter().flatten();
        let itself = names().find_map(|name| self.find(name, change.attribute));
        itself.or_else(|| names().find_map(|name| self.find(&name.owner()?, "")))
    }

    /// The place of an element, or of its owner if this side does not have the element.
    pub(super) fn place_of(&self, element: &SpecElement) -> Option<Place> {
        self.find(element, "").or_else(|| self.find(&element.owner()?, ""))
    }

    /// Returns whether this side has an element.
    pub(super) fn has(&self, element: &SpecElement) -> bool {
        element.place(self.model, self.waivers).is_some()
    }

    /// The line of a place; empty if the file is unknown.
    pub(super) fn line(&self, place: &Place) -> &'a str {
        let number = place.position.map_or(1, |position| position.line);
        self.parse(&place.file).map(|file| file.line(number)).unwrap_or_default()
    }

    fn find(&self, element: &SpecElement, attribute: &'static str) -> Option<Place> {
        let (file, path) = element.place(self.model, self.waivers)?;
        let path = if attribute.is_empty() { path } else { path.key(attribute) };
        let position = self.parse(file)?.find(&path, &Spot::Value)?;
        Some(Place { file: file.to_owned(), position: Some(position) })
    }

    fn parse(&self, file: &Utf8Path) -> Option<Rc<Positions<'a>>> {
        let (file, text) = self.texts.get_key_value(file)?;
        let mut parsed = self.parsed.borrow_mut();
        Some(Rc::clone(parsed.entry(file).or_insert_with(|| Rc::new(Positions::new(text)))))
    }
}
