//! Links, anchors, and the structure that all pages share.

use std::collections::{HashMap, HashSet};

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};

use super::{BuiltSite, PLATFORM, all, both, pages, text};
use crate::html::Html;

/// The target of a link, from the root of the site; the page itself if the link is only
/// an anchor.
fn target(page: &Utf8Path, link: &str) -> Utf8PathBuf {
    let mut target: Vec<&str> =
        page.parent().unwrap().components().map(|component| component.as_str()).collect();
    if link.is_empty() {
        return page.to_owned();
    }
    for part in Utf8Path::new(link).components() {
        match part {
            Utf8Component::ParentDir => drop(target.pop().expect("a link leads out of the site")),
            Utf8Component::Normal(name) => target.push(name),
            other => panic!("{page}: {link} is not relative: {other:?}"),
        }
    }
    target.join("/").into()
}

#[test]
fn links_and_labels_have_targets() {
    for BuiltSite { site, .. } in both() {
        let pages: Vec<_> = pages(site).collect();
        let mut anchors: HashMap<&Utf8Path, HashSet<String>> = HashMap::new();
        for (path, page) in &pages {
            let mut ids = HashSet::new();
            for element in all(page, "[id]") {
                let id = element.id().unwrap().to_owned();
                assert!(!id.contains(char::is_whitespace) && !id.is_empty(), "{path}: {id:?}");
                assert!(ids.insert(id.clone()), "{path} has {id} twice");
            }
            anchors.insert(path, ids);
        }
        let mut links = 0;
        for (path, page) in &pages {
            for element in all(page, "[href], [src]") {
                let link = element.attribute("href").or(element.attribute("src")).unwrap();
                let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
                let target = target(path, file);
                assert!(site.files.contains_key(&target), "{path}: {link} leads nowhere");
                if !anchor.is_empty() {
                    let known = &anchors[target.as_path()];
                    assert!(known.contains(anchor), "{path}: {target} has no {anchor}");
                }
                links += 1;
            }
            for element in all(page, "[aria-labelledby], label[for]") {
                let id = element.attribute("aria-labelledby").or(element.attribute("for")).unwrap();
                assert!(anchors[*path].contains(id), "{path}: nothing is called {id}");
            }
        }
        assert!(links > 500);
    }
}

#[test]
fn every_page_is_well_formed() {
    for (path, page) in pages(&PLATFORM.site) {
        assert!(page.errors.is_empty(), "{path}: {:?}", page.errors);
        let one = |selector: &str| assert_eq!(all(&page, selector).len(), 1, "{path}: {selector}");
        one("html[lang=en]");
        one("h1");
        one("main#main");
        one("body > a.skip[href='#main']");
        one("title");
        one("meta[name=description][content]");
        one("meta[name=viewport]");
        let policy = all(&page, "meta[http-equiv=Content-Security-Policy]");
        let policy = policy[0].attribute("content").unwrap();
        assert!(policy.starts_with("default-src 'none'; ") && !policy.contains("unsafe"), "{policy}");
        assert_eq!(
            all(&page, "style, [style], script:not([src]), iframe, object, form, base").len(),
            0,
            "{path}"
        );
        assert_eq!(all(&page, "th:not([scope])").len(), 0, "{path}: a table head without a scope");
        assert_eq!(all(&page, "script").len(), 2, "{path}");
        check_headings(path, &page);
        for element in page.elements() {
            assert!(
                !element.attributes().any(|(name, _)| name.starts_with("on")),
                "{path}: {}",
                element.name()
            );
        }
    }
}

/// Checks that no level of headings is skipped.
fn check_headings(path: &Utf8Path, page: &Html) {
    let mut level = 0;
    for heading in all(page, "main h1, main h2, main h3, main h4") {
        let found = heading.name()[1..].parse::<u32>().unwrap();
        assert!(found <= level + 1, "{path}: an h{found} below an h{level}");
        level = found;
    }
}

#[test]
fn every_page_has_json_and_markdown() {
    let site = &PLATFORM.site;
    let is_page = |path: &&camino::Utf8PathBuf| path.extension() == Some("html");
    let pages = site.files.keys().filter(is_page).filter(|key| *key != "404.html" && *key != "search.html");
    for path in pages {
        let json = text(site, path.with_extension("json").as_str());
        serde_json::from_str::<serde_json::Value>(json).unwrap_or_else(|error| panic!("{path}: {error}"));
        let markdown = text(site, path.with_extension("md").as_str());
        assert!(markdown.starts_with("# "), "{path}: {markdown:.40}");
    }
    for path in [
        "changes.xml",
        "sitemap.xml",
        "llms.txt",
        "404.html",
        "assets/site.css",
        "assets/site.js",
        "assets/search.js",
    ] {
        assert!(!text(site, path).is_empty());
    }
}

#[test]
fn markdown_links_have_targets() {
    use pulldown_cmark::{Event, Parser, Tag};
    let site = &PLATFORM.site;
    for path in site.files.keys().filter(|key| key.extension() == Some("md") || *key == "llms.txt") {
        for event in Parser::new(text(site, path.as_str())) {
            if let Event::Start(Tag::Link { dest_url, .. }) = event {
                let (file, _) = dest_url.split_once('#').unwrap_or((&dest_url, ""));
                assert!(site.files.contains_key(&target(path, file)), "{path}: {dest_url} leads nowhere");
            }
        }
    }
}

#[test]
fn base_url_gives_canonical_links() {
    let options = zstack_reference::site::Options {
        base_url: Some("https://example.org/api/"),
        older_releases: true,
        dashboard: None,
    };
    let site = zstack_reference::site::build(&PLATFORM.model, options).unwrap();
    let canonical = |path: &str| {
        let page = super::page(&site, path);
        all(&page, "link[rel=canonical]")[0].attribute("href").unwrap().to_owned()
    };
    let current = "https://example.org/api/operations/AttachIsoToVmInstance.html";
    assert_eq!(canonical("operations/AttachIsoToVmInstance.html"), current);
    assert_eq!(canonical("operations/AttachIsoToVmInstance@0.6.html"), current);
    assert!(text(&site, "sitemap.xml").contains(&format!("<loc>{current}</loc>")));
    assert!(text(&site, "changes.xml").contains("href=\"https://example.org/api/releases/3.3.0.html\""));
}
