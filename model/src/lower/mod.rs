//! From what is written to the model's own terms, file by file.
//!
//! What cannot be translated is reported and replaced by something harmless, so
//! that the checks behind can look at all the rest. A draft with such stand-ins
//! never becomes a model: whatever was reported prevents that.

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
