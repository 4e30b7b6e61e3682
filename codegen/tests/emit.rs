//! Emitting the real spec.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test is to fail there")]

use camino::{Utf8Path, Utf8PathBuf};
use zstack_codegen::emit::{GeneratedFile, emit};
use zstack_codegen::load::load;

const SPEC: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../spec");

fn emitted(spec: &Utf8Path) -> Option<Vec<GeneratedFile>> {
    load(spec).ok().map(|model| emit(&model))
}

fn copy(from: &Utf8Path, to: &Utf8Path, files: &mut Vec<Utf8PathBuf>) {
    fs_err::create_dir_all(to).unwrap();
    for entry in from.read_dir_utf8().unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(entry.path(), &to, files);
        } else {
            fs_err::copy(entry.path(), &to).unwrap();
            files.extend(to.as_str().ends_with(".yaml").then_some(to));
        }
    }
}

#[test]
fn the_same_spec_gives_the_same_bytes() {
    let spec = Utf8Path::new(SPEC);
    assert_eq!(emitted(spec).unwrap(), emitted(spec).unwrap());
}

/// A release that somebody wrote into the spec shows in what is generated, or
/// breaks a rule; whichever it is.
#[test]
fn no_release_changes_unseen() {
    let dir = tempfile::tempdir().unwrap();
    let root = Utf8Path::from_path(dir.path()).unwrap().join("spec");
    let mut files = Vec::new();
    copy(Utf8Path::new(SPEC), &root, &mut files);
    let before = emitted(&root).unwrap();
    let mut edits = 0;
    for file in files {
        let text = fs_err::read_to_string(&file).unwrap();
        for (at, found) in text.match_indices("since: \"") {
            let rest = &text[at + found.len()..];
            let end = rest.find('"').unwrap();
            let other = if &rest[..end] == "3.4.0" { "3.5.0" } else { "3.4.0" };
            fs_err::write(&file, format!("{}{found}{other}{}", &text[..at], &rest[end..])).unwrap();
            assert_ne!(emitted(&root).as_ref(), Some(&before), "{file}, byte {at}");
            edits += 1;
        }
        fs_err::write(&file, text).unwrap();
    }
    assert!(edits > 150, "{edits} edits");
    assert_eq!(emitted(&root), Some(before));
}
