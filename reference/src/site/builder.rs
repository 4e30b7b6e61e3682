//! Renders all files of a site.

use std::collections::BTreeMap;

use askama::Template;
use camino::Utf8PathBuf;
use rayon::prelude::*;
use serde::Serialize;
use zstack_model::Model;

use crate::site::frame::{Frame, Head};
use crate::site::page_versions::{OperationPages, PageVersion};
use crate::site::snapshots::Snapshot;
use crate::site::text::{Prose, visible};
use crate::site::usage::UsageIndex;
use crate::site::views::{CategoryView, OPERATIONS, OperationView, ReleaseView, TypeView, changes, codes};
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

/// Pages that are not in the sitemap.
const UNLISTED: [&str; 2] = ["404.html", "search.html"];

type File = (Utf8PathBuf, Vec<u8>);

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

    pub(crate) fn files(&self) -> Result<BTreeMap<Utf8PathBuf, Vec<u8>>, BuildError> {
        let operations = self.model.operations.par_iter().map(|operation| self.operation(operation));
        let mut files: Vec<File> = operations.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
        files.extend(self.types()?);
        files.extend(self.categories()?);
        files.extend(self.releases()?);
        let conventions =
            conventions::markdown(self.model).map_err(|error| build_error("conventions", error))?;
        let search = search::script(self.model, &conventions);
        files.push(file("assets/search.js", search.map_err(|error| json_error("assets/search.js", error))?));
        files.extend(self.other_pages(conventions)?);
        files.push(self.sitemap(&files)?);
        files.extend(ASSETS.map(|(path, text)| (path.into(), text.as_bytes().to_vec())));
        files.push(file("assets/site.js", script::bundle(self.model)));
        Ok(files.into_iter().collect())
    }

    /// The current page of an operation, and its pages of older releases.
    fn operation(&self, operation: &'a zstack_model::Operation) -> Result<Vec<File>, BuildError> {
        let current_path = format!("{OPERATIONS}/{}", operation.name);
        let changes = self.operation_pages.changes(&operation.name);
        let history = changes::of_operation(self.snapshots, changes, &operation.name);
        let mut view = OperationView::new(self.model, operation, None, history);
        view.add_example_lifecycles(self.snapshots);
        let mut files = self.operation_page(&view, &current_path, None)?;
        let pages = self.operation_pages.pages(&operation.name);
        for page in pages.iter().filter(|page| page.path != current_path) {
            let snapshot = &self.snapshots[page.shown];
            let Some(older) = snapshot.model.operation(&operation.name) else { continue };
            let until = changes.partition_point(|change| *change < page.end);
            let history = changes::of_operation(self.snapshots, &changes[..until], &operation.name);
            let version = Some(&snapshot.release.version);
            let view = OperationView::new(&snapshot.model, older, version, history);
            files.extend(self.operation_page(&view, &page.path, Some(page))?);
        }
        Ok(files)
    }

    fn operation_page(
        &self,
        view: &OperationView<'a>,
        path: &str,
        page: Option<&PageVersion>,
    ) -> Result<Vec<File>, BuildError> {
        let mut head = Head::new(&self.frame, path, view.name.0);
        if let Some(as_of) = view.as_of {
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
            until: last.filter(|version| Some(*version) != view.as_of),
            releases: &releases,
        };
        page_files(path, &html, view, view)
    }

    fn types(&self) -> Result<Vec<File>, BuildError> {
        let view = |ty: &'a zstack_model::DataType| {
            TypeView::new(self.model, ty, &self.usage, changes::of_type(self.snapshots, &ty.name))
        };
        let views: Vec<_> = self.model.types.par_iter().map(view).collect();
        let page = |ty: &TypeView<'_>| {
            let path = format!("types/{}", ty.name.0);
            let mut head = Head::new(&self.frame, &path, ty.name.0);
            head.description = ty.summary.as_str().to_owned();
            head.contents = ty.contents();
            page_files(&path, &pages::DataType { head, it: ty }, ty, ty)
        };
        let mut files: Vec<_> =
            views.par_iter().map(page).collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
        let head = Head::new(&self.frame, "types/index", "Types");
        let names: Vec<_> = views.iter().map(|view| view.name).collect();
        let html = pages::Types { head, types: &views };
        files.extend(page_files("types/index", &html, &pages::TypesMd { types: &views }, &names)?);
        Ok(files)
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

    fn releases(&self) -> Result<Vec<File>, BuildError> {
        let views = ReleaseView::all(self.snapshots);
        let page = |(index, release): (usize, &ReleaseView<'_>)| {
            let path = format!("releases/{}", release.version);
            let mut head = Head::new(&self.frame, &path, format!("Release {}", release.version));
            head.description = format!("Release {}: {}.", release.version, release.summary_line());
            let mut files = page_files(&path, &pages::Release { head, it: release }, release, release)?;
            let model = &self.snapshots[index].model;
            let page = |name: &str| self.operation_pages.path(name, index);
            let category = |category| CategoryView::new(model, category, page);
            let categories: Vec<_> = model.categories.iter().map(category).collect();
            files.extend(self.operation_list(
                &format!("{path}/index"),
                Some(release.version),
                &categories,
            )?);
            Ok(files)
        };
        let pages = views.par_iter().enumerate().map(page).collect::<Result<Vec<_>, BuildError>>()?;
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

    fn sitemap(&self, files: &[File]) -> Result<File, BuildError> {
        let pages = files.iter().map(|(path, _)| path.as_str());
        let mut pages: Vec<_> = pages
            .filter(|page| page.ends_with(".html") && !page.contains('@') && !UNLISTED.contains(page))
            .collect();
        pages.sort_unstable();
        let map = feed::sitemap(self.options.base_url, &pages);
        Ok(file("sitemap.xml", map.map_err(|error| build_error("sitemap.xml", error))?))
    }
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
