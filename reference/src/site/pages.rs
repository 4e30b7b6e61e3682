//! The templates of pages, in HTML and in Markdown.

use askama::Template;

use crate::site::frame::Head;
use crate::site::text::Prose;
use crate::site::views::{CategoryView, CodeView, OperationView, ReleaseView, Rows, TypeRow, TypeView};

#[derive(Template)]
#[template(path = "operation.html")]
pub(crate) struct Operation<'a> {
    pub(crate) head: Head<'a>,
    pub(crate) it: &'a OperationView<'a>,
    pub(crate) permalink: &'a str,
    /// The last release that the page describes, unless it is the current page.
    pub(crate) until: Option<&'a str>,
    /// The versions and pages of other releases.
    pub(crate) releases: &'a [(&'a str, String)],
}

#[derive(Template)]
#[template(path = "data_type.html")]
pub(crate) struct DataType<'a> {
    pub(crate) head: Head<'a>,
    pub(crate) it: &'a TypeView<'a>,
}

#[derive(Template)]
#[template(path = "category.html")]
pub(crate) struct Category<'a> {
    pub(crate) head: Head<'a>,
    pub(crate) category: &'a CategoryView<'a>,
}

#[derive(Template)]
#[template(path = "category.md")]
pub(crate) struct CategoryMd<'a> {
    pub(crate) category: &'a CategoryView<'a>,
    pub(crate) root: &'a str,
}

/// All operations, current or of a release.
#[derive(Template)]
#[template(path = "operations.html")]
pub(crate) struct Operations<'a> {
    pub(crate) head: Head<'a>,
    pub(crate) version: Option<&'a str>,
    pub(crate) total: usize,
    pub(crate) categories: &'a [CategoryView<'a>],
}

#[derive(Template)]
#[template(path = "operations.md")]
pub(crate) struct OperationsMd<'a> {
    pub(crate) version: Option<&'a str>,
    pub(crate) categories: &'a [CategoryView<'a>],
    pub(crate) root: &'a str,
}

#[derive(Template)]
#[template(path = "types.html")]
pub(crate) struct Types<'a> {
    pub(crate) head: Head<'a>,
    pub(crate) types: &'a [TypeRow<'a>],
}

#[derive(Template)]
#[template(path = "types.md")]
pub(crate) struct TypesMd<'a> {
    pub(crate) types: &'a [TypeRow<'a>],
}

#[derive(Template)]
#[template(path = "errors.html")]
pub(crate) struct Errors<'a> {
    pub(crate) head: Head<'a>,
    pub(crate) codes: &'a [CodeView<'a>],
}

#[derive(Template)]
#[template(path = "errors.md")]
pub(crate) struct ErrorsMd<'a> {
    pub(crate) codes: &'a [CodeView<'a>],
}

#[derive(Template)]
#[template(path = "release.html")]
pub(crate) struct Release<'a> {
    pub(crate) head: Head<'a>,
    pub(crate) it: &'a ReleaseView<'a>,
}

/// The list of releases, newest first.
#[derive(Template)]
#[template(path = "releases.html")]
pub(crate) struct Releases<'a> {
    pub(crate) head: Head<'a>,
    pub(crate) releases: &'a [&'a ReleaseView<'a>],
}

#[derive(Template)]
#[template(path = "releases.md")]
pub(crate) struct ReleasesMd<'a> {
    pub(crate) releases: &'a [&'a ReleaseView<'a>],
}

#[derive(Template)]
#[template(path = "index.html")]
pub(crate) struct Index<'a> {
    pub(crate) head: Head<'a>,
    pub(crate) description: &'a [Prose<'a>],
    pub(crate) base_path: &'a str,
    pub(crate) operations: usize,
    pub(crate) types: usize,
    pub(crate) categories: &'a [CategoryView<'a>],
    pub(crate) releases: &'a [&'a ReleaseView<'a>],
}

#[derive(Template)]
#[template(path = "index.md")]
pub(crate) struct IndexMd<'a> {
    pub(crate) head: &'a Head<'a>,
    pub(crate) description: &'a [Prose<'a>],
    pub(crate) categories: &'a [CategoryView<'a>],
}

/// The overview for language models, in Markdown.
#[derive(Template)]
#[template(path = "llms.txt")]
pub(crate) struct Llms<'a> {
    pub(crate) head: &'a Head<'a>,
    pub(crate) description: &'a [Prose<'a>],
    pub(crate) categories: &'a [CategoryView<'a>],
}

/// The page of search results, which a script fills.
#[derive(Template)]
#[template(path = "search.html")]
pub(crate) struct Search<'a> {
    pub(crate) head: Head<'a>,
}

#[derive(Template)]
#[template(path = "not_found.html")]
pub(crate) struct NotFound<'a> {
    pub(crate) head: Head<'a>,
}
