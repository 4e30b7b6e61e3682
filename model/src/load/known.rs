//! Reuses elements of another version of a spec.
//!
//! Most files of two versions are identical, and the contents depend only on the path and the text, so
//! such files need not be parsed again.

use std::collections::{BTreeMap, HashMap};

use camino::{Utf8Path, Utf8PathBuf};

use super::Loaded;
use crate::model::{DataType, Operation};

/// The files of a valid spec with their elements.
#[derive(Default)]
pub(super) struct KnownFiles<'a> {
    texts: Option<&'a BTreeMap<Utf8PathBuf, String>>,
    types: HashMap<&'a Utf8Path, &'a DataType>,
    operations: HashMap<&'a Utf8Path, &'a Operation>,
}

/// The element of a file.
pub(super) enum KnownElement<'a> {
    Type(&'a DataType),
    Operation(&'a Operation),
}

impl<'a> KnownFiles<'a> {
    pub(super) fn new(Loaded { model, waivers: _, texts, name: _ }: &'a Loaded) -> Self {
        Self {
            texts: Some(texts),
            types: model.types.iter().map(|ty| (&*ty.file, ty)).collect(),
            operations: model.operations.iter().map(|operation| (&*operation.file, operation)).collect(),
        }
    }

    /// Returns the element of a file, if the file is unchanged.
    pub(super) fn find(&self, path: &Utf8Path, text: &str) -> Option<KnownElement<'a>> {
        if self.texts?.get(path)? != text {
            return None;
        }
        let ty = self.types.get(path).map(|ty| KnownElement::Type(ty));
        ty.or_else(|| Some(KnownElement::Operation(self.operations.get(path)?)))
    }
}
