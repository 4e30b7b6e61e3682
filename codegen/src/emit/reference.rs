//! Links from the documentation of fields to the records of the resources that they refer to.

use std::collections::BTreeSet;

use super::Context;
use zstack_model::Field;

/// The file of a field, which determines how its documentation names a data type.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    /// The category without which the file is not compiled.
    pub(super) category: Option<&'a str>,
    /// The data types that the file declares or imports.
    pub(super) types: &'a BTreeSet<&'a str>,
}

impl Scope<'_> {
    /// The sentence about the resource that a field refers to, in Markdown.
    pub(super) fn reference(&self, context: &Context<'_>, field: &Field) -> Option<String> {
        let record = &*context.model.record_of(field.refers.as_deref()?)?.name;
        let needs = context.categories.get(record).copied();
        // Without the category of the record, a link would be broken.
        let is_compiled = needs.is_none() || needs == self.category;
        Some(match (is_compiled, self.types.contains(record)) {
            (false, _) => format!("Refers to `{record}`."),
            // A path of a name in scope would be a warning.
            (true, true) => format!("Refers to [`{record}`]."),
            (true, false) => format!("Refers to [`{record}`](crate::types::{record})."),
        })
    }
}
