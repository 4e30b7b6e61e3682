//! Writing a site to a folder.

use std::fs;

use camino::{Utf8Path, Utf8PathBuf};
use tempfile::TempDir;
use zstack_reference::site::write::{LIST, WriteError, WriteSummary, write};
use zstack_reference::site::{Files as _, LazySite, Options, Site, build};

use super::{BuiltSite, both};

fn folder() -> (TempDir, Utf8PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = Utf8Path::from_path(folder.path()).unwrap().join("site");
    (folder, path)
}

fn site(files: &[(&str, &str)]) -> Site {
    let files = files.iter().map(|(path, text)| (Utf8PathBuf::from(*path), text.as_bytes().to_vec()));
    Site { files: files.collect() }
}

fn summary(changed: usize, unchanged: usize, removed: usize) -> WriteSummary {
    WriteSummary { changed, unchanged, removed }
}

#[test]
fn up_to_date_files_are_not_written() {
    let (_keep, path) = folder();
    let site = site(&[("index.html", "a"), ("operations/Get.html", "b")]);
    assert_eq!(write(&path, &site).unwrap(), summary(2, 0, 0));
    let modified = |file: &str| fs::metadata(path.join(file)).unwrap().modified().unwrap();
    let before = [modified("index.html"), modified(LIST)];
    assert_eq!(write(&path, &site).unwrap(), summary(0, 2, 0));
    assert_eq!([modified("index.html"), modified(LIST)], before);
}

/// A site that is rendered while it is written has the same files, and knows their paths before.
#[test]
fn lazy_sites_equal_built_ones() {
    for BuiltSite { model, site } in both() {
        let (_keep, path) = folder();
        let lazy = LazySite::new(model, Options::default());
        assert_eq!(lazy.paths(), site.paths());
        assert_eq!(write(&path, &lazy).unwrap(), summary(site.files.len(), 0, 0));
        assert_eq!(write(&path, site).unwrap(), summary(0, site.files.len(), 0));
        let current = Options { older_releases: false, ..Options::default() };
        let paths = LazySite::new(model, current).paths();
        assert_eq!(paths, build(model, current).unwrap().paths());
    }
}

#[test]
fn only_stale_pages_are_removed() {
    let (_keep, path) = folder();
    write(&path, &site(&[("a.html", "a"), ("operations/b.html", "b")])).unwrap();
    fs::write(path.join("CNAME"), "example.org").unwrap();
    assert_eq!(write(&path, &site(&[("a.html", "other")])).unwrap(), summary(1, 0, 1));
    assert_eq!(fs::read_to_string(path.join("a.html")).unwrap(), "other");
    assert!(!path.join("operations").exists());
    assert_eq!(fs::read_to_string(path.join("CNAME")).unwrap(), "example.org");
}

#[test]
fn other_files_are_not_overwritten() {
    let (_keep, path) = folder();
    fs::create_dir_all(&path).unwrap();
    fs::write(path.join("index.html"), "mine").unwrap();
    let error = write(&path, &site(&[("index.html", "a"), ("b.html", "b")])).unwrap_err();
    assert!(matches!(&error, WriteError::Foreign { files, .. } if *files == ["index.html"]), "{error}");
    assert!(error.to_string().contains("  index.html\n"), "{error}");
    assert!(!path.join("b.html").exists() && !path.join(LIST).exists());
    // Files with the same bytes are accepted.
    assert_eq!(write(&path, &site(&[("index.html", "mine")])).unwrap(), summary(0, 1, 0));
}

#[test]
fn next_run_finishes_a_killed_run() {
    let (_keep, path) = folder();
    write(&path, &site(&[("a.html", "a")])).unwrap();
    // The killed run wrote the list and half of a file.
    fs::write(path.join(LIST), "a.html\nb.html\nc.html\n").unwrap();
    fs::write(path.join("b.html"), "ha").unwrap();
    assert_eq!(write(&path, &site(&[("a.html", "a"), ("b.html", "half")])).unwrap(), summary(1, 1, 1));
    assert_eq!(fs::read_to_string(path.join("b.html")).unwrap(), "half");
}

#[test]
fn listed_paths_outside_the_folder_are_ignored() {
    let (keep, path) = folder();
    let other = Utf8Path::from_path(keep.path()).unwrap().join("other.html");
    fs::write(&other, "mine").unwrap();
    fs::create_dir_all(&path).unwrap();
    fs::write(path.join(LIST), format!("../other.html\n{other}\n")).unwrap();
    write(&path, &site(&[("a.html", "a")])).unwrap();
    assert!(other.exists());
}

/// The folder of pages, a page and the list can be links.
#[cfg(unix)]
#[test]
fn symbolic_links_are_not_followed() {
    use std::os::unix::fs::symlink;

    let (_elsewhere, other) = folder();
    fs::create_dir_all(&other).unwrap();
    fs::write(other.join("kept.html"), "kept").unwrap();
    for link in ["operations", "index.html", LIST] {
        let (_keep, path) = folder();
        fs::create_dir_all(&path).unwrap();
        if link != LIST {
            // A listed page below the link.
            fs::write(path.join(LIST), "operations/kept.html\n").unwrap();
        }
        symlink(&other, path.join(link)).unwrap();
        let error = write(&path, &site(&[("index.html", "a"), ("operations/b.html", "b")])).unwrap_err();
        assert!(matches!(&error, WriteError::Links { links, .. } if *links == [link]), "{error}");
        assert_eq!(fs::read_to_string(other.join("kept.html")).unwrap(), "kept");
        assert!(!other.join("b.html").exists());
    }
}
