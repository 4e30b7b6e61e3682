//! The header, navigation and footer of pages.

use zstack_model::{Category, Model, ReleaseState, Version};

use crate::site::Options;
use crate::site::text::Name;
use crate::site::views::{Lifecycle, PageSection};

/// The content that is the same around all pages.
#[derive(Debug)]
pub(crate) struct Frame<'a> {
    pub(crate) title: &'a str,
    pub(crate) categories: Vec<CategoryLink<'a>>,
    /// The newest released version.
    pub(crate) newest: Option<Version>,
    /// The URL of the site, with a slash at its end.
    pub(crate) base_url: Option<&'a str>,
    /// The path of the dashboard, if a node serves the site.
    pub(crate) dashboard: Option<&'a str>,
}

/// A category in the navigation.
#[derive(Debug)]
pub(crate) struct CategoryLink<'a> {
    pub(crate) name: &'a str,
    pub(crate) title: &'a str,
    pub(crate) operations: Vec<(Name<'a>, Lifecycle<'a>)>,
}

impl<'a> Frame<'a> {
    pub(crate) fn new(model: &'a Model, options: Options<'a>) -> Self {
        let link = |category: &'a Category| {
            let operations = model.operations_of(&category.name);
            let operations = operations.map(|operation| {
                (Name(&operation.name), Lifecycle::of(&operation.since, &operation.retirement))
            });
            CategoryLink { name: &category.name, title: &category.title, operations: operations.collect() }
        };
        let releases = model.service.releases.iter().rev();
        let mut released = releases
            .filter(|release| release.state == ReleaseState::Released && !release.version.is_unknown());
        Self {
            title: &model.service.title,
            categories: model.categories.iter().map(link).collect(),
            newest: released.next().map(|release| release.version),
            base_url: options.base_url,
            dashboard: options.dashboard,
        }
    }
}

/// The metadata of a page, and the content around it.
#[derive(Debug)]
pub(crate) struct Head<'a> {
    pub(crate) frame: &'a Frame<'a>,
    /// The relative path to the root of the site, such as `../`.
    pub(crate) root: &'static str,
    pub(crate) title: String,
    /// The description for search engines.
    pub(crate) description: String,
    /// The path from the root of the site, without a suffix; `None` if the page has no
    /// `.md` and `.json`.
    pub(crate) page: Option<String>,
    /// True if the page describes an older release.
    pub(crate) is_old: bool,
    pub(crate) contents: Vec<PageSection>,
    /// The category and the operation of the page.
    pub(crate) category: Option<&'a str>,
    pub(crate) operation: Option<&'a str>,
}

impl<'a> Head<'a> {
    /// Returns the head of a page without a category.
    pub(crate) fn new(frame: &'a Frame<'a>, page: impl Into<String>, title: impl Into<String>) -> Self {
        let page = page.into();
        let root = match page.matches('/').count() {
            0 => "",
            1 => "../",
            _ => "../../",
        };
        let title = title.into();
        Self {
            frame,
            root,
            description: title.clone(),
            title,
            page: Some(page),
            is_old: false,
            contents: Vec::new(),
            category: None,
            operation: None,
        }
    }

    /// The canonical URL, if the site has a base URL.
    pub(crate) fn canonical(&self) -> Option<String> {
        let page = self.page.as_ref()?;
        // Pages of older releases refer to the current page.
        let page = page.split_once('@').map_or(page.as_str(), |(current, _)| current);
        Some(format!("{}{page}.html", self.frame.base_url?))
    }
}
