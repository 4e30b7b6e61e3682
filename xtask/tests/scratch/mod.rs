//! A copy of the committed spec, to be changed.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// Exit code, and what was written where.
pub(crate) fn run(arguments: &[&str], spec: &Path) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    let command = command.args(arguments).arg("--spec").arg(spec).current_dir(spec);
    let Output { status, stdout, stderr } = command.output().unwrap();
    (status.code().unwrap(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

/// The committed spec, in a folder.
pub(crate) fn copy_spec(to: &Path) {
    copy(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../spec")), to);
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// Writes other text into a file that has the one.
pub(crate) fn change(spec: &Path, file: &str, from: &str, to: &str) {
    let path = spec.join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{file} has no {from}");
    fs::write(path, text.replacen(from, to, 1)).unwrap();
}
