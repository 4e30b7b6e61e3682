//! The pages of a release are its slice.

use std::collections::{BTreeSet, HashMap};

use scraper::Html;
use zstack_model::{Model, Operation, Version};
use zstack_reference::site::Site;

use super::{Made, PAST, PLATFORM, all, both, page, spec, text, words};

/// The rows whose anchors begin so, by name.
fn rows(page: &Html, prefix: &str, is_there: impl Fn(&scraper::node::Element) -> bool) -> BTreeSet<String> {
    let rows = all(page, &format!("tr[id^='{prefix}']")).into_iter().map(|it| it.value());
    let names = rows.filter(|row| is_there(row)).filter_map(|row| row.id()?.strip_prefix(prefix));
    names.filter(|name| !name.contains('.')).map(str::to_owned).collect()
}

/// The page of an operation that the list of a release names.
fn linked(list: &Html, operation: &str) -> Option<String> {
    let prefix = format!("../../operations/{operation}");
    let links = all(list, "main a[href]").into_iter().filter_map(|it| it.value().attr("href"));
    let mut links = links.filter(|it| it.strip_prefix(&prefix).is_some_and(|it| it.starts_with(['.', '@'])));
    links.next().map(|link| link.trim_start_matches("../").to_owned())
}

/// The operations of a release.
fn list(site: &Site, version: &Version) -> Html {
    page(site, &format!("releases/{version}/index.html"))
}

fn releases(model: &Model) -> impl Iterator<Item = &Version> {
    model.service.releases.iter().map(|release| &release.version)
}

fn names(operation: &Operation) -> [BTreeSet<String>; 2] {
    let parameters = operation.parameters.iter().map(|parameter| parameter.field.name.clone());
    [parameters.collect(), operation.response.iter().map(|response| response.name.clone()).collect()]
}

#[test]
fn a_page_of_the_past_is_what_the_release_had() {
    for Made { model, site } in both() {
        let mut parsed = HashMap::new();
        for version in releases(model) {
            let slice = model.at(version);
            let list = list(site, version);
            for operation in &model.operations {
                let path = linked(&list, &operation.name);
                let Some(was) = slice.operations.iter().find(|it| it.name == operation.name) else {
                    assert_eq!(path, None, "{version} had no {}", operation.name);
                    continue;
                };
                let path = path.unwrap_or_else(|| panic!("{version} had {}", operation.name));
                let html = parsed.entry(path.clone()).or_insert_with(|| page(site, &path));
                let is_today = !path.contains('@');
                // The page of today has tombstones, which say so.
                let is_there = |it: &scraper::node::Element| !(is_today && is_gone(it, version));
                let [parameters, response] = names(was);
                assert_eq!(rows(html, "param-", is_there), parameters, "{version}: {path}");
                let mut found = rows(html, "response-", is_there);
                for it in &slice.service.envelope {
                    found.remove(&it.name);
                }
                assert_eq!(found, response, "{version}: {path}");
                assert!(words(html).contains(&was.path));
            }
        }
    }
}

fn version(text: Option<&str>) -> Option<Version> {
    text.map(|text| text.parse().unwrap())
}

fn is_gone(it: &scraper::node::Element, at: &Version) -> bool {
    version(it.attr("data-removed")).is_some_and(|version| version <= *at)
}

/// What a script leaves as it is, which chooses a release on the page of today.
#[test]
fn attributes_tell_what_a_release_had() {
    for Made { model, site } in both() {
        let slices: Vec<_> =
            releases(model).filter(|release| !release.is_unknown()).map(|at| (at, model.at(at))).collect();
        let is_there = |it: &scraper::node::Element, at: &Version| {
            version(it.attr("data-since")).is_none_or(|version| version <= *at) && !is_gone(it, at)
        };
        for operation in &model.operations {
            let html = page(site, &format!("operations/{}.html", operation.name));
            for (at, slice) in &slices {
                let Some(was) = slice.operations.iter().find(|it| it.name == operation.name) else {
                    continue;
                };
                let found = rows(&html, "param-", |it| is_there(it, at));
                assert_eq!(found, names(was)[0], "{at}: {}", was.name);
            }
        }
        for ty in &model.types {
            let html = page(site, &format!("types/{}.html", ty.name));
            for (at, slice) in &slices {
                let Some(was) = slice.data_type(&ty.name) else { continue };
                let fields = slice.fields(was).into_iter().map(|field| field.name.clone()).collect();
                assert_eq!(rows(&html, "field-", |it| is_there(it, at)), fields, "{at}: {}", ty.name);
            }
        }
    }
}

/// What is left of a page when a release is chosen, all that has an anchor, is
/// what the page would be if the spec had ended with that release.
#[test]
fn a_chosen_release_leaves_its_slice() {
    // The last one has removals.
    let removals = Made::of(spec("review/tests/spec"));
    for Made { model, site } in [&*PLATFORM, &*PAST, &removals] {
        let path = |it: &Operation| format!("operations/{}.html", it.name);
        let pages: Vec<_> =
            model.operations.iter().map(|operation| (operation, article(site, &path(operation)))).collect();
        let pages: Vec<_> = pages.iter().map(|(it, text)| (*it, Html::parse_fragment(text))).collect();
        // Most pages are the same in most releases.
        let mut known: HashMap<String, Html> = HashMap::new();
        for at in releases(model).filter(|release| !release.is_unknown()) {
            let slice = model.at(at);
            let options = zstack_reference::site::Options { past: false, ..Default::default() };
            let of_slice = zstack_reference::site::build(&slice, options).unwrap();
            for (operation, page) in &pages {
                let was = slice.operations.iter().any(|it| it.name == operation.name);
                let expected = if was {
                    let text = article(&of_slice, &path(operation)).to_owned();
                    left(known.entry(text).or_insert_with_key(|entry| Html::parse_fragment(entry)), at)
                } else {
                    BTreeSet::new()
                };
                assert_eq!(left(page, at), expected, "{at}: {}", operation.name);
            }
        }
    }
}

/// The part of a page that is about its operation, and about nothing else.
fn article<'a>(site: &'a Site, path: &str) -> &'a str {
    let page = text(site, path);
    &page[page.find("<article").unwrap()..page.find("</article>").unwrap()]
}

/// The anchors of what stands as it is, by the rule of the script, and the paths.
fn left(page: &Html, at: &Version) -> BTreeSet<String> {
    let is_there = |it: &scraper::node::Element| {
        version(it.attr("data-since")).is_none_or(|version| version <= *at) && !is_gone(it, at)
    };
    let stands = |it: &scraper::ElementRef<'_>| {
        let outside = it.ancestors().filter_map(|ancestor| ancestor.value().as_element());
        outside.chain([it.value()]).all(is_there)
    };
    let rows = "tr[id^=param-], tr[id^=response-], tr[id^=query-], tr[id^=tag-]";
    let parts = all(page, &format!("{rows}, article li[id], .example h3[id]"));
    let parts: Vec<_> = parts.into_iter().filter(stands).collect();
    let ids = parts.iter().filter_map(|part| part.value().id()).map(str::to_owned);
    let paths = all(page, ".endpoint p").into_iter().filter(stands);
    let path =
        |it: scraper::ElementRef<'_>| it.text().collect::<String>().rsplit(' ').next().unwrap().to_owned();
    ids.chain(paths.map(path)).collect()
}

#[test]
fn a_release_says_what_it_changed() {
    let site = &PLATFORM.site;
    let release = words(&page(site, "releases/3.3.0.html"));
    for it in [
        "operation CreateVmCdRom",
        "field vmCdRoms of VmInstanceInventory",
        "system tag cdromUuid::{cdromUuid}",
    ] {
        assert!(release.contains(it), "{release}");
    }
    let history = words(&page(site, "operations/AttachIsoToVmInstance.html"));
    assert!(history.contains("3.3.0 new system tag cdromUuid::{cdromUuid}"), "{history}");
    // What came later is no history of the past.
    let was = words(&page(site, "operations/AttachIsoToVmInstance@0.6.html"));
    assert!(was.contains("As release 0.6 had it") && !was.contains("cdromUuid::{cdromUuid}"), "{was}");
}

#[test]
fn without_the_past_there_is_one_page_of_each() {
    let model = &PLATFORM.model;
    let options = zstack_reference::site::Options { past: false, ..Default::default() };
    let site = zstack_reference::site::build(model, options).unwrap();
    assert!(site.files.keys().all(|key| !key.as_str().contains('@')));
    let first = model
        .service
        .releases
        .iter()
        .map(|release| &release.version)
        .find(|version| !version.is_unknown())
        .unwrap();
    let name = "AttachIsoToVmInstance";
    assert_eq!(linked(&list(&site, first), name), Some(format!("operations/{name}.html")));
}
