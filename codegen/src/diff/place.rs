//! Where in the files of one side a change stands.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};

use camino::{Utf8Path, Utf8PathBuf};

use super::change::Change;
use super::element::Element;
use crate::diagnostics::{Place, lines};
use crate::load::position;
use crate::model::Model;
use crate::positions::{Node, Spot, locate, read};
use crate::waivers::Waiver;

/// One side of a comparison, with the files it was read from.
pub struct Side<'a> {
    model: &'a Model,
    waivers: &'a [Waiver],
    texts: &'a BTreeMap<Utf8PathBuf, String>,
    /// Trees with positions, of the files that were asked about.
    trees: RefCell<HashMap<&'a Utf8Path, Option<Node>>>,
}

impl<'a> Side<'a> {
    /// A model, what of its changes is waived, and the texts of the files by
    /// their paths in the spec's folder.
    pub fn new(model: &'a Model, waivers: &'a [Waiver], texts: &'a BTreeMap<Utf8PathBuf, String>) -> Self {
        Self { model, waivers, texts, trees: RefCell::default() }
    }

    /// Where a change stands: the value that changed; the element, where that
    /// is there or gone as a whole; what it is part of, where this side does
    /// not have it. The file is relative to the spec's folder.
    pub fn place(&self, change: &Change) -> Option<Place> {
        // At most one of the two names is of this side.
        let names = || [Some(&change.element), change.formerly.as_ref()].into_iter().flatten();
        let itself = names().find_map(|it| self.of(it, change.attribute));
        itself.or_else(|| names().find_map(|it| self.of(&it.owner()?, "")))
    }

    /// Whether an element is there.
    pub(super) fn has(&self, element: &Element) -> bool {
        element.place(self.model, self.waivers).is_some()
    }

    fn of(&self, element: &Element, attribute: &'static str) -> Option<Place> {
        let (file, path) = element.place(self.model, self.waivers)?;
        let (file, text) = self.texts.get_key_value(file)?;
        let mut trees = self.trees.borrow_mut();
        let tree = trees.entry(file).or_insert_with(|| read(text).ok()).as_ref()?;
        let path = if attribute.is_empty() { path } else { path.key(attribute) };
        let position = position(locate(tree, &path, &Spot::Value), &lines(text));
        Some(Place { file: file.clone(), position: Some(position) })
    }
}
