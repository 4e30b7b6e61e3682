//! Emits the files of the generated crates for a valid model.
//!
//! There is a module for each kind of item. Its template reads like the Rust code that it emits. Emitting cannot fail,
//! since the model was checked before.

mod actions;
mod arguments;
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
mod history;
mod imports;
mod manifest;
mod native;
mod operation;
mod print;
mod readme;
mod record;
mod reference;
mod reserved;
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

/// The maximum length of a line.
const WIDTH: usize = 100;

/// A generated file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GeneratedFile {
    /// The path relative to the folder of the generated crates.
    pub path: Utf8PathBuf,
    /// The text.
    pub text: String,
}

/// The folders of generated files. A marked file in them that is no longer generated is removed.
pub const FOLDERS: [&str; 3] = ["generated-types/src", "generated-client/src", "generated-server/src"];

/// Emits all files of the generated crates, sorted by path.
pub fn emit(model: &Model) -> Vec<GeneratedFile> {
    let context = Context {
        model,
        boxed: rust_type::recursive_fields(model),
        bases: model.types.iter().filter_map(|ty| ty.extends.as_deref()).collect(),
        categories: features::categories_of_types(model),
        has_reserved_paths: reserved::are_any(model),
        with_columns: columns::records_of_queries(model),
    };
    let mut sources = types::files(&context);
    sources.extend(client::files(&context));
    sources.extend(server::files(&context));
    sources.extend(manifest::files(&context));
    sources.extend(readme::files(&context));
    let mut files: Vec<GeneratedFile> = sources.into_par_iter().map(Source::into_file).collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// The model, and facts about it for the emitters.
struct Context<'a> {
    model: &'a Model,
    /// The fields that contain their own type and therefore need a box, as type and field.
    boxed: HashSet<(&'a str, &'a str)>,
    /// The data types that other data types extend.
    bases: HashSet<&'a str>,
    /// The categories to which data types belong.
    categories: HashMap<&'a str, &'a str>,
    /// True if servers have reserved paths.
    has_reserved_paths: bool,
    /// The data types that queries return, directly or in fields.
    with_columns: HashSet<&'a str>,
}

/// A file to emit on some thread.
struct Source<'a> {
    path: Utf8PathBuf,
    /// The file or folder of the spec that it is generated from.
    origin: String,
    /// The start and the end of a comment.
    comment: (&'static str, &'static str),
    body: Box<dyn FnOnce() -> String + Send + 'a>,
}

impl<'a> Source<'a> {
    /// A Rust file.
    fn new(
        path: impl Into<Utf8PathBuf>,
        origin: impl Into<String>,
        body: impl FnOnce() -> TokenStream + Send + 'a,
    ) -> Self {
        let body = Box::new(|| print::file(body()));
        Self { path: path.into(), origin: origin.into(), comment: ("//", ""), body }
    }

    /// A manifest.
    fn manifest(
        path: impl Into<Utf8PathBuf>,
        origin: impl Into<String>,
        body: impl FnOnce() -> String + Send + 'a,
    ) -> Self {
        Self { path: path.into(), origin: origin.into(), comment: ("#", ""), body: Box::new(body) }
    }

    /// A page in Markdown.
    fn page(
        path: impl Into<Utf8PathBuf>,
        origin: impl Into<String>,
        body: impl FnOnce() -> String + Send + 'a,
    ) -> Self {
        let comment = ("<!--", " -->");
        Self { path: path.into(), origin: origin.into(), comment, body: Box::new(body) }
    }

    fn into_file(self) -> GeneratedFile {
        let Self { path, origin, comment, body } = self;
        let (start, end) = comment;
        let mut header = format!("{start} {MARKER} from {origin}. Do not edit.{end}");
        if header.len() > WIDTH {
            header = format!("{start} {MARKER} from{end}\n{start} {origin}. Do not edit.{end}");
        }
        GeneratedFile { path, text: format!("{header}\n\n{}", body()) }
    }
}
