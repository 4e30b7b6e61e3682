//! The spec that is built into the node, and the OpenAPI documents and the pages of the
//! reference of any spec.
//!
//! In a debug build, loading the spec takes about half a second, and generating all
//! pages more than ten seconds. Both happen once, for the first caller, which must
//! be on a thread that may block.

use std::sync::LazyLock;

use zstack_model::Model;
use zstack_model::load::{Memory, load_tree};
use zstack_reference::openapi::{Layout, export};

/// The files of the spec, by their paths in its folder.
const FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/spec.rs"));

/// The path of the dashboard, to which the pages link.
const DASHBOARD: &str = "/";

/// An error of loading the spec or generating pages. The log has the details.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ReferenceError {
    /// The spec breaks a rule; `cargo xtask check` reports it.
    #[error("the spec that is built into this node is invalid; the log has the problems")]
    InvalidSpec,
    /// A template cannot be rendered.
    #[error("the pages of the reference cannot be generated; the log has the cause")]
    Pages,
}

/// The model of the spec.
pub(crate) fn model() -> Result<&'static Model, ReferenceError> {
    static MODEL: LazyLock<Result<Model, ReferenceError>> = LazyLock::new(|| {
        let files: Memory = FILES.iter().map(|(path, bytes)| (path.into(), bytes.to_vec())).collect();
        load_tree(&files, "spec".into()).map(|loaded| loaded.model).map_err(|problems| {
            tracing::error!(%problems, "the built-in spec is invalid");
            ReferenceError::InvalidSpec
        })
    });
    MODEL.as_ref().map_err(|error| *error)
}

/// Generates the OpenAPI document of a release, by its index in the releases of the
/// spec; for any other index, that of the whole API.
pub(crate) fn openapi(model: &Model, release: usize) -> String {
    let at = model.service.releases.get(release).map(|release| &release.version);
    export(model, at, Layout::Compact).text
}

/// Generates the pages of the reference, with their paths in its folder.
pub(crate) fn pages(model: &Model) -> Result<impl Iterator<Item = (String, Vec<u8>)>, ReferenceError> {
    let options = zstack_reference::site::Options { dashboard: Some(DASHBOARD), ..Default::default() };
    let site = zstack_reference::site::build(model, options).map_err(|error| {
        tracing::error!(%error, "the pages of the reference cannot be generated");
        ReferenceError::Pages
    })?;
    Ok(site.files.into_iter().map(|(path, bytes)| (path.into_string(), bytes)))
}
