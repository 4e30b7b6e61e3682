//! The sites of the committed spec, of a spec with removals, and of a hostile one.

mod complete;
mod hostile;
mod links;
mod releases;
mod script;
mod sizes;
mod writing;

use std::sync::LazyLock;

use camino::Utf8Path;
use zstack_model::Model;
use zstack_model::load::load;
use zstack_reference::site::{Options, Site, build};

use crate::html::{Element, Html, Selector};
use crate::sample;

/// The spec in a folder of the repository.
fn spec(path: &str) -> Model {
    let dir = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    load(&dir).unwrap_or_else(|problems| panic!("{problems}"))
}

/// A model and its site.
struct BuiltSite {
    model: Model,
    site: Site,
}

impl BuiltSite {
    fn of(model: Model) -> Self {
        let site = build(&model, Options::default()).unwrap();
        Self { model, site }
    }
}

/// The committed spec: the operations that tests name, and some of the others.
static PLATFORM: LazyLock<BuiltSite> =
    LazyLock::new(|| BuiltSite::of(sample::part_of(spec("spec"), 20, &sample::NAMED)));

/// A spec with removed elements.
static REMOVALS: LazyLock<BuiltSite> = LazyLock::new(|| BuiltSite::of(spec("model/tests/slice/spec")));

fn both() -> [&'static BuiltSite; 2] {
    [&PLATFORM, &REMOVALS]
}

fn text<'a>(site: &'a Site, path: &str) -> &'a str {
    let bytes = site.files.get(Utf8Path::new(path)).unwrap_or_else(|| panic!("there is no {path}"));
    std::str::from_utf8(bytes).unwrap()
}

/// All pages, parsed, with their paths.
fn pages(site: &Site) -> impl Iterator<Item = (&Utf8Path, Html)> {
    let pages = site.files.keys().filter(|key| key.extension() == Some("html"));
    pages.map(|page| (page.as_path(), Html::parse(text(site, page.as_str()))))
}

fn page(site: &Site, path: &str) -> Html {
    Html::parse(text(site, path))
}

fn all<'a>(page: &'a Html, selector: &str) -> Vec<Element<'a>> {
    Selector::parse(selector).select(page)
}

/// The visible text, with single spaces.
fn words(page: &Html) -> String {
    normalize_spaces(page.text())
}

fn normalize_spaces(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
