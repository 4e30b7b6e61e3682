//! The release that an option or an argument names.

use std::io::{self, Write as _};

use zstack_model::{Model, Version};

use crate::exit::Exit;

/// Finds the declared release that a version means, and says so on the standard error where that is
/// another one. An error has been reported when this returns; the command ends with that exit code.
pub(crate) fn find(model: &Model, text: &str) -> io::Result<Result<Version, Exit>> {
    let mut err = anstream::stderr();
    Ok(match model.service.find_release(text) {
        Ok(found) => {
            if let Some(note) = found.note {
                writeln!(err, "note: {note}")?;
            }
            Ok(found.version.clone())
        }
        Err(error) => {
            writeln!(err, "error: {error}")?;
            Err(Exit::Usage)
        }
    })
}
