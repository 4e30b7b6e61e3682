//! From a model that holds to the files of the generated crates.
//!
//! One module per kind of item; each is a pure function from the model to the
//! tokens of Rust, written as a template that reads like the Rust that it emits.
//! Nothing here can fail: what could be wrong was found before.

mod actions;
mod client;
mod columns;
mod comment;
pub mod conditions;
mod docs;
mod enumeration;
mod example;
mod features;
mod field;
mod first_example;
mod imports;
mod manifest;
mod native;
mod operation;
mod print;
mod record;
mod rust_type;
mod sample;
mod server;
mod types;

use std::collections::{HashMap, HashSet};

use camino::Utf8PathBuf;
use proc_macro2::TokenStream;
use rayon::prelude::*;

use zstack_model::Model;

pub use sample::sample;
pub use zstack_model::schema::MARKER;

/// The longest line that is not broken.
const WIDTH: usize = 100;

/// A file to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GeneratedFile {
    /// Its path below the folder that holds the generated crates.
    pub path: Utf8PathBuf,
    /// Its text.
    pub text: String,
}

/// The folders whose marked files are all ours: a marked file that is not
/// generated any more is stale.
pub const FOLDERS: [&str; 3] = ["generated-types/src", "generated-client/src", "generated-server/src"];

/// Every file of the generated crates, by path.
pub fn emit(model: &Model) -> Vec<GeneratedFile> {
    let context = Context {
        model,
        boxed: rust_type::recursive_fields(model),
        bases: model.types.iter().filter_map(|it| it.extends.as_deref()).collect(),
        categories: features::categories_of_types(model),
        with_columns: columns::records_of_queries(model),
    };
    let mut sources = types::files(&context);
    sources.extend(client::files(&context));
    sources.extend(server::files(&context));
    sources.extend(manifest::files(&context));
    let mut files: Vec<GeneratedFile> = sources.into_par_iter().map(Source::into_file).collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// What every emitter looks things up in.
struct Context<'a> {
    model: &'a Model,
    /// Fields that hold their own type, and so need a box.
    boxed: HashSet<(&'a str, &'a str)>,
    /// The data types that others extend.
    bases: HashSet<&'a str>,
    /// The categories that data types belong to.
    categories: HashMap<&'a str, &'a str>,
    /// The data types that queries answer, at whatever depth.
    with_columns: HashSet<&'a str>,
}

/// A file to be made, on whichever thread is free.
struct Source<'a> {
    path: Utf8PathBuf,
    /// Where in the spec it comes from.
    origin: String,
    /// What a comment begins with.
    comment: &'static str,
    body: Box<dyn FnOnce() -> String + Send + 'a>,
}

impl<'a> Source<'a> {
    /// A file of Rust.
    fn new(
        path: impl Into<Utf8PathBuf>,
        origin: impl Into<String>,
        body: impl FnOnce() -> TokenStream + Send + 'a,
    ) -> Self {
        let body = Box::new(|| print::file(body()));
        Self { path: path.into(), origin: origin.into(), comment: "//", body }
    }

    /// A manifest.
    fn manifest(
        path: impl Into<Utf8PathBuf>,
        origin: impl Into<String>,
        body: impl FnOnce() -> String + Send + 'a,
    ) -> Self {
        Self { path: path.into(), origin: origin.into(), comment: "#", body: Box::new(body) }
    }

    fn into_file(self) -> GeneratedFile {
        let Self { path, origin, comment, body } = self;
        let mut header = format!("{comment} {MARKER} from {origin}. Do not edit.");
        if header.len() > WIDTH {
            header = format!("{comment} {MARKER} from\n{comment} {origin}. Do not edit.");
        }
        GeneratedFile { path, text: format!("{header}\n\n{}", body()) }
    }
}
