//! The lookup of the release that an argument names.

use std::io::Write as _;

use zstack_model::{Model, Version};

use crate::exit::Error;

/// Finds the declared release for a version, and prints a note if it is not that very version.
pub(crate) fn find(model: &Model, text: &str) -> Result<Version, Error> {
    let found = model.service.find_release(text).map_err(Error::usage)?;
    if let Some(note) = found.note {
        writeln!(anstream::stderr(), "note: {note}")?;
    }
    Ok(*found.version)
}
