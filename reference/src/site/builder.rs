//! Renders all files of a site.

use std::collections::{BTreeSet, HashMap};

use askama::Template;
use camino::Utf8PathBuf;
use rayon::prelude::*;
use serde::Serialize;
use zstack_model::{Model, Operation};

use crate::site::frame::{Frame, Head};
use crate::site::page_versions::{OperationPages, PageVersion};
use crate::site::snapshots::Snapshot;
use crate::site::text::{Prose, visible};
use crate::site::usage::UsageIndex;
use crate::site::views::{
    CategoryView, OPERATIONS, OperationView, ReleaseView, TypeRow, TypeView, changes, codes,
};
use crate::site::{BuildError, Options, conventions, feed, pages, script, search};

/// The files that are the same on every site.
const ASSETS: [(&str, &str); 3] = [
    (
        "assets/site.css",
        concat!(include_str!("../../assets/site.css"), include_str!("../../assets/script.css")),
    ),
    ("assets/theme.js", include_str!("../../assets/theme.js")),
    ("assets/icon.svg", include_str!("../../assets/icon.svg")),
];

/// A file: its path in the folder of the site, and its contents.
pub(crate) type File = (Utf8PathBuf, Vec<u8>);

/// The data of all pages.
pub(crate) struct Builder<'a> {
    model: &'a Model,
    options: Options<'a>,
    snapshots: &'a [Snapshot<'a>],
    frame: Frame<'a>,
    operation_pages: OperationPages<'a>,
    usage: UsageIndex<'a>,
}

impl<'a> Builder<'a> {
    pub(crate) fn new(model: &'a Model, options: Options<'a>, snapshots: &'a [Snapshot<'a>]) -> Self {
        Self {
            model,
            options,
            snapshots,
            frame: Frame::new(model, options),
            operation_pages: OperationPages::new(model, snapshots, options.older_releases),
            usage: UsageIndex::new(model),
        }
    }

    /// Renders all files, and passes each to `add`. The order depends on the threads.
    ///
    /// A release is sliced from the model when its pages are rendered, so that few slices use memory at any time.
    pub(crate) fn render<E>(&self, add: impl Fn(File) -> Result<(), E> + Sync) -> Result<(), E>
    where
        E: From<BuildError> + Send,
    {
        let add_all = |files: Vec<File>| files.into_iter().try_for_each(&add);
        let operations = self.model.operations.par_iter();
        operations.try_for_each(|operation| add_all(self.operation(operation)?))?;
        (0..self.snapshots.len()).into_par_iter().try_for_each(|release| {
            let slice = self.model.at(&self.snapshots[release].release.version);
            add_all(self.release_operations(release, &slice)?)?;
            self.older_pages(release, &slice, add_all)
        })?;
        self.model.types.par_iter().try_for_each(|ty| add_all(self.data_type(ty)?))?;
        add_all(self.types()?)?;
        add_all(self.categories()?)?;
        add_all(self.releases()?)?;
        let conventions =
            conventions::markdown(self.model).map_err(|error| build_error("conventions", error))?;
        let search = search::script(self.model, &conventions);
        add(file("assets/search.js", search.map_err(|error| json_error("assets/search.js", error))?))?;
        add_all(self.other_pages(conventions)?)?;
        add(self.sitemap()?)?;
        ASSETS.into_iter().try_for_each(|(path, text)| add((path.into(), text.as_bytes().to_vec())))?;
        add(file("assets/site.js", script::bundle(self.model)))
    }

    /// The paths of all files, without rendering them.
    pub(crate) fn paths(&self) -> BTreeSet<Utf8PathBuf> {
        let formats = |page: String| ["html", "md", "json"].map(|format| format!("{page}.{format}").into());
        let single = ["404.html", "search.html", "changes.xml", "sitemap.xml", "llms.txt"];
        let assets = ASSETS.iter().map(|(path, _)| *path).chain(["assets/search.js", "assets/site.js"]);
        let single = single.into_iter().chain(assets).map(Utf8PathBuf::from);
        self.pages().flat_map(formats).chain(single).collect()
    }

    /// The paths of the pages that have all formats, without a suffix.
    fn pages(&self) -> impl Iterator<Item = String> {
        let operations = self.model.operations.iter().flat_map(|operation| {
            let current = current_path(operation);
            let older = self.operation_pages.pages(&operation.name).iter().map(|page| page.path.clone());
            older.filter(|path| *path != current).chain([current_path(operation)]).collect::<Vec<_>>()
        });
        let types = self.model.types.iter().map(|ty| format!("types/{}", ty.name));
        let categories = self.model.categories.iter().map(|category| format!("categories/{}", category.name));
        let releases = self.snapshots.iter().map(Snapshot::version);
        let releases =
            releases.flat_map(|version| [format!("releases/{version}"), format!("releases/{version}/index")]);
        let fixed = ["index", "operations/index", "types/index", "releases/index", "errors", "conventions"];
        operations.chain(types).chain(categories).chain(releases).chain(fixed.map(str::to_owned))
    }

    /// The current page of an operation.
    fn operation(&self, operation: &'a Operation) -> Result<Vec<File>, BuildError> {
        let changes = self.operation_pages.changes(&operation.name);
        let history = changes::of_operation(self.snapshots, changes, &operation.name);
        let mut view = OperationView::new(self.model, operation, None, history);
        view.add_example_lifecycles(self.snapshots);
        self.operation_page(&view, &current_path(operation), None)
    }

    /// The pages of operations that are named after a release, except current ones.
    fn older_pages<E: From<BuildError>>(
        &self,
        release: usize,
        slice: &Model,
        add_all: impl Fn(Vec<File>) -> Result<(), E>,
    ) -> Result<(), E> {
        let operations: HashMap<_, _> =
            slice.operations.iter().map(|operation| (&*operation.name, operation)).collect();
        for (name, page) in self.operation_pages.older(release) {
            let Some(older) = operations.get(name) else { continue };
            let changes = self.operation_pages.changes(name);
            let until = changes.partition_point(|change| *change < page.end);
            let history = changes::of_operation(self.snapshots, &changes[..until], name);
            let version = Some(&self.snapshots[release].release.version);
            let view = OperationView::new(slice, older, version, history);
            add_all(self.operation_page(&view, &page.path, Some(page))?)?;
        }
        Ok(())
    }

    fn operation_page(
        &self,
        view: &OperationView<'_>,
        path: &str,
        page: Option<&PageVersion>,
    ) -> Result<Vec<File>, BuildError> {
        let mut head = Head::new(&self.frame, path, view.name.0);
        if let Some(as_of) = &view.as_of {
            head.title = format!("{} in {as_of}", view.name.0);
        }
        head.description = view.summary_line();
        head.contents = view.contents();
        head.category = Some(view.category);
        head.operation = Some(view.name.0);
        head.is_old = page.is_some();
        let last = page.map(|page| self.snapshots[page.end - 1].version());
        let others = self.operation_pages.pages(view.name.0).iter().filter(|other| other.path != path);
        let file_name = |other: &PageVersion| other.path.rsplit('/').next().unwrap_or_default().to_owned();
        let releases: Vec<_> =
            others.map(|other| (self.snapshots[other.shown].version(), file_name(other))).collect();
        let permalink = match self.options.base_url {
            Some(base) => format!("{base}{path}.html"),
            None => format!("{}.html", path.rsplit('/').next().unwrap_or_default()),
        };
        let html = pages::Operation {
            head,
            it: view,
            permalink: &permalink,
            until: last.filter(|version| Some(*version) != view.as_of.as_deref()),
            releases: &releases,
        };
        page_files(path, &html, view, view)
    }

    fn data_type(&self, ty: &'a zstack_model::DataType) -> Result<Vec<File>, BuildError> {
        let view = TypeView::new(self.model, ty, &self.usage, changes::of_type(self.snapshots, &ty.name));
        let path = format!("types/{}", ty.name);
        let mut head = Head::new(&self.frame, &path, view.name.0);
        head.description = view.summary.as_str().to_owned();
        head.contents = view.contents();
        page_files(&path, &pages::DataType { head, it: &view }, &view, &view)
    }

    /// The list of data types.
    fn types(&self) -> Result<Vec<File>, BuildError> {
        let rows: Vec<_> = self.model.types.iter().map(TypeRow::new).collect();
        let head = Head::new(&self.frame, "types/index", "Types");
        let names: Vec<_> = rows.iter().map(|row| row.name).collect();
        let html = pages::Types { head, types: &rows };
        page_files("types/index", &html, &pages::TypesMd { types: &rows }, &names)
    }

    /// The categories with their current operations.
    fn category_views(&self) -> Vec<CategoryView<'a>> {
        let page = |name: &str| format!("{OPERATIONS}/{name}");
        self.model.categories.iter().map(|category| CategoryView::new(self.model, category, page)).collect()
    }

    fn categories(&self) -> Result<Vec<File>, BuildError> {
        let views = self.category_views();
        let mut files = Vec::new();
        for category in &views {
            let path = format!("categories/{}", category.name);
            let mut head = Head::new(&self.frame, &path, category.title);
            head.category = Some(category.name);
            if let Some(description) = category.description.first() {
                head.description = description.as_str().to_owned();
            }
            let root = head.root;
            let html = pages::Category { head, category };
            files.extend(page_files(&path, &html, &pages::CategoryMd { category, root }, category)?);
        }
        files.extend(self.operation_list("operations/index", None, &views)?);
        Ok(files)
    }

    fn operation_list(
        &self,
        path: &str,
        version: Option<&str>,
        categories: &[CategoryView<'_>],
    ) -> Result<Vec<File>, BuildError> {
        let title = version
            .map_or_else(|| "Operations".to_owned(), |version| format!("Operations of release {version}"));
        let head = Head::new(&self.frame, path, title);
        let total = categories.iter().map(|category| category.operations.len()).sum();
        let md = pages::OperationsMd { version, categories, root: head.root };
        page_files(path, &pages::Operations { head, version, total, categories }, &md, &categories)
    }

    /// The list of the operations of a release.
    fn release_operations(&self, release: usize, slice: &Model) -> Result<Vec<File>, BuildError> {
        let page = |name: &str| self.operation_pages.path(name, release);
        let categories = slice.categories.iter();
        let categories: Vec<_> =
            categories.map(|category| CategoryView::new(slice, category, page)).collect();
        let version = self.snapshots[release].version();
        self.operation_list(&format!("releases/{version}/index"), Some(version), &categories)
    }

    /// The changes of all releases, and the pages that list releases.
    fn releases(&self) -> Result<Vec<File>, BuildError> {
        let views = ReleaseView::all(self.snapshots);
        let page = |release: &ReleaseView<'_>| {
            let path = format!("releases/{}", release.version);
            let mut head = Head::new(&self.frame, &path, format!("Release {}", release.version));
            head.description = format!("Release {}: {}.", release.version, release.summary_line());
            page_files(&path, &pages::Release { head, it: release }, release, release)
        };
        let pages = views.par_iter().map(page).collect::<Result<Vec<_>, BuildError>>()?;
        let mut files: Vec<_> = pages.into_iter().flatten().collect();
        let newest: Vec<_> = views.iter().rev().collect();
        let mut head = Head::new(&self.frame, "releases/index", "Releases");
        head.description = "The operations of each release, and its changes.".to_owned();
        let html = pages::Releases { head, releases: &newest };
        files.extend(page_files("releases/index", &html, &pages::ReleasesMd { releases: &newest }, &newest)?);
        let changes = feed::changes(self.frame.title, self.options.base_url, &views);
        files.push(file("changes.xml", changes.map_err(|error| build_error("changes.xml", error))?));
        files.extend(self.index(&newest)?);
        Ok(files)
    }

    fn index(&self, releases: &[&ReleaseView<'_>]) -> Result<Vec<File>, BuildError> {
        let service = &self.model.service;
        let categories = self.category_views();
        let description: Vec<_> = service.description.as_deref().map(Prose::paragraphs).unwrap_or_default();
        let head = || {
            let mut head = Head::new(&self.frame, "index", "Reference");
            if let Some(first) = description.first() {
                head.description = first.as_str().to_owned();
            }
            head
        };
        let html = pages::Index {
            head: head(),
            description: &description,
            base_path: &service.base_path,
            operations: self.model.operations.len(),
            types: self.model.types.len(),
            categories: &categories,
            releases,
        };
        let (description, categories) = (&description[..], &categories[..]);
        let md = pages::IndexMd { head: &head(), description, categories };
        let json = serde_json::json!({
            "title": service.title,
            "basePath": service.base_path,
            "categories": self.model.categories.iter().map(|category| &category.name).collect::<Vec<_>>(),
        });
        let mut files = page_files("index", &html, &md, &json)?;
        let llms = pages::Llms { head: &head(), description, categories };
        files.push(render("llms.txt", &llms)?);
        Ok(files)
    }

    /// The pages of errors, conventions (`text` in Markdown) and search results, and the
    /// page for unknown addresses.
    fn other_pages(&self, text: String) -> Result<Vec<File>, BuildError> {
        let codes = codes(self.model);
        let mut head = Head::new(&self.frame, "errors", "Errors");
        head.description = "The error codes that operations are known to return, and when.".to_owned();
        let html = pages::Errors { head, codes: &codes };
        let mut files = page_files("errors", &html, &pages::ErrorsMd { codes: &codes }, &codes)?;

        let mut head = Head::new(&self.frame, "conventions", "Conventions");
        head.description = "Authentication, jobs, queries, tags, dates, errors, releases.".to_owned();
        head.contents = conventions::SECTIONS.into();
        let html = conventions::Page { head, text: conventions::html(&text) };
        files.push(render("conventions.html", &html)?);
        files.push(file("conventions.json", json(&serde_json::json!({ "markdown": text }), "conventions")?));
        files.push(file("conventions.md", text));

        let mut head = Head::new(&self.frame, "404", "Page not found");
        head.page = None;
        files.push(render("404.html", &pages::NotFound { head })?);

        let mut head = Head::new(&self.frame, "search", "Search");
        head.page = None;
        files.push(render("search.html", &pages::Search { head })?);
        Ok(files)
    }

    fn sitemap(&self) -> Result<File, BuildError> {
        let mut pages: Vec<_> =
            self.pages().filter(|page| !page.contains('@')).map(|page| format!("{page}.html")).collect();
        pages.sort_unstable();
        let map = feed::sitemap(self.options.base_url, &pages);
        Ok(file("sitemap.xml", map.map_err(|error| build_error("sitemap.xml", error))?))
    }
}

/// The path of the current page of an operation, without a suffix.
fn current_path(operation: &Operation) -> String {
    format!("{OPERATIONS}/{}", operation.name)
}

/// The HTML, Markdown and JSON files of a page.
fn page_files(
    path: &str,
    html: &impl Template,
    md: &impl Template,
    view: &impl Serialize,
) -> Result<Vec<File>, BuildError> {
    Ok(vec![
        render(&format!("{path}.html"), html)?,
        render(&format!("{path}.md"), md)?,
        file(&format!("{path}.json"), json(view, path)?),
    ])
}

fn render(path: &str, template: &impl Template) -> Result<File, BuildError> {
    Ok(file(path, template.render().map_err(|error| build_error(path, error))?))
}

fn json(view: &impl Serialize, path: &str) -> Result<String, BuildError> {
    let text = serde_json::to_string(view);
    Ok(text.map_err(|error| json_error(path, error))? + "\n")
}

fn file(path: &str, text: String) -> File {
    (path.into(), visible(text).into_bytes())
}

fn json_error(page: &str, cause: serde_json::Error) -> BuildError {
    build_error(page, askama::Error::Custom(Box::new(cause)))
}

fn build_error(page: &str, cause: askama::Error) -> BuildError {
    BuildError { page: page.to_owned(), cause }
}
