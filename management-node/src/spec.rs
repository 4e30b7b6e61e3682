//! The spec that a node serves: the built-in one, or that of a folder.
//!
//! Every spec is served from tables that are made of it at run time, so another spec needs no generated
//! code. An operation that has the name, the method and the path of an operation of the built-in spec is
//! performed in the same way. Others follow from conventions and resource files.

use std::collections::HashSet;
use std::fmt;
use std::path::Path;
use std::sync::{LazyLock, OnceLock};

use zstack_model::diagnostics::Diagnostics;
use zstack_model::load::{lint, load};
use zstack_model::{Model, Operation};
use zstack_runtime::Version;

use crate::catalog::{self, BuiltInError, Catalog, CatalogProblems};
use crate::inventory::Kinds;
use crate::openapi::Documents;
use crate::pages::Pages;
use crate::reference;
use crate::service::Operations;

pub use zstack_vocabulary::FoundRelease;

/// A spec, with everything that a node makes of it.
///
/// It exists until the process ends, as do the tables that are made of it.
pub struct Spec {
    model: &'static Model,
    catalog: &'static Catalog,
    /// The names of the operations that are the same as in the built-in spec.
    shared: HashSet<&'static str>,
    documents: Documents,
    pages: Pages,
    operations: OnceLock<Operations>,
    kinds: OnceLock<Kinds>,
}

/// An error of loading a spec.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SpecError {
    /// The files that are built into the node are invalid.
    #[error(transparent)]
    BuiltIn(#[from] BuiltInError),
    /// A folder is missing or cannot be read.
    #[error("{0}")]
    Folder(String),
    /// The spec is too large.
    #[error(
        "the spec has {0} data types; a node can serve at most {max}", max = zstack_dynamic::MAX_DATA_TYPES
    )]
    TooLarge(usize),
    /// The spec is invalid. The text is the report of `cargo xtask check`.
    #[error("{0}")]
    Invalid(Diagnostics),
    /// The resource files are invalid. The text is a report of the same form.
    #[error("{0}")]
    Resources(CatalogProblems),
}

impl Spec {
    /// Returns the built-in spec. It is loaded for the first caller, which must be on a thread that may
    /// block.
    ///
    /// # Errors
    ///
    /// If the files that are built into the node are invalid.
    pub fn load_built_in() -> Result<&'static Self, SpecError> {
        static SPEC: LazyLock<Result<Spec, SpecError>> = LazyLock::new(|| {
            let model = reference::model().map_err(|_| BuiltInError::Spec)?;
            let catalog = catalog::built_in().map_err(Clone::clone)?;
            let shared = model.operations.iter().map(|operation| &*operation.name).collect();
            Ok(Spec::new(model, catalog, shared))
        });
        SPEC.as_ref().map_err(Clone::clone)
    }

    /// Loads a spec from a folder, or the built-in one, with additional resource files from a folder. Its
    /// memory is never freed.
    ///
    /// # Errors
    ///
    /// If the spec or the resource files are invalid or cannot be read.
    pub fn open(folder: Option<&Path>, resources: Option<&Path>) -> Result<&'static Self, SpecError> {
        if folder.is_none() && resources.is_none() {
            return Self::load_built_in();
        }
        let built_in = reference::model().map_err(|_| BuiltInError::Spec)?;
        let model = match folder {
            Some(folder) => Box::leak(Box::new(load_model(folder)?)),
            None => built_in,
        };
        if model.types.len() > zstack_dynamic::MAX_DATA_TYPES {
            return Err(SpecError::TooLarge(model.types.len()));
        }
        let files = resources.map_or(Ok(Vec::new()), read_resources)?;
        let files: Vec<_> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        let routes: HashSet<_> =
            built_in.operations.iter().map(|operation| route(built_in, operation)).collect();
        let shared = model.operations.iter().filter(|operation| routes.contains(&route(model, operation)));
        let shared: HashSet<_> = shared.map(|operation| &*operation.name).collect();
        let built_in_files = catalog::built_in_files()?;
        let loaded = Catalog::load_adapted(model, &files, &built_in_files, |name| shared.contains(name));
        let (catalog, misfits) = loaded.map_err(SpecError::Resources)?;
        if let Some(misfits) = misfits {
            tracing::warn!(
                problems = misfits.summary(),
                "parts of the built-in resource files do not fit this spec and are ignored"
            );
        }
        Ok(Box::leak(Box::new(Self::new(model, Box::leak(Box::new(catalog)), shared))))
    }

    fn new(model: &'static Model, catalog: &'static Catalog, shared: HashSet<&'static str>) -> Self {
        let (documents, pages) = (Documents::new(model), Pages::new(model));
        let (operations, kinds) = (OnceLock::new(), OnceLock::new());
        Self { model, catalog, shared, documents, pages, operations, kinds }
    }

    /// Finds the declared release for a version: see [`zstack_vocabulary::find_release`].
    ///
    /// # Errors
    ///
    /// A message with the nearest declared releases, if the text is not a version or the version is before
    /// the first or after the last release.
    pub fn find_release(&self, text: &str) -> Result<FoundRelease, String> {
        let releases: Vec<Version> =
            self.model.service.releases.iter().map(|release| release.version).collect();
        zstack_vocabulary::find_release(text, &releases).map_err(|error| error.to_string())
    }

    pub(crate) fn operations(&self) -> &Operations {
        let make = || Operations::new(self.model, self.catalog, |operation| self.shared.contains(operation));
        self.operations.get_or_init(make)
    }

    pub(crate) fn kinds(&self) -> &Kinds {
        self.kinds.get_or_init(|| Kinds::new(self.model, self.catalog))
    }

    pub(crate) fn documents(&self) -> &Documents {
        &self.documents
    }

    pub(crate) fn pages(&self) -> &Pages {
        &self.pages
    }
}

impl fmt::Debug for Spec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Spec").field("title", &self.model.service.title).finish_non_exhaustive()
    }
}

/// The name of an operation with its method and path.
fn route<'m>(model: &Model, operation: &'m Operation) -> (&'m str, zstack_model::Method, String) {
    (&operation.name, operation.method, format!("{}{}", model.service.base_path, operation.path))
}

fn load_model(folder: &Path) -> Result<Model, SpecError> {
    check_folder(folder, "spec")?;
    let name = folder.display();
    if !folder.join("api.yaml").exists() {
        let text = format!("the folder {name} has no api.yaml; name the folder of a spec with --spec");
        return Err(SpecError::Folder(text));
    }
    let Some(path) = folder.to_str() else {
        return Err(SpecError::Folder(format!("the path of the spec, {name}, must be UTF-8")));
    };
    // Only `lint` finds warnings, too, but it takes longer.
    load(path.as_ref()).map_err(|errors| SpecError::Invalid(lint(path.as_ref()).err().unwrap_or(errors)))
}

/// Reads the resource files in a folder, with their paths, sorted by path.
fn read_resources(folder: &Path) -> Result<Vec<(String, String)>, SpecError> {
    check_folder(folder, "resources")?;
    let read = || {
        let mut files = Vec::new();
        for entry in fs_err::read_dir(folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "yaml") {
                files.push((path.display().to_string(), fs_err::read_to_string(&path)?));
            }
        }
        files.sort();
        Ok(files)
    };
    read().map_err(|error: std::io::Error| SpecError::Folder(error.to_string()))
}

/// Checks that the argument of an option is a folder that can be read.
fn check_folder(folder: &Path, option: &str) -> Result<(), SpecError> {
    let name = folder.display();
    let text = match folder.metadata() {
        Err(error) => format!("cannot read the folder {name} of --{option}: {error}"),
        Ok(metadata) if !metadata.is_dir() => format!("{name} is not a folder; --{option} takes a folder"),
        Ok(_) => match folder.read_dir() {
            Ok(_) => return Ok(()),
            Err(error) => format!("cannot read the folder {name} of --{option}: {error}"),
        },
    };
    Err(SpecError::Folder(text))
}
