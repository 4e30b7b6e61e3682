//! Pages of releases match the slices of the model.

use std::collections::{BTreeSet, HashMap};

use zstack_model::{Model, Operation, Version};
use zstack_reference::site::Site;

use super::{BuiltSite, PLATFORM, REMOVALS, all, both, page, spec, text, words};
use crate::html::{Element, Html};
use crate::sample;

/// The names of rows whose anchors begin with a prefix.
fn rows(page: &Html, prefix: &str, is_present: impl Fn(Element<'_>) -> bool) -> BTreeSet<String> {
    let rows = all(page, &format!("tr[id^='{prefix}']"));
    let names =
        rows.into_iter().filter(|row| is_present(*row)).filter_map(|row| row.id()?.strip_prefix(prefix));
    names.filter(|name| !name.contains('.')).map(str::to_owned).collect()
}

/// The page of an operation that the list of a release links to.
fn linked_page(list: &Html, operation: &str) -> Option<String> {
    let prefix = format!("../../operations/{operation}");
    let links = all(list, "main a[href]").into_iter().filter_map(|link| link.attribute("href"));
    let mut links =
        links.filter(|link| link.strip_prefix(&prefix).is_some_and(|rest| rest.starts_with(['.', '@'])));
    links.next().map(|link| link.trim_start_matches("../").to_owned())
}

/// The operations of a release.
fn list(site: &Site, version: &Version) -> Html {
    page(site, &format!("releases/{version}/index.html"))
}

/// A sample of the releases.
fn releases(model: &Model) -> Vec<Version> {
    sample::releases(model, 15)
}

fn names(operation: &Operation) -> [BTreeSet<String>; 2] {
    let parameters = operation.parameters.iter().map(|parameter| parameter.field.name.clone());
    [parameters.collect(), operation.response.iter().map(|response| response.name.clone()).collect()]
}

#[test]
fn pages_of_releases_have_the_elements_of_the_slice() {
    for BuiltSite { model, site } in both() {
        let mut parsed = HashMap::new();
        for version in &releases(model) {
            let slice = model.at(version);
            let list = list(site, version);
            for operation in &model.operations {
                let path = linked_page(&list, &operation.name);
                let Some(older) = slice.operations.iter().find(|other| other.name == operation.name) else {
                    assert_eq!(path, None, "{version} had no {}", operation.name);
                    continue;
                };
                let path = path.unwrap_or_else(|| panic!("{version} had {}", operation.name));
                let html = parsed.entry(path.clone()).or_insert_with(|| page(site, &path));
                let is_current = !path.contains('@');
                // The current page also has removed elements.
                let is_present = |row: Element<'_>| !(is_current && is_removed(row, version));
                let [parameters, response] = names(older);
                assert_eq!(rows(html, "param-", is_present), parameters, "{version}: {path}");
                let mut found = rows(html, "response-", is_present);
                for field in &slice.service.envelope {
                    found.remove(&field.name);
                }
                assert_eq!(found, response, "{version}: {path}");
                assert!(words(html).contains(&older.path));
            }
        }
    }
}

fn version(text: Option<&str>) -> Option<Version> {
    text.map(|text| text.parse().unwrap())
}

/// Returns whether a release has an element, by the rule of the script.
fn is_present(element: Element<'_>, at: &Version) -> bool {
    version(element.attribute("data-since")).is_none_or(|version| version <= *at) && !is_removed(element, at)
}

fn is_removed(element: Element<'_>, at: &Version) -> bool {
    version(element.attribute("data-removed")).is_some_and(|version| version <= *at)
}

/// Scripts read the attributes to show a release on the current page.
#[test]
fn attributes_name_the_releases_of_elements() {
    for BuiltSite { model, site } in both() {
        let releases = releases(model);
        let known = releases.iter().filter(|release| !release.is_unknown());
        let slices: Vec<_> = known.map(|at| (at, model.at(at))).collect();
        for operation in &model.operations {
            let html = page(site, &format!("operations/{}.html", operation.name));
            for (at, slice) in &slices {
                let Some(older) = slice.operations.iter().find(|other| other.name == operation.name) else {
                    continue;
                };
                let found = rows(&html, "param-", |row| is_present(row, at));
                assert_eq!(found, names(older)[0], "{at}: {}", older.name);
            }
        }
        for ty in &model.types {
            let html = page(site, &format!("types/{}.html", ty.name));
            for (at, slice) in &slices {
                let Some(older) = slice.data_type(&ty.name) else { continue };
                let fields = slice.fields(older).into_iter().map(|field| field.name.clone()).collect();
                assert_eq!(rows(&html, "field-", |row| is_present(row, at)), fields, "{at}: {}", ty.name);
            }
        }
    }
}

/// The elements that remain on a page when a release is chosen are those of a site that
/// is built from the slice.
#[test]
fn a_chosen_release_shows_the_elements_of_its_slice() {
    let removals = BuiltSite::of(spec("review/tests/spec"));
    for BuiltSite { model, site } in [&*PLATFORM, &*REMOVALS, &removals] {
        let path = |operation: &Operation| format!("operations/{}.html", operation.name);
        let pages: Vec<_> =
            model.operations.iter().map(|operation| (operation, article(site, &path(operation)))).collect();
        let pages: Vec<_> = pages.iter().map(|(operation, text)| (*operation, Html::parse(text))).collect();
        // Most pages are the same in most releases.
        let mut known: HashMap<String, Html> = HashMap::new();
        // Each takes a site.
        for at in sample::releases(model, 7).iter().filter(|release| !release.is_unknown()) {
            let slice = model.at(at);
            let options = zstack_reference::site::Options { older_releases: false, ..Default::default() };
            let of_slice = zstack_reference::site::build(&slice, options).unwrap();
            for (operation, page) in &pages {
                let exists = slice.operations.iter().any(|other| other.name == operation.name);
                let expected = if exists {
                    let text = article(&of_slice, &path(operation)).to_owned();
                    present_ids(known.entry(text).or_insert_with_key(|entry| Html::parse(entry)), at)
                } else {
                    BTreeSet::new()
                };
                assert_eq!(present_ids(page, at), expected, "{at}: {}", operation.name);
            }
        }
    }
}

/// The article of a page.
fn article<'a>(site: &'a Site, path: &str) -> &'a str {
    let page = text(site, path);
    &page[page.find("<article").unwrap()..page.find("</article>").unwrap()]
}

/// The anchors and paths of the elements that the script shows for a release.
fn present_ids(page: &Html, at: &Version) -> BTreeSet<String> {
    let is_shown =
        |element: &Element<'_>| element.ancestors().chain([*element]).all(|element| is_present(element, at));
    let rows = "tr[id^=param-], tr[id^=response-], tr[id^=query-], tr[id^=tag-]";
    // A slice without written examples has a generated one.
    let parts = all(page, &format!("{rows}, article li[id], .example:not(.generated) h3[id]"));
    let parts: Vec<_> = parts.into_iter().filter(is_shown).collect();
    let ids = parts.iter().filter_map(|part| part.id()).map(str::to_owned);
    let paths = all(page, ".endpoint p").into_iter().filter(is_shown);
    let path = |element: Element<'_>| element.text().rsplit(' ').next().unwrap().to_owned();
    ids.chain(paths.map(path)).collect()
}

#[test]
fn release_pages_list_their_changes() {
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
    // Pages of older releases have no later changes.
    let older = words(&page(site, "operations/AttachIsoToVmInstance@0.6.html"));
    assert!(older.contains("As of release 0.6") && !older.contains("cdromUuid::{cdromUuid}"), "{older}");
}

#[test]
fn without_older_releases_each_operation_has_one_page() {
    let model = &PLATFORM.model;
    let options = zstack_reference::site::Options { older_releases: false, ..Default::default() };
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
    assert_eq!(linked_page(&list(&site, first), name), Some(format!("operations/{name}.html")));
}
