//! Tests of the writing of generated files.

use camino::{Utf8Path, Utf8PathBuf};
use zstack_codegen::emit::{GeneratedFile, MARKER};
use zstack_codegen::write::{WriteError, apply, plan};

const FOLDERS: &[&str] = &["crate/src"];

struct Tree(tempfile::TempDir);

impl Tree {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn root(&self) -> &Utf8Path {
        Utf8Path::from_path(self.0.path()).unwrap()
    }

    fn put(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        fs_err::write(path, text).unwrap();
    }

    fn get(&self, path: &str) -> String {
        fs_err::read_to_string(self.root().join(path)).unwrap()
    }

    fn write(&self, files: &[(&str, &str)]) -> (usize, usize, usize) {
        let plan = plan(self.root(), generated_files(files), FOLDERS).unwrap();
        apply(self.root(), &plan).unwrap();
        (plan.stale.len(), plan.orphans.len(), plan.unchanged)
    }

    fn files(&self) -> Vec<String> {
        fn walk(dir: &Utf8Path, root: &Utf8Path, found: &mut Vec<String>) {
            for entry in dir.read_dir_utf8().unwrap() {
                let entry = entry.unwrap();
                if entry.file_type().unwrap().is_dir() {
                    walk(entry.path(), root, found);
                } else {
                    found.push(entry.path().strip_prefix(root).unwrap().to_string());
                }
            }
        }
        let mut found = Vec::new();
        walk(self.root(), self.root(), &mut found);
        found.sort();
        found
    }
}

fn add_mark(text: &str) -> String {
    format!("// {MARKER}.\n{text}\n")
}

fn generated_files(files: &[(&str, &str)]) -> Vec<GeneratedFile> {
    let mut files: Vec<_> = files
        .iter()
        .map(|(path, text)| GeneratedFile { path: Utf8PathBuf::from(path), text: add_mark(text) })
        .collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

#[test]
fn a_second_run_changes_nothing() {
    let tree = Tree::new();
    let files = [("crate/src/lib.rs", "mod a;"), ("crate/src/a/b.rs", "// b")];
    assert_eq!(tree.write(&files), (2, 0, 0));
    let time = |path: &str| fs_err::metadata(tree.root().join(path)).unwrap().modified().unwrap();
    let before = files.map(|(path, _)| time(path));
    assert_eq!(tree.write(&files), (0, 0, 2));
    assert_eq!(files.map(|(path, _)| time(path)), before);
}

/// A checkout may have CRLF line endings; written files have LF.
#[test]
fn ignores_line_endings() {
    let tree = Tree::new();
    tree.write(&[("crate/src/a.rs", "1\n2\n"), ("crate/src/b.rs", "1\n2\n")]);
    let crlf = tree.get("crate/src/a.rs").replace('\n', "\r\n");
    tree.put("crate/src/a.rs", &crlf);
    tree.put("crate/src/b.rs", &crlf);
    assert_eq!(tree.write(&[("crate/src/a.rs", "1\n2\n"), ("crate/src/b.rs", "1\n3\n")]), (1, 0, 1));
    assert_eq!(tree.get("crate/src/a.rs"), crlf, "equal files are not written");
    assert_eq!(tree.get("crate/src/b.rs"), add_mark("1\n3\n"));
    // A carriage return that does not end a line is a difference.
    tree.put("crate/src/a.rs", &format!("{}\r", add_mark("1\n2\n")));
    assert_eq!(tree.write(&[("crate/src/a.rs", "1\n2\n"), ("crate/src/b.rs", "1\n3\n")]), (1, 0, 1));
}

#[test]
fn writes_only_changed_files() {
    let tree = Tree::new();
    tree.write(&[("crate/src/a.rs", "1"), ("crate/src/b.rs", "1")]);
    assert_eq!(tree.write(&[("crate/src/a.rs", "1"), ("crate/src/b.rs", "2")]), (1, 0, 1));
    assert_eq!(tree.get("crate/src/b.rs"), add_mark("2"));
    assert_eq!(tree.files(), ["crate/src/a.rs", "crate/src/b.rs"], "no temporary file is left");
}

#[test]
fn removes_obsolete_files_and_empty_folders() {
    let tree = Tree::new();
    tree.write(&[("crate/src/lib.rs", ""), ("crate/src/old/deep/a.rs", "")]);
    tree.put("crate/src/by_hand.rs", "// mine");
    tree.put("crate/Cargo.toml", &add_mark("[package]"));
    assert_eq!(tree.write(&[("crate/src/lib.rs", "")]), (0, 1, 1));
    assert_eq!(tree.files(), ["crate/Cargo.toml", "crate/src/by_hand.rs", "crate/src/lib.rs"]);
    assert!(!tree.root().join("crate/src/old").exists());
}

#[test]
fn never_overwrites_foreign_files() {
    let tree = Tree::new();
    tree.put("crate/src/a.rs", "// mine");
    tree.put("crate/src/c.rs", "");
    let files = generated_files(&[("crate/src/a.rs", "1"), ("crate/src/b.rs", "1"), ("crate/src/c.rs", "1")]);
    let error = plan(tree.root(), files, FOLDERS).unwrap_err();
    let WriteError::Foreign { files: paths, .. } = &error else { panic!("{error}") };
    assert_eq!(paths, &["crate/src/a.rs", "crate/src/c.rs"]);
    assert!(error.to_string().contains("  crate/src/a.rs\n"), "{error}");
    assert_eq!(tree.files(), ["crate/src/a.rs", "crate/src/c.rs"]);
    assert_eq!(tree.get("crate/src/a.rs"), "// mine");
}

#[test]
fn removes_temporary_files_of_an_interrupted_run() {
    let tree = Tree::new();
    tree.write(&[("crate/src/lib.rs", "")]);
    tree.put("crate/src/.regen-empty", "");
    assert_eq!(tree.write(&[("crate/src/lib.rs", "")]), (0, 1, 1));
    assert_eq!(tree.files(), ["crate/src/lib.rs"]);
}

#[test]
fn ignores_a_marker_far_down() {
    let tree = Tree::new();
    let quoting = format!("{}\n{}", "// about the generator".repeat(20), add_mark(""));
    tree.put("crate/src/about.rs", &quoting);
    assert_eq!(tree.write(&[("crate/src/lib.rs", "")]), (1, 0, 0));
    assert_eq!(tree.get("crate/src/about.rs"), quoting);
}

#[cfg(unix)]
#[test]
fn files_are_readable_for_all_and_keep_their_mode() {
    use std::os::unix::fs::PermissionsExt as _;

    let tree = Tree::new();
    tree.write(&[("crate/src/lib.rs", "1")]);
    let path = tree.root().join("crate/src/lib.rs");
    let mode = || fs_err::metadata(&path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(), 0o644);
    fs_err::set_permissions(&path, std::fs::Permissions::from_mode(0o664)).unwrap();
    tree.write(&[("crate/src/lib.rs", "2")]);
    assert_eq!(mode(), 0o664);
}

#[cfg(unix)]
#[test]
fn rejects_links_and_names_all_of_them() {
    use std::os::unix::fs::symlink;

    let (tree, elsewhere) = (Tree::new(), Tree::new());
    elsewhere.put("a.rs", &add_mark("old"));
    fs_err::create_dir_all(tree.root().join("crate/src")).unwrap();
    symlink(elsewhere.root(), tree.root().join("crate/src/out")).unwrap();
    symlink(elsewhere.root().join("a.rs"), tree.root().join("crate/src/file.rs")).unwrap();
    symlink("circle", tree.root().join("crate/src/circle")).unwrap();
    let files = [
        "crate/src/lib.rs",
        "crate/src/out/a.rs",
        "crate/src/out/deep/b.rs",
        "crate/src/file.rs",
        "crate/src/circle/c.rs",
    ];
    let error = plan(tree.root(), generated_files(&files.map(|file| (file, "new"))), FOLDERS).unwrap_err();
    let WriteError::Links { links, .. } = &error else { panic!("{error}") };
    assert_eq!(links, &["crate/src/circle", "crate/src/file.rs", "crate/src/out"]);
    assert!(
        error.to_string().contains("`cargo xtask regen` does not write through these symbolic links"),
        "{error}"
    );
    assert_eq!(elsewhere.files(), ["a.rs"]);
    assert_eq!(elsewhere.get("a.rs"), add_mark("old"));

    // The folder itself may be a link.
    let link = Tree::new();
    symlink(elsewhere.root(), link.root().join("out")).unwrap();
    assert!(plan(&link.root().join("out"), generated_files(&[("b.rs", "1")]), &[]).is_ok());
}
