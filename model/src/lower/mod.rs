//! Converts source files to elements of the model.
//!
//! Values that cannot be converted are reported and replaced by placeholders, so that the checks can
//! examine the rest. A draft with placeholders never becomes a model, since a problem has been
//! reported.

mod api;
mod attributes;
mod data_type;
mod draft;
mod field;
mod history;
mod operation;
pub(crate) mod terms;
mod type_text;
pub(crate) mod waivers;

pub(crate) use draft::Draft;
