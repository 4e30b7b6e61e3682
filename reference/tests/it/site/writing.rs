//! Files on disk: only what differs is written, and only what is ours is
//! removed.

use std::fs;

use camino::{Utf8Path, Utf8PathBuf};
use tempfile::TempDir;
use zstack_reference::site::Site;
use zstack_reference::site::write::{LIST, WriteError, Written, write};

fn folder() -> (TempDir, Utf8PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = Utf8Path::from_path(folder.path()).unwrap().join("site");
    (folder, path)
}

fn site(files: &[(&str, &str)]) -> Site {
    let files = files.iter().map(|(path, text)| (Utf8PathBuf::from(*path), text.as_bytes().to_vec()));
    Site { files: files.collect() }
}

fn written(changed: usize, unchanged: usize, removed: usize) -> Written {
    Written { changed, unchanged, removed }
}

#[test]
fn what_is_as_it_should_be_is_not_touched() {
    let (_keep, path) = folder();
    let site = site(&[("index.html", "a"), ("operations/Get.html", "b")]);
    assert_eq!(write(&path, &site).unwrap(), written(2, 0, 0));
    let modified = |file: &str| fs::metadata(path.join(file)).unwrap().modified().unwrap();
    let before = [modified("index.html"), modified(LIST)];
    assert_eq!(write(&path, &site).unwrap(), written(0, 2, 0));
    assert_eq!([modified("index.html"), modified(LIST)], before);
}

#[test]
fn what_is_no_page_any_more_goes_and_nothing_else() {
    let (_keep, path) = folder();
    write(&path, &site(&[("a.html", "a"), ("operations/b.html", "b")])).unwrap();
    fs::write(path.join("CNAME"), "example.org").unwrap();
    assert_eq!(write(&path, &site(&[("a.html", "other")])).unwrap(), written(1, 0, 1));
    assert_eq!(fs::read_to_string(path.join("a.html")).unwrap(), "other");
    assert!(!path.join("operations").exists());
    assert_eq!(fs::read_to_string(path.join("CNAME")).unwrap(), "example.org");
}

#[test]
fn what_is_not_ours_is_not_overwritten() {
    let (_keep, path) = folder();
    fs::create_dir_all(&path).unwrap();
    fs::write(path.join("index.html"), "mine").unwrap();
    let error = write(&path, &site(&[("index.html", "a"), ("b.html", "b")])).unwrap_err();
    assert!(matches!(&error, WriteError::Foreign { files, .. } if *files == ["index.html"]), "{error}");
    assert!(error.to_string().contains("  index.html\n"), "{error}");
    assert!(!path.join("b.html").exists() && !path.join(LIST).exists());
    // The same bytes are in nobody's way.
    assert_eq!(write(&path, &site(&[("index.html", "mine")])).unwrap(), written(0, 1, 0));
}

#[test]
fn a_run_that_was_killed_is_finished_by_the_next() {
    let (_keep, path) = folder();
    write(&path, &site(&[("a.html", "a")])).unwrap();
    // It had said what it would write, and had written half of a file.
    fs::write(path.join(LIST), "a.html\nb.html\nc.html\n").unwrap();
    fs::write(path.join("b.html"), "ha").unwrap();
    assert_eq!(write(&path, &site(&[("a.html", "a"), ("b.html", "half")])).unwrap(), written(1, 1, 1));
    assert_eq!(fs::read_to_string(path.join("b.html")).unwrap(), "half");
}

#[test]
fn a_list_leads_nowhere_else() {
    let (keep, path) = folder();
    let other = Utf8Path::from_path(keep.path()).unwrap().join("other.html");
    fs::write(&other, "mine").unwrap();
    fs::create_dir_all(&path).unwrap();
    fs::write(path.join(LIST), format!("../other.html\n{other}\n")).unwrap();
    write(&path, &site(&[("a.html", "a")])).unwrap();
    assert!(other.exists());
}

/// A folder of pages, a page or the list that is a link leads elsewhere.
#[cfg(unix)]
#[test]
fn nothing_is_written_or_removed_through_a_link() {
    use std::os::unix::fs::symlink;

    let (_elsewhere, other) = folder();
    fs::create_dir_all(&other).unwrap();
    fs::write(other.join("kept.html"), "kept").unwrap();
    for link in ["operations", "index.html", LIST] {
        let (_keep, path) = folder();
        fs::create_dir_all(&path).unwrap();
        if link != LIST {
            // Something that was a page, and is below the link now.
            fs::write(path.join(LIST), "operations/kept.html\n").unwrap();
        }
        symlink(&other, path.join(link)).unwrap();
        let error = write(&path, &site(&[("index.html", "a"), ("operations/b.html", "b")])).unwrap_err();
        assert!(matches!(&error, WriteError::Links { links, .. } if *links == [link]), "{error}");
        assert_eq!(fs::read_to_string(other.join("kept.html")).unwrap(), "kept");
        assert!(!other.join("b.html").exists());
    }
}
