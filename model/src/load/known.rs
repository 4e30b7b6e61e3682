//! What another version of a spec says in the same words.
//!
//! Most files of two versions are the same. What such a file says depends on
//! its path and its text alone, so that it need not be read again.

use std::collections::{BTreeMap, HashMap};

use camino::{Utf8Path, Utf8PathBuf};

use super::Loaded;
use crate::model::{DataType, Operation};

/// The files of a spec that holds, and what they say.
#[derive(Default)]
pub(super) struct Known<'a> {
    texts: Option<&'a BTreeMap<Utf8PathBuf, String>>,
    types: HashMap<&'a Utf8Path, &'a DataType>,
    operations: HashMap<&'a Utf8Path, &'a Operation>,
}

/// What a file says that has one element.
pub(super) enum Element<'a> {
    Type(&'a DataType),
    Operation(&'a Operation),
}

impl<'a> Known<'a> {
    pub(super) fn new(Loaded { model, waivers: _, texts, name: _ }: &'a Loaded) -> Self {
        Self {
            texts: Some(texts),
            types: model.types.iter().map(|it| (&*it.file, it)).collect(),
            operations: model.operations.iter().map(|operation| (&*operation.file, operation)).collect(),
        }
    }

    /// What a file says, if it says the same.
    pub(super) fn find(&self, path: &Utf8Path, text: &str) -> Option<Element<'a>> {
        if self.texts?.get(path)? != text {
            return None;
        }
        let ty = self.types.get(path).map(|it| Element::Type(it));
        ty.or_else(|| Some(Element::Operation(self.operations.get(path)?)))
    }
}
