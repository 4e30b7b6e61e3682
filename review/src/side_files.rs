//! Where in the files of one side a change stands.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use camino::{Utf8Path, Utf8PathBuf};

use super::change::Change;
use super::element::Element;
use zstack_model::Model;
use zstack_model::diagnostics::Place;
use zstack_model::positions::{Positions, Spot};
use zstack_model::waivers::Waiver;

/// One side of a comparison, with the files it was read from.
pub struct Side<'a> {
    model: &'a Model,
    waivers: &'a [Waiver],
    texts: &'a BTreeMap<Utf8PathBuf, String>,
    /// The files that were asked about.
    opened: RefCell<HashMap<&'a Utf8Path, Rc<Positions<'a>>>>,
}

impl<'a> Side<'a> {
    /// A model, what of its changes is waived, and the texts of the files by
    /// their paths in the spec's folder.
    pub fn new(model: &'a Model, waivers: &'a [Waiver], texts: &'a BTreeMap<Utf8PathBuf, String>) -> Self {
        Self { model, waivers, texts, opened: RefCell::default() }
    }

    /// Where a change stands: the value that changed; the element, where that
    /// is there or gone as a whole; what it is part of, where this side does
    /// not have it. The file is relative to the spec's folder.
    pub fn place(&self, change: &Change) -> Option<Place> {
        // At most one of the two names is of this side.
        let names = || [Some(&change.element), change.formerly.as_ref()].into_iter().flatten();
        let itself = names().find_map(|name| self.of(name, change.attribute));
        itself.or_else(|| names().find_map(|name| self.of(&name.owner()?, "")))
    }

    /// Where an element stands, or what it is part of where this side does not have it.
    pub(super) fn place_of(&self, element: &Element) -> Option<Place> {
        self.of(element, "").or_else(|| self.of(&element.owner()?, ""))
    }

    /// Whether an element is there.
    pub(super) fn has(&self, element: &Element) -> bool {
        element.place(self.model, self.waivers).is_some()
    }

    /// The line of a place; empty where there is none.
    pub(super) fn line(&self, place: &Place) -> &'a str {
        let number = place.position.map_or(1, |position| position.line);
        self.open(&place.file).map(|file| file.line(number)).unwrap_or_default()
    }

    fn of(&self, element: &Element, attribute: &'static str) -> Option<Place> {
        let (file, path) = element.place(self.model, self.waivers)?;
        let path = if attribute.is_empty() { path } else { path.key(attribute) };
        let position = self.open(file)?.find(&path, &Spot::Value)?;
        Some(Place { file: file.to_owned(), position: Some(position) })
    }

    fn open(&self, file: &Utf8Path) -> Option<Rc<Positions<'a>>> {
        let (file, text) = self.texts.get_key_value(file)?;
        let mut opened = self.opened.borrow_mut();
        let read = || Rc::new(Positions::new(text));
        Some(Rc::clone(opened.entry(file).or_insert_with(read)))
    }
}
