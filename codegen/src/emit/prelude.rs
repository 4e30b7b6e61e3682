//! What the files of `generated-types` write short, the releases among it.

use std::collections::HashMap;

use super::Context;
use super::comment::{self, Line};
use zstack_model::{Model, Release, ReleaseState, Version};

/// The constants of releases, by their numbers.
pub(super) fn releases(model: &Model) -> HashMap<[u16; 4], String> {
    model.service.releases.iter().map(|it| (it.version.numbers, constant(&it.version))).collect()
}

/// `V3_3_0`.
fn constant(version: &Version) -> String {
    format!("V{}", version.text.replace('.', "_"))
}

impl Context<'_> {
    /// The constant of a release. Tables name releases by these: reading a text
    /// for each row was a twelfth of what the compiler did for the types.
    pub(super) fn release(&self, version: &Version) -> &str {
        // Every version is one of the list, or the spec has an error.
        &self.releases[&version.numbers]
    }
}

pub(super) fn file(context: &Context<'_>) -> String {
    let mut text = "//! What the files of this crate write short.\n\
         #![allow(dead_code, reason = \"a release may have nothing of what is compiled in\")]\n\n\
         pub(crate) use zstack_runtime::generated::*;\n"
        .to_owned();
    for release in &context.model.service.releases {
        text.push('\n');
        text.push_str(&comment::outer(&[Line::Text(what(release))], ""));
        let (name, version) = (context.release(&release.version), &release.version.text);
        text.push_str(&format!("pub(crate) const {name}: Version = Version::new({version:?});\n"));
    }
    text
}

/// What one line says of a release.
fn what(release: &Release) -> String {
    let Release { version, state, description: _ } = release;
    match state {
        _ if version.is_unknown() => "Nobody knows which release.".to_owned(),
        ReleaseState::Released => format!("Release {version}."),
        ReleaseState::Next => format!("Release {version}, which is not out yet."),
    }
}
