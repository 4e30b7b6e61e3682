//! What all pages have around them.

use zstack_model::{Model, ReleaseState};

use crate::site::Options;
use crate::site::text::Name;
use crate::site::views::{Contents, Life};

/// What is the same on all pages.
#[derive(Debug)]
pub(crate) struct Frame<'a> {
    pub(crate) title: &'a str,
    pub(crate) categories: Vec<Entry<'a>>,
    /// The newest release that is out.
    pub(crate) newest: Option<&'a str>,
    /// Where the site is, with a slash at its end.
    pub(crate) base_url: Option<&'a str>,
    /// The address of the dashboard of the node that serves the site.
    pub(crate) dashboard: Option<&'a str>,
}

/// A category in the list beside the page.
#[derive(Debug)]
pub(crate) struct Entry<'a> {
    pub(crate) name: &'a str,
    pub(crate) title: &'a str,
    pub(crate) operations: Vec<(Name<'a>, Life<'a>)>,
}

impl<'a> Frame<'a> {
    pub(crate) fn new(model: &'a Model, options: Options<'a>) -> Self {
        let operations = |category: &'a str| {
            let operations = model.operations_of(category);
            operations
                .map(|operation| (Name(&operation.name), Life::of(&operation.since, &operation.retirement)))
                .collect()
        };
        let releases = model.service.releases.iter().rev();
        let mut out = releases
            .filter(|release| release.state == ReleaseState::Released && !release.version.is_unknown());
        Self {
            title: &model.service.title,
            categories: model
                .categories
                .iter()
                .map(|category| Entry {
                    name: &category.name,
                    title: &category.title,
                    operations: operations(&category.name),
                })
                .collect(),
            newest: out.next().map(|it| it.version.text.as_str()),
            base_url: options.base_url,
            dashboard: options.dashboard,
        }
    }
}

/// What a page has around it.
#[derive(Debug)]
pub(crate) struct Head<'a> {
    pub(crate) frame: &'a Frame<'a>,
    /// What leads from the page to the root of the site: `../`.
    pub(crate) root: &'static str,
    pub(crate) title: String,
    /// What a search engine shows below the title.
    pub(crate) description: String,
    /// The page from the root of the site, without a suffix; none of a page
    /// without siblings.
    pub(crate) page: Option<String>,
    /// The page that says the same of today, where this one is of the past.
    pub(crate) is_old: bool,
    pub(crate) contents: Vec<Contents>,
    /// The category and the operation that it is about.
    pub(crate) category: Option<&'a str>,
    pub(crate) operation: Option<&'a str>,
}

impl<'a> Head<'a> {
    /// Of a page that is about no category.
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

    /// The address that counts, where it is known.
    pub(crate) fn canonical(&self) -> Option<String> {
        let page = self.page.as_ref()?;
        // What a page was in the past is found from the page of today.
        let page = page.split_once('@').map_or(page.as_str(), |(today, _)| today);
        Some(format!("{}{page}.html", self.frame.base_url?))
    }
}
