//! Links of the pages: each leads to a file of the repository, and each anchor to a heading.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::{ROOT, pages, path};

/// Links and anchors of a page.
#[derive(Default)]
struct Page {
    links: Vec<String>,
    anchors: BTreeSet<String>,
}

/// Reads the links and headings of a page.
fn read_page(name: &str) -> Page {
    let text = fs::read_to_string(path(name)).unwrap();
    let mut page = Page::default();
    let mut heading: Option<String> = None;
    for event in Parser::new_ext(&text, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                page.links.push(dest_url.into_string());
            }
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::Text(text) | Event::Code(text) => {
                heading.iter_mut().for_each(|title| title.push_str(&text));
            }
            Event::End(TagEnd::Heading(_)) => {
                page.anchors.extend(heading.take().map(|title| anchor(&title)));
            }
            _ => {}
        }
    }
    page
}

/// Returns the anchor that GitHub gives to a heading.
fn anchor(title: &str) -> String {
    let title = title.to_lowercase().replace(' ', "-");
    title.chars().filter(|char| char.is_alphanumeric() || "-_".contains(*char)).collect()
}

/// Resolves a relative link of a page to a path below the root.
fn resolve(page: &str, link: &str) -> PathBuf {
    let mut target = Path::new(page).parent().unwrap().to_owned();
    for component in Path::new(link).components() {
        match component {
            Component::ParentDir => drop(target.pop()),
            other => target.push(other),
        }
    }
    target
}

#[test]
fn every_link_leads_somewhere() {
    let pages: BTreeMap<_, _> = pages().into_iter().map(|name| (name.clone(), read_page(&name))).collect();
    let mut broken = Vec::new();
    for (name, page) in &pages {
        for link in page.links.iter().filter(|link| !link.starts_with("http")) {
            let (file, anchor) = match link.split_once('#') {
                Some((file, anchor)) => (file, Some(anchor)),
                None => (link.as_str(), None),
            };
            let target = if file.is_empty() { PathBuf::from(name) } else { resolve(name, file) };
            let has_anchor = |anchor: &str| {
                pages.get(target.to_str().unwrap()).is_some_and(|page| page.anchors.contains(anchor))
            };
            if !Path::new(ROOT).join(&target).exists() || !anchor.is_none_or(has_anchor) {
                broken.push(format!("{name}: {link}"));
            }
        }
    }
    assert_eq!(broken, Vec::<String>::new(), "these links lead nowhere");
}

/// Files that the steps of the pages create.
const CREATED: [&str; 3] = [
    "spec/operations/vm-setting/GetVmInstanceFirstBootDevice.yaml",
    "spec/operations/vm-instance/RenameVmCdRom.yaml",
    "spec/waivers.yaml",
];

/// Paths in code spans whose first folder is one of the repository.
#[test]
fn named_files_exist() {
    let mut missing = Vec::new();
    for name in pages() {
        let text = fs::read_to_string(path(&name)).unwrap();
        for event in Parser::new_ext(&text, Options::ENABLE_TABLES) {
            let Event::Code(code) = event else { continue };
            let folder = code.split_once('/').map_or("", |(folder, _)| folder);
            let is_path = code.chars().all(|char| char.is_ascii_alphanumeric() || "/._-".contains(char));
            let is_tracked = folder != "target" && !folder.is_empty() && Path::new(&path(folder)).is_dir();
            if is_path && is_tracked && !Path::new(&path(&code)).exists() {
                missing.push(format!("{name}: {code}"));
            }
        }
    }
    missing.retain(|found| !CREATED.iter().any(|file| found.ends_with(file)));
    assert_eq!(missing, Vec::<String>::new(), "these files do not exist");
}
