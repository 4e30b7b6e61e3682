//! Where in the files of one side a change stands.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use camino::{Utf8Path, Utf8PathBuf};

use super::change::Change;
use super::element::Element;
use zstack_model::Model;
use zstack_model::diagnostics::{Place, lines};
use zstack_model::load::position;
use zstack_model::positions::{Spot, locate};
use zstack_model::waivers::Waiver;
use zstack_model::yaml::{Node, read};

/// One side of a comparison, with the files it was read from.
pub struct Side<'a> {
    model: &'a Model,
    waivers: &'a [Waiver],
    texts: &'a BTreeMap<Utf8PathBuf, String>,
    /// The files that were asked about.
    opened: RefCell<HashMap<&'a Utf8Path, Rc<Opened<'a>>>>,
}

/// A file, read for its places.
struct Opened<'a> {
    lines: Vec<&'a str>,
    /// With positions; nothing for a text that is not YAML.
    tree: Option<Node>,
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
        let itself = names().find_map(|it| self.of(it, change.attribute));
        itself.or_else(|| names().find_map(|it| self.of(&it.owner()?, "")))
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
        let number = place.position.map_or(1, |it| it.line);
        let opened = self.open(&place.file);
        opened.and_then(|it| it.lines.get(number.saturating_sub(1)).copied()).unwrap_or_default()
    }

    fn of(&self, element: &Element, attribute: &'static str) -> Option<Place> {
        let (file, path) = element.place(self.model, self.waivers)?;
        let opened = self.open(file)?;
        let path = if attribute.is_empty() { path } else { path.key(attribute) };
        let position = position(locate(opened.tree.as_ref()?, &path, &Spot::Value), &opened.lines);
        Some(Place { file: file.to_owned(), position: Some(position) })
    }

    fn open(&self, file: &Utf8Path) -> Option<Rc<Opened<'a>>> {
        let (file, text) = self.texts.get_key_value(file)?;
        let mut opened = self.opened.borrow_mut();
        let read = || Rc::new(Opened { lines: lines(text), tree: read(text).ok() });
        Some(Rc::clone(opened.entry(file).or_insert_with(read)))
    }
}
