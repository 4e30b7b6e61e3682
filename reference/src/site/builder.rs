//! All files of a site.

use std::collections::BTreeMap;

use askama::Template;
use camino::Utf8PathBuf;
use rayon::prelude::*;
use serde::Serialize;
use zstack_model::Model;

use crate::site::frame::{Frame, Head};
use crate::site::history::Step;
use crate::site::past::{Page, Past};
use crate::site::text::{Prose, visible};
use crate::site::uses::Uses;
use crate::site::views::{CategoryView, OperationView, ReleaseView, TypeView, codes, log};
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

/// Pages that are no place to begin.
const NOT_MAPPED: [&str; 2] = ["404.html", "search.html"];

type File = (Utf8PathBuf, Vec<u8>);

/// What all pages are made of.
pub(crate) struct Builder<'a> {
    model: &'a Model,
    options: Options<'a>,
    steps: &'a [Step<'a>],
    frame: Frame<'a>,
    past: Past<'a>,
    uses: Uses<'a>,
}

impl<'a> Builder<'a> {
    pub(crate) fn new(model: &'a Model, options: Options<'a>, steps: &'a [Step<'a>]) -> Self {
        Self {
            model,
            options,
            steps,
            frame: Frame::new(model, options),
            past: Past::new(model, steps, options.past),
            uses: Uses::new(model),
        }
    }

    pub(crate) fn files(&self) -> Result<BTreeMap<Utf8PathBuf, Vec<u8>>, BuildError> {
        let operations = self.model.operations.par_iter().map(|it| self.operation(it));
        let mut files: Vec<File> = operations.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
        files.extend(self.types()?);
        files.extend(self.categories()?);
        files.extend(self.releases()?);
        let conventions =
            conventions::markdown(self.model).map_err(|markdown| failed("conventions", markdown))?;
        files.push(file(
            "assets/search.js",
            search::script(self.model, &conventions)
                .map_err(|script| unwritten("assets/search.js", script))?,
        ));
        files.extend(self.rest(conventions)?);
        files.extend(self.sitemap(&files)?);
        files.extend(ASSETS.map(|(path, text)| (path.into(), text.as_bytes().to_vec())));
        files.push(file("assets/site.js", script::bundle(self.model)));
        Ok(files.into_iter().collect())
    }

    /// The pages of an operation: of today, and of the releases that it was
    /// another in.
    fn operation(&self, it: &'a zstack_model::Operation) -> Result<Vec<File>, BuildError> {
        let today = format!("{}/{}", crate::site::views::OPERATIONS, it.name);
        let releases = self.past.pages(&it.name);
        let changes = self.past.changes(&it.name);
        let mut view =
            OperationView::new(self.model, it, None, log::of_operation(self.steps, changes, &it.name));
        view.tell_when_examples_hold(self.steps);
        let mut files = self.operation_page(&view, &today, None)?;
        for page in releases.iter().filter(|release| release.path != today) {
            let step = &self.steps[page.shown];
            let Some(was) = step.model.operation(&it.name) else { continue };
            let until = changes.partition_point(|change| *change < page.to);
            let history = log::of_operation(self.steps, &changes[..until], &it.name);
            let view = OperationView::new(&step.model, was, Some(&step.release.version), history);
            files.extend(self.operation_page(&view, &page.path, Some(page))?);
        }
        Ok(files)
    }

    fn operation_page(
        &self,
        view: &OperationView<'a>,
        path: &str,
        page: Option<&Page>,
    ) -> Result<Vec<File>, BuildError> {
        let mut head = Head::new(&self.frame, path, view.name.0);
        if let Some(as_of) = view.as_of {
            head.title = format!("{} of {as_of}", view.name.0);
        }
        head.description = view.in_short();
        head.contents = view.contents();
        head.category = Some(view.category);
        head.operation = Some(view.name.0);
        head.is_old = page.is_some();
        let last = page.map(|page| &self.steps[page.to - 1]).map(Step::version);
        let pages = self.past.pages(view.name.0).iter().filter(|page| page.path != path);
        let name = |it: &Page| it.path.rsplit('/').next().unwrap_or_default().to_owned();
        let releases: Vec<_> = pages.map(|page| (self.steps[page.shown].version(), name(page))).collect();
        let permalink = match self.options.base_url {
            Some(base) => format!("{base}{path}.html"),
            None => format!("{}.html", path.rsplit('/').next().unwrap_or_default()),
        };
        let html = pages::Operation {
            head,
            it: view,
            permalink: &permalink,
            until: last.filter(|it| Some(*it) != view.as_of),
            releases: &releases,
        };
        page_files(path, &html, &pages::OperationMd { it: view }, view)
    }

    fn types(&self) -> Result<Vec<File>, BuildError> {
        let view = |it: &'a zstack_model::DataType| {
            TypeView::new(self.model, it, &self.uses, log::of_type(self.steps, &it.name))
        };
        let views: Vec<_> = self.model.types.par_iter().map(view).collect();
        let page = |it: &TypeView<'_>| {
            let path = format!("types/{}", it.name.0);
            let mut head = Head::new(&self.frame, &path, it.name.0);
            head.description = it.summary.as_str().to_owned();
            head.contents = it.contents();
            page_files(&path, &pages::DataType { head, it }, &pages::DataTypeMd { it }, it)
        };
        let mut files: Vec<_> =
            views.par_iter().map(page).collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
        let head = Head::new(&self.frame, "types/index", "Types");
        let names: Vec<_> = views.iter().map(|view| view.name).collect();
        let html = pages::Types { head, types: &views };
        files.extend(page_files("types/index", &html, &pages::TypesMd { types: &views }, &names)?);
        Ok(files)
    }

    /// The categories of today.
    fn category_views(&self) -> Vec<CategoryView<'a>> {
        let page = |name: &str| format!("{}/{name}", crate::site::views::OPERATIONS);
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
        let views = ReleaseView::all(self.steps);
        let page = |(nth, it): (usize, &ReleaseView<'_>)| {
            let path = format!("releases/{}", it.version);
            let mut head = Head::new(&self.frame, &path, format!("Release {}", it.version));
            head.description = format!("Release {}: {}.", it.version, it.in_short());
            let mut files = page_files(&path, &pages::Release { head, it }, &pages::ReleaseMd { it }, it)?;
            let model = &self.steps[nth].model;
            let list = |it| CategoryView::new(model, it, |name| self.past.page(name, nth));
            let categories: Vec<_> = model.categories.iter().map(list).collect();
            files.extend(self.operation_list(&format!("{path}/index"), Some(it.version), &categories)?);
            Ok(files)
        };
        let pages = views.par_iter().enumerate().map(page).collect::<Result<Vec<_>, BuildError>>()?;
        let mut files: Vec<_> = pages.into_iter().flatten().collect();
        let newest: Vec<_> = views.iter().rev().collect();
        let mut head = Head::new(&self.frame, "releases/index", "Releases");
        head.description = "What each release has, and what it changed.".to_owned();
        let html = pages::Releases { head, releases: &newest };
        files.extend(page_files("releases/index", &html, &pages::ReleasesMd { releases: &newest }, &newest)?);
        let changes = feed::changes(self.frame.title, self.options.base_url, &views);
        files.push(file("changes.xml", changes.map_err(|change| failed("changes.xml", change))?));
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
        files.push(file("llms.txt", llms.render().map_err(|it| failed("llms.txt", it))?));
        Ok(files)
    }

    /// Errors, conventions (`text` in Markdown), and the pages for searches and
    /// for addresses that do not exist.
    fn rest(&self, text: String) -> Result<Vec<File>, BuildError> {
        let codes = codes(self.model);
        let mut head = Head::new(&self.frame, "errors", "Errors");
        head.description = "The codes that operations are known to answer with, and when.".to_owned();
        let html = pages::Errors { head, codes: &codes };
        let mut files = page_files("errors", &html, &pages::ErrorsMd { codes: &codes }, &codes)?;

        let mut head = Head::new(&self.frame, "conventions", "Conventions");
        head.description = "Authentication, jobs, queries, tags, dates, errors, releases.".to_owned();
        head.contents = conventions::SECTIONS.into();
        let html = conventions::Page { head, text: conventions::html(&text) };
        files.push(file("conventions.html", html.render().map_err(|it| failed("conventions", it))?));
        files.push(file("conventions.json", json(&serde_json::json!({ "markdown": text }), "conventions")?));
        files.push(file("conventions.md", text));

        let mut head = Head::new(&self.frame, "404", "There is no such page");
        head.page = None;
        let html = pages::NotFound { head };
        files.push(file("404.html", html.render().map_err(|it| failed("404", it))?));

        let mut head = Head::new(&self.frame, "search", "Search");
        head.page = None;
        let html = pages::Search { head };
        files.push(file("search.html", html.render().map_err(|it| failed("search", it))?));
        Ok(files)
    }

    fn sitemap(&self, files: &[File]) -> Result<Vec<File>, BuildError> {
        let pages = files.iter().map(|(path, _)| path.as_str());
        let mut pages: Vec<_> = pages
            .filter(|page| page.ends_with(".html") && !page.contains('@') && !NOT_MAPPED.contains(page))
            .collect();
        pages.sort_unstable();
        let map =
            feed::sitemap(self.options.base_url, &pages).map_err(|sitemap| failed("sitemap.xml", sitemap))?;
        Ok(vec![file("sitemap.xml", map)])
    }
}

/// A page for people and for programs.
fn page_files(
    path: &str,
    html: &impl Template,
    md: &impl Template,
    view: &impl Serialize,
) -> Result<Vec<File>, BuildError> {
    Ok(vec![
        file(&format!("{path}.html"), html.render().map_err(|it| failed(path, it))?),
        file(&format!("{path}.md"), md.render().map_err(|it| failed(path, it))?),
        file(&format!("{path}.json"), json(view, path)?),
    ])
}

fn json(view: &impl Serialize, path: &str) -> Result<String, BuildError> {
    let text = serde_json::to_string(view);
    Ok(text.map_err(|text| unwritten(path, text))? + "\n")
}

fn unwritten(page: &str, cause: serde_json::Error) -> BuildError {
    failed(page, askama::Error::Custom(Box::new(cause)))
}

fn file(path: &str, text: String) -> File {
    (path.into(), visible(text).into_bytes())
}

fn failed(page: &str, cause: askama::Error) -> BuildError {
    BuildError { page: page.to_owned(), cause }
}
